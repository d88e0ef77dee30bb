//! What is restored or withdrawn is for whom its page says, whatever its bytes say; and by whose hand the versions are decides nothing.

use bytes::Bytes;
use node::clearance::{Act, Said, StepKind};
use node::submission::Marking;
use node::users::{NewToken, Role, Scope};
use node::{Channel, Submission};
use policy::{Member, Purpose, Tlp, Viewer};
use stix::marking::{AccessMarking, Audience, TlpName};
use stix::{ObjectId, Timestamp};

use super::NOTE;
use super::house::{House, Person, secret};
use crate::stage::Answer;

const MARKING: &str = "marking-definition--00000000-0000-4000-8000-0000000000f1";

fn ours() -> Marking {
    Marking {
        tlp: Some(Tlp::AmberStrict),
        audience: Vec::new(),
    }
}

fn day(version: u8) -> String {
    format!("2026-11-0{version}T00:00:00.000Z")
}

impl House {
    fn theirs(&self) -> Marking {
        Marking {
            tlp: Some(Tlp::Amber),
            audience: vec![Member::Participant(self.kestria.clone())],
        }
    }

    /// A version of a note, whose bytes name markings.
    async fn says(&self, by: &Person, version: u8, markings: &[&str], marking: Marking) {
        let home = self.stage.node.home().id.clone();
        let (first, at) = (day(1), day(version));
        let refs = match markings {
            [] => String::new(),
            _ => format!(r#","object_marking_refs":["{}"]"#, markings.join(r#"",""#)),
        };
        let object = format!(
            r#"{{"type":"note","spec_version":"2.1","id":"{NOTE}","created":"{first}","modified":"{at}","created_by_ref":"{home}","content":"version {version}","object_refs":["{home}"]{refs}}}"#
        );
        self.brings(by, object, marking).await;
    }

    async fn brings(&self, by: &Person, object: String, marking: Marking) {
        let submission = Submission {
            objects: std::iter::once(0..object.len()).collect(),
            bytes: Bytes::from(object),
            channel: Channel::Local,
            submitter: self.stage.node.home().id.clone(),
            person: Some(by.id.clone()),
            collection: "dialogues".to_owned(),
            marking,
        };
        let receipt = self.stage.node.accept(submission).unwrap().await.unwrap();
        assert_eq!(receipt.successes(), 1, "{receipt:?}");
    }

    /// A marking of ours for Kestria, which nobody else gets to see.
    async fn names_kestria(&self, by: &Person) {
        let access = AccessMarking {
            audience: Some(vec![Audience::Identity(self.kestria.clone())]),
            ..AccessMarking::default()
        };
        let id: ObjectId = MARKING.parse().unwrap();
        let at = Timestamp::parse(&day(1)).unwrap();
        let text = access.definition(&id, &at, Some(&self.stage.node.home().id));
        self.brings(by, text, ours()).await;
    }

    async fn restores(&self, who: &Person, version: u8, newest: &str) -> Answer {
        let path = format!("/records/{NOTE}/versions");
        let body = format!("version={}&newest={newest}", day(version)).replace(':', "%3A");
        self.post(who, &path, &body).await
    }

    /// The newest version of the note that somebody gets.
    fn newest(&self, viewer: &Viewer) -> Option<(String, String)> {
        let id = NOTE.parse().unwrap();
        let stood = self.stage.node.stood(viewer, Purpose::Show, &id).unwrap()?;
        let record = stood.into_inner().record;
        let body: serde_json::Value = serde_json::from_slice(&record.body).unwrap();
        Some((record.version, body["content"].as_str().unwrap().to_owned()))
    }

    fn kestria(&self) -> Viewer {
        self.stage.node.viewer_of(&self.kestria, true)
    }

    fn own(&self) -> Viewer {
        self.stage.node.viewer_of(&self.stage.node.home().id, true)
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_signatory_refused_does_not_go_out_by_restoring_what_was_for_nobody() {
    let house = House::new().await;
    let rita = house
        .person("Rita Vane", &[Role::Editor, Role::Releaser])
        .await;
    let sam = house.person("Sam Rook", &[Role::Releaser]).await;
    house
        .define(&[("signature", StepKind::Signature, &sam)])
        .await;
    house.names_kestria(&rita).await;
    house.says(&rita, 1, &[], ours()).await;
    let refs = [TlpName::Amber.id(), MARKING];
    house.says(&rita, 2, &refs, Marking::default()).await;
    let node = &house.stage.node;
    let signatory = node.actor(secret(&sam)).unwrap().unwrap();
    let said = Said {
        words: "not this".into(),
        seen: Some(1),
        ..Said::default()
    };
    let refused = node
        .clearance()
        .act(1, Act::Refuse { step: 0 }, said, &signatory);
    refused.await.unwrap();
    house.define(&[]).await;
    assert_eq!(house.newest(&house.kestria()), None);

    let page = house.get(&rita, &format!("/records/{NOTE}/versions")).await;
    assert!(page.body.contains("restore-head"), "{}", page.body);
    let restored = house.restores(&rita, 1, &day(2)).await;
    assert_eq!(restored.status, 303, "{}", restored.body);
    let (_, content) = house.newest(&house.own()).unwrap();
    assert_eq!(content, "version 1");
    assert_eq!(house.newest(&house.kestria()), None);
    assert!(node.clearance().open_cases().unwrap().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_withdrawn_is_for_no_more_than_had_it() {
    // Its bytes say that everybody may have it, or Kestria; whoever wrote it said: nobody else.
    for refs in [
        vec![TlpName::Clear.id()],
        vec![TlpName::Amber.id(), MARKING],
    ] {
        let house = House::new().await;
        let rita = house
            .person("Rita Vane", &[Role::Editor, Role::Releaser])
            .await;
        house.names_kestria(&rita).await;
        let node = &house.stage.node;
        let by = node.actor(secret(&rita)).unwrap().unwrap();
        let new = NewToken {
            name: "notebook".into(),
            scope: Scope::Write,
            days: 1,
        };
        let token = node.add_token(new, &by).await.unwrap();
        let shown = format!("Bearer {}", *token);
        house.says(&rita, 1, &refs, ours()).await;
        let path = format!("/api/v1/records/{NOTE}");
        let headers = [("authorization", shown.as_str())];
        let there = house.stage.get(&path, &headers).await;
        let tag = there.headers["etag"].to_str().unwrap().to_owned();
        let headers = [
            ("authorization", shown.as_str()),
            ("if-match", tag.as_str()),
        ];
        let withdrawn = house
            .stage
            .send("POST", &format!("{path}/withdraw"), &headers, "")
            .await;
        assert_eq!(withdrawn.status, 200, "{}", withdrawn.body);
        assert!(house.newest(&house.own()).unwrap().0 > day(1));
        assert_eq!(house.newest(&house.kestria()), None);
        assert_eq!(house.newest(&Viewer::public()), None);
        assert!(node.clearance().open_cases().unwrap().is_empty());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_somebody_else_wrote_is_restored_where_it_was_for_the_same() {
    let house = House::new().await;
    let roles = [Role::Editor, Role::Releaser];
    let ada = house.person("Ada Lind", &roles).await;
    let ben = house.person("Ben Ost", &roles).await;
    house.says(&ada, 1, &[], house.theirs()).await;
    house.says(&ben, 2, &[], house.theirs()).await;
    let page = house.get(&ada, &format!("/records/{NOTE}/versions")).await;
    assert!(page.body.contains("restore-head"), "{}", page.body);
    let restored = house.restores(&ada, 1, &day(2)).await;
    assert_eq!(restored.status, 303, "{}", restored.body);
    let (newest, content) = house.newest(&house.kestria()).unwrap();
    assert_eq!(content, "version 1");
    // What was for nobody else is not said to Kestria, whoever wrote it.
    let house = House::new().await;
    let ada = house.person("Ada Lind", &roles).await;
    let ben = house.person("Ben Ost", &roles).await;
    house.says(&ada, 1, &[], ours()).await;
    house.says(&ben, 2, &[], house.theirs()).await;
    let page = house.get(&ben, &format!("/records/{NOTE}/versions")).await;
    assert!(!page.body.contains("restore-head"), "{}", page.body);
    assert_eq!(house.restores(&ben, 1, &day(2)).await.status, 409);
    assert_eq!(house.newest(&house.kestria()).unwrap().1, "version 2");
    assert!(newest > day(2));
}
