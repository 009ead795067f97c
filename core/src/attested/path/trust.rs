//! What a verifier trusts: anchors, untrusted intermediates at hand, algorithms, and where it may fetch.

use alloc::sync::Arc;
use alloc::vec::Vec;
use core::fmt;

use rustls_pki_types::{CertificateDer, Der, SignatureVerificationAlgorithm, TrustAnchor};

use super::default_anchors::DEFAULT_ANCHORS;
use super::search::ChainCertificate;
use crate::attested::cms::signature::DEFAULT_ALGORITHMS;
use crate::attested::der::element::Element;
use crate::attested::error::VerifyError;
use crate::attested::input::bundle;
use crate::attested::issuers::Origin;
use crate::attested::x509::certificate::Certificate;
use crate::attested::x509::extension::{Extension, NameConstraints};
use crate::error::UsageError;
use crate::quoted::Quoted;

/// What a [`Verifier`](crate::Verifier) trusts. Fixed for its life, and cheap to clone.
///
/// *Anchors* are trusted. *Issuers* are not: they only help to find a path from a document's signer to an anchor.
/// A trust without anchors refuses every document; so does one without algorithms, if the crate is built without its
/// feature `rustcrypto` and [none are given](TrustBuilder::algorithms).
#[derive(Clone)]
pub struct Trust(Arc<Inner>);

struct Inner {
    anchors: Vec<Certificate>,
    path_anchors: Vec<TrustAnchor<'static>>,
    issuers: Vec<Certificate>,
    algorithms: Vec<&'static dyn SignatureVerificationAlgorithm>,
    origins: Vec<Origin>,
    /// Sorted.
    denied: Vec<[u8; 32]>,
}

/// A [`Trust`] under construction.
#[derive(Clone)]
#[must_use]
pub struct TrustBuilder {
    anchors: Vec<Certificate>,
    issuers: Vec<Certificate>,
    algorithms: Vec<&'static dyn SignatureVerificationAlgorithm>,
    origins: Vec<Origin>,
    denied: Vec<[u8; 32]>,
}

impl Trust {
    /// Starts from the [default anchors](DEFAULT_ANCHORS).
    pub fn builder() -> TrustBuilder {
        let anchors = DEFAULT_ANCHORS.iter().filter_map(|der| Certificate::parse(der).ok()).collect();
        TrustBuilder { anchors, ..Self::builder_without_anchors() }
    }

    /// Starts from nothing: only the anchors that are then added are trusted.
    ///
    /// ```
    /// use azure_imds::Trust;
    ///
    /// assert_eq!(Trust::builder_without_anchors().build().anchors().count(), 0);
    /// assert_eq!(Trust::default().anchors().count(), 4);
    /// ```
    pub fn builder_without_anchors() -> TrustBuilder {
        TrustBuilder {
            anchors: Vec::new(),
            issuers: Vec::new(),
            algorithms: if cfg!(feature = "rustcrypto") { DEFAULT_ALGORITHMS.to_vec() } else { Vec::new() },
            origins: Vec::new(),
            denied: Vec::new(),
        }
    }

    /// The anchors, DER.
    pub fn anchors(&self) -> impl Iterator<Item = &[u8]> {
        self.0.anchors.iter().map(|anchor| anchor.der().as_ref())
    }

    /// The issuers, DER.
    pub fn issuers(&self) -> impl Iterator<Item = &[u8]> {
        self.0.issuers.iter().map(|issuer| issuer.der().as_ref())
    }

    pub(in crate::attested) fn anchor_certificates(&self) -> &[Certificate] {
        &self.0.anchors
    }

    pub(in crate::attested) fn path_anchors(&self) -> &[TrustAnchor<'static>] {
        &self.0.path_anchors
    }

    pub(in crate::attested) fn issuer_certificates(&self) -> &[Certificate] {
        &self.0.issuers
    }

    pub(in crate::attested) fn algorithms(&self) -> &[&'static dyn SignatureVerificationAlgorithm] {
        &self.0.algorithms
    }

    pub(in crate::attested) fn origins(&self) -> &[Origin] {
        &self.0.origins
    }

    /// Refuses a certificate that is shut out, itself or by its public key.
    pub(in crate::attested) fn check_denied(&self, certificate: &Certificate) -> Result<(), VerifyError> {
        if self.0.denied.is_empty() {
            return Ok(());
        }
        let digests = [certificate.sha256(), certificate.public_key_sha256()];
        match digests.iter().find(|digest| self.lists(digest)) {
            None => Ok(()),
            Some(digest) => Err(VerifyError::CertificateDenied {
                subject: certificate.subject_text(),
                sha256: base16ct::lower::encode_string(digest),
            }),
        }
    }

    /// Whether a certificate of a remembered chain is shut out.
    pub(in crate::attested) fn denies(&self, certificate: &ChainCertificate) -> bool {
        [certificate.sha256, certificate.public_key_sha256].iter().any(|digest| self.lists(digest))
    }

    fn lists(&self, digest: &[u8; 32]) -> bool {
        self.0.denied.binary_search(digest).is_ok()
    }

    /// Whether this is the very same trust, not only an equal one.
    pub(in crate::attested) fn is(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

/// The default anchors, no issuers, pure Rust algorithms, and fetching from known places alone.
impl Default for Trust {
    fn default() -> Self {
        Self::builder().build()
    }
}

impl fmt::Debug for Trust {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Trust")
            .field("anchors", &self.0.anchors.iter().map(Certificate::subject_text).collect::<Vec<_>>())
            .field("issuers", &self.0.issuers.len())
            .finish_non_exhaustive()
    }
}

impl TrustBuilder {
    /// Trusts these certificates too: one in DER, or any number in PEM. One whose own validity is over, or that is not
    /// a CA's, is refused like any other certificate of a path.
    ///
    /// # Errors
    ///
    /// `bundle_empty`, `certificate_unreadable`.
    ///
    /// ```
    /// use azure_imds::Trust;
    /// use azure_imds::attested::{DEFAULT_ANCHORS, TrustBuilder};
    ///
    /// let builder: TrustBuilder = Trust::builder_without_anchors().anchors(DEFAULT_ANCHORS[0])?;
    /// let trust = builder.build();
    /// assert!(trust.anchors().eq([DEFAULT_ANCHORS[0]]));
    /// # Ok::<(), azure_imds::UsageError>(())
    /// ```
    pub fn anchors(mut self, bundle: &[u8]) -> Result<Self, UsageError> {
        self.anchors.extend(bundle::certificates(bundle)?);
        Ok(self)
    }

    /// Keeps these certificates at hand as untrusted intermediates: one in DER, or any number in PEM.
    ///
    /// # Errors
    ///
    /// `bundle_empty`, `certificate_unreadable`.
    pub fn issuers(mut self, bundle: &[u8]) -> Result<Self, UsageError> {
        self.issuers.extend(bundle::certificates(bundle)?);
        Ok(self)
    }

    /// Computes with these implementations instead of the pure Rust ones, such as those of aws-lc-rs or ring.
    ///
    /// The list of accepted algorithms does not change: implementations of other algorithms are never used.
    pub fn algorithms(mut self, algorithms: &[&'static dyn SignatureVerificationAlgorithm]) -> Self {
        self.algorithms = algorithms.iter().copied().filter(|offered| is_on_the_list(*offered)).collect();
        self
    }

    /// Lets issuers be fetched from a further place too: a mirror of one's own, or an emulator.
    ///
    /// # Errors
    ///
    /// `origin_malformed`.
    ///
    /// ```
    /// use azure_imds::Trust;
    ///
    /// assert!(Trust::builder().allow_origin("http://127.0.0.1:8080").is_ok());
    /// assert!(Trust::builder().allow_origin("").is_err_and(|error| error.code() == "origin_malformed"));
    /// ```
    pub fn allow_origin(mut self, origin: &str) -> Result<Self, UsageError> {
        self.origins.push(Origin::parse(origin)?);
        Ok(self)
    }

    /// Shuts out a certificate, or a public key and with it every certificate of that key, by its SHA-256: that of the
    /// whole certificate in DER, or that of its SubjectPublicKeyInfo. It goes for signers, issuers and anchors, given,
    /// embedded, fetched or remembered.
    ///
    /// For the day on which a signer or an issuer must be refused before it expires. The public key is the surer
    /// choice: a CA may certify it again, and anybody can rewrite the signature of a certificate that was signed with
    /// ECDSA, and so its SHA-256, without any key. [`ChainCertificate`](crate::attested::ChainCertificate) has both digests.
    pub fn deny(mut self, sha256: [u8; 32]) -> Self {
        if let Err(place) = self.denied.binary_search(&sha256) {
            self.denied.insert(place, sha256);
        }
        self
    }

    /// The same, by 64 hexadecimal digits of either case, colons between the octets allowed.
    ///
    /// # Errors
    ///
    /// `fingerprint_malformed`.
    ///
    /// ```
    /// use azure_imds::Trust;
    ///
    /// let trust = Trust::builder().deny_fingerprint(&"5e".repeat(32))?.build();
    /// # let _ = trust;
    /// assert!(Trust::builder().deny_fingerprint("5e").is_err());
    /// # Ok::<(), azure_imds::UsageError>(())
    /// ```
    pub fn deny_fingerprint(self, fingerprint: &str) -> Result<Self, UsageError> {
        let digits: Vec<u8> = match fingerprint.len() {
            95 if fingerprint.bytes().skip(2).step_by(3).all(|byte| byte == b':') => {
                fingerprint.bytes().enumerate().filter(|(at, _)| at % 3 != 2).map(|(_, byte)| byte).collect()
            }
            _ => fingerprint.bytes().collect(),
        };
        let mut sha256 = [0; 32];
        match base16ct::mixed::decode(&digits, &mut sha256) {
            Ok(decoded) if decoded.len() == 32 => Ok(self.deny(sha256)),
            _ => Err(UsageError::FingerprintMalformed { fingerprint: Quoted::from(fingerprint) }),
        }
    }

    /// The trust.
    #[must_use]
    pub fn build(self) -> Trust {
        let anchors = kept(&deduplicated(&mut self.anchors.iter()));
        Trust(Arc::new(Inner {
            path_anchors: anchors.iter().map(path_anchor).collect(),
            anchors,
            issuers: kept(&deduplicated(&mut self.issuers.iter())),
            algorithms: self.algorithms,
            origins: self.origins,
            denied: self.denied,
        }))
    }
}

fn is_on_the_list(offered: &dyn SignatureVerificationAlgorithm) -> bool {
    DEFAULT_ALGORITHMS.iter().any(|known| {
        known.signature_alg_id() == offered.signature_alg_id()
            && known.public_key_alg_id() == offered.public_key_alg_id()
    })
}

/// Each once, in an order of their own, so that the order given makes no difference.
pub(in crate::attested) fn deduplicated<'a>(
    certificates: &mut dyn Iterator<Item = &'a Certificate>,
) -> Vec<&'a Certificate> {
    let mut sorted: Vec<&Certificate> = Vec::new();
    for certificate in certificates {
        if let Err(place) = sorted.binary_search_by(|it| it.der().as_ref().cmp(certificate.der().as_ref())) {
            sorted.insert(place, certificate);
        }
    }
    sorted
}

fn kept(certificates: &[&Certificate]) -> Vec<Certificate> {
    certificates.iter().copied().cloned().collect()
}

/// The part of an anchor that the path builder takes. The rest of the certificate is judged by our own profile.
fn path_anchor(certificate: &Certificate) -> TrustAnchor<'static> {
    TrustAnchor {
        subject: contents(certificate.subject()),
        subject_public_key_info: contents(certificate.key_info()),
        name_constraints: certificate
            .extensions()
            .find(|extension| extension.id == NameConstraints::OID)
            .map(|extension| contents(extension.value)),
    }
}

/// An element without its tag and length, the form in which the path builder takes the parts of an anchor.
fn contents(element: &[u8]) -> Der<'static> {
    let contents = Element::parse(element).map(|element| element.contents.to_vec()).unwrap_or_default();
    Der::from(contents)
}

/// Certificates as the path builder takes them.
pub(in crate::attested) fn borrowed<'a>(certificate: &'a Certificate) -> CertificateDer<'a> {
    CertificateDer::from(certificate.der().as_ref())
}

#[cfg(test)]
mod tests {
    use alloc::format;

    use sha2::{Digest, Sha256};

    use super::*;
    use crate::attested::issuers;

    #[test]
    fn the_default_anchors_are_the_four_of_the_table() {
        let trust = Trust::default();
        assert_eq!((DEFAULT_ANCHORS.len(), trust.anchors().count(), trust.issuers().count()), (4, 4, 0));
        for anchor in trust.anchors() {
            let known = issuers::by_sha256(&Sha256::digest(anchor).into());
            assert!(known.is_some_and(|known| known.default_anchor), "{known:?}");
        }
    }

    #[test]
    fn a_fingerprint_is_64_hexadecimal_digits() {
        let sha256: [u8; 32] = core::array::from_fn(|at| u8::try_from(at * 8).unwrap() | 5);
        let lower = base16ct::lower::encode_string(&sha256);
        let openssl = sha256.map(|octet| format!("{octet:02X}")).join(":");
        for text in [&lower, &lower.to_uppercase(), &openssl, &openssl.to_lowercase()] {
            assert!(Trust::builder().deny_fingerprint(text).unwrap().build().lists(&sha256), "{text}");
        }
        let swapped = openssl.replacen("05:0D", "050:D", 1);
        let spaced = format!(" {lower}");
        let dashed = openssl.replace(':', "-");
        for text in
            ["", "0x05", &lower[1..], &lower[2..], &format!("{lower}00"), &swapped, &dashed, &spaced, &"g".repeat(64)]
        {
            let error = Trust::builder().deny_fingerprint(text).map(|_| ()).unwrap_err();
            assert_eq!(error.code(), "fingerprint_malformed", "{text}");
        }
    }

    #[test]
    fn anchors_can_be_added_or_replaced() {
        let digicert = DEFAULT_ANCHORS[0];
        assert_eq!(Trust::builder().anchors(digicert).unwrap().build().anchors().count(), 4);
        let replaced = Trust::builder_without_anchors().anchors(digicert).unwrap().build();
        assert_eq!(replaced.anchors().collect::<Vec<_>>(), [digicert]);
    }

    #[test]
    fn only_algorithms_of_the_list_are_ever_asked() {
        use rustls_pki_types::alg_id::{ECDSA_P256, RSA_ENCRYPTION, RSA_PKCS1_SHA256};

        /// The signature's identifier, and the key's.
        #[derive(Debug)]
        struct Offered(rustls_pki_types::AlgorithmIdentifier, rustls_pki_types::AlgorithmIdentifier);

        impl SignatureVerificationAlgorithm for Offered {
            fn verify_signature(&self, _: &[u8], _: &[u8], _: &[u8]) -> Result<(), rustls_pki_types::InvalidSignature> {
                Ok(())
            }

            fn public_key_alg_id(&self) -> rustls_pki_types::AlgorithmIdentifier {
                self.1
            }

            fn signature_alg_id(&self) -> rustls_pki_types::AlgorithmIdentifier {
                self.0
            }
        }

        /// sha1WithRSAEncryption.
        static SHA_1: Offered = Offered(
            rustls_pki_types::AlgorithmIdentifier::from_slice(b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x05\x05\x00"),
            RSA_ENCRYPTION,
        );
        static OTHER_KEY: Offered = Offered(RSA_PKCS1_SHA256, ECDSA_P256);
        static SHA_256: Offered = Offered(RSA_PKCS1_SHA256, RSA_ENCRYPTION);
        let trust = Trust::builder().algorithms(&[&SHA_1, &OTHER_KEY, &SHA_256]).build();
        let kept: Vec<_> =
            trust.algorithms().iter().map(|it| (it.signature_alg_id(), it.public_key_alg_id())).collect();
        assert_eq!(kept, [(SHA_256.0, SHA_256.1)]);
    }
}
