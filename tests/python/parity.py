"""Answers the questions of the parity corpus with the installed package: python parity.py corpus.json answers.json"""

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


def answer(case: dict[str, Any], certificates: dict[str, bytes]) -> dict[str, Any]:
    """The whole report of ``explain``, and what ``verify`` says."""
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
    return {"verify": verify, "report": report}


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


def main() -> None:
    corpus = Path(sys.argv[1]).read_bytes()
    questions = json.loads(corpus)
    assert questions["version"] == 1
    certificates = {name: base64.b64decode(text, validate=True) for name, text in questions["certificates"].items()}
    answers = {case["id"]: answer(case, certificates) for case in questions["cases"]}
    written = {"corpus": hashlib.sha256(corpus).hexdigest(), "answers": answers}
    Path(sys.argv[2]).write_text(json.dumps(written), encoding="utf-8")
    print(f"Python: {len(answers)} answers")


if __name__ == "__main__":
    main()
