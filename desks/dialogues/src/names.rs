//! What sides, topics and bodies are called, in the reader's language. Invariant: a code that is not known is shown as it is.

use node::{Node, Participant};
use site::locale::Words;
use stix::ObjectId;

/// English and French names of organisations and groups that texts name by a code.
const BODIES: &[(&str, &str, &str)] = &[
    ("EU", "European Union", "Union européenne"),
    (
        "EU-MS",
        "Member States of the European Union",
        "États membres de l’Union européenne",
    ),
    ("UN", "United Nations", "Nations Unies"),
    ("G7", "G7", "G7"),
    ("G20", "G20", "G20"),
    ("NATO", "NATO", "OTAN"),
    ("OSCE", "OSCE", "OSCE"),
    (
        "OAS",
        "Organization of American States",
        "Organisation des États américains",
    ),
    ("ASEAN", "ASEAN", "ASEAN"),
    ("ARF", "ASEAN Regional Forum", "Forum régional de l’ASEAN"),
    ("ENISA", "ENISA", "ENISA"),
    ("CISA", "CISA", "CISA"),
    ("SIGNATORIES", "the signatories", "les signataires"),
    ("*", "all parties", "toutes les parties"),
];

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

/// What an organisation or a group is called.
fn body(code: &str, french: bool) -> Option<&'static str> {
    let (_, english, in_french) = BODIES.iter().find(|(known, _, _)| *known == code)?;
    Some(if french { in_french } else { english })
}

/// What a topic is called.
pub fn topic(words: &Words, code: &str) -> String {
    match TOPICS.contains(&code) {
        true => words.t(&format!("dialogues-topic-{}", code.replace('_', "-"))),
        false => code.to_owned(),
    }
}

/// What a side is called: a participant known here, a State, an organisation.
pub fn side(node: &Node, code: &str, french: bool) -> String {
    if let Ok(id) = ObjectId::parse(code) {
        return node
            .participant(id.as_str())
            .map_or_else(|| code.to_owned(), |known| known.name);
    }
    if let Some(name) = body(code, french) {
        return name.to_owned();
    }
    text::state(code)
        .map(|(english, in_french)| if french { in_french } else { english })
        .unwrap_or(code)
        .to_owned()
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

/// The code of a State or organisation by its name in either language.
pub fn code_of(name: &str) -> Option<String> {
    let wanted = name.trim().to_lowercase();
    let body = BODIES
        .iter()
        .find(|(code, english, french)| {
            [*code, *english, *french]
                .iter()
                .any(|known| known.to_lowercase() == wanted)
        })
        .map(|(code, _, _)| (*code).to_owned());
    body.or_else(|| text::state_named(&wanted).map(str::to_owned))
}
