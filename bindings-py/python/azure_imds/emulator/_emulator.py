"""An emulator with its clocks: what a test holds in its hands."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple, TypedDict

from azure_imds import _native
from azure_imds._options import Unpack, only, takes
from azure_imds.emulator import _configuration
from azure_imds.emulator._configuration import Machine
from azure_imds.emulator._values import EmulatedEvent, JournalEntry, Reply
from azure_imds.errors import UsageError


class Trust(NamedTuple):
    """What a verifier needs to accept the emulator's documents: ``azure_imds.Verifier(**trust._asdict())``."""

    anchors: bytes
    """The emulator's root, DER. No default anchor leads to it."""
    issuers: bytes
    """The certification authority that issues its signers, DER."""


class EmulatorOptions(TypedDict, total=False):
    """What an emulator takes beside its machine and its place, wherever one is made."""

    seed: bytes | None
    """32 bytes that all keys and identifiers follow from; random unless given."""

    limits: bool
    """Whether more requests than the service takes are throttled; yes unless given."""

    speed: int
    """How many times as fast scheduled events run; 1 unless given."""

    faults: Iterable[str]
    """Rules in text, such as ``"token:429x2"``."""

    scenarios: Iterable[str]
    """Names of events to schedule now, such as ``"live-migration"``."""

    authority: str | None
    """Key and certificates to sign with, PEM; made from the seed unless given."""


class Emulator:
    """A metadata service for one machine. To be shared between threads."""

    @takes(EmulatorOptions)
    def __init__(
        self,
        machine: Machine | None = None,
        *,
        origin: str | None = None,
        sibling: Emulator | None = None,
        **options: Unpack[EmulatorOptions],
    ) -> None:
        """Makes a machine's service.

        Args:
            machine: What differs from the default machine, in the service's own words, such as
                ``{"compute": {"location": "westus3"}}``, or the path of a file in TOML or JSON. Beside the machine's
                parts it may hold ``choices`` and ``limits``. ``azure-imds machine`` writes one with comments.
            origin: Where it is reached, ``http://127.0.0.1:8080`` unless given. Certificates and tokens name it.
            sibling: Another emulator, whose seed and keys are taken, the keys if they are made. No seed or authority
                can be given with it.
            options: See ``EmulatorOptions``.

        Raises:
            UsageError: ``configuration_malformed``, ``file_unreadable``, ``fault_malformed``, ``scenario_malformed``,
                ``origin_malformed``, ``authority_unusable``, ``argument_type``, ``argument_value``.
        """
        only(EmulatorOptions, options, "machine", "origin", "sibling")
        seed, authority = options.get("seed"), options.get("authority")
        if sibling is not None:
            if seed is not None or authority is not None:
                raise UsageError("a sibling brings seed and authority along; leave them out", code="argument_value")
            seed = sibling.seed
        self.seed: bytes = os.urandom(32) if seed is None else _seed(seed)
        self._later_ms = 0
        self._native: _native.Emulator = _native.Emulator(
            _configuration.read(machine),
            seed=self.seed,
            origin=origin,
            authority=authority,
            sibling=None if sibling is None else sibling._native,
        )
        if not options.get("limits", True):
            self._native.switch_limits(False)
        self._native.set_speed(_speed(options.get("speed", 1)))
        for rule in options.get("faults", ()):
            self.fault(rule)
        for name in options.get("scenarios", ()):
            self.schedule(name)

    @property
    def url(self) -> str:
        """Where it is reached, without a slash at the end."""
        return self._native.origin()

    @property
    def environment(self) -> dict[str, str]:
        """The variables by which clients find it."""
        return environment_of(self.url)

    @property
    def machine(self) -> Mapping[str, Any]:
        """The machine, with ``choices`` and ``limits``; to be read only.

        What is set takes the place of all of it: parts that are not given are those of the default machine. ``change``
        keeps them.
        """
        frozen: Mapping[str, Any] = _configuration.frozen(_configuration.as_dict(self._native.configuration()))
        return frozen

    @machine.setter
    def machine(self, machine: Machine) -> None:
        self._native.configure(_configuration.read(machine))

    @property
    def unknown(self) -> tuple[str, ...]:
        """The paths of what the machine has and the list of fields does not know. It is served as it was given."""
        return tuple(self._native.configuration().unknown())

    def change(self, changes: Mapping[str, Any], /) -> None:
        """Lays changes over the machine, such as ``{"compute": {"tags": {"env": "test"}}}``: mappings are merged,
        everything else is replaced. The next answer shows it."""
        self._native.change(_configuration.as_json(changes))

    @property
    def limits(self) -> bool:
        """Whether any of the service's limits are in force. ``True`` sets the service's own."""
        return self._native.has_limits()

    @limits.setter
    def limits(self, limits: bool) -> None:
        self._native.switch_limits(limits)

    def fault(self, rule: str, /) -> None:
        """Lets something go wrong: adds a rule after those there are.

        Raises:
            UsageError: ``fault_malformed``.
        """
        self._native.add_fault(rule)

    @property
    def faults(self) -> tuple[str, ...]:
        """The rules."""
        return tuple(rule for rule, _ in self._native.faults())

    def clear_faults(self) -> None:
        """Lets everything be well again."""
        self._native.clear_faults()

    def schedule(
        self, scenario: str = "live-migration", /, *, resources: Iterable[str] | None = None, **fields: Any
    ) -> str:
        """Schedules an event and gives its ``EventId``.

        Args:
            scenario: A name out of ``scenarios()``.
            resources: The machines that it is about; this one unless given.
            fields: What differs from the scenario: ``event_type``, ``event_source``, ``description``,
                ``duration_in_seconds``, ``notice``, ``started`` (both seconds), ``course``.

        Raises:
            UsageError: ``scenario_malformed``.
        """
        changes = json.dumps({_camel(name): value for name, value in fields.items()})
        names = None if resources is None else list(resources)
        return self._native.schedule(*self._now(), scenario, changes, names)

    def cancel(self, event_id: str, /) -> bool:
        """Takes an event back. Says whether it was there."""
        return self._native.cancel(*self._now(), event_id)

    @property
    def events(self) -> tuple[EmulatedEvent, ...]:
        """The events under way, as of the last request."""
        return self._native.events()

    @property
    def requests(self) -> tuple[JournalEntry, ...]:
        """What was asked, oldest first: the last thousand requests."""
        return self._native.journal()

    def clear_requests(self) -> None:
        """Forgets what was asked."""
        self._native.clear_journal()

    @property
    def trust(self) -> Trust:
        """What a verifier needs to accept its documents. The keys are made when they are first needed."""
        return Trust(*self._native.trust())

    @property
    def root_pem(self) -> str:
        """The root of its documents, PEM."""
        return self._native.root_pem()

    @property
    def authority_pem(self) -> str:
        """Key and certificates of its authority, as ``authority`` takes them. Not for strangers."""
        return self._native.authority_pem()

    def advance(self, seconds: float, /) -> None:
        """Sets its clocks forward: events go on, tokens age, limits are forgotten, without waiting."""
        if seconds < 0:
            raise UsageError("time does not go back; give seconds of at least 0", code="argument_value")
        self._later_ms += int(seconds * 1000)

    def make_keys(self) -> None:
        """Makes all keys now: half a second or so, that the first document and the first token else take longer."""
        self._native.make_keys()

    def handle(self, method: str, target: str, headers: Iterable[tuple[str, str]] = (), body: bytes = b"") -> Reply:
        """Answers a request: what servers call."""
        return self._native.handle(*self._now(), method, target, list(headers), body)

    def configuration(self) -> _native.Configuration:
        """Machine, choices and limits in force."""
        return self._native.configuration()

    def _now(self) -> tuple[int, int]:
        return time.monotonic_ns() // 1_000_000 + self._later_ms, int(time.time()) + self._later_ms // 1000


def environment_of(url: str, /) -> dict[str, str]:
    """The variables by which clients find a service at another address than the usual one.

    ``AZURE_IMDS_ENDPOINT`` is this package's own, ``AZURE_POD_IDENTITY_AUTHORITY_HOST`` that of the Azure Identity
    libraries, ``MSAL_MANAGED_IDENTITY_ENDPOINT`` that of MSAL for Python.
    """
    url = url.rstrip("/")
    return {
        "AZURE_IMDS_ENDPOINT": url,
        "AZURE_POD_IDENTITY_AUTHORITY_HOST": url,
        "MSAL_MANAGED_IDENTITY_ENDPOINT": f"{url}/metadata/identity/oauth2/token",
    }


def _seed(seed: object) -> bytes:
    if not isinstance(seed, bytes):
        raise UsageError(f"the seed is of type {type(seed).__name__}; give 32 bytes", code="argument_type")
    if len(seed) != 32:
        raise UsageError(f"the seed has {len(seed)} bytes; give 32", code="argument_value")
    return seed


def _speed(speed: int) -> int:
    if not 1 <= speed < 1 << 32:
        raise UsageError(f"a speed of {speed} makes no sense; give 1 for real time, or more", code="argument_value")
    return speed


def _camel(name: str) -> str:
    first, *others = name.split("_")
    return first + "".join(word.capitalize() for word in others)
