//! The matrix of everything that is served together, rooms and desk: every address, by every role, about a record that is one's own,
//! named, hidden or absent; what is allowed is done. And a canary: records for one person leave no trace with anybody else, neither a
//! word nor a count, on no page, in no feed and in no calendar.

mod table;
mod world;

use std::collections::{BTreeSet, VecDeque};

use axum::http::{Method, StatusCode};
use node::users::Role;
use site::{Kind, Route};
use stix::ObjectId;

use table::{About, about, idle};
use world::{Answer, Caller, Lot, World, absent};

/// Addresses with a rule of their own besides what they declare: those that take a code or secret, and asking, which takes one right or
/// another.
const FINER: [&str; 10] = [
    "/enter",
    "/welcome",
    "/setup",
    "/sign-in",
    "/sign-in/passkey",
    "/sign-in/openid",
    "/clearance/open",
    // Open to whoever shows the proof that came with a form, signed in or not.
    "/drafts",
    // One's own delegation, or anybody's for whoever keeps the register.
    "/clearance/deputies/{number}/end",
    "/account/openid",
];

/// What a form of any of these pages might be sent with.
const TYPED: &str = "name=Plover&title=Plover&words=Plover&text=Plover&content=Plover&account=Plover&state=done&standing=joint&tlp=amber%2Bstrict&reason=Plover&act=break&round=1&kind=note&opinion=agree&explanation=Plover&towards=TP&subject=Plover&at=2027-01-01T10:00&starts=2027-01-01&parties=KE&gist=Plover";

fn unlike(kind: &str) -> ObjectId {
    ObjectId::parse(&format!("{kind}--00000000-0000-4000-8000-0000000000bb")).unwrap()
}

/// An address about a record of a lot.
fn filled(route: &Route, about: About, lot: &Lot, kind: &str) -> (String, ObjectId) {
    let id = match about {
        About::Part(kind) | About::Whole(kind) => &lot[kind],
        About::Record | About::Kept => &lot[kind],
    };
    let own = match about {
        About::Part(_) => id.uuid().to_string(),
        _ => id.to_string(),
    };
    let draft = lot["draft"].uuid().to_string();
    let parts = route.path.split('/').map(|part| match part {
        "{id}" => own.clone(),
        // The first round of a draft is the draft.
        "{round}" => draft.clone(),
        "{mark}" => "p1".to_owned(),
        part if part.starts_with('{') => "1".to_owned(),
        part => part.to_owned(),
    });
    (parts.collect::<Vec<_>>().join("/"), id.clone())
}

/// What was answered, without what the question itself said; the way to sign in spells its hyphens out.
fn told(answer: Answer, lot: &Lot) -> (StatusCode, String) {
    let body = lot.values().fold(answer.body, |body, id| {
        let plain = id.uuid().to_string();
        let spelt = plain.replace('-', "%2D");
        body.replace(&plain, "ID").replace(&spelt, "ID")
    });
    (answer.status, body)
}

#[test]
fn every_address_stands_in_the_table() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let world = runtime.block_on(World::new());
    let missing = world.site.routes().iter().filter_map(about);
    let missing: Vec<String> = missing.filter_map(Result::err).collect();
    assert_eq!(missing, Vec::<String>::new(), "say what these are about");
    assert_eq!(idle(world.site.routes()), Vec::<&str>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn about_a_record_that_is_own_named_hidden_or_absent() {
    let world = World::new().await;
    let mut callers = world.callers().await;
    let named: Vec<ObjectId> = callers
        .iter()
        .filter_map(|one| one.person.clone())
        .collect();
    let (own, named, hidden) = tokio::task::block_in_place(|| {
        (
            world.write("kingfisher", None, &[]),
            world.write("goldcrest", None, &named),
            world.write("zanzibarine", None, &[unlike("identity")]),
        )
    });
    let absent = absent(&hidden);
    let routes: Vec<(&Route, About)> = world
        .site
        .routes()
        .iter()
        .filter_map(|route| Some((route, about(route)?.unwrap())))
        .filter(|(_, about)| *about != About::Kept)
        .collect();
    assert!(
        routes
            .iter()
            .any(|(route, _)| route.path.starts_with("/dialogues/drafts/"))
    );
    let kinds = ["commitment", "report", "draft"];
    let (mut tried, mut wrong) = (0, Vec::new());
    let size = world.size();
    for (route, about) in &routes {
        let kinds = if *about == About::Record {
            &kinds[..]
        } else {
            &kinds[..1]
        };
        for (caller, kind) in callers
            .iter()
            .flat_map(|one| kinds.iter().map(move |kind| (one, *kind)))
        {
            let bodies: &[&str] = if route.method == Method::GET {
                &[""]
            } else {
                &["", TYPED]
            };
            for body in bodies {
                tried += 1;
                let ask = async |lot: &Lot| {
                    let (path, _) = filled(route, *about, lot, kind);
                    told(world.ask(caller, &route.method, &path, body).await, lot)
                };
                let (of_hidden, of_absent) = (ask(&hidden).await, ask(&absent).await);
                let say = |what: &str| {
                    format!(
                        "{:?} {} {} ({kind}): {what}",
                        caller.roles, route.method, route.path
                    )
                };
                if of_hidden != of_absent {
                    wrong.push(say(&format!(
                        "hidden {} is not absent {}",
                        of_hidden.0, of_absent.0
                    )));
                }
                let declared = caller.declared(route);
                if declared.is_some_and(|expected| expected != of_hidden.0)
                    || of_hidden.0.is_server_error()
                {
                    wrong.push(say(&format!("{}, declared {declared:?}", of_hidden.0)));
                }
                if of_hidden.1.contains("zanzibarine") {
                    wrong.push(say("it shows what is hidden"));
                }
                if route.method != Method::GET {
                    continue;
                }
                for lot in [&own, &named] {
                    let seen = ask(lot).await;
                    let lists = about_page(route);
                    let fits = match declared {
                        Some(expected) => seen.0 == expected,
                        None if caller.reads() && lists => seen.0 == StatusCode::OK,
                        None if caller.reads() => {
                            !seen.0.is_server_error() && seen.0 != StatusCode::FORBIDDEN
                        }
                        None => seen == of_absent,
                    };
                    if !fits {
                        wrong.push(say(&format!("own or named: {}", seen.0)));
                    }
                }
            }
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
    assert_eq!(
        world.size(),
        size,
        "what was sent about nothing wrote something"
    );
    assert!(tried > 900, "{tried}");

    // And now what is allowed is done, about what is one's own: it may be refused for what was typed, and never breaks.
    let mut done = 0;
    for (route, about) in routes
        .iter()
        .filter(|(route, _)| route.method != Method::GET)
    {
        for caller in &mut callers {
            if caller.declared(route).is_some() {
                continue;
            }
            for body in ["", TYPED] {
                let (path, _) = filled(route, *about, &own, "commitment");
                let answer = world.ask(caller, &route.method, &path, body).await;
                done += 1;
                let refused = matches!(
                    answer.status,
                    StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN
                );
                if answer.status.is_server_error() || refused && !FINER.contains(&route.path) {
                    wrong.push(format!(
                        "{:?} {} {}: {}",
                        caller.roles, route.method, route.path, answer.status
                    ));
                }
            }
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
    assert!(done > 60, "{done}");
    assert!(world.size() > size, "none of it wrote anything");
}

/// Whether an address is the page about a record itself, which whoever may have the record may always open.
fn about_page(route: &Route) -> bool {
    route.kind == Kind::Page && route.path.ends_with("/{id}") && !route.path.starts_with("/public")
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_allowed_is_done_and_nothing_else() {
    let world = World::new().await;
    tokio::task::block_in_place(|| world.write("kingfisher", None, &[]));
    let mut callers = world.callers().await;
    let (mut done, mut wrong) = (0, Vec::new());
    let routes = world.site.routes().to_vec();
    let plain = |route: &&Route| !matches!(about(route), Some(Ok(about)) if about != About::Kept);
    for route in routes.iter().filter(plain) {
        for caller in &mut callers {
            let declared = caller.declared(route);
            let parts = route
                .path
                .split('/')
                .map(|part| if part.starts_with('{') { "1" } else { part });
            let path = parts.collect::<Vec<_>>().join("/");
            let bodies: &[&str] = if route.method == Method::GET {
                &[""]
            } else {
                &["", TYPED]
            };
            for body in bodies {
                let size = world.size();
                let status = world.ask(caller, &route.method, &path, body).await.status;
                done += 1;
                let refused = matches!(status, StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN);
                let fits = match declared {
                    Some(expected) => status == expected && world.size() == size,
                    None => !status.is_server_error() && (!refused || FINER.contains(&route.path)),
                };
                if !fits {
                    wrong.push(format!(
                        "{:?} {} {} {body:.4}: {status}, declared {declared:?}",
                        caller.roles, route.method, route.path
                    ));
                }
                // A form may have ended the session, or begun another.
                if route.method != Method::GET && declared.is_none() {
                    world.enter(caller).await;
                }
            }
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
    assert!(done > 500, "{done}");
}

/// A page without what differs from one moment to the next, and the size of the log, which may be known.
fn steady(body: &str) -> String {
    let log = |line: &str| {
        let mut words = line.split(|c: char| !c.is_alphanumeric());
        words.any(|word| word.eq_ignore_ascii_case("log"))
    };
    let lines = body
        .lines()
        .filter(|line| !line.contains("UTC") && !log(line))
        // By what a form is known from every other is drawn.
        .filter(|line| !line.contains("name=\"draft-once\""));
    lines.collect::<Vec<_>>().join("\n")
}

/// Addresses on a page that lead on within the site.
fn links(body: &str) -> Vec<String> {
    let found = body.split("href=\"/").skip(1).map(|rest| {
        let path = rest.split(['"', '#']).next().unwrap_or_default();
        format!("/{path}")
            .replace("&#38;", "&")
            .replace("&amp;", "&")
    });
    found
        .filter(|path| !path.starts_with("/assets/") && !path.starts_with("//"))
        .collect()
}

/// Every page and feed that somebody comes to by following links, from all that are listed; those that show a word.
async fn crawl(
    world: &World,
    caller: &Caller,
    about: &[String],
    word: &str,
) -> (usize, Vec<String>) {
    let safe = |route: &&Route| {
        route.method == Method::GET && route.kind != Kind::Asset && !route.path.contains('{')
    };
    let mut queue: VecDeque<String> = world
        .site
        .routes()
        .iter()
        .filter(safe)
        .map(|route| route.path.to_owned())
        .collect();
    queue.extend(about.iter().cloned());
    let (mut seen, mut found) = (BTreeSet::new(), Vec::new());
    while let Some(path) = queue.pop_front() {
        let other = ["lang=", "theme=", "sign-out"]
            .iter()
            .any(|part| path.contains(part));
        if other || seen.len() >= 400 || !seen.insert(path.clone()) {
            continue;
        }
        let answer = world.ask(caller, &Method::GET, &path, "").await;
        if answer.body.contains(word) {
            found.push(path.clone());
        }
        queue.extend(links(&answer.body));
    }
    (seen.len(), found)
}

/// What comes regularly to a program or a calendar of somebody who may not see it.
const FEEDS: [&str; 5] = [
    "/dialogues/due.atom",
    "/dialogues/due.json",
    "/dialogues/texts.atom",
    "/dialogues/texts.json",
    "/dialogues/calendar.ics",
];

#[tokio::test(flavor = "multi_thread")]
async fn records_for_one_person_leave_no_trace_with_anybody_else() {
    let world = World::new().await;
    let ana = world.caller("Ana Sund", &[Role::Editor]).await;
    let others = world.callers().await;
    tokio::task::block_in_place(|| world.write("kingfisher", None, &[]));
    let quiet = |route: &&Route| {
        let noisy = [
            "/audit", "/log", "/status", "/metrics", "/changes", "/enter",
        ];
        route.method == Method::GET
            && matches!(route.kind, Kind::Page | Kind::Feed | Kind::File | Kind::Api)
            && !route.path.contains('{')
            && !noisy.iter().any(|noisy| route.path.starts_with(noisy))
            && !route.path.starts_with("/api/v1/log")
    };
    let quiet: Vec<Route> = world.site.routes().iter().filter(quiet).cloned().collect();
    assert!(
        FEEDS
            .iter()
            .all(|feed| quiet.iter().any(|route| route.path == *feed))
    );
    let shown = async |caller: &Caller| {
        let mut all = Vec::new();
        for route in &quiet {
            let answer = world.ask(caller, &Method::GET, route.path, "").await;
            all.push((route.path, answer.status, steady(&answer.body)));
        }
        all
    };
    let mut before = Vec::new();
    for caller in &others {
        before.push(shown(caller).await);
    }
    let hers = shown(&ana).await;
    let me = ana.person.clone().unwrap();
    let canary = tokio::task::block_in_place(|| {
        world.write("quillfeather", Some(&me), std::slice::from_ref(&me))
    });
    world.bench.node.index().unwrap();
    for (caller, before) in others.iter().zip(before) {
        for (before, after) in before.into_iter().zip(shown(caller).await) {
            assert_eq!(before, after, "a count gives it away to {:?}", caller.roles);
        }
    }
    // She has it everywhere, so that its absence means something: in every feed, once more than before.
    let now_hers = shown(&ana).await;
    for feed in FEEDS {
        let of = |all: &[(&'static str, StatusCode, String)]| {
            all.iter().find(|(path, ..)| *path == feed).unwrap().clone()
        };
        let (before, after) = (of(&hers), of(&now_hers));
        assert_eq!(after.1, StatusCode::OK);
        assert!(
            after.2.contains("quillfeather") && !before.2.contains("quillfeather"),
            "{feed}"
        );
        assert!(before.2.contains("kingfisher"), "{feed} is empty for her");
    }
    for caller in &others {
        let body = world.ask(caller, &Method::GET, FEEDS[0], "").await;
        let expected = match (caller.person.is_some(), caller.reads()) {
            (false, _) => StatusCode::UNAUTHORIZED,
            (true, _) => StatusCode::OK,
        };
        assert_eq!(body.status, expected, "{:?}", caller.roles);
        assert_eq!(
            body.body.contains("kingfisher"),
            caller.reads(),
            "{:?}",
            caller.roles
        );
    }
    let about: Vec<String> = world
        .site
        .routes()
        .iter()
        .filter(|route| route.method == Method::GET)
        .filter_map(|route| match about(route)?.unwrap() {
            About::Kept => None,
            about => Some(filled(route, about, &canary, "commitment").0),
        })
        .collect();
    for caller in &others {
        let (pages, found) = crawl(&world, caller, &about, "quillfeather").await;
        assert_eq!(found, Vec::<String>::new(), "{:?}", caller.roles);
        assert!(pages > 60, "{pages}");
    }
    // The same crawl finds it where it may be found: it looks.
    let (_, found) = crawl(&world, &ana, &about, "quillfeather").await;
    for path in [
        "/dialogues",
        "/dialogues/register",
        "/dialogues/calendar.ics",
        "/records",
    ] {
        assert!(found.iter().any(|one| one == path), "{path}: {found:?}");
    }
}
