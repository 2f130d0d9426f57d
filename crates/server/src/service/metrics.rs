//! Metrics of this process: calls by operation and outcome, and how long they took.
//!
//! The text format of Prometheus is so little, and most of what is shown is read from the store at the time of asking, that a
//! registry would be more than what it replaces.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// Upper bounds of the classes of latencies, in seconds.
const BOUNDS: [f64; 11] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0];

/// Calls of this process.
#[derive(Debug, Default)]
pub(crate) struct CallMetrics(Mutex<Calls>);

#[derive(Debug, Default)]
struct Calls {
    counts: BTreeMap<(&'static str, &'static str), u64>,
    latencies: BTreeMap<&'static str, Histogram>,
}

#[derive(Clone, Copy, Debug, Default)]
struct Histogram {
    classes: [u64; BOUNDS.len()],
    sum: f64,
    count: u64,
}

impl CallMetrics {
    /// Counts a call.
    pub(crate) fn count(&self, operation: &'static str, outcome: &'static str, took: Duration) {
        let mut calls = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *calls.counts.entry((operation, outcome)).or_default() += 1;
        let histogram = calls.latencies.entry(operation).or_default();
        let seconds = took.as_secs_f64();
        for (class, bound) in histogram.classes.iter_mut().zip(BOUNDS) {
            *class += u64::from(seconds <= bound);
        }
        histogram.sum += seconds;
        histogram.count += 1;
    }

    /// Adds them to a text.
    pub(crate) fn write(&self, text: &mut Exposition) {
        let calls = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        text.family("assay_requests_total", "counter", "Calls of the API, by operation and outcome.");
        for ((operation, outcome), count) in &calls.counts {
            text.sample("assay_requests_total", &[("operation", operation), ("outcome", outcome)], count);
        }
        let name = "assay_request_duration_seconds";
        text.family(name, "histogram", "How long calls of the API took.");
        for (operation, Histogram { classes, sum, count }) in &calls.latencies {
            let bucket = format!("{name}_bucket");
            for (bound, class) in BOUNDS.iter().zip(classes) {
                text.sample(&bucket, &[("operation", operation), ("le", &bound.to_string())], class);
            }
            text.sample(&bucket, &[("operation", operation), ("le", "+Inf")], count);
            text.sample(&format!("{name}_sum"), &[("operation", operation)], sum);
            text.sample(&format!("{name}_count"), &[("operation", operation)], count);
        }
    }
}

/// Text in the format of Prometheus, version 0.0.4.
#[derive(Debug, Default)]
pub(crate) struct Exposition(String);

impl Exposition {
    /// Begins a family of samples.
    pub(crate) fn family(&mut self, name: &str, kind: &str, help: &str) {
        // Writing to a text cannot fail, here and below.
        let _ = writeln!(self.0, "# HELP {name} {help}\n# TYPE {name} {kind}");
    }

    /// Adds a sample.
    pub(crate) fn sample(&mut self, name: &str, labels: &[(&str, &str)], value: impl std::fmt::Display) {
        let label = |(name, value): &(&str, &str)| format!("{name}=\"{}\"", escape(value));
        let labels: Vec<String> = labels.iter().map(label).collect();
        let labels = if labels.is_empty() { String::new() } else { format!("{{{}}}", labels.join(",")) };
        let _ = writeln!(self.0, "{name}{labels} {value}");
    }

    /// The text.
    pub(crate) fn into_text(self) -> String {
        self.0
    }
}

fn escape(value: &str) -> String {
    value.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calls_are_counted_and_put_into_classes() {
        let metrics = CallMetrics::default();
        metrics.count("ListFindings", "success", Duration::from_millis(3));
        metrics.count("ListFindings", "success", Duration::from_millis(300));
        metrics.count("ListFindings", "ThrottlingException", Duration::from_secs(9));
        let mut text = Exposition::default();
        metrics.write(&mut text);
        let text = text.into_text();
        for line in [
            "# TYPE assay_requests_total counter",
            "assay_requests_total{operation=\"ListFindings\",outcome=\"success\"} 2",
            "assay_requests_total{operation=\"ListFindings\",outcome=\"ThrottlingException\"} 1",
            "assay_request_duration_seconds_bucket{operation=\"ListFindings\",le=\"0.0025\"} 0",
            "assay_request_duration_seconds_bucket{operation=\"ListFindings\",le=\"0.005\"} 1",
            "assay_request_duration_seconds_bucket{operation=\"ListFindings\",le=\"5\"} 2",
            "assay_request_duration_seconds_bucket{operation=\"ListFindings\",le=\"+Inf\"} 3",
            "assay_request_duration_seconds_count{operation=\"ListFindings\"} 3",
        ] {
            assert!(text.lines().any(|found| found == line), "{line} is not in {text}");
        }
    }

    #[test]
    fn labels_are_escaped() {
        let mut text = Exposition::default();
        text.sample("a", &[("b", "c\"d\\e\nf")], 1);
        text.sample("a", &[], 2);
        assert_eq!(text.into_text(), "a{b=\"c\\\"d\\\\e\\nf\"} 1\na 2\n");
    }
}
