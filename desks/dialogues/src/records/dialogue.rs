//! A series of sessions between the same participants. Invariant: a series keeps its id when its name changes or a party joins.

use desk::{Kind, record};
use serde_json::{Map, Value, json};

use super::Placed;

record! {
    /// A name that the series had before.
    FormerName
    needs {
        /// The name.
        name: String,
    }
    may {
        /// Until when, as a date that may be partial.
        until: Option<String>,
    }
}

record! {
    /// A dialogue: a series of sessions between the same participants.
    Dialogue
    needs {
        /// What it is called, in the language of the record.
        name: String,
        /// Who holds it: codes of States and organisations, or ids of identities.
        parties: Vec<String>,
    }
    may {
        /// A short key that texts are matched by: the codes of its parties, sorted and joined, then its kind.
        key: Option<String>,
        /// Its name in French, where the record is in another language.
        name_fr: Option<String>,
        /// Names that it had before.
        former_names: Vec<FormerName>,
        /// What it is about.
        description: Option<String>,
        /// How many months lie between two sessions, as a rule.
        every_months: Option<u32>,
        /// Since when, as a date that may be partial.
        since: Option<String>,
        /// Until when.
        until: Option<String>,
        /// The series that it follows on.
        succeeds_ref: Option<String>,
        /// What is known less surely, and why.
        remark: Option<String>,
        /// Why it is taken back, where it was entered by mistake.
        reason: Option<String>,
    }
}

impl Kind for Dialogue {
    const TYPE: &'static str = "dialogue";
}

impl Placed for Dialogue {}

record! {
    /// That two series are one: whoever says so reads the sessions of both as those of one.
    SameSeries
    needs {
        /// The series that stands for both: one of whoever says so.
        stands_ref: String,
        /// The series that is read as that one, whoever keeps it.
        other_ref: String,
    }
    may {
        /// Whether it is said no more.
        withdrawn: bool,
    }
}

impl Kind for SameSeries {
    const TYPE: &'static str = "relationship";
    const NAME: &'static str = "same-series";
    const EXTENDS: bool = true;

    fn base(&self) -> Map<String, Value> {
        let mut base = Map::new();
        base.insert("relationship_type".to_owned(), json!("duplicate-of"));
        base.insert("source_ref".to_owned(), json!(self.stands_ref));
        base.insert("target_ref".to_owned(), json!(self.other_ref));
        base
    }
}

impl Placed for SameSeries {}
