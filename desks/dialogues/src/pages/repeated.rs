//! `/dialogues/repeated`: what was said again in a later session while nobody recorded what followed the first time, over all series. What
//! says what again is noted when a text is confirmed.

use askama::Template;
use axum::response::Response;
use policy::Released;
use site::{Frame, Tlp, Visitor};
use stix::ObjectId;
use store::{Found, Span, Value};

use super::narrow::{Fields, Narrow};
use super::register_of;
use super::view::{Eyes, Row};
use crate::records::{Commitment, Piece};
use crate::register::Known;

/// How many are looked at for one page.
const PAGE: usize = 100;
/// The statements that say any other again.
const ALL: (&str, &str) = ("commitment--", "commitment--\u{10FFFF}");

#[derive(Template)]
#[template(path = "dialogues/repeated.html")]
struct Show {
    frame: Frame,
    rows: Vec<(Row, Row)>,
    fields: Fields,
    /// Where it goes on.
    next: Option<String>,
}

/// `GET /dialogues/repeated?side=&topic=&series=&session=&since=&until=`: all of them of what was said again.
pub(super) async fn show(visitor: Visitor) -> Response {
    visitor
        .answer(|visitor| {
            let register = register_of(visitor);
            let span = Span::Texts(ALL.0.to_owned(), ALL.1.to_owned());
            let after = visitor.asked("after").as_deref().and_then(after);
            let part = register.part::<Commitment>("commitment.repeats", span, after, PAGE)?;
            let next = part.as_ref().map(|part| part.next.as_ref().map(cursor));
            let next = next.into_inner();
            let later = part.map(|part| part.rows);
            let refs: Vec<ObjectId> = later
                .as_ref()
                .map(|all| {
                    let refs = all
                        .iter()
                        .filter_map(|piece| piece.what.repeats_ref.as_deref());
                    refs.filter_map(|id| ObjectId::parse(id).ok()).collect()
                })
                .into_inner();
            let mut earlier = Vec::new();
            for id in &refs {
                earlier.extend(register.one::<Commitment>(id)?);
            }
            let earlier: Released<Vec<Piece<Commitment>>> = earlier.into_iter().collect();
            let known = register.around(later.zip(earlier).map(|(mut all, earlier)| {
                for one in earlier {
                    if all.iter().all(|known| known.id != one.id) {
                        all.push(one);
                    }
                }
                all
            }))?;
            // What was said of the same words as another side entered them was said of them.
            let known = register.heard_of_twins(known)?;
            visitor.page("dialogues-repeated", known, |known, frame| {
                let narrow = Narrow::asked(visitor)?;
                let parties = known.dialogues.iter().flat_map(|one| &one.what.parties);
                let (series, sessions) = (&known.dialogues, &known.sessions);
                let fields = narrow.fields(&Eyes::new(visitor), parties, series, sessions);
                let name = frame.t("dialogues-title");
                let labels = known.labels();
                let frame = frame.under("/dialogues", name);
                Ok(Show {
                    rows: pairs(visitor, &known, &narrow),
                    fields,
                    next: next.map(|next| visitor.query_with("after", &next)),
                    frame: if labels.is_empty() {
                        frame
                    } else {
                        frame.label(Tlp::strictest(labels))
                    },
                })
            })
        })
        .await
}

/// A place in the list, in an address.
fn cursor(found: &Found) -> String {
    match &found.value {
        Value::Text(id) => format!("{id}.{}", found.recno),
        Value::Number(_) => String::new(),
    }
}

fn after(text: &str) -> Option<Found> {
    let (id, recno) = text.rsplit_once('.')?;
    Some(Found {
        value: Value::Text(id.to_owned()),
        recno: recno.parse().ok()?,
    })
}

fn pairs(visitor: &Visitor, known: &Known, narrow: &Narrow) -> Vec<(Row, Row)> {
    let eyes = Eyes::new(visitor);
    let pairs = known.commitments.iter().filter_map(|later| {
        let earlier = ObjectId::parse(later.what.repeats_ref.as_deref()?).ok()?;
        let earlier = known.commitment(&earlier)?;
        let silent = !known.is_spoken_of(&earlier.id);
        let what = &later.what;
        let (series, session) = (what.dialogue_ref.as_deref(), what.session_ref.as_deref());
        let when = known.session(session);
        let when = when.map_or(later.created.as_str(), |one| one.what.starts.as_str());
        let fits = narrow.with(&what.actors)
            && narrow.on(&what.topics)
            && narrow.of(series, session)
            && narrow.at(when);
        (silent && fits && !later.what.withdrawn)
            .then(|| (eyes.row(known, later), eyes.row(known, earlier)))
    });
    pairs.collect()
}
