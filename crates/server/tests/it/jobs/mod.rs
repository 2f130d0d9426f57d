//! Jobs: what the store promises of them, and what workers make of it.

mod store;
mod workers;
