//! Three invented participants, and what each of them has to say: the material of `entente demo`.
//!
//! Invariant: all of it is invented, States and persons included; a folder is emptied only if it carries the demo's own mark.

pub(crate) mod introducing;
pub(crate) mod loading;
pub(crate) mod place;

use node::Kind;

/// One of the three.
pub(crate) struct Party {
    /// Its folder, and what its texts call it.
    pub(crate) key: &'static str,
    pub(crate) name: &'static str,
    pub(crate) kind: Kind,
    pub(crate) of: Option<&'static str>,
    /// Who that is, for the terminal.
    pub(crate) about: &'static str,
    /// Its persons: what texts call them, name, role. The first is the one who signs in.
    pub(crate) persons: &'static [(&'static str, &'static str, &'static str)],
    /// Its records.
    pub(crate) records: &'static str,
}

pub(crate) const PARTIES: [Party; 3] = [
    Party {
        key: "valmora",
        name: "Ministry of Foreign Affairs of Valmora",
        kind: Kind::Organ,
        of: Some("Valmora"),
        about: "a State's ministry: it holds a dialogue with Kestria and has an incident at a ferry terminal",
        persons: &[
            ("varnholt", "Ilse Varnholt", "Ambassador for cyber affairs"),
            ("brekkan", "Tomas Brekkan", "Minister's office"),
        ],
        records: include_str!("demo/valmora.json"),
    },
    Party {
        key: "kestria",
        name: "Kestria Cyber Agency",
        kind: Kind::Organ,
        of: Some("Kestria"),
        about: "a State's agency with a night desk: it saw the same intruder and answers Valmora",
        persons: &[
            ("tolvane", "Mira Tolvane", "Duty officer"),
            ("ostrander", "Jorun Ostrander", "Head of the night desk"),
        ],
        records: include_str!("demo/kestria.json"),
    },
    Party {
        key: "union",
        name: "Secretariat of the Northern Gulf Union",
        kind: Kind::Organisation,
        of: None,
        about: "a regional organisation that writes in French: it convenes both, and is not told everything",
        persons: &[
            ("salavert", "Étienne Salavert", "Adviser, cyber desk"),
            ("maurienne", "Odile Maurienne", "Secretary of the group"),
        ],
        records: include_str!("demo/union.json"),
    },
];
