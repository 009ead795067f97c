//! The schema of the JSON form names what the core names.

use azure_imds::Cloud;
use azure_imds::attested::Check;
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
