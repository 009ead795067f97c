//! CMS SignedData as the service writes it: one signer, its certificate, its signature, the content inside.
//!
//! Everything is a view into the document, so that the bytes hashed are the bytes that came. The reader is
//! `der`'s, by its derive; it takes DER alone, so that no second encoding of a document is accepted.

use alloc::format;
use alloc::string::ToString;
use alloc::vec::Vec;

use der::asn1::{ObjectIdentifier, OctetStringRef};
use der::{AnyRef, Decode, Reader, Sequence, SliceReader, Tag, Tagged};

use super::algorithm::AlgorithmIdentifierRef;
use super::certificate::Certificate;
use super::tlv::{SetOf, Tlv};
use crate::error::VerifyError;
use crate::quoted::Quoted;

const ID_SIGNED_DATA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.2");
pub(super) const ID_DATA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.1");

/// Certificates that a document may carry; the service embeds one.
const CERTIFICATE_LIMIT: usize = 32;

/// What a document of the service consists of. `C` is how its certificates are kept.
pub(super) struct SignedData<'a, C = &'a [Certificate]> {
    /// The algorithm in `digestAlgorithms`.
    pub(super) digest_algorithm: AlgorithmIdentifierRef<'a>,
    /// The octets that are signed, directly or by way of the attributes.
    pub(super) content: &'a [u8],
    /// The certificates, in the order in which they came.
    pub(super) certificates: C,
    /// The one signer.
    pub(super) signer: SignerInfo<'a>,
}

/// The `SignedData` type is defined in [RFC 5652 Section 5.1].
///
/// ```text
/// SignedData ::= SEQUENCE {
///   version CMSVersion,
///   digestAlgorithms DigestAlgorithmIdentifiers,
///   encapContentInfo EncapsulatedContentInfo,
///   certificates [0] IMPLICIT CertificateSet OPTIONAL,
///   crls [1] IMPLICIT RevocationInfoChoices OPTIONAL,
///   signerInfos SignerInfos }
/// ```
///
/// [RFC 5652 Section 5.1]: https://www.rfc-editor.org/rfc/rfc5652#section-5.1
#[derive(Sequence)]
struct SignedDataShape<'a> {
    version: u8,
    digest_algorithms: SetOf<'a>,
    encap_content_info: EncapsulatedContentInfo<'a>,
    #[asn1(context_specific = "0", tag_mode = "IMPLICIT", optional = "true")]
    certificates: Option<SetOf<'a>>,
    #[asn1(context_specific = "1", tag_mode = "IMPLICIT", optional = "true")]
    crls: Option<SetOf<'a>>,
    signer_infos: SetOf<'a>,
}

/// The `EncapsulatedContentInfo` type is defined in [RFC 5652 Section 5.2].
///
/// ```text
/// EncapsulatedContentInfo ::= SEQUENCE {
///   eContentType ContentType,
///   eContent [0] EXPLICIT OCTET STRING OPTIONAL }
/// ```
///
/// [RFC 5652 Section 5.2]: https://www.rfc-editor.org/rfc/rfc5652#section-5.2
#[derive(Sequence)]
struct EncapsulatedContentInfo<'a> {
    content_type: ObjectIdentifier,
    #[asn1(context_specific = "0", tag_mode = "EXPLICIT", optional = "true")]
    content: Option<&'a OctetStringRef>,
}

/// The `SignerInfo` type is defined in [RFC 5652 Section 5.3].
///
/// ```text
/// SignerInfo ::= SEQUENCE {
///   version CMSVersion,
///   sid SignerIdentifier,
///   digestAlgorithm DigestAlgorithmIdentifier,
///   signedAttrs [0] IMPLICIT SignedAttributes OPTIONAL,
///   signatureAlgorithm SignatureAlgorithmIdentifier,
///   signature SignatureValue,
///   unsignedAttrs [1] IMPLICIT UnsignedAttributes OPTIONAL }
/// ```
///
/// [RFC 5652 Section 5.3]: https://www.rfc-editor.org/rfc/rfc5652#section-5.3
#[derive(Sequence)]
pub(super) struct SignerInfo<'a> {
    version: u8,
    /// `IssuerAndSerialNumber`, or the key identifier, which is refused.
    signer_identifier: Tlv<'a>,
    pub(super) digest_algorithm: AlgorithmIdentifierRef<'a>,
    #[asn1(context_specific = "0", tag_mode = "IMPLICIT", optional = "true")]
    pub(super) signed_attributes: Option<SetOf<'a>>,
    pub(super) signature_algorithm: AlgorithmIdentifierRef<'a>,
    pub(super) signature: &'a OctetStringRef,
    #[asn1(context_specific = "1", tag_mode = "IMPLICIT", optional = "true")]
    unsigned_attributes: Option<SetOf<'a>>,
}

/// The `IssuerAndSerialNumber` type is defined in [RFC 5652 Section 10.2.4].
///
/// [RFC 5652 Section 10.2.4]: https://www.rfc-editor.org/rfc/rfc5652#section-10.2.4
#[derive(Sequence)]
struct IssuerAndSerialNumber<'a> {
    issuer: Tlv<'a>,
    serial_number: AnyRef<'a>,
}

impl<'a> SignedData<'a, Vec<Certificate>> {
    /// Reads a whole document, its certificates too.
    ///
    /// # Errors
    ///
    /// The codes of step 2 of the verification, and nothing else.
    pub(super) fn parse(document: &'a [u8]) -> Result<Self, VerifyError> {
        SignedData::read(document, certificates)
    }
}

impl<'a, C> SignedData<'a, C> {
    fn read(
        document: &'a [u8],
        certificates: impl FnOnce(Option<SetOf<'a>>) -> Result<C, VerifyError>,
    ) -> Result<Self, VerifyError> {
        let shape = read_content_info(document)?;
        let digest_algorithms = elements(&shape.digest_algorithms, "DigestAlgorithmIdentifiers")?;
        let [digest_algorithm] = digest_algorithms.as_slice() else {
            return Err(VerifyError::DigestAlgorithmCount { count: digest_algorithms.len() });
        };
        let digest_algorithm = AlgorithmIdentifierRef::from_der(digest_algorithm)
            .map_err(|error| malformed("DigestAlgorithmIdentifier", shape.digest_algorithms.position(), error))?;
        let content = content(&shape.encap_content_info)?;
        if shape.crls.is_some() {
            return Err(VerifyError::CrlsPresent);
        }
        let certificates = certificates(shape.certificates)?;
        let signer = signer(&shape)?;
        for identifier in [
            shape.encap_content_info.content_type,
            digest_algorithm.oid,
            signer.digest_algorithm.oid,
            signer.signature_algorithm.oid,
        ] {
            check_identifier(identifier)?;
        }
        Ok(Self { digest_algorithm, content, certificates, signer })
    }
}

impl<'a> SignedData<'a> {
    /// Reads a document again whose certificates were read before.
    ///
    /// # Errors
    ///
    /// As [`SignedData::parse`]; a document that could be read once can be read again.
    pub(super) fn view(document: &'a [u8], certificates: &'a [Certificate]) -> Result<Self, VerifyError> {
        Self::read(document, |_| Ok(certificates))
    }

    /// The one embedded certificate that the signer names by issuer and serial number, compared byte for byte.
    ///
    /// # Errors
    ///
    /// `signer_certificate_missing`, `signer_certificate_ambiguous`, `der_malformed`.
    pub(super) fn signer_certificate(&self) -> Result<&'a Certificate, VerifyError> {
        let named = self.signer.issuer_and_serial_number()?;
        let serial = named.serial_number.value();
        let mut found = self.certificates.iter().filter(|it| it.issuer() == named.issuer.0 && it.serial() == serial);
        let issuer = || super::certificate::name_text(named.issuer.0);
        match (found.next(), found.count()) {
            (Some(certificate), 0) => Ok(certificate),
            (Some(_), others) => Err(VerifyError::SignerCertificateAmbiguous {
                issuer: issuer(),
                serial: hexadecimal(serial),
                count: others.saturating_add(1),
            }),
            (None, _) => Err(VerifyError::SignerCertificateMissing { issuer: issuer(), serial: hexadecimal(serial) }),
        }
    }
}

impl<'a> SignerInfo<'a> {
    fn issuer_and_serial_number(&self) -> Result<IssuerAndSerialNumber<'a>, VerifyError> {
        let part = "IssuerAndSerialNumber";
        let named = IssuerAndSerialNumber::from_der(self.signer_identifier.0)
            .map_err(|error| malformed(part, 0, error).without_position())?;
        if named.serial_number.tag() == Tag::Integer {
            Ok(named)
        } else {
            Err(VerifyError::DerMalformed {
                part,
                position: None,
                reason: format!("the serial number is {}, expected INTEGER", named.serial_number.tag()),
            })
        }
    }
}

fn read_content_info(document: &[u8]) -> Result<SignedDataShape<'_>, VerifyError> {
    let fault = |error| malformed("ContentInfo", 0, error);
    let mut reader = SliceReader::new(document).map_err(fault)?;
    let content_info = reader.tlv_bytes().map_err(fault)?;
    if !reader.is_finished() {
        let end = content_info.len();
        return Err(VerifyError::TrailingData { position: end, count: document.len().saturating_sub(end) });
    }
    let mut content_type = None;
    let shape = SliceReader::new(document).map_err(fault)?.sequence(|reader| {
        let oid = reader.decode::<ObjectIdentifier>()?;
        content_type = Some(oid);
        if oid == ID_SIGNED_DATA {
            reader.context_specific::<SignedDataShape<'_>>(der::TagNumber(0), der::TagMode::Explicit)
        } else {
            reader.drain(reader.remaining_len())?;
            Ok(None)
        }
    });
    match (shape, content_type) {
        (_, Some(other)) if other != ID_SIGNED_DATA => {
            Err(VerifyError::NotSignedData { found: Quoted::from(&*other.to_string()) })
        }
        (Ok(Some(shape)), _) => Ok(shape),
        (Ok(None), _) => Err(VerifyError::DerMalformed {
            part: "ContentInfo",
            position: None,
            reason: "the content is missing".to_string(),
        }),
        (Err(error), None) => Err(fault(error)),
        (Err(error), Some(_)) => Err(malformed("SignedData", 0, error)),
    }
}

fn content<'a>(info: &EncapsulatedContentInfo<'a>) -> Result<&'a [u8], VerifyError> {
    if info.content_type != ID_DATA {
        return Err(VerifyError::ContentTypeNotData { found: Quoted::from(&*info.content_type.to_string()) });
    }
    match info.content.map(OctetStringRef::as_bytes) {
        None => Err(VerifyError::ContentMissing),
        Some([]) => Err(VerifyError::ContentEmpty),
        Some(content) => Ok(content),
    }
}

fn certificates(set: Option<SetOf<'_>>) -> Result<Vec<Certificate>, VerifyError> {
    let Some(set) = set else {
        return Ok(Vec::new());
    };
    let encoded = elements(&set, "CertificateSet")?;
    if encoded.len() > CERTIFICATE_LIMIT {
        return Err(VerifyError::TooManyCertificates { count: encoded.len(), limit: CERTIFICATE_LIMIT });
    }
    (1..)
        .zip(encoded)
        .map(|(number, der)| {
            Certificate::parse(der).map_err(|error| VerifyError::CertificateMalformed {
                number,
                position: error.position().and_then(|position| usize::try_from(position).ok()),
                reason: error.kind().to_string(),
            })
        })
        .collect()
}

fn signer<'a>(shape: &SignedDataShape<'a>) -> Result<SignerInfo<'a>, VerifyError> {
    let signers = elements(&shape.signer_infos, "SignerInfos")?;
    let [signer] = signers.as_slice() else {
        return Err(VerifyError::SignerCount { count: signers.len() });
    };
    let signer =
        SignerInfo::from_der(signer).map_err(|error| malformed("SignerInfo", shape.signer_infos.position(), error))?;
    if signer.signer_identifier.0.first() == Some(&KEY_IDENTIFIER) {
        return Err(VerifyError::SignerIdentifier);
    }
    signer.issuer_and_serial_number()?;
    if signer.version != 1 {
        return Err(VerifyError::SignerInfoVersion { found: signer.version, expected: 1 });
    }
    // Version 1 because the content is data, the signer is of version 1, and no certificate is of another kind.
    if shape.version != 1 {
        return Err(VerifyError::SignedDataVersion { found: shape.version, expected: 1 });
    }
    if signer.unsigned_attributes.is_some() {
        return Err(VerifyError::UnsignedAttributes);
    }
    Ok(signer)
}

/// The reader takes arcs with leading zeros (0x80), which X.690 section 8.19.2 forbids.
fn check_identifier(identifier: ObjectIdentifier) -> Result<(), VerifyError> {
    let starts = core::iter::once(true).chain(identifier.as_bytes().iter().map(|byte| byte & 0x80 == 0));
    if starts.zip(identifier.as_bytes()).any(|(starts, byte)| starts && *byte == 0x80) {
        return Err(VerifyError::DerMalformed {
            part: "OBJECT IDENTIFIER",
            position: None,
            reason: format!("an arc of {identifier} has leading zeros"),
        });
    }
    Ok(())
}

/// First byte of `[0] SubjectKeyIdentifier`.
const KEY_IDENTIFIER: u8 = 0x80;

fn elements<'a>(set: &SetOf<'a>, part: &'static str) -> Result<Vec<&'a [u8]>, VerifyError> {
    set.elements().map_err(|error| malformed(part, set.position(), error))
}

/// `base` is where the part that was read begins in the document.
pub(super) fn malformed(part: &'static str, base: usize, error: der::Error) -> VerifyError {
    VerifyError::DerMalformed {
        part,
        position: error
            .position()
            .and_then(|position| usize::try_from(position).ok())
            .and_then(|position| position.checked_add(base)),
        reason: error.kind().to_string(),
    }
}

impl VerifyError {
    fn without_position(self) -> Self {
        match self {
            Self::DerMalformed { part, reason, .. } => Self::DerMalformed { part, position: None, reason },
            other => other,
        }
    }
}

/// Bytes as text, two digits each.
pub(super) fn hexadecimal(bytes: &[u8]) -> Quoted {
    Quoted::from(&*base16ct::lower::encode_string(bytes))
}
