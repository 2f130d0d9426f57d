//! Fuzzes `assay_fuzz::mounts`.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| assay_fuzz::mounts(data));
