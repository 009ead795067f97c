//! A document with what is asked of it, and the file in which questions are handed to all runners.

use std::collections::{BTreeMap, BTreeSet};

use data_encoding::{BASE64, HEXLOWER};
use serde_json::{Value, json};

use crate::claims::NONCE;
use crate::input::Input;
use crate::scheme::Hash;

/// One document with what is asked of it.
#[derive(Clone, Debug)]
pub struct Question {
    /// Unique.
    pub id: String,
    /// The row of the table that it counts in.
    pub corpus: &'static str,
    /// The document as it is handed in.
    pub input: Input,
    /// Trust anchors, each as it is handed in: DER or PEM.
    pub anchors: Vec<Vec<u8>>,
    /// Untrusted intermediates, likewise.
    pub issuers: Vec<Vec<u8>>,
    /// SHA-256 of what is shut out, in hexadecimal.
    pub denied: Vec<String>,
    /// Unix time; None is the signing time.
    pub at: Option<u64>,
    /// What the caller expects, in the form of the vectors.
    pub expect: Value,
}

impl Question {
    /// What is expected of a document with the usual claims, in whose names nobody is interested.
    #[must_use]
    pub fn usual_expectations() -> Value {
        json!({ "nonce": NONCE, "clouds": ["public"] })
    }

    fn render(&self) -> Value {
        let input = match &self.input {
            Input::Bytes(bytes) => json!({ "base64": BASE64.encode(bytes) }),
            Input::Text(text) => json!({ "text": text }),
        };
        let names = |certificates: &[Vec<u8>]| -> Vec<String> { certificates.iter().map(|it| name(it)).collect() };
        json!({
            "id": self.id,
            "corpus": self.corpus,
            "input": input,
            "anchors": names(&self.anchors),
            "issuers": names(&self.issuers),
            "deny": self.denied,
            "at": self.at.map_or_else(|| json!("signing-time"), |unix| json!(unix)),
            "expect": self.expect,
        })
    }
}

/// The whole file. Certificates stand in it once, under their digests.
///
/// # Panics
///
/// If two questions share an identifier.
#[must_use]
pub fn render(questions: &[Question]) -> String {
    let ids: BTreeSet<&String> = questions.iter().map(|question| &question.id).collect();
    assert_eq!(ids.len(), questions.len(), "an identifier is there twice");
    let all = questions.iter().flat_map(|question| question.anchors.iter().chain(&question.issuers));
    let certificates: BTreeMap<String, String> = all.map(|it| (name(it), BASE64.encode(it))).collect();
    let cases: Vec<Value> = questions.iter().map(Question::render).collect();
    json!({ "version": 1, "certificates": certificates, "cases": cases }).to_string()
}

/// The digest of anything, in hexadecimal.
#[must_use]
pub fn name(bytes: &[u8]) -> String {
    HEXLOWER.encode(&Hash::Sha256.of(bytes))
}
