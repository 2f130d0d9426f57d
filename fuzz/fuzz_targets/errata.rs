//! Fuzzes `assay_fuzz::errata`.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| assay_fuzz::errata(data));
