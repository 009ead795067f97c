"""Answers the questions of the parity corpus with the installed package: python parity.py corpus.json answers.json

The JSON forms of what a client finds go to a file beside the answers, ``forms-answers.json``.
"""

from __future__ import annotations

import base64
import hashlib
import json
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

import azure_imds
from suite import expectations
from test_client_vectors import CASES, FILE, client, play, started

EXPLAINED = ("physicalZone", "diskSizeGB", "isVmInStandbyPool")


def answer(case: dict[str, Any], certificates: dict[str, bytes]) -> dict[str, Any]:
    """The whole report of ``explain``, what ``verify`` says, and what the input is taken for."""
    given = case["input"]
    document = given["text"] if "text" in given else base64.b64decode(given["base64"], validate=True)
    arguments = expectations(**case["expect"])
    now = azure_imds.AT_SIGNING_TIME if case["at"] == "signing-time" else int(case["at"])
    try:
        verifier = azure_imds.Verifier(
            anchors=[certificates[name] for name in case["anchors"]],
            issuers=[certificates[name] for name in case["issuers"]],
            deny=case["deny"],
            fetch=False,
        )
    except azure_imds.UsageError as error:
        return {"usage": {"class": type(error).__name__, "code": error.code}}
    report = plain(verifier.explain(document, now=now, **arguments))
    verify: dict[str, Any]
    try:
        verify = {"document": plain(verifier.verify(document, now=now, **arguments))}
    except azure_imds.VerifyError as error:
        members = ("code", "summary", "next_step", "retryable")
        told = {
            "message": str(error),
            **{name: getattr(error, name) for name in members},
            "missing": plain(error.missing),
        }
        verify = {"class": type(error).__name__, "error": told}
        assert plain(error.report) == report, case["id"]
    return {"verify": verify, "report": report, "recognised": plain(azure_imds.recognise(document))}


def plain(value: Any, name: str = "") -> Any:
    """A value as JSON, with every public member that it has: bytes and PEM as digests, times as Unix time."""
    match value:
        case bytes():
            return hashlib.sha256(value).hexdigest()
        case str() if name == "pem":
            return hashlib.sha256(value.encode()).hexdigest()
        case None | bool() | int() | float() | str():
            return value
        case datetime():
            return round(value.timestamp())
        case azure_imds.MissingIssuer():
            return value._asdict()
        case tuple() | list():
            return [plain(item) for item in value]
        case dict():
            return {key: plain(item) for key, item in value.items()}
    public = {name: getattr(value, name) for name in dir(value) if not name.startswith("_")}
    members = {name: plain(member, name) for name, member in public.items() if not callable(member)}
    if isinstance(value, azure_imds.Report | azure_imds.VerifiedDocument):
        members["text"], members["form"] = str(value), value.to_dict()
        assert json.loads(value.to_json()) == members["form"]
    return members


def forms() -> dict[str, Any]:
    """The forms of the outcome of every transcript, of known issuers, of explained fields, of a diagnosis."""
    found: dict[str, Any] = {id: {"form": outcome(case)} for id, case in CASES.items()}
    found.update({f"known_issuer::{known.sha256}": known.to_dict() for known in azure_imds.known_issuers()})
    for name in EXPLAINED:
        found[f"field::{name}"] = [field.to_dict() for field in azure_imds.explain(name)]
    instance = (FILE.parent / "instance_2025-04-07.json").read_text(encoding="utf-8")
    for status, body in [(200, instance.replace("{", '{"apiVersions":["2025-04-07"],', 1)), (429, "slowly")]:
        found[f"diagnosis::{status}"] = diagnosis(status, body.encode())
    return found


def outcome(case: dict[str, Any]) -> dict[str, Any] | None:
    """The form of a transcript's value or error; none of what is plain JSON or text itself."""
    try:
        value = play(started(client(**case.get("client", {})), **case["call"]), case["events"])
    except azure_imds.UsageError as error:
        value = error
    if not hasattr(value, "to_dict"):
        return None
    form: dict[str, Any] = value.to_dict()
    assert json.loads(value.to_json()) == form
    return form


def diagnosis(status: int, body: bytes) -> dict[str, Any]:
    """What the doctor finds on a machine of which nothing is known, if every request gets one answer."""
    call = client().diagnose("other", {}, {}, None)
    now = 0
    while True:
        match call.poll(now):
            case "send", id, _:
                headers = [("Server", "IMDS/1"), ("Content-Type", "application/json")]
                call.receive(id, now, status, headers, body)
            case "wait", until:
                now = until
            case _, found:
                return found.to_dict()


def main() -> None:
    corpus = Path(sys.argv[1]).read_bytes()
    questions = json.loads(corpus)
    assert questions["version"] == 1
    certificates = {name: base64.b64decode(text, validate=True) for name, text in questions["certificates"].items()}
    answers = {case["id"]: answer(case, certificates) for case in questions["cases"]}
    written = {"corpus": hashlib.sha256(corpus).hexdigest(), "answers": answers}
    Path(sys.argv[2]).write_text(json.dumps(written), encoding="utf-8")
    told = {"corpus": hashlib.sha256(FILE.read_bytes()).hexdigest(), "answers": forms()}
    beside = Path(sys.argv[2])
    beside.with_name(f"forms-{beside.name}").write_text(json.dumps(told), encoding="utf-8")
    print(f"Python: {len(answers)} answers, {len(told['answers'])} forms")


if __name__ == "__main__":
    main()
