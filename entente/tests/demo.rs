//! The demo, as somebody sees it who has just cloned the repository: three addresses, three sign-in links, three pages; what is for
//! Kestria is with Kestria and nowhere at the Union; stopped and started again, everything is still there.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};

/// The word that only the record for Kestria has, in both languages.
const TOKEN: &str = "Lanternquay ferry terminal";
const TOKEN_FRENCH: &str = "gare maritime de Lanternquay";
/// How long a record may take to arrive on a busy machine.
const PATIENCE: Duration = Duration::from_secs(60);

struct Demo {
    child: Child,
    nodes: Vec<Shown>,
}

/// What the terminal shows of one node.
struct Shown {
    address: String,
    name: String,
    link: String,
}

impl Demo {
    fn start(folder: &Path) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_entente"))
            .arg("demo")
            .arg(folder)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let mut nodes = Vec::new();
        for line in lines.map(Result::unwrap) {
            if let Some((address, name)) =
                line.split_once("  ").filter(|_| line.starts_with("http"))
            {
                nodes.push(Shown {
                    address: address.trim_start_matches("http://").to_owned(),
                    name: name.to_owned(),
                    link: String::new(),
                });
            } else if let (Some(place), Some(node)) = (line.find("/enter?"), nodes.last_mut()) {
                node.link = line[place..].to_owned();
            } else if line.contains("Ctrl-C") {
                return Self { child, nodes };
            }
        }
        let ended = child.wait();
        panic!("the demo ended before it said how to stop it: {ended:?}");
    }

    fn stop(mut self) {
        let pid = Pid::from_child(&self.child);
        kill_process(pid, Signal::INT).unwrap();
        assert_eq!(self.child.wait().unwrap().code(), Some(0));
    }
}

impl Drop for Demo {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The rooms that everyone who signed in may enter.
const ROOMS: [&str; 8] = [
    "/",
    "/records",
    "/peers",
    "/circles",
    "/awaiting",
    "/quarantine",
    "/clearance",
    "/log",
];

impl Shown {
    /// Status line and headers, and the body.
    fn get(&self, path: &str, header: &str) -> (String, String) {
        self.ask(&format!("GET {path}"), header, "")
    }

    fn ask(&self, what: &str, header: &str, body: &str) -> (String, String) {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        write!(
            stream,
            "{what} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n{header}\r\n\r\n{body}",
            self.address
        )
        .unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        (head.to_owned(), body.to_owned())
    }

    /// Presses the button of the page that the sign-in link leads to; the cookie to show.
    fn sign_in(&self) -> String {
        let (_, page) = self.get(&self.link, "Accept: text/html");
        assert!(page.contains("action=\"/enter\""), "{page}");
        let body = format!("secret-key={}", self.link.split("key=").nth(1).unwrap());
        let header = format!(
            "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}",
            body.len()
        );
        let (head, _) = self.ask("POST /enter", &header, &body);
        let cookie = head
            .lines()
            .find_map(|line| line.strip_prefix("set-cookie: "))
            .unwrap_or_else(|| panic!("no cookie: {head}"));
        assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax"));
        format!("Cookie: {}", cookie.split(';').next().unwrap())
    }

    /// What the rooms of the node say, one after the other.
    fn page(&self, cookie: &str, language: &str) -> String {
        let mut all = String::new();
        let mut paths: Vec<String> = ROOMS.map(str::to_owned).to_vec();
        while let Some(path) = paths.pop() {
            let (head, body) = self.get(&format!("{path}?lang={language}"), cookie);
            assert!(head.starts_with("HTTP/1.1 200"), "{path}: {head}");
            assert!(head.contains("content-security-policy: default-src 'none'"));
            if path == "/peers" {
                let links = body.split("href=\"/peers/identity--").skip(1);
                let ids = links.filter_map(|link| link.split('"').next());
                paths.extend(ids.map(|id| format!("/peers/identity--{id}")));
            }
            all.push_str(&body);
        }
        all
    }
}

#[test]
fn three_participants_see_what_is_theirs() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("demo");
    let demo = Demo::start(&root);
    let [valmora, kestria, union] = &demo.nodes[..] else {
        panic!("{} nodes", demo.nodes.len())
    };
    assert_eq!(union.name, "Secretariat of the Northern Gulf Union");

    // Nobody sees anything without the link, and the link works once.
    let (head, body) = valmora.get("/", "Accept: text/html");
    assert!(head.starts_with("HTTP/1.1 401"), "{head}");
    assert!(!body.contains("Lanternquay"));
    let cookies = [valmora.sign_in(), kestria.sign_in(), union.sign_in()];
    assert!(
        valmora
            .get(&valmora.link, "Accept: */*")
            .0
            .starts_with("HTTP/1.1 403")
    );
    assert!(valmora.get("/", &cookies[1]).0.starts_with("HTTP/1.1 401"));

    // What the author's page says of it.
    let page = valmora.page(&cookies[0], "en");
    for expected in [
        TOKEN,
        "1 record awaits your decision.",
        "1 malformed object is in quarantine.",
        "1 case is open",
        "under embargo until",
        "expired on",
        "Because its embargo is not over:",
        "Because it has expired:",
        "Northern Gulf contact group",
        "only those named in the audience may see it",
        "Line to take for the call",
    ] {
        assert!(page.contains(expected), "{expected:?} is missing");
    }
    assert!(
        !page.contains("who may speak to the press"),
        "RED for somebody else"
    );
    assert!(
        !page.contains("inject 4"),
        "what belongs to an exercise stays in it"
    );
    assert!(valmora.page(&cookies[0], "fr").contains(TOKEN_FRENCH));

    // It arrives at Kestria, and the Union's own mail arrives there too, so that absence means something.
    let arrived = |node: &Shown, cookie: &str, text: &str| {
        let begun = Instant::now();
        while !node.page(cookie, "en").contains(text) {
            assert!(
                begun.elapsed() < PATIENCE,
                "{text:?} did not arrive at {}",
                node.name
            );
            std::thread::sleep(Duration::from_millis(200));
        }
    };
    arrived(kestria, &cookies[1], TOKEN);
    arrived(union, &cookies[2], "Offer: two trainers");
    for language in ["en", "fr"] {
        let page = union.page(&cookies[2], language);
        assert!(
            !page.contains(TOKEN) && !page.contains(TOKEN_FRENCH) && !page.contains("192.0.2.41")
        );
    }
    let everything = union_by_taxii(&root, union);
    assert!(everything.contains("Point de situation"), "{everything}");
    assert!(!everything.contains("Lanternquay ferry") && !everything.contains("192.0.2.41"));
    let size = log_size(&kestria.page(&cookies[1], "en"));
    demo.stop();

    let again = Demo::start(&root);
    let kestria = &again.nodes[1];
    let page = kestria.page(&kestria.sign_in(), "en");
    assert!(page.contains(TOKEN), "it goes on with what is there");
    assert!(log_size(&page) >= size);
    again.stop();
}

/// Everything that a program of the Union's own reads from its node.
fn union_by_taxii(root: &Path, union: &Shown) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_entente"));
    command.args(["access", "add"]).arg(root.join("union"));
    command.args(["probe", "--participant", &union.name, "--json"]);
    let collections = [
        "dialogues",
        "norms",
        "contacts",
        "situation",
        "incidents",
        "exercises",
        "capacity",
    ];
    for collection in collections {
        command.args(["--read", collection]);
    }
    let output = command.output().unwrap();
    let granted: serde_json::Value = serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(&output.stderr)));
    let secret = granted["secret"].as_str().unwrap();
    let header =
        format!("Accept: application/taxii+json;version=2.1\r\nAuthorization: Bearer {secret}");
    let mut everything = String::new();
    for collection in collections {
        let path =
            format!("/taxii2/root/collections/{collection}/objects/?match[version]=all&limit=1000");
        let (head, body) = union.get(&path, &header);
        assert!(head.starts_with("HTTP/1.1 200"), "{head}");
        everything.push_str(&body);
    }
    everything
}

/// The number of entries that a page shows for its node's log.
fn log_size(page: &str) -> u64 {
    let (_, figures) = page.split_once("Entries in the log</dt><dd>").unwrap();
    let figures = figures.trim_start_matches("<a href=\"/log\">");
    figures
        .chars()
        .take_while(|sign| *sign != '<')
        .filter(char::is_ascii_digit)
        .collect::<String>()
        .parse()
        .unwrap()
}
