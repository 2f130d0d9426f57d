//! Lists: filters in all combinations of two against the simple way, and pages that join to the whole.

use assay_model::arn::Realm;
use assay_model::rules_package::RulesPackageKind;
use assay_model::severity::Severity;
use assay_server::store::{AttributeFilter, ListedFindingFilter, Page};

use super::corpus::{self, expected, listed};
use crate::home::homes;
use crate::sample::time;

/// Changes a filter, so that two changes together make a filter of two members.
type Member = Box<dyn Fn(&mut ListedFindingFilter)>;

fn texts(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}

fn pair(key: &str, value: Option<&str>) -> AttributeFilter {
    AttributeFilter { key: key.to_owned(), value: value.map(str::to_owned) }
}

fn member(change: impl Fn(&mut ListedFindingFilter) + 'static) -> Member {
    Box::new(change)
}

/// For each member of a filter: values that take many findings, few, and none.
fn members() -> Vec<Vec<Member>> {
    let runs: Vec<_> = corpus::runs().into_iter().map(|assessment| assessment.run.arn).collect();
    let (first, some) = (vec![runs[3].clone()], runs[5..15].to_vec());
    let agents = |ids: &'static [&str]| member(move |filter| filter.agent_ids = texts(ids));
    let groups = |names: &'static [&str]| member(move |filter| filter.scaling_groups = texts(names));
    let rules = |ids: &'static [&str]| member(move |filter| filter.rule_ids = texts(ids));
    let severities = |list: &'static [Severity]| member(move |filter| filter.severities = list.to_vec());
    let packages =
        |kinds: &'static [RulesPackageKind]| member(move |filter| filter.rules_packages = Some(kinds.to_vec()));
    let attributes = |pairs: Vec<AttributeFilter>| member(move |filter| filter.attributes = pairs.clone());
    let user = |pairs: Vec<AttributeFilter>| member(move |filter| filter.user_attributes = pairs.clone());
    let range = |from: Option<i64>, until: Option<i64>| {
        let millis = |seconds: i64| time(seconds).as_millisecond();
        member(move |filter| (filter.from, filter.until) = (from.map(millis), until.map(millis)))
    };
    vec![
        vec![member(move |filter| filter.runs = first.clone()), member(move |filter| filter.runs = some.clone())],
        vec![agents(&["i-host1"]), agents(&["i-host0", "i-host3", "i-nobody"]), agents(&["I-HOST1"])],
        vec![groups(&["workers"]), groups(&["worker", "Workers"])],
        vec![
            rules(&["CVE-2024-1007"]),
            rules(&["Recognized port reachable from internet", "1.7.1.3 Ensure \"100%\" is_configured"]),
            rules(&["cve-2024-1007", "CVE-2024-100", "%"]),
        ],
        vec![
            severities(&[Severity::High]),
            severities(&[Severity::Low, Severity::Informational]),
            severities(&[Severity::Undefined]),
        ],
        vec![
            packages(&[RulesPackageKind::Network]),
            packages(&[RulesPackageKind::Cve, RulesPackageKind::Runtime]),
            packages(&[RulesPackageKind::BestPractices]),
            packages(&[]),
        ],
        vec![
            attributes(vec![pair("PORT", Some("22"))]),
            attributes(vec![pair("PROTOCOL", Some("UDP")), pair("PORT", Some("21"))]),
            attributes(vec![pair("PORT", Some("2"))]),
            attributes(vec![pair("PORT", None), pair("INSTANCE_ID", None)]),
            attributes(vec![pair("INSTANCE_ID", Some("i-host2")), pair("PORT", Some("24"))]),
            attributes(vec![pair("INSTANCE_ID", Some("i-host2")), pair("INSTANCE_ID", Some("i-host3"))]),
            attributes(vec![pair("a", Some("b=c"))]),
            attributes(vec![pair("a=b", Some("c"))]),
        ],
        vec![
            user(vec![pair("team", Some("core"))]),
            user(vec![pair("ticket", None)]),
            user(vec![pair("ticket", Some("T-7\nlate")), pair("team", None)]),
            user(vec![pair("team", Some("core")), pair("team", Some("web"))]),
        ],
        vec![range(Some(60), Some(101)), range(None, Some(42)), range(Some(200), None), range(Some(50), Some(40))],
    ]
}

#[tokio::test]
async fn filters_of_two_members_take_what_they_should() {
    let runs = corpus::runs();
    for home in homes().await {
        println!("{}", home.database);
        corpus::fill(&home, &runs).await;
        let members = members();
        let mut taken = Vec::new();
        for (index, first_values) in members.iter().enumerate() {
            for first in first_values {
                let mut filter = ListedFindingFilter::default();
                first(&mut filter);
                let alone = expected(&runs, &filter);
                assert_eq!(listed(&home.store, &filter, 500).await, alone, "{filter:?}");
                for second in members.iter().skip(index + 1).flatten() {
                    let mut filter = filter.clone();
                    second(&mut filter);
                    let expected = expected(&runs, &filter);
                    assert_eq!(listed(&home.store, &filter, 100).await, expected, "{filter:?}");
                    taken.push(expected.len());
                }
            }
        }
        // The combinations are worth something: some take nothing, many take some.
        assert!(taken.len() > 350, "{}", taken.len());
        assert!(taken.iter().filter(|count| **count > 0).count() > taken.len() / 3);
    }
}

#[tokio::test]
async fn pages_join_to_the_whole_without_repeating() {
    let runs = corpus::runs();
    let filters = [
        ListedFindingFilter::default(),
        ListedFindingFilter { user_attributes: vec![pair("team", Some("web"))], ..ListedFindingFilter::default() },
        ListedFindingFilter { runs: vec![runs[7].run.arn.clone()], ..ListedFindingFilter::default() },
    ];
    for home in homes().await {
        println!("{}", home.database);
        corpus::fill(&home, &runs).await;
        for (filter, count) in filters.iter().zip([1500, 500, 60]) {
            let expected = expected(&runs, filter);
            assert_eq!(expected.len(), count);
            for size in [1, 10, 100, 500] {
                assert!(listed(&home.store, filter, size).await == expected, "{filter:?}, pages of {size}");
            }
        }
    }
}

#[tokio::test]
async fn what_comes_between_two_pages_shifts_nothing() {
    let runs = corpus::runs();
    let any = ListedFindingFilter::default();
    for home in homes().await {
        println!("{}", home.database);
        let (first, second) = runs.split_at(10);
        corpus::fill(&home, first).await;
        let page = home.store.list_findings(&Realm::local(), &any, &Page::first(90)).await.unwrap();
        corpus::fill(&home, second).await;
        assert!(home.store.delete_run(&runs[0].run.arn).await.unwrap());
        let rest = home.store.list_findings(&Realm::local(), &any, &Page::after(page.next.unwrap(), u32::MAX)).await;
        let joined = [page.items, rest.unwrap().items].concat();
        assert_eq!(joined, expected(&runs, &any));
    }
}

#[tokio::test]
async fn other_realms_and_active_runs_show_nothing() {
    let runs = corpus::runs();
    let any = ListedFindingFilter::default();
    for home in homes().await {
        println!("{}", home.database);
        corpus::fill(&home, &runs[..2]).await;
        for realm in [
            Realm { account: "111122223333".to_owned(), ..Realm::local() },
            Realm { region: "eu-west-1".to_owned(), ..Realm::local() },
        ] {
            let listing = home.store.list_findings(&realm, &any, &Page::all()).await.unwrap();
            assert_eq!((listing.items.len(), listing.next), (0, None));
        }
        let mut connection = corpus::connect(&home).await;
        let sql = "UPDATE run SET active = 1 WHERE arn = $1";
        sqlx::query(sql).bind(runs[0].run.arn.as_str()).execute(&mut connection).await.unwrap();
        assert_eq!(listed(&home.store, &any, 100).await, expected(&runs[1..2], &any));
        let of_active = ListedFindingFilter { runs: vec![runs[0].run.arn.clone()], ..any.clone() };
        assert!(listed(&home.store, &of_active, 100).await.is_empty());
        let arns: Vec<_> = runs[..2].iter().flat_map(|it| &it.findings).map(|it| it.arn.clone()).collect();
        assert_eq!(home.store.finding_details(&arns).await.unwrap().len(), corpus::FINDINGS_OF_A_RUN);
    }
}
