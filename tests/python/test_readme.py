"""The examples of the package's README run as they stand there."""

from __future__ import annotations

import json
import re
import sqlite3
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import azure_imds
import mint
import pytest
from service import EVENT_ID, INSTANCE, SECRET, VM_ID, answer, events
from service import service as metadata_service

README = Path(__file__).parent.parent.parent / "bindings-py" / "README.md"
EXAMPLES = re.findall(r"```python\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)


def test_the_first_example(verifier: azure_imds.Verifier, capsys: pytest.CaptureFixture[str]) -> None:
    example = EXAMPLES[0].replace("azure_imds.Verifier()", "given")
    for nonce, expected in ((mint.NONCE, mint.VM_ID), ("another", "nonce_mismatch nonce mismatch")):
        names = {"answer": mint.signer().document(), "nonce": nonce, "given": verifier}
        exec(compile(example, str(README), "exec"), names)
        assert capsys.readouterr().out.startswith(expected)


def test_the_client(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    name = json.loads(INSTANCE)["compute"]["name"]
    document = events(1, "Scheduled")
    document["Events"][0]["Resources"] = [name]
    with metadata_service(scheduledevents=answer(document)) as web:
        monkeypatch.setenv("AZURE_IMDS_ENDPOINT", web.origin)
        names: dict[str, Any] = {"nonce": "42"}
        exec(compile(EXAMPLES[1], str(README), "exec"), names)
        assert json.loads(web.bodies[-1])["StartRequests"] == [{"EventId": EVENT_ID}]
    seen = capsys.readouterr().out
    assert VM_ID in seen and "Freeze 2022-04-11 22:26:58+00:00" in seen
    assert names["token"].secret == SECRET and SECRET not in f"{seen}{names['token']}" and names["document"].signature


class Service:
    """The third example, served on the loopback address."""

    def __init__(self, url: str, names: dict[str, Any]) -> None:
        self.url = url
        self.names = names
        self.waiting: dict[str, float] = names["waiting"]
        self.admitted: dict[str, float] = names["admitted"]

    def nonce(self) -> str:
        return self._ask(Request(self.url))[1]

    def hand_in(self, nonce: str, document: str) -> tuple[int, str]:
        return self._ask(Request(f"{self.url}/{nonce}", data=document.encode()))

    def _ask(self, request: Request) -> tuple[int, str]:
        try:
            with urlopen(request, timeout=10) as response:
                return response.status, response.read().decode()
        except HTTPError as error:
            with error:
                return error.code, error.read().decode()


@pytest.fixture
def service(verifier: azure_imds.Verifier) -> Iterator[Service]:
    names: dict[str, Any] = {"__name__": "readme"}
    exec(compile(EXAMPLES[2], str(README), "exec"), names)
    names["Admission"].verifier = verifier
    names["SUBSCRIPTION"] = mint.SUBSCRIPTION_ID
    names["Admission"].log_message = lambda *_args: None
    with names["serve"](0) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield Service(f"http://127.0.0.1:{server.server_port}", names)
        server.shutdown()
        thread.join()


def test_the_service_has_fifty_lines() -> None:
    assert sum(1 for line in EXAMPLES[2].splitlines() if line.strip()) <= 50


def test_the_service_admits_a_document_once(service: Service) -> None:
    nonce = service.nonce()
    assert re.fullmatch("[0-9a-f]{32}", nonce)
    document = mint.signer().document(nonce)
    assert service.hand_in(nonce, document) == (200, f"admitted {mint.VM_ID}")
    status, text = service.hand_in(nonce, document)
    assert status == 403 and "has been used" in text
    assert service.waiting == {} and len(service.admitted) == 1


def test_the_service_admits_a_document_once_whatever_becomes_of_its_nonce(service: Service) -> None:
    nonce = service.nonce()
    document = mint.signer().document(nonce)
    assert service.hand_in(nonce, document)[0] == 200
    [(identity, until)] = service.admitted.items()
    for form in (document, json.loads(document)["signature"], f" {document}"):
        service.waiting[nonce] = time.monotonic()
        assert service.hand_in(nonce, form) == (403, "this nonce or this document has been used")
    assert list(service.admitted) == [identity] and until > time.time() + 6 * 3600
    service.admitted[identity] = time.time() - 1
    service.waiting[nonce] = time.monotonic()
    assert service.hand_in(nonce, document)[0] == 200


def test_the_service_admits_nothing_again_after_a_restart(service: Service) -> None:
    nonce, unused = service.nonce(), service.nonce()
    document = mint.signer().document(nonce)
    assert service.hand_in(nonce, document)[0] == 200
    service.waiting.clear()
    service.admitted.clear()
    for lost, form in ((nonce, document), (unused, mint.signer().document(unused))):
        status, text = service.hand_in(lost, form)
        assert status == 403 and "not handed out" in text
    nonce = service.nonce()
    assert service.hand_in(nonce, mint.signer().document(nonce))[0] == 200
    assert service.hand_in(nonce, document)[0] == 403


def test_the_service_admits_its_own_subscription_alone(service: Service) -> None:
    nonce = service.nonce()
    service.names["SUBSCRIPTION"] = "00000000-0000-0000-0000-000000000000"
    assert service.hand_in(nonce, mint.signer().document(nonce))[1].startswith("subscription_id_mismatch: ")


def test_the_service_refuses_what_is_not_for_it(service: Service) -> None:
    nonce = service.nonce()
    status, text = service.hand_in(nonce, mint.signer().document("0000000000"))
    assert status == 403 and text.startswith("nonce_mismatch: ")
    assert "0000000000" not in text and nonce not in text
    assert service.hand_in(nonce, "")[1].startswith("input_empty: ")
    for made_up in ("0000000000", "", "%00"):
        assert "not handed out" in service.hand_in(made_up, mint.signer().document("0000000000"))[1]
    assert service.hand_in(nonce, mint.signer().document(nonce))[0] == 200


def test_the_service_forgets_nonces_that_are_too_old(service: Service) -> None:
    old = service.nonce()
    service.waiting[old] -= 601
    service.nonce()
    assert service.hand_in(old, mint.signer().document(old))[0] == 403


def test_of_many_at_once_the_service_admits_one(service: Service) -> None:
    nonce = service.nonce()
    document = mint.signer().document(nonce)
    with ThreadPoolExecutor(8) as pool:
        statuses = list(pool.map(lambda _: service.hand_in(nonce, document)[0], range(8)))
    assert sorted(statuses) == [200] + [403] * 7


def test_the_statements_of_the_security_policy_let_each_in_once() -> None:
    policy = " ".join((README.parent.parent / "SECURITY.md").read_text(encoding="utf-8").split())
    [use_up] = re.findall("`(DELETE FROM [^`]*)`", policy)
    [store] = re.findall("`(INSERT INTO [^`]*)`", policy)
    lists = sqlite3.connect(":memory:")
    lists.execute("CREATE TABLE nonces (nonce PRIMARY KEY)")
    lists.execute("CREATE TABLE admitted (identity PRIMARY KEY, until)")
    lists.execute("INSERT INTO nonces VALUES (?)", (mint.NONCE,))
    assert [lists.execute(use_up, (mint.NONCE,)).rowcount for _ in range(2)] == [1, 0]
    assert [lists.execute(store, (identity, 1)).rowcount for identity in ("a", "a", "b")] == [1, 0, 1]
    lists.close()
