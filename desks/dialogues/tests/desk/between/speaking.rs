//! Who says something for a side: a record that somebody writes in the name of another counts for nothing, and the page says whose it is.

use dialogues::compose::{Batch, Label};
use dialogues::records::{
    AppraisalReply, Commitment, Consent, FollowUp, Kind, NewPiece, Piece, Placed,
};
use dialogues::register::Register;
use stix::marking::{Audience, TlpName};

use super::{Three, last};
use crate::entered::{TEXT, entered};
use stage::address;

const EU: usize = 0;
const JAPAN: usize = 1;
const CANADA: usize = 2;
const LABEL: (&str, &str) = ("tlp", "AMBER+STRICT");

impl Three {
    /// A node writes a record as only its own program could, for the two others.
    pub(super) async fn writes<T: Placed + Send + 'static>(&self, at: usize, what: T) {
        let node = self.all[at].bench.node.clone();
        let others = self
            .all
            .each_ref()
            .map(|pages| pages.bench.node.home().id.clone());
        let others = others
            .into_iter()
            .filter(|id| *id != node.home().id)
            .map(Audience::Identity)
            .collect();
        for pages in &self.all {
            pages.bench.later(1);
        }
        tokio::task::spawn_blocking(move || {
            let label = Label::To(TlpName::AmberStrict, others);
            let mut batch = Batch::new(&node, None, label);
            batch.add(NewPiece::of(what)).unwrap();
            batch.send().unwrap();
        })
        .await
        .unwrap();
        self.exchange().await;
    }

    /// A session of the European Union and Japan that all three have, its text, and one of its commitments.
    async fn shared(&self, text: &str, words: &str) -> [String; 3] {
        let eu = &self.all[EU];
        let session = entered(eu, text).await;
        let (japan, canada) = (self.id(JAPAN), self.id(CANADA));
        let to = [LABEL, ("for", &*japan), ("for", &*canada)];
        eu.bench.later(1);
        Self::taken(&eu.post(&format!("{session}/share"), &to).await);
        self.exchange().await;
        let page = eu.get(&session).await.body;
        let row = page[..page.find(words).unwrap()]
            .rfind("href=\"/dialogues/commitments/")
            .unwrap();
        let one = address(&page[row..], "/dialogues/commitments/");
        [session, address(&page, "/dialogues/texts/"), one]
    }

    pub(super) fn held<T: Kind>(&self, at: usize, facet: &str, value: &str) -> Vec<Piece<T>> {
        let node = &self.all[at].bench.node;
        let register = Register::at_home(node);
        register.having::<T>(facet, value, 9).unwrap().into_inner()
    }
}

fn made<T: serde::de::DeserializeOwned>(value: serde_json::Value) -> T {
    serde_json::from_value(value).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_consents_for_another() {
    let three = Three::called(["European Union", "Japan", "Canada"]).await;
    let eu = &three.all[EU];
    let [session, text, _] = three.shared(TEXT, "exchange contact points").await;
    let text_id = format!("report--{}", last(&text));
    let consent = || -> Consent {
        made(serde_json::json!({ "about_ref": text_id, "side": "JP", "purpose": "publish" }))
    };
    three.writes(CANADA, consent()).await;
    assert_eq!(
        three.held::<Consent>(EU, "consent.about", &text_id).len(),
        1
    );
    let share = format!("{session}/share");
    let public = [("tlp", "CLEAR")];
    let missing = "whose consent to publish it is not recorded";
    Three::refused(&eu.post(&share, &public).await, missing);
    let page = eu.get(&text).await.body;
    let whose = "Said by Canada in the name of Japan: it counts for nothing";
    assert!(page.contains(whose), "{page}");
    // Japan's own word is Japan's.
    three.writes(JAPAN, consent()).await;
    eu.bench.later(1);
    Three::taken(&eu.post(&share, &public).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_says_what_became_of_it_for_another() {
    let three = Three::called(["European Union", "Japan", "Canada"]).await;
    let eu = &three.all[EU];
    let [session, _, one] = three.shared(TEXT, "exchange contact points").await;
    let id = format!("commitment--{}", last(&one));
    let series = three.held::<Commitment>(EU, "commitment.session", &{
        format!("session--{}", last(&session))
    });
    let series = series[0].what.dialogue_ref.clone();
    let said = |account: &str| -> FollowUp {
        made(serde_json::json!({
            "about_ref": id, "side": "JP", "state": "implemented", "dialogue_ref": series, "account": account,
        }))
    };
    three.writes(CANADA, said("Wasserstoff2291")).await;
    let page = eu.get(&one).await.body;
    assert!(
        page.contains("date passed, no follow-up recorded")
            || page.contains("Date passed, no follow-up recorded"),
        "{page}"
    );
    let whose = "Said by Canada in the name of Japan: it counts for nothing";
    assert!(page.contains(whose), "{page}");
    assert!(page.contains("Wasserstoff2291"), "{page}");
    let french = eu.get(&format!("{one}?lang=fr")).await.body;
    assert!(french.contains("Dit par Canada au nom"), "{french}");
    eu.get(&format!("{one}?lang=en")).await;
    assert!(!eu.get(&session).await.body.contains("Wasserstoff2291"));
    // Japan's own account stands, whatever is said later in its name.
    three.writes(JAPAN, said("Eigenwort2292")).await;
    three.writes(CANADA, said("Wasserstoff2293")).await;
    let page = eu.get(&session).await.body;
    assert!(page.contains("Eigenwort2292"), "{page}");
    assert!(!page.contains("Wasserstoff"), "{page}");
}

/// What one side says alone.
const READ_OUT: &str = "EU-Japan: read-out of the 4th Cyber Dialogue\n\nBrussels, 12/06/2019\n\n\
The European Union and Japan held the fourth meeting of their Cyber Dialogue in Brussels on 11 June 2019.\n\
The EU and Japan will exchange contact points for cyber incidents by 31 December 2025.\n";

#[tokio::test(flavor = "multi_thread")]
async fn nobody_confirms_or_replies_for_another() {
    let three = Three::called(["European Union", "Japan", "Canada"]).await;
    let eu = &three.all[EU];
    let read = eu
        .post("/dialogues/readings/new", &[("text", READ_OUT)])
        .await;
    Three::taken(&read);
    let fields = [
        ("standing", "read_out"),
        ("revision", "0"),
        ("reported_by", "EU"),
        ("others", "yes"),
    ];
    let done = eu.post(&format!("{}/confirm", read.to), &fields).await;
    Three::taken(&done);
    let (japan, canada) = (three.id(JAPAN), three.id(CANADA));
    let to = [LABEL, ("for", &*japan), ("for", &*canada)];
    eu.bench.later(1);
    Three::taken(&eu.post(&format!("{}/share", done.to), &to).await);
    three.exchange().await;
    let page = eu.get(&done.to).await.body;
    let row = page[..page.find("exchange contact points").unwrap()]
        .rfind("href=\"/dialogues/commitments/")
        .unwrap();
    let one = address(&page[row..], "/dialogues/commitments/");
    let id = format!("commitment--{}", last(&one));
    let confirms = || -> Consent {
        made(serde_json::json!({ "about_ref": id, "side": "JP", "purpose": "confirm" }))
    };
    three.writes(CANADA, confirms()).await;
    let reported = "Reported by European Union alone";
    let page = eu.get(&one).await.body.to_lowercase();
    assert!(page.contains(&reported.to_lowercase()), "{page}");
    let whose = "said by canada in the name of japan: it counts for nothing";
    assert!(page.contains(whose), "{page}");
    three.writes(JAPAN, confirms()).await;
    let page = eu.get(&one).await.body.to_lowercase();
    assert!(!page.contains(&reported.to_lowercase()), "{page}");

    // Japan confirms it on its own page, and takes that back: it is the Union's account alone again, here and there.
    let way = format!("{one}/consent");
    let back = format!("{way}/back");
    let pages = &three.all[JAPAN];
    let eu_id = three.id(EU);
    let to_eu = [LABEL, ("for", &*eu_id)];
    pages.bench.later(60);
    assert!(pages.get(&one).await.body.contains(&format!("{back}\"")));
    Three::refused(&pages.post(&back, &[]).await, "Fill in: Why");
    let why = [("reason", "Querbalken4413")];
    Three::taken(&pages.post(&back, &why).await);
    three.exchange().await;
    for at in [EU, JAPAN] {
        let page = three.all[at].get(&one).await.body;
        assert!(
            page.contains(reported) && page.contains("Confirmation taken back"),
            "{page}"
        );
        assert!(page.contains("Querbalken4413"), "{page}");
    }
    let home = eu.get("/dialogues").await.body;
    assert!(home.contains("Japan takes back its confirmation"), "{home}");
    Three::refused(
        &pages.post(&back, &why).await,
        "Nothing of ours stands here",
    );
    pages.bench.later(60);
    Three::taken(&pages.post(&way, &to_eu).await);
    three.exchange().await;
    let page = eu.get(&one).await.body;
    assert!(
        !page.contains(reported) && !page.contains("Querbalken4413"),
        "{page}"
    );

    // An appraisal of Japan's part, and a reply to it that Canada writes as Japan's: it goes nowhere with it.
    let judged = [
        ("of", "JP"),
        ("basis", "Public sources"),
        ("score", "0"),
        ("account", "Zwergplanet4711"),
    ];
    Three::taken(&eu.post(&format!("{one}/appraisal"), &judged).await);
    let release = address(&eu.get(&one).await.body, "/dialogues/appraisals/");
    let appraisal = release.split('/').nth(3).unwrap().to_owned();
    let by = ("reply_by", "2026-12-31");
    eu.bench.later(1);
    Three::taken(&eu.post(&release, &[LABEL, by, ("for", &*japan)]).await);
    three.exchange().await;
    let reply: AppraisalReply = made(serde_json::json!({
        "about_ref": format!("appraisal--{appraisal}"), "commitment_ref": id,
        "side": "JP", "words": "Sternschnuppe0816", "beside": true,
    }));
    three.writes(CANADA, reply).await;
    let both = [LABEL, ("for", &*japan), ("for", &*canada)];
    Three::refused(
        &eu.post(&release, &both).await,
        "Japan has until 31 December 2026 to reply",
    );
    let page = eu.get(&one).await.body;
    let whose = "Said by Canada in the name of Japan: it counts for nothing";
    assert!(
        page.contains(whose) && !page.contains("Japan replies"),
        "{page}"
    );
}
