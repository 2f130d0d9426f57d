//! Agents from enrolment to stored evidence, with the store behind the listener.

use assay_link::{Answer, Completion, Failure, Instruction, Message as _, Noted, RefusalCode, Telemetry, route};
use assay_model::evidence::Section;
use assay_model::run::RunState;

use super::stage::{ONE, Stage, TWO, complete, document, packed, working};
use crate::agents::service::poll;
use crate::agents::story::send_chunk;
use crate::home::homes;
use crate::members::realm;

#[tokio::test]
async fn agents_are_told_and_their_evidence_is_stored() {
    for home in homes().await {
        let mut stage = Stage::open(home.store).await;
        let (one, two) = (stage.agent(ONE).await, stage.agent(TWO).await);

        // The first waits while another process begins a run.
        let message = poll(ONE, 50);
        let waiting = one.send::<_, Answer>(route::POLL, &message);
        let beginning = stage.run("first", &[ONE, TWO], RunState::StartDataCollectionPending);
        let (answer, run) = tokio::join!(waiting, beginning);
        let Instruction::Collect(collect) = answer.unwrap().instruction else { panic!("{}", home.database) };
        assert_eq!((&collect.run, collect.sample_interval_seconds), (&run, 60));
        assert_eq!(collect.request.sections, [Section::Packages].into());
        assert_eq!(stage.progress(&run, ONE).await.0, "collecting");
        assert_eq!(stage.progress(&run, TWO).await.0, "waiting");
        // Who works on it is not told again; who lost the answer is.
        let answer: Answer = one.send(route::POLL, &working(ONE, &run, 0)).await.unwrap();
        assert_eq!(answer.instruction, Instruction::Idle);
        let answer: Answer = one.send(route::POLL, &poll(ONE, 0)).await.unwrap();
        assert!(matches!(answer.instruction, Instruction::Collect(_)));
        let realm = realm("us-east-1");
        let members = stage.service.store.members(&realm, None, stage.service.now()).await.unwrap();
        let health: Vec<&str> = members.iter().map(|member| member.health.as_str()).collect();
        assert_eq!(health, ["HEALTHY", "UNKNOWN"]);

        let evidence = document(ONE);
        let (chunks, mut announced) = packed(&run, &evidence, 300);
        announced.telemetry = vec![Telemetry { message_type: "InspectorUser".into(), count: 3, data_size: 10 }];
        assert!(chunks.len() > 2);
        assert_eq!(send_chunk(&one, &run, 0, &chunks[0]).await, 0);
        let expected = Completion::Missing { numbers: (1..chunks.len() as u32).collect() };
        assert_eq!(complete(&one, &announced).await, expected);
        for _ in 0..2 {
            for (number, chunk) in (0..).zip(&chunks) {
                assert_eq!(send_chunk(&one, &run, number, chunk).await, number);
            }
        }
        stage.enter(&run, RunState::CollectingData).await;
        for _ in 0..2 {
            assert_eq!(complete(&one, &announced).await, Completion::Accepted);
        }
        let digest = announced.digest.as_str();
        let telemetry = r#"[{"message_type":"InspectorUser","count":3,"data_size":10}]"#;
        let expected = ("collected".to_owned(), Some(digest.to_owned()), telemetry.to_owned(), None);
        assert_eq!(stage.progress(&run, ONE).await, expected);
        assert_eq!(stage.service.store.evidence(digest).await.unwrap(), evidence);
        assert_eq!(stage.chunks().await, 0);
        // It has done its part, and the run does not take other evidence of it.
        let answer: Answer = one.send(route::POLL, &poll(ONE, 0)).await.unwrap();
        assert_eq!(answer.instruction, Instruction::Idle);
        let (_, other) = packed(&run, b"other", 300);
        assert_eq!(complete(&one, &other).await, Completion::Closed);

        // The second is told to stop, and then says that it cannot collect.
        let answer: Answer = two.send(route::POLL, &working(TWO, &run, 0)).await.unwrap();
        assert_eq!(answer.instruction, Instruction::Idle);
        assert_eq!(stage.progress(&run, TWO).await.0, "collecting");
        let message = working(TWO, &run, 50);
        let waiting = two.send::<_, Answer>(route::POLL, &message);
        let (answer, ()) = tokio::join!(waiting, stage.enter(&run, RunState::StopDataCollectionPending));
        assert_eq!(answer.unwrap().instruction, Instruction::Stop { run: run.clone() });
        assert_eq!(send_chunk(&two, &run, 0, b"half").await, 0);
        let failure = Failure { run: run.clone(), reason: "the disk is full".into() };
        for _ in 0..2 {
            let _: Noted = two.send(route::FAILURE, &failure).await.unwrap();
        }
        let expected = ("lost".to_owned(), None, "[]".to_owned(), Some("the disk is full".to_owned()));
        assert_eq!(stage.progress(&run, TWO).await, expected);
        assert_eq!(stage.chunks().await, 0);
        stage.close().await;
    }
}

#[tokio::test]
async fn a_run_that_has_ended_takes_nothing_and_leaves_nothing() {
    for home in homes().await {
        let mut stage = Stage::open(home.store).await;
        let one = stage.agent(ONE).await;
        let run = stage.run("first", &[ONE], RunState::CollectingData).await;
        let (chunks, announced) = packed(&run, &document(ONE), 1 << 20);
        assert_eq!(send_chunk(&one, &run, 0, &chunks[0]).await, 0);
        stage.enter(&run, RunState::Canceled).await;
        let head = assay_link::ChunkHead {
            run: run.clone(),
            number: 1,
            digest: assay_model::evidence::Evidence::digest(b"late").parse().unwrap(),
        };
        let refusal = one.refusal(route::CHUNK, Some(&head.encode().unwrap()), b"late".to_vec()).await;
        assert_eq!(refusal, (410, RefusalCode::Closed));
        assert_eq!(complete(&one, &announced).await, Completion::Closed);
        let _: Noted = one.send(route::FAILURE, &Failure { run: run.clone(), reason: "late".into() }).await.unwrap();
        assert_eq!(stage.progress(&run, ONE).await.0, "waiting");
        // A new run begins: what is left of the old one goes.
        let message = poll(ONE, 50);
        let waiting = one.send::<_, Answer>(route::POLL, &message);
        let (answer, next) = tokio::join!(waiting, stage.run("second", &[ONE], RunState::CollectingData));
        let Instruction::Collect(collect) = answer.unwrap().instruction else { panic!("{}", home.database) };
        assert_eq!(collect.run, next);
        stage.service.store.delete_chunks_of_ended_runs().await.unwrap();
        assert_eq!(stage.chunks().await, 0);
        stage.close().await;
    }
}
