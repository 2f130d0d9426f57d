//! Who is let in: tokens, ids that are taken, hosts that come again.

use std::time::Duration;

use assay_link::AgentFacts;
use assay_model::Timestamp;
use assay_server::agents::{AgentKey, Certificate};
use assay_server::store::{Account, Enrolment, EnrolmentToken, Store};

use super::stage::ACCOUNT;
use crate::agents::service::facts;
use crate::home::homes;

fn at(hour: i64) -> Timestamp {
    "2026-01-01T00:00:00Z".parse::<Timestamp>().unwrap() + Duration::from_secs(3600 * hour.unsigned_abs())
}

async fn make_token(store: &Store, name: &str, uses_left: u32, expires_at: Timestamp) {
    let token = EnrolmentToken {
        id: name.into(),
        account: ACCOUNT.into(),
        region: "us-east-1".into(),
        description: String::new(),
        uses_left,
        created_at: at(0),
        expires_at,
        revoked_at: None,
    };
    store.create_enrolment_token(&token, name).await.unwrap();
}

async fn enrol(store: &Store, token: &str, key: &str, agent: &str, now: Timestamp) -> Enrolment {
    let facts: AgentFacts = facts(agent);
    store.enrol_agent(token, key, &facts, 4, now).await.unwrap()
}

#[tokio::test]
async fn a_token_lets_in_as_many_hosts_as_it_says() {
    for home in homes().await {
        let store = &home.store;
        store.create_account(&Account { id: ACCOUNT.into(), name: String::new(), created_at: at(0) }).await.unwrap();
        make_token(store, "two", 2, at(10)).await;
        make_token(store, "many", 9, at(100)).await;
        make_token(store, "revoked", 9, at(100)).await;
        assert!(store.revoke_enrolment_token("revoked", at(0)).await.unwrap());
        assert!(!store.revoke_enrolment_token("revoked", at(0)).await.unwrap());
        let account = || Enrolment::Account(ACCOUNT.into());
        let cases = [
            ("none", "k1", "i-1", 1, Enrolment::BadToken),
            ("", "k1", "i-1", 1, Enrolment::BadToken),
            ("revoked", "k1", "i-1", 1, Enrolment::BadToken),
            ("two", "k1", "i-1", 1, account()),
            // Again, because the answer got lost: that is free.
            ("two", "k1", "i-1", 1, account()),
            ("two", "k2", "i-1", 1, Enrolment::Taken),
            ("many", "k1", "i-1", 1, Enrolment::Taken),
            ("two", "k2", "i-2", 1, account()),
            ("two", "k3", "i-3", 1, Enrolment::BadToken),
            ("two", "k2", "i-2", 9, account()),
            ("two", "k2", "i-2", 10, Enrolment::BadToken),
            ("many", "k3", "i-3", 1, account()),
            ("many", "k4", "i-4", 1, account()),
            ("many", "k5", "i-5", 1, Enrolment::Full),
        ];
        for (token, key, agent, hour, expected) in cases {
            let seen = enrol(store, token, key, agent, at(hour)).await;
            assert_eq!(seen, expected, "{} {token} {key} {agent} {hour}", home.database);
        }
        let left: Vec<(String, u32)> =
            store.enrolment_tokens().await.unwrap().into_iter().map(|token| (token.id, token.uses_left)).collect();
        assert_eq!(left, [("many".into(), 7), ("revoked".into(), 9), ("two".into(), 0)]);
        assert_eq!(store.agents(None).await.unwrap().len(), 4);
        assert_eq!(store.agents(Some("999999999999")).await.unwrap(), []);
    }
}

#[tokio::test]
async fn an_id_is_free_again_when_its_certificates_have_ended() {
    for home in homes().await {
        let store = &home.store;
        store.create_account(&Account { id: ACCOUNT.into(), name: String::new(), created_at: at(0) }).await.unwrap();
        make_token(store, "many", 9, at(100)).await;
        let account = || Enrolment::Account(ACCOUNT.into());
        let key = AgentKey { account: ACCOUNT.into(), agent: "i-1".parse().unwrap() };
        assert_eq!(enrol(store, "many", "old", "i-1", at(0)).await, account());
        let old = Certificate { serial: "01".into(), not_after: at(24) };
        for _ in 0..2 {
            store.record_certificate(&key, &old, at(0)).await.unwrap();
        }
        assert!(store.is_certificate_good(&key, "01").await.unwrap());
        assert!(!store.is_certificate_good(&key, "02").await.unwrap());
        let other = AgentKey { agent: "i-2".parse().unwrap(), ..key.clone() };
        assert!(!store.is_certificate_good(&other, "01").await.unwrap());
        assert_eq!(enrol(store, "many", "new", "i-1", at(23)).await, Enrolment::Taken);
        assert_eq!(enrol(store, "many", "new", "i-1", at(25)).await, account());
        assert!(!store.is_certificate_good(&key, "01").await.unwrap());
        // The first one is a stranger now, until the second one gives up.
        assert_eq!(enrol(store, "many", "old", "i-1", at(25)).await, Enrolment::Taken);
        let new = Certificate { serial: "02".into(), not_after: at(49) };
        store.record_certificate(&key, &new, at(25)).await.unwrap();
        store.revoke_agent(ACCOUNT, "i-1", at(26)).await.unwrap();
        for (key, hour) in [("new", 26), ("old", 26), ("old", 60)] {
            assert_eq!(enrol(store, "many", key, "i-1", at(hour)).await, Enrolment::Revoked);
        }
        assert!(store.remove_agent(ACCOUNT, "i-1").await.unwrap());
        assert!(!store.remove_agent(ACCOUNT, "i-1").await.unwrap());
        assert_eq!(enrol(store, "many", "old", "i-1", at(26)).await, account());
        assert!(!store.is_certificate_good(&key, "02").await.unwrap());
    }
}
