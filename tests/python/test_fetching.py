"""Issuers that are missing are fetched, within limits: against a server on the loopback address."""

from __future__ import annotations

import asyncio
import socket
import ssl
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

import azure_imds
import mint
import pytest
from azure_imds import _native, _transport
from azure_imds.errors import TransportError
from suite import vector
from web import Page, Web, page, serving

LIMIT = 64 * 1024


def verifier_for(web: Web, **others: Any) -> azure_imds.Verifier:
    arguments = {"anchors": mint.root().der, "allow_origins": [f"{web.origin}/certs"], "cache_dir": None}
    return azure_imds.Verifier(**{**arguments, **others})


def explain(web: Web, **others: Any) -> azure_imds.Report:
    """Verifies a document whose signer names this server as the address of its issuer."""
    document = mint.signer(web.issuer_url).document()
    return verifier_for(web, **others).explain(document, nonce=mint.NONCE)


def test_a_missing_issuer_is_fetched() -> None:
    with serving(page(mint.issuing().der)) as web:
        report = explain(web)
        assert report.verified, str(report)
        assert [(fetch.url, fetch.code, fetch.message) for fetch in report.fetches] == [(web.issuer_url, None, None)]
        assert web.asked == ["/certs/issuing.crt"]
        (headers,) = web.headers
        assert headers.keys() <= {"Accept", "Accept-Encoding", "Connection", "Host", "User-Agent"}
        assert headers["User-Agent"] == f"azure-imds/{azure_imds.version()}"


def test_what_was_fetched_is_remembered() -> None:
    with serving(page(mint.issuing().pem)) as web:
        verifier = verifier_for(web)
        for _ in range(3):
            # Another signer each time, so that no chain is remembered.
            mint.signer.cache_clear()
            assert verifier.verify(mint.signer(web.issuer_url).document(), nonce=mint.NONCE)
        assert len(web.asked) == 1


def test_nothing_is_fetched_unasked() -> None:
    with serving(page(mint.issuing().der)) as web:
        for others in ({"fetch": False}, {"allow_origins": ()}, {"allow_origins": [f"{web.origin}/other"]}):
            report = explain(web, **others)
            assert report.error is not None and report.error.code == "issuer_missing"
            assert report.error.retryable and report.fetches == ()
        forged = mint.Signer(mint.signer(web.issuer_url).certificate, mint.issuing().key).document()
        with pytest.raises(azure_imds.VerifyError, match="content signature is wrong"):
            verifier_for(web).verify(forged, nonce=mint.NONCE)
        assert web.asked == []


def redirected(request: Page) -> None:
    if request.path != "/certs/issuing.crt":
        page(mint.issuing().der)(request)
    else:
        page(b"", 302, Location="/certs/elsewhere.crt")(request)


def endless(request: Page) -> None:
    request.send_response(200)
    request.end_headers()
    while True:
        request.wfile.write(b"0" * LIMIT)


def cut_short(request: Page) -> None:
    request.send_response(200)
    request.send_header("Content-Length", "5000")
    request.end_headers()
    request.wfile.write(mint.issuing().der)


def hung_up(request: Page) -> None:
    request.connection.shutdown(socket.SHUT_RDWR)


def not_http(request: Page) -> None:
    request.wfile.write(b"hello\r\n\r\n")


@pytest.mark.parametrize(
    ("script", "code"),
    [
        (redirected, "redirected"),
        (page(b"", 404), "status"),
        (page(b"", 503), "status"),
        (page(b"", 401, **{"WWW-Authenticate": "Basic"}), "status"),
        (page(b"<html>"), "not_the_issuer"),
        (page(b""), "not_the_issuer"),
        (page(mint.root().der), "not_the_issuer"),
        (page(mint.namesake().der), "not_the_issuer"),
        (page(mint.issuing().pem + b"\n" * LIMIT), "too_long"),
        (endless, "too_long"),
        (cut_short, "truncated"),
        (hung_up, "truncated"),
        (not_http, "truncated"),
    ],
)
def test_a_useless_answer_is_told(script: Callable[[Page], None], code: str) -> None:
    with serving(script) as web:
        verifier, document = verifier_for(web), mint.signer(web.issuer_url).document()
        report = verifier.explain(document, nonce=mint.NONCE)
        assert [fetch.code for fetch in report.fetches] == [code]
        assert report.error is not None and report.error.code == "issuer_missing"
        # What failed is not asked again for five minutes, unless it is the fault of the certificate that named it.
        again = verifier.explain(document, nonce=mint.NONCE).fetches
        assert [fetch.code for fetch in again] == ([code] if code == "not_the_issuer" else [])
        assert set(web.asked) == {"/certs/issuing.crt"}


def test_a_refusal_carries_the_failed_fetch() -> None:
    with serving(page(b"", 503)) as web:
        with pytest.raises(azure_imds.VerifyError) as caught:
            verifier_for(web).verify(mint.signer(web.issuer_url).document(), nonce=mint.NONCE)
        assert caught.value.retryable and caught.value.report is not None
        assert caught.value.report.fetches[0].message == "the server answered with status 503"


def test_the_usual_proxy_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    case = vector("attested::valid::as_azure_signs")
    with serving(page(case.issuers[0])) as web:
        monkeypatch.setenv("http_proxy", web.origin)
        verifier = azure_imds.Verifier(anchors=case.anchors, cache_dir=None)
        assert verifier.verify(case.document, **case.arguments).cloud == "public"
        assert web.asked[0].startswith("http://www.microsoft.com/pkiops/certs/")


@pytest.mark.parametrize("trusted", [True, False])
def test_tls_is_verified(trusted: bool, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name, content in zip(("cert", "key"), mint.server_certificate("localhost"), strict=True):
        (tmp_path / name).write_bytes(content)
    (tmp_path / "roots").write_bytes(mint.root().pem if trusted else mint.other_root().pem)
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "roots"))
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(tmp_path / "cert", tmp_path / "key")
    with serving(page(mint.issuing().der), tls) as web:
        origin = f"https://localhost:{web.server_port}/certs"
        document = mint.signer(f"{origin}/issuing.crt").document()
        report = verifier_for(web, allow_origins=[origin]).explain(document, nonce=mint.NONCE)
        assert report.verified == trusted
        assert [fetch.code for fetch in report.fetches] == [None if trusted else "unreachable"]


def test_async_fetches_while_the_loop_runs() -> None:
    release = threading.Event()

    def patient(request: Page) -> None:
        assert release.wait(120)
        page(mint.issuing().der)(request)

    async def run(web: Web) -> None:
        arguments = {"anchors": mint.root().der, "allow_origins": [f"{web.origin}/certs"], "cache_dir": None}
        verifier = azure_imds.AsyncVerifier(**cast(Any, arguments))
        document = mint.signer(web.issuer_url).document()
        tasks = [asyncio.create_task(verifier.verify(document, nonce=mint.NONCE)) for _ in range(3)]
        while len(web.asked) < 3:
            await asyncio.sleep(0.01)
        assert not any(task.done() for task in tasks)
        release.set()
        assert [(await task).vm_id for task in tasks] == [mint.VM_ID] * 3

    with serving(patient) as web:
        asyncio.run(run(web))


def test_a_request_that_is_left_behind_costs_nothing() -> None:
    async def run(web: Web) -> None:
        arguments = {"anchors": mint.root().der, "allow_origins": [f"{web.origin}/certs"], "cache_dir": None}
        verifier = azure_imds.AsyncVerifier(**cast(Any, arguments))
        document = mint.signer(web.issuer_url).document()
        with pytest.raises(asyncio.TimeoutError):
            await asyncio.wait_for(verifier.verify(document, nonce=mint.NONCE), 0.2)
        release.set()

    release = threading.Event()
    with serving(lambda request: cast(None, release.wait(10))) as web:
        asyncio.run(run(web))


# The limits of one request, which are the transport's to keep.


@dataclass
class Limits:
    """A request with limits short enough for a test."""

    url: str
    connect_timeout_ms: int = 10_000
    allowed_ms: int = 10_000
    method: str = "GET"
    headers: list[tuple[str, str]] = field(default_factory=list)
    max_body: int = LIMIT
    body: bytes = b""
    route: str = "internet"

    def carry(self) -> tuple[str, float]:
        """The code, or the status, and the seconds it took."""
        start = time.monotonic()
        self.deadline_ms = _transport.now_ms() + self.allowed_ms
        try:
            answer = _transport.carry(cast(_native.Request, self))
        except TransportError as error:
            assert error.retryable and str(error)
            return error.code, time.monotonic() - start
        assert len(answer.body) <= self.max_body + 1
        return str(answer.status), time.monotonic() - start


def drip(request: Page) -> None:
    """A header line that never ends, a byte at a time: no single read takes long."""
    request.wfile.write(b"HTTP/1.1 200 OK\r\nX: ")
    while True:
        request.wfile.write(b"x")
        time.sleep(0.02)


def drip_body(request: Page) -> None:
    request.send_response(200)
    request.end_headers()
    while True:
        request.wfile.write(b"x")
        time.sleep(0.02)


@pytest.mark.parametrize("script", [drip, drip_body, lambda request: time.sleep(30)], ids=["header", "body", "silence"])
def test_a_server_that_hangs_costs_no_more_than_the_deadline(script: Callable[[Page], None]) -> None:
    with serving(script) as web:
        code, took = Limits(web.issuer_url, allowed_ms=300).carry()
        assert code == "read_timeout" and took > 0.25
        _no_thread_stays()


def test_a_look_up_that_hangs_costs_no_more_than_the_time_for_connecting(monkeypatch: pytest.MonkeyPatch) -> None:
    release = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_args, **_named: release.wait(120))
    code, took = Limits("http://name.invalid/x", connect_timeout_ms=200, allowed_ms=120_000).carry()
    release.set()
    assert code == "connect_timeout" and 0.15 < took < 60


def test_a_connection_that_is_not_taken_costs_no_more_than_the_time_for_connecting() -> None:
    with socket.socket() as full, socket.socket() as one, socket.socket() as two:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        for client in (one, two):
            client.setblocking(False)
            client.connect_ex(full.getsockname())
        url = "http://127.0.0.1:{1}/x".format(*full.getsockname())
        code, _ = Limits(url, connect_timeout_ms=200, allowed_ms=1000).carry()
    assert code in ("connect_timeout", "read_timeout")


def test_a_refused_connection_is_told() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        code, _ = Limits("http://127.0.0.1:{1}/x".format(*unused.getsockname())).carry()
    assert code == "refused"


def test_a_name_that_is_unknown_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_args: object, **_named: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    assert Limits("http://name.invalid/x").carry()[0] == "unreachable"


@pytest.mark.parametrize("url", ["http://[/x", "http://127.0.0.1:x/x", "ftp://127.0.0.1/x", "http:///x", "x"])
def test_an_address_that_makes_no_sense_is_told(url: str) -> None:
    assert Limits(url).carry()[0] in ("unreachable", "truncated")


def test_no_thread_to_be_had_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_thread: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(threading.Thread, "start", refuse)
    assert Limits("http://127.0.0.1:1/x").carry()[0] == "unreachable"


def _no_thread_stays() -> None:
    deadline = time.monotonic() + 60
    while any(thread.name == "azure-imds-request" for thread in threading.enumerate()):
        assert time.monotonic() < deadline
        time.sleep(0.01)
