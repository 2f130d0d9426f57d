//! Fuzzes `assay_fuzz::scanner_report`.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| assay_fuzz::scanner_report(data));
