//! Packages of programming languages: what lock files name, what is installed, what programs hold.

pub mod found;
pub mod lock;
pub mod name;
