//! One cell of a table: how it is shown, and what stands for it in an export.

use askama::Template;

use crate::shell::frame::Link;
use crate::shell::label::Tlp;

/// What stands in a cell. Texts come as they may be shown; see [`shown`](crate::shown).
#[derive(Debug, Clone, Template)]
#[template(
    ext = "html",
    source = r#"{% match self %}{% when Self::Text(text) %}<bdi>{{ text }}</bdi>{% when Self::In(text, lang) %}<bdi lang="{{ lang }}">{{ text }}</bdi>{% when Self::Figure(text) %}{{ text }}{% when Self::Day(_, text) %}{{ text }}{% when Self::Told(_, text) %}<bdi>{{ text }}</bdi>{% when Self::Code(text) %}<span class="code">{{ text }}</span>{% when Self::Label(label) %}{{ label }}{% when Self::State(sign, text) %}<span class="state {{ sign }}">{{ text }}</span>{% when Self::Links(links) %}{% for link in links %}<a href="{{ link.path }}"><bdi>{{ link.name }}</bdi></a>{% if !loop.last %}, {% endif %}{% endfor %}{% when Self::Nothing %}<span class="faint none">–</span>{% endmatch %}"#
)]
pub enum Cell {
    /// A text or a name.
    Text(String),
    /// A text in a language of its own: the text, the tag.
    In(String, String),
    /// A figure, as the language writes it.
    Figure(String),
    /// A day or a moment: as machines write it, as the language does.
    Day(String, String),
    /// What a program reads, and the same in words.
    Told(String, String),
    /// An identifier.
    Code(String),
    /// A label.
    Label(Tlp),
    /// A state in a word; the sign before it is `good`, `wait`, `bad` or `off`.
    State(&'static str, String),
    /// Names that lead somewhere.
    Links(Vec<Link>),
    /// Nothing.
    Nothing,
}

impl askama::filters::HtmlSafe for Cell {}

impl Cell {
    /// What stands for it in an export.
    pub(super) fn plain(&self) -> String {
        match self {
            Self::Text(text)
            | Self::In(text, _)
            | Self::Figure(text)
            | Self::Code(text)
            | Self::State(_, text)
            | Self::Told(text, _)
            | Self::Day(text, _) => text.clone(),
            Self::Label(label) => label.text.clone(),
            Self::Links(links) => {
                let names: Vec<&str> = links.iter().map(|link| link.name.as_str()).collect();
                names.join("; ")
            }
            Self::Nothing => String::new(),
        }
    }
}
