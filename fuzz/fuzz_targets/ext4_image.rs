//! Fuzzes `assay_fuzz::ext4_image`.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| assay_fuzz::ext4_image(data));
