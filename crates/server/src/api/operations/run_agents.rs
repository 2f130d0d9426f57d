//! The agents of a run, and what they have sent (reference §6.2.19, .20, §8.4).

use std::collections::BTreeMap;

use assay_link::Telemetry;
use assay_wire::{
    AgentHealth, AgentHealthCode, ApiError, AssessmentRunAgent, GetTelemetryMetadataRequest,
    GetTelemetryMetadataResponse, ListAssessmentRunAgentsRequest, ListAssessmentRunAgentsResponse, TelemetryMetadata,
};

use super::runs::existing;
use crate::api::call::{Call, Stored as _};
use crate::store::{Member, RunAgent, RunAgentFilter};

/// Most rows of telemetry in an answer.
const MAX_ROWS: usize = 5000;

/// The row that sums up the others (reference §8.4).
const TOTAL: &str = "Total";

/// Lists the agents of a run.
pub(crate) async fn list(
    call: &Call<'_>,
    request: &ListAssessmentRunAgentsRequest,
) -> Result<ListAssessmentRunAgentsResponse, ApiError> {
    let run = existing(call, &request.assessment_run_arn).await?;
    let filter = request.filter.as_ref().map_or_else(RunAgentFilter::default, |filter| RunAgentFilter {
        healths: filter.agent_healths.iter().map(ToString::to_string).collect(),
        health_codes: filter.agent_health_codes.iter().map(ToString::to_string).collect(),
    });
    let listing = call.service.store.run_agents(&run.arn, &filter, &call.page()?).await.or_internal()?;
    let next_token = call.next_token(listing.next.as_ref())?;
    let agents = listing.items.into_iter().map(|agent| wire_agent(agent, run.arn.as_str()));
    Ok(ListAssessmentRunAgentsResponse { assessment_run_agents: agents.collect(), next_token })
}

/// Sums up what the agents of a run have sent.
pub(crate) async fn telemetry(
    call: &Call<'_>,
    request: &GetTelemetryMetadataRequest,
) -> Result<GetTelemetryMetadataResponse, ApiError> {
    let run = existing(call, &request.assessment_run_arn).await?;
    let sent = call.service.store.run_telemetry(&run.arn).await.or_internal()?;
    Ok(GetTelemetryMetadataResponse { telemetry_metadata: rows(sent.into_iter().flatten()) })
}

fn wire_agent(agent: RunAgent, run: &str) -> AssessmentRunAgent {
    let member: Option<Member> = serde_json::from_str(&agent.member).ok();
    let (details, group) = member.map_or((None, None), |member| (member.details, member.auto_scaling_group));
    AssessmentRunAgent {
        agent_id: agent.agent_id,
        assessment_run_arn: run.to_owned(),
        agent_health: AgentHealth::from_name(&agent.health).unwrap_or(AgentHealth::Unknown),
        agent_health_code: AgentHealthCode::from_name(&agent.health_code).unwrap_or(AgentHealthCode::Unknown),
        agent_health_details: details.filter(|text| !text.is_empty()),
        auto_scaling_group: group.filter(|group| !group.is_empty()),
        telemetry_metadata: rows(agent.telemetry.into_iter()),
    }
}

/// One row a kind, and one for all of them, where there is anything.
fn rows(sent: impl Iterator<Item = Telemetry>) -> Vec<TelemetryMetadata> {
    let mut sums: BTreeMap<String, (u64, u64)> = BTreeMap::new();
    for Telemetry { message_type, count, data_size } in sent {
        for kind in [message_type.as_str(), TOTAL] {
            let (counts, sizes) = sums.entry(kind.to_owned()).or_default();
            *counts = counts.saturating_add(count);
            *sizes = sizes.saturating_add(data_size);
        }
    }
    let total = sums.remove(TOTAL).map(|sums| (TOTAL.to_owned(), sums));
    let number = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
    let row = |(message_type, (count, data_size)): (String, (u64, u64))| TelemetryMetadata {
        message_type,
        count: number(count),
        data_size: Some(number(data_size)),
    };
    total.into_iter().chain(sums).take(MAX_ROWS).map(row).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_summed_by_kind_and_in_total() {
        let sent = |message_type: &str, count, data_size| Telemetry {
            message_type: message_type.to_owned(),
            count,
            data_size,
        };
        let all = [sent("packages", 2, 100), sent("kernel", 1, u64::MAX), sent("packages", 3, 50)];
        let rows: Vec<(String, i64, Option<i64>)> =
            rows(all.into_iter()).into_iter().map(|row| (row.message_type, row.count, row.data_size)).collect();
        assert_eq!(
            rows,
            [
                ("Total".to_owned(), 6, Some(i64::MAX)),
                ("kernel".to_owned(), 1, Some(i64::MAX)),
                ("packages".to_owned(), 5, Some(150)),
            ]
        );
        assert_eq!(super::rows(std::iter::empty()), []);
    }
}
