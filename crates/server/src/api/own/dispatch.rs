//! Dispatch: from an own operation and its body to the function that answers.

use assay_wire::ApiError;

use super::body::{read, write};
use super::call::OwnCall;
use super::live_findings;
use super::operation::OwnOperation;
use super::schedules;

/// Answers a call with the bytes of a JSON object.
pub(crate) async fn dispatch(call: &OwnCall<'_>, operation: OwnOperation, body: &[u8]) -> Result<Vec<u8>, ApiError> {
    match operation {
        OwnOperation::DeleteSchedule => write(&schedules::delete(call, &read(body)?).await?),
        OwnOperation::DescribeLiveFindings => write(&live_findings::describe(call, &read(body)?).await?),
        OwnOperation::ListLiveFindings => write(&live_findings::list(call, &read(body)?).await?),
        OwnOperation::ListSchedules => write(&schedules::list(call, &read(body)?).await?),
        OwnOperation::PutSchedule => write(&schedules::put(call, &read(body)?).await?),
    }
}
