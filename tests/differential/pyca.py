"""What Python's cryptography says of a document: its path validation, and signatures by its primitives."""

from __future__ import annotations

import hashlib
import warnings
from datetime import datetime, timezone

import cryptography
from asn1crypto import algos, cms
from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.x509 import verification
from documents import Document, signer_certificate

NAME = "cryptography"
# Of certificates that it still reads, and of identifiers that it won't read for ever.
warnings.filterwarnings("ignore", module=__name__)
HASHES = {"sha1": hashes.SHA1, "sha256": hashes.SHA256, "sha384": hashes.SHA384, "sha512": hashes.SHA512}


class Refused(Exception):
    """A signature does not hold."""


REFUSALS = (
    Refused,
    InvalidSignature,
    UnsupportedAlgorithm,
    verification.VerificationError,
    x509.DuplicateExtension,
    x509.ExtensionNotFound,
    x509.InvalidVersion,
    KeyError,
    TypeError,
    ValueError,
)


def signature(document: Document) -> str | None:
    """Why the content is not what the signer's key signed; nothing if it is."""
    signed = document.signed_data
    if signed is None:
        return "no SignedData"
    try:
        if not signed["signer_infos"]:
            return "no signer"
        for signer in signed["signer_infos"]:
            _check(signed, signer)
    except REFUSALS as error:
        return f"{type(error).__name__}: {error}"
    return None


def can_judge_chain(document: Document) -> bool:
    """Whether the signer has a name to ask for: a path is only ever validated for one."""
    try:
        return _name(document) is not None
    except REFUSALS:
        # It says why when it is asked.
        return True


def chain(document: Document) -> str | None:
    """Why no path leads from the signer's certificate to an anchor; nothing if one does."""
    try:
        leaf, *others = (
            x509.load_der_x509_certificate(it)
            for it in (document.leaf or b"", *document.certificates, *document.issuers)
        )
        anchors = [x509.load_der_x509_certificate(it) for it in document.anchors]
        moment = datetime.fromtimestamp(document.time or 0, timezone.utc).replace(tzinfo=None)
        policy = verification.PolicyBuilder().store(verification.Store(anchors)).time(moment)
        name = _name(document)
        assert name is not None
        policy.build_server_verifier(name).verify(leaf, others)
    except REFUSALS as error:
        return f"{type(error).__name__}: {error}"
    return None


def version() -> str:
    """Its name and number."""
    return f"cryptography {cryptography.__version__}"


def _name(document: Document) -> x509.DNSName | None:
    """The first name of the signer that a server could have."""
    leaf = x509.load_der_x509_certificate(document.leaf or b"")
    try:
        names = leaf.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return None
    policy = verification.PolicyBuilder().store(verification.Store([leaf]))
    for name in names.get_values_for_type(x509.DNSName):
        try:
            wanted = x509.DNSName(name.replace("*.", "any.", 1) if name.startswith("*.") else name)
            policy.build_server_verifier(wanted)
        except ValueError:
            continue
        return wanted
    return None


def _check(signed: cms.SignedData, signer: cms.SignerInfo) -> None:
    der = signer_certificate(signed, signer)
    if der is None:
        raise Refused("no certificate of the signer")
    key = x509.load_der_x509_certificate(der).public_key()
    content = signed["encap_content_info"]["content"].native
    if content is None:
        raise Refused("no content")
    algorithm = signer["signature_algorithm"]
    digest = _digest(signer, algorithm)
    message = content
    if signer["signed_attrs"]:
        _check_attributes(signed, signer, digest, content)
        # They are signed as a SET, whatever stands in the place of its tag.
        message = signer["signed_attrs"].untag().dump(force=True)
    value = signer["signature"].native
    if isinstance(key, rsa.RSAPublicKey) and algorithm.signature_algo == "rsassa_pkcs1v15":
        key.verify(value, message, padding.PKCS1v15(), digest)
    elif isinstance(key, rsa.RSAPublicKey) and algorithm.signature_algo == "rsassa_pss":
        parameters = algorithm["parameters"]
        mask = padding.MGF1(HASHES[parameters["mask_gen_algorithm"]["parameters"]["algorithm"].native]())
        key.verify(value, message, padding.PSS(mask, parameters["salt_length"].native), digest)
    elif isinstance(key, ec.EllipticCurvePublicKey) and algorithm.signature_algo == "ecdsa":
        key.verify(value, message, ec.ECDSA(digest))
    else:
        raise Refused(f"{algorithm.signature_algo} with {type(key).__name__}")


def _digest(signer: cms.SignerInfo, algorithm: algos.SignedDigestAlgorithm) -> hashes.HashAlgorithm:
    """That of the signature algorithm; for one that names none, that of the signer, odd as the service's is."""
    try:
        name = algorithm.hash_algo
    except ValueError:
        stated = signer["digest_algorithm"]["algorithm"]
        name = stated.native if stated.native in HASHES else algos.SignedDigestAlgorithmId.map(stated.dotted)
        name = name.removesuffix("_rsa")
    return HASHES[name]()


def _check_attributes(
    signed: cms.SignedData, signer: cms.SignerInfo, digest: hashes.HashAlgorithm, content: bytes
) -> None:
    attributes = {it["type"].native: it["values"] for it in signer["signed_attrs"]}
    if len(attributes) != len(signer["signed_attrs"]):
        raise Refused("an attribute stands there twice")
    (found,) = attributes["message_digest"]
    (kind,) = attributes["content_type"]
    if found.native != hashlib.new(digest.name, content).digest():
        raise Refused("the digest of the content is another")
    if kind.native != signed["encap_content_info"]["content_type"].native:
        raise Refused("the type of the content is another")
