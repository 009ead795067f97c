"""The transcripts of the emulator in `emulator.json`, played on a virtual clock against the native emulator."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from azure_imds import UsageError, _native
from azure_imds.emulator import Reply

FILE = Path(__file__).parent.parent / "vectors" / "emulator.json"
SUITE = json.loads(FILE.read_bytes())
CASES = {case["id"]: case for case in SUITE["cases"]}

BEGIN = 1_785_245_040
"""2026-07-28T13:24:00Z, the wall clock at 0."""

NO_LIMITS = {"limits": {"perSecond": 0, "identityPerSecond": 0, "identityConcurrent": 0}}

KEYS = _native.Emulator(
    _native.Configuration.from_json("{}", False), seed=bytes([7] * 32), origin=None, authority=None, sibling=None
)
"""Lends its keys, which take a while to make."""


def test_the_suite_is_the_one_that_is_known() -> None:
    assert (SUITE["version"], len(CASES), len(SUITE["cases"])) == (1, 42, 42)
    known = {"id", "importance", "description", "machine", "limits", "faults", "events", "steps"}
    for case in CASES.values():
        assert case.keys() <= known, case["id"]
        for step in case["steps"]:
            if "change" in step:
                assert step.keys() <= {"at", "change", "refused"}, case["id"]
                continue
            assert step.keys() == {"at", "send", "reply"}, case["id"]
            assert step["send"].keys() <= {"method", "target", "headers", "body"}, case["id"]
            replies = {"status", "body", "contains", "headers", "delay", "part", "fault", "ending"}
            assert step["reply"].keys() <= replies, case["id"]


@pytest.mark.parametrize("id", CASES)
def test_transcript(id: str) -> None:
    case = CASES[id]
    emulator = started(**{key: case[key] for key in case.keys() & {"machine", "limits", "faults", "events"}})
    for step in case["steps"]:
        if "change" in step:
            assert changed(emulator, step["change"]) == step.get("refused"), step
        else:
            compare(handled(emulator, step["at"], **step["send"]), **step["reply"])


def started(
    machine: dict[str, Any] | None = None,
    limits: bool = False,
    faults: tuple[str, ...] = (),
    events: tuple[str, ...] = (),
) -> _native.Emulator:
    KEYS.make_keys()
    configuration = {**(machine or {}), **({} if limits else NO_LIMITS)}
    emulator = _native.Emulator(
        _native.Configuration.from_json(json.dumps(configuration), False),
        seed=bytes([7] * 32),
        origin=None,
        authority=None,
        sibling=KEYS,
    )
    for rule in faults:
        emulator.add_fault(rule)
    for name in events:
        emulator.schedule(0, BEGIN, name, "{}", None)
    return emulator


def handled(
    emulator: _native.Emulator,
    at: int,
    method: str,
    target: str,
    headers: dict[str, str] | None = None,
    body: str = "",
) -> Reply:
    return emulator.handle(at, BEGIN + at // 1000, method, target, list((headers or {}).items()), body.encode())


def changed(emulator: _native.Emulator, changes: dict[str, Any]) -> str | None:
    try:
        emulator.change(json.dumps(changes))
    except UsageError as error:
        return error.code
    return None


def compare(
    reply: Reply,
    status: int,
    body: str | None = None,
    contains: str = "",
    headers: dict[str, str] | None = None,
    delay: int | None = None,
    part: str | None = None,
    fault: str | None = "not compared",
    ending: str = "whole",
) -> None:
    text = reply.body.decode(errors="replace")
    assert reply.status == status, text
    assert body is None or text == body
    assert contains in text
    found = {name.lower(): value for name, value in reversed(reply.headers)}
    assert {name: found.get(name.lower()) for name in headers or {}} == (headers or {})
    assert delay is None or reply.delay_ms == delay
    assert part is None or reply.part == part
    assert fault == "not compared" or reply.fault == fault
    kind, count = reply.ending
    assert ending == (kind if count is None else f"{kind}={count}")
