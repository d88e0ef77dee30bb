//! Withdrawing a round of ours that was put forward: the newest, with the reason. Invariant: what another round was made from, or every side
//! agreed to, stays.

use policy::Released;
use site::{Failure, Link, Role, Visitor};

use super::super::mistaken::{Along, Mistaken};
use super::super::register_of;
use super::super::view::Eyes;
use super::show::called;
use super::{bench_of, path, round_path};
use crate::drafting::rounds::{Rounds, draft_of};
use crate::records::{Draft, Piece, Silence};
use crate::rules::silence::Standing;

/// Whether the visitor may withdraw a round: it is ours, and nothing follows it.
pub(super) fn may(visitor: &Visitor, rounds: &Rounds, round: &Piece<Draft>) -> bool {
    let newest = rounds.heads().iter().any(|head| head.id == round.id);
    visitor.has(Role::Editor) && round.author == visitor.node().home().id && newest
}

impl Mistaken for Draft {
    const AT: &'static str = "/dialogues/drafts/{id}/rounds/{round}/withdraw";
    const KEY: &'static str = "round";
    const HANGS: &'static str = "drafting-withdraw-hangs";
    const REASON: Option<&'static str> = None;
    const TEXTS: [&'static str; 4] = [
        "drafting-withdraw",
        "drafting-withdraw-lead",
        "drafting-withdraw-done",
        "drafting-withdraw-theirs",
    ];

    fn page(piece: &Piece<Self>) -> String {
        round_path(&draft_of(piece), &piece.id)
    }

    fn called(eyes: &Eyes<'_>, piece: &Piece<Self>) -> String {
        called(eyes.visitor, eyes, piece)
    }

    fn because(mut self, reason: String) -> Self {
        self.reason = Some(reason);
        self
    }

    fn on(piece: &Piece<Self>) -> String {
        path(&draft_of(piece))
    }

    fn along(visitor: &Visitor, piece: &Piece<Self>) -> Result<Released<Along>, Failure> {
        let home = visitor.node().home().id.clone();
        let draft = draft_of(piece);
        let register = register_of(visitor);
        let steps = register.having::<Silence>("silence.draft", draft.as_str(), super::STEPS)?;
        Ok(steps.map(|mut steps| {
            steps.retain(|step| step.author == home && step.what.round_ref == piece.id.as_str());
            Along::of_steps(steps)
        }))
    }

    fn hangs(visitor: &Visitor, piece: &Piece<Self>) -> Result<Released<Vec<Link>>, Failure> {
        let draft = draft_of(piece);
        let rounds = register_of(visitor).draft(&draft)?;
        let rounds = rounds.ok_or(Failure::Absent)?;
        let (eyes, words) = (Eyes::new(visitor), &visitor.words);
        let bench = bench_of(visitor, &draft, rounds.as_ref().into_inner())?;
        Ok(rounds.map(|rounds| {
            let id = piece.id.as_str();
            let later = rounds.after(&piece.id);
            let mut links: Vec<Link> = later
                .into_iter()
                .map(|one| Link::new(round_path(&draft, &one.id), called(visitor, &eyes, one)))
                .collect();
            if bench.is_some_and(|bench| bench.takes_up.iter().any(|taken| taken == id)) {
                let way = format!("{}/work", path(&draft));
                links.push(Link::new(way, words.t("drafting-work")));
            }
            let agreed = rounds.procedure(&piece.id, visitor.now);
            if agreed.is_some_and(|one| one.standing == Standing::Agreed) {
                let way = format!("{}/silence", path(&draft));
                links.push(Link::new(way, words.t("drafting-withdraw-agreed")));
            }
            links
        }))
    }
}
