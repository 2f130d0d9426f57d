//! Fuzzes `assay_fuzz::lock_yaml`.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| assay_fuzz::lock_yaml(data));
