//! The same host gives the same evidence, byte for byte, whichever way it comes.

mod forms;
mod language;
mod offline;
mod specimen;
mod system;
