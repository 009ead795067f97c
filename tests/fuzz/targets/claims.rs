//! The signed JSON: one verdict, by a known code.
#![no_main]

use azure_imds::{VerifyError, layers};

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    let first = layers::claims(data);
    assert_eq!(layers::claims(data), first);
    if let Err(error) = first {
        assert!(VerifyError::CODES.contains(&error.code()));
    } else {
        // What is read is JSON to others too, but for numbers beyond a double: RFC 8259 knows no bounds.
        match serde_json::from_slice::<serde_json::Value>(data) {
            Ok(value) => assert!(value["vmId"].is_string()),
            Err(error) => assert!(error.to_string().starts_with("number out of range"), "{error}"),
        }
    }
});
