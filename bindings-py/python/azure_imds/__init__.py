"""The Azure Instance Metadata Service (IMDS) as an embeddable library: a client, and a verifier of attested documents.

import azure_imds

client = azure_imds.Client()  # on a VM
print(client.instance().compute.vm_id)

verifier = azure_imds.Verifier()  # anywhere
document = verifier.verify(answer, nonce=nonce)  # or VerifyError
print(document.vm_id, document.subscription_id)
"""

from typing import TYPE_CHECKING

from azure_imds._arguments import (
    AT_SIGNING_TIME,
    NONCE_NOT_CHECKED,
    Certificates,
    CloudName,
    Fingerprints,
    NonceNotChecked,
    Now,
    Seconds,
    SigningTime,
    Span,
    bundled_issuers,
)
from azure_imds._client import AsyncClient, Client, Events
from azure_imds._issuer_cache import default_cache_dir
from azure_imds._native import (
    AccessToken,
    Instance,
    Report,
    VerifiedDocument,
    default_anchors,
    explain,
    known_issuers,
    read_certificates,
    version,
)
from azure_imds._options import ClientOptions, Expected, TokenOptions, VerifierOptions
from azure_imds._transport import AsyncTransport, Request, Response, Transport
from azure_imds._verifier import AsyncVerifier, Verifier, recognise
from azure_imds.errors import Attempt, ImdsError, MissingIssuer, ServiceError, TransportError, UsageError, VerifyError
from azure_imds.records import (
    AttestedDocument,
    Availability,
    Diagnosis,
    Field,
    Finding,
    IdentityInfo,
    LoadBalancer,
    ScheduledEvent,
    ScheduledEvents,
    Tags,
    Versions,
)

__all__ = [
    "AT_SIGNING_TIME",
    "NONCE_NOT_CHECKED",
    "AccessToken",
    "AsyncClient",
    "AsyncTransport",
    "AsyncVerifier",
    "Attempt",
    "AttestedDocument",
    "Availability",
    "Certificates",
    "ChainCertificate",
    "CheckLine",
    "Client",
    "ClientOptions",
    "CloudName",
    "Diagnosis",
    "Events",
    "Expected",
    "Failure",
    "Fetch",
    "Field",
    "Finding",
    "Fingerprints",
    "Headline",
    "IdentityInfo",
    "ImdsError",
    "Instance",
    "KnownIssuer",
    "LoadBalancer",
    "MissingIssuer",
    "NonceNotChecked",
    "Now",
    "Plan",
    "Recognised",
    "Report",
    "Request",
    "Response",
    "ScheduledEvent",
    "ScheduledEvents",
    "Seconds",
    "ServiceError",
    "SigningTime",
    "Span",
    "Tags",
    "TokenOptions",
    "Transport",
    "TransportError",
    "UsageError",
    "VerifiedDocument",
    "Verifier",
    "VerifierOptions",
    "VerifyError",
    "Versions",
    "bundled_issuers",
    "default_anchors",
    "default_cache_dir",
    "explain",
    "known_issuers",
    "read_certificates",
    "recognise",
    "version",
]

# What takes a while to import, and not every program needs, is imported when it is first named.
if TYPE_CHECKING:
    from azure_imds import emulator as emulator
    from azure_imds import httpx as httpx
    from azure_imds._report import (
        ChainCertificate,
        CheckLine,
        Failure,
        Fetch,
        Headline,
        KnownIssuer,
        Plan,
        Recognised,
    )
else:

    def __getattr__(name: str) -> object:
        from importlib import import_module

        if name in ("emulator", "httpx"):
            return import_module(f"{__name__}.{name}")
        if name in __all__:  # what is there already never comes here
            return vars(import_module(f"{__name__}._report"))[name]
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

    def __dir__() -> list[str]:
        return sorted({*globals(), *__all__, "emulator", "httpx"})
