//! Programs with tokens: every answer that they get is held against the document that the node serves.

use std::collections::BTreeSet;

use node::Actor;
use node::users::{NewToken, NewUser, Role, Scope};
use serde_json::{Value, json};
use site::api::{example, held, requests};

use crate::shell;
use crate::stage::{Answer, Stage};

pub(crate) const NOTE: &str = "note--00000000-0000-4000-8000-000000000001";

pub(crate) struct Programs {
    pub(crate) stage: Stage,
    pub(crate) document: Value,
    pub(crate) seen: std::sync::Mutex<BTreeSet<String>>,
}

/// Somebody's token of a scope.
async fn token(stage: &Stage, name: &str, roles: &[Role], scope: Scope) -> String {
    let operator = stage.node.at_terminal("tests");
    let new = NewUser {
        name: name.to_owned(),
        roles: roles.iter().copied().collect(),
        ..NewUser::default()
    };
    let known = stage.node.users(&operator).unwrap();
    let id = match known.into_iter().find(|user| user.name == name) {
        Some(user) => user.person,
        None => stage.node.admit(new, &operator).await.unwrap(),
    };
    let link = stage
        .node
        .one_time(&id, node::users::Once::Link, &operator)
        .await
        .unwrap();
    let by: Actor = stage
        .node
        .redeem(&link.secret, "tests")
        .await
        .unwrap()
        .actor;
    let new = NewToken {
        name: "tests".to_owned(),
        scope,
        days: 1,
    };
    stage.node.add_token(new, &by).await.unwrap().to_string()
}

impl Programs {
    pub(crate) async fn new() -> Self {
        let stage = Stage::new();
        stage.node.complete_set_up().await.unwrap();
        stage.note(
            1,
            "What the ministry said about the river",
            "AMBER+STRICT",
            Vec::new(),
        );
        let document = stage.site.described().clone();
        Self {
            stage,
            document,
            seen: std::sync::Mutex::default(),
        }
    }

    pub(crate) async fn token(&self, roles: &[Role], scope: Scope) -> String {
        let name = format!("Somebody {roles:?}");
        token(&self.stage, &name, roles, scope).await
    }

    /// Asks, and holds the answer against the document.
    pub(crate) async fn ask(
        &self,
        method: &str,
        path: &str,
        token: &str,
        more: &[(&str, &str)],
        body: &Value,
    ) -> Answer {
        let shown = format!("Bearer {token}");
        let mut headers = vec![("accept-language", "en")];
        if !token.is_empty() {
            headers.push(("authorization", &shown));
        }
        let text = if body.is_null() {
            String::new()
        } else {
            body.to_string()
        };
        if !text.is_empty() {
            headers.push(("content-type", "application/json"));
        }
        headers.extend(more);
        let answer = self.stage.send(method, path, &headers, &text).await;
        let media = answer
            .headers
            .get("content-type")
            .map_or("", |media| media.to_str().unwrap());
        let status = answer.status.as_u16();
        match held(
            &self.document,
            (method, path),
            (status, media, &answer.body),
        ) {
            Ok(name) if status < 300 => {
                self.seen.lock().unwrap().insert(name);
            }
            Ok(_) => {}
            Err(faults) => panic!("{method} {path}: {faults:#?}"),
        }
        answer
    }

    pub(crate) async fn get(&self, path: &str, token: &str) -> Answer {
        self.ask("GET", path, token, &[], &Value::Null).await
    }
}

pub(crate) fn read(answer: &Answer) -> Value {
    serde_json::from_str(&answer.body).unwrap_or_else(|_| panic!("{}", answer.body))
}

pub(crate) fn tag(answer: &Answer) -> String {
    answer.headers["etag"].to_str().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_examples_of_the_manual_do_what_they_say() {
    let all = Programs::new().await;
    all.stage.node.index().unwrap();
    let every: Vec<Role> = Role::ALL.to_vec();
    let decides = all.token(&every, Scope::Decide).await;
    let audits = all.token(&every, Scope::Audit).await;
    let home = all.stage.node.home().id.to_string();
    let manual = include_str!("../../../../docs/api.md");
    let (mut tag_now, mut count) = (String::new(), 0);
    for line in requests(manual) {
        let variables = [
            ("NODE", ""),
            ("TOKEN", "a-token"),
            ("RECORD", NOTE),
            ("PARTICIPANT", &home),
            ("ETAG", &tag_now),
            ("COMMITMENT", ""),
            ("SERIES", ""),
            ("SESSION", ""),
        ];
        let example = example(&shell::words(&line, &variables));
        let path = example.path;
        if path.contains("/dialogues/") || !path.starts_with("/api/") {
            continue;
        }
        let token = if path.contains("/audit") {
            &audits
        } else {
            &decides
        };
        let headers = example.headers.iter();
        let headers: Vec<(&str, &str)> = headers
            .filter(|(name, _)| !matches!(name.as_str(), "authorization" | "content-type"))
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect();
        let body = match example.body {
            body if body.is_empty() => Value::Null,
            body => serde_json::from_str(&body).unwrap_or_else(|_| panic!("{body}")),
        };
        let answer = all
            .ask(&example.method, &path, token, &headers, &body)
            .await;
        assert!(
            answer.status.is_success(),
            "{} {path}: {}",
            example.method,
            answer.body
        );
        if answer.headers.contains_key("etag") {
            tag_now = tag(&answer);
        }
        count += 1;
    }
    assert!(count >= 12, "only {count} examples");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_version_keeps_when_its_object_was_created() {
    let all = Programs::new().await;
    let writes = all.token(&[Role::Editor], Scope::Write).await;
    let home = all.stage.node.home().id.to_string();
    let object = json!({ "type": "note", "content": "x", "object_refs": [home] });
    let sent = json!({ "object": object });
    let made = all
        .ask("POST", "/api/v1/records", &writes, &[], &sent)
        .await;
    let id = read(&made)["id"].as_str().unwrap().to_owned();
    let path = format!("/api/v1/records/{id}");
    let first = all.get(&path, &writes).await;
    let created = read(&first)["object"]["created"].clone();
    let mut changed = json!({ "object": object });
    changed["object"]["content"] = json!("y");
    let of = tag(&first);
    let put = all
        .ask("PUT", &path, &writes, &[("if-match", &of)], &changed)
        .await;
    assert_eq!(put.status, 200, "{}", put.body);
    let second = all.get(&path, &writes).await;
    assert_eq!(read(&second)["object"]["created"], created);
    assert_eq!(read(&second)["object"]["content"], json!("y"));
    // Another time is refused, where it stands; the same, otherwise written, is not another.
    changed["object"]["created"] = json!("2020-01-01T00:00:00.000Z");
    let of = tag(&second);
    let refused = all
        .ask("PUT", &path, &writes, &[("if-match", &of)], &changed)
        .await;
    assert_eq!(refused.status, 422);
    assert_eq!(read(&refused)["errors"][0]["pointer"], "/object/created");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_no_operation_takes_is_a_problem_that_the_document_has() {
    let all = Programs::new().await;
    let writes = all.token(&[Role::Editor], Scope::Write).await;
    let shown = format!("Bearer {writes}");
    let wrong = all
        .stage
        .send(
            "DELETE",
            "/api/v1/records",
            &[("authorization", &shown)],
            "",
        )
        .await;
    assert_eq!(
        (wrong.status.as_u16(), &wrong.headers["allow"]),
        (405, &"GET, POST".parse().unwrap())
    );
    assert_eq!(read(&wrong)["type"], "urn:entente:problem:no-such-method");
    let text = ("content-type", "text/plain");
    let wrong = all
        .stage
        .send(
            "POST",
            "/api/v1/records",
            &[("authorization", &shown), text],
            "x",
        )
        .await;
    assert_eq!(wrong.status, 415);
    for status in ["413", "415", "503"] {
        let create = &all.document["paths"]["/api/v1/records"]["post"]["responses"];
        assert!(create[status].is_object(), "{status}");
        assert!(
            include_str!("../../../../docs/api.md").contains(status),
            "{status}"
        );
    }
}
