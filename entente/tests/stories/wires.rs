//! The wire between nodes and to programs: pinned TLS, a way through a proxy, certificates that change while the node serves.

use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::sync::{Arc, Mutex};

use node::keys::Pin;
use rcgen::{
    BasicConstraints, CertificateParams, CertificateRevocationListParams, CertifiedIssuer, IsCa,
    Issuer, KeyIdMethod, KeyPair, KeyUsagePurpose, RevokedCertParams, SerialNumber, date_time_ymd,
};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use taxii::client::{Client, Credentials, Error, Identity, Settings, Trust, pin_of};

use crate::program::{Home, Serving, text};

const NOTE: &str = r#"{"type":"note","spec_version":"2.1","id":"note--00000000-0000-4000-8000-00000000000N","created":"2026-01-01T00:00:00.000Z","modified":"2026-01-01T00:00:00.000Z","content":"WORD","object_refs":["note--00000000-0000-4000-8000-000000000000"]}"#;

/// `to` comes to know `who`, at an address or at none.
fn meet(who: &Home, name: &str, address: Option<&str>, to: &Home) {
    let file = who.file(&format!("{name}.introduction"));
    let _ = std::fs::remove_file(&file);
    let mut arguments = vec![
        "peer",
        "introduce",
        "DIR",
        "--output",
        text(&file),
        "--json",
    ];
    match address {
        Some(address) => arguments.extend(["--address", address]),
        None => arguments.push("--calls-out-only"),
    }
    let made = who.run(&arguments).with(0).json();
    to.run(&["peer", "add", "DIR", text(&file)]).with(0);
    let spoken = made["words"]["english"].as_str().unwrap().to_owned();
    let spoken: Vec<&str> = spoken.split(' ').collect();
    to.run(&[&["peer", "confirm", "DIR", name], &spoken[..]].concat())
        .with(0);
}

fn write_for(home: &Home, whom: &str, number: u8, word: &str) {
    let file = home.file("note.json");
    let note = NOTE.replace('N', &number.to_string()).replace("WORD", word);
    std::fs::write(&file, note).unwrap();
    home.run(&[
        "import",
        "DIR",
        text(&file),
        "--tlp",
        "AMBER",
        "--for",
        whom,
    ])
    .with(0);
}

fn holds(home: &Home, word: &str) -> bool {
    home.run(&["export", "DIR"]).with(0).out.contains(word)
}

fn by_own_key(name: &str) -> Home {
    let home = Home::called(name);
    home.configure("mode = \"auto\"", "mode = \"own\"");
    home
}

#[test]
fn two_nodes_exchange_by_pinned_keys_and_a_wrong_key_is_refused_and_named() {
    let (arland, belmark, other) = (
        by_own_key("Arland"),
        Home::called("Belmark"),
        by_own_key("Cadmora"),
    );
    belmark.configure("poll_seconds", "local_peers = true\npoll_seconds");
    let (serving, elsewhere) = (arland.serve(), other.serve());
    meet(&belmark, "Belmark", None, &arland);
    meet(
        &arland,
        "Arland",
        Some(&format!("https://{}", serving.address)),
        &belmark,
    );
    write_for(&arland, "Belmark", 1, "over a pinned connection");
    let told = belmark.run(&["sync", "DIR", "--json"]).with(0).json();
    assert_eq!(told[0]["refused"], 0, "{told}");
    assert!(holds(&belmark, "over a pinned connection"));
    drop(serving);

    // Where Arland should be, another node answers.
    let wrong = format!("https://{}", elsewhere.address);
    belmark.run(&["peer", "forget", "DIR", "Arland"]).with(0);
    meet(&arland, "Arland", Some(&wrong), &belmark);
    let told = belmark.run(&["sync", "DIR", "--json"]).with(1).json();
    let error = told[0]["error"].as_str().unwrap();
    for part in ["its key is sha256//", "expected sha256//"] {
        assert!(error.contains(part), "{error}");
    }
    let listed = belmark.run(&["peer", "list", "DIR"]).with(0).out;
    assert!(listed.contains("its key is sha256//"), "{listed}");
}

/// A proxy that only connects; it leads every name to one place. What it was asked is kept.
struct Proxy {
    address: SocketAddr,
    asked: Arc<Mutex<Vec<String>>>,
}

fn proxy(to: String) -> Proxy {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let asked = Arc::new(Mutex::new(Vec::new()));
    let log = Arc::clone(&asked);
    std::thread::spawn(move || {
        for client in listener.incoming() {
            let (to, log) = (to.clone(), Arc::clone(&log));
            std::thread::spawn(move || lead(client.unwrap(), &to, &log));
        }
    });
    Proxy { address, asked }
}

fn lead(mut client: TcpStream, to: &str, log: &Mutex<Vec<String>>) {
    let mut reader = BufReader::new(client.try_clone().unwrap());
    let mut first = String::new();
    let mut line = String::new();
    while reader.read_line(&mut line).unwrap_or(0) > 2 {
        if first.is_empty() {
            first = line.trim().to_owned();
        }
        line.clear();
    }
    let connect = first.starts_with("CONNECT ");
    log.lock().unwrap().push(first);
    if !connect {
        let _ = client.write_all(b"HTTP/1.1 405 Method Not Allowed\r\ncontent-length: 0\r\n\r\n");
        return;
    }
    let mut server = TcpStream::connect(to).unwrap();
    client
        .write_all(b"HTTP/1.1 200 Connection established\r\n\r\n")
        .unwrap();
    let (mut back, mut forth) = (server.try_clone().unwrap(), client.try_clone().unwrap());
    let answers = std::thread::spawn(move || {
        let _ = std::io::copy(&mut back, &mut forth);
        let _ = forth.shutdown(std::net::Shutdown::Write);
    });
    let _ = std::io::copy(&mut reader, &mut server);
    let _ = server.shutdown(std::net::Shutdown::Write);
    let _ = answers.join();
}

#[test]
fn a_node_that_only_calls_out_exchanges_both_ways_through_a_proxy() {
    let (arland, belmark) = (by_own_key("Arland"), Home::called("Belmark"));
    let serving = arland.serve();
    let proxy = proxy(serving.address.clone());
    let line = "poll_seconds";
    belmark.configure(
        line,
        &format!("proxy = \"http://{}\"\n{line}", proxy.address),
    );
    meet(&belmark, "Belmark", None, &arland);
    // The name is known to nobody but the proxy.
    meet(
        &arland,
        "Arland",
        Some("https://node.arland.invalid:7117"),
        &belmark,
    );
    write_for(&arland, "Belmark", 1, "inward");
    write_for(&belmark, "Arland", 2, "outward");
    let told = belmark.run(&["sync", "DIR", "--json"]).with(0).json();
    assert_eq!(told[0]["refused"], 0, "{told}");
    assert!(holds(&belmark, "inward"), "{told}");
    assert!(holds(&arland, "outward"), "{told}");
    let asked = proxy.asked.lock().unwrap().clone();
    assert!(!asked.is_empty());
    assert!(
        asked
            .iter()
            .all(|line| line == "CONNECT node.arland.invalid:7117 HTTP/1.1"),
        "{asked:?}"
    );
    // Without the proxy there is no way, and the reason is said.
    belmark.configure(&format!("proxy = \"http://{}\"\n", proxy.address), "");
    let told = belmark.run(&["sync", "DIR", "--json"]).with(1).json();
    assert!(told[0]["error"].is_string(), "{told}");
}

/// A certificate for this machine and its key, put where the configuration looks.
fn install(home: &Home, issuer: &CertifiedIssuer<'_, KeyPair>) -> Pin {
    let (certificate, key) = issue("127.0.0.1", issuer);
    std::fs::write(home.dir().join("chain.pem"), &certificate).unwrap();
    std::fs::write(home.dir().join("chain.key"), key.serialize_pem()).unwrap();
    pin_of(&CertificateDer::from_pem_slice(certificate.as_bytes()).unwrap()).unwrap()
}

fn issue(name: &str, issuer: &Issuer<'_, KeyPair>) -> (String, KeyPair) {
    let key = KeyPair::generate().unwrap();
    let params = CertificateParams::new(vec![name.to_owned()]).unwrap();
    (params.signed_by(&key, issuer).unwrap().pem(), key)
}

/// A certificate, and the list by which its issuer takes it back.
fn issue_and_revoke(name: &str, issuer: &Issuer<'_, KeyPair>) -> ((String, KeyPair), String) {
    let key = KeyPair::generate().unwrap();
    let mut params = CertificateParams::new(vec![name.to_owned()]).unwrap();
    params.serial_number = Some(SerialNumber::from(4_711_u64));
    let revoked = RevokedCertParams {
        serial_number: SerialNumber::from(4_711_u64),
        revocation_time: date_time_ymd(2026, 1, 1),
        reason_code: None,
        invalidity_date: None,
    };
    let list = CertificateRevocationListParams {
        this_update: date_time_ymd(2026, 1, 1),
        next_update: date_time_ymd(2126, 1, 1),
        crl_number: SerialNumber::from(1_u64),
        issuing_distribution_point: None,
        revoked_certs: vec![revoked],
        key_identifier_method: KeyIdMethod::Sha256,
    };
    let certificate = params.signed_by(&key, issuer).unwrap().pem();
    let list = list.signed_by(issuer).unwrap().pem().unwrap();
    ((certificate, key), list)
}

fn authority() -> CertifiedIssuer<'static, KeyPair> {
    let mut params = CertificateParams::new(vec![]).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap()
}

/// Asks the node who it is, as a program does.
fn ask(serving: &Serving, change: impl FnOnce(&mut Settings)) -> Result<(), Error> {
    let mut settings = Settings::new(format!("https://{}/taxii2/", serving.address));
    change(&mut settings);
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let client = Client::new(&settings).unwrap();
    runtime.block_on(client.discovery()).map(|_| ())
}

/// Gives a program access; its secret.
fn program(home: &Home) -> Credentials {
    let made = home
        .run(&[
            "access",
            "add",
            "DIR",
            "feed",
            "--participant",
            "Arland",
            "--read",
            "situation",
            "--json",
        ])
        .with(0)
        .json();
    Credentials::Basic {
        user: "feed".to_owned(),
        password: made["secret"].as_str().unwrap().to_owned(),
    }
}

#[test]
fn a_changed_certificate_is_shown_at_the_next_handshake_and_peers_see_the_key_they_know() {
    let (arland, belmark) = (Home::called("Arland"), Home::called("Belmark"));
    let issuer = authority();
    arland.configure(
        "mode = \"auto\"",
        "mode = \"files\"\ncertificate = \"chain.pem\"\nkey = \"chain.key\"",
    );
    let before = install(&arland, &issuer);
    let serving = arland.serve();
    let credentials = program(&arland);
    let by = |pin: Pin| {
        ask(&serving, |settings| {
            settings.credentials = credentials.clone();
            settings.trust = Trust::Pinned(vec![pin]);
        })
    };
    by(before).unwrap();
    let after = install(&arland, &issuer);
    by(after).unwrap();
    assert!(matches!(by(before), Err(Error::Untrusted(_))));
    // Half of a change, or nonsense, changes nothing.
    let good = std::fs::read(arland.dir().join("chain.key")).unwrap();
    std::fs::write(
        arland.dir().join("chain.key"),
        KeyPair::generate().unwrap().serialize_pem(),
    )
    .unwrap();
    by(after).unwrap();
    std::fs::write(arland.dir().join("chain.key"), good).unwrap();
    by(after).unwrap();
    ask(&serving, |settings| {
        settings.credentials = credentials.clone();
        settings.trust = Trust::Authorities(issuer.pem());
    })
    .unwrap();

    // Peers are shown the node's own key, whatever browsers are shown; they follow its rotation, even the second time.
    belmark.configure("poll_seconds", "local_peers = true\npoll_seconds");
    meet(&belmark, "Belmark", None, &arland);
    meet(
        &arland,
        "Arland",
        Some(&format!("https://{}", serving.address)),
        &belmark,
    );
    for (number, word) in [
        (1, "by the first"),
        (2, "by the second"),
        (3, "by the third"),
    ] {
        write_for(&arland, "Belmark", number, word);
        belmark.run(&["sync", "DIR"]).with(0);
        assert!(holds(&belmark, word), "{word}");
        arland.run(&["key", "rotate", "DIR", "tls"]).with(0);
    }
    // A key that is revoked is shown to nobody.
    arland
        .run(&["key", "revoke", "DIR", "tls", "--because", "stolen"])
        .with(0);
    belmark.run(&["sync", "DIR"]).with(1);
    let (code, log) = serving.stop(rustix::process::Signal::TERM);
    assert_eq!(code, Some(0), "{log}");
    assert!(log.contains("those before are shown"), "{log}");
}

#[test]
fn a_program_may_show_a_certificate_and_then_it_must_be_a_good_one() {
    let arland = by_own_key("Arland");
    let (issuer, stranger) = (authority(), authority());
    arland.configure(
        "mode = \"own\"",
        "mode = \"own\"\nclient_authorities = \"clients.pem\"\nclient_revocations = \"clients.crl\"",
    );
    let (taken_back, list) = issue_and_revoke("feed.example", &issuer);
    std::fs::write(arland.dir().join("clients.pem"), issuer.pem()).unwrap();
    std::fs::write(arland.dir().join("clients.crl"), list).unwrap();
    let serving = arland.serve();
    let credentials = program(&arland);
    let pin = own_pin(&arland.dir());
    let show = |identity: Option<(String, KeyPair)>, credentials: &Credentials| {
        ask(&serving, |settings| {
            settings.trust = Trust::Pinned(vec![pin]);
            settings.credentials = credentials.clone();
            settings.identity = identity.map(|(certificates, key)| Identity {
                certificates,
                key: key.serialize_pem(),
            });
        })
    };
    show(None, &credentials).unwrap();
    show(Some(issue("feed.example", &issuer)), &credentials).unwrap();
    // A certificate is no secret: it opens nothing by itself.
    let nobody = show(Some(issue("feed.example", &issuer)), &Credentials::None).unwrap_err();
    assert!(nobody.to_string().contains("401"), "{nobody}");
    let refused = show(Some(issue("feed.example", &stranger)), &credentials).unwrap_err();
    assert!(!refused.to_string().contains("401"), "{refused}");
    show(Some(issue("feed.example", &stranger)), &credentials).unwrap_err();
    show(Some(taken_back), &credentials).unwrap_err();
    let (code, log) = serving.stop(rustix::process::Signal::TERM);
    assert_eq!(code, Some(0), "{log}");
    assert!(log.contains("its authority has revoked it"), "{log}");
    let said = "no authority in tls.client_authorities has signed it";
    assert_eq!(log.matches(said).count(), 1, "{log}");
}

fn own_pin(dir: &Path) -> Pin {
    node::keys::load(&dir.join("keys")).unwrap().tls.pin()
}
