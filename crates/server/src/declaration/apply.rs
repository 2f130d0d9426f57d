//! Applying a plan, step by step. A step that fails ends it; what was done until then stays, and another apply goes on.

use assay_model::Timestamp;
use assay_model::arn::{Realm, ResourceGroupArn, TargetArn, TemplateArn};
use assay_model::target::AssessmentTarget;
use assay_model::template::AssessmentTemplate;

use super::current::Current;
use super::document::{DeclaredSchedule, DeclaredSubscription, DeclaredTarget, DeclaredTemplate};
use super::plan::Change;
use crate::scheduler::{self, DeclareError};
use crate::service::{Limits, random_id};
use crate::store::{Creation, Deletion, ResourceGroup, Store, StoreError, Subscribed, Subscription};

/// Why a change could not be made.
#[derive(Debug, thiserror::Error)]
pub enum ApplyError {
    /// It is refused, or something that it needs is not there.
    #[error("{what}: {why}")]
    Refused {
        /// The change.
        what: String,
        /// Why.
        why: String,
    },
    /// A schedule cannot be declared so.
    #[error("schedule {name:?}")]
    Schedule {
        /// Its name.
        name: String,
        /// Why.
        #[source]
        cause: DeclareError,
    },
    /// The system has no random numbers.
    #[error("the system has no random numbers")]
    Random,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Makes a change. `current` learns the ARNs of what is made.
///
/// # Errors
///
/// When it is refused or the store fails.
pub async fn apply(
    store: &Store,
    limits: &Limits,
    realm: &Realm,
    current: &mut Current,
    change: &Change,
    now: Timestamp,
) -> Result<(), ApplyError> {
    let mut step = Step { store, limits, realm, current, what: change.to_string(), now };
    match change {
        Change::CreateTarget(target) => step.create_target(target).await,
        Change::UpdateTarget(target) => step.update_target(target).await,
        Change::CreateTemplate { target, template } => step.create_template(target, template).await,
        Change::ReplaceTemplate { .. } if change.is_refused() => Err(step.refused("replacing it was not allowed")),
        Change::ReplaceTemplate { target, template, .. } => {
            step.delete_template(target, &template.name).await?;
            step.create_template(target, template).await
        }
        Change::Subscribe { of, subscription } => step.subscribe(of, subscription).await,
        Change::Unsubscribe { of, subscription: DeclaredSubscription { topic, event } } => {
            let template = step.template(&of.0, &of.1)?;
            store.unsubscribe(&template, topic, *event).await?;
            Ok(())
        }
        Change::CreateSchedule(schedule) | Change::UpdateSchedule(schedule) => step.put_schedule(schedule).await,
    }
}

struct Step<'a> {
    store: &'a Store,
    limits: &'a Limits,
    realm: &'a Realm,
    current: &'a mut Current,
    what: String,
    now: Timestamp,
}

impl Step<'_> {
    fn refused(&self, why: impl Into<String>) -> ApplyError {
        ApplyError::Refused { what: self.what.clone(), why: why.into() }
    }

    fn check(&self, creation: Creation, most: u64) -> Result<(), ApplyError> {
        Err(self.refused(match creation {
            Creation::Done => return Ok(()),
            Creation::NameTaken => "the name was taken meanwhile".to_owned(),
            Creation::NoParent => "what it belongs to was deleted meanwhile".to_owned(),
            Creation::TooMany => format!("the account has {most} of them in this region, which is the limit"),
        }))
    }

    fn target(&self, name: &str) -> Result<TargetArn, ApplyError> {
        self.current.targets.get(name).cloned().ok_or_else(|| self.refused(format!("there is no target {name:?}")))
    }

    fn template(&self, target: &str, name: &str) -> Result<TemplateArn, ApplyError> {
        let template = self.current.templates.get(&(target.to_owned(), name.to_owned())).cloned();
        template.ok_or_else(|| self.refused(format!("the target {target:?} has no template {name:?}")))
    }

    async fn target_of(&self, arn: TargetArn, target: &DeclaredTarget) -> Result<AssessmentTarget, ApplyError> {
        let resource_group_arn = match &target.resource_group_tags {
            None => None,
            Some(tags) => {
                let arn = ResourceGroupArn::new(self.realm, &random_id().map_err(|_| ApplyError::Random)?);
                let group = ResourceGroup { arn: arn.clone(), tags: tags.clone(), created_at: self.now };
                if !self.store.create_resource_group(&group, self.limits.resource_groups).await? {
                    return Err(self.refused("the account has as many resource groups as it may have"));
                }
                Some(arn)
            }
        };
        let (name, created_at) = (target.name.clone(), self.now);
        Ok(AssessmentTarget { arn, name, resource_group_arn, created_at, updated_at: created_at })
    }

    async fn create_target(&mut self, declared: &DeclaredTarget) -> Result<(), ApplyError> {
        let arn = TargetArn::new(self.realm, &random_id().map_err(|_| ApplyError::Random)?);
        let target = self.target_of(arn, declared).await?;
        let most = self.limits.targets;
        self.check(self.store.create_target(&target, most).await?, most)?;
        self.current.targets.insert(target.name, target.arn);
        Ok(())
    }

    async fn update_target(&self, declared: &DeclaredTarget) -> Result<(), ApplyError> {
        let target = self.target_of(self.target(&declared.name)?, declared).await?;
        let updated = self.store.update_target(&target).await?;
        self.check(updated.unwrap_or(Creation::NoParent), 0)
    }

    async fn create_template(&mut self, target: &str, declared: &DeclaredTemplate) -> Result<(), ApplyError> {
        let target_arn = self.target(target)?;
        let template = AssessmentTemplate {
            arn: TemplateArn::new(&target_arn, &random_id().map_err(|_| ApplyError::Random)?),
            name: declared.name.clone(),
            target_arn,
            duration_seconds: declared.duration_seconds,
            rules_package_arns: declared.rules_packages.iter().map(|kind| kind.arn_in(&self.realm.region)).collect(),
            user_attributes_for_findings: declared.user_attributes_for_findings.clone(),
            created_at: self.now,
        };
        let most = self.limits.templates;
        self.check(self.store.create_template(&template, most).await?, most)?;
        self.current.templates.insert((target.to_owned(), template.name), template.arn);
        Ok(())
    }

    async fn delete_template(&self, target: &str, name: &str) -> Result<(), ApplyError> {
        match self.store.delete_template(&self.template(target, name)?).await? {
            Deletion::Done | Deletion::NotThere => Ok(()),
            Deletion::RunsInProgress(runs) => {
                let run = runs.first().map(ToString::to_string).unwrap_or_default();
                Err(self.refused(format!("it has active runs, as {run}: wait for them or stop them")))
            }
        }
    }

    async fn subscribe(&self, of: &(String, String), declared: &DeclaredSubscription) -> Result<(), ApplyError> {
        let template = self.template(&of.0, &of.1)?;
        let DeclaredSubscription { topic, event } = declared.clone();
        let subscription = Subscription { template, topic, event, created_at: self.now };
        match self.store.subscribe(&subscription, self.limits.subscriptions).await? {
            Subscribed::Now | Subscribed::Before => Ok(()),
            Subscribed::NoTemplate => Err(self.refused("the template was deleted meanwhile")),
            Subscribed::LimitReached => Err(self.refused("the template has as many subscriptions as it may have")),
        }
    }

    async fn put_schedule(&self, schedule: &DeclaredSchedule) -> Result<(), ApplyError> {
        let template = self.template(&schedule.target, &schedule.template)?;
        let DeclaredSchedule { name, declaration, .. } = schedule;
        let put = scheduler::put(self.store, self.limits, name, &template, declaration, self.now).await;
        put.map(drop).map_err(|cause| ApplyError::Schedule { name: name.clone(), cause })
    }
}
