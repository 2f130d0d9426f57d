//! The service: what every call and every background task shares, and who calls.

mod auditor;
mod caller;
mod judge;
mod limits;
mod metrics;
mod monitor;
mod random;
mod rate;
mod retention;
mod role;
mod shared;
mod signal;

pub(crate) use auditor::record;
pub use caller::Caller;
pub use judge::{Judge, Judgement, RulesPackageAbout, Subject, Support};
pub use limits::Limits;
pub use random::{random_id, random_key_id, random_secret};
pub use retention::{EvidenceRetention, retain_evidence};
pub use role::{ParseRoleError, Role};
pub use shared::{Service, ServiceError};
pub use signal::{Signal, Waiter};
