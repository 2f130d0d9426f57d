//! Why a text is no schedule; each message points at the field.

/// Why a text is no schedule.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ScheduleError {
    /// Another number of fields.
    #[error("{text:?} has {found} fields where {expected} are needed: {names}")]
    Fields {
        /// What was given.
        text: String,
        /// How many it has.
        found: usize,
        /// How many it needs.
        expected: usize,
        /// What they are, in order.
        names: &'static str,
    },
    /// A field is not understood.
    #[error("the field {field} is {text:?}: {reason}")]
    Field {
        /// For example `day of the month`.
        field: &'static str,
        /// The field, or its part.
        text: String,
        /// What is wrong with it.
        reason: String,
    },
    /// `@something` that is not known.
    #[error("{text:?} is no schedule: use @hourly, @daily, @weekly, @monthly or @yearly")]
    Nickname {
        /// What was given.
        text: String,
    },
    /// `rate(…)` that is not understood.
    #[error("{text:?} is no rate: use rate(1 day), rate(12 hours) and the like")]
    Rate {
        /// What was given.
        text: String,
    },
    /// Longer than any schedule.
    #[error("the schedule has {bytes} bytes, more than the {limit} that are read")]
    TooLong {
        /// Its length.
        bytes: usize,
        /// The limit.
        limit: usize,
    },
    /// No day ever matches, as the 30th of February.
    #[error("{text:?} never comes: no day is like that")]
    Never {
        /// What was given.
        text: String,
    },
}
