//! Changes: what became reachable between two snapshots, and by which change of configuration.

mod difference;
mod settings;

pub use difference::{Change, Direction, difference};

pub(crate) use difference::difference_but;
