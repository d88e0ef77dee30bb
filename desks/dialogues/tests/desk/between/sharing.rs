//! Sharing one session of a series: what hangs on the others stays where it is, and who has the series keeps it.

use dialogues::records::FollowUp;
use dialogues::register::Register;
use node::clearance::{Procedure, Step, StepKind};
use policy::Member;

use super::{Three, last};
use crate::entered::{TEXT, entered};
use stage::{Pages, address};

const EU: usize = 0;
const JAPAN: usize = 1;
const CANADA: usize = 2;
const LABEL: (&str, &str) = ("tlp", "AMBER+STRICT");

/// What we say became of a commitment of the first session.
const INSIDE: &str = "Querbalken7719 blocks it";

/// The next session of the same series.
const NEXT: &str = "Joint elements of the 5th EU-Japan Cyber Dialogue\n\nTokyo, 20/06/2020\n\n\
The European Union and Japan held the fifth meeting of their Cyber Dialogue in Tokyo on 18 June 2020.\n\
The EU and Japan will publish a handbook on incident response by 30 June 2027.\n";

/// The address of the commitment with these words, on the page of its session.
async fn commitment(pages: &Pages, session: &str, words: &str) -> String {
    let page = pages.get(session).await.body;
    let row = page[..page.find(words).unwrap()]
        .rfind("href=\"/dialogues/commitments/")
        .unwrap();
    address(&page[row..], "/dialogues/commitments/")
}

/// Two sessions of one series; their addresses, and that of the series.
async fn two(pages: &Pages) -> (String, String, String) {
    let first = entered(pages, TEXT).await;
    let series = address(&pages.get(&first).await.body, "/dialogues/series/");
    let series_id = format!("dialogue--{}", last(&series));
    pages.bench.later(60);
    let read = pages
        .post("/dialogues/readings/new", &[("text", NEXT)])
        .await;
    Three::taken(&read);
    let fields = [
        ("standing", "joint"),
        ("revision", "0"),
        ("dialogue", series_id.as_str()),
        ("others", "yes"),
    ];
    let done = pages.post(&format!("{}/confirm", read.to), &fields).await;
    Three::taken(&done);
    assert_ne!(done.to, first);
    let of = address(&pages.get(&done.to).await.body, "/dialogues/series/");
    assert_eq!(of, series);
    (first, done.to, series)
}

/// What we say became of a commitment of each session, for our side alone; the addresses of the commitments.
async fn followed(pages: &Pages, first: &str, second: &str) -> [String; 2] {
    let inside = commitment(pages, first, "exchange contact points").await;
    let handbook = commitment(pages, second, "handbook on incident response").await;
    for (one, state, account) in [
        (&inside, "not_started", INSIDE),
        (&handbook, "under_way", "Drafted"),
    ] {
        let said = [("state", state), ("account", account), LABEL];
        pages.bench.later(1);
        Three::taken(&pages.post(&format!("{one}/follow-up"), &said).await);
    }
    [inside, handbook]
}

#[tokio::test(flavor = "multi_thread")]
async fn what_hangs_on_another_session_of_the_series_stays_where_it_is() {
    let three = Three::called(["European Union", "Japan", "Canada"]).await;
    let eu = &three.all[EU];
    let (first, second, _) = two(eu).await;
    let [inside, handbook] = followed(eu, &first, &second).await;
    let to_japan = three.id(JAPAN);
    let for_japan = [LABEL, ("for", &*to_japan)];
    eu.bench.later(1);
    Three::taken(&eu.post(&format!("{second}/share"), &for_japan).await);
    three.exchange().await;
    let about = [last(&first), last(&second), last(&inside), last(&handbook)];
    let about: Vec<&str> = about.iter().map(String::as_str).collect();
    assert!(three.knows(JAPAN, "handbook", &about).await);
    assert!(three.knows(JAPAN, "Drafted", &about).await);
    assert!(!three.knows(JAPAN, INSIDE, &about).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_says_what_goes_and_who_has_it_until_now() {
    let three = Three::called(["European Union", "Japan", "Canada"]).await;
    let eu = &three.all[EU];
    let (first, second, _) = two(eu).await;
    followed(eu, &first, &second).await;
    let page = eu.get(&format!("{second}/share")).await.body;
    assert!(page.contains("Drafted"), "{page}");
    assert!(page.contains("our side alone"), "{page}");
    assert!(!page.contains(INSIDE), "{page}");
    let to_japan = three.id(JAPAN);
    let for_japan = [LABEL, ("for", &*to_japan)];
    eu.bench.later(1);
    Three::taken(&eu.post(&format!("{second}/share"), &for_japan).await);
    let page = eu.get(&format!("{second}/share?lang=fr")).await.body;
    assert!(page.contains("Drafted"), "{page}");
    assert!(!page.contains("notre seule partie"), "{page}");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_had_the_series_by_another_session_keeps_it() {
    let three = Three::called(["European Union", "Japan", "Canada"]).await;
    let eu = &three.all[EU];
    let (first, second, series) = two(eu).await;
    let [inside, _] = followed(eu, &first, &second).await;
    for (session, to) in [(&first, CANADA), (&second, JAPAN)] {
        let to = three.id(to);
        eu.bench.later(1);
        let fields = [LABEL, ("for", &*to)];
        Three::taken(&eu.post(&format!("{session}/share"), &fields).await);
        three.exchange().await;
    }
    let node = &eu.bench.node;
    let canada = node.viewer_of(&three.all[CANADA].bench.node.home().id, true);
    let register = Register::new(node, canada, policy::Purpose::Relay);
    let id = format!("commitment--{}", last(&inside));
    let left = register.having::<FollowUp>("follow_up.about", &id, 9);
    assert_eq!(left.unwrap().map(|all| all.len()).into_inner(), 1);
    for at in [EU, JAPAN, CANADA] {
        assert_eq!(three.all[at].get(&series).await.status, 200, "{at}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_series_that_waits_for_one_goes_on_waiting_for_them_with_the_next_session() {
    let three = Three::called(["European Union", "Japan", "Canada"]).await;
    let eu = &three.all[EU];
    let (first, second, series) = two(eu).await;
    let node = &eu.bench.node;
    let signature = Step {
        name: "signature".into(),
        kind: StepKind::Signature,
        who: Vec::new(),
        given: None,
    };
    let procedure = Procedure {
        steps: vec![signature],
        four_eyes: true,
        ..Procedure::default()
    };
    let operator = node.at_terminal("tests");
    let defined = node.clearance().define(procedure, &operator);
    defined.await.unwrap();
    for (session, to) in [(&first, JAPAN), (&second, CANADA)] {
        let to = three.id(to);
        eu.bench.later(60);
        let way = format!("{session}/share");
        Three::taken(&eu.post(&way, &[LABEL, ("for", &*to)]).await);
    }
    let id = format!("dialogue--{}", last(&series)).parse().unwrap();
    let asked = node.clearance().asked_for(&node.home_viewer(), &id);
    let label = asked.unwrap().unwrap().into_inner().label().unwrap();
    for to in [JAPAN, CANADA] {
        let member = Member::Participant(three.id(to).parse().unwrap());
        let mut clauses = label.class.clauses();
        assert!(clauses.all(|clause| clause.audience.contains(&member)));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_series_goes_along_under_the_stricter_label_and_is_on_the_list() {
    let three = Three::called(["European Union", "Japan", "Canada"]).await;
    let eu = &three.all[EU];
    let (first, second, series) = two(eu).await;
    for (session, to, tlp) in [(&first, CANADA, "AMBER"), (&second, JAPAN, "AMBER+STRICT")] {
        let to = three.id(to);
        eu.bench.later(1);
        let fields = [("tlp", tlp), ("for", &*to)];
        Three::taken(&eu.post(&format!("{session}/share"), &fields).await);
    }
    let node = &eu.bench.node;
    let id = format!("dialogue--{}", last(&series)).parse().unwrap();
    let stood = node.stood(&node.home_viewer(), policy::Purpose::Show, &id);
    let label = stood.unwrap().unwrap().into_inner().label;
    assert_eq!(label.class.tlp(), policy::Tlp::AmberStrict);
    for to in [JAPAN, CANADA] {
        let member = Member::Participant(three.id(to).parse().unwrap());
        let mut clauses = label.class.clauses();
        assert!(clauses.all(|clause| clause.audience.contains(&member)));
    }
    let page = eu.get(&series).await.body;
    let name = page.split("<h1>").nth(1).unwrap();
    let name = name.split("</h1>").next().unwrap();
    let page = eu.get(&format!("{second}/share")).await.body;
    let listed = format!("<dt><bdi>{name}</bdi></dt>");
    assert!(page.contains(&listed), "{listed}: {page}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_shared_again_for_fewer_names_who_has_it_and_asks_first() {
    let three = Three::called(["European Union", "Japan", "Canada"]).await;
    let eu = &three.all[EU];
    let session = entered(eu, TEXT).await;
    let series = address(&eu.get(&session).await.body, "/dialogues/series/");
    let (to_japan, to_canada) = (three.id(JAPAN), three.id(CANADA));
    let way = format!("{session}/share");
    eu.bench.later(1);
    Three::taken(&eu.post(&way, &[LABEL, ("for", &*to_japan)]).await);
    three.exchange().await;
    let japan_sees = || async { three.all[JAPAN].get(&session).await.status == 200 };
    assert!(japan_sees().await);

    // To both, nobody loses anything; to one, the other is named, in either language, and nothing has happened.
    eu.bench.later(60);
    let both = [LABEL, ("for", &*to_japan), ("for", &*to_canada)];
    Three::taken(&eu.post(&way, &both).await);
    eu.bench.later(60);
    let fewer = [LABEL, ("for", &*to_canada)];
    let answer = eu.post(&way, &fewer).await;
    Three::refused(&answer, "Records of this session were for Japan: whoever");
    assert!(
        answer
            .body
            .contains("Take back what Japan had of this session")
    );
    let french = eu.post(&format!("{way}?lang=fr"), &fewer).await;
    Three::refused(
        &french,
        "pièces de cette session étaient destinées à : Japan",
    );
    three.exchange().await;
    assert!(japan_sees().await);

    // Its other forms ask as well.
    let version = |page: &str| stage::hidden(page, "version");
    let page = eu.get(&format!("{session}/edit")).await.body;
    let held = [
        ("version", &*version(&page)),
        ("state", "held"),
        ("ordinal", "4"),
        ("start", "2019-06-11"),
        LABEL,
    ];
    let answer = eu.post(&format!("{session}/edit"), &held).await;
    Three::refused(
        &answer,
        "The earlier version was for Canada and Japan: whoever",
    );
    let page = eu.get(&format!("{session}/agenda")).await.body;
    let items = [("version", &*version(&page)), ("items", "Norms"), LABEL];
    let answer = eu.post(&format!("{session}/agenda"), &items).await;
    Three::refused(
        &answer,
        "The earlier version was for Canada and Japan: whoever",
    );
    let page = eu.get(&format!("{series}/edit")).await.body;
    let named = [
        ("version", &*version(&page)),
        ("name", "EU-Japan Cyber Dialogue"),
        ("parties", "EU, Japan"),
        LABEL,
        ("for", &*to_canada),
    ];
    let answer = eu.post(&format!("{series}/edit"), &named).await;
    Three::refused(&answer, "The earlier version was for Japan: whoever");

    // Ticked for others than those who would lose it, it is asked again; ticked for these, it is meant.
    let mut others = fewer.to_vec();
    others.extend([("take-back", "yes"), ("take-back-from", "Canada")]);
    let answer = eu.post(&way, &others).await;
    Three::refused(&answer, "Records of this session were for Japan: whoever");
    let mut meant = fewer.to_vec();
    meant.extend([("take-back", "yes"), ("take-back-from", "Japan")]);
    Three::taken(&eu.post(&way, &meant).await);
    three.exchange().await;
    let node = &eu.bench.node;
    let japan = node.viewer_of(&three.all[JAPAN].bench.node.home().id, true);
    let id = format!("session--{}", last(&session)).parse().unwrap();
    let left = node.stood(&japan, policy::Purpose::Relay, &id).unwrap();
    assert!(left.is_none(), "it is Japan's no more");
}
