//! A text that was entered by mistake is taken back from those who have it, with everything that it says.

use stage::{address, hidden};

use super::{Three, signed_for};
use crate::entered::{TEXT, entered};

const EU: usize = 0;
const JAPAN: usize = 1;

#[tokio::test(flavor = "multi_thread")]
async fn who_has_it_is_named_first_and_has_it_no_more() {
    let three = Three::called(["European Union", "Japan", "Canada"]).await;
    let (eu, japan) = (&three.all[EU], &three.all[JAPAN]);
    let session = entered(eu, TEXT).await;
    let to = three.id(JAPAN);
    eu.bench.later(1);
    let fields = [("tlp", "AMBER+STRICT"), ("for", &*to)];
    Three::taken(&eu.post(&format!("{session}/share"), &fields).await);
    three.exchange().await;
    let page = japan.get(&session).await.body;
    assert!(page.contains("exchange contact points"), "{page}");
    let text = address(&page, "/dialogues/texts/");
    let one = address(&page, "/dialogues/commitments/");
    // What another wrote is not ours to take back, nor to edit.
    assert!(!japan.get(&text).await.body.contains("/withdraw\""));
    for way in ["edit", "withdraw"] {
        let page = japan.get(&format!("{text}/{way}")).await;
        assert_eq!(page.status, axum::http::StatusCode::CONFLICT, "{way}");
    }

    eu.bench.later(60);
    let way = format!("{text}/withdraw");
    let version = hidden(&eu.get(&way).await.body, "version");
    let fields = [("version", &*version), ("reason", "Querbalken4412")];
    let asked = eu.post(&way, &fields).await;
    Three::refused(&asked, "Japan had it, or some of what goes along");
    let fields = [fields[0], fields[1], ("take-back", "yes")];
    Three::taken(&eu.post(&way, &fields).await);
    three.exchange().await;
    for gone in [&text, &one] {
        let page = japan.get(gone).await;
        assert_eq!(page.status, axum::http::StatusCode::GONE, "{gone}");
    }
    let page = japan.get(&text).await.body;
    assert!(page.contains("Querbalken4412"), "{page}");
    let page = japan.get(&session).await.body;
    assert!(!page.contains("exchange contact points"), "{page}");
    let home = japan.get("/dialogues").await.body;
    let from = home.find("id=\"came\"").unwrap();
    let news = &home[from..];
    let news = &news[..news.find("</section>").unwrap()];
    assert!(
        news.contains("Asked to withdraw") && news.contains("Joint elements of the 4th"),
        "{news}"
    );
    assert!(!news.contains("exchange contact points"), "{news}");
}

#[tokio::test(flavor = "multi_thread")]
async fn it_stands_no_more_elsewhere_before_its_reason_is_released() {
    let three = Three::called(["European Union", "Japan", "Canada"]).await;
    let (eu, japan) = (&three.all[EU], &three.all[JAPAN]);
    let session = entered(eu, TEXT).await;
    let to = three.id(JAPAN);
    eu.bench.later(1);
    let fields = [("tlp", "AMBER+STRICT"), ("for", &*to)];
    Three::taken(&eu.post(&format!("{session}/share"), &fields).await);
    three.exchange().await;
    let page = japan.get(&session).await.body;
    let text = address(&page, "/dialogues/texts/");
    let one = address(&page, "/dialogues/commitments/");
    // From now on what leaves takes a signature; what takes back waits for nobody.
    signed_for(eu).await;
    eu.bench.later(60);
    let way = format!("{text}/withdraw");
    let version = hidden(&eu.get(&way).await.body, "version");
    let fields = [
        ("version", &*version),
        ("reason", "Querbalken4412"),
        ("take-back", "yes"),
    ];
    Three::taken(&eu.post(&way, &fields).await);
    three.exchange().await;
    let gone = japan.get(&one).await;
    assert_eq!(gone.status, axum::http::StatusCode::GONE, "{}", gone.body);
    // Why it is taken back is a text of its own, and waits; that it is asked back is told wherever it stands.
    let asked = "European Union asked on 18 November 2026 to withdraw this";
    for path in [&text, &session] {
        let page = japan.get(path).await.body;
        assert!(
            page.contains(asked) && !page.contains("Querbalken4412"),
            "{page}"
        );
        let french = japan.get(&format!("{path}?lang=fr")).await.body;
        assert!(
            french.contains("Retrait demandé par son auteur (European Union)"),
            "{french}"
        );
    }
    assert_eq!(eu.get(&text).await.status, axum::http::StatusCode::GONE);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_planned_session_that_is_asked_back_is_none_to_prepare_for() {
    let three = Three::called(["European Union", "Japan", "Canada"]).await;
    let (eu, japan) = (&three.all[EU], &three.all[JAPAN]);
    let to = three.id(JAPAN);
    let fourth = entered(eu, TEXT).await;
    let series = address(&eu.get(&fourth).await.body, "/dialogues/series/");
    let new = address(&eu.get(&series).await.body, "/dialogues/sessions/new");
    let new = new.replace("&#38;", "&");
    let dialogue = hidden(&eu.get(&new).await.body, "dialogue");
    let fields = [
        ("dialogue", &*dialogue),
        ("version", ""),
        ("state", "planned"),
        ("ordinal", "5"),
        ("start", "2026-12-10"),
        ("tlp", "AMBER+STRICT"),
        ("for", &*to),
    ];
    let made = eu.post(new.split('?').next().unwrap(), &fields).await;
    Three::taken(&made);
    three.exchange().await;
    // The series stayed here: there it is known by its brief.
    let next = format!("{}/brief", made.to);
    assert!(japan.get("/dialogues").await.body.contains(&next));
    signed_for(eu).await;
    eu.bench.later(60);
    let way = format!("{}/withdraw", made.to);
    let version = hidden(&eu.get(&way).await.body, "version");
    let fields = [
        ("version", &*version),
        ("reason", "Entered twice"),
        ("take-back", "yes"),
    ];
    Three::taken(&eu.post(&way, &fields).await);
    three.exchange().await;
    let home = japan.get("/dialogues").await.body;
    assert!(!home.contains(&next), "{home}");
    let page = japan.get(&made.to).await.body;
    assert!(
        page.contains("asked on 18 November 2026 to withdraw this"),
        "{page}"
    );
}
