//! One file per command; each returns how the process ends.

mod admin;
mod admin_agents;
mod agent;
mod apply;
mod assess;
mod audit;
#[cfg(feature = "aws")]
mod aws;
#[cfg(feature = "aws")]
mod aws_instances;
mod bundle;
mod claim_reason;
mod collect;
mod compare;
mod credentials;
mod databases;
mod doctor;
mod evidence;
mod feeds;
mod findings;
mod hosts;
mod jobs;
mod judge;
mod knowledge;
mod manual;
mod network;
mod network_collect;
mod network_edits;
mod network_policy;
mod outbox;
mod rules;
mod run;
mod runs;
mod sbom;
mod sentence;
mod serve;
mod store;
mod vex;
mod why;
mod why_not;

pub use credentials::DEFAULT_ACCOUNT;
pub use run::run;
