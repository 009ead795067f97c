"""The emulator without a socket: in Python, and as an ASGI application."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import azure_imds
import httpx
import pytest
import wire
from azure_imds.emulator import FAULT_HEADER, Application, Emulator, Undeliverable, scenarios, tampers
from starlette.applications import Starlette
from starlette.routing import Mount
from starlette.testclient import TestClient

SEED = bytes(range(32))
HEADERS = [("Metadata", "true")]


def ask(application: Application, target: str = wire.NAME, *faults: str, **more: Any) -> httpx.Response:
    """Asks by httpx, in this process."""

    async def asked() -> httpx.Response:
        transport = httpx.ASGITransport(application)
        async with httpx.AsyncClient(transport=transport, base_url="http://imds.test") as client:
            headers = [("Metadata", "true"), *((FAULT_HEADER, fault) for fault in faults)]
            return await client.request(more.pop("method", "GET"), target, headers=headers, **more)

    return asyncio.run(asked())


@pytest.fixture
def application() -> Application:
    return Application(Emulator(seed=SEED, limits=False), patience=0.2, plenty=100_000)


def test_httpx_gets_what_the_service_gives(application: Application) -> None:
    answer = ask(application)
    assert (answer.status_code, answer.text) == (200, "emulated-vm")
    assert answer.headers["content-length"] == "11" and answer.headers["server"].startswith("IMDS/")
    assert ask(application, "/metadata/instance/compute/a%2fb?api-version=2021-02-01").status_code == 404
    event = application.emulator.schedule("redeploy")
    body = {"StartRequests": [{"EventId": event}]}
    assert ask(application, wire.EVENTS, method="POST", json=body).status_code == 200
    assert ask(application, wire.EVENTS).json()["Events"][0]["EventStatus"] == "Started"
    assert ask(application, wire.EVENTS, method="POST", content=b" " * 70_000).status_code == 400
    journal = application.emulator.requests
    assert [entry.method for entry in journal].count("POST") == 2 and journal[0].header("METADATA") == "true"


def test_mounted_under_a_path_and_alive_by_starlette(application: Application) -> None:
    with TestClient(Starlette(routes=[Mount("/imds", app=application)])) as client:
        assert client.get(f"/imds{wire.NAME}", headers={"Metadata": "true"}).text == "emulated-vm"
    with TestClient(application) as client:
        assert client.get("/metadata/instance").status_code == 400


def test_faults_that_asgi_plays(application: Application) -> None:
    assert ask(application, wire.NAME, "500").status_code == 500
    assert ask(application, wire.NAME, "bad-json").text.startswith('{"compute"')
    assert ask(application, wire.NAME, "slow=100").elapsed.total_seconds() > 0.1
    assert ask(application, wire.NAME, "delay=150ms").elapsed.total_seconds() > 0.15


@pytest.mark.parametrize("fault", ["drop", "truncate=3", "hang", "endless"])
def test_faults_that_asgi_can_not_play_to_their_end_raise(application: Application, fault: str) -> None:
    with pytest.raises(Undeliverable, match=fault.partition("=")[0]):
        ask(application, wire.NAME, fault)


def test_what_servers_get_of_these_faults(application: Application) -> None:
    """As an ASGI server drives it, whose client leaves after some time."""

    async def run(fault: str) -> tuple[list[dict[str, Any]], bool]:
        gone = asyncio.Event()
        sent: list[dict[str, Any]] = []

        async def receive() -> dict[str, Any]:
            if not sent and not waiting:
                waiting.append(True)
                return {"type": "http.request", "body": b""}
            await gone.wait()
            return {"type": "http.disconnect"}

        async def send(message: Any) -> None:
            sent.append(message)

        waiting: list[bool] = []
        fields = [(b"metadata", b"true"), (b"x-azure-imds-emulator-fault", fault.encode())]
        path, _, query = wire.NAME.partition("?")
        scope = {"type": "http", "method": "GET", "path": path, "query_string": query.encode(), "headers": fields}
        asyncio.get_running_loop().call_later(0.05, gone.set)
        try:
            await Application(Emulator(seed=SEED), plenty=1 << 40)(scope, receive, send)
        except Undeliverable:
            return sent, True
        return sent, False

    sent, raised = asyncio.run(run("truncate=3"))
    assert dict(sent[0]["headers"])[b"content-length"] == b"11" and sent[1:] == [
        {"type": "http.response.body", "body": b"emu", "more_body": True}
    ]
    assert raised
    assert asyncio.run(run("hang")) == ([], False)
    sent, raised = asyncio.run(run("endless"))
    assert not raised and b"content-length" not in dict(sent[0]["headers"]) and len(sent) > 2


# What a test holds in its hands.


def test_the_machine_is_replaced_and_changed() -> None:
    emulator = Emulator({"compute": {"name": "one", "tags": {"a": "1"}}}, seed=SEED, limits=False)
    assert emulator.machine["compute"]["name"] == "one"
    emulator.change({"compute": {"tags": {"b": "2"}, "zone": 3}})
    assert emulator.machine["compute"]["tags"] == {"a": "1", "b": "2"} and emulator.machine["compute"]["zone"] == "3"
    assert not emulator.limits
    emulator.machine = {"compute": {"location": "westus3"}}
    assert emulator.machine["compute"]["name"] == "emulated-vm" and not emulator.limits
    emulator.limits = True
    assert emulator.limits and emulator.machine["limits"]["perSecond"] == 5
    with pytest.raises(TypeError):
        emulator.machine["compute"]["name"] = "lost"
    before = emulator.machine
    for wrong in ({"compute": {"name": ["x"]}}, {"compute": {"tags": 3}}, {"compute": 1}, {"x": 1}):
        with pytest.raises(azure_imds.UsageError) as error:
            emulator.machine = wrong
        assert error.value.code == "configuration_malformed" and " line " not in str(error.value)
    assert emulator.machine == before and list(emulator.unknown) == []
    emulator.change({"compute": {"nmae": "x", "new": {"a": [1, True]}}})
    assert list(emulator.unknown) == ["compute/nmae", "compute/new"]
    assert emulator.machine["compute"]["new"]["a"] == (1, True) and "nmae" in emulator.configuration().to_toml()


@pytest.mark.parametrize(
    ("make", "code"),
    [
        (lambda: Emulator(3), "argument_type"),  # type: ignore[arg-type]
        (lambda: Emulator({"compute": {"name": object()}}), "argument_type"),
        (lambda: Emulator(seed=b"short"), "argument_value"),
        (lambda: Emulator(seed="0" * 32), "argument_type"),  # type: ignore[arg-type]
        (lambda: Emulator(speed=0), "argument_value"),
        (lambda: Emulator(origin="http://HOST/"), "origin_malformed"),
        (lambda: Emulator(faults=["token"]), "fault_malformed"),
        (lambda: Emulator(scenarios=["picnic"]), "scenario_malformed"),
        (lambda: Emulator(authority="no PEM"), "authority_unusable"),
        (lambda: Emulator(seed=SEED, sibling=Emulator()), "argument_value"),
        (lambda: Emulator().schedule(picnic=1), "scenario_malformed"),
        (lambda: Emulator().advance(-1), "argument_value"),
    ],
)
def test_mistakes_have_a_code(make: Callable[[], object], code: str) -> None:
    with pytest.raises(azure_imds.UsageError) as error:
        make()
    assert error.value.code == code


def test_events_go_on_as_the_clock_is_set_forward() -> None:
    emulator = Emulator(seed=SEED, limits=False)

    def events() -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = json.loads(emulator.handle("GET", wire.EVENTS, HEADERS).body)["Events"]
        return found

    assert events() == []
    event = emulator.schedule("user-reboot", notice=1200, started=60, description="Tonight.")
    assert [(one["EventId"], one["EventStatus"], one["Description"]) for one in events()] == [
        (event, "Scheduled", "Tonight.")
    ]
    emulator.advance(1199)
    assert events()[0]["EventStatus"] == "Scheduled"
    emulator.advance(2)
    assert events()[0]["EventStatus"] == "Started" and emulator.events[0].status == "Started"
    emulator.advance(61)
    assert events() == []
    other = emulator.schedule(resources=["another-vm"])
    assert events()[0]["Resources"] == ["another-vm"] == list(emulator.events[0].resources)
    assert emulator.cancel(other) and not emulator.cancel(other) and events() == []
    assert {"live-migration", "terminate", "spot-preemption"} <= set(scenarios())
    for name in scenarios():
        assert emulator.schedule(name)


def test_documents_and_their_flaws() -> None:
    emulator = Emulator(seed=SEED, limits=False)
    verifier = azure_imds.Verifier(**emulator.trust._asdict(), fetch=False)

    def code() -> str | None:
        answer = emulator.handle("GET", wire.DOCUMENT, HEADERS).body
        error = verifier.explain(answer, nonce="1234567890").error
        return None if error is None else error.code

    codes = []
    for name in tampers():
        emulator.fault(f"attested:tamper={name}")
        codes.append((name, code()))
    assert dict(codes) == {
        "expired": "document_expired",
        "flipped-content": "content_signature",
        "two-signers": "signer_count",
        "unknown-issuer": "issuer_missing",
        "wrong-cloud": "cloud_mismatch",
        "wrong-name": "name_not_azure",
        "wrong-nonce": "nonce_mismatch",
    }
    assert code() is None
    assert emulator.faults == tuple(f"attested:tamper={name}" for name in tampers())
    emulator.clear_faults()
    assert emulator.faults == ()


def test_keys_follow_from_the_seed_and_can_be_handed_on() -> None:
    emulator = Emulator(seed=SEED)
    emulator.make_keys()
    assert emulator.requests == ()
    assert Emulator(sibling=emulator).trust == emulator.trust == Emulator(seed=SEED).trust
    assert Emulator(authority=emulator.authority_pem).trust == emulator.trust
    assert Emulator().trust != emulator.trust
    assert "PRIVATE KEY" in emulator.authority_pem and "PRIVATE KEY" not in emulator.root_pem


def test_threads_share_an_emulator() -> None:
    emulator = Emulator(seed=SEED, limits=False)
    with ThreadPoolExecutor(8) as pool:
        bodies = list(pool.map(lambda _: emulator.handle("GET", wire.NAME, HEADERS).body, range(400)))
    assert set(bodies) == {b"emulated-vm"} and len(emulator.requests) == 400
    emulator.clear_requests()
    assert emulator.requests == ()
