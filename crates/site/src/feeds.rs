//! Feeds: Atom (RFC 4287) and JSON Feed 1.1 of the same entries, made of what was released to whoever reads.
//!
//! Invariant: a feed shows what its page shows to the same person, under the same check; each entry carries its label, and the feed the
//! strictest of them. A feed reader that cannot sign in shows a token for feeds in the address.

mod calendar;
mod needs;
pub(crate) mod records;

pub use calendar::calendar;

use policy::{Label, Released};
use serde_json::json;
use stix::Timestamp;

use crate::shell::answer::Page;
use crate::shell::desk::Desk;
use crate::shell::label::Tlp;
use crate::shell::routes::{Routes, Who};
use crate::shell::visitor::Visitor;

/// How a feed is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// Atom.
    Atom,
    /// JSON Feed.
    Json,
}

/// An entry.
#[derive(Debug, Clone)]
pub struct Entry {
    /// What it is known by: the id of a record, or another name that stays.
    pub id: String,
    /// Its page.
    pub path: String,
    /// What it is called.
    pub title: String,
    /// A sentence about it.
    pub text: String,
    /// When it was last changed, in microseconds.
    pub changed: i64,
    /// Who wrote it.
    pub author: Option<String>,
    /// Who may have it; none for what is no record.
    pub label: Option<Label>,
}

/// A feed.
#[derive(Debug, Clone)]
pub struct Feed {
    /// What it is called.
    pub title: String,
    /// The page that shows the same.
    pub home: String,
    /// Its entries, the newest first.
    pub entries: Vec<Entry>,
}

/// Where the node is reached, as the reader reached it or as the operator says.
pub(crate) fn base(visitor: &Visitor) -> String {
    match &visitor.node().config().address {
        Some(address) => address.trim_end_matches('/').to_owned(),
        None if visitor.caller.host.is_empty() => String::new(),
        None => {
            let scheme = if visitor.caller.secure {
                "https"
            } else {
                "http"
            };
            format!("{scheme}://{}", visitor.caller.host)
        }
    }
}

fn name(id: &str) -> String {
    format!("urn:entente:{id}")
}

fn moment(micros: i64) -> String {
    Timestamp::from_micros(micros).as_str().to_owned()
}

/// Text between marks and in attributes of XML, without what XML has no place for.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\t' | '\n' | '\r' => out.push(' '),
            '\u{fffe}' | '\u{ffff}' => {}
            c if c.is_control() => {}
            c => out.push(c),
        }
    }
    out
}

impl Form {
    /// Both, with the ends of their addresses.
    pub const ALL: [Self; 2] = [Self::Atom, Self::Json];

    /// Writes a feed.
    pub fn write(self, visitor: &Visitor, feed: Released<Feed>) -> Page {
        match self {
            Self::Atom => Page::of(
                "application/atom+xml",
                feed.map(|feed| atom(visitor, &feed)),
            ),
            Self::Json => Page::of(
                "application/feed+json",
                feed.map(|feed| json(visitor, &feed)),
            ),
        }
    }
}

/// The label of all of it, where it tells of records.
fn strictest(feed: &Feed) -> Option<String> {
    let labels: Vec<&Label> = feed
        .entries
        .iter()
        .filter_map(|entry| entry.label.as_ref())
        .collect();
    (!labels.is_empty()).then(|| Tlp::strictest(labels).text)
}

/// The address of the feed itself. What opened it is not in it any more.
fn own(visitor: &Visitor) -> String {
    match visitor.query.as_str() {
        "" => format!("{}{}", base(visitor), visitor.path),
        query => format!("{}{}?{query}", base(visitor), visitor.path),
    }
}

fn atom(visitor: &Visitor, feed: &Feed) -> String {
    let (at, own) = (escaped(&base(visitor)), escaped(&own(visitor)));
    let publisher = escaped(&visitor.home_name());
    let changed = feed.entries.iter().map(|entry| entry.changed).max();
    let mut out = format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\" xml:lang=\"{}\">\n",
        visitor.words.tag()
    );
    let line = |out: &mut String, text: &str| {
        out.push_str(text);
        out.push('\n');
    };
    line(&mut out, &format!("<id>{own}</id>"));
    line(
        &mut out,
        &format!("<title>{}</title>", escaped(&feed.title)),
    );
    line(
        &mut out,
        &format!("<updated>{}</updated>", moment(changed.unwrap_or(0))),
    );
    line(
        &mut out,
        &format!("<author><name>{publisher}</name></author>"),
    );
    line(
        &mut out,
        &format!("<link rel=\"self\" type=\"application/atom+xml\" href=\"{own}\"/>"),
    );
    line(
        &mut out,
        &format!(
            "<link rel=\"alternate\" type=\"text/html\" href=\"{at}{}\"/>",
            escaped(&feed.home)
        ),
    );
    if let Some(label) = strictest(feed) {
        line(&mut out, &format!("<rights>{label}</rights>"));
    }
    for entry in &feed.entries {
        line(&mut out, "<entry>");
        line(&mut out, &format!("<id>{}</id>", escaped(&name(&entry.id))));
        line(
            &mut out,
            &format!("<title>{}</title>", escaped(&entry.title)),
        );
        line(
            &mut out,
            &format!("<updated>{}</updated>", moment(entry.changed)),
        );
        line(
            &mut out,
            &format!(
                "<link rel=\"alternate\" type=\"text/html\" href=\"{at}{}\"/>",
                escaped(&entry.path)
            ),
        );
        if let Some(author) = &entry.author {
            line(
                &mut out,
                &format!("<author><name>{}</name></author>", escaped(author)),
            );
        }
        line(
            &mut out,
            &format!("<summary>{}</summary>", escaped(&entry.text)),
        );
        if let Some(label) = &entry.label {
            let label = Tlp::of(label.class.tlp()).text;
            line(&mut out, &format!("<category term=\"{label}\"/>"));
            line(&mut out, &format!("<rights>{label}</rights>"));
        }
        line(&mut out, "</entry>");
    }
    out.push_str("</feed>\n");
    out
}

fn json(visitor: &Visitor, feed: &Feed) -> String {
    let at = base(visitor);
    let items = feed.entries.iter().map(|entry| {
        let mut item = json!({
            "id": name(&entry.id),
            "url": format!("{at}{}", entry.path),
            "title": entry.title,
            "content_text": entry.text,
            "date_modified": moment(entry.changed),
        });
        if let Some(author) = &entry.author {
            item["authors"] = json!([{ "name": author }]);
        }
        if let Some(label) = &entry.label {
            item["tags"] = json!([Tlp::of(label.class.tlp()).text]);
        }
        item
    });
    let mut written = json!({
        "version": "https://jsonfeed.org/version/1.1",
        "title": feed.title,
        "home_page_url": format!("{at}{}", feed.home),
        "feed_url": own(visitor),
        "language": visitor.words.tag(),
        "authors": [{ "name": visitor.home_name() }],
        "items": items.collect::<Vec<_>>(),
    });
    if let Some(label) = strictest(feed) {
        written["_entente"] = json!({ "label": label });
    }
    written.to_string()
}

pub(crate) struct Feeds;

impl Desk for Feeds {
    fn name(&self) -> &'static str {
        "feeds"
    }

    fn feeds(&self) -> Vec<(&'static str, &'static str)> {
        vec![("/needs.atom", "feed-needs")]
    }

    fn routes(&self) -> Routes {
        let seen = Who::SignedIn;
        Routes::new()
            .feed("/needs.atom", seen, needs::atom)
            .feed("/needs.json", seen, needs::json)
            .feed("/search.atom", seen, records::search_atom)
            .feed("/search.json", seen, records::search_json)
            .feed("/records/{id}/history.atom", seen, records::history_atom)
            .feed("/records/{id}/history.json", seen, records::history_json)
    }
}
