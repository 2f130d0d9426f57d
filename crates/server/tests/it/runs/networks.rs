//! Network reachability in runs: the workshop network, with agents and without.

use std::collections::{BTreeMap, BTreeSet};
use std::net::{IpAddr, Ipv4Addr};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use assay_model::Timestamp;
use assay_model::coverage::Coverage;
use assay_model::evidence::request::CollectionRequest;
use assay_model::evidence::socket::{Listener, ListeningSocket, Protocol, Sockets};
use assay_model::evidence::{Collected, Evidence, HostIdentity, SourceKind};
use assay_model::exclusion::Exclusion;
use assay_model::finding::Finding;
use assay_model::rules_package::RulesPackageKind;
use assay_model::run::{AssessmentRun, RunState};
use assay_model::severity::Severity;
use assay_reach::inspector::NetworkJudgement;
use assay_server::networks::NetworkFolder;
use assay_server::service::{Judge, Judgement, NetworkSubject, RulesPackageAbout, Subject};
use assay_server::store::{LiveFindingFilter, LiveStatus, Member, Page, Store};
use camino::Utf8PathBuf;
use serde_json::Value;
use sqlx::Row;

use super::judge::TestJudge;
use super::scene::{Scene, bare, deliver_bytes, member, realm, rows};
use crate::home::homes;

/// Judges hosts as the other one does, and networks by folders.
struct NetworkJudge(Vec<NetworkFolder>);

impl Judge for NetworkJudge {
    fn request_for(&self, packages: &[RulesPackageKind]) -> CollectionRequest {
        TestJudge.request_for(packages)
    }

    fn about(&self, package: RulesPackageKind) -> RulesPackageAbout {
        TestJudge.about(package)
    }

    fn judge(&self, subject: &Subject<'_>) -> Judgement {
        TestJudge.judge(subject)
    }

    fn judge_network(&self, subject: &NetworkSubject<'_>) -> NetworkJudgement {
        let networks: Vec<_> = self.0.iter().map(NetworkFolder::now).collect();
        assay_assess::judge_networks(&subject.run.arn, subject.hosts, &networks, subject.now)
    }
}

fn shared(path: &str) -> PathBuf {
    let root = std::env::var_os("ASSAY_SHARED").map(PathBuf::from);
    let root = root.unwrap_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared"));
    let path = root.join("data/network").join(path);
    assert!(path.exists(), "{} is missing; set ASSAY_SHARED", path.display());
    path
}

fn json(path: &Path) -> Value {
    serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
}

/// The ids of the instances of the workshop network by their names.
fn instances() -> BTreeMap<String, String> {
    let ids = json(&shared("scenarios/inspector-workshop/_ids.json"));
    let ids = ids.as_object().unwrap().iter().map(|(name, id)| (name.clone(), id.as_str().unwrap().to_owned()));
    ids.filter(|(_, id)| id.starts_with("i-")).collect()
}

/// A folder with the files of the workshop network whose names are wanted.
fn copy(is_wanted: impl Fn(&str) -> bool) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for entry in std::fs::read_dir(shared("scenarios/inspector-workshop")).unwrap().map(Result::unwrap) {
        let name = entry.file_name().into_string().unwrap();
        if is_wanted(&name) {
            std::fs::copy(entry.path(), folder.path().join(name)).unwrap();
        }
    }
    folder
}

fn folder(path: &Path, account: Option<&str>) -> NetworkFolder {
    NetworkFolder::new(Utf8PathBuf::from_path_buf(path.to_owned()).unwrap(), account.map(str::to_owned))
}

async fn scene(store: Store, packages: &[RulesPackageKind], networks: Vec<NetworkFolder>) -> Scene {
    Scene::with_judge(store, packages, 3600, Arc::new(NetworkJudge(networks))).await
}

/// Hosts without an agent.
fn bare_hosts() -> Vec<Member> {
    instances().values().map(|id| bare(id.trim_start_matches("i-"))).collect()
}

/// A run to its end.
async fn run(scene: &Scene, hosts: &[Member]) -> AssessmentRun {
    let workers = scene.workers();
    let run = scene.start(hosts).await;
    let ended = scene.ended(&run.arn).await;
    workers.end().await;
    ended
}

async fn bodies<T: serde::de::DeserializeOwned>(scene: &Scene, run: &AssessmentRun, table: &str) -> Vec<T> {
    let sql = format!("SELECT body FROM {table} WHERE run_arn = '{}' ORDER BY ordinal", run.arn);
    rows(scene.store(), &sql).await.iter().map(|row| serde_json::from_str(row.get(0)).unwrap()).collect()
}

fn attribute<'a>(finding: &'a Finding, key: &str) -> &'a str {
    finding.attributes.iter().find(|one| one.key == key).map(|one| one.value.as_str()).unwrap_or_default()
}

/// Exactly the ports that are written beside the network are found, of exactly the hosts of the run.
#[tokio::test]
async fn a_run_without_agents_has_the_findings_of_its_network() {
    let ids = instances();
    let expected = json(&shared("scenarios/inspector-workshop/_expected.json"));
    for home in homes().await {
        let networks = vec![folder(&shared("scenarios/inspector-workshop"), Some(&realm().account))];
        let scene = scene(home.store, &[RulesPackageKind::Network], networks).await;
        let mut hosts = bare_hosts();
        hosts.retain(|host| host.agent_id != ids["BastionAZ2"]);
        let ended = run(&scene, &hosts).await;
        assert_eq!(ended.state(), RunState::Completed);
        // It waits for nobody: its duration is an hour.
        let findings: Vec<Finding> = bodies(&scene, &ended, "finding").await;
        assert_eq!(ended.finding_counts.values().sum::<u32>() as usize, findings.len());
        let mut seen = BTreeSet::new();
        for finding in &findings {
            assert_eq!(finding.user_attributes, scene.template.user_attributes_for_findings);
            assert_eq!(attribute(finding, "INSTANCE_ID"), finding.asset.agent_id);
            let port = attribute(finding, "PORT").to_owned();
            let route = attribute(finding, "REACHABILITY_TYPE").to_owned();
            let rule = attribute(finding, "RULE_TYPE");
            assert_eq!(rule, if port.is_empty() { "NetworkExposure" } else { "RecognizedPortNoAgent" });
            if !port.is_empty() {
                assert!(seen.insert((finding.asset.agent_id.clone(), route, port)), "{finding:#?}");
            }
        }
        let mut wanted = BTreeSet::new();
        for (name, id) in ids.iter().filter(|(name, _)| *name != "BastionAZ2") {
            for (route, reachability) in [("Internet", "Internet"), ("PeeredVPC", "PeeredVpc"), ("VGW", "Vgw")] {
                for port in expected["edge_semantics"][name][route]["tcp"].as_array().into_iter().flatten() {
                    wanted.insert((id.clone(), reachability.to_owned(), port.as_str().unwrap().to_owned()));
                }
            }
        }
        assert_eq!(seen, wanted, "{}", home.database);
        // There is a virtual private gateway, and no file tells of Direct Connect.
        let exclusions: Vec<Exclusion> = bodies(&scene, &ended, "exclusion").await;
        let titles: Vec<&str> = exclusions.iter().map(|one| one.title.as_str()).collect();
        assert_eq!(titles, ["Network Reachability error – AWS Direct Connect"]);
        let coverage = format!("SELECT coverage FROM run_agent WHERE run_arn = '{}'", ended.arn);
        for row in rows(scene.store(), &coverage).await {
            let coverage: Coverage = serde_json::from_str(row.get(0)).unwrap();
            assert_eq!(coverage.packages.len(), 1);
            let outcomes = &coverage.packages[0].outcomes;
            assert!(outcomes.pass + outcomes.fail > 0 && outcomes.total() == 15, "{outcomes:?}");
        }
    }
}

/// What a host with sshd on every address has to tell.
fn evidence() -> Vec<u8> {
    let identity = HostIdentity { agent_id: "i-x".into(), hostname: "poc".into(), ipv4_addresses: Vec::new() };
    let mut evidence = Evidence::empty(SourceKind::LiveHost, identity, "test", Timestamp::UNIX_EPOCH);
    let (name, executable) = ("sshd".to_owned(), Some("/usr/sbin/sshd".to_owned()));
    let listening = vec![ListeningSocket {
        protocol: Protocol::Tcp,
        address: IpAddr::V4(Ipv4Addr::UNSPECIFIED),
        port: 22,
        uid: 0,
        listeners: vec![Listener { pid: 4868, name, executable, package: None }],
    }];
    evidence.sockets = Collected::complete(Sockets { listening });
    evidence.to_bytes().unwrap()
}

/// Where an agent tells what listens, the published findings are made; and they live on.
#[tokio::test]
async fn listeners_join_in_and_findings_live_on() {
    let id = instances()["PoCServerAZ2"].clone();
    let host = id.trim_start_matches("i-");
    for home in homes().await {
        let network = copy(|name| name.ends_with(".json"));
        let packages = [RulesPackageKind::BestPractices, RulesPackageKind::Network];
        let scene = scene(home.store, &packages, vec![folder(network.path(), Some(&realm().account))]).await;
        let workers = scene.workers();
        let first = scene.start(&[member(host)]).await;
        scene.tell(&first.arn, host).await;
        deliver_bytes(scene.store(), &first.arn, host, &evidence()).await;
        let ended = scene.ended(&first.arn).await;
        workers.end().await;
        let all: Vec<Finding> = bodies(&scene, &ended, "finding").await;
        let network_only = |all: Vec<Finding>| {
            let of_network = all.into_iter().filter(|one| one.rules_package == RulesPackageKind::Network);
            of_network.collect::<Vec<_>>()
        };
        let found = network_only(all);
        for (rule, port, severity) in [
            ("Recognized port with listener reachable from internet", "22", Severity::Medium),
            ("Recognized port with listener reachable from a Peered VPC", "22", Severity::Low),
            ("Recognized port with no listener reachable from a Peered VPC", "3389", Severity::Informational),
            ("Recognized port with no listener reachable from a Peered VPC", "443", Severity::Informational),
            ("Network exposure from a Peered VPC", "", Severity::Informational),
        ] {
            let fits = |one: &&Finding| one.rule_id == rule && attribute(one, "PORT") == port;
            let finding = found.iter().find(fits).unwrap_or_else(|| panic!("{rule} {port}: {found:#?}"));
            assert_eq!(finding.severity, severity, "{rule}");
            assert_eq!(attribute(finding, "PROCESS_NAME"), if port == "22" { "sshd" } else { "" });
        }
        let keys: BTreeSet<&str> = found.iter().map(|one| one.key.as_str()).collect();
        assert_eq!(keys.len(), found.len());

        // Without its agent, what is reachable is known all the same, what listens is not: nothing of that is resolved.
        let second = run(&scene, &[bare(host)]).await;
        let later = network_only(bodies(&scene, &second, "finding").await);
        assert!(later.iter().any(|one| one.rule_id == "Recognized port reachable from internet"), "{later:#?}");
        assert_eq!(status(&scene, "Recognized port with listener reachable from internet").await, [LiveStatus::Open]);
        // The groups of the instance are in no file any more: that is no reason to call it closed.
        let groups = network.path().join("describe-security-groups.json");
        std::fs::remove_file(&groups).unwrap();
        let third = run(&scene, &[bare(host)]).await;
        assert!(network_only(bodies(&scene, &third, "finding").await).is_empty());
        assert_eq!(status(&scene, "Recognized port reachable from internet").await, [LiveStatus::Open; 2]);
        let exclusions: Vec<Exclusion> = bodies(&scene, &third, "exclusion").await;
        assert!(exclusions.iter().any(|one| one.description.contains("sg-")), "{exclusions:#?}");
        // Once they let nothing in, it is.
        let text = std::fs::read_to_string(shared("scenarios/inspector-workshop/describe-security-groups.json"));
        let mut told: Value = serde_json::from_str(&text.unwrap()).unwrap();
        for group in told["SecurityGroups"].as_array_mut().unwrap() {
            group["IpPermissions"] = Value::Array(Vec::new());
        }
        std::fs::write(&groups, told.to_string()).unwrap();
        let fourth = run(&scene, &[bare(host)]).await;
        assert!(network_only(bodies(&scene, &fourth, "finding").await).is_empty());
        assert_eq!(status(&scene, "Recognized port reachable from internet").await, [LiveStatus::Resolved; 2]);
    }
}

/// How the findings of a rule stand.
async fn status(scene: &Scene, rule: &str) -> Vec<LiveStatus> {
    let filter = LiveFindingFilter { rule_ids: vec![rule.to_owned()], ..LiveFindingFilter::default() };
    let page = scene.store().live_findings(&realm(), &filter, &Page::all()).await.unwrap();
    page.items.into_iter().map(|finding| finding.status).collect()
}

#[tokio::test]
async fn networks_that_are_not_known_are_exclusions() {
    let id = instances()["PoCServerAZ2"].clone();
    let hosts = [bare(id.trim_start_matches("i-"))];
    let only_instances = copy(|name| name == "describe-instances.json");
    let gone = only_instances.path().join("gone");
    let workshop = shared("scenarios/inspector-workshop");
    for (network, account, expected) in [
        (None, None, "There is no configuration of a network to work with.".to_owned()),
        (Some(&*gone), None, format!("The folder {} cannot be read", gone.display())),
        (
            Some(only_instances.path()),
            None,
            format!("The folder {} has no configuration", only_instances.path().display()),
        ),
        // Another account's instance is nobody's business.
        (Some(&*workshop), None, format!("Instance {id} is in no network of this account")),
        (Some(&*workshop), Some("999999999999"), format!("Instance {id} is in no network")),
    ] {
        for home in homes().await {
            let networks = network.map(|path| folder(path, account)).into_iter().collect();
            let scene = scene(home.store, &[RulesPackageKind::Network], networks).await;
            let ended = run(&scene, &hosts).await;
            assert_eq!(ended.state(), RunState::Completed);
            assert!(bodies::<Finding>(&scene, &ended, "finding").await.is_empty());
            let exclusions: Vec<Exclusion> = bodies(&scene, &ended, "exclusion").await;
            let [exclusion] = &exclusions[..] else { panic!("{exclusions:#?}") };
            assert_eq!(exclusion.title, "Network Reachability error – internet");
            assert!(exclusion.description.contains(&expected), "{exclusion:?}");
        }
    }
}
