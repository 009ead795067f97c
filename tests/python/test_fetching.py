"""Issuers that are missing are fetched, within limits: against a server on the loopback address."""

from __future__ import annotations

import asyncio
import errno
import itertools
import pickle
import socket
import ssl
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any, cast

import azure_imds
import mint
import pytest
from azure_imds import _transport
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
        for others, why in (
            ({"fetch": False}, "off"),
            ({"allow_origins": ()}, "no_address"),
            ({"allow_origins": [f"{web.origin}/other"]}, "no_address"),
        ):
            report = explain(web, **others)
            assert report.error is not None and report.error.code == "issuer_missing"
            assert (report.error.retryable, report.fetches, report.not_fetched_code) == (False, (), why)
            assert report.not_fetched and f"\nnot fetched: {report.not_fetched}\n" in str(report)
        document = mint.signer(web.issuer_url).document()
        for expected, check in (
            ({"nonce": "0123456789"}, "nonce"),
            ({"nonce": mint.NONCE, "vm_id": mint.SUBSCRIPTION_ID}, "vm_id"),
            ({"nonce": mint.NONCE, "sku": "another"}, "sku"),
        ):
            with pytest.raises(azure_imds.VerifyError) as caught:
                verifier_for(web).verify(document, **cast(Any, expected))
            error, explained = caught.value, caught.value.report
            assert error.code == "issuer_missing" and not error.retryable and "check" not in error.summary
            assert explained is not None and explained.not_fetched_code == "check"
            assert explained.not_fetched is not None and f" {check} " in explained.not_fetched
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
        assert "fetching that certificate has failed" in report.error.next_step
        assert [fetch.remembered for fetch in report.fetches] == [False]
        # What failed is not asked again for five minutes, and told all the same.
        again = verifier.explain(document, nonce=mint.NONCE)
        assert [(fetch.code, fetch.remembered) for fetch in again.fetches] == [(code, True)]
        assert again.error is not None and again.error.next_step == report.error.next_step
        assert again.error.retryable == report.error.retryable
        assert web.asked == ["/certs/issuing.crt"]


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
        tasks = [asyncio.create_task(verifier.verify(document, nonce=mint.NONCE)) for _ in range(100)]
        while not web.asked:
            await asyncio.sleep(0.01)
        assert not any(task.done() for task in tasks)
        release.set()
        assert [(await task).vm_id for task in tasks] == [mint.VM_ID] * 100
        assert len(web.asked) == 1, "one request for all"

    with serving(patient) as web:
        asyncio.run(run(web))


def test_a_task_that_is_cancelled_leaves_its_request_to_the_next() -> None:
    release = threading.Event()

    def first_hangs(request: Page) -> None:
        if len(request.server.asked) == 1:
            release.wait(30)
        else:
            page(mint.issuing().der)(request)

    async def run(web: Web) -> None:
        arguments = {"anchors": mint.root().der, "allow_origins": [f"{web.origin}/certs"], "cache_dir": None}
        verifier = azure_imds.AsyncVerifier(**cast(Any, arguments), fetch_timeout=600)
        document = mint.signer(web.issuer_url).document()
        tasks = [asyncio.create_task(verifier.verify(document, nonce=mint.NONCE)) for _ in range(3)]
        while not web.asked:
            await asyncio.sleep(0.01)
        tasks[0].cancel()
        assert [(await task).vm_id for task in tasks[1:]] == [mint.VM_ID] * 2
        assert tasks[0].cancelled() and len(web.asked) == 2
        release.set()

    with serving(first_hangs) as web:
        asyncio.run(asyncio.wait_for(run(web), 120))


def test_tasks_of_several_loops_wait_for_one_request() -> None:
    release = threading.Event()

    def patient(request: Page) -> None:
        assert release.wait(60)
        page(mint.issuing().der)(request)

    with serving(patient) as web:
        arguments = {"anchors": mint.root().der, "allow_origins": [f"{web.origin}/certs"], "cache_dir": None}
        verifier = azure_imds.AsyncVerifier(**cast(Any, arguments), fetch_timeout=600)
        document = mint.signer(web.issuer_url).document()
        with ThreadPoolExecutor(4) as pool:
            found = [pool.submit(asyncio.run, verifier.verify(document, nonce=mint.NONCE)) for _ in range(4)]
            while len(verifier._bell._waiting) < 3:
                time.sleep(0.01)
            release.set()
            assert [future.result(120).vm_id for future in found] == [mint.VM_ID] * 4
        assert len(web.asked) == 1


def test_threads_wait_for_one_request_and_no_more_than_64() -> None:
    release = threading.Event()

    def patient(request: Page) -> None:
        assert release.wait(60)
        page(mint.issuing().der)(request)

    with serving(patient) as web, ThreadPoolExecutor(80) as pool:
        verifier = verifier_for(web, fetch_timeout=600)
        document = mint.signer(web.issuer_url).document()
        futures = [pool.submit(verifier.explain, document, nonce=mint.NONCE) for _ in range(70)]
        refused = [future.result(120) for future in itertools.islice(as_completed(futures, 120), 5)]
        for report in refused:
            assert report.error is not None and (report.error.code, report.error.retryable) == ("fetch_overflow", True)
            assert report.not_fetched_code == "overflow" and report.not_fetched and report.fetches == ()
        release.set()
        others = [future.result(120) for future in futures if future.result(120) not in refused]
        assert [report.verified for report in others] == [True] * 65
        assert len(web.asked) == 1


def test_a_verdict_is_explained_only_if_it_is_asked_for() -> None:
    with serving(page(b"", 404)) as web:
        verifier, document = verifier_for(web), mint.signer(web.issuer_url).document()
        with pytest.raises(azure_imds.VerifyError) as caught:
            verifier.verify(document, nonce=mint.NONCE)
        error, asked = caught.value, len(web.asked)
        assert callable(error._report)
        report = error.report
        assert report is not None and report is error.report and len(web.asked) == asked
        assert report.error is not None and report.error.code == error.code
        assert [fetch.code for fetch in report.fetches] == ["status"]
        assert str(report) == str(verifier.explain(document, nonce=mint.NONCE)).replace(" (remembered)", "")
        assert pickle.loads(pickle.dumps(error)).report is None


@pytest.mark.parametrize("given", [0.3, timedelta(milliseconds=300)])
def test_the_time_for_fetching_can_be_set(given: Any) -> None:
    release = threading.Event()
    with serving(lambda request: cast(None, release.wait(30))) as web:
        start = time.monotonic()
        report = explain(web, fetch_timeout=given)
        assert time.monotonic() - start < 30, "not the time of the server"
        release.set()
        assert [fetch.code for fetch in report.fetches] == ["read_timeout"]
        assert report.error is not None and report.error.retryable
    for odd in (-1, True, "5", float("nan")):
        with pytest.raises(azure_imds.UsageError):
            azure_imds.Verifier(fetch_timeout=cast(Any, odd))


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
            answer = _transport.carry(cast(_transport.Request, self))
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


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (OSError(errno.EMFILE, "Too many open files"), "local_failure"),
        (OSError(errno.ENOBUFS, "No buffer space available"), "local_failure"),
        (PermissionError(errno.EPERM, "Operation not permitted"), "local_failure"),
        (socket.gaierror(socket.EAI_MEMORY, "Memory allocation failure"), "local_failure"),
        (OSError(errno.ENETUNREACH, "Network is unreachable"), "unreachable"),
        (OSError(errno.EHOSTUNREACH, "No route to host"), "unreachable"),
        (socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution"), "unreachable"),
        (ssl.SSLCertVerificationError(1, "certificate verify failed"), "unreachable"),
        (OSError("Tunnel connection failed: 403 Forbidden"), "unreachable"),
    ],
    ids=str,
)
def test_what_is_no_matter_of_the_network_is_a_local_failure(
    monkeypatch: pytest.MonkeyPatch, error: OSError, code: str
) -> None:
    def fail(*_args: object, **_named: object) -> None:
        raise error

    monkeypatch.setattr(socket, "create_connection", fail)
    assert Limits("http://127.0.0.1:1/x").carry()[0] == code


def test_that_there_is_no_thread_left_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_thread: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(threading.Thread, "start", refuse)
    assert Limits("http://127.0.0.1:1/x").carry()[0] == "local_failure"


def _no_thread_stays() -> None:
    deadline = time.monotonic() + 60
    while any(thread.name == "azure-imds-request" for thread in threading.enumerate()):
        assert time.monotonic() < deadline
        time.sleep(0.01)
