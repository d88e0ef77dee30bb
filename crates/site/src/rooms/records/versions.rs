//! `GET /records/{id}/versions`: what changed from any version to any other, word by word; and `POST`, which writes the content of an
//! earlier one as a new version. Nothing is ever taken back: the version in between stays.

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use bytes::Bytes;
use node::overview::Stood;
use node::seal::SEAL_EXTENSION_ID;
use node::{Channel, Outcome, Right, Submission};
use policy::{Label, Purpose};
use stix::{Limits, ObjectId, View};

use super::show::when;
use crate::locale::Words;
use crate::parts::difference::Difference;
use crate::parts::form::{Choice, Typed};
use crate::parts::history::{History, Version};
use crate::parts::label::WhoSees;
use crate::rooms::properties::{lines, word};
use crate::rooms::wording::Wording;
use crate::shell::answer::Move;
use crate::shell::desk::Desk;
use crate::shell::failure::Failure;
use crate::shell::frame::Frame;
use crate::shell::label::Tlp;
use crate::shell::shown::{shown, shown_lines};
use crate::shell::visitor::Visitor;

/// Versions whose changes are worked out in the list; those before are listed without.
const COMPARED: usize = 30;

#[derive(Template)]
#[template(path = "rooms/records/versions.html")]
struct Versions {
    frame: Frame,
    id: String,
    kind: String,
    title: String,
    lang: String,
    choices: Vec<Choice>,
    from: String,
    to: String,
    changes: Vec<Changed>,
    history: History,
    restore: Option<Restore>,
}

/// A property that changed: what it is called, its own name where it has one, and how.
struct Changed {
    word: Option<String>,
    name: Option<String>,
    difference: Difference,
}

impl Changed {
    /// The same for the list of all versions, where the reader's word is enough.
    fn brief(self) -> (String, Difference) {
        let called = self.word.or(self.name).unwrap_or_default();
        (called, self.difference)
    }
}

/// What would be written again.
struct Restore {
    version: String,
    newest: String,
    when: String,
    who: WhoSees,
}

pub(super) async fn show(visitor: Visitor, Path(id): Path<String>) -> Response {
    visitor
        .answer(move |visitor| {
            let id = ObjectId::parse(&id).map_err(|_| Failure::Absent)?;
            let versions = visitor
                .node()
                .versions(visitor.viewer(), Purpose::Show, &id)?;
            let wording = Wording::of(visitor)?;
            let title = match versions.as_ref().map(|all| all.last()).into_inner() {
                Some(newest) => wording.title(&newest.record.id, &newest.record.body)?,
                None => return Err(Failure::Absent),
            };
            let heading = visitor
                .words
                .t1("versions-of", "title", title.text.as_str());
            visitor.page_called(&heading, versions, |versions, frame| {
                written(visitor, &wording, (&id, title), &versions, frame)
            })
        })
        .await
}

fn written(
    visitor: &Visitor,
    wording: &Wording<'_>,
    (id, title): (&ObjectId, crate::rooms::texts::Text),
    versions: &[Stood],
    frame: Frame,
) -> Result<Versions, Failure> {
    let words = &visitor.words;
    let newest = versions.last().ok_or(Failure::Absent)?;
    let asked = |name: &str, otherwise: usize| -> Result<&Stood, Failure> {
        match visitor.asked(name) {
            Some(version) => named(versions, &version).ok_or(Failure::Absent),
            None => versions.get(otherwise).ok_or(Failure::Absent),
        }
    };
    let to = asked("to", versions.len() - 1)?;
    let before = versions
        .iter()
        .rposition(|one| one.record.version < to.record.version)
        .unwrap_or(0);
    let from = asked("from", before)?;
    let when = |stood: &Stood| when(words, &stood.record.version, stood.accepted);
    let choices = versions.iter().rev().map(|stood| {
        let mut name = when(stood);
        if stood.record.recno == newest.record.recno {
            name = words.t1("versions-newest", "date", name);
        }
        Choice::new(stood.record.version.clone(), name)
    });
    let listed = versions.iter().enumerate().rev().map(|(place, stood)| {
        let earlier = place.checked_sub(1).and_then(|place| versions.get(place));
        let near = versions.len() - place <= COMPARED;
        Version {
            when: when(stood),
            who: stood
                .author
                .as_ref()
                .map_or_else(String::new, |author| wording.name(author.as_str())),
            path: earlier.map(|earlier| {
                format!(
                    "/records/{id}/versions?from={}&to={}",
                    escaped(&earlier.record.version),
                    escaped(&stood.record.version)
                )
            }),
            state: stood
                .revoked
                .then(|| ("off", words.t("record-revoked")))
                .or_else(|| {
                    let now = stood.record.recno == newest.record.recno;
                    now.then(|| ("good", words.t("record-version-now")))
                }),
            changes: match earlier {
                Some(earlier) if near => changes(visitor, earlier, stood)
                    .into_iter()
                    .map(Changed::brief)
                    .collect(),
                _ => Vec::new(),
            },
        }
    });
    let earlier = if from.record.version < to.record.version {
        from
    } else {
        to
    };
    let restores = visitor.may(Right::Write)
        && earlier.record.recno != newest.record.recno
        && ours(visitor, newest)
        && !newest.revoked;
    let label = match restores {
        true => anew(visitor, id, earlier, newest)?,
        false => None,
    };
    let restore = label.map(|label| Restore {
        version: earlier.record.version.clone(),
        newest: newest.record.version.clone(),
        when: when(earlier),
        who: WhoSees::of(visitor, &visitor.told_of(&label)),
    });
    Ok(Versions {
        id: id.to_string(),
        kind: wording.kind(&newest.kind),
        choices: choices.collect(),
        from: from.record.version.clone(),
        to: to.record.version.clone(),
        changes: changes(visitor, from, to),
        history: History::of(words, listed.collect()),
        restore,
        frame: frame
            .label(Tlp::strictest(versions.iter().map(|one| &one.label)))
            .under("/records", words.t("records-title"))
            .under(format!("/records/{id}"), title.text.as_str()),
        title: title.text,
        lang: title.lang,
    })
}

/// The label that an earlier version gets when it is said anew; `None` where it was for fewer.
fn anew(
    visitor: &Visitor,
    id: &ObjectId,
    earlier: &Stood,
    newest: &Stood,
) -> Result<Option<Label>, Failure> {
    let at = visitor.at();
    let text = again(&earlier.record.body, &newest.record.body, at.as_str());
    let places = visitor.places_of(newest)?;
    let (Some(text), Some(place)) = (text, places.first()) else {
        return Ok(None);
    };
    let now = visitor.label_anew(id, newest.label.clone())?;
    let (_, label) = visitor.said_anew(&text, place, &now)?;
    Ok((!visitor.was_for_fewer(&earlier.label, &label)).then_some(label))
}

fn escaped(text: &str) -> String {
    percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC).to_string()
}

/// The last that has this version's name.
fn named<'v>(versions: &'v [Stood], version: &str) -> Option<&'v Stood> {
    versions
        .iter()
        .rev()
        .find(|one| one.record.version == version)
}

/// It is no longer the version that was looked at.
pub(super) const CHANGED: Failure = Failure::Said(
    StatusCode::CONFLICT,
    "versions-changed-title",
    "versions-changed-text",
);
/// The node did not take what was written.
pub(super) const REFUSED: Failure = Failure::Said(
    StatusCode::CONFLICT,
    "versions-refused-title",
    "versions-refused-text",
);

/// Whether this node's people may write a new version of it.
pub(super) fn ours(visitor: &Visitor, newest: &Stood) -> bool {
    match &newest.author {
        Some(author) => *author == visitor.node().home().id,
        None => newest.channel.as_ref().is_some_and(Channel::is_ours),
    }
}

/// What changed: the name of each member, and the difference of its text; the label as well.
fn changes(visitor: &Visitor, from: &Stood, to: &Stood) -> Vec<Changed> {
    let words = &visitor.words;
    let desks: Vec<&dyn Desk> = visitor.site.desks().collect();
    let bodies = (from.record.body.as_ref(), to.record.body.as_ref());
    let mut all = changed((words, &desks), bodies, &to.kind);
    let tlp = |label: &Label| Tlp::strictest([label]).text;
    let label = Difference::of(&tlp(&from.label), &tlp(&to.label), "");
    all.push(Changed {
        word: Some(words.t("versions-label")),
        name: None,
        difference: label,
    });
    all.retain(|one| !one.difference.is_none());
    all
}

/// The members of two versions, each with its difference, which may be none.
fn changed(reader: (&Words, &[&dyn Desk]), (from, to): (&[u8], &[u8]), kind: &str) -> Vec<Changed> {
    let limits = Limits::default();
    let (Ok(from), Ok(to)) = (stix::check(from, &limits), stix::check(to, &limits)) else {
        return Vec::new();
    };
    // STIX 2.1 §3.2: an object that names no language is in English.
    let lang = to.header().lang.as_deref().unwrap_or("en");
    let (from, to) = (from.view(), to.view());
    let mut names: Vec<String> = Vec::new();
    for (name, _) in from.members().chain(to.members()) {
        if !NOT_COMPARED.contains(&name.as_ref()) && !names.iter().any(|own| *own == name) {
            names.push(name.into_owned());
        }
    }
    let changed = names.into_iter().map(|name| Changed {
        difference: difference(reader, kind, &name, lang, (from, to)),
        word: word(reader.0, kind, &name),
        name: Some(shown(&name)),
    });
    changed.collect()
}

/// How a member differs, as it reads; as it is written, where what differs reads the same.
fn difference(
    reader: (&Words, &[&dyn Desk]),
    kind: &str,
    name: &str,
    lang: &str,
    (from, to): (View<'_>, View<'_>),
) -> Difference {
    let values = [from, to].map(|object| object.member(name));
    let read = values.map(|value| {
        value.map_or((String::new(), true), |value| {
            lines(reader, kind, name, value)
        })
    });
    let [(one, plain), (other, own)] = &read;
    let parsed = |value: View<'_>| serde_json::from_str::<serde_json::Value>(value.raw()).ok();
    let [before, after] = values.map(|value| value.and_then(parsed));
    if one == other && before != after {
        let [before, after] = values.map(|value| value.map_or("", View::raw));
        return Difference::of(&shown_lines(before), &shown_lines(after), "");
    }
    Difference::of(one, other, if *plain && *own { lang } else { "" })
}

/// What says nothing to a reader of a difference: it is always so, or always another.
const NOT_COMPARED: [&str; 7] = [
    "type",
    "spec_version",
    "id",
    "created",
    "modified",
    "extensions",
    "object_marking_refs",
];

/// `POST /records/{id}/versions`: the content of an earlier version, as a new one under the label that holds now.
pub(super) async fn restore(visitor: Visitor, Path(id): Path<String>, typed: Typed) -> Response {
    visitor
        .answer(move |visitor| {
            let id = ObjectId::parse(&id).map_err(|_| Failure::Absent)?;
            let node = visitor.node();
            let versions = node
                .versions(visitor.viewer(), Purpose::Show, &id)?
                .into_inner();
            let newest = versions.last().ok_or(Failure::Absent)?;
            let earlier = named(&versions, typed.text("version")).ok_or(Failure::Absent)?;
            if newest.record.version != typed.text("newest") {
                return Err(CHANGED);
            }
            if !ours(visitor, newest) || newest.revoked {
                return Err(Failure::Said(
                    StatusCode::FORBIDDEN,
                    "versions-not-ours-title",
                    "versions-not-ours-text",
                ));
            }
            let now = visitor.label_anew(&id, newest.label.clone())?;
            let at = visitor.at();
            let text = again(&earlier.record.body, &newest.record.body, at.as_str());
            let text = text.ok_or(Failure::Unreadable)?;
            let places = visitor.places_of(newest)?;
            let place = places.first().ok_or(Failure::Absent)?;
            let (marking, label) = visitor.said_anew(&text, place, &now)?;
            if visitor.was_for_fewer(&earlier.label, &label) {
                return Err(Failure::Said(
                    StatusCode::CONFLICT,
                    "versions-narrower-title",
                    "versions-narrower-text",
                ));
            }
            let mut said = "versions-restored";
            for collection in places {
                let submission = Submission {
                    objects: std::iter::once(0..text.len()).collect(),
                    bytes: Bytes::from(text.clone()),
                    channel: Channel::Local,
                    submitter: node.home().id.clone(),
                    person: visitor.person().cloned(),
                    collection,
                    marking: marking.clone(),
                };
                let receipt = node.write(submission, &visitor.acting()?)?.wait()?;
                match receipt.lines.first().map(|line| &line.outcome) {
                    Some(Outcome::Accepted | Outcome::Known) => {}
                    Some(Outcome::Awaiting { .. }) => said = "versions-awaits",
                    _ => {
                        return Err(REFUSED);
                    }
                }
            }
            Ok(Move::to(format!("/records/{id}/versions"))
                .saying(visitor.said_of_written(said, &id)?))
        })
        .await
}

/// The earlier content with the newest markings: every other byte of a value as it was.
pub(super) fn again(earlier: &[u8], newest: &[u8], modified: &str) -> Option<String> {
    let limits = Limits::default();
    let (earlier, newest) = (
        stix::check(earlier, &limits).ok()?,
        stix::check(newest, &limits).ok()?,
    );
    earlier.view().member("modified")?;
    let written = |name: &str, value: &str| {
        let name = serde_json::to_string(name).ok()?;
        Some(format!("{name}:{value}"))
    };
    let mut members = Vec::new();
    for (name, value) in earlier.view().members() {
        match name.as_ref() {
            "revoked" | "object_marking_refs" | "granular_markings" => {}
            "modified" => members.push(written(&name, &format!("\"{modified}\""))?),
            "extensions" => {
                let kept = value.members().filter(|(id, _)| id != SEAL_EXTENSION_ID);
                let kept: Option<Vec<String>> =
                    kept.map(|(id, value)| written(&id, value.raw())).collect();
                let kept = kept?;
                if !kept.is_empty() {
                    members.push(written(&name, &format!("{{{}}}", kept.join(",")))?);
                }
            }
            _ => members.push(written(&name, value.raw())?),
        }
    }
    for name in ["object_marking_refs", "granular_markings"] {
        if let Some(value) = newest.view().member(name) {
            members.push(written(name, value.raw())?);
        }
    }
    Some(format!("{{{}}}", members.join(",")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::locale::Locales;
    use crate::shell::site::LOCALES;

    #[test]
    fn what_changed_reads_in_words_and_is_never_lost() {
        let locales = Locales::new([&LOCALES], false);
        let words = locales.choose(Some("fr"), None, None);
        let of = |member: &str| {
            let id = "commitment--00000000-0000-4000-8000-000000000001";
            format!(
                r#"{{"type":"commitment","spec_version":"2.1","id":"{id}","created":"2026-01-01T00:00:00Z","modified":"2026-01-01T00:00:00.000Z",{member}}}"#
            )
        };
        for (from, to, reads) in [
            (
                r#""place":{"start":0,"end":80}"#,
                r#""place":{"start":0,"end":96}"#,
                "Premier caractère\u{a0}: 0\u{a0}; Jusqu’au caractère\u{a0}: <del>80</del><ins>96</ins>",
            ),
            (
                r#""sectors":["energy"]"#,
                r#""sectors":["water"]"#,
                "<del>énergie</del><ins>eau</ins>",
            ),
            (r#""words":"é""#, r#""words":"\u00e9""#, ">é<"),
            // What reads the same and is not.
            (
                r#""sectors":["energy"]"#,
                r#""sectors":["énergie"]"#,
                "<del>energy</del><ins>énergie</ins>",
            ),
            (
                r#""at":"2026-01-01T00:00:00Z""#,
                r#""at":"2026-01-01T00:00:07Z""#,
                "<del>00Z</del><ins>07Z</ins>",
            ),
        ] {
            let (from, to) = (of(from), of(to));
            let all = changed(
                (&words, &[]),
                (from.as_bytes(), to.as_bytes()),
                "commitment",
            );
            let [one] = all.as_slice() else {
                panic!("{from}: {} members", all.len());
            };
            let told = one.difference.to_string();
            assert!(told.contains(reads), "{told}");
            assert_eq!(one.difference.is_none(), reads == ">é<", "{told}");
        }
    }

    #[test]
    fn the_earlier_content_gets_the_newest_markings_and_no_seal() {
        let id = "note--00000000-0000-4000-8000-000000000001";
        let earlier = format!(
            r#"{{"type":"note","spec_version":"2.1","id":"{id}","created":"2026-01-01T00:00:00Z","modified":"2026-01-01T00:00:00.000Z","content":"the first é","x_n":1.50,"object_refs":["{id}"],"extensions":{{"{SEAL_EXTENSION_ID}":{{"a":1}},"extension-definition--00000000-0000-4000-8000-000000000002":{{"b":2}}}}}}"#
        );
        let newest = earlier.replace("the first", "the second").replace(
            r#","content""#,
            r#","object_marking_refs":["marking-definition--00000000-0000-4000-8000-000000000003"],"content""#,
        );
        let again = again(
            earlier.as_bytes(),
            newest.as_bytes(),
            "2026-02-01T00:00:00.000Z",
        )
        .unwrap();
        assert!(again.contains(r#""content":"the first é""#), "{again}");
        assert!(again.contains(r#""x_n":1.50"#), "{again}");
        assert!(again.contains(r#""modified":"2026-02-01T00:00:00.000Z""#));
        assert!(again.contains("000000000003") && again.contains("\"b\":2"));
        assert!(!again.contains(SEAL_EXTENSION_ID), "{again}");
        assert!(stix::check(again.as_bytes(), &Limits::default()).is_ok());
    }
}
