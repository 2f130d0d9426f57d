//! Fuzzes `assay_fuzz::apk_installed`.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| assay_fuzz::apk_installed(data));
