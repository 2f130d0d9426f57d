//! Fuzzes `assay_fuzz::updateinfo`.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| assay_fuzz::updateinfo(data));
