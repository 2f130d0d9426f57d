//! The store: targets, templates, runs, findings, exclusions, rule results and evidence (design §5, §7).
//!
//! One SQLite file, `assay.db`, in the data directory, or a PostgreSQL database: the same SQL for both. A row's `body`
//! is the model's serde form, so what is read back equals what was saved, to the nanosecond and the last bit.

mod accounts;
mod agents;
mod certificates;
mod chunks;
mod connections;
mod creation;
mod cross_account_role;
mod deletion;
mod enrolment;
mod error;
mod evaluation;
mod evidence;
mod exclusion_previews;
mod filter;
mod findings;
mod instances;
mod intake;
mod jobs;
mod member_health;
mod members;
mod open;
mod page;
mod resource_groups;
mod rows;
mod run_list;
mod run_progress;
mod run_start;
mod run_state;
mod runs;
mod save;
mod settings;
mod statement;
mod summary;
mod target_members;
mod targets;
mod templates;
mod tokens;
mod work;

pub use accounts::{AccessKey, Account};
pub use agents::Agent;
pub use creation::{Creation, CreationPosition};
pub use deletion::Deletion;
pub use enrolment::Enrolment;
pub use error::StoreError;
pub use evaluation::{Evaluated, Evaluation, HostOfRun};
pub use exclusion_previews::{ExclusionText, Preview, PreviewBegun, PreviewPosition};
pub use filter::{FindingFilter, RunFilter};
pub use instances::{Instance, InstanceInterface, InstanceState, Inventory};
pub use intake::{Intake, PackedEvidence};
pub use jobs::{DeadJob, Held, LeasedJob, NewJob};
pub(crate) use jobs::{EVALUATION_JOB, EXCLUSIONS_PREVIEW_JOB, RUN_JOB};
pub use members::{Member, MemberPosition, Membership};
pub use open::{FILE_NAME, Store};
pub use page::{FindingPosition, Listing, Page, RunPosition};
pub use resource_groups::ResourceGroup;
pub use run_list::{Range, RunAgent, RunAgentFilter, RunAgentPosition, RunListFilter};
pub use run_progress::{Moved, RunHost, RunProgress, StageCounts};
pub use run_start::{BusyAgent, NewRun, NewRunAgent, Stage, Started};
pub use run_state::{AfterStop, Stopped};
pub use summary::RunSummary;
pub use templates::{TemplateFilter, TemplateSummary};
pub use tokens::EnrolmentToken;
pub use work::{AgentWork, Assignment};
