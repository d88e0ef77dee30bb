//! What all pages share: the frame around them, who visits, in which language, forms, parts; and the rooms of the node itself.
//!
//! Invariant: what a page shows of records is [`policy::Released`] to its visitor; nothing else is written out. Pages load nothing
//! from anywhere else, and work without script. Each address is in [`Routes`], with who may come there.
//!
//! # How to add a page
//!
//! A page is one Rust file (parameters, handler), one template, and its texts in the locale files.
//!
//! 1. **The file**, `src/rooms/<room>/<page>.rs` or `desks/<desk>/src/pages/<page>.rs`. The handler takes a [`Visitor`] and gives
//!    back what [`Visitor::answer`] makes of a closure, which runs where it may block:
//!
//!    ```ignore
//!    #[derive(Template)]
//!    #[template(path = "rooms/circles/list.html")]
//!    struct List { frame: Frame, circles: Vec<Row> }
//!
//!    pub(crate) async fn list(visitor: Visitor) -> Response {
//!        visitor.answer(|visitor| {
//!            let circles: Released<Vec<Stood>> = visitor.node().newest(visitor.viewer(), ..)?;
//!            visitor.page("circles-title", circles, |circles, frame| {
//!                Ok(List { frame: frame.label(strictest(&circles)), circles: rows(circles) })
//!            })
//!        }).await
//!    }
//!    ```
//!    A page that shows no record begins with [`nothing()`]. What isn't there, and what the visitor may not see, is
//!    [`Failure::Absent`] both times.
//! 2. **The template** extends the layout and fills `main`, and `beside` if there is something to say at the side. Texts come by
//!    `frame.t("key")`, `frame.t1("key", "name", value)`:
//!
//!    ```html
//!    {% extends "layout.html" %}
//!    {% block main %}<h1>{{ frame.title }}</h1>{% endblock %}
//!    ```
//! 3. **The texts** in `locales/en/<area>.ftl` and `locales/fr/<area>.ftl`. A test tells of keys that miss in one language, that nobody
//!    uses, and that are used and not there ([`locale::problems`]).
//! 4. **The route**, in the `routes` of the room or desk: `Routes::new().page("/circles", Who::SignedIn, list)`.
//!
//! A desk has an `askama.toml` that names its own templates and ours: `dirs = ["templates", "../../crates/site/templates"]`.
//! A language is a folder of `locales`: adding the folder adds the language.

pub mod api;
pub mod feeds;
pub mod locale;
pub mod parts;
mod rooms;
mod shell;
mod signin;

pub use locale::Words;
pub use shell::anew::marking_anew;
pub use shell::answer::{Move, Page, Reply, nothing};
pub use shell::desk::{Dated, Desk, Nav, Need, Section, Span, Tile, When};
pub use shell::failure::Failure;
pub use shell::frame::{Frame, Link};
pub use shell::headers::secure;
pub use shell::label::Tlp;
pub use shell::routes::{Kind, Route, Routes, Who};
pub use shell::shown::{shorten, shown, shown_lines, shown_words};
pub use shell::site::{Settings, Site};
pub use shell::visitor::{Actor, Right, Role, Theme, Visitor};
pub use signin::{OverTls, SetUp};
