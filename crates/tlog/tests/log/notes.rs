//! Signed notes against the example of the note format's first implementation, and against damage.

use ed25519_dalek::SigningKey;
use proptest::prelude::*;
use tlog::note::SignatureLine;
use tlog::{Checkpoint, CheckpointError, Hash, Key, Note, NoteError, Origin, cosign, cosignatures};

const NEUMANN: &str = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
const ENOCH: &str = "EnochRoot+af0cfe78+ATtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop";
const EXAMPLE: &str = "If you think cryptography is the answer to your problem,\n\
    then you don't know what your problem is.\n\
    \n\
    \u{2014} PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n\
    \u{2014} EnochRoot rwz+eBzmZa0SO3NbfRGzPCpDckykFXSdeX+MNtCOXm2/5n2tiOHp+vAF1aGrQ5ovTG01oOTGwnWLox33WWd1RvMc+QQ=\n";

fn key(seed: u8) -> SigningKey {
    SigningKey::from_bytes(&[seed; 32])
}

fn origin(name: &str) -> Origin {
    Origin::new(name).unwrap()
}

#[test]
fn the_example_verifies() {
    let keys: [Key; 2] = [NEUMANN.parse().unwrap(), ENOCH.parse().unwrap()];
    assert_eq!(keys[0].to_string(), NEUMANN);
    assert_eq!(hex::encode(keys[1].id()), "af0cfe78");
    let note = Note::parse(EXAMPLE.as_bytes()).unwrap();
    assert_eq!(note.to_string(), EXAMPLE);
    let by: Vec<_> = note
        .verify(&keys)
        .unwrap()
        .iter()
        .map(|vouch| vouch.key.name().as_str().to_owned())
        .collect();
    assert_eq!(by, ["PeterNeumann", "EnochRoot"]);
    // Either alone will do; the other line is that of a stranger then.
    assert_eq!(note.verify(&keys[..1]).unwrap().len(), 1);
    assert_eq!(note.verify(&keys[1..]).unwrap().len(), 1);
}

/// The signer of the example: its private key is public.
#[test]
fn the_example_is_signed_byte_for_byte() {
    use base64::prelude::{BASE64_STANDARD, Engine as _};
    let secret = BASE64_STANDARD
        .decode("AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz")
        .unwrap();
    let secret = SigningKey::from_bytes(&secret[1..].try_into().unwrap());
    let given = Note::parse(EXAMPLE.as_bytes()).unwrap();
    let mut ours = Note::new(given.text()).unwrap();
    ours.sign(&origin("PeterNeumann"), &secret);
    assert_eq!(ours.signatures()[0], given.signatures()[0]);
}

#[test]
fn changed_bytes_do_not_verify() {
    let keys: [Key; 1] = [NEUMANN.parse().unwrap()];
    let end = EXAMPLE.find("\u{2014} EnochRoot").unwrap();
    let signed = &EXAMPLE.as_bytes()[..end];
    for at in 0..signed.len() {
        for bit in 0..8 {
            let mut changed = signed.to_vec();
            changed[at] ^= 1 << bit;
            let result = Note::parse(&changed).and_then(|note| note.verify(&keys).map(|_| ()));
            assert!(result.is_err(), "bit {bit} of byte {at}");
        }
        assert!(
            Note::parse(&signed[..at])
                .and_then(|note| note.verify(&keys).map(|_| ()))
                .is_err(),
            "cut at {at}"
        );
    }
}

#[test]
fn strangers_are_ignored_and_forgers_are_not() {
    let (log, other) = (key(1), key(2));
    let name = origin("log.example");
    let keys = [Key::log(name.clone(), log.verifying_key())];
    let mut note = Note::new("text\n").unwrap();
    assert_eq!(note.verify(&keys), Err(NoteError::Unsigned));
    // The same name with another key is a stranger: its id differs.
    note.sign(&name, &other);
    assert_eq!(note.verify(&keys), Err(NoteError::Unsigned));
    note.sign(&name, &log);
    assert_eq!(note.verify(&keys).unwrap().len(), 1);
    // A second line by the same key is not looked at.
    let mut twice = note.clone();
    let forged = SignatureLine {
        name: name.clone(),
        id: keys[0].id(),
        bytes: vec![0; 64],
    };
    twice.add(forged.clone());
    assert_eq!(twice.verify(&keys).unwrap().len(), 1);
    let mut first = Note::new("text\n").unwrap();
    first.add(forged);
    first.sign(&name, &log);
    assert_eq!(first.verify(&keys), Err(NoteError::Invalid(name)));
}

#[test]
fn what_is_not_a_note_is_refused() {
    let line = EXAMPLE.lines().nth(3).unwrap();
    let good = format!("text\n\n{line}\n");
    assert!(Note::parse(good.as_bytes()).is_ok());
    // The signatures begin after the last empty line.
    let long = format!("a\n\nb\n\n{line}\n");
    assert_eq!(Note::parse(long.as_bytes()).unwrap().text(), "a\n\nb\n");
    let cases = [
        String::new(),
        "text\n".into(),
        "text\n\n".into(),
        format!("text\n{line}\n"),
        format!("text\n\n{line}"),
        format!("text\n\n{line}\n\n"),
        format!("text\r\n\r\n{line}\r\n"),
        format!("te\txt\n\n{line}\n"),
        format!("te\0xt\n\n{line}\n"),
        format!("text\n\n{}\n", line.replace('\u{2014}', "-")),
        format!("text\n\n{}\n", line.replace("PeterNeumann", "")),
        format!(
            "text\n\n{}\n",
            line.replace("PeterNeumann", "Peter+Neumann")
        ),
        format!(
            "text\n\n{}\n",
            line.replace("PeterNeumann", "Peter Neumann")
        ),
        format!("text\n\n{}\n", line.replace("nAM=", "nAM")),
        format!("text\n\n{}\n", line.replace("nAM=", "nA!=")),
        "text\n\n\u{2014} x AAAAAA==\n".into(),
        "text\n\n\u{2014} x AAA=\n".into(),
        format!("text\n\n{line}\nmore\n"),
        format!("{}\n\n{line}\n", "x".repeat(Note::MOST_BYTES)),
        format!(
            "text\n\n{}",
            (0..101u8)
                .map(|n| format!("\u{2014} x{n} {}\n", &line[line.len() - 92..]))
                .collect::<String>()
        ),
    ];
    for case in cases {
        assert_eq!(
            Note::parse(case.as_bytes()),
            Err(NoteError::Malformed),
            "{case:?}"
        );
    }
    assert!(Note::parse(b"\xff\n\n").is_err());
}

#[test]
fn keys_with_another_id_or_form_are_refused() {
    assert!(NEUMANN.parse::<Key>().is_ok());
    for text in [
        "",
        "PeterNeumann",
        "PeterNeumann+c74f20a3",
        "PeterNeumann+c74f20a4+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        "PeterNeuman+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        "PeterNeumann+C74F20A3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        "PeterNeumann+c74f20a3+AhpC2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10",
        "+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
    ] {
        assert!(text.parse::<Key>().is_err(), "{text}");
    }
    for name in [
        "",
        "a b",
        "a+b",
        "a\u{a0}b",
        "a\nb",
        "a\u{2028}b",
        "cosignature/v1",
    ] {
        assert_eq!(Origin::new(name), Err(NoteError::Name), "{name:?}");
    }
}

#[test]
fn checkpoint_texts() {
    let root = Hash::leaf(b"root");
    let good = format!("log.example/1\n42\n{root}\n");
    let head = Checkpoint::parse(&good).unwrap();
    assert_eq!(
        (head.origin().as_str(), head.size(), head.root()),
        ("log.example/1", 42, root)
    );
    assert_eq!(head.text(), good);
    let extended = format!("{good}more of it\n");
    let head = Checkpoint::parse(&extended).unwrap();
    assert_eq!(
        (head.extensions(), head.text()),
        (&["more of it".to_owned()][..], extended)
    );
    for bad in [
        String::new(),
        "log\n1\n".into(),
        format!("\n42\n{root}\n"),
        format!("log\n042\n{root}\n"),
        format!("log\n+42\n{root}\n"),
        format!("log\n-1\n{root}\n"),
        format!("log\n 42\n{root}\n"),
        format!("log\n18446744073709551616\n{root}\n"),
        format!("log\n42\n{root}"),
        format!("log\n42\n{root}\n\n"),
        format!("log\n42\n{root}\n\nmore\n"),
        "log\n42\nAAAA\n".into(),
        format!("log\n42\n{}\n", root.to_string().trim_end_matches('=')),
        format!("log\n0\n{root}\n"),
    ] {
        assert_eq!(
            Checkpoint::parse(&bad),
            Err(CheckpointError::Malformed),
            "{bad:?}"
        );
    }
    assert!(Checkpoint::parse(&format!("log\n0\n{}\n", Hash::empty())).is_ok());
}

#[test]
fn checkpoints_are_opened_by_their_log_only() {
    let head = Checkpoint::new(origin("log.example"), 42, Hash::leaf(b"root"));
    let signed = head.sign(&key(1), 1_795_000_000).unwrap();
    let log = Key::log(origin("log.example"), key(1).verifying_key());
    let opened = Checkpoint::open(&signed, &log).unwrap();
    assert_eq!(
        (opened.checkpoint(), opened.time()),
        (&head, Some(1_795_000_000))
    );

    let stranger = Key::log(origin("log.example"), key(2).verifying_key());
    assert_eq!(
        Checkpoint::open(&signed, &stranger),
        Err(NoteError::Unsigned.into())
    );

    // A log signs a head under its own name only.
    let mut note = Note::new(&head.text()).unwrap();
    note.sign(&origin("other.example"), &key(1));
    let other = Key::log(origin("other.example"), key(1).verifying_key());
    let error = Checkpoint::open(&note.to_string(), &other).unwrap_err();
    assert!(matches!(error, CheckpointError::Origin { .. }));

    // The time alone is not the log's signature, and a forged time condemns the head.
    let mut timed = Note::new(&head.text()).unwrap();
    timed.add(cosign(&timed, &origin("log.example"), &key(1), 1));
    assert_eq!(
        Checkpoint::open(&timed.to_string(), &log),
        Err(NoteError::Unsigned.into())
    );
    let mut moved = Note::parse(signed.as_bytes())
        .unwrap()
        .signatures()
        .to_vec();
    moved[1].bytes[7] ^= 1;
    let mut note = Note::new(&head.text()).unwrap();
    moved.into_iter().for_each(|line| note.add(line));
    assert!(matches!(
        Checkpoint::open(&note.to_string(), &log),
        Err(CheckpointError::Note(NoteError::Invalid(_)))
    ));
}

#[test]
fn peers_cosign() {
    let head = Checkpoint::new(origin("log.example"), 42, Hash::leaf(b"root"));
    let mut note = Note::parse(head.sign(&key(1), 10).unwrap().as_bytes()).unwrap();
    let peers = [
        Key::witness(origin("peer.example"), key(2).verifying_key()),
        Key::witness(origin("friend.example"), key(3).verifying_key()),
    ];
    assert_eq!(cosignatures(&note, &peers), Ok(vec![]));
    note.add(cosign(&note, &origin("peer.example"), &key(2), 20));
    note.add(cosign(&note, &origin("stranger.example"), &key(4), 20));
    let published = note.to_string();
    let found = cosignatures(&Note::parse(published.as_bytes()).unwrap(), &peers).unwrap();
    assert_eq!(
        found
            .iter()
            .map(|by| (by.witness, by.time))
            .collect::<Vec<_>>(),
        [(&peers[0], 20)]
    );
    // The log's reader is not disturbed, and the key of a witness is another key than that of a log.
    let log = Key::log(origin("log.example"), key(1).verifying_key());
    assert_eq!(
        Checkpoint::open(&published, &log)
            .unwrap()
            .note()
            .signatures()
            .len(),
        4
    );
    assert_ne!(
        Key::log(origin("peer.example"), key(2).verifying_key()).id(),
        peers[0].id()
    );
    assert_eq!(peers[0].to_string().parse::<Key>().unwrap(), peers[0]);

    // A cosignature is over exactly this text.
    let mut other = Note::new(&head.text().replace("42", "43")).unwrap();
    other.add(note.signatures()[2].clone());
    assert_eq!(
        cosignatures(&other, &peers),
        Err(NoteError::Invalid(origin("peer.example")))
    );
}

proptest! {
    #[test]
    fn reading_never_panics(bytes in proptest::collection::vec(any::<u8>(), 0..400), text in "\\PC{0,200}") {
        let _ = Note::parse(&bytes);
        let _ = Checkpoint::parse(&text);
        let _ = text.parse::<Key>();
        let _ = tlog::TileId::parse(&text);
        let _ = tlog::Fork::read(&text, &NEUMANN.parse().unwrap());
    }

    #[test]
    fn written_notes_are_read_back(lines in proptest::collection::vec("[^\\x00-\\x1f]{0,30}", 1..6), seed in 1u8..) {
        let text = lines.join("\n") + "\n";
        let mut note = Note::new(&text).unwrap();
        note.sign(&origin("a"), &key(seed));
        prop_assert_eq!(Note::parse(note.to_string().as_bytes()).unwrap(), note);
    }
}
