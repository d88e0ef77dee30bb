//! A record that waits for clearance: its label for our own people only, whether its real one lets in anybody else, and what may be
//! authorized beforehand.

use stix::ObjectId;

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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clause::Clause;

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
