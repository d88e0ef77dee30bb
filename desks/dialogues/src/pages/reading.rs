//! One reading: what was found beside the source, linked both ways; and corrections.

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use site::parts::form::{Choice, Field, Form, Input, Typed};
use site::{Failure, Frame, Move, Page, Reply, Visitor, nothing, shown, shown_words};

use super::follow_up::Ask;
use super::text::{Stretch, cut};
use super::view::{Eyes, path};
use crate::import::{
    Correction, Reading, Remark, Said, Stage, correct as step, load, save, sources,
};
use crate::names;
use crate::records::Act;

/// How many words tell where a clause is cut.
const AHEAD: usize = 4;

/// A clause as it was found and as it stands.
struct Clause {
    id: String,
    words: String,
    act: String,
    actors: String,
    topics: String,
    due: Option<String>,
    changed: bool,
    left_out: bool,
    why: Vec<(String, String, u32)>,
    /// Where it can be cut: the place, the words that the second part begins with, and whether it is likely.
    cuts: Vec<(usize, String, bool)>,
    /// What of the text it is, and what it would be with the one after it.
    place: String,
    joined: Option<String>,
}

#[derive(Template)]
#[template(path = "dialogues/reading.html")]
struct Show {
    frame: Frame,
    id: String,
    lang: String,
    facts: Vec<(String, String)>,
    /// Each with the language that it is in.
    remarks: Vec<(String, String)>,
    stretches: Vec<Stretch>,
    clauses: Vec<Clause>,
    open: bool,
    became: Option<String>,
}

/// A reading, for whoever may have what it was made of.
pub(super) fn find(visitor: &Visitor, id: &str) -> Result<Reading, Failure> {
    let reading = load(visitor.node(), id)?.ok_or(Failure::Absent)?;
    let seen = sources(visitor.node(), visitor.viewer(), &reading.made_of)?;
    seen.map(|_| reading).ok_or(Failure::Absent)
}

/// A page of a reading, under the label of what it was made of.
pub(super) fn labeled(
    visitor: &Visitor,
    reading: &Reading,
    frame: Frame,
) -> Result<Frame, Failure> {
    let labels = sources(visitor.node(), visitor.viewer(), &reading.made_of)?;
    Ok(match desk::strictest(&labels.unwrap_or_default()) {
        Some(label) => frame.label(label),
        None => frame,
    })
}

/// What the reader of a text should know, in the words of who looks; a remark that there are none for stands as it was made.
fn remarked(eyes: &Eyes<'_>, reading: &Reading, remark: &Remark) -> (String, String) {
    let key = format!("reading-remark-{}", remark.code);
    if !eyes.words.has(&key) {
        return (shown(&remark.message), "en".to_owned());
    }
    let date = |date: &Option<String>| date.as_deref().map(|date| eyes.date(date));
    let said = eyes.words.t2(
        &key,
        "published",
        date(&reading.machine.published).unwrap_or_default(),
        "held",
        date(&reading.machine.event.start).unwrap_or_default(),
    );
    (said, eyes.words.tag().to_owned())
}

/// `GET /dialogues/readings/{id}`.
pub(super) async fn show(visitor: Visitor, Path(id): Path<String>) -> Response {
    visitor
        .answer(move |visitor| {
            let reading = find(visitor, &id)?;
            let title = reading
                .corrected
                .title
                .clone()
                .unwrap_or_else(|| reading.name.clone());
            visitor.page_called(&shown(&title), nothing(), |(), frame| {
                Ok(made(visitor, &reading, labeled(visitor, &reading, frame)?))
            })
        })
        .await
}

fn made(visitor: &Visitor, reading: &Reading, frame: Frame) -> Show {
    let (eyes, words) = (Eyes::new(visitor), &visitor.words);
    let heard = &reading.corrected;
    let mut facts = vec![(words.t("dialogues-parties"), eyes.sides(&heard.parties))];
    let mut fact = |key: &str, text: Option<String>| {
        facts.extend(
            text.filter(|text| !text.is_empty())
                .map(|text| (words.t(key), text)),
        );
    };
    fact("dialogues-observers", Some(eyes.sides(&heard.observers)));
    fact(
        "dialogues-from",
        heard.event.start.as_deref().map(|date| eyes.date(date)),
    );
    fact("dialogues-place", heard.event.place.as_deref().map(shown));
    fact(
        "dialogues-dateline",
        heard.published.as_deref().map(|date| eyes.date(date)),
    );
    fact(
        "dialogues-number",
        heard.series.ordinal.map(|n| n.to_string()),
    );
    let persons: Vec<String> = heard
        .persons
        .iter()
        .map(|person| shown(&person.name))
        .collect();
    fact("dialogues-persons", Some(words.list(&persons)));
    let next = heard.next_meeting.as_ref();
    let next = next.map(|next| eyes.announced(next.date.as_deref(), next.place.as_deref()));
    fact("dialogues-next", next);
    let places = heard.statements.iter().map(|said| {
        (
            said.start,
            said.end,
            format!("#{}", said.id),
            format!("at-{}", said.id),
        )
    });
    let clauses = heard.statements.iter().enumerate().map(|(place, said)| {
        let found = reading
            .machine
            .statements
            .iter()
            .find(|own| own.start == said.start && own.end == said.end);
        Clause {
            id: said.id.clone(),
            words: shown_words(&said.text),
            act: words.t(&format!("dialogues-act-{}", said.act)),
            actors: eyes.sides(&said.actors),
            topics: eyes.topics(&said.topics),
            due: said.due.as_deref().map(|due| eyes.date(due)),
            changed: found.is_none_or(|found| {
                Said {
                    id: said.id.clone(),
                    ..found.clone()
                } != *said
            }),
            left_out: said.left_out,
            why: reading
                .why
                .iter()
                .filter(|why| why.start >= said.start && why.end <= said.end)
                .map(|why| {
                    (
                        shown(&format!("{}: {}", why.what, why.cue)),
                        shown(&why.rule),
                        why.sure,
                    )
                })
                .collect(),
            cuts: cuts(said),
            place: placed(said.start, said.end),
            joined: heard
                .statements
                .get(place + 1)
                .map(|next| placed(said.start, next.end)),
        }
    });
    let name = words.t("dialogues-title");
    let all = words.t("dialogues-readings");
    Show {
        frame: frame
            .under("/dialogues", name)
            .under("/dialogues/readings", all),
        id: reading.id.clone(),
        lang: heard.language.clone(),
        facts,
        remarks: reading
            .remarks
            .iter()
            .map(|remark| remarked(&eyes, reading, remark))
            .collect(),
        stretches: cut(&reading.text, places.collect()),
        clauses: clauses.collect(),
        open: reading.stage != Stage::Confirmed,
        became: reading
            .became
            .as_deref()
            .and_then(|id| stix::ObjectId::parse(id).ok())
            .map(|id| path(&id)),
    }
}

/// Between which words a clause can be cut.
fn cuts(said: &Said) -> Vec<(usize, String, bool)> {
    let letters: Vec<char> = said.text.chars().collect();
    let likely = middle(&said.text);
    let inner = 1..letters.len().saturating_sub(1);
    let blanks =
        inner.filter(|at| letters[*at].is_whitespace() && !letters[*at + 1].is_whitespace());
    let place = |at: usize| {
        let rest: String = letters[at + 1..].iter().collect();
        let mut next: Vec<&str> = rest.split_whitespace().take(AHEAD + 1).collect();
        let more = next.len() > AHEAD;
        next.truncate(AHEAD);
        let words = shown(&next.join(" "));
        let words = if more { format!("{words} …") } else { words };
        (said.start + at, words, at == likely)
    };
    blanks.map(place).collect()
}

/// Where a clause is likely to be cut: after the comma or conjunction nearest to its middle.
fn middle(words: &str) -> usize {
    let letters: Vec<char> = words.chars().collect();
    let half = letters.len() / 2;
    let cuts = (1..letters.len().saturating_sub(1)).filter(|at| letters[*at].is_whitespace());
    let after_mark = |at: &usize| matches!(letters[*at - 1], ',' | ';' | ':');
    let cuts: Vec<usize> = cuts.collect();
    let near = |at: &usize| at.abs_diff(half);
    let marked = cuts
        .iter()
        .copied()
        .filter(|at| after_mark(at))
        .min_by_key(near);
    marked
        .or_else(|| cuts.iter().copied().min_by_key(near))
        .unwrap_or(half)
}

fn said<'r>(reading: &'r Reading, clause: &str) -> Result<&'r Said, Failure> {
    reading
        .corrected
        .statements
        .iter()
        .find(|said| said.id == clause)
        .ok_or(Failure::Absent)
}

/// What of a text a clause is. Its number is another's as soon as one before it is cut in two or joined with its neighbor.
fn placed(start: usize, end: usize) -> String {
    format!("{start}-{end}")
}

/// The clause that a form is about: the one that is the same part of the text, else the one that this part begins in now; and whether it
/// is still the same.
fn meant<'r>(reading: &'r Reading, clause: &str, place: &str) -> Result<(&'r Said, bool), Failure> {
    let all = &reading.corrected.statements;
    if let Some(same) = all
        .iter()
        .find(|said| placed(said.start, said.end) == place)
    {
        return Ok((same, true));
    }
    let start = place.split('-').next().and_then(|at| at.parse().ok());
    let within = |said: &&Said| start.is_some_and(|at: usize| said.start <= at && at < said.end);
    match all.iter().find(within) {
        Some(heir) => Ok((heir, false)),
        None => Ok((said(reading, clause)?, false)),
    }
}

fn clause_form(visitor: &Visitor, reading: &Reading, said: &Said) -> Result<Form, Failure> {
    let words = &visitor.words;
    let eyes = Eyes::new(visitor);
    let acts = Act::ALL.iter().map(|act| {
        Choice::new(
            act.as_str(),
            words.t(&format!("dialogues-act-{}", act.as_str())),
        )
    });
    let topics = names::TOPICS
        .iter()
        .map(|code| Choice::new(*code, names::topic(eyes.words, code)));
    let strengths = [1_u32, 2, 3]
        .map(|n| Choice::new(n.to_string(), words.t(&format!("dialogues-strength-{n}"))));
    let action = format!("/dialogues/readings/{}/clauses/{}", reading.id, said.id);
    let place = placed(said.start, said.end);
    let name = format!("dialogues-clause {} {place}", reading.id);
    let form = Form::new(visitor, name, action, words.t("dialogues-correct"))?.long();
    let left_out = Field::new("left_out", words.t("dialogues-leave-out"), Input::Tick).optional();
    Ok(form.fields([
        Field::carried("stood", format!("{} {place}", reading.revision)),
        Field::new("act", words.t("dialogues-act"), Input::One(acts.collect())).with(&*said.act),
        Field::new("actors", words.t("dialogues-actors"), Input::Line)
            .hint(words.t("dialogues-actors-hint"))
            .with(said.actors.join(", ")),
        Field::new(
            "topics",
            words.t("dialogues-topics"),
            Input::Any(topics.collect()),
        )
        .with_all(said.topics.clone()),
        Field::new(
            "strength",
            words.t("dialogues-strength"),
            Input::One(strengths.to_vec()),
        )
        .with(said.strength.to_string()),
        Field::new("due", words.t("dialogues-due"), Input::Line)
            .hint(words.t("dialogues-due-hint"))
            .with(said.due.clone().unwrap_or_default())
            .optional(),
        Field::new("beneficiary", words.t("dialogues-beneficiary"), Input::Line)
            .with(said.beneficiary.clone().unwrap_or_default())
            .optional(),
        if said.left_out {
            left_out.with("yes")
        } else {
            left_out
        },
    ]))
}

pub(super) fn asked(
    visitor: &Visitor,
    reading: &Reading,
    lead: String,
    title: &str,
    form: Form,
) -> Result<Page, Failure> {
    let back = format!("/dialogues/readings/{}", reading.id);
    visitor.page(title, nothing(), |(), frame| {
        let name = frame.t("dialogues-title");
        let all = frame.t("dialogues-reading");
        let frame = labeled(visitor, reading, frame)?;
        Ok(Ask {
            frame: frame.under("/dialogues", name).under(back, all),
            lead,
            form,
        })
    })
}

/// `GET /dialogues/readings/{id}/clauses/{clause}`.
pub(super) async fn clause(
    visitor: Visitor,
    Path((id, clause)): Path<(String, String)>,
) -> Response {
    visitor
        .answer(move |visitor| {
            let reading = find(visitor, &id)?;
            let said = said(&reading, &clause)?;
            let form = clause_form(visitor, &reading, said)?.resumed(visitor)?;
            asked(
                visitor,
                &reading,
                shown_words(&said.text),
                "dialogues-correct-title",
                form,
            )
        })
        .await
}

/// `POST /dialogues/readings/{id}/clauses/{clause}`.
pub(super) async fn correct(
    visitor: Visitor,
    Path((id, clause)): Path<(String, String)>,
    typed: Typed,
) -> Response {
    visitor
        .answer(move |visitor| -> Result<Reply, Failure> {
            let mut reading = find(visitor, &id)?;
            let stood = typed.text("stood").split_once(' ');
            let (_, place) = stood.unwrap_or_default();
            let (old, same) = meant(&reading, &clause, place)?;
            let old = old.clone();
            let mut form = clause_form(visitor, &reading, &old)?.filled(&typed);
            let told = visitor.words.t(match same {
                true => "dialogues-corrected-meanwhile",
                false => "dialogues-cut-meanwhile",
            });
            form.meanwhile("stood", "act", told);
            let due = Some(form.text("due").trim().to_owned()).filter(|due| !due.is_empty());
            if due
                .as_deref()
                .is_some_and(|due| crate::rules::dates::Stretch::parse(due).is_none())
            {
                form.wrong("due", visitor.words.t("dialogues-due-wrong"));
            }
            let act = form.need("act");
            if form.is_wrong() || reading.stage == Stage::Confirmed {
                form.keep(visitor)?;
                let page = asked(
                    visitor,
                    &reading,
                    shown_words(&old.text),
                    "dialogues-correct-title",
                    form,
                )?;
                return Ok(page.with_status(StatusCode::UNPROCESSABLE_ENTITY).into());
            }
            let actors = form
                .text("actors")
                .split([',', ';'])
                .map(str::trim)
                .filter(|name| !name.is_empty());
            let new = Said {
                act,
                actors: actors
                    .map(|name| names::code_of(name).unwrap_or_else(|| name.to_owned()))
                    .collect(),
                topics: form.chosen("topics").iter().take(5).cloned().collect(),
                strength: form.text("strength").parse().unwrap_or(old.strength),
                due,
                beneficiary: Some(form.text("beneficiary").trim().to_owned())
                    .filter(|text| !text.is_empty()),
                left_out: !form.text("left_out").is_empty(),
                ..old.clone()
            };
            let before = reading.clone();
            step(&mut reading, Correction::Clause(new), visitor.person())?;
            save(visitor.node(), Some(&before), &reading)?;
            form.done(visitor)?;
            Ok(Move::to(format!("/dialogues/readings/{id}#{}", old.id)).into())
        })
        .await
}

/// Makes a step in a reading that is not in the register yet, and goes back to where it was made. Where what is to be cut or joined is
/// not what it was when the page was read, nothing is done.
fn stepped(
    visitor: &Visitor,
    id: &str,
    clause: &str,
    same: impl FnOnce(&Reading, usize) -> bool,
    correction: Correction,
) -> Result<Reply, Failure> {
    let mut reading = find(visitor, id)?;
    let refused = |key| Failure::Said(StatusCode::CONFLICT, "dialogues-correct-title", key);
    let all = &reading.corrected.statements;
    let at = all.iter().position(|said| said.id == clause);
    if at.is_none_or(|at| !same(&reading, at)) {
        return Err(refused("dialogues-not-cut"));
    }
    let before = reading.clone();
    if reading.stage == Stage::Confirmed
        || step(&mut reading, correction, visitor.person()).is_err()
    {
        return Err(refused("dialogues-cannot-cut"));
    }
    save(visitor.node(), Some(&before), &reading)?;
    Ok(Move::to(format!("/dialogues/readings/{id}#{clause}")).into())
}

/// `POST /dialogues/readings/{id}/split/{clause}`: at the code point `at`.
pub(super) async fn split(
    visitor: Visitor,
    Path((id, clause)): Path<(String, String)>,
    typed: Typed,
) -> Response {
    visitor
        .answer(move |visitor| {
            let at = typed.text("at").parse().unwrap_or(0);
            let same = |reading: &Reading, at: usize| {
                let said = reading.corrected.statements.get(at);
                said.is_some_and(|said| placed(said.start, said.end) == typed.text("stood"))
            };
            stepped(
                visitor,
                &id,
                &clause,
                same,
                Correction::Split(clause.clone(), at),
            )
        })
        .await
}

/// `POST /dialogues/readings/{id}/merge/{clause}`: with the clause after it.
pub(super) async fn merge(
    visitor: Visitor,
    Path((id, clause)): Path<(String, String)>,
    typed: Typed,
) -> Response {
    visitor
        .answer(move |visitor| {
            let same = |reading: &Reading, at: usize| {
                let all = &reading.corrected.statements;
                let both = all.get(at).zip(all.get(at + 1));
                both.is_some_and(|(said, next)| placed(said.start, next.end) == typed.text("stood"))
            };
            stepped(
                visitor,
                &id,
                &clause,
                same,
                Correction::Merge(clause.clone()),
            )
        })
        .await
}

/// `GET /dialogues/readings/{id}/example.json`: the correction as an annotated example.
pub(super) async fn example(visitor: Visitor, Path(id): Path<String>) -> Response {
    visitor
        .answer(move |visitor| {
            let example = find(visitor, &id)?.corrected.annotation()?;
            Ok(Page::of("application/json", nothing().map(|()| example))
                .as_file(&format!("{id}.json")))
        })
        .await
}
