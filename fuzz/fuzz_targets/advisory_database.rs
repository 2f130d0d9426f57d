//! Fuzzes `assay_fuzz::advisory_database`.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| assay_fuzz::advisory_database(data));
