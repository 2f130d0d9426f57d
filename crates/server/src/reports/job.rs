//! The job that makes a report.

use std::sync::Arc;

use super::make::make_report;
use super::which::WhichReport;
use crate::jobs::{Handler, JobError, Next, Weight, Work};
use crate::service::Service;
use crate::store::{LeasedJob, REPORT_JOB};

/// The handler of the jobs of reports.
pub fn handler(service: &Arc<Service>) -> Arc<dyn Handler> {
    Arc::new(ReportMaker { service: Arc::clone(service) })
}

/// Makes reports.
struct ReportMaker {
    service: Arc<Service>,
}

impl Handler for ReportMaker {
    fn kind(&self) -> &'static str {
        REPORT_JOB
    }

    fn weight(&self) -> Weight {
        Weight::Heavy
    }

    fn most_attempts(&self) -> u32 {
        3
    }

    fn run<'a>(&'a self, job: &'a LeasedJob) -> Work<'a, Next> {
        Box::pin(async move {
            // Made twice, it is stored twice: once more changes nothing that anybody sees.
            make_report(&self.service, &which(job)?).await?;
            Ok(Next::Done)
        })
    }

    fn give_up<'a>(&'a self, job: &'a LeasedJob, error: &'a str) -> Work<'a, ()> {
        Box::pin(async move { Ok(self.service.store.fail_report(&which(job)?.name(), error).await?) })
    }
}

fn which(job: &LeasedJob) -> Result<WhichReport, JobError> {
    let report = WhichReport::of_subject(&job.subject);
    report.ok_or_else(|| format!("{:?} names no report", job.subject).into())
}
