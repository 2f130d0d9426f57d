//! Declaring a schedule: once more changes nothing.

use assay_model::Timestamp;
use assay_model::arn::TemplateArn;

use super::plan::{Plan, seed};
use crate::schedule::ScheduleError;
use crate::service::Limits;
use crate::store::{CatchUpPolicy, Creation, ScheduleDeclaration, Store, StoreError, StoredSchedule};

/// Longest name, in characters, as those of templates.
const MAX_NAME_CHARACTERS: usize = 140;
/// Longest jitter and oldest start that is made up for, in seconds: a day, and 31 of them.
const MAX_JITTER: u32 = 86_400;
const MAX_WINDOW: u32 = 31 * 86_400;
/// How often a change is tried while turns are taken meanwhile.
const ATTEMPTS: usize = 10;

/// Why a schedule cannot be declared so.
#[derive(Debug, thiserror::Error)]
pub enum DeclareError {
    /// The name.
    #[error("the name has {found} characters, it has to have 1 to {MAX_NAME_CHARACTERS}, none of them for control")]
    Name {
        /// How many it has.
        found: usize,
    },
    /// The expression.
    #[error(transparent)]
    Expression(#[from] ScheduleError),
    /// The expression matches no instant that is still to come.
    #[error("{expression:?} never comes again")]
    Never {
        /// The expression.
        expression: String,
    },
    /// The time zone.
    #[error("{name:?} is no time zone that this system knows, such as UTC or Europe/Berlin: {cause}")]
    TimeZone {
        /// What was given.
        name: String,
        /// What the database of time zones says.
        cause: String,
    },
    /// A number of seconds.
    #[error("{member} is {found} seconds, it has to be at most {limit}")]
    Seconds {
        /// Which.
        member: &'static str,
        /// What was given.
        found: u32,
        /// The limit.
        limit: u32,
    },
    /// The template is not there.
    #[error("there is no template {template}")]
    NoTemplate {
        /// Its ARN.
        template: TemplateArn,
    },
    /// The realm has as many as it may have.
    #[error("the account has {most} schedules in this region, which is the limit")]
    TooMany {
        /// The limit.
        most: u64,
    },
    /// Others change it all the time.
    #[error("the schedule was changed by others meanwhile: come again")]
    Contended,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What became of a declaration.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Declared {
    /// There was none of this name.
    Created,
    /// It was another one.
    Updated,
    /// It was this one already: nothing is changed.
    Unchanged,
}

impl Default for ScheduleDeclaration {
    /// Enabled, in UTC, without jitter, and one run for what was missed within a day. The expression is for the caller.
    fn default() -> ScheduleDeclaration {
        ScheduleDeclaration {
            expression: String::new(),
            time_zone: "UTC".to_owned(),
            starts_at: None,
            jitter_seconds: 0,
            catch_up: CatchUpPolicy::Once,
            catch_up_window_seconds: 86_400,
            is_enabled: true,
        }
    }
}

/// Checks a declaration as far as that can be done without the store. It may be for a time that is over.
///
/// # Errors
///
/// When it is of no use.
pub(crate) fn check(name: &str, declaration: &ScheduleDeclaration, now: Timestamp) -> Result<(), DeclareError> {
    let found = name.chars().count();
    if !(1..=MAX_NAME_CHARACTERS).contains(&found) || name.chars().any(char::is_control) {
        return Err(DeclareError::Name { found });
    }
    for (member, found, limit) in [
        ("the jitter", declaration.jitter_seconds, MAX_JITTER),
        ("the window of catching up", declaration.catch_up_window_seconds, MAX_WINDOW),
    ] {
        if found > limit {
            return Err(DeclareError::Seconds { member, found, limit });
        }
    }
    Plan::of(declaration, name, now).map(drop)
}

/// Declares the schedule of a name in its template's realm. A new or changed one starts what is meant for after now.
///
/// # Errors
///
/// When it is of no use, its template is not there, there are too many, or the store fails; then nothing is changed.
pub async fn put(
    store: &Store,
    limits: &Limits,
    name: &str,
    template: &TemplateArn,
    declaration: &ScheduleDeclaration,
    now: Timestamp,
) -> Result<(Declared, StoredSchedule), DeclareError> {
    // The store keeps milliseconds.
    let now = Timestamp::from_millisecond(now.as_millisecond()).unwrap_or(now);
    for _ in 0..ATTEMPTS {
        let before = store.schedule(&template.realm(), name).await?;
        if let Some(before) = &before
            && before.template == *template
            && before.declaration == *declaration
        {
            return Ok((Declared::Unchanged, before.clone()));
        }
        check(name, declaration, now)?;
        if Plan::of(declaration, name, now)?.first_after(now).is_none() {
            return Err(DeclareError::Never { expression: declaration.expression.clone() });
        }
        let mut wanted = StoredSchedule {
            name: name.to_owned(),
            template: template.clone(),
            declaration: declaration.clone(),
            created_at: before.as_ref().map_or(now, |before| before.created_at),
            version: before.as_ref().map_or(1, |before| before.version),
            dealt_at: now,
            next_at: None,
            last_at: before.as_ref().and_then(|before| before.last_at),
            last_run: before.as_ref().and_then(|before| before.last_run.clone()),
            problem: None,
        };
        if declaration.is_enabled {
            wanted.next_at = Plan::of(declaration, &seed(&wanted), wanted.created_at)?.first_after(now);
        }
        let outcome = match &before {
            None => Some(store.create_schedule(&wanted, limits.schedules).await?),
            Some(_) => store.replace_schedule(&wanted).await?,
        };
        match outcome {
            Some(Creation::Done) if before.is_none() => return Ok((Declared::Created, wanted)),
            Some(Creation::Done) => {
                wanted.version += 1;
                return Ok((Declared::Updated, wanted));
            }
            Some(Creation::NoParent) => return Err(DeclareError::NoTemplate { template: template.clone() }),
            Some(Creation::TooMany) => return Err(DeclareError::TooMany { most: limits.schedules }),
            // Somebody was faster.
            Some(Creation::NameTaken) | None => {}
        }
    }
    Err(DeclareError::Contended)
}
