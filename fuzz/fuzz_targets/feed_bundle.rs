//! Fuzzes `assay_fuzz::feed_bundle`.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| assay_fuzz::feed_bundle(data));
