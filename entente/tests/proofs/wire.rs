//! HTTP by hand, so that a proof can say exactly what is sent and sees exactly what comes back.

use std::io::{self, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::time::Duration;

pub(crate) const TAXII: &str = "application/taxii+json;version=2.1";
pub(crate) const SITUATION: &str = "/taxii2/root/collections/situation/";

/// After so long without a byte the other side has failed; nothing waits for it when all is well.
const GIVE_UP: Duration = Duration::from_secs(60);

/// An answer, read to its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.as_str())
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    #[track_caller]
    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|error| panic!("{error}: {} {}", self.status, self.text()))
    }
}

/// One that asks: where, and with which credentials.
#[derive(Debug, Clone)]
pub(crate) struct Caller {
    pub(crate) address: String,
    pub(crate) authorization: Option<String>,
}

impl Caller {
    pub(crate) fn get(&self, path: &str) -> io::Result<Answer> {
        self.ask("GET", path, &[("Accept", TAXII)], b"")
    }

    pub(crate) fn post(&self, path: &str, body: &[u8]) -> io::Result<Answer> {
        self.ask(
            "POST",
            path,
            &[("Accept", TAXII), ("Content-Type", TAXII)],
            body,
        )
    }

    pub(crate) fn ask(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &[u8],
    ) -> io::Result<Answer> {
        let mut request = self.head(method, path, headers);
        if !body.is_empty() || method == "POST" {
            request.push_str(&format!("Content-Length: {}\r\n", body.len()));
        }
        request.push_str("\r\n");
        self.raw(&[request.as_bytes(), body].concat())
    }

    /// The head of a request, without the blank line that ends it.
    pub(crate) fn head(&self, method: &str, path: &str, headers: &[(&str, &str)]) -> String {
        let mut head = format!(
            "{method} {path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n",
            self.address
        );
        if let Some(authorization) = &self.authorization {
            head.push_str(&format!("Authorization: {authorization}\r\n"));
        }
        for (name, value) in headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        head
    }

    pub(crate) fn connect(&self) -> io::Result<TcpStream> {
        let stream = TcpStream::connect(&self.address)?;
        stream.set_read_timeout(Some(GIVE_UP))?;
        stream.set_write_timeout(Some(GIVE_UP))?;
        stream.set_nodelay(true)?;
        Ok(stream)
    }

    /// Sends bytes, says that there are no more, and reads the answer.
    pub(crate) fn raw(&self, request: &[u8]) -> io::Result<Answer> {
        let mut stream = self.connect()?;
        // A server may answer and close before all is sent.
        let _ = stream.write_all(request);
        read(&mut stream)
    }

    /// Sends bytes and goes away.
    pub(crate) fn send_and_leave(&self, bytes: &[u8]) -> io::Result<()> {
        let mut stream = self.connect()?;
        stream.write_all(bytes)?;
        stream.shutdown(Shutdown::Both)
    }
}

/// Reads one answer to the end of the connection.
pub(crate) fn read(stream: &mut TcpStream) -> io::Result<Answer> {
    let mut bytes = Vec::new();
    let end = stream.read_to_end(&mut bytes);
    parse(&bytes).ok_or_else(|| match end {
        Err(error) => error,
        Ok(_) => io::Error::new(io::ErrorKind::UnexpectedEof, "the answer is not whole"),
    })
}

/// An answer, if it is whole.
fn parse(bytes: &[u8]) -> Option<Answer> {
    let split = bytes.windows(4).position(|four| four == b"\r\n\r\n")?;
    let head = std::str::from_utf8(&bytes[..split]).ok()?;
    let mut lines = head.split("\r\n");
    let status = lines.next()?.split(' ').nth(1)?.parse().ok()?;
    let headers: Vec<(String, String)> = lines
        .filter_map(|line| line.split_once(':'))
        .map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_owned()))
        .collect();
    let rest = &bytes[split + 4..];
    let find = |name: &str| {
        headers
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.as_str())
    };
    let body = if find("transfer-encoding") == Some("chunked") {
        unchunk(rest)?
    } else if let Some(length) = find("content-length") {
        rest.get(..length.parse().ok()?)?.to_vec()
    } else {
        rest.to_vec()
    };
    Some(Answer {
        status,
        headers,
        body,
    })
}

fn unchunk(mut rest: &[u8]) -> Option<Vec<u8>> {
    let mut body = Vec::new();
    loop {
        let end = rest.windows(2).position(|two| two == b"\r\n")?;
        let size =
            usize::from_str_radix(std::str::from_utf8(&rest[..end]).ok()?.trim(), 16).ok()?;
        rest = &rest[end + 2..];
        if size == 0 {
            return Some(body);
        }
        body.extend_from_slice(rest.get(..size)?);
        rest = rest.get(size + 2..)?;
    }
}

/// HTTP Basic.
pub(crate) fn basic(name: &str, secret: &str) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::from("Basic ");
    for three in format!("{name}:{secret}").as_bytes().chunks(3) {
        let bits = three
            .iter()
            .fold(0_u32, |bits, byte| bits << 8 | u32::from(*byte))
            << (8 * (3 - three.len()));
        for place in 0..4 {
            let digit = DIGITS[(bits >> (18 - 6 * place) & 63) as usize];
            text.push(if place <= three.len() {
                digit as char
            } else {
                '='
            });
        }
    }
    text
}

#[test]
fn basic_is_base64() {
    for (name, secret, text) in [
        ("a", "", "YTo="),
        ("ab", "", "YWI6"),
        ("ab", "c", "YWI6Yw=="),
        ("Aladdin", "open sesame", "QWxhZGRpbjpvcGVuIHNlc2FtZQ=="),
    ] {
        assert_eq!(basic(name, secret), format!("Basic {text}"));
    }
}
