//! What came in from others since the visitor was here last: texts, follow-ups, consents and what else partners share.
//! Invariant: when somebody was here stays on this node, and is nobody else's to see.

use node::Node;
use node::overview::Stood;
use policy::{Purpose, Released};
use serde::{Deserialize, Serialize};
use site::{Failure, Link, Visitor, shorten, shown};
use stix::ObjectId;

use super::view::{Eyes, path};
use crate::DESK;
use crate::records::{
    Activity, Appraisal, AppraisalReply, Arrangement, Commitment, Consent, Demarche, Dialogue,
    Event, FollowUp, Kind, Piece, Session, Text,
};

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
    pub(super) link: Link,
    pub(super) kind: String,
    pub(super) who: String,
    pub(super) when: String,
}

/// What came in.
pub(super) struct CameIn {
    pub(super) since: i64,
    stood: Vec<Stood>,
}

/// What came in since the visitor's last visit, as far as the visitor may see it.
pub(super) fn came_in(visitor: &Visitor) -> Result<Released<CameIn>, Failure> {
    let since = since(visitor)?;
    let found = visitor
        .node()
        .came_in(visitor.viewer(), Purpose::Show, &KINDS, since, MOST)?;
    let found: Released<Vec<Stood>> = found.into_iter().collect();
    Ok(found.map(|stood| CameIn { since, stood }))
}

impl CameIn {
    /// How many, up to what is shown.
    pub(super) fn count(&self) -> usize {
        self.stood.len()
    }

    pub(super) fn labels(&self) -> impl Iterator<Item = &policy::Label> {
        self.stood.iter().map(|stood| &stood.label)
    }

    pub(super) fn rows(&self, eyes: &Eyes<'_>) -> Vec<Arrival> {
        let rows = self.stood.iter().filter_map(|stood| {
            let link = told(eyes, stood)?;
            let author = stood.author.as_ref();
            Some(Arrival {
                link,
                kind: eyes.words.t(&format!("came-{}", stood.kind)),
                who: author.map(|id| eyes.side(id.as_str())).unwrap_or_default(),
                when: eyes.words.moment(stood.accepted),
            })
        });
        rows.collect()
    }
}

/// What it says in short, and where it is read.
fn told(eyes: &Eyes<'_>, stood: &Stood) -> Option<Link> {
    fn read<T: Kind>(stood: &Stood) -> Option<Piece<T>> {
        Piece::read(&stood.record.body).ok()
    }
    let about = |id: &str| ObjectId::parse(id).ok().map(|id| path(&id));
    let own = |id: &ObjectId, name: &str| Some(Link::new(path(id), shorten(&shown(name))));
    match &*stood.kind {
        "dialogue" => read::<Dialogue>(stood).map(|one| eyes.dialogue_link(&one)),
        "session" => read::<Session>(stood).map(|one| eyes.session_link(&one)),
        "report" => read::<Text>(stood).and_then(|one| own(&one.id, &one.what.title)),
        "commitment" => read::<Commitment>(stood).and_then(|one| own(&one.id, &one.what.words)),
        "arrangement" => read::<Arrangement>(stood).and_then(|one| own(&one.id, &one.what.name)),
        "activity" => read::<Activity>(stood).and_then(|one| own(&one.id, &one.what.name)),
        "event" => read::<Event>(stood).and_then(|one| own(&one.id, &one.what.name)),
        "demarche" => read::<Demarche>(stood).and_then(|one| own(&one.id, &one.what.subject)),
        "follow-up" => {
            let one = read::<FollowUp>(stood)?;
            let word = eyes.word(&one);
            let told = match word.account {
                Some(account) => {
                    format!("{}{} {account}", word.state, eyes.words.t("format-colon"))
                }
                None => word.state,
            };
            Some(Link::new(about(&one.what.about_ref)?, shorten(&told)))
        }
        "appraisal" => {
            let one = read::<Appraisal>(stood)?;
            let told = one.what.account.as_deref().unwrap_or(&one.what.basis);
            Some(Link::new(
                about(&one.what.about_ref)?,
                shorten(&shown(told)),
            ))
        }
        "appraisal-reply" => {
            let one = read::<AppraisalReply>(stood)?;
            let told = shorten(&shown(&one.what.words));
            Some(Link::new(about(&one.what.commitment_ref)?, told))
        }
        "consent" => {
            let one = read::<Consent>(stood)?;
            let key = format!("came-consent-{}", one.what.purpose.as_str());
            Some(Link::new(about(&one.what.about_ref)?, eyes.words.t(&key)))
        }
        _ => None,
    }
}
