//! Fuzzes `assay_fuzz::sshd_config`.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| assay_fuzz::sshd_config(data));
