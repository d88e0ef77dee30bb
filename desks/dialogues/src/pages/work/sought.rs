//! Which commitments something serves: those of its series to tick, and any other by its words or its address. Invariant: nobody is
//! offered, nor told of, one that they may not see.

use std::collections::BTreeSet;

use policy::Released;
use site::parts::form::{Choice, Field, Form, Input};
use site::{Failure, Visitor, shown};
use stix::ObjectId;

use super::entered::Opened;
use crate::pages::register_of;
use crate::pages::view::path;
use crate::records::{Arrangement, Commitment, Kind as _, Piece, Strand};
use crate::register::Register;
use crate::rules::due::is_to_be_followed;

/// The fields for those that are ticked, and for those that are not offered: by words, or by address.
pub(super) const TICKED: &str = "serves";
pub(super) const OTHERS: &str = "serves_others";
/// How many lines are looked for at once: each is a search of its own.
const LINES: usize = 20;
/// How many commitments of a series are offered.
const OFFERED: usize = 300;

/// Commitments that are ticked, and others by address: only what the visitor may see. Words stand for those that have them: one of
/// these is to be ticked.
pub(super) fn served(visitor: &Visitor, form: &mut Form) -> Result<Vec<String>, Failure> {
    let (words, mut found) = (&visitor.words, Vec::new());
    for line in form.chosen(TICKED).to_vec() {
        match commitment_at(visitor, &line)? {
            Some(id) => found.push(id),
            None => {
                let wrong = words.t1("work-serves-wrong", "address", shown(&line));
                form.wrong(TICKED, wrong);
            }
        }
    }
    let mut named = Vec::new();
    let others = form.text(OTHERS).to_owned();
    for line in lines(&others) {
        match Sought::by(visitor, line)? {
            Sought::At(id) => named.push(id),
            Sought::With(all) if all.iter().any(|id| found.contains(id)) => {}
            Sought::With(_) => {
                form.wrong(
                    OTHERS,
                    words.t1("work-serves-which", "address", shown(line)),
                );
            }
            Sought::None(ended_after) => form.wrong(OTHERS, none(visitor, line, ended_after)),
        }
    }
    bounded(visitor, form, &others);
    found.extend(named);
    let mut once = BTreeSet::new();
    found.retain(|id| once.insert(id.clone()));
    Ok(found)
}

/// The lines of a field that are not empty, as many as are looked for at once.
fn lines(text: &str) -> impl Iterator<Item = &str> {
    every(text).take(LINES)
}

fn every(text: &str) -> impl Iterator<Item = &str> {
    text.lines().map(str::trim).filter(|line| !line.is_empty())
}

/// Says beside the field that some of its lines were not looked for.
fn bounded(visitor: &Visitor, form: &mut Form, others: &str) {
    if every(others).nth(LINES).is_some() {
        form.wrong(OTHERS, visitor.words.t1("work-serves-many", "n", LINES));
    }
}

/// What a line means by which somebody looks for a commitment.
enum Sought {
    /// The one at this address.
    At(String),
    /// Those with these words, the newest first.
    With(Vec<String>),
    /// None, as far as was looked: after how many records with these words the look ended, if before the last.
    None(Option<usize>),
}

impl Sought {
    /// Of what the visitor may see.
    fn by(visitor: &Visitor, line: &str) -> Result<Self, Failure> {
        if let Some(id) = commitment_at(visitor, line)? {
            return Ok(Self::At(id));
        }
        let looked = visitor.found(line, |id| {
            Ok((id.type_name() == Commitment::TYPE).then(|| id.to_string()))
        })?;
        Ok(match looked.found.is_empty() {
            true => Self::None(looked.ended_after),
            false => Self::With(looked.found),
        })
    }
}

/// What is said where no commitment was found for a line.
fn none(visitor: &Visitor, line: &str, ended_after: Option<usize>) -> String {
    let (words, line) = (&visitor.words, shown(line));
    match ended_after {
        Some(n) => words.t2("work-serves-wrong-newest", "n", n, "address", line),
        None => words.t1("work-serves-wrong", "address", line),
    }
}

/// Says beside the field what was found for none of what was looked for in it; what was found stands in the form.
pub(super) fn looked(visitor: &Visitor, form: &mut Form) -> Result<(), Failure> {
    let others = form.text(OTHERS).to_owned();
    for line in lines(&others) {
        if let Sought::None(ended_after) = Sought::by(visitor, line)? {
            form.wrong(OTHERS, none(visitor, line, ended_after));
        }
    }
    bounded(visitor, form, &others);
    if every(&others).next().is_none() {
        form.wrong(OTHERS, visitor.words.t("work-serves-empty"));
    }
    Ok(())
}

/// What is offered beside the commitments of a series: those that were ticked, and those with the words of a line.
pub(super) fn also(
    visitor: &Visitor,
    ticked: &[String],
    others: &str,
) -> Result<Vec<String>, Failure> {
    let mut also = known_at(visitor, ticked.iter().map(String::as_str))?;
    for line in lines(others) {
        if let Sought::With(found) = Sought::by(visitor, line)? {
            also.extend(found);
        }
    }
    Ok(also)
}

/// The commitment at an address, if the visitor may see it.
fn commitment_at(visitor: &Visitor, address: &str) -> Result<Option<String>, Failure> {
    let uuid = address.trim_end_matches('/').rsplit(['/', '-']).take(5);
    let uuid: Vec<&str> = uuid.collect::<Vec<_>>().into_iter().rev().collect();
    let Ok(id) = ObjectId::parse(&format!("commitment--{}", uuid.join("-"))) else {
        return Ok(None);
    };
    let known = register_of(visitor).one::<Commitment>(&id)?;
    Ok(known.map(|_| id.to_string()))
}

/// Those of some addresses at which the visitor may see a commitment.
fn known_at<'t>(
    visitor: &Visitor,
    addresses: impl IntoIterator<Item = &'t str>,
) -> Result<Vec<String>, Failure> {
    let mut known = Vec::new();
    for address in addresses {
        known.extend(commitment_at(visitor, address)?);
    }
    Ok(known)
}

/// The series of what is entered: its own, or that of the arrangement that it runs under.
fn series_of(register: &Register<'_>, opened: &Opened) -> Result<Option<String>, Failure> {
    if opened.dialogue.is_some() {
        return Ok(opened.dialogue.clone());
    }
    let mut above = opened.part_of.clone();
    if let Some(Ok(id)) = above.as_deref().map(ObjectId::parse)
        && id.type_name() == Strand::TYPE
    {
        let strand = register.one::<Strand>(&id)?;
        above = strand.map(|strand| strand.into_inner().what.arrangement_ref);
    }
    let Some(Ok(id)) = above.as_deref().map(ObjectId::parse) else {
        return Ok(None);
    };
    let arrangement = register.one::<Arrangement>(&id)?;
    Ok(arrangement.and_then(|one| one.into_inner().what.dialogue_ref))
}

/// The commitments that it may serve: those that it serves, others that were ticked or found, and those of its series that are to be
/// followed.
pub(super) fn offered(
    visitor: &Visitor,
    opened: &Opened,
    also: &[String],
) -> Result<Released<Vec<Piece<Commitment>>>, Failure> {
    let register = register_of(visitor);
    let mut all = Vec::new();
    let serves: BTreeSet<&String> = opened.serves.iter().chain(also).collect();
    for id in serves.into_iter().filter_map(|id| ObjectId::parse(id).ok()) {
        all.extend(register.one::<Commitment>(&id)?);
    }
    let all: Released<Vec<_>> = all.into_iter().collect();
    let of_series = match series_of(&register, opened)? {
        Some(series) => {
            let every = register.same()?.all(&series);
            let found = register.any::<Commitment>("commitment.dialogue", &every, OFFERED)?;
            register.once(register.in_force(found)?)?
        }
        None => std::iter::empty::<Released<Piece<Commitment>>>().collect(),
    };
    Ok(all.zip(of_series).map(|(mut all, of_series)| {
        for one in of_series {
            if is_to_be_followed(&one.what) && !all.iter().any(|known| known.id == one.id) {
                all.push(one);
            }
        }
        all
    }))
}

/// The fields that ask which commitments it serves: ticks for those that are offered, and lines for any other.
pub(super) fn serving(
    visitor: &Visitor,
    opened: &Opened,
    offered: &[Piece<Commitment>],
) -> Vec<Field> {
    let words = &visitor.words;
    let lines = |key: &str| {
        Field::new(OTHERS, words.t(key), Input::Lines(2))
            .hint(words.t("work-serves-hint"))
            .finding(words.t("work-serves-find"), TICKED)
            .optional()
    };
    if offered.is_empty() {
        return vec![lines("work-serves")];
    }
    let at = opened
        .serves
        .iter()
        .filter_map(|id| ObjectId::parse(id).ok());
    let served: Vec<String> = at.map(|id| path(&id)).collect();
    let choices = offered
        .iter()
        .map(|one| Choice::new(path(&one.id), site::shorten(&shown(&one.what.words))));
    let asked = words.t("work-serves");
    let ticks = Field::new(TICKED, asked, Input::Any(choices.collect()))
        .with_all(served)
        .optional();
    vec![ticks, lines("work-serves-others")]
}

/// What it serves already and the visitor cannot see: it stays.
pub(super) fn unseen(visitor: &Visitor, serves: &[String]) -> Result<Vec<String>, Failure> {
    let mut unseen = Vec::new();
    for one in serves {
        let seen = match ObjectId::parse(one) {
            Ok(id) => register_of(visitor).one::<Commitment>(&id)?.is_some(),
            Err(_) => false,
        };
        if !seen {
            unseen.push(one.clone());
        }
    }
    Ok(unseen)
}
