//! A record that waits for clearance: its label for our own people only, whether its real one lets in anybody else, and what may be
//! authorized beforehand.

use stix::{ObjectId, Timestamp};

use crate::clause::Clause;
use crate::label::{Class, Label};
use crate::member::Member;
use crate::tlp::Tlp;

impl Label {
    /// The same for our own people only: TLP:RED for those of them whom it names, everything else AMBER+STRICT for nobody further.
    /// Never wider than the label itself.
    #[must_use]
    pub fn inside(&self, is_ours: impl Fn(&ObjectId) -> bool) -> Self {
        let clauses = self.class.clauses().cloned().map(|mut clause| {
            if clause.tlp == Tlp::Red {
                clause.audience.retain(|member| match member {
                    Member::Person(id) => is_ours(id),
                    Member::Participant(_) | Member::Circle { .. } => false,
                });
            } else {
                clause.tlp = Tlp::AmberStrict;
                clause.audience.clear();
            }
            clause.granted.clear();
            clause
        });
        Self {
            class: Class::all_of(clauses).unwrap_or_else(|| self.class.clone()),
            ..self.clone()
        }
    }

    /// Whether anybody gets the record by this label whom the one inside does not let in.
    #[must_use]
    pub fn leaves(&self, inside: &Self) -> bool {
        let reaches_nobody = self.class.clauses().any(|clause| {
            let closed = matches!(clause.tlp, Tlp::Amber | Tlp::AmberStrict | Tlp::Red);
            closed && clause.audience.is_empty() && clause.granted.is_empty()
        });
        !self.covers(inside) && !reaches_nobody
    }

    /// The same label on a version that somebody writes: under TLP:RED its writer sees it.
    #[must_use]
    pub fn written_by(&self, writer: Option<&ObjectId>) -> Self {
        let clauses = self.class.clauses().cloned().map(|mut clause| {
            clause.origin.writer = writer.cloned();
            clause
        });
        Self {
            class: Class::all_of(clauses).unwrap_or_else(|| self.class.clone()),
            ..self.clone()
        }
    }

    /// Whether anybody may get a record by this label whom that of another version of it does not let in. Who wrote which version decides
    /// nothing, but under TLP:RED, which lets its writer in; nor does an embargo that is over. Says yes where it cannot tell.
    #[must_use]
    pub fn widens(&self, other: &Self, at: &Timestamp) -> bool {
        let embargo = other.embargo.as_ref().filter(|embargo| *embargo > at);
        let expiry = match (&self.expiry, &other.expiry) {
            (_, None) => false,
            (None, Some(_)) => true,
            (Some(ours), Some(theirs)) => ours > theirs,
        };
        if expiry || self.embargo.as_ref() < embargo {
            return true;
        }
        let lets_in_no_more = |theirs| {
            self.class
                .clauses()
                .any(|ours| ours.lets_in_no_more_than(theirs))
        };
        let met = self.class.exercises() == other.class.exercises();
        !(met && other.class.clauses().all(lets_in_no_more))
    }

    /// Whether records may be authorized beforehand to go as far as this: named others, not everybody, and nothing that is for persons.
    #[must_use]
    pub fn may_stand(&self) -> bool {
        let named = self.class.clauses().all(|clause| {
            let middle = matches!(clause.tlp, Tlp::Green | Tlp::Amber | Tlp::AmberStrict);
            middle && !clause.audience.is_empty()
        });
        named && !self.class.is_public()
    }

    /// Whether this label lets in nobody whom the widest one does not. What differs by record - who wrote it, its desk - decides nothing.
    #[must_use]
    pub fn lies_within(&self, widest: &Self) -> bool {
        let Some(bound) = widest.class.clauses().next() else {
            return false;
        };
        self.class.clauses().any(|clause| {
            let mut like = bound.clone();
            like.origin = clause.origin.clone();
            like.by.clone_from(&clause.by);
            like.desk = clause.desk;
            clause.covers(&like)
        })
    }
}

impl Clause {
    /// Whether nobody gets a version of a record by this clause whom that of another version does not let in.
    fn lets_in_no_more_than(&self, other: &Self) -> bool {
        let (mut ours, mut theirs) = (self.clone(), other.clone());
        let wrote = |person: &ObjectId| {
            let named = theirs.audience.contains(&Member::Person(person.clone()));
            theirs.origin.writer.as_ref() == Some(person) || named
        };
        if ours.tlp == Tlp::Red && !ours.origin.writer.as_ref().is_none_or(wrote) {
            return false;
        }
        theirs.by.clone_from(&ours.by);
        theirs.origin.writer.clone_from(&ours.origin.writer);
        if ours.origin.bringer.is_none() {
            theirs.origin.bringer = None;
        }
        if theirs.tlp == Tlp::Clear {
            theirs.audience.clone_from(&ours.audience);
            theirs.granted.clone_from(&ours.granted);
        }
        // For nobody, and so for nobody's clients.
        if ours.tlp == Tlp::Amber && ours.audience.is_empty() {
            ours.tlp = Tlp::AmberStrict;
        }
        ours.covers(&theirs)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(number: u8) -> ObjectId {
        ObjectId::parse(&format!(
            "identity--00000000-0000-4000-8000-0000000000{number:02x}"
        ))
        .unwrap()
    }

    fn label(tlp: Tlp, audience: &[Member]) -> Label {
        let mut clause = Clause::own(tlp, id(1));
        clause.audience = audience.iter().cloned().collect();
        Label::always(Class::of(clause))
    }

    #[test]
    fn what_waits_is_for_our_own_people() {
        let (b, ana, ben) = (
            Member::Participant(id(2)),
            Member::Person(id(3)),
            Member::Person(id(4)),
        );
        let ours = |person: &ObjectId| *person == id(3);
        for (given, inside, leaves) in [
            (label(Tlp::Clear, &[]), label(Tlp::AmberStrict, &[]), true),
            (label(Tlp::Green, &[]), label(Tlp::AmberStrict, &[]), true),
            (
                label(Tlp::Green, std::slice::from_ref(&b)),
                label(Tlp::AmberStrict, &[]),
                true,
            ),
            (label(Tlp::Amber, &[]), label(Tlp::AmberStrict, &[]), false),
            (
                label(Tlp::Amber, std::slice::from_ref(&b)),
                label(Tlp::AmberStrict, &[]),
                true,
            ),
            (
                label(Tlp::AmberStrict, &[]),
                label(Tlp::AmberStrict, &[]),
                false,
            ),
            (
                label(Tlp::AmberStrict, std::slice::from_ref(&b)),
                label(Tlp::AmberStrict, &[]),
                true,
            ),
            (label(Tlp::Red, &[]), label(Tlp::Red, &[]), false),
            (
                label(Tlp::Red, std::slice::from_ref(&ana)),
                label(Tlp::Red, std::slice::from_ref(&ana)),
                false,
            ),
            (
                label(Tlp::Red, &[ana.clone(), ben]),
                label(Tlp::Red, &[ana]),
                true,
            ),
        ] {
            assert_eq!(given.inside(ours), inside, "{given:?}");
            assert_eq!(given.leaves(&inside), leaves, "{given:?}");
            assert!(
                inside.covers(&given) || inside.class.tlp() > given.class.tlp(),
                "{given:?}"
            );
        }
    }

    #[test]
    fn a_version_by_another_hand_is_for_the_same_people() {
        let at = Timestamp::parse("2026-01-01T00:00:00.000Z").unwrap();
        let (b, c) = (Member::Participant(id(2)), Member::Participant(id(5)));
        let (ana, ben) = (Member::Person(id(3)), Member::Person(id(4)));
        let by = |writer: u8, tlp, audience: &[&Member]| {
            let mut clause = Clause::own(tlp, id(1));
            clause.audience = audience.iter().copied().cloned().collect();
            clause.origin.writer = Some(id(writer));
            Label::always(Class::of(clause))
        };
        let amber = |writer, audience: &[&Member]| by(writer, Tlp::Amber, audience);
        let red = |writer, audience: &[&Member]| by(writer, Tlp::Red, audience);
        for (now, before, widens) in [
            (amber(4, &[&b]), amber(3, &[&b]), false),
            (amber(4, &[&b, &c]), amber(3, &[&b]), true),
            (amber(4, &[&c]), amber(3, &[&b]), true),
            (by(4, Tlp::AmberStrict, &[&b]), amber(3, &[&b]), false),
            (amber(4, &[&b]), by(3, Tlp::AmberStrict, &[&b]), true),
            (amber(4, &[&b]), by(3, Tlp::Clear, &[]), false),
            (by(4, Tlp::Clear, &[]), amber(3, &[&b]), true),
            (amber(4, &[]), by(3, Tlp::Green, &[]), false),
            (by(4, Tlp::AmberStrict, &[]), red(3, &[&ana]), true),
            (red(4, &[&ana]), red(4, &[&ana]), false),
            (red(4, &[&ana]), red(3, &[&ana]), true),
            (red(4, &[&ana]), red(3, &[&ana, &ben]), false),
            (red(4, &[&ana]), amber(3, &[&b]), true),
        ] {
            assert_eq!(now.widens(&before, &at), widens, "{now:?} after {before:?}");
        }
        let until = |embargo: &str| Label {
            embargo: Some(Timestamp::parse(embargo).unwrap()),
            ..amber(3, &[&b])
        };
        let (over, runs) = (
            until("2025-01-01T00:00:00.000Z"),
            until("2027-01-01T00:00:00.000Z"),
        );
        assert!(!amber(4, &[&b]).widens(&over, &at));
        assert!(amber(4, &[&b]).widens(&runs, &at));
        assert!(!runs.widens(&over, &at));
        // Two clauses of two hands, as after a tightening, are one for whom they let in.
        let both = crate::combine([&amber(3, &[&b, &c]), &amber(4, &[&b])]);
        assert!(!amber(3, &[&b]).widens(&both.unwrap(), &at));
    }

    #[test]
    fn what_is_authorized_beforehand_has_an_edge() {
        let (b, c) = (Member::Participant(id(2)), Member::Participant(id(5)));
        let widest = label(Tlp::Amber, std::slice::from_ref(&b));
        for (asked, within) in [
            (label(Tlp::Amber, std::slice::from_ref(&b)), true),
            (label(Tlp::AmberStrict, std::slice::from_ref(&b)), true),
            (label(Tlp::Amber, std::slice::from_ref(&c)), false),
            (label(Tlp::Amber, &[b.clone(), c]), false),
            (label(Tlp::Green, std::slice::from_ref(&b)), false),
            (label(Tlp::Clear, &[]), false),
        ] {
            assert_eq!(asked.lies_within(&widest), within, "{asked:?}");
        }
        for (label, may) in [
            (label(Tlp::Clear, &[]), false),
            (label(Tlp::Green, &[]), false),
            (label(Tlp::Green, std::slice::from_ref(&b)), true),
            (label(Tlp::AmberStrict, std::slice::from_ref(&b)), true),
            (label(Tlp::Red, &[b]), false),
        ] {
            assert_eq!(label.may_stand(), may, "{label:?}");
        }
    }
}
