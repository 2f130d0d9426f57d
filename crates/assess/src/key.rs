//! Stable keys and derived ids: the same inputs name the same finding on any machine.

use std::collections::BTreeSet;

use assay_model::arn::{ExclusionArn, FindingArn, Id, RunArn};
use assay_model::rules_package::RulesPackageKind;
use sha2::{Digest, Sha256};

/// The key of a finding: same host, rules package, rule and subject give the same 16 hexadecimal digits in every run.
pub(crate) fn finding_key(agent_id: &str, package: RulesPackageKind, rule_id: &str, subject: &str) -> String {
    let mut hash = Sha256::new();
    for part in [agent_id, package.slug(), rule_id, subject] {
        hash.update((part.len() as u64).to_le_bytes());
        hash.update(part.as_bytes());
    }
    hash.finalize().iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

/// Hands out the ids of one run's objects, derived from the run and a seed; two seeds never get the same id.
#[derive(Debug)]
pub(crate) struct IdSource<'a> {
    run: &'a RunArn,
    used: BTreeSet<Id>,
}

impl<'a> IdSource<'a> {
    /// The ids of a run.
    pub(crate) fn new(run: &'a RunArn) -> IdSource<'a> {
        IdSource { run, used: BTreeSet::new() }
    }

    /// The ARN of a finding with this key.
    pub(crate) fn finding(&mut self, key: &str) -> FindingArn {
        let id = self.derive("finding", key);
        FindingArn::new(self.run, &id)
    }

    /// The ARN of an exclusion with this seed.
    pub(crate) fn exclusion(&mut self, seed: &str) -> ExclusionArn {
        let id = self.derive("exclusion", seed);
        ExclusionArn::new(self.run, &id)
    }

    fn derive(&mut self, kind: &str, seed: &str) -> Id {
        let mut attempt = 0_u32;
        loop {
            let id = Id::derive(format!("{} {kind} {seed} {attempt}", self.run).as_bytes());
            if self.used.insert(id.clone()) {
                return id;
            }
            attempt += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use assay_model::arn::{Realm, TargetArn, TemplateArn};

    #[test]
    fn keys_do_not_depend_on_where_parts_meet() {
        let key = |rule: &str, subject: &str| finding_key("i-0", RulesPackageKind::Cve, rule, subject);
        assert_eq!(key("a", "b"), key("a", "b"));
        assert_ne!(key("ab", ""), key("a", "b"));
        assert_eq!(key("a", "b").len(), 16);
    }

    #[test]
    fn ids_are_repeatable_and_unique() {
        let id = Id::derive(b"x");
        let run = RunArn::new(&TemplateArn::new(&TargetArn::new(&Realm::local(), &id), &id), &id);
        let mut first = IdSource::new(&run);
        let mut second = IdSource::new(&run);
        assert_eq!(first.finding("k"), second.finding("k"));
        assert_ne!(first.finding("k"), second.exclusion("k").as_str().replace("exclusion", "finding").parse().unwrap());
    }
}
