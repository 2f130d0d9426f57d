//! Fuzzes `assay_fuzz::secdb`.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| assay_fuzz::secdb(data));
