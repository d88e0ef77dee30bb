//! Roles, rights of programs and states of peers are what the audit trail says: a change of the database alone is found.

use node::keeping::verify::Area;
use node::users::{NewUser, UserChange};
use node::{Actor, NewAccess, Role, Roles};

use crate::sample::{Saved, create, proven, raw, signed_in};

fn roles(all: &[Role]) -> Roles {
    all.iter().copied().collect()
}

fn invited(node: &node::Node, name: &str, all: &[Role], by: &Actor) -> stix::ObjectId {
    let new = NewUser {
        name: name.to_owned(),
        roles: roles(all),
        ..NewUser::default()
    };
    node.invite(new, by).wait().unwrap().0
}

#[test]
fn who_may_what_is_what_the_trail_says() {
    let dir = tempfile::tempdir().unwrap();
    let peer = create(&dir.path().join("p"), "Kestria", 2);
    let dir = dir.path().join("n");
    let sample = create(&dir, "Ministry of Valmora", 1);
    let node = &sample.node;
    let ada = signed_in(node);
    let ben = invited(node, "Ben Orme", &[Role::Reader], &ada);
    let cleo = invited(node, "Cleo Vane", &[Role::Editor, Role::Reader], &ada);
    let change = |person, change| node.change_user(person, change, &ada).wait().unwrap();
    let other = UserChange {
        roles: Some(roles(&[Role::Auditor])),
        ..UserChange::default()
    };
    change(&ben, other);
    let suspended = |yes| UserChange {
        suspended: Some(yes),
        ..UserChange::default()
    };
    change(&cleo, suspended(true));
    change(&ben, suspended(true));
    change(&ben, suspended(false));
    let program = |name: &str, write: &[&str]| NewAccess {
        name: name.to_owned(),
        participant: node.home().id.to_string(),
        read: vec!["situation".to_owned()],
        write: write.iter().map(|name| (*name).to_owned()).collect(),
        ..NewAccess::default()
    };
    for new in [program("feed", &[]), program("sensor", &["situation"])] {
        drop(node.add_access(new, &ada).unwrap().wait().unwrap());
    }
    assert!(node.revoke_access("sensor", &ada).wait().unwrap());
    let file = peer
        .node
        .introduce(vec![], &peer.node.at_terminal("operator"));
    let file = file.wait().unwrap().file();
    node.add_peer(file.as_bytes(), &node.at_terminal("operator"))
        .unwrap();
    peer.node.close();
    node.close();
    assert_eq!(proven(&dir).findings, []);
    let saved = Saved::of(&dir);
    for damage in [
        "UPDATE login SET roles = 'administrator' WHERE name = 'ben.orme'",
        "UPDATE login SET roles = roles || ',releaser' WHERE name = 'ben.orme'",
        "UPDATE login SET roles = '' WHERE name = 'ada'",
        "UPDATE login SET state = 'active' WHERE name = 'cleo.vane'",
        "UPDATE login SET state = 'suspended' WHERE name = 'ada'",
        "UPDATE login SET person = replace(person, 'identity--', 'identity--0')",
        "DELETE FROM login WHERE name = 'cleo.vane'",
        "INSERT INTO login SELECT person || '0', 'eve', 'administrator', 'active', language, email, created, changed FROM login WHERE name = 'ada'",
        "UPDATE access SET revoked = NULL",
        "UPDATE access SET revoked = 1 WHERE name = 'feed'",
        "UPDATE access SET participant = replace(participant, 'identity--', 'identity--0')",
        "UPDATE access SET rights = replace(rights, '\"write\":[]', '\"write\":[\"x\"]') WHERE name = 'feed'",
        "UPDATE access SET rights = replace(rights, '{', '{\"metrics\":true,') WHERE name = 'feed'",
        "UPDATE access SET rights = (SELECT rights FROM access WHERE name = 'sensor') WHERE name = 'feed'",
        "UPDATE access SET name = 'food' WHERE name = 'feed'",
        "DELETE FROM access WHERE name = 'sensor'",
        "UPDATE peer SET state = 'confirmed'",
        "DELETE FROM peer",
    ] {
        let changed = raw(&dir).execute(damage, []).unwrap();
        assert!(changed > 0, "{damage}");
        let findings = proven(&dir).findings;
        let named = findings.iter().any(|one| one.area == Area::Rights);
        assert!(named, "{damage}: {findings:?}");
        saved.put_back();
    }
    assert_eq!(proven(&dir).findings, []);
}
