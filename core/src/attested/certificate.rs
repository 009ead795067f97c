//! One X.509 certificate: the bytes as they came, and where in them stands what they say.

use alloc::borrow::ToOwned;
use alloc::string::{String, ToString};
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::ops::Range;
use core::time::Duration;

use der::asn1::{BitStringRef, GeneralizedTime, IntRef, ObjectIdentifier, OctetStringRef, UtcTime};
use der::{AnyRef, Decode, ErrorKind, Length, Sequence, Tag, Tagged};
use rustls_pki_types::CertificateDer;
use sha2::{Digest, Sha256};

use self::extension::{AuthorityInfoAccess, Extension};
use self::name::Name;
use super::algorithm::AlgorithmIdentifierRef;
use super::key::{PublicKey, SubjectPublicKeyInfo};
use super::tlv::{Tlv, elements};
use crate::Timestamp;
use crate::error::VerifyError;
use crate::quoted::Quoted;

pub(super) mod extension;
pub(super) mod general_name;
pub(super) mod name;
#[cfg(test)]
mod tests;

/// A certificate that is well formed. Nothing is said about who issued it. Cheap to clone.
///
/// It keeps its bytes once, and of its parts only where they stand.
#[derive(Clone, Debug)]
pub(super) struct Certificate(Arc<Parts>);

#[derive(Debug)]
struct Parts {
    der: CertificateDer<'static>,
    version: u8,
    has_issuer_unique_id: bool,
    has_subject_unique_id: bool,
    not_before: Timestamp,
    not_after: Timestamp,
    message: Range<usize>,
    inner_algorithm: Range<usize>,
    algorithm: Range<usize>,
    /// Nothing if it is no whole number of octets: then it is no signature of any algorithm.
    signature: Option<Range<usize>>,
    serial: Range<usize>,
    issuer: Range<usize>,
    subject: Range<usize>,
    key_info: Range<usize>,
    extensions: Vec<ExtensionParts>,
}

/// Where the parts of one extension stand.
#[derive(Debug)]
struct ExtensionParts {
    id: Range<u32>,
    value: Range<u32>,
    critical: bool,
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
    version: Option<u8>,
    serial_number: AnyRef<'a>,
    signature: Tlv<'a>,
    issuer: Tlv<'a>,
    validity: Validity<'a>,
    subject: Tlv<'a>,
    subject_public_key_info: Tlv<'a>,
    #[asn1(context_specific = "1", tag_mode = "IMPLICIT", optional = "true")]
    issuer_unique_id: Option<BitStringRef<'a>>,
    #[asn1(context_specific = "2", tag_mode = "IMPLICIT", optional = "true")]
    subject_unique_id: Option<BitStringRef<'a>>,
    #[asn1(context_specific = "3", tag_mode = "EXPLICIT", optional = "true")]
    extensions: Option<AnyRef<'a>>,
}

/// The `Validity` type is defined in [RFC 5280 Section 4.1.2.5].
///
/// [RFC 5280 Section 4.1.2.5]: https://www.rfc-editor.org/rfc/rfc5280#section-4.1.2.5
#[derive(Sequence)]
struct Validity<'a> {
    not_before: AnyRef<'a>,
    not_after: AnyRef<'a>,
}

/// The `Extension` type is defined in [RFC 5280 Section 4.1].
///
/// ```text
/// Extension ::= SEQUENCE {
///   extnID OBJECT IDENTIFIER,
///   critical BOOLEAN DEFAULT FALSE,
///   extnValue OCTET STRING }
/// ```
///
/// [RFC 5280 Section 4.1]: https://www.rfc-editor.org/rfc/rfc5280#section-4.1
#[derive(Sequence)]
struct ExtensionShape<'a> {
    id: Tlv<'a>,
    critical: Option<bool>,
    value: &'a OctetStringRef,
}

/// What is needed to check a certificate's signature: the parts as they came.
pub(super) struct Signed<'a> {
    pub(super) message: &'a [u8],
    pub(super) algorithm: &'a [u8],
    pub(super) signature: &'a [u8],
}

/// One extension, its value unread.
#[derive(Clone, Copy)]
pub(super) struct RawExtension<'a> {
    /// The octets of its identifier.
    pub(super) id: &'a [u8],
    pub(super) critical: bool,
    pub(super) value: &'a [u8],
}

impl Certificate {
    /// Reads one certificate in strict DER: no default value written out, sets in order, each time of the type that
    /// RFC 5280 asks for.
    pub(super) fn parse(der: &[u8]) -> Result<Self, der::Error> {
        let shape = CertificateShape::from_der(der)?;
        let message = shape.tbs_certificate.0;
        let tbs = within(der, message, TbsCertificateShape::from_der)?;
        let version = version(tbs.version)?;
        let serial = serial(tbs.serial_number)?;
        for algorithm in [tbs.signature.0, shape.signature_algorithm.0] {
            within(der, algorithm, AlgorithmIdentifierRef::from_der)?;
        }
        for name in [tbs.issuer.0, tbs.subject.0] {
            within(der, name, Name::parse)?;
        }
        within(der, tbs.subject_public_key_info.0, SubjectPublicKeyInfo::from_der)?;
        let place = |part: &[u8]| place(der, part);
        Ok(Self(Arc::new(Parts {
            version,
            has_issuer_unique_id: tbs.issuer_unique_id.is_some(),
            has_subject_unique_id: tbs.subject_unique_id.is_some(),
            not_before: time(tbs.validity.not_before)?,
            not_after: time(tbs.validity.not_after)?,
            message: place(message),
            inner_algorithm: place(tbs.signature.0),
            algorithm: place(shape.signature_algorithm.0),
            signature: shape.signature.as_bytes().map(place),
            serial: place(serial),
            issuer: place(tbs.issuer.0),
            subject: place(tbs.subject.0),
            key_info: place(tbs.subject_public_key_info.0),
            extensions: extensions(der, tbs.extensions)?,
            der: CertificateDer::from(der.to_vec()),
        })))
    }

    /// The whole certificate.
    pub(super) fn der(&self) -> &CertificateDer<'static> {
        &self.0.der
    }

    /// The version as encoded: 2 stands for version 3.
    pub(super) fn version(&self) -> u8 {
        self.0.version
    }

    /// Whether there is a unique identifier of the issuer.
    pub(super) fn has_issuer_unique_id(&self) -> bool {
        self.0.has_issuer_unique_id
    }

    /// Whether there is a unique identifier of the subject.
    pub(super) fn has_subject_unique_id(&self) -> bool {
        self.0.has_subject_unique_id
    }

    /// The issuer's name, as it came.
    pub(super) fn issuer(&self) -> &[u8] {
        self.part(&self.0.issuer)
    }

    /// The subject's name, as it came.
    pub(super) fn subject(&self) -> &[u8] {
        self.part(&self.0.subject)
    }

    /// The contents of the serial number, as they came.
    pub(super) fn serial(&self) -> &[u8] {
        self.part(&self.0.serial)
    }

    /// The `SubjectPublicKeyInfo`, as it came.
    pub(super) fn key_info(&self) -> &[u8] {
        self.part(&self.0.key_info)
    }

    /// The signature algorithm inside what is signed, as it came.
    pub(super) fn inner_signature_algorithm(&self) -> &[u8] {
        self.part(&self.0.inner_algorithm)
    }

    /// The signature algorithm beside the signature, as it came.
    pub(super) fn signature_algorithm(&self) -> &[u8] {
        self.part(&self.0.algorithm)
    }

    /// The extensions, in the order in which they came.
    pub(super) fn extensions(&self) -> impl Iterator<Item = RawExtension<'_>> {
        self.0.extensions.iter().map(|extension| RawExtension {
            id: self.short_part(&extension.id),
            critical: extension.critical,
            value: self.short_part(&extension.value),
        })
    }

    /// The extension of a kind with whether it is critical, if it is there. Two of a kind can't be read.
    pub(super) fn extension<'a, T: Extension<'a>>(&'a self) -> Result<Option<(bool, T)>, der::Error> {
        let mut found = self.extensions().filter(|extension| extension.id == T::OID.as_bytes());
        match (found.next(), found.next()) {
            (None, _) => Ok(None),
            (Some(extension), None) => Ok(Some((extension.critical, T::parse(extension.value)?))),
            (Some(_), Some(_)) => Err(ErrorKind::Failed.into()),
        }
    }

    /// The parts that the signature is made of.
    pub(super) fn signed(&self) -> Option<Signed<'_>> {
        let algorithm = AnyRef::from_der(self.signature_algorithm()).ok()?;
        Some(Signed {
            message: self.part(&self.0.message),
            algorithm: algorithm.value(),
            signature: self.part(self.0.signature.as_ref()?),
        })
    }

    /// The public key, if it is of an accepted kind.
    ///
    /// # Errors
    ///
    /// `key_algorithm_unsupported`, `key_malformed`.
    pub(super) fn public_key(&self) -> Result<PublicKey<'_>, VerifyError> {
        PublicKey::parse(self.key_info(), || self.subject_text())
    }

    /// The subject's name in the form of RFC 4514, fit to show.
    pub(super) fn subject_text(&self) -> Quoted {
        name_text(self.subject())
    }

    /// The issuer's name in the form of RFC 4514, fit to show.
    pub(super) fn issuer_text(&self) -> Quoted {
        name_text(self.issuer())
    }

    /// The issuer's name in the form of RFC 4514, as it came.
    pub(super) fn issuer_name(&self) -> String {
        Name::parse(self.issuer()).map(|name| name.text()).unwrap_or_default()
    }

    /// First moment of the validity.
    pub(super) fn not_before(&self) -> Timestamp {
        self.0.not_before
    }

    /// Last moment of the validity.
    pub(super) fn not_after(&self) -> Timestamp {
        self.0.not_after
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
        self.issuer() == self.subject()
    }

    /// SHA-256 of the whole certificate.
    pub(super) fn sha256(&self) -> [u8; 32] {
        Sha256::digest(&self.0.der).into()
    }

    /// The addresses at which the authority information access extension says the issuer can be had.
    pub(super) fn issuer_addresses(&self) -> Vec<String> {
        let access = self.extension::<AuthorityInfoAccess<'_>>();
        let descriptions = access.ok().flatten().map(|(_, access)| access.0).unwrap_or_default();
        let of_issuers = descriptions.into_iter().filter(|(method, _)| *method == ID_AD_CA_ISSUERS);
        of_issuers.map(|(_, uri)| uri.to_owned()).collect()
    }

    fn part(&self, place: &Range<usize>) -> &[u8] {
        self.0.der.get(place.clone()).unwrap_or_default()
    }

    fn short_part(&self, place: &Range<u32>) -> &[u8] {
        let [start, end] = [place.start, place.end].map(|at| usize::try_from(at).unwrap_or(usize::MAX));
        self.part(&(start..end))
    }
}

/// Extensions that a certificate may have; those of the web's CAs have about ten.
const EXTENSION_LIMIT: usize = 64;
/// Octets that a serial number may have as encoded. The profile asks for one less: some read 20 octets without the sign.
const SERIAL_LIMIT: usize = 21;
/// The last year that a UTCTime can tell; a later one is told by a GeneralizedTime (section 4.1.2.5).
const UTC_TIME_LAST: u16 = 2049;
/// RFC 5280 section 4.2.2.1.
const ID_AD_CA_ISSUERS: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.48.2");

/// An encoded name in the form of RFC 4514, fit to show; bytes in hexadecimal if it is no name.
pub(super) fn name_text(der: &[u8]) -> Quoted {
    match Name::parse(der) {
        Ok(name) => Quoted::from(&*name.to_string()),
        Err(_) => super::signed_data::hexadecimal(der),
    }
}

/// Version 1 is the default, so DER leaves it out.
fn version(version: Option<u8>) -> Result<u8, der::Error> {
    match version {
        None => Ok(0),
        Some(0) => Err(ErrorKind::Noncanonical { tag: Tag::Integer }.into()),
        Some(version @ (1 | 2)) => Ok(version),
        Some(_) => Err(Tag::Integer.value_error().into()),
    }
}

/// The contents of a serial number.
fn serial(number: AnyRef<'_>) -> Result<&[u8], der::Error> {
    number.decode_as::<IntRef<'_>>()?;
    if number.value().len() > SERIAL_LIMIT { Err(Tag::Integer.value_error().into()) } else { Ok(number.value()) }
}

fn time(time: AnyRef<'_>) -> Result<Timestamp, der::Error> {
    let since_1970: Duration = match time.tag() {
        Tag::UtcTime => time.decode_as::<UtcTime>()?.to_unix_duration(),
        tag => {
            let date = time.decode_as::<GeneralizedTime>()?.to_date_time();
            if date.year() <= UTC_TIME_LAST {
                return Err(ErrorKind::Noncanonical { tag }.into());
            }
            date.unix_duration()
        }
    };
    Ok(Timestamp::from_duration(since_1970))
}

/// Where the extensions stand. A `critical` that says FALSE is a default value written out, which DER forbids.
fn extensions(der: &[u8], extensions: Option<AnyRef<'_>>) -> Result<Vec<ExtensionParts>, der::Error> {
    let Some(extensions) = extensions else {
        return Ok(Vec::new());
    };
    extensions.tag().assert_eq(Tag::Sequence)?;
    let encoded = elements(extensions.value())?;
    if encoded.len() > EXTENSION_LIMIT {
        return Err(ErrorKind::Overlength.into());
    }
    let parts = |extension| {
        let shape = within(der, extension, ExtensionShape::from_der)?;
        if shape.critical == Some(false) {
            return Err(ErrorKind::Noncanonical { tag: Tag::Boolean }.into());
        }
        let id = AnyRef::from_der(shape.id.0)?;
        id.decode_as::<ObjectIdentifier>()?;
        let short = |part| {
            let place = place(der, part);
            Ok::<_, der::Error>(short(place.start)?..short(place.end)?)
        };
        Ok(ExtensionParts {
            id: short(id.value())?,
            value: short(shape.value.as_bytes())?,
            critical: shape.critical.is_some(),
        })
    };
    encoded.into_iter().map(parts).collect()
}

fn short(at: usize) -> Result<u32, der::Error> {
    u32::try_from(at).map_err(|_| ErrorKind::Overflow.into())
}

/// Where a part stands that was cut out of these bytes.
fn place(whole: &[u8], part: &[u8]) -> Range<usize> {
    let start = part.as_ptr().addr().saturating_sub(whole.as_ptr().addr());
    start..start.saturating_add(part.len())
}

/// Reads a part that was cut out of these bytes; an error says where in the whole it is.
fn within<'a, T>(
    whole: &[u8],
    part: &'a [u8],
    read: impl FnOnce(&'a [u8]) -> Result<T, der::Error>,
) -> Result<T, der::Error> {
    read(part).map_err(|error| {
        let inside = error.position().and_then(|position| usize::try_from(position).ok());
        let position = inside.and_then(|inside| inside.checked_add(place(whole, part).start));
        match position.and_then(|position| Length::try_from(position).ok()) {
            Some(position) => error.kind().at(position),
            None => error.kind().into(),
        }
    })
}
