//! Fuzzes `assay_fuzz::lock_text`.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| assay_fuzz::lock_text(data));
