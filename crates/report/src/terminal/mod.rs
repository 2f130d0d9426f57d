//! The formats for a terminal: the table of an assessment, one finding in full, and why it was made.
//!
//! Width and colours are arguments. Every text of the assessment passes [`visible`](crate::visible) before it is laid
//! out, so that an escape sequence in a host name is shown and not obeyed.

mod comparison_text;
mod finding_table;
mod finding_text;
mod grid;
mod page;
mod paint;
mod run_table;
mod summary;
mod why_text;

pub use comparison_text::comparison_text;
pub use finding_table::finding_table;
pub use finding_text::finding_text;
pub use run_table::{RunRow, run_table};
pub(crate) use summary::{TABLE, TEXT};
pub use why_text::why_text;
