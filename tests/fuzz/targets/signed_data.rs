//! DER alone, wrapped so that the reader of SignedData is met at once.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    if data.first() == Some(&0x30) {
        azure_imds_fuzz::verdict(data);
    }
});
