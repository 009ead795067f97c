"""The Azure Instance Metadata Service (IMDS) as an embeddable library: a client, and a verifier of attested documents.

import azure_imds

client = azure_imds.Client()  # on a VM
print(client.instance().compute.vm_id)

verifier = azure_imds.Verifier()  # anywhere
document = verifier.verify(answer, nonce=nonce)  # or VerifyError
print(document.vm_id, document.subscription_id)
"""

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
    bundled_issuers,
)
from azure_imds._client import AsyncClient, Client, Events, Span
from azure_imds._issuer_cache import default_cache_dir
from azure_imds._native import (
    AccessToken,
    ChainCertificate,
    CheckLine,
    Failure,
    Fetch,
    Instance,
    KnownIssuer,
    Plan,
    Report,
    Request,
    VerifiedDocument,
    default_anchors,
    explain,
    known_issuers,
    read_certificates,
    version,
)
from azure_imds._transport import AsyncTransport, Response, Transport
from azure_imds._verifier import AsyncVerifier, Verifier
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
    "CloudName",
    "Diagnosis",
    "Events",
    "Failure",
    "Fetch",
    "Field",
    "Finding",
    "Fingerprints",
    "IdentityInfo",
    "ImdsError",
    "Instance",
    "KnownIssuer",
    "LoadBalancer",
    "MissingIssuer",
    "NonceNotChecked",
    "Now",
    "Plan",
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
    "Transport",
    "TransportError",
    "UsageError",
    "VerifiedDocument",
    "Verifier",
    "VerifyError",
    "Versions",
    "bundled_issuers",
    "default_anchors",
    "default_cache_dir",
    "explain",
    "known_issuers",
    "read_certificates",
    "version",
]
