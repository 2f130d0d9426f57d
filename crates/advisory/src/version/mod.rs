//! Version orders, one file per ecosystem. A version is parsed once and compared by its ecosystem's rules, never as text.

pub mod debian;
pub mod rpm;

mod digits;
mod error;
mod order;
mod parsed;

pub use error::ParseVersionError;
pub use order::VersionOrder;
pub use parsed::Version;
