//! The public portal: what is TLP:CLEAR, for everyone, without signing in; with a feed.
//!
//! Invariant: whoever comes here is nobody: what a signed-in person may see besides makes no difference.

use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use node::overview::Stood;
use policy::{Purpose, Released, Viewer};
use stix::ObjectId;

use super::properties::{Known, Member, Said, members, references};
use super::wording::{BESIDE, Row, Wording};
use crate::feeds::records::{entries, entry};
use crate::feeds::{Feed, Form};
use crate::shell::desk::{Desk, Tile};
use crate::shell::failure::Failure;
use crate::shell::frame::Frame;
use crate::shell::label::Tlp;
use crate::shell::routes::{Routes, Who};
use crate::shell::visitor::Visitor;

/// Records on the portal and in its feed.
const LATEST: usize = 50;

pub(crate) struct Portal;

impl Desk for Portal {
    fn name(&self) -> &'static str {
        "portal"
    }

    fn routes(&self) -> Routes {
        Routes::new()
            .page("/public", Who::Everyone, list)
            .page("/public/records/{id}", Who::Everyone, show)
            .feed("/public/feed.atom", Who::Everyone, atom)
            .feed("/public/feed.json", Who::Everyone, json)
    }
}

#[derive(Template)]
#[template(path = "rooms/portal/list.html")]
struct List {
    frame: Frame,
    publisher: String,
    tiles: Vec<Tile>,
    rows: Vec<Row>,
}

#[derive(Template)]
#[template(path = "rooms/portal/show.html")]
struct Show {
    frame: Frame,
    publisher: String,
    row: Row,
    members: Vec<Member>,
    source: String,
}

/// The visitor, as nobody.
fn nobody(visitor: &Visitor) -> Visitor {
    Visitor {
        actor: None,
        ..visitor.clone()
    }
}

fn latest(visitor: &Visitor) -> Result<Released<Vec<Stood>>, Failure> {
    let node = visitor.node();
    Ok(node.newest(&Viewer::public(), Purpose::Show, &BESIDE, LATEST)?)
}

async fn list(visitor: Visitor) -> Response {
    visitor
        .answer(|visitor| {
            let visitor = &nobody(visitor);
            let mut tiles: Released<Vec<Tile>> = std::iter::empty::<Released<Tile>>().collect();
            for desk in visitor.site.desks() {
                tiles = tiles.zip(desk.portal(visitor)?).map(|(mut all, more)| {
                    all.extend(more);
                    all
                });
            }
            let wording = Wording::of(visitor)?;
            visitor.page(
                "portal-title",
                latest(visitor)?.zip(tiles),
                |(latest, tiles), frame| {
                    let rows = latest.iter().map(|stood| {
                        let mut row = wording.row(stood)?;
                        row.channel = String::new();
                        Ok::<_, Failure>(row)
                    });
                    Ok(List {
                        publisher: visitor.home_name(),
                        tiles,
                        rows: rows.collect::<Result<_, _>>()?,
                        frame: frame.label(Tlp::of(policy::Tlp::Clear)),
                    })
                },
            )
        })
        .await
}

async fn show(visitor: Visitor, Path(id): Path<String>) -> Response {
    visitor
        .answer(move |visitor| {
            let visitor = &nobody(visitor);
            let id = ObjectId::parse(&id).map_err(|_| Failure::Absent)?;
            let stood = visitor
                .node()
                .stood(&Viewer::public(), Purpose::Show, &id)?
                .ok_or(Failure::Absent)?;
            let wording = Wording::of(visitor)?;
            let title = stood
                .as_ref()
                .map(|stood| wording.title(&stood.record.id, &stood.record.body))
                .into_inner()?;
            // Of what it names, what everybody may see stands by its name.
            let ids = stood.as_ref().map(|stood| references(&stood.record.body));
            let mut named = Vec::new();
            for other in ids.into_inner() {
                named.extend(
                    visitor
                        .node()
                        .stood(&Viewer::public(), Purpose::Show, &other)?,
                );
            }
            let named: Released<Vec<Stood>> = named.into_iter().collect();
            visitor.page_called(&title.text, stood.zip(named), |(stood, named), frame| {
                let body = String::from_utf8_lossy(&stood.record.body);
                let desks: Vec<&dyn Desk> = visitor.site.desks().collect();
                let reader = (&visitor.words, desks.as_slice());
                // Its author stands above by name already, and has no page that everybody sees.
                let author = stood.author.as_ref();
                let mut known: Known = author
                    .map(|id| (id.to_string(), (String::new(), wording.name(id.as_str()))))
                    .into_iter()
                    .collect();
                for other in &named {
                    let at = &other.record.id;
                    let title = wording.title(at, &other.record.body)?.text;
                    let path = format!("/public/records/{at}");
                    known.entry(at.clone()).or_insert((path, title));
                }
                let translated = wording.translations(&id, &stood.record.body)?;
                Ok(Show {
                    publisher: visitor.home_name(),
                    row: wording.row(&stood)?,
                    members: members(reader, &stood.record.body, &known, &translated),
                    source: body
                        .lines()
                        .map(crate::shown)
                        .collect::<Vec<_>>()
                        .join("\n"),
                    frame: frame
                        .label(Tlp::of(policy::Tlp::Clear))
                        .under("/public", visitor.words.t("portal-title")),
                })
            })
        })
        .await
}

async fn atom(visitor: Visitor) -> Response {
    feed(visitor, Form::Atom).await
}

async fn json(visitor: Visitor) -> Response {
    feed(visitor, Form::Json).await
}

/// The feed of the portal: the same to everybody.
async fn feed(visitor: Visitor, form: Form) -> Response {
    visitor
        .answer(move |visitor| {
            let visitor = &nobody(visitor);
            let wording = Wording::of(visitor)?;
            let entries = entries(latest(visitor)?, |stood| {
                entry(
                    &wording,
                    stood,
                    format!("/public/records/{}", stood.record.id),
                )
            })?;
            let title = visitor.words.t("portal-title");
            let feed = entries.map(|entries| Feed {
                title,
                home: "/public".to_owned(),
                entries,
            });
            Ok(form.write(visitor, feed))
        })
        .await
}
