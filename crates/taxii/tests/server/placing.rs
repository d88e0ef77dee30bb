//! What is known already and sent again: it gets the place that it is sent to, once; and naming what is hidden tells nothing.

use http::StatusCode;
use policy::{Member, Tlp};
use serde_json::Value;

use crate::stage::{Stage, envelope, is, organ, tool, tool_at, tool_id};

const SITUATION: &str = "/taxii2/root/collections/situation/objects/";
const NORMS: &str = "/taxii2/root/collections/norms/objects/";
const ADDRESS: &str = r#"{"type":"ipv4-addr","spec_version":"2.1","id":"ipv4-addr--28bb3599-77cd-5a82-a950-b5bc3caf07c4","value":"198.51.100.3"}"#;

async fn names(stage: &Stage, who: &str, path: &str) -> Vec<String> {
    let answer = stage.get(who, path).await;
    is(&answer, StatusCode::OK);
    answer.names()
}

/// What a program is told of what it sent, without the marks of the single answer.
async fn told(stage: &Stage, who: &str, path: &str, object: &str) -> Value {
    let answer = stage.post(who, path, &envelope(&[object.to_owned()])).await;
    is(&answer, StatusCode::ACCEPTED);
    let mut status = answer.json();
    let kept = format!("/taxii2/root/status/{}/", status["id"].as_str().unwrap());
    assert_eq!(stage.get(who, &kept).await.json(), status);
    let members = status.as_object_mut().unwrap();
    members.remove("id");
    members.remove("request_timestamp");
    for list in ["successes", "pendings", "failures"] {
        for line in members
            .get_mut(list)
            .and_then(Value::as_array_mut)
            .into_iter()
            .flatten()
        {
            line.as_object_mut().unwrap().remove("id");
        }
    }
    status
}

#[tokio::test]
async fn r42_what_was_deleted_and_is_sent_again_stands_again() {
    let stage = Stage::new().await;
    stage
        .post("both", SITUATION, &envelope(&[tool(1), tool(2)]))
        .await;
    let before = stage.get("both", SITUATION).await;
    let last = before.header("x-taxii-date-added-last").to_owned();
    let path = format!("{SITUATION}{}/", tool_id(1));
    is(
        &stage.ask("DELETE", "both", &path, &[], "").await,
        StatusCode::OK,
    );
    assert_eq!(names(&stage, "both", SITUATION).await, ["t2"]);
    let size = stage.host.node.log_size().unwrap();
    let status = told(&stage, "both", SITUATION, &tool(1)).await;
    assert_eq!(status["success_count"], 1, "{status}");
    assert_eq!(names(&stage, "both", SITUATION).await, ["t2", "t1"]);
    // Whoever polls finds it, and the record is not there twice.
    let new = format!("{SITUATION}?added_after={last}");
    assert_eq!(names(&stage, "both", &new).await, ["t1"]);
    assert_eq!(stage.host.node.log_size().unwrap(), size);
    // Where it stands, nothing changes.
    told(&stage, "both", SITUATION, &tool(1)).await;
    assert_eq!(names(&stage, "both", SITUATION).await, ["t2", "t1"]);
    assert_eq!(names(&stage, "both", &new).await, ["t1"]);
}

#[tokio::test]
async fn r16_a_known_record_stands_in_the_second_collection_for_the_same_eyes() {
    let stage = Stage::new().await;
    stage.put(&[1], &[tool(1)]).await;
    stage.put(&[1, 4], &[tool(2)]).await;
    let size = stage.host.node.log_size().unwrap();
    for n in [1, 2] {
        assert_eq!(
            told(&stage, "both", NORMS, &tool(n)).await["success_count"],
            1
        );
    }
    assert_eq!(stage.host.node.log_size().unwrap(), size);
    assert_eq!(names(&stage, "both", NORMS).await, ["t1", "t2"]);
    assert_eq!(names(&stage, "both", SITUATION).await, ["t1", "t2"]);
    // Its label has not changed by standing elsewhere.
    assert_eq!(names(&stage, "stranger", NORMS).await, ["t2"]);
    // Who may only read puts nothing anywhere.
    let refused = stage.post("stranger", NORMS, &envelope(&[tool(3)])).await;
    is(&refused, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn r32_naming_what_is_hidden_tells_no_more_than_naming_what_is_not_there() {
    let stage = Stage::new().await;
    let hidden = ADDRESS.replace("}", r#","x_by":"others"}"#);
    stage
        .put(&[2], &[tool(1), tool(2), tool(3), hidden.clone()])
        .await;
    let newer = |n| tool_at(n, "2021-01-01T00:00:00.000Z");
    let other = |n| tool(n).replace("1.50", "1.51");
    // A newer version, another content of the version, the very bytes: the same as of an object that nobody holds.
    for (there, not_there) in [
        (newer(1), newer(11)),
        (other(2), other(12)),
        (tool(3), tool(13)),
    ] {
        assert_eq!(
            told(&stage, "both", SITUATION, &there).await,
            told(&stage, "both", SITUATION, &not_there).await,
            "{there}"
        );
    }
    // The very bytes are its own as well; nobody else gains by that, and whoever had them has them once.
    let own = names(&stage, "both", SITUATION).await;
    assert_eq!(own, ["t11", "t12", "t3", "t13"]);
    assert_eq!(
        names(&stage, "reader", SITUATION).await,
        ["t1", "t2", "t3", "-"]
    );
    // An observable is nobody's: whoever names it by what it is has it, beside the copy of others.
    let status = told(&stage, "both", SITUATION, ADDRESS).await;
    assert_eq!(status["success_count"], 1, "{status}");
    let mine = stage
        .get("both", &format!("{SITUATION}?match[type]=ipv4-addr"))
        .await;
    assert_eq!(
        (mine.each("value").len(), mine.each("x_by")),
        (1, vec!["-".to_owned()])
    );
    let theirs = stage
        .get("reader", &format!("{SITUATION}?match[type]=ipv4-addr"))
        .await;
    assert_eq!(theirs.each("x_by"), ["others"]);
    // People decide about what does not fit.
    let waiting = stage.host.node.awaiting(0, 10).unwrap();
    let waiting: Vec<_> = waiting.iter().map(|one| one.object.as_str()).collect();
    assert_eq!(waiting, [tool_id(1), tool_id(2)]);
}

#[tokio::test]
async fn r32_who_sees_an_object_hears_why_its_version_waits() {
    let stage = Stage::new().await;
    stage.put(&[1], &[tool(1)]).await;
    let newer = tool_at(1, "2021-01-01T00:00:00.000Z");
    let status = told(&stage, "both", SITUATION, &newer).await;
    assert_eq!(status["pending_count"], 1, "{status}");
    let other = tool(1).replace("1.50", "1.51");
    let status = told(&stage, "both", SITUATION, &other).await;
    assert_eq!(status["failure_count"], 1, "{status}");
}

#[tokio::test]
async fn an_observable_of_another_channel_tightens_none_that_is_here() {
    let stage = Stage::new().await;
    stage.put(&[2], &[ADDRESS.to_owned()]).await;
    let red = ADDRESS.replace(
        r#","value""#,
        r#","object_marking_refs":["marking-definition--e828b379-4e03-4974-9ac4-e53a884c97c1"],"value""#,
    );
    assert_eq!(
        told(&stage, "both", SITUATION, &red).await["success_count"],
        1
    );
    let held = stage.get("reader", SITUATION).await;
    assert_eq!(held.each("value"), ["198.51.100.3"]);
    let audience = vec![Member::Participant(organ(2))];
    let marking = node::submission::Marking {
        tlp: Some(Tlp::Red),
        audience,
    };
    let mine = ADDRESS.replace("}", r#","x_by":"us"}"#);
    stage.host.put("situation", marking, &[mine]).await;
    let left = stage.get("reader", SITUATION).await;
    assert_eq!(
        left.each("type"),
        ["withdrawal"],
        "ours governs what we brought"
    );
}
