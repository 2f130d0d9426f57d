//! Fuzzes `assay_fuzz::dpkg_status`.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| assay_fuzz::dpkg_status(data));
