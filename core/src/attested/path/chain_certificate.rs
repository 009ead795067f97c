//! One certificate of a chain, as it is shown.

use alloc::string::String;
use alloc::vec::Vec;

use crate::attested::input::bundle;
use crate::attested::x509::certificate::Certificate;
use crate::attested::x509::name::Name;
use crate::error::UsageError;
use crate::quoted;
use crate::time::Timestamp;

/// Characters kept of a name.
const NAME_LIMIT: usize = 1024;

/// A certificate of a chain.
///
/// In a [`VerifiedDocument`](crate::VerifiedDocument) it is part of the verified path; in the report of a refused
/// document it is only what was found there. Names are escaped as RFC 4514 says and nothing in them is invisible, so that
/// they are fit to show, and a reader of that form gets the name back. One of more than 1,024 characters, several times
/// what RFC 5280 grants a name, is cut and ends in `…`.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ChainCertificate {
    /// Subject in the form of RFC 4514.
    pub subject: String,
    /// Issuer in the form of RFC 4514.
    pub issuer: String,
    /// Serial number in hexadecimal.
    pub serial: String,
    /// SHA-256 of the whole certificate.
    pub sha256: [u8; 32],
    /// SHA-256 of its SubjectPublicKeyInfo, by which [`TrustBuilder::deny`](crate::attested::TrustBuilder::deny) shuts out a key.
    pub public_key_sha256: [u8; 32],
    /// First moment of its validity.
    pub not_before: Timestamp,
    /// Last moment of its validity.
    pub not_after: Timestamp,
    /// Kind and size of its key: `RSA-2048`, `P-256`; empty if the key is of no accepted kind.
    pub key: String,
    /// The whole certificate in DER.
    pub der: Vec<u8>,
}

impl ChainCertificate {
    /// The certificates of a bundle as they are shown: one in DER, or any number in PEM. Nothing is proven of them.
    ///
    /// # Errors
    ///
    /// `bundle_empty`, `certificate_unreadable`.
    ///
    /// ```
    /// use azure_imds::Trust;
    /// use azure_imds::attested::{ChainCertificate, DEFAULT_ANCHORS};
    ///
    /// let root = &ChainCertificate::in_bundle(DEFAULT_ANCHORS[0])?[0];
    /// assert_eq!(root.subject, root.issuer);
    /// assert_eq!(root.fingerprint().len(), 64);
    /// let trust = Trust::builder().deny(root.public_key_sha256).build(); // nothing of that key is trusted any more
    /// # let _ = trust;
    /// # Ok::<(), azure_imds::UsageError>(())
    /// ```
    pub fn in_bundle(bundle: &[u8]) -> Result<Vec<Self>, UsageError> {
        Ok(bundle::certificates(bundle)?.iter().map(Self::of).collect())
    }

    pub(in crate::attested) fn of(certificate: &Certificate) -> Self {
        Self {
            subject: name_text(certificate.subject()),
            issuer: name_text(certificate.issuer()),
            serial: base16ct::lower::encode_string(certificate.serial()),
            sha256: certificate.sha256(),
            public_key_sha256: certificate.public_key_sha256(),
            not_before: certificate.not_before(),
            not_after: certificate.not_after(),
            key: certificate.public_key().map(|key| key.description()).unwrap_or_default(),
            der: certificate.der().to_vec(),
        }
    }

    /// The SHA-256 in hexadecimal, lower case.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        base16ct::lower::encode_string(&self.sha256)
    }

    /// The SHA-256 of its SubjectPublicKeyInfo in hexadecimal, lower case.
    #[must_use]
    pub fn public_key_fingerprint(&self) -> String {
        base16ct::lower::encode_string(&self.public_key_sha256)
    }
}

fn name_text(name: &[u8]) -> String {
    Name::parse(name).map(|name| quoted::bounded(&name, NAME_LIMIT)).unwrap_or_default()
}
