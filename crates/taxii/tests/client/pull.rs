//! Taking everything, from servers that page well, badly, and without end.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use node::clock::ManualClock;
use taxii::client::{Ask, Client, Complaint, Cursor, Error, Page};

use crate::peer::{Asked, Peer, Quirks, object, shelf, status, taxii};

/// What a run brought.
struct Run {
    objects: Vec<String>,
    cursor: Cursor,
    complaints: Vec<Complaint>,
    end: Result<(), Error>,
}

async fn run(client: &Client, peer: &Peer, limit: usize, from: Cursor) -> Run {
    let ask = Ask {
        limit,
        ..Ask::default()
    };
    let mut pull = client.pull(&peer.places().1, ask, from);
    let mut objects = Vec::new();
    let end = loop {
        match pull.next().await {
            Ok(Some(page)) => objects.extend(texts(&page)),
            Ok(None) => break Ok(()),
            Err(error) => break Err(error),
        }
    };
    Run {
        objects,
        cursor: pull.cursor().clone(),
        complaints: pull.complaints().to_vec(),
        end,
    }
}

fn texts(page: &Page) -> Vec<String> {
    page.objects()
        .map(|object| String::from_utf8(object.to_vec()).unwrap())
        .collect()
}

fn series(count: usize, second: impl Fn(usize) -> i64) -> Vec<(i64, String)> {
    (0..count).map(|n| (second(n), object(n))).collect()
}

fn distinct(objects: &[String]) -> usize {
    objects.iter().collect::<BTreeSet<_>>().len()
}

#[tokio::test]
async fn every_object_comes_once_byte_for_byte_and_the_next_run_brings_what_is_new() {
    for (bundle, more_as_text) in [(false, false), (true, false), (false, true)] {
        let quirks = Quirks {
            bundle,
            more_as_text,
            ..Quirks::default()
        };
        let mut all = series(25, |n| n as i64);
        let peer = Peer::answering(shelf(all.clone(), quirks.clone())).await;
        let first = run(&peer.client(), &peer, 10, Cursor::default()).await;
        assert_eq!(first.end, Ok(()));
        let sent: Vec<_> = all.iter().map(|(_, object)| object.clone()).collect();
        assert_eq!(first.objects, sent);
        assert_eq!(
            (first.cursor.next, first.cursor.added_after.as_deref()),
            (None, Some("2023-11-14T22:13:44.000000Z"))
        );
        all.push((30, object(30)));
        let peer = Peer::answering(shelf(all, quirks)).await;
        let cursor = Cursor {
            added_after: first.cursor.added_after,
            next: None,
        };
        let second = run(&peer.client(), &peer, 10, cursor).await;
        assert_eq!(second.objects, [object(30)]);
    }
}

#[tokio::test]
async fn a_run_goes_on_by_date_where_there_is_no_next() {
    for (name, count, crowd, limit, cap, inclusive) in [
        ("one each", 40, 1, 10, None, false),
        ("pages of one", 12, 1, 1, None, false),
        ("pairs across pages", 41, 2, 10, None, false),
        ("an instant wider than a page", 60, 30, 10, None, false),
        ("everything at one instant", 70, 100, 10, None, false),
        (
            "an instant wider than the largest page",
            50,
            25,
            10,
            Some(10),
            false,
        ),
    ] {
        let quirks = Quirks {
            no_next: true,
            cap,
            inclusive,
            ..Quirks::default()
        };
        let all = series(count, |n| (n / crowd) as i64);
        let peer = Peer::answering(shelf(all, quirks)).await;
        let run = run(&peer.client(), &peer, limit, Cursor::default()).await;
        assert_eq!(run.end, Ok(()), "{name}");
        if cap.is_none() {
            assert_eq!(distinct(&run.objects), count, "{name}");
            assert_eq!(run.complaints, [], "{name}");
        } else {
            let missing = matches!(run.complaints[..], [Complaint::Unproven(_), ..]);
            assert!(missing, "{name}: {:?}", run.complaints);
        }
        assert!(peer.count() < 60, "{name}: {} requests", peer.count());
    }
}

#[tokio::test]
async fn a_crowded_instant_is_completed_by_the_manifest() {
    // Pages hold ten objects, the manifest all: what a page cut off is asked for by name.
    let all = series(30, |_| 1);
    let pages = shelf(
        all.clone(),
        Quirks {
            no_next: true,
            cap: Some(10),
            ..Quirks::default()
        },
    );
    let whole = shelf(all, Quirks::default());
    let peer = Peer::answering(move |asked| {
        if asked.path.ends_with("/manifest/") {
            whole(asked)
        } else {
            pages(asked)
        }
    })
    .await;
    let run = run(&peer.client(), &peer, 10, Cursor::default()).await;
    assert_eq!((run.end, distinct(&run.objects)), (Ok(()), 30));
    assert_eq!(run.complaints, []);
}

#[tokio::test]
async fn without_dates_the_manifest_tells_them_or_the_next_run_reads_again() {
    for (no_manifest, no_next) in [(false, false), (false, true), (true, false)] {
        let quirks = Quirks {
            no_dates: true,
            no_next,
            no_manifest,
            ..Quirks::default()
        };
        let peer = Peer::answering(shelf(series(25, |n| n as i64), quirks)).await;
        let run = run(&peer.client(), &peer, 10, Cursor::default()).await;
        assert_eq!((run.end, distinct(&run.objects)), (Ok(()), 25));
        let expected = (!no_manifest).then_some("2023-11-14T22:13:44.000000Z");
        assert_eq!(run.cursor.added_after.as_deref(), expected);
        assert_eq!(run.complaints.contains(&Complaint::NoDates), no_manifest);
    }
}

#[tokio::test]
async fn an_interrupted_run_goes_on_and_a_forgotten_token_costs_a_second_reading_only() {
    let all = series(30, |n| (n / 4) as i64);
    let peer = Peer::answering(shelf(all.clone(), Quirks::default())).await;
    let (client, ask) = (
        peer.client(),
        Ask {
            limit: 10,
            ..Ask::default()
        },
    );
    let mut pull = client.pull(&peer.places().1, ask, Cursor::default());
    let mut had = texts(&pull.next().await.unwrap().unwrap());
    let cursor = pull.cursor().clone();
    let kept = serde_json::to_string(&cursor).unwrap();
    assert_eq!(serde_json::from_str::<Cursor>(&kept).unwrap(), cursor);

    let resumed = run(&client, &peer, 10, cursor.clone()).await;
    assert_eq!((resumed.end, resumed.objects.len()), (Ok(()), 20));

    // The same server after it lost its tokens.
    let honest = shelf(all, Quirks::default());
    let forgetful = Peer::answering(move |asked: &Asked| match asked.query.get("next") {
        Some(token) if token == "t10" => status(400, r#"{"title":"unknown token"}"#),
        _ => honest(asked),
    })
    .await;
    let resumed = run(&forgetful.client(), &forgetful, 10, cursor).await;
    assert_eq!(resumed.complaints, [Complaint::TokenRefused]);
    had.extend(resumed.objects);
    assert_eq!(distinct(&had), 30, "nothing of a shared instant is lost");
}

#[tokio::test]
async fn an_endless_next_is_seen() {
    type Answer = fn(usize) -> String;
    let same: Answer = |_| format!(r#"{{"more":true,"next":"t","objects":[{}]}}"#, object(1));
    let fresh_token: Answer =
        |n| format!(r#"{{"more":true,"next":"t{n}","objects":[{}]}}"#, object(1));
    let empty: Answer = |n| format!(r#"{{"more":true,"next":"t{n}"}}"#);
    let no_next: Answer = |_| r#"{"more":true}"#.to_owned();
    for (name, answer) in [
        ("the same page under the same token", same),
        ("the same page under fresh tokens", fresh_token),
        ("empty pages", empty),
        ("more without anything", no_next),
    ] {
        for dated in [false, true] {
            let count = AtomicUsize::new(0);
            let peer = Peer::answering(move |_| {
                let n = count.fetch_add(1, Ordering::Relaxed);
                let mut response = taxii(answer(n));
                if dated {
                    // The position moves, the content does not.
                    let date = format!("2024-01-01T00:00:00.{n:06}Z").parse().unwrap();
                    let headers = response.headers_mut();
                    headers.insert("x-taxii-date-added-last", date);
                }
                response
            })
            .await;
            let run = run(&peer.client(), &peer, 10, Cursor::default()).await;
            assert!(
                matches!(run.end, Err(Error::Stuck(_))),
                "{name}: {:?}",
                run.end
            );
            assert!(peer.count() <= 40, "{name}: {} requests", peer.count());
        }
    }
}

#[tokio::test]
async fn a_flood_of_new_objects_ends_with_the_run_and_goes_on_with_the_next() {
    let count = AtomicUsize::new(0);
    let peer = Peer::answering(move |_| {
        let n = count.fetch_add(1, Ordering::Relaxed);
        taxii(format!(
            r#"{{"more":true,"next":"t{n}","objects":[{}]}}"#,
            object(n)
        ))
    })
    .await;
    let mut settings = peer.settings();
    settings.limits.run_objects = 50;
    let client = Client::new(&settings).unwrap();
    let flooded = run(&client, &peer, 10, Cursor::default()).await;
    assert!(matches!(flooded.end, Err(Error::Enough(_))));
    assert_eq!(
        (flooded.objects.len(), flooded.cursor.next.as_deref()),
        (50, Some("t49"))
    );
    settings.limits.run_objects = usize::MAX;
    settings.limits.run_pages = 7;
    let client = Client::new(&settings).unwrap();
    let flooded = run(&client, &peer, 10, Cursor::default()).await;
    assert_eq!(flooded.objects.len(), 7);
}

#[tokio::test]
async fn an_inclusive_added_after_is_no_endless_loop() {
    let quirks = Quirks {
        no_next: true,
        inclusive: true,
        cap: Some(5),
        no_manifest: true,
        ..Quirks::default()
    };
    let peer = Peer::answering(shelf(series(9, |_| 3), quirks)).await;
    let run = run(&peer.client(), &peer, 5, Cursor::default()).await;
    assert!(matches!(run.end, Err(Error::Stuck(_))), "{:?}", run.end);
    assert!(peer.count() < 20);
}

#[tokio::test]
async fn forged_dates_do_not_move_the_cursor() {
    let answer = |date: &'static str| {
        move |asked: &Asked| {
            let mut response = match asked.query.get("next") {
                None => taxii(format!(
                    r#"{{"more":true,"next":"a","objects":[{}]}}"#,
                    object(1)
                )),
                Some(_) => taxii(format!(r#"{{"objects":[{}]}}"#, object(2))),
            };
            if asked.path.ends_with("/manifest/") {
                return status(404, "{}");
            }
            let headers = response.headers_mut();
            headers.insert("x-taxii-date-added-last", date.parse().unwrap());
            response
        }
    };
    let clock = Arc::new(ManualClock::new(1_700_000_000_000_000));
    for (date, kept, complaint) in [
        (
            "9999-12-31T23:59:59.999999Z",
            None,
            Complaint::Future("9999-12-31T23:59:59.999999Z".to_owned()),
        ),
        (
            "2023-11-16T00:00:00.000000Z",
            None,
            Complaint::Future("2023-11-16T00:00:00.000000Z".to_owned()),
        ),
    ] {
        let peer = Peer::answering(answer(date)).await;
        let mut settings = peer.settings();
        settings.clock = clock.clone();
        let client = Client::new(&settings).unwrap();
        let run = run(&client, &peer, 10, Cursor::default()).await;
        assert_eq!((run.end, run.objects.len()), (Ok(()), 2), "{date}");
        assert_eq!(run.cursor.added_after.as_deref(), kept, "{date}");
        assert!(run.complaints.contains(&complaint), "{:?}", run.complaints);
    }
    // What is no date at all is taken as the server's own, and given back to it.
    let peer = Peer::answering(answer("page-7")).await;
    let run = run(&peer.client(), &peer, 10, Cursor::default()).await;
    assert_eq!(run.cursor.added_after.as_deref(), Some("page-7"));
}

#[tokio::test]
async fn dates_that_run_backwards_do_not_lose_what_an_interrupted_run_left() {
    let peer = Peer::answering(|asked| {
        let n: usize = asked
            .query
            .get("next")
            .map_or(0, |token| token.parse().unwrap());
        let mut response = taxii(format!(
            r#"{{"more":true,"next":"{}","objects":[{}]}}"#,
            n + 1,
            object(n)
        ));
        let date = format!("2023-01-01T00:00:{:02}Z", [30, 10, 50][n % 3]);
        let headers = response.headers_mut();
        headers.insert("x-taxii-date-added-last", date.parse().unwrap());
        response
    })
    .await;
    let client = peer.client();
    let from = Cursor {
        added_after: Some("2022-01-01T00:00:00Z".to_owned()),
        next: None,
    };
    let mut pull = client.pull(&peer.places().1, Ask::default(), from.clone());
    for _ in 0..3 {
        pull.next().await.unwrap().unwrap();
    }
    assert_eq!(pull.complaints(), [Complaint::OutOfOrder]);
    assert_eq!(pull.cursor().added_after, from.added_after);
}

#[tokio::test]
async fn a_page_that_breaks_off_gives_what_it_had_and_moves_nothing() {
    let (one, two) = (object(1), object(2));
    let peer = Peer::answering(move |_| {
        let mut response = taxii(format!(
            r#"{{"more":true,"next":"a","objects":[{one},{two},{{"id":"#
        ));
        let date = "2024-01-01T00:00:00Z".parse().unwrap();
        let headers = response.headers_mut();
        headers.insert("x-taxii-date-added-last", date);
        response
    })
    .await;
    let run = run(&peer.client(), &peer, 10, Cursor::default()).await;
    assert_eq!(run.objects, [object(1), object(2)]);
    assert!(matches!(run.end, Err(Error::Unreadable(_))));
    assert_eq!(run.cursor, Cursor::default());
}

#[tokio::test]
async fn what_is_no_envelope_is_said_to_be_none() {
    for body in [
        "null",
        "[]",
        "7",
        "\"x\"",
        "",
        "{",
        r#"{"objects":7"#,
        r#"{"type":"tool","id":"tool--00000000-0000-4000-8000-000000000001"}"#,
    ] {
        let peer = Peer::answering(move |_| taxii(body)).await;
        let run = run(&peer.client(), &peer, 10, Cursor::default()).await;
        assert!(
            matches!(run.end, Err(Error::Unreadable(_))),
            "{body}: {:?}",
            run.end
        );
    }
    for body in ["{}", r#"{"objects":[]}"#, r#"{"more":false}"#, "\u{feff}{}"] {
        let peer = Peer::answering(move |_| taxii(body)).await;
        let run = run(&peer.client(), &peer, 10, Cursor::default()).await;
        assert_eq!((run.end, run.objects.len()), (Ok(()), 0), "{body}");
    }
}

#[tokio::test]
async fn a_broken_object_travels_with_its_neighbors() {
    let (one, two) = (object(1), object(2));
    let peer = Peer::answering(move |_| {
        taxii(format!(
            r#"{{"objects":[{one},{{"type":"tool","id":7,"id":8}},"text",{two}]}}"#
        ))
    })
    .await;
    let run = run(&peer.client(), &peer, 10, Cursor::default()).await;
    assert_eq!(run.objects.len(), 4, "whoever accepts them judges them");
}

#[tokio::test]
async fn a_run_may_begin_before_its_cursor() {
    let peer = Peer::answering(shelf(series(20, |n| n as i64), Quirks::default())).await;
    let client = peer.client();
    let from = Cursor {
        added_after: Some("2023-11-14T22:13:34.000000Z".to_owned()),
        next: None,
    };
    let ask = Ask {
        overlap: Duration::from_secs(5),
        ..Ask::default()
    };
    let mut pull = client.pull(&peer.places().1, ask, from);
    assert_eq!(pull.next().await.unwrap().unwrap().len(), 5 + 5);
}
