//! Which hosts a target selects, and what is known of each.

use std::collections::BTreeMap;

use assay_link::{AgentFacts, AgentHealth, AgentHealthCode, Poll};
use assay_model::Timestamp;
use assay_model::arn::{Id, Realm, ResourceGroupArn};
use assay_model::attribute::Attribute;
use assay_server::agents::AgentKey;
use assay_server::store::{
    Account, Enrolment, EnrolmentToken, Instance, InstanceState, Inventory, Membership, Page, ResourceGroup, Store,
};

use crate::home::homes;

const ACCOUNT: &str = "123456789012";

fn now() -> Timestamp {
    "2026-01-01T12:00:00Z".parse().unwrap()
}

pub(crate) fn realm(region: &str) -> Realm {
    Realm { partition: "aws".into(), region: region.into(), account: ACCOUNT.into() }
}

fn tags(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
    pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
}

pub(crate) fn instance(id: &str, state: InstanceState, pairs: &[(&str, &str)]) -> Instance {
    Instance {
        id: id.to_owned(),
        state,
        image: None,
        vpc: None,
        subnet: None,
        private_address: None,
        public_address: None,
        private_dns: None,
        public_dns: None,
        interfaces: Vec::new(),
        tags: tags(pairs),
    }
}

fn group(pairs: &[(&str, &str)]) -> ResourceGroup {
    let attribute = |(key, value): &(&str, &str)| Attribute { key: (*key).to_owned(), value: (*value).to_owned() };
    ResourceGroup {
        arn: ResourceGroupArn::new(&realm("us-east-1"), &Id::derive(b"group")),
        tags: pairs.iter().map(attribute).collect(),
        created_at: now(),
    }
}

fn facts(agent: &str, pairs: &[(&str, &str)]) -> AgentFacts {
    AgentFacts {
        agent: agent.parse().unwrap(),
        version: "0.1.0.0".into(),
        operating_system: "Debian GNU/Linux 13 (trixie)".into(),
        kernel: "6.12.0".into(),
        hostname: format!("host-{agent}"),
        ipv4: None,
        tags: tags(pairs),
        cloud: None,
    }
}

/// An account and a token for many agents of a region, whose digest is its name.
pub(crate) async fn token(store: &Store, account: &str, region: &str, name: &str) {
    store.create_account(&Account { id: account.into(), name: String::new(), created_at: now() }).await.unwrap();
    let token = EnrolmentToken {
        id: name.into(),
        account: account.into(),
        region: region.into(),
        description: String::new(),
        uses_left: 100,
        created_at: now(),
        expires_at: "2099-01-01T00:00:00Z".parse().unwrap(),
        revoked_at: None,
    };
    store.create_enrolment_token(&token, name).await.unwrap();
}

async fn enrol(store: &Store, token: &str, facts: &AgentFacts) -> AgentKey {
    let enrolment = store.enrol_agent(token, "key", facts, 1000, now()).await.unwrap();
    let Enrolment::Account(account) = enrolment else { panic!("{enrolment:?}") };
    AgentKey { account, agent: facts.agent.clone() }
}

async fn beat(store: &Store, agent: &AgentKey, facts: AgentFacts, at: &str) {
    let poll = Poll {
        facts,
        health: AgentHealth::Healthy,
        code: AgentHealthCode::Idle,
        detail: None,
        running: None,
        wait_seconds: 0,
    };
    store.record_heartbeat(agent, &poll, at.parse().unwrap()).await.unwrap();
}

async fn check(store: &Store, region: &str, group: Option<&ResourceGroup>, expected: &[&str]) {
    let members = store.members(&realm(region), group, now()).await.unwrap();
    let ids: Vec<&str> = members.iter().map(|member| member.agent_id.as_str()).collect();
    assert_eq!(ids, expected, "{region} {:?}", group.map(|group| &group.tags));
}

#[tokio::test]
async fn tags_select_instances_and_agents() {
    for home in homes().await {
        let store = &home.store;
        token(store, ACCOUNT, "us-east-1", "east").await;
        token(store, ACCOUNT, "eu-west-1", "west").await;
        token(store, "999999999999", "us-east-1", "other").await;
        let running = InstanceState::Running;
        let east = [
            instance("i-1", running, &[("Env", "prod"), ("Name", "web")]),
            instance("i-2", running, &[("Env", "Prod")]),
            instance("i-3", running, &[("env", "prod"), ("Empty", "")]),
            instance("i-4", running, &[]),
            instance("i-5", InstanceState::Stopped, &[("Env", "prod")]),
            instance("i-6", InstanceState::Terminated, &[("Env", "prod")]),
        ];
        store.replace_instances(&realm("us-east-1"), &east, Inventory::Whole).await.unwrap();
        let west = [instance("i-9", running, &[("Env", "prod")])];
        store.replace_instances(&realm("eu-west-1"), &west, Inventory::Whole).await.unwrap();
        // Outside of EC2: one in each region; one of EC2 that enrolled for another region than its instance is in; another
        // account's with the id of an instance.
        enrol(store, "east", &facts("host-a", &[("Env", "prod")])).await;
        enrol(store, "west", &facts("host-b", &[])).await;
        enrol(store, "east", &facts("i-9", &[("Env", "claimed")])).await;
        enrol(store, "other", &facts("i-4", &[("Env", "prod")])).await;

        check(store, "us-east-1", None, &["host-a", "i-1", "i-2", "i-3", "i-4"]).await;
        check(store, "eu-west-1", None, &["host-b", "i-9"]).await;
        check(store, "ap-south-1", None, &[]).await;
        type Case<'a> = (&'a [(&'a str, &'a str)], &'a [&'a str]);
        let cases: [Case; 8] = [
            (&[("Env", "prod")], &["host-a", "i-1"]),
            (&[("Env", "")], &["host-a", "i-1", "i-2"]),
            (&[("env", "prod")], &["i-3"]),
            (&[("Env", "Prod"), ("Name", "web")], &["i-1", "i-2"]),
            (&[("Env", "pro"), ("En", "prod"), ("Env", "%")], &[]),
            (&[("Empty", "")], &["i-3"]),
            (&[("Env", "claimed")], &[]),
            (&[], &[]),
        ];
        for (pairs, expected) in cases {
            check(store, "us-east-1", Some(&group(pairs)), expected).await;
        }
        check(store, "eu-west-1", Some(&group(&[("Env", "prod")])), &["i-9"]).await;

        let preview = store
            .list_members(
                &realm("us-east-1"),
                Some(&group(&[("Env", "prod")])),
                Membership::Listed,
                now(),
                &Page::all(),
            )
            .await
            .unwrap();
        let ids: Vec<&str> = preview.items.iter().map(|member| member.agent_id.as_str()).collect();
        assert_eq!(ids, ["host-a", "i-1", "i-5"], "{}", home.database);
    }
}

#[tokio::test]
async fn a_member_says_what_is_known_of_it() {
    for home in homes().await {
        let store = &home.store;
        token(store, ACCOUNT, "us-east-1", "east").await;
        let mut ec2 = instance("i-1", InstanceState::Running, &[("aws:autoscaling:groupName", "web"), ("Env", "prod")]);
        ec2.public_dns = Some("ec2-192-0-2-1.example".into());
        let mut bare = instance("i-2", InstanceState::Running, &[]);
        (bare.public_dns, bare.private_address) = (Some(String::new()), Some([10, 0, 0, 2].into()));
        let all = [ec2.clone(), bare, instance("i-3", InstanceState::Running, &[])];
        store.replace_instances(&realm("us-east-1"), &all, Inventory::Whole).await.unwrap();
        let claimed = facts("i-1", &[("Env", "claimed")]);
        let one = enrol(store, "east", &claimed).await;
        let other_id = AgentFacts { agent: "i-666".parse().unwrap(), ..claimed.clone() };
        beat(store, &one, other_id, "2026-01-01T11:59:00Z").await;
        let three = enrol(store, "east", &facts("i-3", &[])).await;
        store.revoke_agent(&three.account, three.agent.as_str(), now()).await.unwrap();
        let away = enrol(store, "east", &facts("away", &[("aws:autoscaling:groupName", "own")])).await;
        beat(store, &away, facts("away", &[("Env", "new")]), "2026-01-01T11:00:00Z").await;
        enrol(store, "east", &facts("new", &[])).await;
        let gone = enrol(store, "east", &facts("gone", &[])).await;
        store.revoke_agent(&gone.account, gone.agent.as_str(), now()).await.unwrap();

        let members = store.members(&realm("us-east-1"), None, now()).await.unwrap();
        let seen: Vec<(&str, &str, AgentHealth, &str, Option<&str>)> = members
            .iter()
            .map(|member| {
                let details = member.details.as_deref().unwrap_or_default();
                let group = member.auto_scaling_group.as_deref();
                (member.agent_id.as_str(), member.hostname.as_str(), member.health, details, group)
            })
            .collect();
        let expected = [
            ("away", "host-away", AgentHealth::Unhealthy, "No heartbeat since 2026-01-01T11:00:00Z", None),
            ("i-1", "ec2-192-0-2-1.example", AgentHealth::Healthy, "", Some("web")),
            ("i-2", "10.0.0.2", AgentHealth::Unknown, "No agent is enrolled on this instance", None),
            ("i-3", "", AgentHealth::Unknown, "The agent was revoked at 2026-01-01T12:00:00Z", None),
            ("new", "host-new", AgentHealth::Unknown, "The agent has enrolled and sent no heartbeat yet", None),
        ];
        assert_eq!(seen, expected, "{}", home.database);
        assert_eq!(members[1].facts.as_ref(), Some(&claimed), "the id is the certificate's");
        assert_eq!(members[1].instance.as_ref(), Some(&ec2));
        assert_eq!(members[1].tags["Env"], "prod", "what EC2 says counts");
        assert_eq!(members[0].tags["Env"], "new");
        let usable: Vec<bool> = members.iter().map(|member| member.has_usable_agent()).collect();
        assert_eq!(usable, [false, true, false, false, false]);
        let text = serde_json::to_string(&members).unwrap();
        assert_eq!(serde_json::from_str::<Vec<assay_server::store::Member>>(&text).unwrap(), members);
    }
}

#[tokio::test]
async fn pages_of_members_end_where_there_are_no_more() {
    for home in homes().await {
        let store = &home.store;
        // More than are read from the database at a time, and few of them selected.
        let all: Vec<Instance> = (0..1300)
            .map(|number| {
                let kind = if number % 100 == 7 { "rare" } else { "common" };
                instance(&format!("i-{number:05}"), InstanceState::Running, &[("Kind", kind)])
            })
            .collect();
        store.replace_instances(&realm("us-east-1"), &all, Inventory::Whole).await.unwrap();
        let rare = group(&[("Kind", "rare")]);
        for (group, limit, total, pages) in [(Some(&rare), 5, 13, 3), (Some(&rare), 13, 13, 1), (None, 650, 1300, 2)] {
            let (mut page, mut seen, mut count) = (Page::first(limit), Vec::new(), 0);
            loop {
                let listing =
                    store.list_members(&realm("us-east-1"), group, Membership::Running, now(), &page).await.unwrap();
                count += 1;
                seen.extend(listing.items.into_iter().map(|member| member.agent_id));
                let Some(next) = listing.next else { break };
                page = Page::after(next, limit);
            }
            assert_eq!((seen.len(), count), (total, pages), "{}", home.database);
            assert!(seen.is_sorted());
        }
    }
}

#[tokio::test]
async fn an_inventory_replaces_the_one_before() {
    for home in homes().await {
        let store = &home.store;
        let take = async |ids: &[&str], inventory| {
            let all: Vec<Instance> = ids.iter().map(|id| instance(id, InstanceState::Running, &[])).collect();
            store.replace_instances(&realm("us-east-1"), &all, inventory).await.unwrap();
        };
        take(&["i-1", "i-2", "i-2"], Inventory::Whole).await;
        check(store, "us-east-1", None, &["i-1", "i-2"]).await;
        take(&["i-2", "i-3"], Inventory::Partial).await;
        check(store, "us-east-1", None, &["i-1", "i-2", "i-3"]).await;
        take(&["i-3"], Inventory::Whole).await;
        check(store, "us-east-1", None, &["i-3"]).await;
        take(&[], Inventory::Whole).await;
        check(store, "us-east-1", None, &[]).await;
    }
}
