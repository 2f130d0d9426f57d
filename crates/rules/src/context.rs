//! Evaluation context: one evidence document as rules see it.
//!
//! A section becomes CEL values when the first rule asks for it, and stays for the others: of 300 rules most look at the
//! same few sections.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};

use assay_model::evidence::path::PathFacts;
use assay_model::evidence::{Evidence, Problem, Section};
use cel::common::types::{CelBool, CelInt, CelList, CelMap, CelString};
use cel::common::value::{CowVal, Val};
use cel::context::VariableResolver;
use cel::extractors::IntoFunction;
use cel::{Context, ExecutionError, FunctionContext};

use crate::expression::COUNTED;
use crate::fact_map::FactMap;
use crate::functions::environment;
use crate::limits::MAX_STEPS;
use crate::relevance::concerning_problems_of;
use crate::rule::Rule;
use crate::show::OwnerNames;
use crate::values::{OwnedValue, path_value, problems_value, section_value, value_of};

/// One evidence document, prepared for evaluating rules.
#[derive(Debug)]
pub struct EvaluationContext<'a> {
    evidence: &'a Evidence,
    sections: BTreeMap<Section, OnceLock<Option<OwnedValue>>>,
    paths: OnceLock<SortedPaths<'a>>,
    lookups: OnceLock<Arc<Lookups>>,
}

impl<'a> EvaluationContext<'a> {
    /// Prepares an evidence document; nothing is converted yet.
    pub fn new(evidence: &'a Evidence) -> EvaluationContext<'a> {
        EvaluationContext {
            evidence,
            sections: Section::ALL.into_iter().map(|section| (section, OnceLock::new())).collect(),
            paths: OnceLock::new(),
            lookups: OnceLock::new(),
        }
    }

    /// The evidence document.
    pub fn evidence(&self) -> &'a Evidence {
        self.evidence
    }

    fn section(&self, section: Section) -> Option<&OwnedValue> {
        self.sections.get(&section)?.get_or_init(|| section_value(self.evidence, section)).as_ref()
    }

    fn paths(&self) -> &SortedPaths<'a> {
        self.paths.get_or_init(|| SortedPaths::new(self.evidence))
    }

    pub(crate) fn lookups(&self) -> &Arc<Lookups> {
        self.lookups.get_or_init(|| Arc::new(Lookups::new(self.evidence)))
    }
}

/// The paths in the order of their bytes, in which the collector delivers them; evidence from elsewhere is sorted.
#[derive(Debug)]
struct SortedPaths<'a> {
    facts: Cow<'a, [PathFacts]>,
    /// The same paths as CEL values.
    values: Vec<FactMap>,
}

impl<'a> SortedPaths<'a> {
    fn new(evidence: &'a Evidence) -> SortedPaths<'a> {
        let entries = evidence.paths.facts.as_ref().map(|paths| paths.entries.as_slice()).unwrap_or_default();
        let facts = if entries.is_sorted_by(|left, right| left.path <= right.path) {
            Cow::Borrowed(entries)
        } else {
            let mut sorted = entries.to_vec();
            sorted.sort_by(|left, right| left.path.cmp(&right.path));
            Cow::Owned(sorted)
        };
        SortedPaths { values: facts.iter().map(path_value).collect(), facts }
    }
}

/// Names of users, groups and installed packages, for the functions that look them up.
#[derive(Debug)]
pub(crate) struct Lookups {
    users: BTreeMap<i64, String>,
    groups: BTreeMap<i64, String>,
    installed: Option<BTreeSet<String>>,
}

impl Lookups {
    fn new(evidence: &Evidence) -> Lookups {
        let mut lookups = Lookups { users: BTreeMap::new(), groups: BTreeMap::new(), installed: None };
        if let Some(accounts) = &evidence.accounts.facts {
            for user in &accounts.users {
                lookups.users.entry(user.uid.into()).or_insert_with(|| user.name.clone());
            }
            for group in &accounts.groups {
                lookups.groups.entry(group.gid.into()).or_insert_with(|| group.name.clone());
            }
        }
        lookups.installed = evidence.packages.facts.as_ref().map(|packages| {
            let installed = packages.packages.iter().filter(|package| package.state.has_files());
            installed.map(|package| package.name.clone()).collect()
        });
        lookups
    }
}

impl OwnerNames for Lookups {
    fn user(&self, uid: i64) -> String {
        self.users.get(&uid).cloned().unwrap_or_else(|| uid.to_string())
    }

    fn group(&self, gid: i64) -> String {
        self.groups.get(&gid).cloned().unwrap_or_else(|| gid.to_string())
    }
}

/// What one rule sees of the evidence.
pub(crate) struct RuleView<'c, 'a> {
    context: &'c EvaluationContext<'a>,
    sections: BTreeSet<Section>,
    paths: OwnedValue,
    parameters: OwnedValue,
    problems: OwnedValue,
}

impl<'c, 'a> RuleView<'c, 'a> {
    /// The view of a rule.
    pub(crate) fn new(rule: &Rule, context: &'c EvaluationContext<'a>) -> RuleView<'c, 'a> {
        let sections: BTreeSet<Section> = rule.needs.union(&rule.wants).copied().collect();
        let problems: Vec<(Section, Vec<&Problem>)> = sections
            .iter()
            .map(|section| (*section, concerning_problems_of(rule, context.evidence, *section)))
            .collect();
        RuleView {
            context,
            paths: paths_of(rule, context),
            parameters: value_of(&rule.parameters).unwrap_or_else(|| Box::new(FactMap::new([]))),
            problems: problems_value(&problems),
            sections,
        }
    }
}

/// What a rule's patterns stand for, each path once.
fn paths_of(rule: &Rule, context: &EvaluationContext<'_>) -> OwnedValue {
    if rule.compiled.paths.is_empty() {
        return Box::new(CelList::default());
    }
    let paths = context.paths();
    let selected: BTreeSet<usize> =
        rule.compiled.paths.iter().flat_map(|pattern| pattern.select(&paths.facts)).collect();
    let values = selected.into_iter().filter_map(|at| paths.values.get(at));
    let values = values.map(|value| -> OwnedValue { Box::new(value.clone()) });
    Box::new(CelList::from(values.collect::<Vec<_>>()))
}

impl VariableResolver for RuleView<'_, '_> {
    fn resolve<'b>(&'b self, variable: &str) -> Option<CowVal<'b, 'b>> {
        match variable {
            "parameters" => return Some(CowVal::Borrowed(self.parameters.as_ref())),
            "problems" => return Some(CowVal::Borrowed(self.problems.as_ref())),
            _ => {}
        }
        let section = *self.sections.iter().find(|section| section.as_str() == variable)?;
        if section == Section::Paths {
            return self.context.evidence.has_facts(section).then(|| CowVal::Borrowed(self.paths.as_ref()));
        }
        self.context.section(section).map(|value| CowVal::Borrowed(value.as_ref()))
    }
}

/// The budget of steps of one expression at a time.
#[derive(Clone, Debug, Default)]
pub(crate) struct Steps(Arc<AtomicU64>);

impl Steps {
    /// Begins a new expression.
    pub(crate) fn restart(&self) {
        self.0.store(0, Ordering::Relaxed);
    }

    fn charge(&self, value: &dyn Val) -> Result<(), ExecutionError> {
        let before = self.0.load(Ordering::Relaxed);
        let after = before.saturating_add(size_of(value, MAX_STEPS.saturating_sub(before)));
        self.0.store(after, Ordering::Relaxed);
        if after > MAX_STEPS {
            return Err(ExecutionError::InternalError(format!("the expression takes more than {MAX_STEPS} steps")));
        }
        Ok(())
    }
}

/// How much a value holds: 1 and what is in it, counted no further than just over a limit. Maps of the evidence are 1:
/// their copies share what is in them.
fn size_of(value: &dyn Val, limit: u64) -> u64 {
    let mut size = 1;
    if let Some(text) = value.downcast_ref::<CelString>() {
        size += u64::try_from(text.inner().len() / 16).unwrap_or(u64::MAX);
    } else if let Some(list) = value.downcast_ref::<CelList>() {
        for item in list.inner() {
            if size > limit {
                break;
            }
            size += size_of(item.as_ref(), limit - size);
        }
    } else if let Some(map) = value.downcast_ref::<CelMap>() {
        for item in map.inner().values() {
            if size > limit {
                break;
            }
            size += size_of(item.as_ref(), limit - size);
        }
    }
    size
}

/// The CEL context of one rule: its view of the evidence, and the functions that look at it.
pub(crate) fn cel_context<'v>(view: &'v RuleView<'_, '_>, steps: &Steps) -> Context<'v, 'v> {
    let mut context = Context::with_env(environment());
    context.set_variable_resolver(view);
    let lookups = view.context.lookups();
    let (users, groups, packages) = (Arc::clone(lookups), Arc::clone(lookups), Arc::clone(lookups));
    let steps = steps.clone();
    add(&mut context, COUNTED, move |value| {
        steps.charge(value.as_ref())?;
        Ok(value)
    });
    add(&mut context, "user_name", move |uid| Ok(CowVal::owned(CelString::from(users.user(int_of(&uid)?)))));
    add(&mut context, "group_name", move |gid| Ok(CowVal::owned(CelString::from(groups.group(int_of(&gid)?)))));
    add(&mut context, "installed", move |name| {
        let name = name.downcast_ref::<CelString>().ok_or_else(|| wrong_argument("installed", "a string"))?;
        match &packages.installed {
            Some(installed) => Ok(CowVal::owned(CelBool::from(installed.contains(name.inner())))),
            None => Err(ExecutionError::no_such_key("packages")),
        }
    });
    context
}

type BoxedFunction =
    Box<dyn for<'b, 'v> Fn(&mut FunctionContext<'b, 'v>) -> Result<CowVal<'b, 'v>, ExecutionError> + Send + Sync>;

/// Adds a function of one argument.
fn add<F>(context: &mut Context<'_, '_>, name: &str, function: F)
where
    F: for<'b, 'v> Fn(CowVal<'b, 'v>) -> Result<CowVal<'b, 'v>, ExecutionError> + Send + Sync + 'static,
{
    let boxed: BoxedFunction = Box::new(move |call| match (call.args.pop(), call.args.len()) {
        (Some(argument), 0) => function(argument),
        (_, others) => Err(ExecutionError::invalid_argument_count(1, others + 1)),
    });
    let function = boxed.into_function();
    context.add_function(name, function).expect("no overload of the shared environment has the name");
}

fn int_of(value: &CowVal<'_, '_>) -> Result<i64, ExecutionError> {
    value
        .downcast_ref::<CelInt>()
        .map(|number| *number.inner())
        .ok_or_else(|| wrong_argument("the name of an id", "an int"))
}

fn wrong_argument(function: &str, expected: &str) -> ExecutionError {
    ExecutionError::function_error(function, format!("the argument must be {expected}"))
}
