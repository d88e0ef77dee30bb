//! What a text commits somebody to, word for word; and what else it states. Invariant: the words are the text's own, untouched.

use desk::{Kind, choice, record};

use super::{Place, Placed, Standing};

choice! {
    /// What the words do.
    Act {
        /// Takes on a future act of its own.
        Commitment = "commitment",
        /// States again what was held before.
        Reaffirmation = "reaffirmation",
        /// Judges, values, asserts a norm.
        Position = "position",
        /// Wants others to act.
        Invitation = "invitation",
        /// Is pleased.
        Welcome = "welcome",
        /// Tells a fact.
        Report = "report",
    }
}

record! {
    /// Where words stand in their text, in Unicode code points.
    Span
    needs {
        /// The first.
        start: u32,
        /// One past the last.
        end: u32,
    }
    may {}
}

record! {
    /// A commitment, or another statement of a text that one wants to find again. Political: recording it creates no legal obligation.
    Commitment
    needs {
        /// The exact words.
        words: String,
        /// What they do.
        act: Act,
        /// Who does it.
        actors: Vec<String>,
        /// 1 hedged, 2 intended, 3 firm.
        strength: u32,
        /// Whose text it stands in: what stands in one side's text alone is that side's account.
        standing: Standing,
    }
    may {
        /// What it is about.
        topics: Vec<String>,
        /// For whom it is done.
        beneficiary: Option<String>,
        /// Whose text it is, where it is one side's.
        reported_by: Option<String>,
        /// Norms, instruments and bodies by their ids, and earlier commitments, that it touches.
        touches: Vec<String>,
        /// By when, as printed: perhaps partial, with `~` for about.
        due: Option<String>,
        /// By when at the latest, read from that, as a time.
        due_by: Option<String>,
        /// The dialogue.
        dialogue_ref: Option<String>,
        /// The session.
        session_ref: Option<String>,
        /// The text.
        text_ref: Option<String>,
        /// Where it stands there.
        place: Option<Span>,
        /// The person quoted.
        speaker: Option<String>,
        /// The earlier commitment whose words it repeats.
        repeats_ref: Option<String>,
        /// Whether its author has taken it back; the words stay.
        withdrawn: bool,
        /// Why this version says something else than the one before.
        reason: Option<String>,
    }
}

impl Kind for Commitment {
    const TYPE: &'static str = "commitment";
}

impl Placed for Commitment {
    fn place(&self) -> Place<'_> {
        Place::Said(self.session_ref.as_deref(), self.text_ref.as_deref())
    }
}
