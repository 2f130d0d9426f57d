//! Fuzzes `assay_fuzz::accounts`.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| assay_fuzz::accounts(data));
