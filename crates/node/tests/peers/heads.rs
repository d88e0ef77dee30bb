//! Peers keep and cosign the heads of each other's logs, and see when one contradicts itself.

use node::clock::SECOND;
use node::keys;
use node::peers::wire::Head;
use policy::Tlp;
use tlog::{Checkpoint, Fork, Hash};

use crate::fleet::Fleet;

#[test]
fn heads_are_followed_and_cosigned_and_a_fork_is_kept_as_a_proof() {
    let fleet = Fleet::peers(30, &["Aland", "Borea"]);
    let (a, b) = (&fleet.nodes[0], &fleet.nodes[1]);
    for number in 0..3 {
        fleet.write(
            0,
            fleet.to(Tlp::Amber, &[1]),
            &[fleet.report(0, number, 0, "x")],
        );
        a.issue_checkpoint().wait().unwrap();
        fleet.clock.advance(61 * SECOND);
        fleet.sync(1, 0).unwrap();
        let seen = b.peer(&fleet.id(0)).unwrap().unwrap();
        assert_eq!(
            seen.log_size,
            Some(a.log_size().unwrap()),
            "followed by a proof"
        );
    }
    let cosigned = a.cosigned_by(&fleet.id(1)).unwrap().unwrap();
    assert!(cosigned.contains(b.log_of(&fleet.id(0)).unwrap().name().as_str()));
    // Somebody with its key shows another log of the same size: at the first contact it is caught, and kept.
    let log = b.log_of(&fleet.id(0)).unwrap();
    let key = keys::load(&a.folder().keys()).unwrap().log;
    let size = a.log_size().unwrap();
    let other = Checkpoint::new(log.name().clone(), size, Hash::leaf(b"another"));
    let note = other.sign(&key, 1_795_300_000).unwrap();
    let shown = Head {
        note,
        proof: Vec::new(),
    };
    fleet.mesh.heads.lock().unwrap().insert(fleet.id(0), shown);
    fleet.clock.advance(61 * SECOND);
    let error = fleet.sync(1, 0).unwrap_err();
    assert!(error.to_string().contains("contradicts"), "{error}");
    let seen = b.peer(&fleet.id(0)).unwrap().unwrap();
    Fork::read(&seen.inconsistent.unwrap(), &log).unwrap();
    // Its records stay, and the exchange goes on: what is to be done is for people to decide.
    assert_eq!(fleet.held(1).len(), 3);
    fleet.clock.advance(61 * SECOND);
    fleet.sync(1, 0).unwrap();
}
