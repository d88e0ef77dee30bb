//! What a round is made of, as far as it binds who may have the round: the rounds that it takes up, and the agreed language in it.
//! Invariant: what is ours alone its author gives in the act of putting forward what is made of it, and then what that was made of binds
//! in its place; nothing that another wrote, gave or has is loosened by it.

use std::collections::BTreeSet;

use anyhow::Result;
use policy::{Class, Clause, Label as Told, Member, Released, Tlp};
use stix::{ObjectId, Timestamp};

use super::bench::Bench;
use super::rounds::Rounds;
use crate::compose::Label;
use crate::names;
use crate::records::{Commitment, Passage, Piece, Text};
use crate::register::Register;

/// What binds who may have a round.
#[derive(Debug, Clone, Default)]
pub struct Sources {
    /// The labels that bind it.
    pub labels: Vec<Told>,
    /// Whether something that is ours alone goes along in it.
    pub gives_ours: bool,
}

impl Sources {
    /// Of a round in preparation.
    ///
    /// # Errors
    /// Those of the storage.
    pub fn of(register: &Register<'_>, rounds: &Rounds, bench: &Bench) -> Result<Self> {
        let (mut found, ours) = (Self::default(), names::ours(register.node()));
        let mut quotes: BTreeSet<String> = quoted(&bench.passages).collect();
        let (mut open, mut seen) = (bench.takes_up.clone(), BTreeSet::new());
        while let Some(id) = open.pop() {
            let Some(round) = rounds.round(&id).filter(|_| seen.insert(id.clone())) else {
                continue;
            };
            let before = [&round.what.follows_ref, &round.what.also_follows_ref];
            let before: Vec<String> = before.into_iter().flatten().cloned().collect();
            let known = before.iter().all(|id| rounds.round(id).is_some());
            let own = ours.contains(&round.what.side) && round.what.received.is_none();
            if known && own && is_ours_alone(register, round)? {
                found.gives_ours = true;
                quotes.extend(quoted(&round.what.passages));
                open.extend(before);
            } else {
                found.labels.extend(round.label.clone());
            }
        }
        for from in quotes {
            found.quote(register, &from)?;
        }
        Ok(found)
    }

    /// Agreed language. Words of a text that both sides have agreed go to those sides; of a text of ours, to whom we say.
    fn quote(&mut self, register: &Register<'_>, from: &str) -> Result<()> {
        let one = ObjectId::parse(from).ok();
        let one = one.map(|id| register.one::<Commitment>(&id)).transpose()?;
        let Some(one) = one.flatten().map(Released::into_inner) else {
            return Ok(());
        };
        let text = one.what.text_ref.as_deref().and_then(|id| id.parse().ok());
        let text = text.map(|id| register.one::<Text>(&id)).transpose()?;
        let text = text.flatten().map(Released::into_inner);
        let ours = names::ours(register.node());
        let text = text.filter(|text| {
            let by = text.what.publisher.as_ref();
            !text.what.standing.is_one_sided() || by.is_some_and(|by| ours.contains(by))
        });
        let Some(text) = text.filter(|text| text.author == one.author) else {
            self.labels.extend(one.label);
            return Ok(());
        };
        if !is_ours_alone(register, &one)? {
            self.labels.extend(one.label);
            return Ok(());
        }
        self.gives_ours = true;
        if !text.what.standing.is_one_sided() {
            self.labels.push(for_sides(register, &text.what.parties));
        }
        Ok(())
    }
}

/// The statements whose words passages take up.
fn quoted(passages: &[Passage]) -> impl Iterator<Item = String> {
    passages
        .iter()
        .filter_map(|passage| passage.from_ref.clone())
}

/// The label of what may go to the sides of a text, and to nobody else.
fn for_sides(register: &Register<'_>, sides: &[String]) -> Told {
    let node = register.node();
    let mut clause = Clause::own(Tlp::AmberStrict, node.home().id.clone());
    for side in sides {
        let called = names::participants(node, side).into_iter();
        let members = called.map(|one| Member::Participant(one.id));
        clause.audience.extend(members);
    }
    Told::always(Class::of(clause))
}

/// Whether nobody but our organ may have something of ours, no person of it alone, and nothing else limits it or waits for a release.
fn is_ours_alone<T>(register: &Register<'_>, piece: &Piece<T>) -> Result<bool> {
    let node = register.node();
    let Some(label) = &piece.label else {
        return Ok(false);
    };
    let at = Timestamp::from_micros(node.now());
    let plain = Label::says_all(label, &at)
        && !label.class.tlp().is_for_persons()
        && !Label::same(label).leaves();
    Ok(plain && piece.author == node.home().id && !register.waits(&piece.id)?)
}
