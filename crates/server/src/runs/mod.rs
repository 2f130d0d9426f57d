//! The life of assessment runs (reference §8.3): started by the API or a schedule, moved on by jobs, judged host by host.
//!
//! What a run does next is decided by a pure function (`decide`); a job asks it and changes the run (`driver`), another
//! judges one host (`evaluate`), their networks are judged at the end (`networks`), a third one computes previews (`preview`). What was not checked is said in `exclusions`.

mod decide;
mod driver;
mod evaluate;
mod exclusions;
mod handlers;
mod networks;
mod preview;
mod start;
mod timing;

pub use handlers::handlers;
pub(crate) use start::start_scheduled;
pub use start::{StartError, start};
pub use timing::RunTiming;
