//! Rules 42 and 45: who may delete, what is left of it, and who may see a status.

use http::StatusCode;
use node::waiting::Decided;

use crate::stage::{SITUATION, Stage, envelope, is, tool, tool_at, tool_id};

const OBJECTS: &str = "/taxii2/root/collections/situation/objects/";

async fn delete(stage: &Stage, who: &str, id: &str, query: &str) -> u16 {
    let path = format!("{OBJECTS}{id}/{query}");
    let answer = stage.ask("DELETE", who, &path, &[], "").await;
    answer.json();
    answer.status
}

#[tokio::test]
async fn r42_deleting_takes_both_rights_and_an_object_that_is_there() {
    let stage = Stage::new().await;
    stage.put(&[1, 2, 3, 4], &[tool(1)]).await;
    stage.put(&[2], &[tool(2)]).await;
    for (who, id, status) in [
        ("stranger", tool_id(1), 404),
        ("reader", tool_id(1), 403),
        ("writer", tool_id(1), 403),
        ("reader", tool_id(9), 403),
        ("both", tool_id(9), 404),
        ("both", tool_id(2), 404),
        ("both", "x".to_owned(), 404),
        ("both", tool_id(1), 403),
        ("keeper", tool_id(1), 200),
        ("both", tool_id(1), 404),
        ("keeper", tool_id(1), 404),
    ] {
        assert_eq!(delete(&stage, who, &id, "").await, status, "{who} {id}");
    }
    assert_eq!(
        delete(&stage, "both", &tool_id(1), "?match[version]=newest").await,
        400
    );
    let hidden = stage
        .get("reader", &format!("{OBJECTS}{}/", tool_id(2)))
        .await;
    is(&hidden, StatusCode::OK);
}

#[tokio::test]
async fn r42_every_version_goes_unless_one_is_named() {
    let stage = Stage::new().await;
    let at = |year: usize| tool_at(1, &format!("{year}-01-01T00:00:00.000Z"));
    stage
        .put(&[1], &[at(2021), at(2022), at(2023), tool(2)])
        .await;
    let years = async || {
        let all = stage
            .get(
                "both",
                &format!("{OBJECTS}?match[version]=all&match[id]={}", tool_id(1)),
            )
            .await;
        let manifest = stage
            .get(
                "both",
                &format!(
                    "{SITUATION}manifest/?match[version]=all&match[id]={}",
                    tool_id(1)
                ),
            )
            .await;
        assert_eq!(manifest.each("version"), all.each("modified"));
        all.each("modified")
            .iter()
            .map(|time| time[..4].to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(
        delete(
            &stage,
            "keeper",
            &tool_id(1),
            "?match[version]=2022-01-01T00:00:00Z"
        )
        .await,
        200
    );
    assert_eq!(years().await, ["2021", "2023"]);
    assert_eq!(
        delete(&stage, "keeper", &tool_id(1), "?match[version]=last").await,
        200
    );
    assert_eq!(years().await, ["2021"]);
    let last = stage
        .get("both", &format!("{OBJECTS}{}/", tool_id(1)))
        .await;
    assert_eq!(last.each("modified"), ["2021-01-01T00:00:00.000Z"]);
    assert_eq!(
        delete(
            &stage,
            "keeper",
            &tool_id(1),
            "?match[version]=1999-01-01T00:00:00Z"
        )
        .await,
        404
    );
    stage.put(&[1], &[at(2024)]).await;
    assert_eq!(delete(&stage, "keeper", &tool_id(1), "").await, 200);
    assert_eq!(years().await, Vec::<String>::new());
    for path in [
        format!("{OBJECTS}{}/", tool_id(1)),
        format!("{OBJECTS}{}/versions/", tool_id(1)),
    ] {
        is(&stage.get("both", &path).await, StatusCode::NOT_FOUND);
    }
    // Beside what is left stand the requests to withdraw, for whoever took what is gone.
    let rest = stage
        .get("both", &format!("{OBJECTS}?match[type]=tool"))
        .await;
    assert_eq!(rest.names(), ["t2"]);
}

#[tokio::test]
async fn r42_a_program_deletes_what_its_participant_brought_and_nothing_else() {
    let stage = Stage::new().await;
    stage.put(&[1], &[tool(1)]).await;
    is(
        &stage.post("both", OBJECTS, &envelope(&[tool(2)])).await,
        StatusCode::ACCEPTED,
    );
    // Another program of the same participant may, one of another participant may not.
    for (who, n, status) in [
        ("both", 1, 403),
        ("second", 1, 403),
        ("second", 2, 200),
        ("keeper", 1, 200),
    ] {
        assert_eq!(
            delete(&stage, who, &tool_id(n), "").await,
            status,
            "{who} {n}"
        );
    }
}

#[tokio::test]
async fn r45_a_status_is_for_whom_it_was_made() {
    let stage = Stage::new().await;
    let answer = stage.post("both", OBJECTS, &envelope(&[tool(1)])).await;
    let path = format!(
        "/taxii2/root/status/{}/",
        answer.json()["id"].as_str().unwrap()
    );
    let status = stage.get("both", &path).await;
    assert_eq!((status.status, &status.body), (200, &answer.body));
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

#[tokio::test]
async fn r45_a_status_tells_what_a_person_has_decided_since() {
    let stage = Stage::new().await;
    stage.put(&[1], &[tool(1), tool(2)]).await;
    let newer = |n| tool_at(n, "2021-01-01T00:00:00.000Z");
    let answer = stage
        .post("both", OBJECTS, &envelope(&[newer(1), newer(2), tool(3)]))
        .await
        .json();
    assert_eq!(answer["pending_count"], 2, "{answer}");
    let path = format!("/taxii2/root/status/{}/", answer["id"].as_str().unwrap());
    let waiting = stage.host.node.awaiting(0, 10).unwrap();
    for (one, decided) in waiting.iter().zip([Decided::Admit, Decided::Discard]) {
        stage
            .host
            .node
            .decide(one.id, decided, &stage.host.node.at_terminal("tests"))
            .unwrap()
            .await
            .unwrap();
    }
    let status = stage.get("both", &path).await.json();
    assert_eq!(status["status"], "complete", "{status}");
    assert_eq!(
        (&status["success_count"], &status["failure_count"]),
        (&2.into(), &1.into())
    );
    assert_eq!(status["failures"][0]["id"], tool_id(2));
}
