//! Forms: what was typed comes back with its errors, and survives them, a session that ended, and a restart.

use axum::http::StatusCode;

use crate::stage::Stage;

const TYPED: &str =
    "title=&text=Caf%C3%A9+%3Cb%3E%0D%0Atwo&state=begun&host=kestria&secret-code=hush";

/// What a browser would send along from the page: the hidden fields of its form.
fn carried(page: &str) -> String {
    let value = |name: &str| {
        let from = page.find(&format!("name=\"{name}\" value=\"")).unwrap() + name.len() + 15;
        page[from..].split('"').next().unwrap().replace(' ', "+")
    };
    format!(
        "draft-of={}&draft-proof={}",
        value("draft-of"),
        value("draft-proof")
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_typed_comes_back_with_what_is_wrong() {
    let stage = Stage::design().await;
    let cookie = stage.enter(None).await;
    let answer = stage.post("/design/form", &cookie, TYPED).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    for expected in [
        "<a href=\"#f-title\">Fill in: Title</a>",
        "<a href=\"#f-sides\">Choose at least one side.</a>",
        "id=\"f-title-error\">Fill in: Title</p>",
        "aria-describedby=\"f-title-hint f-title-error\" aria-invalid=\"true\"",
        "Café &#60;b&#62;\ntwo</textarea>",
        "value=\"begun\" checked",
        "value=\"kestria\" selected",
    ] {
        assert!(
            answer.body.contains(expected),
            "{expected} in {}",
            answer.body
        );
    }
    // Later, in a new session, it is still there; and only there for whoever typed it.
    let again = stage.enter(None).await;
    let page = stage.get("/design/form", &[("cookie", &again)]).await.body;
    assert!(page.contains("You began this on") && page.contains("Café &#60;b&#62;"));
    assert!(!page.contains("hush"), "a secret is never kept");
    let person = stage
        .node
        .add_person("Ilse", "ambassador", &stage.node.at_terminal("operator"))
        .await
        .unwrap();
    let other = stage.enter(Some(person.id.parse().unwrap())).await;
    let page = stage.get("/design/form", &[("cookie", &other)]).await.body;
    assert!(!page.contains("Café"));
    // Thrown away, it is gone.
    let dropped = stage
        .post(
            "/drafts/drop",
            &cookie,
            "draft-of=design&draft-back=/design/form",
        )
        .await;
    assert_eq!(dropped.status, StatusCode::SEE_OTHER);
    assert_eq!(dropped.headers["location"], "/design/form");
    let page = stage.get("/design/form", &[("cookie", &cookie)]).await.body;
    assert!(!page.contains("Café") && !page.contains("You began this"));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_taken_leaves_no_draft_and_is_said_once() {
    let stage = Stage::design().await;
    let cookie = stage.enter(None).await;
    stage.post("/design/form", &cookie, TYPED).await;
    let all = "title=T&text=x&state=done&sides=valmora&sides=kestria&host=kestria&tlp=AMBER";
    let sent = stage.post("/design/form", &cookie, all).await;
    assert_eq!(
        (sent.status, &sent.headers["location"]),
        (StatusCode::SEE_OTHER, &"/design".parse().unwrap())
    );
    let said = sent.headers["set-cookie"]
        .to_str()
        .unwrap()
        .split(';')
        .next()
        .unwrap()
        .to_owned();
    let both = format!("{cookie}; {said}");
    let page = stage.get("/design", &[("cookie", &both)]).await;
    assert!(page.body.contains("role=\"status\">It was proposed"));
    assert!(
        page.headers["set-cookie"]
            .to_str()
            .unwrap()
            .contains("Max-Age=0")
    );
    let form = stage.get("/design/form", &[("cookie", &cookie)]).await.body;
    assert!(!form.contains("You began this"));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_sent_again_says_that_nothing_was_done_again() {
    let stage = Stage::design().await;
    let cookie = stage.enter(None).await;
    let all = "draft-once=7&title=T&text=x&state=done&sides=valmora&host=kestria&tlp=AMBER";
    for says in ["It was proposed", "Nothing was done again"] {
        let sent = stage.post("/design/form", &cookie, all).await;
        assert_eq!(sent.headers["location"], "/design", "{}", sent.body);
        let said = sent.headers["set-cookie"].to_str().unwrap();
        let said = said.split(';').next().unwrap();
        let both = format!("{cookie}; {said}");
        let page = stage.get("/design", &[("cookie", &both)]).await.body;
        assert!(page.contains(says), "{page}");
    }
    // What is kept of it is where it led, and not what was said there.
    let kept = stage.node.all_kept("site", "sent", "", 9).unwrap();
    assert_eq!(kept.len(), 1);
    let kept = String::from_utf8_lossy(&kept[0].value);
    assert!(
        kept.contains("/design") && !kept.contains("proposed"),
        "{kept}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_typed_survives_the_end_of_the_session() {
    let stage = Stage::design().await;
    let cookie = stage.enter(None).await;
    let page = stage.get("/design/form", &[("cookie", &cookie)]).await.body;
    let typed = format!("{}&{TYPED}", carried(&page));
    let answer = stage.post("/design/form", "", &typed).await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
    assert!(answer.body.contains("What you typed is kept"));
    let forged = typed.replace("draft-proof=identity", "draft-proof=identitx");
    let refused = stage.post("/design/form", "", &forged).await;
    assert_eq!(refused.status, StatusCode::UNAUTHORIZED);
    assert!(!refused.body.contains("What you typed is kept"));
    assert_eq!(
        stage.post("/drafts", &cookie, &forged).await.status,
        StatusCode::FORBIDDEN
    );
    assert_eq!(
        stage.post("/drafts", &cookie, &typed).await.status,
        StatusCode::NO_CONTENT
    );
    let again = stage.enter(None).await;
    let page = stage.get("/design/form", &[("cookie", &again)]).await.body;
    assert!(page.contains("Café &#60;b&#62;"));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_first_button_of_a_form_is_its_own() {
    let stage = Stage::design().await;
    let cookie = stage.enter(None).await;
    stage.post("/design/form", &cookie, TYPED).await;
    let page = stage.get("/design/form", &[("cookie", &cookie)]).await.body;
    let form = &page[page.find("<form class=\"form").unwrap()..];
    let first = form.split("<button").nth(1).unwrap();
    let first = first.split('>').next().unwrap();
    assert!(form.contains("formaction=\"/drafts/drop\""));
    assert!(!first.contains("formaction"), "{first}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_typed_beside_a_label_stands_in_no_address() {
    let stage = Stage::design().await;
    let cookie = stage.enter(None).await;
    let typed = "tlp=RED&for=&subject=Vorlauf&draft-of=design&draft-proof=x&draft-once=y";
    for _ in 0..2 {
        let told = stage.post("/label", &cookie, typed).await;
        assert_eq!(told.status, StatusCode::OK);
        assert!(told.body.contains("TLP:RED") && told.body.contains("Who will see it"));
        assert!(!told.body.contains("Vorlauf"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn it_leads_nowhere_else() {
    let stage = Stage::design().await;
    let cookie = stage.enter(None).await;
    for back in [
        "//evil.test/",
        "https://evil.test/",
        "/%5Cevil.test",
        "evil",
        "/%0Aevil",
    ] {
        let body = format!("draft-of=design&draft-back={back}");
        let answer = stage.post("/drafts/drop", &cookie, &body).await;
        assert_eq!(answer.headers["location"], "/", "{back}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_kept_stands_on_the_page_and_is_sent_again_from_there() {
    let stage = Stage::design().await;
    let cookie = stage.enter(None).await;
    let page = stage.get("/design/form", &[("cookie", &cookie)]).await.body;
    let draft = format!("{}&{TYPED}", carried(&page));
    stage.out_of_place(true);
    let typed = "title=&text=Caf%C3%A9+%3Cb%3E&state=begun";
    let answer = stage.post("/design/form", &cookie, typed).await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
    for expected in [
        "action=\"/design/form\"",
        "name=\"text\" value=\"Café &#60;b&#62;\"",
        "Send it again",
        "href=\"/design/form\"",
    ] {
        assert!(
            answer.body.contains(expected),
            "{expected} in {}",
            answer.body
        );
    }
    // The script that keeps a draft hears that it may try again.
    let kept = stage.post("/drafts", &cookie, &draft).await;
    assert_eq!(kept.status, StatusCode::SERVICE_UNAVAILABLE);
    // A secret is given back on no page: then there is the way back alone.
    let answer = stage.post("/design/form", &cookie, TYPED).await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(answer.body.contains("href=\"/design/form\""));
    assert!(!answer.body.contains("Send it again") && !answer.body.contains("hush"));
    stage.out_of_place(false);
    let answer = stage.post("/design/form", &cookie, typed).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_day_is_typed_in_figures_that_nobody_mistakes_and_read_beside_them() {
    let stage = Stage::design().await;
    let cookie = stage.enter(None).await;
    let form = stage.get("/design/form", &[("cookie", &cookie)]).await.body;
    assert!(!form.contains("type=\"date\""));
    assert!(form.contains("id=\"f-due-form\">Year, month, day: 2027-06-30</p>"));
    for (day, said) in [
        ("2027-06-30", "#y\" data-months=\"January|"),
        ("2027-06-30", ">30\u{a0}June\u{a0}2027</output>"),
        ("30.06.2027", "id=\"f-due-error\">This is no day."),
        ("2027-02-30", "id=\"f-due-error\">This is no day."),
        ("30.06.2027", "value=\"30.06.2027\""),
    ] {
        let answer = stage
            .post("/design/form", &cookie, &format!("{TYPED}&due={day}"))
            .await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(
            answer.body.contains(said),
            "{day}: {said} in {}",
            answer.body
        );
    }
    let due = format!("{TYPED}&due=2027-06-01");
    stage.post("/design/form", &cookie, &due).await;
    let french = stage
        .get("/design/form?lang=fr", &[("cookie", &cookie)])
        .await;
    assert!(french.body.contains(">1er\u{a0}juin 2027</output>"));
}
