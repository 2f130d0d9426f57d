//! Declarations: applied, applied again, exported and compared, replaced where that is wanted; and what is wrong with them.

use assay_model::Timestamp;
use assay_model::arn::Realm;
use assay_server::declaration::{Declaration, Replacing, apply, current, plan, read, write};
use assay_server::service::Limits;
use assay_server::store::{Account, Store};

use crate::home::homes;

const DOCUMENT: &str = r#"
assessmentTargets:
  - name: production
    resourceGroupTags:
      - key: Env
        value: prod
      - key: Owner
    assessmentTemplates:
      - name: "nightly: all"
        durationInSeconds: 3600
        rulesPackages: [cve, best-practices]
        userAttributesForFindings:
          - key: team
            value: "no"
        eventSubscriptions:
          - topicArn: arn:aws:sns:us-east-1:000000000000:findings
            event: FINDING_REPORTED
  - name: everything
schedules:
  - name: nightly
    assessmentTarget: production
    assessmentTemplate: "nightly: all"
    expression: 0 3 * * 1-5
    timeZone: Europe/Berlin
    jitterInSeconds: 600
"#;

fn now() -> Timestamp {
    "2026-11-25T00:00:00Z".parse().unwrap()
}

fn document(text: &str) -> Declaration {
    read("t.yaml", text.as_bytes(), now()).unwrap()
}

/// Applies a document; gives what had to be changed.
async fn make(store: &Store, wanted: &Declaration, replacing: Replacing) -> Vec<String> {
    let realm = Realm::local();
    let mut there = current(store, &realm).await.unwrap();
    let changes = plan(&there.declaration, wanted, replacing);
    for change in &changes {
        apply(store, &Limits::default(), &realm, &mut there, change, now()).await.unwrap();
    }
    changes.iter().map(ToString::to_string).collect()
}

async fn export(store: &Store) -> String {
    write(&current(store, &Realm::local()).await.unwrap().declaration)
}

#[tokio::test]
async fn what_is_applied_is_exported_and_applied_again_changes_nothing() {
    for home in homes().await {
        let store = home.store;
        let account = Account { id: Realm::local().account, name: String::new(), created_at: now() };
        store.create_account(&account).await.unwrap();
        let wanted = document(DOCUMENT);
        let made = make(&store, &wanted, Replacing::Refused).await;
        let subscription = "FINDING_REPORTED to arn:aws:sns:us-east-1:000000000000:findings";
        let expected = [
            "+ assessment target \"production\"".to_owned(),
            "+ assessment template \"nightly: all\" of \"production\"".to_owned(),
            format!("+ event subscription of \"nightly: all\" of \"production\": {subscription}"),
            "+ assessment target \"everything\"".to_owned(),
            "+ schedule \"nightly\"".to_owned(),
        ];
        assert_eq!(made, expected, "{}", home.database);
        assert_eq!(make(&store, &wanted, Replacing::Refused).await, Vec::<String>::new());
        let exported = export(&store).await;
        assert_eq!(make(&store, &document(&exported), Replacing::Refused).await, Vec::<String>::new(), "{exported}");

        // Another way to spell the same, and what is not named is left alone.
        let same = DOCUMENT.replace("[cve, best-practices]", "[best-practices, cve]");
        assert_eq!(make(&store, &document(&same), Replacing::Refused).await, Vec::<String>::new());
        assert_eq!(make(&store, &Declaration::default(), Replacing::Refused).await, Vec::<String>::new());
        assert_eq!(export(&store).await, exported);

        let changed = DOCUMENT
            .replace("value: prod", "value: test")
            .replace("jitterInSeconds: 600", "jitterInSeconds: 60")
            .replace("FINDING_REPORTED", "ASSESSMENT_RUN_STARTED");
        let changes = make(&store, &document(&changed), Replacing::Refused).await;
        let signs: Vec<_> = changes.iter().map(|change| change.split(" \"").next().unwrap().to_owned()).collect();
        assert_eq!(
            signs,
            ["~ assessment target", "- event subscription of", "+ event subscription of", "~ schedule"],
            "{changes:?}"
        );
        assert_eq!(make(&store, &document(&changed), Replacing::Refused).await, Vec::<String>::new());
    }
}

#[tokio::test]
async fn templates_are_replaced_only_where_that_is_wanted() {
    for home in homes().await {
        let store = home.store;
        let account = Account { id: Realm::local().account, name: String::new(), created_at: now() };
        store.create_account(&account).await.unwrap();
        make(&store, &document(DOCUMENT), Replacing::Refused).await;
        let before = export(&store).await;
        let longer = document(&DOCUMENT.replace("durationInSeconds: 3600", "durationInSeconds: 7200"));
        let there = current(&store, &Realm::local()).await.unwrap();
        let changes = plan(&there.declaration, &longer, Replacing::Refused);
        assert_eq!(changes.iter().filter(|change| change.is_refused()).count(), 1, "{changes:?}");
        make(&store, &longer, Replacing::Allowed).await;
        // The schedule and the subscription went with the template, and are there again.
        assert_eq!(export(&store).await, before.replace("durationInSeconds: 3600", "durationInSeconds: 7200"));
        assert_eq!(make(&store, &longer, Replacing::Refused).await, Vec::<String>::new());
    }
}

#[tokio::test]
async fn what_is_there_is_exported_whatever_it_is_called() {
    for home in homes().await {
        let store = home.store;
        let account = Account { id: Realm::local().account, name: String::new(), created_at: now() };
        store.create_account(&account).await.unwrap();
        let odd = DOCUMENT
            .replace("name: everything", r#"name: " # 'all': \"\u00e9\"\\ ""#)
            .replace("expression: 0 3 * * 1-5", "expression: cron(0 3 26 11 ? 2026)");
        make(&store, &document(&odd), Replacing::Refused).await;
        let exported = export(&store).await;
        // By then, the schedule has had its last start.
        let later = "2027-01-01T00:00:00Z".parse().unwrap();
        assert!(exported.contains(r#"" # 'all': \"é\"\\ ""#), "{exported}");
        let again = read("t.yaml", exported.as_bytes(), later).unwrap();
        assert_eq!(make(&store, &again, Replacing::Refused).await, Vec::<String>::new(), "{exported}");
    }
}

#[test]
fn what_is_wrong_is_told_with_its_line() {
    let target = "assessmentTargets:\n  - name: a\n    assessmentTemplates:\n      - name: t\n";
    let schedule = "schedules:\n  - name: s\n    assessmentTarget: a\n    assessmentTemplate: t\n";
    for (text, expected) in [
        ("assessmentTarget: []\n".to_owned(), "t.yaml:1:1: unknown key `assessmentTarget`"),
        ("assessmentTargets:\n  - nam: a\n".into(), "t.yaml:2:5: unknown key `nam`, did you mean `name`?"),
        ("assessmentTargets:\n  - name: a\n  - name: a\n".into(), "t.yaml:3:11: `name` \"a\" stands twice"),
        ("a: &x 1\nb: *x\n".into(), "anchors are not read here"),
        ("[".repeat(100) + &"]".repeat(100), "nested deeper than 12 levels"),
        (format!("{target}        rulesPackages: [cve]\n"), "missing key `durationInSeconds`"),
        (
            format!("{target}        durationInSeconds: 5\n        rulesPackages: [cve]\n"),
            "Inspector's CreateAssessmentTemplate refuses this",
        ),
        (
            format!("{target}        durationInSeconds: 3600\n        rulesPackages: [cvs]\n"),
            "t.yaml:6:25: `rulesPackages` cannot be read",
        ),
        (format!("{target}        durationInSeconds: 3600\n        rulesPackages: []\n"), "has to name at least one"),
        (format!("{schedule}    expression: 0 3 * *\n"), "t.yaml:2:5: `schedules` \"s\": "),
        (format!("{schedule}    expression: '@daily'\n    timeZone: Nowhere\n"), "no time zone"),
        (format!("{schedule}    expression: '@daily'\n    catchUp: once\n"), "use ONCE or NONE"),
        (format!("{schedule}    expression: '@daily'\n    enabled: 'yes'\n"), "`enabled` must be true or false"),
        (format!("{schedule}    expression: '@daily'\n    jitterInSeconds: -1\n"), "must be a number of seconds"),
    ] {
        let error = read("t.yaml", text.as_bytes(), now()).unwrap_err().to_string();
        assert!(error.contains(expected), "{text}\n{error}");
    }
    assert!(read("t.yaml", &[0xff], now()).unwrap_err().to_string().contains("not UTF-8"));
    assert!(read("t.yaml", &vec![b' '; (4 << 20) + 1], now()).unwrap_err().to_string().contains("over the limit"));
}
