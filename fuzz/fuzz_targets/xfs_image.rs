//! Fuzzes `assay_fuzz::xfs_image`.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| assay_fuzz::xfs_image(data));
