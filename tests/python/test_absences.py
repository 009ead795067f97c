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


@pytest.mark.parametrize(("nonce", "code"), [(None, "nonce_empty"), ("", "nonce_empty"), (False, "argument_type")])
def test_the_native_module_is_told_of_the_nonce_in_so_many_words(nonce: Any, code: str) -> None:
    verifier = _native.Verifier({}, None, 1)
    with pytest.raises(UsageError) as caught:
        verifier.start(b"", nonce, {}, 0, True)
    assert caught.value.code == code
    assert verifier.start(b"", azure_imds.NONCE_NOT_CHECKED, {}, 0, True)


@pytest.mark.parametrize("at", ["", "now", "signing_time", False, azure_imds.NONCE_NOT_CHECKED])
def test_the_native_module_is_told_of_the_signing_time_in_so_many_words(at: Any) -> None:
    verifier = _native.Verifier({}, None, 1)
    with pytest.raises(UsageError) as caught:
        verifier.start(b"", "a", {"now": at}, 0, True)
    assert caught.value.code == "argument_type"
    assert verifier.start(b"", "a", {"now": azure_imds.AT_SIGNING_TIME}, 0, True)
