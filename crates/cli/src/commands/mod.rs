//! One file per command; each returns how the process ends.

mod assess;
mod bundle;
mod claim_reason;
mod collect;
mod compare;
mod doctor;
mod evidence;
mod feeds;
mod findings;
mod knowledge;
mod manual;
mod rules;
mod run;
mod runs;
mod sbom;
mod store;
mod vex;
mod why;

pub use run::run;
