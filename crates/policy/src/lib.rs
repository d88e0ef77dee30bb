//! Who may see, keep and pass on what; and why, sentence by sentence, for whoever has the words.
//!
//! It is one rule, [`decide`], over two pure values: a [`Viewer`] (who asks, its memberships resolved) and a [`Label`] (who may have
//! a record, and when). It is the only place that compares labels, and the only one that makes a [`Released`].
//!
//! It is **not** a registry (it looks nobody up), not a clock (the time is passed in), not a parser of markings (`stix` reads them),
//! no redactor (a record is released whole or not at all), and no classification: TLP says how far, not how secret.
//!
//! # To check it against the design
//!
//! | what | where |
//! |---|---|
//! | the table: who may see, who may pass on; rules 1 and 2 | `clause.rs`: `may_see`, `may_be_passed_on_to` |
//! | rule 3, several markings; rule 6, holders and paths | `resolve.rs`: [`resolve`], [`least_strict`] |
//! | rule 4, caveats | `clause.rs`: `limit`; `label.rs`: `exercise_fits`, `closed` |
//! | rule 5, what is derived | `label.rs`: [`combine`], [`derive`] |
//! | rules 7 and 8, publishing, loosening, tightening | `change.rs`: [`needs_second_person`], [`compare`]; [`retroactive`] |
//! | rule 9, who will see it, and why | `explain.rs`: [`who`]; `sentences.rs`: [`Sentence`] |
//! | the whole again, by other means | `tests/release/oracle.rs` |
//!
//! A label is a conjunction of **clauses**: what the author said, what each holder said beside it, what each source of a derived
//! record said. Every clause must let the viewer in. So joining labels is joining sets, and cannot widen anything.
//!
//! A clause knows whose copy it lies on. Where the copy lies with the organ that put the label, the second column of the table
//! speaks; everywhere else its holder is a receiver, and the third column speaks as well.
//!
//! # Example
//!
//! The ministry of A writes a record for B. B may read it and show it to its own clients; it may not give it to C.
//!
//! ```
//! use policy::{Class, Clause, Label, Member, Patron, Purpose, Reason, Standing, Tlp, Viewer, decide, onward};
//!
//! let [a, b, c] = ["a", "b", "c"].map(|x| format!("identity--{}", "00000000-0000-4000-8000-00000000000x".replace('x', x)));
//! let [a, b, c]: [stix::ObjectId; 3] = [a.parse()?, b.parse()?, c.parse()?];
//! let now = "2026-11-21T12:00:00Z".parse()?;
//!
//! let mut clause = Clause::own(Tlp::Amber, a);
//! clause.audience.insert(Member::Participant(b.clone()));
//! let label = Label::always(Class::of(clause));
//!
//! // B's node polls it, and so holds a copy.
//! let copy = onward(&label, &Viewer::machine(b.clone()), &now).ok_or("B is in the audience")?;
//!
//! // On B's node: C may not have it, and the sender may know why.
//! let decision = decide(&Viewer::machine(c), &copy, Purpose::Poll, &now);
//! assert_eq!(decision.reasons(), [Reason::NotInAudience]);
//! assert_eq!(decision.release("the record"), None);
//!
//! // A client of B may.
//! let patron = Patron { standing: Standing::of(b), need_to_know: policy::Desks::Every };
//! let client = Viewer { patrons: vec![patron], ..Viewer::public() };
//! let shown = decide(&client, &copy, Purpose::Show, &now).release("the record").ok_or("a client of B")?;
//! assert_eq!(shown.into_inner(), "the record");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

#![cfg_attr(
    not(test),
    deny(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        clippy::indexing_slicing
    )
)]

mod change;
mod clause;
mod decide;
mod explain;
mod inside;
mod key;
mod label;
mod marking;
mod member;
mod released;
mod resolve;
mod sentences;
mod tlp;
mod viewer;

pub use change::{Change, compare, needs_second_person};
pub use clause::{Caveats, Clause, Origin};
pub use decide::{Decision, Ground, Reason, Verdict, admits, decide};
pub use explain::{Candidate, Designated, Explanation, Onward, who};
pub use key::BadKey;
pub use label::{Class, Label, combine, derive, onward};
pub use member::{CircleId, Desk, Desks, Epoch, Member, UnknownMember};
pub use released::{Reach, Released};
pub use resolve::{Handling, House, Resolved, SetBy, Terms, least_strict, resolve, retroactive};
pub use sentences::Sentence;
pub use tlp::{Pap, Tlp, UnknownPap, UnknownTlp};
pub use viewer::{Patron, Purpose, Standing, Viewer};
