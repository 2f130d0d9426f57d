//! Fuzzes `assay_fuzz::rpm_database`.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| assay_fuzz::rpm_database(data));
