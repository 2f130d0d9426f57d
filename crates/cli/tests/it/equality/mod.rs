//! The same host gives the same evidence, byte for byte, whichever way it comes.

mod compare;
mod forms;
mod language;
mod logical_volume;
mod machine;
mod offline;
mod running;
mod specimen;
mod system;
