//! Certificates as Azure's CAs issue them, written by `x509-cert`'s builder.

use alloc::string::{String, ToString};
use alloc::vec;
use alloc::vec::Vec;

use der::asn1::{Ia5String, ObjectIdentifier, OctetString};
use rsa::RsaPrivateKey;
use rsa::pkcs1v15::{Signature, SigningKey};
use rsa::pkcs8::EncodePublicKey as _;
use sha2::{Digest, Sha256, Sha384};
use x509_cert::Certificate;
use x509_cert::builder::profile::BuilderProfile;
use x509_cert::builder::{Builder as _, CertificateBuilder};
use x509_cert::certificate::TbsCertificate;
use x509_cert::ext::Extension;
use x509_cert::ext::pkix::name::GeneralName;
use x509_cert::ext::pkix::{
    AccessDescription, AuthorityInfoAccessSyntax, AuthorityKeyIdentifier, BasicConstraints, ExtendedKeyUsage, KeyUsage,
    KeyUsages, SubjectAltName, SubjectKeyIdentifier,
};
use x509_cert::name::Name;
use x509_cert::serial_number::SerialNumber;
use x509_cert::spki::{SubjectPublicKeyInfoOwned, SubjectPublicKeyInfoRef};
use x509_cert::time::{Time, Validity};

use crate::error::UsageError;
use crate::time::Timestamp;

const ID_AD_CA_ISSUERS: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.48.2");
const ID_KP_CLIENT_AUTH: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.3.2");
const ID_KP_SERVER_AUTH: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.3.1");

/// Octets of the digests that serve as key identifier and as serial number.
const IDENTIFIER: usize = 20;

/// A certificate to be.
pub(super) struct Template<'a> {
    /// The subject, RFC 4514.
    pub(super) subject: &'a str,
    /// The first second at which it is valid.
    pub(super) not_before: Timestamp,
    /// The last.
    pub(super) not_after: Timestamp,
    /// What it is for.
    pub(super) role: Role<'a>,
}

/// What a certificate is for.
pub(super) enum Role<'a> {
    /// A CA that issues CAs.
    Root,
    /// A CA that issues leafs.
    Issuing,
    /// A leaf: its names, and where its issuer is.
    LeafCertificate(&'a [String], &'a str),
}

/// Extensions are added one by one, so the profile has none of its own.
struct Issued {
    issuer: Name,
    subject: Name,
}

impl BuilderProfile for Issued {
    fn get_issuer(&self, _subject: &Name) -> Name {
        self.issuer.clone()
    }

    fn get_subject(&self) -> Name {
        self.subject.clone()
    }

    fn build_extensions(
        &self,
        _key: SubjectPublicKeyInfoRef<'_>,
        _issuer_key: SubjectPublicKeyInfoRef<'_>,
        _certificate: &TbsCertificate,
    ) -> x509_cert::builder::Result<Vec<Extension>> {
        Ok(Vec::new())
    }
}

impl Template<'_> {
    /// Issues it: the subject's key, the issuer's name and key (the same two for a root).
    ///
    /// The serial number follows from everything else, so that the same certificate is never issued under two.
    ///
    /// # Errors
    ///
    /// `authority_unusable` if a name can't be written.
    pub(super) fn issue(
        &self,
        key: &RsaPrivateKey,
        issuer: Option<&Name>,
        issuer_key: &RsaPrivateKey,
    ) -> Result<Certificate, UsageError> {
        let subject: Name = self.subject.parse().map_err(unusable)?;
        let issuer = issuer.unwrap_or(&subject).clone();
        let spki = SubjectPublicKeyInfoOwned::from_key(key.as_public_key()).map_err(unusable)?;
        let validity = Validity::new(time(self.not_before), time(self.not_after));
        let serial = self.serial(key, issuer_key)?;
        let profile = Issued { issuer, subject };
        let mut builder = CertificateBuilder::new(profile, serial, validity, spki).map_err(unusable)?;
        builder.add_extension(&SubjectKeyIdentifier(octets(&key_identifier(key)?)?)).map_err(unusable)?;
        if !matches!(self.role, Role::Root) {
            let key_identifier = Some(octets(&key_identifier(issuer_key)?)?);
            let identifier = AuthorityKeyIdentifier { key_identifier, ..AuthorityKeyIdentifier::default() };
            builder.add_extension(&identifier).map_err(unusable)?;
        }
        self.add_role(&mut builder)?;
        let signer = SigningKey::<Sha384>::new(issuer_key.clone());
        builder.build::<_, Signature>(&signer).map_err(unusable)
    }

    fn add_role(&self, builder: &mut CertificateBuilder<Issued>) -> Result<(), UsageError> {
        let authority = KeyUsages::DigitalSignature | KeyUsages::KeyCertSign | KeyUsages::CRLSign;
        let (usage, constraints) = match self.role {
            Role::Root => (authority, BasicConstraints { ca: true, path_len_constraint: None }),
            Role::Issuing => (authority, BasicConstraints { ca: true, path_len_constraint: Some(0) }),
            Role::LeafCertificate(..) => (
                KeyUsages::DigitalSignature | KeyUsages::KeyEncipherment,
                BasicConstraints { ca: false, path_len_constraint: None },
            ),
        };
        builder.add_extension(&KeyUsage(usage)).map_err(unusable)?;
        builder.add_extension((true, &constraints)).map_err(unusable)?;
        match &self.role {
            Role::Root => {}
            Role::Issuing => {
                let purposes = ExtendedKeyUsage(vec![ID_KP_SERVER_AUTH, ID_KP_CLIENT_AUTH]);
                builder.add_extension(&purposes).map_err(unusable)?;
            }
            Role::LeafCertificate(names, issuer_at) => {
                builder.add_extension(&ExtendedKeyUsage(vec![ID_KP_SERVER_AUTH])).map_err(unusable)?;
                let names: Result<Vec<_>, _> =
                    names.iter().map(|name| Ia5String::new(name).map(GeneralName::DnsName)).collect();
                builder.add_extension(&SubjectAltName(names.map_err(unusable)?)).map_err(unusable)?;
                let location = GeneralName::UniformResourceIdentifier(Ia5String::new(issuer_at).map_err(unusable)?);
                let access = AccessDescription { access_method: ID_AD_CA_ISSUERS, access_location: location };
                builder.add_extension(&AuthorityInfoAccessSyntax(vec![access])).map_err(unusable)?;
            }
        }
        Ok(())
    }

    fn serial(&self, key: &RsaPrivateKey, issuer_key: &RsaPrivateKey) -> Result<SerialNumber, UsageError> {
        let mut hash = Sha256::new();
        hash.update(self.subject);
        hash.update(self.not_before.unix().to_be_bytes());
        hash.update(self.not_after.unix().to_be_bytes());
        hash.update(key_identifier(key)?);
        hash.update(key_identifier(issuer_key)?);
        if let Role::LeafCertificate(names, issuer_at) = &self.role {
            names.iter().for_each(|name| hash.update(name));
            hash.update(issuer_at);
        }
        let mut octets: Vec<u8> = hash.finalize().iter().copied().take(IDENTIFIER).collect();
        if let Some(first) = octets.first_mut() {
            *first = (*first & 0x3f) | 0x40;
        }
        SerialNumber::new(&octets).map_err(unusable)
    }
}

/// What a key is known by: the first octets of the SHA-256 of its SubjectPublicKeyInfo (RFC 7093 section 2).
///
/// # Errors
///
/// `authority_unusable`.
pub(super) fn key_identifier(key: &RsaPrivateKey) -> Result<Vec<u8>, UsageError> {
    let spki = key.as_public_key().to_public_key_der().map_err(unusable)?;
    Ok(Sha256::digest(spki.as_bytes()).iter().copied().take(IDENTIFIER).collect())
}

pub(super) fn unusable(reason: impl ToString) -> UsageError {
    UsageError::AuthorityUnusable { reason: reason.to_string() }
}

fn octets(octets: &[u8]) -> Result<OctetString, UsageError> {
    OctetString::new(octets).map_err(unusable)
}

fn time(moment: Timestamp) -> Time {
    Time::from(moment.date())
}
