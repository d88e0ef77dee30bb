//! People who come in as people do: invited from the terminal, each chooses a password and a device's codes, and has a session of their own.

use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{Context, Result, bail};
use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;

use super::house::AT;
use crate::bench::http::Connection;

const PASSWORD: &str = "an+orchard+by+the+river";
const FORM: &str = "application/x-www-form-urlencoded";

/// What the people of a house are, by turns: most read.
pub(super) const ROLES: [&[&str]; 5] = [
    &["reader"],
    &["reader", "editor"],
    &["reader"],
    &["reader", "editor", "releaser"],
    &["reader", "auditor"],
];

/// Presses the button of the page to which a link leads that a command printed; the cookie as a header.
pub(super) fn entered(printed: &str) -> Result<String> {
    let key = after(printed, "/enter?key=").context("no link was printed")?;
    let mut visitor = Connection::open(AT, "Accept: text/html\r\n")?;
    visitor.get(&format!("/enter?key={key}"))?;
    let answer = visitor.post("/enter", FORM, format!("secret-key={key}").as_bytes())?;
    headers(&answer)
}

/// Takes up an invitation that a command printed, and chooses how to sign in; the cookie as a header.
pub(in crate::bench) fn invited(printed: &str) -> Result<String> {
    let code = after(printed, "/welcome?code=").context("no invitation was printed")?;
    let mut visitor = Connection::open(AT, "Accept: text/html\r\n")?;
    let let_in = visitor.post("/welcome", FORM, format!("secret-code={code}").as_bytes())?;
    let mut visitor = Connection::open(AT, &headers(&let_in)?)?;
    let page = visitor.get("/account/choose")?;
    let page = String::from_utf8_lossy(&page.body).into_owned();
    let secret = after(&page, "<code class=\"code\">").context("no secret is shown")?;
    let secret = page
        .split_once(secret)
        .map_or("", |(_, rest)| rest)
        .split('<')
        .next()
        .map(|rest| format!("{secret}{rest}"))
        .unwrap_or_default();
    let code = code_now(&secret)?;
    let typed = format!("secret-password={PASSWORD}&secret-again={PASSWORD}&secret-code={code}");
    let chosen = visitor.post("/account/choose", FORM, typed.as_bytes())?;
    if chosen.status != 200 {
        bail!("how to sign in could not be chosen: {}", chosen.status);
    }
    headers(&chosen)
}

/// What follows a text up to the next blank, quotation mark or tag.
fn after<'t>(text: &'t str, mark: &str) -> Option<&'t str> {
    let rest = text.split_once(mark)?.1;
    rest.split(|c: char| c.is_whitespace() || c == '"' || c == '<')
        .next()
}

fn headers(answer: &crate::bench::http::Answer) -> Result<String> {
    let mut set = answer.headers.iter().filter(|(name, value)| {
        name.eq_ignore_ascii_case("set-cookie") && value.contains("session=")
    });
    let (_, cookie) = set.next().context("no session was opened")?;
    let cookie = cookie.split(';').next().unwrap_or_default();
    Ok(format!(
        "Cookie: {cookie}\r\nAccept: text/html\r\nAccept-Language: en\r\n"
    ))
}

/// The code that a device shows now (RFC 6238) for a secret in base 32.
#[expect(
    clippy::disallowed_methods,
    reason = "the node that is measured goes by the same clock"
)]
fn code_now(secret: &str) -> Result<String> {
    let mut bytes = Vec::new();
    let (mut held, mut bits) = (0_u32, 0);
    for letter in secret
        .bytes()
        .filter(|letter| !letter.is_ascii_whitespace())
    {
        let value = match letter {
            b'A'..=b'Z' => letter - b'A',
            b'2'..=b'7' => letter - b'2' + 26,
            other => bail!("{} is no letter of a secret", char::from(other)),
        };
        held = ((held << 5) | u32::from(value)) & 0xffff;
        bits += 5;
        if bits >= 8 {
            bits -= 8;
            bytes.push(u8::try_from((held >> bits) & 0xff)?);
        }
    }
    let step = SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs() / 30;
    let mut mac = Hmac::<Sha1>::new_from_slice(&bytes)?;
    mac.update(&step.to_be_bytes());
    let digest = mac.finalize().into_bytes();
    let offset = usize::from(digest[19] & 15);
    let four: [u8; 4] = digest[offset..offset + 4].try_into()?;
    let number = u32::from_be_bytes(four) & 0x7fff_ffff;
    Ok(format!("{:06}", number % 1_000_000))
}
