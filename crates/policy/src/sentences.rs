//! What there is to say of who will see a record, sentence by sentence. Invariant: nothing here is in any language. Whoever has the words
//! of one writes them out: `site` does, for pages and for the command line.

use stix::Timestamp;

use crate::decide::{Ground, Reason};
use crate::explain::{Designated, Explanation, Onward};
use crate::tlp::Tlp;

/// How many of those who will not see it a brief sentence names.
const NAMED: usize = 3;

/// A sentence without its words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sentence<'a> {
    /// The label that is shown.
    Label(Tlp),
    /// Everyone will see it, without signing in.
    Everyone,
    /// These will see it.
    SeenBy(Vec<&'a str>),
    /// It has expired: nobody else will see it.
    HasExpired,
    /// Nobody outside the organ of who reads this will see it.
    NobodyOutside,
    /// Beyond the author's organ and the organ that holds the copy, nobody will.
    NobodyBeyond,
    /// TLP:RED: beyond those named and the person who wrote it, nobody will.
    NobodyBeyondNamed,
    /// These will see it without who spoke and for whom.
    WithoutSpeakers(Vec<&'a str>),
    /// These will not see it, and why.
    NotSeenBy(Vec<&'a str>, Reason),
    /// So many will not, whose names stand beside; and why.
    ManyNot(usize, Reason),
    /// A State that is named, and who receives for it.
    Designated(&'a Designated),
    /// What receivers may do.
    Onward(Onward),
    /// Until then it stays on the author's node.
    Embargo(&'a Timestamp),
    /// From then on it is released to nobody.
    Expiry(&'a Timestamp),
    /// It never leaves the exercise that it belongs to.
    Exercise,
    /// No look-up, no enrichment.
    PapRed,
    /// The content may be used; who spoke and for whom never leaves.
    ChathamHouse,
}

impl Explanation {
    /// Who will see it, who will not and why, what receivers may do, what else limits it: in the order in which it is read.
    #[must_use]
    pub fn sentences(&self) -> Vec<Sentence<'_>> {
        let mut all = vec![Sentence::Label(self.tlp)];
        let expired = self
            .not_seen_by
            .iter()
            .any(|(_, reason)| *reason == Reason::Expired);
        all.push(match () {
            () if self.public => Sentence::Everyone,
            () if !self.seen_by.is_empty() => {
                Sentence::SeenBy(names(self.seen_by.iter().map(|(name, _)| name)))
            }
            () if expired => Sentence::HasExpired,
            () if self.tlp == Tlp::Red => Sentence::NobodyBeyondNamed,
            () if self.own => Sentence::NobodyOutside,
            () => Sentence::NobodyBeyond,
        });
        if !self.without_speakers.is_empty() {
            all.push(Sentence::WithoutSpeakers(names(&self.without_speakers)));
        }
        for (reason, refused) in self.refused() {
            all.push(match refused.len() {
                many if self.brief && many > NAMED => Sentence::ManyNot(many, reason),
                _ => Sentence::NotSeenBy(refused, reason),
            });
        }
        all.extend(self.designated.iter().map(Sentence::Designated));
        all.extend(self.is_received().then_some(Sentence::Onward(self.onward)));
        all.extend(self.embargo.as_ref().map(Sentence::Embargo));
        all.extend(self.expiry.as_ref().map(Sentence::Expiry));
        all.extend(self.exercise.then_some(Sentence::Exercise));
        all.extend(self.pap_red.then_some(Sentence::PapRed));
        all.extend(self.chatham_house.then_some(Sentence::ChathamHouse));
        all
    }

    /// Of those who will not see it, whom the sentences speak of: that a label that names nobody reaches nobody is said already.
    fn refused(&self) -> impl Iterator<Item = (Reason, Vec<&str>)> {
        let said = self.seen_by.is_empty() && self.without_speakers.is_empty() && !self.public;
        self.by_reason()
            .into_iter()
            .filter(move |(reason, _)| !(said && *reason == Reason::NobodyNamed))
    }

    /// Whether there is anybody who might pass it on.
    fn is_received(&self) -> bool {
        self.public || !self.seen_by.is_empty() || !self.without_speakers.is_empty()
    }
}

fn names<'a>(all: impl IntoIterator<Item = &'a String>) -> Vec<&'a str> {
    all.into_iter().map(String::as_str).collect()
}

impl Ground {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::Everyone,
        Self::Origin,
        Self::Wrote,
        Self::Named,
        Self::Audience,
        Self::Client,
        Self::Granted,
    ];

    /// By which its words are found in each language.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Everyone => "everyone",
            Self::Origin => "origin",
            Self::Wrote => "wrote",
            Self::Named => "named",
            Self::Audience => "audience",
            Self::Client => "client",
            Self::Granted => "granted",
        }
    }
}

impl Onward {
    /// All of them.
    pub const ALL: [Self; 5] = [
        Self::Anybody,
        Self::Community,
        Self::OwnClients,
        Self::WithConsent,
        Self::Nobody,
    ];

    /// By which its words are found in each language.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Anybody => "anybody",
            Self::Community => "community",
            Self::OwnClients => "own-clients",
            Self::WithConsent => "with-consent",
            Self::Nobody => "nobody",
        }
    }
}
