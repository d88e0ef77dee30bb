//! Sessions by a program: entered, put off, held and called off, as on their page, under a condition and within its rights.

use dialogues::compose::{Batch, Label};
use dialogues::records::{NewPiece, Piece, Session};
use serde_json::{Value, json};
use stix::marking::TlpName;

use super::{Programs, made};

const BASE: &str = "/api/v1/dialogues/sessions";

impl Programs {
    fn last_tag(&self) -> String {
        self.tag.lock().unwrap().clone()
    }

    /// Says a session anew, on condition that it is as it was read last.
    async fn change(&self, id: &str, says: &Value) -> (u16, Value) {
        self.bench.later(60);
        let tag = self.last_tag();
        let condition = [("if-match", tag.as_str())];
        let way = format!("{BASE}/{id}");
        self.ask("PUT", &way, &condition, &says.to_string()).await
    }

    /// It is refused at a place of what was sent.
    async fn refused(&self, (method, way): (&str, &str), says: &Value, at: &str) {
        let tag = self.last_tag();
        let more = [("if-match", tag.as_str())];
        let more = if method == "PUT" { &more[..] } else { &[] };
        let (status, problem) = self.ask(method, way, more, &says.to_string()).await;
        assert_eq!(status, 422, "{says}: {problem}");
        assert_eq!(problem["errors"][0]["pointer"], at, "{says}: {problem}");
    }
}

/// Asks every operation; the session that stands then.
pub(super) async fn entered_and_changed(all: &Programs, series: &str) -> String {
    let before = all.get(BASE).await["items"].as_array().unwrap().len();
    let planned = json!({
        "series": series, "state": "planned", "ordinal": 7, "start": "2030-03", "place": "Brussels",
        "next": { "ordinal": 8, "date": "2031~" }
    });
    // What cannot be is told in the words of the page, with its place; and nothing of it is kept.
    let with = |field: &str, value: Value| {
        let mut says = planned.clone();
        says[field] = value;
        says
    };
    for (says, at) in [
        (with("state", json!("held")), "/state"),
        (with("state", json!("moved")), "/state"),
        (with("state", json!("perhaps")), "/state"),
        (with("start", json!("soon")), "/start"),
        (with("end", json!("2029")), "/end"),
        (with("ordinal", json!(0)), "/ordinal"),
        (with("next", json!({ "date": "later" })), "/next/date"),
        (
            with(
                "series",
                json!("dialogue--00000000-0000-4000-8000-00000000dead"),
            ),
            "/series",
        ),
    ] {
        all.refused(("POST", BASE), &says, at).await;
    }
    let leaves = with("label", json!({ "tlp": "GREEN" })).to_string();
    assert_eq!(all.ask("POST", BASE, &[], &leaves).await.0, 403);
    assert_eq!(
        all.get(BASE).await["items"].as_array().unwrap().len(),
        before
    );

    // Entered once, however often it is sent; a second of its number only where both are meant.
    let key = [("idempotency-key", "s-1")];
    let (status, stated) = all.ask("POST", BASE, &key, &planned.to_string()).await;
    assert_eq!(status, 201, "{stated}");
    let id = stated["id"].as_str().unwrap().to_owned();
    let again = all.ask("POST", BASE, &key, &planned.to_string()).await;
    assert_eq!(again, (201, stated));
    all.refused(("POST", BASE), &planned, "/ordinal").await;
    let both = with("beside", json!(id)).to_string();
    let (status, second) = all.ask("POST", BASE, &[], &both).await;
    assert_eq!(status, 201, "{second}");
    let way = format!("{BASE}/{id}");
    let said = |told: &Value, field: &str| told["says"][field].clone();
    let told = all.get(&way).await;
    assert_eq!(said(&told, "state"), "planned");
    assert_eq!(said(&told, "start"), "2030-03");
    assert_eq!(said(&told, "next")["ordinal"], 8);
    assert_eq!(told["tlp"], "AMBER+STRICT");

    // Put off: the day that stood stays beside it. Without a condition, or with an old one, nothing is changed.
    let moved =
        json!({ "state": "moved", "ordinal": 7, "start": "2030-06-30", "place": "Brussels" });
    let body = moved.to_string();
    assert_eq!(all.ask("PUT", &way, &[], &body).await.0, 428);
    let other = [("if-match", "\"other\"")];
    assert_eq!(all.ask("PUT", &way, &other, &body).await.0, 412);
    all.get(&way).await;
    let old = all.last_tag();
    let (status, done) = all.change(&id, &moved).await;
    assert_eq!(status, 200, "{done}");
    assert_ne!(
        all.last_tag(),
        old,
        "the answer has the tag of what stands now"
    );
    let late = [("if-match", old.as_str())];
    assert_eq!(all.ask("PUT", &way, &late, &body).await.0, 412);
    let told = all.get(&way).await;
    assert_eq!(said(&told, "start"), "2030-06-30");
    assert_eq!(said(&told, "dates")[0]["date"], "2030-03");
    assert_eq!(
        said(&told, "next"),
        Value::Null,
        "what is left out is taken out"
    );
    all.refused(("PUT", &way), &moved, "/start").await;
    let elsewhere = json!({ "state": "planned", "start": "2030", "series": series });
    all.refused(("PUT", &way), &elsewhere, "/series").await;

    // Held on another day, then called off after all.
    let held = json!({ "state": "held", "ordinal": 7, "start": "2026-01-15", "host": "KE" });
    assert_eq!(all.change(&id, &held).await.0, 200);
    let told = all.get(&way).await;
    assert_eq!(
        (said(&told, "state"), said(&told, "host")),
        (json!("held"), json!("KE"))
    );
    let off = json!({ "state": "cancelled", "ordinal": 7, "start": "2026-01-15" });
    assert_eq!(all.change(&id, &off).await.0, 200);
    assert_eq!(said(&all.get(&way).await, "state"), "cancelled");

    // What another wrote is for them to change; what is no session, or not there, is absent.
    let theirs = theirs(all, series).await;
    all.get(&format!("{BASE}/{theirs}")).await;
    assert_eq!(all.change(&theirs, &off).await.0, 409);
    for absent in [series, "session--00000000-0000-4000-8000-00000000dead"] {
        let way = format!("{BASE}/{absent}");
        assert_eq!(all.ask("GET", &way, &[], "").await.0, 404, "{absent}");
        assert_eq!(all.change(absent, &off).await.0, 404, "{absent}");
    }
    id
}

/// A session as somebody else wrote it.
async fn theirs(all: &Programs, series: &str) -> String {
    let node = &all.bench.node;
    let what: Session = made(json!({
        "dialogue_ref": series, "parties": ["KE"], "starts": "2025-03-01T00:00:00Z", "state": "held"
    }));
    let mut batch = Batch::new(node, None, Label::Ours);
    let piece = Piece {
        author: "identity--00000000-0000-4000-8000-0000000000bb"
            .parse()
            .unwrap(),
        ..batch.add(NewPiece::of(what)).unwrap()
    };
    let (desk, tlp) = (dialogues::DESK, TlpName::AmberStrict);
    all.bench.imported(desk, &piece, tlp).await;
    piece.id.to_string()
}
