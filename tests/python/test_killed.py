"""Clients that are killed, and calls that are cancelled: the emulator goes on, and the next one gets its answer."""

from __future__ import annotations

import asyncio
import os
import random
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import azure_imds
import pytest
import wire
from azure_imds import AsyncClient, Client, _native, _transport
from azure_imds.emulator import Emulator, serving

ASKING = """
import asyncio, sys
from azure_imds import AsyncClient, Client

url, kind, event = sys.argv[1:]
options = {"paced": False, "retries": 0, "transport_retries": 0}
client, clients = Client(url, **options), AsyncClient(url, **options)

def ask(method, *arguments):
    try:
        if kind == "async":
            asyncio.run(getattr(clients, method)(*arguments))
        else:
            getattr(client, method)(*arguments)
    except Exception:
        pass

while True:
    if event:
        ask("approve", event)
    ask("token", "r")
    ask("instance")
"""
HASTY: dict[str, Any] = {"paced": False, "retries": 0, "transport_retries": 0}


@pytest.fixture(scope="module")
def emulator() -> Iterator[Emulator]:
    with serving({"compute": {"name": "web-1"}}, limits=False) as emulator:
        emulator.make_keys()
        yield emulator


@pytest.fixture(params=["blocking", "async"])
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def start(emulator: Emulator, kind: str, event: str = "") -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-c", ASKING, emulator.url, kind, event])


def kill(process: subprocess.Popen[bytes]) -> None:
    """By SIGKILL, where there is such a thing."""
    process.kill()
    process.wait()


def until(holds: Callable[[], bool]) -> None:
    end = time.monotonic() + 120
    while not holds():
        assert time.monotonic() < end, "it did not come about in time"
        time.sleep(0.005)


def reset(emulator: Emulator, *rules: str) -> str:
    """One event under way, these rules, nothing in the journal."""
    for event in emulator.events:
        emulator.cancel(event.id)
    emulator.clear_faults()
    for rule in rules:
        emulator.fault(rule)
    emulator.clear_requests()
    return emulator.schedule("live-migration", started=600)


def incarnation(emulator: Emulator) -> int:
    return int(wire.ask(emulator.url, wire.EVENTS).json["DocumentIncarnation"])


def is_well(emulator: Emulator) -> None:
    client = Client(emulator.url, **HASTY)
    assert client.instance().compute.name == "web-1" and client.token("r").secret
    assert len(client.scheduled_events().events) == 1


def files() -> int:
    return len(os.listdir("/proc/self/fd")) if os.path.isdir("/proc/self/fd") else 0


@pytest.mark.parametrize(
    "fault", ["slow=300x*", "endlessx*", "giant=16000000+slow=1000000x*", "hangx*", "delay=100000sx*"]
)
def test_killed_in_the_middle_of_an_answer(emulator: Emulator, kind: str, fault: str) -> None:
    reset(emulator, f"*:{fault}")
    before = files()
    process = start(emulator, kind)
    until(lambda: len(emulator.requests) == 1)
    time.sleep(0.05)
    kill(process)
    until(lambda: files() <= before)
    reset(emulator)
    is_well(emulator)


def test_killed_in_the_middle_of_delayed_tokens(kind: str) -> None:
    with serving({"limits": {"perSecond": 0, "identityPerSecond": 0}}) as emulator, ThreadPoolExecutor(5) as pool:
        emulator.make_keys()
        reset(emulator, "token:ok+delay=30sx5")
        processes = [start(emulator, kind) for _ in range(5)]
        until(lambda: len(emulator.requests) == 5)
        with pytest.raises(azure_imds.ServiceError) as caught:
            Client(emulator.url, **HASTY).token("r")
        assert caught.value.code == "throttled", "five are out"
        for process in processes:
            kill(process)
        emulator.advance(31)  # their places are free when their answers would have gone out
        emulator.fault("token:ok+delay=200x5")
        five = [pool.submit(Client(emulator.url, **HASTY).token, "r") for _ in range(5)]
        assert all(one.result().secret for one in five)


def test_killed_in_the_middle_of_an_approval(emulator: Emulator, kind: str) -> None:
    event = reset(emulator, "scheduledevents:ok+delay=1000s")
    process = start(emulator, kind, event)
    until(lambda: len(emulator.requests) == 1)
    kill(process)
    assert [it.status for it in emulator.events] == ["Started"], "approved"
    before = incarnation(emulator)
    Client(emulator.url, **HASTY).approve(event)
    assert incarnation(emulator) == before, "once"
    # One whose body did not come to its end is none.
    event = reset(emulator)
    before = incarnation(emulator)
    body = f'{{"StartRequests":[{{"EventId":"{event}"}}]}}'.encode()
    for sent in (len(body), len(body) // 2, 0):
        with wire.connection(emulator.url) as half:
            half.sendall(wire.request(wire.EVENTS, f"Content-Length: {len(body) + 1}", method="POST") + body[:sent])
    time.sleep(0.1)
    assert incarnation(emulator) == before and {it.method for it in emulator.requests} == {"GET"}
    is_well(emulator)


def test_killed_at_any_moment(emulator: Emulator, kind: str) -> None:
    chance = random.Random(kind)
    for requests in range(6):
        event = reset(emulator, "*:ok,ok+delay=20,ok+slow=20000,repeat")
        process = start(emulator, kind, event)
        while len(emulator.requests) <= requests:
            time.sleep(0.005)
        time.sleep(chance.uniform(0, 0.02))
        kill(process)
        (seen,) = emulator.events
        assert seen.status == "Started", "the approval comes first"
    reset(emulator)
    is_well(emulator)


# Inside a process.


@pytest.mark.parametrize("fault", ["hangx*", "giant=1000+slow=300x*", "delay=100000sx*", "410x*"])
def test_cancelled_calls_give_their_places_back(emulator: Emulator, fault: str) -> None:
    """Even while their exceptions are kept: a client has five tokens out at once, and no more."""

    async def run() -> None:
        event = reset(emulator, f"*:{fault}")
        # It is the cancelling that ends each call, whatever the machine does meanwhile.
        client, kept = AsyncClient(emulator.url, timeout=1000, attempt_timeout=1000), []
        asks: list[Callable[[], Coroutine[Any, Any, Any]]] = [lambda: client.token("r"), lambda: client.approve(event)]
        # An approval does not wait for the end of an update: it is over at once.
        for ask in asks if fault != "410x*" else asks[:1] * 2:
            for _ in range(8):
                call = asyncio.create_task(ask())
                await asyncio.sleep(0.05)
                call.cancel()
                with pytest.raises(asyncio.CancelledError) as caught:
                    await call
                kept.append(caught.value)
        assert len(kept) == 16
        reset(emulator)
        assert (await asyncio.wait_for(client.token("r"), 120)).secret

    before = files()
    asyncio.run(run())
    until(lambda: not [it for it in threading.enumerate() if it.name == "azure-imds-request"])
    until(lambda: files() <= before)
    is_well(emulator)


def test_calls_that_a_transport_ends_give_their_places_back(emulator: Emulator) -> None:
    class OwnError(Exception):
        pass

    is_broken = True

    def carry(request: azure_imds.Request) -> azure_imds.Response:
        if is_broken:
            raise OwnError
        return _transport.carry(request)

    reset(emulator)
    client, kept = Client(emulator.url, transport=carry, timeout=120), []
    for _ in range(8):
        with pytest.raises(OwnError) as caught:
            client.token("r")
        kept.append(caught.value)
    is_broken = False
    assert len(kept) == 8 and client.token("r").secret


def test_a_call_that_was_abandoned_is_over() -> None:
    call: _native.Call[Any] = Client("http://127.0.0.1:9", environment={})._native.token("r", {})
    step = call.poll(0)
    assert step[0] == "send"
    call.abandon()
    call.fail(step[1], 1, "truncated", "too late", 1)
    call.receive(step[1], 1, 200, [], b"{}")
    assert call.poll(2) == ("done", None)
    with pytest.raises(azure_imds.UsageError) as caught:
        call.fail(step[1] + 1, 3, "truncated", "another's", 1)
    assert caught.value.code == "request_stale" and call.poll(4) == ("done", None)
