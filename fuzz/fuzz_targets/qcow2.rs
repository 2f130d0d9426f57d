//! Fuzzes `assay_fuzz::qcow2`.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| assay_fuzz::qcow2(data));
