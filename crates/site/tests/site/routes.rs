//! Every address, as the site lists them: headers, who may come, other sites' forms, and what is not there.

use axum::http::StatusCode;
use site::{Kind, Who};

use crate::stage::Stage;

/// A path with something in the place of each parameter.
fn filled(path: &str) -> String {
    path.split('/')
        .map(|part| if part.starts_with('{') { "x" } else { part })
        .collect::<Vec<_>>()
        .join("/")
}

#[tokio::test(flavor = "multi_thread")]
async fn every_address_has_the_headers_and_lets_nobody_in_unasked() {
    let stage = Stage::design().await;
    assert!(stage.site.routes().len() > 8);
    for route in stage.site.routes() {
        let path = filled(route.path);
        let answer = stage.send(route.method.as_str(), &path, &[], "").await;
        let policy = answer.headers["content-security-policy"].to_str().unwrap();
        assert!(
            policy.starts_with("default-src 'none'") && !policy.contains("unsafe"),
            "{path}"
        );
        for (name, value) in [
            ("x-content-type-options", "nosniff"),
            ("referrer-policy", "no-referrer"),
            ("cross-origin-opener-policy", "same-origin"),
        ] {
            assert_eq!(answer.headers[name], value, "{path}");
        }
        let cache = answer.headers["cache-control"].to_str().unwrap();
        assert_eq!(
            cache == "no-store",
            route.kind != Kind::Asset || answer.status != StatusCode::OK,
            "{path}"
        );
        if route.who != Who::Everyone {
            assert_eq!(
                answer.status,
                StatusCode::UNAUTHORIZED,
                "{} {path}",
                route.method
            );
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_form_of_another_site_is_taken() {
    let stage = Stage::design().await;
    let cookie = stage.enter(None).await;
    let forms = stage
        .site
        .routes()
        .iter()
        .filter(|route| !route.method.is_safe());
    for route in forms {
        for foreign in [
            ("sec-fetch-site", "cross-site"),
            ("origin", "https://evil.test"),
        ] {
            let headers = [("cookie", cookie.as_str()), ("host", "node.test"), foreign];
            let answer = stage
                .send(route.method.as_str(), &filled(route.path), &headers, "")
                .await;
            assert_eq!(
                answer.status,
                StatusCode::FORBIDDEN,
                "{} {foreign:?}",
                route.path
            );
            assert!(answer.body.contains("another site"));
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn looking_where_a_form_is_sent_to_leads_to_a_page_and_never_back_there() {
    let stage = Stage::design().await;
    let cookie = stage.enter(None).await;
    let headers = [("cookie", cookie.as_str())];
    let routes = stage.site.routes();
    let only_sent = routes.iter().filter(|route| {
        let path = route.path;
        let shown = routes
            .iter()
            .any(|other| other.path == path && other.method.is_safe());
        route.kind == Kind::Form && !path.contains('{') && !shown
    });
    let mut led = Vec::new();
    for route in only_sent {
        let path = route.path;
        let looked = stage.get(&format!("{path}?lang=fr"), &headers).await;
        if looked.status != StatusCode::SEE_OTHER {
            assert_eq!(looked.status, StatusCode::NOT_FOUND, "{path}");
            continue;
        }
        let to = looked.headers["location"].to_str().unwrap();
        assert_ne!(to.split('?').next(), Some(path), "it leads back for ever");
        let mut there = stage.get(to, &headers).await;
        if there.status == StatusCode::SEE_OTHER {
            // To sign in, say, is for whoever has not: the others are led on, once.
            let on = there.headers["location"].to_str().unwrap();
            there = stage.get(on, &headers).await;
        }
        assert_eq!(there.status, StatusCode::OK, "{path} leads to {to}");
        led.push(path);
    }
    assert!(led.contains(&"/peers/add") && led.len() > 8, "{led:?}");
    // A refusal there leads back to the page as well.
    let same = [
        ("cookie", cookie.as_str()),
        ("sec-fetch-site", "same-origin"),
    ];
    let refused = stage.send("POST", "/peers/add", &same, "x").await;
    assert!(refused.status.is_client_error(), "{}", refused.status);
    assert!(refused.body.contains("href=\"/peers\""), "{}", refused.body);
    assert!(!refused.body.contains("href=\"/peers/add\""));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_there_is_said_the_same_way_everywhere() {
    let stage = Stage::new();
    stage.node.complete_set_up().await.unwrap();
    let cookie = stage.enter(None).await;
    let headers = [("cookie", cookie.as_str())];
    let absent = stage.get("/no-such-page", &headers).await;
    assert_eq!(absent.status, StatusCode::NOT_FOUND);
    for path in ["/design", "/design/form", "/records/note--1", "/index.php"] {
        let other = stage.get(path, &headers).await;
        assert_eq!(
            (other.status, &other.body),
            (absent.status, &absent.body),
            "{path}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn invented_languages_and_themes_are_chosen_and_remembered() {
    let stage = Stage::design().await;
    let cookie = stage.enter(None).await;
    let turned = stage
        .get("/design?lang=ar-XB&theme=dark", &[("cookie", &cookie)])
        .await;
    assert!(
        turned
            .body
            .contains("<html lang=\"ar-XB\" dir=\"rtl\" data-theme=\"dark\"")
    );
    let mut cookies = cookie.clone();
    for set in turned.headers.get_all("set-cookie") {
        cookies = format!(
            "{cookies}; {}",
            set.to_str().unwrap().split(';').next().unwrap()
        );
    }
    let page = stage
        .get(
            "/design",
            &[("cookie", &cookies), ("accept-language", "fr")],
        )
        .await
        .body;
    assert!(page.contains("<html lang=\"ar-XB\" dir=\"rtl\" data-theme=\"dark\""));
    // What keeps words apart where they are read from right to left is never to be seen itself.
    let below = stage
        .get("/design/form?lang=ar-XB", &[("cookie", &cookie)])
        .await
        .body;
    let trail = below.split_once("class=\"trail\"").unwrap().1;
    let trail = trail.split("</nav>").next().unwrap();
    assert!(!trail.contains("\\u{"), "{trail}");
    assert!(below.contains(" dir=\"auto\""), "{below}");
    let plain = Stage::new();
    plain.node.complete_set_up().await.unwrap();
    let cookie = plain.enter(None).await;
    let page = plain.get("/?lang=ar-XB", &[("cookie", &cookie)]).await.body;
    assert!(
        page.contains("<html lang=\"en\" dir=\"ltr\""),
        "they are off by default"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_exercise_is_said_on_all_four_sides_of_every_page() {
    let stage = Stage::with(site::Settings {
        exercise: Some("Northern <Gale>".to_owned()),
        ..site::Settings::default()
    });
    stage.node.complete_set_up().await.unwrap();
    let cookie = stage.enter(None).await;
    for (path, cookie) in [("/", cookie.as_str()), ("/", ""), ("/no-such-page", "")] {
        let page = stage
            .get(path, &[("cookie", cookie), ("accept-language", "fr")])
            .await
            .body;
        assert_eq!(
            page.matches("<span>EXERCICE EXERCICE EXERCICE</span>")
                .count(),
            4,
            "{path}"
        );
        assert!(page.contains("Exercice Northern &#60;Gale&#62;"), "{path}");
    }
    let live = Stage::new();
    assert!(!live.get("/", &[]).await.body.contains("EXERCI"));
}
