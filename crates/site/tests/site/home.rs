//! The node's page from outside: who gets in, what it shows to whom, and that it loads nothing.

use axum::http::StatusCode;
use policy::Member;
use stix::ObjectId;

use crate::stage::Stage;

#[tokio::test(flavor = "multi_thread")]
async fn before_set_up_it_leads_there_and_shows_nothing() {
    let stage = Stage::new();
    let answer = stage.get("/", &[]).await;
    assert_eq!(answer.status, StatusCode::OK);
    assert!(answer.body.contains("href=\"/setup\"") && !answer.body.contains("Agency"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_works_once_and_its_cookie_is_the_way_in() {
    let stage = Stage::new();
    stage.node.complete_set_up().await.unwrap();
    assert_eq!(stage.get("/", &[]).await.status, StatusCode::UNAUTHORIZED);
    let link = stage.link(None).await;
    assert_eq!(
        stage.get("/enter?key=0", &[]).await.status,
        StatusCode::FORBIDDEN
    );
    // Looking at it uses nothing up, however often: a scanner of mail looks before the person does. The button does.
    for (language, said) in [
        ("en", "the button uses it up"),
        ("fr", "quand vous appuyez sur le bouton"),
    ] {
        let looked = stage.get(&format!("{link}&lang={language}"), &[]).await;
        assert_eq!(looked.status, StatusCode::OK);
        assert!(looked.body.contains(said) && looked.body.contains("action=\"/enter\""));
        let cookies = looked.headers.get_all("set-cookie").iter();
        let mut cookies = cookies.filter_map(|cookie| cookie.to_str().ok());
        assert!(cookies.all(|cookie| cookie.starts_with("lang=") || cookie.contains("lang")));
    }
    let foreign = stage
        .send(
            "POST",
            "/enter",
            &[
                ("sec-fetch-site", "cross-site"),
                ("content-type", "application/x-www-form-urlencoded"),
            ],
            &format!("secret-key={}", link.split("key=").nth(1).unwrap()),
        )
        .await;
    assert_eq!(foreign.status, StatusCode::FORBIDDEN);
    stage.enter_by(&link).await;
    assert_eq!(stage.get(&link, &[]).await.status, StatusCode::FORBIDDEN);
    let key = link.split("key=").nth(1).unwrap();
    let again = stage.post("/enter", "", &format!("secret-key={key}")).await;
    assert_eq!(again.status, StatusCode::FORBIDDEN);
    assert!(!again.headers.contains_key("set-cookie"));
    let cookie = stage.enter(None).await;
    let answer = stage
        .get("/", &[("cookie", &format!("a=b; {cookie}"))])
        .await;
    assert_eq!(answer.status, StatusCode::OK);
    let forged = format!("{}0", &cookie[..cookie.len() - 1]);
    let forged = if forged == cookie {
        format!("{cookie}1")
    } else {
        forged
    };
    assert_eq!(
        stage.get("/", &[("cookie", &forged)]).await.status,
        StatusCode::UNAUTHORIZED
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn red_is_for_whoever_it_names() {
    let stage = Stage::new();
    stage.node.complete_set_up().await.unwrap();
    let ana = stage
        .node
        .add_person("Ana", "desk", &stage.node.at_terminal("operator"))
        .await
        .unwrap();
    let ben = stage
        .node
        .add_person("Ben", "desk", &stage.node.at_terminal("operator"))
        .await
        .unwrap();
    let id = |text: &str| ObjectId::parse(text).unwrap();
    stage.note(1, "kingfisher", "AMBER+STRICT", vec![]);
    stage.note(2, "goldcrest", "RED", vec![Member::Person(id(&ana.id))]);
    for (person, sees_red, label) in [
        (None, false, "TLP:AMBER+STRICT"),
        (Some(id(&ben.id)), false, "TLP:AMBER+STRICT"),
        (Some(id(&ana.id)), true, "TLP:RED"),
    ] {
        let cookie = stage.enter(person.clone()).await;
        for language in ["en", "fr"] {
            let page = stage
                .get(&format!("/?lang={language}"), &[("cookie", &cookie)])
                .await
                .body;
            assert!(page.contains("kingfisher"));
            assert_eq!(page.contains("goldcrest"), sees_red, "{person:?}");
            let head = page.split("</header>").next().unwrap();
            assert!(
                head.contains(label),
                "the page takes the strictest label: {head}"
            );
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn it_loads_nothing_from_elsewhere_and_runs_nothing() {
    let stage = Stage::new();
    stage.node.complete_set_up().await.unwrap();
    stage.note(3, "<script>alert(1)</script> \\u202e", "AMBER", vec![]);
    let cookie = stage.enter(None).await;
    for path in [
        "/?lang=en",
        "/?lang=fr",
        "/assets/entente.css",
        "/enter?key=x",
    ] {
        let answer = stage.get(path, &[("cookie", &cookie)]).await;
        for (name, value) in [
            ("x-content-type-options", "nosniff"),
            ("referrer-policy", "no-referrer"),
            ("cross-origin-opener-policy", "same-origin"),
        ] {
            assert_eq!(answer.headers[name], value, "{path}");
        }
        let policy = answer.headers["content-security-policy"].to_str().unwrap();
        assert!(policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'"));
        assert!(!policy.contains("unsafe"));
        let hsts = answer.headers["strict-transport-security"]
            .to_str()
            .unwrap();
        assert!(hsts.contains("includeSubDomains"));
        // One script and one style sheet of our own; in the style sheet, faces of our own.
        let body = answer
            .body
            .replace("<script type=\"module\" src=\"/assets/", "")
            .replace("url(fonts/", "");
        for forbidden in [
            "<script", "style=", "<style", "src=", "url(", "@import", " on", "\u{202e}",
        ] {
            let inside_tag = |place: usize| {
                let before = &body[..place];
                before.rfind('<') > before.rfind('>')
            };
            let found = body
                .match_indices(forbidden)
                .any(|(place, _)| forbidden != " on" || inside_tag(place));
            let is_style = path == "/assets/entente.css";
            assert!(
                !found || is_style && forbidden == " on",
                "{forbidden:?} on {path}"
            );
        }
        for (place, _) in answer.body.match_indices("href=\"") {
            let to = &answer.body[place + 6..];
            assert!(to.starts_with(['/', '#', '?']), "{}", &to[..40]);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn it_speaks_the_readers_language() {
    let stage = Stage::new();
    stage.node.complete_set_up().await.unwrap();
    let cookie = stage.enter(None).await;
    for (path, accepted, code, word) in [
        ("/", "fr", "fr", "Dernières pièces"),
        ("/", "en", "en", "Latest records"),
        (
            "/?lang=fr",
            "en",
            "fr",
            "Aucune pièce n’attend de décision.",
        ),
    ] {
        let headers = [("cookie", cookie.as_str()), ("accept-language", accepted)];
        let answer = stage.get(path, &headers).await;
        assert_eq!(answer.headers["content-language"], code);
        assert!(
            answer.body.contains(&format!("<html lang=\"{code}\"")) && answer.body.contains(word)
        );
    }
    // What was chosen at the head of a page holds in this browser, before the account's; elsewhere the account's does.
    let kept = stage
        .post("/account/language", &cookie, "language=fr")
        .await;
    assert_eq!(kept.status, StatusCode::SEE_OTHER, "{}", kept.body);
    let language = async |cookies: &str| {
        let headers = [("cookie", cookies), ("accept-language", "en")];
        let answer = stage.get("/peers", &headers).await;
        answer.headers["content-language"]
            .to_str()
            .unwrap()
            .to_owned()
    };
    assert_eq!(language(&cookie).await, "fr");
    let chosen = stage.get("/?lang=en", &[("cookie", &cookie)]).await;
    let set = chosen.headers["set-cookie"].to_str().unwrap();
    let here = format!("{cookie}; {}", set.split(';').next().unwrap());
    assert_eq!(language(&here).await, "en");
    assert_eq!(language(&cookie).await, "fr");
}
