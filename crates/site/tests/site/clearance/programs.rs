//! Visas and signatures through the interface for programs: the same rules as on the pages, and every answer as the document says.

use axum::http::StatusCode;
use node::clearance::StepKind;
use node::users::{NewToken, Role, Scope};
use policy::{Member, Tlp};
use serde_json::{Value, json};
use site::api::held;

use super::house::{House, Person, secret};

impl House {
    async fn token(&self, of: &Person, scope: Scope) -> String {
        let node = &self.stage.node;
        let actor = node.actor(secret(of)).unwrap().unwrap();
        let new = NewToken {
            name: format!("{scope:?}"),
            scope,
            days: 30,
        };
        node.add_token(new, &actor).await.unwrap().to_string()
    }

    /// Asks as a program with a token, or as a person's browser; the answer is held against the document.
    async fn program(
        &self,
        shown: (&str, &str),
        method: &str,
        path: &str,
        body: &Value,
    ) -> (StatusCode, Value) {
        let headers = [
            shown,
            ("sec-fetch-site", "same-origin"),
            ("accept-language", "en"),
            ("content-type", "application/json"),
        ];
        let text = if body.is_null() {
            String::new()
        } else {
            body.to_string()
        };
        let answer = self.stage.send(method, path, &headers, &text).await;
        let media = answer.headers["content-type"].to_str().unwrap();
        let fits = held(
            self.stage.site.described(),
            (method, path),
            (answer.status.as_u16(), media, &answer.body),
        );
        assert!(fits.is_ok(), "{method} {path}: {fits:?} {}", answer.body);
        let value = serde_json::from_str(&answer.body).unwrap_or(Value::Null);
        (answer.status, value)
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_program_gives_a_visa_for_its_owner_and_signs_for_nobody() {
    let house = House::new().await;
    let ana = house.person("Ana Sund", &[Role::Editor]).await;
    let lena = house.person("Lena Korvin", &[Role::Reader]).await;
    let olav = house.person("Olav Brekke", &[Role::Editor]).await;
    let mina = house.person("Mina Solvang", &[Role::Releaser]).await;
    house
        .define(&[
            ("legal", StepKind::Visa, &lena),
            ("political", StepKind::Visa, &olav),
            ("director", StepKind::Signature, &mina),
        ])
        .await;
    house
        .write(
            &ana,
            Tlp::Amber,
            &[Member::Participant(house.kestria.clone())],
        )
        .await;
    let bearer = async |of: &Person, scope| format!("Bearer {}", house.token(of, scope).await);
    let olav_reads = bearer(&olav, Scope::Read).await;
    let olav_writes = bearer(&olav, Scope::Write).await;
    let olav_decides = bearer(&olav, Scope::Decide).await;
    let mina_decides = bearer(&mina, Scope::Decide).await;
    let by = |token: &str| -> (&'static str, String) { ("authorization", token.to_owned()) };
    let ask =
        async |(name, value): (&'static str, String), method: &str, path: &str, body: Value| {
            house.program((name, &value), method, path, &body).await
        };
    let (status, cases) = ask(by(&olav_reads), "GET", "/api/v1/clearance", Value::Null).await;
    assert_eq!(status, StatusCode::OK);
    let number = &cases[0]["number"];
    let case = format!("/api/v1/clearance/{number}");
    let (_, stands) = ask(by(&olav_reads), "GET", &case, Value::Null).await;
    assert_eq!(stands, cases[0]);
    let (legal, political, director) = (
        format!("{case}/visa/0"),
        format!("{case}/visa/1"),
        format!("{case}/sign/2"),
    );
    let given = json!({ "verdict": "given", "seen": stands["seen"] });

    // Not within the token; not for the caller; not of this kind; without words; not what is a verdict.
    for (token, path, body, expected) in [
        (&olav_reads, &political, &given, 403),
        (&olav_writes, &political, &given, 403),
        (&mina_decides, &director, &given, 403),
        (&olav_decides, &legal, &given, 409),
        (&olav_decides, &format!("{case}/visa/2"), &given, 404),
        (&olav_decides, &format!("{case}/visa/9"), &given, 404),
        (&olav_decides, &format!("{case}0/visa/1"), &given, 404),
        (
            &olav_decides,
            &political,
            &json!({ "verdict": "reserved", "seen": stands["seen"] }),
            422,
        ),
        // What nobody read gets no step.
        (
            &olav_decides,
            &political,
            &json!({ "verdict": "given" }),
            422,
        ),
        (
            &olav_decides,
            &political,
            &json!({ "verdict": "perhaps" }),
            422,
        ),
        (
            &olav_decides,
            &political,
            &json!({ "verdict": "given", "as": "Lena" }),
            400,
        ),
        (
            &olav_decides,
            &political,
            &json!({ "verdict": "given", "seen": 0 }),
            409,
        ),
    ] {
        let (status, problem) = ask(by(token), "POST", path, body.clone()).await;
        assert_eq!(status.as_u16(), expected, "{path} {body}: {problem}");
    }
    let (_, same) = ask(by(&olav_reads), "GET", &case, Value::Null).await;
    assert_eq!(same, stands, "what was refused has left nothing");

    let reserved = json!({ "verdict": "reserved", "words": "As long as the river is meant.", "seen": stands["seen"] });
    let (status, after) = ask(by(&olav_decides), "POST", &political, reserved).await;
    assert_eq!(status, StatusCode::OK, "{after}");
    assert_eq!(after["steps"][1]["given_by"], olav.id.as_str());
    let (status, _) = ask(
        by(&olav_decides),
        "POST",
        &political,
        json!({ "verdict": "given" }),
    )
    .await;
    assert_eq!(status, StatusCode::CONFLICT, "once");
    // In person, through the same door: the visa that is missing, then the signature.
    let person = |of: &Person| ("cookie", of.cookie.clone());
    let (status, early) = ask(
        person(&mina),
        "POST",
        &director,
        json!({ "verdict": "given" }),
    )
    .await;
    assert_eq!(status, StatusCode::CONFLICT, "{early}");
    assert!(!house.kestria_has_it());
    let read = json!({ "verdict": "given", "seen": after["seen"] });
    let (status, with_visas) = ask(person(&lena), "POST", &legal, read).await;
    assert_eq!(status, StatusCode::OK);
    // What joined meanwhile, or anything else, is read first: nobody signs unseen.
    let unread = json!({ "verdict": "given" });
    let (status, problem) = ask(person(&mina), "POST", &director, unread).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{problem}");
    assert!(!house.kestria_has_it());
    let (status, signed) = ask(
        person(&mina),
        "POST",
        &director,
        json!({ "verdict": "given", "seen": with_visas["seen"] }),
    )
    .await;
    assert_eq!(
        (status, &signed["state"]),
        (StatusCode::OK, &json!("released")),
        "{signed}"
    );
    assert!(house.kestria_has_it());
    // The page tells what the program said, and for whom.
    for (language, said) in [
        ("en", "As long as the river is meant."),
        ("fr", "As long as the river is meant."),
    ] {
        let page = house
            .get_in(&ana, &format!("/clearance/cases/{number}"), language)
            .await;
        assert!(
            page.contains(said) && page.contains("Olav Brekke"),
            "{page}"
        );
    }
}
