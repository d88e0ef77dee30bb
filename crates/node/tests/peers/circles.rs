//! Circles across nodes: members get the roster, newcomers nothing from before, others not even a name.

use node::submission::Marking;
use policy::{Member, Tlp};

use crate::fleet::Fleet;

#[test]
fn a_roster_goes_to_members_and_a_newcomer_sees_from_then_on() {
    let fleet = Fleet::peers(40, &["Aland", "Borea", "Cresta"]);
    let member = |at: usize| Member::Participant(fleet.id(at));
    let circle = fleet.nodes[0]
        .add_circle(
            "North",
            vec![member(0), member(1)],
            &fleet.nodes[0].at_terminal("operator"),
        )
        .wait()
        .unwrap();
    fleet.round();
    assert_eq!(fleet.nodes[1].circles(), std::slice::from_ref(&circle));
    assert!(fleet.nodes[2].circles().is_empty(), "not even its name");
    let to_circle = |at: usize| Marking {
        tlp: Some(Tlp::Amber),
        audience: vec![fleet.nodes[at].member("North").unwrap()],
    };
    fleet.write(0, to_circle(0), &[fleet.report(0, 1, 0, "before")]);
    // A member that is not the owner writes to the circle, too.
    fleet.write(1, to_circle(1), &[fleet.report(1, 1, 0, "of Borea")]);
    fleet.round();
    assert_eq!([0, 1, 2].map(|at| fleet.held(at).len()), [2, 2, 0]);
    let joined = fleet.nodes[0]
        .join_circle(
            &circle.id,
            member(2),
            &fleet.nodes[0].at_terminal("operator"),
        )
        .wait()
        .unwrap();
    assert_eq!(joined.epoch, circle.epoch + 1);
    fleet.write(0, to_circle(0), &[fleet.report(0, 2, 0, "after")]);
    fleet.round();
    fleet.round();
    assert_eq!([0, 1, 2].map(|at| fleet.held(at).len()), [3, 3, 1]);
    assert_eq!(fleet.nodes[2].circles(), [joined]);
    // Who leaves gets nothing more.
    fleet.nodes[0]
        .leave_circle(
            &circle.id,
            &member(1),
            &fleet.nodes[0].at_terminal("operator"),
        )
        .wait()
        .unwrap();
    fleet.write(0, to_circle(0), &[fleet.report(0, 3, 0, "later")]);
    fleet.round();
    assert_eq!([0, 1, 2].map(|at| fleet.held(at).len()), [4, 3, 2]);
    // Only its owner changes it.
    assert!(
        fleet.nodes[2]
            .join_circle(
                &circle.id,
                member(1),
                &fleet.nodes[2].at_terminal("operator")
            )
            .wait()
            .is_err()
    );
}
