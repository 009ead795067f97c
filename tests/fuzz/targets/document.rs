//! A whole document in any form: one verdict, whatever the order; accepted is only what somebody signed.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    azure_imds_fuzz::verdict(data);
});
