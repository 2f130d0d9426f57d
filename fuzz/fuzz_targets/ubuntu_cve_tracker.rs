//! Fuzzes `assay_fuzz::ubuntu_cve_tracker`.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| assay_fuzz::ubuntu_cve_tracker(data));
