//! System attributes: the key/value pairs of a finding that Inspector's clients look for (reference §8.5), as they are
//! filtered by and as they are shown.

use assay_model::attribute::Attribute;
use assay_model::finding::Finding;
use assay_model::rules_package::RulesPackageKind;

/// Every finding has this one: the agent id.
pub(crate) const INSTANCE_ID: &str = "INSTANCE_ID";

/// Most pairs that Inspector shows (shape `AttributeList`).
const MAX_ATTRIBUTES: usize = 50;

/// The system attributes of a finding: those that its rules package gave it, and what clients count on beside them.
pub(crate) fn system_attributes(finding: &Finding) -> Vec<Attribute> {
    let mut attributes = vec![Attribute::new(INSTANCE_ID, &finding.asset.agent_id)];
    attributes.extend(finding.attributes.iter().filter(|pair| pair.key != INSTANCE_ID).cloned());
    if finding.rules_package == RulesPackageKind::Cis {
        let benchmark = format!("{} {}", finding.rules_package.name(), finding.rules_package_version);
        for (key, value) in [("BENCHMARK_ID", benchmark.as_str()), ("BENCHMARK_RULE_ID", &finding.rule_id)] {
            if !attributes.iter().any(|pair| pair.key == key) {
                attributes.push(Attribute::new(key, value));
            }
        }
    }
    attributes.truncate(MAX_ATTRIBUTES);
    attributes
}
