"""The Azure Instance Metadata Service (IMDS) as an embeddable library: a verifier of attested documents.

import azure_imds

verifier = azure_imds.Verifier()
document = verifier.verify(answer, nonce=nonce)  # or VerifyError
print(document.vm_id, document.subscription_id)
"""

from azure_imds._arguments import (
    AT_SIGNING_TIME,
    NONCE_NOT_CHECKED,
    Certificates,
    CloudName,
    NonceNotChecked,
    Now,
    Seconds,
    SigningTime,
    bundled_issuers,
)
from azure_imds._issuer_cache import default_cache_dir
from azure_imds._native import (
    ChainCertificate,
    CheckLine,
    Failure,
    Fetch,
    KnownIssuer,
    Plan,
    Report,
    VerifiedDocument,
    default_anchors,
    known_issuers,
    read_certificates,
    version,
)
from azure_imds._verifier import AsyncVerifier, Verifier
from azure_imds.errors import ImdsError, ServiceError, TransportError, UsageError, VerifyError

__all__ = [
    "AT_SIGNING_TIME",
    "NONCE_NOT_CHECKED",
    "AsyncVerifier",
    "Certificates",
    "ChainCertificate",
    "CheckLine",
    "CloudName",
    "Failure",
    "Fetch",
    "ImdsError",
    "KnownIssuer",
    "NonceNotChecked",
    "Now",
    "Plan",
    "Report",
    "Seconds",
    "ServiceError",
    "SigningTime",
    "TransportError",
    "UsageError",
    "VerifiedDocument",
    "Verifier",
    "VerifyError",
    "bundled_issuers",
    "default_anchors",
    "default_cache_dir",
    "known_issuers",
    "read_certificates",
    "version",
]
