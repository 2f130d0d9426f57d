//! The command as its users run it: the real program, real files, exact exit codes.

mod assess;
mod command_line;
mod explain;
mod feeds;
mod hostile;
mod rules;
mod support;
