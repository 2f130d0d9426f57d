//! Subscriptions: which topics are told of which events of a template's runs.

use std::collections::BTreeMap;

use assay_model::Timestamp;
use assay_model::arn::{Realm, TemplateArn};
use serde::{Deserialize, Serialize};
use sqlx::Row;
use sqlx::any::AnyRow;

use super::accounts::time_of;
use super::announce::{Event, announce_subscription};
use super::error::StoreError;
use super::open::Store;
use super::page::{Listing, Page};
use super::rows::realm_text;
use super::statement::Statement;

/// A topic that is told of an event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subscription {
    /// Of this template's runs.
    pub template: TemplateArn,
    /// The ARN of the topic.
    pub topic: String,
    /// What it is told of.
    pub event: Event,
    /// Since when.
    pub created_at: Timestamp,
}

/// All that one topic is told of one template's runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TopicSubscriptions {
    /// The template.
    pub template: TemplateArn,
    /// The ARN of the topic.
    pub topic: String,
    /// The events and since when, oldest first; at least one.
    pub events: Vec<(Event, Timestamp)>,
}

/// A group's place in the order *oldest first*.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct SubscriptionPosition {
    first: i64,
    template: String,
    topic: String,
}

/// What became of a wish to subscribe.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subscribed {
    /// It is subscribed now, and a first message is on its way.
    Now,
    /// It was before.
    Before,
    /// There is no such template.
    NoTemplate,
    /// The template has as many as it may have.
    LimitReached,
}

impl Store {
    /// Subscribes a topic to an event where its template has less than `most` subscriptions.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn subscribe(&self, subscription: &Subscription, most: u64) -> Result<Subscribed, StoreError> {
        let failed = self.failed_to("subscribe to an event");
        let Subscription { template, topic, event, created_at } = subscription;
        let mut transaction = self.begin("subscribe to an event").await?;
        // Nothing changes, but of two who subscribe to one template the second waits, so that both count right.
        let mut lock = Statement::new("UPDATE template SET started_runs = started_runs");
        lock.condition("arn = ").bind(template.as_str());
        if lock.execute(&mut transaction).await.map_err(&failed)? == 0 {
            return Ok(Subscribed::NoTemplate);
        }
        let mut insert =
            Statement::new("INSERT INTO subscription (template_arn, topic_arn, event, realm, created_at) VALUES ");
        insert.bind_list([
            template.as_str().into(),
            topic.as_str().into(),
            event.as_str().into(),
            realm_text(&template.realm()).into(),
            created_at.as_millisecond().into(),
        ]);
        insert.push(" ON CONFLICT (template_arn, topic_arn, event) DO NOTHING");
        if insert.execute(&mut transaction).await.map_err(&failed)? == 0 {
            return Ok(Subscribed::Before);
        }
        let mut count = Statement::new("SELECT CAST(count(*) AS BIGINT) FROM subscription");
        count.condition("template_arn = ").bind(template.as_str());
        let rows = count.fetch(&mut transaction).await.map_err(&failed)?;
        let there: i64 = rows.first().map_or(Ok(0), |row| row.try_get(0)).map_err(&failed)?;
        if u64::try_from(there).unwrap_or_default() > most {
            return Ok(Subscribed::LimitReached);
        }
        announce_subscription(&mut transaction, template, topic, *created_at).await.map_err(&failed)?;
        transaction.commit().await.map_err(&failed)?;
        Ok(Subscribed::Now)
    }

    /// Ends a subscription; tells whether the template is there, not whether the subscription was.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn unsubscribe(&self, template: &TemplateArn, topic: &str, event: Event) -> Result<bool, StoreError> {
        let failed = self.failed_to("end a subscription");
        let mut connection = self.connection().await?;
        let mut delete = Statement::new("DELETE FROM subscription");
        delete.condition("template_arn = ").bind(template.as_str());
        delete.condition("topic_arn = ").bind(topic);
        delete.condition("event = ").bind(event.as_str());
        if delete.execute(&mut connection).await.map_err(&failed)? > 0 {
            return Ok(true);
        }
        let mut select = Statement::new("SELECT arn FROM template");
        select.condition("arn = ").bind(template.as_str());
        Ok(!select.fetch(&mut connection).await.map_err(&failed)?.is_empty())
    }

    /// The subscriptions of a realm or of one of its templates, by template and topic, oldest first; nothing when there is
    /// no such template.
    ///
    /// # Errors
    ///
    /// When the database fails or a row is not understood.
    pub async fn subscriptions(
        &self,
        realm: &Realm,
        template: Option<&TemplateArn>,
        page: &Page<SubscriptionPosition>,
    ) -> Result<Option<Listing<TopicSubscriptions, SubscriptionPosition>>, StoreError> {
        let failed = self.failed_to("read subscriptions");
        let mut connection = self.connection().await?;
        if let Some(template) = template {
            let mut select = Statement::new("SELECT arn FROM template");
            select.condition("arn = ").bind(template.as_str());
            if select.fetch(&mut connection).await.map_err(&failed)?.is_empty() {
                return Ok(None);
            }
        }
        let select = "SELECT template_arn, topic_arn, CAST(min(created_at) AS BIGINT) AS first FROM subscription";
        let mut groups = Statement::new(select);
        groups.condition("realm = ").bind(realm_text(realm));
        if let Some(template) = template {
            groups.condition("template_arn = ").bind(template.as_str());
        }
        groups.push(" GROUP BY template_arn, topic_arn");
        if let Some(SubscriptionPosition { first, template, topic }) = &page.after {
            groups.push(" HAVING min(created_at) > ").bind(*first);
            groups.push(" OR (min(created_at) = ").bind(*first);
            groups.push(" AND (template_arn > ").bind(template.as_str());
            groups.push(" OR (template_arn = ").bind(template.as_str());
            groups.push(" AND topic_arn > ").bind(topic.as_str()).push(")))");
        }
        groups.push(" ORDER BY first, template_arn, topic_arn LIMIT ").bind(i64::from(page.limit) + 1);
        let rows = groups.fetch(&mut connection).await.map_err(&failed)?;
        let position = |row: &AnyRow| {
            Ok(SubscriptionPosition { template: row.try_get(0)?, topic: row.try_get(1)?, first: row.try_get(2)? })
        };
        let positions = rows.iter().map(position).collect::<Result<Vec<_>, sqlx::Error>>().map_err(&failed)?;
        let rows = positions.into_iter().map(|position| (position.clone(), position)).collect();
        let Listing { items: positions, next } = Listing::of_rows(rows, page.limit);
        let rows = if positions.is_empty() {
            Vec::new()
        } else {
            let mut members = Statement::new("SELECT template_arn, topic_arn, event, created_at FROM subscription");
            let templates: Vec<_> = positions.iter().map(|position| position.template.as_str().into()).collect();
            members.condition("template_arn IN ").bind_list(templates);
            members.push(" ORDER BY created_at, event");
            members.fetch(&mut connection).await.map_err(&failed)?
        };
        let mut events = BTreeMap::<TopicKey, Vec<(Event, Timestamp)>>::new();
        for row in &rows {
            let subscription = self.subscription_of_row(row)?;
            let key = TopicKey { template: subscription.template.into(), topic: subscription.topic };
            events.entry(key).or_default().push((subscription.event, subscription.created_at));
        }
        let mut items = Vec::new();
        for position in positions {
            let key = TopicKey { template: position.template, topic: position.topic };
            // It may have ended between the two statements.
            let Some(events) = events.remove(&key) else { continue };
            items.push(TopicSubscriptions { template: self.arn_of(key.template)?, topic: key.topic, events });
        }
        Ok(Some(Listing { items, next }))
    }

    fn subscription_of_row(&self, row: &AnyRow) -> Result<Subscription, StoreError> {
        let failed = self.failed_to("read subscriptions");
        let name: String = row.try_get(2).map_err(&failed)?;
        let event = Event::from_name(&name);
        Ok(Subscription {
            template: self.arn_of(row.try_get(0).map_err(&failed)?)?,
            topic: row.try_get(1).map_err(&failed)?,
            event: event.ok_or_else(|| failed(sqlx::Error::Decode(format!("{name:?} is no event").into())))?,
            created_at: time_of(row.try_get(3).map_err(&failed)?),
        })
    }

    fn arn_of(&self, text: String) -> Result<TemplateArn, StoreError> {
        let failed = |cause| StoreError::DecodeArn { path: self.path().to_owned(), cause };
        TemplateArn::try_from(text).map_err(failed)
    }
}

/// What subscriptions are grouped by.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct TopicKey {
    template: String,
    topic: String,
}
