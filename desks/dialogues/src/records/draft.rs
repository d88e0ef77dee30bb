//! A text in the making, round by round. Invariant: a round is never changed; the next one takes its place, and each passage names
//! the side that put it forward.

use super::Kind;

choice! {
    /// How a passage stands.
    PassageState {
        /// Put forward.
        Proposed = "proposed",
        /// In brackets: somebody does not agree yet.
        Open = "open",
        /// All agree.
        Agreed = "agreed",
        /// Put forward to be taken out.
        Deleted = "deleted",
    }
}

record! {
    /// A passage of a draft.
    Passage
    needs {
        /// Its words.
        words: String,
        /// How it stands.
        state: PassageState,
    }
    may {
        /// The side that put it forward.
        by: Option<String>,
        /// The commitment whose agreed language it takes up.
        from_ref: Option<String>,
        /// What a side remarks, as `side: words`.
        comments: Vec<String>,
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
        /// The round before.
        follows_ref: Option<String>,
        /// Agreed unless somebody objects before then, as a time.
        silence_until: Option<String>,
        /// The sides that broke the silence.
        broken_by: Vec<String>,
        /// How it came in, where it came by mail.
        received: Option<Received>,
        /// The text that it became.
        became_ref: Option<String>,
    }
}

impl Kind for Draft {
    const TYPE: &'static str = "draft";
}
