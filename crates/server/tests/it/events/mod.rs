//! Events: subscriptions, what is announced to whom, and how it gets there.

mod audit;
mod delivery;
mod receiver;
mod subscriptions;
