//! Clearance: the machine by tables, its promise by random paths, and the whole of it on a node.

mod alone;
mod corrected;
mod house;
mod joined;
mod machine;
mod mandates;
mod paths;
mod zones;

use stix::ObjectId;

use super::{Act, Case, Hand, State, Step, StepKind};
use crate::clock::HOUR;

const NOW: i64 = 1_795_000_000_000_000;
const ASKER: u8 = 1;
const LAWYER: u8 = 2;
const ADVISER: u8 = 3;
const SIGNER: u8 = 4;
const OUTSIDER: u8 = 5;

fn id(number: u8) -> ObjectId {
    ObjectId::parse(&format!(
        "identity--00000000-0000-4000-8000-0000000000{number:02x}"
    ))
    .unwrap()
}

fn step(name: &str, kind: StepKind, who: u8) -> Step {
    Step {
        name: name.into(),
        kind,
        who: vec![id(who)],
        given: None,
    }
}

/// A case with a legal and a political visa and a signature, for a label.
fn case() -> Case {
    Case {
        number: 1,
        asked_by: id(ASKER).to_string(),
        asked_at: NOW,
        by_hand: false,
        records: vec![(0, 0)],
        held: "held".into(),
        label: Some("wide".into()),
        public: false,
        four_eyes: false,
        desk: None,
        page: None,
        steps: vec![
            step("legal", StepKind::Visa, LAWYER),
            step("political", StepKind::Visa, ADVISER),
            step("signature", StepKind::Signature, SIGNER),
        ],
        silence: None,
        wanted: None,
        delay: 24 * HOUR,
        not_before: None,
        state: State::Open,
        next: 0,
        left: 0,
        events: Vec::new(),
    }
}

fn hand(who: u8) -> Hand {
    Hand {
        person: id(who).to_string(),
        instead_of: None,
        releases: who == SIGNER,
        stops: who == SIGNER,
    }
}

fn deputy(who: u8, instead_of: u8) -> Hand {
    Hand {
        instead_of: Some(id(instead_of).to_string()),
        releases: instead_of == SIGNER,
        ..hand(who)
    }
}

fn silence(until: i64) -> Act {
    Act::BeginSilence {
        until,
        zone: "UTC".into(),
        of: Vec::new(),
    }
}

fn extend(until: i64) -> Act {
    Act::Extend {
        until,
        zone: "UTC".into(),
    }
}

const LEGAL: Act = Act::Visa {
    step: 0,
    reserved: false,
};
const POLITICAL: Act = Act::Visa {
    step: 1,
    reserved: false,
};
const SIGN: Act = Act::Sign {
    step: 2,
    reserved: false,
};
