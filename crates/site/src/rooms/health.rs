//! Health: whether the node can do its work, line by line, with a remedy beside each line that is not well.

use askama::Template;
use axum::response::Response;
use node::health::{Finding, Found, Grade, Part};
use node::peers::State;

use crate::shell::answer::nothing;
use crate::shell::desk::{Desk, Nav, Need, Section};
use crate::shell::failure::Failure;
use crate::shell::frame::Frame;
use crate::shell::routes::{Routes, Who};
use crate::shell::shown::shown;
use crate::shell::visitor::{Role, Visitor};
use policy::Released;

/// A peer that was not heard for so long is worth a look.
const DAY: i64 = 86_400_000_000;
/// Less is no room.
const MEBIBYTE: u64 = 1 << 20;
/// The search is behind when so many records wait for it.
const BEHIND: i64 = 10_000;

pub(crate) struct Health;

impl Desk for Health {
    fn name(&self) -> &'static str {
        "health"
    }

    fn nav(&self) -> Vec<Nav> {
        vec![Nav {
            section: Section::Node,
            path: "/status",
            key: "health-title",
            letter: 's',
            role: Some(Role::Administrator),
        }]
    }

    fn routes(&self) -> Routes {
        Routes::new().page("/status", Who::Role(Role::Administrator), show)
    }

    fn needs(&self, visitor: &Visitor) -> Result<Released<Vec<Need>>, Failure> {
        // Its page is for administrators, as what is to be done about it.
        let need = match visitor.has(Role::Administrator) {
            true => to_do(visitor, &visitor.node().health()),
            false => None,
        };
        Ok(nothing().map(|()| need.into_iter().collect()))
    }
}

#[derive(Template)]
#[template(path = "rooms/health/show.html")]
struct Show {
    frame: Frame,
    lines: Vec<Line>,
}

/// One thing that is well or not.
pub(crate) struct Line {
    pub(crate) name: String,
    pub(crate) sign: &'static str,
    pub(crate) state: String,
    pub(crate) remedy: Option<String>,
    /// Its own page, where it has one.
    pub(crate) path: Option<String>,
}

async fn show(visitor: Visitor) -> Response {
    visitor
        .answer(|visitor| {
            let lines = lines(visitor)?;
            visitor.page("health-title", nothing(), |(), frame| {
                Ok(Show { lines, frame })
            })
        })
        .await
}

/// What keeps the node from its work, if anything does.
pub(crate) fn worst(found: &[Finding]) -> Option<Finding> {
    let failed = |one: &&Finding| one.grade() == Grade::Fail;
    found.iter().find(failed).cloned()
}

/// What somebody who runs the node is told of it on other pages: that it does not do its work, or will not for long.
fn to_do(visitor: &Visitor, found: &[Finding]) -> Option<Need> {
    match worst(found) {
        Some(finding) => Some(need(visitor, "health-need", &finding)),
        None => soon(visitor, found),
    }
}

/// What somebody who runs the node has to look at while it still does its work.
pub(crate) fn soon(visitor: &Visitor, found: &[Finding]) -> Option<Need> {
    let finding = found.iter().find(|one| one.grade() == Grade::Warn)?;
    Some(need(visitor, "health-need-soon", finding))
}

fn need(visitor: &Visitor, key: &str, finding: &Finding) -> Need {
    Need {
        sentence: visitor.words.t1(key, "what", named(visitor, finding)),
        path: "/status".to_owned(),
    }
}

/// Its name, which tells nobody more than that.
pub(crate) fn named(visitor: &Visitor, one: &Finding) -> String {
    visitor.words.t(match one.part {
        Part::Folder => "health-folder",
        Part::Database => "health-database",
        Part::Storage => "health-storage",
        Part::Room => "health-room",
        Part::Clock => "health-clock",
        Part::Jobs => "health-jobs",
    })
}

/// What was found about one part, in the visitor's language.
fn told(visitor: &Visitor, one: &Finding) -> String {
    let words = &visitor.words;
    match &one.found {
        Found::Well => words.t(match one.part {
            Part::Folder => "health-folder-well",
            Part::Database => "health-database-well",
            Part::Storage | Part::Room => "health-writes",
            Part::Clock => "health-clock-well",
            Part::Jobs => "health-jobs-well",
        }),
        Found::Enough(bytes) => words.t1("health-room-well", "size", words.size(*bytes)),
        Found::Little(bytes) => words.t1("health-room-little", "size", words.size(*bytes)),
        Found::NoRoom(bytes) if *bytes < MEBIBYTE => words.t("health-room-full"),
        Found::NoRoom(bytes) => words.t1("health-room-none", "size", words.size(*bytes)),
        Found::Gone(what) => words.t1("health-folder-gone", "what", shown(what)),
        Found::Replaced(what) => words.t1("health-folder-replaced", "what", shown(what)),
        Found::Older(peer) => words.t1("health-folder-older", "peer", shown(peer)),
        Found::Damaged(why) | Found::Unwritten(why) => shown(why),
        Found::Behind(by) => words.t1("health-clock-behind", "time", words.lasting(*by)),
        Found::Stuck(since) => words.t1("health-jobs-stuck", "date", words.moment(*since)),
        Found::Failing(since, why) => {
            let date = words.moment(*since);
            words.t2("health-jobs-failing", "date", date, "why", shown(why))
        }
    }
}

fn line(visitor: &Visitor, one: &Finding) -> Line {
    let remedy = match one.found {
        Found::Well | Found::Enough(_) => None,
        Found::Little(_) | Found::NoRoom(_) => Some("health-room-do"),
        Found::Gone(_) | Found::Replaced(_) => Some("health-folder-do"),
        Found::Older(_) => Some("health-folder-older-do"),
        Found::Damaged(_) => Some("health-database-do"),
        Found::Unwritten(_) => Some("health-storage-do"),
        Found::Behind(_) => Some("health-clock-do"),
        Found::Stuck(_) | Found::Failing(..) => Some("health-jobs-do"),
    };
    Line {
        name: named(visitor, one),
        sign: match one.grade() {
            Grade::Pass => "good",
            Grade::Warn => "wait",
            Grade::Fail => "bad",
        },
        state: told(visitor, one),
        remedy: remedy.map(|remedy| visitor.words.t(remedy)),
        path: None,
    }
}

pub(crate) fn lines(visitor: &Visitor) -> Result<Vec<Line>, Failure> {
    let (node, words) = (visitor.node(), &visitor.words);
    let well = |name: &str, state: String| Line {
        name: words.t(name),
        sign: "good",
        state,
        remedy: None,
        path: None,
    };
    let ill = |name: &str, sign: &'static str, state: String, remedy: &str| Line {
        name: words.t(name),
        sign,
        state,
        remedy: Some(words.t(remedy)),
        path: None,
    };
    let mut lines: Vec<Line> = node.health().iter().map(|one| line(visitor, one)).collect();
    lines.push(match node.head() {
        Ok(head) => {
            let size = head.map_or(0, |head| head.size);
            well("health-log", words.t1("health-log-well", "n", size))
        }
        Err(error) => ill(
            "health-log",
            "bad",
            shown(&format!("{error:#}")),
            "health-log-do",
        ),
    });
    lines.push(match node.verify_trail()? {
        Ok(_) => well("health-trail", words.t("health-trail-well")),
        Err(broken) => ill(
            "health-trail",
            "bad",
            words.t1("health-trail-broken", "n", broken.number),
            "health-trail-do",
        ),
    });
    let behind = node.search_behind()?;
    lines.push(if behind > BEHIND {
        let state = words.t1("health-search-behind", "n", behind);
        ill("health-search", "wait", state, "health-search-do")
    } else {
        well("health-search", words.t1("health-search-well", "n", behind))
    });
    if let Some(openid) = &visitor.site.inner.openid {
        lines.push(match openid.trouble() {
            None => well("health-openid", shown(openid.issuer())),
            Some(why) => ill("health-openid", "bad", shown(&why), "health-openid-do"),
        });
    }
    for peer in node.peers()? {
        let name = visitor.translated_name(peer.participant.as_str());
        let name = shown(&name.unwrap_or_else(|| peer.name.clone()));
        let silent = peer
            .last_contact
            .is_none_or(|last| visitor.now.saturating_sub(last) > DAY);
        let told = |sign, state: String, remedy: Option<&str>| Line {
            name: words.t1("health-peer", "name", name.as_str()),
            sign,
            state,
            remedy: remedy.map(|remedy| words.t(remedy)),
            path: Some(format!("/peers/{}", peer.participant)),
        };
        let line = |sign, key: &str, remedy| told(sign, words.t(key), remedy);
        lines.push(match peer.state {
            _ if peer.inconsistent.is_some() => {
                line("bad", "health-peer-forked", Some("health-peer-forked-do"))
            }
            State::Introduced => line("wait", "peer-introduced", Some("health-peer-words-do")),
            State::Suspended => line("off", "peer-suspended", None),
            State::Confirmed if silent => {
                let state = match peer.last_contact {
                    Some(last) => words.t1("health-peer-silent", "date", words.moment(last)),
                    None => words.t("health-peer-unheard"),
                };
                told("wait", state, Some("health-peer-silent-do"))
            }
            State::Confirmed if peer.failures > 0 => {
                line("wait", "health-peer-failed", Some("health-peer-silent-do"))
            }
            State::Confirmed => line("good", "health-peer-well", None),
        });
    }
    Ok(lines)
}
