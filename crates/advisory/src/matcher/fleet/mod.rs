//! Fleet: many stored inventories, so kept that one vulnerability is looked up in all of them at once.

mod answer;
mod circumstances;
mod content;
mod distinct;
mod holders;
mod inventories;

pub use answer::FleetAnswer;
pub use inventories::Fleet;
