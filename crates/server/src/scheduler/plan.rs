//! Plan: what a stored schedule means to start, and when. Jitter moves all of its starts by the same.

use assay_model::Timestamp;
use jiff::SignedDuration;
use jiff::tz::TimeZone;

use super::declare::DeclareError;
use crate::schedule::{CatchUp, Due, Recurrence, Schedule, due, jitter};
use crate::store::{CatchUpPolicy, ScheduleDeclaration, StoredSchedule};

/// A declaration, understood.
#[derive(Debug)]
pub(super) struct Plan {
    schedule: Schedule,
    jitter: SignedDuration,
    catch_up: CatchUp,
}

impl Plan {
    /// The plan of a declaration that was first made then; jitter is drawn from the seed.
    pub(super) fn of(
        declaration: &ScheduleDeclaration,
        seed: &str,
        created_at: Timestamp,
    ) -> Result<Plan, DeclareError> {
        let ScheduleDeclaration { expression, time_zone, starts_at, jitter_seconds, .. } = declaration;
        let zone = TimeZone::get(time_zone)
            .map_err(|cause| DeclareError::TimeZone { name: time_zone.clone(), cause: cause.to_string() })?;
        let window = SignedDuration::from_secs(declaration.catch_up_window_seconds.into());
        Ok(Plan {
            schedule: Schedule {
                recurrence: Recurrence::read(expression)?,
                zone,
                anchor: starts_at.unwrap_or(created_at),
            },
            jitter: jitter(seed.as_bytes(), SignedDuration::from_secs((*jitter_seconds).into())),
            catch_up: match declaration.catch_up {
                CatchUpPolicy::None => CatchUp::Skip,
                CatchUpPolicy::Once => CatchUp::Once { window },
            },
        })
    }

    pub(super) fn of_stored(stored: &StoredSchedule) -> Result<Plan, DeclareError> {
        Plan::of(&stored.declaration, &seed(stored), stored.created_at)
    }

    /// When the first start that is meant for after an instant is made.
    pub(super) fn first_after(&self, meant_after: Timestamp) -> Option<Timestamp> {
        self.later(self.schedule.next_after(meant_after)?)
    }

    /// The last instant whose starts are to be made by now.
    pub(super) fn meant_until(&self, now: Timestamp) -> Timestamp {
        now.checked_sub(self.jitter).unwrap_or(Timestamp::MIN)
    }

    /// What is due now, by the instant meant; and when the next start is made.
    pub(super) fn due(&self, dealt_at: Timestamp, now: Timestamp) -> Due {
        let Due { start, next } = due(&self.schedule, self.catch_up, dealt_at, self.meant_until(now));
        Due { start, next: next.and_then(|next| self.later(next)) }
    }

    fn later(&self, meant: Timestamp) -> Option<Timestamp> {
        meant.checked_add(self.jitter).ok()
    }
}

/// The next starts of a schedule, at most `most`, the jitter included; none where it is disabled or starts nothing any more.
pub fn next_starts(stored: &StoredSchedule, most: usize) -> Vec<Timestamp> {
    let Ok(plan) = Plan::of_stored(stored) else { return Vec::new() };
    std::iter::successors(stored.next_at, |start| plan.first_after(plan.meant_until(*start))).take(most).collect()
}

/// What jitter is drawn from.
pub(super) fn seed(stored: &StoredSchedule) -> String {
    let realm = stored.template.realm();
    format!("{}/{}/{}", realm.region, realm.account, stored.name)
}
