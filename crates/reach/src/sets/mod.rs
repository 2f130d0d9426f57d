//! Sets of packets: addresses, ports, and both together. All are canonical: equal sets are equal values.

mod addresses;
mod cells;
mod family;
mod ports;

pub use addresses::AddressSet;
pub use cells::{Cell, Cells, Verdict};
pub use family::Family;
pub use ports::Ports;
