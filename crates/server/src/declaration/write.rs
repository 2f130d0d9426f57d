//! Writing a document as YAML. Texts are always quoted as JSON quotes them, which is YAML too: no text can be anything else.

use std::fmt::Write as _;

use assay_model::attribute::Attribute;

use super::document::{Declaration, DeclaredSchedule, DeclaredTarget, DeclaredTemplate};
use crate::store::CatchUpPolicy;

/// The document; what [`super::read`] makes of it is the same again.
pub fn write(declaration: &Declaration) -> String {
    let mut text = String::new();
    // Writing to a `String` cannot fail.
    let _ = write_all(&mut text, declaration);
    text
}

fn write_all(text: &mut String, declaration: &Declaration) -> std::fmt::Result {
    if declaration.targets.is_empty() {
        writeln!(text, "assessmentTargets: []")?;
    } else {
        writeln!(text, "assessmentTargets:")?;
    }
    for target in &declaration.targets {
        write_target(text, target)?;
    }
    if !declaration.schedules.is_empty() {
        writeln!(text, "schedules:")?;
    }
    for schedule in &declaration.schedules {
        write_schedule(text, schedule)?;
    }
    Ok(())
}

fn write_target(text: &mut String, target: &DeclaredTarget) -> std::fmt::Result {
    writeln!(text, "  - name: {}", quoted(&target.name))?;
    if let Some(tags) = &target.resource_group_tags {
        writeln!(text, "    resourceGroupTags:")?;
        for Attribute { key, value } in tags {
            writeln!(text, "      - key: {}", quoted(key))?;
            if !value.is_empty() {
                writeln!(text, "        value: {}", quoted(value))?;
            }
        }
    }
    if !target.templates.is_empty() {
        writeln!(text, "    assessmentTemplates:")?;
    }
    for template in &target.templates {
        write_template(text, template)?;
    }
    Ok(())
}

fn write_template(text: &mut String, template: &DeclaredTemplate) -> std::fmt::Result {
    writeln!(text, "      - name: {}", quoted(&template.name))?;
    writeln!(text, "        durationInSeconds: {}", template.duration_seconds)?;
    let packages: Vec<&str> = template.rules_packages.iter().map(|package| package.slug()).collect();
    writeln!(text, "        rulesPackages: [{}]", packages.join(", "))?;
    if !template.user_attributes_for_findings.is_empty() {
        writeln!(text, "        userAttributesForFindings:")?;
    }
    for Attribute { key, value } in &template.user_attributes_for_findings {
        writeln!(text, "          - key: {}", quoted(key))?;
        if !value.is_empty() {
            writeln!(text, "            value: {}", quoted(value))?;
        }
    }
    match template.subscriptions.as_deref() {
        None => {}
        Some([]) => writeln!(text, "        eventSubscriptions: []")?,
        Some(_) => writeln!(text, "        eventSubscriptions:")?,
    }
    for subscription in template.subscriptions.iter().flatten() {
        writeln!(text, "          - topicArn: {}", quoted(&subscription.topic))?;
        writeln!(text, "            event: {}", subscription.event)?;
    }
    Ok(())
}

fn write_schedule(text: &mut String, schedule: &DeclaredSchedule) -> std::fmt::Result {
    let declaration = &schedule.declaration;
    writeln!(text, "  - name: {}", quoted(&schedule.name))?;
    writeln!(text, "    assessmentTarget: {}", quoted(&schedule.target))?;
    writeln!(text, "    assessmentTemplate: {}", quoted(&schedule.template))?;
    writeln!(text, "    expression: {}", quoted(&declaration.expression))?;
    writeln!(text, "    timeZone: {}", quoted(&declaration.time_zone))?;
    if let Some(at) = declaration.starts_at {
        writeln!(text, "    startsAt: {}", quoted(&at.to_string()))?;
    }
    writeln!(text, "    jitterInSeconds: {}", declaration.jitter_seconds)?;
    let catch_up = match declaration.catch_up {
        CatchUpPolicy::Once => "ONCE",
        CatchUpPolicy::None => "NONE",
    };
    writeln!(text, "    catchUp: {catch_up}")?;
    writeln!(text, "    catchUpWindowInSeconds: {}", declaration.catch_up_window_seconds)?;
    writeln!(text, "    enabled: {}", declaration.is_enabled)
}

fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}
