//! A text that was entered by mistake is taken back from those who have it, with everything that it says.

use stage::{address, hidden};

use super::Three;
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
