//! Assessment runs (reference §6.2.6, .9, .21, .33, .34, §8.3).

use assay_model::arn::{RulesPackageArn, RunArn, TemplateArn};
use assay_model::run::{self, RunState};
use assay_wire::arn::EntityArn as _;
use assay_wire::{
    AgentAlreadyRunningAssessment, ApiError, AssessmentRun, AssessmentRunFilter, AssessmentRunNotification,
    AssessmentRunNotificationSnsStatusCode, AssessmentRunState, AssessmentRunStateChange, DeleteAssessmentRunRequest,
    DescribeAssessmentRunsRequest, DescribeAssessmentRunsResponse, FailedItemErrorCode, InspectorEvent,
    InvalidInputErrorCode, LimitExceededErrorCode, ListAssessmentRunsRequest, ListAssessmentRunsResponse, Severity,
    StartAssessmentRunRequest, StartAssessmentRunResponse, StopAction, StopAssessmentRunRequest, TimestampRange,
};

use super::attributes::wire_attributes;
use super::deletion::answer_deletion;
use super::failed_items::{FailedItems, failed, own_items};
use crate::api::call::{Call, Stored as _};
use crate::api::failure::{internal, no_random};
use crate::runs::{self, StartError};
use crate::store::{AfterStop, Notification, Range, RunListFilter, Started, Stopped};

/// Starts a run.
pub(crate) async fn start(
    call: &Call<'_>,
    request: &StartAssessmentRunRequest,
) -> Result<StartAssessmentRunResponse, ApiError> {
    let arn: TemplateArn = call.own_arn("assessmentTemplateArn", &request.assessment_template_arn)?;
    let started = runs::start(call.service, &arn, request.assessment_run_name.clone(), call.now).await;
    match started.map_err(not_started)? {
        Started::Run(run) => Ok(StartAssessmentRunResponse { assessment_run_arn: run.arn.into() }),
        Started::NoTemplate => Err(arn.does_not_exist()),
        Started::NameTaken => {
            let name = request.assessment_run_name.as_deref().unwrap_or_default();
            let message = format!("the template has an assessment run of the name {name:?} already");
            Err(ApiError::invalid_input(InvalidInputErrorCode::AssessmentTemplateNameAlreadyTaken, message))
        }
        Started::Busy(busy) => {
            let message = "instances of the target take part in other runs";
            let agents = busy
                .into_iter()
                .map(|busy| AgentAlreadyRunningAssessment { agent_id: busy.agent_id, assessment_run_arn: busy.run });
            Err(ApiError::agents_already_running(agents, message))
        }
        Started::TooManyRuns => {
            let most = call.service.limits.runs;
            Err(too_many(format!("the account has {most} assessment runs in this region, which is the limit")))
        }
        Started::TooManyInstances => {
            let most = call.service.limits.instances_in_active_runs;
            Err(too_many(format!("more than {most} instances would be in active runs, which is the limit")))
        }
    }
}

/// Ends the collection of a run, or the run.
pub(crate) async fn stop(call: &Call<'_>, request: &StopAssessmentRunRequest) -> Result<(), ApiError> {
    let arn: RunArn = call.own_arn("assessmentRunArn", &request.assessment_run_arn)?;
    let then = match request.stop_action.unwrap_or(StopAction::StartEvaluation) {
        StopAction::StartEvaluation => AfterStop::Evaluate,
        StopAction::SkipEvaluation => AfterStop::Cancel,
    };
    match call.service.store.stop_run(&arn, then, call.now).await.or_internal()? {
        Stopped::Yes => Ok(()),
        Stopped::NoRun => Err(arn.does_not_exist()),
        Stopped::Ended => {
            let code = InvalidInputErrorCode::InvalidAssessmentRunState;
            Err(ApiError::invalid_input(code, format!("{arn} has ended already")))
        }
    }
}

/// Deletes a run that has ended.
pub(crate) async fn delete(call: &Call<'_>, request: &DeleteAssessmentRunRequest) -> Result<(), ApiError> {
    let arn: RunArn = call.own_arn("assessmentRunArn", &request.assessment_run_arn)?;
    answer_deletion(&arn, call.service.store.delete_ended_run(&arn).await.or_internal()?)
}

/// Describes runs.
pub(crate) async fn describe(
    call: &Call<'_>,
    request: &DescribeAssessmentRunsRequest,
) -> Result<DescribeAssessmentRunsResponse, ApiError> {
    let mut failed_items = FailedItems::new();
    let mut assessment_runs = Vec::new();
    for arn in own_items::<RunArn>(call.realm(), &request.assessment_run_arns, &mut failed_items) {
        match call.service.store.run_body(&arn).await.or_internal()? {
            Some(run) => {
                let notifications = call.service.store.notifications(&arn).await.or_internal()?;
                let notifications = notifications.into_iter().map(wire_notification).collect();
                assessment_runs.push(AssessmentRun { notifications, ..wire_run(run) });
            }
            None => {
                failed_items.insert(arn.into(), failed(FailedItemErrorCode::ItemDoesNotExist));
            }
        }
    }
    Ok(DescribeAssessmentRunsResponse { assessment_runs, failed_items })
}

/// Lists runs.
pub(crate) async fn list(
    call: &Call<'_>,
    request: &ListAssessmentRunsRequest,
) -> Result<ListAssessmentRunsResponse, ApiError> {
    let mut filter = match &request.filter {
        Some(filter) => filter_of(filter)?,
        None => RunListFilter::default(),
    };
    for text in request.assessment_template_arns.iter().flatten() {
        let template: TemplateArn = call.own_arn("assessmentTemplateArns", text)?;
        if call.service.store.template(&template).await.or_internal()?.is_none() {
            return Err(template.does_not_exist());
        }
        filter.templates.push(template);
    }
    let page = call.page()?;
    let listing = call.service.store.run_arns(call.realm(), &filter, &page).await.or_internal()?;
    Ok(ListAssessmentRunsResponse {
        next_token: call.next_token(listing.next.as_ref())?,
        assessment_run_arns: listing.items,
    })
}

/// The run of an ARN of the caller's, which has to be there.
pub(crate) async fn existing(call: &Call<'_>, text: &str) -> Result<run::AssessmentRun, ApiError> {
    let arn: RunArn = call.own_arn("assessmentRunArn", text)?;
    call.service.store.run_body(&arn).await.or_internal()?.ok_or_else(|| arn.does_not_exist())
}

fn too_many(message: String) -> ApiError {
    ApiError::limit_exceeded(LimitExceededErrorCode::AssessmentRunLimitExceeded, message)
}

fn not_started(error: StartError) -> ApiError {
    match error {
        StartError::Store(error) => internal(&error),
        StartError::Random => no_random(),
        StartError::Encode(_) => ApiError::internal("a member of the target has no JSON form"),
    }
}

fn filter_of(filter: &AssessmentRunFilter) -> Result<RunListFilter, ApiError> {
    let packages = filter.rules_package_arns.iter().flatten();
    let packages = packages.map(|text| RulesPackageArn::of_member("filter.rulesPackageArns", text));
    let duration = filter.duration_range.as_ref();
    Ok(RunListFilter {
        templates: Vec::new(),
        name_pattern: filter.name_pattern.clone(),
        states: filter.states.iter().flatten().map(|state| model_state(*state)).collect(),
        duration: Range {
            from: duration.and_then(|range| range.min_seconds).map(i64::from),
            to: duration.and_then(|range| range.max_seconds).map(i64::from),
        },
        rules_packages: packages.collect::<Result<_, _>>()?,
        started: times(filter.start_time_range.as_ref()),
        completed: times(filter.completion_time_range.as_ref()),
        state_changed: times(filter.state_change_time_range.as_ref()),
    })
}

fn times(range: Option<&TimestampRange>) -> Range {
    Range {
        from: range.and_then(|range| range.begin_date).map(|time| time.millis()),
        to: range.and_then(|range| range.end_date).map(|time| time.millis()),
    }
}

fn wire_notification(notification: Notification) -> AssessmentRunNotification {
    AssessmentRunNotification {
        date: notification.at.into(),
        event: InspectorEvent::from_name(&notification.event).unwrap_or(InspectorEvent::Other),
        error: notification.is_error(),
        sns_publish_status_code: AssessmentRunNotificationSnsStatusCode::from_name(&notification.status),
        message: notification.message,
        sns_topic_arn: Some(notification.topic),
    }
}

fn wire_run(run: run::AssessmentRun) -> AssessmentRun {
    let count = |(severity, count): (&assay_model::severity::Severity, &u32)| {
        Some((Severity::from_name(severity.as_str())?, i32::try_from(*count).unwrap_or(i32::MAX)))
    };
    let change = |change: &run::StateChange| AssessmentRunStateChange {
        state_changed_at: change.at.into(),
        state: wire_state(change.state),
    };
    AssessmentRun {
        state: wire_state(run.state()),
        state_changed_at: run.state_changed_at().into(),
        state_changes: run.state_changes.iter().map(change).collect(),
        finding_counts: run.finding_counts.iter().filter_map(count).collect(),
        arn: run.arn.into(),
        name: run.name,
        assessment_template_arn: run.template_arn.into(),
        duration_in_seconds: i32::try_from(run.duration_seconds).unwrap_or(i32::MAX),
        rules_package_arns: run.rules_package_arns.into_iter().map(String::from).collect(),
        user_attributes_for_findings: wire_attributes(run.user_attributes_for_findings),
        created_at: run.created_at.into(),
        started_at: run.started_at.map(Into::into),
        completed_at: run.completed_at.map(Into::into),
        data_collected: run.data_collected,
        notifications: Vec::new(),
    }
}

macro_rules! states {
    ($($state:ident),+ $(,)?) => {
        fn wire_state(state: RunState) -> AssessmentRunState {
            match state {
                $(RunState::$state => AssessmentRunState::$state,)+
            }
        }

        fn model_state(state: AssessmentRunState) -> RunState {
            match state {
                $(AssessmentRunState::$state => RunState::$state,)+
            }
        }
    };
}

states!(
    Created,
    StartDataCollectionPending,
    StartDataCollectionInProgress,
    CollectingData,
    StopDataCollectionPending,
    DataCollected,
    StartEvaluatingRulesPending,
    EvaluatingRules,
    Failed,
    Error,
    Completed,
    CompletedWithErrors,
    Canceled,
);
