"""The options of verifications and clients, each named and described once, and how a function shows its own."""

from __future__ import annotations

import inspect
import sys
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any, TypedDict, TypeVar

import azure_imds
from azure_imds import _native
from azure_imds._arguments import Certificates, CloudName, Fingerprints, Now, Path, Seconds, Span
from azure_imds._escaped import quoted
from azure_imds.errors import UsageError

if TYPE_CHECKING:
    from typing_extensions import Unpack as Unpack
elif sys.version_info >= (3, 11):
    from typing import Unpack
else:
    Unpack = type  # which typing.get_type_hints takes as well

_F = TypeVar("_F", bound=Callable[..., object])


class Expected(TypedDict, total=False):
    """What ``verify`` and ``explain`` take beside the document and its nonce."""

    now: Now
    """The time to judge at; this machine's clock unless given."""

    clouds: Iterable[CloudName]
    """The clouds whose documents are accepted: ``public`` unless given."""

    max_age: Seconds | None
    """Accept no document created longer ago. The skew is not added."""

    vm_id: str | None
    """Accept a document of this VM alone."""

    subscription_id: str | None
    """Accept a document of this subscription alone."""

    sku: str | None
    """Accept a document of this image SKU alone."""

    plan: azure_imds.Plan | None
    """Accept a document of this marketplace plan alone."""

    skew: Seconds | None
    """How much this machine's clock may differ from Azure's: 300 seconds unless given, at most an hour. SECURITY.md
    says "how long a document is good"."""


class VerifierOptions(TypedDict, total=False):
    """What ``Verifier`` and ``AsyncVerifier`` take."""

    anchors: Certificates | None
    """The roots to trust, and no others; ``default_anchors()`` unless given. To add to those, give
    ``[*default_anchors(), mine]``. An empty list refuses every document. A root whose own validity is over is refused
    like any other certificate."""

    issuers: Certificates
    """Intermediates to have at hand beside ``bundled_issuers()``. They are not trusted: they only help to find a path
    to an anchor."""

    fetch: bool
    """Whether missing issuers may be fetched; yes unless given: from known places of Azure's authorities (and
    ``allow_origins``) alone, and only for a document of which everything else is in order. What an address answered is
    remembered for five minutes."""

    fetch_timeout: Span | None
    """Seconds that a verification may take for all its requests, and for waiting for those of others; five unless
    given."""

    allow_origins: Iterable[str]
    """Further places to fetch issuers from, as ``scheme://host:port/prefix``."""

    deny: Fingerprints
    """Certificates and public keys that are shut out, by SHA-256: that of the whole certificate, or that of its
    SubjectPublicKeyInfo. It goes for signers, issuers and anchors. A public key is the surer choice: a CA may certify
    it again, and a certificate signed with ECDSA can be rewritten."""

    on_unknown_issuer: Callable[[_native.VerifiedDocument], object] | None
    """Called with each verified document that says that Azure changes its issuers: one with ``document.new_issuers``.
    What it raises is raised by ``verify``. For an ``AsyncVerifier`` it may be a coroutine function, which is
    awaited."""

    cache_dir: Path | None
    """The folder for fetched issuers; ``None`` to keep none, ``default_cache_dir()`` unless given. Only used with
    ``fetch``."""


class ClientOptions(TypedDict, total=False):
    """What ``Client`` and ``AsyncClient`` take beside the address and the transport."""

    version: str | None
    """The api-version to ask for, wherever it exists; the newest documented one unless given."""

    timeout: Span | None
    """Seconds for a whole call with all its attempts: 90 unless given, for scheduled events 200."""

    attempt_timeout: Span | None
    """Seconds for one attempt: 5 unless given, for a token 15, for scheduled events 125."""

    connect_timeout: Span | None
    """Seconds for connecting: 2 unless given."""

    max_body: int | None
    """Bytes of an answer: 1 MiB unless given."""

    retries: int | None
    """Attempts after the first when the service is throttling or in trouble: 4 unless given."""

    transport_retries: int | None
    """Attempts after the first when the service can't be reached: 2 unless given."""

    backoff: Span | None
    """Seconds of the first wait, doubled each time up to a minute: 1 unless given."""

    negotiate: bool | None
    """Whether to ask for another version when the service refuses one; yes unless given."""

    paced: bool | None
    """Whether to keep the calls of this client within what the service allows a VM, five a second; yes unless given."""

    provisioning: bool | None
    """For programs that run while the VM is being set up: tries for 20 minutes."""

    cache: bool | None
    """Whether ``get`` and ``text`` ask only once for a field that stays the same while the machine runs, such as
    ``compute/vmId``; yes unless given. ``explain(name)`` tells which do: ``Field.fixed``."""

    environment: Mapping[str, str] | None
    """Environment variables to read instead of those of this process."""


class _Default:
    """The default that a signature shows for an option that may be left out."""

    def __repr__(self) -> str:
        return "..."


_DEFAULT = _Default()


class TokenOptions(TypedDict, total=False):
    """What ``token`` takes beside the resource: at most one of the identities."""

    client_id: str | None
    """The identity by its client ID."""

    object_id: str | None
    """The identity by its object ID."""

    resource_id: str | None
    """The identity by its resource ID, ``/subscriptions/...``."""

    bypass_cache: bool | None
    """Have a new token made instead of the one that the service keeps."""


def takes(options: type, **unseen: object) -> Callable[[_F], _F]:
    """Shows people the options of a function by their names, where it says ``**options``. ``...`` is a default.

    Args:
        options: The class that describes them.
        unseen: Defaults that are not shown: to leave such an argument out is the same mistake as to give that
            value, and gets the same ``UsageError`` instead of a ``TypeError``. A function around the
            function would cost as much as all its checks.
    """

    def shown(function: _F) -> _F:
        plain: Any = function
        signature = inspect.signature(function)
        others = [it for it in signature.parameters.values() if it.kind is not it.VAR_KEYWORD]
        named = [
            inspect.Parameter(
                name,
                inspect.Parameter.KEYWORD_ONLY,
                default=_DEFAULT,
                annotation=getattr(annotation, "__forward_arg__", annotation),
            )
            for name, annotation in options.__annotations__.items()
        ]
        plain.__signature__ = signature.replace(parameters=[*others, *named])
        plain.__kwdefaults__ = {**(plain.__kwdefaults__ or {}), **unseen}
        return function

    return shown


def only(options: type, given: Mapping[str, Any], *others: str) -> None:
    """Refuses what is none of the options: a misspelt one would switch a check off unseen.

    Raises:
        UsageError: ``argument_value``; it lists what is taken, these options and the others.
    """
    known = options.__annotations__
    for name in given:
        if name not in known:
            raise UsageError(
                f"there is no option {quoted(name)}; give only {', '.join([*others, *known])}", code="argument_value"
            )
