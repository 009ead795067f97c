"""The documents of the parity corpus as others can read them, and what the verifier says of each."""

from __future__ import annotations

import base64
import binascii
import json
from dataclasses import dataclass
from datetime import datetime, timezone
from functools import cached_property
from pathlib import Path
from typing import Any

from asn1crypto import cms, pem, x509

# The checks that end with whether the signer's key has signed the content.
SIGNATURE = ("input", "signed_data", "signer_certificate", "algorithms", "key_strength", "content_signature")


@dataclass(frozen=True)
class Document:
    """One document, and the verifier's report of it."""

    id: str
    corpus: str
    given: bytes
    anchors: tuple[bytes, ...]
    issuers: tuple[bytes, ...]
    at: int | None
    report: dict[str, Any]

    @cached_property
    def der(self) -> bytes | None:
        """The CMS in it; nothing if it is in none of the forms."""
        return unwrapped(self.given)

    @cached_property
    def signed_data(self) -> cms.SignedData | None:
        """The same, read by asn1crypto as far as the signers."""
        try:
            content = cms.ContentInfo.load(self.der or b"", strict=True)
            if content["content_type"].native != "signed_data":
                return None
            signed = content["content"]
            list(signed["signer_infos"]), list(signed["certificates"])
        except (ValueError, TypeError, KeyError):
            return None
        return signed

    @cached_property
    def certificates(self) -> tuple[bytes, ...]:
        """The certificates inside, DER."""
        signed = self.signed_data
        return tuple(it.chosen.dump() for it in signed["certificates"]) if signed is not None else ()

    @cached_property
    def leaf(self) -> bytes | None:
        """The certificate of the one signer, if there is one signer and it is inside."""
        signed = self.signed_data
        if signed is None or len(signed["signer_infos"]) != 1:
            return None
        return signer_certificate(signed, signed["signer_infos"][0])

    @cached_property
    def time(self) -> int | None:
        """When the chain is judged: at the time asked for, or at that of creation."""
        if self.at is not None or self.signed_data is None:
            return self.at
        try:
            claims = json.loads(self.signed_data["encap_content_info"]["content"].native)
            created = datetime.strptime(claims["timeStamp"]["createdOn"], "%m/%d/%y %H:%M:%S -0000")
        except (ValueError, TypeError, KeyError):
            return None
        return int(created.replace(tzinfo=timezone.utc).timestamp())

    @property
    def verdict(self) -> str:
        """The verifier's verdict on the whole: ``verified``, or a code."""
        return "verified" if self.report["verified"] else self.report["error"]["code"]

    def signature_refusal(self) -> str | None:
        """The verifier's code, if it does not hold that the signer's key has signed the content."""
        return next((it["code"] for it in self.report["checks"] if it["name"] in SIGNATURE and it["code"]), None)

    def chain_refusal(self) -> tuple[bool, str | None]:
        """Whether the verifier has judged the chain, and the code if it refused it."""
        line = next(it for it in self.report["checks"] if it["name"] == "chain")
        return line["outcome"] in ("passed", "failed"), line["code"]


def documents(folder: Path, corpora: tuple[str, ...]) -> list[Document]:
    """The documents of these corpora, with Rust's reports."""
    corpus = json.loads((folder / "corpus.json").read_bytes())
    answers = json.loads((folder / "rust.json").read_bytes())["answers"]
    certificates = {name: base64.b64decode(text, validate=True) for name, text in corpus["certificates"].items()}
    return [
        Document(
            id=case["id"],
            corpus=case["corpus"],
            given=_given(**case["input"]),
            anchors=tuple(certificates[name] for name in case["anchors"]),
            issuers=tuple(certificates[name] for name in case["issuers"]),
            at=None if case["at"] == "signing-time" else case["at"],
            report=answers[case["id"]]["report"],
        )
        for case in corpus["cases"]
        if case["corpus"] in corpora
    ]


def unwrapped(given: bytes) -> bytes | None:
    """The DER in the service's answer, in base64, in PEM or as it is."""
    if given[:1] == b"0" and not given[:4].isalnum():
        return given
    try:
        if pem.detect(given):
            return pem.unarmor(given)[2]
        if given.lstrip()[:1] == b"{":
            given = json.loads(given)["signature"].encode()
        return base64.b64decode(b"".join(given.split()), validate=True)
    except (ValueError, TypeError, KeyError, AttributeError, binascii.Error):
        return None


def signer_certificate(signed: cms.SignedData, signer: cms.SignerInfo) -> bytes | None:
    """The certificate inside that a signer points to, if there is one and no second."""
    if signer["sid"].name != "issuer_and_serial_number":
        return None
    wanted = signer["sid"].chosen
    found = {it.chosen.dump() for it in signed["certificates"] if it.name == "certificate" and _is(it.chosen, wanted)}
    return found.pop() if len(found) == 1 else None


def _is(certificate: x509.Certificate, wanted: cms.IssuerAndSerialNumber) -> bool:
    try:
        is_issuer = certificate.issuer.dump() == wanted["issuer"].dump()
        return is_issuer and certificate.serial_number == wanted["serial_number"].native
    except (ValueError, TypeError):
        # What can't be read is nobody's.
        return False


def _given(text: str | None = None, base64: str | None = None) -> bytes:
    return (text or "").encode() if base64 is None else binascii.a2b_base64(base64)
