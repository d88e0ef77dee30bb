//! One meeting of a series. Invariant: dates stand as they were printed; where sources contradict each other, both stand.

use desk::{Kind, choice, record};

use super::{Place, Placed};

choice! {
    /// What an observer is shown.
    Sees {
        /// The papers that were tabled.
        Tabled = "tabled",
        /// The text that came of it, no more.
        Outcome = "outcome",
        /// Everything that the parties share.
        All = "all",
    }
}

choice! {
    /// How far a session has come.
    SessionState {
        /// It was announced or is being prepared.
        Planned = "planned",
        /// It was held.
        Held = "held",
        /// It will not be held.
        Cancelled = "cancelled",
    }
}

record! {
    /// An observer at a session.
    Observer
    needs {
        /// Who observes.
        who: String,
        /// What the role lets it see.
        sees: Sees,
    }
    may {
        /// The party on whose side it sits.
        side: Option<String>,
    }
}

record! {
    /// One item of the agenda.
    AgendaItem
    needs {
        /// What it is about.
        title: String,
    }
    may {
        /// Its subjects.
        topics: Vec<String>,
        /// The party that put it forward.
        proposed_by: Option<String>,
    }
}

record! {
    /// Somebody who took part.
    Attendance
    needs {
        /// The name.
        name: String,
    }
    may {
        /// The office, as the text has it.
        role: Option<String>,
        /// The participant for whom the person spoke.
        side: Option<String>,
        /// What the person was for the side, where that is known: `chair` whoever chaired for it, else as the text has it.
        function: Option<String>,
    }
}

record! {
    /// What one source says about a date.
    DatedClaim
    needs {
        /// What happened then, held or published; or planned, where it was put off.
        what: String,
        /// The date as printed, perhaps partial.
        date: String,
        /// Who says so.
        source: String,
    }
    may {
        /// The text that says so, where one does.
        text_ref: Option<String>,
    }
}

record! {
    /// The next session, as this one announced it.
    NextSession
    needs {}
    may {
        /// Its number in the series.
        ordinal: Option<u32>,
        /// When: perhaps partial, with `~` for about.
        date: Option<String>,
        /// By when at the latest, read from that.
        by: Option<String>,
        /// Where.
        place: Option<String>,
    }
}

record! {
    /// A session of a dialogue.
    Session
    needs {
        /// The dialogue.
        dialogue_ref: String,
        /// How far it has come.
        state: SessionState,
        /// The day it begins on, as a time, for sorting; the first day of what a partial date leaves open.
        starts: String,
        /// Who held it.
        parties: Vec<String>,
    }
    may {
        /// Its number in the series.
        ordinal: Option<u32>,
        /// A title of its own.
        title: Option<String>,
        /// First day as printed, perhaps partial.
        start: Option<String>,
        /// Last day.
        end: Option<String>,
        /// The city, by its English name.
        place: Option<String>,
        /// Who hosted it.
        host: Option<String>,
        /// The parties that were in the chair.
        chair: Vec<String>,
        /// Who observed.
        observers: Vec<Observer>,
        /// The agenda.
        agenda: Vec<AgendaItem>,
        /// Who took part.
        persons: Vec<Attendance>,
        /// What sources say about its date, where they differ.
        dates: Vec<DatedClaim>,
        /// What it announced about the next one.
        next: Option<NextSession>,
        /// What is known less surely, and why.
        remark: Option<String>,
        /// Why it is taken back, where it was entered by mistake.
        reason: Option<String>,
    }
}

impl Kind for Session {
    const TYPE: &'static str = "session";
}

impl Placed for Session {
    fn place(&self) -> Place<'_> {
        Place::Session(&self.observers)
    }
}
