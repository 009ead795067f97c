//! A case, and the file that holds them all; what a case of the file expects, read.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::time::Duration;

use azure_imds::attested::Plan;
use azure_imds::{Cloud, Expectations, NONCE_NOT_CHECKED, Nonce};
use data_encoding::{BASE64, HEXLOWER};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use crate::certificate::Certificate;
use crate::claims::NONCE;
use crate::input::Input;
use crate::rewritable::Rewritable;
use crate::signed_data::Document;

/// The verdict on a document in which nothing is wrong.
pub const VERIFIED: &str = "verified";

/// How bad it is to give the wrong verdict.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Importance {
    /// Exploitable.
    Critical,
    /// A rule broken that stands between an attacker and an exploit, or every real document refused.
    High,
    /// A rule broken.
    Medium,
    /// A matter of tidiness.
    Low,
}

impl Importance {
    const fn name(self) -> &'static str {
        match self {
            Self::Critical => "critical",
            Self::High => "high",
            Self::Medium => "medium",
            Self::Low => "low",
        }
    }
}

/// What the caller expects of the document.
#[derive(Clone, Debug)]
pub struct Expect(BTreeMap<&'static str, Value>);

impl Default for Expect {
    fn default() -> Self {
        Self(BTreeMap::from([("nonce", json!(NONCE)), ("clouds", json!(["public"]))]))
    }
}

/// One vector.
#[derive(Clone, Debug)]
pub struct Case {
    /// Unique.
    pub id: String,
    /// Known flaws it stands for.
    pub flaws: Vec<&'static str>,
    /// How bad it is to get it wrong.
    pub importance: Importance,
    /// What is wrong, and why it matters.
    pub description: String,
    /// What is handed to the parser.
    pub input: Input,
    /// Trust anchors.
    pub anchors: Vec<Certificate>,
    /// Untrusted intermediates.
    pub issuers: Vec<Certificate>,
    /// SHA-256 of certificates and of public keys that are shut out.
    pub denied: Vec<[u8; 32]>,
    /// Unix time; None is the signing time.
    pub at: Option<i64>,
    /// What the caller expects.
    pub expect: Expect,
    /// `verified`, or the code of the first failure.
    pub verdict: &'static str,
}

impl Case {
    /// Takes this document, in the service's envelope.
    #[must_use]
    pub fn document(self, document: &Document) -> Self {
        self.input(Input::envelope(&document.der()))
    }

    /// Takes these octets of DER, in base64.
    #[must_use]
    pub fn octets(self, der: &[u8]) -> Self {
        self.input(Input::base64(der))
    }

    /// Takes this input.
    #[must_use]
    pub fn input(mut self, input: Input) -> Self {
        self.input = input;
        self
    }

    /// Trusts these.
    #[must_use]
    pub fn anchors(mut self, anchors: &[&Certificate]) -> Self {
        self.anchors = anchors.iter().map(|anchor| (*anchor).clone()).collect();
        self
    }

    /// Offers these intermediates.
    #[must_use]
    pub fn issuers(mut self, issuers: &[&Certificate]) -> Self {
        self.issuers = issuers.iter().map(|issuer| (*issuer).clone()).collect();
        self
    }

    /// Shuts out these certificates and public keys, by SHA-256 of the whole or of the SubjectPublicKeyInfo.
    #[must_use]
    pub fn deny(mut self, denied: &[&[u8]]) -> Self {
        self.denied = denied.iter().map(|der| Sha256::digest(der).into()).collect();
        self
    }

    /// Asks at this time.
    #[must_use]
    pub const fn at(mut self, unix: i64) -> Self {
        self.at = Some(unix);
        self
    }

    /// Asks at the time of signing.
    #[must_use]
    pub const fn at_signing_time(mut self) -> Self {
        self.at = None;
        self
    }

    /// Expects another nonce, or none.
    #[must_use]
    pub fn nonce(self, nonce: Option<&str>) -> Self {
        self.expect("nonce", json!(nonce))
    }

    /// Accepts these clouds.
    #[must_use]
    pub fn clouds(self, clouds: &[&str]) -> Self {
        self.expect("clouds", json!(clouds))
    }

    /// Expects something more, by its name in the file.
    #[must_use]
    pub fn expect(mut self, name: &'static str, value: Value) -> Self {
        self.expect.0.insert(name, value);
        self
    }

    /// What the caller expects, in the form of the file.
    #[must_use]
    pub fn expectations(&self) -> Value {
        json!(self.expect.0)
    }

    fn render(&self) -> String {
        let input = match &self.input {
            Input::Bytes(bytes) => json!({ "base64": BASE64.encode(bytes) }),
            Input::Text(text) => json!({ "text": text }),
        };
        let labels = |certificates: &[Certificate]| {
            json!(certificates.iter().map(|certificate| certificate.label).collect::<Vec<_>>())
        };
        let at = self.at.map_or_else(|| json!("signing-time"), |unix| json!(unix));
        let denied: Vec<_> = self.denied.iter().map(|digest| HEXLOWER.encode(digest)).collect();
        let lines = [
            vec![("id", json!(self.id)), ("flaws", json!(self.flaws)), ("importance", json!(self.importance.name()))],
            vec![("description", json!(self.description))],
            vec![("input", input)],
            vec![("anchors", labels(&self.anchors)), ("issuers", labels(&self.issuers)), ("at", at)],
            (!denied.is_empty()).then(|| ("deny", json!(denied))).into_iter().collect(),
            vec![("expect", self.expectations()), ("verdict", json!(self.verdict))],
            (self.verdict == VERIFIED)
                .then(|| ("identity", json!(Rewritable::read(&self.input).identity())))
                .into_iter()
                .collect(),
        ];
        let member = |(name, value): &(&str, Value)| format!("\"{name}\": {value}");
        let lines = lines.iter().filter(|line| !line.is_empty());
        let lines: Vec<_> = lines.map(|line| line.iter().map(member).collect::<Vec<_>>().join(", ")).collect();
        format!("    {{ {} }}", lines.join(",\n      "))
    }
}

/// The whole file.
///
/// # Panics
///
/// If two cases share an id, two certificates share a name, or one that is referred to has none.
#[must_use]
pub fn render(cases: &[Case]) -> String {
    let mut ids = BTreeSet::new();
    let mut certificates = BTreeMap::new();
    for case in cases {
        assert!(ids.insert(&case.id), "{} is there twice", case.id);
        for certificate in case.anchors.iter().chain(&case.issuers) {
            assert!(!certificate.label.is_empty(), "{}: a certificate without a name", case.id);
            let known = certificates.insert(certificate.label, &certificate.der);
            assert!(
                known.is_none_or(|known| *known == certificate.der),
                "{}: {} names two certificates",
                case.id,
                certificate.label
            );
        }
    }
    let mut out = String::from("{\n  \"version\": 1,\n  \"certificates\": {\n");
    let lines: Vec<_> =
        certificates.iter().map(|(name, der)| format!("    \"{name}\": \"{}\"", BASE64.encode(der))).collect();
    let cases: Vec<_> = cases.iter().map(Case::render).collect();
    writeln!(out, "{}\n  }},\n  \"cases\": [\n{}\n  ]\n}}", lines.join(",\n"), cases.join(",\n"))
        .expect("writing to a string");
    out
}

/// What a case of the file expects, in the types of the library.
///
/// # Panics
///
/// If it is nothing that the file may hold.
#[must_use]
pub fn expectations(expect: &Value) -> Expectations {
    let known = ["nonce", "clouds", "max_age", "skew", "vm_id", "subscription_id", "sku", "plan"];
    assert!(expect.as_object().expect("an object").keys().all(|key| known.contains(&&**key)), "{expect}");
    let nonce =
        expect["nonce"].as_str().map_or(NONCE_NOT_CHECKED, |nonce| Nonce::new(nonce).expect("the form of the file"));
    let clouds: Vec<Cloud> = expect["clouds"]
        .as_array()
        .expect("the form of the file")
        .iter()
        .map(|name| name.as_str().expect("the form of the file").parse().expect("the form of the file"))
        .collect();
    let mut expectations = Expectations::new(nonce).clouds(&clouds).expect("the form of the file");
    if let Some(seconds) = expect["max_age"].as_u64() {
        expectations = expectations.max_age(Duration::from_secs(seconds));
    }
    if let Some(seconds) = expect["skew"].as_u64() {
        expectations = expectations.skew(Duration::from_secs(seconds)).expect("the form of the file");
    }
    if let Some(vm_id) = expect["vm_id"].as_str() {
        expectations = expectations.vm_id(vm_id);
    }
    if let Some(subscription_id) = expect["subscription_id"].as_str() {
        expectations = expectations.subscription_id(subscription_id);
    }
    if let Some(sku) = expect["sku"].as_str() {
        expectations = expectations.sku(sku);
    }
    if let Some(plan) = expect["plan"].as_object() {
        let part = |key: &str| plan[key].as_str().expect("the form of the file").to_owned();
        expectations = expectations.plan(Plan::new(part("name"), part("product"), part("publisher")));
    }
    expectations
}
