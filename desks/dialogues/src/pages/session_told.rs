//! `/dialogues/sessions/{id}/told`: what its texts say of a session, and it does not say itself; and taking that over. Invariant: nothing of a
//! text goes into a session that others have unless somebody means it, and no text is named there to those who may not have it.

use std::collections::BTreeSet;

use site::parts::form::{Choice, Field, Form, Input};
use site::{Failure, Visitor, shown};
use stix::ObjectId;

use super::anew::Anew;
use super::register_of;
use super::view::Eyes;
use crate::import::{dates_told, lets_in_all_of, reading_of, say_dates, sources, told};
use crate::records::{Piece, Session, Text};
use crate::rules::announced::conflicts;

/// The field in which it is chosen what is taken over.
const FIELD: &str = "told";
/// Texts of one session at most.
const MOST: usize = 200;
/// What stands before the number of somebody who took part, and of an observer.
const PERSON: &str = "person-";
const OBSERVER: &str = "observer-";

/// Our session as our texts of it tell of it, as far as the visitor may see what they were read from; nothing where they say no more than
/// stands.
pub(super) fn besides(
    visitor: &Visitor,
    session: &Piece<Session>,
    texts: &[Piece<Text>],
) -> Result<Option<Session>, Failure> {
    let (node, home) = (visitor.node(), &visitor.node().home().id);
    if session.author != *home {
        return Ok(None);
    }
    let of = Some(session.id.as_str());
    let own = texts
        .iter()
        .filter(|text| text.author == *home && text.what.session_ref.as_deref() == of);
    let mut says = session.what.clone();
    for text in own {
        let replaced =
            |other: &Piece<Text>| other.what.replaces_ref.as_deref() == Some(text.id.as_str());
        if texts.iter().any(replaced) {
            continue;
        }
        let Some(reading) = reading_of(node, &text.id)? else {
            continue;
        };
        if sources(node, visitor.viewer(), &reading.made_of)?.is_none() {
            continue;
        }
        let earlier = text.what.replaces_ref.as_deref();
        let earlier = earlier.and_then(|id| ObjectId::parse(id).ok());
        says = told(node, says, &reading.corrected, earlier.as_ref())?;
        let heard = (&reading.corrected, &text.id);
        // With what the texts before have said: who gave the day that stands is told once.
        let known = Piece {
            what: says.clone(),
            ..session.clone()
        };
        let named = lets_in_all_of(session);
        let dates = dates_told(&register_of(visitor), &known, heard, named)?;
        say_dates(&mut says, dates);
    }
    Ok((says != session.what).then_some(says))
}

/// What a session would say besides, each under the name by which it is chosen.
fn parts(eyes: &Eyes<'_>, stands: &Session, says: &Session) -> Vec<(String, String)> {
    let words = eyes.words;
    let mut parts = Vec::new();
    let mut part = |name: &str, key: &str, text: Option<String>| {
        let colon = words.t("format-colon");
        parts.extend(text.map(|text| (name.to_owned(), format!("{}{colon} {text}", words.t(key)))));
    };
    let next = says.next.as_ref().filter(|_| says.next != stands.next);
    let next = next.map(|next| eyes.announced(next.date.as_deref(), next.place.as_deref()));
    part("next", "dialogues-next", next);
    let number = says.ordinal.filter(|_| says.ordinal != stands.ordinal);
    part(
        "ordinal",
        "dialogues-number",
        number.map(|number| number.to_string()),
    );
    let place = says.place.as_deref().filter(|_| says.place != stands.place);
    part(
        "place",
        "dialogues-place",
        place.map(|place| eyes.place(place)),
    );
    let day = says.end.as_deref().filter(|_| says.end != stands.end);
    part("end", "dialogues-to", day.map(|day| eyes.date(day)));
    for (n, one) in says.observers.iter().enumerate() {
        if !stands.observers.contains(one) {
            let name = format!("{OBSERVER}{n}");
            part(&name, "dialogues-observers", Some(eyes.side(&one.who)));
        }
    }
    for (n, one) in says.persons.iter().enumerate() {
        if !stands.persons.contains(one) {
            let name = format!("{PERSON}{n}");
            part(&name, "dialogues-persons", Some(shown(&one.name)));
        }
    }
    let dates = dated(eyes, stands, says);
    part("dates", "dialogues-dates-differ", dates);
    parts
}

/// What contradicts each other about its date, with whose word each is, where the session does not say so yet.
fn dated(eyes: &Eyes<'_>, stands: &Session, says: &Session) -> Option<String> {
    let told = |session: &Session| -> BTreeSet<(String, String)> {
        let all = conflicts(session).into_iter();
        all.map(|claim| (claim.source.clone(), claim.date.clone()))
            .collect()
    };
    let (known, all) = (told(stands), told(says));
    if all.is_subset(&known) {
        return None;
    }
    let all = all.into_iter().map(|(source, date)| {
        let colon = eyes.words.t("format-colon");
        format!("{}{colon} {}", shown(&source), eyes.date(&date))
    });
    let all: Vec<String> = all.collect();
    Some(all.join(&eyes.words.t("properties-next")))
}

/// The same in a sentence, for the page of the session.
pub(super) fn sentence(eyes: &Eyes<'_>, stands: &Session, says: &Session) -> Option<String> {
    let parts = parts(eyes, stands, says).into_iter().map(|(_, text)| text);
    let parts = parts.collect::<Vec<_>>();
    let parts = parts.join(&eyes.words.t("properties-next"));
    (!parts.is_empty()).then(|| eyes.words.t1("confirm-beside", "parts", parts))
}

/// The session as its texts tell of it.
fn says(visitor: &Visitor, piece: &Piece<Session>) -> Result<Session, Failure> {
    let texts = register_of(visitor).having::<Text>("text.session", piece.id.as_str(), MOST)?;
    let says = besides(visitor, piece, texts.as_ref().into_inner())?;
    Ok(says.unwrap_or_else(|| piece.what.clone()))
}

/// The page of it.
pub(super) struct Told;

impl Anew for Told {
    type What = Session;

    const AT: &'static str = "/dialogues/sessions/{id}/told";
    const TEXTS: [&'static str; 5] = [
        "told-title",
        "told-lead",
        "told-keep",
        "told-kept",
        "session-theirs",
    ];

    fn called(eyes: &Eyes<'_>, piece: &Piece<Session>) -> String {
        super::session::capital(&eyes.session(&piece.what))
    }

    fn first(_: &Piece<Session>) -> String {
        FIELD.to_owned()
    }

    fn fields(visitor: &Visitor, piece: &Piece<Session>) -> Result<Vec<Field>, Failure> {
        let says = says(visitor, piece)?;
        let parts = parts(&Eyes::new(visitor), &piece.what, &says);
        let names = parts.iter().map(|(name, _)| name.clone()).collect();
        let choices = parts
            .into_iter()
            .map(|(name, text)| Choice::new(name, text))
            .collect();
        let asked = visitor.words.t("told-what");
        Ok(vec![
            Field::new(FIELD, asked, Input::Any(choices)).with_all(names),
        ])
    }

    fn typed(visitor: &Visitor, piece: &Piece<Session>, form: &mut Form) -> Session {
        let mut what = piece.what.clone();
        let chosen = form.chosen(FIELD).to_vec();
        if chosen.is_empty() {
            form.wrong(FIELD, visitor.words.t("told-none"));
        }
        let Ok(says) = says(visitor, piece) else {
            form.say(visitor.words.t("told-none"));
            return what;
        };
        let has = |name: &str| chosen.iter().any(|one| one == name);
        if has("next") {
            what.next.clone_from(&says.next);
        }
        if has("ordinal") {
            what.ordinal = says.ordinal;
        }
        if has("place") {
            what.place.clone_from(&says.place);
        }
        if has("dates") {
            what.dates.clone_from(&says.dates);
        }
        if has("end") {
            what.end.clone_from(&says.end);
        }
        let observers = says.observers.iter().enumerate();
        let observers = observers.filter(|(n, _)| has(&format!("{OBSERVER}{n}")));
        what.observers.extend(observers.map(|(_, one)| one.clone()));
        let persons = says.persons.iter().enumerate();
        let persons = persons.filter(|(n, _)| has(&format!("{PERSON}{n}")));
        what.persons.extend(persons.map(|(_, one)| one.clone()));
        what
    }
}
