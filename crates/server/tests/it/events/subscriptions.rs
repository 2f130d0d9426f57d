//! Subscriptions and what is announced to them, on each database.

use assay_model::Timestamp;
use assay_model::arn::{FindingArn, Id, RulesPackageArn, RunArn, TemplateArn};
use assay_model::rules_package::RulesPackageKind;
use assay_model::run::RunState;
use assay_server::store::{
    Announcement, Event, Page, RunEvent, Store, Subscribed, Subscription, SubscriptionPosition, TopicSubscriptions,
};

use crate::home::homes;
use crate::sample::{EVIDENCE, assessment};

pub(crate) fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_700_000_000 + second).unwrap()
}

pub(crate) fn topic(name: &str) -> String {
    format!("arn:aws:sns:us-east-1:000000000000:{name}")
}

pub(crate) async fn subscribe(
    store: &Store,
    template: &TemplateArn,
    name: &str,
    event: Event,
    second: i64,
) -> Subscribed {
    let subscription = Subscription { template: template.clone(), topic: topic(name), event, created_at: at(second) };
    store.subscribe(&subscription, 5).await.unwrap()
}

/// Stores a run of a template and gives its ARN.
pub(crate) async fn stored_run(store: &Store, host: &str) -> RunArn {
    let assessment = assessment(host, 1, 3);
    store.save(&assessment, EVIDENCE).await.unwrap();
    assessment.run.arn
}

#[tokio::test]
async fn each_subscribes_once_and_up_to_the_limit() {
    for home in homes().await {
        let store = &home.store;
        let template = stored_run(store, "web").await.template();
        let strange = TemplateArn::new(&template.target(), &Id::derive(b"strange"));
        for (template, topic, event, expected) in [
            (&template, "a", Event::RunStarted, Subscribed::Now),
            (&template, "a", Event::RunStarted, Subscribed::Before),
            (&template, "a", Event::RunCompleted, Subscribed::Now),
            (&template, "b", Event::RunStarted, Subscribed::Now),
            (&template, "b", Event::FindingReported, Subscribed::Now),
            (&template, "c", Event::Other, Subscribed::Now),
            (&template, "d", Event::Other, Subscribed::LimitReached),
            (&template, "c", Event::Other, Subscribed::Before),
            (&strange, "a", Event::RunStarted, Subscribed::NoTemplate),
        ] {
            let subscribed = subscribe(store, template, topic, event, 0).await;
            assert_eq!(subscribed, expected, "{} {topic} {event}", home.database);
        }
        assert!(store.unsubscribe(&template, &topic("c"), Event::Other).await.unwrap());
        assert!(store.unsubscribe(&template, &topic("c"), Event::Other).await.unwrap());
        assert!(!store.unsubscribe(&strange, &topic("c"), Event::Other).await.unwrap());
        assert_eq!(subscribe(store, &template, "d", Event::Other, 0).await, Subscribed::Now);
    }
}

#[tokio::test]
async fn they_are_listed_by_topic_oldest_first_page_by_page() {
    for home in homes().await {
        let store = &home.store;
        let template = stored_run(store, "web").await.template();
        let other = stored_run(store, "db").await.template();
        for (template, topic, event, second) in [
            (&template, "z", Event::RunStarted, 1),
            (&template, "a", Event::RunCompleted, 2),
            (&template, "z", Event::RunCompleted, 3),
            (&other, "z", Event::RunStarted, 2),
        ] {
            assert_eq!(subscribe(store, template, topic, event, second).await, Subscribed::Now);
        }
        let z = TopicSubscriptions {
            template: template.clone(),
            topic: topic("z"),
            events: vec![(Event::RunStarted, at(1)), (Event::RunCompleted, at(3))],
        };
        let a = TopicSubscriptions {
            template: template.clone(),
            topic: topic("a"),
            events: vec![(Event::RunCompleted, at(2))],
        };
        let realm = template.realm();
        let list = async |template: Option<&TemplateArn>, limit: u32| {
            let mut all = Vec::new();
            let mut after: Option<SubscriptionPosition> = None;
            loop {
                let page = Page { limit, after };
                let listing = store.subscriptions(&realm, template, &page).await.unwrap().unwrap();
                assert!(listing.items.len() <= limit as usize);
                all.extend(listing.items);
                after = listing.next;
                if after.is_none() {
                    return all;
                }
            }
        };
        assert_eq!(list(Some(&template), 10).await, [z.clone(), a.clone()], "{}", home.database);
        let one_by_one = list(None, 1).await;
        assert_eq!(one_by_one, list(None, 100).await);
        assert_eq!(one_by_one.len(), 3);
        assert_eq!(one_by_one[0], z);
        let strange = TemplateArn::new(&template.target(), &Id::derive(b"strange"));
        assert_eq!(store.subscriptions(&realm, Some(&strange), &Page::first(1)).await.unwrap(), None);
    }
}

#[tokio::test]
async fn only_who_subscribed_is_told_and_only_of_that() {
    for home in homes().await {
        let store = &home.store;
        let run = stored_run(store, "web").await;
        let template = run.template();
        for (name, event) in [("a", Event::RunStarted), ("b", Event::RunStarted), ("b", Event::FindingReported)] {
            subscribe(store, &template, name, event, 0).await;
        }
        let findings: Vec<FindingArn> =
            (0..40_u8).map(|number| FindingArn::new(&run, &Id::derive(&[number]))).collect();
        let counts: [(RulesPackageArn, u64); 1] = [(RulesPackageKind::Cve.arn(), 4)];
        for (what, expected) in [
            (RunEvent::Started, 2),
            (RunEvent::StateChanged(RunState::CollectingData), 0),
            (RunEvent::FindingsReported(&findings), 40),
            (RunEvent::Completed(&counts), 0),
        ] {
            let count = store.announce(&Announcement { run: &run, at: at(9), what }).await.unwrap();
            assert_eq!(count, expected, "{} {what:?}", home.database);
        }
    }
}
