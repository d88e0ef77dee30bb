//! Programs with tokens: every answer that they get is held against the document that the node serves.

use std::collections::BTreeSet;

use node::Actor;
use node::users::{NewToken, NewUser, Role, Scope};
use serde_json::Value;
use site::api::{examples, held};

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
    for example in examples(manual) {
        if example.path.contains("/dialogues/") || !example.path.starts_with("/api/") {
            continue;
        }
        let filled = |text: &str| {
            let text = text.replace("$RECORD", NOTE).replace("$PARTICIPANT", &home);
            text.replace("$ETAG", &tag_now)
        };
        let path = filled(&example.path);
        let token = if path.contains("/audit") {
            &audits
        } else {
            &decides
        };
        let headers = example.headers.iter();
        let headers: Vec<(String, String)> = headers
            .filter(|(name, _)| !matches!(name.as_str(), "authorization" | "content-type"))
            .map(|(name, value)| (name.clone(), filled(value)))
            .collect();
        let headers: Vec<(&str, &str)> = headers
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect();
        let body = match filled(&example.body) {
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
