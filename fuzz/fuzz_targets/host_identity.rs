//! Fuzzes `assay_fuzz::host_identity`.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| assay_fuzz::host_identity(data));
