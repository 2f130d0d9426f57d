//! Fuzzes `assay_fuzz::installed_libraries`.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| assay_fuzz::installed_libraries(data));
