//! Preview: the job that finds out what a run of a template would leave out, now.

use std::sync::Arc;

use assay_model::arn::TemplateArn;

use super::exclusions::Scene;
use crate::jobs::{Handler, JobError, Next, Work};
use crate::service::Service;
use crate::store::{EXCLUSIONS_PREVIEW_JOB, LeasedJob};

/// Computes previews of exclusions.
pub(super) struct PreviewMaker {
    pub(super) service: Arc<Service>,
}

impl Handler for PreviewMaker {
    fn kind(&self) -> &'static str {
        EXCLUSIONS_PREVIEW_JOB
    }

    fn run<'a>(&'a self, job: &'a LeasedJob) -> Work<'a, Next> {
        Box::pin(self.make(job))
    }

    fn give_up<'a>(&'a self, job: &'a LeasedJob, _: &'a str) -> Work<'a, ()> {
        // Who asks for it is told that there is none, and may begin another.
        Box::pin(async move { Ok(self.service.store.drop_preview(&job.subject).await?) })
    }
}

impl PreviewMaker {
    async fn make(&self, job: &LeasedJob) -> Result<Next, JobError> {
        let service = &*self.service;
        let arn: TemplateArn = job.payload.parse()?;
        let Some(template) = service.store.template(&arn).await?.map(|summary| summary.template) else {
            return Ok(Next::Done);
        };
        let members = service.store.members_of(&template.target_arn, service.now()).await?;
        let busy = service.store.busy_agents(&arn.realm()).await?;
        let scene = Scene { judge: &*service.judge, packages: &template.rules_package_arns, members: &members };
        service.store.complete_preview(job, &scene.foreseen(&busy), service.now()).await?;
        Ok(Next::Settled)
    }
}
