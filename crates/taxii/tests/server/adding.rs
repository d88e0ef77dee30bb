//! Rules 13 to 21: what is added, what is said of it, and that no object spoils another or a later read.

use http::StatusCode;
use serde_json::Value;

use crate::stage::{SITUATION, Stage, envelope, is, tool, tool_at, tool_id};

const OBJECTS: &str = "/taxii2/root/collections/situation/objects/";

async fn add(stage: &Stage, objects: &[String]) -> Value {
    let answer = stage.post("both", OBJECTS, &envelope(objects)).await;
    is(&answer, StatusCode::ACCEPTED);
    answer.json()
}

#[tokio::test]
async fn r13_a_status_is_complete_at_once_and_can_be_asked_for() {
    let stage = Stage::new().await;
    let status = add(&stage, &[tool(1), tool(2)]).await;
    assert_eq!(status["status"], "complete");
    assert_eq!(status["total_count"], 2);
    assert_eq!(status["success_count"], 2);
    assert_eq!(
        (&status["failure_count"], &status["pending_count"]),
        (&0.into(), &0.into())
    );
    assert_eq!(status["successes"][1]["id"], tool_id(2));
    assert_eq!(
        status["successes"][1]["version"],
        "2020-01-01T00:00:00.000Z"
    );
    assert!(status.get("failures").is_none(), "no empty lists");
    assert_eq!(status["request_timestamp"].as_str().unwrap().len(), 27);
    let path = format!("/taxii2/root/status/{}/", status["id"].as_str().unwrap());
    assert_eq!(stage.get("both", &path).await.json(), status);
}

#[tokio::test]
async fn r14_r15_r20_a_bad_object_sinks_nothing_now_or_later() {
    let stage = Stage::new().await;
    let bad = [
        r#"{"type":"tool"}"#,
        r#"{"type":"tool","id":7}"#,
        r#"{"type":"tool","id":"malware--00000000-0000-4000-8000-000000000077"}"#,
        r#"{"type":"tool","spec_version":"2.1","id":"tool--00000000-0000-4000-8000-000000000078","modified":"yesterday"}"#,
        r#"{"type":"tool","spec_version":"2.1","id":"tool--00000000-0000-4000-8000-000000000079","modified":7}"#,
        r#"{"type":"tool","id":"tool--00000000-0000-4000-8000-000000000080","name":"a","name":"b"}"#,
        r#""a text""#,
        "null",
        "[]",
        "{}",
    ];
    let unusual = [
        tool_at(11, "2020-01-01T00:00:00Z"),
        tool_at(12, "2020-01-01T00:00:00.1234567Z"),
        tool_at(13, "2020-01-01T00:00:00.123456789Z"),
        r#"{"type":"tool","id":"tool--00000000-0000-4000-8000-000000000014","created":"2017-01-01T00:00:00.000Z","modified":"2017-01-01T00:00:00.000Z","name":"2.0"}"#.to_owned(),
        r#"{"type":"x-unknown","id":"x-unknown--00000000-0000-4000-8000-000000000015","x_custom":{"deep":[1,2.50,1e300]}}"#.to_owned(),
        r#"{"type":"ipv4-addr","spec_version":"2.1","id":"ipv4-addr--ff26c055-6336-5bc5-b98d-13d6226742dd","value":"198.51.100.3"}"#.to_owned(),
    ];
    let mut objects = vec![tool(1)];
    objects.extend(bad.iter().map(|object| (*object).to_owned()));
    objects.extend(unusual.clone());
    objects.push(tool(2));
    let status = add(&stage, &objects).await;
    assert_eq!(status["failure_count"], bad.len(), "{status:#}");
    assert_eq!(status["success_count"], 2 + unusual.len(), "{status:#}");
    for failure in status["failures"].as_array().unwrap() {
        assert!(
            !failure["message"].as_str().unwrap().is_empty(),
            "{failure}"
        );
    }
    // Everything that went in comes out, in one piece and in any view.
    let answer = stage.get("both", OBJECTS).await;
    is(&answer, StatusCode::OK);
    for object in &unusual {
        assert!(answer.body.contains(object.as_str()), "{object}");
    }
    for view in [
        "?match[version]=all",
        "?match[version]=first",
        "?match[spec_version]=2.0",
        "?limit=1",
    ] {
        is(
            &stage.get("both", &format!("{OBJECTS}{view}")).await,
            StatusCode::OK,
        );
    }
    let manifest = stage.get("both", &format!("{SITUATION}manifest/")).await;
    assert_eq!(manifest.each("id").len(), 2 + unusual.len());
}

#[tokio::test]
async fn r16_a_duplicate_is_a_success_and_moves_nothing() {
    let stage = Stage::new().await;
    let status = add(&stage, &[tool(1), tool(1), tool(1)]).await;
    assert_eq!(
        (&status["success_count"], &status["failure_count"]),
        (&3.into(), &0.into())
    );
    let before = stage.get("both", &format!("{SITUATION}manifest/")).await;
    let (one, two, three) = ([tool(1), tool(2)], [tool(2), tool(1)], [tool(2)]);
    let again = tokio::join!(add(&stage, &one), add(&stage, &two), add(&stage, &three));
    for status in [again.0, again.1, again.2] {
        assert_eq!(status["failure_count"], 0, "{status}");
    }
    let after = stage.get("both", &format!("{SITUATION}manifest/")).await;
    assert_eq!(after.each("id").len(), 2);
    assert_eq!(after.each("date_added")[0], before.each("date_added")[0]);
}

#[tokio::test]
async fn r17_another_content_under_the_same_version_never_overwrites() {
    let stage = Stage::new().await;
    add(&stage, &[tool(1)]).await;
    let other = tool(1).replace("\"t1\"", "\"other\"");
    let status = add(&stage, &[other]).await;
    assert_eq!(status["failure_count"], 1, "{status}");
    assert!(
        status["failures"][0]["message"]
            .as_str()
            .unwrap()
            .contains("version")
    );
    // The same said in another spelling is a duplicate; the bytes that came first stay.
    let same = tool(1).replace("1.50", "1.5");
    let status = add(&stage, &[same]).await;
    assert_eq!(status["success_count"], 1, "{status}");
    let kept = stage.get("both", OBJECTS).await;
    assert_eq!(kept.body, format!("{{\"objects\":[{}]}}", tool(1)));
}

#[tokio::test]
async fn r18_what_is_no_envelope_is_refused_whole() {
    let stage = Stage::new().await;
    let (half, deep) = (
        format!("{{\"objects\":[{}, {{\"type\":", tool(1)),
        format!("{{\"objects\":{}", "[".repeat(200_000)),
    );
    for (body, status) in [
        ("null", 400),
        ("7", 400),
        ("\"x\"", 400),
        ("[]", 400),
        ("{", 400),
        ("<xml/>", 400),
        ("\u{0}", 400),
        (half.as_str(), 400),
        (deep.as_str(), 400),
        (r#"{"objects":7}"#, 422),
        (r#"{"objects":[]}"#, 422),
        (r#"{"objects":null}"#, 422),
        ("{}", 422),
        (&tool(1), 422),
        (
            &format!("{{\"objects\":[{}],\"objects\":[]}}", tool(1)),
            400,
        ),
    ] {
        let answer = stage.post("both", OBJECTS, body).await;
        let shown = &body[..body.len().min(60)];
        assert_eq!(answer.status, status, "{shown}: {answer:?}");
        assert!(answer.json()["title"].is_string());
    }
    let bytes = [b"{\"objects\":[\xff\xfe]}".as_slice()].concat();
    let mut request = format!(
        "POST {OBJECTS} HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-type: {}\r\nauthorization: {}\r\ncontent-length: {}\r\n\r\n",
        crate::stage::TAXII,
        stage.basic("both"),
        bytes.len()
    )
    .into_bytes();
    request.extend_from_slice(&bytes);
    let answer = stage.raw(&request).await;
    assert!(matches!(answer.status, 202 | 400), "{answer:?}");
    assert_eq!(
        stage.get("both", OBJECTS).await.body,
        "{}",
        "nothing of a refused body was kept"
    );
    // Depth inside an object is that object's matter.
    let nested = format!(
        r#"{{"type":"x-a","id":"x-a--00000000-0000-4000-8000-000000000001","a":{}1{}}}"#,
        "[".repeat(5_000),
        "]".repeat(5_000)
    );
    let status = add(&stage, &[nested, tool(3)]).await;
    assert_eq!(
        (&status["success_count"], &status["failure_count"]),
        (&1.into(), &1.into())
    );
}

#[tokio::test]
async fn r19_more_objects_than_one_envelope_may_hold_are_to_be_split() {
    let bounds = taxii::server::Bounds {
        body_objects: 3,
        ..Default::default()
    };
    let stage = Stage::with(bounds).await;
    let objects: Vec<_> = (0..4).map(tool).collect();
    let answer = stage.post("both", OBJECTS, &envelope(&objects)).await;
    is(&answer, StatusCode::PAYLOAD_TOO_LARGE);
    assert!(answer.body.contains("3 objects"), "{}", answer.body);
    let answer = stage.post("both", OBJECTS, &envelope(&objects[..3])).await;
    is(&answer, StatusCode::ACCEPTED);
    let root = stage.get("both", "/taxii2/root/").await.json();
    assert_eq!(root["max_content_length"], 10 << 20);
}

#[tokio::test]
async fn r21_bytes_come_back_as_they_came() {
    let stage = Stage::new().await;
    let object = "{ \"type\" : \"tool\",\n\t\"spec_version\":\"2.1\", \"id\":\"tool--00000000-0000-4000-8000-000000000001\",\"created\":\"2020-01-01T00:00:00Z\",\"modified\":\"2020-01-01T00:00:00.1000Z\", \"name\":\"\\u00e9\\/\\ud83d\\ude00 \u{e9}\", \"n\":1.0e+2, \"big\":12345678901234567890123, \"x_mitre_y\":[] , \"empty\":{}}";
    add(&stage, &[object.to_owned()]).await;
    let answer = stage.get("both", OBJECTS).await;
    assert_eq!(answer.body, format!("{{\"objects\":[{object}]}}"));
    let id = stage
        .get("both", &format!("{OBJECTS}{}/", tool_id(1)))
        .await;
    assert_eq!(id.body, answer.body);
}

#[tokio::test]
async fn a_pending_object_is_said_to_be_pending() {
    let stage = Stage::new().await;
    // The ministry's own record, then a newer version of it through a program's door: a person has to decide.
    stage.put(&[1], &[tool(1)]).await;
    let status = add(&stage, &[tool_at(1, "2021-01-01T00:00:00.000Z"), tool(2)]).await;
    assert_eq!(status["status"], "pending", "{status}");
    assert_eq!(
        (&status["pending_count"], &status["success_count"]),
        (&1.into(), &1.into())
    );
    assert!(status["pendings"][0]["message"].is_string());
}
