//! Whatever is written of a session goes by the roles of its observers, whoever is named: consents, records said anew, drafts and their
//! silence; the agenda is the session's own. A circle that an observer belongs to is named in none of them.

use dialogues::compose::{Batch, Label};
use dialogues::records::{Commitment, Consent, Draft, Kind, NewPiece, Silence};
use dialogues::register::Register;
use policy::{Member, Purpose};

use super::{Three, last};
use crate::entered::{TEXT, entered};
use stage::address;

const EU: usize = 0;
const JAPAN: usize = 1;
const CANADA: usize = 2;
const LABEL: (&str, &str) = ("tlp", "AMBER+STRICT");

impl Three {
    /// What stands in a hidden field of a page of the first node.
    async fn hidden(&self, path: &str, name: &str) -> String {
        stage::hidden(&self.all[EU].get(path).await.body, name)
    }

    /// The first node sends a form; a second has passed since the last.
    async fn send(&self, path: &str, fields: &[(&str, &str)]) -> stage::Answer {
        self.all[EU].bench.later(1);
        self.all[EU].post(path, fields).await
    }

    /// Makes Canada an observer with that role.
    async fn role(&self, session: &str, sees: &str) {
        let way = format!("{session}/observers");
        let version = self.hidden(&way, "version").await;
        let canada = self.id(CANADA);
        let page = self.all[EU].get(&way).await.body;
        let fields = if page.contains("name=\"sees-CA\"") {
            vec![("version", &*version), ("sees-CA", sees)]
        } else {
            vec![("version", &*version), ("who", &*canada), ("sees", sees)]
        };
        Self::taken(&self.send(&way, &fields).await);
    }

    /// How many records of a kind that the first node wrote another may have.
    fn had<T: Kind>(&self, by: usize, facet: &str, value: &str) -> usize {
        let node = &self.all[EU].bench.node;
        let viewer = node.viewer_of(&self.all[by].bench.node.home().id, true);
        let register = Register::new(node, viewer, Purpose::Relay);
        let all = register.having::<T>(facet, value, 99).unwrap();
        all.map(|all| all.len()).into_inner()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_said_later_goes_by_the_role_too() {
    let three = Three::called(["European Union", "Japan", "Canada"]).await;
    let session = entered(&three.all[EU], TEXT).await;
    let (to_japan, to_canada) = (three.id(JAPAN), three.id(CANADA));
    let both = [LABEL, ("for", &*to_japan), ("for", &*to_canada)];
    let page = three.all[EU].get(&session).await.body;
    let text = address(&page, "/dialogues/texts/");
    let text_id = format!("report--{}", last(&text));
    let one = address(&page, "/dialogues/commitments/");
    let of_text = |by: usize| three.had::<Commitment>(by, "commitment.text", &text_id);
    three.role(&session, "tabled").await;
    let share = format!("{session}/share");
    let tabled = [both[0], both[1], both[2], ("tabled", &*text_id)];
    Three::taken(&three.send(&share, &tabled).await);
    let all = of_text(EU);
    assert!(all > 1 && of_text(JAPAN) == all && of_text(CANADA) == all);

    // What a tabled paper says may be said anew: the observer has that, too.
    let version = three.hidden(&format!("{one}/withdraw"), "version").await;
    let back = [("version", &*version), ("reason", "Misread")];
    Three::taken(&three.send(&format!("{one}/withdraw"), &back).await);
    assert_eq!(of_text(CANADA), all);
    // The agenda belongs to the session, which every observer has.
    let way = format!("{session}/agenda");
    let version = three.hidden(&way, "version").await;
    let agenda = [
        ("items", "Norms"),
        ("version", &version),
        both[0],
        both[1],
        both[2],
    ];
    Three::taken(&three.send(&way, &agenda).await);
    three.exchange().await;
    let seen = three.all[CANADA].get(&session).await.body;
    assert!(seen.contains("Norms"), "{seen}");
    // A consent is between the parties, and whoever gives it is told.
    Three::taken(&three.send(&format!("{text}/consent"), &both).await);
    let consents = |by| three.had::<Consent>(by, "consent.about", &text_id);
    assert_eq!([EU, JAPAN, CANADA].map(consents), [1, 1, 0]);

    // Its role is another one: what is said anew from then on goes by that.
    three.role(&session, "outcome").await;
    let version = three.hidden(&format!("{one}/withdraw"), "version").await;
    let again = [
        ("version", &*version),
        ("withdrawn", "false"),
        ("reason", "Read rightly"),
    ];
    Three::taken(&three.send(&format!("{one}/withdraw"), &again).await);
    assert_eq!([JAPAN, CANADA].map(of_text), [all, all - 1]);
    // Of a statement that names its text alone, the text tells the session.
    let node = three.all[EU].bench.node.clone();
    let named = [JAPAN, CANADA].map(|at| {
        let id = three.all[at].bench.node.home().id.clone();
        stix::marking::Audience::Identity(id)
    });
    three.all[EU].bench.later(1);
    let id = text_id.clone();
    let left_out = tokio::task::spawn_blocking(move || {
        let label = Label::To(stix::marking::TlpName::AmberStrict, named.to_vec());
        let mut batch = Batch::new(&node, None, label);
        let what: Commitment = serde_json::from_value(serde_json::json!({
            "words": "Both sides", "act": "commitment", "actors": ["EU"], "strength": 1, "standing": "joint", "text_ref": id,
        }))
        .unwrap();
        batch.add(NewPiece::of(what)).unwrap();
        let left_out = batch.left_out();
        batch.send().unwrap();
        left_out
    })
    .await
    .unwrap();
    assert_eq!(left_out, [three.all[CANADA].bench.node.home().id.clone()]);
    assert_eq!([JAPAN, CANADA].map(of_text), [all + 1, all - 1]);
}

#[tokio::test(flavor = "multi_thread")]
async fn drafts_and_their_silence_go_by_the_role() {
    let three = Three::called(["European Union", "Japan", "Canada"]).await;
    let session = entered(&three.all[EU], TEXT).await;
    let (to_japan, to_canada) = (three.id(JAPAN), three.id(CANADA));
    let both = [LABEL, ("for", &*to_japan), ("for", &*to_canada)];
    three.role(&session, "all").await;
    Three::taken(&three.send(&format!("{session}/share"), &both).await);
    let new = format!("{session}/drafts/new");
    let begun = async |title: &str| {
        let fields = [
            ("title", title),
            ("language", "en"),
            ("text", "Both sides will exchange contact points."),
            both[0],
            both[1],
            both[2],
        ];
        let answer = three.send(&new, &fields).await;
        Three::taken(&answer);
        answer.to
    };
    let open = begun("Open to all").await;
    three.role(&session, "tabled").await;
    let closed = begun("Between us").await;
    let session_id = format!("session--{}", last(&session));
    let drafts = |by: usize| three.had::<Draft>(by, "draft.session", &session_id);
    assert_eq!([EU, JAPAN, CANADA].map(drafts), [2, 2, 1]);
    // A round of a draft that it never had cannot be named to it.
    let start = |names: usize| {
        let mut fields = vec![
            ("act", "start"),
            ("day", "2026-12-01"),
            ("time", "12:00"),
            ("zone", "+00:00"),
        ];
        fields.extend_from_slice(&both[..=names]);
        fields
    };
    let refused = three.send(&format!("{closed}/silence"), &start(2)).await;
    Three::refused(&refused, "Canada");
    Three::taken(&three.send(&format!("{closed}/silence"), &start(1)).await);
    // One that it had as long as it saw all: the steps on it are not for it any more.
    Three::taken(&three.send(&format!("{open}/silence"), &start(2)).await);
    for draft in [&open, &closed] {
        let id = format!("draft--{}", last(draft));
        let steps = |by: usize| three.had::<Silence>(by, "silence.draft", &id);
        assert_eq!([EU, JAPAN, CANADA].map(steps), [1, 1, 0], "{draft}");
    }
    // The next round of it neither.
    let work = format!("{open}/work");
    Three::taken(&three.send(&work, &[]).await);
    let way = format!("{open}/forward");
    let revision = three.hidden(&way, "revision").await;
    let mut forward = vec![("revision", &*revision)];
    forward.extend_from_slice(&both);
    let forward = three.send(&way, &forward).await;
    Three::taken(&forward);
    assert_eq!([EU, JAPAN, CANADA].map(drafts), [3, 3, 1]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_circle_of_an_observer_is_named_nowhere() {
    let three = Three::called(["European Union", "Japan", "Canada"]).await;
    let eu = &three.all[EU];
    let session = entered(eu, TEXT).await;
    let page = eu.get(&session).await.body;
    let text = address(&page, "/dialogues/texts/");
    let one = address(&page, "/dialogues/commitments/");
    three.role(&session, "tabled").await;
    let node = eu.bench.node.clone();
    let member = |at: usize| Member::Participant(three.all[at].bench.node.home().id.clone());
    let (with, without) = (vec![member(JAPAN), member(CANADA)], vec![member(JAPAN)]);
    let circles = tokio::task::spawn_blocking(move || {
        let by = node.at_terminal("operator");
        [("Friends", with), ("Pair", without)].map(|(name, members)| {
            let circle = node.add_circle(name, members, &by).wait().unwrap();
            circle.id.as_str().to_owned()
        })
    })
    .await
    .unwrap();
    let ways = [
        (format!("{session}/share"), vec![]),
        (format!("{text}/consent"), vec![]),
        (format!("{one}/follow-up"), vec![("state", "under_way")]),
        (
            format!("{session}/drafts/new"),
            vec![("title", "T"), ("language", "en"), ("text", "x")],
        ),
    ];
    for (way, fields) in &ways {
        let named = |circle: usize| {
            let mut fields = fields.clone();
            fields.extend([LABEL, ("for", &*circles[circle])]);
            fields
        };
        let refused = three.send(way, &named(0)).await;
        Three::refused(&refused, "belongs to a circle that you name");
        Three::taken(&three.send(way, &named(1)).await);
    }
}
