"""The tree of exceptions."""

from __future__ import annotations

import copy
import pickle
import sys

import azure_imds
import mint
import pytest
import suite
from azure_imds import ImdsError, ServiceError, TransportError, UsageError, VerifyError

ERRORS = [
    ImdsError("text", code="usage"),
    UsageError("text", code="argument_type"),
    TransportError("text", code="read_timeout", retryable=True),
    ServiceError("text", code="rejected", retryable=True),
    VerifyError("text", code="issuer_missing", retryable=True, summary="what", next_step="do"),
]


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: type(error).__name__)
@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_every_exception_can_be_pickled(error: ImdsError, protocol: int) -> None:
    for twin in (pickle.loads(pickle.dumps(error, protocol)), copy.copy(error), copy.deepcopy(error)):
        assert type(twin) is type(error)
        assert (str(twin), twin.code, twin.retryable) == (str(error), error.code, error.retryable)
        assert vars(twin) == vars(error)


def test_a_refusal_can_be_pickled_without_its_report(verifier: azure_imds.Verifier) -> None:
    with pytest.raises(VerifyError) as caught:
        verifier.verify(mint.signer().document(), nonce="another")
    error = caught.value
    if sys.version_info >= (3, 11):
        error.add_note("a note")
    twin = pickle.loads(pickle.dumps(error))
    assert error.report is not None and twin.report is None
    assert (str(twin), twin.code) == (str(error), "nonce_mismatch")
    assert (twin.summary, twin.next_step) == (error.summary, error.next_step)
    assert "another" in str(error) and "another" not in error.summary + error.next_step
    assert getattr(twin, "__notes__", None) == getattr(error, "__notes__", None)


def test_errors_of_the_native_module_are_those_of_the_package() -> None:
    with pytest.raises(UsageError) as caught:
        azure_imds.read_certificates(b"")
    assert type(caught.value) is UsageError
    assert (caught.value.code, caught.value.retryable) == ("bundle_empty", False)
    assert pickle.loads(pickle.dumps(caught.value)).code == "bundle_empty"


def test_the_tree_is_by_blame() -> None:
    for kind in (UsageError, TransportError, ServiceError, VerifyError):
        assert issubclass(kind, ImdsError)
    assert issubclass(UsageError, ValueError) and not issubclass(VerifyError, ValueError)


def test_a_failure_is_equal_to_one_that_says_the_same() -> None:
    vectors = {id: suite.vector(id) for id in ("attested::signature::content_changed", "attested::chain::no_issuers")}
    first, again = (
        {id: it.verifier().explain(it.document, **it.arguments).error for id, it in vectors.items()} for _ in range(2)
    )
    assert first == again
    changed, missing = first.values()
    assert changed is not None and missing is not None and changed != missing
    assert (changed.code, missing.code) == ("content_signature", "issuer_missing")
    assert "issuers=" in missing.next_step and "--issuers" in missing.command_line_step
