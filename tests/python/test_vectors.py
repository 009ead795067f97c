"""The Python runner of the shared vectors: every way to ask must give the verdict that stands in the file."""

from __future__ import annotations

import asyncio
import json

import azure_imds
import pytest
from suite import FILE, Vector, vectors

RAN: dict[str, set[str]] = {"verify": set(), "explain": set(), "async": set()}
SAMPLE = vectors()[::7]


@pytest.mark.parametrize("vector", vectors(), ids=lambda vector: vector.id)
def test_verify_gives_the_verdict(vector: Vector) -> None:
    try:
        document = vector.verifier().verify(vector.document, **vector.arguments)
        assert document.identity == vector.identity
        verdict = "verified"
    except azure_imds.VerifyError as error:
        verdict = error.code
        assert not error.retryable, "nothing is fetched here"
        assert str(error) and error.next_step
    assert verdict == vector.verdict
    RAN["verify"].add(vector.id)


@pytest.mark.parametrize("vector", vectors(), ids=lambda vector: vector.id)
def test_explain_gives_the_verdict(vector: Vector) -> None:
    verifier = vector.verifier()
    # Twice with one verifier: what it remembers changes no verdict.
    for report in [verifier.explain(vector.document, **vector.arguments) for _ in range(2)]:
        failures = [line.code for line in report.checks if line.outcome == "failed"]
        if vector.verdict == "verified":
            assert report.verified and report.document is not None and report.error is None
            assert failures == [] and report.unverified is None
            assert report.document.identity == vector.identity
            assert all(line.outcome in ("passed", "not_checked") for line in report.checks)
            assert report.document.claims == json.loads(report.document.content)
        else:
            assert not report.verified and report.document is None and report.error is not None
            assert report.error.code == failures[0] == vector.verdict
        assert len(report.checks) == 17 and report.fetches == ()
    RAN["explain"].add(vector.id)


@pytest.mark.parametrize("vector", SAMPLE, ids=lambda vector: vector.id)
def test_async_gives_the_verdict(vector: Vector) -> None:
    async def verdict() -> str:
        try:
            await vector.async_verifier().verify(vector.document, **vector.arguments)
        except azure_imds.VerifyError as error:
            return error.code
        return "verified"

    assert asyncio.run(verdict()) == vector.verdict
    RAN["async"].add(vector.id)


def test_no_vector_was_left_out(request: pytest.FixtureRequest) -> None:
    written = FILE.read_bytes().count(b'"verdict":')
    assert written > 500 and len(vectors()) == written
    if not _runs_whole_file(request):
        return
    ids = {vector.id for vector in vectors()}
    assert RAN["verify"] == RAN["explain"] == ids
    assert RAN["async"] == {vector.id for vector in SAMPLE} and len(SAMPLE) > 100


def _runs_whole_file(request: pytest.FixtureRequest) -> bool:
    """Not so when somebody picked tests by name."""
    ours = [item for item in request.session.items if item.path == request.path]
    return len(ours) == 2 * len(vectors()) + len(SAMPLE) + 1
