//! Silence over HTTP: a deadline in a zone, broken, extended, and kept with a reservation.

use axum::http::StatusCode;
use node::users::Role;
use policy::Tlp;

use super::NOTE;
use super::house::House;

#[tokio::test(flavor = "multi_thread")]
async fn a_silence_has_a_deadline_in_a_zone_and_is_broken_extended_and_kept_with_a_reservation() {
    let house = House::new().await;
    let eva = house.person("Eva Holm", &[Role::Editor]).await;
    let lena = house.person("Lena Marsh", &[Role::Reader]).await;
    let paul = house.person("Paul Ode", &[Role::Reader]).await;
    house.write(&eva, Tlp::AmberStrict, &[]).await;
    let open = |until: &str, zone: &str| {
        format!(
            "record={NOTE}&aim=agree&tlp=AMBER%2BSTRICT&words=Round+2&silence-until={until}&silence-zone={zone}&silence-of={}&silence-of={}",
            lena.id, paul.id
        )
    };
    for (until, zone, wrong) in [
        ("", "UTC", "Fill in: Deadline"),
        ("2020-01-01T12:00", "UTC", "has to lie ahead"),
        (
            "2031-03-30T02:30",
            "Europe/Paris",
            "does not exist on that day",
        ),
        (
            "2031-10-26T02:30",
            "Europe/Paris",
            "comes twice on that day",
        ),
        ("2031-05-01T02:30", "Europe/Nowhere", "no such time zone"),
    ] {
        let answer = house
            .post(&eva, "/clearance/open", &open(until, zone))
            .await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{until}");
        assert!(answer.body.contains(wrong), "{wrong} in {}", answer.body);
    }
    // Opened from nowhere, the record is found by its words, and then chosen.
    house.stage.node.index().unwrap();
    let by_words = open("2031-05-01T15:00", "Europe/Paris").replace(NOTE, "kingfisher");
    let looked = "record=kingfisher&draft-looks=record";
    let found = house.post(&eva, "/clearance/open", looked).await;
    assert_eq!(found.status, StatusCode::OK);
    let offered = format!("name=\"which\" value=\"{NOTE}\"");
    assert!(found.body.contains(&offered), "{}", found.body);
    assert!(!found.body.contains("Fill in:"), "{}", found.body);
    for (lang, said) in [
        ("en", "Type words that stand in it"),
        ("fr", "Indiquez des mots qui y figurent"),
    ] {
        let path = format!("/clearance/open?lang={lang}");
        let empty = house.post(&eva, &path, "record=+&draft-looks=record").await;
        assert!(empty.body.contains(said), "{}", empty.body);
    }
    let unchosen = house.post(&eva, "/clearance/open", &by_words).await;
    assert_eq!(unchosen.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(unchosen.body.contains("Choose which record you mean"));
    let strange = by_words.replace("kingfisher", "zanzibarine");
    let strange = house.post(&eva, "/clearance/open", &strange).await;
    assert!(
        strange.body.contains("no record of ours"),
        "{}",
        strange.body
    );
    let opened = house
        .post(&eva, "/clearance/open", &format!("{by_words}&which={NOTE}"))
        .await;
    assert_eq!(opened.headers["location"], "/clearance/cases/1");
    let page = house.get(&lena, "/clearance/cases/1").await.body;
    assert!(
        page.contains("1\u{a0}May\u{a0}2031, 15:00 (Europe/Paris), that is 1\u{a0}May\u{a0}2031, 13:00\u{a0}UTC"),
        "{page}"
    );
    // One form in one sentence, whatever the language writes.
    let french = house.get_in(&lena, "/clearance/cases/1", "fr").await;
    let french = french.replace('\u{a0}', " ");
    let told = "1er mai 2031, 15 h 00 (Europe/Paris), soit le 1er mai 2031, 13 h 00 (UTC)";
    assert!(french.contains(told), "{french}");
    assert!(
        page.contains("You are asked")
            && page.contains("Round 2")
            && page.contains("Silence loosens no label")
    );
    assert!(
        house
            .get(&lena, "/")
            .await
            .body
            .contains("1 case waits for your visa, signature or answer")
    );
    let kept = house
        .post(
            &paul,
            "/clearance/cases/1/say",
            "say=reserve&say-words=Scrutiny&seen=2",
        )
        .await;
    assert_eq!(kept.status, StatusCode::SEE_OTHER);
    assert!(
        !house
            .get(&paul, "/")
            .await
            .body
            .contains("waits for your visa"),
        "said once"
    );
    let wordless = house
        .post(&lena, "/clearance/cases/1/say", "say=break&seen=3")
        .await;
    assert_eq!(wordless.status, StatusCode::UNPROCESSABLE_ENTITY);
    let broken = house
        .post(
            &lena,
            "/clearance/cases/1/say",
            "say=break&say-words=Not+paragraph+3&seen=3",
        )
        .await;
    assert_eq!(broken.status, StatusCode::SEE_OTHER);
    let page = house.get(&eva, "/clearance/cases/1").await.body;
    assert!(page.contains("the silence was broken") && page.contains("Not paragraph 3"));
    let earlier = house
        .post(
            &eva,
            "/clearance/cases/1/extend",
            "extend-until=2031-04-01T15:00&extend-zone=UTC&seen=4",
        )
        .await;
    assert_eq!(earlier.status, StatusCode::UNPROCESSABLE_ENTITY);
    let others = house
        .post(
            &lena,
            "/clearance/cases/1/extend",
            "extend-until=2031-06-01T15:00&extend-zone=UTC&seen=4",
        )
        .await;
    assert_eq!(others.status, StatusCode::CONFLICT);
    let later = house
        .post(
            &eva,
            "/clearance/cases/1/extend",
            "extend-until=2031-06-01T15:00&extend-zone=UTC&seen=4",
        )
        .await;
    assert_eq!(later.status, StatusCode::SEE_OTHER);
    assert!(
        house
            .get(&paul, "/clearance/cases/1")
            .await
            .body
            .contains("1\u{a0}June\u{a0}2031, 15:00\u{a0}UTC")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_look_that_ended_before_the_last_with_these_words_says_so() {
    let house = House::new().await;
    let eva = house.person("Eva Holm", &[Role::Editor]).await;
    house.write(&eva, Tlp::AmberStrict, &[]).await;
    let told = async |language: &str| {
        let path = format!("/clearance/open?lang={language}");
        let looked = "record=heron&draft-looks=record";
        house.post(&eva, &path, looked).await.body
    };
    house.imported(1_000..1_250, "heron").await;
    let page = told("en").await;
    assert!(page.contains("no record of ours"), "all were seen: {page}");
    house.imported(1_250..1_251, "heron").await;
    for (language, said) in [
        ("en", "Among the newest 250 records that have these words"),
        (
            "fr",
            "Parmi les 250 pièces les plus récentes qui contiennent",
        ),
    ] {
        let page = told(language).await;
        assert!(page.contains(said), "{page}");
        assert!(!page.contains("no record of ours"), "{page}");
    }
}
