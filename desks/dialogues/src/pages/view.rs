//! How records read on a page: names, dates, states in the visitor's language. Invariant: texts of records pass `shown`; a commitment is
//! shown with whose account it is, and with every side's word on what followed.

use std::cell::RefCell;
use std::collections::BTreeMap;

use node::Node;
use policy::Released;
use site::parts::form::Choice;
use site::{Link, Tlp, Visitor, Words, shown, shown_lines, shown_words};
use stix::ObjectId;

use super::alike::Alike;
use super::register_of;
use crate::names;
use crate::records::{
    Activity, Arrangement, Commitment, Consent, Demarche, Dialogue, Draft, Event, FollowUp, Kind,
    Piece, Session, SessionState, Strand, Text, Translation,
};
use crate::register::{Also, Folded, InName, Known};
use crate::rules::accounts;
use crate::rules::announced::has_lapsed;
use crate::rules::due::{Due, newest_of_each};
use crate::rules::remarks::Remark;

/// Who looks, and in which words.
pub(super) struct Eyes<'a> {
    pub(super) visitor: &'a Visitor,
    names: RefCell<BTreeMap<String, Option<String>>>,
    pub(super) node: &'a Node,
    pub(super) words: &'a Words,
    pub(super) ours: Vec<String>,
    /// Whether it is somebody of this node's participant, who sees all that is recorded here for them.
    pub(super) inside: bool,
    pub(super) now: i64,
}

/// What a side says became of a commitment. It stands in ink whatever it is: nobody is colored by performance.
pub(super) struct Word {
    pub(super) id: ObjectId,
    pub(super) side: String,
    pub(super) state: String,
    pub(super) account: Option<String>,
    pub(super) date: String,
    pub(super) evidence: Vec<(String, Option<String>)>,
    /// Of our own: who has it, and where it waits.
    pub(super) notes: Vec<(String, Option<String>)>,
    /// Where it was said of an earlier wording: the address of that.
    pub(super) earlier: Option<String>,
}

/// A commitment in a list.
pub(super) struct Row {
    pub(super) path: String,
    pub(super) words: String,
    pub(super) lang: String,
    pub(super) act: String,
    pub(super) actors: String,
    pub(super) topics: String,
    pub(super) due: Option<String>,
    pub(super) passed: bool,
    pub(super) said: Vec<Word>,
    pub(super) differ: bool,
    pub(super) reported: Option<String>,
    pub(super) taken_back: Option<String>,
    /// Whether a changed form of its text took its place.
    pub(super) replaced: bool,
    pub(super) session: Option<Link>,
    /// Who else entered the same words.
    pub(super) also: Option<String>,
    /// Its words in other languages, where a page has them: each with its language and what they are worth.
    pub(super) others: Vec<(String, String, String)>,
    /// The same words in sessions before, where a page has them.
    pub(super) before: Vec<Alike>,
}

/// What a list of commitments is made from.
pub(super) trait Entries {
    /// The records.
    fn known(&self) -> &Known;

    /// Who else entered one of them.
    fn also(&self, _: &ObjectId) -> &[String] {
        &[]
    }
}

impl Entries for Known {
    fn known(&self) -> &Known {
        self
    }
}

impl Entries for Folded {
    fn known(&self) -> &Known {
        &self.known
    }

    fn also(&self, id: &ObjectId) -> &[String] {
        self.also.entered(id)
    }
}

impl Entries for (&Known, &Also) {
    fn known(&self) -> &Known {
        self.0
    }

    fn also(&self, id: &ObjectId) -> &[String] {
        self.1.entered(id)
    }
}

/// What parts names in a form.
const PARTING: [char; 2] = [',', ';'];

/// The types that have a page of their own here, and in which room.
const ROOMS: [(&str, &str); 10] = [
    (Dialogue::TYPE, "series"),
    (Session::TYPE, "sessions"),
    (Text::TYPE, "texts"),
    (Arrangement::TYPE, "arrangements"),
    (Strand::TYPE, "strands"),
    (Activity::TYPE, "activities"),
    (Event::TYPE, "events"),
    (Demarche::TYPE, "demarches"),
    (Commitment::TYPE, "commitments"),
    (Draft::TYPE, "drafts"),
];

/// The address of an object's page.
pub(super) fn path(id: &ObjectId) -> String {
    let mut rooms = ROOMS.iter();
    let room = rooms.find(|(kind, _)| *kind == id.type_name());
    let room = room.map_or("commitments", |(_, room)| room);
    format!("/dialogues/{room}/{}", id.uuid())
}

/// The same of a record that may be anybody's: where it reads as one of ours, it has a page. What was said of a commitment stands on its.
pub(super) fn page_of(id: &ObjectId, body: &[u8]) -> Option<String> {
    fn reads<T: Kind>(body: &[u8]) -> bool {
        Piece::<T>::read(body).is_ok()
    }
    let has_page = match id.type_name() {
        Dialogue::TYPE => reads::<Dialogue>(body),
        Session::TYPE => reads::<Session>(body),
        Text::TYPE => reads::<Text>(body),
        Arrangement::TYPE => reads::<Arrangement>(body),
        Strand::TYPE => reads::<Strand>(body),
        Activity::TYPE => reads::<Activity>(body),
        Event::TYPE => reads::<Event>(body),
        Demarche::TYPE => reads::<Demarche>(body),
        Commitment::TYPE => reads::<Commitment>(body),
        FollowUp::TYPE => {
            let about = Piece::<FollowUp>::read(body).ok()?.what.about_ref;
            let about = ObjectId::parse(&about).ok()?;
            return (about.type_name() == Commitment::TYPE).then(|| path(&about));
        }
        Draft::TYPE => {
            let first = Piece::<Draft>::read(body).ok()?.what.draft_ref;
            let first = first.map_or(Some(id.clone()), |first| ObjectId::parse(&first).ok())?;
            return Some(format!("{}/rounds/{}", path(&first), id.uuid()));
        }
        _ => false,
    };
    has_page.then(|| path(id))
}

/// The record that such an address is of.
pub(super) fn record_at(path: &str) -> Option<ObjectId> {
    let (room, rest) = path.strip_prefix("/dialogues/")?.split_once('/')?;
    let (kind, _) = ROOMS.iter().find(|(_, known)| *known == room)?;
    let uuid = match rest.split_once("/rounds/") {
        Some((_, round)) => round.split('/').next()?,
        None => rest.split('/').next()?,
    };
    ObjectId::parse(&format!("{kind}--{uuid}")).ok()
}

impl<'a> Eyes<'a> {
    pub(super) fn new(visitor: &'a Visitor) -> Self {
        Self {
            visitor,
            names: RefCell::default(),
            node: visitor.node(),
            words: &visitor.words,
            ours: names::ours(visitor.node()),
            inside: visitor.person().is_some(),
            now: visitor.now,
        }
    }

    /// What a side is called in the visitor's language: as its identity has it there; else as it stands.
    pub(super) fn side(&self, code: &str) -> String {
        let own = self.translated(code);
        shown(&own.unwrap_or_else(|| names::side(self.node, self.words, code)))
    }

    /// Sides for a form, as people call them, parted by commas; one whose name has a comma stands as its id.
    pub(super) fn named(&self, sides: &[String]) -> String {
        let named = sides.iter().map(|side| match ObjectId::parse(side) {
            Ok(_) => Some(self.side(side)).filter(|name| !name.contains(PARTING)),
            Err(_) => None,
        });
        let named = named.zip(sides);
        let named = named.map(|(name, side)| name.unwrap_or_else(|| side.clone()));
        named.collect::<Vec<_>>().join(", ")
    }

    /// Whom such a text means: a State or body by its code; a participant of this node by its id, whichever of its names was typed.
    pub(super) fn meant(&self, typed: &str) -> Vec<String> {
        let names = typed.split(PARTING).map(str::trim);
        names
            .filter(|name| !name.is_empty())
            .map(|name| {
                let here = || {
                    let all = self.node.participants().into_iter();
                    let mut all = all.map(|known| known.id.to_string());
                    let known = self
                        .node
                        .participant(name)
                        .map(|known| known.id.to_string());
                    known.or_else(|| all.find(|id| self.side(id) == name))
                };
                names::code_of(name)
                    .or_else(here)
                    .unwrap_or_else(|| name.to_owned())
            })
            .collect()
    }

    /// The name of a participant in the visitor's language, where its identity has one; each is looked up once.
    fn translated(&self, code: &str) -> Option<String> {
        let id = code
            .starts_with("identity--")
            .then(|| code.parse().ok())??;
        if let Some(known) = self.names.borrow().get(code) {
            return known.clone();
        }
        let found = register_of(self.visitor).translations(&id, "name");
        let found = found.unwrap_or_else(|error| {
            tracing::warn!(error = format!("{error:#}"), "dialogues.name.unread");
            std::iter::empty::<Released<Translation>>().collect()
        });
        let tag = self.words.tag();
        let own = |one: &Translation| one.lang.split('-').next() == tag.split('-').next();
        let name = found
            .into_inner()
            .into_iter()
            .find(own)
            .map(|one| one.words);
        self.names
            .borrow_mut()
            .insert(code.to_owned(), name.clone());
        name
    }

    /// What a place is called in the visitor's language.
    pub(super) fn place(&self, written: &str) -> String {
        shown(&self.words.place(written))
    }

    /// What a language is called, by its tag.
    pub(super) fn language(&self, tag: &str) -> String {
        match tag.split('-').next() {
            Some("en") => self.words.t("drafting-language-en"),
            Some("fr") => self.words.t("drafting-language-fr"),
            _ => tag.to_owned(),
        }
    }

    /// Sides to choose among, in the order of the reader's language.
    pub(super) fn choices(&self, codes: &[String]) -> Vec<Choice> {
        let choice = |code: &String| Choice::new(code, self.side(code));
        let mut choices: Vec<Choice> = codes.iter().map(choice).collect();
        self.words.sort(&mut choices, |choice| &choice.name);
        choices
    }

    pub(super) fn sides(&self, codes: &[String]) -> String {
        let mut names: Vec<String> = codes.iter().map(|code| self.side(code)).collect();
        // Nobody is put before another: the order is that of the reader's language.
        self.words.sort(&mut names, |name| name);
        self.words.list(&names)
    }

    /// What a commitment touches.
    pub(super) fn touched(&self, codes: &[String]) -> String {
        let called =
            |code: &String| names::touched(self.words, code).unwrap_or_else(|| self.side(code));
        let mut names: Vec<String> = codes.iter().map(called).collect();
        self.words.sort(&mut names, |name| name);
        self.words.list(&names)
    }

    pub(super) fn topics(&self, codes: &[String]) -> String {
        let names: Vec<String> = codes
            .iter()
            .map(|code| names::topic(self.words, code))
            .collect();
        names.join(&self.words.t("format-comma"))
    }

    /// A remark of a record: the desk's own in the visitor's words, any other as it was made.
    pub(super) fn remark(&self, text: &str) -> String {
        let two =
            |key: &str, (a, first): (&'static str, &str), (b, second): (&'static str, &str)| {
                let (first, second) = (self.date(first), self.date(second));
                self.words.t2(key, a, first, b, second)
            };
        match Remark::read(text) {
            Some(Remark::Early { published, start }) => {
                let (published, start) = (("published", published), ("start", start));
                two("remark-early", published, start)
            }
            Some(Remark::Apart { is, was }) => two("remark-apart", ("is", is), ("was", was)),
            Some(Remark::Undated) => self.words.t("remark-undated"),
            None => shown(text),
        }
    }

    pub(super) fn dialogue(&self, piece: &Piece<Dialogue>) -> String {
        let in_french = self.words.language() == "fr";
        let french = piece.what.name_fr.as_deref().filter(|_| in_french);
        shown(french.unwrap_or(&piece.what.name))
    }

    /// "4th session, Brussels, 11 June 2019".
    /// Which session of its series it is.
    pub(super) fn which(&self, session: &Session) -> String {
        match (session.ordinal, &session.title) {
            (_, Some(title)) => shown(title),
            (Some(number), None) => {
                let key = "dialogues-session-number";
                self.words.t1(key, "number", f64::from(number))
            }
            (None, None) => self.words.t("dialogues-session-one"),
        }
    }

    pub(super) fn session(&self, session: &Session) -> String {
        let mut parts = vec![self.which(session)];
        if let Some(place) = &session.place {
            parts.push(self.place(place));
        }
        if let Some(start) = &session.start {
            parts.push(self.date(start));
        }
        parts.join(&self.words.t("format-comma"))
    }

    /// How far a session has come, in a word; to our own people also that it was planned and is not recorded as held.
    pub(super) fn state(&self, session: &Session) -> String {
        match self.inside && has_lapsed(session, self.now) {
            true => self.words.t("dialogues-session-lapsed"),
            false => {
                let key = format!("dialogues-session-{}", session.state.as_str());
                self.words.t(&key)
            }
        }
    }

    /// What a session is called in a calendar or on a line, with its state where it was not held. To whoever is outside, that nothing is
    /// recorded says nothing.
    pub(super) fn with_state(&self, named: String, session: &Session) -> String {
        let key = match session.state {
            SessionState::Held => return named,
            SessionState::Planned if has_lapsed(session, self.now) => match self.inside {
                true => "dialogues-next-lapsed",
                false => return named,
            },
            SessionState::Planned => "dialogues-next-planned",
            SessionState::Cancelled => "dialogues-next-cancelled",
        };
        format!("{named} ({})", self.words.t(key))
    }

    pub(super) fn session_link(&self, piece: &Piece<Session>) -> Link {
        Link::new(path(&piece.id), self.session(&piece.what))
    }

    pub(super) fn dialogue_link(&self, piece: &Piece<Dialogue>) -> Link {
        Link::new(path(&piece.id), self.dialogue(piece))
    }

    pub(super) fn word(&self, piece: &Piece<FollowUp>) -> Word {
        let what = &piece.what;
        let date = what.as_of.as_deref().map_or_else(
            || self.words.date(piece.modified.micros()),
            |date| self.date(date),
        );
        Word {
            id: piece.id.clone(),
            side: self.side(&what.side),
            state: self.words.t(&format!(
                "dialogues-state-{}",
                what.state.as_str().replace('_', "-")
            )),
            account: what.account.as_deref().map(shown_lines),
            date,
            evidence: what
                .evidence
                .iter()
                .map(|evidence| {
                    let url = evidence
                        .url
                        .clone()
                        .filter(|url| url.starts_with("https://"));
                    (shown(&evidence.title), url)
                })
                .collect(),
            notes: Vec::new(),
            earlier: None,
        }
    }

    /// What was said of the earlier wording of a commitment.
    fn earlier(&self, known: &Known, id: &ObjectId) -> Vec<Word> {
        let told = known.earlier_of(id).flat_map(|one| {
            let said = newest_of_each(&one.said).into_iter();
            said.map(|said| Word {
                earlier: Some(path(&one.clause.id)),
                ..self.word(said)
            })
        });
        told.collect()
    }

    /// What was written in the name of a side by somebody else: whose it is, and its words.
    pub(super) fn in_name(&self, one: &InName) -> (String, Option<String>) {
        let (by, side) = (self.side(one.by.as_str()), self.side(&one.side));
        let whose = self.words.t2("dialogues-in-name", "by", by, "side", side);
        (whose, one.words.as_deref().map(shown_lines))
    }

    /// Who consents or confirms, and since when.
    pub(super) fn given(&self, one: &Piece<Consent>) -> String {
        let (side, date) = (
            self.side(&one.what.side),
            self.words.date(one.modified.micros()),
        );
        self.words.t2("consent-by", "side", side, "date", date)
    }

    /// Who took a consent or a confirmation back, since when, and why.
    pub(super) fn given_back(&self, one: &Piece<Consent>) -> String {
        let who = self.given(one);
        match &one.what.reason {
            Some(reason) => {
                let reason = shown_lines(reason);
                self.words.t2("edit-because", "who", who, "reason", reason)
            }
            None => who,
        }
    }

    /// An account that its author asked us to withdraw: whose it is and since when, and its words.
    pub(super) fn asked_back(
        &self,
        (one, made): &(Piece<FollowUp>, i64),
    ) -> (String, Option<String>) {
        let (side, date) = (self.side(&one.what.side), self.words.date(*made));
        let whose = self
            .words
            .t2("dialogues-asked-back", "side", side, "date", date);
        (whose, one.what.account.as_deref().map(shown_lines))
    }

    pub(super) fn row(&self, entries: &impl Entries, piece: &Piece<Commitment>) -> Row {
        let (what, known) = (&piece.what, entries.known());
        let also = entries.also(&piece.id);
        let said = known.followed(&piece.id);
        let consents = known.consented(&piece.id);
        let session = known.session(what.session_ref.as_deref());
        let dialogue = known.dialogue(what.dialogue_ref.as_deref());
        let of = session.map(|session| {
            let own = self.session_link(session);
            match dialogue {
                Some(dialogue) => Link::new(
                    own.path,
                    format!("{} – {}", self.dialogue(dialogue), own.name),
                ),
                None => own,
            }
        });
        Row {
            path: path(&piece.id),
            words: shown_words(&what.words),
            lang: piece.lang.clone().unwrap_or_else(|| "en".to_owned()),
            act: self
                .words
                .t(&format!("dialogues-act-{}", what.act.as_str())),
            actors: self.sides(&what.actors),
            topics: self.topics(&what.topics),
            due: what.due.as_deref().map(|due| self.date(due)),
            // To whoever is outside, that something is not there says nothing: it may not have been shared.
            passed: self.inside && known.due(piece, self.now) == Due::PassedInSilence,
            replaced: known.replaced_by(piece).is_some(),
            said: {
                let newest = newest_of_each(&said).into_iter();
                let newest = newest.map(|piece| self.word(piece));
                let mut said: Vec<Word> = newest.chain(self.earlier(known, &piece.id)).collect();
                // No side speaks first: the order is that of the reader's language.
                self.words.sort(&mut said, |word| &word.side);
                said
            },
            differ: !accounts::differ(&said).is_empty(),
            reported: accounts::as_reported_by(what, &consents).map(|side| self.side(side)),
            taken_back: what.withdrawn.then(|| self.side(piece.author.as_str())),
            session: of,
            also: (!also.is_empty()).then(|| self.sides(also)),
            others: Vec::new(),
            before: Vec::new(),
        }
    }

    /// The words of a record in other languages: each with its language and what they are worth.
    pub(super) fn worded(&self, words: &[Translation]) -> Vec<(String, String, String)> {
        let weight = |one: &Translation| {
            let weight = one.weight.map(|weight| weight.as_str());
            weight.map(|weight| self.words.t(&format!("dialogues-weight-{weight}")))
        };
        let one = |one: &Translation| {
            let weight = weight(one).unwrap_or_default();
            (one.lang.clone(), shown_words(&one.words), weight)
        };
        words.iter().map(one).collect()
    }

    pub(super) fn rows<'k>(
        &self,
        entries: &impl Entries,
        pieces: impl IntoIterator<Item = &'k Piece<Commitment>>,
    ) -> Vec<Row> {
        pieces
            .into_iter()
            .map(|piece| self.row(entries, piece))
            .collect()
    }
}

/// The label of one record.
pub(super) fn label<T>(piece: &Piece<T>) -> Option<Tlp> {
    piece.label.as_ref().map(|label| Tlp::strictest([label]))
}
