//! Parsers of lock files against files of other scanners' tests, and against hostile ones.

mod hostile;
mod specimens;
