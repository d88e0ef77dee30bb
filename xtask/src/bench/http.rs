//! A keep-alive HTTP/1.1 client that does as little as a client can, so that what is measured is the server.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;

use anyhow::{Context, Result, bail};

/// One connection.
pub(crate) struct Connection {
    stream: BufReader<TcpStream>,
    host: String,
    headers: String,
    /// Whether the server said that it closes it.
    closed: bool,
}

/// An answer, its body read to the end.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    /// A header's value.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let found = self
            .headers
            .iter()
            .find(|(known, _)| known.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_str())
    }
}

impl Connection {
    /// Connects to `host:port`; `headers` go with each request, each ending in CRLF.
    pub(crate) fn open(host: &str, headers: &str) -> Result<Self> {
        Ok(Self {
            stream: connect(host)?,
            host: host.to_owned(),
            headers: format!("Host: {host}\r\n{headers}"),
            closed: false,
        })
    }

    pub(crate) fn get(&mut self, path: &str) -> Result<Answer> {
        self.send(
            format!("GET {path} HTTP/1.1\r\n{}\r\n", self.headers).as_bytes(),
            &[],
        )
    }

    pub(crate) fn post(&mut self, path: &str, kind: &str, body: &[u8]) -> Result<Answer> {
        let head = format!(
            "POST {path} HTTP/1.1\r\n{}Content-Type: {kind}\r\nContent-Length: {}\r\n\r\n",
            self.headers,
            body.len()
        );
        self.send(head.as_bytes(), body)
    }

    fn send(&mut self, head: &[u8], body: &[u8]) -> Result<Answer> {
        if self.closed {
            self.stream = connect(&self.host)?;
            self.closed = false;
        }
        let stream = self.stream.get_mut();
        stream.write_all(head)?;
        stream.write_all(body)?;
        let mut line = String::new();
        self.stream.read_line(&mut line)?;
        let status = line
            .split(' ')
            .nth(1)
            .and_then(|code| code.parse().ok())
            .context("no HTTP answer")?;
        let mut headers = Vec::new();
        loop {
            line.clear();
            self.stream.read_line(&mut line)?;
            let Some((name, value)) = line.trim_end().split_once(':') else {
                break;
            };
            headers.push((name.to_owned(), value.trim().to_owned()));
        }
        let mut answer = Answer {
            status,
            headers,
            body: Vec::new(),
        };
        self.closed = answer
            .header("connection")
            .is_some_and(|option| option.eq_ignore_ascii_case("close"));
        if answer
            .header("transfer-encoding")
            .is_some_and(|coding| coding.eq_ignore_ascii_case("chunked"))
        {
            self.chunks(&mut answer.body)?;
        } else {
            let length = answer
                .header("content-length")
                .and_then(|length| length.parse().ok())
                .unwrap_or(0);
            answer.body.resize(length, 0);
            self.stream.read_exact(&mut answer.body)?;
        }
        Ok(answer)
    }

    fn chunks(&mut self, body: &mut Vec<u8>) -> Result<()> {
        let mut line = String::new();
        loop {
            line.clear();
            self.stream.read_line(&mut line)?;
            let size = line.trim_end().split(';').next().unwrap_or_default();
            let Ok(size) = usize::from_str_radix(size, 16) else {
                bail!("a chunk without a size: {line:?}")
            };
            let start = body.len();
            body.resize(start + size, 0);
            if let Some(chunk) = body.get_mut(start..) {
                self.stream.read_exact(chunk)?;
            }
            line.clear();
            self.stream.read_line(&mut line)?;
            if size == 0 {
                return Ok(());
            }
        }
    }
}

fn connect(host: &str) -> Result<BufReader<TcpStream>> {
    let stream =
        TcpStream::connect(host).with_context(|| format!("could not connect to {host}"))?;
    stream.set_nodelay(true)?;
    Ok(BufReader::with_capacity(1 << 16, stream))
}
