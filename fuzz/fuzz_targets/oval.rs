//! Fuzzes `assay_fuzz::oval`.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| assay_fuzz::oval(data));
