//! May this author, over this channel, say this? One pure decision over facts that were looked up before.
//!
//! Invariant: it never looks at content, and it never loses anything; what is not admitted awaits a person.

use stix::ObjectId;

use crate::clock::{DAY, Micros};

/// What is known when a version asks to be let in.
#[derive(Debug, Clone)]
pub(crate) struct Facts<'a> {
    /// Where it comes from: [`crate::Channel::source`].
    pub source: &'a str,
    /// Whether an operator of this node stands behind it.
    pub ours: bool,
    /// This node's participant.
    pub home: &'a ObjectId,
    /// Who says it: `created_by_ref`.
    pub author: Option<&'a ObjectId>,
    /// Whether that author's identity is, or was until its key was revoked, bound to a key.
    pub author_bound: bool,
    /// Whether its key was revoked and nobody has vouched for another since.
    pub author_unvouched: bool,
    /// What is known of the author's seal.
    pub seal: Seal,
    /// Whether whoever gave it lets somebody in whom the author's seal does not.
    pub loosened: bool,
    /// The first record of the same object here, if there is one.
    pub first: Option<First<'a>>,
    /// Whether its id is made from what it says, so that it is the same object whoever says it (STIX 2.1 §2.9).
    pub named_by_content: bool,
    /// The version's time, where it has one.
    pub version: Option<Micros>,
    /// Now.
    pub now: Micros,
}

/// What is known of an author's seal over a version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Seal {
    /// There is none.
    Missing,
    /// It is the author's, over these bytes and this label.
    Good,
    /// It is by a key that the author had before, and was made, or came, when that did not count any more.
    Former,
    /// It is by a key that was followed by another in good order, and was made in its time; it only comes long after.
    Late,
    /// There is one, and it does not fit.
    Broken(String),
}

/// The first record of an object.
#[derive(Debug, Clone)]
pub(crate) struct First<'a> {
    /// Where it came from.
    pub source: &'a str,
    /// Its author.
    pub author: Option<&'a ObjectId>,
    /// Whether that author is bound to a key now.
    pub author_bound: bool,
}

/// What is decided.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// It becomes a record.
    Admit,
    /// A person decides.
    Await(Why),
    /// It is not taken.
    Refuse(Why),
}

/// Why not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Why {
    /// Its time is more than a day ahead.
    Future,
    /// Its author seals what it says, and this is not sealed.
    SealMissing,
    /// Its author's seal does not fit.
    SealBroken(String),
    /// It is sealed by a former key of its author, too late.
    SealFormer,
    /// It was sealed in its time by a key that was followed by another, and comes long after.
    SealLate,
    /// Its author's key was revoked, and words have not been compared since.
    Unvouched,
    /// The label that came with it is looser than its author's.
    Loosened,
    /// It speaks in this node's own name.
    InOurName,
    /// The object belongs to an author who is bound to a key, and this names another.
    AuthorsObject,
    /// The object came by another channel, and nobody's key is bound to it.
    OtherChannel,
}

impl Why {
    /// A stable short name, for lists and `--json`.
    pub(crate) fn code(&self) -> &'static str {
        match self {
            Self::Future => "future-version",
            Self::SealMissing => "seal-missing",
            Self::SealBroken(_) => "seal-broken",
            Self::SealFormer => "seal-former",
            Self::SealLate => SEAL_LATE,
            Self::Unvouched => "seal-unvouched",
            Self::Loosened => "label-loosened",
            Self::InOurName => "in-our-name",
            Self::AuthorsObject => "authors-object",
            Self::OtherChannel => "other-channel",
        }
    }

    /// The code of a sentence of [`in_english`](Self::in_english).
    pub(crate) fn code_of(sentence: &str) -> Option<&'static str> {
        let mut all = Self::all().into_iter();
        // The sentence about a seal goes on with what does not fit.
        let why = all.find(|why| sentence.starts_with(&why.in_english()));
        why.map(|why| why.code())
    }

    fn all() -> [Self; 10] {
        [
            Self::Future,
            Self::SealMissing,
            Self::SealBroken(String::new()),
            Self::SealFormer,
            Self::SealLate,
            Self::Unvouched,
            Self::Loosened,
            Self::InOurName,
            Self::AuthorsObject,
            Self::OtherChannel,
        ]
    }

    /// Whether its author is told: it is not as its author made it, or nobody can tell. That what it made is long under way tells it nothing.
    pub(crate) fn concerns_the_author(&self) -> bool {
        matches!(
            self,
            Self::SealMissing | Self::SealBroken(_) | Self::SealFormer | Self::Loosened
        )
    }

    /// For whoever sent it and for whoever decides.
    pub(crate) fn in_english(&self) -> String {
        match self {
            Self::Future => "its version is dated more than 24 hours ahead; correct the clock or the date and send it again".into(),
            Self::SealMissing => "its author seals what it says, and this copy carries no seal of the author".into(),
            Self::SealBroken(how) => format!("the author's seal does not fit this copy: {how}"),
            Self::SealFormer => "it is sealed by a key that its author has replaced or revoked, and was made after that, or comes too long after it".into(),
            Self::SealLate => "it was sealed by a key that its author has replaced since, and comes long after that".into(),
            Self::Unvouched => "its author's key was revoked; people have to compare the words of its new introduction first".into(),
            Self::Loosened => "whoever passed it on gives it a looser label than its author sealed".into(),
            Self::InOurName => "it speaks in this node's own name and did not come from here".into(),
            Self::AuthorsObject => "the object belongs to another author, who alone may revise it".into(),
            Self::OtherChannel => "the object came by another channel first, and no key says who may revise it".into(),
        }
    }
}

/// The code of [`Why::SealLate`]: what waits for it is counted apart.
pub(crate) const SEAL_LATE: &str = "seal-late";

/// Decides.
pub(crate) fn admit(facts: &Facts<'_>) -> Verdict {
    if facts
        .version
        .is_some_and(|version| version > facts.now.saturating_add(DAY))
    {
        return Verdict::Refuse(Why::Future);
    }
    if let Some(first) = &facts.first
        && first.author_bound
        && first.author != facts.author
    {
        return Verdict::Await(Why::AuthorsObject);
    }
    let by_home = facts.author == Some(facts.home);
    if by_home && facts.ours {
        return Verdict::Admit;
    }
    if facts.author_unvouched {
        return Verdict::Await(Why::Unvouched);
    }
    if by_home || facts.author_bound {
        return match &facts.seal {
            Seal::Good if facts.loosened => Verdict::Await(Why::Loosened),
            Seal::Good => Verdict::Admit,
            Seal::Broken(how) => Verdict::Await(Why::SealBroken(how.clone())),
            Seal::Former => Verdict::Await(Why::SealFormer),
            Seal::Late => Verdict::Await(Why::SealLate),
            Seal::Missing if by_home => Verdict::Await(Why::InOurName),
            Seal::Missing => Verdict::Await(Why::SealMissing),
        };
    }
    match &facts.first {
        Some(first) if first.source != facts.source && !facts.named_by_content => {
            Verdict::Await(Why::OtherChannel)
        }
        _ => Verdict::Admit,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(n: u8) -> ObjectId {
        ObjectId::parse(&format!(
            "identity--00000000-0000-4000-8000-0000000000{n:02x}"
        ))
        .unwrap()
    }

    #[test]
    fn who_may_say_what() {
        let (home, peer, mitre) = (id(1), id(2), id(3));
        let base = Facts {
            source: "peer:x",
            ours: false,
            home: &home,
            author: None,
            author_bound: false,
            author_unvouched: false,
            seal: Seal::Missing,
            loosened: false,
            first: None,
            named_by_content: false,
            version: Some(0),
            now: DAY,
        };
        let first = |source, author, author_bound| {
            Some(First {
                source,
                author,
                author_bound,
            })
        };
        let broken = || Seal::Broken("x".into());
        let by = |author| Facts {
            author: Some(author),
            ..base.clone()
        };
        let bound = |seal| Facts {
            author: Some(&peer),
            author_bound: true,
            seal,
            ..base.clone()
        };
        let cases = [
            ("nobody's new object", base.clone(), Verdict::Admit),
            (
                "year 9999",
                Facts {
                    version: Some(DAY * 3_000_000),
                    ..base.clone()
                },
                Verdict::Refuse(Why::Future),
            ),
            (
                "a day ahead",
                Facts {
                    version: Some(2 * DAY),
                    ..base.clone()
                },
                Verdict::Admit,
            ),
            (
                "no version at all",
                Facts {
                    version: None,
                    ..base.clone()
                },
                Verdict::Admit,
            ),
            (
                "unbound author, same channel",
                Facts {
                    first: first("peer:x", Some(&mitre), false),
                    ..by(&mitre)
                },
                Verdict::Admit,
            ),
            (
                "unbound author, other channel",
                Facts {
                    first: first("local", Some(&mitre), false),
                    ..by(&mitre)
                },
                Verdict::Await(Why::OtherChannel),
            ),
            (
                "unbound author changes, same channel",
                Facts {
                    first: first("peer:x", None, false),
                    ..by(&mitre)
                },
                Verdict::Admit,
            ),
            (
                "bound author, sealed, by a relay",
                bound(Seal::Good),
                Verdict::Admit,
            ),
            (
                "bound author, sealed, loosened by a relay",
                Facts {
                    loosened: true,
                    ..bound(Seal::Good)
                },
                Verdict::Await(Why::Loosened),
            ),
            (
                "bound author, unsealed",
                bound(Seal::Missing),
                Verdict::Await(Why::SealMissing),
            ),
            (
                "bound author, sealed by a former key too late",
                bound(Seal::Former),
                Verdict::Await(Why::SealFormer),
            ),
            (
                "bound author, sealed in its time by a key that was followed",
                bound(Seal::Late),
                Verdict::Await(Why::SealLate),
            ),
            (
                "an author whose key was revoked, sealed by whatever key",
                Facts {
                    author_unvouched: true,
                    ..bound(Seal::Good)
                },
                Verdict::Await(Why::Unvouched),
            ),
            (
                "bound author, edited by a relay",
                bound(broken()),
                Verdict::Await(Why::SealBroken("x".into())),
            ),
            (
                "bound author's object, other name",
                Facts {
                    first: first("peer:x", Some(&peer), true),
                    ..base.clone()
                },
                Verdict::Await(Why::AuthorsObject),
            ),
            (
                "bound author's object, even by our hand",
                Facts {
                    ours: true,
                    source: "local",
                    first: first("local", Some(&peer), true),
                    ..base.clone()
                },
                Verdict::Await(Why::AuthorsObject),
            ),
            (
                "our name from outside",
                by(&home),
                Verdict::Await(Why::InOurName),
            ),
            (
                "our name, our hand",
                Facts {
                    ours: true,
                    ..by(&home)
                },
                Verdict::Admit,
            ),
            (
                "our own record comes home",
                Facts {
                    seal: Seal::Good,
                    ..by(&home)
                },
                Verdict::Admit,
            ),
        ];
        for (name, facts, expected) in cases {
            assert_eq!(admit(&facts), expected, "{name}");
        }
    }
}
