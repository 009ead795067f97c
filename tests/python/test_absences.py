"""The shared table of what is not given, or is nothing; and the native module, for which nothing is never a wish."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import azure_imds
import pytest
import suite
from azure_imds import UsageError, VerifyError, _native

TABLE = json.loads((Path(__file__).parent.parent / "vectors" / "absences.json").read_bytes())
GOOD = suite.vector(TABLE["document"])
TRUST = {"anchors", "issuers", "fetch", "fetch_timeout", "allow_origins", "allow_origin", "deny"}
ROWS = [row for row in TABLE["cases"] if "python" in row["said_in"]]


def verdict(row: dict[str, Any]) -> str:
    """What becomes of the document with that one option so."""
    option, given = row["option"], row["given"]
    trust: dict[str, Any] = {"anchors": GOOD.anchors, "issuers": GOOD.issuers, "fetch": False}
    asked = {**GOOD.arguments, "now": row.get("at", GOOD.arguments["now"])}
    chosen = trust if option in TRUST else asked
    chosen.pop(option, None)
    try:
        if "value" in given:
            value = given["value"]
            chosen[option] = azure_imds.Plan(**value) if option == "plan" and isinstance(value, dict) else value
        azure_imds.Verifier(**trust).verify(GOOD.document, **asked)
    except VerifyError as error:
        return "refused" if row["code"] == "refused" else error.code
    except UsageError as error:
        return error.code
    except TypeError:
        return "TypeError"
    return "verified"


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row['option']}-{json.dumps(row['given'])}")
def test_no_absence_means_less_checking(row: dict[str, Any]) -> None:
    assert verdict(row) == row.get("but", {}).get("python", row["code"])


EXPECTED: dict[str, Any] = {
    "nonce": "a",
    "nonce_not_checked": False,
    "clouds": ["public"],
    "skew": 300,
    "max_age": None,
    "vm_id": None,
    "subscription_id": None,
    "sku": None,
    "plan": None,
}


@pytest.mark.parametrize("name", EXPECTED)
def test_the_native_module_takes_no_argument_as_given_that_is_not(name: str) -> None:
    with pytest.raises(TypeError, match=name):
        _native.Expectations(**{key: value for key, value in EXPECTED.items() if key != name})


@pytest.mark.parametrize(
    ("nonce", "not_checked", "code"),
    [
        (None, False, "nonce_empty"),
        ("", False, "nonce_empty"),
        ("", True, "argument_type"),
        ("a", True, "argument_type"),
    ],
)
def test_the_native_module_is_told_of_the_nonce_in_so_many_words(
    nonce: str | None, not_checked: bool, code: str
) -> None:
    with pytest.raises(UsageError) as caught:
        _native.Expectations(**{**EXPECTED, "nonce": nonce, "nonce_not_checked": not_checked})
    assert caught.value.code == code


@pytest.mark.parametrize("at", [None, "", "now", -1, 0.5, "signing-time"])
def test_the_native_module_is_told_of_the_signing_time_in_so_many_words(at: Any) -> None:
    verifier = _native.Verifier(anchors=[], issuers=[], allow_origins=[], deny=[], waiters=1)
    expected = _native.Expectations(**EXPECTED)
    others: dict[str, Any] = {"fetch": False, "fetch_timeout_ms": None, "explains": True}
    with pytest.raises(UsageError) as caught:
        verifier.start(b"", expected, at=at, **others)
    assert caught.value.code == "argument_type"
    assert verifier.start(b"", expected, at="signing_time", **others)
    for name in ("fetch", "explains"):
        with pytest.raises(TypeError, match=name):
            verifier.start(b"", expected, at=0, **{**others, name: None})
