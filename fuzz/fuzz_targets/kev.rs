//! Fuzzes `assay_fuzz::kev`.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| assay_fuzz::kev(data));
