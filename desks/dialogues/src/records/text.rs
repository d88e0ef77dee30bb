//! A text that came of a session: a STIX report with the desk's fields under the extension.
//! Invariant: the text is kept whole and as it was; what it commits to stands in records of its own that point at its words.

use serde_json::{Map, Value, json};

use desk::{Kind, choice, record};

use super::{Part, Place, Placed};

choice! {
    /// Whose text it is.
    Standing {
        /// Both sides agreed every word.
        Agreed = "agreed",
        /// Both sides issued it together.
        Joint = "joint",
        /// Each side issued one; they may differ.
        Parallel = "parallel",
        /// One side issued it.
        Unilateral = "unilateral",
        /// One side's account of the meeting.
        ReadOut = "read_out",
    }
}

impl Standing {
    /// Whether what stands in it is one side's account until the other confirms it.
    pub fn is_one_sided(self) -> bool {
        matches!(self, Self::Parallel | Self::Unilateral | Self::ReadOut)
    }
}

choice! {
    /// The genre of a text.
    TextKind {
        /// A joint account in the third person.
        DialogueStatement = "dialogue_statement",
        /// One side's news.
        PressRelease = "press_release",
        /// An adopted text that speaks as "we".
        Declaration = "declaration",
        /// The account of an exercise.
        ExerciseReport = "exercise_report",
    }
}

record! {
    /// A text of a dialogue: statement, declaration, read-out.
    Text
    needs {
        /// Its title.
        title: String,
        /// Whose text it is.
        standing: Standing,
        /// Its genre.
        kind: TextKind,
        /// SHA-256 of its normal form, by which the same text is known again.
        normal: String,
        /// The whole text.
        content: String,
        /// When it was published, else when it was taken up here, as a time.
        published: String,
    }
    may {
        /// The dialogue.
        dialogue_ref: Option<String>,
        /// The session.
        session_ref: Option<String>,
        /// Who agreed or issued it.
        parties: Vec<String>,
        /// Who published it, where that is somebody else.
        publisher: Option<String>,
        /// The publisher's number for it.
        number: Option<String>,
        /// The date of its dateline as printed.
        dateline: Option<String>,
        /// The text of which this is another language version.
        version_of_ref: Option<String>,
        /// Whether it is authentic, official or courtesy.
        weight: Option<super::Weight>,
        /// The text whose changed form this is.
        replaces_ref: Option<String>,
        /// What does not fit together in it.
        remarks: Vec<String>,
        /// Whether it was tabled in the session, so that whoever observes may have it.
        tabled: bool,
        /// Why this version says something else than the one before, or takes it back.
        reason: Option<String>,
    }
}

impl Kind for Text {
    const TYPE: &'static str = "report";
    const NAME: &'static str = "text";
    const EXTENDS: bool = true;

    fn base(&self) -> Map<String, Value> {
        let about = [&self.session_ref, &self.dialogue_ref]
            .into_iter()
            .flatten();
        let refs: Vec<&String> = about.collect();
        let mut base = Map::new();
        base.insert("name".to_owned(), json!(self.title));
        base.insert("published".to_owned(), json!(self.published));
        base.insert("object_refs".to_owned(), json!(refs));
        base
    }
}

impl Placed for Text {
    fn place(&self) -> Place<'_> {
        Place::In(
            self.session_ref.as_deref(),
            Part::of(self.standing, self.tabled),
        )
    }
}
