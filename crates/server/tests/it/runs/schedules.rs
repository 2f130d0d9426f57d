//! Schedules: declared once or many times, each turn taken once by many processes, refusals told.

use std::sync::Arc;

use assay_model::Timestamp;
use assay_model::arn::{Id, Realm, TemplateArn};
use assay_model::rules_package::RulesPackageKind;
use assay_model::template::AssessmentTemplate;
use assay_server::scheduler::{DeclareError, Declared, next_starts, put, start_due};
use assay_server::service::{Limits, Role, Service};
use assay_server::store::{CatchUpPolicy, Creation, Deletion, Page, ScheduleDeclaration, Store, StoredSchedule};
use jiff::SignedDuration;
use serde_json::{Value, json};

use super::judge::TestJudge;
use super::scene::{Scene, execute, number, realm};
use crate::api::serve;
use crate::home::homes;

fn every_minute() -> ScheduleDeclaration {
    ScheduleDeclaration { expression: "rate(1 minute)".into(), ..ScheduleDeclaration::default() }
}

async fn declare(scene: &Scene, name: &str, declaration: &ScheduleDeclaration) -> (Declared, StoredSchedule) {
    let limits = Limits { schedules: 2, ..Limits::default() };
    put(scene.store(), &limits, name, &scene.template.arn, declaration, Timestamp::now()).await.unwrap()
}

/// Nothing was done for a schedule since ten minutes ago.
async fn leave_alone(store: &Store) {
    let ago = Timestamp::now().checked_sub(SignedDuration::from_mins(10)).unwrap().as_millisecond();
    execute(store, format!("UPDATE schedule SET dealt_at = {ago}, created_at = {ago}, next_at = {}", ago + 60_000))
        .await;
}

async fn one(scene: &Scene) -> StoredSchedule {
    scene.store().schedule(&realm(), "nightly").await.unwrap().unwrap()
}

async fn runs(scene: &Scene) -> i64 {
    number(scene.store(), "SELECT CAST(count(*) AS BIGINT) FROM run").await
}

/// Another process on the same store.
async fn process(store: &Store, limits: Limits) -> Arc<Service> {
    let store = open_again(store).await;
    Arc::new(Service::new(store, limits, Arc::new(TestJudge), Timestamp::now).await.unwrap())
}

async fn open_again(store: &Store) -> Store {
    let path = store.path();
    match path.as_str().starts_with("postgres:") {
        true => Store::connect(path.as_str()).await.unwrap(),
        false => Store::open(path.parent().unwrap()).await.unwrap(),
    }
}

#[tokio::test]
async fn declaring_again_changes_nothing() {
    for home in homes().await {
        let scene = Scene::new(home.store, &[RulesPackageKind::Cve], 180).await;
        let (declared, first) = declare(&scene, "nightly", &every_minute()).await;
        assert_eq!(declared, Declared::Created, "{}", home.database);
        assert_eq!(first, one(&scene).await);
        assert_eq!(declare(&scene, "nightly", &every_minute()).await, (Declared::Unchanged, first.clone()));
        let starts = next_starts(&first, 3);
        let minute = SignedDuration::from_mins(1);
        assert_eq!(starts, [1, 2, 3].map(|count| first.created_at + minute * count));

        let off = ScheduleDeclaration { is_enabled: false, ..every_minute() };
        let (declared, second) = declare(&scene, "nightly", &off).await;
        assert_eq!((declared, second.next_at, second.created_at), (Declared::Updated, None, first.created_at));
        assert_eq!(second, one(&scene).await);
        assert!(next_starts(&second, 3).is_empty());

        assert_eq!(declare(&scene, "weekly", &every_minute()).await.0, Declared::Created);
        let limits = Limits { schedules: 2, ..Limits::default() };
        let absent = TemplateArn::new(&scene.target.arn, &Id::derive(b"absent"));
        let once = ScheduleDeclaration { expression: "cron(0 0 1 1 ? 2020)".into(), ..every_minute() };
        let nowhere = ScheduleDeclaration { time_zone: "Europe/Nowhere".into(), ..every_minute() };
        let late = ScheduleDeclaration { jitter_seconds: 86_401, ..every_minute() };
        type Check = fn(&DeclareError) -> bool;
        let cases: [(&str, &TemplateArn, &ScheduleDeclaration, Check); 7] = [
            ("third", &scene.template.arn, &every_minute(), |error| matches!(error, DeclareError::TooMany { most: 2 })),
            ("nightly", &absent, &every_minute(), |error| matches!(error, DeclareError::NoTemplate { .. })),
            ("other", &absent, &every_minute(), |error| matches!(error, DeclareError::NoTemplate { .. })),
            ("", &scene.template.arn, &every_minute(), |error| matches!(error, DeclareError::Name { found: 0 })),
            ("nightly", &scene.template.arn, &once, |error| matches!(error, DeclareError::Never { .. })),
            ("nightly", &scene.template.arn, &nowhere, |error| matches!(error, DeclareError::TimeZone { .. })),
            ("nightly", &scene.template.arn, &late, |error| matches!(error, DeclareError::Seconds { .. })),
        ];
        for (name, template, declaration, expected) in cases {
            let error = put(scene.store(), &limits, name, template, declaration, Timestamp::now()).await.unwrap_err();
            assert!(expected(&error), "{name} {declaration:?}: {error}");
        }
        assert_eq!(second, one(&scene).await);
        let page = scene.store().schedules(&realm(), &Page::first(1)).await.unwrap();
        let rest = scene.store().schedules(&realm(), &Page::after(page.next.unwrap(), 1)).await.unwrap();
        let names = |page: &[StoredSchedule]| page.iter().map(|one| one.name.clone()).collect::<Vec<_>>();
        assert_eq!(
            (names(&page.items), names(&rest.items), rest.next),
            (vec!["nightly".into()], vec!["weekly".into()], None)
        );
        assert!(scene.store().schedules(&Realm::local(), &Page::all()).await.unwrap().items.is_empty());
    }
}

#[tokio::test]
async fn what_was_missed_is_started_once_by_many_processes() {
    for home in homes().await {
        let others = [process(&home.store, Limits::default()).await, process(&home.store, Limits::default()).await];
        let scene = Scene::new(home.store, &[RulesPackageKind::Cve], 180).await;
        declare(&scene, "nightly", &every_minute()).await;
        start_due(&scene.service).await.unwrap();
        assert_eq!(runs(&scene).await, 0, "{}: nothing is due", home.database);
        leave_alone(scene.store()).await;
        let mut started = tokio::task::JoinSet::new();
        for service in [&scene.service, &others[0], &others[1], &scene.service, &others[0]] {
            let service = Arc::clone(service);
            started.spawn(async move { start_due(&service).await.unwrap() });
        }
        started.join_all().await;
        start_due(&scene.service).await.unwrap();
        assert_eq!(runs(&scene).await, 1, "{}", home.database);
        let after = one(&scene).await;
        assert_eq!(after.problem, None);
        assert_eq!(after.version, 2);
        let run = scene.store().template(&scene.template.arn).await.unwrap().unwrap().last_run;
        assert_eq!(after.last_run, run);
        // The last of those missed, not the first.
        let meant = after.last_at.unwrap();
        assert!(after.dealt_at.duration_since(meant) < SignedDuration::from_mins(1), "{after:?}");
        assert_eq!(after.next_at, Some(meant + SignedDuration::from_mins(1)));
    }
}

#[tokio::test]
async fn what_starts_nothing_says_why_and_goes_on() {
    for home in homes().await {
        let full = process(&home.store, Limits { runs: 0, ..Limits::default() }).await;
        let scene = Scene::new(home.store, &[RulesPackageKind::Cve], 180).await;
        declare(&scene, "nightly", &every_minute()).await;
        leave_alone(scene.store()).await;
        start_due(&full).await.unwrap();
        let refused = one(&scene).await;
        let (problem, _) = refused.problem.unwrap();
        assert!(problem.contains("could not be started: the account has 0 runs"), "{problem}");
        assert!(refused.next_at.unwrap() > refused.dealt_at);
        assert_eq!((refused.last_at, refused.last_run), (None, None));

        let rare = ScheduleDeclaration {
            expression: "every 2 days".into(),
            catch_up: CatchUpPolicy::None,
            ..ScheduleDeclaration::default()
        };
        assert_eq!(declare(&scene, "nightly", &rare).await.0, Declared::Updated);
        assert_eq!(one(&scene).await.problem, None);
        let day = SignedDuration::from_hours(24);
        let ago = |days: i32| (Timestamp::now() - day * days).as_millisecond();
        let (long_ago, missed) = (ago(3), ago(1));
        execute(
            scene.store(),
            format!("UPDATE schedule SET created_at = {long_ago}, dealt_at = {long_ago}, next_at = {missed}"),
        )
        .await;
        start_due(&scene.service).await.unwrap();
        let passed = one(&scene).await;
        assert!(passed.problem.unwrap().0.contains("was missed"), "{}", home.database);
        assert_eq!(passed.next_at.unwrap().as_millisecond(), long_ago + (day * 4).as_millis() as i64);
        assert_eq!(runs(&scene).await, 0);

        // A time zone that is gone is told, and looked for again.
        execute(scene.store(), "UPDATE schedule SET body = REPLACE(body, '\"UTC\"', '\"Gone\"'), next_at = 5".into())
            .await;
        start_due(&scene.service).await.unwrap();
        let lost = one(&scene).await;
        assert!(lost.problem.unwrap().0.contains("\"Gone\" is no time zone"));
        assert!(lost.next_at.unwrap() > Timestamp::now());
    }
}

#[tokio::test]
async fn schedules_go_with_their_templates() {
    for home in homes().await {
        let scene = Scene::new(home.store, &[RulesPackageKind::Cve], 180).await;
        let other = AssessmentTemplate {
            arn: TemplateArn::new(&scene.target.arn, &Id::derive(b"other")),
            name: "other".into(),
            ..scene.template.clone()
        };
        assert_eq!(scene.store().create_template(&other, 10).await.unwrap(), Creation::Done);
        declare(&scene, "nightly", &every_minute()).await;
        put(scene.store(), &Limits::default(), "kept", &other.arn, &every_minute(), Timestamp::now()).await.unwrap();
        assert_eq!(scene.store().delete_template(&scene.template.arn).await.unwrap(), Deletion::Done);
        let left = scene.store().schedules(&realm(), &Page::all()).await.unwrap().items;
        assert_eq!(left.iter().map(|one| one.name.as_str()).collect::<Vec<_>>(), ["kept"], "{}", home.database);
    }
}

#[tokio::test]
async fn they_are_declared_by_own_operations() {
    for home in homes().await {
        let scene = Scene::new(home.store, &[RulesPackageKind::Cve], 180).await;
        let template = scene.template.arn.to_string();
        let api = serve(open_again(scene.store()).await, Timestamp::now).await;
        let operator = api.client(&realm(), Role::Operator).await;
        let reader = api.client(&realm(), Role::ReadOnly).await;
        let request = json!({"name": "nightly", "assessmentTemplateArn": template, "expression": "0 3 * * *",
            "timeZone": "Europe/Berlin", "jitterInSeconds": 600});
        for outcome in ["CREATED", "UNCHANGED"] {
            let answer = operator.send("Assay.PutSchedule", &request).await;
            assert_eq!((answer.status, &answer.body["outcome"]), (200, &json!(outcome)), "{}", answer.body);
        }
        let with = |member: &str, value: Value| {
            let mut changed = request.clone();
            changed[member] = value;
            changed
        };
        assert_eq!(
            operator.send("Assay.PutSchedule", &with("catchUp", json!("NONE"))).await.body["outcome"],
            "UPDATED"
        );
        let listed = reader.send("Assay.ListSchedules", &json!({})).await.body;
        let schedule = &listed["schedules"][0];
        let expected = json!({"name": "nightly", "assessmentTemplateArn": template, "expression": "0 3 * * *",
            "timeZone": "Europe/Berlin", "jitterInSeconds": 600, "catchUp": "NONE", "catchUpWindowInSeconds": 86400,
            "enabled": true, "createdAt": schedule["createdAt"], "nextStarts": schedule["nextStarts"]});
        assert_eq!(*schedule, expected);
        assert_eq!(schedule["nextStarts"].as_array().unwrap().len(), 3);
        let elsewhere = template.replace("eu-west-1", "us-east-1");
        for (target, request, name) in [
            ("Assay.PutSchedule", with("expression", json!("0 3 * *")), "ValidationException"),
            ("Assay.PutSchedule", with("jitterInSeconds", json!(-1)), "SerializationException"),
            ("Assay.PutSchedule", with("jitter", json!(1)), "SerializationException"),
            ("Assay.PutSchedule", with("timeZone", json!("../../etc/passwd")), "ValidationException"),
            ("Assay.PutSchedule", with("assessmentTemplateArn", json!("x")), "InvalidInputException"),
            ("Assay.PutSchedule", with("assessmentTemplateArn", json!(elsewhere)), "AccessDeniedException"),
            (
                "Assay.PutSchedule",
                with("assessmentTemplateArn", json!(format!("{}/template/0-absent00", scene.target.arn))),
                "NoSuchEntityException",
            ),
            ("Assay.ListSchedules", json!({"maxResults": 0}), "ValidationException"),
            ("Assay.ListSchedules", json!({"nextToken": "x"}), "ValidationException"),
        ] {
            let answer = operator.send(target, &request).await;
            assert_eq!(answer.body["__type"], name, "{request}: {}", answer.body);
        }
        for target in ["Assay.PutSchedule", "Assay.DeleteSchedule"] {
            assert_eq!(reader.send(target, &request).await.body["__type"], "AccessDeniedException");
        }
        for deleted in [true, false] {
            let answer = operator.send("Assay.DeleteSchedule", &json!({"name": "nightly"})).await;
            assert_eq!(answer.body, json!({"deleted": deleted}));
        }
        assert_eq!(reader.send("Assay.ListSchedules", &json!({})).await.body, json!({"schedules": []}));
    }
}
