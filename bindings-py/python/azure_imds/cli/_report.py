"""What became of a document, as JSON and as plain text."""

from __future__ import annotations

from typing import Any

from azure_imds import ChainCertificate, Report, VerifiedDocument
from azure_imds._escaped import bounded
from azure_imds.cli._text import json_object, rfc3339, rows

UNVERIFIED = "unverified content: nobody vouches for it"
"""The heading above the content of a refused document."""

_SHOWN = 1000


def as_json(report: Report, *, explain: bool) -> dict[str, Any]:
    """The report as the values of its JSON form."""
    document, error = report.document, report.error
    form: dict[str, Any] = {
        "verdict": "verified" if report.verified else "refused",
        "error": error
        and {"code": error.code, "message": error.message, "missing": [it._asdict() for it in error.missing]},
        "document": document and (json_object(document.content) or document.claims),
        "identity": document and document.identity,
    }
    form["trust"] = _trust(document) if document else None
    unverified = json_object(report.unverified) if explain and report.unverified else None
    if unverified is not None:
        form["unverified"] = unverified
    form["checks"] = [
        {"name": line.name, "outcome": line.outcome, "code": line.code, "detail": line.detail} for line in report.checks
    ]
    form["chain"] = [_certificate(certificate) for certificate in report.chain]
    form["unknown_issuers"] = [it.sha256 for it in document.unknown_issuers] if document else []
    return form


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


def _trust(document: VerifiedDocument) -> dict[str, Any]:
    """What the verdict rests on."""
    anchor = document.anchor
    return {
        "default_anchor": document.is_default_anchor,
        "subject": anchor and anchor.subject,
        "sha256": anchor and anchor.sha256,
    }


def _certificate(certificate: ChainCertificate) -> dict[str, str]:
    return {
        "subject": certificate.subject,
        "issuer": certificate.issuer,
        "serial": certificate.serial,
        "key": certificate.key,
        "not_before": rfc3339(certificate.not_before),
        "not_after": rfc3339(certificate.not_after),
        "sha256": certificate.sha256,
        "public_key_sha256": certificate.public_key_sha256,
    }
