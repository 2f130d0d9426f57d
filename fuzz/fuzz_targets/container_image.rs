//! Fuzzes `assay_fuzz::container_image`.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| assay_fuzz::container_image(data));
