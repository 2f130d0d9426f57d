//! Who may not, with the store behind the listener: revoked certificates, other hosts' evidence, other accounts' runs.

use assay_link::{Answer, ChunkHead, Completion, Instruction, Message as _, RefusalCode, route};
use assay_model::evidence::Evidence;
use assay_model::run::RunState;
use assay_server::desk::token_digest;
use assay_server::service::Limits;

use super::stage::{ACCOUNT, ONE, Stage, TWO, complete, document, packed};
use crate::agents::service::poll;
use crate::agents::story::send_chunk;
use crate::home::homes;
use crate::members::token;

#[tokio::test]
async fn a_stolen_certificate_is_of_no_use_after_revocation() {
    for home in homes().await {
        let stage = Stage::open(home.store).await;
        let (_, identity) = stage.listener.enrol("token", ONE).await.unwrap();
        let two = stage.agent(TWO).await;
        let thief = stage.listener.client(Some(&identity));
        thief.send::<_, Answer>(route::POLL, &poll(ONE, 0)).await.unwrap();
        assert!(stage.service.store.revoke_agent(ACCOUNT, ONE, stage.service.now()).await.unwrap());
        assert!(!stage.service.store.revoke_agent(ACCOUNT, ONE, stage.service.now()).await.unwrap());
        // On the connection that is open, and on a new one.
        for client in [thief, stage.listener.client(Some(&identity))] {
            for route in [route::RENEW, route::POLL, route::CHUNK, route::COMPLETE, route::FAILURE] {
                let body = poll(ONE, 0).encode().unwrap();
                assert_eq!(client.refusal(route, None, body).await, (403, RefusalCode::Revoked));
            }
        }
        assert_eq!(stage.listener.enrol("token", ONE).await.unwrap_err().code, RefusalCode::Revoked);
        two.send::<_, Answer>(route::POLL, &poll(TWO, 0)).await.unwrap();
        // Removed, the host may come again; its old certificate stays useless.
        assert!(stage.service.store.remove_agent(ACCOUNT, ONE).await.unwrap());
        let one = stage.agent(ONE).await;
        one.send::<_, Answer>(route::POLL, &poll(ONE, 0)).await.unwrap();
        let body = poll(ONE, 0).encode().unwrap();
        let old = stage.listener.client(Some(&identity)).refusal(route::POLL, None, body).await;
        assert_eq!(old, (403, RefusalCode::Revoked));
        stage.close().await;
    }
}

#[tokio::test]
async fn an_agent_that_is_revoked_while_it_waits_is_told_of_no_run() {
    for home in homes().await {
        let mut stage = Stage::open(home.store).await;
        let one = stage.agent(ONE).await;
        let message = poll(ONE, 50);
        let waiting = one.send::<_, Answer>(route::POLL, &message);
        let revoking = async {
            let store = &stage.service.store;
            while store.agents(None).await.unwrap()[0].last_seen_at.is_none() {
                tokio::task::yield_now().await;
            }
            store.revoke_agent(ACCOUNT, ONE, stage.service.now()).await.unwrap();
            stage.run("first", &[ONE], RunState::CollectingData).await
        };
        let (answer, run) = tokio::join!(waiting, revoking);
        assert_eq!(answer.unwrap().instruction, Instruction::Revoked, "{}", home.database);
        assert_eq!(stage.progress(&run, ONE).await.0, "waiting");
        stage.close().await;
    }
}

#[tokio::test]
async fn evidence_has_to_be_of_the_own_host_and_whole() {
    for home in homes().await {
        let mut stage = Stage::open(home.store).await;
        let one = stage.agent(ONE).await;
        let run = stage.run("first", &[ONE], RunState::CollectingData).await;
        let (chunks, announced) = packed(&run, &document(ONE), 1 << 20);
        // Damaged on the way: all of it is wanted again.
        assert_eq!(send_chunk(&one, &run, 0, &chunks[0][..100]).await, 0);
        assert_eq!(complete(&one, &announced).await, Completion::Corrupt);
        assert_eq!(stage.chunks().await, 0);
        // Another chunk under a number that is taken.
        assert_eq!(send_chunk(&one, &run, 0, b"a").await, 0);
        let head = ChunkHead { run: run.clone(), number: 0, digest: Evidence::digest(b"b").parse().unwrap() };
        let conflict = one.refusal(route::CHUNK, Some(&head.encode().unwrap()), b"b".to_vec()).await;
        assert_eq!(conflict, (409, RefusalCode::Conflict));
        assert_eq!(complete(&one, &announced).await, Completion::Corrupt);
        // Another host's.
        let (chunks, announced) = packed(&run, &document(TWO), 1 << 20);
        assert_eq!(send_chunk(&one, &run, 0, &chunks[0]).await, 0);
        let refusal = one.refusal(route::COMPLETE, None, announced.encode().unwrap()).await;
        assert_eq!(refusal, (400, RefusalCode::Malformed));
        let (stage_name, digest, _, loss) = stage.progress(&run, ONE).await;
        assert_eq!((stage_name.as_str(), digest), ("lost", None));
        assert_eq!(loss.as_deref(), Some("the evidence is of another host"));
        assert_eq!(stage.chunks().await, 0);
        stage.close().await;
    }
}

#[tokio::test]
async fn an_agent_has_no_part_in_runs_of_others() {
    for home in homes().await {
        let mut stage = Stage::open(home.store).await;
        let one = stage.agent(ONE).await;
        let run = stage.run("first", &[ONE], RunState::CollectingData).await;
        // Of another account, under the same id; and of the same account, but no member.
        token(&stage.service.store, "999999999999", "us-east-1", &token_digest("other")).await;
        let (_, identity) = stage.listener.enrol("other", ONE).await.unwrap();
        let other = stage.listener.client(Some(&identity));
        let two = stage.agent(TWO).await;
        for (client, id) in [(other, ONE), (two, TWO)] {
            let answer: Answer = client.send(route::POLL, &poll(id, 0)).await.unwrap();
            assert_eq!(answer.instruction, Instruction::Idle);
            let head = ChunkHead { run: run.clone(), number: 0, digest: Evidence::digest(b"x").parse().unwrap() };
            let refusal = client.refusal(route::CHUNK, Some(&head.encode().unwrap()), b"x".to_vec()).await;
            assert_eq!(refusal, (410, RefusalCode::Closed));
            let (_, announced) = packed(&run, &document(ONE), 1 << 20);
            assert_eq!(complete(&client, &announced).await, Completion::Closed);
            let failure = assay_link::Failure { run: run.clone(), reason: "spite".into() };
            let _: assay_link::Noted = client.send(route::FAILURE, &failure).await.unwrap();
        }
        assert_eq!(stage.progress(&run, ONE).await.0, "waiting");
        let answer: Answer = one.send(route::POLL, &poll(ONE, 0)).await.unwrap();
        assert!(matches!(answer.instruction, Instruction::Collect(_)));
        stage.close().await;
    }
}

#[tokio::test]
async fn an_agent_that_polls_too_often_is_told_to_slow_down_at_once_and_misses_nothing() {
    for home in homes().await {
        let limits = Limits { polls_per_minute: 1, ..Limits::default() };
        let mut stage = Stage::open_within(home.store, limits).await;
        let (one, two) = (stage.agent(ONE).await, stage.agent(TWO).await);
        let run = stage.run("first", &[TWO], RunState::CollectingData).await;
        let mut answers = Vec::new();
        // Some may be a minute apart on a very slow machine; two that follow each other are not.
        for _ in 0..3 {
            // It would be held for the whole wait were it not one of too many.
            let wait = if answers.is_empty() { 0 } else { 50 };
            answers.push(one.send::<_, Answer>(route::POLL, &poll(ONE, wait)).await.unwrap());
        }
        assert_eq!(answers[0].slow_down_seconds, None, "{}", home.database);
        assert!(answers.iter().any(|answer| answer.slow_down_seconds == Some(30)), "{answers:?}");
        for _ in 0..3 {
            let told = two.send::<_, Answer>(route::POLL, &poll(TWO, 50)).await.unwrap();
            assert!(matches!(&told.instruction, Instruction::Collect(collect) if collect.run == run), "{told:?}");
        }
        stage.close().await;
    }
}
