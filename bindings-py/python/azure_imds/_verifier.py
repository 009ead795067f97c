"""The verifier, blocking and async."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable
from typing import TYPE_CHECKING, ClassVar

from azure_imds import _arguments, _exchange, _native, _transport
from azure_imds._arguments import NonceNotChecked
from azure_imds._issuer_cache import IssuerCache, default_cache_dir
from azure_imds._options import Expected, Unpack, VerifierOptions, takes
from azure_imds.errors import VerifyError
from azure_imds.records import AttestedDocument

if TYPE_CHECKING:
    from azure_imds._report import Recognised


_judges = takes(Expected, nonce=None)


class _Base:
    """What both verifiers are made of."""

    _WAITERS: ClassVar[int]
    """Verifications that may wait at once for each address of the table of known issuers, and for all others."""
    _AWAITS: ClassVar[bool]
    """Whether it awaits what functions of the caller give."""

    @takes(VerifierOptions)
    def __init__(self, **options: Unpack[VerifierOptions]) -> None:
        """Fixes what is trusted.

        Args:
            options: See ``VerifierOptions``.

        Raises:
            UsageError: ``argument_type``, ``argument_value``, ``file_unreadable``, ``bundle_empty``,
                ``certificate_unreadable``, ``origin_malformed``, ``fingerprint_malformed``.
        """
        given: dict[str, object] = {**options}
        told = given.pop("on_unknown_issuer", None)
        self._on_unknown_issuer = _arguments.callback("on_unknown_issuer", told, is_awaited=self._AWAITS)
        folder = _arguments.folder("cache_dir", given.pop("cache_dir", None))
        for name in ("anchors", "issuers"):
            if given.get(name) is not None:
                given[name] = _arguments.bundles(name, given[name])
        self._native = _native.Verifier(given, _arguments.bundled(), self._WAITERS)
        if "cache_dir" not in options:
            folder = default_cache_dir()
        self._cache = IssuerCache(folder) if folder is not None and self._native.fetches else None
        if self._cache is not None:
            self._native.offer(list(self._cache.load()))
        self._hang_bell()

    def _hang_bell(self) -> None:
        """Makes what wakes those who wait for a request of another."""
        raise NotImplementedError

    def _start(
        self, document: object, nonce: object, options: Expected, *, explains: bool
    ) -> _native.Call[_native.Report]:
        return self._native.start(_arguments.document_bytes(document), nonce, options, int(time.time()), explains)

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

    def _run(self, verification: _native.Call[_native.Report]) -> _native.Report:
        report = _exchange.run_shared(verification, _transport.carry, self._bell)
        if self._cache is not None and report._has_fetched:
            self._keep(self._cache)
        if self._on_unknown_issuer is not None:
            self._tell(report)
        return report

    @_judges
    def verify(
        self,
        document: bytes | str | AttestedDocument,
        /,
        *,
        nonce: str | NonceNotChecked,
        **options: Unpack[Expected],
    ) -> _native.VerifiedDocument:
        """Verifies a document.

        Args:
            document: The service's JSON answer, its base64 ``signature`` alone, PEM or DER, or what a ``Client`` gave.
            nonce: The nonce that the document was asked for with, which this side made by ``secrets.token_hex(16)``; or
                ``NONCE_NOT_CHECKED``.
            options: What is expected of it, and when: see ``Expected``.

        Raises:
            VerifyError: The document is refused: the first check that failed.
            UsageError: What was asked makes no sense; whatever the document holds never is the cause.
        """
        verification = self._start(document, nonce, options, explains=False)
        report = self._run(verification)
        if (refusal := report._refusal) is not None:
            raise VerifyError._of(refusal, report, verification.explain)
        return _verified(report)

    @_judges
    def explain(
        self,
        document: bytes | str | AttestedDocument,
        /,
        *,
        nonce: str | NonceNotChecked,
        **options: Unpack[Expected],
    ) -> _native.Report:
        """Says what became of every check, for accepted and refused documents alike. Takes what ``verify`` takes.

        Raises:
            UsageError: What was asked makes no sense.
        """
        verification = self._start(document, nonce, options, explains=True)
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

    async def _run(self, verification: _native.Call[_native.Report]) -> _native.Report:
        report = await _exchange.run_shared_async(verification, _transport.carry_async, self._bell)
        if self._cache is not None and report._has_fetched:
            await asyncio.to_thread(self._keep, self._cache)
        told = self._tell(report)
        if isinstance(told, Awaitable):
            await told
        return report

    @_judges
    async def verify(
        self,
        document: bytes | str | AttestedDocument,
        /,
        *,
        nonce: str | NonceNotChecked,
        **options: Unpack[Expected],
    ) -> _native.VerifiedDocument:
        """Verifies a document: see ``Verifier.verify``."""
        verification = self._start(document, nonce, options, explains=False)
        report = await self._run(verification)
        if (refusal := report._refusal) is not None:
            raise VerifyError._of(refusal, report, verification.explain)
        return _verified(report)

    @_judges
    async def explain(
        self,
        document: bytes | str | AttestedDocument,
        /,
        *,
        nonce: str | NonceNotChecked,
        **options: Unpack[Expected],
    ) -> _native.Report:
        """Says what became of every check: see ``Verifier.explain``."""
        verification = self._start(document, nonce, options, explains=True)
        return await self._run(verification)


def recognise(input: bytes | str | AttestedDocument, /) -> Recognised:
    """Says what an input is, and finds the document in what is around it: for what people paste.

    To be recognised proves nothing: ``verify`` is strict, and what is found here is to be given to it.
    """
    return _native.recognise(_arguments.document_bytes(input))


def _verified(report: _native.Report) -> _native.VerifiedDocument:
    document = report.document
    assert document is not None
    return document
