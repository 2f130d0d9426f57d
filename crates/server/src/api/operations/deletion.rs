//! Deletion: the answer to a Delete call.

use assay_wire::ApiError;
use assay_wire::arn::EntityArn;

use crate::store::Deletion;

/// An empty answer, or why the object is still there or never was.
pub(crate) fn answer_deletion<A: EntityArn>(arn: &A, deletion: Deletion) -> Result<(), ApiError> {
    match deletion {
        Deletion::Done => Ok(()),
        Deletion::NotThere => Err(arn.does_not_exist()),
        Deletion::RunsInProgress(runs) => {
            Err(ApiError::run_in_progress(runs.into_iter().map(String::from), format!("{arn} has active runs")))
        }
    }
}
