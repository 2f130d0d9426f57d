//! Fuzzes `assay_fuzz::epss`.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| assay_fuzz::epss(data));
