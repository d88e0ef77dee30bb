//! The desk's pages. Each is one file with its handler, one template, and its texts in `locales`.
//! Invariant: a page shows what was released to its visitor; forms end in `compose` or in a reading, nowhere else.

mod accounts;
mod alike;
mod anew;
mod apart;
mod appraisal;
mod became;
mod brief;
mod calendar;
mod came_in;
mod chairs;
mod commitment;
mod confirm;
mod consent;
mod deadlines;
mod drafting;
mod edit;
mod feeds;
mod file;
mod file_names;
pub(crate) mod follow_up;
mod head;
mod home;
mod intake;
mod meetings;
mod mistaken;
mod narrow;
mod observers;
mod reading;
mod readings;
mod register;
mod repeated;
mod scores;
mod series;
mod session;
mod session_told;
mod sessions;
mod stands;
mod taking_back;
mod text;
mod timeline;
mod view;
mod when;
mod wording;
pub(crate) mod work;

use include_dir::{Dir, include_dir};
use policy::{Released, Viewer};
use site::{
    Dated, Desk, Failure, Nav, Need, Role, Routes, Section, Span, Tile, Tlp, Visitor, Who, Words,
};
use stix::ObjectId;

use crate::names;
use crate::records::{
    Activity, Appraisal, AppraisalReply, Arrangement, Commitment, Consent, Demarche, Dialogue,
    Draft, Event, FollowUp, Kind as _, Piece, Session, Silence, Strand,
};
use crate::register::Register;

static LOCALES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/locales");

/// What a reader looks for among the records that this desk writes.
const KINDS: [&str; 14] = [
    Activity::TYPE,
    Appraisal::TYPE,
    AppraisalReply::TYPE,
    Arrangement::TYPE,
    Commitment::TYPE,
    Consent::TYPE,
    Demarche::TYPE,
    Dialogue::TYPE,
    Draft::TYPE,
    Event::TYPE,
    FollowUp::TYPE,
    Session::TYPE,
    Silence::TYPE,
    Strand::TYPE,
];

/// The desk.
#[derive(Debug, Clone, Copy, Default)]
pub struct Dialogues;

impl Desk for Dialogues {
    fn name(&self) -> &'static str {
        crate::DESK
    }

    fn nav(&self) -> Vec<Nav> {
        vec![Nav {
            section: Section::Desks,
            path: "/dialogues",
            key: "dialogues-title",
            letter: 'd',
            role: None,
        }]
    }

    fn routes(&self) -> Routes {
        let (seen, written) = (Who::SignedIn, Who::Role(Role::Editor));
        let (released, all) = (Who::Role(Role::Releaser), Who::Everyone);
        Routes::new()
            .page("/dialogues", seen, home::show)
            .page("/dialogues/register", seen, register::show)
            .page("/dialogues/wording", seen, wording::show)
            .page("/dialogues/sessions", seen, sessions::list)
            .page("/dialogues/timeline", seen, timeline::show)
            .page("/dialogues/repeated", seen, repeated::show)
            // What everybody may see of these is the public portal's; the rest is absent to everybody.
            .page("/dialogues/series", all, series::list)
            .page("/dialogues/series/{id}", all, series::show)
            .asked(
                "/dialogues/series/{id}/file",
                written,
                file::ask,
                file::send,
            )
            .asked(
                "/dialogues/series/{id}/same",
                written,
                series::one::ask,
                series::one::send,
            )
            .form("/dialogues/series/{id}/apart", written, series::one::apart)
            .asked(
                "/dialogues/series/{id}/scores",
                written,
                scores::ask,
                scores::send,
            )
            .form(
                "/dialogues/series/{id}/scores/take",
                written,
                scores::accept,
            )
            .feed("/dialogues/series/{id}/scores.csv", seen, scores::file)
            .page("/dialogues/sessions/{id}", all, session::show)
            .page("/dialogues/sessions/{id}/brief", seen, brief::show)
            .asked(
                "/dialogues/sessions/{id}/share",
                released,
                session::share::ask,
                session::share::share,
            )
            .page("/dialogues/texts/{id}", all, text::show)
            .asked(
                "/dialogues/texts/{id}/edit",
                written,
                text::edit::ask,
                text::edit::send,
            )
            .asked(
                "/dialogues/texts/{id}/consent",
                released,
                consent::ask,
                consent::send,
            )
            .asked(
                "/dialogues/texts/{id}/consent/back",
                released,
                consent::back::ask,
                consent::back::send,
            )
            .asked(
                "/dialogues/texts/{id}/confirm",
                released,
                consent::ask,
                consent::send,
            )
            .asked(
                "/dialogues/texts/{id}/confirm/back",
                released,
                consent::back::ask,
                consent::back::send,
            )
            .page("/dialogues/commitments/{id}", all, commitment::show)
            .asked(
                "/dialogues/commitments/{id}/consent",
                released,
                consent::ask,
                consent::send,
            )
            .asked(
                "/dialogues/commitments/{id}/consent/back",
                released,
                consent::back::ask,
                consent::back::send,
            )
            .asked(
                "/dialogues/commitments/{id}/follow-up",
                written,
                follow_up::ask,
                follow_up::send,
            )
            .asked(
                "/dialogues/commitments/{id}/appraisal",
                written,
                appraisal::ask,
                appraisal::send,
            )
            .asked(
                "/dialogues/appraisals/{id}/release",
                written,
                appraisal::release::ask,
                appraisal::release::send,
            )
            .asked(
                "/dialogues/appraisals/{id}/reply",
                written,
                appraisal::reply::ask,
                appraisal::reply::send,
            )
            .feed("/dialogues/calendar.ics", seen, calendar::feed)
            .feed("/dialogues/due.atom", seen, feeds::due_atom)
            .feed("/dialogues/due.json", seen, feeds::due_json)
            .feed("/dialogues/texts.atom", seen, feeds::texts_atom)
            .feed("/dialogues/texts.json", seen, feeds::texts_json)
            .feed("/dialogues/sessions/{id}/brief.docx", seen, brief::file)
            .feed(
                "/dialogues/series/{id}/register.docx",
                seen,
                series::document::file,
            )
            .and(anew::routes::<chairs::Chairs>())
            .and(anew::routes::<observers::Observers>())
            .and(anew::routes::<series::edit::Series>())
            .and(anew::routes::<session_told::Told>())
            .and(mistaken::routes::<crate::records::Text>())
            .and(mistaken::routes::<Session>())
            .and(mistaken::routes::<crate::records::Dialogue>())
            .and(readings())
            .and(edits())
            .and(work::routes())
            .and(drafting::routes())
            .and(crate::api::routes())
    }

    fn feeds(&self) -> Vec<(&'static str, &'static str)> {
        vec![
            ("/dialogues/due.atom", "dialogues-feed-due"),
            ("/dialogues/texts.atom", "dialogues-feed-texts"),
            ("/dialogues/calendar.ics", "dialogues-calendar"),
        ]
    }

    fn schemas(&self) -> serde_json::Value {
        crate::api::schemas()
    }

    fn declare(&self, node: &node::Node) {
        crate::register::declare(node);
    }

    fn locales(&self) -> Option<&'static Dir<'static>> {
        Some(&LOCALES)
    }

    fn meaning(&self, words: &Words, kind: &str, name: &str, value: &str) -> Option<String> {
        let about = match (kind, name) {
            ("commitment" | "agenda", "topics") => {
                let known = names::TOPICS.contains(&value);
                return known.then(|| names::topic(words, value));
            }
            ("commitment", "act") => "dialogues-act",
            ("commitment", "standing") => "dialogues-standing",
            ("activity", "progress") => "dialogues-progress",
            ("follow-up", "state") => "dialogues-state",
            // Others that begin so are no states.
            ("session", "state") if matches!(value, "planned" | "held" | "cancelled") => {
                "dialogues-session"
            }
            ("observers", "sees") => "dialogues-sees",
            ("passages", "state") => "drafting-state",
            _ => return None,
        };
        let key = format!("{about}-{}", value.replace('_', "-"));
        words.has(&key).then(|| words.t(&key))
    }

    fn foot(&self) -> Option<&'static str> {
        Some("frame-political")
    }

    fn called(
        &self,
        visitor: &Visitor,
        kind: &str,
        body: &[u8],
        beside: &dyn Fn(&str) -> Option<String>,
    ) -> Option<String> {
        match kind {
            Session::TYPE => {
                let piece = Piece::<Session>::read(body).ok()?;
                let name = view::Eyes::new(visitor).session(&piece.what);
                Some(session::capital(&name))
            }
            // Its title is the same in every round.
            Draft::TYPE => {
                let draft = Piece::<Draft>::read(body).ok()?.what;
                let named = [
                    ("title", site::shown(&draft.title).into()),
                    ("number", f64::from(draft.round).into()),
                ];
                Some(visitor.words.with("drafting-title-round", &named))
            }
            FollowUp::TYPE => {
                let said = Piece::<FollowUp>::read(body).ok()?.what;
                if said.account.is_some_and(|account| !account.is_empty()) {
                    return None;
                }
                let words = &visitor.words;
                let state = self.meaning(words, kind, "state", said.state.as_str())?;
                if let Some(title) = beside(&said.about_ref) {
                    return Some(words.t2(
                        "dialogues-said-of-named",
                        "state",
                        state,
                        "title",
                        title,
                    ));
                }
                let about = said.about_ref.split_once("--")?.1;
                let begin: String = about.chars().take(8).collect();
                Some(words.t2(
                    "dialogues-said-of",
                    "state",
                    state,
                    "id",
                    site::shown(&begin),
                ))
            }
            _ => None,
        }
    }

    fn begins(&self) -> Option<(&'static str, &'static str)> {
        Some(("/dialogues/readings/files", "dialogues-begin"))
    }

    fn kinds(&self) -> &'static [&'static str] {
        &KINDS
    }

    fn page_of(&self, id: &ObjectId, body: &[u8]) -> Option<String> {
        view::page_of(id, body)
    }

    fn record_at(&self, path: &str) -> Option<ObjectId> {
        view::record_at(path)
    }

    fn dates(&self, visitor: &Visitor, span: Span) -> Result<Released<Vec<Dated>>, Failure> {
        calendar::dates(visitor, span)
    }

    fn needs(&self, visitor: &Visitor) -> Result<Released<Vec<Need>>, Failure> {
        deadlines::needs(visitor)
    }

    fn portal(&self, visitor: &Visitor) -> Result<Released<Vec<Tile>>, Failure> {
        let register = Register::of_as(visitor, Viewer::public());
        let all = register.all::<crate::records::Dialogue>("dialogue.name", 200)?;
        Ok(all.map(|all| {
            let eyes = view::Eyes::new(visitor);
            let tile = |piece: &crate::records::Piece<crate::records::Dialogue>| Tile {
                title: eyes.dialogue(piece),
                path: view::path(&piece.id),
                sentences: Vec::new(),
                label: view::label(piece),
            };
            all.iter().map(tile).collect()
        }))
    }

    fn tiles(&self, visitor: &Visitor) -> Result<Released<Vec<Tile>>, Failure> {
        let home = register_of(visitor).home_folded(visitor.now)?;
        Ok(home.map(|(home, _)| {
            let eyes = view::Eyes::new(visitor);
            let sentences = home::sentences(&eyes, &home, "/dialogues");
            vec![Tile {
                title: visitor.words.t("dialogues-title"),
                path: "/dialogues".to_owned(),
                label: tlp(&home.labels()),
                sentences: sentences
                    .into_iter()
                    .map(|link| Need {
                        sentence: link.name,
                        path: link.path,
                    })
                    .collect(),
            }]
        }))
    }
}

/// The pages on which what is confirmed is said anew.
fn edits() -> Routes {
    let written = Who::Role(Role::Editor);
    Routes::new()
        .asked(
            "/dialogues/commitments/{id}/edit",
            written,
            edit::ask,
            edit::send,
        )
        .asked(
            "/dialogues/commitments/{id}/withdraw",
            written,
            edit::ask_back,
            edit::take_back,
        )
        .asked(
            "/dialogues/commitments/{id}/versions/{version}",
            written,
            edit::ask_restore,
            edit::restore,
        )
}

/// The pages on which texts come in.
fn readings() -> Routes {
    let written = Who::Role(Role::Editor);
    Routes::new()
        .page("/dialogues/readings", written, readings::list)
        .asked(
            "/dialogues/readings/new",
            written,
            readings::ask,
            readings::send,
        )
        .asked(
            "/dialogues/readings/files",
            written,
            intake::ask,
            intake::send,
        )
        .page("/dialogues/intakes/{id}", written, intake::show)
        .form("/dialogues/intakes/{id}/{step}", written, intake::step)
        .page("/dialogues/readings/{id}", written, reading::show)
        .asked(
            "/dialogues/readings/{id}/head",
            written,
            head::ask,
            head::send,
        )
        .asked(
            "/dialogues/readings/{id}/clauses/{clause}",
            written,
            reading::clause,
            reading::correct,
        )
        .form(
            "/dialogues/readings/{id}/split/{clause}",
            written,
            reading::split,
        )
        .form(
            "/dialogues/readings/{id}/merge/{clause}",
            written,
            reading::merge,
        )
        .asked(
            "/dialogues/readings/{id}/confirm",
            written,
            confirm::ask,
            confirm::confirm,
        )
        .file(
            "/dialogues/readings/{id}/example.json",
            written,
            reading::example,
        )
}

/// The register as a visitor sees it.
pub(crate) fn register_of(visitor: &Visitor) -> Register<'_> {
    Register::of(visitor)
}

/// The label that holds for all of it; none where it is nothing.
fn strictest(known: &crate::register::Known) -> Option<Tlp> {
    tlp(&known.labels())
}

fn tlp(labels: &[&policy::Label]) -> Option<Tlp> {
    (!labels.is_empty()).then(|| Tlp::strictest(labels.iter().copied()))
}

/// An object of a type, by the part of its id that stands in addresses.
fn object(kind: &str, uuid: &str) -> Result<stix::ObjectId, Failure> {
    stix::ObjectId::parse(&format!("{kind}--{uuid}")).map_err(|_| Failure::Absent)
}
