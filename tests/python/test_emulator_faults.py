"""Every fault as a client sees it on the socket, and what the server bears."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from itertools import pairwise
from typing import Any

import pytest
import wire
from azure_imds.emulator import Emulator, serving
from azure_imds.emulator._connection import Patience
from azure_imds.emulator._pieces import paced
from azure_imds.emulator._server import Server, listen, url_of
from azure_imds.emulator._thread import LoopThread

SEED = bytes(range(32))


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with serving(seed=SEED, limits=False) as emulator:
        yield emulator.url


def test_an_answer_is_whole_and_says_so(url: str) -> None:
    answer = wire.ask(url, wire.NAME)
    assert (answer.status, answer.body) == (200, b"emulated-vm")
    assert answer.headers["content-length"] == "11" and answer.headers["connection"] == "close"
    assert answer.headers["server"].startswith("IMDS/") and "date" in answer.headers


def test_delay_holds_the_first_byte_back_and_nobody_else(url: str) -> None:
    with wire.connection(url, timeout=0.4) as held:
        held.sendall(wire.request(wire.NAME, wire.fault("delay=100000s")))
        assert wire.ask(url, wire.NAME).status == 200
        with pytest.raises(TimeoutError):
            held.recv(1)
    slow = wire.ask(url, wire.NAME, wire.fault("delay=600ms"))
    assert slow.status == 200 and slow.seconds >= 0.6


def test_drop_sends_not_one_byte(url: str) -> None:
    with wire.connection(url) as connected:
        connected.sendall(wire.request(wire.NAME, wire.fault("drop")))
        assert connected.recv(1) == b""


def test_truncate_says_all_and_sends_a_part(url: str) -> None:
    whole = wire.ask(url, wire.INSTANCE)
    for step, length in (("truncate=10", 10), ("truncate=0", 0), ("truncate", len(whole.body) // 2)):
        cut = wire.ask(url, wire.INSTANCE, wire.fault(step))
        assert cut.headers["content-length"] == str(len(whole.body))
        assert cut.body == whole.body[:length], step


def test_hang_keeps_the_connection_open_and_silent(url: str) -> None:
    with wire.connection(url, timeout=0.4) as connected:
        connected.sendall(wire.request(wire.NAME, wire.fault("hang")))
        with pytest.raises(TimeoutError):
            connected.recv(1)
        connected.sendall(b"still there")


def test_endless_goes_on_without_a_length(url: str) -> None:
    with wire.connection(url) as connected:
        connected.sendall(wire.request(wire.NAME, wire.fault("endless")))
        came = b""
        while len(came) < 5_000_000:
            piece = connected.recv(65_536)
            assert piece
            came += piece
    answer = wire.parsed(came)
    assert answer.status == 200 and "content-length" not in answer.headers
    assert answer.headers["transfer-encoding"] == "chunked"
    assert b"emulated-vmemulated-vm" in answer.body
    assert wire.ask(url, wire.NAME).status == 200


def test_endless_without_a_body_goes_on_as_well(url: str) -> None:
    with wire.connection(url) as connected:
        connected.sendall(wire.request(wire.NAME, wire.fault("empty+endless")))
        assert sum(len(connected.recv(65_536)) for _ in range(50)) > 50


def test_an_endless_answer_does_not_starve_others(url: str) -> None:
    with wire.connection(url) as greedy, ThreadPoolExecutor(1) as pool:
        greedy.sendall(wire.request(wire.INSTANCE, wire.fault("endless")))

        enough = threading.Event()

        def swallow() -> None:
            while not enough.is_set():
                greedy.recv(1 << 20)

        swallowed = pool.submit(swallow)
        try:
            assert {wire.ask(url, wire.NAME).status for _ in range(20)} == {200}
        finally:
            enough.set()
        swallowed.result()


def test_slow_keeps_the_pace(url: str) -> None:
    answer = wire.ask(url, wire.INSTANCE, wire.fault("slow=4000"))
    assert len(answer.body) == int(answer.headers["content-length"])
    assert answer.seconds > 0.8 * len(answer.body) / 4000
    waits, pieces = zip(*paced(answer.body, 4000), strict=True)
    assert b"".join(pieces) == answer.body and sum(waits) == pytest.approx(len(answer.body) / 4000)


@pytest.mark.parametrize(
    ("step", "status", "body"),
    [
        ("500", 500, b"Server error"),
        ("410", 410, b"Gone"),
        ("429", 429, b"Too many requests"),
        ("empty", 200, b""),
        ("empty-json", 200, b"{}"),
        ("bad-json", 200, b'{"compute"'),
        ("bad-utf8", 200, b"\xff"),
        ("login", 200, b"Sign in"),
        ("proxy", 504, b"Gateway Time-out"),
        ("docker", 403, b"169.254.169.254"),
        ("wireserver", 500, b""),
        ("giant=100000", 200, b"a" * 99_000),
        ("redirect=http://other.example/", 302, b""),
        ("nonsense", 400, b"nonsense"),
    ],
)
def test_faults_that_are_answers(url: str, step: str, status: int, body: bytes) -> None:
    answer = wire.ask(url, wire.INSTANCE, wire.fault(step))
    assert answer.status == status and body in answer.body
    assert len(answer.body) == int(answer.headers["content-length"])


# What the server bears.


def test_connections_are_kept_and_pipelined_requests_answered_in_order(url: str) -> None:
    with wire.connection(url) as connected:
        first = wire.request(wire.NAME, wire.fault("delay=100ms"))
        second = wire.request("/metadata/instance/compute/location?api-version=2021-02-01&format=text")
        last = wire.request("/metadata/instance", "Connection: close", metadata=False)
        connected.sendall(first + second + last)
        came = wire.everything(connected)
    positions = [came.index(text) for text in (b"emulated-vm", b"eastus2", b"Required metadata header")]
    assert positions == sorted(positions) and came.count(b"HTTP/1.1 ") == 3


def test_a_request_byte_by_byte(url: str) -> None:
    with wire.connection(url) as connected:
        for byte in wire.request(wire.NAME, "Connection: close"):
            connected.sendall(bytes([byte]))
        assert wire.parsed(wire.everything(connected)).body == b"emulated-vm"


def test_http_1_0_and_expect_continue(url: str) -> None:
    with wire.connection(url) as connected:
        connected.sendall(f"GET {wire.NAME} HTTP/1.0\r\nMetadata: true\r\n\r\n".encode())
        assert wire.everything(connected).endswith(b"emulated-vm")
    with wire.connection(url) as connected:
        head = wire.request(
            wire.EVENTS, "Expect: 100-continue", "Content-Length: 2", "Connection: close", method="POST"
        )
        connected.sendall(head)
        assert connected.recv(100).startswith(b"HTTP/1.1 100 ")
        connected.sendall(b"{}")
        assert wire.parsed(wire.everything(connected)).status == 400


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip\r\n\r\n", 501),
        (b"GET / HTTP/1.1\r\nHost: a\r\nX: " + b"a" * 200_000 + b"\r\n\r\n", 431),
    ],
)
def test_what_is_no_http_is_refused_and_the_connection_closed(url: str, sent: bytes, status: int) -> None:
    with wire.connection(url) as connected:
        try:
            connected.sendall(sent)
            came = wire.everything(connected)
        except ConnectionError:  # closed before all of it was read
            assert status == 431
            return
    assert wire.parsed(came).status == status and came.count(b"HTTP/1.1 ") == 1


def test_too_much_is_refused_in_the_words_of_the_service(url: str) -> None:
    many = [f"X-{number}: {'a' * 1000}" for number in range(80)]
    assert b"header fields" in wire.ask(url, wire.NAME, *many).body
    assert b"longer than 16 KiB" in wire.ask(url, f"{wire.NAME}&{'a' * 20_000}").body
    with wire.connection(url) as connected:
        connected.sendall(wire.request(wire.EVENTS, method="POST", body=b" " * 65_537))
        assert b"longer than 64 KiB" in wire.everything(connected)


def test_many_connections_at_once(url: str) -> None:
    open_ones = [socket.create_connection(("127.0.0.1", int(url.rpartition(":")[2])), timeout=60) for _ in range(300)]
    try:
        for connected in open_ones:
            connected.sendall(wire.request(wire.NAME, "Connection: close"))
        assert {wire.parsed(wire.everything(connected)).body for connected in open_ones} == {b"emulated-vm"}
    finally:
        for connected in open_ones:
            connected.close()


def test_probes_without_the_header_are_answered(url: str) -> None:
    for _ in range(3):
        with wire.connection(url):
            pass  # some clients only see whether anybody listens
        answer = wire.ask(url, "/metadata/identity/oauth2/token", metadata=False)
        assert answer.status == 400
        assert answer.json["error"] == "invalid_request"


def test_too_many_are_shown_the_door() -> None:
    with served_with(connections=3) as url, ExitStack() as open_ones:
        for _ in range(3):
            connected = open_ones.enter_context(wire.connection(url))
            connected.sendall(wire.request(wire.NAME, wire.fault("hang")))
        with wire.connection(url) as fourth, pytest.raises(ConnectionError):
            fourth.sendall(wire.request(wire.NAME))
            raise ConnectionError if fourth.recv(1) == b"" else AssertionError


def test_slow_clients_are_shown_the_door() -> None:
    with served_with(patience=Patience(idle=0.5, request=0.5, write=0.5)) as url:
        with wire.connection(url) as idle, wire.connection(url) as slow, wire.connection(url) as deaf:
            with suppress(ConnectionError):  # Where it is shown the door before it has said so much.
                slow.sendall(b"GET / HTTP/1.1\r\nHo")
                deaf.sendall(wire.request(wire.INSTANCE, wire.fault("giant=16000000")))
            for one in (idle, slow):
                with suppress(ConnectionError):
                    assert one.recv(1) == b""
            time.sleep(0.5)
        assert wire.ask(url, wire.NAME).status == 200


@contextmanager
def served_with(**options: Any) -> Iterator[str]:
    """A server of its own, with other limits."""
    loop = LoopThread()
    try:
        with listen() as listening, loop.running(Server(Emulator(limits=False), listening, **options)):
            yield url_of(listening)
    finally:
        loop.close()


def test_five_a_second_and_no_more() -> None:
    with serving(seed=SEED) as emulator:
        for _ in range(100):
            emulator.clear_requests()
            answers = [wire.ask(emulator.url, wire.NAME) for _ in range(6)]
            moments = [entry.at_ms for entry in emulator.requests]
            emulator.advance(1)
            if moments[-1] - moments[0] < 200:  # Else the machine was too busy to ask so often.
                break
            emulator.advance(10)
        assert [answer.status for answer in answers] == [200] * 5 + [429]
        assert answers[-1].body == b"Too many requests"
        assert wire.ask(emulator.url, wire.NAME).status == 200
        emulator.limits = False
        assert [wire.ask(emulator.url, wire.NAME).status for _ in range(12)] == [200] * 12


def test_five_tokens_at_once_and_no_more() -> None:
    with serving({"limits": {"perSecond": 0, "identityPerSecond": 0}}, seed=SEED) as emulator, ExitStack() as under_way:
        emulator.make_keys()
        for count in range(1, 6):
            asking = under_way.enter_context(wire.connection(emulator.url))
            asking.sendall(wire.request(wire.TOKEN, wire.fault("delay=100s")))
            while len(emulator.requests) < count:
                time.sleep(0.005)
        assert [wire.ask(emulator.url, wire.TOKEN).status for _ in range(3)] == [429] * 3
        assert [entry.status for entry in emulator.requests] == [200] * 5 + [429] * 3
        emulator.advance(101)
        assert wire.ask(emulator.url, wire.TOKEN).status == 200


def test_rules_are_played_in_order() -> None:
    with serving(seed=SEED, limits=False, faults=["instance:500x2,ok,404"]) as emulator:
        assert wire.ask(emulator.url, wire.NAME, metadata=False).status == 400
        statuses = [wire.ask(emulator.url, wire.NAME).status for _ in range(5)]
        assert statuses == [500, 500, 200, 404, 200]
        assert [entry.fault for entry in emulator.requests] == [None, "500x2", "500x2", "ok", "404", None]
        moments = [entry.at_ms for entry in emulator.requests]
        assert all(before <= after for before, after in pairwise(moments))
