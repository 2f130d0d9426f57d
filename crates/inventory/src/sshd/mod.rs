//! sshd's effective configuration, worked out from its files (sshd_config(5)) with file and line of each value.
//!
//! The result says what a connection gets that no conditional Match block touches, which is what `sshd -T` prints when
//! it is asked about no connection: values are in that program's spelling (`2m` is `120`, `Yes` is `yes`), except that
//! `without-password` is written with its newer name `prohibit-password`. The grammar is the one of the installed
//! release: from 8.7 on arguments are split with quotes and escapes, before it a `#` anywhere ends the line.
//!
//! Surprising: `Match all` is no formality. What stands in it *replaces* what the same file set globally before it, for
//! the keywords that a Match block may hold; this is why those values end up in `effective` too.
//!
//! A keyword that cannot be decided is absent: after an included file that could not be read, every keyword that had no
//! value by then; a keyword whose line is broken; an algorithm list that changes a compiled-in list which is not known
//! for the installed build.

mod algorithm;
mod algorithm_lists;
mod argument;
mod collect;
mod command_line;
mod defaults;
mod glob;
mod interpreter;
mod keyword;
mod line;
mod listen;
mod program;
mod store;
mod value;

#[cfg(test)]
mod tests;

pub use collect::collect;
pub use command_line::{CommandLineOption, parse_options};
pub use glob::file_name_matches;
pub use line::{Grammar, Line, LineError, parse_line};
pub use program::{Build, Program, Release};
