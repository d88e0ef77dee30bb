//! How a hostile server answers: pages without an end, lies about what is to come, and what is no TAXII at all.

use std::io::Write;
use std::net::TcpStream;
use std::sync::Arc;

use super::ground::{Ground, Hostile, by, last_page, now, page, tool};
use crate::front::{Asked, Does, answer};

const TAXII: &str = "application/taxii+json;version=2.1";

/// Answers every page with these bytes, whatever they are.
fn every_page(ground: &Ground, bytes: Vec<u8>) -> Does {
    ground.malvia.pages(move |_| bytes.clone())
}

/// Answers everything with these bytes.
fn everything(bytes: Vec<u8>) -> Does {
    Arc::new(move |_, stream| stream.write_all(&bytes).map(|()| true))
}

/// Lets a closure write the answer to each page.
fn writes(
    ground: &Ground,
    write: impl Fn(&mut TcpStream) -> std::io::Result<()> + Send + Sync + 'static,
) -> Does {
    let situation = ground.malvia.situation.clone();
    Arc::new(move |asked: &Asked, stream: &mut TcpStream| {
        if asked.is_page_of(&situation) {
            return write(stream).map(|()| true);
        }
        Ok(false)
    })
}

fn two(ground: &Ground) -> Vec<String> {
    vec![
        tool(ground.fresh(), "2020-01-01T00:00:00.000Z", ""),
        tool(ground.fresh(), "2020-01-01T00:00:00.000Z", ""),
    ]
}

// Pages.

pub(super) fn same_page_new_tokens(ground: &Ground) -> Does {
    let (objects, added) = (two(ground), now());
    ground.malvia.pages(move |n| {
        page(
            &objects,
            &format!("\"more\":true,\"next\":\"t{n}\""),
            &added,
        )
    })
}

pub(super) fn same_page_same_token(ground: &Ground) -> Does {
    let (objects, added) = (two(ground), now());
    ground
        .malvia
        .pages(move |_| page(&objects, "\"more\":true,\"next\":\"t\"", &added))
}

pub(super) fn same_page_no_token(ground: &Ground) -> Does {
    let (objects, added) = (two(ground), now());
    ground
        .malvia
        .pages(move |_| page(&objects, "\"more\":true", &added))
}

pub(super) fn nothing_and_more(ground: &Ground) -> Does {
    every_page(ground, answer(200, &[], b"{\"more\":true}"))
}

pub(super) fn nothing_and_more_with_tokens(ground: &Ground) -> Does {
    let empty = |n| format!("{{\"more\":true,\"next\":\"e{n}\",\"objects\":[]}}");
    ground
        .malvia
        .pages(move |n| answer(200, &[], empty(n).as_bytes()))
}

pub(super) fn broken_objects_without_end(ground: &Ground) -> Does {
    let first = ground.fresh();
    ground.malvia.pages(move |n| {
        let broken = format!(r#"{{"type":"tool","id":"nobody--{first}-{n}"}}"#);
        page(
            &[broken],
            &format!("\"more\":true,\"next\":\"b{n}\""),
            &now(),
        )
    })
}

pub(super) fn cursor_that_goes_back(ground: &Ground) -> Does {
    let objects = two(ground);
    ground.malvia.pages(move |n| {
        let day = 28 - n % 28;
        page(
            &objects,
            "\"more\":true",
            &format!("2019-02-{day:02}T00:00:00.000000Z"),
        )
    })
}

pub(super) fn dates_of_the_year_9999(ground: &Ground) -> Does {
    every_page(
        ground,
        page(
            &two(ground),
            "\"more\":false",
            "9999-12-31T23:59:59.999999Z",
        ),
    )
}

pub(super) fn no_dates(ground: &Ground) -> Does {
    let body = format!("{{\"objects\":[{}]}}", two(ground).join(","));
    let situation = ground.malvia.situation.clone();
    Arc::new(move |asked, stream| {
        let manifest = asked.path.contains("/manifest/");
        if manifest || asked.is_page_of(&situation) {
            let said = if manifest {
                answer(404, &[], b"{}")
            } else {
                answer(200, &[], body.as_bytes())
            };
            return stream.write_all(&said).map(|()| true);
        }
        Ok(false)
    })
}

pub(super) fn more_than_asked(ground: &Ground) -> Does {
    let first = ground.fresh();
    let objects: Vec<String> = (0..19_000)
        .map(|n| format!(r#"{{"type":"tool","id":"x{first}{n}"}}"#))
        .collect();
    every_page(ground, last_page(&objects))
}

pub(super) fn more_than_may_be(ground: &Ground) -> Does {
    let objects: Vec<String> = (0..30_000).map(|_| "{}".to_owned()).collect();
    every_page(ground, last_page(&objects))
}

/// Good objects for as long as anybody listens.
pub(super) fn good_objects_without_end(hostile: &Hostile) -> Does {
    hostile.pages(|n| {
        let number = |k: usize| 0x4000_0000 + (n * 500 + k) as u64;
        let objects: Vec<String> = (0..500)
            .map(|k| tool(number(k), "2020-01-01T00:00:00.000Z", ""))
            .collect();
        page(
            &objects,
            &format!("\"more\":true,\"next\":\"g{n}\""),
            &now(),
        )
    })
}

/// Objects that a person would have to decide about, for as long as anybody listens.
pub(super) fn open_questions_without_end(ground: &Ground, hostile: &Hostile) -> Does {
    let author = ground.belmark_id.clone();
    hostile.pages(move |n| {
        let number = |k: usize| 0x5000_0000 + (n * 100 + k) as u64;
        let objects: Vec<String> = (0..100)
            .map(|k| by(&author, number(k), "2020-01-01T00:00:00.000Z"))
            .collect();
        page(
            &objects,
            &format!("\"more\":true,\"next\":\"q{n}\""),
            &now(),
        )
    })
}

// Bodies.

pub(super) fn torn(ground: &Ground) -> Does {
    let whole = last_page(&two(ground));
    let text = String::from_utf8(whole).unwrap();
    let body = text.split_once("\r\n\r\n").unwrap().1;
    let torn = format!("{}}},{{\"type\":\"to", &body[..body.len() - 3]);
    every_page(ground, answer(200, &[], torn.as_bytes()))
}

pub(super) fn longer_than_announced(ground: &Ground) -> Does {
    let page = String::from_utf8(last_page(&two(ground))).unwrap();
    let (head, body) = page.split_once("\r\n\r\n").unwrap();
    let lie = head.replace(
        &format!("Content-Length: {}", body.len()),
        "Content-Length: 40",
    );
    every_page(ground, format!("{lie}\r\n\r\n{body}").into_bytes())
}

pub(super) fn cut_in_the_body(ground: &Ground) -> Does {
    let page = last_page(&two(ground));
    let half = page[..page.len() - 50].to_vec();
    every_page(ground, half)
}

pub(super) fn cut_in_the_head(ground: &Ground) -> Does {
    every_page(ground, b"HTTP/1.1 200 OK\r\nContent-Ty".to_vec())
}

pub(super) fn exabytes_announced(ground: &Ground) -> Does {
    let head = format!(
        "HTTP/1.1 200 OK\r\nContent-Type: {TAXII}\r\nContent-Length: 9223372036854775807\r\n\r\n{{"
    );
    every_page(ground, head.into_bytes())
}

pub(super) fn chunks_without_end(ground: &Ground) -> Does {
    writes(ground, |stream| {
        let head = format!(
            "HTTP/1.1 200 OK\r\nContent-Type: {TAXII}\r\nTransfer-Encoding: chunked\r\n\r\n"
        );
        stream.write_all(head.as_bytes())?;
        let piece = [b"10000\r\n".as_slice(), &[b' '; 0x10000], b"\r\n"].concat();
        // It ends when the other side has had enough.
        loop {
            stream.write_all(&piece)?;
        }
    })
}

pub(super) fn head_without_end(ground: &Ground) -> Does {
    writes(ground, |stream| {
        stream.write_all(b"HTTP/1.1 200 OK\r\n")?;
        loop {
            stream.write_all(b"X-Filler: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\r\n")?;
        }
    })
}

pub(super) fn gzip_bomb(ground: &Ground) -> Does {
    // The beginning of a gzip stream; what follows would be a gibibyte of blanks.
    let body = [
        b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff".as_slice(),
        &[0; 4_096],
    ]
    .concat();
    every_page(ground, answer(200, &[("Content-Encoding", "gzip")], &body))
}

pub(super) fn html(_: &Ground) -> Does {
    everything(answer(
        200,
        &[("Content-Type", "text/html")],
        b"<html><form>Sign in</form></html>",
    ))
}

pub(super) fn no_http(_: &Ground) -> Does {
    everything(b"SSH-2.0-OpenSSH_9.9\r\n".to_vec())
}

pub(super) fn no_bytes(_: &Ground) -> Does {
    Arc::new(|_, _| Ok(true))
}

pub(super) fn deep_listing(_: &Ground) -> Does {
    let deep = format!(
        "{{\"collections\":{}{}}}",
        "[".repeat(200_000),
        "]".repeat(200_000)
    );
    Arc::new(move |asked, stream| {
        if !asked.is_listing() {
            return Ok(false);
        }
        stream
            .write_all(&answer(200, &[], deep.as_bytes()))
            .map(|()| true)
    })
}

// Where to, and whether at all.

/// Sends the caller to another address: a door within its network that it should not knock at.
pub(super) fn redirect_to(address: String) -> Does {
    let location = format!("http://{address}/taxii2/root/");
    everything(answer(302, &[("Location", &location)], b""))
}

pub(super) fn redirect_in_a_circle(_: &Ground) -> Does {
    Arc::new(|asked, stream| {
        let around = answer(307, &[("Location", &asked.path)], b"");
        stream.write_all(&around).map(|()| true)
    })
}

pub(super) fn redirect_to_a_file(_: &Ground) -> Does {
    everything(answer(301, &[("Location", "file:///etc/passwd")], b""))
}

pub(super) fn fails(_: &Ground) -> Does {
    everything(answer(
        500,
        &[],
        br#"{"title":"No\u202e way","error_id":"e1"}"#,
    ))
}

pub(super) fn busy_for_ever(_: &Ground) -> Does {
    everything(answer(
        503,
        &[("Retry-After", "99999999999999999999")],
        b"{}",
    ))
}

pub(super) fn lets_nobody_in(_: &Ground) -> Does {
    everything(answer(401, &[], b"{}"))
}

pub(super) fn long_refusal(_: &Ground) -> Does {
    everything(answer(
        400,
        &[],
        format!("{{\"title\":\"{}\"}}", "x".repeat(1 << 20)).as_bytes(),
    ))
}

/// As many collections as fit, each time others.
pub(super) fn collections_without_number(_: &Ground) -> Does {
    let count = std::sync::atomic::AtomicUsize::new(0);
    Arc::new(move |asked, stream| {
        if !asked.is_listing() {
            return Ok(false);
        }
        let round = count.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
        let names: Vec<String> = (0..8_000)
            .map(|n| format!(r#"{{"id":"c{round}-{n}","can_read":true}}"#))
            .collect();
        let body = format!("{{\"collections\":[{}]}}", names.join(","));
        stream
            .write_all(&answer(200, &[], body.as_bytes()))
            .map(|()| true)
    })
}

/// Collections whose names would lead out of the list.
pub(super) fn names_that_climb(_: &Ground) -> Does {
    let listing = r#"{"collections":[{"id":"..","can_read":true},{"id":"../../../entente/poke","can_read":true},{"id":"","can_read":true},{"id":"a\u0000b","can_read":true}]}"#;
    Arc::new(move |asked, stream| {
        if asked.is_listing() {
            return stream
                .write_all(&answer(200, &[], listing.as_bytes()))
                .map(|()| true);
        }
        let climbed =
            asked.method == "POST" || asked.path.contains("poke") && !asked.path.contains("%2F");
        assert!(!climbed, "{} {}", asked.method, asked.path);
        Ok(false)
    })
}
