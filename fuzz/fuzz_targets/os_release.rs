//! Fuzzes `assay_fuzz::os_release`.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| assay_fuzz::os_release(data));
