"""A metadata service for tests: it gives the answers it was told to, and keeps what it was asked."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import mint
from azure_imds import AsyncClient, Client
from azure_imds.httpx import AsyncHttpxTransport, HttpxTransport
from web import Page, Script, Web, page, serving

INSTANCE = (Path(__file__).parent.parent / "vectors" / "instance_2025-04-07.json").read_text(encoding="utf-8")
VM_ID = json.loads(INSTANCE)["compute"]["vmId"]
EVENT_ID = "0A1B2C3D-0000-4000-8000-000000000001"
SERVER = "IMDS/150.870.65.1854"
SECRET = "eyJ-the-token-itself"

TOKEN = {
    "access_token": SECRET,
    "client_id": "11111111-2222-3333-4444-555555555555",
    "expires_in": "86317",
    "expires_on": "1709895997",
    "ext_expires_in": "86399",
    "not_before": "1709809297",
    "resource": "https://management.azure.com/",
    "token_type": "Bearer",
}
BALANCER = {
    "loadbalancer": {
        "publicIpAddresses": [{"frontendIpAddress": "51.0.0.1", "privateIpAddress": "10.1.0.4"}],
        "inboundRules": [
            {
                "frontendIpAddress": "50.0.0.50",
                "protocol": "tcp",
                "frontendPort": 26,
                "backendPort": 26,
                "privateIpAddress": "10.1.0.4",
            }
        ],
        "outboundRules": [{"frontendIpAddress": "50.0.0.50", "privateIpAddress": "10.1.0.4"}],
    }
}


def events(incarnation: int, *status: str) -> dict[str, Any]:
    """A document of scheduled events, one of each status."""
    return {
        "DocumentIncarnation": incarnation,
        "Events": [
            {
                "Description": "Paused.",
                "DurationInSeconds": 5,
                "EventId": EVENT_ID,
                "EventSource": "Platform",
                "EventStatus": word,
                "EventType": "Freeze",
                "NotBefore": "Mon, 11 Apr 2022 22:26:58 GMT" if word == "Scheduled" else "",
                "ResourceType": "VirtualMachine",
                "Resources": ["vmss_0", "VMSS_1"],
            }
            for word in status
        ],
    }


def answer(body: object, status: int = 200, **headers: str) -> Script:
    """What the service answers: JSON, or text as it is."""
    text = body if isinstance(body, str) else json.dumps(body, separators=(",", ":"))
    given = page(text.encode(), status, **{"Content-Type": "application/json; charset=utf-8"}, **headers)

    def script(request: Page) -> None:
        request.product = SERVER
        given(request)

    return script


def _attested(request: Page) -> None:
    nonce = parse_qs(urlsplit(request.path).query).get("nonce", [mint.NONCE])[0]
    answer(mint.signer().document(nonce))(request)


def _instance(request: Page) -> None:
    url = urlsplit(request.path)
    value: Any = json.loads(INSTANCE)
    for segment in url.path.removeprefix("/metadata/instance").strip("/").split("/"):
        if segment:
            try:
                value = value[int(segment)] if isinstance(value, list) else value[segment]
            except (KeyError, IndexError, ValueError):
                return answer({"error": "Not found"}, 404)(request)
    is_text = parse_qs(url.query).get("format") == ["text"]
    if url.path == "/metadata/instance":
        return answer(INSTANCE)(request)
    if isinstance(value, str) and not is_text:
        return answer({"error": "Bad request. api-version is valid, the format is not."}, 400)(request)
    if is_text and isinstance(value, dict):
        value = "\n".join(value)
    return answer(value)(request)


DEFAULT: dict[str, Script] = {
    "/metadata/attested/document": _attested,
    "/metadata/identity/info": answer({"tenantId": "tenant"}),
    "/metadata/identity/oauth2/token": answer(TOKEN),
    "/metadata/loadbalancer": answer(BALANCER),
    "/metadata/scheduledevents": answer(events(1, "Scheduled")),
    "/metadata/versions": answer({"apiVersions": ["2017-03-01", "2025-04-07", "soon"]}),
}


@contextlib.contextmanager
def service(**others: Script) -> Iterator[Web]:
    """The service on the loopback address. ``others`` answer for the last segments of their paths."""
    answers = {path: others.get(path.rsplit("/", 1)[1], script) for path, script in DEFAULT.items()}

    def script(request: Page) -> None:
        path = urlsplit(request.path).path
        instance = others.get("instance", _instance)
        answers.get(path, instance if path.startswith("/metadata/instance") else answer("?", 404))(request)

    with serving(script) as web:
        yield web


def awaited(make: Callable[[], AsyncClient]) -> Client:
    """An ``AsyncClient`` that is used as a ``Client``: each call in a loop of its own."""

    class Awaited:
        def __init__(self) -> None:
            self.client = make()

        def __getattr__(self, name: str) -> Any:
            method = getattr(self.client, name)
            return (lambda *args, **named: asyncio.run(method(*args, **named))) if callable(method) else method

    made: Any = Awaited()
    assert isinstance(made.client, AsyncClient)
    client: Client = made
    return client


Make = Callable[..., Client]

KINDS: dict[str, Make] = {
    "blocking": Client,
    "async": lambda *args, **named: awaited(lambda: AsyncClient(*args, **named)),
    "httpx": lambda *args, **named: Client(*args, transport=HttpxTransport(), **named),
    "async-httpx": lambda *args, **named: awaited(lambda: AsyncClient(*args, transport=AsyncHttpxTransport(), **named)),
}
"""All ways to make calls."""
