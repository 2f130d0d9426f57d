//! What is there, as a document, and the ARNs of what it names.

use std::collections::BTreeMap;

use assay_model::arn::{Realm, RulesPackageArn, TargetArn, TemplateArn};

use super::document::{Declaration, DeclaredSchedule, DeclaredSubscription, DeclaredTarget, DeclaredTemplate};
use crate::store::{Page, Store, StoreError, TemplateFilter};

/// What an account has in a region.
#[derive(Clone, Debug, Default)]
pub struct Current {
    /// As a document, by name.
    pub declaration: Declaration,
    /// The targets by name.
    pub targets: BTreeMap<String, TargetArn>,
    /// The templates by the names of target and template.
    pub templates: BTreeMap<(String, String), TemplateArn>,
}

/// Reads what is there. What is made or deleted meanwhile may be in it or not.
///
/// # Errors
///
/// When the store fails.
pub async fn current(store: &Store, realm: &Realm) -> Result<Current, StoreError> {
    let mut current = Current::default();
    for arn in store.target_arns(realm, None, &Page::all()).await?.items {
        let Ok(arn) = TargetArn::try_from(arn) else { continue };
        let Some(target) = store.target(&arn).await? else { continue };
        let group = match &target.resource_group_arn {
            Some(group) => store.resource_group(group).await?.map(|group| group.tags),
            None => None,
        };
        let filter = TemplateFilter { targets: vec![arn.clone()], ..TemplateFilter::default() };
        let mut templates = Vec::new();
        for text in store.template_arns(realm, &filter, &Page::all()).await?.items {
            let Ok(template) = TemplateArn::try_from(text) else { continue };
            let Some(declared) = template_of(store, realm, &template).await? else { continue };
            current.templates.insert((target.name.clone(), declared.name.clone()), template);
            templates.push(declared);
        }
        templates.sort_by(|left, right| left.name.cmp(&right.name));
        current.targets.insert(target.name.clone(), arn);
        current.declaration.targets.push(DeclaredTarget { name: target.name, resource_group_tags: group, templates });
    }
    current.declaration.targets.sort_by(|left, right| left.name.cmp(&right.name));
    for schedule in store.schedules(realm, &Page::all()).await?.items {
        let names = current.templates.iter().find(|(_, arn)| **arn == schedule.template);
        let Some(((target, template), _)) = names else { continue };
        current.declaration.schedules.push(DeclaredSchedule {
            name: schedule.name,
            target: target.clone(),
            template: template.clone(),
            declaration: schedule.declaration,
        });
    }
    Ok(current)
}

async fn template_of(store: &Store, realm: &Realm, arn: &TemplateArn) -> Result<Option<DeclaredTemplate>, StoreError> {
    let Some(summary) = store.template(arn).await? else { return Ok(None) };
    let subscriptions = store.subscriptions(realm, Some(arn), &Page::all()).await?;
    let mut declared = Vec::new();
    for topic in subscriptions.into_iter().flat_map(|listing| listing.items) {
        let topic_arn = topic.topic;
        declared.extend(
            topic.events.into_iter().map(|(event, _)| DeclaredSubscription { topic: topic_arn.clone(), event }),
        );
    }
    declared.sort();
    let template = summary.template;
    Ok(Some(DeclaredTemplate {
        name: template.name,
        duration_seconds: template.duration_seconds,
        rules_packages: template.rules_package_arns.iter().filter_map(RulesPackageArn::resolve).collect(),
        user_attributes_for_findings: template.user_attributes_for_findings,
        subscriptions: Some(declared),
    }))
}
