//! The service: what every call and every background task shares, and who calls.

mod auditor;
mod caller;
mod judge;
mod limits;
mod metrics;
mod monitor;
mod random;
mod rate;
mod refusals;
mod retention;
mod role;
mod shared;
mod signal;

pub(crate) use auditor::record;
pub use caller::Caller;
pub use judge::{Judge, Judgement, NetworkSubject, RulesPackageAbout, Subject, Support};
pub use limits::{LimitError, Limits};
pub use random::{random_id, random_key_id, random_secret};
pub(crate) use refusals::Refused;
pub use refusals::record_refusals;
pub use retention::{EvidenceRetention, retention_handler};
pub use role::{ParseRoleError, Role};
pub use shared::{Service, ServiceError};
pub use signal::{Signal, Waiter};
