//! A page that is a table: with its heading, what it is for, what can be added, and the same rows as a file.

use askama::Template;
use policy::Released;

use super::table::Table;
use crate::shell::answer::Page;
use crate::shell::failure::Failure;
use crate::shell::frame::{Frame, Link};
use crate::shell::label::Tlp;
use crate::shell::visitor::Visitor;

/// A page that is a table.
#[derive(Template)]
#[template(path = "parts/listing.html")]
pub struct Listing {
    frame: Frame,
    lead: String,
    table: Table,
    add: Option<Link>,
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
    ) -> Result<Page, Failure> {
        if let Some(kind) = self.asked("as") {
            let mut failed = None;
            let text = released.map(|released| {
                let made = make(released).map(|(table, label)| match kind.as_str() {
                    "json" => table.to_json(label.as_ref()),
                    _ => table.to_csv(label.as_ref()),
                });
                made.unwrap_or_else(|failure| {
                    failed = Some(failure);
                    String::new()
                })
            });
            if let Some(failure) = failed {
                return Err(failure);
            }
            let name = self.path.trim_matches('/').replace('/', "-");
            return Ok(match kind.as_str() {
                "json" => Page::of("application/json", text).as_file(&format!("{name}.json")),
                _ => Page::of("text/csv; charset=utf-8", text).as_file(&format!("{name}.csv")),
            });
        }
        let views = self.views()?;
        let lead = self.words.t(lead);
        self.page(title, released, |released, frame| {
            let (table, label) = make(released)?;
            Ok(Listing {
                frame: match label {
                    Some(label) => frame.label(label),
                    None => frame,
                },
                lead,
                table: table.views(views),
                add,
            })
        })
    }
}
