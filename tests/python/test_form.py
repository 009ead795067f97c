"""The JSON form of verdicts, against its schema by a published validator."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import azure_imds
import jsonschema
import pytest
import suite
from azure_imds._native import json_object

FILE = Path(__file__).parent.parent.parent / "docs" / "schema" / "report.json"
SCHEMA = json.loads(FILE.read_bytes())
REPORTS = jsonschema.Draft202012Validator(SCHEMA)
DOCUMENTS = jsonschema.Draft202012Validator({**SCHEMA["$defs"]["document"], "$defs": SCHEMA["$defs"]})


def report_of(vector: suite.Vector) -> azure_imds.Report:
    return vector.verifier().explain(vector.document, **vector.arguments)


def chosen() -> Iterator[suite.Vector]:
    """Every tenth vector, and the first of each verdict."""
    verdicts = set[str]()
    for number, vector in enumerate(suite.vectors()):
        if number % 10 == 0 or vector.verdict not in verdicts:
            verdicts.add(vector.verdict)
            yield vector


def objects(value: Any) -> Iterator[dict[str, Any]]:
    """The objects of a form, without what the service wrote."""
    if isinstance(value, dict):
        yield value
        for name, inner in value.items():
            if name not in ("claims", "unverified"):
                yield from objects(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from objects(inner)


def test_the_schema_is_one() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    for members in objects(SCHEMA):
        if members.get("type") == "object" and "properties" in members:
            assert members["additionalProperties"] is False, members


def test_reports_are_as_the_schema_says() -> None:
    headlines = set[str]()
    for vector in chosen():
        report = report_of(vector)
        form = report.to_dict(unverified=True)
        REPORTS.validate(form)
        headlines.add(form["headline"]["name"])
        assert (form["error"] or {"code": "verified"})["code"] == vector.verdict
        unverified = form.pop("unverified")
        assert (unverified is None) == (report.unverified is None)
        assert report.to_dict() == form
        REPORTS.validate(form)
        assert list(json.loads(report.to_json())) == list(form)
        if report.document is not None:
            alone = report.document.to_dict()
            DOCUMENTS.validate(alone)
            assert alone == {"schema_version": 1, **form["document"]} == json.loads(report.document.to_json())
            assert form["document"]["claims"] == report.document.claims
    assert len(headlines) > 10


@pytest.mark.parametrize("id", ["attested::chain::no_issuers", "attested::valid"])
def test_a_changed_member_is_refused(id: str) -> None:
    form = report_of(next(it for it in suite.vectors() if it.id.startswith(id))).to_dict(unverified=True)
    REPORTS.validate(form)
    changes = 0
    others: tuple[Any, ...] = (1.5, [0], {"": 0})
    for members in objects(form):
        for name, value in list(members.items()):
            if name == "unverified":
                continue
            for changed in others:
                members[name] = changed
                if name == "claims" and isinstance(changed, dict):
                    continue
                changes += 1
                assert not REPORTS.is_valid(form), (name, changed)
            del members[name]
            assert not REPORTS.is_valid(form), name
            members[name] = value
        members["another"] = None
        assert not REPORTS.is_valid(form)
        del members["another"]
    assert changes > 200
    REPORTS.validate(form)
    for name, changed in [("verdict", "perhaps"), ("document", None), ("error", None), ("schema_version", 2)]:
        if form[name] != changed:
            assert not REPORTS.is_valid({**form, name: changed}), name


def test_the_next_step_is_in_the_words_of_python() -> None:
    report = report_of(suite.vector("attested::chain::no_issuers"))
    assert report.error is not None
    assert report.to_dict()["error"]["next_step"] == report.error.next_step
    assert report.command_line_dict()["error"]["next_step"] == report.error.command_line_step


def test_numbers_out_of_all_bounds_stay_text() -> None:
    for number in ("1e999", "9" * 5000):
        assert json_object(f'{{"a":{number}}}') == {"a": number}


def test_arguments_are_named() -> None:
    report = report_of(suite.vector("attested::chain::no_issuers"))
    every: list[dict[str, Any]] = [{"unverified": "yes"}, {"another": True}]
    for wrong in every:
        with pytest.raises(TypeError):
            report.to_json(**wrong)
