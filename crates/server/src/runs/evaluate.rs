//! Evaluate: the job that judges one host of a run.
//!
//! The judge works on a thread of its own, because it takes its time and may panic: then, and where it has an error, the
//! host has the exclusion "Rules evaluation error for single instance", and the run goes on.

use std::sync::Arc;

use assay_model::arn::{RulesPackageArn, RunArn};
use assay_model::assessment::Assessment;
use assay_model::coverage::{CoverageUnit, OutcomeCounts, PackageCoverage};
use assay_model::evidence::{Evidence, SCHEMA};
use assay_model::exclusion::{Exclusion, Scope};
use assay_model::rules_package::RulesPackageKind;

use super::exclusions::{self, Scene, evaluation_error_of};
use crate::jobs::{Handler, JobError, Next, Weight, Work};
use crate::service::{Service, Subject, Support};
use crate::store::{EVALUATION_JOB, Evaluated, Evaluation, ExclusionText, HostOfRun, LeasedJob, Member, Moved};

/// Judges hosts.
pub(super) struct HostEvaluator {
    pub(super) service: Arc<Service>,
}

impl Handler for HostEvaluator {
    fn kind(&self) -> &'static str {
        EVALUATION_JOB
    }

    fn weight(&self) -> Weight {
        Weight::Heavy
    }

    fn run<'a>(&'a self, job: &'a LeasedJob) -> Work<'a, Next> {
        Box::pin(async move {
            let Some(evaluation) = self.service.store.evaluation(job).await? else { return Ok(Next::Done) };
            let evaluation = Arc::new(evaluation);
            let evaluated = self.evaluate(&evaluation).await?;
            self.save(job, &evaluation, evaluated).await
        })
    }

    fn give_up<'a>(&'a self, job: &'a LeasedJob, error: &'a str) -> Work<'a, ()> {
        Box::pin(async move {
            let Some(evaluation) = self.service.store.evaluation(job).await? else { return Ok(()) };
            self.save(job, &evaluation, failed(&evaluation, error)).await.map(drop)
        })
    }
}

impl HostEvaluator {
    async fn save(&self, job: &LeasedJob, of: &Evaluation, evaluated: Evaluated) -> Result<Next, JobError> {
        let member: Option<Member> = serde_json::from_str(&of.member).ok();
        let group = member.and_then(|member| member.auto_scaling_group).unwrap_or_default();
        let host = HostOfRun { run: &of.run.arn, agent_id: &of.agent_id, scaling_group: &group };
        match self.service.store.save_evaluation(job, &host, evaluated, self.service.now()).await? {
            Moved::Yes | Moved::LeaseLost => Ok(Next::Settled),
            Moved::Overtaken => Ok(Next::Done),
        }
    }

    async fn evaluate(&self, evaluation: &Arc<Evaluation>) -> Result<Evaluated, JobError> {
        let bytes = match self.service.store.evidence(&evaluation.digest).await {
            Ok(bytes) => bytes,
            Err(error) if error.is_loss_of_evidence() => return Ok(failed(evaluation, &error.to_string())),
            Err(error) => return Err(error.into()),
        };
        let (service, of) = (Arc::clone(&self.service), Arc::clone(evaluation));
        let judged = tokio::task::spawn_blocking(move || judge(&service, &of, &bytes)).await;
        Ok(match judged {
            Ok(Ok(Judged { assessment, left_out })) => finish(evaluation, assessment, left_out),
            Ok(Err(reason)) => failed(evaluation, &reason),
            Err(_) => failed(evaluation, "the evaluation panicked"),
        })
    }
}

/// What the judge said, and what it was not asked.
struct Judged {
    assessment: Assessment,
    left_out: Vec<ExclusionText>,
}

fn judge(service: &Service, of: &Evaluation, bytes: &[u8]) -> Result<Judged, String> {
    let mut evidence: Evidence =
        serde_json::from_slice(bytes).map_err(|error| format!("the evidence is not understood: {error}"))?;
    if evidence.schema != SCHEMA {
        return Err(format!("the evidence has schema {}, this version reads {SCHEMA}", evidence.schema));
    }
    // Who a host is says its certificate, not what it sends.
    evidence.host.agent_id.clone_from(&of.agent_id);
    let os = evidence.os.facts.as_ref().and_then(|os| os.pretty_name.as_deref());
    let packages = of.run.rules_package_arns.as_slice();
    let scene = Scene { judge: &*service.judge, packages, members: &[] };
    let left_out = scene.of_os(&of.agent_id, os);
    let is_supported = os.is_none_or(|os| service.judge.supports_operating_system(os));
    let mut kinds: Vec<RulesPackageKind> = packages.iter().filter_map(RulesPackageArn::resolve).collect();
    kinds.retain(|kind| is_supported && service.judge.support(*kind, os) == Support::Full);
    let judgement = service.judge.judge(&Subject {
        target: &of.target,
        template: &of.template,
        run: &of.run,
        evidence: &evidence,
        digest: &of.digest,
        packages: &kinds,
        now: service.now(),
    });
    let mut assessment = judgement?;
    let asked = packages.iter().filter_map(RulesPackageArn::resolve);
    assessment.coverage.packages.extend(asked.filter(|kind| !kinds.contains(kind)).map(|kind| PackageCoverage {
        rules_package: kind,
        unit: CoverageUnit::Rules,
        outcomes: OutcomeCounts { notchecked: 1, ..OutcomeCounts::default() },
    }));
    Ok(Judged { assessment, left_out })
}

/// Makes the assessment of one host a part of its run.
fn finish(of: &Evaluation, mut assessment: Assessment, left_out: Vec<ExclusionText>) -> Evaluated {
    let run = &of.run;
    for finding in &mut assessment.findings {
        finding.user_attributes.clone_from(&run.user_attributes_for_findings);
    }
    let own = std::mem::take(&mut assessment.exclusions);
    let texts = own.iter().map(|exclusion| text_of(exclusion, run.rules_package_arns.as_slice()));
    let texts: Vec<ExclusionText> = texts.chain(left_out).collect();
    let mut exclusions = exclusions::exclusions(&run.arn, &of.agent_id, texts);
    for (exclusion, own) in exclusions.iter_mut().zip(own) {
        exclusion.rules = own.rules;
    }
    assessment.exclusions = exclusions;
    assessment.run.arn.clone_from(&run.arn);
    let errors = assessment.coverage.packages.iter().map(|package| package.outcomes.error).sum();
    Evaluated::Judged(Box::new(assessment), errors)
}

/// An exclusion of the judge, with the ARNs of packages that the run has: each region has its own.
fn text_of(exclusion: &Exclusion, packages: &[RulesPackageArn]) -> ExclusionText {
    let in_run = |arn: &RulesPackageArn| {
        let same = packages.iter().find(|package| package.resolve() == arn.resolve());
        same.unwrap_or(arn).clone()
    };
    let scope = |scope: &Scope| match scope {
        Scope::InstanceId(id) => Scope::InstanceId(id.clone()),
        Scope::RulesPackageArn(arn) => Scope::RulesPackageArn(in_run(arn)),
    };
    ExclusionText {
        title: exclusion.title.clone(),
        description: exclusion.description.clone(),
        recommendation: exclusion.recommendation.clone(),
        scopes: exclusion.scopes.iter().map(scope).collect(),
        attributes: exclusion.attributes.clone(),
    }
}

fn failed(of: &Evaluation, why: &str) -> Evaluated {
    let run: &RunArn = &of.run.arn;
    tracing::error!(run = %run, host = of.agent_id, why, "a host could not be evaluated");
    let text = evaluation_error_of(&of.agent_id, &of.run.rules_package_arns, why.trim_end_matches('.'));
    let exclusions = exclusions::exclusions(run, &of.agent_id, vec![text]);
    Evaluated::Failed(exclusions)
}
