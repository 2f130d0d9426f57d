//! Red Hat: whose updates a definition is about is told by CPEs, and what is meant to be done by resolutions.

use assay_model::finding::FixState;

use super::document::{Definition, Document};
use crate::entry::Statement;
use crate::import::notice::MAX_WORD;
use crate::import::notice_text::clip;
use crate::import::red_hat::place_of_cpe;

/// The channel of the definition: nothing where it is for every host, `eus-9.2`, or `product-openshift-4.15` for the
/// builds of something that is installed on top.
pub(super) fn channel_of(document: &Document, definition: &Definition) -> Option<String> {
    let mut of_distribution = None;
    let mut of_product = None;
    for cpe in &definition.cpes {
        // Those who rebuild the distribution have CPEs of their own.
        let Some((_, stream)) = document.text(*cpe).split_once(":redhat:") else { continue };
        match place_of_cpe(stream) {
            Some((_, None)) => return None,
            Some((_, channel)) => of_distribution = of_distribution.or(channel),
            None => {
                let mut parts = clip(stream, MAX_WORD).split(':').take(2);
                let name = parts.next().unwrap_or_default();
                let product = parts.next().map_or_else(|| name.to_owned(), |version| format!("{name}-{version}"));
                of_product.get_or_insert(format!("product-{product}"));
            }
        }
    }
    of_distribution.or(of_product)
}

/// What is meant to be done about a package that a vulnerability is not fixed in, and Red Hat's words for it.
pub(super) fn unfixed<'d>(document: &'d Document, definition: &Definition, package: &str) -> (Statement, &'d str) {
    let states = definition.resolutions.iter().flat_map(|resolution| {
        let state = document.text(resolution.state);
        resolution.components.iter().map(move |component| (state, document.text(*component)))
    });
    // A component is a source package (`kernel`), or one of a module (`nodejs:18/nodejs`).
    let closeness = |component: &str| {
        let component = component.rsplit('/').next().unwrap_or_default();
        match package.strip_prefix(component) {
            Some("") => 2,
            Some(rest) if rest.starts_with('-') => 1,
            _ => 0,
        }
    };
    let (state, _) = states.max_by_key(|(state, component)| (closeness(component), rank(state))).unwrap_or_default();
    (statement_of(state), state)
}

/// The more alarming of two states counts where it is unclear which one is about a package.
fn rank(state: &str) -> u8 {
    match state {
        "Affected" => 5,
        "Under investigation" => 4,
        "Fix deferred" => 3,
        "Will not fix" => 2,
        "Out of support scope" => 1,
        _ => 0,
    }
}

fn statement_of(state: &str) -> Statement {
    match state {
        "Affected" | "" => Statement::unfixed(FixState::NoFixYet),
        "Fix deferred" => Statement::unfixed(FixState::NoDsa),
        "Will not fix" => Statement::unfixed(FixState::Ignored),
        "Out of support scope" => Statement::unfixed(FixState::EndOfLife),
        "Under investigation" => Statement::UnderInvestigation,
        "Not affected" => Statement::NotAffected { reason: None },
        _ => Statement::NotUnderstood,
    }
}
