//! Signing in and out, one's own account, people and programs: the pages, asked in memory.

use axum::http::StatusCode;
use node::users::{Once, TotpSecret};

use crate::stage::{Answer, Stage};

const PASSWORD: &str = "an+orchard+by+the+river";

fn cookie(answer: &Answer) -> String {
    let set = answer.headers["set-cookie"].to_str().unwrap();
    set.split(';').next().unwrap().to_owned()
}

/// What stands between two marks on a page.
fn between<'p>(page: &'p str, before: &str, after: &str) -> &'p str {
    let begin = page
        .find(before)
        .unwrap_or_else(|| panic!("{before} is not on {page}"))
        + before.len();
    &page[begin..begin + page[begin..].find(after).unwrap()]
}

/// Takes a link to the end: a password and codes are chosen. The cookie, what makes codes, the recovery codes.
async fn choose(stage: &Stage, cookie_so_far: &str) -> (String, TotpSecret, Vec<String>) {
    let page = stage
        .get("/account/choose", &[("cookie", cookie_so_far)])
        .await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.body);
    let secret = TotpSecret::read(between(&page.body, "<code class=\"code\">", "</code>")).unwrap();
    let body = format!(
        "secret-password={PASSWORD}&secret-again={PASSWORD}&secret-code={}",
        secret.now(stage.node.now())
    );
    let chosen = stage.post("/account/choose", cookie_so_far, &body).await;
    assert_eq!(chosen.status, StatusCode::OK, "{}", chosen.body);
    let list = between(&chosen.body, "<ol class=\"codes\">", "</ol>");
    let codes: Vec<String> = list
        .split("<code class=\"code\">")
        .skip(1)
        .map(|rest| rest.split('<').next().unwrap().to_owned())
        .collect();
    assert_eq!(codes.len(), 10);
    (cookie(&chosen), secret, codes)
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_is_invited_chooses_signs_in_and_is_suspended() {
    let stage = Stage::new();
    stage.node.complete_set_up().await.unwrap();
    let admin = stage.enter(None).await;
    let invited = stage
        .post(
            "/users/new",
            &admin,
            "name=Berthe+Ormont&roles=editor&roles=reader",
        )
        .await;
    assert_eq!(invited.status, StatusCode::OK, "{}", invited.body);
    let path = between(&invited.body, "/welcome?code=", "<").to_owned();
    let link = format!("/welcome?code={path}");

    // Looking at the link uses nothing up; the button does.
    assert_eq!(stage.get(&link, &[]).await.status, StatusCode::OK);
    assert_eq!(stage.get(&link, &[]).await.status, StatusCode::OK);
    let body = format!("secret-code={path}");
    let let_in = stage.post("/welcome", "", &body).await;
    assert_eq!(let_in.headers["location"], "/account/choose");
    assert_eq!(
        stage.post("/welcome", "", &body).await.status,
        StatusCode::FORBIDDEN
    );
    let begun = cookie(&let_in);
    for path in ["/", "/account", "/users"] {
        let early = stage.get(path, &[("cookie", &begun)]).await;
        assert_eq!(
            early.status,
            StatusCode::FORBIDDEN,
            "{path} before choosing"
        );
    }
    let (berthe, _, codes) = choose(&stage, &begun).await;
    let account = stage.get("/account?lang=fr", &[("cookie", &berthe)]).await;
    assert!(account.body.contains("Berthe Ormont") && account.body.contains("Mon compte"));
    let old = stage.get("/account", &[("cookie", &begun)]).await;
    assert_eq!(
        old.status,
        StatusCode::UNAUTHORIZED,
        "the first secret is over"
    );
    for path in ["/users", "/users/new", "/programs"] {
        let other = stage.get(path, &[("cookie", &berthe)]).await;
        assert_eq!(
            other.status,
            StatusCode::FORBIDDEN,
            "{path} is not an editor's"
        );
    }

    // Wrong and unknown get the same answer; a recovery code opens once.
    let body = |login: &str, code: &str| {
        format!("login={login}&secret-password={PASSWORD}&secret-code={code}&next=%2Faccount")
    };
    let wrong = stage
        .post("/sign-in", "", &body("berthe.ormont", "000000"))
        .await;
    let unknown = stage
        .post("/sign-in", "", &body("nobody.at.all", "000000"))
        .await;
    assert_eq!(wrong.status, StatusCode::FORBIDDEN);
    assert_eq!(
        wrong.body.replace("berthe.ormont", "nobody.at.all"),
        unknown.body
    );
    assert!(!wrong.body.contains("orchard") && !wrong.body.contains("000000"));
    let entered = stage
        .post("/sign-in", "", &body("Berthe.Ormont", &codes[0]))
        .await;
    assert_eq!(entered.status, StatusCode::SEE_OTHER, "{}", entered.body);
    assert_eq!(entered.headers["location"], "/account");
    let second = cookie(&entered);
    let elsewhere = format!(
        "{}&next=https://evil.test",
        body("berthe.ormont", &codes[1])
    );
    let entered = stage
        .post("/sign-in", "", &elsewhere.replace("&next=%2Faccount", ""))
        .await;
    assert_eq!(entered.headers["location"], "/", "never to another site");

    // One of two places is signed out, from the next request on; then a suspension ends all.
    let page = stage.get("/account", &[("cookie", &berthe)]).await.body;
    assert!(page.contains("With a recovery code"), "{page}");
    stage
        .post("/account/sessions/end", &berthe, "number=")
        .await;
    let out = stage.get("/account", &[("cookie", &second)]).await;
    assert_eq!(out.status, StatusCode::UNAUTHORIZED);
    assert!(
        out.body.contains("/sign-in?next=%2Faccount"),
        "{}",
        out.body
    );
    let users = stage.get("/users", &[("cookie", &admin)]).await.body;
    let row = users
        .split("<tr>")
        .find(|row| row.contains("Berthe"))
        .unwrap();
    let user = between(row, "href=\"", "\"").to_owned();
    let suspended = stage.post(&format!("{user}/suspend"), &admin, "").await;
    assert_eq!(suspended.status, StatusCode::SEE_OTHER);
    let out = stage.get("/account", &[("cookie", &berthe)]).await;
    assert_eq!(out.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_and_a_program_are_made_shown_once_and_revoked() {
    let stage = Stage::new();
    stage.node.complete_set_up().await.unwrap();
    let admin = stage.enter(None).await;
    let made = stage
        .post(
            "/account/tokens",
            &admin,
            "name=notebook&scope=read&days=30",
        )
        .await;
    let secret = between(&made.body, "<code class=\"code\">", "<").to_owned();
    assert!(stage.node.actor_by_token(&secret).unwrap().is_some());
    let page = stage.get("/account", &[("cookie", &admin)]).await.body;
    assert!(page.contains("notebook") && !page.contains(&secret));
    let revoked = stage
        .post("/account/tokens/revoke", &admin, "number=1")
        .await;
    assert_eq!(revoked.status, StatusCode::SEE_OTHER);
    assert!(stage.node.actor_by_token(&secret).unwrap().is_none());
    let wrong = stage
        .post("/account/tokens", &admin, "name=&scope=read&days=0")
        .await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);

    let home = &stage.node.home().id;
    let body = format!("name=feed&participant={home}&read=situation");
    let added = stage.post("/programs/new", &admin, &body).await;
    assert!(
        added.body.contains("<code class=\"code\">entente_"),
        "{}",
        added.body
    );
    let nothing = stage
        .post(
            "/programs/new",
            &admin,
            &format!("name=x&participant={home}"),
        )
        .await;
    assert_eq!(nothing.status, StatusCode::UNPROCESSABLE_ENTITY);
    stage.post("/programs/revoke", &admin, "name=feed").await;
    let page = stage.get("/programs", &[("cookie", &admin)]).await.body;
    assert!(page.contains("shut out"), "{page}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_way_back_in_voids_what_was_before() {
    let stage = Stage::new();
    stage.node.complete_set_up().await.unwrap();
    let cookie_before = stage.enter(None).await;
    let operator = stage.node.at_terminal("tests");
    let tester = stage.node.users(&operator).unwrap()[0].person.clone();
    let code = stage
        .node
        .one_time(&tester, Once::Recovery, &operator)
        .await
        .unwrap();
    // A link that chooses anew is not one that signs in.
    let direct = stage
        .get(&format!("/enter?key={}", *code.secret), &[])
        .await;
    assert_eq!(direct.status, StatusCode::FORBIDDEN);
    let let_in = stage
        .post("/welcome", "", &format!("secret-code={}", *code.secret))
        .await;
    let (after, ..) = choose(&stage, &cookie(&let_in)).await;
    let before = stage.get("/account", &[("cookie", &cookie_before)]).await;
    assert_eq!(before.status, StatusCode::UNAUTHORIZED);
    let out = stage.post("/sign-out", &after, "").await;
    assert_eq!(out.headers["location"], "/sign-in");
    let gone = stage.get("/account", &[("cookie", &after)]).await;
    assert_eq!(gone.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_shows_too_many_wrong_passkeys_is_told_how_long_to_wait() {
    let stage = Stage::new();
    stage.node.complete_set_up().await.unwrap();
    let mut last = None;
    for _ in 0..7 {
        let answer = stage
            .post("/sign-in/passkey", "", "number=1&answer=%7B%7D")
            .await;
        last = Some(answer);
    }
    let last = last.unwrap();
    assert_eq!(last.status, StatusCode::TOO_MANY_REQUESTS, "{}", last.body);
    assert!(last.headers.contains_key("retry-after"));
    assert!(last.body.contains("Too many wrong tries from here. Wait"));
}
