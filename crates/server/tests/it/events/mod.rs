//! Events: subscriptions, what is announced to whom, and how it gets there.

mod audit;
mod delivery;
mod receiver;
mod sns;
mod subscriptions;

pub(crate) use subscriptions::stored_run;
