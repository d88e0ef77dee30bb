//! Feeds: whoever reads them sees what their pages show, by session or by a token in the address; a token that is over is none.

use axum::http::StatusCode;
use node::users::{Role, Scope};
use serde_json::Value;
use site::{Kind, Who};

use crate::programs::{NOTE, Programs};
use crate::stage::Answer;

/// Whether every mark of a text in XML is closed in order; the marks that there are.
fn marks(text: &str) -> Vec<String> {
    let (mut open, mut all) = (Vec::new(), Vec::new());
    assert!(text.starts_with("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n"));
    for part in text.split('<').skip(2) {
        let (mark, rest) = part.split_once('>').unwrap_or_else(|| panic!("{part}"));
        assert!(!rest.contains('>') || rest.contains("&gt;"), "{part}");
        let bare = rest
            .replace("&amp;", "")
            .replace("&lt;", "")
            .replace("&gt;", "")
            .replace("&quot;", "");
        assert!(!bare.contains('&'), "{part}");
        let name = mark
            .split([' ', '/'])
            .find(|word| !word.is_empty())
            .unwrap()
            .to_owned();
        if mark.starts_with('/') {
            assert_eq!(open.pop(), Some(name));
        } else if !mark.ends_with('/') {
            all.push(name.clone());
            open.push(name);
        }
    }
    assert_eq!(open, Vec::<String>::new());
    all
}

async fn get(all: &Programs, path: &str) -> Answer {
    let headers = [("host", "node.test"), ("accept-language", "en")];
    all.stage.get(path, &headers).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_in_the_address_opens_feeds_and_nothing_else() {
    const RED: &str = "note--00000000-0000-4000-8000-000000000002";
    let all = Programs::new().await;
    all.stage.note(2, "The river in red", "RED", Vec::new());
    all.stage
        .note(3, "River & <sea> \u{202e}", "CLEAR", Vec::new());
    all.stage.node.index().unwrap();
    let every: Vec<Role> = Role::ALL.to_vec();
    let feeds = all.token(&every, Scope::Feed).await;
    let reads = all.token(&every, Scope::Read).await;
    let mut asked = 0;
    for route in all
        .stage
        .site
        .routes()
        .iter()
        .filter(|route| route.kind == Kind::Feed)
    {
        if route.who == Who::Everyone {
            continue;
        }
        let path = route.path.replace("{id}", NOTE);
        for token in ["", "entente_p_none", &reads] {
            let refused = get(&all, &format!("{path}?token={token}")).await;
            assert_eq!(refused.status, StatusCode::UNAUTHORIZED, "{path}");
        }
        let opened = get(&all, &format!("{path}?q=river&token={feeds}")).await;
        // A file to take along is no feed.
        if !path.rsplit('/').next().unwrap().contains('.') {
            assert_eq!(opened.status, StatusCode::UNAUTHORIZED, "{path}");
            continue;
        }
        let told = [StatusCode::OK, StatusCode::NOT_FOUND, StatusCode::FORBIDDEN];
        assert!(told.contains(&opened.status), "{path}: {}", opened.status);
        assert!(!opened.body.contains(&feeds), "{path} tells its token");
        assert!(
            !opened.body.contains(RED) && !opened.body.contains("in red"),
            "{path}"
        );
        asked += 1;
    }
    println!("{asked} feeds");
    let page = get(&all, &format!("/records?token={feeds}")).await;
    assert_eq!(page.status, StatusCode::UNAUTHORIZED, "no page");

    let found = get(&all, &format!("/search.atom?q=river&token={feeds}")).await;
    assert_eq!(found.headers["content-type"], "application/atom+xml");
    let names = marks(&found.body);
    assert_eq!(
        names.iter().filter(|name| *name == "entry").count(),
        2,
        "{}",
        found.body
    );
    assert!(found.body.contains("<category term=\"TLP:AMBER+STRICT\"/>"));
    assert!(
        found
            .body
            .contains("<id>http://node.test/search.atom?q=river</id>")
    );
    assert!(found.body.contains("River &amp; &lt;sea&gt;") && !found.body.contains('\u{202e}'));
    let json = get(&all, &format!("/search.json?q=river&token={feeds}")).await;
    let json: Value = serde_json::from_str(&json.body).unwrap();
    assert_eq!(json["version"], "https://jsonfeed.org/version/1.1");
    assert_eq!(json["items"].as_array().unwrap().len(), 2);
    assert_eq!(json["_entente"]["label"], "TLP:AMBER+STRICT");
    for item in json["items"].as_array().unwrap() {
        assert!(
            item["url"]
                .as_str()
                .unwrap()
                .starts_with("http://node.test/records/note--")
        );
        assert!(item["id"].is_string() && item["date_modified"].is_string());
    }
    // One record's history; a hidden one is as absent as one that never was.
    let history = get(&all, &format!("/records/{NOTE}/history.atom?token={feeds}")).await;
    assert_eq!(
        marks(&history.body)
            .iter()
            .filter(|name| *name == "entry")
            .count(),
        1
    );
    let hidden = get(&all, &format!("/records/{RED}/history.json?token={feeds}")).await;
    let never = RED.replace("02", "ff");
    let absent = get(
        &all,
        &format!("/records/{never}/history.json?token={feeds}"),
    )
    .await;
    assert_eq!(
        (hidden.status, absent.status),
        (StatusCode::NOT_FOUND, StatusCode::NOT_FOUND)
    );
    // What awaits: the case that the clear note waits in, for somebody who signs.
    let needs = get(&all, &format!("/needs.atom?token={feeds}")).await;
    assert!(
        marks(&needs.body).contains(&"entry".to_owned()),
        "{}",
        needs.body
    );
    assert!(needs.body.contains("/clearance/cases/"), "{}", needs.body);
    // Everybody's feed: nothing that is not public yet.
    for path in ["/public/feed.atom", "/public/feed.json"] {
        let public = get(&all, path).await;
        assert_eq!(public.status, StatusCode::OK);
        assert!(
            !public.body.contains("river") && !public.body.contains("River"),
            "{}",
            public.body
        );
    }
    // Revoked, it is over at once.
    let operator = all.stage.node.at_terminal("tests");
    let users = all.stage.node.users(&operator).unwrap();
    for user in &users {
        for token in all.stage.node.tokens(&user.person, &operator).unwrap() {
            all.stage
                .node
                .revoke_token(token.number, &operator)
                .await
                .unwrap();
        }
    }
    let over = get(&all, &format!("/search.atom?q=river&token={feeds}")).await;
    assert_eq!(over.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_account_page_gives_the_addresses_to_follow() {
    let all = Programs::new().await;
    let cookie = all.stage.enter(None).await;
    let made = all
        .stage
        .post("/account/tokens", &cookie, "name=reader&scope=feed&days=30")
        .await;
    assert_eq!(made.status, StatusCode::OK, "{}", made.body);
    assert!(
        made.body.contains("/needs.atom?token=entente_p_"),
        "{}",
        made.body
    );
    let later = all.stage.get("/account", &[("cookie", &cookie)]).await;
    assert!(later.body.contains("/needs.atom<") && !later.body.contains("entente_p_"));
}
