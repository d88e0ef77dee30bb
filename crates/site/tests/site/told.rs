//! What is told in the reader's words: the properties of a record, the details of the audit trail, and what is missing where somebody may
//! not do a thing.

use axum::http::StatusCode;
use bytes::Bytes;
use node::chance::SeededRandom;
use node::clock::SystemClock;
use node::ledger::Taken;
use node::submission::Marking;
use node::users::{NewUser, Once, Role};
use node::{Channel, Kind, New, Node, Submission};
use stix::ObjectId;

use crate::stage::Stage;

const MALWARE: &str = "malware--00000000-0000-4000-8000-0000000000b1";
const INDICATOR: &str = "indicator--00000000-0000-4000-8000-0000000000b2";
const LINK: &str = "relationship--00000000-0000-4000-8000-0000000000b3";
const HIDDEN: &str = "malware--00000000-0000-4000-8000-0000000000b4";

fn write(stage: &Stage, object: String, tlp: &str, to: Vec<policy::Member>) {
    let receipt = stage.node.accept(Submission {
        objects: std::iter::once(0..object.len()).collect(),
        bytes: Bytes::from(object),
        channel: Channel::Local,
        submitter: stage.node.home().id.clone(),
        person: None,
        collection: "dialogues".to_owned(),
        marking: Marking {
            tlp: Some(tlp.parse().unwrap()),
            audience: to,
        },
    });
    let receipt = receipt.unwrap();
    std::thread::scope(|scope| {
        let receipt = scope.spawn(|| receipt.wait().unwrap()).join().unwrap();
        assert_eq!(receipt.successes(), 1, "{receipt:?}");
    });
}

fn object(kind: &str, id: &str, rest: &str) -> String {
    let at = "2026-11-01T00:00:00.000Z";
    format!(
        r#"{{"type":"{kind}","spec_version":"2.1","id":"{id}","created":"{at}","modified":"{at}",{rest}}}"#
    )
}

async fn page(stage: &Stage, cookie: &str, path: &str, lang: &str) -> String {
    let headers = [("cookie", cookie), ("accept-language", lang)];
    let answer = stage.get(path, &headers).await;
    assert_eq!(answer.status, StatusCode::OK, "{path}");
    answer.body
}

#[tokio::test(flavor = "multi_thread")]
async fn properties_stand_in_the_readers_words_with_their_own_names_beside() {
    let stage = Stage::new();
    stage.node.complete_set_up().await.unwrap();
    let cookie = stage.enter(None).await;
    let elsewhere = ObjectId::parse("identity--00000000-0000-4000-8000-0000000000ee").unwrap();
    let malware = r#""name":"Zanzi","is_family":true,"x_shade":"teal","kill_chain_phases":[{"kill_chain_name":"k","phase_name":"deliver"}]"#;
    write(
        &stage,
        object("malware", MALWARE, malware),
        "AMBER",
        Vec::new(),
    );
    let only = vec![policy::Member::Person(elsewhere)];
    write(
        &stage,
        object(
            "malware",
            HIDDEN,
            r#""name":"Quillfeather","is_family":false"#,
        ),
        "RED",
        only,
    );
    let pattern = r#""pattern":"[ipv4-addr:value = '192.0.2.1']","pattern_type":"stix","valid_from":"2026-11-02T10:00:00Z""#;
    write(
        &stage,
        object("indicator", INDICATOR, pattern),
        "AMBER",
        Vec::new(),
    );
    let ends = format!(
        r#""relationship_type":"indicates","source_ref":"{INDICATOR}","target_ref":"{MALWARE}""#
    );
    write(
        &stage,
        object("relationship", LINK, &ends),
        "AMBER",
        Vec::new(),
    );

    let path = |id: &str| format!("/records/{id}");
    let english = page(&stage, &cookie, &path(MALWARE), "en").await;
    assert!(english.contains("A whole family <span class=\"code\">is_family</span>"));
    assert!(english.contains("<dd>yes</dd>"));
    assert!(english.contains("<dt><span class=\"code\">x_shade</span></dt>"));
    assert!(english.contains("k – deliver"));
    let french = page(&stage, &cookie, &path(INDICATOR), "fr").await;
    assert!(french.contains("Valable à partir du <span class=\"code\">valid_from</span>"));
    assert!(french.contains("<time datetime=\"2026-11-02T10:00:00Z\">2"));
    // What it names is called by its name, where the reader may see it.
    let link = page(&stage, &cookie, &path(LINK), "en").await;
    assert!(link.contains(&format!(
        "<a href=\"/records/{MALWARE}\"><bdi>Zanzi</bdi></a>"
    )));

    // An object that names one which the reader may not see says the same as one that names nothing.
    let report = |number: u8, named: &str| {
        let id = format!("report--00000000-0000-4000-8000-0000000000{number:02x}");
        let rest =
            format!(r#""name":"R","published":"2026-11-02T10:00:00Z","object_refs":["{named}"]"#);
        write(&stage, object("report", &id, &rest), "AMBER", Vec::new());
        id
    };
    let absent = HIDDEN.replace("b4", "b9");
    let (one, other) = (report(0xc1, HIDDEN), report(0xc2, &absent));
    let one_page = page(&stage, &cookie, &path(&one), "en").await;
    let other_page = page(&stage, &cookie, &path(&other), "en").await;
    assert_eq!(
        one_page.replace(&one, "ID").replace(HIDDEN, "NAMED"),
        other_page.replace(&other, "ID").replace(&absent, "NAMED")
    );
    assert!(!one_page.contains("Quillfeather"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_value_of_several_parts_is_wholly_in_the_readers_words() {
    let stage = Stage::new();
    stage.node.complete_set_up().await.unwrap();
    let cookie = stage.enter(None).await;
    let commitment = "commitment--00000000-0000-4000-8000-0000000000b5";
    let rest = r#""lang":"en","words":"Both sides will name a contact point.","place":{"end":80,"start":0},"extensions":{"extension-definition--7d0c2b64-51a8-4f0e-8a3c-92d6e1b7f450":{"extension_type":"new-sdo"}}"#;
    write(
        &stage,
        object("commitment", commitment, rest),
        "AMBER",
        Vec::new(),
    );
    let path = format!("/records/{commitment}");
    for (lang, called, parts) in [
        (
            "en",
            "Where it stands in the text",
            ["Up to character: 80", "First character: 0"],
        ),
        (
            "fr",
            "Emplacement dans le texte",
            ["Jusqu’au caractère\u{a0}: 80", "Premier caractère\u{a0}: 0"],
        ),
    ] {
        let page = page(&stage, &cookie, &path, lang).await;
        let named = format!("<dt>{called} <span class=\"code\">place</span></dt>");
        let said = page
            .split(&named)
            .nth(1)
            .unwrap_or_else(|| panic!("{page}"));
        let said = said.split("</dd>").next().unwrap();
        for part in parts {
            assert!(said.contains(part), "{said}");
        }
        // Only what is the record’s own is tagged as being in its language.
        assert!(!said.contains("lang="), "{said}");
        assert!(page.contains("lang=\"en\" dir=\"auto\">Both sides will name"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_audit_trail_says_its_details_in_the_readers_language() {
    let stage = Stage::new();
    stage.node.complete_set_up().await.unwrap();
    let cookie = stage.enter(None).await;
    let operator = stage.node.at_terminal("tests");
    let new = NewUser {
        name: "Ines".to_owned(),
        roles: [Role::Reader, Role::Editor].into_iter().collect(),
        ..NewUser::default()
    };
    let ines = stage.node.admit(new, &operator).await.unwrap();
    let roles = [Role::Reader].into_iter().collect();
    let change = node::users::UserChange {
        roles: Some(roles),
        ..Default::default()
    };
    stage
        .node
        .change_user(&ines, change, &operator)
        .await
        .unwrap();
    for (lang, expected) in [
        (
            "en",
            [
                "roles: reader and editor, now reader",
                "what: link to sign in",
            ],
        ),
        (
            "fr",
            [
                "rôles\u{a0}: lecture et rédaction, désormais lecture",
                "nature\u{a0}: lien de connexion",
            ],
        ),
    ] {
        let page = page(&stage, &cookie, "/audit", lang).await;
        for expected in expected {
            assert!(page.contains(expected), "{expected}\n{page}");
        }
    }
    // A file has them as they were written.
    let file = page(&stage, &cookie, "/audit?as=csv", "fr").await;
    assert!(file.contains(r#"""kind"":""link"""#), "{file}");
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_may_not_do_a_thing_reads_what_is_missing_and_has_a_way_on() {
    let stage = Stage::new();
    stage.node.complete_set_up().await.unwrap();
    let operator = stage.node.at_terminal("tests");
    let new = NewUser {
        name: "Ines".to_owned(),
        roles: [Role::Reader].into_iter().collect(),
        ..NewUser::default()
    };
    let ines = stage.node.admit(new, &operator).await.unwrap();
    let code = stage.node.one_time(&ines, Once::Link, &operator).await;
    let cookie = stage.enter_by(&code.unwrap().path()).await;
    let headers = [("cookie", cookie.as_str()), ("accept-language", "en")];
    let refused = stage.get("/audit", &headers).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    for expected in [
        "This needs the role of auditor.",
        "<dt>You have</dt><dd>reader</dd>",
        "given by an administrator",
        "href=\"/account\"",
        "<nav class=\"desks\"",
    ] {
        assert!(refused.body.contains(expected), "{expected}");
    }
    // A form that is too large is told from one that cannot be read; both lead back to the page they came from.
    let large = format!("name={}", "a".repeat(3 << 20));
    let large = stage.post("/views", &cookie, &large).await;
    assert_eq!(large.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert!(large.body.contains("up to 2"), "{}", large.body);
    let odd = stage
        .send(
            "POST",
            "/account/language",
            &[("cookie", &cookie), ("sec-fetch-site", "same-origin")],
            "x",
        )
        .await;
    assert_eq!(odd.status, StatusCode::BAD_REQUEST);
    assert!(odd.body.contains("<a class=\"go\" href=\"/account\">"));
    // Where something is only sent to, looking leads to the page above it, and to none where there is none.
    let looked = stage.get("/account/language?lang=fr", &headers).await;
    assert_eq!(looked.status, StatusCode::SEE_OTHER);
    assert_eq!(looked.headers["location"], "/account?lang=fr");
    assert_eq!(
        stage.get("/views", &headers).await.status,
        StatusCode::NOT_FOUND
    );
    let put = stage.send("PUT", "/account", &headers, "").await;
    assert_eq!(put.status, StatusCode::METHOD_NOT_ALLOWED);
    // Nobody signed in sees no navigation.
    let outside = stage.get("/no-such-page", &[]).await;
    assert!(!outside.body.contains("<nav class=\"desks\""));
}

const REPORT: &str = "report--00000000-0000-4000-8000-0000000000b5";
const THEIRS: &str = "identity--00000000-0000-4000-8000-0000000000ef";

#[tokio::test(flavor = "multi_thread")]
async fn what_is_translated_stands_translated_and_as_it_is_beside() {
    let stage = Stage::new();
    stage.node.complete_set_up().await.unwrap();
    let cookie = stage.enter(None).await;
    let words = r#""lang":"fr","name":"Un bilan","published":"2026-11-01T00:00:00.000Z","object_refs":["identity--00000000-0000-4000-8000-0000000000ee"]"#;
    write(
        &stage,
        object("report", REPORT, words),
        "AMBER+STRICT",
        vec![],
    );
    let translation =
        format!(r#""object_ref":"{REPORT}","contents":{{"en":{{"name":"A survey of it"}}}}"#);
    let id = "language-content--00000000-0000-4000-8000-0000000000b6";
    write(
        &stage,
        object("language-content", id, &translation),
        "AMBER+STRICT",
        vec![],
    );
    let path = format!("/records/{REPORT}");
    let english = page(&stage, &cookie, &path, "en").await;
    let shown = "<span class=\"prose\" lang=\"en\" dir=\"auto\">A survey of it</span>";
    assert!(english.contains(shown), "{english}");
    let original =
        "lang=\"fr\" dir=\"auto\">Un bilan</span> <span class=\"meta\">(original, FR)</span>";
    assert!(english.contains(original), "{english}");
    let french = page(&stage, &cookie, &path, "fr").await;
    assert!(french.contains("dir=\"auto\">Un bilan</span>") && !french.contains("A survey"));
}

#[tokio::test(flavor = "multi_thread")]
async fn on_the_portal_what_everybody_may_see_stands_by_its_name() {
    let stage = Stage::new();
    stage.node.complete_set_up().await.unwrap();
    let clear = r#""created_by_ref":"AUTHOR","object_marking_refs":["marking-definition--94868c89-83c2-464b-929b-a1a8aa3c8487"]"#
        .replace("AUTHOR", THEIRS);
    for (kind, id, rest) in [
        (
            "malware",
            MALWARE,
            r#""name":"Zanzi","is_family":true"#.to_owned(),
        ),
        (
            "report",
            REPORT,
            format!(
                r#""name":"Of Zanzi","published":"2026-11-01T00:00:00.000Z","report_types":["x-account"],"object_refs":["{MALWARE}"]"#
            ),
        ),
    ] {
        let bytes = object(kind, id, &format!("{clear},{rest}"));
        let receipt = stage.node.accept(Submission {
            objects: std::iter::once(0..bytes.len()).collect(),
            bytes: Bytes::from(bytes),
            channel: Channel::Import,
            submitter: stage.node.home().id.clone(),
            person: None,
            collection: "dialogues".to_owned(),
            marking: Marking::default(),
        });
        let receipt = receipt.unwrap();
        std::thread::scope(|scope| {
            let receipt = scope.spawn(|| receipt.wait().unwrap()).join().unwrap();
            assert_eq!(receipt.successes(), 1, "{receipt:?}");
        });
    }
    let page = page(&stage, "", &format!("/public/records/{REPORT}"), "en").await;
    let named = format!("<a href=\"/public/records/{MALWARE}\"><bdi>Zanzi</bdi></a>");
    assert!(page.contains(&named), "{page}");
    // What a value is called, and not what programs call it.
    assert!(page.contains("account of practice"), "{page}");
    assert!(!page.contains("<span class=\"code\">x-account"), "{page}");
}

/// A peer that was confirmed, and has an address.
fn peer(stage: &Stage) -> ObjectId {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("other");
    let new = New {
        participant: "Ministry of Cordia".to_owned(),
        kind: Kind::State,
        organ_of: None,
        country: None,
    };
    let chance = || SeededRandom::new(17);
    Node::create(&root, &new, &SystemClock, &mut chance()).unwrap();
    let clock = std::sync::Arc::new(SystemClock);
    let other = Node::open(&root, None, clock, Box::new(chance())).unwrap();
    let addresses = vec!["https://cordia.test/".to_owned()];
    let file = other.introduce(addresses, &other.at_terminal("tests"));
    let file = file.wait().unwrap().file();
    let words = other.own_words().unwrap().unwrap().in_english();
    other.close();
    let by = stage.node.at_terminal("tests");
    let introduced = stage.node.add_peer(file.as_bytes(), &by).unwrap();
    let id = introduced.participant;
    stage.node.confirm_peer(&id, &words, &by).unwrap();
    id
}

#[tokio::test(flavor = "multi_thread")]
async fn of_what_a_peer_was_given_it_is_told_whether_that_was_an_earlier_version() {
    let stage = Stage::new();
    stage.node.complete_set_up().await.unwrap();
    let cookie = stage.enter(None).await;
    let cordia = std::thread::scope(|scope| scope.spawn(|| peer(&stage)).join().unwrap());
    let to = || vec![policy::Member::Participant(cordia.clone())];
    let first = object("malware", MALWARE, r#""name":"Zanzi","is_family":true"#);
    write(&stage, first.clone(), "AMBER+STRICT", to());
    let place = format!("/peers/{cordia}");
    let told = async || {
        let body = page(&stage, &cookie, &place, "en").await;
        let earlier = body.contains("an earlier version was taken on");
        (body.contains("Zanzi"), body.contains("taken on"), earlier)
    };
    assert_eq!(told().await, (true, false, false), "it has not asked yet");

    let number = stage.node.collection("dialogues").unwrap().unwrap();
    let take = async |after: i64, last: i64| {
        let taken = Taken {
            collection: number.number,
            filter: "",
            after,
            last,
            records: 1,
            reached: stage.node.reached(),
        };
        stage.node.note_exported(&cordia, &taken);
        stage.node.write_ledger().unwrap().await.unwrap();
    };
    let reached = stage.node.now() + 1_000_000;
    take(0, reached).await;
    assert_eq!(told().await, (true, true, false));

    let newer =
        |at: &str| first.replace(r#""modified":"2026-11-01"#, &format!(r#""modified":"{at}"#));
    write(&stage, newer("2026-11-02"), "AMBER+STRICT", to());
    assert_eq!(told().await, (true, true, true), "not this one");
    write(&stage, newer("2026-11-03"), "AMBER+STRICT", vec![]);
    // It went on asking, and got past that one.
    take(reached, reached + 60_000_000).await;
    assert_eq!(told().await, (true, true, true), "which it may not have");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_comment_inside_the_house_names_who_wrote_it_to_those_inside() {
    let stage = Stage::new();
    stage.node.complete_set_up().await.unwrap();
    let cookie = stage.enter(None).await;
    stage.note(1, "kingfisher", "AMBER", Vec::new());
    let place = "/records/note--00000000-0000-4000-8000-000000000001";
    let remark = "text=Seen+at+dawn&stance=none&tlp=AMBER%2BSTRICT";
    let sent = stage
        .post(&format!("{place}/remark"), &cookie, remark)
        .await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.body);
    for lang in ["en", "fr"] {
        let told = page(&stage, &cookie, place, lang).await;
        let comment = told.split("<ul class=\"comments\">").nth(1).unwrap();
        let comment = comment.split("</ul>").next().unwrap();
        assert!(
            comment.contains("<bdi>Tester, Agency") && comment.contains("Seen at dawn"),
            "{comment}"
        );
    }
    // What others may get of it says nothing of that.
    let told = page(&stage, &cookie, place, "en").await;
    let own = told.split("href=\"/records/note--").skip(1);
    let own = own.filter_map(|rest| rest.split('"').next());
    let own = own.filter(|id| !id.starts_with("00000000-0000-4000-8000-000000000001"));
    let own = ObjectId::parse(&format!("note--{}", own.last().unwrap())).unwrap();
    let operator = stage.node.users(&stage.node.at_terminal("tests")).unwrap();
    let tester = operator.into_iter().next().unwrap();
    let viewer = stage.node.viewer_of(&stage.node.home().id, false);
    let stood = stage.node.stood(&viewer, policy::Purpose::Show, &own);
    let body = stood.unwrap().unwrap().into_inner().record.body;
    let body = String::from_utf8_lossy(&body).into_owned();
    assert!(body.contains("Seen at dawn"), "{body}");
    assert!(
        !body.contains("Tester") && !body.contains(tester.person.as_str()),
        "{body}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn health_says_of_a_peer_since_when_it_was_not_heard_and_leads_to_it() {
    let stage = Stage::new();
    stage.node.complete_set_up().await.unwrap();
    let cookie = stage.enter(None).await;
    let cordia = std::thread::scope(|scope| scope.spawn(|| peer(&stage)).join().unwrap());
    for (lang, said) in [("en", "Not heard yet"), ("fr", "Aucun contact à ce jour")] {
        let health = page(&stage, &cookie, "/status", lang).await;
        let line = health
            .split(&format!("<a href=\"/peers/{cordia}\">"))
            .nth(1);
        let line = line.unwrap().split("</tr>").next().unwrap();
        assert!(line.contains(said), "{line}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_versions_of_a_record_are_named_by_their_dates() {
    let stage = Stage::new();
    stage.node.complete_set_up().await.unwrap();
    let cookie = stage.enter(None).await;
    stage.note(1, "kingfisher", "AMBER", Vec::new());
    let place = "/records/note--00000000-0000-4000-8000-000000000001";
    for (lang, head, named) in [
        (
            "en",
            "<h2>Versions</h2>",
            "1 November 2026, 00:00 UTC, in force",
        ),
        (
            "fr",
            "<h2>Versions</h2>",
            "1er novembre 2026, 0 h 00 (UTC), en vigueur",
        ),
    ] {
        let told = page(&stage, &cookie, place, lang).await;
        let told = told.replace(['\u{a0}', '\u{202f}'], " ");
        let (versions, reference) = told.split_once(head).unwrap().1.split_once("<h2>").unwrap();
        assert!(
            versions.contains(&format!("<strong>{named}</strong>")),
            "{versions}"
        );
        let stamp = "2026-11-01T00:00:00.000Z";
        assert!(!versions.contains(stamp), "{versions}");
        let reference = reference.split("</aside>").next().unwrap();
        assert!(reference.contains(stamp), "{reference}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_opinion_on_a_list_is_called_in_the_words_of_the_reader() {
    let stage = Stage::new();
    stage.node.complete_set_up().await.unwrap();
    let cookie = stage.enter(None).await;
    stage.note(1, "kingfisher", "AMBER", Vec::new());
    let place = "/records/note--00000000-0000-4000-8000-000000000001/remark";
    let remark = "text=Seen+at+dawn&stance=strongly-agree&tlp=AMBER%2BSTRICT";
    let sent = stage.post(place, &cookie, remark).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.body);
    for (lang, called) in [("en", "agrees strongly"), ("fr", "entièrement d’accord")] {
        let listed = page(&stage, &cookie, "/records?type=opinion", lang).await;
        assert!(listed.contains(called), "{listed}");
        assert!(!listed.contains("strongly-agree"), "{listed}");
    }
}
