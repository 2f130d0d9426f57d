//! Plan: what has to change for what is there to be as it was declared. Pure, and in the order in which it can be done.

use std::fmt;

use super::document::{Declaration, DeclaredSchedule, DeclaredSubscription, DeclaredTarget, DeclaredTemplate};

/// What to do about templates that differ: Inspector's are immutable, and with one go its runs and their findings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Replacing {
    /// Leave them, and say so.
    Refused,
    /// Delete them with their runs, and make them anew.
    Allowed,
}

/// A step from what is there to what was declared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// A new target.
    CreateTarget(DeclaredTarget),
    /// A target selects other hosts.
    UpdateTarget(DeclaredTarget),
    /// A new template of a target.
    CreateTemplate {
        /// The name of the target.
        target: String,
        /// The template.
        template: DeclaredTemplate,
    },
    /// A template that differs is deleted with its runs, and made anew. Where `replacing` is refused, nothing is done at all.
    ReplaceTemplate {
        /// The name of the target.
        target: String,
        /// The template.
        template: DeclaredTemplate,
        /// Whether that is wanted.
        replacing: Replacing,
    },
    /// A topic is told of an event.
    Subscribe {
        /// The names of target and template.
        of: (String, String),
        /// Who, and of what.
        subscription: DeclaredSubscription,
    },
    /// A topic is not told of an event any more.
    Unsubscribe {
        /// The names of target and template.
        of: (String, String),
        /// Who, and of what.
        subscription: DeclaredSubscription,
    },
    /// A new schedule.
    CreateSchedule(DeclaredSchedule),
    /// A schedule is another one now.
    UpdateSchedule(DeclaredSchedule),
}

impl Change {
    /// Whether it stands in the way of the others: nothing is applied as long as it does.
    pub fn is_refused(&self) -> bool {
        matches!(self, Change::ReplaceTemplate { replacing: Replacing::Refused, .. })
    }
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Change::CreateTarget(target) => write!(f, "+ assessment target {:?}", target.name),
            Change::UpdateTarget(target) => write!(f, "~ assessment target {:?}: selects other hosts", target.name),
            Change::CreateTemplate { target, template } => {
                write!(f, "+ assessment template {:?} of {target:?}", template.name)
            }
            Change::ReplaceTemplate { target, template, replacing } => {
                write!(
                    f,
                    "! assessment template {:?} of {target:?}: differs, and templates are immutable: ",
                    template.name
                )?;
                f.write_str(match replacing {
                    Replacing::Allowed => "it is deleted with its runs and findings, and made anew",
                    Replacing::Refused => {
                        "give it another name, or use --replace, which deletes it with all its runs and findings"
                    }
                })
            }
            Change::Subscribe { of: (target, template), subscription: DeclaredSubscription { topic, event } } => {
                write!(f, "+ event subscription of {template:?} of {target:?}: {event} to {topic}")
            }
            Change::Unsubscribe { of: (target, template), subscription: DeclaredSubscription { topic, event } } => {
                write!(f, "- event subscription of {template:?} of {target:?}: {event} to {topic}")
            }
            Change::CreateSchedule(schedule) => write!(f, "+ schedule {:?}", schedule.name),
            Change::UpdateSchedule(schedule) => write!(f, "~ schedule {:?}", schedule.name),
        }
    }
}

/// What has to change; nothing when all that is wanted is there.
pub fn plan(there: &Declaration, wanted: &Declaration, replacing: Replacing) -> Vec<Change> {
    let mut changes = Vec::new();
    let mut replaced = Vec::new();
    for target in &wanted.targets {
        let before = there.targets.iter().find(|before| before.name == target.name);
        match before {
            None => changes.push(Change::CreateTarget(target.clone())),
            Some(before) if before.resource_group_tags != target.resource_group_tags => {
                changes.push(Change::UpdateTarget(target.clone()));
            }
            Some(_) => {}
        }
        for template in &target.templates {
            let templates = before.map(|before| before.templates.as_slice()).unwrap_or_default();
            let before = templates.iter().find(|before| before.name == template.name);
            let of = (target.name.clone(), template.name.clone());
            let kept = match before {
                None => {
                    changes.push(Change::CreateTemplate { target: target.name.clone(), template: template.clone() });
                    None
                }
                Some(before) if !before.is_same(template) => {
                    replaced.push(of.clone());
                    let (target, template) = (target.name.clone(), template.clone());
                    changes.push(Change::ReplaceTemplate { target, template, replacing });
                    // Subscriptions that are not spoken of survive the replacement.
                    let kept = before.subscriptions.iter().flatten().cloned();
                    if template_says_nothing(wanted, &of) {
                        changes.extend(kept.map(|subscription| Change::Subscribe { of: of.clone(), subscription }));
                    }
                    None
                }
                Some(before) => Some(before),
            };
            plan_subscriptions(&mut changes, &of, kept, template);
        }
    }
    for schedule in &wanted.schedules {
        match there.schedules.iter().find(|before| before.name == schedule.name) {
            None => changes.push(Change::CreateSchedule(schedule.clone())),
            Some(before) if before != schedule => changes.push(Change::UpdateSchedule(schedule.clone())),
            Some(_) => {}
        }
    }
    // A schedule goes with its template, and comes back with it.
    for schedule in &there.schedules {
        let is_lost = replaced.contains(&(schedule.target.clone(), schedule.template.clone()));
        if is_lost && !changes.iter().any(|change| declares(change, &schedule.name)) {
            changes.push(Change::CreateSchedule(schedule.clone()));
        }
    }
    changes
}

fn declares(change: &Change, name: &str) -> bool {
    matches!(change, Change::CreateSchedule(schedule) | Change::UpdateSchedule(schedule) if schedule.name == name)
}

fn template_says_nothing(wanted: &Declaration, (target, template): &(String, String)) -> bool {
    let target = wanted.targets.iter().find(|one| one.name == *target);
    let template = target.and_then(|target| target.templates.iter().find(|one| one.name == *template));
    template.is_some_and(|template| template.subscriptions.is_none())
}

fn plan_subscriptions(
    changes: &mut Vec<Change>,
    of: &(String, String),
    before: Option<&DeclaredTemplate>,
    template: &DeclaredTemplate,
) {
    let Some(wanted) = &template.subscriptions else { return };
    let there = before.and_then(|before| before.subscriptions.as_deref()).unwrap_or_default();
    for subscription in there.iter().filter(|one| !wanted.contains(one)) {
        changes.push(Change::Unsubscribe { of: of.clone(), subscription: subscription.clone() });
    }
    for subscription in wanted.iter().filter(|one| !there.contains(one)) {
        changes.push(Change::Subscribe { of: of.clone(), subscription: subscription.clone() });
    }
}
