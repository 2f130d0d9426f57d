//! Which services of Ubuntu Pro the host may use, as the client's own status says.
//!
//! Reads `/var/lib/ubuntu-advantage/status.json`. Surprising: apt's sources of the extended maintenance may be there on
//! a host that is not attached to a subscription, and then nothing comes from them.

use std::collections::BTreeSet;

use serde::Deserialize;

/// What the client wrote last.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Status {
    enabled: BTreeSet<String>,
}

/// The host of the extended maintenance; a service is the first part of its paths.
const ADDRESS: &str = "esm.ubuntu.com/";

#[derive(Deserialize)]
struct Document {
    attached: bool,
    #[serde(default)]
    services: Vec<Service>,
}

#[derive(Deserialize)]
struct Service {
    name: String,
    #[serde(default)]
    status: Option<String>,
}

/// Reads the client's status.
///
/// # Errors
///
/// What is wrong with the document, one clause.
pub fn parse(bytes: &[u8]) -> Result<Status, String> {
    let document: Document = serde_json::from_slice(bytes).map_err(|error| error.to_string())?;
    let services = document.services.into_iter().filter(|_| document.attached);
    // `warning` is a service that is switched on but whose application has a defect.
    let is_on = |service: &Service| matches!(service.status.as_deref(), Some("enabled" | "warning"));
    Ok(Status { enabled: services.filter(is_on).map(|service| service.name).collect() })
}

impl Status {
    /// Whether packages can come from an address; only those of the extended maintenance need a subscription.
    pub fn may_use(&self, location: &str) -> bool {
        let Some((_, path)) = location.split_once("://").and_then(|(_, rest)| rest.split_once(ADDRESS)) else {
            return true;
        };
        let service = match path.split('/').next() {
            Some("infra") => "esm-infra",
            Some("apps") => "esm-apps",
            Some("infra-legacy") => "esm-infra-legacy",
            // Each other service is called as its path is: `fips`, `fips-updates`, `cis`, `realtime`.
            Some("realtime") => "realtime-kernel",
            Some("cis") => "usg",
            Some(other) => other,
            None => return true,
        };
        self.enabled.contains(service)
    }
}
