"""The JSON form of every result and error, against its schema by a published validator."""

from __future__ import annotations

import copy
import json
import pickle
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import azure_imds
import jsonschema
import mint
import pytest
from azure_imds import _native, records
from service import INSTANCE

FOLDER = Path(__file__).parent.parent.parent / "docs" / "schema"
SCHEMAS = {path.stem: json.loads(path.read_bytes()) for path in FOLDER.glob("*.json") if path.stem != "report"}
VALIDATORS = {name: jsonschema.Draft202012Validator(schema) for name, schema in SCHEMAS.items()}

EVENT = records.ScheduledEvent(event_id="A", event_type="Freeze", resources=("vm0",), duration_in_seconds=5)
ATTEMPT = azure_imds.Attempt(0, "2021-02-01", 500, "unavailable", "text")
SERVICE_ERROR = azure_imds.ServiceError("text", code="unavailable", retryable=True, attempts=(ATTEMPT,))
AVAILABILITY = records.Availability(is_available=True, reason=SERVICE_ERROR, server="IMDS/1")
FINDING = records.Finding(code="container", severity="note", summary="what", remedy="do")


def refusal() -> azure_imds.VerifyError:
    root = azure_imds.MissingIssuer("CN=root", "00" * 32, None)
    return azure_imds.VerifyError("text", code="root_not_trusted", summary="what", next_step="do", missing=(root,))


RESULTS: list[tuple[str, Any]] = [
    ("attested_document", records.AttestedDocument(text="{}", signature="MAA=")),
    ("availability", AVAILABILITY),
    ("availability", records.Availability(is_available=False)),
    (
        "diagnosis",
        records.Diagnosis(
            findings=(FINDING,), is_healthy=True, availability=AVAILABILITY, instance=azure_imds.Instance(INSTANCE)
        ),
    ),
    ("diagnosis", records.Diagnosis(findings=(), is_healthy=False, availability=AVAILABILITY, error=SERVICE_ERROR)),
    ("error", azure_imds.UsageError("text", code="argument_type")),
    ("error", azure_imds.TransportError("text", code="read_timeout", retryable=True)),
    ("error", SERVICE_ERROR),
    ("error", refusal()),
    ("field", azure_imds.explain("physicalZone")[0]),
    ("field", azure_imds.explain("isVmInStandbyPool")[0]),
    ("identity_info", records.IdentityInfo(tenant_id="t")),
    ("instance", azure_imds.Instance(INSTANCE, "2025-04-07")),
    ("instance", azure_imds.Instance('{"compute":{"platformFaultDomain":"x"}}')),
    ("known_issuer", azure_imds.known_issuers()[0]),
    ("load_balancer", records.LoadBalancer(inbound_rules=(records.InboundRule(frontend_port=80),))),
    ("scheduled_events", records.ScheduledEvents(document_incarnation=1, incarnation_text="1", events=(EVENT,))),
    ("tags", records.Tags((("a", ""), ("b", "c")), "tagsList")),
    ("versions", records.Versions(versions=("2021-02-01",), unknown=("next",), newest="2021-02-01")),
]


def objects(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
        for inner in value.values():
            yield from objects(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from objects(inner)


def test_the_schemas_are_ones_and_each_has_a_result() -> None:
    for schema in SCHEMAS.values():
        jsonschema.Draft202012Validator.check_schema(schema)
    # The token is made by a call alone.
    assert SCHEMAS.keys() == {name for name, _ in RESULTS} | {"access_token"}


@pytest.mark.parametrize(("name", "result"), RESULTS, ids=str)
def test_a_form_is_as_its_schema_says(name: str, result: Any) -> None:
    form = result.to_dict()
    VALIDATORS[name].validate(form)
    assert json.loads(result.to_json()) == form
    assert list(form) == SCHEMAS[name]["required"]
    if not isinstance(result, azure_imds.KnownIssuer):
        assert pickle.loads(pickle.dumps(result)).to_dict() == copy.copy(result).to_dict() == form


@pytest.mark.parametrize(("name", "result"), RESULTS, ids=str)
def test_a_changed_form_is_refused(name: str, result: Any) -> None:
    form = result.to_dict()
    others: tuple[Any, ...] = (1.5, [0], {"": 0})
    for members in objects(form):
        for member, value in list(members.items()):
            for changed in others:
                members[member] = changed
                assert not VALIDATORS[name].is_valid(form), (member, changed)
            del members[member]
            assert not VALIDATORS[name].is_valid(form), member
            members[member] = value
        members["another"] = None
        assert not VALIDATORS[name].is_valid(form)
        del members["another"]
    VALIDATORS[name].validate(form)


def test_forms_name_what_the_values_name() -> None:
    form = azure_imds.Instance(INSTANCE, "2025-04-07").to_dict()
    instance = azure_imds.Instance(INSTANCE, "2025-04-07")
    assert form["compute"] == {k: v for k, v in instance.compute.to_dict().items() if k != "schema_version"}
    assert form["compute"]["vm_id"] == instance.compute.vm_id is not None
    assert form["api_version"] == instance.api_version
    assert [tuple(pair.values()) for pair in form["tags"]["pairs"]] == list(instance.tags.pairs)
    assert refusal().to_dict() == {
        "schema_version": 1,
        "kind": "verify",
        "code": "root_not_trusted",
        "summary": "what",
        "message": "text",
        "next_step": "do",
        "retryable": False,
        "missing": [{"name": "CN=root", "sha256": "00" * 32, "url": None}],
        "attempts": [],
    }
    assert SERVICE_ERROR.to_dict()["attempts"] == [ATTEMPT._asdict()]


def test_a_refusal_tells_what_its_report_tells(verifier: azure_imds.Verifier) -> None:
    with pytest.raises(azure_imds.VerifyError) as caught:
        verifier.verify(mint.signer().document(), nonce="another")
    assert caught.value.report is not None
    form, told = caught.value.to_dict(), caught.value.report.to_dict()["error"]
    VALIDATORS["error"].validate(form)
    assert told.pop("check") == "nonce"
    assert form == {"schema_version": 1, "kind": "verify", **told, "attempts": []}


def test_a_class_of_the_callers_own_has_the_form_of_its_base() -> None:
    class Mine(records.IdentityInfo):
        pass

    assert Mine(tenant_id="t").to_dict() == {"schema_version": 1, "tenant_id": "t"}
    assert records.Compute(vm_id="a").to_dict()["vm_id"] == "a"


def test_what_has_no_form_is_refused() -> None:
    for wrong in (1, "text", object(), None):
        with pytest.raises(TypeError):
            _native.form(wrong)
    with pytest.raises(TypeError):
        records.IdentityInfo(tenant_id=5).to_json()  # type: ignore[arg-type]
