"""The verifier, blocking and async."""

from __future__ import annotations

import asyncio
import enum
import inspect
import types
from collections.abc import Awaitable, Callable, Iterable
from datetime import timedelta
from typing import ClassVar, Final, ParamSpec, TypeVar

from azure_imds import _arguments, _exchange, _native, _transport
from azure_imds._arguments import Certificates, CloudName, Fingerprints, NonceNotChecked, Now, Seconds
from azure_imds._issuer_cache import IssuerCache, default_cache_dir
from azure_imds.errors import UsageError, VerifyError
from azure_imds.records import AttestedDocument

_P = ParamSpec("_P")
_R = TypeVar("_R")


class _CacheDir(enum.Enum):
    PLATFORM = "the platform's cache folder"

    def __repr__(self) -> str:
        return f"<{self.value}>"


_PLATFORM: Final = _CacheDir.PLATFORM


def _asks_for_a_nonce(method: Callable[_P, _R]) -> Callable[_P, _R]:
    """Leaving the nonce out is the same mistake as giving none: a ``UsageError``, not a ``TypeError``.

    A default that the signature does not show, where a function around the method would cost as much as all its checks.
    """
    assert isinstance(method, types.FunctionType)
    signature = inspect.signature(method)
    method.__kwdefaults__ = {**(method.__kwdefaults__ or {}), "nonce": None}
    vars(method)["__signature__"] = signature
    return method


class _Base:
    """What both verifiers are made of."""

    _WAITERS: ClassVar[int]
    """Verifications that may wait at once for each address of the table of known issuers, and for all others."""
    _AWAITS: ClassVar[bool]
    """Whether it awaits what functions of the caller give."""

    def __init__(
        self,
        *,
        anchors: Certificates | None = None,
        issuers: Certificates = (),
        fetch: bool = True,
        fetch_timeout: float | timedelta | None = None,
        allow_origins: Iterable[str] = (),
        deny: Fingerprints = (),
        on_unknown_issuer: Callable[[_native.VerifiedDocument], object] | None = None,
        cache_dir: _arguments.Path | _CacheDir | None = _PLATFORM,
    ) -> None:
        """Fixes what is trusted.

        Args:
            anchors: The roots to trust, and no others. ``None`` for ``default_anchors()``; to add to those, give
                ``[*default_anchors(), mine]``. An empty list refuses every document. A root whose own validity is over
                is refused like any other certificate.
            issuers: Intermediates to have at hand beside ``bundled_issuers()``. They are not trusted: they only help to
                find a path to an anchor.
            fetch: Whether missing issuers may be fetched: from known places of Azure's authorities (and
                ``allow_origins``) alone, and only for a document of which everything else is in order. What an address
                answered is remembered for five minutes.
            fetch_timeout: Seconds that a verification may take for all its requests, and for waiting for those of
                others; ``None`` for five.
            allow_origins: Further places to fetch issuers from, as ``scheme://host:port/prefix``.
            deny: Certificates and public keys that are shut out, by SHA-256: that of the whole certificate, or that of
                its SubjectPublicKeyInfo. It goes for signers, issuers and anchors. A public key is the surer choice: a
                CA may certify it again, and a certificate signed with ECDSA can be rewritten.
            on_unknown_issuer: Called with each verified document that says that Azure changes its issuers: one with
                ``document.new_issuers``. What it raises is raised by ``verify``. For an ``AsyncVerifier`` it may be a
                coroutine function, which is awaited.
            cache_dir: The folder for fetched issuers; ``None`` to keep none. Only used with ``fetch``.

        Raises:
            UsageError: ``argument_type``, ``argument_value``, ``file_unreadable``, ``bundle_empty``,
                ``certificate_unreadable``, ``origin_malformed``, ``fingerprint_malformed``.
        """
        if not isinstance(fetch, bool):
            raise UsageError(f"fetch is of type {type(fetch).__name__}; give True or False", code="argument_type")
        self._fetch = fetch
        self._fetch_timeout_ms = _arguments.milliseconds("fetch_timeout", fetch_timeout)
        self._on_unknown_issuer = _arguments.callback("on_unknown_issuer", on_unknown_issuer, is_awaited=self._AWAITS)
        self._native = _native.Verifier(
            anchors=None if anchors is None else _arguments.bundles("anchors", anchors),
            issuers=[*_arguments.bundled(), *_arguments.bundles("issuers", issuers)],
            allow_origins=_arguments.texts("allow_origins", allow_origins),
            deny=_arguments.fingerprints("deny", deny),
            waiters=self._WAITERS,
        )
        folder = default_cache_dir() if cache_dir is _PLATFORM else _arguments.folder("cache_dir", cache_dir)
        self._cache = IssuerCache(folder) if folder is not None and fetch else None
        if self._cache is not None:
            self._native.offer(list(self._cache.load()))
        self._hang_bell()

    def _hang_bell(self) -> None:
        """Makes what wakes those who wait for a request of another."""
        raise NotImplementedError

    def _start(
        self, document: object, now: object, expectations: _native.Expectations, *, explains: bool
    ) -> _native.Verification:
        return self._native.start(
            _arguments.document_bytes(document),
            expectations,
            _arguments.moment(now),
            self._fetch,
            self._fetch_timeout_ms,
            explains,
        )

    def _tell(self, report: _native.Report) -> object:
        """Tells of issuers that are new to Azure, and gives what the caller's function gave."""
        if self._on_unknown_issuer is None:
            return None
        document = report.document
        return self._on_unknown_issuer(document) if document is not None and document.new_issuers else None

    def _keep(self, cache: IssuerCache) -> None:
        """Puts what was fetched on the disk."""
        cache.store(self._native.remembered())


class Verifier(_Base):
    """Decides whether a document was signed by Azure for the VM it names. To be shared between threads.

    Make one and keep it: it remembers chains and fetched issuers. While it computes, other threads run. Threads that
    need the same issuer wait for one request. At most 64 wait at once for each address that the table of known issuers
    names, and 64 for all others; what is more is refused as ``fetch_overflow``, which is ``retryable``.
    """

    _WAITERS = 64
    _AWAITS = False

    def _hang_bell(self) -> None:
        self._bell = _exchange.Bell()

    def _run(self, verification: _native.Verification) -> _native.Report:
        report = _exchange.run_shared(verification, _transport.carry, self._bell)
        if self._cache is not None and _has_fetched(report):
            self._keep(self._cache)
        self._tell(report)
        return report

    @_asks_for_a_nonce
    def verify(
        self,
        document: bytes | str | AttestedDocument,
        /,
        *,
        nonce: str | NonceNotChecked,
        now: Now = None,
        clouds: Iterable[CloudName] = ("public",),
        max_age: Seconds | None = None,
        vm_id: str | None = None,
        subscription_id: str | None = None,
        sku: str | None = None,
        plan: _native.Plan | None = None,
        skew: Seconds = _native.DEFAULT_SKEW,
    ) -> _native.VerifiedDocument:
        """Verifies a document.

        Args:
            document: The service's JSON answer, its base64 ``signature`` alone, PEM or DER, or what a ``Client`` gave.
            nonce: The nonce that the document was asked for with, which this side made by ``secrets.token_hex(16)``; or
                ``NONCE_NOT_CHECKED``.
            now: The time to judge at; this machine's clock unless given.
            clouds: The clouds whose documents are accepted.
            max_age: Accept no document created longer ago. The skew is not added.
            vm_id: Accept a document of this VM alone.
            subscription_id: Accept a document of this subscription alone.
            sku: Accept a document of this image SKU alone.
            plan: Accept a document of this marketplace plan alone.
            skew: How much this machine's clock may differ from Azure's, at most an hour. SECURITY.md says "how long a
                document is good".

        Raises:
            VerifyError: The document is refused: the first check that failed.
            UsageError: What was asked makes no sense; whatever the document holds never is the cause.
        """
        expected = _arguments.expectations(nonce, clouds, max_age, vm_id, subscription_id, sku, plan, skew)
        verification = self._start(document, now, expected, explains=False)
        report = self._run(verification)
        verified = report.document
        if verified is None:
            raise _refusal(report, verification)
        return verified

    @_asks_for_a_nonce
    def explain(
        self,
        document: bytes | str | AttestedDocument,
        /,
        *,
        nonce: str | NonceNotChecked,
        now: Now = None,
        clouds: Iterable[CloudName] = ("public",),
        max_age: Seconds | None = None,
        vm_id: str | None = None,
        subscription_id: str | None = None,
        sku: str | None = None,
        plan: _native.Plan | None = None,
        skew: Seconds = _native.DEFAULT_SKEW,
    ) -> _native.Report:
        """Says what became of every check, for accepted and refused documents alike. Takes what ``verify`` takes.

        Raises:
            UsageError: What was asked makes no sense.
        """
        expected = _arguments.expectations(nonce, clouds, max_age, vm_id, subscription_id, sku, plan, skew)
        verification = self._start(document, now, expected, explains=True)
        return self._run(verification)


class AsyncVerifier(_Base):
    """The same, awaitable. Requests are carried by threads of their own; the event loop's thread computes.

    Of tasks that wait, 1,000 may do so at once for each address that the table of known issuers names, and 1,000 for
    all others.
    """

    _WAITERS = 1000
    _AWAITS = True

    def _hang_bell(self) -> None:
        self._bell = _exchange.AsyncBell()

    async def _run(self, verification: _native.Verification) -> _native.Report:
        report = await _exchange.run_shared_async(verification, _transport.carry_async, self._bell)
        if self._cache is not None and _has_fetched(report):
            await asyncio.to_thread(self._keep, self._cache)
        told = self._tell(report)
        if isinstance(told, Awaitable):
            await told
        return report

    @_asks_for_a_nonce
    async def verify(
        self,
        document: bytes | str | AttestedDocument,
        /,
        *,
        nonce: str | NonceNotChecked,
        now: Now = None,
        clouds: Iterable[CloudName] = ("public",),
        max_age: Seconds | None = None,
        vm_id: str | None = None,
        subscription_id: str | None = None,
        sku: str | None = None,
        plan: _native.Plan | None = None,
        skew: Seconds = _native.DEFAULT_SKEW,
    ) -> _native.VerifiedDocument:
        """Verifies a document: see ``Verifier.verify``."""
        expected = _arguments.expectations(nonce, clouds, max_age, vm_id, subscription_id, sku, plan, skew)
        verification = self._start(document, now, expected, explains=False)
        report = await self._run(verification)
        verified = report.document
        if verified is None:
            raise _refusal(report, verification)
        return verified

    @_asks_for_a_nonce
    async def explain(
        self,
        document: bytes | str | AttestedDocument,
        /,
        *,
        nonce: str | NonceNotChecked,
        now: Now = None,
        clouds: Iterable[CloudName] = ("public",),
        max_age: Seconds | None = None,
        vm_id: str | None = None,
        subscription_id: str | None = None,
        sku: str | None = None,
        plan: _native.Plan | None = None,
        skew: Seconds = _native.DEFAULT_SKEW,
    ) -> _native.Report:
        """Says what became of every check: see ``Verifier.explain``."""
        expected = _arguments.expectations(nonce, clouds, max_age, vm_id, subscription_id, sku, plan, skew)
        verification = self._start(document, now, expected, explains=True)
        return await self._run(verification)


def _has_fetched(report: _native.Report) -> bool:
    """Whether there is something to put on the disk: what others fetched, they put there."""
    fetches = report.fetches
    return bool(fetches) and any(fetch.code is None and not fetch.remembered for fetch in fetches)


def _refusal(report: _native.Report, verification: _native.Verification) -> VerifyError:
    failure = report.error
    assert failure is not None
    return VerifyError._of(failure, verification.explain)
