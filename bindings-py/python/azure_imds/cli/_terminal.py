"""A report and a table of issuers for a terminal, in colour.

Text is never read as markup, and has been escaped before it comes here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import NamedTuple, TextIO

from rich import box
from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.panel import Panel
from rich.progress import Progress
from rich.table import Table
from rich.text import Text
from rich.tree import Tree

from azure_imds import ChainCertificate, CheckLine, Finding, Report
from azure_imds._escaped import escaped
from azure_imds.cli import _issuers, _report

WIDTH = 100
"""Columns used at most for a report."""


class _Marks(NamedTuple):
    """The signs before a line."""

    passed: str
    failed: str
    not_checked: str
    not_reached: str
    arrow: str
    etc: str


_UNICODE = _Marks("✔", "✘", "○", "·", "→", "…")
_ASCII = _Marks("+", "x", "o", ".", "->", "...")


def console(file: TextIO) -> Console:
    """A console for a stream; `NO_COLOR`, `FORCE_COLOR` and `COLUMNS` count."""
    return Console(file=file, highlight=False, markup=False, emoji=False)


def show_report(report: Report, to: Console, *, explain: bool) -> None:
    """Writes a report: verdict, claims, checks, chain, next step."""
    marks = _marks(to)
    parts: list[RenderableType] = [_verdict(report, marks)]
    parts += _sections(report, explain=explain)
    parts += _titled("checks", _checks(report.checks, marks))
    if report.chain:
        proven = any(line.name == "chain" and line.outcome == "passed" for line in report.checks)
        title = "chain" if proven else "chain: as found, nothing of it is proven"
        parts += _titled(title, _chain(report, marks))
    if report.fetches:
        parts += _titled("fetching issuers", _fetches(report, marks))
    if report.error:
        next_step = _grid()
        next_step.add_row(Text(f"{marks.arrow} next step", "bold yellow"), Text(report.error.command_line_step))
        parts += [Text(), next_step]
    to.print(Group(*parts), width=min(to.width, WIDTH))


def show_table(table: _issuers.Table, summary: Iterable[str], to: Console) -> None:
    """Writes a table of issuers, and what there is to say about it."""
    if table.rows:
        shown = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False, header_style="bold")
        for column in table.columns:
            shown.add_column(column, overflow="fold")
        for row in table.rows:
            shown.add_row(*map(Text, row.cells), style=_COLOURS[row.state])
        to.print(shown)
        to.print()
    for sentence in summary:
        to.print(Text(sentence))


def show_rows(rows: Iterable[tuple[str, str]], to: Console) -> None:
    """Writes names and values."""
    grid = _grid()
    for name, value in rows:
        grid.add_row(Text(name, "cyan"), Text(value))
    to.print(grid)


def show_findings(findings: Iterable[Finding], to: Console) -> None:
    """Writes what the doctor found, with the remedies."""
    marks = _marks(to)
    for finding in findings:
        mark, style = _SEVERITIES[finding.severity](marks)
        grid = _grid(1)
        grid.add_row(Text(mark, style), Text(finding.code, style))
        grid.add_row("", Text(escaped(finding.summary)))
        grid.add_row("", Text(f"{marks.arrow} {escaped(finding.remedy)}", "dim"))
        to.print(grid, width=min(to.width, WIDTH))


@contextmanager
def progress(to: Console) -> Iterator[Callable[[int, int], None]]:
    """Shows how far a number of things has come."""
    with Progress(console=to, transient=True) as shown:
        task = shown.add_task("fetching issuers", total=None)
        yield lambda done, total: shown.update(task, completed=done, total=total)


_SEVERITIES: dict[str, Callable[[_Marks], tuple[str, str]]] = {
    "fault": lambda marks: (marks.failed, "bold red"),
    "warning": lambda _: ("!", "bold yellow"),
    "note": lambda marks: (marks.not_reached, "bold"),
}

_COLOURS = {"valid": "", "ends within a year": "yellow", "ended": "dim", "not yet valid": "dim", "left out": "red"}


def _marks(to: Console) -> _Marks:
    return _ASCII if to.options.ascii_only else _UNICODE


def _titled(title: str, body: RenderableType) -> list[RenderableType]:
    return [Text(), Text(title, "bold"), Padding(body, (0, 0, 0, 2))]


def _verdict(report: Report, marks: _Marks) -> Panel:
    if report.error:
        return _panel(f"{marks.failed} refused", Text(report.error.message), "red", report.error.code)
    sentence, _, when = str(report.document).rpartition("; ")
    text = Text.assemble(sentence, "\n", (when, "dim"))
    if report.document:
        text.append(f"\nidentity {report.document.identity}", "dim")
    if report.document and not report.document.nonce_checked:
        text.append("\nThe nonce was not checked: whoever saw this document can have handed it in.", "yellow")
    for issuer in report.document.new_issuers if report.document else ():
        text.append(
            f"\nNot in the table of known issuers: {issuer.subject}. Azure may be changing its issuers.", "yellow"
        )
    if report.document and not report.document.is_default_anchor:
        return _panel(f"{marks.passed} verified", text, "yellow", "against a root you added")
    return _panel(f"{marks.passed} verified", text, "green", "")


def _panel(title: str, text: Text, style: str, aside: str) -> Panel:
    heading = Text.assemble((f" {title} ", f"bold reverse {style}"), (f" {aside}" if aside else "", f"bold {style}"))
    return Panel(text, title=heading, title_align="left", border_style=style, box=box.ROUNDED, padding=(0, 1))


def _sections(report: Report, *, explain: bool) -> Iterable[RenderableType]:
    for title, claims in _report.sections(report, explain=explain):
        grid = _grid()
        for name, value in claims:
            grid.add_row(Text(name, "cyan" if report.verified else "yellow"), Text(value))
        yield from _titled(title, grid)


def _checks(checks: Iterable[CheckLine], marks: _Marks) -> Table:
    grid = _grid(1)
    for line in checks:
        if line.outcome == "passed":
            grid.add_row(Text(marks.passed, "bold green"), Text(line.name), Text(line.detail, "dim"))
        elif line.outcome == "failed":
            grid.add_row(Text(marks.failed, "bold red"), Text(line.name, "bold red"), Text(line.detail, "red"))
        elif line.outcome == "not_checked":
            grid.add_row(Text(marks.not_checked, "dim"), Text(line.name, "dim"), Text(line.detail, "dim"))
        else:
            grid.add_row(Text(marks.not_reached, "dim"), Text(line.name, "dim"), Text("not reached", "dim"))
    return grid


def _chain(report: Report, marks: _Marks) -> Tree:
    """The chain from the anchor down to the signer."""
    above, *below = reversed(report.chain)
    tree = branch = Tree(_certificate(above, marks, is_anchor=report.verified), guide_style="dim")
    for certificate in below:
        branch = branch.add(_certificate(certificate, marks, is_anchor=False))
    if report.verified or above.subject == above.issuer:
        return tree
    missing = Tree(Text.assemble((f"? {above.issuer}", "yellow"), ("  not at hand", "dim")), guide_style="dim")
    missing.children.append(tree)
    return missing


def _certificate(certificate: ChainCertificate, marks: _Marks, *, is_anchor: bool) -> Text:
    name, rest = _common_name(certificate.subject)
    text = Text.assemble((name, "bold"), (f"  {rest}" if rest else "", "dim"))
    text.append(f"  {certificate.key or 'unknown key'}", "cyan")
    if is_anchor:
        text.append("  anchor", "green")
    validity = f"{certificate.not_before:%Y-%m-%d} to {certificate.not_after:%Y-%m-%d}"
    return text.append(f"\n{validity}  SHA-256 {certificate.sha256[:16]}{marks.etc}", "dim")


def _common_name(subject: str) -> tuple[str, str]:
    """The common name of a subject that begins with it, and the rest."""
    if not subject.startswith("CN="):
        return subject or "(no name)", ""
    value = _VALUE.match(subject, 3)
    end = value.end() if value else len(subject)
    return subject[3:end], subject[end + 1 :]


_VALUE = re.compile(r"(?:\\.|[^,+\\])*", re.DOTALL)
"""A value of RFC 4514: what is behind a backslash does not end it."""


def _fetches(report: Report, marks: _Marks) -> Table:
    grid = _grid(1)
    for fetch in report.fetches:
        mark = Text(marks.failed, "bold red") if fetch.code else Text(marks.passed, "bold green")
        grid.add_row(mark, Text(fetch.url), Text(f"{fetch.message} ({fetch.code})" if fetch.code else "", "red"))
    return grid


def _grid(gap: int = 2) -> Table:
    grid = Table.grid(padding=(0, gap, 0, 0))
    grid.add_column(no_wrap=True)
    grid.add_column(overflow="fold")
    grid.add_column(overflow="fold")
    return grid
