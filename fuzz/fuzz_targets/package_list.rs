//! Fuzzes `assay_fuzz::package_list`.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| assay_fuzz::package_list(data));
