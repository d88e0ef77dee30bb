//! Every view of the desk, from the list of its own addresses, with what to ask there. Invariant: an address that nothing is known to
//! ask at is an error, unless it is said why it is not asked.

use anyhow::{Context, Result, bail};
use dialogues::Dialogues;
use dialogues::names::TOPICS;
use dialogues::records::State;
use serde_json::{Value, json};
use site::{Desk as _, Kind, Route};
use stix::ObjectId;

use crate::fill::{Filled, SIDES};

/// Addresses of a kind that are asked in turn, at most.
const MOST: usize = 100;

/// Views about one record or matter: the beginning of their address, and what its place in it is filled with. The first that fits counts.
const ABOUT: [(&str, &str); 14] = [
    ("/dialogues/series/{id}", "dialogue"),
    ("/dialogues/sessions/{id}", "session"),
    ("/dialogues/texts/{id}", "report"),
    // The home of the scale has no part of its own in any of them, but has spoken of some.
    ("/dialogues/commitments/{id}/follow-up", "spoken"),
    ("/dialogues/commitments/{id}", "commitment"),
    ("/dialogues/appraisals/{id}", "appraisal"),
    ("/dialogues/arrangements/{id}", "arrangement"),
    ("/dialogues/strands/{id}", "strand"),
    ("/dialogues/activities/{id}", "activity"),
    ("/dialogues/events/{id}", "event"),
    ("/dialogues/demarches/{id}", "demarche"),
    ("/dialogues/drafts/{id}", "draft"),
    ("/dialogues/readings/{id}", "reading"),
    ("/dialogues/intakes/{id}", "intake"),
];

/// Views that begin with something: address, what is asked, what goes in at `*`. Without it there is no such page.
const BEGUN: [(&str, &str, &str); 1] = [(
    "/dialogues/sessions/new",
    "dialogue=dialogue--*",
    "dialogue",
)];

/// Views that need what this node alone cannot have.
const ELSEWHERE: [(&str, &str); 2] = [
    (
        "/dialogues/appraisals/{id}/reply",
        "needs an appraisal that another node made",
    ),
    (
        "/dialogues/drafts/{id}/received",
        "needs a file that came back by mail",
    ),
];

/// Views that are narrowed, by participant, subject, session, time and the rest: address, what is asked, what goes in at `*`.
const NARROWED: [(&str, &str, &str); 54] = [
    ("/dialogues/register", "side=*", "side"),
    ("/dialogues/register", "with=*", "side"),
    ("/dialogues/register", "act=commitment&with=*", "side"),
    ("/dialogues/register", "topic=*", "topic"),
    ("/dialogues/register", "act=commitment", ""),
    ("/dialogues/register", "act=position", ""),
    ("/dialogues/register", "state=passed", ""),
    ("/dialogues/register", "state=silent", ""),
    ("/dialogues/register", "state=differ", ""),
    ("/dialogues/register", "state=*", "state"),
    ("/dialogues/register", "series=*", "dialogue"),
    ("/dialogues/register", "session=*", "session"),
    (
        "/dialogues/register",
        "since=2021-01-01&until=2021-12-31",
        "",
    ),
    ("/dialogues/register", "before=2022-01-01", ""),
    (
        "/dialogues/register",
        "words=item 7 of the plan of 2021",
        "",
    ),
    ("/dialogues/register", "words=nowhere", ""),
    ("/dialogues/register", "replaced=also", ""),
    ("/dialogues/register", "as=csv", ""),
    ("/dialogues/sessions", "side=*", "side"),
    ("/dialogues/sessions", "outcome=not-recorded", ""),
    ("/dialogues/sessions", "outcome=held", ""),
    ("/dialogues/sessions", "outcome=planned", ""),
    ("/dialogues/sessions", "outcome=ahead", ""),
    ("/dialogues/sessions", "outcome=cancelled", ""),
    ("/dialogues/sessions", "person=person 9 of", ""),
    ("/dialogues/sessions", "place=kestria", ""),
    ("/dialogues/sessions", "place=nowhere", ""),
    (
        "/dialogues/sessions",
        "since=2021-01-01&until=2021-12-31",
        "",
    ),
    ("/dialogues/sessions", "as=csv", ""),
    ("/dialogues/sessions", "series=*", "dialogue"),
    ("/dialogues/sessions", "topic=*", "topic"),
    ("/dialogues/timeline", "side=*", "side"),
    ("/dialogues/timeline", "series=*", "dialogue"),
    ("/dialogues/timeline", "session=*", "session"),
    ("/dialogues/timeline", "topic=*", "topic"),
    (
        "/dialogues/timeline",
        "since=2020-01-01&until=2026-12-31",
        "",
    ),
    ("/dialogues/repeated", "side=*", "side"),
    ("/dialogues/repeated", "topic=*", "topic"),
    ("/dialogues/repeated", "series=*", "dialogue"),
    ("/dialogues/repeated", "session=*", "session"),
    (
        "/dialogues/repeated",
        "since=2021-01-01&until=2021-12-31",
        "",
    ),
    ("/dialogues/wording", "topic=*", "topic"),
    ("/dialogues/wording", "topic=*&by=partner", "topic"),
    ("/dialogues/wording", "topic=*&by=language", "topic"),
    ("/dialogues/wording", "topic=*&side=EU", "topic"),
    ("/dialogues/wording", "topic=norms&series=*", "dialogue"),
    ("/dialogues/wording", "topic=norms&session=*", "session"),
    (
        "/dialogues/wording",
        "topic=*&since=2021-01-01&until=2021-12-31",
        "topic",
    ),
    ("/dialogues/wording", "topic=*&words=plan", "topic"),
    ("/dialogues/readings", "stage=confirmed", ""),
    ("/dialogues/readings", "words=text", ""),
    ("/dialogues/drafts/{id}/add", "topic=*", "topic"),
    ("/dialogues/drafts/{id}/add", "q=plan", ""),
    ("/dialogues/drafts/{id}/add", "after=p7", ""),
];

/// What goes in at a place.
fn values(filled: &Filled, what: &str) -> Result<Vec<String>> {
    Ok(match what {
        "" => vec![String::new()],
        "side" => SIDES.map(str::to_owned).to_vec(),
        "topic" => TOPICS.map(str::to_owned).to_vec(),
        "state" => State::ALL
            .iter()
            .map(|state| state.as_str().to_owned())
            .collect(),
        kind => {
            let all = filled.some.get(kind);
            let all = all.with_context(|| format!("the node has no {kind}"))?;
            // From everywhere: of those that were written one after another, not only the first.
            let step = all.len().div_ceil(MOST).max(1);
            let own = |text: &String| {
                let id = ObjectId::parse(text);
                id.map_or_else(|_| text.clone(), |id| id.uuid().to_owned())
            };
            all.iter().step_by(step).map(own).collect()
        }
    })
}

/// The addresses of a route that is about something.
fn filled_in(route: &Route, filled: &Filled) -> Result<Vec<String>> {
    let path = route.path;
    if let Some((_, begun, what)) = BEGUN.iter().find(|(begins, ..)| *begins == path) {
        let all = values(filled, what)?.into_iter();
        return Ok(all
            .map(|id| format!("{path}?{}", begun.replace('*', &id)))
            .collect());
    }
    if !path.contains('{') {
        return Ok(vec![path.to_owned()]);
    }
    let two = |kind: &str, second: &str| -> Result<Vec<String>> {
        let pairs = values(filled, kind)?.into_iter();
        let pairs = pairs.filter_map(|both| {
            let (id, other) = both.split_once(' ')?;
            Some(path.replace("{id}", id).replace(second, other))
        });
        Ok(pairs.collect())
    };
    if path.contains("{clause}") {
        return two("clause", "{clause}");
    }
    if path.contains("{version}") {
        return two("version", "{version}");
    }
    let fits = |(begin, _): &&(&str, &str)| {
        let rest = path.strip_prefix(begin);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    let (_, kind) = ABOUT
        .iter()
        .find(fits)
        .with_context(|| format!("say what {path} is about"))?;
    let all = values(filled, kind)?.into_iter().map(|id| {
        // The first round of a draft is the draft.
        let path = path.replace("{id}", &id).replace("{round}", &id);
        path.replace("{mark}", "p7")
    });
    let all: Vec<String> = all.collect();
    match all.iter().find(|path| path.contains('{')) {
        Some(path) => bail!("say what goes into {path}"),
        None => Ok(all),
    }
}

/// Every view: what it is, whether it is a page, and what is asked; or why it is not asked.
pub(crate) fn all(filled: &Filled) -> Result<Vec<Value>> {
    let routes = Dialogues.routes();
    let mut views = Vec::new();
    for route in routes.list() {
        let page = match route.kind {
            Kind::Page => true,
            Kind::Feed | Kind::File => false,
            Kind::Form | Kind::Api | Kind::Asset => continue,
        };
        if let Some((_, why)) = ELSEWHERE.iter().find(|(path, _)| *path == route.path) {
            views.push(json!({ "view": route.path, "page": page, "why": why, "asked": [] }));
            continue;
        }
        let asked = filled_in(route, filled)?;
        views.push(json!({ "view": route.path, "page": page, "asked": asked }));
        for (path, narrowed, what) in NARROWED.iter().filter(|(path, ..)| *path == route.path) {
            let values = values(filled, what)?;
            let narrowed_by = |(n, value): (usize, &String)| {
                let question = narrowed.replace('*', value).replace(' ', "+");
                format!("{}?{question}", asked[n % asked.len()])
            };
            let most = asked.len().max(values.len());
            let asked: Vec<String> = values
                .iter()
                .cycle()
                .take(most)
                .enumerate()
                .map(narrowed_by)
                .collect();
            views.push(
                json!({ "view": format!("{path}?{narrowed}"), "page": page, "asked": asked }),
            );
        }
    }
    let idle = |path: &str| {
        !routes
            .list()
            .iter()
            .any(|route| route.path.starts_with(path))
    };
    let listed = ABOUT.iter().map(|(path, _)| path);
    let listed = listed.chain(BEGUN.iter().map(|(path, ..)| path));
    let listed = listed.chain(ELSEWHERE.iter().map(|(path, _)| path));
    let listed = listed.chain(NARROWED.iter().map(|(path, ..)| path));
    match listed.copied().find(|path| idle(path)) {
        Some(path) => bail!("the desk has no {path} any more"),
        None => Ok(views),
    }
}
