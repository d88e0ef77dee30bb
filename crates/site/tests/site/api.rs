//! The interface for programs: every operation of the document is asked, and every answer is held against it.

use std::collections::BTreeSet;

use axum::http::StatusCode;
use node::users::{Role, Scope};
use node::{Channel, Submission};
use serde_json::{Value, json};
use site::api::{breaks, held};

use crate::programs::{NOTE, Programs, read, tag};

fn note(text: &str) -> Value {
    json!({ "object": { "type": "note", "content": text, "object_refs": [NOTE] } })
}

#[tokio::test(flavor = "multi_thread")]
async fn every_operation_answers_as_the_document_says() {
    let all = Programs::new().await;
    let (node, home) = (&all.stage.node, all.stage.node.home().id.clone());
    assert_eq!(all.stage.site.astray(), Vec::<String>::new());
    let every: Vec<Role> = Role::ALL.to_vec();
    let reads = all.token(&every, Scope::Read).await;
    let writes = all.token(&every, Scope::Write).await;
    let decides = all.token(&every, Scope::Decide).await;
    let audits = all.token(&every, Scope::Audit).await;
    let described = read(&all.get("/api/v1/openapi.json", "").await);
    assert_eq!(described, all.document);
    assert_eq!(described["openapi"], "3.1.0");

    let me = read(&all.get("/api/v1/me", &writes).await);
    assert_eq!(
        (&me["scope"], &me["rights"]),
        (&json!("write"), &json!(["read", "write"]))
    );
    node.index().unwrap();
    let found = read(&all.get("/api/v1/search?q=ministry+river", &reads).await);
    assert_eq!(found["items"][0]["id"], NOTE, "{found}");
    let lines = read(
        &all.get("/api/v1/records?collection=dialogues&limit=1", &reads)
            .await,
    );
    assert_eq!(lines["items"].as_array().unwrap().len(), 1);
    all.get("/api/v1/records", &reads).await;
    assert_eq!(
        all.get("/api/v1/records?collection=none", &reads)
            .await
            .status,
        404
    );
    assert_eq!(all.get("/api/v1/records?limit=0", &reads).await.status, 400);
    assert_eq!(
        all.get("/api/v1/records?collection=dialogues&cursor=x", &reads)
            .await
            .status,
        400
    );
    assert_eq!(all.get("/api/v1/search", &reads).await.status, 400);
    let path = format!("/api/v1/records/{NOTE}");
    let shown = all.get(&path, &reads).await;
    assert_eq!(
        read(&shown)["object"]["content"],
        "What the ministry said about the river"
    );
    let same = all
        .ask(
            "GET",
            &path,
            &reads,
            &[("if-none-match", &tag(&shown))],
            &Value::Null,
        )
        .await;
    assert_eq!(
        (same.status, same.body.as_str()),
        (StatusCode::NOT_MODIFIED, "")
    );
    assert_eq!(
        read(&all.get(&format!("{path}/versions"), &reads).await)
            .as_array()
            .unwrap()
            .len(),
        1
    );
    let why = read(
        &all.get(&format!("{path}/release?participant={home}"), &reads)
            .await,
    );
    assert_eq!(why["granted"], true);
    assert_eq!(
        all.get(&format!("{path}/release"), &reads).await.status,
        400
    );

    // Written once, whatever is sent twice.
    let once = [("idempotency-key", "k-1")];
    let made = all
        .ask("POST", "/api/v1/records", &writes, &once, &note("first"))
        .await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.body);
    let place = made.headers["location"].to_str().unwrap().to_owned();
    let again = all
        .ask("POST", "/api/v1/records", &writes, &once, &note("first"))
        .await;
    assert_eq!((again.status, &again.body), (made.status, &made.body));
    assert_eq!(again.headers["location"], place.as_str());
    let other = all
        .ask("POST", "/api/v1/records", &writes, &once, &note("second"))
        .await;
    assert_eq!(read(&other)["type"], "urn:entente:problem:key-used");
    let size = node.log_size().unwrap();
    all.ask("POST", "/api/v1/records", &writes, &once, &note("first"))
        .await;
    assert_eq!(node.log_size().unwrap(), size);

    // A new version takes the tag of the one that it changes.
    let first = all.get(&place, &reads).await;
    let mut object = read(&first)["object"].clone();
    object["content"] = json!("changed");
    object["modified"] = json!("2099-01-01T00:00:00.000Z");
    let bad = json!({ "object": object });
    let blind = all.ask("PUT", &place, &writes, &[], &bad).await;
    assert_eq!(blind.status, StatusCode::PRECONDITION_REQUIRED);
    let late = all
        .ask("PUT", &place, &writes, &[("if-match", "\"other\"")], &bad)
        .await;
    assert_eq!(late.status, StatusCode::PRECONDITION_FAILED);
    let far = all
        .ask("PUT", &place, &writes, &[("if-match", &tag(&first))], &bad)
        .await;
    assert_eq!(
        far.status,
        StatusCode::UNPROCESSABLE_ENTITY,
        "a time far ahead: {}",
        far.body
    );
    object.as_object_mut().unwrap().remove("modified");
    let good = json!({ "object": object });
    let put = all
        .ask("PUT", &place, &writes, &[("if-match", &tag(&first))], &good)
        .await;
    assert_eq!(put.status, StatusCode::OK, "{}", put.body);
    let now = all.get(&place, &reads).await;
    assert_eq!(tag(&now), tag(&put));
    assert_eq!(read(&now)["object"]["content"], "changed");
    let stale = all
        .ask("PUT", &place, &writes, &[("if-match", &tag(&first))], &good)
        .await;
    assert_eq!(stale.status, StatusCode::PRECONDITION_FAILED);
    let bytes = json!({ "object": read(&now)["object"] });
    assert_eq!(
        all.ask("PUT", &place, &writes, &[], &bytes).await.status,
        StatusCode::OK,
        "the same again"
    );
    let gone = all
        .ask(
            "POST",
            &format!("{place}/withdraw"),
            &writes,
            &[("if-match", &tag(&now))],
            &Value::Null,
        )
        .await;
    assert_eq!(gone.status, StatusCode::OK, "{}", gone.body);
    assert_eq!(read(&all.get(&place, &reads).await)["revoked"], true);
    let own = format!(
        "/api/v1/records/note--{}",
        "00000000-0000-4000-8000-0000000000aa"
    );
    let new = all
        .ask(
            "PUT",
            &own,
            &writes,
            &[("if-none-match", "*")],
            &note("by name"),
        )
        .await;
    assert_eq!(new.status, StatusCode::CREATED, "{}", new.body);
    let there = all
        .ask(
            "PUT",
            &own,
            &writes,
            &[("if-none-match", "*")],
            &note("again"),
        )
        .await;
    assert_eq!(there.status, StatusCode::PRECONDITION_FAILED);
    for (body, pointer) in [
        (
            json!({ "object": { "type": "note", "created_by_ref": "identity--00000000-0000-4000-8000-000000000009" } }),
            "/object/created_by_ref",
        ),
        (json!({ "object": { "type": "No Type" } }), "/object/type"),
        (json!({ "object": [] }), "/object"),
        (
            json!({ "object": { "type": "note" }, "label": { "tlp": "PINK" } }),
            "/label",
        ),
        (
            json!({ "object": { "type": "note" }, "collection": "none" }),
            "/collection",
        ),
    ] {
        let wrong = all
            .ask("POST", "/api/v1/records", &writes, &[], &body)
            .await;
        assert_eq!(
            wrong.status,
            StatusCode::UNPROCESSABLE_ENTITY,
            "{pointer}: {}",
            wrong.body
        );
        assert_eq!(read(&wrong)["errors"][0]["pointer"], pointer);
    }
    let typo = all
        .ask(
            "POST",
            "/api/v1/records",
            &writes,
            &[],
            &json!({ "objct": {} }),
        )
        .await;
    assert_eq!(typo.status, StatusCode::BAD_REQUEST);
    // A token lets nobody else have anything; a publication waits for a second person.
    let mut leaves = note("for others");
    leaves["label"] = json!({ "tlp": "GREEN" });
    let refused = all
        .ask("POST", "/api/v1/records", &writes, &[], &leaves)
        .await;
    assert_eq!(read(&refused)["type"], "urn:entente:problem:release");
    leaves["label"] = json!({ "tlp": "CLEAR" });
    let asked = all
        .ask("POST", "/api/v1/records", &writes, &[], &leaves)
        .await;
    let asked = read(&asked);
    assert_eq!(
        (&asked["outcome"], &asked["case"]),
        (&json!("accepted"), &json!(1))
    );

    for path in [
        "collections",
        "peers",
        "circles",
        "log",
        "log/checkpoint",
        "health",
    ] {
        let answer = all.get(&format!("/api/v1/{path}"), &reads).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.body);
    }
    let proof = read(
        &all.get(&format!("/api/v1/log/proof?record={NOTE}"), &reads)
            .await,
    );
    assert_eq!(
        proof["leaf"]
            .as_u64()
            .map(|leaf| leaf < proof["size"].as_u64().unwrap()),
        Some(true)
    );
    assert!(proof["checkpoint"].as_str().unwrap().contains("\u{2014} "));
    let lines = read(&all.get("/api/v1/audit?limit=2", &audits).await);
    let next = lines["next"].as_str().unwrap();
    all.get(&format!("/api/v1/audit?limit=2&cursor={next}"), &audits)
        .await;

    // What awaits, what is to be published, what is in quarantine.
    let stranger = "identity--00000000-0000-4000-8000-0000000000f1";
    let waits = format!(
        r#"{{"type":"note","spec_version":"2.1","id":"note--00000000-0000-4000-8000-0000000000b1","created":"2026-11-01T00:00:00.000Z","modified":"2026-11-01T00:00:00.000Z","created_by_ref":"{home}","content":"x","object_refs":["{stranger}"]}}"#
    );
    let broken = r#"{"type":"note","id":"note--1"}"#;
    let bytes = format!("{waits}\n{broken}");
    let receipt = node.accept(Submission {
        objects: vec![0..waits.len(), waits.len() + 1..bytes.len()],
        bytes: bytes.into(),
        channel: Channel::Access("feed".to_owned()),
        submitter: stranger.parse().unwrap(),
        person: None,
        collection: "situation".to_owned(),
        marking: node::submission::Marking::default(),
    });
    let receipt = receipt.unwrap().await.unwrap();
    assert_eq!(
        (receipt.awaiting(), receipt.refusals()),
        (1, 1),
        "{receipt:?}"
    );
    let waiting = read(&all.get("/api/v1/awaiting", &reads).await);
    let number = &waiting["items"][0]["number"];
    let path = format!("/api/v1/awaiting/{number}");
    let decision = json!({ "decision": "discard" });
    assert_eq!(
        all.ask("POST", &path, &writes, &[], &decision).await.status,
        StatusCode::FORBIDDEN
    );
    let wrong = all
        .ask(
            "POST",
            &path,
            &decides,
            &[],
            &json!({ "decision": "perhaps" }),
        )
        .await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    let key = [("idempotency-key", "d-1")];
    let decided = all.ask("POST", &path, &decides, &key, &decision).await;
    assert_eq!(read(&decided)["outcome"], "discarded");
    assert_eq!(
        all.ask("POST", &path, &decides, &key, &decision).await.body,
        decided.body
    );
    assert_eq!(
        all.ask("POST", &path, &decides, &[], &decision)
            .await
            .status,
        StatusCode::CONFLICT
    );
    let held = read(&all.get("/api/v1/quarantine", &reads).await);
    let path = format!("/api/v1/quarantine/{}", held["items"][0]["number"]);
    let discarded = all.ask("DELETE", &path, &decides, &[], &Value::Null).await;
    assert_eq!(discarded.status, StatusCode::NO_CONTENT);
    assert_eq!(
        all.ask("DELETE", &path, &decides, &[], &Value::Null)
            .await
            .status,
        StatusCode::NOT_FOUND
    );
    let cases = read(&all.get("/api/v1/clearance", &reads).await);
    let steps = cases[0]["steps"].as_array().unwrap();
    let signature = steps.iter().position(|step| step["kind"] == "signature");
    let case = format!("/api/v1/clearance/{}", cases[0]["number"]);
    let sign = format!("{case}/sign/{}", signature.unwrap());
    let withdraw = format!("{case}/withdraw");
    assert_eq!(read(&all.get(&case, &reads).await), cases[0]);
    let given = json!({ "verdict": "given" });
    for path in [&sign, &withdraw] {
        let program = all.ask("POST", path, &decides, &[], &given).await;
        assert_eq!(
            program.status,
            StatusCode::FORBIDDEN,
            "a token releases nothing"
        );
    }
    let cookie = all.stage.enter(None).await;
    let person = [
        ("cookie", cookie.as_str()),
        ("sec-fetch-site", "same-origin"),
    ];
    let visa = format!("{case}/visa/{}", signature.unwrap());
    let no_visa = all.ask("POST", &visa, "", &person, &given).await;
    assert_eq!(no_visa.status, StatusCode::NOT_FOUND, "it is a signature");
    let unread = all.ask("POST", &sign, "", &person, &Value::Null).await;
    assert_eq!(
        unread.status,
        StatusCode::BAD_REQUEST,
        "nothing is signed by the way"
    );
    let read = json!({ "verdict": "given", "seen": cases[0]["seen"] });
    let signed = all.ask("POST", &sign, "", &person, &read).await;
    assert_eq!(signed.status, StatusCode::OK, "{}", signed.body);
    let again = all.ask("POST", &sign, "", &person, &given).await;
    assert_eq!(again.status, StatusCode::CONFLICT, "{}", again.body);
    let back = all.ask("POST", &withdraw, "", &person, &Value::Null).await;
    assert_eq!(back.status, StatusCode::NO_CONTENT, "{}", back.body);

    // Every operation was seen to answer.
    let paths = all.document["paths"].as_object().unwrap();
    let stated: BTreeSet<String> = paths
        .values()
        .flat_map(|path| path.as_object().unwrap().values())
        .map(|one| one["operationId"].as_str().unwrap().to_owned())
        .collect();
    // A visa takes a case that has a step for one: `clearance::programs` holds it against the document.
    let seen_elsewhere = BTreeSet::from(["visa".to_owned()]);
    let seen: BTreeSet<String> = &*all.seen.lock().unwrap() | &seen_elsewhere;
    assert_eq!(seen, stated);
    println!("{} operations held against the document", stated.len());
}

#[tokio::test(flavor = "multi_thread")]
async fn who_may_not_is_told_the_same_whatever_is_there() {
    const RED: &str = "note--00000000-0000-4000-8000-000000000002";
    let all = Programs::new().await;
    all.stage.note(2, "A word in red", "RED", Vec::new());
    all.stage.node.index().unwrap();
    let reads = all.token(&[Role::Reader], Scope::Read).await;
    let feeds = all.token(&[Role::Reader], Scope::Feed).await;
    // Hidden and absent are one answer, byte for byte.
    let hidden = all.get(&format!("/api/v1/records/{RED}"), &reads).await;
    assert_eq!(hidden.status, StatusCode::NOT_FOUND);
    for path in [
        "/api/v1/records/note--00000000-0000-4000-8000-0000000000ff".to_owned(),
        "/api/v1/records/nonsense".to_owned(),
        format!("/api/v1/records/{RED}/versions"),
        format!("/api/v1/records/{RED}/release?participant=nobody"),
        format!("/api/v1/log/proof?record={RED}"),
    ] {
        let absent = all.get(&path, &reads).await;
        assert_eq!(
            (absent.status, &absent.body),
            (hidden.status, &hidden.body),
            "{path}"
        );
    }
    for path in [
        "/api/v1/records",
        "/api/v1/records?collection=dialogues",
        "/api/v1/search?q=word",
    ] {
        let listed = all.get(path, &reads).await;
        assert!(
            !listed.body.contains(RED) && !listed.body.contains("in red"),
            "{path}"
        );
        assert_eq!(read(&listed)["next"], Value::Null);
    }
    // Every address asks for a token; one that is none, or for feeds, or a cookie's secret, is none.
    let cookie = all.stage.enter(None).await;
    let secret = cookie.split('=').nth(1).unwrap().to_owned();
    let mut asked = 0;
    for route in all.stage.site.routes() {
        if !route.path.starts_with("/api/") || route.who == site::Who::Everyone {
            continue;
        }
        let path = route
            .path
            .replace("{id}", NOTE)
            .replace("{number}", "1")
            .replace("{step}", "0");
        for token in ["", "entente_p_none", &feeds, &secret] {
            let answer = all
                .ask(route.method.as_str(), &path, token, &[], &Value::Null)
                .await;
            assert_eq!(
                answer.status,
                StatusCode::UNAUTHORIZED,
                "{} {path}",
                route.method
            );
            assert_eq!(answer.headers["www-authenticate"], "Bearer");
            asked += 1;
        }
        // A reader's token changes nothing, whatever it asks.
        if !route.method.is_safe() {
            let answer = all
                .ask(route.method.as_str(), &path, &reads, &[], &Value::Null)
                .await;
            assert_eq!(
                answer.status,
                StatusCode::FORBIDDEN,
                "{} {path}",
                route.method
            );
        }
    }
    println!("{asked} requests without a token that opens");
    // A token opens no page; what is shown in an address opens nothing here.
    let shown = format!("Bearer {reads}");
    let page = all
        .stage
        .get("/records", &[("authorization", &shown)])
        .await;
    assert_eq!(page.status, StatusCode::UNAUTHORIZED);
    let listed = all.get(&format!("/api/v1/records?token={reads}"), "").await;
    assert_eq!(listed.status, StatusCode::UNAUTHORIZED);
    let auditor = all.token(&[Role::Auditor], Scope::Audit).await;
    assert_eq!(
        all.get("/api/v1/audit", &auditor).await.status,
        StatusCode::OK
    );
    assert_eq!(
        all.get("/api/v1/audit", &reads).await.status,
        StatusCode::FORBIDDEN
    );
    let french = all
        .stage
        .get("/api/v1/me", &[("accept-language", "fr")])
        .await;
    assert!(french.body.contains("Aucun jeton"));
}

#[test]
fn an_answer_that_breaks_its_schema_is_caught() {
    let document = json!({ "components": { "schemas": { "Line": {
        "type": "object", "required": ["id"], "additionalProperties": false,
        "properties": { "id": { "type": "string", "minLength": 1 }, "at": { "type": ["string", "null"], "format": "date-time" }, "n": { "type": "integer", "minimum": 0 } }
    } } } });
    let schema = json!({ "type": "array", "items": { "$ref": "#/components/schemas/Line" } });
    for (value, count) in [
        (json!([{ "id": "x", "at": null, "n": 1 }]), 0),
        (json!([{ "id": "x", "at": "2026-01-01T00:00:00Z" }]), 0),
        (json!({}), 1),
        (json!([{}]), 1),
        (json!([{ "id": 1 }]), 1),
        (json!([{ "id": "" }]), 1),
        (json!([{ "id": "x", "other": 1 }]), 1),
        (json!([{ "id": "x", "at": "yesterday" }]), 1),
        (json!([{ "id": "x", "n": -1 }]), 1),
    ] {
        let mut found = Vec::new();
        breaks(&document, &value, &schema, "", &mut found);
        assert_eq!(found.len(), count, "{value}: {found:?}");
    }
    let mut found = Vec::new();
    breaks(
        &document,
        &json!(1),
        &json!({ "exclusiveMaximum": 0 }),
        "",
        &mut found,
    );
    assert_eq!(found.len(), 1, "a keyword that is not known");
    assert!(held(&json!({ "paths": {} }), ("GET", "/x"), (200, "", "")).is_err());
}
