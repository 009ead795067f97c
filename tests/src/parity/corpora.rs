//! The questions: our vectors, mutants of those that verify, and what x509-limbo and PKITS hold, made into documents.

use azure_imds::SignedDocument;
use data_encoding::BASE64;
use serde_json::Value;

use super::imported;
use super::question::Question;
use super::reissued;
use crate::corpora::mutation::Kind;
use crate::corpora::{limbo, pkits};
use crate::input::Input;
use crate::key_ring::SEED;
use crate::rng::SeededRng;

/// So many mutants are made.
pub const MUTANTS: usize = 1000;

/// All questions whose data are at hand. What is not is said on standard error.
///
/// # Panics
///
/// If data are not what they should be.
#[must_use]
pub fn questions() -> Vec<Question> {
    let vectors = vectors();
    let mut questions = mutants(&vectors);
    questions.extend(vectors.into_iter().map(|(question, _)| question));
    if let Some(cases) = limbo::cases() {
        questions.extend(cases.iter().flat_map(imported::limbo));
    }
    if let Some(folder) = pkits::folder() {
        questions.extend(pkits::message_cases(&folder).into_iter().flat_map(imported::message));
        questions.extend(pkits::path_cases(&folder).iter().map(imported::path));
        questions.extend(reissued::paths(&folder));
    }
    questions
}

/// The shared vectors, each with its verdict.
///
/// # Panics
///
/// If the file is not what it should be.
#[must_use]
pub fn vectors() -> Vec<(Question, String)> {
    let suite: Value = serde_json::from_str(include_str!("../../vectors/attested.json")).expect("JSON");
    let text = |value: &Value| value.as_str().expect("a string").to_owned();
    let certificates = |list: &Value| -> Vec<Vec<u8>> {
        list.as_array().expect("names").iter().map(|it| base64(&suite["certificates"][text(it)])).collect()
    };
    let read = |case: &Value| {
        let question = Question {
            id: text(&case["id"]),
            corpus: "vectors",
            input: match case["input"].get("text") {
                Some(input) => Input::text(text(input)),
                None => Input::Bytes(base64(&case["input"]["base64"])),
            },
            anchors: certificates(&case["anchors"]),
            issuers: certificates(&case["issuers"]),
            denied: case["deny"].as_array().into_iter().flatten().map(text).collect(),
            at: case["at"].as_u64(),
            expect: case["expect"].clone(),
        };
        assert!(question.at.is_some() || case["at"] == "signing-time", "{}", question.id);
        (question, text(&case["verdict"]))
    };
    suite["cases"].as_array().expect("cases").iter().map(read).collect()
}

/// Vectors that verify, each changed in one place that a seed chooses: every kind of change as often as the others, every
/// document as often, in turns in its DER and in the form in which it is handed in.
#[must_use]
pub fn mutants(vectors: &[(Question, String)]) -> Vec<Question> {
    let valid: Vec<&Question> =
        vectors.iter().filter(|(_, verdict)| verdict == "verified").map(|(question, _)| question).collect();
    let mut rng = SeededRng::new(SEED, "mutants of parity");
    let mutant = |number: usize| {
        let (kind, round) = (Kind::ALL[number % 4], number / 4);
        let original = valid[round % valid.len()];
        let given = bytes(&original.input);
        let (bytes, form) = match (round + round / valid.len()).is_multiple_of(2) {
            true => (SignedDocument::parse(given).expect("a vector that verifies").der().to_vec(), "DER"),
            false => (given.to_vec(), "as given"),
        };
        let choice = u64::from_be_bytes(rng.bytes(8).try_into().expect("eight bytes"));
        let place = usize::try_from(choice % kind.places(&bytes) as u64).expect("a place");
        let changed = kind.change(&bytes, place);
        Question {
            id: format!("mutants::{number:04} {kind:?} at {place} of {}, {form}", original.id),
            corpus: "mutants",
            input: String::from_utf8(changed).map_or_else(|error| Input::Bytes(error.into_bytes()), Input::Text),
            ..original.clone()
        }
    };
    (0..MUTANTS).map(mutant).collect()
}

fn bytes(input: &Input) -> &[u8] {
    match input {
        Input::Bytes(bytes) => bytes,
        Input::Text(text) => text.as_bytes(),
    }
}

fn base64(value: &Value) -> Vec<u8> {
    BASE64.decode(value.as_str().expect("base64").as_bytes()).expect("base64")
}
