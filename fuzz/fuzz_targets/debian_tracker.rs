//! Fuzzes `assay_fuzz::debian_tracker`.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| assay_fuzz::debian_tracker(data));
