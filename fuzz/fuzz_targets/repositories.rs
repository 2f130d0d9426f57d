//! Fuzzes `assay_fuzz::repositories`.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| assay_fuzz::repositories(data));
