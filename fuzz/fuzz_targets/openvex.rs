//! Fuzzes `assay_fuzz::openvex`.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| assay_fuzz::openvex(data));
