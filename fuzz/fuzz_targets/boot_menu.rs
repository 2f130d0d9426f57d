//! Fuzzes `assay_fuzz::boot_menu`.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| assay_fuzz::boot_menu(data));
