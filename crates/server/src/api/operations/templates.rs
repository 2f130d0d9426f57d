//! Assessment templates (reference §6.2.3, .8, .11, .23, §8.2).

use assay_model::arn::{RulesPackageArn, TargetArn, TemplateArn};
use assay_model::template;
use assay_wire::arn::EntityArn as _;
use assay_wire::{
    ApiError, AssessmentTemplate, AssessmentTemplateFilter, CreateAssessmentTemplateRequest,
    CreateAssessmentTemplateResponse, DeleteAssessmentTemplateRequest, DescribeAssessmentTemplatesRequest,
    DescribeAssessmentTemplatesResponse, FailedItemErrorCode, InvalidInputErrorCode, LimitExceededErrorCode,
    ListAssessmentTemplatesRequest, ListAssessmentTemplatesResponse,
};

use super::attributes::{model_attributes, wire_attributes};
use super::deletion::answer_deletion;
use super::failed_items::{FailedItems, failed, own_items};
use crate::api::call::{Call, Stored as _};
use crate::store::{Creation, TemplateFilter, TemplateSummary};

/// Makes a template.
pub(crate) async fn create(
    call: &Call<'_>,
    request: &CreateAssessmentTemplateRequest,
) -> Result<CreateAssessmentTemplateResponse, ApiError> {
    let target_arn: TargetArn = call.own_arn("assessmentTargetArn", &request.assessment_target_arn)?;
    let template = template::AssessmentTemplate {
        arn: TemplateArn::new(&target_arn, &call.new_id()?),
        name: request.assessment_template_name.clone(),
        target_arn,
        duration_seconds: u32::try_from(request.duration_in_seconds).unwrap_or_default(),
        rules_package_arns: packages(call, &request.rules_package_arns)?,
        user_attributes_for_findings: model_attributes(
            request.user_attributes_for_findings.as_deref().unwrap_or_default(),
        ),
        created_at: call.now,
    };
    let most = call.service.limits.templates;
    match call.service.store.create_template(&template, most).await.or_internal()? {
        Creation::Done => Ok(CreateAssessmentTemplateResponse { assessment_template_arn: template.arn.into() }),
        Creation::NoParent => Err(template.target_arn.does_not_exist()),
        Creation::NameTaken => {
            let message = format!("the target has an assessment template of the name {:?} already", template.name);
            Err(ApiError::invalid_input(InvalidInputErrorCode::AssessmentTemplateNameAlreadyTaken, message))
        }
        Creation::TooMany => {
            let message = format!("the account has {most} assessment templates in this region, which is the limit");
            Err(ApiError::limit_exceeded(LimitExceededErrorCode::AssessmentTemplateLimitExceeded, message))
        }
    }
}

/// Describes templates.
pub(crate) async fn describe(
    call: &Call<'_>,
    request: &DescribeAssessmentTemplatesRequest,
) -> Result<DescribeAssessmentTemplatesResponse, ApiError> {
    let mut failed_items = FailedItems::new();
    let mut assessment_templates = Vec::new();
    for arn in own_items::<TemplateArn>(call.realm(), &request.assessment_template_arns, &mut failed_items) {
        match call.service.store.template(&arn).await.or_internal()? {
            Some(summary) => assessment_templates.push(wire_template(summary)),
            None => {
                failed_items.insert(arn.into(), failed(FailedItemErrorCode::ItemDoesNotExist));
            }
        }
    }
    Ok(DescribeAssessmentTemplatesResponse { assessment_templates, failed_items })
}

/// Lists templates.
pub(crate) async fn list(
    call: &Call<'_>,
    request: &ListAssessmentTemplatesRequest,
) -> Result<ListAssessmentTemplatesResponse, ApiError> {
    let mut filter = match &request.filter {
        Some(filter) => filter_of(filter)?,
        None => TemplateFilter::default(),
    };
    for text in request.assessment_target_arns.iter().flatten() {
        let target: TargetArn = call.own_arn("assessmentTargetArns", text)?;
        if call.service.store.target(&target).await.or_internal()?.is_none() {
            return Err(target.does_not_exist());
        }
        filter.targets.push(target);
    }
    let page = call.page()?;
    let listing = call.service.store.template_arns(call.realm(), &filter, &page).await.or_internal()?;
    Ok(ListAssessmentTemplatesResponse {
        next_token: call.next_token(listing.next.as_ref())?,
        assessment_template_arns: listing.items,
    })
}

/// Deletes a template with its runs.
pub(crate) async fn delete(call: &Call<'_>, request: &DeleteAssessmentTemplateRequest) -> Result<(), ApiError> {
    let arn: TemplateArn = call.own_arn("assessmentTemplateArn", &request.assessment_template_arn)?;
    answer_deletion(&arn, call.service.store.delete_template(&arn).await.or_internal()?)
}

fn filter_of(filter: &AssessmentTemplateFilter) -> Result<TemplateFilter, ApiError> {
    let range = filter.duration_range.as_ref();
    let packages = filter.rules_package_arns.iter().flatten();
    let packages = packages.map(|text| RulesPackageArn::of_member("filter.rulesPackageArns", text));
    Ok(TemplateFilter {
        targets: Vec::new(),
        name_pattern: filter.name_pattern.clone(),
        min_seconds: range.and_then(|range| range.min_seconds).map(i64::from),
        max_seconds: range.and_then(|range| range.max_seconds).map(i64::from),
        rules_packages: packages.collect::<Result<_, _>>()?,
    })
}

/// The packages of a new template, each once: at least one, all of them known in this region.
fn packages(call: &Call<'_>, texts: &[String]) -> Result<Vec<RulesPackageArn>, ApiError> {
    let mut packages = Vec::new();
    for text in texts {
        let arn = RulesPackageArn::of_member("rulesPackageArns", text)?;
        if arn.region() != call.realm().region {
            return Err(arn.is_denied());
        }
        if arn.resolve().is_none() {
            return Err(arn.does_not_exist());
        }
        if !packages.contains(&arn) {
            packages.push(arn);
        }
    }
    if packages.is_empty() {
        let code = InvalidInputErrorCode::InvalidNumberOfRulesPackageArns;
        return Err(ApiError::invalid_input(code, "rulesPackageArns has to name at least one rules package"));
    }
    Ok(packages)
}

fn wire_template(TemplateSummary { template, last_run, runs }: TemplateSummary) -> AssessmentTemplate {
    AssessmentTemplate {
        arn: template.arn.into(),
        name: template.name,
        assessment_target_arn: template.target_arn.into(),
        duration_in_seconds: i32::try_from(template.duration_seconds).unwrap_or(i32::MAX),
        rules_package_arns: template.rules_package_arns.into_iter().map(String::from).collect(),
        user_attributes_for_findings: wire_attributes(template.user_attributes_for_findings),
        last_assessment_run_arn: last_run,
        assessment_run_count: i32::try_from(runs).unwrap_or(i32::MAX),
        created_at: template.created_at.into(),
    }
}
