"""Errors by blame: the caller's, the transport's, the service's, the document's.

Every error has a ``code``, stable and the same in Rust, Python and JavaScript, and says whether the same call may well
succeed later (``retryable``). All can be pickled. ``CODES`` says of each code what happened and what to do about it;
the types of codes, such as ``VerifyCode``, are for a ``match`` that a type checker holds to be exhaustive.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, ClassVar, Final, Literal, NamedTuple

from azure_imds import _native
from azure_imds._codes import (
    ErrorCode,
    FetchCode,
    FindingCode,
    NotFetchedCode,
    ServiceCode,
    TransportCode,
    UsageCode,
    VerifyCode,
)

if TYPE_CHECKING:
    from typing_extensions import Self

    from azure_imds._native import Report
    from azure_imds._report import Failure

__all__ = [
    "CODES",
    "FETCH_CODES",
    "FINDING_CODES",
    "NOT_FETCHED_CODES",
    "Attempt",
    "Code",
    "ErrorCode",
    "FetchCode",
    "FindingCode",
    "ImdsError",
    "MissingIssuer",
    "NotFetchedCode",
    "ServiceCode",
    "ServiceError",
    "TransportCode",
    "TransportError",
    "UsageCode",
    "UsageError",
    "VerifyCode",
    "VerifyError",
]


class ImdsError(Exception):
    """Any error of this package."""

    code: ErrorCode
    """The stable name of the error."""

    retryable: bool
    """Whether the same call may well succeed later."""

    kind: ClassVar[Literal["usage", "transport", "service", "verify"]]
    """Whose error it is; every class below has it."""

    def __init__(self, message: str, *, code: ErrorCode, retryable: bool = False) -> None:
        super().__init__(message)
        self.code = code
        self.retryable = retryable

    def to_json(self) -> str:
        """The JSON form, the same in every language and for every kind of error."""
        return _native.form(self)

    def to_dict(self) -> dict[str, Any]:
        """The same as values."""
        return _native.form_values(self)

    def __copy__(self) -> Self:
        """A copy with all that it has, unlike one that was pickled."""
        copy = type(self).__new__(type(self), *self.args)
        vars(copy).update(vars(self))
        return copy

    def __deepcopy__(self, _memo: object) -> Self:
        """The same: what an error holds does not change."""
        return self.__copy__()

    def __reduce__(self) -> tuple[Any, ...]:
        return _restored, (type(self), self.args, vars(self))


class Attempt(NamedTuple):
    """One request of a call, and what became of it."""

    after_ms: int
    """Milliseconds after the first one."""

    api_version: str | None
    """The version asked for."""

    status: int | None
    """The status of the answer, if one came."""

    code: ErrorCode | None
    """The code of the error; none for a good answer."""

    message: str | None
    """The text of the error."""


class UsageError(ImdsError, ValueError):
    """The caller asked for something that makes no sense."""

    kind = "usage"
    code: UsageCode

    if TYPE_CHECKING:

        def __init__(self, message: str, *, code: UsageCode, retryable: bool = False) -> None: ...


class _CallError(ImdsError):
    """What the errors of a call have in common."""

    attempts: tuple[Attempt, ...]
    """What was tried, the first 64 requests; empty for an error that is of no call."""

    def __init__(
        self,
        message: str,
        *,
        code: TransportCode | ServiceCode,
        retryable: bool = False,
        attempts: tuple[Attempt, ...] = (),
    ) -> None:
        super().__init__(message, code=code, retryable=retryable)
        self.attempts = attempts


class TransportError(_CallError):
    """A request could not be carried to its end: the service was not reached, or its answer did not come through.

    Verifying raises none: a failed attempt to fetch an issuer is told by ``Report.fetches``.
    """

    kind = "transport"
    code: TransportCode

    if TYPE_CHECKING:

        def __init__(
            self, message: str, *, code: TransportCode, retryable: bool = False, attempts: tuple[Attempt, ...] = ()
        ) -> None: ...


class ServiceError(_CallError):
    """A server gave an answer that is of no use. Verifying raises none, as with ``TransportError``."""

    kind = "service"
    code: ServiceCode

    if TYPE_CHECKING:

        def __init__(
            self, message: str, *, code: ServiceCode, retryable: bool = False, attempts: tuple[Attempt, ...] = ()
        ) -> None: ...


class MissingIssuer(NamedTuple):
    """A certificate that is missing between a signer and a root, or a root that is not trusted.

    Several of one name are certificates of one issuer, any of which does; one of another name is missing above them.
    """

    name: str
    """Its subject, bounded and escaped."""

    sha256: str | None
    """Its SHA-256 in hexadecimal, where it is known."""

    url: str | None
    """Where it can be fetched, where that is known."""


class VerifyError(ImdsError):
    """The document is not accepted. The text holds the compared values, bounded and escaped."""

    kind = "verify"
    code: VerifyCode
    _verdict: Report

    def __init__(
        self,
        message: str,
        *,
        code: VerifyCode,
        retryable: bool = False,
        summary: str,
        next_step: str,
        missing: tuple[MissingIssuer, ...] = (),
        report: Report | Callable[[], Report] | None = None,
    ) -> None:
        super().__init__(message, code=code, retryable=retryable)
        self.summary = summary
        self.next_step = next_step
        self.missing = missing
        self._report = report

    @classmethod
    def _of(cls, refusal: tuple[VerifyCode, str, bool], verdict: Report, report: Callable[[], Report]) -> VerifyError:
        """The error of a refused document. Most are caught for their code: the rest is made when it is asked for."""
        code, message, retryable = refusal
        error = cls.__new__(cls, message)
        error.code = code
        error.retryable = retryable
        error._verdict = verdict
        error._report = report
        return error

    @cached_property
    def _failure(self) -> Failure:
        failure = self._verdict.error
        assert failure is not None
        return failure

    @cached_property
    def summary(self) -> str:
        """What is wrong without any value of the document: fit to show the person who handed it in."""
        return self._failure.summary

    @cached_property
    def next_step(self) -> str:
        """What to do about it, as fit for a stranger's eyes."""
        return self._failure.next_step

    @cached_property
    def missing(self) -> tuple[MissingIssuer, ...]:
        """The certificates that are missing, or the root that is not trusted, if that is the reason."""
        return self._failure.missing

    @property
    def report(self) -> Report | None:
        """Every check with its outcome, found when it is first asked for. ``None`` in a copy that was pickled."""
        if callable(self._report):
            self._report = self._report()
        return self._report

    def __reduce__(self) -> tuple[Any, ...]:
        made = {"summary": self.summary, "next_step": self.next_step, "missing": self.missing, "_report": None}
        state = {name: value for name, value in vars(self).items() if name not in ("_failure", "_verdict")}
        return _restored, (type(self), self.args, {**state, **made})


def _restored(kind: type[ImdsError], args: tuple[Any, ...], state: dict[str, Any]) -> ImdsError:
    error = kind.__new__(kind, *args)
    vars(error).update(state)
    return error


class Code(NamedTuple):
    """What is known of a code."""

    code: str
    """The stable name, the same in Rust, Python and JavaScript."""

    kind: Literal["usage", "transport", "service", "verify", "fetch", "not_fetched", "finding"]
    """What it is a code of."""

    cause: str
    """What happened."""

    remedy: str
    """What to do next."""

    retryable: Literal["always", "depends", "never"]
    """Whether the same call may well succeed later, with nothing changed. Where it depends, the error says so."""


def _of(*kinds: str) -> Mapping[str, Code]:
    return MappingProxyType({code.code: code for code in _ALL if code.kind in kinds})


_ALL: Final = [Code._make(values) for values in _native.all_codes()]


CODES: Final = _of("usage", "transport", "service", "verify")
"""The codes of errors: ``CODES[error.code].remedy``."""

FETCH_CODES: Final = _of("transport", "fetch")
"""The same of attempts to fetch an issuer: ``Fetch.code``."""

FINDING_CODES: Final = _of("finding")
"""The same of what the doctor finds: ``Finding.code``."""

NOT_FETCHED_CODES: Final = _of("not_fetched")
"""The same of why no issuer was asked for: ``Report.not_fetched_code``."""
