//! Who took what is marked in the log: a line of the ledger that was changed, taken out or slipped in contradicts it.

use std::sync::Arc;

use node::access::{Access, Credentials};
use node::clock::HOUR;
use node::ledger::Taken;
use node::{NewAccess, Node};

use crate::sample::{Sample, Saved, create, import, proven, raw, signed_in, tool};

use node::keeping::verify::Area;

/// A program of somebody else's.
fn reader(node: &Node) -> Arc<Access> {
    let ada = signed_in(node);
    let new = NewAccess {
        name: "feed".to_owned(),
        participant: "Kestria".to_owned(),
        read: vec!["situation".to_owned()],
        ..NewAccess::default()
    };
    let kestria = node::Participant::new(
        "identity--00000000-0000-4000-8000-00000000000b"
            .parse()
            .unwrap(),
        "Kestria",
        node::Kind::State,
    );
    node.add_participant(kestria, &ada).wait().unwrap();
    let granted = node.add_access(new, &ada).unwrap().wait().unwrap();
    let shown = Credentials::Basic {
        name: granted.name,
        secret: granted.secret,
    };
    node.authenticate(&shown).unwrap().unwrap()
}

fn take(sample: &Sample, access: &Access, (after, last): (i64, i64)) {
    let taken = Taken {
        collection: 1,
        filter: "",
        after,
        last,
        records: 1,
        reached: sample.node.reached(),
    };
    sample.node.note_taken(access, &taken);
    sample.node.write_ledger().unwrap().wait().unwrap();
}

fn lines(sample: &Sample) -> Vec<(i64, i64)> {
    let lines = sample.node.ledger(None, i64::MAX, 100).unwrap();
    lines.iter().map(|line| (line.low, line.high)).collect()
}

#[test]
fn a_ledger_that_was_changed_contradicts_the_log() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path().join("n");
    let sample = create(&dir, "Ministry of Valmora", 1);
    let node = &sample.node;
    import(node, &[tool(1, 1, "")], None);
    let access = reader(node);
    for stretch in [(0, 10), (10, 20), (40, 50)] {
        take(&sample, &access, stretch);
    }
    assert_eq!(lines(&sample), [(40, 50), (0, 20)], "one line goes on");
    node.mark_trail().wait().unwrap();
    let size = node.log_size().unwrap();
    node.mark_trail().wait().unwrap();
    assert_eq!(node.log_size().unwrap(), size, "nothing is new");
    // What was marked grows no more: what its reader takes now is a line of its own, which goes on in turn.
    sample.clock.advance(HOUR);
    let bound = Access {
        person: "identity--00000000-0000-4000-8000-00000000000d"
            .parse()
            .ok(),
        ..(*access).clone()
    };
    for stretch in [(50, 60), (60, 70)] {
        take(&sample, &bound, stretch);
    }
    assert_eq!(lines(&sample), [(50, 70), (40, 50), (0, 20)]);
    node.mark_trail().wait().unwrap();
    assert_eq!(node.log_size().unwrap(), size + 1);
    take(&sample, &access, (70, 80));
    node.close();
    assert_eq!(proven(&dir).findings, []);
    let saved = Saved::of(&dir);
    let damages = [
        "UPDATE ledger SET viewer = 'identity--00000000-0000-4000-8000-00000000000c' WHERE id = 1",
        "UPDATE ledger SET person = viewer WHERE id = 1",
        "UPDATE ledger SET person = '' WHERE id = 3",
        "UPDATE ledger SET collection = 2 WHERE id = 1",
        "UPDATE ledger SET purpose = 'relay' WHERE id = 2",
        "UPDATE ledger SET filter = 'x' WHERE id = 2",
        "UPDATE ledger SET outcome = '' WHERE id = 3",
        "UPDATE ledger SET low = low + 1 WHERE id = 3",
        "UPDATE ledger SET high = high - 1 WHERE id = 1",
        "UPDATE ledger SET records = 0 WHERE id = 1",
        "UPDATE ledger SET first_at = first_at + 1 WHERE id = 1",
        "UPDATE ledger SET last_at = last_at - 1 WHERE id = 2",
        "UPDATE ledger SET id = 9 WHERE id = 1",
        "INSERT INTO ledger SELECT -1, viewer, collection, purpose, filter, outcome, low, high, records, first_at, last_at, person FROM ledger WHERE id = 1",
        "DELETE FROM ledger WHERE id = 1",
        "DELETE FROM ledger WHERE id > 2",
        "DELETE FROM ledger",
        "UPDATE ledger_sheet SET low = 15",
        "UPDATE ledger_sheet SET high = 60",
        "UPDATE ledger_sheet SET collection = 2",
        "UPDATE ledger_sheet SET sheet = 7",
        "DELETE FROM ledger_sheet",
        "UPDATE meta SET value = '{\"line\":3,\"hash\":\"00\"}' WHERE name = 'ledger.settled'",
        "UPDATE meta SET value = '{' WHERE name = 'ledger.settled'",
        "DELETE FROM meta WHERE name = 'ledger.settled'",
    ];
    for damage in damages {
        assert!(raw(&dir).execute(damage, []).unwrap() > 0, "{damage}");
        let findings = proven(&dir).findings;
        let named = findings.iter().any(|one| one.area == Area::Deliveries);
        assert!(named, "{damage}: {findings:?}");
        saved.put_back();
    }
    // What is younger than the last mark is not proven yet.
    raw(&dir)
        .execute("UPDATE ledger SET records = 9 WHERE id = 4", [])
        .unwrap();
    assert_eq!(proven(&dir).findings, []);
}

#[test]
fn what_is_taken_is_noted_though_how_far_the_ledger_is_settled_cannot_be_read() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path().join("n");
    let sample = create(&dir, "Ministry of Valmora", 1);
    import(&sample.node, &[tool(1, 1, "")], None);
    let access = reader(&sample.node);
    take(&sample, &access, (0, 10));
    sample.node.mark_trail().wait().unwrap();
    let damage = "UPDATE meta SET value = '{' WHERE name = 'ledger.settled'";
    assert_eq!(raw(&dir).execute(damage, []).unwrap(), 1);
    take(&sample, &access, (10, 20));
    assert_eq!(lines(&sample), [(10, 20), (0, 10)]);
    assert!(
        sample.node.mark_trail().wait().is_err(),
        "nothing is marked from it"
    );
}
