//! A text in the making that was begun for the wrong session is moved by the next round: it is listed there from then on, on both sides.

use stage::{address, hidden};

use super::{Three, last};

const EU: usize = 0;
const JAPAN: usize = 1;
const LABEL: (&str, &str) = ("tlp", "AMBER+STRICT");

impl Three {
    /// A planned session of the same series that the first node enters for some; its address.
    async fn plans(&self, session: &str, number: &str, day: &str, to: &[(&str, &str)]) -> String {
        let eu = &self.all[EU];
        let series = address(&eu.get(session).await.body, "/dialogues/series/");
        let dialogue = format!("dialogue--{}", last(&series));
        let fields = [
            ("dialogue", &*dialogue),
            ("version", ""),
            ("state", "planned"),
            ("ordinal", number),
            ("start", day),
            LABEL,
        ];
        eu.bench.later(60);
        let made = eu
            .post("/dialogues/sessions/new", &[&fields, to].concat())
            .await;
        Self::taken(&made);
        made.to
    }

    /// Puts the next round forward for the other, for a session.
    async fn moves(&self, draft: &str, session: &str) -> stage::Answer {
        let eu = &self.all[EU];
        eu.bench.later(60);
        eu.post(&format!("{draft}/work"), &[]).await;
        let way = format!("{draft}/forward");
        let revision = hidden(&eu.get(&way).await.body, "revision");
        let japan = self.id(JAPAN);
        let fields = [
            LABEL,
            ("revision", &*revision),
            ("for", &*japan),
            ("session", session),
        ];
        eu.bench.later(60);
        eu.post(&way, &fields).await
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_next_round_takes_a_text_to_another_session() {
    let three = Three::called(["European Union", "Japan", "Canada"]).await;
    let (eu, japan) = (&three.all[EU], &three.all[JAPAN]);
    let to = three.id(JAPAN);
    let shared = [LABEL, ("for", &*to)];
    let [draft] = super::late::begun(eu, &shared, ["Elements"]).await;
    let fourth = address(&eu.get(&draft).await.body, "/dialogues/sessions/");
    let fifth = three
        .plans(&fourth, "5", "2026-12-10", &[("for", &*to)])
        .await;
    let sixth = three.plans(&fourth, "6", "2027-12-10", &[]).await;
    three.exchange().await;
    // The form begins with the session that it is for, and what is no session that is offered is told beside its field.
    Three::taken(&eu.post(&format!("{draft}/work"), &[]).await);
    let form = eu.get(&format!("{draft}/forward")).await.body;
    let chosen = format!("value=\"session--{}\" selected", last(&fourth));
    assert!(form.contains(&chosen), "{form}");
    let wrong = three.moves(&draft, "session--nowhere").await;
    Three::refused(&wrong, "Choose a session from the list.");
    assert!(wrong.body.contains("id=\"f-session-error\""));
    // Sent as it stands, it stays where it is.
    Three::taken(
        &three
            .moves(&draft, &format!("session--{}", last(&fourth)))
            .await,
    );
    assert_eq!(three.listed(EU, &fourth, &draft).await, Some('2'));

    let hangs = eu.get(&format!("{fourth}/withdraw")).await.body;
    assert!(hangs.contains(&draft), "{hangs}");
    Three::taken(
        &three
            .moves(&draft, &format!("session--{}", last(&fifth)))
            .await,
    );
    three.exchange().await;
    for at in [EU, JAPAN] {
        assert_eq!(three.listed(at, &fifth, &draft).await, Some('3'));
        assert_eq!(three.listed(at, &fourth, &draft).await, None);
        let page = three.all[at].get(&draft).await.body;
        assert!(page.contains(&format!("{fifth}/drafts")), "{page}");
    }
    // It hangs on the one before no more; and the other side's next round goes on there.
    let hangs = eu.get(&format!("{fourth}/withdraw")).await.body;
    assert!(!hangs.contains(&draft), "{hangs}");
    Three::taken(&japan.post(&format!("{draft}/work"), &[]).await);
    let form = japan.get(&format!("{draft}/forward")).await.body;
    let chosen = format!("value=\"session--{}\" selected", last(&fifth));
    assert!(form.contains(&chosen), "{form}");

    // Where the other side does not have the session, it keeps the text with the last one that it has.
    Three::taken(
        &three
            .moves(&draft, &format!("session--{}", last(&sixth)))
            .await,
    );
    three.exchange().await;
    assert_eq!(three.listed(EU, &sixth, &draft).await, Some('4'));
    assert_eq!(three.listed(JAPAN, &fifth, &draft).await, Some('4'));
    let page = japan.get(&draft).await.body;
    assert!(page.contains(&format!("{fifth}/drafts")), "{page}");
    assert!(!page.contains(&last(&sixth)), "{page}");
}
