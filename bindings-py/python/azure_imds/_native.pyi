"""The native half of ``azure_imds``. What a caller is to use of it is exported there."""

from datetime import datetime
from typing import Any, Final, Literal, final

__all__ = [
    "DEFAULT_SKEW",
    "ChainCertificate",
    "CheckLine",
    "Expectations",
    "Failure",
    "Fetch",
    "KnownIssuer",
    "Plan",
    "Report",
    "Request",
    "Verification",
    "VerifiedDocument",
    "Verifier",
    "default_anchors",
    "known_issuers",
    "read_certificates",
    "version",
]

DEFAULT_SKEW: Final[int]

def version() -> str:
    """The version of this package."""

def known_issuers() -> tuple[KnownIssuer, ...]:
    """The certification authorities that have issued Azure's documents or are listed for them, and their roots."""

def default_anchors() -> tuple[bytes, ...]:
    """The four roots that are trusted by default, DER."""

def read_certificates(bundle: bytes, /) -> tuple[bytes, ...]:
    """The certificates of a bundle (one in DER, or any number in PEM), DER, sorted and each once.

    Raises:
        UsageError: ``bundle_empty``, ``certificate_unreadable``.
    """

@final
class VerifiedDocument:
    """A document that Azure signed. Only a verification makes one.

    It proves that the metadata service of ``cloud`` said this of the VM ``vm_id``, and with a nonce that it said so
    after the nonce was made. It does not prove who handed it in: every process on that VM can read such a document.
    """

    @property
    def vm_id(self) -> str:
        """The VM's UUID, as written."""
    @property
    def subscription_id(self) -> str | None:
        """The subscription, if the document names one."""
    @property
    def sku(self) -> str | None:
        """The SKU of the image, if the document names one."""
    @property
    def plan(self) -> Plan | None:
        """The plan of the image, if it is of the marketplace."""
    @property
    def license_type(self) -> str | None:
        """The licence type, with Azure Hybrid Benefit."""
    @property
    def nonce(self) -> str | None:
        """The nonce, if the document has one: see ``nonce_checked``."""
    @property
    def nonce_checked(self) -> bool:
        """Whether the nonce was compared with one that the caller gave."""
    @property
    def created_on(self) -> datetime:
        """When the document was created, UTC."""
    @property
    def expires_on(self) -> datetime:
        """When the document expires, UTC."""
    @property
    def cloud(self) -> Literal["public", "usgov", "china", "germany"]:
        """The cloud whose metadata service signed."""
    @property
    def region(self) -> str | None:
        """The region of the signer, if its names tell one."""
    @property
    def names(self) -> tuple[str, ...]:
        """The names of the signer, in lower case."""
    @property
    def chain(self) -> tuple[ChainCertificate, ...]:
        """The verified path, from the signer's certificate to the anchor."""
    @property
    def time_basis(self) -> Literal["now", "signing_time"]:
        """Which time the verdict speaks of. At ``signing_time`` it is open whether the document has expired."""
    @property
    def judged_at(self) -> datetime:
        """The time the verdict speaks of, UTC."""
    @property
    def content(self) -> str:
        """The signed JSON, as the service wrote it."""
    @property
    def claims(self) -> dict[str, Any]:
        """The signed JSON as Python values. It may hold claims that this package does not know."""
    def __eq__(self, other: object, /) -> bool: ...
    def __ne__(self, other: object, /) -> bool: ...

@final
class Plan:
    """A plan of the Azure Marketplace, which the VM's image was sold under."""

    def __new__(cls, name: str, product: str, publisher: str) -> Plan: ...
    @property
    def name(self) -> str:
        """The plan."""
    @property
    def product(self) -> str:
        """The offer."""
    @property
    def publisher(self) -> str:
        """The publisher."""
    def __getnewargs__(self) -> tuple[str, str, str]: ...
    def __eq__(self, other: object, /) -> bool: ...
    def __ne__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...

@final
class ChainCertificate:
    """A certificate of a chain. Names are bounded and escaped, fit to show.

    In a ``VerifiedDocument`` it is part of the verified path; in the report of a refused document nothing is proven of
    it.
    """

    @property
    def subject(self) -> str:
        """Subject in the form of RFC 4514."""
    @property
    def issuer(self) -> str:
        """Issuer in the form of RFC 4514."""
    @property
    def serial(self) -> str:
        """Serial number in hexadecimal."""
    @property
    def sha256(self) -> str:
        """SHA-256 of the whole certificate, in hexadecimal."""
    @property
    def not_before(self) -> datetime:
        """First moment of its validity, UTC."""
    @property
    def not_after(self) -> datetime:
        """Last moment of its validity, UTC."""
    @property
    def key(self) -> str:
        """Kind and size of its key: ``RSA-2048``, ``P-256``; empty if the key is of no accepted kind."""
    @property
    def der(self) -> bytes:
        """The whole certificate, DER."""
    @property
    def pem(self) -> str:
        """The whole certificate, PEM."""
    def __eq__(self, other: object, /) -> bool: ...
    def __ne__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...

@final
class KnownIssuer:
    """A certification authority behind Azure's documents. To be in the table gives no trust: only anchors do."""

    @property
    def name(self) -> str:
        """Its common name."""
    @property
    def subject(self) -> str:
        """Its subject in the form of RFC 4514. Several certificates may share it."""
    @property
    def sha256(self) -> str:
        """SHA-256 of its certificate, in hexadecimal."""
    @property
    def not_before(self) -> datetime:
        """First moment of its validity, UTC."""
    @property
    def not_after(self) -> datetime:
        """Last moment of its validity, UTC."""
    @property
    def url(self) -> str | None:
        """Where its certificate can be fetched, DER."""
    @property
    def issuer(self) -> str:
        """The common name of its issuer; of itself for a root."""
    @property
    def kind(self) -> Literal["intermediate", "root"]:
        """What it is in a chain."""
    @property
    def default_anchor(self) -> bool:
        """Whether it is one of the roots trusted by default."""
    def __eq__(self, other: object, /) -> bool: ...
    def __ne__(self, other: object, /) -> bool: ...

@final
class Report:
    """What a verification found, whether the document was accepted or not.

    ``str(report)`` is plain text for people: verdict, checks, chain, next step.
    """

    @property
    def verified(self) -> bool:
        """Whether the document is accepted."""
    @property
    def document(self) -> VerifiedDocument | None:
        """The document, if it is accepted."""
    @property
    def error(self) -> Failure | None:
        """The first failure in the order of the checks, if the document is refused."""
    @property
    def unverified(self) -> str | None:
        """The content of a refused document, which nobody vouches for. As it came: escape it before it is shown."""
    @property
    def checks(self) -> tuple[CheckLine, ...]:
        """Every check, in order."""
    @property
    def chain(self) -> tuple[ChainCertificate, ...]:
        """The verified path; for a refused document what was found, of which nothing is proven."""
    @property
    def fetches(self) -> tuple[Fetch, ...]:
        """The attempts to fetch issuers."""

@final
class Failure:
    """Why a document is refused."""

    @property
    def code(self) -> str:
        """The stable name of the error."""
    @property
    def message(self) -> str:
        """The error with the compared values, bounded and escaped."""
    @property
    def summary(self) -> str:
        """The error without any value of the document, fit to be told to whoever handed it in."""
    @property
    def next_step(self) -> str:
        """What to do about it, as fit for a stranger's eyes."""
    @property
    def retryable(self) -> bool:
        """Whether the same call may well succeed later."""
    def __eq__(self, other: object, /) -> bool: ...
    def __ne__(self, other: object, /) -> bool: ...

@final
class CheckLine:
    """One line of a report."""

    @property
    def name(self) -> str:
        """The check: ``input``, ``content_signature``, ``chain``, ``nonce``, ..."""
    @property
    def outcome(self) -> Literal["passed", "failed", "not_checked", "not_reached"]:
        """What became of it."""
    @property
    def code(self) -> str | None:
        """The code of its error, if it failed."""
    @property
    def detail(self) -> str:
        """The evidence, bounded and escaped; for a failure the text of its error."""
    def __eq__(self, other: object, /) -> bool: ...
    def __ne__(self, other: object, /) -> bool: ...

@final
class Fetch:
    """An attempt to fetch an issuer."""

    @property
    def url(self) -> str:
        """The address asked."""
    @property
    def code(self) -> str | None:
        """The code of the error; ``None`` if the issuer came."""
    @property
    def message(self) -> str | None:
        """The text of the error; ``None`` if the issuer came."""
    def __eq__(self, other: object, /) -> bool: ...
    def __ne__(self, other: object, /) -> bool: ...

@final
class Verifier:
    """The trust, with what verifications share."""

    def __new__(cls, *, anchors: list[bytes] | None, issuers: list[bytes], allow_origins: list[str]) -> Verifier: ...
    def start(self, document: bytes, expectations: Expectations, *, at: int | None, fetch: bool) -> Verification:
        """Starts to verify. ``at`` is Unix time; ``None`` stands for the signing time."""
    def offer(self, der: bytes) -> bool:
        """Adds a certificate of an earlier process as an untrusted issuer. Says whether it is one."""
    def remembered(self) -> tuple[bytes, ...]:
        """The issuers fetched or offered, DER."""

@final
class Expectations:
    """What a caller expects of a document."""

    def __new__(
        cls,
        *,
        nonce: str,
        nonce_not_checked: bool,
        clouds: list[str],
        skew: int,
        max_age: int | None,
        vm_id: str | None,
        subscription_id: str | None,
        sku: str | None,
        plan: Plan | None,
    ) -> Expectations: ...

@final
class Verification:
    """One verification under way. Times are milliseconds of one monotonic clock."""

    def poll(
        self, now_ms: int
    ) -> tuple[Literal["send"], int, Request] | tuple[Literal["wait"], int] | tuple[Literal["done"], Report]:
        """Says what to do next: carry a request of that number, wait until then, or read the report."""
    def receive(self, id: int, now_ms: int, status: int, headers: list[tuple[str, str]], body: bytes) -> None:
        """Hands in the answer to a request."""
    def fail(self, id: int, now_ms: int, code: str, reason: str, max_body: int) -> None:
        """Says that a request could not be carried to its end."""

@final
class Request:
    """A request for the transport to carry, with the limits to keep."""

    @property
    def method(self) -> str:
        """The method."""
    @property
    def url(self) -> str:
        """The absolute URL."""
    @property
    def headers(self) -> list[tuple[str, str]]:
        """Fields to send, beside those that HTTP itself needs."""
    @property
    def body(self) -> bytes:
        """The body to send; empty for none."""
    @property
    def route(self) -> Literal["direct", "internet"]:
        """The way to take: ``direct`` without any proxy, ``internet`` by the host's usual proxy settings."""
    @property
    def connect_timeout_ms(self) -> int:
        """Give up connecting after so many milliseconds."""
    @property
    def deadline_ms(self) -> int:
        """Give up altogether at this moment: milliseconds of ``time.monotonic_ns() // 1_000_000``."""
    @property
    def max_body(self) -> int:
        """Read at most so many bytes and one more."""
