"""What became of a document, as plain text."""

from __future__ import annotations

from azure_imds import Report
from azure_imds._escaped import bounded
from azure_imds._native import json_object
from azure_imds.cli._text import rows

UNVERIFIED = "unverified content: nobody vouches for it"
"""The heading above the content of a refused document."""

_SHOWN = 1000


def as_text(report: Report, *, explain: bool) -> str:
    """The core's own text, with the claims, and the next step last."""
    text = str(report)
    next_step = ""
    if report.error is not None:
        text = text.removesuffix(f"\nnext step: {report.error.next_step}\n")
        next_step = f"\nnext step: {report.error.command_line_step}\n"
    for title, claims in sections(report, explain=explain):
        width = max((len(name) for name, value in claims if value), default=0)
        lines = "".join(f"  {name:<{width}}  {value}".rstrip() + "\n" for name, value in claims)
        text += f"\n{title}\n{lines}"
    return text + next_step


def sections(report: Report, *, explain: bool) -> list[tuple[str, list[tuple[str, str]]]]:
    """Titles and claims to show: those of a verified document, and of a refused one if an explanation is asked for."""
    if report.document is not None:
        return [("document", rows(json_object(report.document.content) or report.document.claims))]
    if explain and report.unverified:
        claims = json_object(report.unverified)
        return [(UNVERIFIED, [(bounded(report.unverified, _SHOWN), "")] if claims is None else rows(claims))]
    return []
