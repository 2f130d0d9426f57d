//! A run one of whose hosts has lost its evidence: an exclusion of that host, findings of the others.

use std::fs;

use assay_model::Timestamp;
use assay_model::evidence::{Evidence, HostIdentity, SourceKind};
use assay_model::exclusion::Exclusion;
use assay_model::rules_package::RulesPackageKind;
use assay_model::run::RunState;
use assay_server::agents::AgentKey;
use assay_server::store::{Intake, PackedEvidence};
use sqlx::Row;

use super::{Kept, file, kept};
use crate::runs::scene::{Scene, member, number, realm, rows};

#[tokio::test]
async fn a_host_without_its_evidence_is_an_exclusion() {
    for Kept { store, evidence, folder: _folder, .. } in kept().await {
        let scene = Scene::new(store, &[RulesPackageKind::BestPractices], 86_400).await;
        let workers = scene.workers();
        let hosts = ["whole", "damaged", "missing", "last"];
        let run = scene.start(&hosts.map(member)).await;
        scene.until(&run.arn, RunState::StartDataCollectionPending).await;
        let mut digests = Vec::new();
        for host in hosts {
            scene.tell(&run.arn, host).await;
            let bytes = document(host);
            let digest = Evidence::digest(&bytes);
            let agent = AgentKey { account: realm().account, agent: format!("i-{host}").parse().unwrap() };
            let packed = PackedEvidence::pack(&bytes);
            // The last host is waited for, so that the others are not judged before they are damaged.
            assert_eq!(scene.store().store_evidence(&run.arn, &agent, packed, &[]).await.unwrap(), Intake::Open);
            match host {
                "damaged" => fs::write(file(&evidence, &digest), b"\0").unwrap(),
                "missing" => fs::remove_file(file(&evidence, &digest)).unwrap(),
                _ => {}
            }
            digests.push(digest);
        }
        let ended = scene.ended(&run.arn).await;
        workers.end().await;
        assert_eq!(ended.state(), RunState::CompletedWithErrors);
        let bodies = rows(scene.store(), &format!("SELECT body FROM exclusion WHERE run_arn = '{}'", run.arn)).await;
        let exclusions: Vec<Exclusion> = bodies.iter().map(|row| serde_json::from_str(row.get(0)).unwrap()).collect();
        let told = |digest: &str| exclusions.iter().filter(|told| told.description.contains(digest)).count();
        let counts: Vec<usize> = digests.iter().map(|digest| told(digest)).collect();
        assert_eq!(counts, [0, 1, 1, 0], "{exclusions:#?}");
        for (host, is_judged) in hosts.into_iter().zip([true, false, false, true]) {
            let count = format!("SELECT CAST(count(*) AS BIGINT) FROM finding WHERE agent_id = 'i-{host}'");
            assert_eq!(number(scene.store(), &count).await > 0, is_judged, "{host}");
        }
    }
}

fn document(host: &str) -> Vec<u8> {
    let identity = HostIdentity { agent_id: format!("i-{host}"), hostname: host.into(), ipv4_addresses: Vec::new() };
    Evidence::empty(SourceKind::LiveHost, identity, "test", Timestamp::UNIX_EPOCH).to_bytes().unwrap()
}
