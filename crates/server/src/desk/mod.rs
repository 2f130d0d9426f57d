//! The desk of the service: what agents ask, answered from the store.

mod evidence;
mod instructions;
mod run_watch;
mod store_desk;
mod token;

pub use store_desk::StoreDesk;
pub use token::{NewToken, token_digest};
