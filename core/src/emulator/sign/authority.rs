//! The authority that the emulator's documents are signed under: root, issuing CA, and the leafs it issues.

use alloc::string::{String, ToString as _};
use alloc::sync::Arc;
use alloc::vec;
use alloc::vec::Vec;
use core::fmt;
use core::time::Duration;

use der::pem::LineEnding;
use der::{Decode as _, Encode as _, EncodePem as _};
use rsa::RsaPrivateKey;
use rsa::pkcs8::{DecodePrivateKey as _, EncodePrivateKey as _};
use rsa::traits::PublicKeyParts as _;
use rustls_pki_types::pem::PemObject as _;
use rustls_pki_types::{CertificateDer, PrivatePkcs8KeyDer};
use x509_cert::Certificate;
use x509_cert::ext::pkix::BasicConstraints;
use x509_cert::spki::SubjectPublicKeyInfoOwned;

use super::LeafKey;
use super::certificate::{Role, Template, unusable};
use crate::emulator::random::{Seed, generator};
use crate::error::UsageError;
use crate::time::Timestamp;

/// Bits of each key.
const BITS: usize = 2048;

/// Seconds after which another leaf is issued: half of one's life.
const PERIOD: u64 = 90 * 24 * 60 * 60;

/// Where the emulator serves its issuers.
const ISSUERS: &str = "/emulator/issuers/";

const ROOT_NAME: &str = "CN=Azure IMDS Emulator Root CA (not Microsoft: tests only),O=azure-imds emulator";
const ISSUING_NAME: &str = "CN=Azure IMDS Emulator Issuing CA (not Microsoft: tests only),O=azure-imds emulator";
const STRANGER_NAME: &str = "CN=Azure IMDS Emulator Unknown CA (not Microsoft: tests only),O=azure-imds emulator";
const LEAF_NAME: &str = "CN=metadata.azure.com,O=azure-imds emulator (not Microsoft: tests only)";

/// A certificate authority of the emulator's own. Cheap to clone.
///
/// Made from a seed, it has a root and an issuing CA whose names say that they are an emulator's, both valid from 1970
/// to 9999, so that any clock can be emulated. No default anchor leads to it: give [`root_der`](Self::root_der) to
/// [`TrustBuilder::anchors`](crate::attested::TrustBuilder::anchors) in the test that is to accept its documents.
#[derive(Clone)]
pub struct Authority(Arc<Inner>);

struct Inner {
    seed: Seed,
    root: Certificate,
    issuing: Certificate,
    key: RsaPrivateKey,
    leaf_key: RsaPrivateKey,
    /// The key is a leaf's: documents are signed with it directly.
    signs_itself: bool,
    /// Further certificates given.
    others: Vec<Certificate>,
}

/// A certificate that signs documents, with its key.
#[derive(Clone)]
pub(super) struct LeafCertificate {
    pub(super) certificate: Certificate,
    pub(super) key: Arc<RsaPrivateKey>,
}

/// What is odd about a leaf.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Oddity {
    None,
    Name,
    Issuer,
}

impl Authority {
    /// Makes root, issuing CA and the key of the leafs. Three RSA-2048 keys: half a second or so.
    ///
    /// # Errors
    ///
    /// `authority_unusable`; none is known to happen.
    pub fn from_seed(seed: &Seed) -> Result<Self, UsageError> {
        let root_key = key(seed, "root")?;
        let issuing_key = key(seed, "issuing")?;
        let root = ca(ROOT_NAME, Role::Root).issue(&root_key, None, &root_key)?;
        let root_name = root.tbs_certificate().subject();
        let issuing = ca(ISSUING_NAME, Role::Issuing).issue(&issuing_key, Some(root_name), &root_key)?;
        let leaf_key = key(seed, "leaf")?;
        let others = Vec::new();
        Ok(Self(Arc::new(Inner {
            seed: *seed,
            root,
            issuing,
            key: issuing_key,
            leaf_key,
            signs_itself: false,
            others,
        })))
    }

    /// Takes key and certificates as PEM: one `PRIVATE KEY` (PKCS#8, RSA of at least 2048 bits) and any number of
    /// `CERTIFICATE`s, in any order. One of them must be the key's.
    ///
    /// If the key's certificate is a CA's, leafs are issued under it; else documents are signed with it as it is. The
    /// self-signed one among the certificates is the root; without one, the key's own certificate stands for it.
    ///
    /// # Errors
    ///
    /// `authority_unusable`.
    pub fn from_pem(pem: &str, seed: &Seed) -> Result<Self, UsageError> {
        let der = PrivatePkcs8KeyDer::from_pem_slice(pem.as_bytes())
            .map_err(|_| unusable("there is no PRIVATE KEY block"))?;
        let key = RsaPrivateKey::from_pkcs8_der(der.secret_pkcs8_der()).map_err(unusable)?;
        if key.n_bytes().len() < BITS / 8 {
            return Err(unusable("the key has less than 2048 bits"));
        }
        let mut certificates = Vec::new();
        for der in CertificateDer::pem_slice_iter(pem.as_bytes()) {
            let der = der.map_err(|_| unusable("a CERTIFICATE block is malformed"))?;
            certificates.push(Certificate::from_der(&der).map_err(unusable)?);
        }
        let own = SubjectPublicKeyInfoOwned::from_key(key.as_public_key()).map_err(unusable)?;
        let position = certificates
            .iter()
            .position(|certificate| *certificate.tbs_certificate().subject_public_key_info() == own)
            .ok_or_else(|| unusable("no certificate is the key's"))?;
        let issuing = certificates.remove(position);
        let is_root = |it: &Certificate| it.tbs_certificate().subject() == it.tbs_certificate().issuer();
        let root = match certificates.iter().position(is_root) {
            Some(position) => certificates.remove(position),
            None => issuing.clone(),
        };
        let constraints = issuing.tbs_certificate().get_extension::<BasicConstraints>().map_err(unusable)?;
        let signs_itself = !constraints.is_some_and(|(_, constraints)| constraints.ca);
        let leaf_key = if signs_itself { key.clone() } else { self::key(seed, "leaf")? };
        Ok(Self(Arc::new(Inner { seed: *seed, root, issuing, key, leaf_key, signs_itself, others: certificates })))
    }

    /// Key and certificates in the form that [`from_pem`](Self::from_pem) takes. The key is in it: not for strangers.
    ///
    /// # Errors
    ///
    /// `authority_unusable`; none is known to happen.
    ///
    /// ```
    /// use azure_imds::emulator::{Authority, Emulator, Machine};
    ///
    /// let kept = Authority::from_seed(&[7; 32])?.to_pem()?; // to a file, say, so that tests trust the same root again
    /// let authority = Authority::from_pem(&kept, &[8; 32])?;
    /// let root = authority.root_der()?;
    /// let mut emulator = Emulator::new(Machine::default(), [8; 32]).with_authority(authority);
    /// assert_eq!(emulator.authority()?.root_der()?, root);
    /// # Ok::<(), azure_imds::UsageError>(())
    /// ```
    pub fn to_pem(&self) -> Result<String, UsageError> {
        let key = self.0.key.to_pkcs8_pem(LineEnding::LF).map_err(unusable)?;
        let mut pem = String::from(key.as_str());
        for certificate in self.certificates() {
            pem.push_str(&certificate.to_pem(LineEnding::LF).map_err(unusable)?);
        }
        Ok(pem)
    }

    /// The root: what a test trusts.
    ///
    /// # Errors
    ///
    /// `authority_unusable`; none is known to happen.
    pub fn root_der(&self) -> Result<Vec<u8>, UsageError> {
        self.0.root.to_der().map_err(unusable)
    }

    /// The root as PEM.
    ///
    /// # Errors
    ///
    /// `authority_unusable`; none is known to happen.
    pub fn root_pem(&self) -> Result<String, UsageError> {
        self.0.root.to_pem(LineEnding::LF).map_err(unusable)
    }

    /// The CA that issues the leafs, DER. A document holds its leaf alone, so verifiers need this one too.
    ///
    /// # Errors
    ///
    /// `authority_unusable`; none is known to happen.
    pub fn issuing_der(&self) -> Result<Vec<u8>, UsageError> {
        self.0.issuing.to_der().map_err(unusable)
    }

    /// The certificate that the emulator serves under that file name: `issuing.crt`, `root.crt`, or `1.crt` and so on
    /// for further ones of [`from_pem`](Self::from_pem).
    pub(in crate::emulator) fn file(&self, name: &str) -> Option<Vec<u8>> {
        let certificate = match name.strip_suffix(".crt")? {
            "issuing" => &self.0.issuing,
            "root" => &self.0.root,
            number => self.0.others.get(number.parse::<usize>().ok()?.checked_sub(1)?)?,
        };
        certificate.to_der().ok()
    }

    /// A second signer for documents that have one too many.
    pub(super) fn second_signer(&self) -> LeafCertificate {
        LeafCertificate { certificate: self.0.issuing.clone(), key: Arc::new(self.0.key.clone()) }
    }

    /// A leaf.
    ///
    /// # Errors
    ///
    /// `authority_unusable`.
    pub(super) fn leaf(&self, of: &LeafKey, oddity: Oddity) -> Result<LeafCertificate, UsageError> {
        if self.0.signs_itself && oddity == Oddity::None {
            return Ok(self.second_signer());
        }
        let domain = match oddity {
            Oddity::Name => "metadata.azure.com.emulator.invalid",
            _ => of.cloud.metadata_domain(),
        };
        let mut names = vec![String::from(domain)];
        if is_label(&of.region) {
            names.insert(0, alloc::format!("{}.{domain}", of.region));
        }
        let mut issuer_at = of.origin.clone();
        issuer_at.extend([ISSUERS, if oddity == Oddity::Issuer { "unknown.crt" } else { "issuing.crt" }]);
        let start = Timestamp::from_unix(of.period.saturating_mul(PERIOD));
        let template = Template {
            subject: LEAF_NAME,
            not_before: start - Duration::from_secs(PERIOD / 3),
            not_after: start + Duration::from_secs(PERIOD.saturating_mul(2)),
            role: Role::LeafCertificate(&names, &issuer_at),
        };
        let certificate = if oddity == Oddity::Issuer {
            let stranger = key(&self.0.seed, "stranger")?;
            let name = STRANGER_NAME.parse().map_err(unusable)?;
            template.issue(&self.0.leaf_key, Some(&name), &stranger)?
        } else {
            let name = self.0.issuing.tbs_certificate().subject();
            template.issue(&self.0.leaf_key, Some(name), &self.0.key)?
        };
        Ok(LeafCertificate { certificate, key: Arc::new(self.0.leaf_key.clone()) })
    }

    fn certificates(&self) -> impl Iterator<Item = &Certificate> {
        [&self.0.issuing, &self.0.root].into_iter().chain(&self.0.others)
    }
}

/// Shows no key.
impl fmt::Debug for Authority {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let subjects = self.certificates().map(|it| it.tbs_certificate().subject().to_string());
        formatter.debug_list().entries(subjects).finish()
    }
}

impl fmt::Debug for LeafCertificate {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.certificate.tbs_certificate().serial_number().to_string(), formatter)
    }
}

/// Which leaf serves at this time. Each is valid well before and after its period.
pub(super) const fn period(now: Timestamp) -> u64 {
    now.unix() / PERIOD
}

/// An RSA key for one purpose.
///
/// # Errors
///
/// `authority_unusable`; none is known to happen.
pub(in crate::emulator) fn key(seed: &Seed, purpose: &str) -> Result<RsaPrivateKey, UsageError> {
    let purpose = alloc::format!("rsa key: {purpose}");
    RsaPrivateKey::new(&mut generator(seed, &purpose), BITS).map_err(unusable)
}

/// A CA valid for as long as there are dates.
const fn ca<'a>(subject: &'a str, role: Role<'a>) -> Template<'a> {
    Template { subject, not_before: Timestamp::from_unix(0), not_after: Timestamp::MAX, role }
}

/// Whether a region's name can be part of a DNS name.
fn is_label(region: &str) -> bool {
    (1..=63).contains(&region.len())
        && region.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
        && !region.starts_with('-')
        && !region.ends_with('-')
}
