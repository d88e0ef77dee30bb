//! An appraisal: internal, released by a signatory to the side judged, replied to, released to a third with the reply beside it.

use node::users::Role;

use super::Three;
use crate::entered::{TEXT, entered};
use stage::{address, form};

const JUDGED: &str = "Zwergplanet4711";
const REPLY: &str = "Sternschnuppe0815";
const KEPT: &str = "Nebelkammer2207";
const EU: usize = 0;
const JAPAN: usize = 1;
const CANADA: usize = 2;

/// A commitment of the EU and Japan that all three have; its address, and the part of its id that stands there.
async fn shared(three: &Three) -> (String, String) {
    let eu = &three.all[EU];
    let session = entered(eu, TEXT).await;
    let (japan, canada) = (three.id(JAPAN), three.id(CANADA));
    let to = [("tlp", "AMBER+STRICT"), ("for", &*japan), ("for", &*canada)];
    eu.bench.later(1);
    Three::taken(&eu.post(&format!("{session}/share"), &to).await);
    three.exchange().await;
    let page = eu.get(&session).await.body;
    let at = page.find("exchange contact points").unwrap();
    let row = page[..at].rfind("href=\"/dialogues/commitments/").unwrap();
    let commitment = address(&page[row..], "/dialogues/commitments/");
    let id = commitment.rsplit('/').next().unwrap().to_owned();
    for at in [JAPAN, CANADA] {
        let page = three.all[at].get(&commitment).await;
        assert!(page.body.contains("exchange contact points"));
    }
    (commitment, id)
}

#[tokio::test(flavor = "multi_thread")]
async fn an_appraisal_goes_to_the_side_judged_first_and_on_with_its_reply() {
    let three = Three::called(["European Union", "Japan", "Canada"]).await;
    let [eu, japan, canada] = &three.all;
    let (commitment, id) = shared(&three).await;
    let judged = [
        ("of", "JP"),
        ("basis", "Public sources"),
        ("score", "0"),
        ("account", JUDGED),
    ];
    Three::taken(&eu.post(&format!("{commitment}/appraisal"), &judged).await);
    three.exchange().await;
    let page = eu.get(&commitment).await.body;
    assert!(page.contains(JUDGED) && page.contains("Work in progress (0)"));
    let release = address(&page, "/dialogues/appraisals/");
    let appraisal = release.split('/').nth(3).unwrap().to_owned();
    let about = [id.as_str(), appraisal.as_str()];
    assert!(three.knows(EU, JUDGED, &about).await);
    for at in [JAPAN, CANADA] {
        assert!(!three.knows(at, JUDGED, &about).await, "{at}");
        // Neither the page nor the door to a reply tells that there is something.
        let hidden = three.all[at]
            .get(&format!("/dialogues/appraisals/{appraisal}/reply"))
            .await;
        let absent = "/dialogues/appraisals/00000000-0000-4000-8000-000000000000/reply";
        let absent = three.all[at].get(absent).await;
        assert_eq!((hidden.status, hidden.body), (absent.status, absent.body));
    }

    let (to_japan, to_canada) = (three.id(JAPAN), three.id(CANADA));
    let label = ("tlp", "AMBER+STRICT");
    let (side, other) = (("for", &*to_japan), ("for", &*to_canada));
    let by = ("reply_by", "2026-12-31");
    for (to, sentence) in [
        (&[label, by][..], "Name who gets it"),
        (&[label, by, other], "Japan gets it first, and alone"),
        (&[label, by, side, other], "Japan gets it first, and alone"),
        (&[label, side, ("reply_by", "2020-01-01")], "still to come"),
    ] {
        Three::refused(&eu.post(&release, to).await, sentence);
    }
    // Who may write and not sign asks; nothing leaves.
    let editor = eu.somebody("Eva Holm", &[Role::Reader, Role::Editor]).await;
    let asked = eu
        .ask("POST", &release, &editor, form(&[label, by, side]))
        .await;
    Three::taken(&asked);
    three.exchange().await;
    assert!(!three.knows(JAPAN, JUDGED, &about).await);
    // A signatory lets it go: to the side judged, and to nobody else.
    Three::taken(&eu.post(&release, &[label, by, side]).await);
    three.exchange().await;
    assert!(three.knows(JAPAN, JUDGED, &about).await);
    assert!(!three.knows(CANADA, JUDGED, &about).await);
    let both = [label, side, other];
    Three::refused(
        &eu.post(&release, &both).await,
        "Japan has until 31 December 2026 to reply",
    );
    Three::refused(
        &eu.post(&release, &[label, other]).await,
        "has to be among those",
    );

    // The side judged replies; who judged cannot reply to itself.
    let reply = address(&japan.get(&commitment).await.body, "/dialogues/appraisals/");
    assert!(reply.ends_with("/reply"), "{reply}");
    assert_eq!(eu.get(&reply).await.status, 404);
    let to_eu = three.id(EU);
    let to_eu = ("for", &*to_eu);
    let said = [("words", REPLY), label, to_eu];
    Three::taken(&japan.post(&reply, &said).await);
    three.exchange().await;
    let page = eu.get(&commitment).await.body;
    assert!(page.contains(JUDGED) && page.contains(REPLY), "{page}");
    assert!(page.contains("Japan replies"));
    // What the reply does not let go along stays between the two.
    Three::taken(&eu.post(&release, &both).await);
    three.exchange().await;
    assert!(three.knows(CANADA, JUDGED, &about).await);
    assert!(!three.knows(CANADA, REPLY, &about).await);

    // Now it may stand beside.
    let said = [("words", REPLY), ("beside", "yes"), label, to_eu];
    Three::taken(&japan.post(&reply, &said).await);
    three.exchange().await;
    Three::taken(&eu.post(&release, &both).await);
    three.exchange().await;
    let page = canada.get(&commitment).await.body;
    assert!(page.contains(JUDGED) && page.contains(REPLY), "{page}");
    assert!(page.contains("Japan replies"));
}

#[tokio::test(flavor = "multi_thread")]
async fn others_get_it_when_the_time_for_a_reply_is_over_and_two_appraisals_stay_two() {
    let three = Three::called(["European Union", "Japan", "Canada"]).await;
    let eu = &three.all[EU];
    let (commitment, id) = shared(&three).await;
    for (score, account) in [("-1", JUDGED), ("1", KEPT)] {
        let judged = [
            ("of", "JP"),
            ("basis", "x"),
            ("score", score),
            ("account", account),
        ];
        eu.bench.later(1);
        Three::taken(&eu.post(&format!("{commitment}/appraisal"), &judged).await);
    }
    let page = eu.get(&commitment).await.body;
    assert!(page.find(JUDGED) < page.find(KEPT));
    assert!(page.contains("No compliance (−1)") && page.contains("Full compliance (+1)"));
    let release = address(&page, "/dialogues/appraisals/");
    let (japan, canada) = (three.id(JAPAN), three.id(CANADA));
    let label = ("tlp", "AMBER+STRICT");
    let first = [label, ("for", &*japan), ("reply_by", "2026-12-01")];
    Three::taken(&eu.post(&release, &first).await);
    three.exchange().await;
    let both = [label, ("for", &*japan), ("for", &*canada)];
    Three::refused(&eu.post(&release, &both).await, "has until 1 December 2026");
    for pages in &three.all {
        pages.bench.later(30 * 86_400);
    }
    // Sessions end meanwhile; whoever signs signs in again.
    let again = eu.somebody("Sam Rook", &Role::ALL).await;
    Three::taken(&eu.ask("POST", &release, &again, form(&both)).await);
    three.exchange().await;
    let node = three.all[CANADA].bench.node.clone();
    let held = |word: &'static str| {
        let all = node.newest(&node.home_viewer(), policy::Purpose::Show, &[], 5_000);
        all.unwrap()
            .into_iter()
            .any(|one| String::from_utf8_lossy(&one.into_inner().record.body).contains(word))
    };
    assert!(held(JUDGED), "{id}");
    assert!(!held(KEPT));
}
