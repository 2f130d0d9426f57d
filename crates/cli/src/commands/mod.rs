//! One file per command; each returns how the process ends.

mod assess;
mod bundle;
mod claim_reason;
mod collect;
mod compare;
mod databases;
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
mod sentence;
mod store;
mod vex;
mod why;
mod why_not;

pub use run::run;
