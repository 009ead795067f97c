//! Every transcript of tests/vectors/client.json.

use std::collections::BTreeSet;

use azure_imds_tests::transcript::{start, suite};
use serde_json::json;

const CASES: usize = 133;

#[test]
fn every_transcript_comes_out_as_written() {
    let suite = suite();
    let cases = suite["cases"].as_array().unwrap();
    assert_eq!((suite["version"].as_u64(), cases.len()), (Some(1), CASES));
    let mut ids = BTreeSet::new();
    for case in cases {
        let id = case["id"].as_str().unwrap();
        assert!(ids.insert(id), "{id} is there twice");
        assert!(id.starts_with("client::") && id.split("::").count() == 3, "{id}");
        assert!(["critical", "high", "normal"].contains(&case["importance"].as_str().unwrap()), "{id}");
        assert!(case["description"].as_str().unwrap().ends_with('.'), "{id}");
        if let Err(error) = start(id, case) {
            let expected = json!([{"at": 0, "expect": {"error": error.code()}}]);
            assert_eq!(case["events"], expected, "{id}: {error}");
        }
    }
}
