//! Names that people type, and what is said when nobody is called so.

use anyhow::{Result, bail};
use node::{Collection, Node, Participant};
use policy::Member;
use store::Person;

/// How many names are offered at most.
const OFFERED: usize = 8;

/// The collection of this id or short name.
pub(super) fn collection(node: &Node, name: &str) -> Result<Collection> {
    if let Some(collection) = node.collection(name)? {
        return Ok(collection);
    }
    let known = node
        .collections()?
        .into_iter()
        .map(|known| known.alias.unwrap_or(known.id));
    bail!("there is no collection {name:?}{}", offer(name, known))
}

/// The participant of this id or name.
pub(super) fn participant(node: &Node, name: &str) -> Result<Participant> {
    if let Some(participant) = node.participant(name) {
        return Ok(participant);
    }
    let known = node.participants().into_iter().map(|known| known.name);
    bail!("no participant is called {name:?}{}", offer(name, known))
}

/// Whoever a label can name: participant, person or circle.
pub(super) fn member(node: &Node, name: &str) -> Result<Member> {
    if let Ok(member) = node.member(name) {
        return Ok(member);
    }
    let participants = node.participants().into_iter().map(|known| known.name);
    let persons = node.persons()?.into_iter().map(|known| known.name);
    let circles = node.circles().into_iter().map(|known| known.name);
    let known = participants.chain(persons).chain(circles);
    bail!(
        "no participant, person or circle is called {name:?}{}",
        offer(name, known)
    )
}

/// The person of this node of this id or name.
pub(super) fn person(node: &Node, name: &str) -> Result<Person> {
    let mut persons = node.persons()?;
    if let Some(place) = persons
        .iter()
        .position(|person| person.id == name || person.name == name)
    {
        return Ok(persons.swap_remove(place));
    }
    let known = persons.into_iter().map(|known| known.name);
    bail!("no person here is called {name:?}{}", offer(name, known))
}

/// How an identity is called here; its id where it has no name here.
pub(super) fn identity(node: &Node, id: &str) -> String {
    if let Some(known) = node.participant(id) {
        return known.name;
    }
    let persons = node.persons().unwrap_or_default();
    let known = persons.into_iter().find(|person| person.id == id);
    known.map_or_else(|| id.to_owned(), |person| person.name)
}

/// How a member of an audience is called here; its id where it has no name here.
pub(super) fn of(node: &Node, member: &Member) -> String {
    match member {
        Member::Participant(id) | Member::Person(id) => identity(node, id.as_str()),
        Member::Circle { id, .. } => {
            let known = node.circles().into_iter().find(|circle| circle.id == *id);
            known.map_or_else(|| format!("circle {}", id.as_str()), |circle| circle.name)
        }
    }
}

/// The names that are nearest to what was typed, or all when none is near.
pub(super) fn offer(typed: &str, known: impl Iterator<Item = String>) -> String {
    let known: Vec<String> = known.collect();
    let mut near: Vec<(usize, &String)> = known
        .iter()
        .map(|name| (distance(typed, name), name))
        .filter(|(distance, name)| *distance <= name.chars().count().max(4) / 3)
        .collect();
    near.sort();
    let quoted = |names: &mut dyn Iterator<Item = &String>| -> Vec<String> {
        names
            .take(OFFERED)
            .map(|name| format!("{name:?}"))
            .collect()
    };
    if !near.is_empty() {
        let names = quoted(&mut near.into_iter().map(|(_, name)| name));
        return format!("; did you mean {}?", names.join(" or "));
    }
    let names = quoted(&mut known.iter()).join(", ");
    match known.len().saturating_sub(OFFERED) {
        _ if known.is_empty() => String::new(),
        0 => format!("; there are {names}"),
        more => format!("; there are {names} and {more} more"),
    }
}

/// How many letters differ, without regard to case; a name that begins as typed is near.
fn distance(typed: &str, name: &str) -> usize {
    let (typed, name): (Vec<char>, Vec<char>) = (letters(typed), letters(name));
    if !typed.is_empty() && name.starts_with(&typed) {
        return 0;
    }
    let mut row: Vec<usize> = (0..=name.len()).collect();
    for (above, letter) in typed.iter().enumerate() {
        let mut corner = above;
        row[0] = above + 1;
        for (place, other) in name.iter().enumerate() {
            let cost = corner + usize::from(letter != other);
            corner = row[place + 1];
            row[place + 1] = cost.min(corner + 1).min(row[place] + 1);
        }
    }
    row[name.len()]
}

fn letters(text: &str) -> Vec<char> {
    text.chars().flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_names_are_offered() {
        for (typed, known, offered) in [
            (
                "Belmrak",
                &["Arland", "Belmark"][..],
                "; did you mean \"Belmark\"?",
            ),
            ("bel", &["Arland", "Belmark"], "; did you mean \"Belmark\"?"),
            (
                "Union",
                &["Arland", "Belmark"],
                "; there are \"Arland\", \"Belmark\"",
            ),
            ("x", &[], ""),
            (
                "zzzzzzzz",
                &["i", "h", "g", "f", "e", "d", "c", "b", "a"],
                "; there are \"i\", \"h\", \"g\", \"f\", \"e\", \"d\", \"c\", \"b\" and 1 more",
            ),
        ] {
            assert_eq!(
                offer(typed, known.iter().map(|name| (*name).to_owned())),
                offered
            );
        }
    }
}
