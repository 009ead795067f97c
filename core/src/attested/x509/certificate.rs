//! One X.509 certificate: the bytes as they came, and where in them stands what they say.

use alloc::borrow::ToOwned;
use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::fmt;
use core::ops::Range;

use rustls_pki_types::CertificateDer;
use sha2::{Digest, Sha256};

use super::extension::{AuthorityInfoAccess, Extension};
use super::key::PublicKey;
use super::name::Name;
use crate::attested::der::element::{Element, Fault, Malformed};
use crate::attested::der::object_identifier::ID_AD_CA_ISSUERS;
use crate::attested::error::VerifyError;
use crate::quoted::Quoted;
use crate::time::Timestamp;

mod parse;
#[cfg(test)]
mod tests;

/// A certificate that is well formed. Nothing is said about who issued it. Cheap to clone.
///
/// It keeps its bytes once, and of its parts only where they stand.
#[derive(Clone)]
pub(in crate::attested) struct Certificate(Arc<Parts>);

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
    /// `None` unless it is a whole number of octets, which every signature algorithm requires.
    signature: Option<Range<usize>>,
    serial: Range<usize>,
    issuer: Range<usize>,
    subject: Range<usize>,
    key_info: Range<usize>,
    extensions: Vec<ExtensionParts>,
}

/// Where the parts of one extension stand.
struct ExtensionParts {
    id: Range<u32>,
    value: Range<u32>,
    critical: bool,
}

/// What is needed to check a certificate's signature: the parts as they came.
pub(in crate::attested) struct Signed<'a> {
    pub(in crate::attested) message: &'a [u8],
    pub(in crate::attested) algorithm: &'a [u8],
    pub(in crate::attested) signature: &'a [u8],
}

/// One extension, its value unread.
#[derive(Clone, Copy)]
pub(in crate::attested) struct RawExtension<'a> {
    /// The octets of its identifier.
    pub(in crate::attested) id: &'a [u8],
    pub(in crate::attested) critical: bool,
    pub(in crate::attested) value: &'a [u8],
}

impl fmt::Debug for Certificate {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Certificate({})", self.subject_text())
    }
}

impl Certificate {
    /// The whole certificate.
    pub(in crate::attested) fn der(&self) -> &CertificateDer<'static> {
        &self.0.der
    }

    /// The version as encoded: 2 stands for version 3.
    pub(in crate::attested) fn version(&self) -> u8 {
        self.0.version
    }

    /// Whether there is a unique identifier of the issuer.
    pub(in crate::attested) fn has_issuer_unique_id(&self) -> bool {
        self.0.has_issuer_unique_id
    }

    /// Whether there is a unique identifier of the subject.
    pub(in crate::attested) fn has_subject_unique_id(&self) -> bool {
        self.0.has_subject_unique_id
    }

    /// The issuer's name, as it came.
    pub(in crate::attested) fn issuer(&self) -> &[u8] {
        self.part(&self.0.issuer)
    }

    /// The subject's name, as it came.
    pub(in crate::attested) fn subject(&self) -> &[u8] {
        self.part(&self.0.subject)
    }

    /// The contents of the serial number, as they came.
    pub(in crate::attested) fn serial(&self) -> &[u8] {
        self.part(&self.0.serial)
    }

    /// The `SubjectPublicKeyInfo`, as it came.
    pub(in crate::attested) fn key_info(&self) -> &[u8] {
        self.part(&self.0.key_info)
    }

    /// The signature algorithm inside what is signed, as it came.
    pub(in crate::attested) fn inner_signature_algorithm(&self) -> &[u8] {
        self.part(&self.0.inner_algorithm)
    }

    /// The signature algorithm beside the signature, as it came.
    pub(in crate::attested) fn signature_algorithm(&self) -> &[u8] {
        self.part(&self.0.algorithm)
    }

    /// The extensions, in the order in which they came.
    pub(in crate::attested) fn extensions(&self) -> impl Iterator<Item = RawExtension<'_>> {
        self.0.extensions.iter().map(|extension| RawExtension {
            id: self.short_part(&extension.id),
            critical: extension.critical,
            value: self.short_part(&extension.value),
        })
    }

    /// The extension of a kind with whether it is critical, if it is there. Two of a kind can't be read.
    pub(in crate::attested) fn extension<'a, T: Extension<'a>>(&'a self) -> Result<Option<(bool, T)>, Malformed> {
        match self.raw_extension(T::OID)? {
            None => Ok(None),
            Some(extension) => Ok(Some((extension.critical, T::parse(extension.value)?))),
        }
    }

    fn raw_extension(&self, id: &[u8]) -> Result<Option<RawExtension<'_>>, Malformed> {
        let mut found = self.extensions().filter(|extension| extension.id == id);
        match (found.next(), found.next()) {
            (Some(_), Some(_)) => Err(Malformed { position: 0, fault: Fault::Limit }),
            (found, _) => Ok(found),
        }
    }

    /// The parts that the signature is made of.
    pub(in crate::attested) fn signed(&self) -> Option<Signed<'_>> {
        Some(Signed {
            message: self.part(&self.0.message),
            algorithm: Element::parse(self.signature_algorithm()).ok()?.contents,
            signature: self.part(self.0.signature.as_ref()?),
        })
    }

    /// The public key, if it is of an accepted kind.
    ///
    /// # Errors
    ///
    /// `key_algorithm_unsupported`, `key_malformed`.
    pub(in crate::attested) fn public_key(&self) -> Result<PublicKey<'_>, VerifyError> {
        PublicKey::parse(self.key_info(), &|| self.subject_text())
    }

    /// The subject's name in the form of RFC 4514, fit to show.
    pub(in crate::attested) fn subject_text(&self) -> Quoted {
        name_text(self.subject())
    }

    /// The issuer's name in the form of RFC 4514, fit to show.
    pub(in crate::attested) fn issuer_text(&self) -> Quoted {
        name_text(self.issuer())
    }

    /// The issuer's name in the form of RFC 4514, whole.
    pub(in crate::attested) fn issuer_name(&self) -> String {
        Name::parse(self.issuer()).map(|name| name.text()).unwrap_or_default()
    }

    /// First moment of the validity.
    pub(in crate::attested) fn not_before(&self) -> Timestamp {
        self.0.not_before
    }

    /// Last moment of the validity.
    pub(in crate::attested) fn not_after(&self) -> Timestamp {
        self.0.not_after
    }

    /// Checks the validity at a time, both ends included.
    ///
    /// # Errors
    ///
    /// `certificate_not_yet_valid`, `certificate_expired`.
    pub(in crate::attested) fn check_validity(&self, time: Timestamp) -> Result<(), VerifyError> {
        let (not_before, not_after) = (self.not_before(), self.not_after());
        if time < not_before {
            return Err(VerifyError::CertificateNotYetValid {
                subject: self.subject_text(),
                not_before,
                time,
                at_signing_time: false,
            });
        }
        if time > not_after {
            return Err(VerifyError::CertificateExpired {
                subject: self.subject_text(),
                not_after,
                time,
                at_signing_time: false,
            });
        }
        Ok(())
    }

    /// Whether issuer and subject are one name.
    pub(in crate::attested) fn is_self_issued(&self) -> bool {
        self.issuer() == self.subject()
    }

    /// SHA-256 of the whole certificate.
    pub(in crate::attested) fn sha256(&self) -> [u8; 32] {
        Sha256::digest(&self.0.der).into()
    }

    /// SHA-256 of the SubjectPublicKeyInfo.
    pub(in crate::attested) fn public_key_sha256(&self) -> [u8; 32] {
        Sha256::digest(self.key_info()).into()
    }

    /// The addresses at which the authority information access extension says the issuer can be had.
    pub(in crate::attested) fn issuer_addresses(&self) -> Vec<String> {
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

/// An encoded name in the form of RFC 4514, fit to show; in hexadecimal if it is not a name.
pub(in crate::attested) fn name_text(der: &[u8]) -> Quoted {
    match Name::parse(der) {
        Ok(name) => Quoted::from_escaped(&name),
        Err(_) => Quoted::hexadecimal(der),
    }
}
