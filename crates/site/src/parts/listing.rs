//! A page that is a table: with its heading, what it is for, what can be added, and the same rows as a file.
//!
//! Invariant: a file is made of portions, each released to the visitor by itself, and none is sent before all of them are made: what fails
//! half-way leaves no half a file.

use std::sync::Arc;

use askama::Template;
use axum::response::Response;
use policy::Released;

use super::table::{IN_A_FILE, IN_A_PORTION, Kind, Portion, Table};
use crate::shell::answer::Page;
use crate::shell::desk::{Desk, Nav, Section};
use crate::shell::failure::Failure;
use crate::shell::frame::{Frame, Link};
use crate::shell::label::Tlp;
use crate::shell::visitor::Visitor;

/// Portions of a file at most: what is narrowed to little is looked for among as many records as go into a file.
const PORTIONS: usize = IN_A_FILE / IN_A_PORTION;

/// What a listing comes to: a page, or some rows of a file.
pub struct Listed(Made);

enum Made {
    Page(Page),
    Portion(Kind, Released<Option<Portion>>),
}

/// A page that is a table.
#[derive(Template)]
#[template(path = "parts/listing.html")]
pub struct Listing {
    frame: Frame,
    lead: String,
    table: Table,
    add: Option<Link>,
    foot: Option<String>,
}

impl Visitor {
    /// A page that is a table, or its rows as a file where the address asks for that with `?as=csv` or `?as=json`.
    ///
    /// The closure makes the table, and says which label holds for all of it.
    ///
    /// # Errors
    /// Those of the closure, and of the storage.
    pub fn listing<T>(
        &self,
        title: &str,
        lead: &str,
        add: Option<Link>,
        released: Released<T>,
        make: impl FnOnce(T) -> Result<(Table, Option<Tlp>), Failure>,
    ) -> Result<Listed, Failure> {
        if let Some(kind) = self.asked("as") {
            let kind = Kind::asked(&kind);
            let mut failed = None;
            let portion = released.map(|released| match make(released) {
                Ok((table, label)) => Some(table.portion(kind, label)),
                Err(failure) => {
                    failed = Some(failure);
                    None
                }
            });
            return match failed {
                Some(failure) => Err(failure),
                None => Ok(Listed(Made::Portion(kind, portion))),
            };
        }
        let views = self.views()?;
        let lead = self.words.t(lead);
        let desk = self.desk_around();
        let foot = desk.and_then(|(desk, _)| Some(self.words.t(desk.foot()?)));
        let page = self.page(title, released, |released, frame| {
            let (table, label) = make(released)?;
            let frame = match desk {
                Some((_, home)) => frame.under(home.path, self.words.t(home.key)),
                None => frame,
            };
            Ok(Listing {
                frame: match label {
                    Some(label) => frame.label(label),
                    None => frame,
                },
                foot,
                lead,
                // Said once: where there is no row, in the place of the rows.
                add: add.filter(|_| !table.leads()),
                table: table.views(views),
            })
        })?;
        Ok(Listed(Made::Page(page)))
    }

    /// The desk that a page below its home belongs to, and that home.
    fn desk_around(&self) -> Option<(&dyn Desk, Nav)> {
        let mut all = self.site.desks().flat_map(|desk| {
            let homes = desk.nav().into_iter();
            homes.map(move |home| (desk, home))
        });
        all.find(|(_, home)| {
            let below = self.path.strip_prefix(home.path);
            home.section == Section::Desks && below.is_some_and(|rest| rest.starts_with('/'))
        })
    }

    /// Answers with what [`listing`](Self::listing) makes. For a file it is asked again and again, for the rows after those that it gave, and
    /// others have their turn in between.
    pub async fn listed<F>(self, make: F) -> Response
    where
        F: Fn(&Self) -> Result<Listed, Failure> + Send + Sync + 'static,
    {
        let make = Arc::new(make);
        let (mut visitor, mut whole, mut portions) = (self.clone(), None, 0);
        loop {
            let (asked, make) = (visitor.clone(), Arc::clone(&make));
            let turn = self.site.inner.making.acquire().await;
            let made = tokio::task::spawn_blocking(move || make(&asked)).await;
            drop(turn);
            let (kind, portion) = match made {
                Ok(Ok(Listed(Made::Page(page)))) => return self.answer(move |_| Ok(page)).await,
                Ok(Ok(Listed(Made::Portion(kind, portion)))) => (kind, portion),
                Ok(Err(failure)) => return self.failed(failure).await,
                Err(error) => return self.failed(error.into()).await,
            };
            portions += 1;
            let all = joined(whole.take(), portion);
            let told = all.as_ref().map(|all| {
                let all = all.as_ref()?;
                Some((all.count(), all.next.clone()?))
            });
            match told.into_inner() {
                Some((count, next)) if count < IN_A_FILE && portions < PORTIONS => {
                    // It has all that was asked for, the kind of file as well.
                    next.trim_start_matches('?').clone_into(&mut visitor.query);
                    whole = Some(all);
                }
                _ => {
                    let (path, words) = (self.path.clone(), self.words.clone());
                    let text = all
                        .map(|all| all.map_or_else(String::new, |all| all.written(&words, &path)));
                    let (content, ending) = kind.names();
                    let name = self.path.trim_matches('/').replace('/', "-");
                    let page = Page::of(content, text).as_file(&format!("{name}.{ending}"));
                    return self.answer(move |_| Ok(page)).await;
                }
            }
        }
    }
}

/// A portion of a file and the one that follows it.
fn joined(
    whole: Option<Released<Option<Portion>>>,
    portion: Released<Option<Portion>>,
) -> Released<Option<Portion>> {
    let Some(whole) = whole else {
        return portion;
    };
    whole
        .zip(portion)
        .map(|(whole, portion)| match (whole, portion) {
            (Some(mut whole), Some(portion)) => {
                whole.and(portion);
                Some(whole)
            }
            (whole, portion) => whole.or(portion),
        })
}
