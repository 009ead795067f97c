"""The commands, and what becomes of their errors.

Exit status: 0 verified or answered, 1 refused or no answer, 2 wrong usage; what is wrong is said in a sentence on
standard error. A command that is interrupted, or whose reader went away, ends as a shell expects: 130, 141.
"""

from __future__ import annotations

import contextlib
import io
import os
import sys
from collections.abc import Sequence
from datetime import datetime, timezone
from pathlib import Path
from typing import cast

import click

from azure_imds import (
    AT_SIGNING_TIME,
    NONCE_NOT_CHECKED,
    CloudName,
    ImdsError,
    NonceNotChecked,
    Plan,
    UsageError,
    Verifier,
    version,
)
from azure_imds._escaped import escaped
from azure_imds.cli import _input, _issuers, _metadata, _report, _serve
from azure_imds.cli._output import is_for_a_terminal
from azure_imds.cli._text import json_text


def run(arguments: Sequence[str] | None) -> int:
    """Runs a command line and gives its exit status."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    try:
        # Not by `main` of click, which takes an output that can't be written for its own affair.
        given = sys.argv[1:] if arguments is None else list(arguments)
        with commands.make_context("azure-imds", given) as context:
            status = cast(int, commands.invoke(context))
        if sys.stdout is not None:
            sys.stdout.flush()
    except click.exceptions.Exit as end:
        return end.exit_code
    except click.UsageError as error:
        return _complain(_sentence(error), _code(error))
    except UsageError as error:
        return _complain(str(error), error.code)
    except ImdsError as error:
        _complain(str(error), error.code)
        return 1
    except (click.Abort, KeyboardInterrupt):
        return _INTERRUPTED
    except OSError as error:
        _discard_output()
        if isinstance(error, BrokenPipeError):
            return _READER_GONE
        return _complain(f"the output can't be written: {_input.reason(error)}", "output_unwritable")
    return status


_SETTINGS = {"help_option_names": ["-h", "--help"], "max_content_width": 100}


@click.group(context_settings=_SETTINGS, no_args_is_help=False)
@click.version_option(version(), message="azure-imds %(version)s")
def commands() -> None:
    """Asks the Azure Instance Metadata Service, and verifies its attested documents."""


for _command in _metadata.COMMANDS:
    commands.add_command(_command)


commands.add_command(_serve.serve)
commands.add_command(_serve.machine)


@commands.command()
@click.argument("file", metavar="FILE|-")
@click.option(
    "--nonce", metavar="N", help="The nonce that the document was asked for with, as of: openssl rand -hex 16."
)
@click.option("--no-nonce", is_flag=True, help="Do not check the nonce: replays are then not noticed.")
@click.option("--at", metavar="TIME", help="Judge at this time, RFC 3339 or Unix seconds, instead of now.")
@click.option("--at-signing-time", is_flag=True, help="Judge at the time the document says it was made; for archives.")
@click.option("--issuers", metavar="PEM", multiple=True, help="Untrusted intermediates; may be repeated.")
@click.option(
    "--anchors",
    metavar="PEM",
    multiple=True,
    help="Trust these roots and no others; may be repeated. One whose own time is over is refused.",
)
@click.option(
    "--deny",
    metavar="SHA256",
    multiple=True,
    help="Shut out the certificate or public key (SubjectPublicKeyInfo) of this digest; may be repeated.",
)
@click.option(
    "--cloud",
    metavar="NAME",
    multiple=True,
    help="Accept this cloud (public, usgov, china, germany) instead of public; may be repeated.",
)
@click.option("--max-age", metavar="S", type=int, help="Accept no document made longer ago, in seconds.")
@click.option("--vm-id", metavar="ID", help="Accept a document of this VM alone.")
@click.option("--subscription-id", metavar="ID", help="Accept a document of this subscription alone.")
@click.option("--sku", metavar="SKU", help="Accept a document of this image SKU alone.")
@click.option(
    "--plan",
    metavar="NAME PRODUCT PUBLISHER",
    nargs=3,
    help="Accept a document of this marketplace plan alone.",
)
@click.option("--no-fetch", is_flag=True, help="Fetch no missing issuers.")
@click.option("--json", "as_json", is_flag=True, help="Write the report as JSON.")
@click.option("--explain", is_flag=True, help="Show what a refused document says, which nobody vouches for.")
def verify(
    file: str,
    nonce: str | None,
    no_nonce: bool,
    at: str | None,
    at_signing_time: bool,
    issuers: tuple[str, ...],
    anchors: tuple[str, ...],
    deny: tuple[str, ...],
    cloud: tuple[CloudName, ...],
    max_age: int | None,
    vm_id: str | None,
    subscription_id: str | None,
    sku: str | None,
    plan: tuple[str, str, str] | None,
    no_fetch: bool,
    as_json: bool,
    explain: bool,
) -> int:
    """Verify an attested document.

    FILE holds the answer of /metadata/attested/document, or its signature in base64, PEM or DER; - is standard input.
    Exit status: 0 verified, 1 refused, 2 wrong usage.
    """
    if at is not None and at_signing_time:
        raise click.UsageError("--at and --at-signing-time exclude each other; give one.")
    expected = _nonce(nonce, no_nonce)
    now = AT_SIGNING_TIME if at_signing_time else None if at is None else _input.time(at)
    verifier = Verifier(anchors=anchors or None, issuers=issuers, fetch=not no_fetch, deny=deny)
    report = verifier.explain(
        _input.document(file),
        nonce=expected,
        now=now,
        clouds=cloud or ("public",),
        max_age=max_age,
        vm_id=vm_id,
        subscription_id=subscription_id,
        sku=sku,
        plan=None if plan is None else Plan(*plan),
    )
    if as_json:
        print(json_text(report.command_line_dict(unverified=explain)))
    elif is_for_a_terminal():
        from azure_imds.cli import _terminal

        _terminal.show_report(report, _terminal.console(sys.stdout), explain=explain)
    else:
        print(_report.as_text(report, explain=explain), end="")
    return 0 if report.verified else 1


@commands.group(no_args_is_help=False)
def issuers() -> None:
    """Show or bring together the issuers of Azure's documents."""


_FROM = click.option("--from", "given", metavar="DIR", type=Path, help="A folder of certificates.")
_AT = click.option("--at", metavar="TIME", help="Judge validity at this time instead of now.")
_JSON = click.option("--json", "as_json", is_flag=True, help="Write JSON.")


@issuers.command("list")
@_FROM
@_AT
@_JSON
def list_(given: Path | None, at: str | None, as_json: bool) -> int:
    """Show the known issuers, which are present, and which end within a year.

    Present: built in, in the bundle of this package, fetched before (cache), or in DIR.
    """
    found = _issuers.listing(_time(at), given)
    if as_json:
        print(json_text(found.as_json()))
    else:
        _show(found.table(), found.summary())
    return 0


@issuers.command()
@_FROM
@click.option(
    "--output",
    metavar="FILE",
    type=Path,
    default=Path("issuers.pem"),
    help="Where to write; issuers.pem here, unless given.",
)
@_AT
@_JSON
def update(given: Path | None, output: Path, at: str | None, as_json: bool) -> int:
    """Write a bundle of the known issuers, for verify --issuers.

    They are fetched from their addresses, or read from DIR (.pem, .crt, .cer, .der). Each is held against the table of
    known issuers by its SHA-256. What an earlier bundle holds is kept.
    Exit status: 0 written, 1 nothing found or some not fetched, 2 wrong usage.
    """
    now = _time(at)
    if given is not None:
        found, absent = _issuers.read(given), "not found there"
    else:
        found, absent = _fetched(), "no address of it is known"
    made = _issuers.update(now, output, found, absent)
    if as_json:
        print(json_text(made.as_json()))
    else:
        _show(made.table(), made.summary())
    return 1 if made.failed else 0


_USAGE = 2
_INTERRUPTED = 130
_READER_GONE = 141


def _nonce(nonce: str | None, no_nonce: bool) -> str | NonceNotChecked:
    if nonce is not None and no_nonce:
        raise click.UsageError("--nonce and --no-nonce exclude each other; give one.")
    if nonce is None and not no_nonce:
        raise UsageError(
            "say with which nonce the document was asked for: --nonce N; or --no-nonce, if it is not to be checked",
            code="nonce_empty",
        )
    return NONCE_NOT_CHECKED if nonce is None else nonce


def _time(at: str | None) -> datetime:
    return datetime.now(timezone.utc) if at is None else _input.time(at)


def _fetched() -> _issuers.Found:
    if not (sys.stderr is not None and sys.stderr.isatty()):
        return _issuers.fetch(lambda done, total: None)
    from azure_imds.cli import _terminal

    with _terminal.progress(_terminal.console(sys.stderr)) as advance:
        return _issuers.fetch(advance)


def _show(table: _issuers.Table, summary: list[str]) -> None:
    if is_for_a_terminal():
        from azure_imds.cli import _terminal

        _terminal.show_table(table, summary, _terminal.console(sys.stdout))
        return
    print((table.as_text() + "\n" if table.rows else "") + "\n".join(summary))


def _sentence(error: click.UsageError) -> str:
    said = error.format_message().strip().rstrip(".")
    help_of = error.ctx.command_path if error.ctx else "azure-imds"
    return f"{said[:1].lower()}{said[1:]}; see {help_of} --help"


def _code(error: click.UsageError) -> str:
    is_value = isinstance(error, click.BadParameter) and not isinstance(error, click.MissingParameter)
    return "argument_value" if is_value else "usage"


def _complain(sentence: str, code: str) -> int:
    if sys.stderr is not None:
        print(f"azure-imds: {escaped(' '.join(sentence.split()))} ({code})", file=sys.stderr)
    return _USAGE


def _discard_output() -> None:
    """Python would write again what is left when it ends, and complain."""
    with contextlib.suppress(OSError, AttributeError, io.UnsupportedOperation):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
