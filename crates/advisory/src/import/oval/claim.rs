//! Takes the tree of a definition apart into claims: a package in some state, on some releases.
//!
//! Within an `AND`, whatever is about no package (the release, a module, an architecture) holds for the packages beside
//! and below it.

use super::condition::{Condition, Place, condition_of};
use super::document::{Criteria, Document, Operation, State, Test, Text};
use crate::import::notice::MAX_WORD;

/// What a definition says makes a host vulnerable.
#[derive(Clone, Debug)]
pub(super) struct Claim<'d> {
    pub(super) state: Claimed<'d>,
    /// Absent where the tree does not say.
    pub(super) places: Option<Vec<Place>>,
    pub(super) module: Option<String>,
    pub(super) architectures: Vec<String>,
    pub(super) test: Text,
    pub(super) comment: &'d str,
}

/// In which state a package is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Claimed<'d> {
    /// Earlier than this version.
    Before(&'d str),
    /// This version or earlier.
    UpTo(&'d str),
    /// Exactly this version.
    Exactly(&'d str),
    /// Installed, in whatever version.
    Installed,
    /// Of the version 0, which no package has: SUSE's way to say that it is not affected.
    Never,
    /// A state that is none of these.
    NotUnderstood,
}

/// What a leaf is.
enum Leaf<'d> {
    Package {
        state: Claimed<'d>,
        architectures: Vec<String>,
    },
    Condition(Condition),
    /// A test or what it refers to is not in the document.
    Missing,
}

#[derive(Clone, Default)]
struct Context {
    places: Option<Vec<Place>>,
    module: Option<String>,
    architectures: Vec<String>,
}

/// The claims of a tree.
#[derive(Default)]
pub(super) struct Claims<'d> {
    pub(super) claims: Vec<Claim<'d>>,
    /// Why some of the tree is not understood.
    pub(super) malformed: Vec<String>,
}

/// Takes a tree apart.
pub(super) fn claims_of<'d>(document: &'d Document, criteria: &'d Criteria) -> Claims<'d> {
    let mut claims = Claims::default();
    claims.walk(document, criteria, &Context::default());
    claims
}

impl<'d> Claims<'d> {
    fn walk(&mut self, document: &'d Document, criteria: &'d Criteria, context: &Context) {
        match criteria {
            Criteria::All(nodes) => {
                let mut context = context.clone();
                let conditions: Vec<Option<Vec<Condition>>> =
                    nodes.iter().map(|node| conditions_of(document, node)).collect();
                for conditions in conditions.iter().flatten() {
                    context.add(conditions);
                }
                let before = self.claims.len();
                for (node, conditions) in nodes.iter().zip(&conditions) {
                    if conditions.is_none() {
                        self.walk(document, node, &context);
                    }
                }
                self.drop_conditions_since(before);
            }
            Criteria::Any(nodes) => nodes.iter().for_each(|node| self.walk(document, node, context)),
            Criteria::Leaf { test, comment } => match leaf_of(document, *test, *comment) {
                Leaf::Package { state, architectures } => self.claims.push(Claim {
                    state,
                    places: context.places.clone(),
                    module: context.module.clone(),
                    architectures: if architectures.is_empty() { context.architectures.clone() } else { architectures },
                    test: *test,
                    comment: document.text(*comment),
                }),
                Leaf::Condition(_) => {}
                Leaf::Missing => self.malformed.push(format!("the test {:.64?} is missing", document.text(*test))),
            },
            Criteria::NotUnderstood => {
                self.malformed.push("a negation or an exclusive choice is not understood".into())
            }
        }
    }
}

impl Claims<'_> {
    /// Beside a claim about another package, an exact version is only the condition of that claim: a live patch is for
    /// one version of the kernel.
    fn drop_conditions_since(&mut self, start: usize) {
        let is_exact = |claim: &Claim<'_>| matches!(claim.state, Claimed::Exactly(_));
        let mut since = self.claims.split_off(start);
        if since.iter().any(|claim| !is_exact(claim)) {
            since.retain(|claim| !is_exact(claim));
        }
        self.claims.append(&mut since);
    }
}

impl Context {
    fn add(&mut self, conditions: &[Condition]) {
        let mut places: Option<Vec<Place>> = None;
        for condition in conditions {
            match condition {
                Condition::Places(more) => places.get_or_insert_default().extend(more.iter().cloned()),
                Condition::Elsewhere => {
                    places.get_or_insert_default();
                }
                Condition::Module(module) => self.module = Some(module.clone()),
                Condition::Architecture(architecture) => self.architectures = vec![architecture.clone()],
                Condition::Neutral => {}
            }
        }
        if places.is_some() {
            self.places = places;
        }
    }
}

/// What a node says of the host; nothing when it is about a package, or not understood.
fn conditions_of(document: &Document, criteria: &Criteria) -> Option<Vec<Condition>> {
    match criteria {
        Criteria::All(nodes) | Criteria::Any(nodes) => {
            let mut conditions = Vec::new();
            for node in nodes {
                conditions.append(&mut conditions_of(document, node)?);
            }
            Some(conditions)
        }
        Criteria::Leaf { test, comment } => match leaf_of(document, *test, *comment) {
            Leaf::Condition(condition) => Some(vec![condition]),
            Leaf::Package { .. } | Leaf::Missing => None,
        },
        Criteria::NotUnderstood => None,
    }
}

fn leaf_of(document: &Document, test: Text, comment: Text) -> Leaf<'_> {
    let condition = condition_of(document.text(comment));
    let is_said = !matches!(condition, Condition::Neutral | Condition::Elsewhere);
    if test == 0 || is_said {
        return Leaf::Condition(condition);
    }
    let Some(test) = document.tests.get(&test) else {
        return Leaf::Missing;
    };
    let Some(states) = test.states.iter().map(|id| document.states.get(id)).collect::<Option<Vec<&State>>>() else {
        return Leaf::Missing;
    };
    if names_of(document, test).next().is_none() || states.iter().any(|state| state.is_signature) {
        return Leaf::Condition(condition);
    }
    // Red Hat's pair "is installed" and "is not installed", which no host can be, says that it is not affected.
    if test.is_absence {
        return Leaf::Condition(Condition::Neutral);
    }
    let mut claimed = Claimed::Installed;
    for state in &states {
        claimed = match (state.evr, state.version) {
            (Some((operation, evr)), _) => evr_claim(operation, document.text(evr)),
            (None, Some((Operation::Equals, version))) if document.text(version) == "0" => Claimed::Never,
            // The version of a package that stands for the release.
            (None, Some(_)) => return Leaf::Condition(condition),
            (None, None) => claimed,
        };
    }
    let architectures = states.iter().filter_map(|state| state.architecture);
    let architectures = architectures.flat_map(|pattern| architectures_of(document.text(pattern))).collect();
    Leaf::Package { state: claimed, architectures }
}

fn evr_claim(operation: Operation, evr: &str) -> Claimed<'_> {
    match (operation, evr) {
        (Operation::LessThan, evr) => Claimed::Before(evr),
        (Operation::LessThanOrEqual, evr) => Claimed::UpTo(evr),
        (Operation::GreaterThan, "0" | "0:0" | "0:0-0") => Claimed::Installed,
        (Operation::Equals, "0" | "0:0" | "0:0-0") => Claimed::Never,
        (Operation::Equals, evr) => Claimed::Exactly(evr),
        _ => Claimed::NotUnderstood,
    }
}

/// The packages that a test looks at.
pub(super) fn names_of<'d>(document: &'d Document, test: &Test) -> impl Iterator<Item = &'d str> {
    let object = document.objects.get(&test.object);
    let values = object.and_then(|object| document.variables.get(&object.variable));
    let name = object.map(|object| object.name).filter(|name| *name != 0);
    name.into_iter().chain(values.into_iter().flatten().copied()).map(|name| document.text(name))
}

/// `aarch64` and `x86_64` of `(aarch64|x86_64)`; none, that is all, of a pattern that is more than a list.
fn architectures_of(pattern: &str) -> Vec<String> {
    if pattern.len() > MAX_WORD {
        return Vec::new();
    }
    let list = pattern.trim_start_matches('^').trim_end_matches('$');
    let list = list.strip_prefix('(').and_then(|list| list.strip_suffix(')')).unwrap_or(list);
    let words: Vec<&str> = list.split('|').collect();
    let is_word = |word: &&str| !word.is_empty() && word.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
    if words.iter().all(is_word) { words.into_iter().map(str::to_owned).collect() } else { Vec::new() }
}
