"""Every value that is handed out can be copied, compared and hashed, and pickled where that forges nothing."""

from __future__ import annotations

import asyncio
import copy
import dataclasses
import inspect
import json
import pickle
import subprocess
import sys
from collections.abc import Iterator
from types import ModuleType
from typing import Any

import azure_imds
import mint
import pytest
from azure_imds import AsyncClient, AsyncVerifier, UsageError, VerifyError, _report, emulator, records
from azure_imds.emulator import Emulator, _values
from service import INSTANCE
from suite import vector

PLAN = vector("attested::valid::plan_expected")
REFUSED = vector("attested::signature::content_changed")
PROVEN = (azure_imds.Report, azure_imds.VerifiedDocument)
"""What only a verification makes."""
ODD = json.dumps({"compute": {"vmId": "x", "isHostCompatibilityLayerVm": {}}, "network": {}})


def token(secret: str = "e") -> azure_imds.AccessToken:
    """An access token, by way of the emulator."""
    case = Emulator(seed=bytes(32))
    with emulator.serving(seed=case.seed, limits=False) as served:
        return azure_imds.Client(served.url, environment={}).token(f"https://{secret}.test/")


def values() -> Iterator[Any]:
    """One of every class that a caller can get hold of, and what it is made of."""
    verified = PLAN.verifier().explain(PLAN.document, **PLAN.arguments)
    refused = REFUSED.verifier().explain(REFUSED.document, **REFUSED.arguments)
    assert verified.document is not None and verified.document.plan is not None
    yield from (verified, refused, verified.document, verified.document.plan, verified.chain[0], refused.error)
    yield from (verified.headline, refused.headline, verified.checks[0], azure_imds.known_issuers()[0])
    yield from (azure_imds.recognise(INSTANCE), _report.Fetch("http://a.test/", None, None, False))
    yield from (azure_imds.Instance(ODD, "2021-02-01"), azure_imds.explain("vmId")[0], azure_imds.Tags((), "absent"))
    made = Emulator(seed=bytes(32))
    made.schedule()
    reply = made.handle("GET", "/metadata/instance?api-version=2021-02-01", [("Metadata", "true")])
    yield from (reply, made.requests[0], made.events[0], made.trust)
    request = azure_imds.Request("GET", "http://a.test/", (("Metadata", "true"),), b"", "direct", 1000, 2000, 4096)
    yield from (request, azure_imds.Response(200, (), b""))
    yield from (records.Compute(vm_id="x"), records.Versions(versions=("2021-02-01",)))
    yield from (azure_imds.Availability(is_available=True), azure_imds.AttestedDocument(text="t", signature="s"))
    yield azure_imds.Finding(code="proxy_set", severity="note", summary="s", remedy="r")
    yield from (azure_imds.MissingIssuer("n", None, None), azure_imds.Attempt(0, None, None, None, None))


def named(value: object) -> str:
    return type(value).__name__


VALUES = list(values())


def test_no_class_is_forgotten() -> None:
    """Of the classes of plain values at least; native ones are listed by hand."""
    modules: tuple[ModuleType, ...] = (_report, _values)
    plain = {it for module in modules for it in vars(module).values() if dataclasses.is_dataclass(it)}
    assert plain | set(PROVEN) | {azure_imds.Plan, azure_imds.Instance} <= {type(value) for value in VALUES}


@pytest.mark.parametrize("value", VALUES, ids=named)
def test_values_are_copied_compared_and_hashed(value: Any) -> None:
    for again in (copy.copy(value), copy.deepcopy(value), copy.deepcopy([value])[0]):
        assert again == value and (again != value) is False and hash(again) == hash(value)
        assert type(again) is type(value) and repr(again) == repr(value)
    assert value != object() and len({value, copy.copy(value)}) == 1
    assert len({*VALUES}) == len(VALUES)


@pytest.mark.parametrize("value", [it for it in VALUES if not isinstance(it, PROVEN)], ids=named)
@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_values_that_prove_nothing_are_pickled(value: Any, protocol: int) -> None:
    again = pickle.loads(pickle.dumps(value, protocol))
    assert again == value and type(again) is type(value) and hash(again) == hash(value)


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
@pytest.mark.parametrize("value", [it for it in VALUES if isinstance(it, PROVEN)], ids=named)
def test_what_only_a_verification_makes_is_not_pickled(value: Any, protocol: int) -> None:
    with pytest.raises(TypeError, match=rf"a {type(value).__name__} can't be pickled.*; keep what to_dict\(\)"):
        pickle.dumps([value], protocol)


def test_equal_verifications_are_equal_and_others_are_not() -> None:
    verifier, document = PLAN.verifier(), PLAN.document
    one, two = (verifier.explain(document, **PLAN.arguments) for _ in range(2))
    assert one is not two and one == two and hash(one) == hash(two)
    assert one.document is not two.document and one.document == two.document
    assert hash(one.document) == hash(two.document)
    refused = verifier.explain(document, **{**PLAN.arguments, "plan": azure_imds.Plan("n", "p", "u")})
    assert refused != one and refused.error is not None and refused.document is None
    other = mint.signer().document(nonce=mint.NONCE)
    trusting = azure_imds.Verifier(anchors=mint.root().der, issuers=mint.issuing().der, fetch=False)
    assert trusting.verify(other, nonce=mint.NONCE) != one.document


@pytest.mark.parametrize("value", VALUES, ids=named)
def test_what_an_attribute_makes_is_made_once(value: Any) -> None:
    for name in (name for name in dir(value) if not name.startswith("_")):
        first = getattr(value, name)
        if callable(first) or isinstance(first, str | bytes | int | float | None) or name in ANEW:
            continue
        assert getattr(value, name) is first, name


ANEW = {"claims", "created_on", "expires_on", "judged_at"}
"""The claims are the caller's to change; a time is a value like a number."""


def test_an_instance_makes_its_parts_once() -> None:
    instance = azure_imds.Instance(ODD, "2021-02-01")
    assert instance.unreadable and instance.unreadable is instance.unreadable
    assert instance.compute is instance.compute and instance.tags is instance.tags


def test_a_token_is_copied_compared_and_hashed_and_not_pickled() -> None:
    one = token()
    assert copy.copy(one) is one and copy.deepcopy([one]) == [one] and one in {one} and one != token("f")
    assert one.unreadable is one.unreadable
    with pytest.raises(TypeError, match="can't be pickled: it is a secret") as caught:
        pickle.dumps(one)
    assert one.secret not in str(caught.value)


def test_a_copy_of_an_error_has_its_report() -> None:
    with pytest.raises(VerifyError) as caught:
        REFUSED.verifier().verify(REFUSED.document, **REFUSED.arguments)
    for error in (copy.copy(caught.value), copy.deepcopy(caught.value)):
        assert type(error) is VerifyError and str(error) == str(caught.value) and error.code == caught.value.code
        assert error.summary == caught.value.summary and error.report is not None and error.report.checks
    usage = copy.deepcopy(UsageError("message", code="argument_type"))
    assert (str(usage), usage.code, usage.retryable) == ("message", "argument_type", False)


def test_a_headline_says_what_a_report_comes_to() -> None:
    verified, refused = VALUES[0].headline, VALUES[1].headline
    assert verified.is_verified and not refused.is_verified
    assert (refused.name, refused.title, str(refused)) == ("wrong_signature", *["The signature is wrong"] * 2)
    assert "changed, or forged" in refused.meaning
    assert VALUES[1].to_dict()["headline"] == {"name": refused.name, "title": refused.title, "meaning": refused.meaning}


@pytest.mark.parametrize("form", [str, str.encode, lambda text: azure_imds.AttestedDocument(text=text, signature="")])
def test_what_people_paste_is_recognised(form: Any) -> None:
    answer = mint.signer().document()
    found = azure_imds.recognise(form(f"HTTP/1.1 200 OK\r\nServer: IMDS\r\n\r\n{answer}"))
    assert (found.material, found.wrapping) == ("document", "inside a whole HTTP answer")
    assert found.document == answer.encode()
    other = azure_imds.recognise(form(INSTANCE))
    assert (other.material, other.wrapping, other.document) == ("instance_metadata", None, INSTANCE.encode())
    assert "nobody signed it" in other.next_step and other.description == "the answer of /metadata/instance"
    with pytest.raises(UsageError, match="of type int"):
        azure_imds.recognise(7)  # type: ignore[arg-type]


@pytest.mark.parametrize("kind", [AsyncVerifier, AsyncClient, azure_imds.httpx.AsyncHttpxTransport])
def test_what_is_awaited_is_a_coroutine_function(kind: type) -> None:
    blocking = {"watch_events", "base_url"}  # the first gives an iterator, which is what waits
    methods = [name for name in dir(kind) if name == "__call__" or (not name.startswith("_") and name not in blocking)]
    assert methods
    for name in methods:
        method = inspect.getattr_static(kind, name)
        if inspect.isfunction(method):
            assert inspect.iscoroutinefunction(method), name
    if kind is not azure_imds.httpx.AsyncHttpxTransport:
        assert inspect.iscoroutinefunction(kind.__dict__["verify" if kind is AsyncVerifier else "get"])
        assert asyncio.iscoroutinefunction(kind.__dict__["verify" if kind is AsyncVerifier else "get"])


def test_parts_that_take_long_to_import_are_there_when_they_are_named() -> None:
    code = (
        "import sys, azure_imds; late = ['azure_imds.emulator', 'azure_imds.httpx', 'azure_imds._report'];"
        "assert not any(name in sys.modules for name in late);"
        "assert {'emulator', 'httpx', 'Headline', 'Verifier'} <= set(dir(azure_imds));"
        "assert azure_imds.emulator.Emulator and azure_imds.httpx.HttpxTransport and azure_imds.Headline;"
        "assert all(name in sys.modules for name in late)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
    for name in ("nonsense", "_report_", "VerifiedDocumentt"):
        with pytest.raises(AttributeError, match=f"module 'azure_imds' has no attribute '{name}'"):
            getattr(azure_imds, name)
