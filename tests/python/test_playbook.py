"""Every fault against every call, over real sockets: the same table that Rust and JavaScript hold themselves to."""

from __future__ import annotations

import contextlib
import json
import queue
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import azure_imds
import pytest
from azure_imds import Client, Verifier
from azure_imds.emulator import Emulator
from azure_imds.emulator._thread import LoopThread
from service import KINDS, Make

SUITE = json.loads((Path(__file__).parent.parent / "vectors" / "playbook.json").read_text(encoding="utf-8"))
POLICY = SUITE["policy"]
NONCE = "1234567890"
WORKERS = 16
"""Cases at the same time: most of the time passes with waiting."""

CHANCES = 20
"""Chances that a case has that was late at first."""

SHARE = {"blocking": 1, "async": 1, "httpx": 5, "async-httpx": 5}
"""Of the cases each, or each fifth: the transports by httpx have only their own part to show."""


def _or(text: str | None) -> str:
    return "-" if text is None else text


def _instance(client: Client, *, extended: bool) -> str:
    instance = client.instance(extended=extended)
    compute = instance.compute
    return f"{_or(compute.name)} {_or(compute.os_profile.computer_name)} {len(instance.network.interfaces)}"


def _token(client: Client) -> str:
    token = client.token("https://vault.azure.net")
    return f"{_or(token.resource)} {_or(token.token_type)} {len(token.secret.split('.'))}"


def _verified(client: Client, emulator: Emulator) -> str:
    verifier = Verifier(**emulator.trust._asdict(), fetch=False)
    return verifier.verify(client.attested_document(nonce=NONCE).text, nonce=NONCE).vm_id


def _events(client: Client) -> str:
    return ",".join(f"{_or(event.event_type)} {_or(event.event_status)}" for event in client.scheduled_events().events)


def _approved(client: Client, emulator: Emulator) -> str:
    client.approve(emulator.events[0].id)
    return ""


def _balancer(client: Client) -> str:
    addresses = client.load_balancer().public_ip_addresses
    return _or(addresses[0].frontend_ip_address) if addresses else "-"


def _availability(client: Client) -> str:
    found = client.availability()
    reason = "-" if found.reason is None else found.reason.code
    return f"{'available' if found.is_available else 'absent'} {reason}"


CALLS: dict[str, Callable[[Client, Emulator], str]] = {
    "instance": lambda client, _: _instance(client, extended=False),
    "extended_instance": lambda client, _: _instance(client, extended=True),
    "get": lambda client, _: str(client.get("compute/name")),
    "text": lambda client, _: client.text("network"),
    "tags": lambda client, _: ",".join(f"{name}={value}" for name, value in client.tags().items()),
    "attested_document": lambda client, _: (
        "signed" if len(client.attested_document(nonce=NONCE).signature) > 1_000 else "unsigned"
    ),
    "verified_document": _verified,
    "token": lambda client, _: _token(client),
    "identity_info": lambda client, _: _or(client.identity_info().tenant_id),
    "scheduled_events": lambda client, _: _events(client),
    "approve": _approved,
    "load_balancer": lambda client, _: _balancer(client),
    "versions": lambda client, _: _or(client.versions().newest),
    "availability": lambda client, _: _availability(client),
}


def _reset(emulator: Emulator, fault: str) -> None:
    for event in emulator.events:
        emulator.cancel(event.id)
    emulator.schedule(SUITE["scenario"])
    emulator.clear_faults()
    emulator.fault(f"*:{fault}")
    emulator.clear_requests()


def _found(make: Make, emulator: Emulator, case: dict[str, Any]) -> tuple[str, str | None, int]:
    _reset(emulator, case["fault"])
    client = make(
        emulator.url,
        attempt_timeout=POLICY[case["patience"]]["attempt_timeout_ms"] / 1000,
        timeout=POLICY[case["patience"]]["timeout_ms"] / 1000,
        retries=POLICY["retries"],
        transport_retries=POLICY["transport_retries"],
        backoff=POLICY["backoff_ms"] / 1000,
        max_body=POLICY["max_body"],
        paced=POLICY["paced"],
    )
    outcome, value = "ok", None
    try:
        value = CALLS[case["call"]](client, emulator)
    except azure_imds.ImdsError as error:
        outcome = error.code
    return outcome, value, len(emulator.requests)


def _is_right(case: dict[str, Any], found: tuple[str, str | None, int]) -> bool:
    return found == (case["outcome"], case.get("value"), case["requests"])


@pytest.mark.parametrize("kind", list(KINDS))
def test_every_case_comes_out_as_in_the_table(kind: str) -> None:
    cases: queue.SimpleQueue[dict[str, Any]] = queue.SimpleQueue()
    for case in sorted(
        SUITE["cases"][:: SHARE[kind]], key=lambda case: ["long", "short", "ample"].index(case["patience"])
    ):
        cases.put(case)
    count, late, held = cases.qsize(), [], []
    assert {case["call"] for case in SUITE["cases"]} == set(CALLS) and count * SHARE[kind] > 1_200
    loop, elder = LoopThread(), Emulator()
    elder.make_keys()

    def served() -> contextlib.AbstractContextManager[Emulator]:
        return loop.serving(SUITE["machine"], limits=False, sibling=elder)

    def work() -> None:
        with contextlib.ExitStack() as stack:
            emulator = stack.enter_context(served())
            emulator.make_keys()
            with contextlib.suppress(queue.Empty):
                while True:
                    case = cases.get_nowait()
                    if not _is_right(case, _found(KINDS[kind], emulator, case)):
                        late.append(case)
                        emulator = stack.enter_context(served())  # what is late may come to the next one
                    held.append(case)

    with ThreadPoolExecutor(WORKERS) as pool:
        for worker in [pool.submit(work) for _ in range(WORKERS)]:
            worker.result()
    assert len(held) == count and len(late) < count / 2, late
    # A machine that is too busy for so many at once may make a case late: each has a few more chances, by itself.
    wrong = []
    for case in late:
        for _ in range(CHANCES):
            with served() as emulator:
                emulator.make_keys()
                found = _found(KINDS[kind], emulator, case)
            if _is_right(case, found):
                break
        else:
            wrong.append(f"{case}: {found}")
    loop.close()
    assert not wrong, f"{len(wrong)} of {count}:\n" + "\n".join(wrong[:50])
