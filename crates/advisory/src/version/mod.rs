//! Version orders, one file per ecosystem. A version is parsed once and compared by its ecosystem's rules, never as text.

pub mod debian;
