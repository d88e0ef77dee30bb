//! What a reading may belong to: series, sessions and texts that the register has, the likeliest first. Invariant: it only suggests; a
//! person decides.

use anyhow::Result;
use policy::Released;
use stix::ObjectId;

use super::heard::Heard;
use super::reading::Reading;
use crate::records::{Dialogue, Piece, Session, SessionState, Standing, Text, TextKind};
use crate::register::Register;
use crate::rules::dates::{Stretch, contradict};
use crate::rules::remarks::Remark;

/// How many series, sessions and texts are looked through.
const MOST: usize = 1_000;

/// How many of the sessions that are not likely are there to choose.
const OTHERS: usize = 60;

/// What the register has that a reading may belong to.
#[derive(Debug, Clone, Default)]
pub struct Suggestion {
    /// The series of these parties.
    pub dialogues: Vec<Piece<Dialogue>>,
    /// Series of all but one of them, which may have joined.
    pub joined: Vec<Piece<Dialogue>>,
    /// Sessions of theirs that the dates allow, the likeliest first.
    pub sessions: Vec<Piece<Session>>,
    /// Their other sessions, the latest first.
    pub others: Vec<Piece<Session>>,
    /// The same text, word for word.
    pub same: Option<Piece<Text>>,
    /// Texts of the likeliest session.
    pub texts: Vec<Piece<Text>>,
    /// Whose text it seems to be.
    pub standing: Option<Standing>,
    /// What contradicts itself.
    pub conflicts: Vec<String>,
}

/// Series of the parties, and those that one of them may have joined.
type Series = (Vec<Piece<Dialogue>>, Vec<Piece<Dialogue>>);

/// What a reading may belong to, for a viewer.
///
/// # Errors
/// Those of the storage.
pub fn suggest(register: &Register<'_>, reading: &Reading) -> Result<Released<Suggestion>> {
    let heard = &reading.corrected;
    let key = heard.series.id.as_deref().unwrap_or_default();
    let by_key = register.having::<Dialogue>("dialogue.key", key, MOST)?;
    let party = heard.parties.first().map_or("", String::as_str);
    let by_party = register.having::<Dialogue>("dialogue.party", party, MOST)?;
    // A party may have joined, and be the first that the text names.
    let second = heard.parties.get(1).map_or("", String::as_str);
    let by_party = by_party
        .zip(register.having::<Dialogue>("dialogue.party", second, MOST)?)
        .map(|(all, more)| all.into_iter().chain(more));
    let same = register.some::<Text>("text.normal", &reading.normal)?;
    let same: Released<Vec<Piece<Text>>> = same.into_iter().collect();
    let dialogues = by_key.zip(by_party).map(|(found, others)| {
        let (mut found, mut joined): (Vec<Piece<Dialogue>>, Vec<_>) = (found, Vec::new());
        for other in others {
            let has = |party: &&String| other.what.parties.contains(party);
            let missing = heard.parties.iter().filter(|party| !has(party)).count();
            let known = |all: &[Piece<Dialogue>]| all.iter().any(|one| one.id == other.id);
            match missing {
                _ if known(&found) || known(&joined) => {}
                0 => found.push(other),
                1 if heard.parties.len() == other.what.parties.len() + 1 => joined.push(other),
                _ => {}
            }
        }
        // Of several, one of these parties and no others is likelier than a larger one in which they meet too.
        let exact = |one: &Piece<Dialogue>| one.what.parties.len() == heard.parties.len();
        let keyed = |one: &Piece<Dialogue>| !key.is_empty() && one.what.key.as_deref() == Some(key);
        found.sort_by_key(|one| (!keyed(one), !exact(one)));
        (found, joined)
    });
    let (meant, held) = reading.drafted_for.clone().unwrap_or_default();
    let dialogues = with_own(register, dialogues, meant.as_deref())?;
    let ids: Vec<ObjectId> = dialogues
        .as_ref()
        .map(|(found, _)| found.iter().map(|dialogue| dialogue.id.clone()).collect())
        .into_inner();
    let mut sessions = std::iter::empty::<Released<Piece<Session>>>().collect::<Released<Vec<_>>>();
    for id in &ids {
        let more = register.having::<Session>("session.dialogue", id.as_str(), MOST)?;
        sessions = sessions.zip(more).map(|(mut all, more)| {
            all.extend(more);
            all
        });
    }
    let likeliest = ids.first().map(ObjectId::as_str);
    let sessions = sessions.map(|all| fitting(all, heard, likeliest, held.as_deref()));
    let first = sessions
        .as_ref()
        .map(|(all, _)| all.first().map(|session| session.id.to_string()))
        .into_inner();
    let texts = register.having::<Text>("text.session", first.as_deref().unwrap_or(""), MOST)?;
    let rest = sessions.zip(texts).zip(same);
    Ok(dialogues.zip(rest).map(
        |((dialogues, joined), (((sessions, others), texts), mut same))| Suggestion {
            dialogues,
            joined,
            sessions,
            others,
            texts,
            same: same.pop(),
            standing: standing(heard),
            conflicts: conflicts(heard),
        },
    ))
}

/// The same series, that of the draft which became the text before all others.
fn with_own(
    register: &Register<'_>,
    series: Released<Series>,
    meant: Option<&str>,
) -> Result<Released<Series>> {
    let meant = meant.and_then(|id| ObjectId::parse(id).ok());
    let own = match &meant {
        Some(id) => register.one::<Dialogue>(id)?,
        None => None,
    };
    let own: Released<Vec<Piece<Dialogue>>> = own.into_iter().collect();
    Ok(series.zip(own).map(|((mut found, mut joined), own)| {
        for own in own {
            found.retain(|one| one.id != own.id);
            joined.retain(|one| one.id != own.id);
            found.insert(0, own);
        }
        (found, joined)
    }))
}

/// Sessions that may be the one, the likeliest first: the number says more than the date. And the others.
fn fitting(
    sessions: Vec<Piece<Session>>,
    heard: &Heard,
    series: Option<&str>,
    held: Option<&str>,
) -> (Vec<Piece<Session>>, Vec<Piece<Session>>) {
    let start = heard.event.start.as_deref().and_then(Stretch::parse);
    let score = |session: &Piece<Session>| {
        let number = match (heard.series.ordinal, session.what.ordinal) {
            (Some(a), Some(b)) if a == b => 2,
            (Some(_), Some(_)) => -4,
            _ => 0,
        };
        let own = session.what.start.as_deref().and_then(Stretch::parse);
        let day = match (start, own) {
            (Some(a), Some(b)) if a.meets(b) => 1,
            // What is planned may be put off.
            (Some(_), Some(_)) if session.what.state == SessionState::Planned => 0,
            (Some(_), Some(_)) => -1,
            _ => 0,
        };
        number + day
    };
    let own = |session: &Piece<Session>| held == Some(session.id.as_str());
    let elsewhere = |session: &Piece<Session>| series != Some(session.what.dialogue_ref.as_str());
    let (mut fitting, mut others): (Vec<_>, Vec<_>) = sessions
        .into_iter()
        .partition(|session| own(session) || score(session) > 0);
    fitting.sort_by_key(|session| (!own(session), elsewhere(session), -score(session)));
    others.sort_by(|a, b| b.what.starts.cmp(&a.what.starts));
    others.truncate(OTHERS);
    (fitting, others)
}

/// Of some sessions one that was held on the day that a text tells of.
pub fn on_the_day<'s>(all: &'s [Piece<Session>], heard: &Heard) -> Option<&'s Piece<Session>> {
    let start = heard.event.start.as_deref()?;
    let same = |session: &&Piece<Session>| {
        let own = session.what.start.as_deref();
        own.is_some_and(|own| !contradict(own, start))
    };
    all.iter().find(same)
}

/// Whose text it seems to be, by what its title calls it, else by its genre.
fn standing(heard: &Heard) -> Option<Standing> {
    let title = heard.title.as_deref().unwrap_or_default().to_lowercase();
    let account = ["read-out", "readout", "compte rendu", "compte-rendu"];
    if account.iter().any(|word| title.starts_with(word)) {
        return Some(Standing::ReadOut);
    }
    Some(match TextKind::named(&heard.kind)? {
        TextKind::Declaration => Standing::Agreed,
        TextKind::DialogueStatement => Standing::Joint,
        TextKind::PressRelease | TextKind::ExerciseReport => Standing::Unilateral,
    })
}

/// What contradicts itself in a text: it was published before what it tells of.
pub(super) fn conflicts(heard: &Heard) -> Vec<String> {
    let mut found = Vec::new();
    if let (Some(published), Some(start)) = (&heard.published, &heard.event.start)
        && let (Some(out), Some(held)) = (Stretch::parse(published), Stretch::parse(start))
        && out.last < held.first
    {
        found.push(Remark::Early { published, start }.to_string());
    }
    found
}
