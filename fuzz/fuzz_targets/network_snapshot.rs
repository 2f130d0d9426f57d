//! Fuzzes `assay_fuzz::network_snapshot`.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| assay_fuzz::network_snapshot(data));
