"""The transcripts of the client in `client.json`, played on a virtual clock against the native calls."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import pytest
from azure_imds import Availability, ImdsError, Request, Tags, UsageError, _native

FILE = Path(__file__).parent.parent / "vectors" / "client.json"
SUITE = json.loads(FILE.read_bytes())
CASES = {case["id"]: case for case in SUITE["cases"]}


def test_the_suite_is_the_one_that_is_known() -> None:
    assert SUITE["version"] == 1 and len(CASES) == len(SUITE["cases"])
    for case in CASES.values():
        assert case.keys() - {"client"} == {"id", "importance", "description", "call", "events"}, case["id"]
        assert case.get("client", {}).keys() <= {"endpoint", "environment", "version", "policy"}, case["id"]


@pytest.mark.parametrize("id", CASES)
def test_transcript(id: str) -> None:
    case = CASES[id]
    try:
        call = started(client(**case.get("client", {})), **case["call"])
    except ImdsError as error:
        assert case["events"] == [{"at": 0, "expect": {"error": error.code}}]
        return
    play(call, case["events"])


def client(
    endpoint: str | None = None,
    environment: dict[str, str] | None = None,
    version: str | None = None,
    policy: dict[str, Any] | None = None,
) -> _native.Client:
    policy = policy or {}
    assert policy.keys() <= {"deadline", "max_body", "negotiates"}
    options = {
        "base_url": endpoint,
        "environment": environment or {},
        "version": version,
        "timeout": policy["deadline"] / 1000 if "deadline" in policy else None,
        "max_body": policy.get("max_body"),
        "negotiate": policy.get("negotiates"),
    }
    return _native.Client(options, 0)


def started(client: _native.Client, kind: str, **arguments: Any) -> _native.Call[Any]:
    if kind == "instance":
        arguments.setdefault("extended", False)
    elif kind == "token":
        return client.token(arguments.pop("resource"), arguments)
    elif kind == "approve":
        return client.approve(arguments["event_ids"])
    elif kind == "attested_document":
        arguments.setdefault("nonce", None)
    call: _native.Call[Any] = getattr(client, kind)(**arguments)
    return call


def play(call: _native.Call[Any], events: list[dict[str, Any]]) -> Any:
    """Plays what happens to a call. Gives its value, or its error."""
    request: tuple[int, Request] | None = None
    outcome: Any = None
    for event in events:
        now, refused = event["at"], event.get("refused")
        to = event.get("to", request[0] if request else 0)
        what = event.keys() - {"at", "to", "refused"}
        if what == {"send"}:
            step = call.poll(now)
            assert step[0] == "send", step
            request = step[1:]
            compare_request(request[1], now, **event["send"])
        elif what == {"wait"}:
            assert call.poll(now) == ("wait", event["wait"])
        elif what == {"reply"}:
            assert request is not None
            reply = event["reply"]
            assert reply.keys() <= {"status", "headers", "body"}
            headers = list(reply.get("headers", {}).items())
            with taken_or_refused(refused):
                call.receive(to, now, reply["status"], headers, reply.get("body", "").encode())
        elif what == {"fail"}:
            assert request is not None
            with taken_or_refused(refused):
                call.fail(to, now, event["fail"], "as scripted", request[1].max_body)
        else:
            assert what == {"expect"}
            for _ in ("once", "again"):
                outcome = compare_outcome(call, now, event["expect"])
    return outcome


@contextmanager
def taken_or_refused(code: str | None) -> Iterator[None]:
    if code is None:
        yield
        return
    with pytest.raises(UsageError) as caught:
        yield
    assert caught.value.code == code


def compare_request(
    request: Request,
    now: int,
    method: str,
    url: str,
    headers: dict[str, str] | None = None,
    body: str | None = None,
) -> None:
    assert (request.method, request.url) == (method, url)
    assert request.route == "direct" and request.deadline_ms > now
    sent = dict(request.headers)
    assert sent["Metadata"] == "true" and not {"x-forwarded-for", "forwarded"} & {name.lower() for name in sent}
    assert (headers or {}).items() <= sent.items()
    assert body is None or request.body == body.encode()


def compare_outcome(call: _native.Call[Any], now: int, expect: dict[str, Any]) -> Any:
    if "error" in expect:
        with pytest.raises(ImdsError) as caught:
            call.poll(now)
        assert caught.value.code == expect["error"], caught.value
        return caught.value
    step = call.poll(now)
    assert step[0] == "done", step
    if "value" in expect:
        assert step[1] == expect["value"]
        return step[1]
    for path, expected in expect["ok"].items():
        assert shown(step[1], path) == expected, path
    return step[1]


def shown(value: Any, path: str) -> Any:
    """The field of a value as the transcripts write it."""
    if isinstance(value, Tags) and path != "source":
        index, _, name = path.partition(".")
        return value.pairs[int(index)][("name", "value").index(name)]
    if isinstance(value, Availability) and path == "reason":
        return value.reason and value.reason.code
    for segment in path.split("."):
        value = value[int(segment)] if segment.isdigit() else getattr(value, segment)
    if isinstance(value, datetime):
        return value.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    return list(value) if isinstance(value, tuple) else value
