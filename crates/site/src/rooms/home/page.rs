//! `GET /`: what came in, what waits, what was withheld, what the desks say; and on a new node, what to do first.

use askama::Template;
use axum::response::Response;
use node::health::Finding;
use node::overview::Stood;
use node::peers::Peer;
use node::users::State;
use node::{Channel, Kind};
use policy::{Purpose, decide};

use crate::rooms::health::{named, soon, worst};
use crate::rooms::wording::{BESIDE, Row, Wording};
use crate::shell::desk::{Need, Tile};
use crate::shell::failure::Failure;
use crate::shell::frame::Frame;
use crate::shell::label::Tlp;
use crate::shell::visitor::{Right, Role, Visitor};

/// How many of the latest records are gone through, and shown.
const LATEST: usize = 60;
/// How many of them are shown.
const SHOWN: usize = 8;
const DAY: i64 = 86_400_000_000;

#[derive(Template)]
#[template(path = "rooms/home/page.html")]
struct Page {
    frame: Frame,
    standing: String,
    trouble: Option<String>,
    addresses: Vec<String>,
    time: String,
    entries: String,
    peers: String,
    now: Vec<Need>,
    first: Vec<Need>,
    tiles: Vec<Tile>,
    rows: Vec<Row>,
}

pub(super) async fn show(visitor: Visitor) -> Response {
    visitor
        .answer(|visitor| {
            let node = visitor.node();
            let latest = node.newest(visitor.viewer(), Purpose::Show, &BESIDE, LATEST)?;
            let tiles = visitor.tiles()?;
            let name = visitor.home_name();
            visitor.page_called(&name, latest.zip(tiles), |(latest, tiles), frame| {
                written(visitor, &latest, tiles, frame)
            })
        })
        .await
}

fn written(
    visitor: &Visitor,
    latest: &[Stood],
    tiles: Vec<Tile>,
    frame: Frame,
) -> Result<Page, Failure> {
    let (node, words) = (visitor.node(), &visitor.words);
    let wording = Wording::of(visitor)?;
    let peers = node.peers()?;
    let (home, health) = (node.home(), node.health());
    let rows = latest.iter().take(SHOWN).map(|stood| wording.row(stood));
    let size = node.head()?.map_or(0, |head| head.size);
    Ok(Page {
        standing: match &home.organ_of {
            Some(parent) => words.t1("home-organ-of", "name", wording.name(parent.as_str())),
            None => words.t(match home.kind {
                Kind::State => "home-state",
                Kind::Organisation => "home-organisation",
                Kind::Organ => "home-organ",
                Kind::Client => "home-client",
            }),
        },
        trouble: worst(&health).map(|found| named(visitor, &found)),
        addresses: node.config().address.iter().cloned().collect(),
        time: words.moment(visitor.now),
        entries: words.figure(size),
        peers: words.figure(peers.len()),
        now: now(visitor, &wording, &health, (latest, &peers))?,
        first: first(visitor, latest.is_empty(), peers.is_empty())?,
        tiles,
        rows: rows.collect::<Result<_, _>>()?,
        frame: frame.label(Tlp::strictest(latest.iter().map(|stood| &stood.label))),
    })
}

/// The state of things in sentences, each of which leads to the rows behind it.
fn now(
    visitor: &Visitor,
    wording: &Wording<'_>,
    health: &[Finding],
    (latest, peers): (&[Stood], &[Peer]),
) -> Result<Vec<Need>, Failure> {
    let (node, words) = (visitor.node(), &visitor.words);
    let since = visitor.now.saturating_sub(DAY);
    let received = latest
        .iter()
        .filter(|stood| {
            stood.accepted >= since && !stood.channel.as_ref().is_none_or(Channel::is_ours)
        })
        .count();
    let said = |path: &str, key: &str, n: usize| Need {
        sentence: words.t1(key, "n", n),
        path: path.to_owned(),
    };
    let waiting = usize::try_from(node.count_awaiting()?).unwrap_or(usize::MAX);
    let mut now = Vec::new();
    if visitor.has(Role::Administrator) {
        now.extend(soon(visitor, health));
    }
    now.extend([
        said("/records", "home-received", received),
        match visitor.may(Right::Decide) {
            true => said("/awaiting", "awaiting-count", waiting),
            false => said("/awaiting", "awaiting-count-others", waiting),
        },
    ]);
    for peer in peers {
        let viewer = node.viewer_of(&peer.participant, true);
        let withheld = latest
            .iter()
            .filter(|stood| stood.author.as_ref() != Some(&peer.participant))
            .filter(|stood| {
                stood.channel.as_ref().and_then(Channel::peer) != Some(&peer.participant)
            })
            .filter(|stood| {
                !decide(&viewer, &stood.label, Purpose::Relay, &visitor.at()).is_granted()
            })
            .count();
        if withheld > 0 {
            let name = wording.name(peer.participant.as_str());
            now.push(Need {
                sentence: words.t2("home-withheld", "n", withheld, "name", name),
                path: format!("/peers/{}#withheld", peer.participant),
            });
        }
    }
    let quarantined = node.quarantine(0, LATEST)?.len();
    if quarantined > 0 {
        now.push(said("/quarantine", "home-quarantine", quarantined));
    }
    if visitor.has(Role::Auditor) {
        let lines = node.trail(None, None, LATEST, &visitor.acting()?)?;
        let lines = lines.iter().filter(|line| line.at >= since).count();
        now.push(match lines {
            LATEST => said("/audit", "home-audit-many", lines),
            _ => said("/audit", "home-audit", lines),
        });
    }
    let cases = node.clearance().open_to(visitor.viewer())?.len();
    if cases > 0 {
        now.push(said("/clearance", "home-clearance", cases));
    }
    Ok(now)
}

/// What to do first on a node that has nothing yet.
fn first(visitor: &Visitor, no_records: bool, no_peers: bool) -> Result<Vec<Need>, Failure> {
    let mut first = Vec::new();
    let step = |path: &str, key: &str| Need {
        sentence: visitor.words.t(key),
        path: path.to_owned(),
    };
    if visitor.may(Right::Users) {
        let users = visitor.node().users(&visitor.acting()?)?;
        let here = users.iter().filter(|user| user.state != State::Suspended);
        if here.count() < 2 {
            first.push(step("/users/new", "home-first-person"));
        }
    }
    if no_peers && visitor.has(Role::Administrator) {
        first.push(step("/peers#introduce", "home-first-peer"));
    }
    if no_records && visitor.may(Right::Write) {
        let ways = visitor.site.desks().filter_map(|desk| desk.begins());
        first.extend(ways.map(|(path, key)| step(path, key)));
    } else if no_records && visitor.has(Role::Administrator) {
        // Whoever may not write brings records in at the terminal alone, as the page of records says.
        first.push(step("/records", "home-first-record"));
    }
    Ok(first)
}
