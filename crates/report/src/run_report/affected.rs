//! Which instances a rule concerns, in the shortest words that lose nothing.

use std::collections::{BTreeMap, BTreeSet};

use super::ReportInstance;
use super::text::line;
use crate::words;

/// From how many instances on "all" and "all except" are said; fewer are named.
const NAMED: usize = 20;

/// The members of a target, to name them.
#[derive(Debug)]
pub(super) struct Members<'a> {
    hostnames: BTreeMap<&'a str, &'a str>,
}

impl<'a> Members<'a> {
    pub(super) fn new(instances: &'a [ReportInstance]) -> Members<'a> {
        let names = instances.iter().map(|it| (it.agent_id.as_str(), it.hostname.as_str()));
        Members { hostnames: names.collect() }
    }

    /// `web-1 (i-0aa…), web-2 (i-0bb…)`; `All 500 instances`; `All 500 instances except db-1 (i-0cc…)`.
    pub(super) fn named(&self, agent_ids: &[String]) -> String {
        let ids: BTreeSet<&str> = agent_ids.iter().map(String::as_str).collect();
        let others: Vec<&str> = self.hostnames.keys().copied().filter(|id| !ids.contains(id)).collect();
        let total = self.hostnames.len();
        let all_are_members = ids.len() + others.len() == total;
        if !all_are_members || ids.len() <= NAMED || others.len() > NAMED || others.len() >= ids.len() {
            return self.list(ids);
        }
        let all = format!("All {} instances of section 2.2", words::thousands(total as u64));
        if others.is_empty() { all } else { format!("{all} except {}", self.list(others)) }
    }

    fn list<'b>(&self, ids: impl IntoIterator<Item = &'b str>) -> String {
        let mut text = String::new();
        for id in ids {
            if !text.is_empty() {
                text.push_str(", ");
            }
            match self.hostnames.get(id).filter(|name| !name.is_empty() && **name != id) {
                Some(name) => text.push_str(&format!("{} ({})", line(name), line(id))),
                None => text.push_str(&line(id)),
            }
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(total: usize, affected: impl IntoIterator<Item = usize>, expected: &str) {
        let id = |number: usize| format!("i-{number:03}");
        let instances: Vec<ReportInstance> = (0..total)
            .map(|number| ReportInstance {
                agent_id: id(number),
                hostname: if number == 1 { String::new() } else { format!("web-{number}") },
                operating_system: String::new(),
            })
            .collect();
        let affected: Vec<String> = affected.into_iter().map(id).collect();
        assert_eq!(Members::new(&instances).named(&affected), expected);
    }

    #[test]
    fn instances_are_named_or_said_to_be_all() {
        check(3, [0, 1], "web-0 (i-000), i-001");
        check(3, 0..3, "web-0 (i-000), i-001, web-2 (i-002)");
        check(30, 0..30, "All 30 instances of section 2.2");
        check(30, 2..30, "All 30 instances of section 2.2 except web-0 (i-000), i-001");
        check(3, [7], "i-007");
        let members = Members::new(&[]);
        assert_eq!(members.named(&[]), "");
    }
}
