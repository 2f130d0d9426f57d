//! Run reports: the same sections in the same order in every format, and what hostile values come to.

mod builder;
mod html;
mod order;
#[cfg(feature = "pdf")]
mod pdf;
