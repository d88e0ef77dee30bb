//! Putting forward what began with our side alone: our own words go to those named in the act; what another wrote binds as before.

use dialogues::compose::{Batch, Label};
use dialogues::records::{Commitment, Draft, NewPiece};
use stage::{address, hidden};
use stix::marking::{Audience, TlpName};

use super::{Three, last};
use crate::entered::{TEXT, entered};

const EU: usize = 0;
const JAPAN: usize = 1;
const CANADA: usize = 2;
const LABEL: (&str, &str) = ("tlp", "AMBER+STRICT");
const OURS: &str = "Words of it that are with our side alone so far go along";

impl Three {
    /// A text begun with what the form proposes, and a round of it in preparation.
    async fn prepared(&self, session: &str) -> String {
        let eu = &self.all[EU];
        let form = eu.get(&format!("{session}/drafts/new")).await.body;
        assert!(form.contains("value=\"AMBER+STRICT\" checked"), "{form}");
        let fields = [
            ("title", "Elements"),
            ("language", "en"),
            ("text", "Both sides will meet in Zirkonhafen."),
            LABEL,
        ];
        eu.bench.later(1);
        let begun = eu.post(&format!("{session}/drafts/new"), &fields).await;
        Self::taken(&begun);
        eu.bench.later(1);
        Self::taken(&eu.post(&format!("{}/work", begun.to), &[]).await);
        begun.to
    }

    /// Puts the round that is in preparation forward for some.
    async fn puts(&self, draft: &str, whom: &[usize]) -> stage::Answer {
        let eu = &self.all[EU];
        eu.bench.later(1);
        let way = format!("{draft}/forward");
        let revision = hidden(&eu.get(&way).await.body, "revision");
        let ids: Vec<String> = whom.iter().map(|at| self.id(*at)).collect();
        let mut fields = vec![LABEL, ("revision", &*revision)];
        fields.extend(ids.iter().map(|id| ("for", &**id)));
        eu.post(&way, &fields).await
    }

    /// Takes up the words of a statement in the round that is in preparation.
    async fn takes_up(&self, draft: &str, from: &str) {
        let eu = &self.all[EU];
        let revision = hidden(&eu.get(&format!("{draft}/add")).await.body, "revision");
        let add = [("from", from), ("after", "1-1"), ("revision", &*revision)];
        Self::taken(&eu.post(&format!("{draft}/add"), &add).await);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_text_begun_for_nobody_is_put_forward() {
    let three = Three::called(["European Union", "Japan", "Canada"]).await;
    let eu = &three.all[EU];
    let session = entered(eu, TEXT).await;
    let draft = three.prepared(&session).await;
    // The other parties are proposed, and it is said that our own words go along.
    let form = eu.get(&format!("{draft}/forward")).await.body;
    let japan = format!("value=\"{}\" checked", three.id(JAPAN));
    assert!(form.contains(&japan) && form.contains(OURS), "{form}");
    let put = three.puts(&draft, &[JAPAN]).await;
    Three::taken(&put);
    three.exchange().await;
    let theirs = &three.all[JAPAN];
    assert!(theirs.get(&draft).await.body.contains("Zirkonhafen"));
    // The first round itself stays where it was, and nobody else has any.
    let id = format!("draft--{}", last(&draft));
    assert_eq!(three.held::<Draft>(JAPAN, "draft.of", &id).len(), 1);
    assert_eq!(three.held::<Draft>(EU, "draft.of", &id).len(), 2);
    assert!(three.held::<Draft>(CANADA, "draft.of", &id).is_empty());
    // What is with them already is given by nothing.
    Three::taken(&eu.post(&format!("{draft}/work"), &[]).await);
    let form = eu.get(&format!("{draft}/forward")).await.body;
    assert!(!form.contains(OURS), "{form}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_another_wrote_is_loosened_by_nobody_else() {
    let three = Three::called(["European Union", "Japan", "Canada"]).await;
    let eu = &three.all[EU];
    let session = entered(eu, TEXT).await;
    let page = eu.get(&session).await.body;
    let row = page[..page.find("exchange contact points").unwrap()]
        .rfind("href=\"/dialogues/commitments/")
        .unwrap();
    let agreed = address(&page[row..], "/dialogues/commitments/");
    let agreed = format!("commitment--{}", last(&agreed));
    let draft = three.prepared(&session).await;
    // A text that both have agreed, and that only we have entered, goes to those two.
    three.takes_up(&draft, &agreed).await;
    let refused = three.puts(&draft, &[JAPAN, CANADA]).await;
    Three::refused(&refused, "Canada may not have what this is made of");
    assert!(!refused.body.contains("Japan and"), "{}", refused.body);
    // Words that Japan gave to us alone go back to Japan, and nowhere else, also where they stand in a round of ours.
    let node = three.all[JAPAN].bench.node.clone();
    let home = eu.bench.node.home().id.clone();
    let given = tokio::task::spawn_blocking(move || {
        let label = Label::To(TlpName::AmberStrict, vec![Audience::Identity(home)]);
        let mut batch = Batch::new(&node, None, label);
        let what: Commitment = serde_json::from_value(serde_json::json!({
            "words": "Both sides will open a liaison office.", "act": "commitment", "actors": ["EU", "JP"],
            "strength": 3, "standing": "agreed",
        }))
        .unwrap();
        let made = batch.add(NewPiece::of(what).in_language("en")).unwrap();
        batch.send().unwrap();
        made.id.to_string()
    });
    let given = given.await.unwrap();
    three.exchange().await;
    let other = three.prepared(&session).await;
    three.takes_up(&other, &given).await;
    let refused = three.puts(&other, &[CANADA]).await;
    Three::refused(&refused, "Canada may not have what this is made of");
    let alone = eu.get(&format!("{other}/forward")).await.body;
    let revision = hidden(&alone, "revision");
    let stays = [LABEL, ("revision", &*revision), ("alone", "yes")];
    eu.bench.later(1);
    Three::taken(&eu.post(&format!("{other}/forward"), &stays).await);
    eu.bench.later(1);
    Three::taken(&eu.post(&format!("{other}/work"), &[]).await);
    Three::refused(
        &three.puts(&other, &[CANADA]).await,
        "Canada may not have what this is made of",
    );
    Three::taken(&three.puts(&other, &[JAPAN]).await);
}
