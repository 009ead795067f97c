"""Whatever makes no sense is a sentence with the remedy and a code, never an error of something else."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import azure_imds
import mint
import pytest
from azure_imds import UsageError, VerifyError

TYPE, VALUE = "argument_type", "argument_value"
BROKEN = b"-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n"
CUT = mint.root().pem[:200]


def name_of(value: object) -> str:
    """The name of a case."""
    if isinstance(value, dict):
        return "-".join(f"{key}={name_of(item)}" for key, item in value.items())
    return type(value).__name__ if isinstance(value, Odd) else ascii(value)[:40]


class Odd:
    """Something that fails whenever it is looked at."""

    def __repr__(self) -> str:
        raise RuntimeError

    def __str__(self) -> str:
        raise RuntimeError


@pytest.mark.parametrize(
    ("arguments", "code", "remedy"),
    [
        ({"nonce": 1234567890}, TYPE, "nonce is of type int; give str"),
        ({"nonce": b"1234567890"}, TYPE, "give str"),
        ({"nonce": False}, TYPE, "give str"),
        ({"nonce": azure_imds.AT_SIGNING_TIME}, TYPE, "give str"),
        ({"nonce": "\ud800"}, VALUE, "lone surrogates"),
        ({"nonce": Odd()}, TYPE, "of type Odd"),
        ({"now": "2026-06-25T18:57:45Z"}, TYPE, "aware datetime"),
        ({"now": datetime(2026, 6, 25)}, VALUE, "datetime.now\\(timezone.utc\\)"),
        ({"now": datetime(2026, 6, 25).date()}, TYPE, "aware datetime"),
        ({"now": True}, TYPE, "aware datetime"),
        ({"now": -1}, VALUE, "1970 to 9999"),
        ({"now": 1_790_000_000_000}, VALUE, "in seconds since 1970"),
        ({"now": float("nan")}, VALUE, "1970 to 9999"),
        ({"now": float("inf")}, VALUE, "1970 to 9999"),
        ({"now": azure_imds.NONCE_NOT_CHECKED}, TYPE, "AT_SIGNING_TIME"),
        ({"clouds": ()}, "clouds_empty", "name at least one"),
        ({"clouds": "public"}, TYPE, r"several of them: \[...\]"),
        ({"clouds": None}, TYPE, r"several of them: \[...\]"),
        ({"clouds": ["mars"]}, "cloud_unknown", "usgov"),
        ({"clouds": ["mars\x1b[31m\u202e" * 1000]}, "cloud_unknown", r"\\u\{1b\}"),
        ({"clouds": [1]}, TYPE, "clouds, item 1 is of type int"),
        ({"max_age": -1}, VALUE, "not negative"),
        ({"max_age": 1.5}, VALUE, "whole seconds"),
        ({"max_age": True}, TYPE, "timedelta"),
        ({"max_age": 10**30}, VALUE, "seconds"),
        ({"max_age": timedelta(seconds=-1)}, VALUE, "not negative"),
        ({"skew": 3601}, "skew_too_large", "clock"),
        ({"skew": "300"}, TYPE, "timedelta"),
        ({"vm_id": 7}, TYPE, "vm_id"),
        ({"subscription_id": b""}, TYPE, "subscription_id"),
        ({"sku": ["x"]}, TYPE, "sku"),
        ({"plan": ("n", "p", "u")}, TYPE, "azure_imds.Plan"),
        ({"plan": {"name": "n"}}, TYPE, "azure_imds.Plan"),
    ],
    ids=name_of,
)
def test_expectations(verifier: azure_imds.Verifier, arguments: dict[str, Any], code: str, remedy: str) -> None:
    with pytest.raises(UsageError, match=remedy) as caught:
        verifier.verify(mint.signer().document(), **{"nonce": mint.NONCE, **arguments})
    assert caught.value.code == code
    assert len(str(caught.value)) < 1000 and str(caught.value).isprintable()


@pytest.mark.parametrize(
    "document",
    [None, 7, ["x"], {"encoding": "pkcs7"}, Path("document.json"), Odd()],
    ids=lambda value: type(value).__name__,
)
def test_documents_of_a_wrong_type(verifier: azure_imds.Verifier, document: Any) -> None:
    with pytest.raises(UsageError, match=r"document is of type .*; give (bytes or str|the text)") as caught:
        verifier.verify(document, nonce=mint.NONCE)
    assert caught.value.code == TYPE


@pytest.mark.parametrize(
    ("document", "code"),
    [
        ("", "input_empty"),
        (b" \n", "input_empty"),
        ("\ud800", "base64_malformed"),
        ('{"encoding":"pkcs7","signature":"\ud800"}', "envelope_malformed"),
        (b"\xff\xfe", "base64_malformed"),
        ("x" * 70_000, "input_too_long"),
        (memoryview(b"0\x80"), "der_malformed"),
    ],
)
def test_documents_that_are_none(verifier: azure_imds.Verifier, document: Any, code: str) -> None:
    with pytest.raises(VerifyError) as caught:
        verifier.verify(document, nonce=mint.NONCE)
    assert caught.value.code == code


@pytest.mark.parametrize("name", ["anchors", "issuers"])
@pytest.mark.parametrize(
    ("given", "code", "remedy"),
    [
        (7, TYPE, "PEM or DER content as bytes"),
        ([7], TYPE, "item 1 is of type int"),
        ([mint.root().der, None], TYPE, "item 2 is of type NoneType"),
        (b"", "bundle_empty", "item 1: the bundle holds no certificate"),
        (b"hello", "bundle_empty", "BEGIN CERTIFICATE"),
        ([mint.root().pem, BROKEN], "certificate_unreadable", "item 2: certificate 1 can't be read"),
        (mint.root().pem + BROKEN, "certificate_unreadable", "certificate 2 can't be read"),
        (CUT, "certificate_unreadable", "CERTIFICATE.* is missing"),
        (mint.root().der[:-1], "certificate_unreadable", "whole certificates"),
        (mint.root().der + b"\0", "certificate_unreadable", "whole certificates"),
        (mint.root().pem.decode(), VALUE, "text.encode\\(\\)"),
        ("", "file_unreadable", "PEM or DER file"),
        ("\0", "file_unreadable", "PEM or DER file"),
        ("\ud800", "file_unreadable", "PEM or DER file"),
        ("no/such/file", "file_unreadable", '"no/such/file": No such file or directory; give the path'),
        ("no\u202e\x1b[31m", "file_unreadable", r'"no\\u\{202e\}\\u\{1b\}\[31m": No such file'),
        (Path("no/such/file"), "file_unreadable", '"no/such/file"'),
        (Path(__file__).parent, "file_unreadable", "Is a directory; give the path"),
        (__file__ + "/x", "file_unreadable", "Not a directory"),
        ("x" * 5000, "file_unreadable", "File name too long"),
        ("/dev/zero", "file_unreadable", "longer than"),
        (__file__, "bundle_empty", 'test_bad_input.py": the bundle holds no'),
    ],
    ids=name_of,
)
def test_certificates(name: str, given: Any, code: str, remedy: str) -> None:
    with pytest.raises(UsageError, match=remedy) as caught:
        azure_imds.Verifier(fetch=False, **{name: given})
    assert caught.value.code == code
    assert str(caught.value).startswith(name)


def test_unreadable_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_args: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("builtins.open", refuse)
    with pytest.raises(UsageError, match="Permission denied; give the path") as caught:
        azure_imds.Verifier(anchors=tmp_path / "root.pem", fetch=False)
    assert caught.value.code == "file_unreadable"


@pytest.mark.parametrize(
    ("arguments", "code", "remedy"),
    [
        ({"allow_origins": "http://mirror.test:80/"}, TYPE, r"several of them: \[...\]"),
        ({"allow_origins": [7]}, TYPE, "str"),
        ({"allow_origins": ["mirror.test"]}, "origin_malformed", "scheme://host:port/prefix"),
        ({"deny": "00" * 32}, TYPE, r"several of them: \[...\]"),
        ({"deny": b"\0" * 32}, TYPE, r"several of them: \[...\]"),
        ({"deny": None}, TYPE, r"several of them: \[...\]"),
        ({"deny": [7]}, TYPE, "64 hexadecimal digits, or as 32 bytes"),
        ({"deny": ["\ud800"]}, VALUE, "lone surrogates"),
        ({"deny": [""]}, "fingerprint_malformed", "64 hexadecimal digits"),
        ({"deny": ["00" * 32, "00" * 31]}, "fingerprint_malformed", "64 hexadecimal digits"),
        ({"deny": [b"\0" * 31]}, "fingerprint_malformed", "64 hexadecimal digits"),
        ({"on_unknown_issuer": "print"}, TYPE, "a function, or None"),
        ({"fetch": "no"}, TYPE, "True or False"),
        ({"fetch": None}, TYPE, "True or False"),
        ({"cache_dir": 7}, TYPE, "path of a folder"),
        ({"cache_dir": b"/tmp"}, TYPE, "path of a folder"),
    ],
    ids=name_of,
)
def test_other_arguments(arguments: dict[str, Any], code: str, remedy: str) -> None:
    with pytest.raises(UsageError, match=remedy) as caught:
        azure_imds.Verifier(**arguments)
    assert caught.value.code == code
