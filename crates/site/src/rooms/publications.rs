//! What is to be published: `GET /publications`. A second person agrees, a delay passes, and until then anybody who releases may stop it.

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use node::Channel;
use node::overview::Stood;
use policy::{Purpose, Released};
use stix::ObjectId;

use super::wording::{Row as Listed, Wording};
use crate::shell::answer::{Move, nothing};
use crate::shell::desk::{Desk, Nav, Need, Section};
use crate::shell::failure::Failure;
use crate::shell::frame::Frame;
use crate::shell::label::Tlp;
use crate::shell::routes::{Routes, Who};
use crate::shell::visitor::{Role, Visitor};

/// Records that are shown of one publication.
const SHOWN: usize = 20;

pub(crate) struct Publications;

impl Desk for Publications {
    fn name(&self) -> &'static str {
        "publications"
    }

    fn nav(&self) -> Vec<Nav> {
        vec![Nav {
            section: Section::Node,
            path: "/publications",
            key: "publications-title",
            letter: 'u',
            role: None,
        }]
    }

    fn routes(&self) -> Routes {
        let releaser = Who::Role(Role::Releaser);
        Routes::new()
            .page("/publications", Who::SignedIn, show)
            .form("/publications/{number}/agree", releaser, agree)
            .form("/publications/{number}/stop", releaser, stop)
    }

    fn needs(&self, visitor: &Visitor) -> Result<Released<Vec<Need>>, Failure> {
        let requests = visitor.node().publications()?;
        let me = visitor.person().map(ObjectId::as_str);
        let open = requests
            .iter()
            .filter(|request| request.agreed_by.is_none() && Some(&*request.asked_by) != me)
            .count();
        let needs = (open > 0 && visitor.has(Role::Releaser)).then(|| Need {
            sentence: visitor.words.t1("publications-need", "n", open),
            path: "/publications".to_owned(),
        });
        Ok(nothing().map(|()| needs.into_iter().collect()))
    }
}

#[derive(Template)]
#[template(path = "rooms/publications/list.html")]
struct List {
    frame: Frame,
    rows: Vec<Row>,
    delay: String,
}

struct Row {
    number: u64,
    count: String,
    by: String,
    at: String,
    stands: String,
    may_agree: bool,
    may_stop: bool,
    what: Vec<Listed>,
}

async fn show(visitor: Visitor) -> Response {
    visitor
        .answer(|visitor| {
            let (node, words) = (visitor.node(), &visitor.words);
            let wording = Wording::of(visitor)?;
            let by = |text: &str| match Channel::parse(text) {
                Some(channel) => wording.channel(Some(&channel)),
                None => wording.name(text),
            };
            let me = visitor.person().map(ObjectId::to_string);
            let releases = visitor.has(Role::Releaser);
            let requests = node.publications()?;
            let mut what = Vec::new();
            for request in &requests {
                let runs = request.records.iter();
                let numbers = runs.flat_map(|(first, last)| *first..=*last);
                let stood = node.numbered(visitor.viewer(), Purpose::Show, numbers, SHOWN)?;
                what.push(stood.into_iter().collect::<Released<Vec<Stood>>>());
            }
            let what: Released<Vec<Vec<Stood>>> = what.into_iter().collect();
            visitor.page("publications-title", what, |what, frame| {
                let label = Tlp::strictest(what.iter().flatten().map(|stood| &stood.label));
                let mut listed = Vec::new();
                for stood in &what {
                    let rows = stood.iter().map(|stood| wording.row(stood));
                    listed.push(rows.collect::<Result<Vec<_>, _>>()?);
                }
                let rows = requests.iter().zip(listed).map(|(request, what)| Row {
                    what,
                    number: request.number,
                    count: words.figure(request.count()),
                    by: by(&request.asked_by),
                    at: words.moment(request.asked_at),
                    stands: match (&request.agreed_by, request.not_before) {
                        (Some(agreed), Some(at)) => words.t2(
                            "publications-delay",
                            "name",
                            by(agreed),
                            "date",
                            words.moment(at),
                        ),
                        _ => words.t("publications-second"),
                    },
                    may_agree: releases
                        && request.agreed_by.is_none()
                        && me.as_ref().is_some_and(|me| *me != request.asked_by),
                    may_stop: releases,
                });
                Ok(List {
                    rows: rows.collect(),
                    delay: words.t1(
                        "publications-about",
                        "n",
                        node.config().publication_delay_hours,
                    ),
                    frame: if what.iter().all(Vec::is_empty) {
                        frame
                    } else {
                        frame.label(label)
                    },
                })
            })
        })
        .await
}

async fn agree(visitor: Visitor, Path(number): Path<u64>) -> Response {
    visitor
        .answer(move |visitor| {
            let me = visitor.acting()?;
            if me.is_at_terminal() {
                return Err(Failure::Said(
                    StatusCode::FORBIDDEN,
                    "publications-person-title",
                    "publications-person-text",
                ));
            }
            match visitor.node().agree(number, &me).wait() {
                Ok(_) => {
                    Ok(Move::to("/publications").saying(visitor.words.t("publications-agreed")))
                }
                Err(error) => Err(refused(&error)),
            }
        })
        .await
}

async fn stop(visitor: Visitor, Path(number): Path<u64>) -> Response {
    visitor
        .answer(
            move |visitor| match visitor.node().cancel(number, &visitor.acting()?).wait() {
                Ok(()) => {
                    Ok(Move::to("/publications").saying(visitor.words.t("publications-stopped")))
                }
                Err(error) => Err(refused(&error)),
            },
        )
        .await
}

fn refused(error: &anyhow::Error) -> Failure {
    tracing::info!(error = format!("{error:#}"), "publication.refused");
    Failure::Said(
        StatusCode::CONFLICT,
        "publications-refused-title",
        "publications-refused-text",
    )
}
