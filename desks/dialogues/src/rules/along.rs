//! Under which label a series goes along with one of its sessions. Invariant: who has the series keeps it, and it goes no further than the
//! label that it had and the one that was chosen for the session allow.

use desk::Label;
use policy::Tlp;

/// The label of a series that has one, where its session goes under another. `None`: it stays as it is, since those who are chosen have it,
/// or since it is for persons and they are not.
pub fn along(chosen: &Label, stands: Label) -> Option<Label> {
    match (chosen, stands) {
        (_, Label::Public) => None,
        (Label::To(chosen, to), Label::To(stands, mut named))
            if Tlp::from(*chosen).is_for_persons() == Tlp::from(stands).is_for_persons()
                && !named.is_empty() =>
        {
            let before = named.len();
            for one in to {
                if !named.contains(one) {
                    named.push(one.clone());
                }
            }
            let strictest = match Tlp::from(*chosen) > Tlp::from(stands) {
                true => *chosen,
                false => stands,
            };
            (named.len() > before).then_some(Label::To(strictest, named))
        }
        (_, Label::To(stands, _)) if Tlp::from(stands).is_for_persons() => None,
        (Label::To(chosen, _), Label::To(_, named))
            if Tlp::from(*chosen).is_for_persons() && !named.is_empty() =>
        {
            None
        }
        _ => Some(chosen.clone()),
    }
}
