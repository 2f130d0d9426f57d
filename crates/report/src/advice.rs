//! Advice: the few commands that take away the most risk.
//!
//! Findings with the same commands are one piece of work, worth the sum of their risks. A command that many pieces
//! share, such as refreshing the package lists, is shown with the first of them only.

use std::collections::HashMap;

use assay_model::finding::Finding;

/// One piece of work, and what it is worth.
#[derive(Debug)]
pub(crate) struct Advice<'a> {
    /// The commands, in order, without those of earlier advice.
    pub(crate) commands: Vec<&'a str>,
    /// The findings that it resolves, worst first.
    pub(crate) findings: Vec<&'a Finding>,
    /// The sum of their risks.
    pub(crate) risk: f64,
}

/// The pieces of work that are worth most, most valuable first; none that has no command.
pub(crate) fn most_valuable(findings: &[Finding], limit: usize) -> Vec<Advice<'_>> {
    let mut position_of: HashMap<Vec<&str>, usize> = HashMap::new();
    let mut all: Vec<Advice<'_>> = Vec::new();
    for finding in findings {
        let commands: Vec<&str> = finding.remediation.iter().filter_map(|step| step.command.as_deref()).collect();
        if commands.is_empty() {
            continue;
        }
        let position = *position_of.entry(commands.clone()).or_insert(all.len());
        if position == all.len() {
            all.push(Advice { commands, findings: Vec::new(), risk: 0.0 });
        }
        if let Some(advice) = all.get_mut(position) {
            advice.findings.push(finding);
            advice.risk += finding.risk;
        }
    }
    // The sort is stable, so that equal advice keeps the order of its worst finding.
    all.sort_by(|left, right| right.risk.total_cmp(&left.risk));
    all.truncate(limit);
    without_repeated_commands(all)
}

fn without_repeated_commands(mut all: Vec<Advice<'_>>) -> Vec<Advice<'_>> {
    let mut seen: Vec<&str> = Vec::new();
    for advice in &mut all {
        let fresh: Vec<&str> = advice.commands.iter().copied().filter(|command| !seen.contains(command)).collect();
        seen.extend(&fresh);
        // Advice whose commands were all shown already keeps its last one, which is the specific one.
        if !fresh.is_empty() {
            advice.commands = fresh;
        } else if let Some(last) = advice.commands.pop() {
            advice.commands = vec![last];
        }
    }
    all
}
