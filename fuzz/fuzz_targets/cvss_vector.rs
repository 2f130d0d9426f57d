//! Fuzzes `assay_fuzz::cvss_vector`.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| assay_fuzz::cvss_vector(data));
