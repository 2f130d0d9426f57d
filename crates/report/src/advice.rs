//! Advice: the few pieces of work that take away the worst.
//!
//! Findings with the same commands are one piece of work. Pieces are compared as findings are: one critical finding
//! outweighs any number of high ones, and so on down; only then does the sum of the risks decide. A command that many
//! pieces share, such as refreshing the package lists, is shown with the first of them only.

use std::cmp::Ordering;
use std::collections::HashMap;

use assay_model::finding::Finding;

use crate::words::band_counts;

/// One piece of work, and what it is worth.
#[derive(Debug)]
pub(crate) struct Advice<'a> {
    /// What to do and the command that does it, in order, without the commands of earlier advice.
    pub(crate) steps: Vec<(&'a str, &'a str)>,
    /// The findings that it resolves, worst first.
    pub(crate) findings: Vec<&'a Finding>,
}

/// The pieces of work that are worth most, most valuable first; none that has no command.
pub(crate) fn most_valuable(findings: &[Finding], limit: usize) -> Vec<Advice<'_>> {
    let mut position_of: HashMap<Vec<&str>, usize> = HashMap::new();
    let mut all: Vec<Advice<'_>> = Vec::new();
    for finding in findings {
        let steps: Vec<(&str, &str)> = finding
            .remediation
            .iter()
            .filter_map(|step| Some((step.text.as_str(), step.command.as_deref()?)))
            .collect();
        if steps.is_empty() {
            continue;
        }
        let commands = steps.iter().map(|(_, command)| *command).collect();
        let position = *position_of.entry(commands).or_insert(all.len());
        if position == all.len() {
            all.push(Advice { steps, findings: Vec::new() });
        }
        if let Some(advice) = all.get_mut(position) {
            advice.findings.push(finding);
        }
    }
    let mut ranked: Vec<(Worth, Advice<'_>)> =
        all.into_iter().map(|advice| (Worth::of(&advice.findings), advice)).collect();
    // The sort is stable, so that equal advice keeps the order of its worst finding.
    ranked.sort_by(|(left, _), (right, _)| right.compare(left));
    without_repeated_commands(ranked.into_iter().take(limit).map(|(_, advice)| advice).collect())
}

/// Findings by band, worst band first, and the sum of their risks.
#[derive(Debug)]
struct Worth {
    counts: [usize; 5],
    risk: f64,
}

impl Worth {
    fn of(findings: &[&Finding]) -> Worth {
        Worth {
            counts: band_counts(findings.iter().copied()).map(|(_, count)| count),
            risk: findings.iter().map(|finding| finding.risk).sum(),
        }
    }

    fn compare(&self, other: &Worth) -> Ordering {
        self.counts.cmp(&other.counts).then(self.risk.total_cmp(&other.risk))
    }
}

fn without_repeated_commands(mut all: Vec<Advice<'_>>) -> Vec<Advice<'_>> {
    let mut seen: Vec<&str> = Vec::new();
    for advice in &mut all {
        let fresh: Vec<(&str, &str)> =
            advice.steps.iter().copied().filter(|(_, command)| !seen.contains(command)).collect();
        seen.extend(fresh.iter().map(|(_, command)| *command));
        // Advice whose commands were all shown already keeps its last one, which is the specific one.
        if !fresh.is_empty() {
            advice.steps = fresh;
        } else if let Some(last) = advice.steps.pop() {
            advice.steps = vec![last];
        }
    }
    all
}
