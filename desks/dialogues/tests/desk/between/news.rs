//! What a partner's home tells of what changed: a session that is put off, called off or held, and what somebody asks to withdraw.

use stage::{Answer, address, hidden};

use super::Three;
use crate::entered::{TEXT, entered};

const EU: usize = 0;
const JAPAN: usize = 1;
const LABEL: (&str, &str) = ("tlp", "AMBER+STRICT");

impl Three {
    /// The first node sends the form of a session for the second, with these fields.
    async fn says(&self, way: &str, fields: &[(&str, &str)]) -> Answer {
        let eu = &self.all[EU];
        eu.bench.later(60);
        let form = eu.get(&way.replace("&#38;", "&")).await.body;
        let carried = ["version", "dialogue"].map(|name| (name, hidden(&form, name)));
        let japan = self.id(JAPAN);
        let mut all: Vec<(&str, &str)> = carried
            .iter()
            .map(|(name, text)| (*name, &**text))
            .collect();
        all.extend([
            LABEL,
            ("for", &*japan),
            ("ordinal", "5"),
            ("place", "Tokyo"),
        ]);
        all.extend_from_slice(fields);
        let sent = eu.post(way.split('?').next().unwrap(), &all).await;
        Self::taken(&sent);
        self.exchange().await;
        sent
    }

    /// What the second node's home says came in.
    async fn news(&self, lang: &str) -> String {
        let home = self.all[JAPAN]
            .get(&format!("/dialogues?lang={lang}"))
            .await;
        let from = home.body.find("id=\"came\"").unwrap();
        let rest = &home.body[from..];
        rest[..rest.find("</section>").unwrap()].to_owned()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_changed_of_a_session_is_told_as_what_it_is() {
    let three = Three::called(["European Union", "Japan", "Canada"]).await;
    let eu = &three.all[EU];
    let fourth = entered(eu, TEXT).await;
    let series = address(&eu.get(&fourth).await.body, "/dialogues/series/");
    let new = address(&eu.get(&series).await.body, "/dialogues/sessions/new");
    let on = |state: &'static str, day: &'static str| [("state", state), ("start", day)];
    let made = three.says(&new, &on("planned", "2026-12-10")).await;
    let edit = format!("{}/edit", made.to);
    let shares = "European Union shares a session: session no. 5, Tokyo, 10 December 2026";
    let news = three.news("en").await;
    assert!(news.contains(shares), "{news}");

    three.says(&edit, &on("moved", "2027-01-20")).await;
    let news = three.news("en").await;
    let moved = "plans a session for another day: session no. 5, Tokyo, 20 January 2027 (before: 10 December 2026)";
    assert!(
        news.contains(moved) && !news.contains("shares a session"),
        "{news}"
    );
    let french = three.news("fr").await;
    assert!(
        french.contains("Session à une autre date :")
            && french.contains("(auparavant : 10 décembre 2026)"),
        "{french}"
    );

    three.says(&edit, &on("cancelled", "2027-01-20")).await;
    let news = three.news("en").await;
    let off = "European Union calls a session off: session no. 5, Tokyo, 20 January 2027";
    assert!(
        news.contains(off) && !news.contains("shares a session"),
        "{news}"
    );
    let french = three.news("fr").await;
    assert!(french.contains("Session annulée :"), "{french}");

    // It was held all the same, earlier.
    three.says(&edit, &on("held", "2026-11-17")).await;
    let news = three.news("en").await;
    assert!(
        news.contains("European Union records a session as held: session no. 5"),
        "{news}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_asked_back_is_told_as_that() {
    let three = Three::called(["European Union", "Japan", "Canada"]).await;
    let (eu, japan) = (&three.all[EU], three.id(JAPAN));
    let session = entered(eu, TEXT).await;
    eu.bench.later(1);
    let to = [LABEL, ("for", &*japan)];
    Three::taken(&eu.post(&format!("{session}/share"), &to).await);
    three.exchange().await;
    let page = eu.get(&session).await.body;
    let row = page[..page.find("exchange contact points").unwrap()]
        .rfind("href=\"/dialogues/commitments/")
        .unwrap();
    let one = address(&page[row..], "/dialogues/commitments/");
    let way = format!("{one}/follow-up");
    let said = async |more: &[(&str, &str)]| {
        eu.bench.later(60);
        let version = hidden(&eu.get(&way).await.body, "version");
        let mut all = vec![("version", &*version), ("state", "implemented"), LABEL];
        all.extend_from_slice(more);
        Three::taken(&eu.post(&way, &all).await);
    };
    said(&[("account", "Querbalken4410"), ("for", &*japan)]).await;
    // Nobody has it before it is fetched; then the day is said. The commitment itself went before.
    let of_account = |page: &str| page.split_once("id=\"followed\"").unwrap().1.to_owned();
    let page = of_account(&eu.get(&one).await.body);
    assert!(
        page.contains("TLP:AMBER+STRICT: for Japan")
            && page.contains("Not taken yet: Japan")
            && !page.contains("Taken: Japan"),
        "{page}"
    );
    three.exchange().await;
    let page = of_account(&eu.get(&one).await.body);
    assert!(
        page.contains("Taken: Japan, 18 November 2026") && !page.contains("Not taken yet"),
        "{page}"
    );
    let news = three.news("en").await;
    assert!(news.contains("Querbalken4410"), "{news}");

    said(&[("account", "Not so"), ("take-back", "yes")]).await;
    three.exchange().await;
    let news = three.news("en").await;
    let back = "Asked to withdraw what European Union said followed on";
    assert!(
        news.contains(back) && !news.contains("Querbalken4410"),
        "{news}"
    );
    let french = three.news("fr").await;
    assert!(
        french.contains("Retrait demandé : suites données à"),
        "{french}"
    );

    // Given again, it is news as any; asked back once it was seen at an earlier visit, it is told of by itself.
    said(&[("account", "Querbalken4411"), ("for", &*japan)]).await;
    three.exchange().await;
    let news = three.news("en").await;
    assert!(
        news.contains("Querbalken4411") && !news.contains(back),
        "{news}"
    );
    let visits = async || {
        for _ in 0..2 {
            for pages in &three.all {
                pages.bench.later(3_600);
            }
            three.all[JAPAN].get("/dialogues").await;
        }
    };
    visits().await;
    said(&[("account", "Not so"), ("take-back", "yes")]).await;
    // Whoever looked after it was asked and before it came has not heard of it.
    visits().await;
    three.exchange().await;
    let news = three.news("en").await;
    assert!(
        news.contains(back) && !news.contains("Querbalken4411"),
        "{news}"
    );
    assert_eq!(news.matches("<li>").count(), 1, "{news}");
}
