//! Clearance over HTTP: several people, each in a browser of their own; what each sees, may do, and is told.

mod anew;
mod calendar;
mod cases;
mod house;
mod programs;
mod silence;

use axum::http::StatusCode;
use node::clearance::{NewDelegation, StepKind};
use node::users::Role;
use policy::{Member, Tlp, Viewer};
use stix::ObjectId;

use house::{House, secret};

const NOTE: &str = "note--00000000-0000-4000-8000-000000000001";
const DAY: i64 = 86_400_000_000;

#[tokio::test(flavor = "multi_thread")]
async fn a_case_says_that_a_newer_version_is_here() {
    let house = House::new().await;
    let eva = house.person("Eva Holm", &[Role::Editor]).await;
    let sam = house.person("Sam Rook", &[Role::Releaser]).await;
    house
        .define(&[("signature", StepKind::Signature, &sam)])
        .await;
    let kestria = [Member::Participant(house.kestria.clone())];
    // The older one comes after the newer, as from a file.
    let newer = "2026-11-02T00:00:00.000Z";
    house.write_at(newer, &eva, Tlp::AmberStrict, &[]).await;
    house.write(&eva, Tlp::Amber, &kestria).await;
    let page = house.get(&sam, "/clearance/cases/1").await.body;
    assert!(page.contains("A newer version of 1 record"), "{page}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_line_to_take_gets_its_visa_and_its_signature() {
    let house = House::new().await;
    let eva = house.person("Eva Holm", &[Role::Editor]).await;
    let lena = house.person("Lena Marsh", &[Role::Reader]).await;
    let sam = house.person("Sam Rook", &[Role::Releaser]).await;
    let uma = house.person("Uma Tarn", &[Role::Reader]).await;
    house
        .define(&[
            ("legal", StepKind::Visa, &lena),
            ("signature", StepKind::Signature, &sam),
        ])
        .await;
    house
        .write(
            &eva,
            Tlp::Amber,
            &[Member::Participant(house.kestria.clone())],
        )
        .await;
    assert!(!house.kestria_has_it());

    // What needs whom, on the home page; and in French.
    let home = house.get(&lena, "/").await.body;
    assert!(
        home.contains("1 case waits for your visa") && home.contains("href=\"/clearance/cases/1\"")
    );
    assert!(
        house
            .get_in(&lena, "/", "fr")
            .await
            .contains("1 dossier attend votre visa")
    );
    for other in [&eva, &sam, &uma] {
        assert!(
            !house
                .get(other, "/")
                .await
                .body
                .contains("waits for your visa")
        );
    }
    let record = house.get(&eva, &format!("/records/{NOTE}")).await.body;
    assert!(record.contains("Case 1: visas are missing") && record.contains("/clearance/cases/1"));

    // The lawyer's page: who will see it, and the form; nobody else gets one.
    let page = house.get(&lena, "/clearance/cases/1").await;
    assert_eq!(page.status, StatusCode::OK);
    for expected in [
        "Line to take",
        "Legal visa: yours to give",
        "Kestria",
        "action=\"/clearance/cases/1/visa/0\"",
        "TLP:AMBER",
    ] {
        assert!(page.body.contains(expected), "{expected} in {}", page.body);
    }
    for other in [&eva, &sam, &uma] {
        assert!(
            !house
                .get(other, "/clearance/cases/1")
                .await
                .body
                .contains("yours to give")
        );
    }
    // Refusing and reserving take words; what was typed stays.
    let wordless = house
        .post(
            &lena,
            "/clearance/cases/1/visa/0",
            "verdict-0=reserved&words-0=&seen=1",
        )
        .await;
    assert_eq!(wordless.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        wordless.body.contains("Say why") && wordless.body.contains("value=\"reserved\" checked")
    );
    // Others' steps, a signature before the visas, a page that is out of date: each refused, in words, with nothing changed.
    for (who, path, body, status, told) in [
        (
            &uma,
            "/clearance/cases/1/visa/0",
            "verdict-0=given&seen=1",
            StatusCode::CONFLICT,
            "for others to give",
        ),
        (
            &sam,
            "/clearance/cases/1/sign/1",
            "verdict-1=given&seen=1",
            StatusCode::CONFLICT,
            "Visas are missing",
        ),
        (
            &lena,
            "/clearance/cases/1/visa/0",
            "verdict-0=given&seen=0",
            StatusCode::CONFLICT,
            "look at it again",
        ),
        (
            &lena,
            "/clearance/cases/1/sign/1",
            "verdict-1=given&seen=1",
            StatusCode::FORBIDDEN,
            "",
        ),
        (
            &lena,
            "/clearance/cases/1/withdraw",
            "",
            StatusCode::FORBIDDEN,
            "",
        ),
        (
            &lena,
            "/clearance/cases/7/visa/0",
            "verdict-0=given&seen=1",
            StatusCode::NOT_FOUND,
            "",
        ),
    ] {
        let answer = house.post(who, path, body).await;
        assert_eq!(answer.status, status, "{path} {body}");
        assert!(answer.body.contains(told), "{told} in {}", answer.body);
    }
    let given = house
        .post(
            &lena,
            "/clearance/cases/1/visa/0",
            "verdict-0=reserved&words-0=Check+paragraph+2&seen=1",
        )
        .await;
    assert_eq!(
        (given.status, given.headers["location"].to_str().unwrap()),
        (StatusCode::SEE_OTHER, "/clearance/cases/1")
    );
    assert!(!house.kestria_has_it());

    // The signatory sees the reservation, signs, and it is out.
    let page = house.get(&sam, "/clearance/cases/1").await.body;
    assert!(page.contains("Check paragraph 2") && page.contains("Signature: yours to give"));
    let signed = house
        .post(&sam, "/clearance/cases/1/sign/1", "verdict-1=given&seen=2")
        .await;
    assert_eq!(signed.status, StatusCode::SEE_OTHER);
    assert!(house.kestria_has_it());
    let list = house.get(&eva, "/clearance").await.body;
    assert!(list.contains("released") && list.contains("Nothing waits to be cleared"));
    for language in ["en", "fr"] {
        let page = house.get_in(&eva, "/clearance/cases/1", language).await;
        assert!(
            page.contains("Lena Marsh") && !page.contains("clearance-"),
            "{page}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_person_in_another_browser_signs_and_the_first_stops_it_within_the_delay() {
    let house = House::new().await;
    let eva = house
        .person("Eva Holm", &[Role::Editor, Role::Releaser])
        .await;
    house.write(&eva, Tlp::Clear, &[]).await;
    // As long as nobody but who asked may sign at all, it says so.
    let alone = house.get(&eva, "/clearance/cases/1").await.body;
    assert!(
        alone.contains("Nobody who signs in here can give this step"),
        "{alone}"
    );
    let sam = house.person("Sam Rook", &[Role::Releaser]).await;
    let own = house.get(&eva, "/clearance/cases/1").await.body;
    assert!(own.contains("You asked for this") && !own.contains("yours to give"));
    assert!(!own.contains("Nobody who signs in here"), "{own}");
    let twice = house
        .post(&eva, "/clearance/cases/1/sign/0", "verdict-0=given&seen=1")
        .await;
    assert_eq!(twice.status, StatusCode::CONFLICT);
    assert!(twice.body.contains("does not count twice"));
    let signed = house
        .post(&sam, "/clearance/cases/1/sign/0", "verdict-0=given&seen=1")
        .await;
    assert_eq!(signed.status, StatusCode::SEE_OTHER);
    let page = house.get(&eva, "/clearance/cases/1").await.body;
    assert!(page.contains("signed; not before"), "{page}");
    assert!(!house.is_out(&Viewer::public()));
    // Taken back by who signed, signed again, and stopped by who asked.
    let back = house
        .post(&sam, "/clearance/cases/1/back/0", "seen=3")
        .await;
    assert_eq!(back.status, StatusCode::SEE_OTHER);
    let again = house
        .post(&sam, "/clearance/cases/1/sign/0", "verdict-0=given&seen=4")
        .await;
    assert_eq!(again.status, StatusCode::SEE_OTHER);
    let stopped = house.post(&eva, "/clearance/cases/1/withdraw", "").await;
    assert_eq!(stopped.status, StatusCode::SEE_OTHER);
    while house.stage.node.carry_out().await.unwrap() {}
    assert!(!house.is_out(&Viewer::public()));
    let page = house.get(&sam, "/clearance/cases/1").await.body;
    assert!(page.contains("withdrew the case") && !page.contains("yours to give"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_case_about_what_one_may_not_see_is_not_there() {
    let house = House::new().await;
    let eva = house.person("Eva Holm", &[Role::Editor]).await;
    let sam = house.person("Sam Rook", &[Role::Releaser]).await;
    house
        .define(&[("signature", StepKind::Signature, &sam)])
        .await;
    let outside: ObjectId = "identity--00000000-0000-4000-8000-0000000000bb"
        .parse()
        .unwrap();
    house
        .write(&eva, Tlp::Red, &[Member::Person(outside)])
        .await;
    let mine = house.get(&eva, "/clearance/cases/1").await.body;
    assert!(
        mine.contains("None of them may see these records"),
        "{mine}"
    );
    let (hidden, absent) = (
        house.get(&sam, "/clearance/cases/1").await,
        house.get(&sam, "/clearance/cases/9").await,
    );
    assert_eq!(hidden.status, StatusCode::NOT_FOUND);
    assert_eq!(
        hidden
            .body
            .replace("cases/1", "cases/9")
            .replace("cases%2F1", "cases%2F9"),
        absent.body
    );
    for (path, body) in [
        ("sign/0", "verdict-0=given&seen=1"),
        ("withdraw", ""),
        ("say", "say=break&say-words=x"),
    ] {
        let one = house
            .post(&sam, &format!("/clearance/cases/1/{path}"), body)
            .await;
        let none = house
            .post(&sam, &format!("/clearance/cases/9/{path}"), body)
            .await;
        assert_eq!(
            (one.status, none.status),
            (StatusCode::NOT_FOUND, StatusCode::NOT_FOUND),
            "{path}"
        );
    }
    let list = house.get(&sam, "/clearance").await.body;
    assert!(list.contains("Nothing waits to be cleared") && !list.contains("Line to take"));
    assert!(!house.get(&sam, "/").await.body.contains("case is open"));
}

#[tokio::test(flavor = "multi_thread")]
async fn steps_deputies_and_standing_authorizations_are_kept_on_their_pages() {
    let house = House::new().await;
    let ada = house
        .person("Ada Lind", &[Role::Administrator, Role::Reader])
        .await;
    let sam = house.person("Sam Rook", &[Role::Releaser]).await;
    let dora = house.person("Dora Vale", &[Role::Releaser]).await;
    assert!(
        house
            .get(&ada, "/clearance/steps")
            .await
            .body
            .contains("No steps are defined")
    );
    let nameless = house
        .post(&ada, "/clearance/steps", "name=other&own=&kind=visa")
        .await;
    assert_eq!(nameless.status, StatusCode::UNPROCESSABLE_ENTITY);
    for body in [
        format!("name=other&own=Cabinet&kind=visa&who={}", sam.id),
        format!("name=signature&kind=signature&who={}", sam.id),
    ] {
        let added = house.post(&ada, "/clearance/steps", &body).await;
        assert_eq!(added.status, StatusCode::SEE_OTHER, "{}", added.body);
    }
    let twice = house
        .post(&ada, "/clearance/steps", "name=signature&kind=signature")
        .await;
    assert!(
        twice.status == StatusCode::UNPROCESSABLE_ENTITY
            && twice.body.contains("There is a step of this name already")
    );
    // A name that every language has says what it is; and nobody is named who could never give it.
    let unable = house
        .post(
            &ada,
            "/clearance/steps",
            &format!("name=legal&who={}", ada.id),
        )
        .await;
    assert_eq!(unable.status, StatusCode::SEE_OTHER, "{}", unable.body);
    let steps = house.stage.node.clearance().procedure().steps;
    assert_eq!(steps[2].kind, StepKind::Visa);
    house
        .post(&ada, "/clearance/steps/remove", "step=legal")
        .await;
    let unable = house
        .post(
            &ada,
            "/clearance/steps",
            &format!("name=other&own=Second&kind=signature&who={}", ada.id),
        )
        .await;
    assert_eq!(unable.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        unable.body.contains("Ada Lind may not give this step"),
        "{}",
        unable.body
    );
    assert_eq!(
        house
            .post(&sam, "/clearance/steps", "name=legal&kind=visa")
            .await
            .status,
        StatusCode::FORBIDDEN
    );
    let page = house.get(&sam, "/clearance/steps").await.body;
    assert!(page.contains("Cabinet") && page.contains("Sam Rook") && !page.contains("Remove"));
    let ruled = house
        .post(
            &ada,
            "/clearance/rules",
            "four=yes&desks=dialogues&desks=nonsense",
        )
        .await;
    assert_eq!(ruled.status, StatusCode::SEE_OTHER);
    let procedure = house.stage.node.clearance().procedure();
    assert!(procedure.four_eyes && procedure.desks == ["dialogues"]);
    house
        .post(&ada, "/clearance/steps/remove", "step=Cabinet")
        .await;
    assert_eq!(house.stage.node.clearance().procedure().steps.len(), 1);

    let (first, last) = ("2031-01-01", "2031-01-14");
    let wrong = house
        .post(
            &sam,
            "/clearance/deputies",
            &format!("to={}&begins={last}&ends={first}&zone=UTC", dora.id),
        )
        .await;
    assert!(
        wrong.status == StatusCode::UNPROCESSABLE_ENTITY
            && wrong.body.contains("The last day lies ahead")
    );
    let given = house
        .post(
            &sam,
            "/clearance/deputies",
            &format!(
                "to={}&begins={first}&ends={last}&zone=Europe/Paris&steps=signature",
                dora.id
            ),
        )
        .await;
    assert_eq!(given.status, StatusCode::SEE_OTHER, "{}", given.body);
    let kept = &house.stage.node.clearance().delegations()[0];
    assert_eq!(
        kept.ends - kept.begins,
        14 * DAY,
        "to the end of the last day"
    );
    let page = house.get(&dora, "/clearance/deputies").await.body;
    assert!(
        page.contains("Dora Vale")
            && page.contains("begins later")
            && page.contains("no publications")
    );
    assert_eq!(
        house
            .post(&dora, "/clearance/deputies/1/end", "")
            .await
            .status,
        StatusCode::SEE_OTHER
    );
    assert!(
        house
            .get(&sam, "/clearance/deputies")
            .await
            .body
            .contains("over")
    );

    let standing = |tlp: &str| {
        format!(
            "kinds=indicator&tlp={tlp}&for={}&begins={first}&ends={last}&zone=UTC",
            house.kestria
        )
    };
    let red = house
        .post(&sam, "/clearance/standing", &standing("RED"))
        .await;
    assert!(
        red.status == StatusCode::UNPROCESSABLE_ENTITY && red.body.contains("asked for each time")
    );
    assert_eq!(
        house
            .post(&ada, "/clearance/standing", &standing("AMBER"))
            .await
            .status,
        StatusCode::FORBIDDEN
    );
    // Of what is too long, this alone is said.
    let too_late = last.replacen(&last[..4], "2033", 1);
    let long = standing("AMBER").replace(last, &too_late);
    let long = house.post(&sam, "/clearance/standing", &long).await;
    assert_eq!(long.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(long.body.contains("within a year of it"), "{}", long.body);
    assert!(
        !long.body.contains("It names whom it is for"),
        "{}",
        long.body
    );
    let given = house
        .post(&sam, "/clearance/standing", &standing("AMBER"))
        .await;
    assert_eq!(given.status, StatusCode::SEE_OTHER, "{}", given.body);
    let page = house.get(&ada, "/clearance/standing").await.body;
    assert!(
        page.contains("TLP:AMBER") && page.contains("Kestria"),
        "{page}"
    );
    assert!(
        page.contains("aria-label=\"End it: number 1\">End it<"),
        "{page}"
    );
    let form = house.get(&sam, "/clearance/standing").await.body;
    for (tlp, offered) in [("CLEAR", false), ("GREEN", true), ("RED", false)] {
        let choice = format!("name=\"tlp\" value=\"{tlp}\"");
        assert_eq!(form.contains(&choice), offered, "{tlp}");
    }
    assert_eq!(
        house
            .post(&ada, "/clearance/standing/1/end", "")
            .await
            .status,
        StatusCode::SEE_OTHER
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deputy_is_offered_the_step_in_the_name_of_who_is_away() {
    let house = House::new().await;
    let eva = house.person("Eva Holm", &[Role::Editor]).await;
    let sam = house.person("Sam Rook", &[Role::Releaser]).await;
    let dora = house.person("Dora Vale", &[Role::Releaser]).await;
    house
        .define(&[("signature", StepKind::Signature, &sam)])
        .await;
    house
        .write(
            &eva,
            Tlp::Amber,
            &[Member::Participant(house.kestria.clone())],
        )
        .await;
    assert!(
        !house
            .get(&dora, "/clearance/cases/1")
            .await
            .body
            .contains("yours to give")
    );
    let actor = house.stage.node.actor(secret(&sam)).unwrap().unwrap();
    let now = house.stage.node.now();
    let new = NewDelegation {
        to: dora.id.to_string(),
        begins: now - 1,
        ends: now + DAY,
        ..NewDelegation::default()
    };
    house
        .stage
        .node
        .clearance()
        .delegate(new, &actor)
        .await
        .unwrap();
    let page = house.get(&dora, "/clearance/cases/1").await.body;
    assert!(
        page.contains("Signature: yours to give for Sam Rook"),
        "{page}"
    );
    assert!(page.contains("name=\"delegation\" value=\"1\""));
    let own = house
        .post(&dora, "/clearance/cases/1/sign/0", "verdict-0=given&seen=1")
        .await;
    assert_eq!(own.status, StatusCode::CONFLICT);
    let signed = house
        .post(
            &dora,
            "/clearance/cases/1/sign/0",
            "verdict-0=given&seen=1&delegation=1",
        )
        .await;
    assert_eq!(signed.status, StatusCode::SEE_OTHER);
    assert!(house.kestria_has_it());
    assert!(
        house
            .get(&eva, "/clearance/cases/1")
            .await
            .body
            .contains("Dora Vale, for Sam Rook")
    );
}
