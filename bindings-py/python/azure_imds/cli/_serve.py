"""``azure-imds serve`` and ``azure-imds machine``: the emulator as a program."""

from __future__ import annotations

import re
from importlib import resources
from pathlib import Path

import click

from azure_imds._escaped import quoted
from azure_imds.errors import UsageError


@click.command()
@click.option("--host", metavar="HOST", default="127.0.0.1", help="Where to listen; 127.0.0.1 unless given.")
@click.option("--port", metavar="P", type=click.IntRange(0, 65535), default=0, help="0, the default, takes a free one.")
@click.option("--config", metavar="FILE", type=Path, help="The machine, in TOML or JSON; read again when it changes.")
@click.option("--fault", metavar="RULE", multiple=True, help="Let something go wrong: token:429x3; may be repeated.")
@click.option("--scenario", metavar="NAME", multiple=True, help="Schedule an event: live-migration; may be repeated.")
@click.option("--speed", metavar="N", type=int, default=1, help="Let scheduled events run N times as fast.")
@click.option("--no-limits", is_flag=True, help="Throttle nobody.")
@click.option("--seed", metavar="HEX", help="64 digits that keys and identifiers follow from; random unless given.")
@click.option("--authority", metavar="PEM", type=Path, help="Key and certificates to sign with.")
@click.option("--verbose", is_flag=True, help="Write a line for each request on standard error.")
def serve(
    host: str,
    port: int,
    config: Path | None,
    fault: tuple[str, ...],
    scenario: tuple[str, ...],
    speed: int,
    no_limits: bool,
    seed: str | None,
    authority: Path | None,
    verbose: bool,
) -> int:
    """Answer as the metadata service does, faults included, to develop and test against.

    The first line printed is the URL. Then come the variables to set for clients, and what is in force, as TOML.
    Exit status: 0 ended by SIGINT or SIGTERM, 2 wrong usage.
    """
    from azure_imds.emulator import Emulator, _program, _server

    given = None if seed is None else _seed(seed)
    signs = None if authority is None else _text(authority)
    with _server.listen(host, port) as listening:
        if not _is_loopback(listening.getsockname()[0]):
            _program.complain("this address can be reached from other machines")
        emulator = Emulator(
            config,
            seed=given,
            limits=not no_limits,
            speed=speed,
            faults=fault,
            scenarios=scenario,
            origin=_server.url_of(listening),
            authority=signs,
        )
        emulator.make_keys()
        _program.run(emulator, listening, config, verbose=verbose)
    return 0


@click.command()
def machine() -> int:
    """Write the default machine as TOML with comments, to be changed and given to serve --config."""
    text = resources.files("azure_imds.emulator").joinpath("machine.toml").read_text(encoding="utf-8")
    print(text, end="")
    return 0


def _seed(text: str) -> bytes:
    if not re.fullmatch(r"[0-9a-fA-F]{64}", text):
        raise UsageError("the seed is not 64 hexadecimal digits", code="argument_value")
    return bytes.fromhex(text)


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise UsageError(f"{quoted(path)} can't be read: {error.strerror or error}", code="file_unreadable") from None
    except UnicodeDecodeError:
        raise UsageError(f"{quoted(path)} is not PEM", code="authority_unusable") from None


def _is_loopback(host: str) -> bool:
    return host.startswith("127.") or host == "::1"
