//! Rules 42 and 45: who may delete, and who may see a status.

use http::StatusCode;

use crate::stage::{SITUATION, Stage, envelope, is, tool, tool_id};

#[tokio::test]
async fn r42_deleting_takes_both_rights_and_an_object_that_is_there() {
    let stage = Stage::new().await;
    stage.put(&[1, 2, 3, 4], &[tool(1)]).await;
    for (who, id, status) in [
        ("stranger", tool_id(1), 404),
        ("reader", tool_id(1), 403),
        ("writer", tool_id(1), 403),
        ("reader", tool_id(9), 403),
        ("both", tool_id(9), 404),
        ("both", "x".to_owned(), 404),
        ("both", tool_id(1), 200),
    ] {
        let path = format!("{SITUATION}objects/{id}/");
        let answer = stage.ask("DELETE", who, &path, &[], "").await;
        assert_eq!(answer.status, status, "{who} {id}: {answer:?}");
    }
    let path = format!("{SITUATION}objects/{}/?match[version]=newest", tool_id(1));
    let answer = stage.ask("DELETE", "both", &path, &[], "").await;
    is(&answer, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn r45_a_status_is_for_whom_it_was_made() {
    let stage = Stage::new().await;
    let answer = stage
        .post(
            "both",
            &format!("{SITUATION}objects/"),
            &envelope(&[tool(1)]),
        )
        .await;
    let path = format!(
        "/taxii2/root/status/{}/",
        answer.json()["id"].as_str().unwrap()
    );
    is(&stage.get("both", &path).await, StatusCode::OK);
    let unknown = stage.get("reader", "/taxii2/root/status/x/").await;
    for other in ["second", "reader", "writer", "stranger"] {
        let answer = stage.get(other, &path).await;
        assert_eq!(
            (answer.status, &answer.body),
            (404, &unknown.body),
            "{other}"
        );
    }
}
