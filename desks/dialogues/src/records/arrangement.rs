//! What runs between sessions: a working arrangement, its strands, and the activities on each.
//! Invariant: an activity's progress is stated by its lead; nothing here adds up to a score.

use desk::{Kind, choice, record};

use super::Placed;

choice! {
    /// How far an activity has come.
    Progress {
        /// It is planned.
        Planned = "planned",
        /// It is being done.
        UnderWay = "under_way",
        /// It is done.
        Done = "done",
        /// It was given up.
        Dropped = "dropped",
    }
}

record! {
    /// A working arrangement between organs.
    Arrangement
    needs {
        /// What it is called.
        name: String,
        /// The organs that it is between.
        parties: Vec<String>,
    }
    may {
        /// The dialogue under which it runs.
        dialogue_ref: Option<String>,
        /// When it was signed.
        signed: Option<String>,
        /// Until when it runs.
        until: Option<String>,
        /// What it is for.
        description: Option<String>,
        /// Names under which texts speak of it.
        also_called: Vec<String>,
        /// The commitments that called for it.
        serves_refs: Vec<String>,
    }
}

impl Kind for Arrangement {
    const TYPE: &'static str = "arrangement";
}

impl Placed for Arrangement {}

record! {
    /// One strand of an arrangement's plan of work.
    Strand
    needs {
        /// The arrangement.
        arrangement_ref: String,
        /// What it is about.
        name: String,
    }
    may {
        /// Its number in the plan.
        number: Option<u32>,
        /// Who leads it.
        leads: Vec<String>,
        /// Its subjects.
        topics: Vec<String>,
        /// The commitments that it serves.
        serves_refs: Vec<String>,
    }
}

impl Kind for Strand {
    const TYPE: &'static str = "strand";
}

impl Placed for Strand {}

record! {
    /// By what one sees that an activity came to something.
    Indicator
    needs {
        /// What is looked at.
        name: String,
    }
    may {
        /// What is aimed at.
        target: Option<String>,
        /// What was reached.
        reached: Option<String>,
    }
}

record! {
    /// Something done together.
    Activity
    needs {
        /// The strand, or the arrangement where it has none.
        part_of_ref: String,
        /// What it is.
        name: String,
        /// How far it has come.
        progress: Progress,
    }
    may {
        /// Who leads it.
        leads: Vec<String>,
        /// By when, as printed.
        due: Option<String>,
        /// By when at the latest, as a time.
        due_by: Option<String>,
        /// What shows its success.
        indicators: Vec<Indicator>,
        /// The commitments that it serves.
        serves_refs: Vec<String>,
        /// What is to be said of it.
        account: Option<String>,
    }
}

impl Kind for Activity {
    const TYPE: &'static str = "activity";
}

impl Placed for Activity {}
