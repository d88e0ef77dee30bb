//! What sides, topics and bodies are called, in the reader's language. Invariant: a code that is not known is shown as it is.

use std::collections::HashMap;
use std::sync::LazyLock;

use node::{Node, Participant};
use site::locale::{Locales, Words};
use stix::ObjectId;

/// The organisations and groups that are sides of a text by a code, and known by their names where somebody types them.
const BODIES: [&str; 14] = [
    "EU",
    "EU-MS",
    "UN",
    "G7",
    "G20",
    "NATO",
    "OSCE",
    "OAS",
    "ASEAN",
    "ARF",
    "ENISA",
    "CISA",
    "SIGNATORIES",
    ALL,
];

/// What some of them are called for short in other languages than English.
const SHORT: [(&str, &str); 4] = [
    ("UE", "EU"),
    ("ONU", "UN"),
    ("OEA", "OAS"),
    ("ANASE", "ASEAN"),
];

/// All parties of a text.
const ALL: &str = "*";

/// The languages of the site, where no visitor's is at hand.
static LANGUAGES: LazyLock<Locales> = LazyLock::new(|| Locales::of_the_site(false));

/// The codes of States and of sides, by their names in every language in small letters.
static CODES: LazyLock<HashMap<String, &'static str>> = LazyLock::new(|| {
    let short = SHORT.into_iter().map(|(name, code)| (folded(name), code));
    let mut codes: HashMap<String, &'static str> = short.collect();
    for words in LANGUAGES.all() {
        for code in BODIES {
            codes.insert(code.to_lowercase(), code);
            codes.extend(body(&words, code).map(|name| (folded(&name), code)));
        }
        for code in text::state_codes() {
            codes.extend(words.state(code).map(|name| (folded(&name), code)));
        }
    }
    codes
});

/// The names by which a text speaks of all who made it, or of States among which this node's may be.
pub const EVERYBODY: [&str; 10] = [
    "*",
    "SIGNATORIES",
    "EU-MS",
    "UN",
    "G7",
    "G20",
    "NATO",
    "OSCE",
    "OAS",
    "ASEAN",
];

/// The subjects that statements are sorted by, as the reader of texts knows them.
pub const TOPICS: [&str; 23] = [
    "international_law",
    "norms",
    "cbms",
    "capacity_building",
    "cybercrime",
    "budapest_convention",
    "critical_infrastructure",
    "ransomware",
    "product_security",
    "incident_response",
    "info_sharing",
    "awareness_training",
    "internet_governance",
    "human_rights",
    "ip_theft",
    "child_protection",
    "emerging_tech",
    "exercises",
    "attribution_accountability",
    "ppp",
    "open_cyberspace",
    "policy_legislation",
    "process",
];

/// The words of a language, where no visitor's are at hand; English where there is no such language.
pub fn words(tag: &str) -> Words {
    LANGUAGES.choose(Some(tag), None, None)
}

/// What an organisation or a group is called.
fn body(words: &Words, code: &str) -> Option<String> {
    words.body(if code == ALL { "ALL" } else { code })
}

/// A name as it is compared with others.
fn folded(name: &str) -> String {
    name.trim().to_lowercase().replace('’', "'")
}

/// What a topic is called.
pub fn topic(words: &Words, code: &str) -> String {
    match TOPICS.contains(&code) {
        true => words.t(&format!("dialogues-topic-{}", code.replace('_', "-"))),
        false => code.to_owned(),
    }
}

/// What a side is called: a participant known here, a State, an organisation.
pub fn side(node: &Node, words: &Words, code: &str) -> String {
    if let Ok(id) = ObjectId::parse(code) {
        return node
            .participant(id.as_str())
            .map_or_else(|| code.to_owned(), |known| known.name);
    }
    let called = words.state(code).or_else(|| body(words, code));
    called.unwrap_or_else(|| code.to_owned())
}

/// What is called a norm, an instrument or a body that a commitment touches: a State has a body's code now and then.
pub fn touched(words: &Words, code: &str) -> Option<String> {
    body(words, code)
}

/// The participants known here that a text calls so: of that id or of that name or code, the State itself first, then its organs.
pub fn participants(node: &Node, code: &str) -> Vec<Participant> {
    let called = |one: &Participant| {
        one.id.as_str() == code
            || one.country.as_deref() == Some(code)
            || code_of(&one.name).as_deref() == Some(code)
    };
    let all = node.participants();
    let above = |one: &Participant| {
        let above = one.organ_of.as_ref()?;
        all.iter().find(|state| state.id == *above)
    };
    let (itself, organs): (Vec<&Participant>, Vec<&Participant>) = all
        .iter()
        .filter(|one| called(one) || above(one).is_some_and(called))
        .partition(|one| called(one) && one.organ_of.is_none());
    itself.into_iter().chain(organs).cloned().collect()
}

/// The one of them that is meant where one is: itself, else its first organ.
pub fn participant(node: &Node, code: &str) -> Option<Participant> {
    participants(node, code).into_iter().next()
}

/// The codes and ids by which texts may speak of this node's own participant: itself, the State that it is an organ of, and
/// that State's code.
pub fn ours(node: &Node) -> Vec<String> {
    let home = node.home();
    let mut ours = vec![home.id.to_string()];
    if let Some(above) = &home.organ_of {
        ours.push(above.to_string());
        if let Some(code) = node
            .participant(above.as_str())
            .and_then(|known| known.country)
        {
            ours.push(code);
        }
        if let Some(above) = node.participant(above.as_str()) {
            ours.extend(code_of(&above.name));
        }
    }
    ours.extend(home.country.clone());
    ours.extend(code_of(&home.name));
    ours.dedup();
    ours
}

/// The code of a State or organisation by its name in any language of the site.
pub fn code_of(name: &str) -> Option<String> {
    let wanted = folded(name);
    let code = CODES.get(&wanted).copied();
    code.or_else(|| text::state_named(&wanted))
        .map(str::to_owned)
}
