//! A comparison with another scanner: `assay compare`.
//!
//! The differences come first and whole sentences with them, the rarest reasons before the common ones, since those are
//! what a first screen should show; what both say is a number, and a list on demand.

use std::collections::BTreeMap;

use super::page::Page;
use crate::others::{Comparison, Pair};
use crate::{Options, RowLimit, words};

/// The comparison of a report with the findings of a host, as far as the row limit of the options lets it.
pub fn comparison_text(comparison: &Comparison, hostname: &str, options: &Options) -> String {
    let scanner = comparison.scanner.as_str();
    let mut page = Page::new(options.width, options.style);
    page.heading(&format!("Assay and {scanner} on {}", crate::visible::visible(hostname)));
    for (label, pairs) in
        [("Agreed", &comparison.agreed), ("Only ours", &comparison.only_ours), ("Only theirs", &comparison.only_theirs)]
    {
        page.field(label, &words::thousands(pairs.len() as u64));
    }
    if !comparison.problems.is_empty() {
        page.heading(&format!("Not read of the report of {scanner}"));
        for problem in &comparison.problems {
            page.hanging(2, "", problem);
        }
    }
    let mut by_reason: BTreeMap<&str, usize> = BTreeMap::new();
    for pair in &comparison.only_theirs {
        *by_reason.entry(reason_of(pair)).or_default() += 1;
    }
    if !by_reason.is_empty() {
        page.heading(&format!("Why Assay does not say what {scanner} says"));
        let mut rows: Vec<(&str, usize)> = by_reason.iter().map(|(name, number)| (*name, *number)).collect();
        rows.sort_by_key(|(name, number)| (std::cmp::Reverse(*number), *name));
        for (name, number) in rows {
            page.line(&format!("  {:>7}  {}", words::thousands(number as u64), crate::visible::visible(name)));
        }
    }
    let mut only_theirs: Vec<&Pair> = comparison.only_theirs.iter().collect();
    only_theirs.sort_by_key(|pair| (by_reason.get(reason_of(pair)), reason_of(pair)));
    list(&mut page, "Only theirs", &only_theirs, options);
    list(&mut page, "Only ours", &comparison.only_ours.iter().collect::<Vec<_>>(), options);
    if options.rows == RowLimit::All {
        list(&mut page, "Agreed", &comparison.agreed.iter().collect::<Vec<_>>(), options);
    }
    page.into_text()
}

fn reason_of(pair: &Pair) -> &str {
    pair.reason.as_ref().map(|reason| reason.name.as_str()).unwrap_or_default()
}

fn list(page: &mut Page, heading: &str, pairs: &[&Pair], options: &Options) {
    if pairs.is_empty() {
        return;
    }
    page.heading(heading);
    let shown = options.rows.shown_of(pairs.len());
    for pair in pairs.iter().take(shown) {
        let place = pair.location.as_ref().map(|location| format!(" at {location}")).unwrap_or_default();
        let theirs = pair.their_version.as_ref().map(|version| format!(" (theirs: {version})")).unwrap_or_default();
        page.hanging(2, "", &format!("{} {} {}{theirs}{place}", pair.id, pair.package, pair.version));
        if let Some(reason) = &pair.reason {
            page.hanging(6, "", &format!("{}: {}", reason.name, reason.sentence));
        }
    }
    if shown < pairs.len() {
        page.line(&format!("  … and {} more: --all shows them.", words::thousands((pairs.len() - shown) as u64)));
    }
}
