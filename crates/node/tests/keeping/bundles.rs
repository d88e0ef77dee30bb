//! Bundles between two nodes without a network: what may go goes, once; everything else is refused with its reason.

use std::path::Path;

use node::keeping::bundle::Refused;
use node::keys::{Use, Why, Words};
use node::submission::Marking;
use node::{Channel, Node, Outcome, Submission};
use policy::{Member, Tlp};
use stix::ObjectId;

use crate::sample::{START, Sample, create, import, proven, ranges, tool};

fn befriend(a: &Node, b: &Node) {
    for (from, to) in [(a, b), (b, a)] {
        let introduction = from
            .introduce(Vec::new(), &from.at_terminal("operator"))
            .wait()
            .unwrap();
        to.add_peer(introduction.file().as_bytes(), &to.at_terminal("operator"))
            .unwrap();
        let words = Words::of(&introduction).unwrap().in_english();
        to.confirm_peer(&from.home().id, &words, &to.at_terminal("operator"))
            .unwrap();
    }
}

/// Two peers, and a stranger.
fn three(dir: &Path) -> [Sample; 3] {
    let all = ["Valmora", "Ostrava", "Stranger"].map(|name| {
        create(
            &dir.join(name),
            name,
            name.len() as u64 * 31 + u64::from(name.as_bytes()[0]),
        )
    });
    befriend(&all[0].node, &all[1].node);
    all
}

fn say(node: &Node, to: &ObjectId, number: u32, version: u32) {
    let home = &node.home().id;
    let object = tool(number, version, &format!(r#","created_by_ref":"{home}""#));
    let bytes = bytes::Bytes::from(object);
    let submission = Submission {
        objects: ranges(&bytes, node),
        bytes,
        channel: Channel::Import,
        submitter: home.clone(),
        person: None,
        collection: "norms".into(),
        marking: Marking {
            tlp: Some(Tlp::Amber),
            audience: vec![Member::Participant(to.clone())],
        },
    };
    let receipt = node.accept(submission).unwrap().wait().unwrap();
    assert_eq!(receipt.lines[0].outcome, Outcome::Accepted, "{receipt:?}");
}

fn sealed(node: &Node, to: &ObjectId) -> Vec<u8> {
    let mut bundle = Vec::new();
    node.seal_bundle(to, &mut bundle).unwrap();
    bundle
}

fn refused(node: &Node, bundle: &[u8]) -> Refused {
    let before = node.log_size().unwrap();
    let error = node.open_bundle(bundle, false).unwrap_err();
    assert_eq!(
        node.log_size().unwrap(),
        before,
        "nothing of it is taken: {error:#}"
    );
    error.downcast().unwrap_or_else(|error| panic!("{error:#}"))
}

fn has(node: &Node, number: u32) -> bool {
    let id = ObjectId::parse(&format!("tool--00000000-0000-4000-8000-{number:012}")).unwrap();
    node.object(&node.home_viewer(), policy::Purpose::Show, &id)
        .unwrap()
        .is_some()
}

#[test]
fn a_bundle_takes_what_may_go_once_and_its_receipt_comes_back() {
    let dir = tempfile::tempdir().unwrap();
    let [a, b, c] = three(dir.path());
    let (a_id, b_id) = (a.node.home().id.clone(), b.node.home().id.clone());
    say(&a.node, &b_id, 1, 1);
    say(&a.node, &b_id, 1, 2);
    // For nobody.
    import(&a.node, &[tool(9, 1, "")], None);
    let mut first = Vec::new();
    let holds = a.node.seal_bundle(&b_id, &mut first).unwrap();
    assert!(
        !first.windows(6).any(|part| part == b"tool--"),
        "it is encrypted"
    );
    say(&a.node, &b_id, 2, 1);
    let second = sealed(&a.node, &b_id);
    // The order counts.
    assert!(matches!(
        refused(&b.node, &second),
        Refused::Gap { first: 1, last: 1 }
    ));
    assert!(matches!(refused(&c.node, &first), Refused::OtherNode));
    assert!(matches!(refused(&a.node, &first), Refused::OtherNode));
    // A trial says what would come of it, and takes nothing.
    let before = b.node.log_size().unwrap();
    let tried = b.node.try_bundle(&first[..], false).unwrap();
    assert_eq!((tried.from, tried.receipt.number), (a_id.clone(), 1));
    assert_eq!(b.node.log_size().unwrap(), before);
    assert_eq!(b.node.passage(&a_id).unwrap().opened, 0);
    let opened = b.node.open_bundle(&first[..], false).unwrap();
    assert_eq!(opened.receipt, tried.receipt);
    // Both ends count the same; each record has its seal, once.
    assert_eq!((holds.records, holds.beside), (3, 3), "{holds:?}");
    let took = (opened.receipt.records(), opened.receipt.beside);
    assert_eq!(took, (holds.records, holds.beside), "{opened:?}");
    assert_eq!(a.node.passage(&b_id).unwrap().on_the_way[0].records, 3);
    let mut kept = tried.receipt;
    kept.opened = Some(b.node.now());
    assert_eq!(b.node.passage(&a_id).unwrap().taken, [kept]);
    assert_eq!(
        (opened.receipt.refused, opened.receipt.awaiting),
        (0, 0),
        "{opened:?}"
    );
    assert!(has(&b.node, 1) && !has(&b.node, 2) && !has(&b.node, 9));
    assert!(matches!(
        refused(&b.node, &first),
        Refused::Replayed { number: 1, last: 1 }
    ));
    b.node.open_bundle(&second[..], false).unwrap();
    assert!(has(&b.node, 2) && !has(&b.node, 9));
    // The ledger of the sender knows of it once the receipt is back.
    assert!(a.node.ledger(Some(&b_id), i64::MAX, 9).unwrap().is_empty());
    let back = sealed(&b.node, &a_id);
    let opened = a.node.open_bundle(&back[..], false).unwrap();
    assert_eq!(opened.confirmed, 2);
    let passage = a.node.passage(&b_id).unwrap();
    assert_eq!((passage.sealed, passage.on_the_way.len()), (2, 0));
    assert!(passage.confirmed.iter().any(|receipt| receipt.number == 1));
    let ledger = a.node.ledger(Some(&b_id), i64::MAX, 9).unwrap();
    let records: i64 = ledger.iter().map(|line| line.records).sum();
    assert!(records >= 3, "{ledger:?}");
    assert!(
        ledger
            .iter()
            .all(|line| line.outcome.starts_with("taken by bundle"))
    );
    // What is confirmed is not repeated.
    let mut none = Vec::new();
    assert_eq!(a.node.seal_bundle(&b_id, &mut none).unwrap().records, 0);
    for name in ["Valmora", "Ostrava"] {
        assert_eq!(proven(&dir.path().join(name)).findings, []);
        let left = std::fs::read_dir(dir.path().join(name)).unwrap();
        let mut left = left.map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned());
        assert!(!left.any(|name| name.starts_with(".bundle")));
    }
}

#[test]
fn a_lost_bundle_costs_no_record() {
    let dir = tempfile::tempdir().unwrap();
    let [a, b, _c] = three(dir.path());
    let b_id = b.node.home().id.clone();
    say(&a.node, &b_id, 1, 1);
    drop(sealed(&a.node, &b_id));
    say(&a.node, &b_id, 2, 1);
    let second = sealed(&a.node, &b_id);
    assert!(matches!(refused(&b.node, &second), Refused::Gap { .. }));
    b.node.open_bundle(&second[..], true).unwrap();
    assert!(has(&b.node, 1) && has(&b.node, 2));
    // The line goes on.
    let third = sealed(&a.node, &b_id);
    b.node.open_bundle(&third[..], false).unwrap();
}

#[test]
fn what_was_changed_is_refused_whole() {
    let dir = tempfile::tempdir().unwrap();
    let [a, b, c] = three(dir.path());
    let (a_id, b_id) = (a.node.home().id.clone(), b.node.home().id.clone());
    say(&a.node, &b_id, 1, 1);
    let good = sealed(&a.node, &b_id);
    let beginning = good.windows(5).position(|part| part == b"\n--- ");
    let beginning = beginning.unwrap() + 64;
    for at in (0..good.len()).step_by(good.len() / 60) {
        let mut changed = good.clone();
        changed[at] ^= 1;
        let why = refused(&b.node, &changed);
        assert!(
            matches!(
                why,
                Refused::NoBundle | Refused::OtherNode | Refused::Damaged | Refused::Forged(_)
            ),
            "{at}: {why}"
        );
        // What is encrypted stands behind the last line of the beginning.
        if at > beginning {
            assert!(matches!(why, Refused::Damaged), "{at}: {why}");
        }
        refused(&b.node, &good[..at]);
    }
    // Whoever knows the public key can encrypt, and not sign.
    let keys = node::keys::load(&dir.path().join("Ostrava/keys")).unwrap();
    let plain =
        |bytes: &[u8]| age::decrypt(keys.bundle.identities().next().unwrap(), bytes).unwrap();
    let again = |text: Vec<u8>| age::encrypt(&keys.bundle.recipient(), &text).unwrap();
    let text = plain(&good);
    let edit = |from: &str, to: &str| {
        let at = text
            .windows(from.len())
            .position(|part| part == from.as_bytes())
            .unwrap();
        let mut edited = text[..at].to_vec();
        edited.extend_from_slice(to.as_bytes());
        edited.extend_from_slice(&text[at + from.len()..]);
        again(edited)
    };
    type Is = fn(&Refused) -> bool;
    let edits: [(&str, String, Is); 6] = [
        ("\"number\":1", "\"number\":2".into(), |why| {
            matches!(why, Refused::Forged(_))
        }),
        (b_id.as_str(), c.node.home().id.to_string(), |why| {
            matches!(why, Refused::OtherAddressee(_))
        }),
        (a_id.as_str(), c.node.home().id.to_string(), |why| {
            matches!(why, Refused::UnknownSender(_))
        }),
        ("\"name\":\"t1\"", "\"name\":\"t2\"".into(), |why| {
            matches!(why, Refused::Damaged)
        }),
        ("entente-bundle/1", "entente-bundle/2".into(), |why| {
            matches!(why, Refused::NoBundle)
        }),
        ("\"bytes\":", "\"bytes\":9999999999".into(), |why| {
            matches!(why, Refused::Forged(_))
        }),
    ];
    for (from, to, is) in edits {
        let why = refused(&b.node, &edit(from, &to));
        assert!(is(&why), "{from}: {why}");
    }
    // A bomb behind a true header is not unpacked further than the header says.
    let mut bomb = text.clone();
    bomb.extend(vec![0; 8 << 20]);
    assert!(matches!(refused(&b.node, &again(bomb)), Refused::TooLarge));
    assert!(matches!(
        refused(&b.node, &again(vec![b'x'; 4 << 20])),
        Refused::NoBundle
    ));
    assert!(matches!(
        refused(&b.node, b"no bundle at all"),
        Refused::NoBundle
    ));
    b.node
        .suspend_peer(&a_id, &b.node.at_terminal("operator"))
        .wait()
        .unwrap();
    assert!(matches!(
        refused(&b.node, &good),
        Refused::NotExchanging { .. }
    ));
    assert!(b.node.seal_bundle(&a_id, Vec::new()).is_err());
    b.node
        .resume_peer(&a_id, &b.node.at_terminal("operator"))
        .wait()
        .unwrap();
    // The plant: the same checks let the untouched one pass.
    b.node.open_bundle(&again(text)[..], false).unwrap();
    assert!(has(&b.node, 1));
}

#[test]
fn a_peer_follows_rotated_keys_and_lets_go_of_revoked_ones() {
    let dir = tempfile::tempdir().unwrap();
    let [a, b, _c] = three(dir.path());
    let (a_id, b_id) = (a.node.home().id.clone(), b.node.home().id.clone());
    say(&a.node, &b_id, 1, 1);
    for key in Use::ALL {
        a.clock.advance(1_000_000);
        a.node.rotate_key(key, &[]).unwrap();
    }
    // Sealed with the new key, and read before the notice: norms come before contacts.
    say(&a.node, &b_id, 2, 1);
    let opened = b
        .node
        .open_bundle(&sealed(&a.node, &b_id)[..], false)
        .unwrap();
    assert!(has(&b.node, 1) && has(&b.node, 2), "{opened:?}");
    let waiting = b.node.awaiting(-1, 99).unwrap();
    assert!(waiting.is_empty(), "{waiting:?}");
    // Encrypted to the new key.
    a.node
        .open_bundle(&sealed(&b.node, &a_id)[..], false)
        .unwrap();
    say(&a.node, &b_id, 3, 1);
    b.node
        .open_bundle(&sealed(&a.node, &b_id)[..], false)
        .unwrap();
    assert!(has(&b.node, 3));
    // A stolen key: nobody can follow by themselves.
    a.node
        .revoke_key(Use::Seal, Why::Stolen, START, &[])
        .unwrap();
    let last = sealed(&a.node, &b_id);
    assert!(matches!(refused(&b.node, &last), Refused::Forged(_)));
    for name in ["Valmora", "Ostrava"] {
        assert_eq!(proven(&dir.path().join(name)).findings, []);
    }
}

#[test]
fn whoever_took_what_is_erased_is_asked_to_stop() {
    let dir = tempfile::tempdir().unwrap();
    let [a, b, _c] = three(dir.path());
    let (a_id, b_id) = (a.node.home().id.clone(), b.node.home().id.clone());
    say(&a.node, &b_id, 1, 1);
    b.node
        .open_bundle(&sealed(&a.node, &b_id)[..], false)
        .unwrap();
    a.node
        .open_bundle(&sealed(&b.node, &a_id)[..], false)
        .unwrap();
    let id = ObjectId::parse("tool--00000000-0000-4000-8000-000000000001").unwrap();
    let removed = a.node.spill(&id, &a.node.at_terminal("Ana")).unwrap();
    assert_eq!(removed.taken_by, [b_id.to_string()]);
    let asked = a.node.withdrawals(&id).unwrap();
    assert_eq!(asked.len(), 1);
    assert_eq!(asked[0].recipient, b_id);
    b.node
        .open_bundle(&sealed(&a.node, &b_id)[..], false)
        .unwrap();
    assert_eq!(b.node.withdrawals(&id).unwrap().len(), 1, "it has heard");
    for name in ["Valmora", "Ostrava"] {
        assert_eq!(proven(&dir.path().join(name)).findings, []);
    }
}

#[test]
fn what_is_tightened_while_a_bundle_is_on_its_way_is_withdrawn_from_it() {
    let dir = tempfile::tempdir().unwrap();
    let [a, b, _] = three(dir.path());
    let (a_id, b_id) = (a.node.home().id.clone(), b.node.home().id.clone());
    say(&a.node, &b_id, 1, 1);
    let bundle = sealed(&a.node, &b_id);
    // For nobody any more, before the receipt is back.
    a.clock.advance(1_000_000);
    say(&a.node, &a_id, 1, 2);
    let id = ObjectId::parse("tool--00000000-0000-4000-8000-000000000001").unwrap();
    assert!(a.node.withdrawals(&id).unwrap().is_empty());
    b.node.open_bundle(&bundle[..], false).unwrap();
    b.clock.advance(2_000_000);
    let receipt = sealed(&b.node, &a_id);
    a.node.open_bundle(&receipt[..], false).unwrap();
    let asked = a.node.withdrawals(&id).unwrap();
    assert_eq!(asked.len(), 1, "{asked:?}");
    assert_eq!((&asked[0].recipient, asked[0].delivered), (&b_id, None));
    // The request goes with the next bundle, and counts as delivered with its receipt.
    let request = sealed(&a.node, &b_id);
    b.node.open_bundle(&request[..], false).unwrap();
    assert_eq!(b.node.withdrawals(&id).unwrap().len(), 1);
    let receipt = sealed(&b.node, &a_id);
    a.node.open_bundle(&receipt[..], false).unwrap();
    assert!(a.node.withdrawals(&id).unwrap()[0].delivered.is_some());
}
