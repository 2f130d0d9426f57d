//! Own operations: their names, and who may call them.

use crate::service::Role;

/// What the `X-Amz-Target` header begins with.
const TARGET_PREFIX: &str = "Assay.";

macro_rules! own_operations {
    ($($(#[$doc:meta])* $name:ident = $least:ident,)+) => {
        /// An operation of Assay's own.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub(crate) enum OwnOperation {
            $($(#[$doc])* $name,)+
        }

        impl OwnOperation {
            /// The operation that an `X-Amz-Target` header names.
            pub(crate) fn from_target(header: &str) -> Option<OwnOperation> {
                match header.strip_prefix(TARGET_PREFIX)? {
                    $(stringify!($name) => Some(OwnOperation::$name),)+
                    _ => None,
                }
            }

            /// Its name.
            pub(crate) fn as_str(self) -> &'static str {
                match self {
                    $(OwnOperation::$name => stringify!($name),)+
                }
            }

            /// The least role that may call it.
            pub(crate) fn least_role(self) -> Role {
                match self {
                    $(OwnOperation::$name => Role::$least,)+
                }
            }
        }
    };
}

own_operations! {
    /// Deletes a schedule.
    DeleteSchedule = Operator,
    /// Describes findings that live on, by their keys.
    DescribeLiveFindings = ReadOnly,
    /// Lists findings that live on.
    ListLiveFindings = ReadOnly,
    /// Lists schedules.
    ListSchedules = ReadOnly,
    /// Declares a schedule.
    PutSchedule = Operator,
}
