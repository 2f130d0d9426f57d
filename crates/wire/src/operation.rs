//! Operations by the header that names them, and how their results are cut into pages (reference §2).

use crate::generated::{Operation, Request};

/// What the `X-Amz-Target` header begins with.
const TARGET_PREFIX: &str = "InspectorService.";

/// Most results that a caller may ask for in one page.
pub const MAX_RESULTS: i32 = 500;

/// The sizes of an operation's pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PageLimits {
    /// Results of a page when the caller names no number.
    pub default: usize,
    /// Most results of a page, whatever the caller asks for: the limit of the response's list.
    pub most: usize,
}

impl Operation {
    /// The operation that an `X-Amz-Target` header names; absent means `UnknownOperationException`.
    pub fn from_target(header: &str) -> Option<Operation> {
        Operation::from_name(header.strip_prefix(TARGET_PREFIX)?)
    }

    /// The sizes of its pages; absent for an operation without pages.
    pub fn page_limits(self) -> Option<PageLimits> {
        let (default, most) = match self {
            Operation::ListAssessmentRunAgents => (10, 500),
            Operation::ListAssessmentRuns
            | Operation::ListAssessmentTargets
            | Operation::ListAssessmentTemplates
            | Operation::ListFindings
            | Operation::ListRulesPackages
            | Operation::PreviewAgents => (10, 100),
            Operation::ListEventSubscriptions => (10, 50),
            Operation::GetExclusionsPreview | Operation::ListExclusions => (100, 100),
            _ => return None,
        };
        Some(PageLimits { default, most })
    }
}

impl Request {
    /// How many results to return in this page; absent for an operation without pages. At least 1.
    pub fn page_size(&self) -> Option<usize> {
        let limits = self.operation().page_limits()?;
        let asked = self.max_results().and_then(|count| usize::try_from(count).ok()).filter(|count| *count > 0);
        Some(asked.unwrap_or(limits.default).min(limits.most))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::generated::{ListExclusionsRequest, ListFindingsRequest};
    use crate::shape::{Kind, Member};

    #[test]
    fn headers_name_operations_to_the_letter() {
        assert_eq!(Operation::from_target("InspectorService.ListFindings"), Some(Operation::ListFindings));
        for header in ["ListFindings", "InspectorService.listfindings", "Inspector2.ListFindings", ""] {
            assert_eq!(Operation::from_target(header), None, "{header}");
        }
        assert_eq!(Operation::ALL.len(), 37);
    }

    #[test]
    fn pages_are_cut_where_the_model_caps_the_list() {
        let is_token = |member: &Member| member.name == "nextToken";
        for operation in Operation::ALL {
            let Some(output) = operation.output() else { continue };
            let Kind::Structure { members } = output.kind else { panic!("{operation} answers no structure") };
            let is_paged = members.iter().any(is_token);
            let caps = members.iter().filter_map(|member| match member.shape.kind {
                Kind::List { max, .. } => max,
                _ => None,
            });
            let most = operation.page_limits().map(|limits| limits.most);
            assert_eq!(most, is_paged.then(|| caps.min()).flatten(), "{operation}");
        }
    }

    #[test]
    fn a_page_has_the_least_of_what_is_asked_and_allowed() {
        for (asked, size) in [(None, 10), (Some(1), 1), (Some(100), 100), (Some(500), 100)] {
            let request = Request::from(ListFindingsRequest { max_results: asked, ..ListFindingsRequest::default() });
            assert_eq!(request.page_size(), Some(size));
        }
        assert_eq!(Request::from(ListExclusionsRequest::default()).page_size(), Some(100));
        assert_eq!(Request::DescribeCrossAccountAccessRole.page_size(), None);
    }
}
