//! Every action that asks who does it, tried by every role: what is not allowed is refused, what is allowed is not. The check itself is
//! checked: an action that forgets to ask is caught.

use policy::{CircleId, Member};
use stix::ObjectId;

use super::tests::{House, house, house_seeded};
use super::{
    Actor, Method, NewUser, Once, Refused, Right, Role, Roles, UserChange, sessions::open_session,
};
use crate::NewAccess;
use crate::clearance::{Act, NewDelegation, NewStanding, Procedure, Said};
use crate::waiting::Decided;

type Attempt = fn(&House, &Actor) -> anyhow::Result<()>;

const RECORD: &str = "tool--00000000-0000-4000-8000-000000000001";

fn somebody() -> ObjectId {
    ObjectId::parse("identity--00000000-0000-4000-8000-000000000009").unwrap()
}

fn circle() -> CircleId {
    CircleId::parse("00000000-0000-4000-8000-000000000007").unwrap()
}

fn program() -> NewAccess {
    NewAccess {
        name: "feed".into(),
        participant: "Ministry of Valmora".into(),
        read: vec!["situation".into()],
        ..NewAccess::default()
    }
}

fn act(house: &House, act: Act, by: &Actor) -> anyhow::Result<()> {
    let clearance = house.node.clearance();
    clearance.act(1, act, Said::default(), by).wait().map(drop)
}

/// What is done, with which right, and how.
const ACTIONS: &[(&str, Right, Attempt)] = &[
    ("admit", Right::Decide, |house, by| {
        house.node.decide(1, Decided::Admit, by)?.wait().map(drop)
    }),
    ("discard", Right::Decide, |house, by| {
        house.node.decide(1, Decided::Discard, by)?.wait().map(drop)
    }),
    ("quarantine", Right::Decide, |house, by| {
        house.node.discard_quarantined(1, by).wait().map(drop)
    }),
    ("agree", Right::Release, |house, by| {
        let sign = Act::Sign {
            step: 0,
            reserved: false,
        };
        act(house, sign, by)
    }),
    ("cancel", Right::Stop, |house, by| {
        act(house, Act::Withdraw, by)
    }),
    ("define steps", Right::Register, |house, by| {
        let nothing = Procedure::default();
        house.node.clearance().define(nothing, by).wait()
    }),
    ("authorize beforehand", Right::Release, |house, by| {
        let nothing = NewStanding::default();
        let made = house.node.clearance().authorize(nothing, by);
        made.wait().map(drop)
    }),
    ("end an authorization", Right::Stop, |house, by| {
        house.node.clearance().end_standing(1, by).wait()
    }),
    ("end a delegation", Right::Register, |house, by| {
        house.node.clearance().end_delegation(1, by).wait()
    }),
    ("delegate", Right::Read, |house, by| {
        let nothing = NewDelegation::default();
        let made = house.node.clearance().delegate(nothing, by);
        made.wait().map(drop)
    }),
    ("ask erasure", Right::Erase, |house, by| {
        let record = RECORD.parse()?;
        let asked = house.node.ask_erasure(&record, None, "reason", by);
        asked.wait().map(drop)
    }),
    ("cancel erasure", Right::Stop, |house, by| {
        house.node.cancel_erasure(1, by).wait()
    }),
    ("spill", Right::Erase, |house, by| {
        house.node.spill(&RECORD.parse()?, by).map(drop)
    }),
    ("add access", Right::Access, |house, by| {
        house.node.add_access(program(), by)?.wait().map(drop)
    }),
    ("revoke access", Right::Access, |house, by| {
        house.node.revoke_access("nothing", by).wait().map(drop)
    }),
    ("users", Right::Users, |house, by| {
        match by.may(Right::Trail) {
            // The list of people is an auditor's as well.
            true if !by.may(Right::Users) => Err(Refused::NotAllowed(Right::Users).into()),
            _ => house.node.users(by).map(drop),
        }
    }),
    ("invite", Right::Users, |house, by| {
        let new = NewUser {
            name: format!("A friend of {}", by.name),
            ..NewUser::default()
        };
        house.node.invite(new, by).wait().map(drop)
    }),
    ("change user", Right::Users, |house, by| {
        let new = UserChange {
            roles: Some(Roles::from_iter(Role::ALL)),
            ..UserChange::default()
        };
        house.node.change_user(&somebody(), new, by).wait()
    }),
    ("raise oneself", Right::Users, |house, by| {
        let new = UserChange {
            roles: Some(Roles::from_iter(
                by.roles.iter().chain([Role::Administrator]),
            )),
            ..UserChange::default()
        };
        house.node.change_user(&by.person, new, by).wait()
    }),
    ("recover", Right::Users, |house, by| {
        let made = house.node.one_time(&somebody(), Once::Recovery, by);
        made.wait().map(drop)
    }),
    ("bind", Right::Users, |house, by| {
        let bound = house
            .node
            .bind_openid(&somebody(), "https://id.test", "7", by);
        bound.wait()
    }),
    ("trail", Right::Trail, |house, by| {
        house.node.trail(None, None, 10, by).map(drop)
    }),
    ("rename", Right::Register, |house, by| {
        let name = house.node.home().name.clone();
        house.node.rename(&name, Some("NL"), by).map(drop)
    }),
    ("add participant", Right::Register, |house, by| {
        let name = format!("State of {}", by.name);
        let new = crate::Participant::new(house.node.new_identity()?, &name, crate::Kind::State);
        house.node.enter_participant(new, by).wait().map(drop)
    }),
    ("add collection", Right::Register, |house, by| {
        let new = crate::NewOwnCollection {
            alias: format!("of-{}", by.roles.to_string().replace(',', "-")),
            ..crate::NewOwnCollection::default()
        };
        house.node.found_collection(new, by).wait().map(drop)
    }),
    ("note participant", Right::Register, |house, by| {
        let new = crate::Participant::new(house.node.new_identity()?, "", crate::Kind::State);
        house.node.add_participant(new, by).wait().map(drop)
    }),
    ("add person", Right::Users, |house, by| {
        house.node.add_person("", "", by).wait().map(drop)
    }),
    ("add circle", Right::Register, |house, by| {
        house.node.add_circle("", Vec::new(), by).wait().map(drop)
    }),
    ("join circle", Right::Register, |house, by| {
        let joined = house
            .node
            .join_circle(&circle(), Member::Participant(somebody()), by);
        joined.wait().map(drop)
    }),
    ("leave circle", Right::Register, |house, by| {
        let left = house
            .node
            .leave_circle(&circle(), &Member::Participant(somebody()), by);
        left.wait().map(drop)
    }),
    ("introduce", Right::Register, |house, by| {
        house.node.introduce(Vec::new(), by).wait().map(drop)
    }),
    ("suspend peer", Right::Register, |house, by| {
        house.node.suspend_peer(&somebody(), by).wait()
    }),
    ("resume peer", Right::Register, |house, by| {
        house.node.resume_peer(&somebody(), by).wait()
    }),
    ("forget peer", Right::Register, |house, by| {
        house.node.forget_peer(&somebody(), by).wait()
    }),
    ("write", Right::Write, |house, by| {
        let home = house.node.home().id.clone();
        let nothing = crate::Submission {
            bytes: bytes::Bytes::new(),
            objects: Vec::new(),
            channel: crate::Channel::Local,
            submitter: home,
            person: None,
            collection: "situation".to_owned(),
            marking: crate::submission::Marking::default(),
        };
        house.node.write(nothing, by)?.wait().map(drop)
    }),
    ("seal a bundle", Right::Operate, |house, by| {
        let home = house.node.home().id.clone();
        house.node.seal_bundle_by(&home, by).map(drop)
    }),
    ("open a bundle", Right::Operate, |house, by| {
        house.node.open_bundle_by(b"none", false, by).map(drop)
    }),
    ("make a token", Right::Read, |house, by| {
        let new = super::NewToken {
            name: "notebook".into(),
            scope: super::Scope::Read,
            days: 1,
        };
        house.node.add_token(new, by).wait().map(drop)
    }),
];

/// Where what happens is not what the table of rights says.
fn unexpected(actions: &[(&str, Right, Attempt)]) -> Vec<String> {
    let house = house();
    let ada = house.administrator();
    let mut wrong = Vec::new();
    for role in Role::ALL {
        let actor = house.somebody(&format!("One {role}"), &[role], &ada);
        for (name, right, act) in actions {
            let refused = match act(&house, &actor) {
                Ok(()) => None,
                Err(error) => error.downcast_ref::<Refused>().cloned(),
            };
            let may = role.rights().contains(right);
            let stopped = refused == Some(Refused::NotAllowed(*right));
            if may == stopped || (!may && refused.is_none()) {
                wrong.push(format!("{name} by {role}: {refused:?}"));
            }
        }
    }
    wrong
}

#[test]
fn every_role_does_what_it_may_and_nothing_else() {
    assert_eq!(unexpected(ACTIONS), Vec::<String>::new());
}

#[test]
fn an_action_that_forgets_to_ask_is_caught() {
    let forgets: Attempt = |house, by| {
        let by = by.clone();
        let done = house.node.change(move |change| {
            change.note(&by, "settings.change", "node", &serde_json::Value::Null)
        });
        done.wait()
    };
    let wrong = unexpected(&[("forgets", Right::Operate, forgets)]);
    assert_eq!(wrong.len(), 4, "every role but administrators: {wrong:?}");
}

#[test]
fn what_somebody_was_is_worth_nothing_once_it_has_changed() {
    let house = house();
    let ada = house.administrator();
    let editor = house.somebody("Berthe Ormont", &[Role::Editor], &ada);
    let less = UserChange {
        roles: Some(Roles::from_iter([Role::Reader])),
        ..UserChange::default()
    };
    house
        .node
        .change_user(&editor.person, less, &ada)
        .wait()
        .unwrap();
    // The actor was looked up before: it still says that they may, and the transaction knows better.
    assert!(editor.may(Right::Stop));
    let error = act(&house, Act::Withdraw, &editor).unwrap_err();
    assert_eq!(error.downcast_ref(), Some(&Refused::SignedOut));
    // Signed in again, and given another role meanwhile in the very session.
    let login = house.node.read().unwrap().login(editor.person.as_str());
    let login = login.unwrap().unwrap();
    let opened = house.node.change(move |change| {
        open_session(change, &login, Method::Passkey, "", serde_json::Value::Null)
    });
    let mut again = opened.wait().unwrap().actor;
    again.roles = Roles::from_iter(Role::ALL);
    assert!(again.may(Right::Stop), "an actor that was tampered with");
    let error = act(&house, Act::Withdraw, &again).unwrap_err();
    assert_eq!(
        error.downcast_ref(),
        Some(&Refused::NotAllowed(Right::Stop))
    );
}

#[test]
fn a_page_opened_as_administrator_changes_no_peer_once_the_role_is_gone() {
    let (house, other) = (house(), house_seeded(12));
    let (ada, theirs) = (house.administrator(), other.administrator());
    let file = other.node.introduce(Vec::new(), &theirs).wait().unwrap();
    let words = other.node.own_words().unwrap().unwrap().in_english();
    let peer = other.node.home().id.clone();
    let ben = house.somebody("Ben Orme", &[Role::Administrator], &ada);
    // The page is loaded, and shows the form.
    assert!(ben.may(Right::Register));
    let less = UserChange {
        roles: Some(Roles::from_iter([Role::Reader])),
        ..UserChange::default()
    };
    let taken = house.node.change_user(&ben.person, less, &ada);
    taken.wait().unwrap();
    let state = || {
        let known = house.node.peer(&peer).unwrap();
        known.map(|peer| peer.state.as_str().to_owned())
    };
    let file = file.file();
    let refused = |error: anyhow::Error| error.is::<Refused>();
    assert!(refused(
        house.node.add_peer(file.as_bytes(), &ben).unwrap_err()
    ));
    assert_eq!(state(), None);
    house.node.add_peer(file.as_bytes(), &ada).unwrap();
    assert!(refused(
        house.node.confirm_peer(&peer, &words, &ben).unwrap_err()
    ));
    assert_eq!(state().as_deref(), Some("introduced"));
    house.node.confirm_peer(&peer, &words, &ada).unwrap();
    assert!(refused(
        house.node.suspend_peer(&peer, &ben).wait().unwrap_err()
    ));
    assert!(refused(
        house.node.forget_peer(&peer, &ben).wait().unwrap_err()
    ));
    assert_eq!(state().as_deref(), Some("confirmed"));
    // Who may, does, and the trail says who it was.
    house.node.suspend_peer(&peer, &ada).wait().unwrap();
    let lines = house.node.trail(None, None, 20, &ada).unwrap();
    let done: Vec<_> = lines
        .iter()
        .filter(|line| line.subject == peer.as_str())
        .map(|line| (line.action.as_str(), line.person == ada.person.as_str()))
        .collect();
    for action in ["peer.add", "peer.confirm", "peer.suspend"] {
        assert_eq!(
            done.iter()
                .filter(|(done, own)| *done == action && *own)
                .count(),
            1,
            "{done:?}"
        );
    }
}

#[test]
fn who_only_administers_reads_no_record_by_it() {
    let house = house();
    let ada = house.administrator();
    for (roles, public) in [
        (&[Role::Administrator][..], true),
        (&[Role::Auditor], true),
        (&[Role::Administrator, Role::Auditor], true),
        (&[Role::Administrator, Role::Reader], false),
        (&[Role::Releaser], false),
    ] {
        let actor = house.somebody(&format!("One {roles:?}"), roles, &ada);
        let seen = actor.viewer.standing.participant.is_none();
        assert_eq!(seen, public, "{roles:?}");
        assert_eq!(actor.viewer.person.is_none(), public, "{roles:?}");
    }
}
