//! What the readers' tests read into.

use crate::AdvisoryError;
use crate::entry::{Entry, EntrySink, RangeEnd, Statement};
use crate::scope::Scope;

/// Everything that a reader says.
#[derive(Debug, Default)]
pub(crate) struct Collected {
    pub(crate) entries: Vec<(Scope, Entry)>,
    pub(crate) malformed: Vec<String>,
}

impl EntrySink for Collected {
    fn entry(&mut self, scope: &Scope, entry: Entry) -> Result<(), AdvisoryError> {
        self.entries.push((scope.clone(), entry));
        Ok(())
    }

    fn malformed(&mut self, place: &str, detail: &str) {
        self.malformed.push(format!("{place}: {detail}"));
    }
}

impl Collected {
    /// The entries, one a line: `SCOPE ID PACKAGE STATEMENT [ARCHITECTURES] SEVERITY ALIASES`.
    pub(crate) fn lines(&self) -> Vec<String> {
        let line = |(scope, entry): &(Scope, Entry)| {
            let (statement, architectures) = (statement(&entry.statement), entry.architectures.join(","));
            let aliases = entry.aliases.join(",");
            let Entry { id, package, severity, .. } = entry;
            format!("{scope} {id} {package} {statement} [{architectures}] {severity} {aliases}")
        };
        self.entries.iter().map(line).collect()
    }
}

/// A statement in short: `< 1.2`, `open ignored`, `not affected`.
fn statement(statement: &Statement) -> String {
    match statement {
        Statement::Affected { ranges, versions, unfixed } => {
            let range = |end: &RangeEnd| match end {
                RangeEnd::Fixed(version) => format!("< {version}"),
                RangeEnd::LastAffected(version) => format!("<= {version}"),
                RangeEnd::Open => format!("open {}", unfixed.as_str()),
            };
            let ranges = ranges.iter().map(|stated| range(&stated.end));
            ranges.chain(versions.iter().map(|version| format!("= {version}"))).collect::<Vec<_>>().join(" ")
        }
        Statement::NotAffected { reason } => format!("not affected {}", reason.as_deref().unwrap_or_default()),
        Statement::UnderInvestigation => "under investigation".to_owned(),
        Statement::NotUnderstood => "not understood".to_owned(),
    }
}
