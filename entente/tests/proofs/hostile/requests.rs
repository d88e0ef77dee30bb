//! The bodies and requests of misbehaviors, whole or not.

use std::io::{self, Read, Write};
use std::net::Shutdown;

use super::deliveries::own;
use super::{FIRST, Ground, id, tool};
use crate::wire::{Answer, Caller, SITUATION, TAXII, basic, read};

/// The object that torn JSON begins with.
pub(super) const TORN: u64 = 0x114;

/// The objects in what is refused: none of them may be there afterwards.
pub(super) fn refused() -> impl Iterator<Item = u64> {
    // One is in a body whose answer nobody reads: that may have been taken.
    (TORN..=0x11c)
        .filter(|n| *n != 0x119)
        .chain([MANY, MANY + 5_000])
}

/// The first of more objects than an envelope may have.
const MANY: u64 = 0x10_0000;

fn objects() -> String {
    format!("{SITUATION}objects/")
}

// Bodies.

fn post(ground: &Ground, body: &[u8]) -> io::Result<Answer> {
    ground.hostile.post(&objects(), body)
}

fn post_as(ground: &Ground, headers: &[(&str, &str)], body: &[u8]) -> io::Result<Answer> {
    ground.hostile.ask("POST", &objects(), headers, body)
}

pub(super) fn empty_body(ground: &Ground) -> io::Result<Answer> {
    post(ground, b"")
}

pub(super) fn torn_json(ground: &Ground) -> io::Result<Answer> {
    let body = format!("{{\"objects\":[{},", String::from_utf8_lossy(&own(20, "")));
    post(ground, body.as_bytes())
}

pub(super) fn tail(ground: &Ground) -> io::Result<Answer> {
    let body = format!(
        "{{\"objects\":[{}]}} {{\"objects\":[]}}",
        String::from_utf8_lossy(&own(21, ""))
    );
    post(ground, body.as_bytes())
}

pub(super) fn two_lists(ground: &Ground) -> io::Result<Answer> {
    let body = format!(
        "{{\"objects\":[{}],\"objects\":[{}]}}",
        String::from_utf8_lossy(&own(22, "")),
        String::from_utf8_lossy(&own(23, ""))
    );
    post(ground, body.as_bytes())
}

pub(super) fn bare_array(ground: &Ground) -> io::Result<Answer> {
    post(ground, b"[[[[]]]]")
}

pub(super) fn too_many(ground: &Ground) -> io::Result<Answer> {
    let many: Vec<String> = (0..5_001).map(|n| tool(MANY + n, FIRST, "")).collect();
    post(
        ground,
        format!("{{\"objects\":[{}]}}", many.join(",")).as_bytes(),
    )
}

pub(super) fn too_large(ground: &Ground) -> io::Result<Answer> {
    post(ground, &vec![b' '; 11 << 20])
}

pub(super) fn too_large_as_announced(ground: &Ground) -> io::Result<Answer> {
    let head = head(
        &ground.hostile,
        &[("Content-Length", "9223372036854775807")],
    );
    ground.hostile.raw(format!("{head}\r\n{{").as_bytes())
}

pub(super) fn too_large_in_chunks(ground: &Ground) -> io::Result<Answer> {
    let head = head(&ground.hostile, &[("Transfer-Encoding", "chunked")]);
    let chunk = [
        format!("{:x}\r\n", 1 << 20).into_bytes(),
        vec![b' '; 1 << 20],
        b"\r\n".to_vec(),
    ]
    .concat();
    ground.hostile.raw(
        &[
            format!("{head}\r\n").into_bytes(),
            chunk.repeat(12),
            b"0\r\n\r\n".to_vec(),
        ]
        .concat(),
    )
}

pub(super) fn two_lengths(ground: &Ground) -> io::Result<Answer> {
    let head = head(
        &ground.hostile,
        &[("Content-Length", "5"), ("Transfer-Encoding", "chunked")],
    );
    ground
        .hostile
        .raw(format!("{head}\r\n0\r\n\r\nGET /metrics HTTP/1.1\r\nHost: x\r\n\r\n").as_bytes())
}

pub(super) fn negative_length(ground: &Ground) -> io::Result<Answer> {
    ground.hostile.raw(
        format!(
            "{}\r\n{{}}",
            head(&ground.hostile, &[("Content-Length", "-1")])
        )
        .as_bytes(),
    )
}

pub(super) fn half_a_body(ground: &Ground) -> io::Result<Answer> {
    let head = head(&ground.hostile, &[("Content-Length", "4096")]);
    let mut stream = ground.hostile.connect()?;
    stream.write_all(
        format!(
            "{head}\r\n{{\"objects\":[{}",
            String::from_utf8_lossy(&own(24, ""))
        )
        .as_bytes(),
    )?;
    stream.shutdown(Shutdown::Write)?;
    read(&mut stream)
}

pub(super) fn answer_unread(ground: &Ground) -> io::Result<Answer> {
    let body = format!(
        "{{\"objects\":[{}]}}",
        String::from_utf8_lossy(&own(25, ""))
    );
    let head = head(
        &ground.hostile,
        &[("Content-Length", &body.len().to_string())],
    );
    ground
        .hostile
        .send_and_leave(format!("{head}\r\n{body}").as_bytes())?;
    Err(io::Error::other("it did not wait"))
}

fn head(caller: &Caller, more: &[(&str, &str)]) -> String {
    let headers = [&[("Accept", TAXII), ("Content-Type", TAXII)], more].concat();
    caller.head("POST", &objects(), &headers)
}

pub(super) fn wrong_media_type(ground: &Ground) -> io::Result<Answer> {
    post_as(ground, &[("Content-Type", "text/html")], &own(26, ""))
}

pub(super) fn two_media_types(ground: &Ground) -> io::Result<Answer> {
    post_as(
        ground,
        &[("Content-Type", TAXII), ("Content-Type", "text/plain")],
        &own(27, ""),
    )
}

pub(super) fn compressed(ground: &Ground) -> io::Result<Answer> {
    post_as(
        ground,
        &[("Content-Type", TAXII), ("Content-Encoding", "gzip")],
        &[0x1f, 0x8b, 8, 0, 0, 0, 0, 0],
    )
}

// Requests.

fn get(ground: &Ground, rest: &str) -> io::Result<Answer> {
    ground.hostile.get(&format!("{}{rest}", objects()))
}

pub(super) fn forged_next(ground: &Ground) -> io::Result<Answer> {
    get(ground, "?next=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")
}

pub(super) fn bare_next(ground: &Ground) -> io::Result<Answer> {
    get(ground, "?next=0")
}

pub(super) fn borrowed_next(ground: &Ground) -> io::Result<Answer> {
    let page = ground.honest.get(&format!("{}?limit=1", objects()))?.json();
    get(
        ground,
        &format!("?next={}", page["next"].as_str().unwrap_or("none")),
    )
}

pub(super) fn endless_limit(ground: &Ground) -> io::Result<Answer> {
    get(ground, "?limit=99999999999999999999999999")
}

pub(super) fn negative_limit(ground: &Ground) -> io::Result<Answer> {
    get(ground, "?limit=-1")
}

pub(super) fn cursor_of_no_date(ground: &Ground) -> io::Result<Answer> {
    get(ground, "?added_after=0000-00-00T99:99:99Z")
}

pub(super) fn many_filters(ground: &Ground) -> io::Result<Answer> {
    let ids: Vec<String> = (0..20_000).map(|n| id("tool", n)).collect();
    get(ground, &format!("?match[id]={}", ids.join(",")))
}

pub(super) fn long_header(ground: &Ground) -> io::Result<Answer> {
    ground
        .hostile
        .ask("GET", &objects(), &[("X-Long", &"x".repeat(2 << 20))], b"")
}

pub(super) fn many_headers(ground: &Ground) -> io::Result<Answer> {
    ground
        .hostile
        .ask("GET", &objects(), &vec![("X-Many", "x"); 5_000], b"")
}

pub(super) fn traversal(ground: &Ground) -> io::Result<Answer> {
    ground
        .hostile
        .get("/taxii2/root/collections/..%2f..%2f..%2fnode.db/objects/")
}

pub(super) fn nul_in_path(ground: &Ground) -> io::Result<Answer> {
    ground
        .hostile
        .get("/taxii2/root/collections/situation%00/objects/")
}

pub(super) fn others_collection(ground: &Ground) -> io::Result<Answer> {
    ground
        .hostile
        .get("/taxii2/root/collections/norms/objects/")
}

pub(super) fn others_status(ground: &Ground) -> io::Result<Answer> {
    let status = std::fs::read_to_string(ground.home.file("status"))?;
    ground
        .hostile
        .get(&format!("/taxii2/root/status/{status}/"))
}

pub(super) fn delete_others(ground: &Ground) -> io::Result<Answer> {
    ground.hostile.ask(
        "DELETE",
        &format!("{}{}/", objects(), id("tool", 2)),
        &[("Accept", TAXII)],
        b"",
    )
}

/// One that it may see, and whose collection it may write to.
pub(super) fn delete_what_it_was_given(ground: &Ground) -> io::Result<Answer> {
    let path = format!("{}{}/", objects(), id("tool", 6));
    let seen = ground.hostile.get(&path)?;
    assert_eq!(seen.status, 200, "it was given nothing: {}", seen.text());
    ground
        .hostile
        .ask("DELETE", &path, &[("Accept", TAXII)], b"")
}

pub(super) fn trace(ground: &Ground) -> io::Result<Answer> {
    ground
        .hostile
        .ask("TRACE", &objects(), &[("Accept", TAXII)], b"")
}

pub(super) fn unknown_method(ground: &Ground) -> io::Result<Answer> {
    ground.hostile.ask("PROPFIND", "/", &[], b"")
}

pub(super) fn metrics_as_if_local(ground: &Ground) -> io::Result<Answer> {
    ground
        .hostile
        .ask("GET", "/metrics", &[("X-Forwarded-For", "127.0.0.1")], b"")
}

pub(super) fn nobody_adds(ground: &Ground) -> io::Result<Answer> {
    ground.anybody.post(&objects(), &own(28, ""))
}

pub(super) fn guessed_secrets(ground: &Ground) -> io::Result<Answer> {
    let mut last = None;
    for n in 0..30 {
        let guess = Caller {
            authorization: Some(basic("honest", &format!("guess {n}"))),
            ..ground.anybody.clone()
        };
        let answer = guess.get(&objects())?;
        let expected = if n < 6 { 401 } else { 429 };
        assert_eq!(answer.status, expected, "{n}: {}", answer.text());
        last = Some(answer);
    }
    last.ok_or_else(|| io::Error::other("nothing was guessed"))
}

pub(super) fn strange_credentials(ground: &Ground) -> io::Result<Answer> {
    let strange = format!("Basic {}", "=".repeat(6_000));
    Caller {
        authorization: Some(strange),
        ..ground.anybody.clone()
    }
    .get(&objects())
}

pub(super) fn peer_token_of_nobody(ground: &Ground) -> io::Result<Answer> {
    let token = "Bearer entente-peer.eyJmcm9tIjoiaWRlbnRpdHktLTAifQ.AAAA";
    Caller {
        authorization: Some(token.to_owned()),
        ..ground.anybody.clone()
    }
    .get(&objects())
}

pub(super) fn not_http(ground: &Ground) -> io::Result<Answer> {
    let mut stream = ground.anybody.connect()?;
    stream.write_all(b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n")?;
    stream.shutdown(Shutdown::Write)?;
    let mut bytes = Vec::new();
    let _ = stream.read_to_end(&mut bytes);
    match bytes.starts_with(b"HTTP/1.1 400") {
        true => Err(io::Error::other("refused")),
        false if bytes.is_empty() => Err(io::Error::other("hung up")),
        false => Ok(Answer {
            status: 200,
            headers: Vec::new(),
            body: bytes,
        }),
    }
}

pub(super) fn many_connections(ground: &Ground) -> io::Result<Answer> {
    let held: Vec<_> = (0..200).map(|_| ground.anybody.connect()).collect();
    let answer = ground.honest.get(&objects());
    drop(held);
    answer
}

pub(super) fn early_leavers(ground: &Ground) -> io::Result<Answer> {
    let request = format!(
        "{}\r\n",
        ground.hostile.head("GET", &objects(), &[("Accept", TAXII)])
    );
    for _ in 0..100 {
        ground.hostile.send_and_leave(request.as_bytes())?;
    }
    ground.honest.get(&objects())
}
