"""Plain values that reports and documents are made of, which anybody can make and pickle, and which prove nothing.

The native half makes them, by place: the order of the fields is its own.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Literal

from azure_imds._codes import FetchCode, VerifyCode
from azure_imds.errors import MissingIssuer
from azure_imds.records._record import Formed


@dataclass(frozen=True)
class Plan:
    """A plan of the Azure Marketplace, which the VM's image was sold under."""

    name: str
    """The plan."""

    product: str
    """The offer."""

    publisher: str
    """The publisher."""


@dataclass(frozen=True)
class ChainCertificate:
    """A certificate of a chain. Names are bounded and escaped, fit to show.

    In a ``VerifiedDocument`` it is part of the verified path; in the report of a refused document nothing is proven of
    it.
    """

    subject: str
    """Subject in the form of RFC 4514."""

    issuer: str
    """Issuer in the form of RFC 4514."""

    serial: str
    """Serial number in hexadecimal."""

    sha256: str
    """SHA-256 of the whole certificate, in hexadecimal."""

    public_key_sha256: str
    """SHA-256 of its SubjectPublicKeyInfo, in hexadecimal."""

    not_before: datetime
    """First moment of its validity, UTC."""

    not_after: datetime
    """Last moment of its validity, UTC."""

    key: str
    """Kind and size of its key: ``RSA-2048``, ``P-256``; empty if the key is of no accepted kind."""

    der: bytes = field(repr=False)
    """The whole certificate, DER."""

    @cached_property
    def pem(self) -> str:
        """The whole certificate, PEM."""
        import ssl

        return ssl.DER_cert_to_PEM_cert(self.der)


@dataclass(frozen=True)
class KnownIssuer(Formed):
    """A certification authority behind Azure's documents. To be in the table gives no trust: only anchors do."""

    name: str
    """Its common name."""

    subject: str
    """Its subject in the form of RFC 4514. Several certificates may share it."""

    sha256: str
    """SHA-256 of its certificate, in hexadecimal."""

    not_before: datetime
    """First moment of its validity, UTC."""

    not_after: datetime
    """Last moment of its validity, UTC."""

    url: str | None
    """Where its certificate can be fetched, DER."""

    issuer: str
    """The common name of its issuer; of itself for a root."""

    kind: Literal["intermediate", "root"]
    """What it is in a chain."""

    default_anchor: bool
    """Whether it is one of the roots trusted by default."""


@dataclass(frozen=True)
class Headline:
    """What a report comes to, in the words that belong above it. ``str(headline)`` is its title.

    A wrong signature, a right one of an unknown signer, and something that is not a document at all are told apart.
    """

    name: str
    """The stable name."""

    title: str
    """The headline in words."""

    meaning: str
    """What that means for those who have to decide, in one sentence or two."""

    is_verified: bool
    """Whether the document is accepted."""

    def __str__(self) -> str:
        return self.title


@dataclass(frozen=True)
class Failure:
    """Why a document is refused."""

    code: VerifyCode
    """The stable name of the error."""

    message: str
    """The error with the compared values, bounded and escaped."""

    summary: str
    """The error without any value, of the document or of what was expected: fit for the one who handed it in."""

    next_step: str
    """What to do about it, as fit for a stranger's eyes."""

    command_line_step: str
    """The same with the flags of the program ``azure-imds``."""

    missing: tuple[MissingIssuer, ...]
    """The certificates that are missing, or the root that is not trusted, if that is the reason."""

    retryable: bool
    """Whether the same call may well succeed later."""

    def __str__(self) -> str:
        return self.message


@dataclass(frozen=True)
class CheckLine:
    """One line of a report."""

    name: str
    """The check: ``input``, ``content_signature``, ``chain``, ``nonce``, ..."""

    outcome: Literal["passed", "failed", "not_checked", "not_reached"]
    """What became of it."""

    code: VerifyCode | None
    """The code of its error, if it failed."""

    detail: str
    """The evidence, bounded and escaped; for a failure the text of its error."""

    next_step: str | None
    """What to do about its error, if it failed."""


@dataclass(frozen=True)
class Fetch:
    """An attempt to fetch an issuer."""

    url: str
    """The address asked."""

    code: FetchCode | None
    """The code of the error; ``None`` if the issuer came."""

    message: str | None
    """The text of the error; ``None`` if the issuer came."""

    remembered: bool
    """Whether this was learnt from a request of another verification, within the last five minutes."""


@dataclass(frozen=True)
class Recognised:
    """What an input turned out to be. To be recognised proves nothing: only ``Verifier.verify`` does."""

    material: str
    """What it is: ``document``, or the stable name of something else, such as ``instance_metadata``, ``html``."""

    description: str
    """The same in words."""

    next_step: str
    """What was expected instead, or what to do."""

    wrapping: str | None
    """What was around the document and was left out, in words; ``None`` if there was nothing."""

    document: bytes = field(repr=False)
    """The part to verify: the document without what was around it, else the whole input."""
