//! Settings: the node's own name, its languages, its collections, who comes in by machine, and the configuration as it is in force, with
//! where each value comes from. `GET /settings`.
//!
//! Invariant: what is decided in the operator's file is shown and not changed here; no secret is shown.

mod act;

use askama::Template;
use axum::response::Response;
use node::in_force::{Setting, Source};

use super::records::list::title;
use super::wording::Wording;
use crate::parts::form::Form;
use crate::parts::table::{Cell, Column, Row, Table};
use crate::shell::answer::{Page, nothing};
use crate::shell::desk::{Desk, Nav, Section};
use crate::shell::failure::Failure;
use crate::shell::frame::{Frame, Link};
use crate::shell::routes::{Routes, Who};
use crate::shell::shown::shown;
use crate::shell::visitor::{Role, Visitor};

pub(crate) struct Settings;

impl Desk for Settings {
    fn name(&self) -> &'static str {
        "settings"
    }

    fn nav(&self) -> Vec<Nav> {
        vec![Nav {
            section: Section::Node,
            path: "/settings",
            key: "settings-title",
            letter: 'e',
            role: Some(Role::Administrator),
        }]
    }

    fn routes(&self) -> Routes {
        let administrator = Who::Role(Role::Administrator);
        Routes::new()
            .page("/settings", administrator, show)
            .page("/settings/participant", administrator, act::naming)
            .form("/settings/participant", administrator, act::rename)
            .page("/settings/collections/new", administrator, act::new)
            .form("/settings/collections/new", administrator, act::found)
    }
}

#[derive(Template)]
#[template(path = "rooms/settings/show.html")]
struct Show {
    frame: Frame,
    name: String,
    country: String,
    path: String,
    languages: Vec<(String, String)>,
    collections: Table,
    programs: String,
    values: Table,
    file: String,
}

/// A page with one form, beside others of the rooms.
#[derive(Template)]
#[template(path = "signin/form.html")]
struct Step {
    frame: Frame,
    lead: String,
    more: Vec<String>,
    form: Form,
}

/// A page with one form.
pub(super) fn form_page(
    visitor: &Visitor,
    title: &str,
    lead: &str,
    under: Link,
    form: Form,
) -> Result<Page, Failure> {
    let lead = visitor.words.t(lead);
    visitor.page(title, nothing(), |(), frame| {
        Ok(Step {
            frame: frame.under(under.path, under.name),
            lead,
            more: Vec::new(),
            form,
        })
    })
}

async fn show(visitor: Visitor) -> Response {
    visitor
        .answer(|visitor| {
            let (node, words) = (visitor.node(), &visitor.words);
            let home = node.home();
            let wording = Wording::of(visitor)?;
            let works = |one: &store::Access| one.revoked.is_none();
            let programs = node.accesses()?.iter().filter(|one| works(one)).count();
            let languages = visitor
                .site
                .languages()
                .map(|language| (language.tag().to_owned(), language.t("language-name")))
                .collect();
            let collections = collections(visitor)?;
            let values = values(visitor, node.settings()?);
            visitor.page("settings-title", nothing(), |(), frame| {
                Ok(Show {
                    name: wording.name(home.id.as_str()),
                    country: home
                        .country
                        .as_deref()
                        .map_or_else(|| "–".to_owned(), shown),
                    path: format!("/participants/{}", home.id),
                    languages,
                    collections,
                    programs: words.t1("settings-programs", "n", programs),
                    values,
                    file: shown(&node.folder().config().display().to_string()),
                    frame,
                })
            })
        })
        .await
}

fn collections(visitor: &Visitor) -> Result<Table, Failure> {
    let words = &visitor.words;
    let rows = visitor.node().collections()?.into_iter().map(|one| {
        let name = one.alias.clone().unwrap_or_else(|| one.id.clone());
        let label = one.terms.tlp;
        Row::new(
            format!("/records?in={name}"),
            vec![
                Cell::Text(title(visitor, &one)),
                Cell::Code(name),
                label.map_or(Cell::Nothing, |tlp| {
                    Cell::Label(crate::shell::label::Tlp::of(tlp))
                }),
            ],
        )
    });
    let columns = vec![
        Column::new("title", words.t("settings-collection")),
        Column::new("name", words.t("settings-alias")),
        Column::new("label", words.t("settings-default-label")),
    ];
    Ok(Table::new(visitor, words.t("settings-collections"), columns).rows(rows))
}

fn values(visitor: &Visitor, settings: Vec<Setting>) -> Table {
    let words = &visitor.words;
    let rows = settings.into_iter().map(|setting| {
        let key = setting.name.replace(['.', '_'], "-");
        let key = format!("setting-{key}");
        let about = if words.has(&key) {
            Cell::Text(words.t(&key))
        } else {
            Cell::Code(setting.name.clone())
        };
        let (sign, source) = match setting.source {
            Source::Default => ("off", "settings-default"),
            Source::File => ("good", "settings-file"),
            Source::Start => ("good", "settings-start"),
            Source::Earlier => ("wait", "settings-earlier"),
        };
        Row::plain(vec![
            about,
            setting
                .value
                .filter(|value| !value.is_empty())
                .map_or(Cell::Nothing, |value| Cell::Code(shown(&value))),
            Cell::State(sign, words.t(source)),
            Cell::Code(setting.name),
        ])
    });
    let columns = vec![
        Column::new("about", words.t("settings-about")),
        Column::new("value", words.t("settings-value")),
        Column::new("source", words.t("settings-source")),
        Column::new("name", words.t("settings-name")),
    ];
    Table::new(visitor, words.t("settings-values"), columns).rows(rows)
}
