//! `GET /records/{id}`: one record: what it says, who may see it and why, who has taken it, its versions, and what was said about it.

use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use node::Channel;
use node::overview::Stood;
use policy::{Purpose, Released};
use stix::{ObjectId, Timestamp};
use store::{FacetQuery, Span};

use super::taken::{Asked, Taker, asked, takers};
use super::withdraw::may_withdraw;
use crate::locale::Words;
use crate::parts::history::{Comment, Comments};
use crate::rooms::clearance::{CaseLinks, cases_about};
use crate::rooms::properties::{Known, Member, Said, members, references};
use crate::rooms::wording::{Row, Wording};
use crate::shell::desk::Desk;
use crate::shell::failure::Failure;
use crate::shell::frame::Frame;
use crate::shell::label::Tlp;
use crate::shell::shown::{shown, shown_lines};
use crate::shell::visitor::{Right, Visitor};

/// Remarks about a record on its page.
const REMARKS: usize = 50;
#[derive(Template)]
#[template(path = "rooms/records/show.html")]
struct Show {
    frame: Frame,
    row: Row,
    version: String,
    members: Vec<Member>,
    told: String,
    takers: Vec<Taker>,
    withdrawn: Vec<(String, String)>,
    others: Vec<(String, String)>,
    asked: Option<Asked>,
    versions: Vec<Version>,
    comments: Comments,
    sightings: Vec<Row>,
    source: String,
    writes: bool,
    cases: CaseLinks,
    may_ask: bool,
    may_withdraw: bool,
    /// Its page at the desk that it belongs to.
    desk: Option<String>,
}

/// A version of it.
pub(super) struct Version {
    pub(super) instant: String,
    /// Its date, as it is called.
    when: String,
    accepted: i64,
    accepted_last: bool,
}

pub(super) async fn show(visitor: Visitor, Path(id): Path<String>) -> Response {
    visitor
        .answer(move |visitor| {
            let id = ObjectId::parse(&id).map_err(|_| Failure::Absent)?;
            let node = visitor.node();
            let stood = node
                .stood(visitor.viewer(), Purpose::Show, &id)?
                .ok_or(Failure::Absent)?;
            let remarks = about(visitor, &id)?;
            let versions = versions(visitor, &id)?;
            let wording = Wording::of(visitor)?;
            let title = stood
                .as_ref()
                .map(|stood| wording.title(&stood.record.id, &stood.record.body))
                .into_inner()?;
            let ids = stood.as_ref().map(|stood| references(&stood.record.body));
            let ids = ids.into_inner();
            let named = named_in(visitor, &ids)?;
            let shown = stood
                .zip(remarks)
                .zip(versions)
                .zip(cases_about(visitor, &id)?)
                .zip(named);
            visitor.page_called(
                &title.text,
                shown,
                |((((stood, remarks), versions), cases), named), frame| {
                    let known = known(&wording, &ids, &named)?;
                    let around = Around {
                        remarks: &remarks,
                        versions,
                        cases,
                        named: &named,
                        known: &known,
                    };
                    written(visitor, &wording, &id, (&stood, around), frame)
                },
            )
        })
        .await
}

/// Notes and opinions about it that the visitor may see.
fn about(visitor: &Visitor, id: &ObjectId) -> Result<Released<Vec<Stood>>, Failure> {
    let (node, about) = (visitor.node(), id.to_string());
    let query = FacetQuery {
        name: "about".to_owned(),
        span: Span::Texts(about.clone(), about),
        after: None,
        limit: REMARKS,
    };
    let found = node
        .find(visitor.viewer(), Purpose::Show, &query)?
        .into_inner();
    let mut remarks = Vec::new();
    for record in found.rows.into_iter().map(|found| found.record) {
        let kind = record.id.split("--").next().unwrap_or_default();
        if matches!(kind, "note" | "opinion" | "sighting")
            && let Ok(id) = ObjectId::parse(&record.id)
        {
            remarks.extend(node.stood(visitor.viewer(), Purpose::Show, &id)?);
        }
    }
    Ok(remarks.into_iter().collect())
}

/// The records among these that the visitor may see. Participants are known by their names without that.
fn named_in(visitor: &Visitor, ids: &[ObjectId]) -> Result<Released<Vec<Stood>>, Failure> {
    let node = visitor.node();
    let mut found = Vec::new();
    for id in ids
        .iter()
        .filter(|id| node.participant(id.as_str()).is_none())
    {
        found.extend(node.stood(visitor.viewer(), Purpose::Show, id)?);
    }
    Ok(found.into_iter().collect())
}

/// Where others stand that it names, and what they are called.
fn known(wording: &Wording<'_>, ids: &[ObjectId], named: &[Stood]) -> Result<Known, Failure> {
    let mut known = Known::new();
    for id in ids.iter().filter(|id| wording.knows(id)) {
        let name = wording.name(id.as_str());
        known.insert(id.to_string(), (format!("/participants/{id}"), name));
    }
    for stood in named {
        let id = &stood.record.id;
        let title = wording.title(id, &stood.record.body)?;
        known.insert(id.clone(), (format!("/records/{id}"), title.text));
    }
    Ok(known)
}

/// Its versions, the newest first.
pub(super) fn versions(
    visitor: &Visitor,
    id: &ObjectId,
) -> Result<Released<Vec<Version>>, Failure> {
    let node = visitor.node();
    for collection in node.collections()? {
        let held = node.history(visitor.viewer(), Purpose::Show, collection.number, id)?;
        if held.as_ref().map(Vec::is_empty).into_inner() {
            continue;
        }
        return Ok(held.map(|held| {
            let mut versions: Vec<Version> = held
                .iter()
                .map(|record| Version {
                    instant: instant(&record.version),
                    when: when(&visitor.words, &record.version, record.added),
                    accepted: record.added,
                    accepted_last: false,
                })
                .collect();
            versions.dedup_by(|a, b| a.instant == b.instant);
            if let Some(last) = versions.last_mut() {
                last.accepted_last = true;
            }
            versions.reverse();
            versions
        }));
    }
    Ok(std::iter::empty::<Released<Version>>().collect())
}

/// What a version is called: its date, or where it has none, when it was accepted.
pub(super) fn when(words: &Words, version: &str, accepted: i64) -> String {
    match Timestamp::parse(&instant(version)) {
        Ok(stamp) => words.moment_of(&stamp),
        Err(_) => words.moment(accepted),
    }
}

/// The instant of a version's key, as STIX writes it.
pub(super) fn instant(version: &str) -> String {
    let instant = version
        .split_once(' ')
        .map_or(version, |(instant, _)| instant);
    if instant.is_empty() {
        "–".to_owned()
    } else {
        let instant = shown(instant);
        format!("{}Z", instant.trim_end_matches('Z'))
    }
}

/// What belongs to a record.
struct Around<'a> {
    /// Notes and opinions about it.
    remarks: &'a [Stood],
    versions: Vec<Version>,
    cases: CaseLinks,
    /// The records that it names.
    named: &'a [Stood],
    /// What all that it names is called.
    known: &'a Known,
}

fn written(
    visitor: &Visitor,
    wording: &Wording<'_>,
    id: &ObjectId,
    (stood, around): (&Stood, Around<'_>),
    frame: Frame,
) -> Result<Show, Failure> {
    let (node, words) = (visitor.node(), &visitor.words);
    let Around {
        remarks,
        versions,
        cases,
        named,
        known,
    } = around;
    let all = std::iter::once(stood).chain(remarks).chain(named);
    let label = Tlp::strictest(all.map(|one| &one.label));
    let takers = takers(visitor, wording, id, &versions)?;
    let mut withdrawn: Vec<(String, String)> = Vec::new();
    for request in node.withdrawals(id)? {
        let name = wording.name(request.recipient.as_str());
        let one = (name, words.moment(request.made));
        // Several versions are asked back at once.
        if !withdrawn.contains(&one) {
            withdrawn.push(one);
        }
    }
    let home = node.home().id.clone();
    let mut others: Vec<(String, String)> = node
        .participants()
        .into_iter()
        .filter(|known| known.id != home)
        .map(|known| (known.id.to_string(), wording.name(known.id.as_str())))
        .collect();
    words.sort(&mut others, |(_, name)| name);
    let body = String::from_utf8_lossy(&stood.record.body);
    let translated = wording.translations(id, &stood.record.body)?;
    let desks: Vec<&dyn Desk> = visitor.site.desks().collect();
    Ok(Show {
        row: wording.row(stood)?,
        version: instant(&stood.record.version),
        members: members((words, &desks), &stood.record.body, known, &translated),
        told: wording.told(&stood.label)?,
        asked: asked(visitor, wording, id, (&takers, &versions))?,
        may_withdraw: may_withdraw(visitor, stood, !takers.is_empty()),
        desk: desk_page(visitor, id, &stood.record.body),
        takers,
        withdrawn,
        others,
        comments: Comments::of(words, said(visitor, wording, remarks, &versions)),
        versions,
        sightings: remarks
            .iter()
            .filter(|remark| remark.kind == "sighting")
            .map(|remark| wording.row(remark))
            .collect::<Result<_, _>>()?,
        writes: visitor.may(Right::Write),
        may_ask: cases.is_empty()
            && stood.author.as_ref().is_none_or(|author| *author == home)
            && stood.channel.as_ref().is_some_and(Channel::is_ours)
            && (visitor.may(Right::Write) || visitor.may(Right::Release)),
        cases,
        source: shown_lines(&body),
        frame: frame
            .label(label)
            .under("/records", words.t("records-title")),
    })
}

/// The address of the page that a desk has of it.
fn desk_page(visitor: &Visitor, id: &ObjectId, body: &[u8]) -> Option<String> {
    let mut desks = visitor.site.desks();
    desks.find_map(|desk| desk.page_of(id, body))
}

/// What people said of it, in their own words; each voice has the same size.
fn said(
    visitor: &Visitor,
    wording: &Wording<'_>,
    remarks: &[Stood],
    versions: &[Version],
) -> Vec<Comment> {
    let words = &visitor.words;
    let limits = stix::Limits::default();
    let remarks = remarks.iter().filter(|remark| remark.kind != "sighting");
    let said = remarks.filter_map(|remark| {
        let object = stix::check(&remark.record.body, &limits).ok()?;
        let text = |name: &str| {
            let text = object.view().member(name)?.string()?;
            Some(shown_lines(&text))
        };
        let stance = text("opinion").map(|stance| {
            let key = format!("stance-{stance}");
            if words.has(&key) {
                words.t(&key)
            } else {
                stance
            }
        });
        Some(Comment {
            who: match (&remark.author, written_by(visitor, remark)) {
                (None, _) => words.t("record-no-author"),
                (Some(id), None) => wording.name(id.as_str()),
                (Some(id), Some(person)) => {
                    let (organ, person) =
                        (wording.name(id.as_str()), wording.name(person.as_str()));
                    words.t2("comments-by", "person", person, "organ", organ)
                }
            },
            when: words.moment(remark.accepted),
            text: text("explanation")
                .or_else(|| text("content"))
                .unwrap_or_default(),
            lang: text("lang").unwrap_or_default(),
            label: Tlp::of(remark.label.class.tlp()),
            stance,
            path: Some(format!("/records/{}", remark.record.id)),
            on: said_of(
                versions,
                named_version(object.view()).as_deref(),
                remark.accepted,
            )
            .filter(|_| versions.len() > 1)
            .map(|(number, ago)| words.t2("record-on-version", "n", number, "ago", ago)),
        })
    });
    said.collect()
}

/// The person of this house who wrote it, for those of this house: nobody else learns who did.
fn written_by<'s>(visitor: &Visitor, remark: &'s Stood) -> Option<&'s ObjectId> {
    let home = &visitor.node().home().id;
    let ours = remark.author.as_ref() == Some(home) && visitor.actor.is_some();
    let mut clauses = remark.label.class.clauses().filter(|_| ours);
    clauses.find_map(|clause| clause.origin.writer.as_ref())
}

/// The version that a remark names as the one that it is about.
fn named_version(remark: stix::View<'_>) -> Option<String> {
    let extensions = remark.member("extensions")?;
    let own = extensions.member(node::seal::RECORDS_EXTENSION_ID)?;
    Some(own.member("about_version")?.string()?.into_owned())
}

/// Of which version something was said: its number, and how many came since. One that names none was said of what stood then. `versions`
/// has the newest first.
fn said_of(versions: &[Version], named: Option<&str>, at: i64) -> Option<(usize, usize)> {
    let ago = match named {
        Some(named) => versions.iter().position(|one| one.instant == named)?,
        None => versions.iter().position(|one| one.accepted <= at)?,
    };
    Some((versions.len() - ago, ago))
}

#[cfg(test)]
mod tests {
    use super::{Version, said_of};

    #[test]
    fn a_remark_is_of_the_version_that_it_names_or_that_stood_then() {
        let version = |number: i64| Version {
            instant: format!("v{number}"),
            when: String::new(),
            accepted: number * 10,
            accepted_last: number == 3,
        };
        let versions = [version(3), version(2), version(1)];
        for (named, at, expected) in [
            (Some("v3"), 31, Some((3, 0))),
            (Some("v2"), 31, Some((2, 1))),
            (Some("v1"), 35, Some((1, 2))),
            // One that the reader may not see, or that is none.
            (Some("v9"), 35, None),
            (None, 35, Some((3, 0))),
            (None, 29, Some((2, 1))),
            (None, 5, None),
        ] {
            assert_eq!(said_of(&versions, named, at), expected, "{named:?} {at}");
        }
    }
}
