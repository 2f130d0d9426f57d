//! Fuzzes `assay_fuzz::versions`.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| assay_fuzz::versions(data));
