//! Fuzzes `assay_fuzz::rule_file`.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| assay_fuzz::rule_file(data));
