//! One X.509 certificate: the bytes as they came, and what they say.

use alloc::string::ToString;
use alloc::sync::Arc;
use alloc::vec::Vec;

use der::asn1::BitStringRef;
use der::{AnyRef, Decode, Encode, ErrorKind, Reader, Sequence, SliceReader, Tag};
use rustls_pki_types::CertificateDer;
use sha2::{Digest, Sha256};
use x509_cert::ext::pkix::AuthorityInfoAccessSyntax;
use x509_cert::ext::pkix::name::GeneralName;

use super::key::PublicKey;
use super::tlv::Tlv;
use crate::Timestamp;
use crate::error::VerifyError;
use crate::quoted::Quoted;

/// A certificate that is well formed. Nothing is said about who issued it. Cheap to clone.
#[derive(Clone, Debug)]
pub(super) struct Certificate(Arc<Parts>);

#[derive(Debug)]
struct Parts {
    der: CertificateDer<'static>,
    issuer: Vec<u8>,
    subject: Vec<u8>,
    serial: Vec<u8>,
    key_info: Vec<u8>,
    decoded: x509_cert::Certificate,
}

/// The `Certificate` type is defined in [RFC 5280 Section 4.1]; here only cut into its parts, as they came.
///
/// ```text
/// Certificate ::= SEQUENCE {
///   tbsCertificate TBSCertificate,
///   signatureAlgorithm AlgorithmIdentifier,
///   signatureValue BIT STRING }
/// ```
///
/// [RFC 5280 Section 4.1]: https://www.rfc-editor.org/rfc/rfc5280#section-4.1
#[derive(Sequence)]
struct CertificateShape<'a> {
    tbs_certificate: Tlv<'a>,
    signature_algorithm: Tlv<'a>,
    signature: BitStringRef<'a>,
}

/// The `TBSCertificate` type is defined in [RFC 5280 Section 4.1].
///
/// [RFC 5280 Section 4.1]: https://www.rfc-editor.org/rfc/rfc5280#section-4.1
#[derive(Sequence)]
struct TbsCertificateShape<'a> {
    #[asn1(context_specific = "0", tag_mode = "EXPLICIT", optional = "true")]
    version: Option<AnyRef<'a>>,
    serial_number: AnyRef<'a>,
    signature: Tlv<'a>,
    issuer: Tlv<'a>,
    validity: Tlv<'a>,
    subject: Tlv<'a>,
    subject_public_key_info: Tlv<'a>,
    #[asn1(context_specific = "1", tag_mode = "IMPLICIT", optional = "true")]
    issuer_unique_id: Option<BitStringRef<'a>>,
    #[asn1(context_specific = "2", tag_mode = "IMPLICIT", optional = "true")]
    subject_unique_id: Option<BitStringRef<'a>>,
    #[asn1(context_specific = "3", tag_mode = "EXPLICIT", optional = "true")]
    extensions: Option<AnyRef<'a>>,
}

/// What is needed to check a certificate's signature: the parts as they came.
pub(super) struct Signed<'a> {
    pub(super) message: &'a [u8],
    pub(super) algorithm: &'a [u8],
    pub(super) signature: &'a [u8],
}

impl Certificate {
    /// Reads one certificate in strict DER: the reader takes some encodings that are not (default values written out,
    /// sets out of order, times of the other type), so what it read must encode to the same bytes.
    pub(super) fn parse(der: &[u8]) -> Result<Self, der::Error> {
        let shape = CertificateShape::from_der(der)?;
        let tbs = TbsCertificateShape::from_der(shape.tbs_certificate.0)?;
        check_size(&tbs)?;
        let decoded = x509_cert::Certificate::from_der(der)?;
        if decoded.to_der()? != der {
            return Err(ErrorKind::Noncanonical { tag: Tag::Sequence }.into());
        }
        Ok(Self(Arc::new(Parts {
            issuer: tbs.issuer.0.to_vec(),
            subject: tbs.subject.0.to_vec(),
            serial: tbs.serial_number.value().to_vec(),
            key_info: tbs.subject_public_key_info.0.to_vec(),
            der: CertificateDer::from(der.to_vec()),
            decoded,
        })))
    }

    /// The whole certificate.
    pub(super) fn der(&self) -> &CertificateDer<'static> {
        &self.0.der
    }

    /// The issuer's name, as it came.
    pub(super) fn issuer(&self) -> &[u8] {
        &self.0.issuer
    }

    /// The subject's name, as it came.
    pub(super) fn subject(&self) -> &[u8] {
        &self.0.subject
    }

    /// The contents of the serial number, as they came.
    pub(super) fn serial(&self) -> &[u8] {
        &self.0.serial
    }

    /// The `SubjectPublicKeyInfo`, as it came.
    pub(super) fn key_info(&self) -> &[u8] {
        &self.0.key_info
    }

    /// The parts that the signature is made of.
    pub(super) fn signed(&self) -> Option<Signed<'_>> {
        let shape = CertificateShape::from_der(&self.0.der).ok()?;
        let algorithm = AnyRef::from_der(shape.signature_algorithm.0).ok()?;
        Some(Signed {
            message: shape.tbs_certificate.0,
            algorithm: algorithm.value(),
            signature: shape.signature.as_bytes()?,
        })
    }

    /// What the certificate says.
    pub(super) fn decoded(&self) -> &x509_cert::Certificate {
        &self.0.decoded
    }

    /// The public key, if it is of an accepted kind.
    ///
    /// # Errors
    ///
    /// `key_algorithm_unsupported`, `key_malformed`.
    pub(super) fn public_key(&self) -> Result<PublicKey<'_>, VerifyError> {
        PublicKey::parse(&self.0.key_info, || self.subject_text())
    }

    /// The subject's name in the form of RFC 4514, fit to show.
    pub(super) fn subject_text(&self) -> Quoted {
        Quoted::from(&*self.0.decoded.tbs_certificate().subject().to_string())
    }

    /// The issuer's name in the form of RFC 4514, fit to show.
    pub(super) fn issuer_text(&self) -> Quoted {
        Quoted::from(&*self.0.decoded.tbs_certificate().issuer().to_string())
    }

    /// First moment of the validity.
    pub(super) fn not_before(&self) -> Timestamp {
        Timestamp::from_duration(self.0.decoded.tbs_certificate().validity().not_before.to_unix_duration())
    }

    /// Last moment of the validity.
    pub(super) fn not_after(&self) -> Timestamp {
        Timestamp::from_duration(self.0.decoded.tbs_certificate().validity().not_after.to_unix_duration())
    }

    /// Checks the validity at a time, both ends included.
    ///
    /// # Errors
    ///
    /// `certificate_not_yet_valid`, `certificate_expired`.
    pub(super) fn check_validity(&self, time: Timestamp) -> Result<(), VerifyError> {
        let (not_before, not_after) = (self.not_before(), self.not_after());
        if time < not_before {
            return Err(VerifyError::CertificateNotYetValid { subject: self.subject_text(), not_before, time });
        }
        if time > not_after {
            return Err(VerifyError::CertificateExpired { subject: self.subject_text(), not_after, time });
        }
        Ok(())
    }

    /// Whether issuer and subject are one name.
    pub(super) fn is_self_issued(&self) -> bool {
        self.0.issuer == self.0.subject
    }

    /// SHA-256 of the whole certificate.
    pub(super) fn sha256(&self) -> [u8; 32] {
        Sha256::digest(&self.0.der).into()
    }

    /// The addresses at which the authority information access extension says the issuer can be had.
    pub(super) fn issuer_addresses(&self) -> Vec<alloc::string::String> {
        let access = self.0.decoded.tbs_certificate().get_extension::<AuthorityInfoAccessSyntax>();
        let Ok(Some((_, access))) = access else {
            return Vec::new();
        };
        access
            .0
            .into_iter()
            .filter(|description| description.access_method == ID_AD_CA_ISSUERS)
            .filter_map(|description| match description.access_location {
                GeneralName::UniformResourceIdentifier(uri) => Some(uri.to_string()),
                _ => None,
            })
            .collect()
    }
}

/// Extensions that a certificate may have; those of the web's CAs have about ten.
const EXTENSION_LIMIT: usize = 64;
/// Parts that a name may have; those of the web's CAs have about five.
const NAME_PART_LIMIT: usize = 64;
/// Octets that a name may have. RFC 5280 appendix A.1 gives most parts 64 characters or 128.
const NAME_LIMIT: usize = 4096;

/// Refuses what would take many times its own size in memory, before anything of it is kept.
fn check_size(tbs: &TbsCertificateShape<'_>) -> Result<(), der::Error> {
    for name in [tbs.issuer, tbs.subject] {
        if name.0.len() > NAME_LIMIT || grandchildren(name.0)? > NAME_PART_LIMIT {
            return Err(ErrorKind::Overlength.into());
        }
    }
    match tbs.extensions.map(|extensions| elements(extensions.value()).map(|all| all.len())) {
        Some(count) if count? > EXTENSION_LIMIT => Err(ErrorKind::Overlength.into()),
        _ => Ok(()),
    }
}

/// The elements within an element, each whole.
pub(super) fn children(der: &[u8]) -> Result<Vec<&[u8]>, der::Error> {
    elements(AnyRef::from_der(der)?.value())
}

fn elements(contents: &[u8]) -> Result<Vec<&[u8]>, der::Error> {
    let mut reader = SliceReader::new(contents)?;
    let mut elements = Vec::new();
    while !reader.is_finished() {
        elements.push(reader.tlv_bytes()?);
    }
    Ok(elements)
}

/// How many elements stand within the elements of an element.
fn grandchildren(der: &[u8]) -> Result<usize, der::Error> {
    children(der)?.into_iter().try_fold(0_usize, |sum, child| Ok(sum.saturating_add(children(child)?.len())))
}

/// RFC 5280 section 4.2.2.1.
const ID_AD_CA_ISSUERS: der::asn1::ObjectIdentifier = der::asn1::ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.48.2");

/// An encoded name in the form of RFC 4514, fit to show; bytes in hexadecimal if it is no name.
pub(super) fn name_text(der: &[u8]) -> Quoted {
    match x509_cert::name::Name::from_der(der) {
        Ok(name) => Quoted::from(&*name.to_string()),
        Err(_) => super::signed_data::hexadecimal(der),
    }
}
