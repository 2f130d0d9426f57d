//! The agents' side of the control plane: who they are (`authority`), what they say (`handlers`), how (`listener`).
//!
//! What has to be remembered is asked of a [`Desk`]: this module keeps no state but its own certificates.

mod answer;
mod authority;
mod authority_error;
mod desk;
mod handlers;
mod listener;
mod peer;
mod transport;

pub use authority::{Authority, CERTIFICATE_LIFETIME};
pub use authority_error::AuthorityError;
pub use desk::{AgentKey, Certificate, Desk, DeskError, Directive, Reply, Stored};
pub use listener::{ListenerError, ListenerOptions, serve};
