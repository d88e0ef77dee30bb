//! The desk on three nodes that exchange sealed bundles: what one writes, and what each of the others then has.

mod appraisals;
mod corrections;
mod dates;
mod forward;
mod late;
mod leaving;
mod mistaken;
mod moved;
mod news;
mod observers;
mod publishing;
mod roles;
mod sharing;
mod speaking;
mod steps;
mod withdrawn;

use axum::http::StatusCode;
use dialogues::Dialogues;
use node::Node;
use node::clearance::{Procedure, Step, StepKind};
use node::keys::Words;
use node::users::{NewUser, Role};
use policy::Purpose;
use site::Desk as _;
use stage::{Answer, Bench, Pages};
use stix::ObjectId;

fn befriend(a: &Node, b: &Node) {
    for (from, to) in [(a, b), (b, a)] {
        let introduction = from
            .introduce(Vec::new(), &from.at_terminal("operator"))
            .wait()
            .unwrap();
        to.add_peer(introduction.file().as_bytes(), &to.at_terminal("operator"))
            .unwrap();
        let words = Words::of(&introduction).unwrap().in_english();
        to.confirm_peer(&from.home().id, &words, &to.at_terminal("operator"))
            .unwrap();
    }
}

/// The uuid at the end of an address.
fn last(address: &str) -> String {
    address.rsplit('/').next().unwrap().to_owned()
}

/// From now on what leaves a node takes the signature of one, whose id this is.
pub(crate) async fn signed_for(pages: &Pages) -> ObjectId {
    let node = &pages.bench.node;
    let operator = node.at_terminal("tests");
    let new = NewUser {
        name: "Signatory".to_owned(),
        roles: [Role::Releaser].into_iter().collect(),
        ..NewUser::default()
    };
    let signatory = node.admit(new, &operator).await.unwrap();
    let procedure = Procedure {
        steps: vec![Step {
            name: "signature".to_owned(),
            kind: StepKind::Signature,
            who: vec![signatory.clone()],
            given: None,
        }],
        ..Procedure::default()
    };
    node.clearance().define(procedure, &operator).await.unwrap();
    signatory
}

/// Three nodes that have compared their words.
pub(crate) struct Three {
    pub(crate) all: [Pages; 3],
}

impl Three {
    pub(crate) async fn called(names: [&str; 3]) -> Self {
        let [a, b, c] = names;
        let over = |name: &str| Pages::over(Dialogues, Bench::of(&Dialogues, name, None));
        let all = [over(a).await, over(b).await, over(c).await];
        let nodes = all.each_ref().map(|pages| pages.bench.node.clone());
        tokio::task::spawn_blocking(move || {
            let [a, b, c] = &nodes;
            befriend(a, b);
            befriend(a, c);
            befriend(b, c);
        })
        .await
        .unwrap();
        Self { all }
    }

    pub(crate) fn id(&self, at: usize) -> String {
        self.all[at].bench.node.home().id.to_string()
    }

    /// A second passes, and what each may have of the others is carried to it.
    pub(crate) async fn exchange(&self) {
        let nodes = self.all.each_ref().map(|pages| pages.bench.node.clone());
        for pages in &self.all {
            pages.bench.later(1);
        }
        tokio::task::spawn_blocking(move || {
            for from in &nodes {
                for to in nodes.iter().filter(|to| to.home().id != from.home().id) {
                    let mut bundle = Vec::new();
                    from.seal_bundle(&to.home().id, &mut bundle).unwrap();
                    to.open_bundle(&bundle[..], false).unwrap();
                }
            }
        })
        .await
        .unwrap();
    }

    /// Whether a word is anywhere on a node: in a record, or on a page of the desk about one of these.
    pub(crate) async fn knows(&self, at: usize, word: &str, about: &[&str]) -> bool {
        let node = self.all[at].bench.node.clone();
        let needle = word.to_owned();
        let held = tokio::task::spawn_blocking(move || {
            let all = node.newest(&node.home_viewer(), Purpose::Show, &[], 5_000);
            all.unwrap().into_iter().any(|one| {
                let text = String::from_utf8_lossy(&one.into_inner().record.body).into_owned();
                text.contains(&needle)
            })
        })
        .await
        .unwrap();
        let mut read = false;
        for route in Dialogues.routes().list() {
            if route.method != axum::http::Method::GET {
                continue;
            }
            for id in about {
                let path = route.path.replace("{id}", id);
                read |= self.all[at].get(&path).await.body.contains(word);
            }
        }
        assert_eq!(
            held, read,
            "what is held is shown, and nothing else: {word} on {at}"
        );
        held
    }

    /// What somebody sends is taken.
    #[track_caller]
    pub(crate) fn taken(answer: &Answer) {
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    }

    /// What somebody sends is not taken, with that sentence.
    #[track_caller]
    pub(crate) fn refused(answer: &Answer, sentence: &str) {
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(answer.body.contains(sentence), "{}", answer.body);
    }
}
