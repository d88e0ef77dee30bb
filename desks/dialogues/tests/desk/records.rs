//! The schemas and examples in `docs/records/` are what the code makes, to the byte; each example fits its schema and is read back.
//! After a deliberate change: `UPDATE_EXPECT=1 cargo test -p dialogues --test desk records`.

use dialogues::records::*;
use serde_json::json;
use stage::{example, id, made, piece};

#[test]
fn series_and_sessions() {
    let (valmora, kestria) = (id("identity", 1), id("identity", 2));
    example::<Dialogue>(
        1,
        made(json!({
            "name": "Valmora-Kestria Cyber Dialogue", "name_fr": "Dialogue Valmora-Kestria sur le cyberespace",
            "parties": [valmora, kestria], "since": "2024", "every_months": 12,
            "former_names": [{ "name": "Valmora-Kestria Cyber Talks", "until": "2024" }],
        })),
    );
    example::<Session>(
        2,
        made(json!({
            "dialogue_ref": id("dialogue", 1), "state": "held", "starts": "2026-02-24T00:00:00.000000Z", "ordinal": 3,
            "parties": [valmora, kestria], "start": "2026-02-24", "end": "2026-02-25", "place": "Lanternquay", "host": valmora,
            "observers": [{ "who": id("identity", 3), "side": valmora, "sees": "tabled" }],
            "agenda": [{ "title": "Contact points", "topics": ["incident_response"], "proposed_by": kestria }],
            "persons": [{ "name": "Ilse Varnholt", "role": "Ambassador for cyber affairs", "side": valmora, "function": "chair" },
                { "name": "Mira Tolvane", "role": "Deputy head, international", "side": kestria, "function": "chair" }], "chair": [valmora, kestria],
            "dates": [{ "what": "held", "date": "2026-02-24", "source": "joint statement" }],
            "next": { "ordinal": 4, "date": "2027-02~", "by": "2027-04-30T23:59:59.000000Z", "place": "Kestria City" },
        })),
    );
    example::<SameSeries>(
        16,
        made(json!({ "stands_ref": id("dialogue", 1), "other_ref": id("dialogue", 17) })),
    );
    example::<Text>(
        3,
        made(json!({
            "title": "Joint statement of the third Valmora-Kestria Cyber Dialogue", "standing": "joint", "kind": "dialogue_statement",
            "normal": "1c8aa7f2c4a1d1cf4f9c36c9a0c8b6ea2fdd9a1a4f4a2a3df3c0a7d6f9e5b410",
            "content": "Both sides will name a contact point that answers at any hour, by 30 June 2027.",
            "published": "2026-02-26T00:00:00.000000Z", "dialogue_ref": id("dialogue", 1), "session_ref": id("session", 2),
            "parties": [valmora, kestria], "weight": "authentic",
        })),
    );
}

#[test]
fn commitments_and_what_followed() {
    let (valmora, kestria) = (id("identity", 1), id("identity", 2));
    example::<Commitment>(
        4,
        made(json!({
            "words": "Both sides will name a contact point that answers at any hour, by 30 June 2027.", "act": "commitment",
            "actors": [valmora, kestria], "strength": 3, "standing": "joint", "topics": ["incident_response"],
            "touches": ["UN-NORM-13d"], "due": "2027-06-30", "due_by": "2027-06-30T23:59:59.000000Z",
            "dialogue_ref": id("dialogue", 1), "session_ref": id("session", 2), "text_ref": id("report", 3),
            "place": { "start": 0, "end": 80 },
        })),
    );
    example::<FollowUp>(
        5,
        made(json!({
            "about_ref": id("commitment", 4), "dialogue_ref": id("dialogue", 1), "side": valmora, "state": "under_way",
            "account": "The post is filled; the first test is planned for October.", "as_of": "2026-09-30",
            "evidence": [{ "title": "Decree 2026-118", "url": "https://example.org/2026-118", "date": "2026-09-12" }],
        })),
    );
    example::<Appraisal>(
        6,
        made(json!({
            "about_ref": id("commitment", 4), "of": kestria, "by": valmora, "basis": "Public sources until 1 October 2026", "score": 0,
            "account": "A contact point is named; it is not staffed at night.", "period": "2026", "reply_by": "2026-11-30T23:59:59Z",
            "replies": [{ "side": kestria, "words": "It is staffed since 1 November.", "reply_ref": id("appraisal-reply", 8), "at": "2026-11-04T09:00:00Z" }],
        })),
    );
    example::<AppraisalReply>(
        8,
        made(json!({
            "about_ref": id("appraisal", 6), "commitment_ref": id("commitment", 4), "side": kestria,
            "words": "It is staffed since 1 November.", "beside": true,
        })),
    );
    example::<Consent>(
        7,
        made(json!({ "about_ref": id("report", 3), "side": valmora, "purpose": "publish" })),
    );
}

#[test]
fn work_between_sessions() {
    let (valmora, kestria) = (id("identity", 1), id("identity", 2));
    example::<Arrangement>(
        8,
        made(json!({
            "name": "Working arrangement between the two agencies", "parties": [valmora, kestria], "dialogue_ref": id("dialogue", 1),
            "signed": "2025-12-07", "also_called": ["working agreement"],
        })),
    );
    example::<Strand>(
        9,
        made(json!({
            "arrangement_ref": id("arrangement", 8), "name": "Exchange of good practice", "number": 2, "leads": [valmora], "topics": ["info_sharing"],
        })),
    );
    example::<Activity>(
        10,
        made(json!({
            "part_of_ref": id("strand", 9), "name": "Workshop on advisories", "progress": "planned", "leads": [kestria], "due": "2027-03",
            "due_by": "2027-03-31T23:59:59.000000Z", "indicators": [{ "name": "Advisories compared", "target": "20" }],
            "serves_refs": [id("commitment", 4)],
        })),
    );
    example::<Event>(
        11,
        made(json!({
            "name": "Side event on contact points", "starts": "2027-03-09T00:00:00.000000Z", "start": "2027-03-09", "place": "New York",
            "hosts": [valmora, kestria], "invited": ["UN"], "serves_refs": [id("commitment", 4)],
        })),
    );
    example::<Demarche>(
        12,
        made(json!({
            "towards": id("identity", 3), "by": [valmora, kestria], "subject": "Naming a contact point", "at": "2026-10-05T00:00:00.000000Z",
            "serves_refs": [id("commitment", 4)], "message": "Both ask that a contact point be named.",
            "answers": [{ "gist": "Under consideration.", "date": "2026-10-20" }],
        })),
    );
    example::<Draft>(
        13,
        made(json!({
            "title": "Elements for the fourth session", "round": 2, "side": kestria, "dialogue_ref": id("dialogue", 1),
            "session_ref": id("session", 2), "parties": [valmora, kestria], "draft_ref": id("draft", 14), "follows_ref": id("draft", 14),
            "passages": [
                { "words": "Both sides will test their contact points twice a year.", "state": "agreed", "mark": "1-1", "from_ref": id("commitment", 4) },
                {
                    "words": "They will exchange the results in confidence.", "state": "open", "mark": "1-2",
                    "runs": [
                        { "words": "They will " },
                        { "words": "publish", "out_by": kestria },
                        { "words": "exchange", "in_by": kestria },
                        { "words": " the results" },
                        { "words": " in confidence", "held_by": valmora },
                        { "words": "." },
                    ],
                    "remarks": [
                        { "by": kestria, "words": "Not in public.", "at": "2026-11-02T10:00:00Z", "on": "publish" },
                        { "by": valmora, "words": "We shall ask.", "at": "2026-11-02T11:00:00Z", "answers": 0 },
                    ],
                },
            ],
            "received": { "by": "Ilse Varnholt", "on": "2026-11-02", "from": "Ministry of Kestria" },
        })),
    );
    example::<Silence>(
        15,
        made(json!({
            "draft_ref": id("draft", 14), "round_ref": id("draft", 13), "side": valmora, "act": "start",
            "until": "2026-12-01T11:00:00.000Z", "zone": "+01:00",
        })),
    );
}

#[test]
fn what_is_no_such_record_is_not_read() {
    let good = piece(
        7,
        made::<Consent>(json!({ "about_ref": "x", "side": "EU", "purpose": "confirm" })),
    )
    .write(&[])
    .unwrap();
    for broken in [
        good.replace("\"consent\"", "\"session\""),
        good.replace("\"side\":\"EU\",", ""),
        good.replace("\"confirm\"", "\"perhaps\""),
        good.replace("\"created_by_ref\"", "\"other\""),
        "{}".to_owned(),
        "[]".to_owned(),
    ] {
        assert!(
            Piece::<Consent>::read(broken.as_bytes()).is_err(),
            "{broken}"
        );
    }
}
