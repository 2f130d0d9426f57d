//! Reports: asked for, and asked again until they are there (reference §6.2.17, §8.8).

use assay_model::arn::RunArn;
use assay_model::run::RunState;
use assay_report::run_report::ReportKind;
use assay_wire::arn::EntityArn as _;
use assay_wire::{
    ApiError, GetAssessmentReportRequest, GetAssessmentReportResponse, ReportFileFormat, ReportStatus, ReportType,
};
use jiff::SignedDuration;

use crate::api::call::{Call, Stored as _};
use crate::reports::{ReportFormat, WhichReport};
use crate::store::ReportProgress;

/// For so long a report that failed is answered as such; whoever asks later has it tried again.
const FAILURE_LASTS: SignedDuration = SignedDuration::from_mins(5);

/// Begins a report, or tells how far it is.
pub(crate) async fn get(
    call: &Call<'_>,
    request: &GetAssessmentReportRequest,
) -> Result<GetAssessmentReportResponse, ApiError> {
    let run: RunArn = call.own_arn("assessmentRunArn", &request.assessment_run_arn)?;
    let states = call.service.store.run_states(std::slice::from_ref(&run)).await.or_internal()?;
    match states.get(&run) {
        None => return Err(run.does_not_exist()),
        Some(state) if !state.is_terminal() => {
            return Err(ApiError::run_in_progress([run.to_string()], format!("{run} has not ended: it is {state}")));
        }
        // Nothing was evaluated, and a report would look as if nothing had been found.
        Some(RunState::Canceled) => {
            return Err(ApiError::unsupported_feature(format!("{run} was canceled before anything was evaluated")));
        }
        Some(_) => {}
    }
    let format = match request.report_file_format {
        ReportFileFormat::Html => ReportFormat::Html,
        ReportFileFormat::Pdf => ReportFormat::Pdf,
    };
    let kind = match request.report_type {
        ReportType::Finding => ReportKind::Finding,
        ReportType::Full => ReportKind::Full,
    };
    let report = WhichReport { run, format, kind };
    let forget = call.now.checked_sub(FAILURE_LASTS).unwrap_or(call.now);
    let progress = call.service.store.request_report(&report.name(), &report.subject(), call.now, forget).await;
    let (status, url) = match progress.or_internal()? {
        ReportProgress::InProgress => (ReportStatus::WorkInProgress, None),
        ReportProgress::Failed { .. } => (ReportStatus::Failed, None),
        ReportProgress::Completed => {
            let address = call.service.downloads.sign(&report.path(), call.now);
            (ReportStatus::Completed, Some(format!("{}{address}", call.origin)))
        }
    };
    Ok(GetAssessmentReportResponse { status, url })
}
