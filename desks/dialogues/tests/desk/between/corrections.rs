//! What two sides do to the same words at once: each enters and corrects the text itself, or one takes back what the other has spoken of.

use axum::http::StatusCode;

use super::Three;
use crate::entered::{TEXT, correction, entered};
use stage::{Pages, address, hidden};

const EU: usize = 0;
const JAPAN: usize = 1;
const CLAUSE: &str = "exchange contact points";

/// What stands in a hidden field of a page.
async fn version(pages: &Pages, path: &str) -> String {
    hidden(&pages.get(path).await.body, "version")
}

/// The clause on the page of its session.
async fn clause(pages: &Pages, session: &str) -> String {
    let page = pages.get(session).await.body;
    let row = page[..page.find(CLAUSE).unwrap()]
        .rfind("href=\"/dialogues/commitments/")
        .unwrap();
    address(&page[row..], "/dialogues/commitments/")
}

/// A section of a page.
fn section<'p>(page: &'p str, id: &str) -> &'p str {
    let at = page.find(&format!("id=\"{id}\"")).unwrap_or_else(|| {
        panic!("no {id} in {page}");
    });
    let rest = &page[at..];
    &rest[..rest.find("</section>").unwrap_or(rest.len())]
}

/// What a page lists: on the desk's home, below the heading that is asked about.
fn listed<'p>(page: &'p str, head: &str) -> &'p str {
    match page.contains(&format!("id=\"{head}\"")) {
        true => section(page, head),
        false => page.split("<main").nth(1).unwrap(),
    }
}

impl Three {
    async fn share(&self, from: usize, session: &str, to: usize) {
        self.all[from].bench.later(1);
        let to = self.id(to);
        let fields = [("tlp", "AMBER+STRICT"), ("for", &*to)];
        let answer = self.all[from]
            .post(&format!("{session}/share"), &fields)
            .await;
        Self::taken(&answer);
    }

    async fn follow(&self, from: usize, one: &str, (state, account): (&str, &str), to: usize) {
        let to = self.id(to);
        let path = format!("{one}/follow-up");
        let version = version(&self.all[from], &path).await;
        let fields = [
            ("version", &*version),
            ("state", state),
            ("account", account),
            ("tlp", "AMBER+STRICT"),
            ("for", &*to),
        ];
        self.all[from].bench.later(1);
        Self::taken(&self.all[from].post(&path, &fields).await);
    }

    async fn correct(&self, at: usize, one: &str, changes: &[(&str, &str)]) {
        let pages = &self.all[at];
        let path = format!("{one}/edit");
        let version = version(pages, &path).await;
        let fields = correction(&version, changes);
        Self::taken(&pages.post(&path, &fields).await);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn both_correct_the_same_words_at_once() {
    let three = Three::called(["European Union", "Japan", "Canada"]).await;
    let sessions = [
        entered(&three.all[EU], TEXT).await,
        entered(&three.all[JAPAN], TEXT).await,
    ];
    let own = [
        clause(&three.all[EU], &sessions[EU]).await,
        clause(&three.all[JAPAN], &sessions[JAPAN]).await,
    ];
    three.share(EU, &sessions[EU], JAPAN).await;
    three.share(JAPAN, &sessions[JAPAN], EU).await;
    three.exchange().await;
    // Until one of them corrects, both say the same, and are told so.
    let page = three.all[EU].get(&own[EU]).await.body;
    let told = section(&page, "elsewhere");
    assert!(
        told.contains("Japan entered the same text itself, and has this clause as it stands here"),
        "{told}"
    );
    // Wherever it is listed or counted it is one, each side's own, and says who else entered it.
    for (at, other, side) in [(EU, JAPAN, "Japan"), (JAPAN, EU, "European Union")] {
        let pages = &three.all[at];
        let also = format!("also entered by {side}");
        for list in [
            "/dialogues",
            "/dialogues/register",
            "/dialogues/register?state=passed",
        ] {
            let page = pages.get(list).await.body;
            let rows = listed(&page, "past");
            assert!(rows.contains(&own[at]), "{list}: {rows}");
            assert!(!rows.contains(&own[other]), "{list}: {rows}");
            assert!(rows.contains(&also), "{list}: {rows}");
        }
        let home = pages.get("/dialogues").await.body;
        assert!(home.contains("1 commitment has passed its date"), "{home}");
        for feed in ["/dialogues/due.json", "/dialogues/calendar.ics"] {
            let feed = pages.get(feed).await.body;
            let id = |one: &str| one.rsplit('/').next().unwrap().to_owned();
            assert!(feed.contains(&id(&own[at])), "{feed}");
            assert!(!feed.contains(&id(&own[other])), "{feed}");
        }
        // Asked for by what only the other's record has, the other's is there.
        let session = sessions[other].rsplit('/').next().unwrap();
        let page = pages
            .get(&format!("/dialogues/register?session={session}"))
            .await
            .body;
        let rows = page.split("<main").nth(1).unwrap();
        assert!(
            rows.contains(&own[other]) && rows.contains("also entered by"),
            "{rows}"
        );
    }
    // In the same second, each its own, each otherwise.
    for pages in &three.all {
        pages.bench.later(1);
    }
    let (eu, japan) = (
        three.correct(
            EU,
            &own[EU],
            &[
                ("topics", "capacity_building"),
                ("reason", "Read in Brussels"),
            ],
        ),
        three.correct(
            JAPAN,
            &own[JAPAN],
            &[("strength", "2"), ("reason", "Read in Tokyo")],
        ),
    );
    tokio::join!(eu, japan);
    three.exchange().await;
    for (at, other, side, reason) in [
        (EU, JAPAN, "Japan", "Read in Brussels"),
        (JAPAN, EU, "European Union", "Read in Tokyo"),
    ] {
        let pages = &three.all[at];
        let page = pages.get(&own[at]).await.body;
        let told = section(&page, "elsewhere");
        assert!(
            told.contains(&format!(
                "{side} entered the same text itself, and has this clause otherwise. Both stand"
            )),
            "{told}"
        );
        // Subject and strength differ, and what they are on the other side is one click away.
        assert_eq!(
            told.matches("<div class=\"difference\"").count(),
            2,
            "{told}"
        );
        assert!(told.contains("<ins>") && told.contains("<del>"), "{told}");
        assert!(told.contains(&format!("href=\"{}\"", own[other])), "{told}");
        // Nothing is lost: what it was stays with its reason, here and on the page of the other's record.
        assert!(section(&page, "history").contains(reason), "{page}");
        let theirs = pages.get(&own[other]).await;
        assert_eq!(theirs.status, StatusCode::OK);
        assert!(section(&theirs.body, "history").contains("Read in"));
        // The other's record is the other's to change, and both are told who may.
        let refused = pages.get(&format!("{}/edit", own[other])).await;
        assert_eq!(refused.status, StatusCode::CONFLICT);
        assert!(refused.body.contains("only its author can edit it"));
        let text = address(&page, "/dialogues/texts/");
        let text = text.split('#').next().unwrap().to_owned();
        let read = pages.get(&text).await.body;
        assert!(read.contains("As others entered the same text"), "{read}");
    }
    // Each speaks of its own record; the accounts meet on both.
    three
        .follow(EU, &own[EU], ("implemented", "Listed in Brussels"), JAPAN)
        .await;
    three
        .follow(JAPAN, &own[JAPAN], ("under_way", "Listed in Tokyo"), EU)
        .await;
    three.exchange().await;
    for at in [EU, JAPAN] {
        for one in &own {
            let page = three.all[at].get(one).await.body;
            let followed = section(&page, "followed");
            assert!(followed.contains("Accounts differ"), "{followed}");
            assert!(followed.contains("Listed in Brussels"), "{followed}");
            assert!(followed.contains("Listed in Tokyo"), "{followed}");
        }
        // So they do wherever it is listed: on the home page, in the register, before the next session.
        let brief = format!("{}/brief", sessions[at]);
        for list in ["/dialogues", "/dialogues/register?state=differ", &brief] {
            let page = three.all[at].get(list).await.body;
            let rows = listed(&page, "differ");
            assert!(rows.contains("Accounts differ"), "{list}: {rows}");
            assert!(rows.contains("also entered by"), "{list}: {rows}");
            assert!(rows.contains(&own[at]), "{list}: {rows}");
        }
        let brief = three.all[at].get(&brief).await.body;
        for account in ["Listed in Brussels", "Listed in Tokyo"] {
            assert!(brief.contains(account), "{brief}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn taken_back_after_the_other_side_has_spoken() {
    let three = Three::called(["European Union", "Japan", "Canada"]).await;
    let (eu, japan) = (&three.all[EU], &three.all[JAPAN]);
    let session = entered(eu, TEXT).await;
    let one = clause(eu, &session).await;
    three.share(EU, &session, JAPAN).await;
    three.exchange().await;
    three
        .follow(JAPAN, &one, ("under_way", "Our list is being drawn up"), EU)
        .await;
    three.exchange().await;
    // Whoever takes it back is told that the other has spoken.
    let way = format!("{one}/withdraw");
    let asked = eu.get(&way).await.body;
    assert!(
        asked.contains("Japan already said what followed. That stands"),
        "{asked}"
    );
    let back = async |reason: &str| {
        eu.bench.later(60);
        let page = eu.get(&way).await.body;
        let [version, wish] = ["version", "withdrawn"].map(|name| hidden(&page, name));
        let fields = [
            ("version", &*version),
            ("withdrawn", &*wish),
            ("reason", reason),
        ];
        Three::taken(&eu.post(&way, &fields).await);
        three.exchange().await;
    };
    back("It was meant for the next session").await;
    for pages in [eu, japan] {
        let page = pages.get(&one).await.body;
        for said in [
            "Taken back by its author (European Union)",
            "It was meant for the next session",
            "What each side said of it before stands below",
            "Our list is being drawn up",
        ] {
            assert!(page.contains(said), "{said}: {page}");
        }
        assert!(section(&page, "history").contains("Taken back by its author"));
        // It stays in the session, marked; nobody waits for it any more.
        assert!(
            pages
                .get(&session)
                .await
                .body
                .contains("Taken back by its author (European Union)")
        );
        assert!(
            !pages
                .get("/dialogues")
                .await
                .body
                .contains("<bdi lang=\"en\">The EU and Japan will exchange")
        );
    }
    // The other side may go on speaking of it, and cannot let it stand again.
    three
        .follow(JAPAN, &one, ("no_longer_pursued", "We stopped too"), EU)
        .await;
    let refused = japan.get(&way).await;
    assert_eq!(refused.status, StatusCode::CONFLICT);
    three.exchange().await;
    assert!(eu.get(&one).await.body.contains("We stopped too"));
    back("It stands after all").await;
    for pages in [eu, japan] {
        let page = pages.get(&one).await.body;
        assert!(!page.contains("id=\"back\""), "{page}");
        let told = section(&page, "history");
        for reason in ["It was meant for the next session", "It stands after all"] {
            assert!(told.contains(reason), "{told}");
        }
        assert!(page.contains("We stopped too"));
    }
}
