//! What a hostile peer brings: objects that are not its own to bring, or that parsers differ about.

use node::keys::{Rotation, Use};
use node::seal::{CircleName, Handling, Roster, Withdrawal, Withdrawn};
use policy::{CircleId, Member, Tlp};
use stix::{Limits, Timestamp};

use super::ground::{FIRST, Ground, LATER, by, id, label, micros, seal, tool};

/// The object of nobody, and the object of its own, that Belmark has given before all this.
pub(super) const NOBODYS: u64 = 1;
pub(super) const BELMARKS: u64 = 2;

pub(super) fn bump(_: &Ground) -> Vec<String> {
    vec![tool(NOBODYS, LATER, "")]
}

pub(super) fn revoke(_: &Ground) -> Vec<String> {
    vec![tool(
        NOBODYS,
        "2022-01-01T00:00:00.000Z",
        r#","revoked":true"#,
    )]
}

pub(super) fn other_content(_: &Ground) -> Vec<String> {
    vec![tool(NOBODYS, FIRST, r#","description":"other words""#)]
}

pub(super) fn unsealed(ground: &Ground) -> Vec<String> {
    vec![by(&ground.belmark_id, ground.fresh(), FIRST)]
}

pub(super) fn edited(ground: &Ground) -> Vec<String> {
    let written = by(&ground.belmark_id, ground.fresh(), FIRST);
    let strict = label(
        &ground.belmark_id,
        Tlp::AmberStrict,
        Some(&ground.malvia.id),
    );
    let seal = seal(&written, &ground.belmark_id, &ground.belmark_keys, &strict);
    vec![
        seal,
        written.replace("\"name\":\"tool", "\"name\":\"edited tool"),
    ]
}

pub(super) fn relabelled(ground: &Ground) -> Vec<String> {
    let written = by(&ground.belmark_id, ground.fresh(), FIRST);
    let strict = label(
        &ground.belmark_id,
        Tlp::AmberStrict,
        Some(&ground.arland_id),
    );
    let seal = seal(&written, &ground.belmark_id, &ground.belmark_keys, &strict);
    let copy = stix::check(written.as_bytes(), &Limits::default()).unwrap();
    let clear = label(&ground.belmark_id, Tlp::Clear, None);
    let (holder, key) = (&ground.malvia.id, &ground.malvia.keys.seal);
    let handling = Handling::make(&copy, &clear, holder, Vec::new(), key, micros()).unwrap();
    vec![seal, handling.record().unwrap(), written]
}

pub(super) fn labels_without_number(ground: &Ground) -> Vec<String> {
    let written = by(&ground.belmark_id, BELMARKS, FIRST);
    let copy = stix::check(written.as_bytes(), &Limits::default()).unwrap();
    let clear = label(&ground.belmark_id, Tlp::Clear, None);
    let (holder, key) = (&ground.malvia.id, &ground.malvia.keys.seal);
    let said = |n| Handling::make(&copy, &clear, holder, Vec::new(), key, micros() + n).unwrap();
    (0..200).map(|n| said(n).record().unwrap()).collect()
}

pub(super) fn altered_without_number(ground: &Ground) -> Vec<String> {
    let written = by(&ground.belmark_id, ground.fresh(), FIRST);
    let altered = |n| written.replace("\"name\":\"tool", &format!("\"name\":\"{n} tool"));
    (0..20).map(altered).collect()
}

pub(super) fn takeover(ground: &Ground) -> Vec<String> {
    let own = by(&ground.malvia.id, BELMARKS, LATER);
    let label = label(&ground.malvia.id, Tlp::Clear, None);
    let seal = seal(&own, &ground.malvia.id, &ground.malvia.keys, &label);
    vec![seal, own]
}

pub(super) fn in_our_name(ground: &Ground) -> Vec<String> {
    vec![by(&ground.arland_id, ground.fresh(), FIRST)]
}

pub(super) fn year_9999(ground: &Ground) -> Vec<String> {
    vec![tool(ground.fresh(), "9999-12-31T23:59:59.999Z", "")]
}

pub(super) fn duplicate_keys(ground: &Ground) -> Vec<String> {
    vec![tool(
        ground.fresh(),
        FIRST,
        r#","x_tlp":"red","x_tlp":"clear""#,
    )]
}

pub(super) fn deep(ground: &Ground) -> Vec<String> {
    let nested = format!(r#","x":{}1{}"#, "[".repeat(300_000), "]".repeat(300_000));
    vec![tool(ground.fresh(), FIRST, &nested)]
}

pub(super) fn oversize(ground: &Ground) -> Vec<String> {
    let words = format!(r#","description":"{}""#, "x".repeat(5 << 20));
    vec![tool(ground.fresh(), FIRST, &words)]
}

pub(super) fn classified(ground: &Ground) -> Vec<String> {
    vec![tool(
        ground.fresh(),
        FIRST,
        r#","x_classification":"SECRET""#,
    )]
}

fn withdrawal(ground: &Ground, author: &stix::ObjectId) -> Vec<String> {
    let item = |number| Withdrawn {
        object: id("tool", number).parse().unwrap(),
        version: Some(FIRST.parse::<Timestamp>().unwrap()),
    };
    let items = vec![item(NOBODYS), item(BELMARKS)];
    let key = &ground.malvia.keys.seal;
    let asked = Withdrawal::make(author, items, Vec::new(), key, micros()).unwrap();
    vec![asked.record().unwrap()]
}

pub(super) fn withdrawal_of_anothers(ground: &Ground) -> Vec<String> {
    withdrawal(ground, &ground.malvia.id)
}

pub(super) fn withdrawal_in_anothers_name(ground: &Ground) -> Vec<String> {
    withdrawal(ground, &ground.belmark_id)
}

fn roster(ground: &Ground, owner: &stix::ObjectId) -> Vec<String> {
    let circles = ground
        .arland
        .run(&["circle", "list", "DIR", "--json"])
        .with(0)
        .json();
    let circle = CircleId::parse(circles[0]["id"].as_str().unwrap()).unwrap();
    roster_for(ground, owner, circle.into(), 9)
}

fn roster_for(
    ground: &Ground,
    owner: &stix::ObjectId,
    circle: CircleName,
    epoch: u64,
) -> Vec<String> {
    let members = [&ground.belmark_id, &ground.arland_id, &ground.malvia.id];
    let members = members
        .map(|one| (Member::Participant(one.clone()), 1))
        .to_vec();
    let key = &ground.malvia.keys.seal;
    let roster = Roster::make(owner, &circle, "Core", epoch, members, key, micros()).unwrap();
    vec![roster.record().unwrap()]
}

pub(super) fn roster_of_anothers_circle(ground: &Ground) -> Vec<String> {
    roster(ground, &ground.malvia.id)
}

pub(super) fn roster_of_an_unknown_circle(ground: &Ground) -> Vec<String> {
    // The id of a circle of Belmark's that has reached others, with a number of Malvia's own choice.
    let CircleName { id, .. } = CircleName::of(&ground.belmark_id, "0").unwrap();
    let nonce = Some("1".to_owned());
    roster_for(ground, &ground.malvia.id, CircleName { id, nonce }, 1)
}

pub(super) fn roster_of_no_epoch(ground: &Ground) -> Vec<String> {
    let circle = CircleName::of(&ground.malvia.id, "0").unwrap();
    roster_for(ground, &ground.malvia.id, circle, 1 << 63)
}

pub(super) fn roster_in_anothers_name(ground: &Ground) -> Vec<String> {
    roster(ground, &ground.belmark_id)
}

pub(super) fn rotation_of_anothers_key(ground: &Ground) -> Vec<String> {
    // In Belmark's name, from a key that Malvia has to another that it has: both signatures are good, and neither is Belmark's.
    let (old, new) = (&ground.malvia.keys.seal, &ground.malvia.keys.log);
    let rotation =
        Rotation::of_signing_key(&ground.belmark_id, Use::Seal, old, new, micros()).unwrap();
    vec![rotation.record().unwrap()]
}

pub(super) fn look_alike(ground: &Ground) -> Vec<String> {
    let number = ground.fresh();
    let identity = format!(
        r#"{{"type":"identity","spec_version":"2.1","id":"{}","created":"{FIRST}","modified":"{FIRST}","created_by_ref":"{}","name":"Belm\u0430rk","identity_class":"organization"}}"#,
        id("identity", number),
        ground.malvia.id
    );
    let label = label(&ground.malvia.id, Tlp::AmberStrict, Some(&ground.arland_id));
    let seal = seal(&identity, &ground.malvia.id, &ground.malvia.keys, &label);
    vec![seal, identity]
}
