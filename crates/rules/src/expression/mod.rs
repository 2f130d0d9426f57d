//! CEL expressions of rules: compiling within limits, evaluating within a budget, printing back.

mod check;
mod compile;
mod counting;
mod macros;
mod print;

pub(crate) use compile::{Expression, Names};
pub(crate) use counting::{COUNTED, with_counting};
pub(crate) use macros::comprehension_of;
pub(crate) use print::print;
