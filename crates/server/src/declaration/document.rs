//! The document: targets with the tags that select their hosts, their templates with who is told of their runs, and schedules.

use assay_model::attribute::Attribute;
use assay_model::rules_package::RulesPackageKind;

use crate::store::{Event, ScheduleDeclaration};

/// What an account has, or should have, in a region.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Declaration {
    /// Targets; their names are unique.
    pub targets: Vec<DeclaredTarget>,
    /// Schedules; their names are unique.
    pub schedules: Vec<DeclaredSchedule>,
}

/// An assessment target.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeclaredTarget {
    /// Its name.
    pub name: String,
    /// The tags that select its hosts, an empty value meaning any; absent means all hosts. Inspector keeps them in a resource
    /// group, which has no name of its own.
    pub resource_group_tags: Option<Vec<Attribute>>,
    /// Its templates; their names are unique in it.
    pub templates: Vec<DeclaredTemplate>,
}

/// An assessment template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeclaredTemplate {
    /// Its name.
    pub name: String,
    /// How long its runs last.
    pub duration_seconds: u32,
    /// What they judge by.
    pub rules_packages: Vec<RulesPackageKind>,
    /// Copied to each finding.
    pub user_attributes_for_findings: Vec<Attribute>,
    /// Who is told of its runs: all of them; absent leaves them as they are.
    pub subscriptions: Option<Vec<DeclaredSubscription>>,
}

/// A topic that is told of an event.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct DeclaredSubscription {
    /// The ARN of the topic.
    pub topic: String,
    /// What it is told of.
    pub event: Event,
}

/// A schedule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeclaredSchedule {
    /// Its name.
    pub name: String,
    /// The name of the target of its template.
    pub target: String,
    /// The name of its template.
    pub template: String,
    /// When it starts runs.
    pub declaration: ScheduleDeclaration,
}

impl DeclaredTemplate {
    /// Whether two are the same to Inspector, to which templates are immutable.
    pub(super) fn is_same(&self, other: &DeclaredTemplate) -> bool {
        let packages = |template: &DeclaredTemplate| {
            let mut packages = template.rules_packages.clone();
            packages.sort_unstable();
            packages
        };
        self.duration_seconds == other.duration_seconds
            && packages(self) == packages(other)
            && self.user_attributes_for_findings == other.user_attributes_for_findings
    }
}
