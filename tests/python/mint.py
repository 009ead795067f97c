"""Documents and certificates made on the spot by another implementation, for tests that need a nonce or an address."""

from __future__ import annotations

import base64
import functools
import itertools
import json
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import pkcs7
from cryptography.x509.oid import AuthorityInformationAccessOID, ExtendedKeyUsageOID, NameOID

VM_ID = "02aab8a4-74ef-476e-8182-f6d2ba4166a6"
SUBSCRIPTION_ID = "8d10da13-8125-4ba9-a717-bf7490507b3d"
NONCE = "1234567890"
SERIALS = itertools.count(1_000_000)


@dataclass(frozen=True)
class Authority:
    """A certification authority with its key."""

    certificate: x509.Certificate
    key: rsa.RSAPrivateKey

    @property
    def der(self) -> bytes:
        return self.certificate.public_bytes(serialization.Encoding.DER)

    @property
    def pem(self) -> bytes:
        return self.certificate.public_bytes(serialization.Encoding.PEM)


@dataclass(frozen=True)
class Signer:
    """A metadata service's certificate with its key."""

    certificate: x509.Certificate
    key: rsa.RSAPrivateKey

    def document(self, nonce: str = NONCE, created_on: datetime | None = None) -> str:
        """The service's answer: an envelope around a signed document."""
        created_on = created_on or now()
        claims = {
            "licenseType": "",
            "nonce": nonce,
            "plan": {"name": "", "product": "", "publisher": ""},
            "sku": "22_04-lts-gen2",
            "subscriptionId": SUBSCRIPTION_ID,
            "timeStamp": {"createdOn": _claim(created_on), "expiresOn": _claim(created_on + timedelta(hours=6))},
            "vmId": VM_ID,
        }
        builder = pkcs7.PKCS7SignatureBuilder().set_data(json.dumps(claims, separators=(",", ":")).encode())
        builder = builder.add_signer(self.certificate, self.key, hashes.SHA256())
        options = [pkcs7.PKCS7Options.Binary, pkcs7.PKCS7Options.NoAttributes]
        signed = builder.sign(serialization.Encoding.DER, options)
        return json.dumps({"encoding": "pkcs7", "signature": base64.b64encode(signed).decode()})


@functools.cache
def root() -> Authority:
    """A root of its own."""
    return _authority("python test Root CA", None)


@functools.cache
def other_root() -> Authority:
    """A root that has issued nothing."""
    return _authority("python test Other Root CA", None)


@functools.cache
def issuing() -> Authority:
    """An intermediate under the root."""
    return _authority("python test Issuing CA", root())


@functools.cache
def namesake() -> Authority:
    """An intermediate with the name of the other, and another key."""
    return _authority("python test Issuing CA", root())


@functools.cache
def forged_issuing(number: int) -> Authority:
    """One of any number that nobody issued: name and key identifier of the intermediate, another key."""
    own = key()
    right = issuing().certificate
    builder = _certificate(right.subject, own.public_key(), right.issuer, 3650 + number)
    for extension in right.extensions:
        builder = builder.add_extension(extension.value, extension.critical)
    return Authority(builder.sign(own, hashes.SHA256()), own)


@functools.cache
def signer(url: str | None = None) -> Signer:
    """A metadata service's certificate, which names the address of its issuer."""
    own = key()
    return Signer(leaf(own, issuing(), url), own)


def leaf(key: rsa.RSAPrivateKey, issuer: Authority, url: str | None) -> x509.Certificate:
    """The certificate of a metadata service, which names the address of its issuer."""
    builder = _certificate(_name("metadata.azure.com"), key.public_key(), issuer.certificate.subject, 90)
    san = x509.SubjectAlternativeName([x509.DNSName("eastus.metadata.azure.com"), x509.DNSName("metadata.azure.com")])
    builder = builder.add_extension(san, critical=False)
    builder = builder.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
    builder = builder.add_extension(_usage(of_authority=False), critical=True)
    builder = builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
    builder = builder.add_extension(_authority_key(issuer.key), critical=False)
    if url is not None:
        access = x509.AccessDescription(AuthorityInformationAccessOID.CA_ISSUERS, x509.UniformResourceIdentifier(url))
        builder = builder.add_extension(x509.AuthorityInformationAccess([access]), critical=False)
    return builder.sign(issuer.key, hashes.SHA256())


def server_certificate(name: str) -> tuple[bytes, bytes]:
    """Certificate chain and key, PEM, of a web server under the root."""
    own = key()
    builder = _certificate(_name(name), own.public_key(), root().certificate.subject, 30)
    builder = builder.add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
    builder = builder.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
    builder = builder.add_extension(_authority_key(root().key), critical=False)
    certificate = builder.sign(root().key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)
    private = own.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return certificate, private


def _authority(name: str, parent: Authority | None) -> Authority:
    return authority(_name(name), parent)


def authority(name: x509.Name, parent: Authority | None) -> Authority:
    """A certification authority under another, or a root."""
    own = key()
    issuer = parent.certificate.subject if parent else name
    builder = _certificate(name, own.public_key(), issuer, 3650)
    builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
    builder = builder.add_extension(_usage(of_authority=True), critical=True)
    builder = builder.add_extension(x509.SubjectKeyIdentifier.from_public_key(own.public_key()), critical=False)
    if parent:
        builder = builder.add_extension(_authority_key(parent.key), critical=False)
    return Authority(builder.sign(parent.key if parent else own, hashes.SHA256()), own)


def _certificate(subject: x509.Name, key: rsa.RSAPublicKey, issuer: x509.Name, days: int) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(next(SERIALS))
        .not_valid_before(now() - timedelta(days=1))
        .not_valid_after(now() + timedelta(days=days))
    )


def _usage(*, of_authority: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=True,
        content_commitment=False,
        key_encipherment=not of_authority,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=of_authority,
        crl_sign=of_authority,
        encipher_only=False,
        decipher_only=False,
    )


def _authority_key(key: rsa.RSAPrivateKey) -> x509.AuthorityKeyIdentifier:
    return x509.AuthorityKeyIdentifier.from_issuer_public_key(key.public_key())


def key() -> rsa.RSAPrivateKey:
    """A new key."""
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def _name(common_name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)])


def now() -> datetime:
    """This machine's time, in whole seconds."""
    return datetime.now(timezone.utc).replace(microsecond=0)


def _claim(moment: datetime) -> str:
    return moment.strftime("%m/%d/%y %H:%M:%S -0000")
