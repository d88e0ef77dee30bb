//! Rules 33 to 41 and 44: filters, versions and timestamps.

use http::StatusCode;

use crate::stage::{SITUATION, Stage, is, tool, tool_at, tool_id};

const OBJECTS: &str = "/taxii2/root/collections/situation/objects/";

#[tokio::test]
async fn r33_r35_a_malformed_parameter_is_400_on_every_paged_resource() {
    let stage = Stage::new().await;
    stage.put(&[1], &[tool(1)]).await;
    let one = format!("{OBJECTS}{}/", tool_id(1));
    for query in [
        "limit=0",
        "limit=-1",
        "limit=1.5",
        "limit=x",
        "limit=",
        "limit=%31%30%zz",
        "added_after=",
        "added_after=yesterday",
        "added_after=2020-01-01",
        "limit=1&limit=2",
        "next=",
        "next=x",
        "match[spec_version]=",
        "limit=%ff",
    ] {
        for path in [
            OBJECTS,
            &format!("{SITUATION}manifest/"),
            &one,
            &format!("{one}versions/"),
        ] {
            let answer = stage.get("both", &format!("{path}?{query}")).await;
            assert_eq!(answer.status, 400, "{path}?{query}: {answer:?}");
            assert!(answer.json()["description"].is_string());
        }
    }
    for query in [
        "match[version]=newest",
        "match[version]=",
        "match[version]=all,last",
        "match[version]=2020",
        "match[type]=",
        "match[type]=a,,b",
        "match[id]=",
        "match[id]=a&match[id]=b",
        "match%5Btype%5D=a&match[type]=b",
    ] {
        let answer = stage.get("both", &format!("{OBJECTS}?{query}")).await;
        assert_eq!(answer.status, 400, "{query}: {answer:?}");
    }
    for query in [
        "",
        "&",
        "&&&",
        "=",
        "unknown=1",
        "match[foo]=1",
        "match[type]=tool",
        "match%5btype%5d=tool",
    ] {
        is(
            &stage.get("both", &format!("{OBJECTS}?{query}")).await,
            StatusCode::OK,
        );
    }
    // On one object, filters of a collection are unknown, and what is unknown is ignored.
    is(
        &stage
            .get("both", &format!("{one}?match[type]=&match[id]="))
            .await,
        StatusCode::OK,
    );
}

#[tokio::test]
async fn r34_a_large_limit_is_capped() {
    let stage = Stage::new().await;
    let objects: Vec<_> = (0..1_050).map(tool).collect();
    stage.put(&[1], &objects).await;
    for limit in ["1001", "4294967296", "99999999999999999999999999"] {
        let answer = stage.get("both", &format!("{OBJECTS}?limit={limit}")).await;
        assert_eq!(answer.names().len(), 1_000, "{limit}");
        assert_eq!(answer.json()["more"], true);
    }
    let answer = stage.get("both", OBJECTS).await;
    assert_eq!(answer.names().len(), 1_000);
}

#[tokio::test]
async fn r35_values_are_alternatives_and_fields_are_conditions() {
    let stage = Stage::new().await;
    let malware = tool(3).replace("tool", "malware");
    stage.put(&[1], &[tool(1), tool(2), malware]).await;
    let (one, two) = (tool_id(1), tool_id(2));
    let three = tool_id(3).replace("tool", "malware");
    for (query, expected) in [
        (format!("match[id]={one},{two}"), vec!["t1", "t2"]),
        (format!("match[id]={two},{one},{two}"), vec!["t1", "t2"]),
        (
            format!("match[id]={one},{three}&match[type]=malware"),
            vec!["t3"],
        ),
        (format!("match[id]={one}&match[type]=malware"), vec![]),
        (
            "match[type]=malware,tool".to_owned(),
            vec!["t1", "t2", "t3"],
        ),
        ("match[type]=unheard-of".to_owned(), vec![]),
        (format!("match[id]=nonsense,{one}"), vec!["t1"]),
        (
            "match[type]=identity,ipv4-addr,incident,x-custom".to_owned(),
            vec![],
        ),
    ] {
        let answer = stage.get("both", &format!("{OBJECTS}?{query}")).await;
        is(&answer, StatusCode::OK);
        assert_eq!(answer.names(), expected, "{query}");
    }
}

#[tokio::test]
async fn r36_last_and_first_are_those_that_the_viewer_may_see() {
    let stage = Stage::new().await;
    let at = |year: usize| tool_at(1, &format!("{year}-01-01T00:00:00.000Z"));
    stage.put(&[1], &[at(2020)]).await;
    stage.put(&[1, 2], &[at(2021), at(2022)]).await;
    stage.put(&[1, 2], &[tool(2)]).await;
    let years = |answer: crate::stage::Answer| -> Vec<String> {
        answer
            .each("modified")
            .iter()
            .map(|time| time[..4].to_owned())
            .collect()
    };
    for (who, query, expected) in [
        ("both", "", vec!["2022", "2020"]),
        ("both", "?match[version]=last", vec!["2022", "2020"]),
        ("both", "?match[version]=first", vec!["2020", "2020"]),
        (
            "both",
            "?match[version]=first,last",
            vec!["2020", "2022", "2020"],
        ),
        (
            "both",
            "?match[version]=all",
            vec!["2020", "2021", "2022", "2020"],
        ),
        ("reader", "", vec!["2022", "2020"]),
        ("reader", "?match[version]=first", vec!["2021", "2020"]),
        (
            "reader",
            "?match[version]=all",
            vec!["2021", "2022", "2020"],
        ),
        (
            "reader",
            "?match[version]=2020-01-01T00:00:00.000Z",
            vec!["2020"],
        ),
    ] {
        let answer = stage.get(who, &format!("{OBJECTS}{query}")).await;
        assert_eq!(years(answer), expected, "{who} {query}");
    }
}

#[tokio::test]
async fn r37_specifications_are_told_apart() {
    let stage = Stage::new().await;
    let old = tool(1).replace(" \"spec_version\":\"2.1\",", "");
    assert_ne!(old, tool(1));
    let address = r#"{"type":"ipv4-addr","id":"ipv4-addr--ff26c055-6336-5bc5-b98d-13d6226742dd","value":"198.51.100.3","name":"sco"}"#;
    stage.put(&[1], &[old, tool(2), address.to_owned()]).await;
    for (query, expected) in [
        ("", vec!["t1", "t2", "sco"]),
        ("?match[spec_version]=2.1", vec!["t2", "sco"]),
        ("?match[spec_version]=2.0", vec!["t1"]),
        ("?match[spec_version]=2.0,2.1", vec!["t1", "t2", "sco"]),
        ("?match[spec_version]=9.9", vec![]),
        ("?match[spec_version]=9.9,2.0", vec!["t1"]),
    ] {
        let answer = stage.get("both", &format!("{OBJECTS}{query}")).await;
        assert_eq!(answer.names(), expected, "{query}");
    }
    // One object, once as 2.0 and once as 2.1: without a word, the newest specification; then the last of its versions.
    let at = |n: usize, year: usize| tool_at(n, &format!("{year}-01-01T00:00:00.000Z"));
    let as_20 = |object: String| object.replace(" \"spec_version\":\"2.1\",", "");
    stage
        .put(
            &[1],
            &[
                as_20(at(5, 2021)),
                at(5, 2022),
                at(5, 2023),
                as_20(at(5, 2024)),
            ],
        )
        .await;
    stage.put(&[2], &[at(6, 2021)]).await;
    stage.put(&[1, 2], &[as_20(at(6, 2022))]).await;
    for (query, expected) in [
        ("", vec!["2023"]),
        ("&match[version]=all", vec!["2022", "2023"]),
        ("&match[version]=first", vec!["2022"]),
        ("&match[spec_version]=2.0", vec!["2024"]),
        (
            "&match[spec_version]=2.0&match[version]=first",
            vec!["2021"],
        ),
        (
            "&match[spec_version]=2.0&match[version]=all",
            vec!["2021", "2024"],
        ),
        ("&match[spec_version]=2.1", vec!["2023"]),
        ("&match[spec_version]=2.0,2.1", vec!["2024"]),
        (
            "&match[spec_version]=2.0,2.1&match[version]=all",
            vec!["2021", "2022", "2023", "2024"],
        ),
    ] {
        let id = tool_id(5);
        let mut answers = Vec::new();
        for path in [
            format!("{OBJECTS}?match[id]={id}{query}"),
            format!("{OBJECTS}?match[type]=tool{query}"),
            format!("{OBJECTS}{id}/?limit=100{query}"),
        ] {
            let answer = stage.get("both", &path).await;
            let (ids, versions) = (answer.each("id"), answer.each("modified"));
            let years = ids.iter().zip(versions).filter(|(found, _)| **found == id);
            answers.push(
                years
                    .map(|(_, version)| version[..4].to_owned())
                    .collect::<Vec<_>>(),
            );
        }
        assert_eq!(answers, vec![expected; 3], "{query}");
    }
    // The newest specification of which this reader sees a version: what is hidden does not count.
    for (who, year) in [("both", "2022"), ("reader", "2021")] {
        let answer = stage
            .get(who, &format!("{OBJECTS}?match[id]={}", tool_id(6)))
            .await;
        assert_eq!(answer.each("modified")[0][..4], *year, "{who}");
    }
    let manifest = stage.get("both", &format!("{SITUATION}manifest/")).await;
    let types = manifest.each("media_type");
    assert_eq!(types[0], "application/stix+json;version=2.0");
    assert_eq!(types[1], "application/stix+json;version=2.1");
    assert_eq!(types[2], "application/stix+json;version=2.1");
}

#[tokio::test]
async fn r38_a_manifest_lists_what_objects_gives() {
    let stage = Stage::new().await;
    stage.put(&[1, 2], &[tool(1), tool(2)]).await;
    stage
        .put(&[1, 2], &[tool_at(1, "2021-01-01T00:00:00Z")])
        .await;
    for query in [
        "",
        "?match[version]=all",
        "?match[version]=first",
        "?limit=1",
        "?match[type]=malware",
    ] {
        let objects = stage.get("reader", &format!("{OBJECTS}{query}")).await;
        let manifest = stage
            .get("reader", &format!("{SITUATION}manifest/{query}"))
            .await;
        assert_eq!(manifest.each("id"), objects.each("id"), "{query}");
        assert_eq!(
            manifest.each("version"),
            objects.each("modified"),
            "{query}"
        );
        assert_eq!(manifest.json()["more"], objects.json()["more"], "{query}");
    }
}

#[tokio::test]
async fn r39_r40_r41_versions_keep_their_spelling_and_compare_as_instants() {
    let stage = Stage::new().await;
    let times = [
        "2020-01-01T00:00:00Z",
        "2020-01-01T00:00:00.100Z",
        "2020-01-01T00:00:00.123456788Z",
        "2020-01-01T00:00:00.123456789Z",
        "2020-01-01T00:00:01.000Z",
    ];
    stage.put(&[1], &times.map(|time| tool_at(1, time))).await;
    let versions = stage
        .get("both", &format!("{OBJECTS}{}/versions/", tool_id(1)))
        .await;
    assert_eq!(versions.json()["versions"], serde_json::json!(times));
    let manifest = stage
        .get("both", &format!("{SITUATION}manifest/?match[version]=all"))
        .await;
    assert_eq!(manifest.each("version"), times);
    for (asked, expected) in [
        ("2020-01-01T00:00:00.1Z", vec![times[1]]),
        ("2020-01-01T00:00:00.000Z", vec![times[0]]),
        ("2020-01-01T00:00:01Z", vec![times[4]]),
        ("2020-01-01T00:00:00.123456789Z", vec![times[3]]),
        ("2020-01-01T00:00:00.123456Z", vec![]),
        ("2020-01-01T00:00:00.1Z,last", vec![times[1], times[4]]),
    ] {
        let path = format!("{OBJECTS}{}/?match[version]={asked}", tool_id(1));
        assert_eq!(
            stage.get("both", &path).await.each("modified"),
            expected,
            "{asked}"
        );
    }
    // An object without a version has a stable one.
    let address = r#"{"type":"ipv4-addr","spec_version":"2.1","id":"ipv4-addr--ff26c055-6336-5bc5-b98d-13d6226742dd","value":"198.51.100.3"}"#;
    stage.put(&[1], &[address.to_owned()]).await;
    let path = format!("{SITUATION}manifest/?match[type]=ipv4-addr");
    let manifest = stage.get("both", &path).await;
    assert_eq!(manifest.each("version"), manifest.each("date_added"));
    assert_eq!(stage.get("both", &path).await.body, manifest.body);
}

#[tokio::test]
async fn r44_filters_may_leave_nothing_of_what_is_known() {
    let stage = Stage::new().await;
    stage.put(&[1], &[tool(1)]).await;
    for query in [
        "match[version]=1999-01-01T00:00:00Z",
        "match[spec_version]=2.0",
        "match[spec_version]=9",
        "added_after=9999-01-01T00:00:00Z",
    ] {
        let known = stage
            .get("both", &format!("{OBJECTS}{}/?{query}", tool_id(1)))
            .await;
        assert_eq!((known.status, known.body.as_str()), (200, "{}"), "{query}");
        let unknown = stage
            .get("both", &format!("{OBJECTS}{}/?{query}", tool_id(2)))
            .await;
        is(&unknown, StatusCode::NOT_FOUND);
    }
}
