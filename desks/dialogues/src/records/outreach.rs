//! What is done together towards others: events that are prepared jointly, and démarches with their answers.
//! Invariant: both point at the commitments from which they were opened, so that they report back to them.

use desk::{Kind, record};

use super::Placed;

record! {
    /// An event that is prepared together: workshop, side event, exercise, visit.
    Event
    needs {
        /// What it is called.
        name: String,
        /// The day it begins on, as a time.
        starts: String,
    }
    may {
        /// First day as printed.
        start: Option<String>,
        /// Last day.
        end: Option<String>,
        /// Where.
        place: Option<String>,
        /// Who prepares it.
        hosts: Vec<String>,
        /// Who is invited besides.
        invited: Vec<String>,
        /// The dialogue.
        dialogue_ref: Option<String>,
        /// The commitments that it serves.
        serves_refs: Vec<String>,
        /// What it is for, or what came of it.
        description: Option<String>,
    }
}

impl Kind for Event {
    const TYPE: &'static str = "event";
}

impl Placed for Event {}

record! {
    /// What a démarche was answered.
    Answer
    needs {
        /// The gist.
        gist: String,
    }
    may {
        /// When.
        date: Option<String>,
        /// By whom.
        by: Option<String>,
    }
}

record! {
    /// A démarche towards a third State or a body.
    Demarche
    needs {
        /// Towards whom.
        towards: String,
        /// Who makes it.
        by: Vec<String>,
        /// What it is about.
        subject: String,
        /// When it was or will be made, as a time.
        at: String,
    }
    may {
        /// The dialogue.
        dialogue_ref: Option<String>,
        /// The commitments that it serves.
        serves_refs: Vec<String>,
        /// What is said.
        message: Option<String>,
        /// What was answered.
        answers: Vec<Answer>,
    }
}

impl Kind for Demarche {
    const TYPE: &'static str = "demarche";
}

impl Placed for Demarche {}
