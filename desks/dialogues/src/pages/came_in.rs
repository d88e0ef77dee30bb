//! What came in from others since the visitor was here last: texts, follow-ups, consents and what else partners share; what they changed
//! of it, and what they asked to withdraw.
//! Invariant: when somebody was here stays on this node, and is nobody else's to see.

use std::collections::{BTreeMap, BTreeSet};

use node::Node;
use node::overview::Stood;
use policy::{Purpose, Released};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use site::{Failure, Link, Visitor, shorten, shown};
use stix::ObjectId;

use super::register_of;
use super::view::{Eyes, path};
use crate::DESK;
use crate::records::{
    Activity, Appraisal, AppraisalReply, Arrangement, Commitment, Consent, Demarche, Dialogue,
    Event, FollowUp, Kind, Piece, Session, SessionState, Text,
};
use crate::register::Known;
use crate::rules::announced::planned_before;

const VISIT: &str = "visit";
/// Being away for so long, in microseconds, makes the next look a new visit.
const AWAY: i64 = 30 * 60 * 1_000_000;
/// How far back the first visit looks.
const FIRST: i64 = 14 * 86_400_000_000;
/// How many are shown.
const MOST: usize = 30;
/// What is told of.
const KINDS: [&str; 12] = [
    Appraisal::TYPE,
    AppraisalReply::TYPE,
    Dialogue::TYPE,
    Session::TYPE,
    Text::TYPE,
    Commitment::TYPE,
    FollowUp::TYPE,
    Consent::TYPE,
    Arrangement::TYPE,
    Activity::TYPE,
    Event::TYPE,
    Demarche::TYPE,
];

/// When somebody was here.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
struct Visit {
    /// The last look of the visit before this one.
    before: i64,
    /// The last look.
    last: i64,
}

fn visit(node: &Node, person: &ObjectId) -> Result<Option<Visit>, Failure> {
    let kept = node.kept(DESK, VISIT, person.as_str())?;
    Ok(kept.and_then(|kept| serde_json::from_slice(&kept.value).ok()))
}

/// Since when things are new to the visitor.
fn since(visitor: &Visitor) -> Result<i64, Failure> {
    let first = visitor.now - FIRST;
    let Some(person) = visitor.person() else {
        return Ok(first);
    };
    Ok(match visit(visitor.node(), person)? {
        Some(visit) if visitor.now - visit.last > AWAY => visit.last,
        Some(visit) => visit.before,
        None => first,
    })
}

/// Notes that the visitor has looked.
pub(super) fn looked(visitor: &Visitor) -> Result<(), Failure> {
    let Some(person) = visitor.person() else {
        return Ok(());
    };
    let before = since(visitor)?;
    let known = visit(visitor.node(), person)?;
    // Not with every look: a minute is near enough.
    if known.is_some_and(|known| visitor.now - known.last < 60_000_000) {
        return Ok(());
    }
    let now = Visit {
        before,
        last: visitor.now,
    };
    let value = serde_json::to_vec(&now).map_err(anyhow::Error::from)?;
    visitor
        .node()
        .keep(DESK, VISIT, person.as_str(), value)
        .wait()?;
    Ok(())
}

/// Something that came in.
pub(super) struct Arrival {
    /// What came, from whom, about what, as a sentence; and where it is read.
    pub(super) link: Link,
    /// The session that it is of, else the series.
    pub(super) of: Option<Link>,
    pub(super) when: String,
}

/// What came in.
pub(super) struct CameIn {
    pub(super) since: i64,
    /// Whether that is long ago, or the visitor was never here before: then it is no visit that they remember.
    pub(super) dated: bool,
    /// Whether there is more than that.
    pub(super) more: bool,
    stood: Vec<Stood>,
    /// Sessions as they stood when the visitor was here, else as they came first.
    before: Vec<Stood>,
    /// What we were asked to withdraw, and when.
    asked: BTreeMap<String, i64>,
    /// What it is about.
    near: Known,
}

/// What came in since the visitor's last visit, as far as the visitor may see it.
pub(super) fn came_in(visitor: &Visitor) -> Result<Released<CameIn>, Failure> {
    let since = since(visitor)?;
    let (viewer, purpose) = (visitor.viewer(), Purpose::Show);
    let node = visitor.node();
    let lately = node.asked_back_since(&KINDS, since, MOST + 1)?;
    let lately: BTreeMap<ObjectId, i64> = lately.into_iter().collect();
    let found = node.came_in(viewer, purpose, &KINDS, since, MOST + 1)?;
    let found: Released<Vec<Stood>> = found.into_iter().collect();
    let ids = found.as_ref().map(|all| {
        let ids = all.iter().map(|one| one.record.id.parse());
        ids.filter_map(Result::ok).collect()
    });
    let ids: BTreeSet<ObjectId> = ids.into_inner();
    // What was asked for of these before the visitor's last look is no news of its own; that it stands no more is.
    let mut asked = node.asked_back(&ids)?;
    let gone = lately.keys().filter(|id| !ids.contains(*id));
    let gone = gone.map(|id| Ok(node.versions(viewer, purpose, id)?.map(|mut all| all.pop())));
    let gone = gone.collect::<Result<Vec<Released<Option<Stood>>>, Failure>>()?;
    let gone: Released<Vec<Option<Stood>>> = gone.into_iter().collect();
    asked.extend(lately);
    let asked: BTreeMap<String, i64> = asked
        .into_iter()
        .map(|(id, made)| (id.to_string(), made))
        .collect();
    let home = &node.home().id;
    let found = found.zip(gone).map(|(mut found, gone)| {
        let told = |one: &Stood| one.author.as_ref().is_some_and(|by| by != home);
        found.extend(gone.into_iter().flatten().filter(told));
        let when = |one: &Stood| asked.get(&one.record.id).map_or(one.accepted, |made| *made);
        found.sort_by_key(|one| std::cmp::Reverse(when(one)));
        found
    });
    let before = before(visitor, found.as_ref().into_inner(), since)?;
    let near = near(visitor, found.as_ref().map(Vec::as_slice).into_inner())?;
    Ok(found
        .zip(before)
        .zip(near)
        .map(|((mut stood, before), near)| {
            let more = stood.len() > MOST;
            stood.truncate(MOST);
            CameIn {
                since,
                dated: visitor.now - since >= FIRST,
                more,
                stood,
                before,
                asked,
                near,
            }
        }))
}

/// Sessions among these that stood otherwise before: as they stood when the visitor was here, else as they came first.
fn before(visitor: &Visitor, stood: &[Stood], since: i64) -> Result<Released<Vec<Stood>>, Failure> {
    let (viewer, purpose) = (visitor.viewer(), Purpose::Show);
    let sessions = stood.iter().filter(|one| one.kind == Session::TYPE);
    let found = sessions.take(MOST).map(|one| {
        let id = one.record.id.parse().map_err(anyhow::Error::from)?;
        let all = visitor.node().versions(viewer, purpose, &id)?;
        Ok(all.map(|mut all| {
            all.pop();
            let seen = all.iter().rposition(|one| one.accepted < since);
            let seen = seen.unwrap_or_default();
            (seen < all.len()).then(|| all.swap_remove(seen))
        }))
    });
    let found = found.collect::<Result<Vec<Released<Option<Stood>>>, Failure>>()?;
    let found: Released<Vec<Option<Stood>>> = found.into_iter().collect();
    Ok(found.map(|all| all.into_iter().flatten().collect()))
}

/// What pieces name in a field.
fn named(stood: &[Stood], fields: &[&str]) -> BTreeSet<ObjectId> {
    fn all(value: &Value, fields: &[&str], ids: &mut BTreeSet<ObjectId>) {
        for (name, value) in value.as_object().into_iter().flatten() {
            match value.as_str() {
                Some(id) if fields.contains(&name.as_str()) => ids.extend(id.parse().ok()),
                // What a text is of stands in an extension.
                _ if value.is_object() => all(value, fields, ids),
                _ => {}
            }
        }
    }
    let mut ids = BTreeSet::new();
    for stood in stood {
        if let Ok(value) = serde_json::from_slice(&stood.record.body) {
            all(&value, fields, &mut ids);
        }
    }
    ids
}

/// What pieces are about, as far as the visitor may see it.
fn near(visitor: &Visitor, stood: &[Stood]) -> Result<Released<Known>, Failure> {
    let register = register_of(visitor);
    let about = named(stood, &["about_ref", "commitment_ref"]);
    let texts = register.ones::<Text>(&about)?;
    let known = register.said_in(register.ones::<Commitment>(&about)?)?;
    let of = named(stood, &["session_ref"]);
    let sessions = register.ones::<Session>(&of)?;
    let sessions = sessions.zip(known.as_ref()).map(|(mut all, known)| {
        all.extend(known.sessions.iter().cloned());
        all
    });
    let of = named(stood, &["dialogue_ref"]);
    let dialogues = register.ones::<Dialogue>(&of)?;
    let more = register.series_of(sessions.as_ref())?;
    let all = known.zip(texts).zip(sessions).zip(dialogues.zip(more));
    Ok(
        all.map(|(((known, texts), sessions), (mut dialogues, more))| {
            dialogues.extend(more);
            dialogues.extend(known.dialogues.iter().cloned());
            Known {
                dialogues,
                sessions,
                texts,
                ..known
            }
        }),
    )
}

impl CameIn {
    pub(super) fn labels(&self) -> impl Iterator<Item = &policy::Label> {
        let own = self.stood.iter().chain(&self.before);
        let own = own.map(|stood| &stood.label);
        own.chain(self.near.labels())
    }

    /// Whether something that was taken back went with something else: a statement with its text, what was said with the statement.
    fn goes_along(&self, stood: &Stood) -> bool {
        let gone = |id: &str| {
            let mut all = self.stood.iter();
            all.any(|one| one.revoked && one.record.id == id)
        };
        let of = match &*stood.kind {
            "commitment" => read::<Commitment>(stood).and_then(|one| one.what.text_ref),
            "follow-up" => read::<FollowUp>(stood).map(|one| one.what.about_ref),
            "consent" => read::<Consent>(stood).map(|one| one.what.about_ref),
            "report" => read::<Text>(stood).and_then(|one| one.what.version_of_ref),
            _ => None,
        };
        of.is_some_and(|of| gone(&of))
    }

    pub(super) fn rows(&self, eyes: &Eyes<'_>) -> Vec<Arrival> {
        let teller = Teller {
            eyes,
            near: &self.near,
            before: &self.before,
        };
        let rows = self.stood.iter().filter_map(|stood| {
            let asked = self.asked.get(&stood.record.id);
            let Told { key, what, to, of } = match asked {
                // What goes with a text is told with it.
                _ if stood.revoked && self.goes_along(stood) => return None,
                None if !stood.revoked => teller.told(stood)?,
                _ => teller.withdrawn(stood)?,
            };
            let author = stood.author.as_ref();
            let from = author.map(|id| eyes.side(id.as_str()));
            let from = from.unwrap_or_else(|| eyes.words.t("came-somebody"));
            Some(Arrival {
                link: Link::new(to, eyes.words.t2(&key, "side", from, "what", what)),
                of,
                when: eyes.words.moment(*asked.unwrap_or(&stood.accepted)),
            })
        });
        rows.collect()
    }
}

/// A sentence: by which key, on what, where it is read, and what it is of.
struct Told {
    key: String,
    what: String,
    to: String,
    of: Option<Link>,
}

/// Says what came in.
struct Teller<'t> {
    eyes: &'t Eyes<'t>,
    near: &'t Known,
    before: &'t [Stood],
}

fn read<T: Kind>(stood: &Stood) -> Option<Piece<T>> {
    Piece::read(&stood.record.body).ok()
}

impl Teller<'_> {
    fn told(&self, stood: &Stood) -> Option<Told> {
        let (eyes, kind) = (self.eyes, &*stood.kind);
        let told = |what: String, to: String, of: Option<Link>| Told {
            key: format!("came-{kind}"),
            what,
            to,
            of,
        };
        let brief = |words: &str| shorten(&shown(words));
        let of = |session: &Option<String>, series: &Option<String>| {
            self.of(session.as_deref(), series.as_deref())
        };
        let series = |series: &Option<String>| self.of(None, series.as_deref());
        Some(match kind {
            "dialogue" => {
                let one = read::<Dialogue>(stood)?;
                told(eyes.dialogue(&one), path(&one.id), None)
            }
            "session" => {
                let one = read::<Session>(stood)?;
                let series = Some(one.what.dialogue_ref.clone());
                let (key, what) = self.session(&one);
                Told {
                    key: key.to_owned(),
                    ..told(what, path(&one.id), of(&None, &series))
                }
            }
            "report" => {
                let one = read::<Text>(stood)?;
                let near = of(&one.what.session_ref, &one.what.dialogue_ref);
                told(brief(&one.what.title), path(&one.id), near)
            }
            "commitment" => {
                let one = read::<Commitment>(stood)?;
                let near = of(&one.what.session_ref, &one.what.dialogue_ref);
                told(brief(&one.what.words), path(&one.id), near)
            }
            "arrangement" => {
                let one = read::<Arrangement>(stood)?;
                let near = series(&one.what.dialogue_ref);
                told(brief(&one.what.name), path(&one.id), near)
            }
            "activity" => {
                let one = read::<Activity>(stood)?;
                told(brief(&one.what.name), path(&one.id), None)
            }
            "event" => {
                let one = read::<Event>(stood)?;
                let near = series(&one.what.dialogue_ref);
                told(brief(&one.what.name), path(&one.id), near)
            }
            "demarche" => {
                let one = read::<Demarche>(stood)?;
                let near = series(&one.what.dialogue_ref);
                told(brief(&one.what.subject), path(&one.id), near)
            }
            "follow-up" => self.followed(&read::<FollowUp>(stood)?)?,
            "appraisal" => {
                let one = read::<Appraisal>(stood)?;
                self.about(kind, &one.what.about_ref)?
            }
            "appraisal-reply" => {
                let one = read::<AppraisalReply>(stood)?;
                self.about(kind, &one.what.commitment_ref)?
            }
            "consent" => {
                let what = read::<Consent>(stood)?.what;
                let purpose = what.purpose.as_str();
                let key = match what.withdrawn {
                    true => format!("consent-{purpose}-back"),
                    false => format!("consent-{purpose}"),
                };
                self.about(&key, &what.about_ref)?
            }
            _ => return None,
        })
    }

    /// What others asked to withdraw: not what it said, but what it was about.
    fn withdrawn(&self, stood: &Stood) -> Option<Told> {
        if stood.kind == FollowUp::TYPE {
            let one = read::<FollowUp>(stood)?;
            return self.about("withdrawn-follow-up", &one.what.about_ref);
        }
        Some(Told {
            key: "came-withdrawn".to_owned(),
            ..self.told(stood)?
        })
    }

    /// What came of a session: that it is shared, or what became of it since; by which key, and on what.
    fn session(&self, one: &Piece<Session>) -> (&'static str, String) {
        let (eyes, what) = (self.eyes, &one.what);
        let before = self
            .before
            .iter()
            .find(|stood| stood.record.id == one.id.as_str());
        let before = before.and_then(read::<Session>).map(|before| before.what);
        let was = before.as_ref().map(|before| before.state);
        let changed = was.is_some_and(|was| was != what.state);
        let moved_from = || {
            let was = before.as_ref().and_then(|before| before.start.as_deref());
            let was = was.or_else(|| planned_before(what).last())?;
            (Some(was) != what.start.as_deref()).then_some(was)
        };
        let named = eyes.session(what);
        match what.state {
            SessionState::Cancelled if changed || was.is_none() => {
                ("came-session-cancelled", named)
            }
            SessionState::Held if changed => ("came-session-held", named),
            SessionState::Planned => match moved_from() {
                Some(was) => {
                    let was = eyes.date(was);
                    let told = eyes.words.t2("came-before", "session", named, "was", was);
                    ("came-session-moved", told)
                }
                None => ("came-session", named),
            },
            _ => ("came-session", named),
        }
    }

    /// What a side says followed: in which state, and its account where it gives one.
    fn followed(&self, one: &Piece<FollowUp>) -> Option<Told> {
        let eyes = self.eyes;
        let word = eyes.word(one);
        let about = self.about("follow-up", &one.what.about_ref)?;
        let state = word.state;
        let said = match word.account {
            Some(account) => {
                let colon = eyes.words.t("format-colon");
                format!("{}{colon} {state} – {}", about.what, shorten(&account))
            }
            None => format!("{}{} {state}", about.what, eyes.words.t("format-colon")),
        };
        Some(Told {
            what: said,
            ..about
        })
    }

    /// About a statement or a text: its words, between quotation marks.
    fn about(&self, key: &str, id: &str) -> Option<Told> {
        let words = self.eyes.words;
        let id = ObjectId::parse(id).ok()?;
        let text = self.near.texts.iter().find(|one| one.id == id);
        let (what, of) = match (self.near.commitment(&id), text) {
            (Some(one), _) => {
                let of = (&one.what.session_ref, &one.what.dialogue_ref);
                (Some(&one.what.words), Some(of))
            }
            (None, Some(one)) => {
                let of = (&one.what.session_ref, &one.what.dialogue_ref);
                (Some(&one.what.title), Some(of))
            }
            (None, None) => (None, None),
        };
        let quoted = |what: &String| words.t1("came-quoted", "words", shorten(&shown(what)));
        Some(Told {
            key: format!("came-{key}"),
            what: what.map_or_else(|| words.t("came-unseen"), quoted),
            to: path(&id),
            of: of.and_then(|(session, series)| self.of(session.as_deref(), series.as_deref())),
        })
    }

    /// The session, with the name of its series; else the series.
    fn of(&self, session: Option<&str>, series: Option<&str>) -> Option<Link> {
        let session = self.near.session(session);
        let series = session.map_or(series, |session| Some(&session.what.dialogue_ref));
        let series = self.near.dialogue(series);
        match (session, series) {
            (Some(session), Some(series)) => {
                let name = self.eyes.session(&session.what);
                let name = format!("{} – {name}", self.eyes.dialogue(series));
                Some(Link::new(path(&session.id), name))
            }
            (Some(session), None) => Some(self.eyes.session_link(session)),
            (None, series) => series.map(|series| self.eyes.dialogue_link(series)),
        }
    }
}
