//! The schema of the JSON form names what the core names.

use azure_imds::attested::{Check, FetchError, Headline, NotFetched, Outcome};
use azure_imds::{Cloud, TransportError, VerifyError};
use serde_json::Value;

/// The names that the schema accepts at a place.
fn names(place: &str) -> Vec<String> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/schema/report.json");
    let schema: Value = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
    let listed = schema.pointer(place).and_then(Value::as_array).unwrap();
    listed.iter().map(|name| name.as_str().unwrap().to_owned()).collect()
}

#[test]
fn checks_are_those_of_the_core() {
    let checks: Vec<&str> = Check::ALL.iter().map(|check| check.name()).collect();
    assert_eq!(names("/$defs/check/enum"), checks);
}

#[test]
fn clouds_are_those_of_the_core() {
    let clouds: Vec<&str> = Cloud::ALL.iter().map(|cloud| cloud.name()).collect();
    assert_eq!(names("/$defs/document/properties/cloud/enum"), clouds);
}

#[test]
fn codes_are_those_of_the_core() {
    assert_eq!(names("/$defs/code/enum"), VerifyError::CODES);
    let fetching = [FetchError::CODES, TransportError::CODES].concat();
    assert_eq!(names("/$defs/fetch_error/properties/code/enum"), fetching);
}

#[test]
fn headlines_are_those_of_the_core() {
    let headlines: Vec<&str> = Headline::ALL.iter().map(|headline| headline.name()).collect();
    assert_eq!(names("/$defs/headline/properties/name/enum"), headlines);
}

#[test]
fn outcomes_are_those_of_the_core() {
    let failed = Outcome::Failed(VerifyError::InputEmpty.into());
    let outcomes = [Outcome::Passed, failed, Outcome::NotChecked, Outcome::NotReached];
    let outcomes: Vec<&str> = outcomes.iter().map(Outcome::name).collect();
    assert_eq!(names("/$defs/check_line/properties/outcome/enum"), outcomes);
}

#[test]
fn reasons_for_not_fetching_are_those_of_the_core() {
    let reasons = [
        NotFetched::Off,
        NotFetched::Check(Check::Nonce),
        NotFetched::NoAddress,
        NotFetched::RequestLimit,
        NotFetched::TimeOver,
        NotFetched::Overflow,
    ];
    assert_eq!(names("/$defs/not_fetched/properties/code/enum"), reasons.map(|reason| reason.code()));
}
