//! Fuzzes `assay_fuzz::wire_sigv4`.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| assay_fuzz::wire_sigv4(data));
