//! Attributes that users put on findings, and how filters see them.

use assay_model::arn::FindingArn;
use assay_model::attribute::Attribute;
use assay_server::store::{AttributeChange, AttributeFilter, AttributeOutcome, ListedFindingFilter};

use super::corpus::{self, listed};
use crate::home::{Home, homes};
use crate::sample::time;

async fn change(home: &Home, arn: &FindingArn, change: AttributeChange<'_>, seconds: i64) -> AttributeOutcome {
    let outcomes = home.store.change_user_attributes(std::slice::from_ref(arn), change, time(seconds)).await.unwrap();
    assert_eq!(outcomes.len(), 1);
    outcomes[arn]
}

/// The user's attributes of a finding as text, and when they were changed last in seconds of the sample's clock.
async fn state(home: &Home, arn: &FindingArn) -> (String, i64) {
    let finding = home.store.finding(arn).await.unwrap().unwrap();
    let pairs: Vec<String> = finding.user_attributes.iter().map(|it| format!("{}={}", it.key, it.value)).collect();
    (pairs.join(" "), finding.updated_at.as_second() - time(0).as_second())
}

async fn count(home: &Home, key: &str, value: Option<&str>) -> usize {
    let pair = AttributeFilter { key: key.to_owned(), value: value.map(str::to_owned) };
    listed(&home.store, &ListedFindingFilter { user_attributes: vec![pair], ..Default::default() }, 100).await.len()
}

#[tokio::test]
async fn pairs_are_set_by_key_and_found_by_filters() {
    for home in homes().await {
        println!("{}", home.database);
        let runs = corpus::runs();
        corpus::fill(&home, &runs[..3]).await;
        let arn = &runs[1].findings[6].arn;
        assert_eq!(state(&home, arn).await, ("team=core".to_owned(), 2));

        let pairs = [Attribute::new("team", "sec"), Attribute::new("owner", "=o=")];
        assert_eq!(change(&home, arn, AttributeChange::Add(&pairs), 1000).await, AttributeOutcome::Changed);
        assert_eq!(state(&home, arn).await, ("team=sec owner==o=".to_owned(), 1000));
        // What was added later is found together with what the finding had, and not with what others of its cell have.
        for (port, expected) in [("20", 1), ("21", 0), ("22", 0), ("23", 0), ("24", 0)] {
            let pair =
                |key: &str, value: Option<&str>| AttributeFilter { key: key.into(), value: value.map(Into::into) };
            let filter = ListedFindingFilter {
                attributes: vec![pair("PORT", Some(port))],
                user_attributes: vec![pair("owner", None)],
                ..Default::default()
            };
            assert_eq!(listed(&home.store, &filter, 100).await.len(), expected, "{port}");
        }
        assert_eq!((count(&home, "team", Some("sec")).await, count(&home, "owner", Some("=o=")).await), (1, 1));
        assert_eq!((count(&home, "owner", None).await, count(&home, "owner", Some("=o")).await), (1, 0));

        // Again changes nothing but the time; no pairs change nothing.
        assert_eq!(change(&home, arn, AttributeChange::Add(&pairs), 1001).await, AttributeOutcome::Changed);
        assert_eq!(change(&home, arn, AttributeChange::Add(&[]), 1002).await, AttributeOutcome::Changed);
        assert_eq!(state(&home, arn).await, ("team=sec owner==o=".to_owned(), 1001));

        let keys = ["owner".to_owned(), "unknown".to_owned()];
        assert_eq!(change(&home, arn, AttributeChange::Remove(&keys), 1003).await, AttributeOutcome::Changed);
        assert_eq!(change(&home, arn, AttributeChange::Remove(&keys), 1004).await, AttributeOutcome::Changed);
        assert_eq!(state(&home, arn).await, ("team=sec".to_owned(), 1003));
        assert_eq!((count(&home, "team", Some("sec")).await, count(&home, "owner", None).await), (1, 0));
    }
}

#[tokio::test]
async fn ten_pairs_are_the_most() {
    for home in homes().await {
        println!("{}", home.database);
        let runs = corpus::runs();
        corpus::fill(&home, &runs[..1]).await;
        let arn = &runs[0].findings[0].arn;
        let pairs: Vec<Attribute> = (0..10).map(|number| Attribute::new(format!("k{number}"), "v")).collect();
        assert_eq!(change(&home, arn, AttributeChange::Add(&pairs), 10).await, AttributeOutcome::TooMany);
        assert_eq!(state(&home, arn).await.0, "team=core");
        assert_eq!(change(&home, arn, AttributeChange::Add(&pairs[..9]), 11).await, AttributeOutcome::Changed);
        assert_eq!(change(&home, arn, AttributeChange::Add(&pairs[..1]), 12).await, AttributeOutcome::Changed);
        assert_eq!(change(&home, arn, AttributeChange::Add(&pairs[9..]), 13).await, AttributeOutcome::TooMany);

        let missing = FindingArn::new(&arn.run(), &"0-00000000".parse().unwrap());
        assert_eq!(change(&home, &missing, AttributeChange::Add(&pairs[..1]), 14).await, AttributeOutcome::Missing);
    }
}
