//! Fuzzes `assay_fuzz::apt_lists`.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| assay_fuzz::apt_lists(data));
