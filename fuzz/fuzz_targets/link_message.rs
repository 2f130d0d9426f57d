//! Fuzzes `assay_fuzz::link_message`.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| assay_fuzz::link_message(data));
