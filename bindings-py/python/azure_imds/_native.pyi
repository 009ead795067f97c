"""The native half of ``azure_imds``. What a caller is to use of it is exported there."""

from datetime import datetime
from typing import Any, Final, Generic, Literal, TypeAlias, TypeVar, final, type_check_only

from azure_imds._arguments import CloudName
from azure_imds._codes import FetchCode, NotFetchedCode, VerifyCode
from azure_imds.errors import MissingIssuer
from azure_imds.records import (
    AttestedDocument,
    Availability,
    Compute,
    Diagnosis,
    Extended,
    Field,
    IdentityInfo,
    LoadBalancer,
    Network,
    ScheduledEvents,
    Tags,
    Unreadable,
    Versions,
)

_T = TypeVar("_T")

__all__ = [
    "DEFAULT_SKEW",
    "FAULT_HEADER",
    "AccessToken",
    "Call",
    "ChainCertificate",
    "CheckLine",
    "Client",
    "Configuration",
    "EmulatedEvent",
    "Emulator",
    "Expectations",
    "Failure",
    "Fetch",
    "Instance",
    "JournalEntry",
    "KnownIssuer",
    "Observation",
    "Plan",
    "Reply",
    "Report",
    "Request",
    "Surroundings",
    "Verification",
    "VerifiedDocument",
    "Verifier",
    "all_codes",
    "check_fault",
    "cloud_of",
    "default_anchors",
    "event_affects",
    "explain",
    "form",
    "form_values",
    "json_object",
    "known_issuers",
    "printable",
    "read_certificates",
    "record_types",
    "scenarios",
    "tag_value",
    "tampers",
    "version",
    "vm_id_matches",
]

DEFAULT_SKEW: Final[int]

def printable(text: str) -> str:
    """The text with everything escaped that is not seen."""

def version() -> str:
    """The version of this package."""

def all_codes() -> list[tuple[str, str, str, str, str]]:
    """Every code: its name, kind, cause, remedy, and whether to try again."""

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
    """A document that Azure signed, or somebody under a root that was added. Only a verification makes one.

    Under a default anchor it proves that the metadata service of ``cloud`` said this of the VM ``vm_id``, and with a
    nonce that it said so after the nonce was made. It does not prove who handed it in: every process on that VM can
    read such a document.
    """

    @property
    def identity(self) -> str:
        """What the document is known by, 64 hexadecimal digits: the same however it is written down, and no other
        document's. The key of a list of documents seen; their bytes are not fit for that."""
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
        """What the document says of its end, ``expiresOn``, UTC. It is accepted for six hours and the skew after
        ``created_on`` at most."""
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
    def unknown_issuers(self) -> tuple[ChainCertificate, ...]:
        """The certificates above the signer's that ``known_issuers()`` does not have. The document is verified all the
        same."""
    @property
    def new_issuers(self) -> tuple[ChainCertificate, ...]:
        """Those of them that say that Azure changes its issuers: all if the chain ends in a root that
        ``known_issuers()`` has, none under any other root."""
    @property
    def anchor(self) -> ChainCertificate | None:
        """The root that the verdict rests on: the last of the chain."""
    @property
    def is_default_anchor(self) -> bool:
        """Whether that is one of ``default_anchors()``. Under another the document is worth what that root is worth."""
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
    def to_json(self) -> str:
        """The document in the JSON form: the ``document`` of a report's, with the version of the form."""
    def to_dict(self) -> dict[str, Any]:
        """The same as Python values. A number that no ``float`` holds, or of more than 120 digits, stays text."""
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
    def public_key_sha256(self) -> str:
        """SHA-256 of its SubjectPublicKeyInfo, in hexadecimal."""
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
    def to_json(self) -> str:
        """The JSON form, the same in every language: names as here, times as RFC 3339, what is absent as null."""
    def to_dict(self) -> dict[str, Any]:
        """The same as values."""
    def __eq__(self, other: object, /) -> bool: ...
    def __ne__(self, other: object, /) -> bool: ...

@type_check_only
class _ReportMembers:
    """What a verification found, whether the document was accepted or not.

    ``str(report)`` is plain text for people: verdict, checks, chain, next step.
    """

    @property
    def checks(self) -> tuple[CheckLine, ...]:
        """Every check, in order."""
    @property
    def chain(self) -> tuple[ChainCertificate, ...]:
        """The verified path; for a refused document what was found, of which nothing is proven."""
    @property
    def fetches(self) -> tuple[Fetch, ...]:
        """The attempts to fetch issuers, those of others that are remembered included."""
    @property
    def not_fetched(self) -> str | None:
        """Why no request, or no further one, was made for a missing issuer. ``None`` where each address was asked."""
    @property
    def not_fetched_code(self) -> NotFetchedCode | None:
        """The stable name of that reason."""
    def to_json(self, *, unverified: bool = False) -> str:
        """The report in the JSON form that Rust, Python, Node and the program ``azure-imds`` share.

        Args:
            unverified: Whether to add the content of a refused document, which nobody vouches for, as ``unverified``.
        """
    def to_dict(self, *, unverified: bool = False) -> dict[str, Any]:
        """The same as Python values. A number that no ``float`` holds, or of more than 120 digits, stays text."""
    def command_line_dict(self, *, unverified: bool = False) -> dict[str, Any]:
        """The same with the flags of the program ``azure-imds`` in the next step."""

@type_check_only
@final
class _VerifiedReport(_ReportMembers):
    verified: Final[Literal[True]]
    """Whether the document is accepted."""
    document: Final[VerifiedDocument]
    """The document, if it is accepted."""
    error: Final[None]
    """The first failure in the order of the checks, if the document is refused."""
    unverified: Final[None]
    """The content of a refused document, which nobody vouches for. As it came: escape it before it is shown."""

@type_check_only
@final
class _RefusedReport(_ReportMembers):
    verified: Final[Literal[False]]
    """Whether the document is accepted."""
    document: Final[None]
    """The document, if it is accepted."""
    error: Final[Failure]
    """The first failure in the order of the checks, if the document is refused."""
    unverified: Final[str | None]
    """The content of a refused document, which nobody vouches for. As it came: escape it before it is shown."""

# One class, said as the two that its values are of: after `if report.error is None`, or `report.verified is True`, type
# checkers know the rest.
Report: TypeAlias = _VerifiedReport | _RefusedReport

@final
class Failure:
    """Why a document is refused."""

    @property
    def code(self) -> VerifyCode:
        """The stable name of the error."""
    @property
    def message(self) -> str:
        """The error with the compared values, bounded and escaped."""
    @property
    def summary(self) -> str:
        """The error without any value, of the document or of what was expected: fit for the one who handed it in."""
    @property
    def next_step(self) -> str:
        """What to do about it, as fit for a stranger's eyes."""
    @property
    def command_line_step(self) -> str:
        """The same with the flags of the program ``azure-imds``."""
    @property
    def missing(self) -> tuple[MissingIssuer, ...]:
        """The certificates that are missing, or the root that is not trusted, if that is the reason."""
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
    def code(self) -> VerifyCode | None:
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
    def code(self) -> FetchCode | None:
        """The code of the error; ``None`` if the issuer came."""
    @property
    def message(self) -> str | None:
        """The text of the error; ``None`` if the issuer came."""
    @property
    def remembered(self) -> bool:
        """Whether this was learnt from a request of another verification, within the last five minutes."""
    def __eq__(self, other: object, /) -> bool: ...
    def __ne__(self, other: object, /) -> bool: ...

@final
class Verifier:
    """The trust, with what verifications share."""

    def __new__(
        cls,
        *,
        anchors: list[tuple[str, bytes]] | None,
        issuers: list[tuple[str, bytes]],
        allow_origins: list[str],
        deny: list[str],
        waiters: int,
    ) -> Verifier: ...
    def start(
        self,
        document: bytes,
        expectations: Expectations,
        at: int | Literal["signing_time"],
        fetch: bool,
        fetch_timeout_ms: int | None,
        explains: bool,
    ) -> Verification:
        """Starts to verify. ``at`` is Unix time, or the text ``signing_time``: ``None`` is neither.

        Without ``explains`` the report holds the verdict alone.
        """
    def offer(self, certificates: list[bytes]) -> int:
        """Adds certificates of an earlier process as untrusted issuers, if they lead to an anchor. Says how many do."""
    def remembered(self) -> tuple[bytes, ...]:
        """The issuers fetched or offered, DER."""

@final
class Expectations:
    """What a caller expects of a document."""

    def __new__(
        cls,
        nonce: str | None,
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
    def explain(self) -> Report:
        """What became of every check. Nothing is fetched."""
    def release(self) -> None:
        """Gives back what it holds in the verifier's memory, so that others need not wait for it."""
    def receive(self, id: int, now_ms: int, status: int, headers: list[tuple[str, str]], body: bytes) -> None:
        """Hands in the answer to a request. It is ignored unless that request is out.

        Raises:
            UsageError: ``request_stale``: it never made that request.
        """
    def fail(self, id: int, now_ms: int, code: str, reason: str, max_body: int) -> None:
        """Says that a request could not be carried to its end. It is ignored unless that request is out.

        Raises:
            UsageError: ``request_stale``: it never made that request.
        """

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

@final
class Client:
    """The address, the version and the policy, with what calls share."""

    ENDPOINT_VARIABLES: list[str]
    """The environment variables that name another address."""

    def __new__(
        cls,
        *,
        endpoint: str | None,
        environment: dict[str, str],
        version: str | None,
        provisioning: bool,
        connect_timeout_ms: int | None,
        attempt_timeout_ms: int | None,
        deadline_ms: int | None,
        max_body: int | None,
        retries: int | None,
        transport_retries: int | None,
        backoff_ms: int | None,
        jitter: int,
        negotiates: bool,
        paced: bool,
        remembers: bool,
    ) -> Client: ...
    @property
    def endpoint(self) -> str:
        """The address asked."""
    def instance(self, extended: bool) -> Call[Instance]: ...
    def get(self, path: str) -> Call[Any]: ...
    def text(self, path: str) -> Call[str]: ...
    def tags(self) -> Call[Tags]: ...
    def attested_document(self, nonce: str | None) -> Call[AttestedDocument]: ...
    def token(
        self,
        resource: str,
        *,
        client_id: str | None,
        object_id: str | None,
        resource_id: str | None,
        bypass_cache: bool,
    ) -> Call[AccessToken]: ...
    def identity_info(self) -> Call[IdentityInfo]: ...
    def scheduled_events(self) -> Call[ScheduledEvents]: ...
    def approve(self, event_ids: list[str]) -> Call[None]: ...
    def watch_events(self, interval_ms: int | None) -> Observation: ...
    def load_balancer(self) -> Call[LoadBalancer]: ...
    def versions(self) -> Call[Versions]: ...
    def availability(self) -> Call[Availability]: ...
    def diagnose(self, surroundings: Surroundings) -> Call[Diagnosis]: ...

@final
class Call(Generic[_T]):
    """One call under way. Times are milliseconds of one monotonic clock."""

    def poll(
        self, now_ms: int
    ) -> tuple[Literal["send"], int, Request] | tuple[Literal["wait"], int] | tuple[Literal["done"], _T]:
        """Says what to do next: carry a request of that number, wait until then, or take the value.

        Once it is done, another poll returns the value again.

        Raises:
            TransportError, ServiceError, VerifyError: It is done, and this is why there is no value.
        """
    def receive(self, id: int, now_ms: int, status: int, headers: list[tuple[str, str]], body: bytes) -> None:
        """Hands in the answer to a request. It is ignored unless that request is out.

        Raises:
            UsageError: ``request_stale``: it never made that request.
        """
    def abandon(self) -> None:
        """Ends it: nobody waits for its value any more, and what it holds of its client's pace is given back."""
    def fail(self, id: int, now_ms: int, code: str, reason: str, max_body: int) -> None:
        """Says that a request could not be carried to its end. It is ignored unless that request is out.

        Raises:
            UsageError: ``request_stale``: it never made that request.
        """

@final
class Instance:
    """The answer of ``/metadata/instance``, typed and as it came.

    A field is absent when the answer lacks it, when it is empty there, and when it can't be read; what can't be read is
    listed by ``unreadable``.
    """

    def __new__(cls, json: str, api_version: str | None = None) -> Instance:
        """Reads an answer.

        Args:
            json: The text of the answer.
            api_version: The version it was asked with, if it is known.

        Raises:
            ServiceError: ``answer_malformed``, ``answer_too_deep``, ``answer_unexpected``.
            UsageError: ``version_malformed``.
        """
    def __getnewargs__(self) -> tuple[str, str | None]: ...
    @property
    def compute(self) -> Compute:
        """What the machine is."""
    @property
    def network(self) -> Network:
        """How it is connected."""
    @property
    def extended(self) -> Extended:
        """What provisioning agents ask for with ``extended=True``."""
    @property
    def tags(self) -> Tags:
        """The tags, from whichever form the answer has."""
    @property
    def json(self) -> str:
        """The answer as it came, byte for byte."""
    @property
    def api_version(self) -> str | None:
        """The version that the answer was asked with."""
    @property
    def absent(self) -> tuple[str, ...]:
        """Whole sections that a partial answer lacks, as paths. Such answers come while the service is not ready."""
    @property
    def unreadable(self) -> tuple[Unreadable, ...]:
        """Fields that hold something that can't be read as what it should be."""
    def get(self, path: str) -> Any:
        """The value at a path, as plain values.

        Raises:
            ServiceError: ``path_not_found``, which says so when the field is newer than the answer.
            UsageError: ``path_malformed``.
        """
    def text(self, path: str) -> str:
        """What the service answers for the path as text: a single value bare, of anything else a listing.

        Raises:
            ServiceError: ``path_not_found``.
            UsageError: ``path_malformed``.
        """
    def explain(self, name: str) -> str | None:
        """Why this answer lacks a field, written as for ``azure_imds.explain``.

        Nothing for a name that is not known, and for a field that is there.
        """
    def to_json(self) -> str:
        """The JSON form, the same in every language: names as here, times as RFC 3339, what is absent as null."""
    def to_dict(self) -> dict[str, Any]:
        """The same as values."""
    def __eq__(self, other: object, /) -> bool: ...
    def __ne__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...

@final
class AccessToken:
    """An access token of a managed identity.

    The token itself is shown by ``secret`` alone: not by ``str``, not by ``repr``; it can't be pickled.
    """

    @property
    def secret(self) -> str:
        """The token. Anybody who holds it acts as the machine: keep it out of logs and command lines."""
    @property
    def client_id(self) -> str | None:
        """The identity's client ID."""
    @property
    def expires_in(self) -> int | None:
        """Seconds of life left when the answer was given. Tokens come from a cache, so it shrinks."""
    @property
    def expires_on(self) -> datetime | None:
        """When the token ends, UTC."""
    @property
    def ext_expires_in(self) -> int | None:
        """Seconds for which it may be used while the issuer can't be reached."""
    @property
    def not_before(self) -> datetime | None:
        """When the token begins, UTC."""
    @property
    def resource(self) -> str | None:
        """What the token is for."""
    @property
    def token_type(self) -> str | None:
        """``Bearer``."""
    @property
    def unreadable(self) -> tuple[Unreadable, ...]:
        """Fields that hold something that can't be read as what it should be."""
    def to_json(self) -> str:
        """The JSON form, the same in every language: names as here, times as RFC 3339, what is absent as null.

        The token is not in it.
        """
    def to_dict(self) -> dict[str, Any]:
        """The same as values."""
    def __eq__(self, other: object, /) -> bool: ...
    def __ne__(self, other: object, /) -> bool: ...

@final
class Surroundings:
    """What a host knows of the machine: raw texts, which the core interprets."""

    variables: tuple[str, ...]
    """Environment variables to give."""
    linux_files: tuple[str, ...]
    """Files to give on Linux."""
    linux_routes: str
    """The file with Linux's routes."""
    windows_routes: tuple[str, ...]
    """The command whose output holds Windows' routes."""

    def __new__(
        cls, platform: str, *, variables: dict[str, str], files: dict[str, str], routes: str | None
    ) -> Surroundings: ...

@final
class Observation:
    """A watch of scheduled events, asked for one value after the other."""

    def next(self) -> Call[ScheduledEvents]:
        """The call whose value is the next one of the watch."""

def explain(name: str, /) -> tuple[Field, ...]:
    """The fields of a name, as people write it: ``physicalZone``, ``physical_zone``, ``compute.storageProfile.osDisk``.

    Case does not count. A whole path gives its field alone; else every field that ends so is given.
    """

def form(value: object, /) -> str:
    """The JSON form of a result or an error."""

def form_values(value: object, /) -> dict[str, Any]:
    """The same as values."""

def json_object(text: str, /) -> dict[str, Any] | None:
    """What the text says, if it is a JSON object: numbers out of all bounds stay as they are written."""

def record_types() -> dict[str, list[tuple[str, str, str, str | None]]]:
    """The core's tables of records: of each field the names here and on the wire, the kind, the type inside."""

def tag_value(pairs: list[tuple[str, str]], name: str, /) -> str | None:
    """The value of a tag."""

def cloud_of(az_environment: str, /) -> CloudName | None:
    """The cloud that ``azEnvironment`` names."""

def vm_id_matches(vm_id: str, smbios: str, /) -> bool:
    """Whether two texts name the same VM, in either order of bytes."""

def event_affects(resources: list[str], vm_name: str, /) -> bool:
    """Whether an event happens to a machine."""

FAULT_HEADER: Final[str]

def scenarios() -> tuple[str, ...]:
    """The names of scenarios that can be scheduled."""

def tampers() -> tuple[str, ...]:
    """The flaws that an attested document can be given, by ``attested:tamper=<name>``."""

def check_fault(rule: str, /) -> str:
    """Reads a rule in text, and gives it in its usual form.

    Raises:
        UsageError: ``fault_malformed``.
    """

@final
class Configuration:
    """A machine, with the choices and limits of its service."""

    @staticmethod
    def from_toml(text: str) -> Configuration: ...
    @staticmethod
    def from_json(text: str, is_file: bool) -> Configuration: ...
    def unknown(self) -> list[str]: ...
    def to_json(self) -> str: ...
    def to_toml(self) -> str: ...

@final
class Emulator:
    """The emulator behind a lock. Clocks are those of the caller: monotonic milliseconds, Unix seconds."""

    def __new__(
        cls,
        configuration: Configuration,
        *,
        seed: bytes,
        origin: str | None,
        authority: str | None,
        sibling: Emulator | None,
    ) -> Emulator: ...
    def configuration(self) -> Configuration: ...
    def configure(self, configuration: Configuration) -> None: ...
    def change(self, changes: str) -> None: ...
    def switch_limits(self, are_on: bool) -> None:
        """Switches the limits off, or on: then the service's own are in force."""
    def has_limits(self) -> bool:
        """Whether any limit is in force."""
    def handle(
        self, now_ms: int, unix: int, method: str, target: str, headers: list[tuple[str, str]], body: bytes
    ) -> Reply: ...
    def make_keys(self) -> None: ...
    def authority_pem(self) -> str: ...
    def root_pem(self) -> str: ...
    def trust(self) -> tuple[bytes, bytes]: ...
    def origin(self) -> str: ...
    def add_fault(self, rule: str) -> None: ...
    def faults(self) -> list[tuple[str, int]]: ...
    def clear_faults(self) -> None: ...
    def set_speed(self, times: int) -> None: ...
    def schedule(self, now_ms: int, unix: int, name: str, fields: str, resources: list[str] | None) -> str: ...
    def cancel(self, now_ms: int, unix: int, event_id: str) -> bool: ...
    def events(self) -> tuple[EmulatedEvent, ...]: ...
    def incarnation(self) -> int: ...
    def journal(self) -> tuple[JournalEntry, ...]: ...
    def total(self) -> int: ...
    def clear_journal(self) -> None: ...
    def set_journal_capacity(self, entries: int) -> None: ...

@final
class Reply:
    """An answer of the emulator, how it is to be delivered, and who gave it."""

    @property
    def status(self) -> int: ...
    @property
    def headers(self) -> list[tuple[str, str]]: ...
    @property
    def body(self) -> bytes: ...
    @property
    def delay_ms(self) -> int:
        """Milliseconds to wait before the first byte."""
    @property
    def ending(self) -> tuple[Literal["drop", "endless", "hang", "slow", "truncate", "whole"], int | None]:
        """How the answer ends; with the bytes a second of ``slow``, and the bytes in all of ``truncate``."""
    @property
    def part(self) -> str:
        """The part of the service."""
    @property
    def fault(self) -> str | None:
        """The fault that was played, as it would be written; nothing for the service's own answer."""

@final
class JournalEntry:
    """A request that the emulator answered."""

    @property
    def at(self) -> datetime:
        """When, UTC."""
    @property
    def at_ms(self) -> int:
        """When, by the monotonic clock."""
    @property
    def method(self) -> str: ...
    @property
    def target(self) -> str:
        """Path and query as they came; the first 4096 bytes."""
    @property
    def headers(self) -> list[tuple[str, str]]:
        """The first 64 fields, as far as they take no more than 16 KiB in all."""
    def header(self, name: str, /) -> str | None:
        """The value of the first field of that name, in any case."""
    @property
    def body(self) -> bytes:
        """The first 4096 bytes."""
    @property
    def part(self) -> str:
        """The part of the service: ``attested``, ``emulator``, ``info``, ``instance``, ``loadbalancer``, ``other``,
        ``scheduledevents``, ``token``, ``versions``."""
    @property
    def status(self) -> int: ...
    @property
    def fault(self) -> str | None:
        """The fault that was played; ``None`` for the service's own answer."""

@final
class EmulatedEvent:
    """A scheduled event that is under way."""

    @property
    def id(self) -> str: ...
    @property
    def event_type(self) -> str: ...
    @property
    def status(self) -> Literal["Scheduled", "Started"]: ...
    @property
    def not_before(self) -> datetime:
        """When it starts, UTC."""
    @property
    def resources(self) -> list[str]: ...
