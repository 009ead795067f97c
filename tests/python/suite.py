"""The shared vectors, as arguments of this package."""

from __future__ import annotations

import base64
import functools
import json
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import azure_imds

FILE = Path(__file__).parent.parent / "vectors" / "attested.json"


@dataclass(frozen=True)
class Vector:
    """One case: what is asked, and the verdict it must get."""

    id: str
    document: str | bytes
    anchors: tuple[bytes, ...]
    issuers: tuple[bytes, ...]
    arguments: dict[str, Any]
    verdict: str
    deny: tuple[str, ...] = ()
    identity: str | None = None

    def verifier(self) -> azure_imds.Verifier:
        return azure_imds.Verifier(anchors=self.anchors, issuers=self.issuers, deny=self.deny, fetch=False)

    def async_verifier(self) -> azure_imds.AsyncVerifier:
        return azure_imds.AsyncVerifier(anchors=self.anchors, issuers=self.issuers, deny=self.deny, fetch=False)


@functools.cache
def vectors() -> tuple[Vector, ...]:
    """All cases. A key that this reader does not know fails, so that no case is read as a weaker one."""
    suite = json.loads(FILE.read_bytes())
    assert suite["version"] == 1
    certificates = {name: base64.b64decode(text, validate=True) for name, text in suite["certificates"].items()}
    found = tuple(_vector(case, certificates) for case in suite["cases"])
    repeated = [id for id, count in Counter(vector.id for vector in found).items() if count > 1]
    assert not repeated, repeated
    return found


def vector(id: str) -> Vector:
    """The case of that name."""
    return next(vector for vector in vectors() if vector.id == id)


def _vector(case: dict[str, Any], certificates: dict[str, bytes]) -> Vector:
    known = {"id", "flaws", "importance", "description", "input", "anchors", "issuers", "at", "expect", "verdict"}
    assert case.keys() - {"deny"} == known | ({"identity"} if case["verdict"] == "verified" else set()), case["id"]
    return Vector(
        id=case["id"],
        document=_document(**case["input"]),
        anchors=tuple(certificates[name] for name in case["anchors"]),
        issuers=tuple(certificates[name] for name in case["issuers"]),
        arguments={
            "now": azure_imds.AT_SIGNING_TIME if case["at"] == "signing-time" else int(case["at"]),
            **expectations(**case["expect"]),
        },
        verdict=case["verdict"],
        deny=tuple(case.get("deny", ())),
        identity=case.get("identity"),
    )


def _document(text: str | None = None, base64: str | None = None) -> str | bytes:
    assert (text is None) != (base64 is None)
    return _decoded(base64) if base64 is not None else text or ""


def expectations(nonce: str | None, plan: dict[str, str] | None = None, **others: Any) -> dict[str, Any]:
    """What a case expects, as arguments."""
    assert others.keys() <= {"clouds", "max_age", "skew", "vm_id", "subscription_id", "sku"}, others
    if plan is not None:
        others["plan"] = azure_imds.Plan(**plan)
    return {"nonce": azure_imds.NONCE_NOT_CHECKED if nonce is None else nonce, **others}


def _decoded(text: str) -> bytes:
    return base64.b64decode(text, validate=True)
