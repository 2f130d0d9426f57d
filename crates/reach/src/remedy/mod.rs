//! Remedies: what closes an exposure, and what opens a flow that is stopped. Each is verified by analysing the network again.

mod apply;
mod candidates;
mod cut;
mod edit;
mod open;
mod search;
mod target;

pub use apply::apply;
pub use cut::{Cut, CutAnswer, cut};
pub use edit::{Edit, EditText};
pub use open::{OpenAnswer, open};
pub use target::{CutTarget, Entry, NoEntry, TargetError};

pub(crate) use candidates::entry as acl_entry;
pub(crate) use edit::host_block;
