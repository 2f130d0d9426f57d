//! Schedules: `Assay.PutSchedule`, `Assay.ListSchedules` and `Assay.DeleteSchedule`.

use assay_model::Timestamp;
use assay_model::arn::TemplateArn;
use assay_wire::arn::EntityArn as _;
use assay_wire::{ApiError, ProtocolErrorKind};
use serde::{Deserialize, Serialize};

use super::body::invalid;
use super::call::OwnCall;
use super::operation::OwnOperation;
use super::token::TokenScope;
use crate::api::call::Stored as _;
use crate::api::failure::internal;
use crate::scheduler::{self, DeclareError, Declared};
use crate::store::{CatchUpPolicy, Page, ScheduleDeclaration, StoredSchedule};

/// Schedules of a page when the caller names no number, and most of them.
const DEFAULT_PAGE: u32 = 100;
const LARGEST_PAGE: u32 = 500;
/// How many of the next starts are told.
const NEXT_STARTS: usize = 3;

/// A request of `PutSchedule`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct PutRequest {
    name: String,
    assessment_template_arn: String,
    expression: String,
    time_zone: Option<String>,
    starts_at: Option<Timestamp>,
    jitter_in_seconds: Option<u32>,
    catch_up: Option<CatchUpPolicy>,
    catch_up_window_in_seconds: Option<u32>,
    enabled: Option<bool>,
}

/// An answer of `PutSchedule`.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct PutAnswer {
    outcome: &'static str,
    schedule: OwnSchedule,
}

/// A request of `ListSchedules`.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct ListRequest {
    next_token: Option<String>,
    max_results: Option<u32>,
}

/// An answer of `ListSchedules`.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ListAnswer {
    schedules: Vec<OwnSchedule>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_token: Option<String>,
}

/// A request of `DeleteSchedule`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct DeleteRequest {
    name: String,
}

/// An answer of `DeleteSchedule`.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct DeleteAnswer {
    deleted: bool,
}

/// A schedule. Times are RFC 3339.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct OwnSchedule {
    name: String,
    assessment_template_arn: String,
    expression: String,
    time_zone: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    starts_at: Option<String>,
    jitter_in_seconds: u32,
    catch_up: CatchUpPolicy,
    catch_up_window_in_seconds: u32,
    enabled: bool,
    created_at: String,
    next_starts: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_start_at: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_assessment_run_arn: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_problem: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_problem_at: Option<String>,
}

/// Declares a schedule; once more changes nothing.
pub(super) async fn put(call: &OwnCall<'_>, request: &PutRequest) -> Result<PutAnswer, ApiError> {
    let template = TemplateArn::of_member("assessmentTemplateArn", &request.assessment_template_arn)?;
    if template.realm() != *call.realm() {
        return Err(template.is_denied());
    }
    let unless_told = ScheduleDeclaration::default();
    let declaration = ScheduleDeclaration {
        expression: request.expression.trim().to_owned(),
        time_zone: request.time_zone.clone().unwrap_or(unless_told.time_zone),
        starts_at: request.starts_at,
        jitter_seconds: request.jitter_in_seconds.unwrap_or(unless_told.jitter_seconds),
        catch_up: request.catch_up.unwrap_or(unless_told.catch_up),
        catch_up_window_seconds: request.catch_up_window_in_seconds.unwrap_or(unless_told.catch_up_window_seconds),
        is_enabled: request.enabled.unwrap_or(unless_told.is_enabled),
    };
    let (service, name) = (call.service, request.name.as_str());
    let put = scheduler::put(&service.store, &service.limits, name, &template, &declaration, service.now()).await;
    let (declared, schedule) = put.map_err(not_declared)?;
    let outcome = match declared {
        Declared::Created => "CREATED",
        Declared::Updated => "UPDATED",
        Declared::Unchanged => "UNCHANGED",
    };
    Ok(PutAnswer { outcome, schedule: own(schedule) })
}

/// Lists schedules by name.
pub(super) async fn list(call: &OwnCall<'_>, request: &ListRequest) -> Result<ListAnswer, ApiError> {
    let limit = request.max_results.unwrap_or(DEFAULT_PAGE);
    if !(1..=LARGEST_PAGE).contains(&limit) {
        return Err(invalid(format!("maxResults is {limit}, it has to be from 1 to {LARGEST_PAGE}")));
    }
    let scope = TokenScope { realm: call.realm(), operation: OwnOperation::ListSchedules, query: &() };
    let page = Page { limit, after: call.service.own_tokens.open(scope, request.next_token.as_deref())? };
    let listing = call.service.store.schedules(call.realm(), &page).await.or_internal()?;
    Ok(ListAnswer {
        next_token: call.service.own_tokens.seal(scope, listing.next.as_ref())?,
        schedules: listing.items.into_iter().map(own).collect(),
    })
}

/// Deletes a schedule; one that is not there is no error.
pub(super) async fn delete(call: &OwnCall<'_>, request: &DeleteRequest) -> Result<DeleteAnswer, ApiError> {
    let deleted = call.service.store.delete_schedule(call.realm(), &request.name).await.or_internal()?;
    Ok(DeleteAnswer { deleted })
}

fn not_declared(error: DeclareError) -> ApiError {
    match error {
        DeclareError::NoTemplate { template } => template.does_not_exist(),
        DeclareError::Store(error) => internal(&error),
        DeclareError::Contended => ApiError::protocol(ProtocolErrorKind::ServiceUnavailable, error.to_string()),
        _ => invalid(error.to_string()),
    }
}

fn own(schedule: StoredSchedule) -> OwnSchedule {
    let next_starts = scheduler::next_starts(&schedule, NEXT_STARTS);
    let StoredSchedule { name, template, declaration, created_at, last_at, last_run, problem, .. } = schedule;
    let (problem, problem_at) = problem.unzip();
    OwnSchedule {
        name,
        assessment_template_arn: template.into(),
        expression: declaration.expression,
        time_zone: declaration.time_zone,
        starts_at: declaration.starts_at.map(|at| at.to_string()),
        jitter_in_seconds: declaration.jitter_seconds,
        catch_up: declaration.catch_up,
        catch_up_window_in_seconds: declaration.catch_up_window_seconds,
        enabled: declaration.is_enabled,
        created_at: created_at.to_string(),
        next_starts: next_starts.into_iter().map(|at| at.to_string()).collect(),
        last_start_at: last_at.map(|at| at.to_string()),
        last_assessment_run_arn: last_run,
        last_problem: problem,
        last_problem_at: problem_at.map(|at| at.to_string()),
    }
}
