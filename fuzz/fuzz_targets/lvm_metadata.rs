//! Fuzzes `assay_fuzz::lvm_metadata`.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| assay_fuzz::lvm_metadata(data));
