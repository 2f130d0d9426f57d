//! Fuzzes `assay_fuzz::declaration`.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| assay_fuzz::declaration(data));
