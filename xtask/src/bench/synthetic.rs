//! A seeded set of STIX objects: indicators, observables, relationships, sightings, in the mix that feeds have.

use std::fmt::Write as _;

/// A generator that repeats itself (SplitMix64).
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, most: u64) -> u64 {
        self.next() % most
    }

    pub(crate) fn uuid(&mut self) -> String {
        let (high, low) = (self.next(), self.next());
        format!(
            "{:08x}-{:04x}-4{:03x}-{:04x}-{:012x}",
            high >> 32,
            (high >> 16) & 0xffff,
            high & 0xfff,
            0x8000 | (low >> 48) & 0x3fff,
            low & 0xffff_ffff_ffff
        )
    }
}

const WORDS: [&str; 12] = [
    "ministère",
    "énergie",
    "réseau",
    "opération",
    "wiper",
    "loader",
    "beacon",
    "relay",
    "phishing",
    "satellite",
    "rail",
    "customs",
];

/// The next object, about 550 bytes on average, of nobody or of an author.
pub(crate) fn object(dice: &mut Dice, number: u64, author: Option<&str>) -> String {
    let time = |dice: &mut Dice| {
        let (month, day) = (1 + dice.below(12), 1 + dice.below(28));
        format!(
            "2025-{month:02}-{day:02}T{:02}:{:02}:{:02}.{:03}Z",
            dice.below(24),
            dice.below(60),
            dice.below(60),
            dice.below(1000)
        )
    };
    let at = time(dice);
    let by = author.map_or(String::new(), |author| {
        format!(r#","created_by_ref":"{author}""#)
    });
    let head = |kind: &str, id: &str| {
        format!(
            r#"{{"type":"{kind}","spec_version":"2.1","id":"{kind}--{id}"{by},"created":"{at}","modified":"{at}""#
        )
    };
    let id = dice.uuid();
    match dice.below(100) {
        0..50 => {
            let mut words = String::new();
            for _ in 0..5 + dice.below(35) {
                let word = WORDS
                    .get(dice.below(12) as usize)
                    .copied()
                    .unwrap_or_default();
                let _ = write!(words, "{word} ");
            }
            let address = format!(
                "{}.{}.{}.{}",
                1 + dice.below(223),
                dice.below(256),
                dice.below(256),
                dice.below(256)
            );
            format!(
                r#"{},"name":"indicator {number}","description":"{}","indicator_types":["malicious-activity"],"pattern":"[ipv4-addr:value = '{address}']","pattern_type":"stix","valid_from":"{at}","confidence":{}}}"#,
                head("indicator", &id),
                words.trim_end(),
                dice.below(101)
            )
        }
        50..80 => format!(
            r#"{{"type":"domain-name","spec_version":"2.1","id":"domain-name--{id}","value":"h{:x}.example.org"}}"#,
            dice.next()
        ),
        80..95 => format!(
            r#"{},"relationship_type":"related-to","source_ref":"indicator--{}","target_ref":"indicator--{}"}}"#,
            head("relationship", &id),
            dice.uuid(),
            dice.uuid()
        ),
        _ => format!(
            r#"{},"sighting_of_ref":"indicator--{}","count":{}}}"#,
            head("sighting", &id),
            dice.uuid(),
            1 + dice.below(500)
        ),
    }
}

/// An envelope of the next `count` objects; of an author, observables are left out, since nobody says them.
pub(crate) fn envelope(dice: &mut Dice, from: u64, count: u64, author: Option<&str>) -> String {
    let mut text = String::from(r#"{"objects":["#);
    for number in from..from + count {
        if number > from {
            text.push(',');
        }
        let mut next = object(dice, number, author);
        while author.is_some_and(|author| !next.contains(author)) {
            next = object(dice, number, author);
        }
        text.push_str(&next);
    }
    text.push_str("]}");
    text
}
