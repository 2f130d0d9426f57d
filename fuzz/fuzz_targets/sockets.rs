//! Fuzzes `assay_fuzz::sockets`.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| assay_fuzz::sockets(data));
