//! Announcements: what subscribers are told of a run (reference §11.1).
//!
//! The messages are put into the outbox in the transaction of what they tell of, so that neither is there without the other.
//! `findingsCount` is a text that looks like the inside of a map, because that is what receivers parse.

use std::fmt;

use assay_model::Timestamp;
use assay_model::arn::{FindingArn, RulesPackageArn, RunArn, TemplateArn};
use assay_model::run::RunState;
use serde::Serialize;
use sqlx::{AnyConnection, Row};
use uuid::Uuid;

use super::error::StoreError;
use super::open::Store;
use super::rows::realm_text;
use super::statement::{Statement, Value, insert_rows};
use super::wake::Wake;

/// What one can subscribe to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Event {
    /// A run was started.
    RunStarted,
    /// A run has ended.
    RunCompleted,
    /// A run entered a state.
    RunStateChanged,
    /// A finding was made.
    FindingReported,
    /// Nothing that ever happens.
    Other,
}

impl Event {
    /// All of them.
    pub const ALL: [Event; 5] =
        [Event::RunStarted, Event::RunCompleted, Event::RunStateChanged, Event::FindingReported, Event::Other];

    /// Inspector's word.
    pub fn as_str(self) -> &'static str {
        match self {
            Event::RunStarted => "ASSESSMENT_RUN_STARTED",
            Event::RunCompleted => "ASSESSMENT_RUN_COMPLETED",
            Event::RunStateChanged => "ASSESSMENT_RUN_STATE_CHANGED",
            Event::FindingReported => "FINDING_REPORTED",
            Event::Other => "OTHER",
        }
    }

    /// The event that a word means.
    pub fn from_name(name: &str) -> Option<Event> {
        Event::ALL.into_iter().find(|event| event.as_str() == name)
    }
}

impl fmt::Display for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// What happened to a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RunEvent<'a> {
    /// It was started.
    Started,
    /// It entered a state.
    StateChanged(RunState),
    /// Findings were made: one message each.
    FindingsReported(&'a [FindingArn]),
    /// It has ended, with so many findings of each rules package.
    Completed(&'a [(RulesPackageArn, u64)]),
}

impl RunEvent<'_> {
    /// What one subscribes to.
    pub fn event(&self) -> Event {
        match self {
            RunEvent::Started => Event::RunStarted,
            RunEvent::StateChanged(_) => Event::RunStateChanged,
            RunEvent::FindingsReported(_) => Event::FindingReported,
            RunEvent::Completed(_) => Event::RunCompleted,
        }
    }
}

/// What happened to which run, and when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Announcement<'a> {
    /// The run.
    pub run: &'a RunArn,
    /// When it happened.
    pub at: Timestamp,
    /// What happened.
    pub what: RunEvent<'a>,
}

impl Store {
    /// Announces in a transaction of its own; gives the number of messages.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn announce(&self, announcement: &Announcement<'_>) -> Result<u64, StoreError> {
        let failed = self.failed_to("announce an event");
        let mut transaction = self.begin("announce an event").await?;
        let count = announce(&mut transaction, announcement).await.map_err(&failed)?;
        transaction.wake(Wake::Messages);
        transaction.commit().await.map_err(&failed)?;
        Ok(count)
    }
}

/// Puts one message into the outbox for each topic that is subscribed to the event, and for each finding; gives their number.
pub(super) async fn announce(
    connection: &mut AnyConnection,
    announcement: &Announcement<'_>,
) -> Result<u64, sqlx::Error> {
    let Announcement { run, at, what } = announcement;
    let template = run.template();
    let mut select = Statement::new("SELECT topic_arn FROM subscription");
    select.condition("template_arn = ").bind(template.as_str());
    select.condition("event = ").bind(what.event().as_str());
    select.push(" ORDER BY created_at, topic_arn");
    let topics = select.fetch(connection).await?;
    let topics = topics.iter().map(|row| row.try_get(0)).collect::<Result<Vec<String>, _>>()?;
    let mut message = Message::of(&template, what.event().as_str(), *at);
    message.run = Some(run.as_str());
    let mut count = 0;
    for topic in topics {
        let row = |message: &Message<'_>| outbox_row(&topic, message, *at);
        let messages: Vec<Message<'_>> = match what {
            RunEvent::Started => vec![message.clone()],
            RunEvent::StateChanged(state) => vec![Message { newstate: Some(state.as_str()), ..message.clone() }],
            RunEvent::Completed(counts) => {
                vec![Message { findings_count: Some(findings_count(counts)), ..message.clone() }]
            }
            RunEvent::FindingsReported(findings) => {
                let about = |finding| Message { finding: Some(finding), ..message.clone() };
                findings.iter().map(FindingArn::as_str).map(about).collect()
            }
        };
        let rows = messages.iter().map(row).collect::<Result<Vec<_>, _>>()?;
        count += u64::try_from(rows.len()).unwrap_or(u64::MAX);
        insert_rows(connection, INSERT_OUTBOX, rows.into_iter()).await?;
    }
    Ok(count)
}

/// Puts the message into the outbox that proves to a new subscriber that messages arrive.
pub(super) async fn announce_subscription(
    connection: &mut AnyConnection,
    template: &TemplateArn,
    topic: &str,
    at: Timestamp,
) -> Result<(), sqlx::Error> {
    let message = Message::of(template, "ENABLE_ASSESSMENT_NOTIFICATIONS", at);
    insert_rows(connection, INSERT_OUTBOX, [outbox_row(topic, &message, at)?].into_iter()).await
}

const INSERT_OUTBOX: &str = "INSERT INTO outbox (id, realm, topic_arn, run_arn, finding_arn, event, body, state, since, next_at, \
                             attempts, changed_at, last_error) VALUES ";

/// The body of a message, its members in Inspector's order.
#[derive(Clone, Debug, Serialize)]
struct Message<'a> {
    template: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    run: Option<&'a str>,
    time: String,
    event: &'static str,
    target: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    newstate: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    finding: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none", rename = "findingsCount")]
    findings_count: Option<String>,
}

impl<'a> Message<'a> {
    fn of(template: &'a TemplateArn, event: &'static str, at: Timestamp) -> Message<'a> {
        Message {
            template: template.as_str(),
            run: None,
            time: format!("{at:.3}"),
            event,
            target: template.target().into(),
            newstate: None,
            finding: None,
            findings_count: None,
        }
    }
}

fn outbox_row(topic: &str, message: &Message<'_>, at: Timestamp) -> Result<Vec<Value>, sqlx::Error> {
    let body = serde_json::to_string(message).map_err(|cause| sqlx::Error::Encode(Box::new(cause)))?;
    let realm = message.template.parse::<TemplateArn>().map(|template| realm_text(&template.realm()));
    Ok(vec![
        Uuid::now_v7().to_string().into(),
        realm.unwrap_or_default().into(),
        topic.into(),
        Value::OptionalText(message.run.map(str::to_owned)),
        Value::OptionalText(message.finding.map(str::to_owned)),
        message.event.into(),
        body.into(),
        "pending".into(),
        at.as_millisecond().into(),
        at.as_millisecond().into(),
        0.into(),
        at.as_millisecond().into(),
        Value::OptionalText(None),
    ])
}

/// `{ARN=4, ARN=0}`.
fn findings_count(counts: &[(RulesPackageArn, u64)]) -> String {
    let counts: Vec<String> = counts.iter().map(|(package, count)| format!("{package}={count}")).collect();
    format!("{{{}}}", counts.join(", "))
}

#[cfg(test)]
mod tests {
    use assay_model::arn::{Id, Realm, TargetArn};

    use super::*;

    fn template() -> TemplateArn {
        let realm = Realm { partition: "aws".into(), region: "us-east-1".into(), account: "111122223333".into() };
        let id = |text: &str| text.parse::<Id>().unwrap();
        TemplateArn::new(&TargetArn::new(&realm, &id("0-Ab3dEf9h")), &id("0-Zz81kQp2"))
    }

    #[test]
    fn bodies_are_those_that_receivers_know() {
        let template = template();
        let at: Timestamp = "2026-11-24T02:00:00.1Z".parse().unwrap();
        let message = Message::of(&template, Event::RunStateChanged.as_str(), at);
        let message = Message { run: Some("RUN"), newstate: Some(RunState::CollectingData.as_str()), ..message };
        assert_eq!(
            serde_json::to_string(&message).unwrap(),
            "{\"template\":\"arn:aws:inspector:us-east-1:111122223333:target/0-Ab3dEf9h/template/0-Zz81kQp2\",\
             \"run\":\"RUN\",\"time\":\"2026-11-24T02:00:00.100Z\",\"event\":\"ASSESSMENT_RUN_STATE_CHANGED\",\
             \"target\":\"arn:aws:inspector:us-east-1:111122223333:target/0-Ab3dEf9h\",\"newstate\":\"COLLECTING_DATA\"}"
        );
    }

    #[test]
    fn counts_look_like_the_inside_of_a_map() {
        let package = |account: &str| {
            format!("arn:aws:inspector:us-east-1:{account}:rulespackage/0-R01qwB5Q").parse::<RulesPackageArn>().unwrap()
        };
        let one = [(package("316112463485"), 4)];
        assert_eq!(findings_count(&one), "{arn:aws:inspector:us-east-1:316112463485:rulespackage/0-R01qwB5Q=4}");
        let two = [(package("111111111111"), 4), (package("222222222222"), 0)];
        assert!(findings_count(&two).contains("=4, arn:aws:"), "{}", findings_count(&two));
        assert_eq!(findings_count(&[]), "{}");
    }

    #[test]
    fn words_mean_their_events() {
        for event in Event::ALL {
            assert_eq!(Event::from_name(event.as_str()), Some(event));
        }
        assert_eq!(Event::from_name("ENABLE_ASSESSMENT_NOTIFICATIONS"), None);
    }
}
