//! Giving objects to servers that take them at once, later, in part, or not at all.

use std::sync::atomic::{AtomicUsize, Ordering};

use taxii::client::{Client, Delivery, Error, Fate};

use crate::peer::{Asked, Peer, object, status};

async fn give(client: &Client, peer: &Peer, objects: &[String]) -> Delivery {
    let (root, collection) = peer.places();
    let bytes = objects.iter().map(String::as_bytes);
    client.add(&root, &collection, bytes).await
}

fn objects(count: usize) -> Vec<String> {
    (0..count).map(object).collect()
}

/// How many objects an envelope holds, as the server reads it.
fn received(asked: &Asked) -> usize {
    let split = stix::split(&asked.body, &stix::Limits::default());
    assert_eq!(split.lost, None);
    split.objects.len()
}

fn complete(count: usize) -> String {
    format!(
        r#"{{"id":"s","status":"complete","total_count":{count},"success_count":{count},"failure_count":0,"pending_count":0}}"#
    )
}

#[tokio::test]
async fn envelopes_keep_to_both_limits_and_carry_the_bytes_as_they_are() {
    let given = objects(25);
    let size = given[0].len();
    let peer = Peer::answering(move |asked| {
        assert!(asked.body.len() <= 10 * size, "{}", asked.body.len());
        assert_eq!(
            asked.headers["content-type"],
            "application/taxii+json;version=2.1"
        );
        status(202, &complete(received(asked)))
    })
    .await;
    let mut settings = peer.settings();
    settings.limits.envelope_objects = 7;
    let client = Client::new(&settings).unwrap();
    let (mut root, collection) = peer.places();
    root.max_content_length = Some(10 * size as u64);
    let bytes = given.iter().map(String::as_bytes);
    let delivery = client.add(&root, &collection, bytes).await;
    assert!(delivery.is_complete(), "{delivery:?}");
    let bodies: Vec<_> = peer
        .asked
        .lock()
        .unwrap()
        .iter()
        .map(|a| a.body.clone())
        .collect();
    let expected = format!("{{\"objects\":[{}]}}", given[..7].join(","));
    assert_eq!(bodies[0], expected.as_bytes());
    assert_eq!(bodies.len(), 4);
}

#[tokio::test]
async fn what_fits_no_envelope_is_said_and_its_neighbors_go() {
    let mut given = objects(3);
    given[1] = given[1].replace("\"odd\"", &format!("\"{}\"", "x".repeat(5_000)));
    let peer = Peer::answering(|asked| status(202, &complete(received(asked)))).await;
    let (mut root, collection) = peer.places();
    root.max_content_length = Some(4_000);
    let client = peer.client();
    let delivery = client
        .add(&root, &collection, given.iter().map(String::as_bytes))
        .await;
    let fates: Vec<_> = delivery.lines.iter().map(|line| &line.fate).collect();
    assert_eq!(fates, [&Fate::Taken, &Fate::TooLarge, &Fate::Taken]);
}

#[tokio::test]
async fn a_pending_status_is_asked_for_until_it_is_complete() {
    let asks = AtomicUsize::new(0);
    let peer = Peer::answering(move |asked| {
        if asked.method == http::Method::POST {
            return status(202, r#"{"id":"s1","status":"pending","pending_count":2}"#);
        }
        assert_eq!(asked.path, "/taxii2/root/status/s1/");
        match asks.fetch_add(1, Ordering::Relaxed) {
            0 => status(503, "{}"),
            1 => status(200, r#"{"id":"s1","status":"pending","pending_count":1,"success_count":1}"#),
            _ => status(200, r#"{"id":"s1","status":"complete","success_count":1,"failure_count":1,"failures":[{"id":"tool--00000000-0000-4000-8000-000000000001","version":"2024-01-01T00:00:01.0000000010Z","message":"no\u0007"}]}"#),
        }
    })
    .await;
    let delivery = give(&peer.client(), &peer, &objects(2)).await;
    assert_eq!(delivery.lines[0].fate, Fate::Taken);
    assert_eq!(
        delivery.lines[1].fate,
        Fate::Refused("no".to_owned()),
        "one instant in two spellings"
    );
    assert_eq!(peer.count(), 4);
}

#[tokio::test]
async fn a_server_that_never_decides_is_not_asked_for_ever() {
    let peer =
        Peer::answering(|_| status(202, r#"{"id":"s1","status":"pending","pending_count":2}"#))
            .await;
    let mut settings = peer.settings();
    settings.limits.decision = std::time::Duration::from_millis(100);
    let client = Client::new(&settings).unwrap();
    let delivery = give(&client, &peer, &objects(2)).await;
    assert!(delivery.lines.iter().all(|line| line.fate == Fate::Pending));
    assert!(peer.count() < 12, "the pauses grow: {}", peer.count());
}

#[tokio::test]
async fn one_object_that_a_server_does_not_bear_costs_its_neighbors_nothing() {
    for (code, fate) in [(422, "refused"), (413, "too large"), (400, "refused")] {
        let peer = Peer::answering(move |asked| {
            let text = String::from_utf8_lossy(&asked.body);
            if text.contains("000000000013") {
                return status(code, r#"{"title":"bad"}"#);
            }
            status(202, &complete(received(asked)))
        })
        .await;
        let delivery = give(&peer.client(), &peer, &objects(40)).await;
        assert_eq!(delivery.stopped, None);
        for (at, line) in delivery.lines.iter().enumerate() {
            let bad = match &line.fate {
                Fate::Refused(reason) => reason.contains("bad") && fate == "refused",
                Fate::TooLarge => fate == "too large",
                _ => false,
            };
            assert_eq!(
                (bad, line.fate == Fate::Taken),
                (at == 13, at != 13),
                "{at}"
            );
        }
    }
}

#[tokio::test]
async fn a_server_that_refuses_everything_is_told_from_one_that_is_down() {
    let peer = Peer::answering(|_| status(403, "{}")).await;
    let delivery = give(&peer.client(), &peer, &objects(3)).await;
    assert!(matches!(delivery.stopped, Some(Error::Denied(_))));
    assert!(delivery.lines.iter().all(|line| line.fate == Fate::Unsent));
    assert_eq!(peer.count(), 1);

    let peer = Peer::answering(|_| status(500, "{}")).await;
    let delivery = give(&peer.client(), &peer, &objects(3)).await;
    assert!(matches!(delivery.stopped, Some(Error::Failed(_))));
    assert!(delivery.lines.iter().all(|line| line.fate == Fate::Unknown));
}

#[tokio::test]
async fn counts_without_names_are_believed_only_where_they_leave_no_doubt() {
    for (counts, expected) in [
        (
            r#""success_count":2,"failure_count":0,"pending_count":0"#,
            Fate::Taken,
        ),
        (r#""success_count":"2""#, Fate::Taken),
        (r#""success_count":1,"failure_count":1"#, Fate::Unknown),
        (
            r#""success_count":0,"failure_count":2"#,
            Fate::Refused("the server gives no reason".to_owned()),
        ),
        (r#""success_count":0"#, Fate::Unknown),
    ] {
        let peer = Peer::answering(move |_| {
            status(
                202,
                &format!(r#"{{"id":"s","status":"complete",{counts}}}"#),
            )
        })
        .await;
        let delivery = give(&peer.client(), &peer, &objects(2)).await;
        assert_eq!(delivery.lines[0].fate, expected, "{counts}");
    }
    for body in ["{}", "null", "<html>"] {
        let peer = Peer::answering(move |_| status(202, body)).await;
        let delivery = give(&peer.client(), &peer, &objects(2)).await;
        assert_eq!(delivery.lines[0].fate, Fate::Unknown, "{body}");
    }
}
