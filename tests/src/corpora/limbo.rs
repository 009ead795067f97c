//! x509-limbo: chains that a verifier of RFC 5280 must take or refuse, run through the chain layer.
//!
//! The file `limbo.json` is not part of this repository: it is looked for in the folder that
//! `AZURE_IMDS_REAL_VECTORS` names. Where our verdict is another than limbo's, [`STRICTER`], [`BY_NAMES`] and
//! [`NOT_OFFERED`] say so, each with its reason.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use azure_imds::attested::TrustBuilder;
use azure_imds::layers::{self, Leaf};
use azure_imds::{Timestamp, Trust};
use data_encoding::BASE64;
use serde_json::Value;

/// Namespaces in which every verdict counts. The others are run and reported.
pub const NAMESPACES: &[&str] = &["rfc5280", "pathlen", "pathological", "cve", "invalid", "online"];

/// Tags of cases that limbo itself calls pedantic, or at odds with what the web's CAs do.
const LEFT_OUT: &[&str] = &["pedantic-rfc5280", "rfc5280-incompatible-with-webpki", "pedantic-serial-number"];

/// Chains that limbo accepts and the verifier refuses: the case, the code, the reason.
pub const STRICTER: &[(&str, &str, &str)] = &[
    ("pathlen::validation-ignores-pathlen-in-leaf", "leaf_is_ca", CA_AS_LEAF),
    ("rfc5280::ca-as-leaf", "leaf_is_ca", CA_AS_LEAF),
    ("rfc5280::eku::ee-without-eku", "extended_key_usage", NO_PURPOSE),
    ("rfc5280::nc::nc-permits-email-exact", "extended_key_usage", CLIENT),
    ("rfc5280::nc::nc-permits-email-domain", "extended_key_usage", CLIENT),
    ("rfc5280::nc::nc-permits-email-literal-asterisk-exact-match", "extended_key_usage", CLIENT),
    ("rfc5280::nc::nc-permits-email-literal-double-asterisk", "extended_key_usage", CLIENT),
    ("rfc5280::nc::nc-permits-email-literal-mid-asterisk", "extended_key_usage", CLIENT),
    ("pathlen::self-issued-certs-pathlen", "path_invalid", SELF_ISSUED),
    ("rfc5280::nc::permitted-self-issued", "path_invalid", SELF_ISSUED),
    ("rfc5280::nc::permitted-dn-match", "name_constraint", DIRECTORY_NAME),
];

const CA_AS_LEAF: &str = "a CA's certificate may not sign a document, whatever else it may do";
const NO_PURPOSE: &str =
    "the signer must name the purpose serverAuth, as all of Azure's have; one without purposes would be good for any";
const CLIENT: &str = "a certificate of a mail client: it lacks the purpose serverAuth";
const SELF_ISSUED: &str = "RFC 5280 exempts certificates that a CA issues to its own name; the path builder does not, and no CA of Azure's has them";
const DIRECTORY_NAME: &str = "the path builder does not compare directory names, and refuses what they constrain";

/// Chains that limbo refuses for the names in the leaf, and that step 6 of the verification refuses, not step 7.
pub const BY_NAMES: &[(&str, &str, &str)] = &[
    ("rfc5280::san::underscore-dns", "name_malformed", "an underscore is no part of a host name"),
    ("rfc5280::san::ip-in-dns", "name_not_azure", "an address in the form of a name lies in no cloud's domain"),
];

/// Cases about a parameter that the verifier does not offer.
pub const NOT_OFFERED: &[(&str, &str)] = &[
    ("pathlen::max-chain-depth-0-exhausted", "no caller can lower the number of CAs in a path below six"),
    ("pathlen::max-chain-depth-1-exhausted", "no caller can lower the number of CAs in a path below six"),
];

/// What became of one case.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// `namespace::name`.
    pub id: String,
    /// Whether every verdict of this kind counts.
    pub counts: bool,
    /// Whether limbo accepts the chain.
    pub expected: bool,
    /// The chain layer's verdict: the number of certificates in the path, or a code.
    pub chain: Result<usize, String>,
    /// The code with which the names are refused.
    pub names: &'static str,
    /// Signature checks spent.
    pub signature_checks: usize,
}

impl Outcome {
    /// The part of the identifier before the first `::`.
    #[must_use]
    pub fn namespace(&self) -> &str {
        self.id.split("::").next().unwrap_or_default()
    }

    /// What is wrong with it, unless a table says why.
    #[must_use]
    pub fn divergence(&self) -> Option<String> {
        let listed = STRICTER.iter().find(|(id, ..)| *id == self.id);
        let by_names = BY_NAMES.iter().find(|(id, ..)| *id == self.id);
        let not_offered = NOT_OFFERED.iter().any(|(id, _)| *id == self.id);
        let found = match &self.chain {
            Ok(_) => "accepted",
            Err(code) => code,
        };
        let right = match (self.expected, &self.chain, listed, by_names) {
            (true, Err(code), Some((_, listed, _)), None) => code == listed,
            (false, Ok(_), None, Some((_, listed, _))) => self.names == *listed,
            (false, Ok(_), None, None) => not_offered,
            (expected, chain, None, None) => expected == chain.is_ok(),
            _ => false,
        };
        (!right).then(|| format!("{}: limbo says {}, found {found}; names: {}", self.id, self.expected, self.names))
    }
}

/// The file, or nothing with the reason on standard error.
///
/// # Panics
///
/// If the folder is named and the file is not in it, or is not what it should be.
#[must_use]
pub fn cases() -> Option<Vec<Value>> {
    let Some(folder) = std::env::var_os("AZURE_IMDS_REAL_VECTORS").map(PathBuf::from) else {
        eprintln!("skipped: x509-limbo: AZURE_IMDS_REAL_VECTORS names no folder");
        return None;
    };
    let path = folder.join("limbo.json");
    let text = fs::read(&path).unwrap_or_else(|error| panic!("reading {}: {error}", path.display()));
    let file: Value = serde_json::from_slice(&text).expect("JSON");
    file["testcases"].as_array().cloned()
}

/// Runs one case.
///
/// # Panics
///
/// If the case is not of the form of limbo's schema.
#[must_use]
pub fn run(case: &Value) -> Outcome {
    let id = text(&case["id"]).to_owned();
    let tags: Vec<&str> = case["features"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    let counts = NAMESPACES.contains(&id.split("::").next().unwrap_or_default())
        && !tags.iter().any(|tag| LEFT_OUT.contains(tag));
    let leaf = der(text(&case["peer_certificate"]));
    let (chain, signature_checks) = match trust(case) {
        Ok(trust) => layers::chain(&trust.build(), &leaf, Leaf::Signer, time(case)),
        Err(error) => (Err(error), 0),
    };
    Outcome {
        id,
        counts,
        expected: case["expected_result"] == "SUCCESS",
        chain: chain.map(|path| path.len()).map_err(|error| error.code().to_owned()),
        names: layers::names(&leaf).map_or_else(|error| error.code(), |()| ""),
        signature_checks,
    }
}

/// Runs all cases.
#[must_use]
pub fn run_all(cases: &[Value]) -> Vec<Outcome> {
    cases.iter().map(run).collect()
}

/// By namespace: cases, as limbo says, stricter, refused by names, not offered, everything else.
#[must_use]
pub fn table(outcomes: &[Outcome]) -> String {
    let mut rows: BTreeMap<(bool, &str), [usize; 5]> = BTreeMap::new();
    for outcome in outcomes {
        let row = rows.entry((!outcome.counts, outcome.namespace())).or_default();
        let column = match (outcome.expected, outcome.chain.is_ok()) {
            (expected, accepted) if expected == accepted => 1,
            (true, _) => 2,
            _ if NOT_OFFERED.iter().any(|(id, _)| *id == outcome.id) => 4,
            _ if outcome.counts || outcome.names != "name_not_azure" => 3,
            _ => 4,
        };
        row[0] += 1;
        row[column] += 1;
    }
    let mut table = String::from(
        "| namespace | cases | as limbo says | stricter | refused by its names | accepted, limbo refuses |\n|---|---|---|---|---|---|\n",
    );
    for ((reported, namespace), [all, right, stricter, names, accepted]) in rows {
        let note = if reported { " (reported)" } else { "" };
        table.push_str(&format!("| {namespace}{note} | {all} | {right} | {stricter} | {names} | {accepted} |\n"));
    }
    table
}

/// The certificates of a list of the case, each in PEM.
pub(crate) fn certificates<'a>(case: &'a Value, list: &str) -> Vec<&'a str> {
    case[list].as_array().into_iter().flatten().map(text).collect()
}

fn trust(case: &Value) -> Result<TrustBuilder, azure_imds::VerifyError> {
    let malformed = |error: azure_imds::UsageError| azure_imds::VerifyError::CertificateMalformed {
        number: 0,
        position: None,
        reason: error.to_string(),
    };
    let mut trust = Trust::builder_without_anchors();
    for anchor in certificates(case, "trusted_certs") {
        trust = trust.anchors(anchor.as_bytes()).map_err(malformed)?;
    }
    for issuer in certificates(case, "untrusted_intermediates") {
        trust = trust.issuers(issuer.as_bytes()).map_err(malformed)?;
    }
    Ok(trust)
}

/// The time of the case; those without one are judged at a fixed time at which their certificates are valid.
pub(crate) fn time(case: &Value) -> Timestamp {
    let text = case["validation_time"].as_str().unwrap_or("2026-01-01T00:00:00+00:00");
    Timestamp::parse_rfc3339(&text.replace("+00:00", "Z")).expect("a time")
}

/// The DER in a PEM of one part.
pub(crate) fn der(pem: &str) -> Vec<u8> {
    let body: String = pem.lines().filter(|line| !line.starts_with('-')).collect();
    BASE64.decode(body.as_bytes()).expect("PEM")
}

pub(crate) fn text(value: &Value) -> &str {
    value.as_str().expect("a string")
}
