//! Fuzzes `assay_fuzz::osv`.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| assay_fuzz::osv(data));
