//! What the limits of single members cannot say: ranges begin before they end, keys occur once (reference §4).
//!
//! A reversed `creationTimeRange` of findings is no error: the model has no code for it, and it selects nothing.

use std::collections::BTreeSet;

use crate::error::ApiError;
use crate::generated::{DurationRange, InvalidInputErrorCode as Code, Request, TimestampRange};

pub(super) fn check(request: &Request) -> Result<(), ApiError> {
    match request {
        Request::AddAttributesToFindings(request) => {
            let keys = request.attributes.iter().map(|attribute| attribute.key.as_str());
            check_keys("attributes", keys, Code::InvalidUserAttributeKey)
        }
        Request::CreateAssessmentTemplate(request) => {
            let attributes = request.user_attributes_for_findings.as_deref().unwrap_or_default();
            let keys = attributes.iter().map(|attribute| attribute.key.as_str());
            check_keys("userAttributesForFindings", keys, Code::InvalidUserAttributeKey)
        }
        Request::SetTagsForResource(request) => {
            let keys = request.tags.as_deref().unwrap_or_default().iter().map(|tag| tag.key.as_str());
            check_keys("tags", keys, Code::InvalidTagKey)
        }
        Request::ListAssessmentTemplates(request) => {
            let Some(filter) = &request.filter else { return Ok(()) };
            check_durations(filter.duration_range.as_ref(), Code::InvalidAssessmentTemplateDurationRange)
        }
        Request::ListAssessmentRuns(request) => {
            let Some(filter) = &request.filter else { return Ok(()) };
            check_durations(filter.duration_range.as_ref(), Code::InvalidAssessmentRunDurationRange)?;
            for (member, range, code) in [
                ("startTimeRange", &filter.start_time_range, Code::InvalidAssessmentRunStartTimeRange),
                ("completionTimeRange", &filter.completion_time_range, Code::InvalidAssessmentRunCompletionTimeRange),
                (
                    "stateChangeTimeRange",
                    &filter.state_change_time_range,
                    Code::InvalidAssessmentRunStateChangeTimeRange,
                ),
            ] {
                check_times(member, range.as_ref(), code)?;
            }
            Ok(())
        }
        _ => Ok(()),
    }
}

fn check_keys<'a>(member: &str, keys: impl Iterator<Item = &'a str>, code: Code) -> Result<(), ApiError> {
    let mut seen = BTreeSet::new();
    for key in keys {
        if !seen.insert(key) {
            return Err(ApiError::invalid_input(code, format!("{member} has the key {key:?} twice")));
        }
    }
    Ok(())
}

fn check_durations(range: Option<&DurationRange>, code: Code) -> Result<(), ApiError> {
    match range {
        Some(DurationRange { min_seconds: Some(min), max_seconds: Some(max) }) if min > max => {
            let message = format!("filter.durationRange begins at {min} seconds, after its end at {max}");
            Err(ApiError::invalid_input(code, message))
        }
        _ => Ok(()),
    }
}

fn check_times(member: &str, range: Option<&TimestampRange>, code: Code) -> Result<(), ApiError> {
    match range {
        Some(TimestampRange { begin_date: Some(begin), end_date: Some(end) }) if begin > end => {
            let message = format!("filter.{member} begins at {}, after its end at {}", begin.0, end.0);
            Err(ApiError::invalid_input(code, message))
        }
        _ => Ok(()),
    }
}
