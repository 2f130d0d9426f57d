//! Packages of programming languages: what lock files name, what is installed, what programs hold.
//!
//! One walk over the host finds all of them; the parsers take bytes and open nothing.

pub mod archive;
mod candidate;
mod collector;
pub mod found;
pub mod installed;
pub mod lock;
pub mod name;
mod problem_list;
pub mod program;
mod read;
mod walk;

pub use collector::collect;
