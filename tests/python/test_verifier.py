"""The typed API: what goes in, what comes out."""

from __future__ import annotations

import asyncio
import base64
import functools
import inspect
import json
import pickle
import re
import types
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import azure_imds
import mint
import pytest
from azure_imds import (
    AT_SIGNING_TIME,
    NONCE_NOT_CHECKED,
    Certificates,
    Plan,
    UsageError,
    VerifiedDocument,
    Verifier,
    VerifyError,
    _verifier,
)
from cryptography import x509
from suite import vector

UTC = timezone.utc
CREATED_ON = datetime.now(UTC).replace(microsecond=0)


@pytest.fixture(scope="module")
def document() -> str:
    return mint.signer().document(created_on=CREATED_ON)


def test_a_verified_document_shows_what_was_signed(verifier: Verifier, document: str) -> None:
    verified = verifier.verify(document, nonce=mint.NONCE)
    assert verified.vm_id == mint.VM_ID
    assert verified.subscription_id == mint.SUBSCRIPTION_ID
    assert verified.sku == "22_04-lts-gen2"
    assert (verified.plan, verified.license_type) == (None, None)
    assert (verified.nonce, verified.nonce_checked) == (mint.NONCE, True)
    assert (verified.created_on, verified.expires_on) == (CREATED_ON, CREATED_ON + timedelta(hours=6))
    assert verified.created_on.tzinfo is UTC
    assert (verified.cloud, verified.region) == ("public", "eastus")
    assert verified.names == ("eastus.metadata.azure.com", "metadata.azure.com")
    assert verified.time_basis == "now"
    assert abs(verified.judged_at - datetime.now(UTC)) < timedelta(minutes=5)
    assert verified.claims["timeStamp"]["createdOn"] == f"{CREATED_ON:%m/%d/%y %H:%M:%S} -0000"
    assert verified.content.startswith('{"licenseType":"","nonce":"1234567890"')
    assert "Azure (public, eastus)" in str(verified)
    assert verified.anchor == verified.chain[-1] and not verified.is_default_anchor
    root = verified.chain[-1]
    assert f"verified against a root you added: {root.subject}, SHA-256 {root.sha256}; " in str(verified)
    assert repr(verified) == f"<VerifiedDocument of VM {mint.VM_ID}, cloud public>"


def test_the_chain_leads_from_the_signer_to_the_anchor(verifier: Verifier, document: str) -> None:
    leaf, issuing, root = verifier.verify(document, nonce=mint.NONCE).chain
    assert (leaf.subject, leaf.key) == ("CN=metadata.azure.com", "RSA-2048")
    assert leaf.issuer == issuing.subject == "CN=python test Issuing CA"
    assert (issuing.der, root.der) == (mint.issuing().der, mint.root().der)
    assert root.pem.encode() == mint.root().pem
    assert root.not_after == mint.root().certificate.not_valid_after_utc
    assert int(leaf.serial, 16) == mint.signer().certificate.serial_number
    assert azure_imds.read_certificates(leaf.der) == (leaf.der,)
    again = verifier.verify(document, nonce=mint.NONCE).chain
    assert len({leaf, issuing, root, *again}) == 3


def test_values_are_frozen(verifier: Verifier, document: str) -> None:
    report = verifier.explain(document, nonce=mint.NONCE)
    assert report.document is not None
    for value in (report, report.document, report.checks[0], report.chain[0], azure_imds.known_issuers()[0]):
        for name in ("vm_id", "verified", "subject", "anything"):
            with pytest.raises(AttributeError):
                setattr(value, name, "another")
    claims = report.document.claims
    claims["vmId"] = "another"
    assert report.document.claims["vmId"] == mint.VM_ID


def test_only_a_verification_makes_a_verified_document(verifier: Verifier, document: str) -> None:
    with pytest.raises(TypeError):
        azure_imds.VerifiedDocument()
    with pytest.raises(TypeError):
        type("Forged", (azure_imds.VerifiedDocument,), {})
    with pytest.raises(TypeError):
        pickle.dumps(verifier.verify(document, nonce=mint.NONCE))


@pytest.mark.parametrize("form", [str, str.encode, lambda text: bytearray(text, "ascii")])
def test_a_document_may_be_text_or_bytes(verifier: Verifier, document: str, form: Any) -> None:
    assert verifier.verify(form(document), nonce=mint.NONCE).vm_id == mint.VM_ID


@pytest.mark.parametrize("nonce", [None, ""])
def test_a_nonce_that_is_nothing_is_refused(verifier: Verifier, document: str, nonce: Any) -> None:
    for method in (verifier.verify, verifier.explain):
        with pytest.raises(UsageError) as caught:
            method(document, nonce=nonce)
        assert caught.value.code == "nonce_empty"


@pytest.mark.parametrize("kind", [azure_imds.Verifier, azure_imds.AsyncVerifier])
@pytest.mark.parametrize("name", ["verify", "explain"])
def test_a_nonce_left_out_is_refused(kind: type, name: str, document: str) -> None:
    with pytest.raises(UsageError, match="or say that it is not checked") as caught:
        verdict = getattr(kind(fetch=False), name)(document)
        asyncio.run(verdict)
    assert caught.value.code == "nonce_empty"
    parameter = inspect.signature(getattr(kind, name)).parameters["nonce"]
    assert parameter.default is parameter.empty


def test_a_nonce_may_be_left_unchecked_in_so_many_words(verifier: Verifier, document: str) -> None:
    verified = verifier.verify(document, nonce=NONCE_NOT_CHECKED)
    assert (verified.nonce, verified.nonce_checked) == (mint.NONCE, False)
    for value in (NONCE_NOT_CHECKED, AT_SIGNING_TIME):
        assert pickle.loads(pickle.dumps(value)) is value
    assert repr(NONCE_NOT_CHECKED) == "azure_imds.NONCE_NOT_CHECKED"


@pytest.mark.parametrize(
    ("expectations", "code"),
    [
        ({"nonce": "another"}, "nonce_mismatch"),
        ({"clouds": ("usgov", "china")}, "cloud_mismatch"),
        ({"vm_id": "00000000-0000-0000-0000-000000000000"}, "vm_id_mismatch"),
        ({"subscription_id": "another"}, "subscription_id_mismatch"),
        ({"sku": "another"}, "sku_mismatch"),
        ({"plan": Plan("name", "product", "publisher")}, "plan_mismatch"),
        ({"max_age": 3599, "now": CREATED_ON + timedelta(hours=1)}, "document_too_old"),
        ({"max_age": timedelta(minutes=59), "now": CREATED_ON + timedelta(hours=1)}, "document_too_old"),
        ({"skew": 0, "now": CREATED_ON - timedelta(seconds=1)}, "document_not_yet_valid"),
        ({"now": CREATED_ON + timedelta(hours=7)}, "document_expired"),
    ],
)
def test_what_is_expected_is_checked(
    verifier: Verifier, document: str, expectations: dict[str, Any], code: str
) -> None:
    with pytest.raises(VerifyError) as caught:
        verifier.verify(document, **{"nonce": mint.NONCE, **expectations})
    assert caught.value.code == code
    assert caught.value.report is not None and caught.value.report.error is not None
    assert (caught.value.report.error.message, caught.value.report.error.code) == (str(caught.value), code)


def test_what_is_expected_and_holds_is_accepted(verifier: Verifier, document: str) -> None:
    verifier.verify(
        document,
        nonce=mint.NONCE,
        now=CREATED_ON + timedelta(hours=1),
        clouds=["usgov", "public"],
        max_age=timedelta(hours=1),
        vm_id=mint.VM_ID.upper(),
        subscription_id=mint.SUBSCRIPTION_ID,
        sku="22_04-lts-gen2",
        skew=0,
    )


@pytest.mark.parametrize(
    "now",
    [
        CREATED_ON,
        CREATED_ON.astimezone(timezone(timedelta(hours=-5))),
        int(CREATED_ON.timestamp()),
        CREATED_ON.timestamp() + 0.999,
    ],
)
def test_a_time_may_be_a_datetime_or_unix_seconds(verifier: Verifier, document: str, now: Any) -> None:
    assert verifier.verify(document, nonce=mint.NONCE, now=now, skew=0).judged_at == CREATED_ON


def test_the_signing_time_is_for_archives(verifier: Verifier) -> None:
    long_ago = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=20)
    archived = mint.signer().document(created_on=long_ago)
    with pytest.raises(VerifyError, match="expired"):
        verifier.verify(archived, nonce=mint.NONCE)
    verified = verifier.verify(archived, nonce=mint.NONCE, now=AT_SIGNING_TIME)
    assert (verified.time_basis, verified.judged_at) == ("signing_time", long_ago)
    with pytest.raises(VerifyError) as caught:
        verifier.verify(archived, nonce=mint.NONCE, now=AT_SIGNING_TIME, max_age=60)
    assert caught.value.code == "max_age_needs_now"


def test_a_report_tells_every_check(verifier: Verifier, document: str) -> None:
    report = verifier.explain(document.replace("MII", "MIJ"), nonce=mint.NONCE)
    assert report.error is not None and report.error.code == "der_malformed"
    outcomes = {line.name: line.outcome for line in report.checks}
    assert list(outcomes)[:3] == ["input", "signed_data", "signer_certificate"]
    assert (outcomes["input"], outcomes["signed_data"], outcomes["chain"]) == ("passed", "failed", "not_reached")
    assert "next step: " in str(report) and repr(report) == "<Report: der_malformed>"
    wrong = verifier.explain(document, nonce="another")
    assert wrong.unverified is not None and mint.VM_ID in wrong.unverified
    line = next(line for line in wrong.checks if line.name == "nonce")
    assert (line.code, line.outcome) == ("nonce_mismatch", "failed")
    assert line.detail == 'nonce mismatch: asked "another", document has "1234567890"'


def test_certificates_may_be_content_or_paths(tmp_path: Path, document: str) -> None:
    for name, content in (("root.crt", mint.root().der), ("issuing.pem", mint.issuing().pem)):
        (tmp_path / name).write_bytes(content)
    root, issuing = tmp_path / "root.crt", tmp_path / "issuing.pem"
    ways: list[tuple[Certificates, Certificates]] = [
        (mint.root().der, mint.issuing().pem),
        (root, str(issuing)),
        ([root], [issuing, mint.issuing().der]),
        ((mint.other_root().der, mint.root().pem), iter([issuing])),
        ([*azure_imds.default_anchors(), root], mint.issuing().pem + mint.root().pem),
    ]
    for anchors, issuers in ways:
        verifier = Verifier(anchors=anchors, issuers=issuers, fetch=False)
        assert verifier.verify(document, nonce=mint.NONCE).vm_id == mint.VM_ID


@pytest.mark.parametrize("anchors", [None, (), mint.other_root().der], ids=["default", "none", "another"])
def test_anchors_given_are_the_only_ones(anchors: Any, document: str) -> None:
    verifier = Verifier(anchors=anchors, issuers=[mint.issuing().der, mint.root().der], fetch=False)
    with pytest.raises(VerifyError) as caught:
        verifier.verify(document, nonce=mint.NONCE)
    assert caught.value.code == ("no_trust_anchors" if anchors == () else "root_not_trusted")


def test_plans_are_values(verifier: Verifier) -> None:
    plan = Plan(name="n", product="p", publisher="u")
    assert plan == Plan("n", "p", "u") != Plan("n", "p", "x")
    assert len({plan, Plan("n", "p", "u")}) == 1
    assert pickle.loads(pickle.dumps(plan)) == plan
    assert repr(plan) == "Plan(name='n', product='p', publisher='u')"


def test_a_plan_is_read_and_compared() -> None:
    case = vector("attested::valid::plan_expected")
    assert case.verifier().verify(case.document, **case.arguments).plan == case.arguments["plan"]


def test_known_issuers_and_default_anchors() -> None:
    known = azure_imds.known_issuers()
    roots = [issuer for issuer in known if issuer.default_anchor]
    assert len(known) > 40 and len(roots) == len(azure_imds.default_anchors()) == 4
    assert all(issuer.kind == "root" for issuer in roots)
    assert all(len(issuer.sha256) == 64 and issuer.not_before < issuer.not_after for issuer in known)
    assert all(issuer.url is None or issuer.url.startswith("http://") for issuer in known)


def test_async_gives_the_same(document: str) -> None:
    verifier = azure_imds.AsyncVerifier(anchors=mint.root().der, issuers=mint.issuing().der, fetch=False)

    async def run() -> None:
        assert (await verifier.verify(document, nonce=mint.NONCE)).vm_id == mint.VM_ID
        assert not (await verifier.explain(document, nonce="another")).verified
        with pytest.raises(VerifyError, match="nonce mismatch"):
            await verifier.verify(document, nonce="another")

    asyncio.run(run())


def test_a_document_has_one_identity_in_all_its_forms(verifier: Verifier, document: str) -> None:
    signature = json.loads(document)["signature"]
    forms = [document, signature, base64.b64decode(signature), f" {document}\n", f'{{"a":1,{document[1:]}']
    identities = {verifier.verify(form, nonce=mint.NONCE).identity for form in forms}
    assert len(identities) == 1 and re.fullmatch("[0-9a-f]{64}", identities.pop())
    spellings = [vector(f"attested::valid::{name}") for name in SPELLINGS]
    assert len({it.document for it in spellings}) == len(spellings)
    assert len({it.verifier().verify(it.document, **it.arguments).identity for it in spellings}) == 1


SPELLINGS = ["digest_id_sha256", "digest_id_sha256_no_parameters", "digest_odd_no_parameters", "digest_two_spellings"]


@pytest.mark.parametrize("place", [0, 1, 2], ids=["signer", "issuer", "anchor"])
@pytest.mark.parametrize("name", ["sha256", "public_key_sha256"])
def test_what_is_denied_is_refused(verifier: Verifier, document: str, place: int, name: str) -> None:
    digest: str = getattr(verifier.verify(document, nonce=mint.NONCE).chain[place], name)
    colons = ":".join(re.findall("..", digest.upper()))
    for form in (digest, colons, bytes.fromhex(digest)):
        denying = Verifier(anchors=mint.root().der, issuers=mint.issuing().der, deny=["00" * 32, form], fetch=False)
        for _ in range(2):
            with pytest.raises(VerifyError) as caught:
                denying.verify(document, nonce=mint.NONCE)
            assert caught.value.code == "certificate_denied" and digest in str(caught.value)


class Under:
    """A report of a document under a root of Azure's: no test can sign under one."""

    def __init__(self, report: Any) -> None:
        self._report = report

    def __getattr__(self, name: str) -> Any:
        return getattr(self._report, name)

    @property
    def document(self) -> Any:
        verified = self._report.document
        return verified and types.SimpleNamespace(new_issuers=verified.unknown_issuers)


def told_under_a_root_of_azure(monkeypatch: pytest.MonkeyPatch) -> None:
    def tell(self: Any, report: Any, told: Callable[[Any, Any], object] = _verifier._Base._tell) -> object:
        return told(self, Under(report))

    monkeypatch.setattr(_verifier._Base, "_tell", tell)


def test_an_issuer_that_is_new_to_azure_is_told(document: str, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[Any] = []
    trust: dict[str, Any] = {"anchors": mint.root().der, "issuers": mint.issuing().der, "fetch": False}

    async def tell_later(document: VerifiedDocument) -> None:
        await asyncio.sleep(0)
        told.append(document)

    async def refuse_later(document: VerifiedDocument) -> None:
        await asyncio.sleep(0)
        raise RuntimeError(document.new_issuers[0].subject)

    def refuse(document: VerifiedDocument) -> None:
        raise RuntimeError(document.new_issuers[0].subject)

    verifier = Verifier(**trust, on_unknown_issuer=told.append)
    waiting = [azure_imds.AsyncVerifier(**trust, on_unknown_issuer=it) for it in (told.append, tell_later)]
    verified = verifier.verify(document, nonce=mint.NONCE)
    assert verified.unknown_issuers == verified.chain[1:] and verified.new_issuers == ()
    assert told == [], "the issuers below a root that somebody added say nothing of Azure's"

    told_under_a_root_of_azure(monkeypatch)
    verifier.verify(document, nonce=mint.NONCE)
    assert [it.new_issuers for it in told] == [verified.unknown_issuers]
    assert not verifier.explain(document, nonce="another").verified and len(told) == 1
    for it in waiting:
        asyncio.run(it.verify(document, nonce=mint.NONCE))
    assert len(told) == 3
    with pytest.raises(RuntimeError, match="CN="):
        Verifier(**trust, on_unknown_issuer=refuse).verify(document, nonce=mint.NONCE)
    for refusing in (refuse, refuse_later):
        with pytest.raises(RuntimeError, match="CN="):
            asyncio.run(
                azure_imds.AsyncVerifier(**trust, on_unknown_issuer=refusing).verify(document, nonce=mint.NONCE)
            )


def test_a_coroutine_function_that_nobody_would_await_is_refused() -> None:
    async def tell(document: VerifiedDocument) -> None: ...

    class Telling:
        async def __call__(self, document: VerifiedDocument) -> None: ...

    for given in (tell, functools.partial(tell), Telling()):
        with pytest.raises(UsageError, match="AsyncVerifier") as caught:
            Verifier(on_unknown_issuer=given, fetch=False)
        assert caught.value.code == "argument_value"
        azure_imds.AsyncVerifier(on_unknown_issuer=given, fetch=False)


def test_a_missing_issuer_is_named_with_the_argument_that_takes_it() -> None:
    case = vector("attested::chain::no_issuers_known_name")
    with pytest.raises(VerifyError) as refused:
        case.verifier().verify(case.document, **case.arguments)
    error = refused.value
    assert (error.code, len(error.missing)) == ("issuer_missing", 2)
    for missing in error.missing:
        [row] = [it for it in azure_imds.known_issuers() if it.sha256 == missing.sha256]
        assert (missing.name, missing.url) == (row.subject, row.url)
    assert "as issuers=, or let it be fetched (fetch=True)" in error.next_step
    assert error.report is not None and error.report.error is not None
    assert (error.report.error.missing, error.report.error.next_step) == (error.missing, error.next_step)
    assert pickle.loads(pickle.dumps(error)).missing == error.missing


def test_an_anchor_whose_own_time_is_over_is_refused() -> None:
    case = vector("attested::chain::anchor_expired")
    with pytest.raises(VerifyError, match=r'"CN=azure-imds test Root CA 02,[^"]*" expired at ') as refused:
        case.verifier().verify(case.document, **case.arguments)
    assert refused.value.code == "certificate_expired"


def test_names_of_certificates_are_read_back_by_another_parser() -> None:
    overrides = {"SERIALNUMBER": x509.NameOID.SERIAL_NUMBER, "EMAILADDRESS": x509.NameOID.EMAIL_ADDRESS}
    for id in ("attested::valid::as_azure_signs", "attested::chain::below_well_known_root"):
        case = vector(id)
        chain = case.verifier().explain(case.document, **case.arguments).chain
        assert chain
        for certificate in chain:
            read = x509.load_der_x509_certificate(certificate.der)
            assert x509.Name.from_rfc4514_string(certificate.subject, overrides) == read.subject
            assert x509.Name.from_rfc4514_string(certificate.issuer, overrides) == read.issuer
