//! How a certificate is read: in strict DER, each part no further than to where it stands.

use alloc::sync::Arc;
use alloc::vec::Vec;
use core::ops::Range;

use der::AnyRef;
use der::asn1::GeneralizedTime;
use rustls_pki_types::CertificateDer;

use super::{Certificate, ExtensionParts, Parts};
use crate::attested::der::element::{Element, Fault, Malformed, Tag};
use crate::attested::x509::algorithm::AlgorithmIdentifierRef;
use crate::attested::x509::key::SubjectPublicKeyInfo;
use crate::attested::x509::name::Name;
use crate::time::Timestamp;

/// Extensions that a certificate may have; those of the web's CAs have about ten.
const EXTENSION_LIMIT: usize = 64;
/// Octets that a serial number may have as encoded. The profile asks for one less: some read 20 octets without the sign.
const SERIAL_LIMIT: usize = 21;
/// The last year that a UTCTime can tell; a later one is told by a GeneralizedTime (section 4.1.2.5).
const UTC_TIME_LAST: u16 = 2049;

impl Certificate {
    /// Reads one certificate in strict DER: no default value written out, sets in order, each time of the type that
    /// RFC 5280 asks for. The types are defined in [RFC 5280 Section 4.1].
    ///
    /// ```text
    /// Certificate ::= SEQUENCE {
    ///   tbsCertificate TBSCertificate,
    ///   signatureAlgorithm AlgorithmIdentifier,
    ///   signatureValue BIT STRING }
    ///
    /// TBSCertificate ::= SEQUENCE {
    ///   version [0] EXPLICIT Version DEFAULT v1,
    ///   serialNumber CertificateSerialNumber,
    ///   signature AlgorithmIdentifier,
    ///   issuer Name,
    ///   validity Validity,
    ///   subject Name,
    ///   subjectPublicKeyInfo SubjectPublicKeyInfo,
    ///   issuerUniqueID [1] IMPLICIT UniqueIdentifier OPTIONAL,
    ///   subjectUniqueID [2] IMPLICIT UniqueIdentifier OPTIONAL,
    ///   extensions [3] EXPLICIT Extensions OPTIONAL }
    ///
    /// Validity ::= SEQUENCE {
    ///   notBefore Time,
    ///   notAfter Time }
    /// ```
    ///
    /// [RFC 5280 Section 4.1]: https://www.rfc-editor.org/rfc/rfc5280#section-4.1
    pub(in crate::attested) fn parse(der: &[u8]) -> Result<Self, Malformed> {
        let mut whole = Element::parse(der)?.fields(Tag::SEQUENCE)?;
        let message = whole.any()?;
        let algorithm = whole.any()?;
        let bits = whole.required(Tag::BIT_STRING)?;
        let signature = bits.bits()?.as_bytes();
        whole.end()?;

        let mut fields = message.fields(Tag::SEQUENCE)?;
        let version = version(fields.optional(Tag::constructed(0))?)?;
        let serial = fields.required(Tag::INTEGER)?;
        let inner_algorithm = fields.any()?;
        let issuer = fields.any()?;
        let mut validity = fields.required(Tag::SEQUENCE)?.contents();
        let (not_before, not_after) = (time(&validity.any()?)?, time(&validity.any()?)?);
        validity.end()?;
        let subject = fields.any()?;
        let key_info = fields.any()?;
        let has_issuer_unique_id = unique_id(fields.optional(Tag::primitive(1))?)?;
        let has_subject_unique_id = unique_id(fields.optional(Tag::primitive(2))?)?;
        let extensions = extensions(fields.optional(Tag::constructed(3))?)?;
        fields.end()?;

        if serial.integer()?.len() > SERIAL_LIMIT {
            return Err(serial.at(Fault::Limit));
        }
        for algorithm in [&inner_algorithm, &algorithm] {
            AlgorithmIdentifierRef::read(algorithm)?;
        }
        for name in [&issuer, &subject] {
            Name::read(name)?;
        }
        SubjectPublicKeyInfo::read(&key_info)?;
        Ok(Self(Arc::new(Parts {
            version,
            has_issuer_unique_id,
            has_subject_unique_id,
            not_before,
            not_after,
            message: message.place(),
            inner_algorithm: inner_algorithm.place(),
            algorithm: algorithm.place(),
            signature: signature.map(|octets| bits.place_of_last(octets.len())),
            serial: serial.place_of_contents(),
            issuer: issuer.place(),
            subject: subject.place(),
            key_info: key_info.place(),
            extensions,
            der: CertificateDer::from(der.to_vec()),
        })))
    }
}

/// Version 1 is the default, so DER leaves it out.
fn version(version: Option<Element<'_>>) -> Result<u8, Malformed> {
    let Some(version) = version else {
        return Ok(0);
    };
    let number = version.only(Tag::INTEGER)?;
    match number.small()? {
        0 => Err(number.at(Fault::Default)),
        version @ (1 | 2) => Ok(version),
        _ => Err(number.at(Fault::Limit)),
    }
}

/// A UTCTime is a GeneralizedTime without the century, which RFC 5280 section 4.1.2.5.1 fixes.
fn time(time: &Element<'_>) -> Result<Timestamp, Malformed> {
    let fault = time.at(Fault::Contents(time.tag()));
    let is_utc_time = time.tag() == Tag::UTC_TIME;
    let century: &[u8] = match time.contents.first() {
        _ if !is_utc_time => &[],
        Some(b'0'..=b'4') => b"20",
        _ => b"19",
    };
    if !is_utc_time {
        time.expect(Tag::GENERALIZED_TIME)?;
    }
    let date = AnyRef::new(der::Tag::GeneralizedTime, &[century, time.contents].concat())
        .and_then(|time| time.decode_as::<GeneralizedTime>())
        .map_err(|_| fault)?
        .to_date_time();
    if !is_utc_time && date.year() <= UTC_TIME_LAST {
        return Err(fault);
    }
    Ok(Timestamp::from_duration(date.unix_duration()))
}

fn unique_id(id: Option<Element<'_>>) -> Result<bool, Malformed> {
    match id {
        None => Ok(false),
        Some(id) => id.bits().map(|_| true),
    }
}

/// Where the extensions stand. A `critical` that says FALSE is a default value written out, which DER forbids.
///
/// ```text
/// Extensions ::= SEQUENCE SIZE (1..MAX) OF Extension
///
/// Extension ::= SEQUENCE {
///   extnID OBJECT IDENTIFIER,
///   critical BOOLEAN DEFAULT FALSE,
///   extnValue OCTET STRING }
/// ```
fn extensions(extensions: Option<Element<'_>>) -> Result<Vec<ExtensionParts>, Malformed> {
    let mut parts = Vec::new();
    let Some(extensions) = extensions else {
        return Ok(parts);
    };
    let mut left = extensions.only(Tag::SEQUENCE)?.contents().some()?;
    while let Some(extension) = left.following()? {
        if parts.len() >= EXTENSION_LIMIT {
            return Err(extension.at(Fault::Limit));
        }
        let mut fields = extension.fields(Tag::SEQUENCE)?;
        let id = fields.required(Tag::OBJECT_IDENTIFIER)?;
        id.identifier()?;
        let critical = match fields.optional(Tag::BOOLEAN)? {
            None => false,
            Some(critical) if critical.boolean()? => true,
            Some(critical) => return Err(critical.at(Fault::Default)),
        };
        let value = fields.required(Tag::OCTET_STRING)?;
        fields.end()?;
        parts.push(ExtensionParts { id: short(&id)?, value: short(&value)?, critical });
    }
    Ok(parts)
}

/// Where the contents of an element stand, in half the size.
fn short(element: &Element<'_>) -> Result<Range<u32>, Malformed> {
    let place = element.place_of_contents();
    match (u32::try_from(place.start), u32::try_from(place.end)) {
        (Ok(start), Ok(end)) => Ok(start..end),
        _ => Err(element.at(Fault::Limit)),
    }
}
