//! What was entered and is withdrawn: a round that was put forward, and what runs between sessions. Both sides read that it is, and why.

use axum::http::StatusCode;
use stage::{address, hidden};

use super::{Three, last, signed_for};
use crate::entered::{TEXT, entered};

const EU: usize = 0;
const JAPAN: usize = 1;
const LABEL: (&str, &str) = ("tlp", "AMBER+STRICT");
const ASKED: &str = "European Union asked on 18 November 2026 to withdraw this";

impl Three {
    /// Somebody at a node puts a round forward for another; its address.
    async fn next_round(&self, at: usize, draft: &str, to: usize) -> String {
        let side = &self.all[at];
        side.bench.later(60);
        Self::taken(&side.post(&format!("{draft}/work"), &[]).await);
        let way = format!("{draft}/forward");
        let revision = hidden(&side.get(&way).await.body, "revision");
        let to = self.id(to);
        let fields = [LABEL, ("revision", &*revision), ("for", &*to)];
        side.bench.later(60);
        let put = side.post(&way, &fields).await;
        Self::taken(&put);
        put.to
    }

    /// Somebody withdraws a round.
    async fn withdraws(&self, at: usize, round: &str, more: &[(&str, &str)]) -> stage::Answer {
        let side = &self.all[at];
        side.bench.later(60);
        let way = format!("{round}/withdraw");
        let version = hidden(&side.get(&way).await.body, "version");
        let mut fields = vec![("version", &*version), ("reason", "Querbalken4499")];
        fields.extend_from_slice(more);
        side.post(&way, &fields).await
    }

    /// The number of the newest round in the row of a draft, where the drafts of its session list it.
    pub(super) async fn listed(&self, at: usize, session: &str, draft: &str) -> Option<char> {
        let page = self.all[at].get(&format!("{session}/drafts")).await;
        assert_eq!(page.status, StatusCode::OK, "{}", page.body);
        let row = page.body.split(&format!("href=\"{draft}\"")).nth(1)?;
        let round = row.split("class=\"number\"").nth(1)?;
        let round = round.split("</td>").next()?;
        round.chars().find(char::is_ascii_digit)
    }

    /// A text that the first node begins for the second.
    async fn begins(&self) -> String {
        let eu = &self.all[EU];
        let japan = self.id(JAPAN);
        let [draft] = super::late::begun(eu, &[LABEL, ("for", &*japan)], ["Elements"]).await;
        self.exchange().await;
        draft
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_newest_round_of_ours_is_withdrawn_and_the_draft_goes_on_from_the_one_before() {
    let three = Three::called(["European Union", "Japan", "Canada"]).await;
    let (eu, japan) = (&three.all[EU], &three.all[JAPAN]);
    let draft = three.begins().await;
    let second = three.next_round(EU, &draft, JAPAN).await;
    three.exchange().await;
    assert!(japan.get(&draft).await.body.contains("Round 2"));
    // The page of the newest round of ours leads there; the first has one behind it, and another's is not ours.
    let way = format!("{second}/withdraw\"");
    assert!(eu.get(&second).await.body.contains(&way));
    assert!(!japan.get(&second).await.body.contains(&way));
    let first = format!("{draft}/rounds/{}", last(&draft));
    assert!(!eu.get(&first).await.body.contains("/withdraw\""));
    let hangs = eu.get(&format!("{first}/withdraw")).await.body;
    assert!(hangs.contains("as long as this hangs on it") && hangs.contains("Round 2"));
    let refused = japan.get(&format!("{second}/withdraw")).await;
    assert_eq!(refused.status, StatusCode::CONFLICT, "{}", refused.body);
    // What is in preparation on it comes first.
    Three::taken(&eu.post(&format!("{draft}/work"), &[]).await);
    let hangs = eu.get(&format!("{second}/withdraw")).await.body;
    assert!(hangs.contains("Round in preparation"), "{hangs}");
    Three::taken(&eu.post(&format!("{draft}/drop"), &[]).await);
    // The other side prepares an answer to it meanwhile.
    Three::taken(&japan.post(&format!("{draft}/work"), &[]).await);

    Three::refused(&three.withdraws(EU, &second, &[]).await, "Japan had it");
    let gone = three.withdraws(EU, &second, &[("take-back", "yes")]).await;
    Three::taken(&gone);
    assert_eq!(gone.to, draft);
    three.exchange().await;
    for side in [eu, japan] {
        let page = side.get(&draft).await.body;
        assert!(
            page.contains("Withdrawn: Round 2") && page.contains("Querbalken4499"),
            "{page}"
        );
        assert!(
            page.contains("<dt>Newest round</dt><dd><bdi>Round 1"),
            "{page}"
        );
        let round = side.get(&second).await;
        assert_eq!(round.status, StatusCode::GONE, "{}", round.body);
        assert!(round.body.contains("Querbalken4499"), "{}", round.body);
    }
    // What the other side had begun from it cannot go out, and is not lost.
    let work = japan.get(&format!("{draft}/work")).await.body;
    assert!(
        work.contains("Withdrawn since: Round 2") && !work.contains("/forward\""),
        "{work}"
    );
    let forward = japan.get(&format!("{draft}/forward")).await;
    assert_eq!(forward.status, StatusCode::CONFLICT, "{}", forward.body);
    Three::taken(&japan.post(&format!("{draft}/drop"), &[]).await);
    // The next one goes on from the first, and has a number of its own.
    three.next_round(JAPAN, &draft, EU).await;
    three.exchange().await;
    let page = eu.get(&draft).await.body;
    assert!(
        page.contains("<dt>Newest round</dt><dd><bdi>Round 3"),
        "{page}"
    );
    assert!(!page.contains("written at the same time"), "{page}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_round_stays_that_another_goes_on_from_by_way_of_a_withdrawn_one() {
    let three = Three::called(["European Union", "Japan", "Canada"]).await;
    let eu = &three.all[EU];
    let draft = three.begins().await;
    let second = three.next_round(EU, &draft, JAPAN).await;
    three.exchange().await;
    // The other side answers it while it is being withdrawn.
    three.next_round(JAPAN, &draft, EU).await;
    Three::taken(&three.withdraws(EU, &second, &[("take-back", "yes")]).await);
    three.exchange().await;
    let page = eu.get(&draft).await.body;
    assert!(
        page.contains("<dt>Newest round</dt><dd><bdi>Round 3"),
        "{page}"
    );
    let first = format!("{draft}/rounds/{}", last(&draft));
    let way = format!("{first}/withdraw");
    let hangs = eu.get(&way).await.body;
    assert!(
        hangs.contains("as long as this hangs on it") && hangs.contains("Round 3"),
        "{hangs}"
    );
    let refused = eu.post(&way, &[("reason", "x")]).await;
    assert_eq!(refused.status, StatusCode::CONFLICT, "{}", refused.body);
    assert_eq!(eu.get(&first).await.status, StatusCode::OK);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_round_that_is_asked_back_counts_no_more_and_a_draft_without_rounds_says_so() {
    let three = Three::called(["European Union", "Japan", "Canada"]).await;
    let (eu, japan) = (&three.all[EU], &three.all[JAPAN]);
    let draft = three.begins().await;
    let session = address(&japan.get(&draft).await.body, "/dialogues/sessions/");
    assert_eq!(three.listed(JAPAN, &session, &draft).await, Some('1'));
    // From now on what leaves takes a signature, the reason too; what takes back waits for nobody.
    signed_for(eu).await;
    let first = format!("{draft}/rounds/{}", last(&draft));
    Three::taken(&three.withdraws(EU, &first, &[("take-back", "yes")]).await);
    three.exchange().await;
    let page = eu.get(&draft).await;
    assert_eq!(page.status, StatusCode::GONE, "{}", page.body);
    assert!(page.body.contains("Querbalken4499"), "{}", page.body);
    let page = japan.get(&draft).await;
    assert_eq!(page.status, StatusCode::GONE, "{}", page.body);
    assert!(
        page.body.contains(ASKED) && !page.body.contains("Querbalken4499"),
        "{}",
        page.body
    );
    assert_eq!(three.listed(JAPAN, &session, &draft).await, None);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_drafts_of_a_session_are_listed_by_the_newest_round_that_stands() {
    let three = Three::called(["European Union", "Japan", "Canada"]).await;
    let (eu, japan) = (&three.all[EU], &three.all[JAPAN]);
    let draft = three.begins().await;
    let second = three.next_round(EU, &draft, JAPAN).await;
    three.exchange().await;
    let session = address(&japan.get(&draft).await.body, "/dialogues/sessions/");
    assert_eq!(three.listed(JAPAN, &session, &draft).await, Some('2'));
    signed_for(eu).await;
    Three::taken(&three.withdraws(EU, &second, &[("take-back", "yes")]).await);
    three.exchange().await;
    let page = japan.get(&draft).await.body;
    assert!(
        page.contains("<dt>Newest round</dt><dd><bdi>Round 1"),
        "{page}"
    );
    assert_eq!(three.listed(JAPAN, &session, &draft).await, Some('1'));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_draft_all_rounds_of_which_are_asked_back_is_listed_nowhere_and_told_as_withdrawn() {
    let three = Three::called(["European Union", "Japan", "Canada"]).await;
    let (eu, japan) = (&three.all[EU], &three.all[JAPAN]);
    let draft = three.begins().await;
    let second = three.next_round(EU, &draft, JAPAN).await;
    three.exchange().await;
    let session = address(&japan.get(&draft).await.body, "/dialogues/sessions/");
    assert_eq!(three.listed(JAPAN, &session, &draft).await, Some('2'));
    signed_for(eu).await;
    let first = format!("{draft}/rounds/{}", last(&draft));
    for round in [&second, &first] {
        Three::taken(&three.withdraws(EU, round, &[("take-back", "yes")]).await);
    }
    three.exchange().await;
    for (at, told) in [(EU, "Querbalken4499"), (JAPAN, ASKED)] {
        assert_eq!(three.listed(at, &session, &draft).await, None);
        for path in [&draft, &first, &second] {
            let page = three.all[at].get(path).await;
            assert_eq!(page.status, StatusCode::GONE, "{path}: {}", page.body);
            assert!(page.body.contains(told), "{path}: {}", page.body);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_runs_between_sessions_says_that_it_is_asked_back_and_is_withdrawn_on_its_page() {
    let three = Three::called(["European Union", "Japan", "Canada"]).await;
    let (eu, japan) = (&three.all[EU], &three.all[JAPAN]);
    let to = three.id(JAPAN);
    let shared = [LABEL, ("for", &*to)];
    let session = entered(eu, TEXT).await;
    eu.bench.later(60);
    Three::taken(&eu.post(&format!("{session}/share"), &shared).await);
    let page = eu.get(&session).await.body;
    let commitment = address(&page, "/dialogues/commitments/");
    let series = address(&page, "/dialogues/series/");
    let dialogue = format!("dialogue--{}", last(&series));
    let of = [("dialogue", &*dialogue), ("serves", &*commitment)];
    let made = async |room: &str, fields: &[(&str, &str)]| {
        eu.bench.later(60);
        let fields = [fields, &shared].concat();
        let made = eu.post(&format!("/dialogues/{room}/new"), &fields).await;
        Three::taken(&made);
        made.to
    };
    let event = [("name", "Workshop"), ("start", "2027-03-01"), of[0], of[1]];
    let event = made("events", &event).await;
    let demarche = [
        ("subject", "Points of contact"),
        ("towards", "Norway"),
        ("by", "EU"),
        ("at", "2026-10-05"),
    ];
    let demarche = made("demarches", &demarche).await;
    let parties = ("parties", "EU, Japan");
    let arrangement = made("arrangements", &[("name", "Arrangement"), parties]).await;
    let above = format!("arrangement--{}", last(&arrangement));
    let above = ("above", &*above);
    made("strands", &[("name", "Exchange of practice"), above]).await;
    let activity = [("name", "Visit"), ("progress", "planned"), above];
    let activity = made("activities", &activity).await;
    three.exchange().await;
    // Said anew for our side alone, both are asked back.
    let page = eu.get(&arrangement).await.body;
    let strand = address(&page, "/dialogues/strands/");
    for (edit, name) in [
        (format!("{event}/edit"), "Workshop"),
        (strand, "Exchange of practice"),
    ] {
        eu.bench.later(60);
        let version = hidden(&eu.get(&edit).await.body, "version");
        let fields = [
            ("version", &*version),
            ("name", name),
            ("start", "2027-03-01"),
            above,
            of[0],
            of[1],
            LABEL,
            ("take-back", "yes"),
        ];
        Three::taken(&eu.post(&edit, &fields).await);
    }
    three.exchange().await;
    // So do the pages that list them.
    for path in [&event, &arrangement, &commitment, &series] {
        let page = japan.get(path).await.body;
        assert!(page.contains(ASKED), "{path}: {page}");
    }
    // Each page of ours leads to where it is withdrawn; what hangs on the arrangement goes first.
    let whole = format!("/records/arrangement--{}/withdraw\"", last(&arrangement));
    let page = eu.get(&arrangement).await.body;
    assert!(!page.contains(&whole), "{page}");
    let strand = page.split("href=\"/records/strand--").nth(1).unwrap();
    let strand = format!("/records/strand--{}", strand.split('"').next().unwrap());
    for (kind, path) in [
        ("event", &event),
        ("demarche", &demarche),
        ("activity", &activity),
        ("strand", &arrangement),
    ] {
        let way = match kind {
            "strand" => strand.clone(),
            kind => format!("/records/{kind}--{}/withdraw", last(path)),
        };
        let page = eu.get(path).await.body;
        assert!(page.contains(&format!("{way}\">Withdraw")), "{way}: {page}");
        assert!(!japan.get(path).await.body.contains(&way));
        eu.bench.later(60);
        let version = hidden(&eu.get(&way).await.body, "version");
        let fields = [("version", &*version), ("reason", "Entered by mistake")];
        Three::taken(&eu.post(&way, &fields).await);
    }
    three.exchange().await;
    for path in [&event, &demarche, &activity] {
        let page = eu.get(path).await;
        assert_eq!(page.status, StatusCode::GONE, "{}", page.body);
        assert!(page.body.contains("Withdrawn by European Union"));
    }
    for path in [&demarche, &activity] {
        let page = japan.get(path).await.body;
        assert!(
            page.contains("Withdrawn by European Union"),
            "{path}: {page}"
        );
    }
    let page = eu.get(&arrangement).await.body;
    assert!(
        page.contains(&whole) && !page.contains("Exchange of practice"),
        "{page}"
    );
}
