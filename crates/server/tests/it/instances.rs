//! The inventory of instances, from what the AWS command line prints.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use assay_model::Timestamp;
use assay_server::instances::{InstanceFolder, InstanceKeeper, Whose, read};
use assay_server::service::{Limits, Service};
use assay_server::store::{Account, InstanceState, Inventory, Membership, Page};
use camino::{Utf8Path, Utf8PathBuf};

use crate::desk::stage::NoJudge;
use crate::home::homes;
use crate::members::realm;

const ACCOUNT: &str = "123456789012";

fn shared(path: &str) -> Utf8PathBuf {
    let root = std::env::var_os("ASSAY_SHARED").map(PathBuf::from);
    let root = root.unwrap_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared"));
    let path = root.join("data/network").join(path);
    assert!(path.exists(), "{} is missing; set ASSAY_SHARED", path.display());
    Utf8PathBuf::from_path_buf(path).unwrap()
}

fn whose(account: &str, region: &str) -> Whose {
    Whose { account: Some(account.into()), region: Some(region.into()) }
}

#[test]
fn a_real_network_has_its_instances() {
    let folder = shared("scenarios/inspector-workshop");
    let text = std::fs::read_to_string(folder.join("describe-instances.json")).unwrap();
    let json: serde_json::Value = serde_json::from_str(&text).unwrap();
    let told: Vec<&serde_json::Value> = json["Reservations"]
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|reservation| reservation["Instances"].as_array().unwrap())
        .collect();
    let expected: BTreeSet<&str> = told.iter().map(|instance| instance["InstanceId"].as_str().unwrap()).collect();
    assert!(!expected.is_empty());
    let read = read(&folder, &whose(ACCOUNT, "us-east-1"));
    let [(realm, instances, inventory)] = &read.realms[..] else { panic!("{read:?}") };
    assert_eq!((realm.account.as_str(), realm.region.as_str(), *inventory), (ACCOUNT, "us-east-1", Inventory::Whole));
    let seen: BTreeSet<&str> = instances.iter().map(|instance| instance.id.as_str()).collect();
    assert_eq!(seen, expected);
    for instance in instances {
        let told = told.iter().find(|told| told["InstanceId"] == instance.id.as_str()).unwrap();
        assert_eq!(instance.state == InstanceState::Running, told["State"]["Name"] == "running");
        assert_eq!(instance.image.as_deref(), told["ImageId"].as_str());
        assert_eq!(instance.vpc.as_deref(), told["VpcId"].as_str());
        assert_eq!(instance.interfaces.len(), told["NetworkInterfaces"].as_array().unwrap().len());
        for tag in told["Tags"].as_array().into_iter().flatten() {
            assert_eq!(instance.tags[tag["Key"].as_str().unwrap()], tag["Value"].as_str().unwrap());
        }
    }
    assert!(instances.iter().any(|instance| instance.name().is_some()));
}

fn reservations(owner: &str, ids: &[&str]) -> String {
    let instances: Vec<String> = ids
        .iter()
        .map(|id| format!(r#"{{"InstanceId":"{id}","State":{{"Name":"running"}},"Placement":{{"AvailabilityZone":"eu-west-1a"}}}}"#))
        .collect();
    format!(
        r#"{{"Reservations":[{{"ReservationId":"r-1","OwnerId":"{owner}","Instances":[{}]}}]}}"#,
        instances.join(",")
    )
}

#[tokio::test]
async fn the_store_follows_the_folder() {
    for home in homes().await {
        let store = home.store;
        let account = Account { id: ACCOUNT.into(), name: String::new(), created_at: Timestamp::UNIX_EPOCH };
        store.create_account(&account).await.unwrap();
        let service = Service::new(store, Limits::default(), Arc::new(NoJudge), Timestamp::now).await.unwrap();
        let service = Arc::new(service);
        let folder = tempfile::tempdir().unwrap();
        let path = Utf8Path::from_path(folder.path()).unwrap();
        let source = InstanceFolder { folder: path.to_owned(), whose: Whose::default() };
        let mut keeper = InstanceKeeper::new(Arc::clone(&service), source.clone());
        let seen = async || {
            let (realm, page) = (realm("eu-west-1"), Page::all());
            let listing = service.store.list_members(&realm, None, Membership::Running, Timestamp::now(), &page).await;
            listing.unwrap().items.into_iter().map(|member| member.agent_id).collect::<Vec<_>>()
        };
        assert!(keeper.look().await.unwrap());
        assert!(!keeper.look().await.unwrap());
        assert_eq!(seen().await, [] as [&str; 0]);

        let file = path.join("describe-instances.json");
        std::fs::write(&file, reservations(ACCOUNT, &["i-1", "i-22"])).unwrap();
        assert!(keeper.look().await.unwrap());
        assert_eq!(seen().await, ["i-1", "i-22"]);
        std::fs::write(&file, reservations(ACCOUNT, &["i-333"])).unwrap();
        assert!(keeper.look().await.unwrap());
        assert_eq!(seen().await, ["i-333"]);
        // Half a file is no reason to forget what was known.
        let whole = reservations(ACCOUNT, &["i-4444"]);
        std::fs::write(&file, &whole[..whole.len() - 30]).unwrap();
        assert!(keeper.look().await.unwrap());
        assert!(seen().await.contains(&"i-333".to_owned()), "{}", home.database);
        // An account that the service does not have.
        std::fs::write(&file, reservations("999999999999", &["i-55555"])).unwrap();
        let taken = source.take(&service.store).await.unwrap();
        assert_eq!((taken.instances, taken.unknown_accounts), (0, ["999999999999".to_owned()].into()));
        assert!(!seen().await.contains(&"i-55555".to_owned()));
        // Unless it is told whose they are.
        let mine = InstanceFolder { whose: whose(ACCOUNT, "eu-west-1"), ..source };
        assert_eq!(mine.take(&service.store).await.unwrap().instances, 1);
        assert_eq!(seen().await, ["i-55555"]);
    }
}
