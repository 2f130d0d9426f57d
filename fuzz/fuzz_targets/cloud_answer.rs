//! Fuzzes `assay_fuzz::cloud_answer`.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| assay_fuzz::cloud_answer(data));
