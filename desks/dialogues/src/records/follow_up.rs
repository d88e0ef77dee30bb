//! What became of a commitment: as each side says for its own part; as somebody judges; and what a side agrees to.
//! Invariant: a follow-up is stated by its side alone; where accounts differ, both stand.

use desk::{Kind, choice, record};

use super::{Place, Placed};

choice! {
    /// What a side says became of its part.
    State {
        /// It is done.
        Implemented = "implemented",
        /// It is being done.
        UnderWay = "under_way",
        /// It has not begun.
        NotStarted = "not_started",
        /// It will not be done.
        NoLongerPursued = "no_longer_pursued",
        /// Another commitment took its place.
        Superseded = "superseded",
        /// The side shares nothing about it.
        NotShared = "not_shared",
    }
}

record! {
    /// Something that shows it.
    Evidence
    needs {
        /// What it is.
        title: String,
    }
    may {
        /// Where it can be found.
        url: Option<String>,
        /// The record that it is.
        object_ref: Option<String>,
        /// Of when.
        date: Option<String>,
    }
}

record! {
    /// What a side says became of a commitment, for its own part.
    FollowUp
    needs {
        /// The commitment.
        about_ref: String,
        /// The side that says so, about itself.
        side: String,
        /// What became of it.
        state: State,
    }
    may {
        /// The dialogue, so that all of a series are found together.
        dialogue_ref: Option<String>,
        /// In its own words.
        account: Option<String>,
        /// As of which day.
        as_of: Option<String>,
        /// What shows it.
        evidence: Vec<Evidence>,
        /// The commitment that took its place.
        superseded_by_ref: Option<String>,
    }
}

impl Kind for FollowUp {
    const TYPE: &'static str = "follow-up";
}

impl Placed for FollowUp {
    fn place(&self) -> Place<'_> {
        Place::About(&self.about_ref)
    }
}

record! {
    /// What the side judged has said about an appraisal, as far as it lets that go along.
    Replied
    needs {
        /// The side.
        side: String,
        /// Its words.
        words: String,
        /// The record in which it said so.
        reply_ref: String,
    }
    may {
        /// When.
        at: Option<String>,
    }
}

record! {
    /// A judgment on how a side kept a commitment. It stays inside until a signatory releases it: first to the side judged, which has
    /// until a day to reply; to others after that, with the reply beside it.
    Appraisal
    needs {
        /// The commitment.
        about_ref: String,
        /// Whose part is judged.
        of: String,
        /// Who judges.
        by: String,
        /// On what it rests.
        basis: String,
    }
    may {
        /// The scale of the G7 Research Group: -1 not complied, 0 in part, 1 in full. It is never summed.
        score: Option<i32>,
        /// In words.
        account: Option<String>,
        /// The signatory who let it go out.
        released_by: Option<String>,
        /// What the side judged has to say.
        reply_ref: Option<String>,
        /// The stretch of time that it covers, as printed.
        period: Option<String>,
        /// Until when the side judged may reply before others get it, as a time.
        reply_by: Option<String>,
        /// What it replied, where it lets that go along.
        replies: Vec<Replied>,
    }
}

impl Kind for Appraisal {
    const TYPE: &'static str = "appraisal";
}

impl Placed for Appraisal {
    fn place(&self) -> Place<'_> {
        Place::About(&self.about_ref)
    }
}

record! {
    /// What a side says to an appraisal of its part.
    AppraisalReply
    needs {
        /// The appraisal.
        about_ref: String,
        /// The commitment that it is about.
        commitment_ref: String,
        /// The side that was judged, and replies.
        side: String,
        /// Its words.
        words: String,
    }
    may {
        /// Whether these words may stand beside the appraisal wherever it goes.
        beside: bool,
    }
}

impl Kind for AppraisalReply {
    const TYPE: &'static str = "appraisal-reply";
}

impl Placed for AppraisalReply {
    fn place(&self) -> Place<'_> {
        Place::About(&self.commitment_ref)
    }
}

choice! {
    /// What a consent is for.
    Purpose {
        /// The text may be published.
        Publish = "publish",
        /// What the other side's text says is so.
        Confirm = "confirm",
    }
}

record! {
    /// A side's consent: to publish a text, or to what the other side reports.
    Consent
    needs {
        /// The text or commitment.
        about_ref: String,
        /// The side that consents.
        side: String,
        /// To what.
        purpose: Purpose,
    }
    may {
        /// Whether it is taken back.
        withdrawn: bool,
        /// Why it is taken back.
        reason: Option<String>,
    }
}

impl Kind for Consent {
    const TYPE: &'static str = "consent";
}

impl Placed for Consent {
    fn place(&self) -> Place<'_> {
        Place::About(&self.about_ref)
    }
}
