//! `assay rules`.

use std::fmt::Write as _;

use anyhow::{Context as _, bail};
use assay_rules::{KnowledgeBase, Rule, RulesPackage, lint_rule, test_rule};

use crate::arguments::{RulesCommand, RulesSelection};
use crate::exit::Exit;
use crate::output;
use crate::settings::Settings;
use crate::terminal::Terminal;

/// The knowledge base: the built-in rules, and those of `--knowledge`.
///
/// # Errors
///
/// When a rule of the folder is wrong: file, line and what is wrong with it.
pub fn knowledge(settings: &Settings) -> anyhow::Result<KnowledgeBase> {
    match &settings.knowledge {
        Some(folder) => KnowledgeBase::with_directory(folder.as_std_path())
            .with_context(|| format!("the rules in {folder} cannot be used")),
        None => KnowledgeBase::embedded().context("the built-in rules are wrong"),
    }
}

/// Lists, shows, tests or lints rules.
pub fn run(command: &RulesCommand, settings: &Settings, terminal: &Terminal) -> anyhow::Result<Exit> {
    let knowledge = knowledge(settings)?;
    match command {
        RulesCommand::List(selection) => list(&select(&knowledge, selection)?),
        RulesCommand::Show { rule } => show(&knowledge, rule),
        RulesCommand::Test(selection) => test(&select(&knowledge, selection)?, terminal),
        RulesCommand::Lint(selection) => lint(&select(&knowledge, selection)?),
    }
}

fn select<'a>(
    knowledge: &'a KnowledgeBase,
    selection: &RulesSelection,
) -> anyhow::Result<Vec<(&'a RulesPackage, &'a Rule)>> {
    let packages =
        knowledge.packages().iter().filter(|package| selection.rules.is_none_or(|kind| kind == package.kind));
    let rules = packages.flat_map(|package| package.rules.iter().map(move |rule| (package, rule)));
    let wanted = |rule: &Rule| selection.rule.as_ref().is_none_or(|id| rule.id == *id);
    let selected: Vec<_> = rules.filter(|(_, rule)| wanted(rule)).collect();
    if selected.is_empty() {
        bail!("there is no such rule; `assay rules list` shows all");
    }
    Ok(selected)
}

fn list(rules: &[(&RulesPackage, &Rule)]) -> anyhow::Result<Exit> {
    let mut text = String::new();
    let mut previous = None;
    for (package, rule) in rules {
        if previous != Some(package.kind) {
            writeln!(text, "{} {} ({})", package.name, package.version, package.kind.slug())?;
            previous = Some(package.kind);
        }
        writeln!(text, "  {:<14} {}", rule.severity, rule.id)?;
    }
    output::print(text)?;
    Ok(Exit::Done)
}

fn show(knowledge: &KnowledgeBase, id: &str) -> anyhow::Result<Exit> {
    let rules = knowledge.packages().iter().flat_map(|package| package.rules.iter().map(move |rule| (package, rule)));
    let Some((package, rule)) = rules.into_iter().find(|(_, rule)| rule.id == id) else {
        bail!("there is no rule {id:?}; `assay rules list` shows all");
    };
    let mut text = format!("{}\n\n", rule.id);
    writeln!(text, "Rules package  {} {}", package.name, package.version)?;
    writeln!(text, "Severity       {}", rule.severity)?;
    writeln!(text, "File           {}", rule.place)?;
    if let Some(applies_to) = &rule.applies_to {
        writeln!(text, "Applies to     {applies_to}")?;
    }
    writeln!(text, "Passes when    {}", rule.passes_when.trim())?;
    for (name, expression) in &rule.variables {
        writeln!(text, "  {name} = {}", expression.trim())?;
    }
    writeln!(text, "\n{}\n\nWhy it matters\n\n{}\n\nRemediation\n", rule.description.trim(), rule.rationale.trim())?;
    for (number, step) in rule.remediation.iter().enumerate() {
        writeln!(text, "{}. {}", number + 1, step.text.trim())?;
        if let Some(command) = &step.command {
            writeln!(text, "   {command}")?;
        }
    }
    writeln!(text, "\nReferences: {}", rule.references.join(", "))?;
    output::print(text)?;
    Ok(Exit::Done)
}

fn test(rules: &[(&RulesPackage, &Rule)], terminal: &Terminal) -> anyhow::Result<Exit> {
    let mut text = String::new();
    let (mut passed, mut failed) = (0, 0);
    for (_, rule) in rules {
        for outcome in test_rule(rule) {
            if outcome.is_as_expected() {
                passed += 1;
                continue;
            }
            failed += 1;
            writeln!(
                text,
                "{}: {}: \"{}\" is {}, not {}: {}",
                outcome.place, rule.id, outcome.name, outcome.actual, outcome.expected, outcome.reason
            )?;
        }
    }
    output::print(text)?;
    terminal.hint(format_args!("{} rules, {passed} test cases as expected, {failed} not", rules.len()));
    Ok(if failed == 0 { Exit::Done } else { Exit::Failed })
}

fn lint(rules: &[(&RulesPackage, &Rule)]) -> anyhow::Result<Exit> {
    let mut text = String::new();
    for problem in rules.iter().flat_map(|(_, rule)| lint_rule(rule)) {
        writeln!(text, "{}: {}: {}", problem.place, problem.rule_id, problem.message)?;
    }
    let exit = if text.is_empty() { Exit::Done } else { Exit::Failed };
    output::print(text)?;
    Ok(exit)
}
