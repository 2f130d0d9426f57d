//! Fuzzes `assay_fuzz::evidence`.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| assay_fuzz::evidence(data));
