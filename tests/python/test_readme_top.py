"""The Python examples of the repository's README run as they stand there, against the emulator."""

from __future__ import annotations

import re
import secrets
from datetime import timedelta
from pathlib import Path
from typing import Any

import azure_imds
import mint
import pytest
from azure_imds import _native
from azure_imds.emulator import Emulator

README = Path(__file__).parent.parent.parent / "README.md"
CLIENT, FIXTURE, VERIFIER = re.findall(r"```python\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)


def test_the_client(imds_emulator: Emulator, capsys: pytest.CaptureFixture[str]) -> None:
    event_id = imds_emulator.schedule("user-reboot")
    (made,) = re.findall(r"^\| Python \| `(.*)` \|$", README.read_text(encoding="utf-8"), re.MULTILINE)
    nonce = eval(made, {"secrets": secrets})
    assert len(nonce) == 32 and nonce.isalnum()
    names: dict[str, Any] = {"nonce": nonce}
    exec(compile(CLIENT, str(README), "exec"), names)
    shown = capsys.readouterr().out
    compute = imds_emulator.machine["compute"]
    assert compute["name"] in shown and compute["vmId"] in shown
    assert [(event.id, event.status) for event in imds_emulator.events] == [(event_id, "Started")]
    verifier = azure_imds.Verifier(**imds_emulator.trust._asdict(), fetch=False)
    assert verifier.verify(names["document"], nonce=nonce).vm_id == compute["vmId"]
    assert names["token"].secret not in f"{shown}{names['token']}"


def test_the_fixture(imds_emulator: Emulator) -> None:
    names: dict[str, Any] = {"azure_imds": azure_imds}
    exec(compile(FIXTURE, str(README), "exec"), names)
    names["test_waits_when_throttled"](imds_emulator)


def test_the_verifier(verifier: azure_imds.Verifier, capsys: pytest.CaptureFixture[str]) -> None:
    example = VERIFIER.replace("azure_imds.Verifier()", "given").replace(", max_age=600", ", now=now")
    for nonce, expected in ((mint.NONCE, mint.VM_ID), ("another", "nonce_mismatch nonce mismatch")):
        names: dict[str, Any] = {"answer": mint.signer().document(), "nonce": nonce, "given": verifier, "now": None}
        exec(compile(example, str(README), "exec"), names)
        assert capsys.readouterr().out.startswith(expected)


def test_an_identity_is_kept_for_as_long_as_its_document_verifies(verifier: azure_imds.Verifier) -> None:
    text = re.sub(r"\s*\n\s*(?://|#)\s", " ", README.read_text(encoding="utf-8"))
    kept = re.findall(
        r"identity(?:\(\))?`? until its `?expires_?[oO]n(?:\(\))?`? plus the skew \((\d+) s\) plus a", text
    )
    assert [int(seconds) for seconds in kept] == [_native.DEFAULT_SKEW] * 3, "in Rust, Python and JavaScript"
    document = mint.signer().document()
    last = verifier.verify(document, nonce=mint.NONCE).expires_on + timedelta(seconds=_native.DEFAULT_SKEW)
    assert verifier.verify(document, nonce=mint.NONCE, now=last).vm_id == mint.VM_ID
    with pytest.raises(azure_imds.VerifyError):
        verifier.verify(document, nonce=mint.NONCE, now=last + timedelta(seconds=1))
