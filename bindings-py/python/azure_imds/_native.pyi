"""The native half of ``azure_imds``. What a caller is to use of it is exported there."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final, Generic, Literal, NoReturn, TypeAlias, TypedDict, TypeVar, final, type_check_only

from azure_imds._arguments import CloudName
from azure_imds._codes import NotFetchedCode, VerifyCode
from azure_imds._report import ChainCertificate, CheckLine, Failure, Fetch, Headline, KnownIssuer, Plan, Recognised
from azure_imds._transport import Request
from azure_imds.emulator._values import EmulatedEvent, JournalEntry, Reply
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
    "Client",
    "Configuration",
    "Emulator",
    "Instance",
    "Observation",
    "Report",
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
    "recognise",
    "record_types",
    "scenarios",
    "tag_value",
    "tampers",
    "version",
    "vm_id_matches",
    "wanted",
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

def recognise(input: bytes, /) -> Recognised:
    """What an input turned out to be, and the document in it."""

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
        """The signed JSON as Python values, made anew at each look. It may hold claims that this package does not
        know."""
    def to_json(self) -> str:
        """The document in the JSON form: the ``document`` of a report's, with the version of the form."""
    def to_dict(self) -> dict[str, Any]:
        """The same as Python values. A number that no ``float`` holds, or of more than 120 digits, stays text."""
    def __copy__(self) -> VerifiedDocument: ...
    def __deepcopy__(self, _memo: Any, /) -> VerifiedDocument: ...
    def __reduce__(self) -> NoReturn:
        """Raises ``TypeError``: only a verification makes one. Keep ``to_dict()`` or ``to_json()``."""
    def __eq__(self, other: object, /) -> bool: ...
    def __ne__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...

@type_check_only
class _ReportMembers:
    """What a verification found, whether the document was accepted or not.

    ``str(report)`` is plain text for people: verdict, checks, chain, next step.
    """

    @property
    def headline(self) -> Headline:
        """What the report comes to, in the words that belong above it."""
    @property
    def _has_fetched(self) -> bool:
        """Whether there is an issuer to keep that this verification fetched."""
    @property
    def _refusal(self) -> tuple[VerifyCode, str, bool] | None:
        """Code, text and whether it is retryable of a refusal: what most who catch one look at."""
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
    def __copy__(self) -> Report: ...
    def __deepcopy__(self, _memo: Any, /) -> Report: ...
    def __reduce__(self) -> NoReturn:
        """Raises ``TypeError``: only a verification makes one. Keep ``to_dict()`` or ``to_json()``."""
    def __eq__(self, other: object, /) -> bool: ...
    def __ne__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...

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
class Verifier:
    """The trust, with what verifications share."""

    def __new__(cls, options: Mapping[str, object], bundled: bytes | None, waiters: int) -> Verifier: ...
    @property
    def fetches(self) -> bool:
        """Whether missing issuers are fetched."""
    def start(
        self, document: bytes, nonce: object, options: Mapping[str, object], unix: int, explains: bool
    ) -> Call[Report]:
        """Starts to verify. Without ``explains`` the report holds the verdict alone."""
    def offer(self, certificates: list[bytes]) -> int:
        """Adds certificates of an earlier process as untrusted issuers, if they lead to an anchor. Says how many do."""
    def remembered(self) -> tuple[bytes, ...]:
        """The issuers fetched or offered, DER."""

@final
class Client:
    """The address, the version and the policy, with what calls share."""

    ENDPOINT_VARIABLES: list[str]
    """The environment variables that name another address."""

    def __new__(cls, options: Mapping[str, object], jitter: int) -> Client: ...
    @property
    def endpoint(self) -> str:
        """The address asked."""
    def instance(self, extended: bool) -> Call[Instance]: ...
    def get(self, path: str) -> Call[Any]: ...
    def text(self, path: str) -> Call[str]: ...
    def tags(self) -> Call[Tags]: ...
    def attested_document(self, nonce: str | None) -> Call[AttestedDocument]: ...
    def token(self, resource: object, options: Mapping[str, object]) -> Call[AccessToken]: ...
    def identity_info(self) -> Call[IdentityInfo]: ...
    def scheduled_events(self) -> Call[ScheduledEvents]: ...
    def approve(self, events: object) -> Call[None]: ...
    def watch_events(self, interval_ms: int | None) -> Observation: ...
    def load_balancer(self) -> Call[LoadBalancer]: ...
    def versions(self) -> Call[Versions]: ...
    def availability(self) -> Call[Availability]: ...
    def diagnose(
        self, platform: str, variables: dict[str, str], files: dict[str, str], routes: str | None
    ) -> Call[Diagnosis]: ...

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
    def explain(self) -> _T:
        """The report of a verification with what became of every check. Nothing is fetched."""
    def release(self) -> None:
        """Gives back what it holds of what others of its kind share, so that they need not wait for it."""
    def abandon(self) -> None:
        """Ends it: nobody waits for its value any more, and what it holds is given back."""
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
    def __copy__(self) -> Instance: ...
    def __deepcopy__(self, _memo: Any, /) -> Instance: ...
    def __reduce__(self) -> tuple[type[Instance], tuple[str, str | None]]: ...
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
        """The JSON form, the same in every language: names as here, times as RFC 3339, what is absent as null; without
        the token."""
    def to_dict(self) -> dict[str, Any]:
        """The same as values."""
    def __copy__(self) -> AccessToken: ...
    def __deepcopy__(self, _memo: Any, /) -> AccessToken: ...
    def __reduce__(self) -> NoReturn:
        """Raises ``TypeError``: it is a secret."""
    def __eq__(self, other: object, /) -> bool: ...
    def __ne__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...

@final
class Observation:
    """A watch of scheduled events, asked for one value after the other."""

    def next(self) -> Call[ScheduledEvents]:
        """The call whose value is the next one of the watch."""

@type_check_only
class _Wanted(TypedDict):
    variables: list[str]
    """Environment variables to give."""
    linux_files: list[str]
    """Files to give on Linux."""
    linux_routes: str
    """The file with Linux's routes."""
    windows_routes: list[str]
    """The command whose output holds Windows' routes."""

def wanted() -> _Wanted:
    """What a host is to look for on the machine: raw texts, which the core interprets."""

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
    def journal(self) -> tuple[JournalEntry, ...]: ...
    def clear_journal(self) -> None: ...
