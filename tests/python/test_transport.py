"""How the metadata address is asked: directly, within the limits, by every transport."""

from __future__ import annotations

import asyncio
import http.client
import os
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import azure_imds
import httpx
import pytest
from azure_imds import AsyncClient, Client, TransportError, _exchange, _transport
from azure_imds.errors import TransportCode
from azure_imds.httpx import AsyncHttpxTransport, HttpxTransport
from service import INSTANCE, KINDS, VM_ID, Make, answer, awaited, service
from web import Page, Web, page, serving


@pytest.fixture(params=list(KINDS))
def make(request: pytest.FixtureRequest) -> Make:
    """Each way to make calls."""
    return KINDS[request.param]


def failed(make: Make, url: str, **options: Any) -> tuple[TransportError, float]:
    """The error of one attempt, and the seconds it took."""
    start = time.monotonic()
    with pytest.raises(TransportError) as caught:
        make(url, **{"transport_retries": 0, "timeout": 120, **options}).instance()
    return caught.value, time.monotonic() - start


# Proxies.


PROXY_VARIABLES = [
    *("http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY", "ftp_proxy", "REQUEST_METHOD")
]


@pytest.fixture
def proxy(monkeypatch: pytest.MonkeyPatch) -> Iterator[Web]:
    """A proxy that every variable names, and that answers for anybody."""
    with serving(page(b"by the proxy")) as web:
        for name in PROXY_VARIABLES[:-1]:
            monkeypatch.setenv(name, web.origin)
        yield web


def test_no_proxy_is_ever_used(make: Make, proxy: Web) -> None:
    with service() as web:
        client = make(web.origin)
        assert client.instance().compute.vm_id == VM_ID and client.is_available() and client.token("r")
        assert client.diagnose().is_healthy
        make(web.origin.replace("127.0.0.1", "localhost")).instance()
        assert len(web.asked) == 6 and proxy.asked == []


def test_the_proxy_of_that_test_would_be_used(proxy: Web) -> None:
    with service() as web:
        assert httpx.get(web.origin).text == "by the proxy"
        assert web.asked == [] and len(proxy.asked) == 1


def test_nothing_is_read_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Not even asked for: the only reader is the client's constructor."""
    with service() as web:
        clients = [Client(web.origin), Client(web.origin, transport=HttpxTransport())]

        def refuse(*_: object) -> None:
            raise AssertionError("the environment was read")

        monkeypatch.setattr(os, "getenv", refuse)
        monkeypatch.setattr(os.environ.__class__, "__getitem__", refuse)
        try:
            found = [client.text("compute/vmId") for client in clients]
        finally:
            monkeypatch.undo()
    assert found == [VM_ID, VM_ID]


def test_what_is_sent(make: Make) -> None:
    with service() as web:
        make(web.origin).instance()
        (headers,) = web.headers
    assert headers["Metadata"] == "true"
    assert headers["User-Agent"].startswith("azure-imds/")
    assert headers["Host"] == web.origin.removeprefix("http://")
    known = {"Accept", "Accept-Encoding", "Connection", "Host", "Metadata", "User-Agent"}
    assert headers.keys() <= known, "X-Forwarded-For and the like are refused by the service"


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_no_redirect_is_followed(make: Make, status: int) -> None:
    with service() as elsewhere:
        target = f"{elsewhere.origin}/metadata/instance?api-version=2025-04-07"
        with service(instance=answer("", status, Location=target)) as web:
            with pytest.raises(azure_imds.ServiceError) as caught:
                make(web.origin).instance()
            assert caught.value.code == "redirected" and len(web.asked) == 1
        assert elsewhere.asked == []


# Limits.


def _drip_head(request: Page) -> None:
    request.wfile.write(b"HTTP/1.1 200 OK\r\nX: ")
    while True:
        request.wfile.write(b"x")
        time.sleep(0.02)


def _drip_body(request: Page) -> None:
    request.send_response(200)
    request.end_headers()
    while True:
        request.wfile.write(b" ")
        time.sleep(0.02)


def _silence(request: Page) -> None:
    request.rfile.read(1)


@pytest.mark.parametrize("script", [_drip_head, _drip_body, _silence])
def test_a_service_that_hangs_costs_no_more_than_the_time(make: Make, script: Callable[[Page], None]) -> None:
    with service(instance=script) as web:
        error, took = failed(make, web.origin, timeout=0.3)
        assert error.code == "read_timeout" and error.retryable and 0.25 < took < 60
        _no_thread_stays()


def test_a_connection_that_is_not_taken_costs_no_more_than_the_time_for_connecting(make: Make) -> None:
    with socket.socket() as full, socket.socket() as one, socket.socket() as two:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        for client in (one, two):
            client.setblocking(False)
            client.connect_ex(full.getsockname())
        url = "http://127.0.0.1:{1}".format(*full.getsockname())
        error, _ = failed(make, url, connect_timeout=0.2, timeout=1)
    assert error.code in ("connect_timeout", "read_timeout")


@pytest.mark.parametrize("kind", ["blocking", "async"])
def test_a_look_up_that_hangs_sends_nothing_later(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """An approval that timed out while it connected is told as not sent: then it must not be sent any more."""
    release, looked_up = threading.Event(), socket.getaddrinfo

    def hang(*args: Any, **named: Any) -> Any:
        release.wait(120)
        return looked_up(*args, **named)

    with service() as web:
        monkeypatch.setattr(socket, "getaddrinfo", hang)
        client = KINDS[kind](web.origin, connect_timeout=0.1, transport_retries=0)
        with pytest.raises(TransportError) as caught:
            client.approve("an-event")
        assert caught.value.code == "connect_timeout"
        release.set()
        _no_thread_stays()
        assert web.asked == []


def test_a_refused_connection_is_told(make: Make) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        error, took = failed(make, "http://127.0.0.1:{1}".format(*unused.getsockname()))
    assert error.code == "refused" and took < 60


def _hang_up(request: Page) -> None:
    request.connection.shutdown(socket.SHUT_RDWR)


def _reset(request: Page) -> None:
    """Closes with data unread, and at once."""
    request.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\x00\x00\x00\x00\x00\x00\x00")
    request.connection.close()


def _cut_short(request: Page) -> None:
    request.send_response(200)
    request.send_header("Content-Length", "5000")
    request.end_headers()
    request.wfile.write(INSTANCE[:100].encode())


def _cut_chunk(request: Page) -> None:
    request.wfile.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nff\r\nabc")


def _not_http(request: Page) -> None:
    request.wfile.write(b"hello\r\n\r\n")


@pytest.mark.parametrize("script", [_hang_up, _reset, _cut_short, _cut_chunk, _not_http])
def test_an_answer_that_ends_early_is_told(make: Make, script: Callable[[Page], None]) -> None:
    with service(instance=script) as web:
        assert failed(make, web.origin)[0].code == "truncated"
        assert len(web.asked) == 1


def _endless(request: Page) -> None:
    request.send_response(200)
    request.end_headers()
    while True:
        request.wfile.write(b" " * 4096)


def _endless_chunks(request: Page) -> None:
    request.wfile.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
    while True:
        request.wfile.write(b"1000\r\n" + b" " * 4096 + b"\r\n")


def _absurd(request: Page) -> None:
    request.send_response(200)
    request.send_header("Content-Length", str(2**63))
    request.end_headers()
    while True:
        request.wfile.write(b" " * 4096)


@pytest.mark.parametrize("script", [_endless, _endless_chunks, _absurd])
def test_an_answer_that_is_too_long_is_told(make: Make, script: Callable[[Page], None]) -> None:
    with service(instance=script) as web:
        error, took = failed(make, web.origin, max_body=10_000, transport_retries=2)
        assert error.code == "too_long" and not error.retryable and took < 60
        assert len(web.asked) == 1 and "10000" in str(error)


def test_chunks_are_put_together(make: Make) -> None:
    def chunked(request: Page) -> None:
        request.wfile.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        whole = INSTANCE.encode()
        for at in range(0, len(whole), 1000):
            piece = whole[at : at + 1000]
            request.wfile.write(b"%x\r\n%s\r\n" % (len(piece), piece))
        request.wfile.write(b"0\r\n\r\n")

    with service(instance=chunked) as web:
        assert make(web.origin).instance().json == INSTANCE


def test_an_ipv6_address_is_taken_out_of_its_brackets(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    def refuse(address: tuple[str, int], *_args: object, **_named: object) -> None:
        asked.append(address)
        raise ConnectionRefusedError

    monkeypatch.setattr(socket, "create_connection", refuse)
    assert failed(Client, "http://[::1]:8080/imds")[0].code == "refused"
    assert asked == [("::1", 8080)]


# Time.


@pytest.mark.parametrize(
    ("status", "waits"), [(410, [10.0] * 7), (429, [1.0, 2.0, 4.0, 8.0]), (503, [1.0, 2.0, 4.0, 8.0]), (403, [])]
)
@pytest.mark.parametrize("kind", ["blocking", "async"])
def test_what_is_tried_again_and_when(
    kind: str, status: int, waits: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a clock that nobody waits for."""
    now, waited = 5_000_000, []

    def pass_by(seconds: float) -> None:
        nonlocal now
        waited.append(seconds)
        now += round(seconds * 1000)

    async def pass_by_async(seconds: float) -> None:
        pass_by(seconds)

    def carry(request: azure_imds.Request) -> azure_imds.Response:
        return azure_imds.Response(status, [("Server", "IMDS/1")], b'{"error":"no"}')

    async def carry_async(request: azure_imds.Request) -> azure_imds.Response:
        return carry(request)

    monkeypatch.setattr(_exchange, "now_ms", lambda: now)
    monkeypatch.setattr(_exchange, "seconds_until", lambda moment: max(moment - now, 0) / 1000)
    monkeypatch.setattr(_exchange, "sleep", pass_by)
    monkeypatch.setattr(asyncio, "sleep", pass_by_async)
    client = Client(transport=carry) if kind == "blocking" else awaited(lambda: AsyncClient(transport=carry_async))
    with pytest.raises(azure_imds.ServiceError) as caught:
        client.instance()
    assert len(waited) == len(waits) and len(caught.value.attempts) == len(waits) + 1
    # The host's jitter makes a growing wait up to half as long again.
    for measured, least in zip(waited, waits, strict=True):
        assert least <= measured <= least * (1.5 if status != 410 else 1)


# Cancelling.


def test_a_cancelled_call_leaves_nothing_behind() -> None:
    async def run(web: Web) -> float:
        call = asyncio.create_task(AsyncClient(web.origin).scheduled_events())
        while not web.asked:
            await asyncio.sleep(0.01)
        start = time.monotonic()
        call.cancel()
        with pytest.raises(asyncio.CancelledError):
            await call
        return start

    with service(scheduledevents=_silence) as web:
        start = asyncio.run(run(web))
        _no_thread_stays()
        assert time.monotonic() - start < 60 and len(web.asked) == 1


def test_the_loop_runs_while_a_request_is_out() -> None:
    release = threading.Event()

    def patient(request: Page) -> None:
        release.wait(120)
        answer(INSTANCE)(request)

    async def run(web: Web) -> None:
        client = AsyncClient(web.origin, paced=False)
        calls = [asyncio.create_task(client.instance()) for _ in range(3)]
        while len(web.asked) < 3:
            await asyncio.sleep(0.01)
        assert not any(call.done() for call in calls)
        release.set()
        assert [(await call).compute.vm_id for call in calls] == [VM_ID] * 3

    with service(instance=patient) as web:
        asyncio.run(run(web))


# Transports of one's own.


CODES = ["connect_timeout", "local_failure", "read_timeout", "refused", "truncated", "too_long", "unreachable"]


@pytest.mark.parametrize("code", CODES)
def test_a_transport_says_why_there_is_no_answer(code: TransportCode) -> None:
    def carry(request: azure_imds.Request) -> azure_imds.Response:
        raise TransportError("its own words", code=code)

    with pytest.raises(TransportError) as caught:
        Client(transport=carry, transport_retries=0).instance()
    assert caught.value.code == code and caught.value.attempts[0].code == code


@pytest.mark.parametrize(
    ("code", "times"),
    [
        *((code, 3) for code in ("connect_timeout", "local_failure", "refused", "unreachable")),
        *((code, 1) for code in ("read_timeout", "truncated", "own")),
    ],
)
def test_an_approval_is_sent_again_only_if_nothing_was_sent(code: TransportCode, times: int) -> None:
    asked = 0

    def carry(request: azure_imds.Request) -> azure_imds.Response:
        nonlocal asked
        asked += 1
        raise TransportError("its own words", code=code)

    with pytest.raises(TransportError):
        Client(transport=carry, backoff=0).approve("an-event")
    assert asked == times


def test_what_else_a_transport_raises_reaches_the_caller() -> None:
    class OwnError(Exception):
        pass

    def carry(request: azure_imds.Request) -> azure_imds.Response:
        raise OwnError

    async def carry_async(request: azure_imds.Request) -> azure_imds.Response:
        raise OwnError

    for client in (Client(transport=carry), awaited(lambda: AsyncClient(transport=carry_async))):
        with pytest.raises(OwnError):
            client.instance()


def test_a_transport_gets_what_it_has_to_keep() -> None:
    asked: list[azure_imds.Request] = []

    def carry(request: azure_imds.Request) -> azure_imds.Response:
        asked.append(request)
        return azure_imds.Response(200, (), b"{}")

    Client(transport=carry, max_body=5).approve("an-event")
    (request,) = asked
    assert (request.method, request.route, request.max_body) == ("POST", "direct", 5)
    assert request.body == b'{"StartRequests":[{"EventId":"an-event"}]}'
    assert 0 < request.deadline_ms - _transport.now_ms() <= 125_000 and request.connect_timeout_ms == 2_000
    assert repr(request) == "<Request POST http://169.254.169.254/metadata/scheduledevents?api-version=2020-07-01>"


def test_httpx_can_be_given_a_transport_of_its_own() -> None:
    def handle(request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("slow"):
            raise httpx.ReadTimeout("slow", request=request)
        return httpx.Response(200, text=INSTANCE)

    mock = httpx.MockTransport(handle)
    for client in (
        Client(transport=HttpxTransport(mock), transport_retries=0),
        awaited(lambda: AsyncClient(transport=AsyncHttpxTransport(mock), transport_retries=0)),
    ):
        assert client.instance().compute.vm_id == VM_ID
        with pytest.raises(TransportError) as caught:
            client.text("slow")
        assert caught.value.code == "read_timeout"


def test_an_error_that_is_no_matter_of_the_network_is_not_hidden(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_args: object, **_named: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(http.client.HTTPConnection, "request", broken)
    with pytest.raises(ZeroDivisionError):
        Client("http://127.0.0.1:1").instance()


def test_the_package_does_without_httpx() -> None:
    import subprocess

    code = """
import sys
sys.modules["httpx"] = None
import azure_imds
azure_imds.Client()
try:
    import azure_imds.httpx
except ImportError as error:
    print(error)
"""
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    assert ran.stdout == "azure_imds.httpx needs httpx: pip install 'azure-imds[httpx]'\n"


def _no_thread_stays() -> None:
    deadline = time.monotonic() + 60
    while any(thread.name == "azure-imds-request" for thread in threading.enumerate()):
        assert time.monotonic() < deadline
        time.sleep(0.01)
