//! A finding as the wire has it (reference §7 `Finding`, §8.5). Texts are cut where the model's limits end.

use assay_model::arn::RulesPackageArn;
use assay_model::finding::{Finding, RemediationStep};
use assay_wire::{AssetType, InspectorServiceAttributes, Severity};

use super::asset::asset_attributes;
use super::attributes::wire_attributes;
use crate::store::FindingDetails;
use crate::store::system_attributes::system_attributes;

/// Longest `Text`, in characters.
const MAX_TEXT_CHARACTERS: usize = 20_000;
/// Longest `FindingId`.
const MAX_ID_CHARACTERS: usize = 128;

/// The literal that clients look for.
const SERVICE: &str = "Inspector";

/// How sure Inspector says it is, of 10. Assay's own word on that is not on this wire.
const CONFIDENCE: i32 = 10;

/// The finding, its host and its run.
pub(crate) fn wire_finding(details: FindingDetails) -> assay_wire::Finding {
    let FindingDetails { finding, rules_package_arns, member } = details;
    let run = finding.arn.run();
    assay_wire::Finding {
        schema_version: Some(1),
        service: Some(SERVICE.to_owned()),
        service_attributes: Some(InspectorServiceAttributes {
            schema_version: 1,
            rules_package_arn: Some(package_arn(&finding, &rules_package_arns).into()),
            assessment_run_arn: Some(run.into()),
        }),
        asset_type: Some(AssetType::Ec2Instance),
        asset_attributes: Some(asset_attributes(&finding.asset, &member)),
        attributes: wire_attributes(system_attributes(&finding)),
        user_attributes: wire_attributes(finding.user_attributes),
        recommendation: Some(text(&recommendation(&finding.remediation))),
        id: Some(cut(&finding.rule_id, MAX_ID_CHARACTERS)),
        title: Some(text(&finding.title)),
        description: Some(text(&finding.description)),
        severity: Severity::from_name(finding.severity.as_str()),
        numeric_severity: Some(finding.severity.numeric()),
        confidence: Some(CONFIDENCE),
        indicator_of_compromise: Some(false),
        created_at: finding.created_at.into(),
        updated_at: finding.updated_at.into(),
        arn: finding.arn.into(),
    }
}

/// The ARN by which the template names the package of a finding, else that of the finding's region.
fn package_arn(finding: &Finding, of_run: &[RulesPackageArn]) -> RulesPackageArn {
    let named = of_run.iter().find(|arn| arn.resolve() == Some(finding.rules_package));
    named.cloned().unwrap_or_else(|| finding.rules_package.arn_in(finding.arn.region()))
}

/// Steps as a numbered list, each with its command below.
fn recommendation(steps: &[RemediationStep]) -> String {
    let lines = steps.iter().zip(1_u32..).map(|(step, number)| match &step.command {
        Some(command) => format!("{number}. {}\n   {}", step.text, command.replace('\n', "\n   ")),
        None => format!("{number}. {}", step.text),
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// A `Text`.
pub(crate) fn text(text: &str) -> String {
    cut(text, MAX_TEXT_CHARACTERS)
}

/// A text that is cut at its limit and then ends in an ellipsis.
pub(crate) fn cut(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        None => text.to_owned(),
        Some(_) => text.chars().take(most.saturating_sub(1)).chain(['…']).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_cut_by_characters() {
        for (given, most, expected) in [("", 3, ""), ("abc", 3, "abc"), ("äöüß", 3, "äö…"), ("abcd", 1, "…")]
        {
            assert_eq!(cut(given, most), expected);
        }
    }

    #[test]
    fn steps_are_numbered() {
        let step = |text: &str, command: Option<&str>| RemediationStep {
            text: text.to_owned(),
            command: command.map(str::to_owned),
        };
        let steps = [step("Upgrade.", Some("apt-get update\napt-get upgrade")), step("Restart.", None)];
        assert_eq!(recommendation(&steps), "1. Upgrade.\n   apt-get update\n   apt-get upgrade\n2. Restart.");
    }
}
