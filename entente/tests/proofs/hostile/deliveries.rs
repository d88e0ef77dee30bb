//! The objects that misbehaviors send, each beside an honest one.

use super::{FIRST, Ground, LATER, honest, id, imported, tool};

pub(super) const RED: &str = "marking-definition--e828b379-4e03-4974-9ac4-e53a884c97c1";
const ACCESS: &str = "extension-definition--c4a1f9d2-6b0e-4d53-9a37-0e8f5b7c21d6";
const SEAL: &str = "extension-definition--2f9e8a17-3c45-4b6d-b0e2-64a7c1d958f3";
const RECORDS: &str = "extension-definition--7d0c2b64-51a8-4f0e-8a3c-92d6e1b7f450";

/// An object of the hostile program's own, with something inside.
pub(super) fn own(n: u64, rest: &str) -> Vec<u8> {
    tool(0x100 + n, FIRST, rest).into_bytes()
}

// Versions of what belongs to others.

pub(super) fn bump(_: &Ground) -> Vec<u8> {
    imported(LATER, "").into_bytes()
}

pub(super) fn revoke(_: &Ground) -> Vec<u8> {
    honest(LATER, r#","revoked":true"#).into_bytes()
}

pub(super) fn in_our_name(ground: &Ground) -> Vec<u8> {
    tool(
        0x101,
        FIRST,
        &format!(r#","created_by_ref":"{}""#, ground.participant),
    )
    .into_bytes()
}

pub(super) fn takeover(_: &Ground) -> Vec<u8> {
    tool(
        3,
        LATER,
        &format!(r#","created_by_ref":"{}""#, id("identity", 0xbad)),
    )
    .into_bytes()
}

pub(super) fn forged_seal(ground: &Ground) -> Vec<u8> {
    let seal = format!(
        r#"{{"extension_type":"property-extension","key":"ed25519:AAAA","signature":"{}"}}"#,
        "A".repeat(86)
    );
    tool(
        0x102,
        FIRST,
        &format!(
            r#","created_by_ref":"{}","extensions":{{"{SEAL}":{seal}}}"#,
            ground.participant
        ),
    )
    .into_bytes()
}

pub(super) fn other_content(_: &Ground) -> Vec<u8> {
    imported(FIRST, r#","description":"another word""#).into_bytes()
}

pub(super) fn loosened(_: &Ground) -> Vec<u8> {
    let clear = "marking-definition--94868c89-83c2-464b-929b-a1a8aa3c8487";
    imported(FIRST, &format!(r#","object_marking_refs":["{clear}"]"#)).into_bytes()
}

pub(super) fn other_spelling_of_the_date(_: &Ground) -> Vec<u8> {
    imported("2020-01-01T00:00:00.001Z", "").into_bytes()
}

pub(super) fn year_9999(_: &Ground) -> Vec<u8> {
    tool(0x103, "9999-12-31T23:59:59.999Z", "").into_bytes()
}

pub(super) fn older_version(_: &Ground) -> Vec<u8> {
    imported("2019-01-01T00:00:00.000Z", "")
        .into_bytes()
        .into_iter()
        .collect()
}

pub(super) fn forged_withdrawal(ground: &Ground) -> Vec<u8> {
    format!(
        r#"{{"type":"withdrawal","spec_version":"2.1","id":"{}","created":"{FIRST}","modified":"{FIRST}","created_by_ref":"{}","extensions":{{"{RECORDS}":{{"extension_type":"new-sdo"}}}},"withdrawn":[{{"object_ref":"{}"}}]}}"#,
        id("withdrawal", 1),
        ground.participant,
        id("tool", 3)
    )
    .into_bytes()
}

// Marking definitions that would loosen what carries them.

pub(super) fn red_redefined(_: &Ground) -> Vec<u8> {
    format!(
        r#"{{"type":"marking-definition","spec_version":"2.1","id":"{RED}","created":"2022-10-01T00:00:00.000Z","definition_type":"statement","definition":{{"statement":"for everybody"}}}}"#
    )
    .into_bytes()
}

pub(super) fn unknown_marking_defined(ground: &Ground) -> Vec<u8> {
    let malvia = ground
        .home
        .run(&["participant", "list", "DIR", "--json"])
        .json();
    let malvia = malvia
        .as_array()
        .unwrap()
        .iter()
        .find(|one| one["name"] == "Malvia")
        .unwrap()["id"]
        .clone();
    format!(
        r#"{{"type":"marking-definition","spec_version":"2.1","id":"{}","created":"{FIRST}","extensions":{{"{ACCESS}":{{"extension_type":"property-extension","audience":[{malvia}]}}}}}}"#,
        id("marking-definition", 0xa)
    )
    .into_bytes()
}

// Texts that parsers differ about.

pub(super) fn duplicate_keys(_: &Ground) -> Vec<u8> {
    own(1, r#","description":"a","description":"b""#)
}

pub(super) fn duplicate_keys_escaped(_: &Ground) -> Vec<u8> {
    own(
        2,
        r#","object_marking_refs":[],"object_marking_ref\u0073":[]"#,
    )
}

pub(super) fn deep(_: &Ground) -> Vec<u8> {
    own(
        3,
        &format!(r#","x_deep":{}{}"#, "[".repeat(200), "]".repeat(200)),
    )
}

pub(super) fn bottomless(_: &Ground) -> Vec<u8> {
    own(
        4,
        &format!(
            r#","x_deep":{}{}"#,
            "{\"a\":".repeat(300_000),
            "1".to_owned() + &"}".repeat(300_000)
        ),
    )
}

pub(super) fn oversize(_: &Ground) -> Vec<u8> {
    own(5, &format!(r#","description":"{}""#, "x".repeat(5 << 20)))
}

pub(super) fn bad_utf8(_: &Ground) -> Vec<u8> {
    let mut bytes = own(6, r#","description":"@""#);
    let at = bytes.iter().position(|byte| *byte == b'@').unwrap();
    bytes[at] = 0xff;
    bytes
}

pub(super) fn lone_surrogate(_: &Ground) -> Vec<u8> {
    own(7, r#","description":"\ud800""#)
}

pub(super) fn not_a_number(_: &Ground) -> Vec<u8> {
    own(8, r#","x_number":NaN"#)
}

pub(super) fn beyond_numbers(_: &Ground) -> Vec<u8> {
    own(9, r#","x_number":1e999"#)
}

pub(super) fn references(_: &Ground) -> Vec<u8> {
    let refs: Vec<String> = (0..10_001)
        .map(|n| format!("\"{}\"", id("tool", n)))
        .collect();
    own(
        10,
        &format!(
            r#","x_refs":[{}],"object_marking_refs":[{}]"#,
            refs.join(","),
            refs.join(",").replace("tool", "marking-definition")
        ),
    )
}

pub(super) fn other_type(_: &Ground) -> Vec<u8> {
    tool(0x10b, FIRST, "")
        .replace("\"type\":\"tool\"", "\"type\":\"report\"")
        .into_bytes()
}

pub(super) fn id_is_a_number(_: &Ground) -> Vec<u8> {
    tool(0x10c, FIRST, "")
        .replace(&format!("\"{}\"", id("tool", 0x10c)), "12")
        .into_bytes()
}

pub(super) fn path_for_an_id(_: &Ground) -> Vec<u8> {
    tool(0x10d, FIRST, "")
        .replace(&id("tool", 0x10d), "tool--../../../../etc/passwd")
        .into_bytes()
}

pub(super) fn date_is_no_date(_: &Ground) -> Vec<u8> {
    tool(0x10e, "2020-02-30T25:61:61Z", "").into_bytes()
}

pub(super) fn no_object(_: &Ground) -> Vec<u8> {
    b"[1,2,3]".to_vec()
}

pub(super) fn homoglyphs(_: &Ground) -> Vec<u8> {
    let name = "Ministry of \u{410}rland\u{202e}dnalrA";
    format!(
        r#"{{"type":"identity","spec_version":"2.1","id":"{}","created":"{FIRST}","modified":"{FIRST}","identity_class":"organization","name":"{name}"}}"#,
        id("identity", 0xbad)
    )
    .into_bytes()
}

pub(super) fn sql(_: &Ground) -> Vec<u8> {
    own(
        15,
        r#","description":"'); DROP TABLE record; --","x_'; DELETE FROM position; --":1"#,
    )
}
