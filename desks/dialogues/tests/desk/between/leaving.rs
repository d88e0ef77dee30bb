//! What is said of what leaves, or waits to: after a form, on our own page of a commitment, and on the page of whoever had it.

use axum::body::Body;
use axum::http::Request;
use dialogues::records::Consent;
use hyper::service::Service as _;
use hyper_util::service::TowerToHyperService;
use stage::{Pages, address, form, hidden};

use super::{Three, last, signed_for};
use crate::entered::{TEXT, entered};

const EU: usize = 0;
const JAPAN: usize = 1;
const LABEL: (&str, &str) = ("tlp", "AMBER+STRICT");
const WAITS: &str = "nothing has gone out yet. It waits to be released: case";

/// The read-out of one side, which says something of both.
const READ_OUT: &str = "Read-out of the 4th EU-Japan Cyber Dialogue\n\nBrussels, 01/07/2019\n\n\
The European Union and Japan held the fourth meeting of their Cyber Dialogue in Brussels on 11 June 2019.\n\
The EU and Japan will exchange contact points for cyber incidents by 31 December 2025.\n\
The EU and Japan will hold a joint exercise by 30 June 2026.\n";

/// The page to which a sent form leads, with what it says there.
pub(super) async fn led(pages: &Pages, path: &str, fields: &[(&str, &str)]) -> String {
    let request = Request::post(path)
        .header("cookie", &pages.cookie)
        .header("sec-fetch-site", "same-origin")
        .header("content-type", "application/x-www-form-urlencoded")
        .body(Body::from(form(fields)))
        .unwrap();
    let service = TowerToHyperService::new(pages.router.clone());
    let answer = service.call(request).await.unwrap();
    let header = |name: &str| answer.headers()[name].to_str().unwrap().to_owned();
    let said = header("set-cookie");
    let said = said.split(';').next().unwrap();
    let cookies = format!("{}; {said}", pages.cookie);
    pages
        .ask("GET", &header("location"), &cookies, String::new())
        .await
        .body
}

/// The commitment of a session, on its page.
async fn one_of(pages: &Pages, session: &str) -> String {
    let page = pages.get(session).await.body;
    let row = page[..page.find("exchange contact points").unwrap()]
        .rfind("href=\"/dialogues/commitments/")
        .unwrap();
    address(&page[row..], "/dialogues/commitments/")
}

/// A session that two of them have, and its commitment.
async fn shared(three: &Three) -> [String; 2] {
    let eu = &three.all[EU];
    let session = entered(eu, TEXT).await;
    let japan = three.id(JAPAN);
    eu.bench.later(1);
    let fields = [LABEL, ("for", &*japan)];
    Three::taken(&eu.post(&format!("{session}/share"), &fields).await);
    three.exchange().await;
    let one = one_of(eu, &session).await;
    [session, one]
}

impl Three {
    /// What a form of a follow-up sends: what it began with, and this.
    async fn telling(&self, at: usize, one: &str, more: &[(&str, &str)]) -> Vec<(String, String)> {
        let page = self.all[at].get(&format!("{one}/follow-up")).await.body;
        let more = more.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned()));
        let own = [
            ("version".to_owned(), hidden(&page, "version")),
            (LABEL.0.to_owned(), LABEL.1.to_owned()),
        ];
        own.into_iter().chain(more).collect()
    }
}

fn borrowed(fields: &[(String, String)]) -> Vec<(&str, &str)> {
    fields.iter().map(|(a, b)| (&**a, &**b)).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_waits_for_its_steps_is_not_called_shared_or_said() {
    let three = Three::called(["European Union", "Japan", "Canada"]).await;
    let eu = &three.all[EU];
    let session = entered(eu, TEXT).await;
    let one = one_of(eu, &session).await;
    let japan = three.id(JAPAN);
    let for_japan = [LABEL, ("for", &*japan)];
    signed_for(eu).await;
    // Before the button: what comes first. At the label that nobody else sees, nothing comes first.
    let first = "It goes out once it is signed; until then it stays here.";
    let chosen = format!("/label?tlp=AMBER%2BSTRICT&for={japan}");
    assert!(eu.get(&chosen).await.body.contains(first));
    let inside = eu.get("/label?tlp=AMBER%2BSTRICT").await.body;
    assert!(!inside.contains(first), "{inside}");
    eu.bench.later(1);
    let page = led(eu, &format!("{session}/share"), &for_japan).await;
    assert!(page.contains(WAITS), "{page}");
    assert!(!page.contains("The session is shared"), "{page}");
    eu.bench.later(1);
    let said = [
        ("state", "under_way"),
        ("account", "Talks go on"),
        LABEL,
        ("for", &*japan),
    ];
    let page = led(eu, &format!("{one}/follow-up"), &said).await;
    assert!(page.contains(WAITS), "{page}");
    assert!(!page.contains("What followed is recorded"), "{page}");
    // On the page it stands as what waits, with its label and a way to its case.
    let waits = "Waits to be released as TLP:AMBER+STRICT to Japan";
    let page = eu.get(&one).await.body;
    assert!(page.contains(waits), "{page}");
    let way = address(
        &page[page.find("id=\"followed\"").unwrap()..],
        "/clearance/cases/",
    );
    assert_eq!(eu.get(&way).await.status, 200, "{way}");
    eu.bench.later(1);
    let text = address(&eu.get(&session).await.body, "/dialogues/texts/");
    let page = led(eu, &format!("{text}/consent"), &for_japan).await;
    assert!(page.contains(WAITS), "{page}");
    three.exchange().await;
    let missing = three.all[JAPAN].get(&one).await.status;
    assert_eq!(missing, 404, "nothing has left");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_is_taken_back_knowingly_and_both_pages_say_so() {
    let three = Three::called(["European Union", "Japan", "Canada"]).await;
    let eu = &three.all[EU];
    let [_, one] = shared(&three).await;
    let japan = three.id(JAPAN);
    let path = format!("{one}/follow-up");
    let said = [
        ("state", "implemented"),
        ("account", "Done in March"),
        ("for", &*japan),
    ];
    let fields = three.telling(EU, &one, &said).await;
    eu.bench.later(1);
    Three::taken(&eu.post(&path, &borrowed(&fields)).await);
    three.exchange().await;
    let page = eu.get(&one).await.body;
    assert!(page.contains("TLP:AMBER+STRICT: for Japan"), "{page}");
    let theirs = three.all[JAPAN].get(&one).await.body;
    assert!(theirs.contains("Implemented") && !theirs.contains("to withdraw its account"));
    let given = eu.get(&format!("/peers/{japan}")).await.body;
    assert!(given.contains("taken on") && !given.contains("an earlier version was taken"));
    // Japan answers otherwise; then the first says it anew for fewer.
    let to_eu = three.id(EU);
    let said = [
        ("state", "not_started"),
        ("account", "No"),
        ("for", &*to_eu),
    ];
    let fields = three.telling(JAPAN, &one, &said).await;
    three.all[JAPAN].bench.later(1);
    Three::taken(&three.all[JAPAN].post(&path, &borrowed(&fields)).await);
    three.exchange().await;
    assert!(
        three.all[JAPAN]
            .get(&one)
            .await
            .body
            .contains("Accounts differ")
    );
    eu.bench.later(60);
    let anew = [("state", "under_way"), ("account", "Not quite")];
    let mut fields = three.telling(EU, &one, &anew).await;
    let answer = eu.post(&path, &borrowed(&fields)).await;
    Three::refused(
        &answer,
        "The earlier account was for Japan: whoever took it will be asked to withdraw it",
    );
    assert!(
        answer
            .body
            .contains("Take the earlier account back from Japan")
    );
    fields.push(("take-back".to_owned(), "yes".to_owned()));
    Three::taken(&eu.post(&path, &borrowed(&fields)).await);
    three.exchange().await;
    let page = eu.get(&one).await.body;
    assert!(
        page.contains("TLP:AMBER+STRICT: for our side alone"),
        "{page}"
    );
    assert!(
        page.contains("Asked to withdraw an earlier account: Japan")
            && !page.contains("An earlier account was taken by"),
        "{page}"
    );
    let theirs = three.all[JAPAN].get(&one).await.body;
    assert!(theirs.contains("to withdraw its account"), "{theirs}");
    assert!(!theirs.contains("Accounts differ"), "{theirs}");
    assert!(!theirs.contains("Implemented"), "{theirs}");
    // What it was given is not called by words that it never had.
    let given = eu.get(&format!("/peers/{japan}")).await.body;
    assert!(given.contains("an earlier version was taken on"), "{given}");
    // Given again, it stands again.
    let again = [
        ("state", "under_way"),
        ("account", "Not quite"),
        ("for", &*japan),
    ];
    let fields = three.telling(EU, &one, &again).await;
    eu.bench.later(60);
    Three::taken(&eu.post(&path, &borrowed(&fields)).await);
    three.exchange().await;
    let theirs = three.all[JAPAN].get(&one).await.body;
    assert!(
        theirs.contains("Not quite") && theirs.contains("Accounts differ"),
        "{theirs}"
    );
    assert!(!theirs.contains("to withdraw its account"), "{theirs}");
}

#[tokio::test(flavor = "multi_thread")]
async fn all_that_the_other_side_says_of_ours_is_confirmed_at_once() {
    let three = Three::called(["European Union", "Japan", "Canada"]).await;
    let (eu, japan) = (&three.all[EU], &three.all[JAPAN]);
    let read = eu
        .post("/dialogues/readings/new", &[("text", READ_OUT)])
        .await;
    Three::taken(&read);
    let fields = [
        ("standing", "read_out"),
        ("reported_by", "EU"),
        ("revision", "0"),
    ];
    let done = eu.post(&format!("{}/confirm", read.to), &fields).await;
    Three::taken(&done);
    let (to_japan, to_eu) = (three.id(JAPAN), three.id(EU));
    eu.bench.later(1);
    let way = format!("{}/share", done.to);
    Three::taken(&eu.post(&way, &[LABEL, ("for", &*to_japan)]).await);
    three.exchange().await;
    let text = address(&japan.get(&done.to).await.body, "/dialogues/texts/");
    let page = japan.get(&text).await.body;
    assert!(page.contains("Confirm the whole text"), "{page}");
    assert!(!page.contains("Consent to publication"), "{page}");
    let way = format!("{text}/confirm");
    let asks = japan.get(&way).await.body;
    assert!(asks.contains("2 statements"), "{asks}");
    japan.bench.later(1);
    Three::taken(&japan.post(&way, &[LABEL, ("for", &*to_eu)]).await);
    three.exchange().await;
    let one = one_of(eu, &done.to).await;
    let id = format!("commitment--{}", last(&one));
    for pages in [eu, japan] {
        let page = pages.get(&one).await.body;
        assert!(
            page.contains("Confirmed by") && page.contains("Japan, on"),
            "{page}"
        );
        assert!(!page.contains("Reported by"), "{page}");
        let text = pages.get(&text).await.body;
        assert!(text.contains("2 statements"), "{text}");
    }
    // What is done is not asked again.
    for path in [&one, &text] {
        let page = japan.get(path).await.body;
        let done = page.contains("Confirm what it says") || page.contains("Confirm the whole");
        assert!(!done, "{page}");
    }
    Three::refused(
        &japan.post(&way, &[LABEL, ("for", &*to_eu)]).await,
        "Nothing of this text is left",
    );
    assert_eq!(three.held::<Consent>(EU, "consent.about", &id).len(), 1);
}
