//! A session of two parties with an observer: what the role lets it see is in the audience of the records, whoever is named.

use dialogues::records::FollowUp;
use dialogues::register::Register;
use policy::Purpose;

use super::Three;
use crate::entered::{TEXT, entered};
use stage::{address, hidden};

const TOLD: &str = "Regenbogenhaut3355";
const EU: usize = 0;
const CANADA: usize = 2;

#[tokio::test(flavor = "multi_thread")]
async fn an_observer_gets_what_its_role_lets_it_see() {
    let three = Three::called(["European Union", "Japan", "Canada"]).await;
    let eu = &three.all[EU];
    let session = entered(eu, TEXT).await;
    let (to_japan, to_canada) = (three.id(1), three.id(CANADA));
    let label = ("tlp", "AMBER+STRICT");
    let both = [label, ("for", &*to_japan), ("for", &*to_canada)];
    let page = eu.get(&session).await.body;
    let text = address(&page, "/dialogues/texts/");
    let row = page[..page.find("exchange contact points").unwrap()]
        .rfind("href=\"/dialogues/commitments/")
        .unwrap();
    let commitment = address(&page[row..], "/dialogues/commitments/");
    let part = |address: &str| address.rsplit('/').next().unwrap().to_owned();
    let ids = [part(&session), part(&text), part(&commitment)];
    let about: Vec<&str> = ids.iter().map(String::as_str).collect();
    let version = async || {
        let page = eu.get(&format!("{session}/observers")).await.body;
        hidden(&page, "version")
    };
    let role = async |fields: &[(&str, &str)]| {
        eu.bench.later(1);
        let version = version().await;
        let mut all = vec![("version", version.as_str())];
        all.extend_from_slice(fields);
        eu.post(&format!("{session}/observers"), &all).await
    };
    Three::refused(&role(&[("who", &to_canada)]).await, "Choose its role");
    Three::refused(
        &role(&[("who", &to_japan), ("sees", "all")]).await,
        "a party or an observer already",
    );
    Three::taken(&role(&[("who", &to_canada), ("sees", "tabled"), ("side", "JP")]).await);
    let page = eu.get(&session).await.body;
    assert!(
        page.contains("Canada (on the side of Japan, sees tabled papers)"),
        "{page}"
    );

    // Shared with both; no paper was tabled: the observer has the session, and nothing that was said in it.
    let words = "exchange contact points";
    let share = format!("{session}/share");
    eu.bench.later(1);
    Three::taken(&eu.post(&share, &both).await);
    three.exchange().await;
    assert_eq!(three.all[CANADA].get(&session).await.status, 200);
    assert!(three.knows(1, words, &about).await);
    assert!(!three.knows(CANADA, words, &about).await);
    // What the text becomes when it was tabled, with what it says. Follow-up stays between the parties.
    let text_id = format!("report--{}", part(&text));
    let tabled = [label, both[1], both[2], ("tabled", &*text_id)];
    eu.bench.later(1);
    Three::taken(&eu.post(&share, &tabled).await);
    let follow = [
        ("state", "implemented"),
        ("account", TOLD),
        label,
        both[1],
        both[2],
    ];
    Three::taken(&eu.post(&format!("{commitment}/follow-up"), &follow).await);
    three.exchange().await;
    assert!(three.knows(CANADA, words, &about).await);
    assert!(three.knows(1, TOLD, &about).await);
    assert!(!three.knows(CANADA, TOLD, &about).await);
    // A text that is tabled no more is taken from it: that is asked first, though it is named.
    let losing = "Records of this session were for Canada";
    eu.bench.later(1);
    Three::refused(&eu.post(&share, &both).await, losing);
    // The role changes, and nothing goes by itself: the next time it is shared, everything goes.
    Three::taken(&role(&[("sees-CA", "all"), ("side-CA", "JP")]).await);
    three.exchange().await;
    assert!(!three.knows(CANADA, TOLD, &about).await);
    eu.bench.later(1);
    Three::taken(&eu.post(&share, &tabled).await);
    three.exchange().await;
    assert!(three.knows(CANADA, TOLD, &about).await);
    // One that sees the outcome alone has the tabled paper no more: so is that.
    Three::taken(&role(&[("sees-CA", "outcome"), ("side-CA", "JP")]).await);
    eu.bench.later(1);
    let asked = eu.post(&share, &tabled).await;
    Three::refused(&asked, losing);
    let from = hidden(&asked.body, "take-back-from");
    let ticked = [
        &tabled[..],
        &[("take-back", "yes"), ("take-back-from", &*from)],
    ]
    .concat();
    Three::taken(&eu.post(&share, &ticked).await);
    // What it has taken it is asked to withdraw; here it is in no audience any more.
    let node = eu.bench.node.clone();
    let canada = node.viewer_of(&three.all[CANADA].bench.node.home().id, true);
    let register = Register::new(&node, canada, Purpose::Relay);
    let about = format!("commitment--{}", part(&commitment));
    let left = register.having::<FollowUp>("follow_up.about", &about, 9);
    assert_eq!(left.unwrap().map(|all| all.len()).into_inner(), 0);
}
