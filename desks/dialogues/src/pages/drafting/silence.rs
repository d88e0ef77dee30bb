//! The silence procedure on the newest round: begin it until a day, a time and a zone; give more time; break it; reserve a position.

use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use node::submission::Marking;
use policy::{Member, Released};
use site::parts::form::{Choice, Field, Form, Input, Typed};
use site::{Failure, Move, Page, Reply, Visitor};
use stix::{ObjectId, Timestamp};

use super::super::follow_up::Ask;
use super::super::observers;
use super::label::{self, alone, label, proposed, unnamed};
use super::show::{called, in_zone};
use super::{draft_of, framed, path};
use crate::compose::Label;
use crate::drafting::ink::open;
use crate::drafting::rounds::Rounds;
use crate::drafting::send::{deaf, our_side, silence as write};
use crate::records::{Place, Silence, SilenceAct};
use crate::rules::dates::Stretch;
use crate::rules::silence::{Refused, Standing, may};

/// The distances from UTC that there are, in minutes.
const ZONES: [i64; 38] = [
    -720, -660, -600, -570, -540, -480, -420, -360, -300, -240, -210, -180, -120, -60, 0, 60, 120,
    180, 210, 240, 270, 300, 330, 345, 360, 390, 420, 480, 525, 540, 570, 600, 630, 660, 720, 765,
    780, 840,
];

fn zone(minutes: i64) -> String {
    let sign = if minutes < 0 { '-' } else { '+' };
    let minutes = minutes.abs();
    format!("{sign}{:02}:{:02}", minutes / 60, minutes % 60)
}

/// How far a zone lies from UTC, in minutes.
pub(super) fn minutes(text: &str) -> Option<i64> {
    ZONES.into_iter().find(|minutes| zone(*minutes) == text)
}

/// The moment of a day, a time and a zone, in microseconds.
fn moment(day: &str, time: &str, minutes: i64) -> Option<i64> {
    let first = Stretch::parse(day).filter(|_| day.len() == 10)?.first;
    let (hour, minute) = time
        .split_once([':', 'h'])
        .map(|(a, b)| (a.trim(), b.trim()))?;
    let minute = if minute.is_empty() { "0" } else { minute };
    let (hour, minute) = (hour.parse::<i64>().ok()?, minute.parse::<i64>().ok()?);
    if !(0..24).contains(&hour) || !(0..60).contains(&minute) {
        return None;
    }
    Some(first + (hour * 60 + minute - minutes) * 60_000_000)
}

/// Who has to hear of a step in what runs: those for whom it was begun, and who began it. Of a beginning, those who have the round.
fn those_who_hear(visitor: &Visitor, rounds: &Rounds) -> Marking {
    let newest = rounds.newest();
    let running = newest.and_then(|newest| rounds.procedure(&newest.id, visitor.now));
    let running = running.filter(|one| one.standing == Standing::Running);
    let begun = running.as_ref().and_then(|one| rounds.begun(one));
    let Some((begun, label)) = begun.and_then(|one| Some((one, one.label.as_ref()?))) else {
        let newest: Vec<_> = newest.into_iter().collect();
        let parties = newest.first().map(|newest| &*newest.what.parties);
        let sources: Vec<&policy::Label> =
            newest.iter().filter_map(|one| one.label.as_ref()).collect();
        return proposed(visitor, &newest, parties.unwrap_or_default(), &sources);
    };
    let mut marking = Label::marking(label);
    let by = Member::Participant(begun.author.clone());
    let for_persons = marking.tlp.is_some_and(policy::Tlp::is_for_persons);
    if !for_persons && !marking.audience.contains(&by) {
        marking.audience.push(by);
    }
    let own = Member::Participant(visitor.node().home().id.clone());
    marking.audience.retain(|one| *one != own);
    marking
}

/// What our side may do now; everything where it may do nothing, which is said when it is tried.
fn possible(visitor: &Visitor, rounds: &Rounds) -> Vec<SilenceAct> {
    let all = SilenceAct::ALL.to_vec();
    let Some(newest) = rounds.newest() else {
        return all;
    };
    let running = rounds.procedure(&newest.id, visitor.now);
    let parties = &newest.what.parties;
    let side = our_side(visitor.node(), parties);
    let may = |act: &SilenceAct| {
        let (running, later) = (running.as_ref(), Some(i64::MAX));
        may(running, parties, *act, &side, later, visitor.now).is_ok()
    };
    let possible: Vec<SilenceAct> = all.iter().copied().filter(may).collect();
    if possible.is_empty() { all } else { possible }
}

fn form(visitor: &Visitor, id: &ObjectId, rounds: &Rounds) -> Result<Form, Failure> {
    let words = &visitor.words;
    let possible = possible(visitor, rounds);
    let begins = possible == [SilenceAct::Start];
    let form = Form::new(
        visitor,
        format!("dialogues-silence {id}"),
        format!("{}/silence", path(id)),
        words.t(match begins {
            true => "drafting-silence-begin",
            false => "drafting-silence-do",
        }),
    )?;
    let form = match begins {
        true => form,
        false => {
            let acts = possible.iter().map(|act| {
                let key = format!("drafting-silence-act-{}", act.as_str());
                Choice::new(act.as_str(), words.t(&key))
            });
            let acts = Input::One(acts.collect());
            form.field(Field::new("act", words.t("drafting-silence-act"), acts))
        }
    };
    let dated = |act: &SilenceAct| matches!(act, SilenceAct::Start | SilenceAct::Extend);
    let form = match possible.iter().any(dated) {
        true => form.fields(until(visitor, begins)),
        false => form.field(Field::carried("zone", "+00:00")),
    };
    let form = match begins {
        true => form,
        false => {
            let lines = Input::Lines(3);
            form.field(Field::new("words", words.t("drafting-silence-words"), lines).optional())
        }
    };
    Ok(form.fields(label::fields(visitor, &those_who_hear(visitor, rounds))?))
}

/// The fields that ask until when: needed to begin one, not where it is one of several things to do.
fn until(visitor: &Visitor, begins: bool) -> [Field; 3] {
    let words = &visitor.words;
    let zones = ZONES.map(|minutes| {
        Choice::new(
            zone(minutes),
            format!("UTC{}", zone(minutes).replace('-', "\u{2212}")),
        )
    });
    let day = Field::new("day", words.t("drafting-silence-day"), Input::Day);
    let time = Field::new("time", words.t("drafting-silence-time"), Input::Line)
        .hint(words.t("drafting-silence-time-hint"));
    let zone = Field::new(
        "zone",
        words.t("drafting-silence-zone"),
        Input::List(zones.to_vec()),
    );
    let [day, time] = match begins {
        true => [day, time],
        false => [
            day.hint(words.t("drafting-silence-day-hint")).optional(),
            time.optional(),
        ],
    };
    [day, time, zone.with("+00:00")]
}

fn page(visitor: &Visitor, rounds: Released<Rounds>, form: Form) -> Result<Page, Failure> {
    visitor.page("drafting-silence", rounds, |rounds, frame| {
        let eyes = super::super::view::Eyes::new(visitor);
        let newest = rounds.newest().ok_or(Failure::Absent)?;
        let round = called(visitor, &eyes, newest);
        let running = rounds.procedure(&newest.id, visitor.now);
        let running = running.filter(|one| one.standing == Standing::Running);
        let lead = match running {
            Some(one) => visitor.words.t2(
                "drafting-silence-lead-running",
                "round",
                round,
                "until",
                in_zone(visitor, one.until, one.zone.as_deref()),
            ),
            None => visitor.words.t1("drafting-silence-lead", "round", round),
        };
        let (still, all) = open(&newest.what.passages);
        let lead = match still {
            0 => lead,
            _ => {
                let told = visitor
                    .words
                    .t2("drafting-silence-open", "open", still, "all", all);
                format!("{lead} {told}")
            }
        };
        Ok(Ask {
            frame: framed(visitor, &rounds, frame, true),
            lead,
            form,
        })
    })
}

/// `GET /dialogues/drafts/{id}/silence`.
pub(in super::super) async fn ask(visitor: Visitor, Path(uuid): Path<String>) -> Response {
    visitor
        .answer(move |visitor| {
            let (id, rounds) = draft_of(visitor, &uuid)?;
            let form = form(visitor, &id, rounds.as_ref().into_inner())?;
            page(visitor, rounds, form.resumed(visitor)?)
        })
        .await
}

/// `POST /dialogues/drafts/{id}/silence`.
pub(in super::super) async fn send(
    visitor: Visitor,
    Path(uuid): Path<String>,
    typed: Typed,
) -> Response {
    visitor
        .answer(move |visitor| -> Result<Reply, Failure> {
            let (id, rounds) = draft_of(visitor, &uuid)?;
            let all = rounds.as_ref().into_inner();
            let newest = all.newest().ok_or(Failure::Absent)?.clone();
            let running = all.procedure(&newest.id, visitor.now);
            let mut form = form(visitor, &id, all)?.filled(&typed);
            let words = &visitor.words;
            // What was opened as another form may have been possible then: it is said what it was meant to do.
            let begins = form.offers("act").is_empty();
            let act = match begins {
                true => match typed.text("act") {
                    "" => Some(SilenceAct::Start),
                    sent => SilenceAct::named(sent),
                },
                false => SilenceAct::named(&form.need("act")),
            };
            if begins && !typed.text("words").is_empty() {
                let lines = Input::Lines(3);
                let typed = Field::new("words", words.t("drafting-silence-words"), lines)
                    .with(typed.text("words"));
                form.add([typed.optional()]);
            }
            let zone = minutes(form.text("zone"));
            let dated = matches!(act, Some(SilenceAct::Start | SilenceAct::Extend));
            let until = zone.and_then(|zone| moment(form.text("day"), form.text("time"), zone));
            let parties = &newest.what.parties;
            let side = our_side(visitor.node(), parties);
            let later = until.or(Some(i64::MAX));
            let refused = act.and_then(|act| {
                may(running.as_ref(), parties, act, &side, later, visitor.now).err()
            });
            // What can't be done now needs no day.
            let refused = refused.map(|refused| match refused {
                Refused::Past => ("day", "drafting-silence-past"),
                Refused::NotLater => ("day", "drafting-silence-not-later"),
                Refused::NotRunning => ("act", "drafting-silence-not-running"),
                Refused::Running => ("act", "drafting-silence-is-running"),
                Refused::NotYours => ("act", "drafting-silence-not-yours"),
                Refused::NotParty => ("act", "drafting-silence-not-party"),
            });
            if let Some(("act", key)) = refused {
                // What is done now is not always asked: the error stands over the form then.
                form.say(words.t(key));
            } else if zone.is_none() {
                form.wrong("zone", words.t("drafting-silence-zone-wrong"));
            } else if dated && Stretch::parse(form.text("day")).is_none() {
                form.wrong("day", words.t("drafting-day-wrong"));
            } else if dated && until.is_none() {
                form.wrong("time", words.t("drafting-silence-time-wrong"));
            } else if let Some((field, key)) = refused {
                form.wrong(field, words.t(key));
            }
            let reason = form.text("words").to_owned();
            if act == Some(SilenceAct::Reserve) && reason.is_empty() {
                form.wrong("words", words.t("drafting-silence-reserve-words"));
            }
            let sources: Vec<&policy::Label> = newest.label.iter().collect();
            let place = Place::About(id.as_str());
            let label = label(visitor, &mut form, &place, &sources)?;
            // One that nobody hears of agrees to nothing: that is asked, too.
            if act == Some(SilenceAct::Start)
                && !form.is_wrong()
                && let Some(sides) =
                    unnamed(visitor, &label, parties, &those_who_hear(visitor, all))?
            {
                let keys = ["drafting-silence-alone", "drafting-silence-nobody"];
                alone(visitor, (&mut form, &typed), keys, sides);
            }
            // A step in what runs that a party does not hear of would stand for us alone.
            if act.is_some_and(|act| act != SilenceAct::Start) && !form.is_wrong() {
                let deaf = deaf(visitor.node(), &label, parties, &visitor.at())?;
                if !deaf.is_empty() {
                    let eyes = super::super::view::Eyes::new(visitor);
                    let names: Vec<String> = deaf.into_iter().map(|one| eyes.side(one)).collect();
                    let names = words.list(&names);
                    form.wrong("for", words.t1("drafting-silence-deaf", "sides", names));
                }
            }
            let (Some(act), false) = (act, form.is_wrong()) else {
                form.keep(visitor)?;
                return Ok(page(visitor, rounds, form)?
                    .with_status(StatusCode::UNPROCESSABLE_ENTITY)
                    .into());
            };
            let time = until.filter(|_| dated);
            let what = Silence {
                draft_ref: id.to_string(),
                round_ref: newest.id.to_string(),
                side,
                act,
                until: time.map(|until| Timestamp::from_micros(until).as_str().to_owned()),
                zone: zone.filter(|_| dated).map(self::zone),
                words: Some(reason).filter(|words| !words.is_empty()),
            };
            let written = write(visitor.node(), visitor.acting()?, label, what);
            let Some((step, left_out)) = form.taken(visitor, written)? else {
                return Ok(page(visitor, rounds, form)?
                    .with_status(StatusCode::UNPROCESSABLE_ENTITY)
                    .into());
            };
            form.done(visitor)?;
            let said = observers::sent(visitor, "drafting-silence-done", &step, &left_out)?;
            Ok(Move::to(path(&id)).saying(said).into())
        })
        .await
}
