//! Health of a member's agent: from what it said last and when (reference §5, §8.4).

use assay_link::{AgentHealth, AgentHealthCode};
use assay_model::Timestamp;

/// An agent is heard from every minute; after three that it missed it is taken for gone.
const SILENCE_SECONDS: i64 = 180;

/// What is known of a member's agent.
#[derive(Clone, Debug)]
pub(super) enum Heard {
    /// None is enrolled.
    NoAgent,
    /// It is not welcome any more, since then.
    Revoked(Timestamp),
    /// It is enrolled.
    Agent {
        health: AgentHealth,
        code: AgentHealthCode,
        detail: String,
        /// Absent where it has only enrolled.
        last_seen_at: Option<Timestamp>,
    },
}

/// Health, its code, and one sentence.
pub(super) fn health(heard: &Heard, now: Timestamp) -> (AgentHealth, AgentHealthCode, Option<String>) {
    let unknown = |text: String| (AgentHealth::Unknown, AgentHealthCode::Unknown, Some(text));
    match heard {
        Heard::NoAgent => unknown("No agent is enrolled on this instance".to_owned()),
        Heard::Revoked(at) => unknown(format!("The agent was revoked at {at:.0}")),
        Heard::Agent { last_seen_at: None, .. } => {
            unknown("The agent has enrolled and sent no heartbeat yet".to_owned())
        }
        Heard::Agent { health, code, detail, last_seen_at: Some(at) } => {
            let is_silent = now.as_second().saturating_sub(at.as_second()) > SILENCE_SECONDS;
            match (code, is_silent) {
                (AgentHealthCode::Shutdown, _) => {
                    (AgentHealth::Unhealthy, AgentHealthCode::Shutdown, Some(format!("The agent stopped at {at:.0}")))
                }
                (_, true) => {
                    let text = format!("No heartbeat since {at:.0}");
                    (AgentHealth::Unhealthy, AgentHealthCode::Unknown, Some(text))
                }
                (_, false) => (*health, *code, Some(detail.clone()).filter(|detail| !detail.is_empty())),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn health_comes_from_what_was_heard_and_when() {
        use AgentHealth::{Healthy, Unhealthy, Unknown};
        use AgentHealthCode as Code;
        let time = |text: &str| format!("2026-01-01T{text}Z").parse::<Timestamp>().unwrap();
        let agent = |health, code, detail: &str, last_seen_at| Heard::Agent {
            health,
            code,
            detail: detail.to_owned(),
            last_seen_at,
        };
        let noon = Some(time("12:00:00"));
        let cases = [
            (Heard::NoAgent, "12:00:00", Unknown, Code::Unknown, "No agent is enrolled on this instance"),
            (
                Heard::Revoked(time("11:00:00")),
                "12:00:00",
                Unknown,
                Code::Unknown,
                "The agent was revoked at 2026-01-01T11:00:00Z",
            ),
            (
                agent(Unknown, Code::Unknown, "", None),
                "12:00:00",
                Unknown,
                Code::Unknown,
                "The agent has enrolled and sent no heartbeat yet",
            ),
            (agent(Healthy, Code::Idle, "", noon), "12:03:00", Healthy, Code::Idle, ""),
            (agent(Healthy, Code::Running, "busy", noon), "12:00:00", Healthy, Code::Running, "busy"),
            (
                agent(Healthy, Code::Idle, "", noon),
                "12:03:01",
                Unhealthy,
                Code::Unknown,
                "No heartbeat since 2026-01-01T12:00:00Z",
            ),
            (agent(Unhealthy, Code::Unhealthy, "no space", noon), "12:00:01", Unhealthy, Code::Unhealthy, "no space"),
            (
                agent(Unhealthy, Code::Shutdown, "", noon),
                "12:00:01",
                Unhealthy,
                Code::Shutdown,
                "The agent stopped at 2026-01-01T12:00:00Z",
            ),
            (
                agent(Healthy, Code::Shutdown, "", noon),
                "13:00:00",
                Unhealthy,
                Code::Shutdown,
                "The agent stopped at 2026-01-01T12:00:00Z",
            ),
            // The clock of another server process is behind.
            (agent(Healthy, Code::Idle, "", noon), "11:59:00", Healthy, Code::Idle, ""),
        ];
        for (heard, now, wanted_health, wanted_code, text) in cases {
            let (seen_health, seen_code, details) = health(&heard, time(now));
            assert_eq!((seen_health, seen_code), (wanted_health, wanted_code), "{heard:?}");
            assert_eq!(details.unwrap_or_default(), text);
        }
    }
}
