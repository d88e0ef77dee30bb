//! A house with people, each in a browser of their own.

use bytes::Bytes;
use node::clearance::{Procedure, Step, StepKind};
use node::submission::Marking;
use node::users::{NewUser, Once, Role};
use node::{Channel, Kind, Participant, Submission};
use policy::{Member, Purpose, Tlp, Viewer};
use stix::ObjectId;

use crate::stage::{Answer, Stage};

use super::NOTE;

/// Somebody in a browser.
pub(super) struct Person {
    pub(super) id: ObjectId,
    pub(super) cookie: String,
}

pub(super) struct House {
    pub(super) stage: Stage,
    pub(super) kestria: ObjectId,
}

impl House {
    pub(super) async fn new() -> Self {
        let stage = Stage::new();
        stage.node.complete_set_up().await.unwrap();
        let kestria: ObjectId = "identity--00000000-0000-4000-8000-00000000000a"
            .parse()
            .unwrap();
        let known = Participant::new(kestria.clone(), "Kestria", Kind::State);
        stage
            .node
            .add_participant(known, &stage.node.at_terminal("operator"))
            .await
            .unwrap();
        Self { stage, kestria }
    }

    pub(super) async fn person(&self, name: &str, roles: &[Role]) -> Person {
        let operator = self.stage.node.at_terminal("tests");
        let new = NewUser {
            name: name.to_owned(),
            roles: roles.iter().copied().collect(),
            ..NewUser::default()
        };
        let id = self.stage.node.admit(new, &operator).await.unwrap();
        let code = self
            .stage
            .node
            .one_time(&id, Once::Link, &operator)
            .await
            .unwrap();
        let cookie = self.stage.enter_by(&code.path()).await;
        Person { id, cookie }
    }

    pub(super) async fn define(&self, steps: &[(&str, StepKind, &Person)]) {
        let steps = steps.iter().map(|(name, kind, who)| Step {
            name: (*name).to_owned(),
            kind: *kind,
            who: vec![who.id.clone()],
            given: None,
        });
        let procedure = Procedure {
            steps: steps.collect(),
            ..Procedure::default()
        };
        let operator = self.stage.node.at_terminal("tests");
        self.stage
            .node
            .clearance()
            .define(procedure, &operator)
            .await
            .unwrap();
    }

    pub(super) async fn write(&self, by: &Person, tlp: Tlp, to: &[Member]) {
        self.write_at("2026-11-01T00:00:00.000Z", by, tlp, to).await;
    }

    pub(super) async fn write_at(&self, at: &str, by: &Person, tlp: Tlp, to: &[Member]) {
        let home = self.stage.node.home().id.clone();
        let object = format!(
            r#"{{"type":"note","spec_version":"2.1","id":"{NOTE}","created":"2026-11-01T00:00:00.000Z","modified":"{at}","created_by_ref":"{home}","abstract":"Line to take","content":"kingfisher","object_refs":["{home}"]}}"#
        );
        let submission = Submission {
            objects: std::iter::once(0..object.len()).collect(),
            bytes: Bytes::from(object),
            channel: Channel::Local,
            submitter: home,
            person: Some(by.id.clone()),
            collection: "dialogues".to_owned(),
            marking: Marking {
                tlp: Some(tlp),
                audience: to.to_vec(),
            },
        };
        let receipt = self.stage.node.accept(submission).unwrap().await.unwrap();
        assert_eq!(receipt.successes(), 1, "{receipt:?}");
    }

    /// Notes of Kestria with these words come in, as an import brings them.
    pub(super) async fn imported(&self, numbers: std::ops::Range<usize>, words: &str) {
        let (mut bytes, mut objects) = (String::new(), Vec::new());
        for number in numbers {
            let (from, kestria) = (bytes.len(), &self.kestria);
            bytes.push_str(&format!(
                r#"{{"type":"note","spec_version":"2.1","id":"note--00000000-0000-4000-8000-{number:012}","created":"2026-11-01T00:00:00.000Z","modified":"2026-11-01T00:00:00.000Z","created_by_ref":"{kestria}","content":"{words}","object_refs":["{kestria}"],"object_marking_refs":["marking-definition--94868c89-83c2-464b-929b-a1a8aa3c8487"]}}"#
            ));
            objects.push(from..bytes.len());
        }
        let all = objects.len();
        let submission = Submission {
            objects,
            bytes: Bytes::from(bytes),
            channel: Channel::Import,
            submitter: self.stage.node.home().id.clone(),
            person: None,
            collection: "dialogues".to_owned(),
            marking: Marking::default(),
        };
        let receipt = self.stage.node.accept(submission).unwrap().await.unwrap();
        assert_eq!(receipt.successes(), all, "{receipt:?}");
        self.stage.node.index().unwrap();
    }

    pub(super) async fn get(&self, who: &Person, path: &str) -> Answer {
        self.stage.get(path, &[("cookie", &who.cookie)]).await
    }

    pub(super) async fn post(&self, who: &Person, path: &str, body: &str) -> Answer {
        self.stage.post(path, &who.cookie, body).await
    }

    pub(super) async fn get_in(&self, who: &Person, path: &str, language: &str) -> String {
        let headers = [
            ("cookie", who.cookie.as_str()),
            ("accept-language", language),
        ];
        self.stage.get(path, &headers).await.body
    }

    pub(super) fn is_out(&self, viewer: &Viewer) -> bool {
        let id = NOTE.parse().unwrap();
        self.stage
            .node
            .stood(viewer, Purpose::Relay, &id)
            .unwrap()
            .is_some()
    }

    pub(super) fn kestria_has_it(&self) -> bool {
        self.is_out(&self.stage.node.viewer_of(&self.kestria, true))
    }
}

/// The secret of somebody's session, as their cookie carries it.
pub(super) fn secret(of: &Person) -> &str {
    of.cookie.split_once('=').unwrap().1
}
