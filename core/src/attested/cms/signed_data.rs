//! CMS SignedData as the service writes it: one signer, its certificate, its signature, the content inside.
//!
//! Everything is a view into the document, so that the bytes hashed are the bytes that came. Tags and lengths are read
//! by `der`, which takes DER alone, so that no second encoding of the same values is accepted.

use alloc::format;
use alloc::string::ToString;
use alloc::vec::Vec;

use crate::attested::der::element::{Element, Fields, Malformed, Tag};
use crate::attested::der::object_identifier::{self, ID_DATA, ID_SIGNED_DATA};
use crate::attested::error::VerifyError;
use crate::attested::x509::algorithm::AlgorithmIdentifierRef;
use crate::attested::x509::certificate::{Certificate, name_text};
use crate::quoted::Quoted;

/// Certificates that a document may carry; the service embeds one.
const CERTIFICATE_LIMIT: usize = 32;

/// What a document of the service consists of. `C` is how its certificates are kept.
pub(in crate::attested) struct SignedData<'a, C = &'a [Certificate]> {
    /// The algorithm in `digestAlgorithms`.
    pub(in crate::attested) digest_algorithm: AlgorithmIdentifierRef<'a>,
    /// The octets that are signed, directly or by way of the attributes.
    pub(in crate::attested) content: &'a [u8],
    /// The certificates, in the order in which they came.
    pub(in crate::attested) certificates: C,
    /// The one signer.
    pub(in crate::attested) signer: SignerInfo<'a>,
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
struct SignedDataShape<'a> {
    version: u8,
    digest_algorithms: Element<'a>,
    encap_content_info: EncapsulatedContentInfo<'a>,
    certificates: Option<Element<'a>>,
    crls: Option<Element<'a>>,
    signer_infos: Element<'a>,
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
struct EncapsulatedContentInfo<'a> {
    /// The octets of the identifier.
    content_type: &'a [u8],
    content: Option<&'a [u8]>,
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
///
/// IssuerAndSerialNumber ::= SEQUENCE {
///   issuer Name,
///   serialNumber CertificateSerialNumber }
/// ```
///
/// `IssuerAndSerialNumber` is defined in [RFC 5652 Section 10.2.4].
///
/// [RFC 5652 Section 5.3]: https://www.rfc-editor.org/rfc/rfc5652#section-5.3
/// [RFC 5652 Section 10.2.4]: https://www.rfc-editor.org/rfc/rfc5652#section-10.2.4
struct SignerInfoShape<'a> {
    version: u8,
    identifier: Element<'a>,
    digest_algorithm: AlgorithmIdentifierRef<'a>,
    signed_attributes: Option<Element<'a>>,
    signature_algorithm: AlgorithmIdentifierRef<'a>,
    signature: &'a [u8],
    has_unsigned_attributes: bool,
}

/// What counts of a signer, once it was found to be as the service writes it.
pub(in crate::attested) struct SignerInfo<'a> {
    /// The issuer, as it came, of the certificate that the signer names.
    pub(in crate::attested) issuer: &'a [u8],
    /// The contents of the serial number of the certificate that the signer names.
    pub(in crate::attested) serial_number: &'a [u8],
    pub(in crate::attested) digest_algorithm: AlgorithmIdentifierRef<'a>,
    pub(in crate::attested) signed_attributes: Option<Element<'a>>,
    pub(in crate::attested) signature_algorithm: AlgorithmIdentifierRef<'a>,
    pub(in crate::attested) signature: &'a [u8],
}

impl<'a> SignedData<'a, Vec<Certificate>> {
    /// Reads a whole document, its certificates too.
    ///
    /// # Errors
    ///
    /// The codes of step 2 of the verification, and nothing else.
    pub(in crate::attested) fn parse(document: &'a [u8]) -> Result<Self, VerifyError> {
        let shape = read_content_info(document)?;
        let digest_algorithms = shape.digest_algorithms.contents();
        let count = count(&digest_algorithms, "DigestAlgorithmIdentifiers")?;
        if count != 1 {
            return Err(VerifyError::DigestAlgorithmCount { count });
        }
        let digest_algorithm = first(digest_algorithms)
            .and_then(|algorithm| AlgorithmIdentifierRef::read(&algorithm))
            .map_err(|error| malformed("DigestAlgorithmIdentifier", error))?;
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
    /// The one embedded certificate that the signer names by issuer and serial number, compared byte for byte.
    ///
    /// # Errors
    ///
    /// `signer_certificate_missing`, `signer_certificate_ambiguous`.
    pub(in crate::attested) fn signer_certificate(&self) -> Result<&'a Certificate, VerifyError> {
        let (issuer, serial) = (self.signer.issuer, self.signer.serial_number);
        let mut found = self.certificates.iter().filter(|it| it.issuer() == issuer && it.serial() == serial);
        let first = found.next();
        let others = found.count();
        if let (Some(certificate), 0) = (first, others) {
            return Ok(certificate);
        }
        let (issuer, serial) = (name_text(issuer), Quoted::hexadecimal(serial));
        Err(match first {
            Some(_) => VerifyError::SignerCertificateAmbiguous { issuer, serial, count: others.saturating_add(1) },
            None => VerifyError::SignerCertificateMissing { issuer, serial },
        })
    }
}

fn read_content_info(document: &[u8]) -> Result<SignedDataShape<'_>, VerifyError> {
    let fault = |error| malformed("ContentInfo", error);
    let content_info = Fields::of(document).any().map_err(fault)?;
    let end = content_info.der.len();
    if document.len() != end {
        return Err(VerifyError::TrailingData { position: end, count: document.len().saturating_sub(end) });
    }
    let mut fields = content_info.fields(Tag::SEQUENCE).map_err(fault)?;
    let content_type = fields.required(Tag::OBJECT_IDENTIFIER).and_then(|oid| oid.identifier()).map_err(fault)?;
    if content_type != ID_SIGNED_DATA {
        return Err(VerifyError::NotSignedData { found: object_identifier::quoted(content_type), given: None });
    }
    let content = fields.required(Tag::constructed(0)).map_err(fault)?;
    fields.end().map_err(fault)?;
    SignedDataShape::read(&content).map_err(|error| malformed("SignedData", error))
}

impl<'a> SignedDataShape<'a> {
    /// Reads what stands under an explicit tag.
    fn read(content: &Element<'a>) -> Result<Self, Malformed> {
        let mut fields = content.only(Tag::SEQUENCE)?.contents();
        let version = fields.required(Tag::INTEGER)?.small()?;
        let digest_algorithms = fields.required(Tag::SET)?;
        let mut info = fields.required(Tag::SEQUENCE)?.contents();
        let content_type = info.required(Tag::OBJECT_IDENTIFIER)?.identifier()?;
        let content = match info.optional(Tag::constructed(0))? {
            Some(content) => Some(content.only(Tag::OCTET_STRING)?.contents),
            None => None,
        };
        info.end()?;
        let certificates = fields.optional(Tag::constructed(0))?;
        let crls = fields.optional(Tag::constructed(1))?;
        let signer_infos = fields.required(Tag::SET)?;
        fields.end()?;
        let encap_content_info = EncapsulatedContentInfo { content_type, content };
        Ok(Self { version, digest_algorithms, encap_content_info, certificates, crls, signer_infos })
    }
}

fn content<'a>(info: &EncapsulatedContentInfo<'a>) -> Result<&'a [u8], VerifyError> {
    if info.content_type != ID_DATA {
        return Err(VerifyError::ContentTypeNotData { found: object_identifier::quoted(info.content_type) });
    }
    match info.content {
        None => Err(VerifyError::ContentMissing),
        Some([]) => Err(VerifyError::ContentEmpty),
        Some(content) => Ok(content),
    }
}

fn certificates(set: Option<Element<'_>>) -> Result<Vec<Certificate>, VerifyError> {
    let mut certificates = Vec::new();
    let Some(set) = set else {
        return Ok(certificates);
    };
    let part = "CertificateSet";
    let mut left = set.contents();
    let count = count(&left, part)?;
    if count > CERTIFICATE_LIMIT {
        return Err(VerifyError::TooManyCertificates { count, limit: CERTIFICATE_LIMIT });
    }
    while let Some(element) = left.following().map_err(|error| malformed(part, error))? {
        match Certificate::parse(element.der) {
            Ok(certificate) => certificates.push(certificate),
            Err(error) => return Err(certificate_malformed(certificates.len().saturating_add(1), error)),
        }
    }
    Ok(certificates)
}

/// `number` counts the certificates of a document from 1.
pub(in crate::attested) fn certificate_malformed(number: usize, error: Malformed) -> VerifyError {
    VerifyError::CertificateMalformed { number, position: Some(error.position), reason: error.fault.to_string() }
}

fn signer<'a>(shape: &SignedDataShape<'a>) -> Result<SignerInfo<'a>, VerifyError> {
    let signers = shape.signer_infos.contents();
    let count = count(&signers, "SignerInfos")?;
    if count != 1 {
        return Err(VerifyError::SignerCount { count });
    }
    let fault = |error| malformed("SignerInfo", error);
    let signer = first(signers).and_then(|signer| SignerInfoShape::read(&signer)).map_err(fault)?;
    if signer.identifier.tag() == KEY_IDENTIFIER {
        return Err(VerifyError::SignerIdentifier);
    }
    let (issuer, serial_number) =
        issuer_and_serial_number(&signer.identifier).map_err(|error| malformed("IssuerAndSerialNumber", error))?;
    if signer.version != 1 {
        return Err(VerifyError::SignerInfoVersion { found: signer.version, expected: 1 });
    }
    // Version 1 because the content is data, the signer is of version 1, and no certificate is of another kind.
    if shape.version != 1 {
        return Err(VerifyError::SignedDataVersion { found: shape.version, expected: 1 });
    }
    if signer.has_unsigned_attributes {
        return Err(VerifyError::UnsignedAttributes);
    }
    let SignerInfoShape { digest_algorithm, signed_attributes, signature_algorithm, signature, .. } = signer;
    Ok(SignerInfo { issuer, serial_number, digest_algorithm, signed_attributes, signature_algorithm, signature })
}

impl<'a> SignerInfoShape<'a> {
    fn read(signer: &Element<'a>) -> Result<Self, Malformed> {
        let mut fields = signer.fields(Tag::SEQUENCE)?;
        let signer = Self {
            version: fields.required(Tag::INTEGER)?.small()?,
            identifier: fields.any()?,
            digest_algorithm: AlgorithmIdentifierRef::read(&fields.any()?)?,
            signed_attributes: fields.optional(Tag::constructed(0))?,
            signature_algorithm: AlgorithmIdentifierRef::read(&fields.any()?)?,
            signature: fields.required(Tag::OCTET_STRING)?.contents,
            has_unsigned_attributes: fields.optional(Tag::constructed(1))?.is_some(),
        };
        fields.end()?;
        Ok(signer)
    }
}

fn issuer_and_serial_number<'a>(identifier: &Element<'a>) -> Result<(&'a [u8], &'a [u8]), Malformed> {
    let mut fields = identifier.fields(Tag::SEQUENCE)?;
    let issuer = fields.any()?;
    let serial_number = fields.required(Tag::INTEGER)?;
    fields.end()?;
    Ok((issuer.der, serial_number.contents))
}

/// The reader takes arcs with leading zeros (0x80), which X.690 section 8.19.2 forbids.
fn check_identifier(identifier: &[u8]) -> Result<(), VerifyError> {
    let starts = core::iter::once(true).chain(identifier.iter().map(|byte| byte & 0x80 == 0));
    if starts.zip(identifier).any(|(starts, byte)| starts && *byte == 0x80) {
        return Err(VerifyError::DerMalformed {
            part: "OBJECT IDENTIFIER",
            position: None,
            reason: format!("an arc of {} has leading zeros", object_identifier::text(identifier)),
            given: None,
        });
    }
    Ok(())
}

/// `[0] SubjectKeyIdentifier`.
const KEY_IDENTIFIER: Tag = Tag::primitive(0);

fn count(elements: &Fields<'_>, part: &'static str) -> Result<usize, VerifyError> {
    elements.clone().count().map_err(|error| malformed(part, error))
}

fn first<'a>(mut elements: Fields<'a>) -> Result<Element<'a>, Malformed> {
    elements.any()
}

pub(in crate::attested) fn malformed(part: &'static str, error: Malformed) -> VerifyError {
    VerifyError::DerMalformed { part, position: Some(error.position), reason: error.fault.to_string(), given: None }
}
