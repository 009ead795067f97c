"""The client against a service on the loopback address: every call, blocking and awaited, by every transport."""

from __future__ import annotations

import asyncio
import copy
import dataclasses
import json
import pickle
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta, timezone
from typing import Any

import azure_imds
import mint
import pytest
from azure_imds import AsyncClient, Client, ServiceError, TransportError, UsageError, records
from service import BALANCER, EVENT_ID, INSTANCE, KINDS, SECRET, SERVER, VM_ID, Make, answer, events, service
from web import Page, page


@pytest.fixture(params=list(KINDS))
def make(request: pytest.FixtureRequest) -> Make:
    """Each way to make calls."""
    return KINDS[request.param]


# Every call.


def test_the_instance(make: Make) -> None:
    with service() as web:
        instance = make(web.origin).instance()
        assert web.asked == ["/metadata/instance?api-version=2025-04-07"]
    written = json.loads(INSTANCE)
    assert instance.json == INSTANCE and instance.api_version == "2025-04-07"
    assert instance.compute.vm_id == VM_ID == written["compute"]["vmId"]
    address = written["network"]["interface"][0]["ipv4"]["ipAddress"][0]["privateIpAddress"]
    assert instance.network.interfaces[0].ipv4.ip_addresses[0].private_ip_address == address
    assert instance.get("network/interface/0/ipv4/ipAddress/0/privateIpAddress") == address
    assert instance.get("compute") == written["compute"]
    assert instance.text("compute/vmId") == VM_ID
    assert dict(instance.tags) == {tag["name"]: tag["value"] for tag in written["compute"]["tagsList"]}


def test_the_extended_instance(make: Make) -> None:
    more = {**json.loads(INSTANCE), "extended": {"compute": {"hasCustomData": False, "ppsType": "None"}}}
    with service(instance=answer(more)) as web:
        instance = make(web.origin).instance(extended=True)
        assert web.asked == ["/metadata/instance?api-version=2025-04-07&extended=true"]
        assert (instance.extended.compute.has_custom_data, instance.extended.compute.pps_type) == (False, "None")


def test_paths(make: Make) -> None:
    written = json.loads(INSTANCE)
    with service() as web:
        client = make(web.origin)
        assert client.get("compute/vmId") == VM_ID
        assert client.get("/metadata/instance/network/") == written["network"]
        assert client.get("network/interface/0/ipv4/subnet/0/prefix") == "24"
        assert client.text("compute/vmId") == VM_ID
        assert client.text("network").splitlines() == ["interface"]
        with pytest.raises(ServiceError, match="compute/nothing") as caught:
            client.get("compute/nothing")
        assert caught.value.code == "path_not_found"
        with pytest.raises(UsageError) as malformed:
            client.get("a//b")
        assert malformed.value.code == "path_malformed"


def test_numbers_that_python_cannot_hold_stay_text() -> None:
    digits = "9" * 5000
    text = f'{{"a":[1,-2,{"7" * 30},{digits},1.5,1e999,-0,1E2],"b":true,"c":null}}'
    with service(instance=answer(text)) as web:
        value = Client(web.origin).get("something")
    assert value == {"a": [1, -2, int("7" * 30), digits, 1.5, "1e999", 0, 100.0], "b": True, "c": None}


def test_tags(make: Make) -> None:
    with service() as web:
        tags = make(web.origin).tags()
        assert web.asked == ["/metadata/instance/compute?api-version=2025-04-07"]
    written = json.loads(INSTANCE)["compute"]["tagsList"]
    assert tags.pairs == tuple((tag["name"], tag["value"]) for tag in written) and tags.source == "tagsList"
    name = written[0]["name"]
    assert tags[name.upper()] == tags[name.lower()] == written[0]["value"]
    assert list(tags) == [tag["name"] for tag in written] and len(tags) == len(written)
    assert tags.get("nothing") is None and "nothing" not in tags and name.upper() in tags
    assert pickle.loads(pickle.dumps(tags)) == tags == copy.deepcopy(tags)
    with pytest.raises(KeyError):
        tags["nothing"]


def test_an_attested_document_is_verified_as_it_came(make: Make, verifier: azure_imds.Verifier) -> None:
    with service() as web:
        document = make(web.origin).attested_document(nonce="12 34&x")
        assert web.asked == ["/metadata/attested/document?api-version=2025-04-07&nonce=12%2034%26x"]
        assert make(web.origin).attested_document().signature
    assert json.loads(str(document))["signature"] == document.signature
    for given in (document, str(document), document.signature):
        assert verifier.verify(given, nonce="12 34&x").vm_id == mint.VM_ID
    with pytest.raises(azure_imds.VerifyError):
        verifier.verify(document, nonce="another")
    assert document.signature not in repr(document)


def test_a_document_with_another_nonce_is_asked_for_again(make: Make) -> None:
    asked = 0

    def stale(request: Page) -> None:
        nonlocal asked
        asked += 1
        answer(mint.signer().document("old" if asked == 1 else "new"))(request)

    with service(document=stale) as web:
        assert make(web.origin).attested_document(nonce="new")
        assert asked == 2
        asked = 1
        with pytest.raises(ServiceError) as caught:
            make(web.origin, timeout=1).attested_document(nonce="newer")
        assert caught.value.code == "nonce_stale" and caught.value.retryable


@pytest.mark.parametrize(
    ("nonce", "code"), [("", "nonce_empty"), ("x" * 33, "nonce_too_long"), ("a\r\nb", "nonce_malformed")]
)
def test_a_nonce_that_makes_no_sense_is_refused(make: Make, nonce: str, code: str) -> None:
    with service() as web:
        with pytest.raises(UsageError) as caught:
            make(web.origin).attested_document(nonce=nonce)
        assert caught.value.code == code and web.asked == []


def test_a_token_keeps_its_secret(make: Make) -> None:
    with service() as web:
        token = make(web.origin).token("https://management.azure.com/", bypass_cache=True)
        assert web.asked == [
            "/metadata/identity/oauth2/token?api-version=2018-02-01"
            "&resource=https%3A%2F%2Fmanagement.azure.com%2F&bypass_cache=true"
        ]
    assert token.secret == SECRET and token.token_type == "Bearer" and token.expires_in == 86317
    assert token.expires_on == datetime(2024, 3, 8, 11, 6, 37, tzinfo=timezone.utc)
    for shown in (str(token), repr(token), f"{token}", f"{token!r}", str([token]), str({"token": token})):
        assert SECRET not in shown and "management.azure.com" in shown
    with pytest.raises(TypeError):
        pickle.dumps(token)


def test_a_token_of_a_chosen_identity(make: Make) -> None:
    uuid = "11111111-2222-3333-4444-555555555555"
    path = "/subscriptions/s/resourceGroups/g/providers/Microsoft.ManagedIdentity/userAssignedIdentities/i"
    with service() as web:
        client = make(web.origin)
        client.token("r", client_id=uuid)
        client.token("r", object_id=uuid)
        client.token("r", resource_id=path)
        ends = [asked.split("resource=r&")[1] for asked in web.asked]
        assert ends[:2] == [f"client_id={uuid}", f"object_id={uuid}"] and ends[2].startswith("msi_res_id=%2Fsub")
        with pytest.raises(UsageError) as caught:
            client.token("r", client_id=uuid, object_id=uuid)
        assert caught.value.code == "selector_ambiguous"


def test_the_tenant_and_the_versions(make: Make) -> None:
    with service() as web:
        client = make(web.origin)
        assert client.identity_info() == records.IdentityInfo(tenant_id="tenant")
        versions = client.versions()
    assert (versions.versions, versions.newest) == (("2017-03-01", "2025-04-07"), "2025-04-07")
    assert versions.unknown == ("soon",) and json.loads(versions.json)["apiVersions"][2] == "soon"


def test_the_load_balancer(make: Make) -> None:
    with service() as web:
        balancer = make(web.origin).load_balancer()
    assert json.loads(balancer.json) == BALANCER
    assert balancer.public_ip_addresses[0].frontend_ip_address == "51.0.0.1"
    assert (balancer.inbound_rules[0].frontend_port, balancer.inbound_rules[0].protocol) == (26, "tcp")
    absent = answer({"error": "No load balancer metadata is found. Please check if your VM is using it."}, 404)
    with service(loadbalancer=absent) as web, pytest.raises(ServiceError) as caught:
        make(web.origin).load_balancer()
    assert caught.value.code == "load_balancer_absent"


def test_scheduled_events(make: Make) -> None:
    with service() as web:
        found = make(web.origin).scheduled_events()
    (event,) = found.events
    assert found.document_incarnation == 1 and json.loads(found.json) == events(1, "Scheduled")
    assert (event.event_type, event.event_status, event.duration_in_seconds) == ("Freeze", "Scheduled", 5)
    assert event.not_before == datetime(2022, 4, 11, 22, 26, 58, tzinfo=timezone.utc)
    assert event.affects("vmss_1") and not event.affects("vmss_2")
    assert list(found.affecting("VMSS_0")) == [event]


def test_an_approval(make: Make) -> None:
    with service(scheduledevents=page(b"")) as web:
        client = make(web.origin)
        event = records.ScheduledEvent(event_id=EVENT_ID)
        for given in (EVENT_ID, event, [event], (EVENT_ID, event)):
            client.approve(given)
        expected = [{"StartRequests": [{"EventId": EVENT_ID}] * count} for count in (1, 1, 1, 2)]
        assert [json.loads(body) for body in web.bodies] == expected
        assert {headers["Content-Type"] for headers in web.headers} == {"application/json"}
        given_nothing: tuple[azure_imds.Events, ...] = ("", [], records.ScheduledEvent())
        for nothing in given_nothing:
            with pytest.raises(UsageError) as caught:
                client.approve(nothing)
            assert caught.value.code == "event_id_malformed"
        assert len(web.asked) == 4


def test_an_approval_that_may_have_been_acted_on_is_not_sent_again(make: Make) -> None:
    def hang_up(request: Page) -> None:
        request.close_connection = True

    with service(scheduledevents=hang_up) as web:
        with pytest.raises(TransportError) as caught:
            make(web.origin).approve(EVENT_ID)
        assert caught.value.code == "truncated" and len(web.asked) == 1


def test_whether_the_service_is_there(make: Make) -> None:
    with service() as web:
        assert make(web.origin).is_available()
        found = make(web.origin).availability()
        assert found.is_available and found.reason is None and found.server == SERVER
    gone = make(web.origin).availability()
    assert not gone.is_available and gone.reason is not None and gone.reason.code == "refused"
    assert not make(web.origin).is_available()
    with service(versions=page(b"<html>login</html>")) as web:
        assert not make(web.origin).is_available()


def test_the_doctor(make: Make) -> None:
    with service() as web:
        found = make(web.origin).diagnose()
    assert found.is_healthy and found.instance is not None and found.instance.compute.vm_id == VM_ID
    assert {"answers", "endpoint_overridden"} <= {finding.code for finding in found.findings}
    gone = make(web.origin).diagnose()
    assert not gone.is_healthy and gone.instance is None and gone.findings[0].code == "unreachable"
    assert gone.findings[0].severity == "fault" and gone.findings[0].remedy


# Watching.


def test_events_are_watched() -> None:
    readings = iter([events(1), events(1), events(2, "Scheduled"), events(2, "Scheduled"), events(3)])

    def next_reading(request: Page) -> None:
        answer(next(readings))(request)

    with service(scheduledevents=next_reading) as web:
        watch = Client(web.origin, paced=False).watch_events(interval=0.01)
        assert [next(watch).document_incarnation for _ in range(3)] == [1, 2, 3]
        assert len(web.asked) == 5


def test_events_are_watched_while_the_loop_runs() -> None:
    readings = iter([events(1), events(1), events(2, "Scheduled")])

    async def run(origin: str) -> list[int | None]:
        found = []
        async for reading in AsyncClient(origin, paced=False).watch_events(interval=timedelta(milliseconds=10)):
            found.append(reading.document_incarnation)
            if len(found) == 2:
                break
        return found

    with service(scheduledevents=lambda request: answer(next(readings))(request)) as web:
        assert asyncio.run(run(web.origin)) == [1, 2]


def test_an_error_does_not_end_the_watch() -> None:
    readings = iter([answer(events(1)), answer({"error": "no"}, 403), answer(events(2))])
    with service(scheduledevents=lambda request: next(readings)(request)) as web:
        watch = Client(web.origin, paced=False).watch_events(interval=0)
        assert next(watch).document_incarnation == 1
        with pytest.raises(ServiceError):
            next(watch)
        assert next(watch).document_incarnation == 2


def test_readers_of_one_watch_take_turns() -> None:
    readings = iter(range(1, 9))
    with service(scheduledevents=lambda request: answer(events(next(readings)))(request)) as web:
        watch = Client(web.origin, paced=False).watch_events(interval=0)
        with ThreadPoolExecutor(4) as readers:
            found = list(readers.map(lambda _: next(watch).document_incarnation, range(4)))
        assert {*found} == {1, 2, 3, 4}

        async def run() -> list[int | None]:
            watch = AsyncClient(web.origin, paced=False).watch_events(interval=0)
            return [it.document_incarnation for it in await asyncio.gather(*(anext(watch) for _ in range(4)))]

        assert asyncio.run(run()) == [5, 6, 7, 8]


def test_a_reading_that_is_called_off_does_not_end_the_watch() -> None:
    readings = iter([answer(events(1)), answer(events(2))])

    async def run(origin: str) -> None:
        watch = AsyncClient(origin, paced=False).watch_events(interval=0.3)
        assert (await anext(watch)).document_incarnation == 1
        with pytest.raises(asyncio.TimeoutError):
            await asyncio.wait_for(anext(watch), 0.05)
        assert (await anext(watch)).document_incarnation == 2

    with service(scheduledevents=lambda request: next(readings)(request)) as web:
        asyncio.run(run(web.origin))
        assert len(web.asked) == 2


# What is remembered.


def test_what_cannot_change_is_asked_for_once(make: Make) -> None:
    with service() as web:
        client = make(web.origin, paced=False)
        assert {client.text("compute/vmId") for _ in range(3)} == {VM_ID}
        assert {client.text("/instance/compute/vmId/") for _ in range(3)} == {VM_ID}
        assert len(web.asked) == 1
        assert {client.get("compute/vmId") for _ in range(3)} == {VM_ID}
        assert len(web.asked) == 1
        for _ in range(2):
            client.text("compute/tags")
            client.instance()
        assert len(web.asked) == 5
        plain = make(web.origin, paced=False, cache=False)
        assert {plain.text("compute/vmId") for _ in range(2)} == {VM_ID}
        assert len(web.asked) == 7


def test_the_version_that_is_accepted_is_remembered(make: Make) -> None:
    def old(request: Page) -> None:
        if "api-version=2020-09-01" in request.path:
            return answer(INSTANCE)(request)
        named = {"error": "Bad request. api-version is invalid", "newest-versions": ["2020-09-01", "2019-11-01"]}
        return answer(named, 400)(request)

    with service(instance=old) as web:
        client = make(web.origin)
        assert client.instance().api_version == client.instance().api_version == "2020-09-01"
        assert [asked[-10:] for asked in web.asked] == ["2025-04-07", "2020-09-01", "2020-09-01"]
        with pytest.raises(ServiceError) as caught:
            make(web.origin, negotiate=False).instance()
        assert caught.value.code == "version_refused"


# Addresses and arguments.


def test_the_address_is_that_of_the_surroundings(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    assert make().base_url == "http://169.254.169.254/metadata"
    with service() as web, service() as pod:
        monkeypatch.setenv("AZURE_POD_IDENTITY_AUTHORITY_HOST", pod.origin)
        assert make().base_url == "http://169.254.169.254/metadata"
        make().token("r")
        assert len(pod.asked) == 1
        monkeypatch.setenv("AZURE_IMDS_ENDPOINT", web.origin)
        make().instance()
        make().token("r")
        assert (len(web.asked), len(pod.asked)) == (2, 1)
        make(pod.origin).token("r")
        make(environment={"AZURE_IMDS_ENDPOINT": pod.origin}).instance()
        assert (len(web.asked), len(pod.asked)) == (2, 3)
    assert make(environment={}).base_url == "http://169.254.169.254/metadata"


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ({"base_url": "https://169.254.169.254"}, "endpoint_malformed"),
        ({"base_url": "http://host\r\nX: y"}, "endpoint_malformed"),
        ({"base_url": b"http://host"}, "argument_type"),
        ({"version": "latest"}, "version_malformed"),
        ({"timeout": "5"}, "argument_type"),
        ({"timeout": -1}, "argument_value"),
        ({"timeout": float("nan")}, "argument_value"),
        ({"attempt_timeout": True}, "argument_type"),
        ({"retries": -1}, "argument_value"),
        ({"retries": 2**32}, "argument_value"),
        ({"max_body": 1.5}, "argument_value"),
        ({"cache": 1}, "argument_type"),
        ({"environment": ["x"]}, "argument_type"),
        ({"environment": {"AZURE_IMDS_ENDPOINT": "nonsense"}}, "endpoint_malformed"),
    ],
)
@pytest.mark.parametrize("kind", [Client, AsyncClient])
def test_arguments_that_make_no_sense_are_refused(kind: Any, arguments: dict[str, Any], code: str) -> None:
    with pytest.raises(UsageError) as caught:
        kind(**arguments)
    assert caught.value.code == code


def test_both_clients_have_the_same_surface() -> None:
    names = {name for name in vars(Client) if not name.startswith("_")}
    assert names == {name for name in vars(AsyncClient) if not name.startswith("_")}
    for name in names | {"__init__"}:
        one, other = getattr(Client, name), getattr(AsyncClient, name)
        assert one.__doc__ and other.__doc__, name
        if callable(one):
            assert list(one.__annotations__) == list(other.__annotations__), name


def test_a_transport_is_closed_with_its_client() -> None:
    closed = []

    class Sync:
        def __call__(self, request: azure_imds.Request, /) -> azure_imds.Response:
            return azure_imds.Response(200, [], INSTANCE.encode())

        def close(self) -> None:
            closed.append("sync")

    class Async(Sync):
        async def __call__(self, request: azure_imds.Request, /) -> azure_imds.Response:  # type: ignore[override]
            return azure_imds.Response(200, [], INSTANCE.encode())

    async def run() -> None:
        async with AsyncClient(transport=Async()) as client:
            assert (await client.instance()).compute.vm_id == VM_ID

    with Client(transport=Sync()) as client:
        assert client.instance().compute.vm_id == VM_ID
    asyncio.run(run())
    with Client() as client:
        assert repr(client) == "<Client of http://169.254.169.254/metadata>"
    assert closed == ["sync", "sync"]


def test_threads_share_a_client() -> None:
    with service() as web:
        client = Client(web.origin, paced=False)
        found: list[str | None] = []
        threads = [threading.Thread(target=lambda: found.append(client.instance().compute.vm_id)) for _ in range(16)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert found == [VM_ID] * 16


# Errors.


def test_the_error_of_a_call_tells_what_was_tried(make: Make) -> None:
    with service(instance=answer({"error": "no"}, 403)) as web, pytest.raises(ServiceError) as caught:
        make(web.origin).instance()
    error = caught.value
    (attempt,) = error.attempts
    assert attempt == (0, "2025-04-07", 403, "rejected", str(error)) and error.code == "rejected"
    twin = pickle.loads(pickle.dumps(error))
    assert (str(twin), vars(twin)) == (str(error), vars(error))
    assert copy.copy(error).attempts == error.attempts
    with pytest.raises(TransportError) as gone:
        make(web.origin, transport_retries=0).instance()
    assert [attempt.code for attempt in gone.value.attempts] == ["refused"] == [gone.value.code]
    assert pickle.loads(pickle.dumps(gone.value)).attempts == gone.value.attempts


def test_an_answer_that_is_no_document_is_refused(make: Make) -> None:
    envelope = {"encoding": "pkcs7", "signature": "MAA="}
    with service(document=answer(envelope)) as web, pytest.raises(azure_imds.VerifyError) as caught:
        make(web.origin).attested_document()
    assert caught.value.next_step and caught.value.report is None


# Values.


def test_an_instance_is_a_value() -> None:
    instance = azure_imds.Instance(INSTANCE, "2025-04-07")
    assert instance == azure_imds.Instance(INSTANCE, "2025-04-07") != azure_imds.Instance(INSTANCE)
    assert hash(instance) == hash(azure_imds.Instance(INSTANCE, "2025-04-07"))
    for twin in (pickle.loads(pickle.dumps(instance)), copy.deepcopy(instance)):
        assert twin == instance and twin.compute == instance.compute and twin.api_version == "2025-04-07"
    assert VM_ID in repr(instance)
    with pytest.raises(dataclasses.FrozenInstanceError):
        instance.compute.vm_id = "another"  # type: ignore[misc]
    assert isinstance(hash(instance.compute), int)
    assert instance.compute.cloud == "public"
    first = VM_ID.split("-")[0]
    turned = "".join(first[at : at + 2] for at in (6, 4, 2, 0))
    assert instance.compute.vm_id_matches(VM_ID.upper()) and not instance.compute.vm_id_matches(turned)


def test_a_partial_answer_says_what_it_lacks() -> None:
    instance = azure_imds.Instance('{"network":{"interface":[]},"compute":{"platformFaultDomain":"x"}}', "2017-08-01")
    assert instance.absent == () and instance.compute.platform_fault_domain is None
    assert instance.unreadable == (records.Unreadable(path="compute/platformFaultDomain", text='"x"'),)
    said = "`physicalZone` appears from 2023-11-15; this answer is 2017-08-01"
    assert instance.explain("physical_zone") == said
    with pytest.raises(ServiceError, match=said):
        instance.text("compute/physicalZone")
    assert instance.explain("nothing") is None
    assert azure_imds.Instance('{"network":{}}').absent == ("compute",)
    with pytest.raises(ServiceError) as caught:
        azure_imds.Instance("{}")
    assert caught.value.code == "answer_unexpected"


def test_fields_are_explained() -> None:
    (field,) = azure_imds.explain("compute.vmId")
    assert (field.path, field.fixed, field.since) == ("compute/vmId", True, "2017-04-02")
    assert str(field).startswith("compute/vmId (text, from 2017-04-02): ")
    assert azure_imds.explain("nothing") == ()
