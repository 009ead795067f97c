"""Tags, and the small answers: versions, attested document, availability, findings, fields."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from azure_imds import _native
from azure_imds._codes import FindingCode
from azure_imds.errors import ImdsError
from azure_imds.records._record import Formed


class Tags(Formed, Mapping[str, str]):
    """The tags of a VM, in the order of the answer. A name is looked up without case, as Azure does.

    ``tagsList`` (since 2019-06-04) says them without loss. The older ``tags`` is one text, ``name:value`` joined by
    ``;`` without any escaping, so that a ``;`` anywhere, and a ``:`` in a name, are read wrongly.
    """

    __slots__ = ("_pairs", "_source")

    def __init__(self, pairs: tuple[tuple[str, str], ...], source: Literal["tagsList", "tags", "absent"]) -> None:
        self._pairs = pairs
        self._source = source

    @property
    def pairs(self) -> tuple[tuple[str, str], ...]:
        """Names and values as they came, those of one name included."""
        return self._pairs

    @property
    def source(self) -> Literal["tagsList", "tags", "absent"]:
        """What the tags were read from; ``absent`` if the answer has neither form."""
        return self._source

    def __getitem__(self, name: str, /) -> str:
        value = _native.tag_value(list(self._pairs), name)
        if value is None:
            raise KeyError(name)
        return value

    def __iter__(self) -> Iterator[str]:
        return iter(dict(self._pairs))

    def __len__(self) -> int:
        return len(dict(self._pairs))

    def __hash__(self) -> int:
        return hash((self._pairs, self._source))

    def __reduce__(self) -> tuple[type[Tags], tuple[object, ...]]:
        return Tags, (self._pairs, self._source)

    def __repr__(self) -> str:
        return f"Tags({dict(self._pairs)!r}, source={self._source!r})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Versions(Formed):
    """The answer of ``/metadata/versions``. The service accepts more versions than it lists."""

    versions: tuple[str, ...] = ()
    """The versions, in the order of the answer, which is oldest first."""

    unknown: tuple[str, ...] = ()
    """Entries that are no date."""

    newest: str | None = None
    """The newest version listed."""

    json: str = field(default="", repr=False)
    """The answer as it came, byte for byte."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AttestedDocument(Formed):
    """A signed document of this VM, as the service gave it. Not verified: that is for the party it is sent to.

    ``Verifier.verify`` takes it as it is; ``str(document)`` is what to send elsewhere.
    """

    text: str = field(repr=False)
    """The service's whole answer, ``{"encoding":"pkcs7","signature":".."}``: what to send to the verifying party."""

    signature: str = field(repr=False)
    """The signature alone: base64 of the PKCS#7 message, which holds the claims."""

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, kw_only=True)
class Availability(Formed):
    """What a look for the service found."""

    is_available: bool
    """Whether the metadata service answers, be it that it is busy or being updated."""

    reason: ImdsError | None = None
    """Why it is not there, or what it is busy with."""

    server: str | None = None
    """What it calls itself, like ``IMDS/150.870.65.1854``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding(Formed):
    """Something that the doctor found."""

    code: FindingCode
    """Its stable name."""

    severity: Literal["fault", "warning", "note"]
    """How grave it is: the service can't be used, it may fail to be used, or this is worth knowing."""

    summary: str
    """What was found, with the values, bounded and escaped."""

    remedy: str
    """What to do."""


@dataclass(frozen=True, kw_only=True)
class Diagnosis(Formed):
    """What the doctor found."""

    findings: tuple[Finding, ...]
    """What is wrong or worth knowing, the gravest first."""

    is_healthy: bool
    """Whether the service can be used: nothing found is a fault."""

    availability: Availability
    """What the first look for the service found."""

    instance: _native.Instance | None = None
    """The instance as the service describes it; none if it was not asked, or gave no use."""

    error: ImdsError | None = None
    """Why there is no instance, if it was asked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Field(Formed):
    """A field of the instance metadata, as Microsoft documents it. ``str(field)`` is a sentence for people."""

    path: str
    """The path, with ``*`` for the index of an array: ``network/interface/*/macAddress``."""

    wire: str
    """What stands on the wire, in words."""

    since: str | None
    """The first api-version that has it; none for a field that is not documented."""

    fixed: bool
    """Whether it stays the same while the machine runs, so that a ``Client`` asks for it once."""

    about: str
    """What it says."""

    note: str | None
    """Where people stumble."""

    sentence: str = field(repr=False)
    """All of this as a sentence."""

    def __str__(self) -> str:
        return self.sentence
