//! The desk of the service: what agents ask, answered from the store.

mod authority;
mod evidence;
mod instructions;
mod run_watch;
mod shutdown;
mod store_desk;
mod token;

pub use authority::{OpenAuthorityError, open_authority};
pub use store_desk::StoreDesk;
pub use token::{NewToken, token_digest};
