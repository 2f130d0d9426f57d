//! Making the calls: credentials, signed requests with patience, and the folder that the answers go to.

mod collector;
mod connector;
mod error;
mod identity;
mod list_file;
mod note;
mod patience;
mod session;
mod staging;

pub use collector::{Collected, collect};
pub use error::{AskError, CloudError};
pub use identity::Identity;
pub use note::Note;
pub use patience::Patience;
pub use session::{Session, SessionOptions};
pub use staging::Staging;
