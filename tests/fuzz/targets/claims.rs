//! The signed JSON: one verdict, by a known code.
#![no_main]

use azure_imds::{VerifyError, layers};

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    let first = layers::claims(data);
    assert_eq!(layers::claims(data), first);
    if let Err(error) = first {
        assert!(VerifyError::CODES.contains(&error.code()));
    } else {
        // What is read is JSON to others too.
        assert!(serde_json::from_slice::<serde_json::Value>(data).is_ok_and(|value| value["vmId"].is_string()));
    }
});
