//! A text in the making, round by round. Invariant: a round is never changed; the next one takes its place, and each word that is open
//! names the side that put it forward.

use desk::{Kind, choice, record};

use super::{Part, Place, Placed};

choice! {
    /// How a passage stands.
    PassageState {
        /// Put forward as a whole.
        Proposed = "proposed",
        /// In brackets: somebody does not agree to some of it yet.
        Open = "open",
        /// Without brackets.
        Agreed = "agreed",
        /// Put forward to be taken out.
        Deleted = "deleted",
    }
}

record! {
    /// Words of a passage that stand or fall together. With neither `in_by`, `out_by` nor `held_by` they stand.
    Run
    needs {
        /// The words, with the blanks around them; a line feed where a side would begin a new paragraph.
        words: String,
    }
    may {
        /// The side that would put them in.
        in_by: Option<String>,
        /// The side that would take them out.
        out_by: Option<String>,
        /// The side that holds them in brackets as they are.
        held_by: Option<String>,
        /// The sides that agreed to what is put forward, while others have yet to.
        agreed_by: Vec<String>,
        /// The side that changed them in a file without recording the change, so that it was found by comparing.
        untracked: bool,
        /// They were moved from, or to, another place.
        moved: bool,
    }
}

record! {
    /// What a side remarks.
    Remark
    needs {
        /// The side.
        by: String,
        /// What it remarks.
        words: String,
        /// When, as a time.
        at: String,
    }
    may {
        /// The words that it is about, where it is not about all of the passage.
        on: Option<String>,
        /// The remark that it answers, by its place in the list.
        answers: Option<u32>,
    }
}

record! {
    /// A passage of a draft: a paragraph.
    Passage
    needs {
        /// Its words, as they would read if everything that is put forward were taken.
        words: String,
        /// How it stands.
        state: PassageState,
    }
    may {
        /// Its name, the same in every round.
        mark: Option<String>,
        /// The side that put it forward, or would take it out, as a whole.
        by: Option<String>,
        /// The commitment whose agreed language it takes up.
        from_ref: Option<String>,
        /// Its words run by run, where something is open; else all of them stand.
        runs: Vec<Run>,
        /// The side that would join it with the next one.
        joins_by: Option<String>,
        /// What sides remark.
        remarks: Vec<Remark>,
    }
}

record! {
    /// How a round came in that did not come from a node.
    Received
    needs {
        /// Who received it.
        by: String,
        /// When.
        on: String,
    }
    may {
        /// Who sent it.
        from: Option<String>,
        /// The file, by the SHA-256 of its bytes.
        sha256: Option<String>,
    }
}

record! {
    /// One round of a draft: a proposal for common elements, or a text under negotiation.
    Draft
    needs {
        /// What it is to become.
        title: String,
        /// The number of the round.
        round: u32,
        /// The side that put this round forward.
        side: String,
        /// What it says.
        passages: Vec<Passage>,
    }
    may {
        /// The dialogue.
        dialogue_ref: Option<String>,
        /// The session that it is for.
        session_ref: Option<String>,
        /// Whose text it is to be.
        parties: Vec<String>,
        /// The first round, by which the draft is known; absent in the first round itself.
        draft_ref: Option<String>,
        /// The round before.
        follows_ref: Option<String>,
        /// The other round before, where both sides had written one and this one takes both up.
        also_follows_ref: Option<String>,
        /// How it came in, where it came by mail.
        received: Option<Received>,
        /// The text that it became.
        became_ref: Option<String>,
        /// Why its side withdraws it.
        reason: Option<String>,
    }
}

impl Kind for Draft {
    const TYPE: &'static str = "draft";
}

impl Placed for Draft {
    fn place(&self) -> Place<'_> {
        Place::In(self.session_ref.as_deref(), Part::Between)
    }
}

choice! {
    /// What a side does in a silence procedure.
    SilenceAct {
        /// It puts a round under silence: agreed unless a side breaks it in time.
        Start = "start",
        /// It gives more time.
        Extend = "extend",
        /// It does not agree.
        Break = "break",
        /// It lets the silence run, with a reservation that stands beside the text.
        Reserve = "reserve",
    }
}

record! {
    /// What a side does in the silence procedure on a round of a draft.
    Silence
    needs {
        /// The draft, by its first round.
        draft_ref: String,
        /// The round that is under silence.
        round_ref: String,
        /// The side.
        side: String,
        /// What it does.
        act: SilenceAct,
    }
    may {
        /// Until when, as a time.
        until: Option<String>,
        /// The zone in which that time was given: its distance from UTC, as `+01:00`.
        zone: Option<String>,
        /// Why, or the reservation.
        words: Option<String>,
    }
}

impl Kind for Silence {
    const TYPE: &'static str = "silence";
}

impl Placed for Silence {
    fn place(&self) -> Place<'_> {
        Place::About(&self.draft_ref)
    }
}
