//! Everything the API answers instead of a result: the model's exceptions and those of the protocol (reference §4).
//!
//! Each has an HTTP status, a name for `__type` and `x-amzn-ErrorType`, and a body. SDKs ignore `canRetry` and decide by name
//! and status.

use serde::Serialize;

use crate::generated::{
    AccessDeniedErrorCode, AccessDeniedException, AgentAlreadyRunningAssessment,
    AgentsAlreadyRunningAssessmentException, AssessmentRunInProgressException, InternalException,
    InvalidCrossAccountRoleErrorCode, InvalidCrossAccountRoleException, InvalidInputErrorCode, InvalidInputException,
    LimitExceededErrorCode, LimitExceededException, NoSuchEntityErrorCode, NoSuchEntityException,
    PreviewGenerationInProgressException, ServiceTemporarilyUnavailableException, UnsupportedFeatureException,
};
use crate::protocol_error::{ProtocolError, ProtocolErrorKind};

/// Most characters of a message (shape `ErrorMessage`).
const MAX_MESSAGE_CHARACTERS: usize = 1000;
/// Most runs or agents that an exception names (shapes `AssessmentRunInProgressArnList`, `AgentAlreadyRunningAssessmentList`).
const MAX_NAMED: usize = 10;

macro_rules! api_error {
    ($($(#[$doc:meta])* $variant:ident($exception:ident) = $status:literal,)+) => {
        /// Why a request got no result.
        #[derive(Clone, Debug, PartialEq)]
        pub enum ApiError {
            $($(#[$doc])* $variant($exception),)+
            /// The request never got as far as the service.
            Protocol(ProtocolError),
        }

        impl ApiError {
            /// The name in `__type` and in the header `x-amzn-ErrorType`.
            pub fn name(&self) -> &'static str {
                match self {
                    $(ApiError::$variant(_) => stringify!($exception),)+
                    ApiError::Protocol(error) => error.kind.name(),
                }
            }

            /// The HTTP status.
            pub fn status(&self) -> u16 {
                match self {
                    $(ApiError::$variant(_) => $status,)+
                    ApiError::Protocol(error) => error.kind.status(),
                }
            }

            /// What went wrong, in words for the caller.
            pub fn message(&self) -> &str {
                match self {
                    $(ApiError::$variant(exception) => &exception.message,)+
                    ApiError::Protocol(error) => &error.message,
                }
            }

            /// The body: JSON with `__type`, `message` and the exception's other members.
            pub fn encode(&self) -> Vec<u8> {
                match self {
                    $(ApiError::$variant(exception) => write(self.name(), exception),)+
                    ApiError::Protocol(error) => write(self.name(), error),
                }
            }
        }
    };
}

api_error! {
    /// The object is another account's or region's, or the caller may not do this to it.
    AccessDenied(AccessDeniedException) = 400,
    /// An instance takes part in another active run.
    AgentsAlreadyRunningAssessment(AgentsAlreadyRunningAssessmentException) = 400,
    /// The object has an active run.
    AssessmentRunInProgress(AssessmentRunInProgressException) = 400,
    /// Our own defect.
    Internal(InternalException) = 500,
    /// The registered role cannot be used.
    InvalidCrossAccountRole(InvalidCrossAccountRoleException) = 400,
    /// A member's value is outside of its limits.
    InvalidInput(InvalidInputException) = 400,
    /// The account has as many as it may have.
    LimitExceeded(LimitExceededException) = 400,
    /// A well-formed ARN, but no object.
    NoSuchEntity(NoSuchEntityException) = 400,
    /// The preview of exclusions is still being computed.
    PreviewGenerationInProgress(PreviewGenerationInProgressException) = 400,
    /// Come again later. SDKs do not retry it by themselves.
    ServiceTemporarilyUnavailable(ServiceTemporarilyUnavailableException) = 400,
    /// The run is too old for a report.
    UnsupportedFeature(UnsupportedFeatureException) = 400,
}

impl ApiError {
    /// A member's value is outside of its limits.
    pub fn invalid_input(code: InvalidInputErrorCode, message: impl Into<String>) -> ApiError {
        let message = bounded(message);
        ApiError::InvalidInput(InvalidInputException { message, error_code: code, can_retry: false })
    }

    /// A well-formed ARN, but no object.
    pub fn no_such_entity(code: NoSuchEntityErrorCode, message: impl Into<String>) -> ApiError {
        let message = bounded(message);
        ApiError::NoSuchEntity(NoSuchEntityException { message, error_code: code, can_retry: false })
    }

    /// The object is another account's or region's, or the caller may not do this to it.
    pub fn access_denied(code: AccessDeniedErrorCode, message: impl Into<String>) -> ApiError {
        let message = bounded(message);
        ApiError::AccessDenied(AccessDeniedException { message, error_code: code, can_retry: false })
    }

    /// The account has as many as it may have.
    pub fn limit_exceeded(code: LimitExceededErrorCode, message: impl Into<String>) -> ApiError {
        let message = bounded(message);
        ApiError::LimitExceeded(LimitExceededException { message, error_code: code, can_retry: false })
    }

    /// The registered role cannot be used.
    pub fn invalid_role(code: InvalidCrossAccountRoleErrorCode, message: impl Into<String>) -> ApiError {
        let message = bounded(message);
        ApiError::InvalidCrossAccountRole(InvalidCrossAccountRoleException {
            message,
            error_code: code,
            can_retry: false,
        })
    }

    /// Runs are active; the first ten are named. At least one has to be given, the model wants it so.
    pub fn run_in_progress(runs: impl IntoIterator<Item = String>, message: impl Into<String>) -> ApiError {
        let (assessment_run_arns, assessment_run_arns_truncated) = first_ten(runs);
        ApiError::AssessmentRunInProgress(AssessmentRunInProgressException {
            message: bounded(message),
            assessment_run_arns,
            assessment_run_arns_truncated,
            can_retry: true,
        })
    }

    /// Instances take part in other active runs; the first ten are named. At least one has to be given.
    pub fn agents_already_running(
        agents: impl IntoIterator<Item = AgentAlreadyRunningAssessment>,
        message: impl Into<String>,
    ) -> ApiError {
        let (agents, agents_truncated) = first_ten(agents);
        ApiError::AgentsAlreadyRunningAssessment(AgentsAlreadyRunningAssessmentException {
            message: bounded(message),
            agents,
            agents_truncated,
            can_retry: false,
        })
    }

    /// The preview of exclusions is still being computed.
    pub fn preview_in_progress(message: impl Into<String>) -> ApiError {
        ApiError::PreviewGenerationInProgress(PreviewGenerationInProgressException { message: bounded(message) })
    }

    /// Come again later.
    pub fn temporarily_unavailable(message: impl Into<String>) -> ApiError {
        let message = bounded(message);
        ApiError::ServiceTemporarilyUnavailable(ServiceTemporarilyUnavailableException { message, can_retry: true })
    }

    /// Not to be had for this object.
    pub fn unsupported_feature(message: impl Into<String>) -> ApiError {
        ApiError::UnsupportedFeature(UnsupportedFeatureException { message: bounded(message), can_retry: false })
    }

    /// Our own defect. The message goes to the caller: it names no path, no query and no secret.
    pub fn internal(message: impl Into<String>) -> ApiError {
        ApiError::Internal(InternalException { message: bounded(message), can_retry: true })
    }

    /// An error that the model does not know.
    pub fn protocol(kind: ProtocolErrorKind, message: impl Into<String>) -> ApiError {
        ApiError::Protocol(ProtocolError { kind, message: bounded(message) })
    }
}

impl std::fmt::Display for ApiError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.name(), self.message())
    }
}

impl std::error::Error for ApiError {}

#[derive(Serialize)]
struct Body<'a, T> {
    #[serde(rename = "__type")]
    name: &'a str,
    #[serde(flatten)]
    members: &'a T,
}

fn write<T: Serialize>(name: &str, members: &T) -> Vec<u8> {
    // Texts, flags and lists of texts: there is nothing in them that JSON cannot hold.
    serde_json::to_vec(&Body { name, members }).unwrap_or_default()
}

fn bounded(message: impl Into<String>) -> String {
    let message: String = message.into();
    match message.char_indices().nth(MAX_MESSAGE_CHARACTERS) {
        None => message,
        Some(_) => message.chars().take(MAX_MESSAGE_CHARACTERS - 1).chain(['…']).collect(),
    }
}

fn first_ten<T>(all: impl IntoIterator<Item = T>) -> (Vec<T>, bool) {
    let mut all = all.into_iter();
    let named = all.by_ref().take(MAX_NAMED).collect();
    (named, all.next().is_some())
}
