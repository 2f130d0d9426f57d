//! Monitor: all metrics as text. What comes from the store is kept for some seconds, however often somebody asks.
//!
//! The gauges of targets and templates have the names of Inspector's metrics (reference §11.3). The agents of a target are
//! those of its last run.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use tokio::sync::Mutex;

use super::metrics::Exposition;
use super::shared::Service;
use crate::store::{StoreError, TemplateStatistics};

/// How long numbers of the store are good.
const KEPT_FOR: Duration = Duration::from_secs(15);

/// What was read from the store last.
#[derive(Debug, Default)]
pub(crate) struct Monitor(Mutex<Option<(Instant, String)>>);

impl Service {
    /// All metrics, in the text format of Prometheus.
    ///
    /// # Errors
    ///
    /// When the store fails.
    pub async fn metrics(&self) -> Result<String, StoreError> {
        // Who asks while another reads waits for what that one gets.
        let mut kept = self.monitor.0.lock().await;
        let of_store = match kept.as_ref() {
            Some((at, text)) if at.elapsed() < KEPT_FOR => text.clone(),
            _ => {
                let text = self.read_metrics().await?;
                *kept = Some((Instant::now(), text.clone()));
                text
            }
        };
        drop(kept);
        let mut calls = Exposition::default();
        self.calls.write(&mut calls);
        Ok(of_store + &calls.into_text())
    }

    async fn read_metrics(&self) -> Result<String, StoreError> {
        let templates = self.store.template_statistics().await?;
        let agents = self.store.agent_counts().await?;
        let jobs = self.store.job_counts().await?;
        let outbox = self.store.outbox_counts().await?;
        let size = self.store.size().await?;
        let mut text = Exposition::default();
        write_inspector(&mut text, &templates);
        text.family("assay_agents", "gauge", "Enrolled agents by health.");
        for (health, count) in agents {
            text.sample("assay_agents", &[("health", &health)], count);
        }
        text.family("assay_jobs", "gauge", "Jobs by kind: to be done, or given up.");
        for job in jobs {
            text.sample("assay_jobs", &[("kind", &job.kind), ("state", "waiting")], job.waiting);
            text.sample("assay_jobs", &[("kind", &job.kind), ("state", "dead")], job.dead);
        }
        text.family("assay_outbox_messages", "gauge", "Messages to subscribers by state.");
        for count in &outbox {
            text.sample("assay_outbox_messages", &[("state", count.state.as_str())], count.messages);
        }
        text.family("assay_outbox_oldest_seconds", "gauge", "How old the oldest message in a state is.");
        for count in &outbox {
            let age = self.now().duration_since(count.oldest).as_secs().max(0);
            text.sample("assay_outbox_oldest_seconds", &[("state", count.state.as_str())], age);
        }
        text.family("assay_store_bytes", "gauge", "Size of the database.");
        text.sample("assay_store_bytes", &[], size);
        Ok(text.into_text())
    }
}

/// Sums of one target.
#[derive(Default)]
struct TargetStatistics {
    last_run_at: Option<i64>,
    values: [i64; 4],
}

const NAMES: [(&str, &str); 4] = [
    ("inspector_total_matching_agents", "Hosts of the last run."),
    ("inspector_total_healthy_agents", "Hosts of the last run whose agent was healthy."),
    ("inspector_total_assessment_runs", "Assessment runs."),
    ("inspector_total_assessment_run_findings", "Findings of all assessment runs."),
];

fn write_inspector(text: &mut Exposition, templates: &[TemplateStatistics]) {
    let mut targets = BTreeMap::<String, TargetStatistics>::new();
    let mut accounts = BTreeMap::<(&str, &str), i64>::new();
    for template in templates {
        let target = targets.entry(template.template.target().into()).or_default();
        let [matching, healthy, runs, findings] = &mut target.values;
        *runs += template.runs;
        *findings += template.findings;
        if template.last_run_at > target.last_run_at {
            target.last_run_at = template.last_run_at;
            (*matching, *healthy) = (template.matching_agents, template.healthy_agents);
        }
        *accounts.entry((template.template.account(), template.template.region())).or_default() += template.runs;
    }
    for (index, (name, help)) in NAMES.into_iter().enumerate() {
        text.family(name, "gauge", help);
        for (target, statistics) in &targets {
            let value = statistics.values.get(index).copied().unwrap_or_default();
            text.sample(name, &[("assessment_target_arn", target)], value);
        }
        for template in templates {
            let values = [template.matching_agents, template.healthy_agents, template.runs, template.findings];
            let value = values.get(index).copied().unwrap_or_default();
            text.sample(name, &[("assessment_template_arn", template.template.as_str())], value);
        }
    }
    let name = "inspector_account_total_assessment_runs";
    text.family(name, "gauge", "Assessment runs of an account in a region.");
    for ((account, region), runs) in accounts {
        text.sample(name, &[("account", account), ("region", region)], runs);
    }
}
