//! With what people and programs come in is what the audit trail vouches for: a secret, a session or a code that was put into the database
//! past the node is found.

use std::net::{IpAddr, Ipv4Addr};
use std::path::Path;

use node::clock::{DAY, ManualClock};
use node::health::{Grade, Part};
use node::keeping::backup::restore;
use node::keeping::verify::Area;
use node::users::{NewToken, NewUser, Once, Scope, Shown, UserChange};
use node::{NewAccess, Role};

use crate::sample::{Sample, Saved, create, open, proven, raw, signed_in};
use crate::trail::hashed_anew;

const PASSWORD: &str = "an orchard by the river";

/// Ada with password, codes, tokens and a session; Ben with an invitation; two programs.
fn house(sample: &Sample) -> Vec<String> {
    let node = &sample.node;
    let begun = node.begin_set_up("Ada Lind", "ada", "here").wait().unwrap();
    let codes = node.new_totp(&begun.actor).wait().unwrap();
    let code = codes.now(node.now());
    let secured = node.choose_password(PASSWORD, &code, &begun.actor).unwrap();
    let ada = secured.opened.actor;
    let new = NewUser {
        name: "Ben Orme".to_owned(),
        roles: [Role::Reader].into_iter().collect(),
        email: Some("ben.orme@arland.example".to_owned()),
        ..NewUser::default()
    };
    drop(node.invite(new, &ada).wait().unwrap());
    for name in ["calendar", "lost"] {
        let token = NewToken {
            name: name.to_owned(),
            scope: Scope::Read,
            days: 30,
        };
        drop(node.add_token(token, &ada).wait().unwrap());
    }
    let tokens = node.tokens(&ada.person, &ada).unwrap();
    node.revoke_token(tokens[1].number, &ada).wait().unwrap();
    for (name, secret) in [("feed", None), ("sensor", Some("a chosen secret"))] {
        let new = NewAccess {
            name: name.to_owned(),
            participant: node.home().id.to_string(),
            read: vec!["situation".to_owned()],
            secret: secret.map(str::to_owned),
            ..NewAccess::default()
        };
        drop(node.add_access(new, &ada).unwrap().wait().unwrap());
    }
    let recovery = secured.recovery_codes.unwrap();
    recovery.iter().cloned().collect()
}

/// The folder of [`house`] once the database was changed past the node that was closed: its clock, and the recovery codes.
fn changed_past(dir: &Path, changes: &str) -> (ManualClock, Vec<String>) {
    let sample = create(dir, "Ministry of Valmora", 1);
    let recovery = house(&sample);
    sample.node.close();
    raw(dir).execute_batch(changes).unwrap();
    (sample.clock, recovery)
}

/// The same as an earlier program left it, whose trail vouched for nothing.
fn older(dir: &Path) -> (ManualClock, Vec<String>) {
    let left = changed_past(
        dir,
        "UPDATE trail SET detail = json_remove(detail, '$.proof') WHERE detail <> ''; \
         DELETE FROM meta WHERE name = 'trail.vouched'",
    );
    hashed_anew(dir);
    left
}

/// What ada shows to come in with a recovery code.
fn shown(code: &str) -> Shown {
    Shown {
        login: "ada".to_owned(),
        password: PASSWORD.to_owned().into(),
        code: code.to_owned().into(),
        from: IpAddr::V4(Ipv4Addr::LOCALHOST),
        origin: "here".to_owned(),
    }
}

const DAMAGES: &[&str] = &[
    "UPDATE credential SET secret = x'00' WHERE kind = 'password'",
    "UPDATE credential SET secret = x'00' WHERE kind = 'totp'",
    "UPDATE credential SET lookup = 'ff' WHERE id = (SELECT min(id) FROM credential WHERE kind = 'recovery')",
    "UPDATE credential SET person = (SELECT person FROM login WHERE name = 'ben.orme') WHERE kind = 'recovery'",
    "UPDATE credential SET kind = 'openid' WHERE kind = 'totp'",
    "UPDATE credential SET label = 'https://id.example' WHERE kind = 'totp'",
    "DELETE FROM credential WHERE id = (SELECT min(id) FROM credential WHERE kind = 'recovery')",
    "INSERT INTO credential SELECT 900, person, 'openid', 'https://id.example', 'https://id.example eve', x'', 1, NULL FROM login WHERE name = 'ada'",
    "UPDATE login SET name = 'adam' WHERE name = 'ada'",
    "UPDATE login SET email = 'eve@arland.example' WHERE name = 'ben.orme'",
    "UPDATE session SET secret = x'00' WHERE ended IS NULL",
    "UPDATE session SET person = (SELECT person FROM login WHERE name = 'ben.orme') WHERE ended IS NULL",
    "UPDATE session SET method = 'link' WHERE ended IS NULL",
    "UPDATE session SET created = created + 1 WHERE ended IS NULL",
    "UPDATE session SET expires = expires + 1 WHERE ended IS NULL",
    "UPDATE session SET id = id + 900 WHERE ended IS NULL",
    "INSERT INTO session SELECT 900, x'00', person, method, origin, created, seen, expires, NULL FROM session WHERE ended IS NULL",
    "UPDATE once SET secret = x'00'",
    "UPDATE once SET kind = 'link'",
    "UPDATE once SET person = (SELECT person FROM login WHERE name = 'ada')",
    "UPDATE once SET created = created + 1",
    "UPDATE once SET expires = expires * 2",
    "INSERT INTO once SELECT x'00', 'link', person, 1, 9000000000000000, NULL FROM login WHERE name = 'ada'",
    "UPDATE token SET secret = x'00' WHERE name = 'calendar'",
    "UPDATE token SET person = (SELECT person FROM login WHERE name = 'ben.orme') WHERE name = 'calendar'",
    "UPDATE token SET scope = 'decide' WHERE name = 'calendar'",
    "UPDATE token SET expires = expires * 2 WHERE name = 'calendar'",
    "UPDATE token SET revoked = NULL WHERE name = 'lost'",
    "UPDATE token SET id = id + 900 WHERE name = 'lost'",
    "UPDATE access SET secret = 'x' WHERE name = 'feed'",
    "UPDATE access SET secret = (SELECT secret FROM access WHERE name = 'feed') WHERE name = 'sensor'",
    "UPDATE access SET rights = json_set(rights, '$.bearer', 'ff') WHERE name = 'feed'",
    "UPDATE access SET person = (SELECT person FROM login WHERE name = 'ada') WHERE name = 'feed'",
];

/// Does each of them for a moment: whether it is found.
fn each_damage(dir: &Path, found: bool) {
    let saved = Saved::of(dir);
    for damage in DAMAGES {
        assert!(raw(dir).execute(damage, []).unwrap() > 0, "{damage}");
        let findings = proven(dir).findings;
        let named = findings.iter().any(|one| one.area == Area::SignIn);
        assert_eq!(named, found, "{damage}: {findings:?}");
        saved.put_back();
    }
}

#[test]
fn with_what_somebody_comes_in_is_what_the_trail_vouches_for() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path().join("n");
    let sample = create(&dir, "Ministry of Valmora", 1);
    drop(house(&sample));
    sample.node.close();
    assert_eq!(proven(&dir).findings, []);
    each_damage(&dir, true);
    assert_eq!(proven(&dir).findings, []);
    // The digests give no secret away, and no two are the same though two programs might have one secret.
    let trail: Vec<String> = {
        let raw = raw(&dir);
        let mut lines = raw.prepare("SELECT detail FROM trail").unwrap();
        let rows = lines.query_map([], |row| row.get(0)).unwrap();
        rows.map(Result::unwrap).collect()
    };
    assert!(trail.iter().all(|detail| !detail.contains("argon2")));
}

#[test]
fn what_use_and_time_change_is_no_finding() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path().join("n");
    let sample = create(&dir, "Ministry of Valmora", 1);
    let recovery = house(&sample);
    let node = &sample.node;
    let clean = |what: &str| assert_eq!(proven(&dir).findings, [], "{what}");
    assert!(node.sign_in(&shown("000000")).is_err());
    clean("a wrong code");
    let opened = node.sign_in(&shown(&recovery[0])).unwrap();
    clean("a recovery code used up");
    let ada = opened.actor;
    sample.clock.advance(3_600_000_000);
    assert!(node.actor(&opened.secret).unwrap().is_some());
    node.issue_checkpoint().wait().unwrap();
    clean("a session seen");
    let ben = node.users(&ada).unwrap();
    let ben = ben.iter().find(|user| user.login == "ben.orme").unwrap();
    let link = node.one_time(&ben.person, Once::Recovery, &ada);
    drop(link.wait().unwrap());
    clean("a link to begin anew");
    let suspended = UserChange {
        suspended: Some(true),
        email: Some(String::new()),
        ..UserChange::default()
    };
    node.change_user(&ben.person, suspended, &ada)
        .wait()
        .unwrap();
    clean("somebody suspended");
    node.sign_out(&ada).wait().unwrap();
    clean("signed out");
    node.close();
    raw(&dir)
        .execute_batch("DELETE FROM session; DELETE FROM once")
        .unwrap();
    clean("what is long over is forgotten");
}

#[test]
fn an_older_trail_is_taken_over_at_start() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path().join("n");
    let (clock, _) = older(&dir);
    assert_eq!(proven(&dir).findings, []);
    each_damage(&dir, false);
    let lines = || -> i64 {
        let count = "SELECT count(*) FROM trail WHERE action IN ('user.note', 'access.note')";
        raw(&dir).query_row(count, [], |row| row.get(0)).unwrap()
    };
    for _ in 0..2 {
        open(&dir, &clock, 9).close();
        assert_eq!(lines(), 4, "two persons and two programs, once");
    }
    assert_eq!(proven(&dir).findings, []);
    each_damage(&dir, true);
}

/// As a full disk would: nothing is added to the trail.
const FULL: &str =
    "CREATE TRIGGER full BEFORE INSERT ON trail BEGIN SELECT RAISE(ABORT, 'full'); END";
const PLANTED: &str = "INSERT INTO credential SELECT 900, person, 'openid', 'https://id.example', 'https://id.example eve', x'', 1, NULL \
                       FROM login WHERE name = 'ada'";

#[test]
fn a_node_that_cannot_vouch_yet_starts_and_vouches_later_for_what_stood_then() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path().join("n");
    let (clock, recovery) = older(&dir);
    raw(&dir).execute_batch(FULL).unwrap();
    let node = open(&dir, &clock, 9);
    let storage = || {
        let all = node.health().into_iter();
        let mut all = all.filter(|one| one.part == Part::Storage);
        all.next().unwrap()
    };
    assert_eq!(storage().grade(), Grade::Fail);
    assert!(storage().told().contains("not taken over yet"));
    assert!(storage().remedy().is_some());
    assert!(node.has_users().unwrap(), "reading goes on");
    // Nothing is written before, or it would be vouched for.
    let refused = node.sign_in(&shown(&recovery[0])).unwrap_err();
    assert!(node::is_unwritten(&refused), "{refused:#}");
    let refused = node.issue_checkpoint().wait().unwrap_err();
    assert!(node::is_unwritten(&refused), "{refused:#}");
    assert_eq!(raw(&dir).execute(PLANTED, []).unwrap(), 1);
    raw(&dir).execute_batch("DROP TRIGGER full").unwrap();
    let opened = node.sign_in(&shown(&recovery[0])).unwrap();
    assert_eq!(storage().grade(), Grade::Pass);
    node.sign_out(&opened.actor).wait().unwrap();
    let unplanted = "DELETE FROM credential WHERE id = 900";
    assert_eq!(raw(&dir).execute(unplanted, []).unwrap(), 1);
    drop(node.sign_in(&shown(&recovery[1])).unwrap());
    let findings = proven(&dir).findings;
    let told = findings.iter().filter(|one| {
        one.area == Area::SignIn && one.to_string().contains("was changed past the node")
    });
    assert_eq!(told.count(), 2, "planted, and taken away: {findings:?}");
}

#[test]
fn what_is_vouched_for_late_is_proven_like_what_was_at_once() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path().join("n");
    let (clock, _) = older(&dir);
    raw(&dir).execute_batch(FULL).unwrap();
    let node = open(&dir, &clock, 9);
    // The clock was far ahead, and is set back before anything can be written.
    clock.advance(-1_000 * DAY);
    raw(&dir).execute_batch("DROP TRIGGER full").unwrap();
    node.issue_checkpoint().wait().unwrap();
    node.close();
    assert_eq!(proven(&dir).findings, []);
    each_damage(&dir, true);
}

#[test]
fn a_set_up_that_was_broken_off_is_proven_too() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path().join("n");
    let sample = create(&dir, "Ministry of Valmora", 1);
    let begun = sample.node.begin_set_up("Ada Lind", "ada", "here");
    drop(begun.wait().unwrap());
    assert_eq!(proven(&dir).findings, []);
    let again = sample.node.begin_set_up("Ada Linde", "adal", "here");
    let again = again.wait().unwrap();
    drop(sample.node.new_totp(&again.actor).wait().unwrap());
    assert_eq!(proven(&dir).findings, []);
    drop(signed_in(&sample.node));
    assert_eq!(proven(&dir).findings, []);
}

#[test]
fn what_was_planted_shows_for_good_though_the_node_goes_on_from_it() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path().join("n");
    let sample = create(&dir, "Ministry of Valmora", 1);
    let recovery = house(&sample);
    // While the node runs and has looked at her; a pooled view of before must not be taken for what stands.
    drop(sample.node.sign_in(&shown(&recovery[0])).unwrap());
    assert_eq!(proven(&dir).findings, []);
    assert_eq!(raw(&dir).execute(PLANTED, []).unwrap(), 1);
    let opened = sample.node.sign_in(&shown(&recovery[1])).unwrap();
    sample.node.sign_out(&opened.actor).wait().unwrap();
    raw(&dir)
        .execute("DELETE FROM credential WHERE id = 900", [])
        .unwrap();
    drop(sample.node.sign_in(&shown(&recovery[2])).unwrap());
    sample.node.close();
    let (clock, recovery_key) = (sample.clock.clone(), sample.recovery);
    drop(sample.node);
    let findings = proven(&dir).findings;
    let told = findings.iter().filter(|one| {
        one.area == Area::SignIn && one.to_string().contains("was changed past the node")
    });
    assert_eq!(told.count(), 2, "planted, and taken away: {findings:?}");
    // A backup made since has the records all the same, and says what was found.
    let file = dir.with_file_name("n.backup");
    let node = open(&dir, &clock, 9);
    node.backup_to(&file, &mut |_| {}).unwrap();
    node.close();
    let backup = std::fs::read(&file).unwrap();
    let back = dir.with_file_name("back");
    let outcome = restore(&backup[..], &back, &recovery_key, &mut |_| {}).unwrap();
    assert_eq!(outcome.report.findings, findings);
}

#[test]
fn the_node_does_not_vouch_a_second_time_for_what_was_here_before() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path().join("n");
    let (clock, _) = changed_past(
        &dir,
        "UPDATE session SET secret = x'00' WHERE ended IS NULL; UPDATE access SET secret = 'x' WHERE name = 'feed'; \
         DELETE FROM meta WHERE name = 'trail.vouched'",
    );
    open(&dir, &clock, 9).close();
    let findings = proven(&dir).findings;
    let told = findings.iter().filter(|one| {
        one.area == Area::SignIn && one.to_string().contains("though the trail vouched already")
    });
    assert_eq!(
        told.count(),
        4,
        "two persons and two programs: {findings:?}"
    );
}
