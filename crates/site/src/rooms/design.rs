//! `/design`: every part that pages are made of, with invented content. Off by default.

mod figures;
mod form;
mod record;
mod routes;
mod steps;
mod table;

use askama::Template;
use axum::http::Method;
use axum::response::Response;

use crate::shell::answer::nothing;
use crate::shell::desk::{Desk, Nav, Section};
use crate::shell::frame::{Frame, Link};
use crate::shell::routes::{Routes, Who};
use crate::shell::visitor::Visitor;

pub(crate) struct Design;

impl Desk for Design {
    fn name(&self) -> &'static str {
        "design"
    }

    fn nav(&self) -> Vec<Nav> {
        vec![Nav {
            section: Section::Node,
            path: "/design",
            key: "design-title",
            letter: ' ',
            role: None,
        }]
    }

    fn routes(&self) -> Routes {
        Routes::new()
            .page("/design", Who::SignedIn, contents)
            .page("/design/form", Who::SignedIn, form::show)
            .form("/design/form", Who::SignedIn, form::send)
            .api(Method::GET, "/design/routes", Who::SignedIn, routes::show)
            .page("/design/figures", Who::SignedIn, figures::show)
            .page("/design/record", Who::SignedIn, record::show)
            .page("/design/steps", Who::SignedIn, steps::show)
            .form("/design/steps", Who::SignedIn, steps::act)
            .form("/design/steps/try", Who::SignedIn, steps::try_file)
            .page("/design/table", Who::SignedIn, table::show)
    }
}

#[derive(Template)]
#[template(path = "rooms/design/contents.html")]
struct Contents {
    frame: Frame,
    parts: Vec<Link>,
}

/// `GET /design`.
async fn contents(visitor: Visitor) -> Response {
    visitor
        .answer(|visitor| {
            visitor.page("design-title", nothing(), |(), frame| {
                let parts = [
                    ("form", "design-form"),
                    ("table", "design-table"),
                    ("record", "design-record"),
                    ("figures", "design-figures"),
                    ("steps", "design-steps"),
                ];
                Ok(Contents {
                    parts: parts
                        .map(|(path, key)| Link::new(format!("/design/{path}"), frame.t(key)))
                        .to_vec(),
                    frame,
                })
            })
        })
        .await
}
