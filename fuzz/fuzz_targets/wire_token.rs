//! Fuzzes `assay_fuzz::wire_token`.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| assay_fuzz::wire_token(data));
