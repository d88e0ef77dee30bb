//! A server in front of a real node: it passes on what it is asked, or does to the caller whatever it was told to do.

use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

/// A request as it came.
pub(crate) struct Asked {
    pub(crate) method: String,
    pub(crate) path: String,
    whole: Vec<u8>,
}

impl Asked {
    fn read(stream: &mut TcpStream) -> io::Result<Self> {
        let mut head = Vec::new();
        let mut byte = [0];
        while !head.ends_with(b"\r\n\r\n") {
            stream.read_exact(&mut byte)?;
            head.push(byte[0]);
        }
        let text = String::from_utf8_lossy(&head).into_owned();
        let mut line = text.lines().next().unwrap_or_default().split(' ');
        let (method, path) = (
            line.next().unwrap_or_default(),
            line.next().unwrap_or_default(),
        );
        let length = text
            .lines()
            .find_map(|line| {
                line.to_ascii_lowercase()
                    .strip_prefix("content-length:")
                    .map(str::to_owned)
            })
            .and_then(|length| length.trim().parse().ok())
            .unwrap_or(0);
        let mut body = vec![0; length];
        stream.read_exact(&mut body)?;
        Ok(Self {
            method: method.to_owned(),
            path: path.to_owned(),
            whole: [head, body].concat(),
        })
    }

    /// Whether it asks for a page of this collection.
    pub(crate) fn is_page_of(&self, collection: &str) -> bool {
        self.path
            .contains(&format!("/collections/{collection}/objects/"))
    }

    /// Whether it asks for the list of collections.
    pub(crate) fn is_listing(&self) -> bool {
        self.path.ends_with("/collections/")
    }

    /// Whether it asks for the head of the log.
    pub(crate) fn is_head(&self) -> bool {
        self.path.starts_with("/entente/checkpoint")
    }
}

/// What is done to a caller: `true` when it has had its answer, such as it is; `false` lets the node behind answer.
pub(crate) type Does = Arc<dyn Fn(&Asked, &mut TcpStream) -> io::Result<bool> + Send + Sync>;

/// The server.
pub(crate) struct Front {
    pub(crate) address: SocketAddr,
    shared: Arc<Shared>,
}

struct Shared {
    does: Mutex<Does>,
    behind: Mutex<Option<String>>,
    left_out: Mutex<Option<String>>,
    asked: AtomicUsize,
}

impl Front {
    /// Listens; there is nobody behind yet.
    pub(crate) fn new() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let shared = Arc::new(Shared {
            does: Mutex::new(Arc::new(|_, _| Ok(false))),
            behind: Mutex::default(),
            left_out: Mutex::default(),
            asked: AtomicUsize::new(0),
        });
        let state = Arc::clone(&shared);
        // It ends with the process, as those who listen do.
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let state = Arc::clone(&state);
                std::thread::spawn(move || state.answer(stream));
            }
        });
        Self { address, shared }
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The node that answers when nothing else is done.
    pub(crate) fn stands_before(&self, address: &str) {
        *self.shared.behind.lock().unwrap() = Some(address.to_owned());
    }

    pub(crate) fn does(&self, does: Does) {
        *self.shared.does.lock().unwrap() = does;
    }

    pub(crate) fn is_honest(&self) {
        self.does(Arc::new(|_, _| Ok(false)));
    }

    /// Takes one object out of every page.
    pub(crate) fn leaves_out(&self, id: &str) {
        *self.shared.left_out.lock().unwrap() = Some(id.to_owned());
    }

    /// How many requests have come.
    pub(crate) fn asked(&self) -> usize {
        self.shared.asked.load(Ordering::SeqCst)
    }
}

impl Shared {
    fn answer(&self, mut stream: TcpStream) {
        let Ok(asked) = Asked::read(&mut stream) else {
            return;
        };
        self.asked.fetch_add(1, Ordering::SeqCst);
        let does = Arc::clone(&self.does.lock().unwrap());
        // Whoever hangs up in the middle of this has had enough of it.
        if let Ok(false) = does(&asked, &mut stream) {
            let _ = self.pass(&asked, &mut stream);
        }
    }

    fn pass(&self, asked: &Asked, stream: &mut TcpStream) -> io::Result<()> {
        let behind = self.behind.lock().unwrap().clone();
        let Some(behind) = behind else {
            return stream.write_all(&answer(404, &[], b"{}"));
        };
        let mut node = TcpStream::connect(behind)?;
        let first = asked
            .whole
            .windows(2)
            .position(|two| two == b"\r\n")
            .unwrap_or(0)
            + 2;
        node.write_all(&asked.whole[..first])?;
        node.write_all(b"Connection: close\r\n")?;
        node.write_all(&asked.whole[first..])?;
        let left_out = self.left_out.lock().unwrap().clone();
        let Some(id) = left_out.filter(|_| asked.path.contains("/objects/")) else {
            return io::copy(&mut node, stream).map(|_| ());
        };
        let mut whole = Vec::new();
        node.read_to_end(&mut whole)?;
        stream.write_all(&without(&whole, &id))
    }
}

/// A whole answer that carries TAXII.
pub(crate) fn answer(status: u16, headers: &[(&str, &str)], body: &[u8]) -> Vec<u8> {
    let mut head = format!(
        "HTTP/1.1 {status} X\r\nConnection: close\r\nContent-Length: {}\r\n",
        body.len()
    );
    if !headers.iter().any(|(name, _)| *name == "Content-Type") {
        head.push_str("Content-Type: application/taxii+json;version=2.1\r\n");
    }
    for (name, value) in headers {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    [head.as_bytes(), b"\r\n", body].concat()
}

/// An answer whose objects with this id have another: one that nobody asks for.
fn without(answer: &[u8], id: &str) -> Vec<u8> {
    let mut answer = answer.to_vec();
    let place = |answer: &[u8]| {
        answer
            .windows(id.len())
            .position(|part| part == id.as_bytes())
    };
    while let Some(at) = place(&answer) {
        answer[at + id.len() - 12] = b'f';
    }
    answer
}
