//! A document before and after verification: two types, so that only a verified one shows claims.

use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::fmt;

use crate::attested::claims::{Claims, Plan};
use crate::attested::cms::places::Places;
use crate::attested::cms::signed_data::SignedData;
use crate::attested::error::VerifyError;
use crate::attested::input::recognise;
use crate::attested::input::{self, InputForm};
use crate::attested::issuers::{self, Role};
use crate::attested::path::default_anchors::DEFAULT_ANCHORS;
use crate::attested::path::search::ChainCertificate;
use crate::attested::x509::certificate::Certificate;
use crate::cloud::Cloud;
use crate::time::Timestamp;

pub use super::identity::DocumentIdentity;

/// A document that is well formed. **Nothing in it is verified**, and its content can't be read by accident.
#[derive(Clone, Debug)]
pub struct SignedDocument {
    form: InputForm,
    der: Vec<u8>,
    certificates: Vec<Certificate>,
    places: Places,
}

/// Where reading a document ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::attested) enum Unreadable {
    /// In step 1: there are no bytes to speak of.
    Input(Arc<VerifyError>),
    /// In step 2: there are, and they are not what the service writes.
    SignedData {
        /// The form in which the bytes came.
        form: InputForm,
        /// The bytes.
        der: Vec<u8>,
        /// What is wrong with them.
        error: Arc<VerifyError>,
    },
}

impl From<Unreadable> for VerifyError {
    fn from(unreadable: Unreadable) -> Self {
        match unreadable {
            Unreadable::Input(error) | Unreadable::SignedData { error, .. } => Arc::unwrap_or_clone(error),
        }
    }
}

impl SignedDocument {
    /// Reads a document in any of its forms: the service's JSON envelope, PEM, base64 or DER, at most 64 KiB.
    ///
    /// # Errors
    ///
    /// The codes of the first two steps: `input_empty`, `input_too_long`, `envelope_malformed`,
    /// `envelope_duplicate_key`, `envelope_encoding`, `pem_malformed`, `pem_label`, `base64_malformed`; `der_malformed`,
    /// `trailing_data`, `not_signed_data`, `digest_algorithm_count`, `content_type_not_data`, `content_missing`,
    /// `content_empty`, `crls_present`, `too_many_certificates`, `certificate_malformed`, `signer_count`,
    /// `signer_identifier`, `signer_info_version`, `signed_data_version`, `unsigned_attributes`.
    pub fn parse(input: &[u8]) -> Result<Self, VerifyError> {
        Ok(Self::read(input)?)
    }

    /// The same, with what could be read of a document that can't.
    pub(in crate::attested) fn read(input: &[u8]) -> Result<Self, Unreadable> {
        let (form, der) = input::decode(input)
            .map_err(|error| Unreadable::Input(Arc::new(error.with_given(recognise::instead(input)))))?;
        match SignedData::parse(&der).map(|signed| (Places::of(&der, &signed), signed.certificates)) {
            Ok((places, certificates)) => Ok(Self { form, der, certificates, places }),
            Err(error) => {
                let error = Arc::new(error.with_given(recognise::instead(input)));
                Err(Unreadable::SignedData { form, der, error })
            }
        }
    }

    /// What was read of it: nothing is read again.
    pub(in crate::attested) fn signed_data(&self) -> SignedData<'_> {
        self.places.view(&self.der, &self.certificates)
    }

    /// The signed content as it came, verified or not.
    pub(in crate::attested) fn content(&self) -> &[u8] {
        self.places.content(&self.der)
    }

    /// The form in which it was handed in.
    #[must_use]
    pub const fn form(&self) -> InputForm {
        self.form
    }

    /// The CMS structure in DER.
    #[must_use]
    pub fn der(&self) -> &[u8] {
        &self.der
    }

    /// The signed content as it came. **Anybody can have written it.** For showing what was refused, never for
    /// deciding anything.
    #[must_use]
    pub fn unverified_content(&self) -> Vec<u8> {
        self.content().to_vec()
    }
}

/// The time that a verdict speaks of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum TimeBasis {
    /// Chain and document were valid at this time.
    Now(Timestamp),
    /// The chain was valid when the document says it was created. Whether it has expired was not checked.
    SigningTime(Timestamp),
}

impl TimeBasis {
    /// The stable name: `now` or `signing_time`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Now(_) => "now",
            Self::SigningTime(_) => "signing_time",
        }
    }

    /// The time.
    #[must_use]
    pub const fn time(self) -> Timestamp {
        match self {
            Self::Now(time) | Self::SigningTime(time) => time,
        }
    }
}

/// A document that Azure signed, or somebody under a root that was added. Only a verification makes one.
///
/// Under a [default anchor](Self::is_default_anchor) it proves that the metadata service of [`cloud`](Self::cloud) said
/// this of the VM [`vm_id`](Self::vm_id), and with a nonce that it said so after the nonce was made. It does not prove
/// who handed it in: every process on that VM can read such a document. Nor that it was not handed in before: for that
/// keep its [`identity`](Self::identity) in a list of your own, until [`expires_on`](Self::expires_on) plus the skew plus
/// a minute.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VerifiedDocument {
    pub(in crate::attested) identity: DocumentIdentity,
    pub(in crate::attested) claims: Claims,
    pub(in crate::attested) content: String,
    pub(in crate::attested) cloud: Cloud,
    pub(in crate::attested) region: Option<String>,
    pub(in crate::attested) names: Vec<String>,
    pub(in crate::attested) chain: Arc<[ChainCertificate]>,
    pub(in crate::attested) time_basis: TimeBasis,
    pub(in crate::attested) nonce_checked: bool,
}

impl VerifiedDocument {
    /// What it is known by: the same however the document is written down, and no other document's. The key of a list
    /// of documents seen, see [`NONCE_NOT_CHECKED`](crate::NONCE_NOT_CHECKED).
    #[must_use]
    pub const fn identity(&self) -> DocumentIdentity {
        self.identity
    }

    /// All claims.
    #[must_use]
    pub const fn claims(&self) -> &Claims {
        &self.claims
    }

    /// The signed JSON, as the service wrote it. It may hold claims that this crate does not know.
    #[must_use]
    pub fn content(&self) -> &str {
        &self.content
    }

    /// `vmId`: the VM's UUID, as written.
    #[must_use]
    pub fn vm_id(&self) -> &str {
        &self.claims.vm_id
    }

    /// `subscriptionId`, if the document names one.
    #[must_use]
    pub fn subscription_id(&self) -> Option<&str> {
        self.claims.subscription_id.as_deref()
    }

    /// `sku` of the image, if the document names one.
    #[must_use]
    pub fn sku(&self) -> Option<&str> {
        self.claims.sku.as_deref()
    }

    /// `plan` of the image, if it is of the marketplace.
    #[must_use]
    pub const fn plan(&self) -> Option<&Plan> {
        self.claims.plan.as_ref()
    }

    /// `nonce`, if the document has one. See [`nonce_checked`](Self::nonce_checked).
    #[must_use]
    pub fn nonce(&self) -> Option<&str> {
        self.claims.nonce.as_deref()
    }

    /// Whether the nonce was compared with one that the caller gave.
    #[must_use]
    pub const fn nonce_checked(&self) -> bool {
        self.nonce_checked
    }

    /// `timeStamp.createdOn`.
    #[must_use]
    pub const fn created_on(&self) -> Timestamp {
        self.claims.created_on
    }

    /// `timeStamp.expiresOn`, as the document says it. It is [accepted](crate::Expectations#times) for six hours and
    /// the skew after [`created_on`](Self::created_on) at most.
    #[must_use]
    pub const fn expires_on(&self) -> Timestamp {
        self.claims.expires_on
    }

    /// The cloud whose metadata service signed.
    #[must_use]
    pub const fn cloud(&self) -> Cloud {
        self.cloud
    }

    /// The region of the signer, if its names tell one.
    #[must_use]
    pub fn region(&self) -> Option<&str> {
        self.region.as_deref()
    }

    /// The names of the signer, in lower case.
    #[must_use]
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// The verified path, from the signer's certificate to the anchor.
    #[must_use]
    pub fn chain(&self) -> &[ChainCertificate] {
        &self.chain
    }

    /// The certificates above the signer's that the table of [known issuers](crate::attested::known_issuers) does not have.
    ///
    /// The document is verified all the same. Which of them say something of Azure: [`new_issuers`](Self::new_issuers).
    pub fn unknown_issuers(&self) -> impl Iterator<Item = &ChainCertificate> {
        self.chain.iter().skip(1).filter(|issuer| issuers::by_sha256(&issuer.sha256).is_none())
    }

    /// The [unknown issuers](Self::unknown_issuers) that say that Azure changes its issuers: all of them if the path ends
    /// in a root that the table has, and none under any other root.
    ///
    /// From then on other verifiers may meet them, those that can't fetch among them.
    ///
    /// ```
    /// use azure_imds::VerifiedDocument;
    ///
    /// fn warn(document: &VerifiedDocument) {
    ///     for issuer in document.new_issuers() {
    ///         eprintln!("Azure signs under a new issuer: {}, SHA-256 {}", issuer.subject, issuer.fingerprint());
    ///     }
    /// }
    /// ```
    pub fn new_issuers(&self) -> impl Iterator<Item = &ChainCertificate> {
        let root = self.anchor().and_then(|anchor| issuers::by_sha256(&anchor.sha256));
        let is_of_azure = root.is_some_and(|root| root.kind == Role::Root);
        self.unknown_issuers().filter(move |_| is_of_azure)
    }

    /// The anchor that the verdict rests on: the last of the chain.
    #[must_use]
    pub fn anchor(&self) -> Option<&ChainCertificate> {
        self.chain.last()
    }

    /// Whether that anchor is one of the [default ones](crate::attested::DEFAULT_ANCHORS). Under any other the document is worth
    /// what that root is worth.
    #[must_use]
    pub fn is_default_anchor(&self) -> bool {
        self.anchor().is_some_and(|anchor| DEFAULT_ANCHORS.contains(&anchor.der.as_slice()))
    }

    /// The time that the verdict speaks of.
    #[must_use]
    pub const fn time_basis(&self) -> TimeBasis {
        self.time_basis
    }
}

impl fmt::Display for VerifiedDocument {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (cloud, vm_id) = (self.cloud, &self.claims.vm_id);
        let comma = if self.region.is_some() { ", " } else { "" };
        let region = self.region.as_deref().unwrap_or_default();
        match self.anchor().filter(|_| !self.is_default_anchor()) {
            None => write!(formatter, "Azure ({cloud}{comma}{region}) signed this for the VM {vm_id}")?,
            Some(anchor) => write!(
                formatter,
                "signed for the VM {vm_id} in the name of Azure ({cloud}{comma}{region}), verified against a root you \
                 added: {}, SHA-256 {}",
                anchor.subject,
                anchor.fingerprint(),
            )?,
        }
        match self.time_basis {
            TimeBasis::Now(time) => write!(formatter, "; valid at {time}, until {}", self.claims.expires_on),
            TimeBasis::SigningTime(time) => write!(formatter, "; the chain was valid at {time}, when it was signed"),
        }
    }
}

#[cfg(test)]
mod tests {
    use alloc::string::ToString;

    use super::*;
    use crate::attested::claims::expectations::At;
    use crate::attested::verdict::report::Report;
    use crate::attested::{DEFAULT_ANCHORS, KnownIssuer};

    fn verified(chain: &[&ChainCertificate]) -> VerifiedDocument {
        let content = r#"{"vmId":"02aab8a4-74ef-476e-8182-f6d2ba4166a6","timeStamp":{"createdOn":"09/21/26 12:00:00 -0000","expiresOn":"09/21/26 18:00:00 -0000"}}"#;
        VerifiedDocument {
            identity: DocumentIdentity::of(b"", b""),
            claims: Claims::parse(content.as_bytes()).unwrap(),
            content: content.into(),
            cloud: Cloud::Public,
            region: None,
            names: Vec::new(),
            chain: chain.iter().copied().cloned().collect(),
            time_basis: TimeBasis::Now(Timestamp::from_unix(0)),
            nonce_checked: true,
        }
    }

    /// A root of Azure's, and a certificate that no table has.
    fn root_and_other() -> (ChainCertificate, ChainCertificate) {
        let root = ChainCertificate::in_bundle(DEFAULT_ANCHORS[0]).unwrap().remove(0);
        let other = ChainCertificate { sha256: [7; 32], der: Vec::new(), ..root.clone() };
        (root, other)
    }

    #[test]
    fn an_issuer_is_unknown_if_the_table_does_not_have_it() {
        let (root, other) = root_and_other();
        let unknown = |chain: &[&ChainCertificate]| verified(chain).unknown_issuers().cloned().collect::<Vec<_>>();
        assert!(unknown(&[]).is_empty() && unknown(&[&other]).is_empty(), "a signer is not an issuer");
        assert!(unknown(&[&other, &root]).is_empty());
        assert_eq!(unknown(&[&root, &other, &root]), core::slice::from_ref(&other));
    }

    #[test]
    fn a_report_says_that_azure_may_be_changing_under_a_root_of_the_table_alone() {
        let (root, other) = root_and_other();
        let of_table = |is_wanted: fn(&&KnownIssuer) -> bool| {
            let known = issuers::known_issuers().iter().find(is_wanted).unwrap();
            ChainCertificate { sha256: known.sha256, ..other.clone() }
        };
        let not_default = of_table(|it| it.kind == Role::Root && !it.default_anchor);
        let intermediate = of_table(|it| it.kind == Role::Intermediate);
        let told = |chain: &[&ChainCertificate]| {
            let report = Report {
                checks: Vec::new().into(),
                verdict: Ok(verified(chain).into()),
                chain: Vec::new().into(),
                failed_check: None,
                unverified_content: None,
                fetches: Vec::new().into(),
                not_fetched: None,
                judged_at: At::SigningTime,
            };
            let told = report.to_string().matches("Azure may be changing its issuers").count();
            assert_eq!(report.verdict().unwrap().new_issuers().count(), told);
            told
        };
        assert_eq!(told(&[&root, &other, &root]), 1);
        assert_eq!(told(&[&root, &other, &not_default]), 1, "under a root of Azure's that was added");
        assert_eq!(told(&[&root, &other, &other]), 0, "under a root that was added");
        assert_eq!(told(&[&root, &other, &intermediate]), 0, "under an issuer of Azure's that was added as a root");
        assert_eq!(told(&[]), 0);
    }
}
