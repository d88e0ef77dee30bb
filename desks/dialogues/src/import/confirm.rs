//! Confirming: what a person has corrected becomes a session, a text and its commitments, written together.
//! Invariant: nothing is confirmed twice; where dates contradict each other both are kept; a further language version adds words to the
//! commitments that are there instead of repeating them.

use std::sync::{Mutex, PoisonError};

use anyhow::{Context, Result, bail};
use node::Node;
use policy::{Purpose, Viewer};
use stix::ObjectId;

use super::heard::Heard;
use super::reading::{Reading, Stage, not_read_as, read_as, reading_of, save, sources};
use super::suggest::conflicts;
use super::told::{fill_in, say_dates, told};
use crate::compose::{Batch, By, Label};
use crate::names;
use crate::records::{
    Act, DatedClaim, Dialogue, Kind as _, NewPiece, Piece, Session, SessionState, Standing, Text,
    TextKind, Weight,
};
use crate::register::Register;
use crate::rules::announced::{lies_ahead, put_off};
use crate::rules::dates;
use crate::rules::remarks::Remark;

/// How many texts of a session are looked through.
const TEXTS: usize = 200;

/// A series, session or text that is there already, or a new one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Where {
    /// This one.
    There(ObjectId),
    /// A new one.
    New,
}

/// What the person who confirms decides besides the corrections.
#[derive(Debug, Clone)]
pub struct Decision {
    /// Whose text it is.
    pub standing: Standing,
    /// The side that issued it, where it is one side's.
    pub reported_by: Option<String>,
    /// The series.
    pub dialogue: Where,
    /// What a new series is called.
    pub name: Option<String>,
    /// The session.
    pub session: Where,
    /// The text of which this is another language version.
    pub version_of: Option<ObjectId>,
    /// What the language version is worth.
    pub weight: Option<Weight>,
    /// The text whose changed form this is.
    pub replaces: Option<ObjectId>,
    /// Which acts are recorded besides commitments.
    pub acts: Vec<Act>,
    /// Who may have what is written.
    pub label: Label,
    /// Who confirms.
    pub by: By,
}

/// What was written.
#[derive(Debug, Clone)]
pub struct Confirmed {
    /// The series.
    pub dialogue: ObjectId,
    /// The session.
    pub session: ObjectId,
    /// The text.
    pub text: ObjectId,
    /// How many commitments and other statements are new.
    pub statements: usize,
    /// How many got their words in another language.
    pub translated: usize,
    /// Whether the session stands as planned still, since others have it so: to say that it was held is for whoever shares it.
    pub stays_planned: bool,
    /// What the text says of a session of ours that others have, beside what stands there: nothing of it was taken over.
    pub beside: Option<Box<Beside>>,
}

/// A session that stays as it stands, and as the text tells of it.
#[derive(Debug, Clone)]
pub struct Beside {
    /// As it stands.
    pub stands: Session,
    /// As it would stand with what the text says.
    pub told: Session,
}

/// Why somebody does not confirm what they may not see.
const NOT_SEEN: &str = "this reading was made of records that you may not have";

/// As many parties stand in the name of a series.
const FEW: usize = 3;

/// The same words are in the register: nothing was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SameWords;

impl std::fmt::Display for SameWords {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a text with the same words is in the register already")
    }
}

impl std::error::Error for SameWords {}

/// One confirmation at a time: of two readings of the same words, the second finds what the first wrote.
static WRITING: Mutex<()> = Mutex::new(());

/// Writes what a reading says, as corrected and decided; where it was made of records that not everybody here may have, under their label.
///
/// # Errors
/// [`node::Meanwhile`] when somebody has changed it, or is confirming it this moment; [`SameWords`]; when it is confirmed already, belongs to
/// nothing, or the node does not take it. Nothing is written then.
pub fn confirm(node: &Node, reading: &mut Reading, decision: Decision) -> Result<Confirmed> {
    if reading.stage == Stage::Confirmed {
        bail!("this reading is in the register already");
    }
    if reading.is_being_confirmed(node) {
        return Err(node::Meanwhile.into());
    }
    let before = reading.clone();
    reading.confirming = Some(node.now());
    // The text is named before it is written: where this is cut short afterwards, what is read of it here is that it is in the register.
    let text = node.new_id(Text::TYPE)?;
    reading.became = Some(text.to_string());
    // Whoever comes second finds it taken.
    save(node, Some(&before), reading)?;
    let taken = reading.clone();
    let written = read_as(node, &text, &reading.id);
    let written = written.and_then(|()| write(node, reading, &text, decision));
    match &written {
        Ok(_) => reading.stage = Stage::Confirmed,
        Err(_) => *reading = before,
    }
    reading.confirming = None;
    save(node, Some(&taken), reading)?;
    if written.is_err() {
        not_read_as(node, &text)?;
    }
    written
}

/// Writes it, its text under the id that it has already.
fn write(
    node: &Node,
    reading: &Reading,
    id: &ObjectId,
    mut decision: Decision,
) -> Result<Confirmed> {
    let _writing = WRITING.lock().unwrap_or_else(PoisonError::into_inner);
    let viewer = viewer(node, decision.by.person());
    let sources = sources(node, &viewer, &reading.made_of)?.context(NOT_SEEN)?;
    let sources: Vec<&policy::Label> = sources.iter().collect();
    if !sources.is_empty() {
        let at = stix::Timestamp::from_micros(node.now());
        let made = policy::derive(&viewer, sources.iter().copied(), &at).context(NOT_SEEN)?;
        decision.label = Label::same(&made);
    }
    let register = Register::new(node, viewer, Purpose::Show);
    let heard = reading.corrected.clone();
    let same = register.some::<Text>("text.normal", &super::normal(&heard, &reading.sha256))?;
    if same.is_some() {
        return Err(SameWords.into());
    }
    let batch = Batch::new(node, decision.by.clone(), decision.label.clone());
    let mut batch = batch.within(&sources);
    let dialogue = match &decision.dialogue {
        // What stands is not written anew under the label of what not everybody may have.
        Where::There(id) if !sources.is_empty() => id.clone(),
        Where::There(id) => {
            joining(&register, &mut batch, &heard, id)?;
            id.clone()
        }
        Where::New => new_dialogue(node, &mut batch, &heard, decision.name.clone())?,
    };
    let (session, stays_planned, beside) = session(
        &register,
        &mut batch,
        &heard,
        &decision,
        (&dialogue, id, sources.is_empty()),
    )?;
    let mut new = text(node, reading, &decision, &dialogue, &session);
    new.what
        .remarks
        .extend(apart(&register, &heard, &decision)?);
    new.of = Some((id.clone(), batch.at()));
    let text = batch.add(new)?;
    let written = super::stated::statements(
        &register,
        &mut batch,
        reading,
        &decision,
        (&dialogue, &session, &text.id),
    )?;
    batch.send()?;
    Ok(Confirmed {
        dialogue,
        session,
        text: text.id,
        statements: written.0,
        translated: written.1,
        stays_planned,
        beside,
    })
}

fn viewer(node: &Node, person: Option<&ObjectId>) -> Viewer {
    person
        .and_then(|person| node.viewer_of_person(person))
        .unwrap_or_else(|| node.home_viewer())
}

/// A party that the text has and the series had not has joined it: the series keeps its id. Another's series stays as it wrote it.
fn joining(
    register: &Register<'_>,
    batch: &mut Batch<'_>,
    heard: &Heard,
    id: &ObjectId,
) -> Result<()> {
    let known = register
        .one::<Dialogue>(id)?
        .context("the series is not there")?
        .into_inner();
    let mut what = known.what.clone();
    for party in &heard.parties {
        if !what.parties.contains(party) {
            what.parties.push(party.clone());
        }
    }
    if what != known.what && is_ours_alone(register, &known)? {
        batch.add(known.revised(what))?;
    }
    Ok(())
}

/// Whether what is ours went to nobody yet. What others have is not written anew beside a text that they don't have: it would be withdrawn
/// from them, or tell them of the text.
fn is_ours_alone<T>(register: &Register<'_>, piece: &Piece<T>) -> Result<bool> {
    let leaves = |label| Label::same(label).leaves();
    let ours = piece.author == register.node().home().id;
    // What waits to be released is under a label of its own: others may have the version before.
    Ok(ours && !piece.label.as_ref().is_some_and(leaves) && !register.waits(&piece.id)?)
}

fn new_dialogue(
    node: &Node,
    batch: &mut Batch<'_>,
    heard: &Heard,
    name: Option<String>,
) -> Result<ObjectId> {
    if heard.parties.is_empty() {
        bail!("a series needs its parties: the text names none that were found");
    }
    let called = |tag: &str| -> Vec<String> {
        let words = names::words(tag);
        heard
            .parties
            .iter()
            .map(|party| names::side(node, &words, party))
            .collect()
    };
    // More names than one can say: what the text is called says more.
    let many = heard.parties.len() > FEW;
    let made = match &heard.title {
        Some(title) if many => title.clone(),
        _ => format!("{} Cyber Dialogue", called("en").join("–")),
    };
    let new = Dialogue {
        name: name.filter(|name| !name.trim().is_empty()).unwrap_or(made),
        parties: heard.parties.clone(),
        key: heard.series.id.clone(),
        name_fr: (!many)
            .then(|| format!("Dialogue {} sur le cyberespace", called("fr").join(" – "))),
        former_names: Vec::new(),
        description: None,
        every_months: None,
        since: None,
        until: None,
        succeeds_ref: None,
        remark: None,
        reason: None,
    };
    Ok(batch.add(NewPiece::of(new).in_language("en"))?.id)
}

/// The session, whether it stands as planned though the text tells that it was held, and what else the text says of it that was not taken
/// over.
fn session(
    register: &Register<'_>,
    batch: &mut Batch<'_>,
    heard: &Heard,
    decision: &Decision,
    (dialogue, text, open): (&ObjectId, &ObjectId, bool),
) -> Result<(ObjectId, bool, Option<Box<Beside>>)> {
    let now = register.node().now();
    if let Where::There(id) = &decision.session {
        let known = register
            .one::<Session>(id)?
            .context("the session is not there")?
            .into_inner();
        let mut what = known.what.clone();
        let is_held = held(&mut what, heard, register.node());
        what = told(register.node(), what, heard, decision.replaces.as_ref())?;
        // What the other side wrote of the session stays as it wrote it.
        let alone = open && is_ours_alone(register, &known)?;
        let at = stix::Timestamp::from_micros(now);
        let named = |label: &policy::Label| {
            // Ours alone is written anew under the label of what is confirmed.
            let same = Label::same(label);
            let goes_there = same == decision.label || same == Label::Public;
            match alone {
                true => goes_there && Label::says_all(label, &at),
                false => lets_in_all_of(&known)(label),
            }
        };
        say_dates(
            &mut what,
            dates_told(register, &known, (heard, text), named)?,
        );
        let ours = known.author == register.node().home().id;
        let stays_planned = is_held && ours && !alone;
        let beside = (what != known.what && ours && !alone).then(|| {
            let (stands, told) = (known.what.clone(), what.clone());
            Box::new(Beside { stands, told })
        });
        if what != known.what && alone {
            batch.add(known.revised(what))?;
        }
        return Ok((id.clone(), stays_planned, beside));
    }
    let start = heard
        .event
        .start
        .clone()
        .or_else(|| heard.published.clone());
    let starts = start.as_deref().and_then(dates::from).unwrap_or_else(|| {
        stix::Timestamp::from_micros(register.node().now())
            .as_str()
            .to_owned()
    });
    let mut what = Session {
        dialogue_ref: dialogue.to_string(),
        // A text that announces a session does not tell that it was held.
        state: match start.as_deref().is_some_and(|start| lies_ahead(start, now)) {
            true => SessionState::Planned,
            false => SessionState::Held,
        },
        starts,
        parties: heard.parties.clone(),
        ordinal: heard.series.ordinal,
        title: None,
        start: heard.event.start.clone(),
        end: None,
        place: None,
        host: None,
        chair: Vec::new(),
        observers: Vec::new(),
        agenda: Vec::new(),
        persons: Vec::new(),
        dates: claims(heard, text),
        next: None,
        remark: (heard.event.start.is_none()).then(|| Remark::Undated.to_string()),
        reason: None,
    };
    fill_in(&mut what, heard);
    let new = batch.add(NewPiece::of(what).in_language(&heard.language))?;
    Ok((new.id, false, None))
}

/// A session that was planned is the one that a text tells of: it was held when and where the text says, and for what it was planned stays
/// beside it. Whether it is so now.
fn held(what: &mut Session, heard: &Heard, node: &Node) -> bool {
    // A day that says less than the one that was planned takes nothing from it.
    let is = heard.event.start.as_ref().filter(|is| {
        let planned = what.start.as_ref();
        planned.is_none_or(|was| dates::contradict(was, is) || is.len() > was.len())
    });
    let ahead = |day: &String| lies_ahead(day, node.now());
    if what.state != SessionState::Planned || is.or(what.start.as_ref()).is_none_or(ahead) {
        return false;
    }
    what.state = SessionState::Held;
    if let Some(is) = is.filter(|is| Some(*is) != what.start.as_ref()) {
        let was = what.start.replace(is.clone());
        if let Some(was) = was.filter(|was| dates::contradict(was, is)) {
            put_off(what, &was, node.home().id.as_str());
            what.end = None;
        }
        what.starts = dates::from(is).unwrap_or_else(|| what.starts.clone());
    }
    if heard.event.place.is_some() {
        what.place.clone_from(&heard.event.place);
    }
    true
}

/// What is to be said of a text that dates its session otherwise than what is known of it.
fn apart(register: &Register<'_>, heard: &Heard, decision: &Decision) -> Result<Option<String>> {
    let Where::There(id) = &decision.session else {
        return Ok(None);
    };
    let known = register
        .one::<Session>(id)?
        .map(|known| known.into_inner().what);
    // A day that was planned is no word on when it was held.
    let known = known.filter(|known| known.state != SessionState::Planned);
    let was = known.and_then(|known| known.start);
    Ok(was.zip(heard.event.start.as_ref()).and_then(|(was, is)| {
        dates::contradict(&was, is).then(|| Remark::Apart { is, was: &was }.to_string())
    }))
}

/// Whether a label lets in everybody who may have a session: what is under it can be named there.
pub fn lets_in_all_of(session: &Piece<Session>) -> impl Fn(&policy::Label) -> bool {
    move |label| {
        let public = Label::same(label) == Label::Public && label.expiry.is_none();
        let open = public && label.embargo.is_none();
        let covers = |own: &policy::Label| own.covers(label);
        open || session.label.as_ref().is_some_and(covers)
    }
}

/// What a text says of the dates of a session that is there, where they contradict each other, or what is known. A text under a label that
/// does not let it be named in the session is named by nothing: the word is then that of the author of the session.
///
/// # Errors
/// Those of the storage.
pub fn dates_told(
    register: &Register<'_>,
    known: &Piece<Session>,
    (heard, text): (&Heard, &ObjectId),
    named: impl Fn(&policy::Label) -> bool,
) -> Result<Vec<DatedClaim>> {
    let mut all = claims(heard, text);
    all.extend(otherwise(register, known, (heard, text))?);
    let mut told = Vec::new();
    for mut claim in all {
        let of = claim.text_ref.as_deref();
        let of = of.map(ObjectId::parse).transpose()?;
        // One that is being confirmed is not there yet, and comes under the label of what is written with it.
        let of = of.map(|of| register.one::<Text>(&of)).transpose()?;
        let of = of.flatten().map(policy::Released::into_inner);
        if of.is_some_and(|of| !of.label.as_ref().is_some_and(&named)) {
            (claim.source, claim.text_ref) = (author(register, known), None);
            let same = |one: &DatedClaim| (&one.what, &one.date) == (&claim.what, &claim.date);
            if known.what.dates.iter().any(same) {
                continue;
            }
        }
        told.push(claim);
    }
    Ok(told)
}

/// Who wrote a session, by name.
fn author(register: &Register<'_>, known: &Piece<Session>) -> String {
    let by = register.node().participant(known.author.as_str());
    by.map_or_else(|| known.id.to_string(), |by| by.name)
}

/// Where a text dates a session otherwise than what is known of it: both dates, each with who says so.
fn otherwise(
    register: &Register<'_>,
    known: &Piece<Session>,
    (heard, text): (&Heard, &ObjectId),
) -> Result<Vec<DatedClaim>> {
    let (Some(was), Some(is)) = (&known.what.start, &heard.event.start) else {
        return Ok(Vec::new());
    };
    if !dates::contradict(was, is) || known.what.state == SessionState::Planned {
        return Ok(Vec::new());
    }
    let claim = |date: &str, source: String, text: Option<&ObjectId>| DatedClaim {
        what: "held".to_owned(),
        date: date.to_owned(),
        source,
        text_ref: text.map(ToString::to_string),
    };
    let is = claim(is, source(heard), Some(text));
    let said = |claim: &DatedClaim| claim.what == "held" && claim.date == *was;
    if known.what.dates.iter().any(said) {
        return Ok(vec![is]);
    }
    let before = saying(register, known, was, text)?;
    let earlier = before.as_ref().map(|before| &before.id);
    let named = before.as_ref().map(|before| before.what.title.clone());
    let named = named.unwrap_or_else(|| author(register, known));
    Ok(vec![claim(was, named, earlier), is])
}

/// Another text of a session that itself gives the day that stands there, as far as it was read here.
fn saying(
    register: &Register<'_>,
    known: &Piece<Session>,
    day: &str,
    but: &ObjectId,
) -> Result<Option<Piece<Text>>> {
    let texts = register.having::<Text>("text.session", known.id.as_str(), TEXTS)?;
    for text in texts.into_inner().into_iter().filter(|one| one.id != *but) {
        let reading = reading_of(register.node(), &text.id)?;
        if reading.is_some_and(|one| one.corrected.event.start.as_deref() == Some(day)) {
            return Ok(Some(text));
        }
    }
    Ok(None)
}

/// How a text is named where it is the source of something.
fn source(heard: &Heard) -> String {
    heard.title.clone().unwrap_or_else(|| heard.doc.clone())
}

/// What the text says about dates, where they don't go together.
fn claims(heard: &Heard, text: &ObjectId) -> Vec<DatedClaim> {
    if conflicts(heard).is_empty() {
        return Vec::new();
    }
    let claim = |what: &str, date: &Option<String>| {
        date.clone().map(|date| DatedClaim {
            what: what.to_owned(),
            date,
            source: source(heard),
            text_ref: Some(text.to_string()),
        })
    };
    [
        claim("held", &heard.event.start),
        claim("published", &heard.published),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn text(
    node: &Node,
    reading: &Reading,
    decision: &Decision,
    dialogue: &ObjectId,
    session: &ObjectId,
) -> NewPiece<Text> {
    let heard = &reading.corrected;
    let published = heard
        .published
        .as_deref()
        .or(heard.event.start.as_deref())
        .and_then(dates::from);
    let what = Text {
        tabled: false,
        reason: None,
        title: heard.title.clone().unwrap_or_else(|| reading.name.clone()),
        standing: decision.standing,
        kind: TextKind::named(&heard.kind).unwrap_or(TextKind::DialogueStatement),
        normal: super::normal(heard, &reading.sha256),
        content: reading.text.clone(),
        published: published
            .unwrap_or_else(|| stix::Timestamp::from_micros(node.now()).as_str().to_owned()),
        dialogue_ref: Some(dialogue.to_string()),
        session_ref: Some(session.to_string()),
        parties: heard.parties.clone(),
        publisher: decision.reported_by.clone(),
        number: None,
        dateline: heard.published.clone(),
        version_of_ref: decision.version_of.as_ref().map(ToString::to_string),
        weight: decision.weight,
        replaces_ref: decision.replaces.as_ref().map(ToString::to_string),
        remarks: conflicts(heard),
    };
    NewPiece::of(what).in_language(&heard.language)
}
