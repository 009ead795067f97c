"""The commands that ask the metadata service. They write JSON to programs, and lay it out for people."""

from __future__ import annotations

import functools
import json
import sys
from collections.abc import Callable
from typing import Any

import click

from azure_imds import Client
from azure_imds._escaped import escaped, escaped_lines
from azure_imds._native import json_object
from azure_imds.cli._output import is_for_a_terminal
from azure_imds.cli._text import json_text, tree


def _asks(command: Callable[..., int]) -> Callable[..., int]:
    """Adds the options of the client to a command, which gets the client."""

    @click.option("--endpoint", metavar="URL", help="Ask at this address instead of the service's own.")
    @click.option("--api-version", metavar="DATE", help="Ask for this version instead of the newest.")
    @click.option("--timeout", metavar="S", type=float, help="Give up after so many seconds, with all attempts.")
    @functools.wraps(command)
    def with_client(endpoint: str | None, api_version: str | None, timeout: float | None, **named: Any) -> int:
        with Client(endpoint, version=api_version, timeout=timeout) as client:
            return command(client, **named)

    return with_client


_JSON = click.option("--json", "as_json", is_flag=True, help="Write JSON, as to a pipe.")


@click.command()
@click.option("--extended", is_flag=True, help="With what provisioning agents need; fails while it is not ready.")
@_JSON
@_asks
def instance(client: Client, extended: bool, as_json: bool) -> int:
    """Show everything about this VM."""
    return _write(client.instance(extended=extended).get(""), as_json)


@click.command()
@click.argument("path")
@_JSON
@_asks
def get(client: Client, path: str, as_json: bool) -> int:
    """Show what is at PATH below the instance, as in compute/vmId."""
    return _write(client.get(path), as_json)


@click.command()
@click.argument("path")
@_asks
def text(client: Client, path: str) -> int:
    """Write the text at PATH below the instance: a value bare, else a listing."""
    found = client.text(path)
    print(escaped_lines(found) if sys.stdout.isatty() else found)
    return 0


@click.command()
@_JSON
@_asks
def tags(client: Client, as_json: bool) -> int:
    """Show the tags of this VM."""
    found = client.tags()
    return _write(found.to_dict() if as_json or not is_for_a_terminal() else dict(found), as_json)


@click.command()
@click.argument("resource")
@click.option("--client-id", metavar="UUID", help="The identity by its client ID.")
@click.option("--object-id", metavar="UUID", help="The identity by its object ID.")
@click.option("--resource-id", metavar="ID", help="The identity by its resource ID.")
@click.option("--bypass-cache", is_flag=True, help="Have a new token made.")
@click.option("--show-token", is_flag=True, help="Write the token itself; whoever reads it acts as this VM.")
@_JSON
@_asks
def token(
    client: Client,
    resource: str,
    client_id: str | None,
    object_id: str | None,
    resource_id: str | None,
    bypass_cache: bool,
    show_token: bool,
    as_json: bool,
) -> int:
    """Get a token for RESOURCE, as in https://management.azure.com/.

    The token itself is written only with --show-token.
    """
    found = client.token(
        resource, client_id=client_id, object_id=object_id, resource_id=resource_id, bypass_cache=bypass_cache
    )
    form = found.to_dict()
    if as_json or not is_for_a_terminal():
        return _write({**form, "access_token": found.secret} if show_token else form, as_json)
    del form["schema_version"]
    _write(form, as_json)
    if show_token:
        print(escaped(found.secret))
    return 0


@click.command()
@click.option("--watch", is_flag=True, help="Go on, and show the events whenever they change.")
@click.option("--interval", metavar="S", type=float, default=1.0, help="Seconds from one reading to the next; 1.")
@click.option("--approve", metavar="ID", multiple=True, help="Let this event start now; may be repeated.")
@_JSON
@_asks
def events(client: Client, watch: bool, interval: float, approve: tuple[str, ...], as_json: bool) -> int:
    """Show the maintenance to come, or approve it.

    An approval is for all the VMs that the event concerns.
    """
    if approve and watch:
        raise click.UsageError("--approve and --watch exclude each other; give one.")
    if approve:
        client.approve(approve)
        return 0
    if not watch:
        return _write(json_object(client.scheduled_events().json), as_json)
    for found in client.watch_events(interval=interval):
        if as_json or not is_for_a_terminal():
            print(json.dumps(json_object(found.json)))
        else:
            _write(json_object(found.json), as_json)
            print()
        sys.stdout.flush()
    return 0


@click.command()
@_JSON
@_asks
def lb(client: Client, as_json: bool) -> int:
    """Show the load balancer and the public addresses."""
    return _write(json_object(client.load_balancer().json), as_json)


@click.command()
@_JSON
@_asks
def versions(client: Client, as_json: bool) -> int:
    """Show the versions that the service names."""
    found = client.versions()
    if as_json or not is_for_a_terminal():
        return _write(found.to_dict(), as_json)
    print(*map(escaped, found.versions), sep="\n")
    return 0


@click.command()
@click.option(
    "--nonce", metavar="N", help="What the document is to hold: 32 random letters and digits of the verifying party."
)
@_asks
def attested(client: Client, nonce: str | None) -> int:
    """Write a signed document of this VM, for azure-imds verify elsewhere."""
    print(escaped(client.attested_document(nonce=nonce).text))
    return 0


@click.command()
@_JSON
@_asks
def doctor(client: Client, as_json: bool) -> int:
    """Find out why the metadata service can't be reached, and what to do.

    Exit status: 0 the service can be used, 1 it can't, 2 wrong usage.
    """
    found = client.diagnose()
    if as_json or not is_for_a_terminal():
        print(json_text(found.to_dict()))
    else:
        from azure_imds.cli import _terminal

        _terminal.show_findings(found.findings, _terminal.console(sys.stdout))
    return 0 if found.is_healthy else 1


COMMANDS = (instance, get, text, tags, token, events, lb, versions, attested, doctor)
"""All of them."""


def _write(value: Any, as_json: bool) -> int:
    """Writes JSON, or rows for a terminal."""
    if as_json or not is_for_a_terminal():
        print(json_text(value))
    elif isinstance(value, dict | list):
        from azure_imds.cli import _terminal

        _terminal.show_rows(tree(value), _terminal.console(sys.stdout))
    else:
        print(escaped(value if isinstance(value, str) else json.dumps(value)))
    return 0
