//! Fuzzes `assay_fuzz::cve_record`.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| assay_fuzz::cve_record(data));
