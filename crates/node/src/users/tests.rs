//! People who sign in, told as it happens: the first administrator, an invitation, a way back in, roles, sessions, tokens.

use std::sync::Arc;

use zeroize::Zeroizing;

use super::{
    Actor, Method, NewToken, NewUser, Once, Opened, Refused, Role, Roles, Scope, Shown, State,
    UserChange, Weak, check_trail,
};
use crate::chance::SeededRandom;
use crate::clock::{DAY, HOUR, ManualClock, SECOND};
use crate::{Kind, New, Node};

const START: i64 = 1_795_000_000_000_000;
const GOOD: &str = "an orchard by the river";

pub(crate) struct House {
    pub(crate) node: Node,
    pub(crate) clock: ManualClock,
    _dir: tempfile::TempDir,
}

impl Drop for House {
    fn drop(&mut self) {
        self.node.close();
    }
}

pub(crate) fn house() -> House {
    house_seeded(11)
}

/// A house whose keys and identities are others than those of another seed.
pub(crate) fn house_seeded(seed: u64) -> House {
    let dir = tempfile::tempdir().unwrap();
    let root = dir.path().join("n");
    let clock = ManualClock::new(START);
    let mut chance = SeededRandom::new(seed);
    let new = New {
        participant: "Ministry of Valmora".into(),
        kind: Kind::Organ,
        organ_of: None,
        country: None,
    };
    Node::create(&root, &new, &clock, &mut chance).unwrap();
    let node = Node::open(&root, None, Arc::new(clock.clone()), Box::new(chance)).unwrap();
    House {
        node,
        clock,
        _dir: dir,
    }
}

/// Why something was refused.
pub(crate) fn refused<T: std::fmt::Debug>(result: anyhow::Result<T>) -> Refused {
    let error = result.unwrap_err();
    let refused = error.downcast_ref::<Refused>();
    refused.unwrap_or_else(|| panic!("{error:#}")).clone()
}

impl House {
    fn choose(&self, actor: &Actor) -> (Opened, Vec<String>) {
        let secret = self.node.new_totp(actor).wait().unwrap();
        let code = secret.now(self.clock.now_for_tests());
        let secured = self.node.choose_password(GOOD, &code, actor).unwrap();
        let codes = secured.recovery_codes.map(|codes| codes.to_vec());
        (secured.opened, codes.unwrap_or_default())
    }

    pub(crate) fn administrator(&self) -> Actor {
        let begun = self.node.begin_set_up("Ada Lind", "ada", "here").wait();
        self.choose(&begun.unwrap().actor).0.actor
    }

    /// Somebody of these roles, signed in.
    pub(crate) fn somebody(&self, name: &str, roles: &[Role], by: &Actor) -> Actor {
        let new = NewUser {
            name: name.into(),
            roles: roles.iter().copied().collect(),
            ..NewUser::default()
        };
        let (_, code) = self.node.invite(new, by).wait().unwrap();
        let begun = self.node.redeem(&code.secret, "there").wait().unwrap();
        self.choose(&begun.actor).0.actor
    }

    fn show(&self, login: &str, password: &str, code: &str, from: &str) -> anyhow::Result<Opened> {
        self.node.sign_in(&Shown {
            login: login.into(),
            password: Zeroizing::new(password.into()),
            code: Zeroizing::new(code.into()),
            from: from.parse().unwrap(),
            origin: from.into(),
        })
    }
}

impl ManualClock {
    fn now_for_tests(&self) -> i64 {
        use crate::clock::Clock as _;
        self.now()
    }
}

#[test]
fn the_first_administrator_chooses_how_to_sign_in_and_signs_in() {
    let house = house();
    let node = &house.node;
    assert!(!node.has_users().unwrap());
    let broken_off = node.begin_set_up("Ada Lin", "ad", "here").wait().unwrap();
    let begun = node.begin_set_up("Ada Lind", "Ada", "here").wait().unwrap();
    assert!(
        node.actor(&broken_off.secret).unwrap().is_none(),
        "taken up again"
    );
    assert!(begun.actor.enrolling && !begun.actor.may(crate::Right::Users));
    assert!(!node.has_users().unwrap());

    let secret = node.new_totp(&begun.actor).wait().unwrap();
    let again = node.new_totp(&begun.actor).wait().unwrap();
    assert_eq!(*secret.text(), *again.text(), "the same until confirmed");
    let code = secret.now(START);
    for (password, weak) in [
        ("short", Weak::Short),
        ("Password123456", Weak::Guessable),
        ("ada lind ada lind", Weak::Guessable),
        ("aaaaaaaaaaaaaaa", Weak::Guessable),
    ] {
        let error = node
            .choose_password(password, &code, &begun.actor)
            .unwrap_err();
        assert_eq!(error.downcast_ref(), Some(&weak), "{password}");
    }
    let wrong = node.choose_password(GOOD, "000000", &begun.actor);
    assert_eq!(refused(wrong), Refused::Wrong);
    let secured = node.choose_password(GOOD, &code, &begun.actor).unwrap();
    assert!(
        node.actor(&begun.secret).unwrap().is_none(),
        "the session was renewed"
    );
    let ada = node.actor(&secured.opened.secret).unwrap().unwrap();
    assert!(!ada.enrolling && ada.roles.has(Role::Administrator));
    assert_eq!(secured.recovery_codes.as_ref().unwrap().len(), 10);
    assert!(node.has_users().unwrap());
    let late = node.begin_set_up("Mallory", "mallory", "there").wait();
    assert_eq!(refused(late), Refused::NoSuchCode);

    // The code that confirmed it does not sign in as well; the next one does, once.
    assert_eq!(
        refused(house.show("ada", GOOD, &code, "192.0.2.1")),
        Refused::Wrong
    );
    house.clock.advance(30 * SECOND);
    let code = secret.now(START + 30 * SECOND);
    for (login, password, code) in [
        ("ada", "another orchard", code.as_str()),
        ("adam", GOOD, &code),
        ("ada", GOOD, ""),
    ] {
        assert_eq!(
            refused(house.show(login, password, code, "192.0.2.1")),
            Refused::Wrong
        );
    }
    house.show(" ADA ", GOOD, &code, "192.0.2.1").unwrap();
    assert_eq!(
        refused(house.show("ada", GOOD, &code, "192.0.2.1")),
        Refused::Wrong
    );
    let recovery = &secured.recovery_codes.unwrap()[3];
    let typed = recovery.to_lowercase().replace('-', " ");
    house.show("ada", GOOD, &typed, "192.0.2.1").unwrap();
    assert_eq!(
        refused(house.show("ada", GOOD, recovery, "192.0.2.1")),
        Refused::Wrong
    );
    let user = node.user(&ada.person, &ada).unwrap().unwrap();
    assert_eq!((user.means.recovery_codes, user.state), (9, State::Active));
}

#[test]
fn guessing_is_slowed_where_it_comes_from_and_nowhere_else() {
    let house = house();
    house.administrator();
    for _ in 0..5 {
        let wrong = house.show("ada", "wrong wrong wrong", "000000", "192.0.2.66");
        assert_eq!(refused(wrong), Refused::Wrong);
    }
    // Free tries are used up: the next one is counted, and the one after has to wait.
    let _ = house.show("ada", "wrong wrong wrong", "000000", "192.0.2.66");
    let slow = house.show("ada", GOOD, "000000", "192.0.2.66");
    assert!(matches!(refused(slow), Refused::Slow(1..=3)));
    // The same for a name that nobody has.
    for _ in 0..6 {
        let _ = house.show("nobody", "wrong wrong wrong", "000000", "192.0.2.67");
    }
    let slow = house.show("nobody", GOOD, "000000", "192.0.2.67");
    assert!(matches!(refused(slow), Refused::Slow(_)));
    // Elsewhere, and under another name, nobody waits.
    let elsewhere = house.show("ada", GOOD, "000000", "192.0.2.1");
    assert_eq!(refused(elsewhere), Refused::Wrong);
    let other = house.show("berthe", GOOD, "000000", "192.0.2.66");
    assert_eq!(refused(other), Refused::Wrong);
}

#[test]
fn a_clock_that_was_far_ahead_locks_nobody_out_and_keeps_no_session() {
    let house = house();
    let now = house.clock.now_for_tests();
    house.clock.set(now + 1_000 * DAY);
    let begun = house.node.begin_set_up("Ada Lind", "ada", "here").wait();
    let (opened, _) = house.choose(&begun.unwrap().actor);
    let show = || refused(house.show("ada", "wrong wrong wrong", "000000", "192.0.2.66"));
    while show() == Refused::Wrong {}
    house.clock.set(now + DAY);
    assert!(house.node.actor(&opened.secret).unwrap().is_none());
    assert_eq!(show(), Refused::Wrong, "not to be waited for until then");
    assert!(matches!(show(), Refused::Slow(1..=10)), "it counts again");
}

#[test]
fn an_invitation_a_suspension_and_a_way_back() {
    let house = house();
    let node = &house.node;
    let ada = house.administrator();
    let new = NewUser {
        name: "Berthe Ormont".into(),
        roles: Roles::from_iter([Role::Editor]),
        ..NewUser::default()
    };
    let (berthe, code) = node.invite(new.clone(), &ada).wait().unwrap();
    assert!(node.invite(new, &ada).wait().is_err(), "the name is taken");
    let begun = node.redeem(&code.secret, "there").wait().unwrap();
    assert_eq!(
        refused(node.redeem(&code.secret, "there").wait()),
        Refused::NoSuchCode
    );
    let (opened, _) = house.choose(&begun.actor);
    assert_eq!(
        node.user(&berthe, &ada).unwrap().unwrap().login,
        "berthe.ormont"
    );
    let editor = node.actor(&opened.secret).unwrap().unwrap();
    assert!(editor.may(crate::Right::Write) && !editor.may(crate::Right::Users));
    assert_eq!(
        refused(node.users(&editor)),
        Refused::NotAllowed(crate::Right::Users)
    );
    assert!(node.user(&ada.person, &editor).is_err(), "others' matters");

    let suspended = UserChange {
        suspended: Some(true),
        ..UserChange::default()
    };
    let by_editor = node
        .change_user(&ada.person, suspended.clone(), &editor)
        .wait();
    assert_eq!(refused(by_editor), Refused::NotAllowed(crate::Right::Users));
    node.change_user(&berthe, suspended.clone(), &ada)
        .wait()
        .unwrap();
    assert!(
        node.actor(&opened.secret).unwrap().is_none(),
        "at the next request"
    );
    let own = node.new_totp(&editor).wait();
    assert_eq!(
        refused(own.map(|_| ())),
        Refused::SignedOut,
        "nor by what was held"
    );
    assert_eq!(
        refused(node.change_user(&ada.person, suspended, &ada).wait()),
        Refused::LastAdministrator
    );
    let back = UserChange {
        suspended: Some(false),
        ..UserChange::default()
    };
    node.change_user(&berthe, back, &ada).wait().unwrap();
    let terminal = node.at_terminal("operator");
    let way = node
        .one_time(&berthe, Once::Recovery, &terminal)
        .wait()
        .unwrap();
    assert_eq!(
        node.peek(&way.secret).unwrap(),
        Some((Once::Recovery, berthe.clone()))
    );
    let begun = node.redeem(&way.secret, "there").wait().unwrap();
    assert!(begun.actor.enrolling && begun.actor.roles.is_empty());
    let (opened, codes) = house.choose(&begun.actor);
    assert!(
        !opened.actor.enrolling && codes.len() == 10,
        "everything anew"
    );
    house.clock.advance(2 * HOUR);
    let late = node.one_time(&berthe, Once::Recovery, &ada).wait().unwrap();
    house.clock.advance(HOUR);
    assert_eq!(
        refused(node.redeem(&late.secret, "").wait()),
        Refused::NoSuchCode
    );
    assert_eq!(
        refused(node.one_time(&berthe, Once::Link, &ada).wait().map(|_| ())),
        Refused::NotAllowed(crate::Right::Operate),
        "a link that signs in comes from the terminal only"
    );
}

#[test]
fn sessions_and_tokens_end_at_once() {
    let house = house();
    let node = &house.node;
    let ada = house.administrator();
    let editor = house.somebody("Berthe Ormont", &[Role::Editor], &ada);
    let number = editor.session.unwrap();
    assert_eq!(
        node.sessions(&editor.person, &ada).unwrap()[0].method,
        Method::Password
    );
    let new = |scope, days| NewToken {
        name: "notebook".into(),
        scope,
        days,
    };
    assert!(
        node.add_token(new(Scope::Read, 367), &editor)
            .wait()
            .is_err()
    );
    let reads = node.add_token(new(Scope::Read, 1), &editor).wait().unwrap();
    let writes = node
        .add_token(new(Scope::Write, 30), &editor)
        .wait()
        .unwrap();
    let by_token = node.actor_by_token(&reads).unwrap().unwrap();
    assert!(by_token.may(crate::Right::Read) && !by_token.may(crate::Right::Write));
    assert!(
        by_token.viewer.machine,
        "a program never reads as a person does"
    );
    let by_token = node.actor_by_token(&writes).unwrap().unwrap();
    assert!(by_token.may(crate::Right::Write) && !by_token.may(crate::Right::Decide));
    assert!(
        node.actor_by_token(&reads[..reads.len() - 1])
            .unwrap()
            .is_none()
    );
    assert_eq!(
        refused(
            node.add_token(new(Scope::Read, 1), &by_token)
                .wait()
                .map(|_| ())
        ),
        Refused::SignedOut,
        "a token makes no token"
    );
    house.clock.advance(DAY);
    assert!(
        node.actor_by_token(&reads).unwrap().is_none(),
        "its day is over"
    );
    let second = node.tokens(&editor.person, &ada).unwrap()[1].number;
    node.revoke_token(second, &ada).wait().unwrap();
    assert!(node.actor_by_token(&writes).unwrap().is_none());

    node.end_session(number, &ada).wait().unwrap();
    assert!(node.sessions(&editor.person, &ada).unwrap().is_empty());
    assert_eq!(
        refused(node.end_session(ada.session.unwrap(), &editor).wait()),
        Refused::SignedOut,
        "whoever is signed out may end nobody's"
    );
}

#[test]
fn an_idle_session_ends_and_what_changes_people_is_on_the_trail() {
    let house = house();
    let node = &house.node;
    let begun = node.begin_set_up("Ada Lind", "ada", "here").wait().unwrap();
    let (opened, _) = house.choose(&begun.actor);
    house.clock.advance(7 * HOUR);
    assert!(node.actor(&opened.secret).unwrap().is_some());
    // Having been looked at keeps it going.
    node.sign_out(&node.at_terminal("nobody")).wait().unwrap();
    house.clock.advance(7 * HOUR);
    let ada = node.actor(&opened.secret).unwrap().unwrap();
    assert_eq!(
        refused(node.new_totp(&ada).wait().map(|_| ())),
        Refused::Stale
    );
    node.sign_out(&ada).wait().unwrap();
    house.clock.advance(9 * HOUR);
    assert!(node.actor(&opened.secret).unwrap().is_none());
    assert_eq!(
        node.whose(&opened.secret).unwrap(),
        Some(ada.person.clone())
    );

    let mut lines = node.trail(None, None, 100, &ada).unwrap();
    let actions: Vec<&str> = lines.iter().map(|line| line.action.as_str()).collect();
    assert_eq!(
        actions,
        [
            "session.end",
            "session.open",
            "credential.add",
            "session.open"
        ]
    );
    assert_eq!(node.verify_trail().unwrap(), Ok(4));
    lines.reverse();
    assert!(check_trail(&[], &lines).is_ok());
    lines[1].detail.push(' ');
    assert_eq!(check_trail(&[], &lines).unwrap_err().number, 2);
    assert!(lines.iter().all(|line| ada.is(&line.person)));
}

#[test]
fn a_subject_is_one_person_and_a_way_back_in_ends_the_binding() {
    let house = house();
    let ada = house.administrator();
    let berthe = house.somebody("Berthe Ormont", &[Role::Reader], &ada);
    let (node, issuer) = (&house.node, "https://id.test");
    let enters = |subject: &str| node.sign_in_openid(issuer, subject, None, "there").wait();
    assert_eq!(refused(enters("7")), Refused::Wrong);
    let bound = node.bind_own_openid(issuer, "7", &berthe).wait().unwrap();
    assert_eq!(enters("7").unwrap().actor.person, berthe.person);
    let again = node.bind_openid(&ada.person, issuer, "7", &ada).wait();
    assert_eq!(refused(again), Refused::BoundAlready);
    house.clock.advance(HOUR);
    let late = node
        .bind_own_openid(issuer, "8", &bound.opened.actor)
        .wait();
    assert_eq!(refused(late), Refused::Stale);
    let code = node.one_time(&berthe.person, Once::Recovery, &ada).wait();
    let anew = node.redeem(&code.unwrap().secret, "there").wait().unwrap();
    house.choose(&anew.actor);
    assert_eq!(
        refused(enters("7")),
        Refused::Wrong,
        "it may be in other hands"
    );
    node.bind_openid(&berthe.person, issuer, "9", &ada)
        .wait()
        .unwrap();
    let inside = enters("9").unwrap().actor;
    let user = node.user(&berthe.person, &ada).unwrap().unwrap();
    let number = user.means.openid[0].0;
    assert_eq!(
        refused(node.unbind_openid(&berthe.person, number, &inside).wait()),
        Refused::NotAllowed(super::Right::Users)
    );
    node.unbind_openid(&berthe.person, number, &ada)
        .wait()
        .unwrap();
    assert_eq!(refused(enters("9")), Refused::Wrong);
}
