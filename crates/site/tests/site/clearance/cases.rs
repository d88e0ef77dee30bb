//! What a page of a case, and that of a record which waits in one, say of it: in which order, and whose turn it is.

use axum::http::StatusCode;
use bytes::Bytes;
use node::clearance::{Act, Said, StepKind};
use node::ledger::Taken;
use node::submission::Marking;
use node::users::Role;
use node::{Channel, Submission};
use policy::{Member, Purpose, Tlp};
use stix::ObjectId;

use super::NOTE;
use super::house::{House, Person, secret};

fn note(number: usize) -> String {
    format!("note--00000000-0000-4000-8000-{number:012}")
}

impl House {
    fn for_kestria(&self) -> Marking {
        Marking {
            tlp: Some(Tlp::Amber),
            audience: vec![Member::Participant(self.kestria.clone())],
        }
    }

    /// Notes of one submission.
    async fn brings_notes(&self, by: &Person, notes: usize) {
        let home = self.stage.node.home().id.clone();
        let (mut bytes, mut objects) = (String::new(), Vec::new());
        for number in 1..=notes {
            let id = note(number);
            let object = format!(
                r#"{{"type":"note","spec_version":"2.1","id":"{id}","created":"2026-11-01T00:00:00.000Z","modified":"2026-11-01T00:00:00.000Z","created_by_ref":"{home}","abstract":"Piece {number}.","content":"x","object_refs":["{home}"]}}"#
            );
            objects.push(bytes.len()..bytes.len() + object.len());
            bytes.push_str(&object);
        }
        let submission = Submission {
            objects,
            bytes: Bytes::from(bytes),
            channel: Channel::Local,
            submitter: home,
            person: Some(by.id.clone()),
            collection: "situation".to_owned(),
            marking: self.for_kestria(),
        };
        let receipt = self.stage.node.accept(submission).unwrap().await.unwrap();
        assert_eq!(receipt.successes(), notes);
    }

    /// Kestria gets a file of all that it may have by now.
    async fn kestria_takes(&self) {
        let node = &self.stage.node;
        for collection in node.collections().unwrap() {
            let taken = Taken {
                collection: collection.number,
                filter: "",
                after: 0,
                last: node.now(),
                records: 1,
                reached: node.reached(),
            };
            node.note_exported(&self.kestria, &taken);
        }
        if let Some(written) = node.write_ledger() {
            written.await.unwrap();
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_of_a_case_begins_with_what_would_leave_and_reaches_all_of_it() {
    let house = House::new().await;
    let eva = house.person("Eva Holm", &[Role::Editor]).await;
    let sam = house.person("Sam Rook", &[Role::Releaser]).await;
    house
        .define(&[("signature", StepKind::Signature, &sam)])
        .await;
    house.brings_notes(&eva, 23).await;
    let page = house.get(&sam, "/clearance/cases/1").await.body;
    let place = |what: &str| {
        page.find(what)
            .unwrap_or_else(|| panic!("no {what} in {page}"))
    };
    let (records, steps) = (place("id=\"records\""), place("Who may give it"));
    let (decision, silence) = (place("sign/0"), place("Ask in silence"));
    assert!(records < steps && steps < decision && decision < silence);
    // What few cases need is folded, until somebody wants it or has to look at it again.
    let folded = |page: &str, summary: &str| {
        let summary = format!("<details class=\"offer\"><summary>{summary}</summary>");
        page.contains(&summary)
    };
    assert!(folded(&page, "Ask in silence") && folded(&page, "By when it is wanted"));
    let wrong = house
        .post(
            &sam,
            "/clearance/cases/1/wanted",
            "wanted-until=soon&wanted-zone=UTC&seen=1",
        )
        .await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(!folded(&wrong.body, "By when it is wanted") && folded(&wrong.body, "Ask in silence"));
    // Twenty of them, then the rest.
    assert!(page.contains("Piece 20.") && !page.contains("Piece 21.") && page.contains("3 more"));
    assert!(page.contains("href=\"/clearance/cases/1?after=20\""));
    let rest = house.get(&sam, "/clearance/cases/1?after=20").await.body;
    assert!(
        !rest.contains("Piece 20.") && rest.contains("Piece 21.") && rest.contains("Piece 23.")
    );
    assert!(
        rest.contains("sign/0") && !rest.contains("rel=\"next\""),
        "{rest}"
    );
    let beyond = house.get(&sam, "/clearance/cases/1?after=23").await;
    assert_eq!(beyond.status, StatusCode::NOT_FOUND);
    // Once it is done, nothing says that it is still to be.
    let said = Said {
        seen: Some(1),
        ..Said::default()
    };
    let sign = Act::Sign {
        step: 0,
        reserved: false,
    };
    let by = house.stage.node.actor(secret(&sam)).unwrap().unwrap();
    let clearance = house.stage.node.clearance();
    clearance.act(1, sign, said, &by).await.unwrap();
    let done = house.get(&sam, "/clearance/cases/1").await.body;
    assert!(done.contains("These records got this label:"), "{done}");
    assert!(!done.contains("When every step is given"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_record_that_waits_for_somebody_says_in_which_case() {
    let house = House::new().await;
    let eva = house.person("Eva Holm", &[Role::Editor]).await;
    let sam = house.person("Sam Rook", &[Role::Releaser]).await;
    house
        .define(&[("signature", StepKind::Signature, &sam)])
        .await;
    let kestria = [Member::Participant(house.kestria.clone())];
    house.write(&eva, Tlp::Amber, &kestria).await;
    let asked = format!("/records/{NOTE}?for={}", house.kestria);
    for (language, told) in [
        ("en", "not yet: it waits to be released to them, in case 1"),
        (
            "fr",
            "sa diffusion à ce participant est en attente, dossier n°\u{a0}1",
        ),
    ] {
        let page = house.get_in(&eva, &asked, language).await;
        let link = format!("<a href=\"/clearance/cases/1\">{told}</a>");
        assert!(
            page.contains(told) && page.contains("href=\"/clearance/cases/1\""),
            "{link}: {page}"
        );
    }
    let page = house.get(&eva, &asked).await.body;
    assert!(!page.contains("its label names nobody"), "{page}");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_has_an_older_version_alone_is_told_apart() {
    let house = House::new().await;
    let eva = house.person("Eva Holm", &[Role::Editor]).await;
    let rita = house
        .person("Rita Sol", &[Role::Editor, Role::Releaser])
        .await;
    let kestria = [Member::Participant(house.kestria.clone())];
    house.write(&rita, Tlp::Amber, &kestria).await;
    house.kestria_takes().await;
    let newer = "2026-11-02T00:00:00.000Z";
    house.write_at(newer, &eva, Tlp::Amber, &kestria).await;
    let asked = format!("/records/{NOTE}?for={}", house.kestria);
    let page = house.get(&eva, &asked).await.body;
    for told in [
        "it waits to be released to them, in case 1",
        "They have taken version 1 of it, not the one in force.",
        "<td data-name=\"Versions\">1</td>",
    ] {
        assert!(page.contains(told), "{told}: {page}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_others_have_is_withdrawn_on_its_page_with_the_reason() {
    let house = House::new().await;
    let rita = house
        .person("Rita Sol", &[Role::Editor, Role::Releaser])
        .await;
    let uma = house.person("Uma Tarn", &[Role::Reader]).await;
    let (page, form) = (
        format!("/records/{NOTE}"),
        format!("/records/{NOTE}/withdraw"),
    );
    let link = format!("href=\"{form}\"");
    house.write(&rita, Tlp::AmberStrict, &[]).await;
    assert!(
        !house.get(&rita, &page).await.body.contains(&link),
        "nobody else may have it"
    );
    let kestria = [Member::Participant(house.kestria.clone())];
    let newer = "2026-11-02T00:00:00.000Z";
    house.write_at(newer, &rita, Tlp::Amber, &kestria).await;
    house.kestria_takes().await;
    assert!(house.get(&rita, &page).await.body.contains(&link));
    assert!(
        !house.get(&uma, &page).await.body.contains(&link),
        "a reader"
    );
    assert_eq!(house.get(&uma, &form).await.status, StatusCode::FORBIDDEN);
    let asked = house.get(&rita, &form).await.body;
    assert!(asked.contains("It has been taken by Kestria."), "{asked}");
    let version = asked.split("name=\"version\" value=\"").nth(1).unwrap();
    let version = version.split('"').next().unwrap().replace(' ', "+");
    let silent = house
        .post(&rita, &form, &format!("version={version}&reason="))
        .await;
    assert_eq!(silent.status, StatusCode::UNPROCESSABLE_ENTITY);
    let stale = house
        .post(&rita, &form, "version=older&reason=Wrong+series")
        .await;
    assert_eq!(stale.status, StatusCode::CONFLICT);
    assert!(house.kestria_has_it());
    let sent = format!("version={version}&reason=Wrong+series");
    let done = house.post(&rita, &form, &sent).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.body);
    assert_eq!(done.headers["location"], page);
    let node = &house.stage.node;
    let theirs = node.viewer_of(&house.kestria, true);
    let id: ObjectId = NOTE.parse().unwrap();
    let stood = node.stood(&theirs, Purpose::Relay, &id).unwrap().unwrap();
    assert!(stood.into_inner().revoked, "they read that it is withdrawn");
    let now = house.get(&rita, &page).await.body;
    for told in ["revoked by its author", "Wrong series"] {
        assert!(now.contains(told), "{told}: {now}");
    }
    assert!(!now.contains(&link));
    let again = house.post(&rita, &form, &sent).await;
    assert_eq!(again.status, StatusCode::FORBIDDEN);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_proves_that_one_record_is_in_the_log() {
    let house = House::new().await;
    let eva = house.person("Eva Holm", &[Role::Editor]).await;
    house.write(&eva, Tlp::AmberStrict, &[]).await;
    let (page, file) = (
        format!("/records/{NOTE}/proof"),
        format!("/records/{NOTE}/proof.json"),
    );
    assert!(
        house
            .get(&eva, &format!("/records/{NOTE}"))
            .await
            .body
            .contains(&page)
    );
    let shown = house.get(&eva, &page).await.body;
    let kept = house.get(&eva, &file).await;
    assert!(
        kept.headers["content-disposition"]
            .to_str()
            .unwrap()
            .contains("proof.json")
    );
    let kept: serde_json::Value = serde_json::from_str(&kept.body).unwrap();
    for part in ["salt", "digest", "hash", "root"] {
        assert!(
            shown.contains(kept[part].as_str().unwrap()),
            "{part}: {shown}"
        );
    }
    assert!(
        shown.contains("RFC 9162") && shown.contains("\u{2014} "),
        "{shown}"
    );
    let french = house.get_in(&eva, &page, "fr").await;
    assert!(
        french.contains("Preuve d’inscription au journal"),
        "{french}"
    );
    // From the log, by whatever names it.
    for named in [
        NOTE.to_owned(),
        format!("/records/{NOTE}"),
        format!("https%3A%2F%2Fnode.example%2Frecords%2F{NOTE}%2Fversions%3Flang%3Dfr"),
    ] {
        let found = house.get(&eva, &format!("/log?record={named}")).await;
        assert_eq!(found.status, StatusCode::SEE_OTHER, "{named}");
        assert_eq!(found.headers["location"], page);
    }
    // What one may not see is as absent as what is not there.
    let outside: ObjectId = "identity--00000000-0000-4000-8000-0000000000bb"
        .parse()
        .unwrap();
    let later = "2026-11-02T00:00:00.000Z";
    house
        .write_at(later, &eva, Tlp::Red, &[Member::Person(outside)])
        .await;
    let uma = house.person("Uma Tarn", &[Role::Reader]).await;
    for path in [&page, &file] {
        assert_eq!(house.get(&uma, path).await.status, StatusCode::NOT_FOUND);
    }
    let none = house.get(&uma, &format!("/log?record={NOTE}")).await;
    let told = "There is no record that you can see at this address";
    assert!(
        none.status == StatusCode::OK && none.body.contains(told),
        "{}",
        none.body
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_asks_for_what_nobody_here_could_sign_reads_so_before() {
    let house = House::new().await;
    let rita = house
        .person("Rita Sol", &[Role::Editor, Role::Releaser])
        .await;
    let told = "nobody here could give every step";
    let public = house.post(&rita, "/label", "tlp=CLEAR").await.body;
    assert!(
        public.contains("once somebody else has signed") && public.contains(told),
        "{public}"
    );
    let named = format!("tlp=AMBER&for={}", house.kestria);
    let hers = house.post(&rita, "/label", &named).await.body;
    assert!(!hers.contains(told), "she releases it herself: {hers}");
    let _sam = house.person("Sam Rook", &[Role::Releaser]).await;
    let public = house.post(&rita, "/label", "tlp=CLEAR").await.body;
    assert!(!public.contains(told), "{public}");
}
