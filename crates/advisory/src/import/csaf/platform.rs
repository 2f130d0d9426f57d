//! Platforms of CSAF documents.

use super::product_tree::Product;
use crate::Scope;
use crate::import::{red_hat, suse};

/// The scope and channel of a platform: of Red Hat's by its CPE, of SUSE's by its name.
pub(super) fn place_of(platform: &Product) -> Option<(Scope, Option<String>)> {
    let helper = platform.product_identification_helper.as_ref();
    let cpe = helper.and_then(|helper| helper.cpe.as_deref()).unwrap_or_default();
    let prefixes = ["cpe:/o:redhat:", "cpe:/a:redhat:", "cpe:2.3:o:redhat:", "cpe:2.3:a:redhat:"];
    match prefixes.into_iter().find_map(|prefix| cpe.strip_prefix(prefix)) {
        Some(stream) => red_hat::place_of_cpe(stream),
        None => suse::place_of_product(&platform.name),
    }
}
