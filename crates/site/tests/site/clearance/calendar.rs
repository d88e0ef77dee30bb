//! The calendar over HTTP: what waits for whom and until when, in both languages, as a page and as a file; and nothing of it for whoever may
//! not see the record.

use axum::http::StatusCode;
use node::clearance::StepKind;
use node::users::Role;
use policy::{Member, Tlp};

use super::NOTE;
use super::house::{House, Person};

async fn file(house: &House, who: &Person) -> String {
    let answer = house.get(who, "/calendar.ics").await;
    assert_eq!(
        answer.headers["content-type"],
        "text/calendar; charset=utf-8"
    );
    answer.body.replace("\r\n ", "")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_visa_stands_in_the_calendar_of_who_has_to_give_it() {
    let house = House::new().await;
    let eva = house.person("Eva Holm", &[Role::Editor]).await;
    let lena = house.person("Lena Marsh", &[Role::Reader]).await;
    let sam = house.person("Sam Rook", &[Role::Releaser]).await;
    house
        .define(&[
            ("legal", StepKind::Visa, &lena),
            ("signature", StepKind::Signature, &sam),
        ])
        .await;
    let to = [Member::Participant(house.kestria.clone())];
    house.write(&eva, Tlp::Amber, &to).await;
    // Nobody said until when: it waits on the page, and no file has a place for it.
    let page = house.get(&lena, "/calendar").await.body;
    for told in ["Your visa: Line to take", "no date given", "waits for you"] {
        assert!(page.contains(told), "{told}: {page}");
    }
    assert!(!file(&house, &lena).await.contains("BEGIN:VEVENT"));
    assert!(
        !house
            .get(&sam, "/calendar")
            .await
            .body
            .contains("Line to take")
    );

    let wanted = |until: &str| format!("wanted-until={until}&wanted-zone=Europe%2FParis&seen=1");
    let way = "/clearance/cases/1/wanted";
    let past = house.post(&eva, way, &wanted("2020-05-01T15:00")).await;
    assert_eq!(past.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(past.body.contains("has to lie ahead"), "{}", past.body);
    let others = house.post(&lena, way, &wanted("2031-05-01T15:00")).await;
    assert_eq!(others.status, StatusCode::CONFLICT);
    let said = house.post(&eva, way, &wanted("2031-05-01T15:00")).await;
    assert_eq!(said.status, StatusCode::SEE_OTHER);
    let case = house.get(&lena, "/clearance/cases/1").await.body;
    let told = "wants it by 1\u{a0}May\u{a0}2031, 15:00 (Europe/Paris)";
    assert!(case.contains(told), "{case}");

    let mine = file(&house, &lena).await;
    for line in [
        "UID:case:1:step\r\n",
        "DTSTART:20310501T130000Z\r\n",
        "SUMMARY:Your visa: Line to take\r\n",
        "CATEGORIES:TLP:AMBER+STRICT\r\n",
    ] {
        assert!(mine.contains(line), "{line}: {mine}");
    }
    let page = house.get_in(&lena, "/calendar?mine=yes", "fr").await;
    for told in [
        "Votre visa\u{a0}: Line to take",
        "1er\u{a0}mai 2031",
        "vous attend",
    ] {
        assert!(page.contains(told), "{told}: {page}");
    }
    // Who asked sees the date too, and has nothing to do about it.
    assert!(
        file(&house, &eva)
            .await
            .contains("SUMMARY:Clearance wanted: Line to take")
    );
    let page = house.get(&eva, "/calendar?mine=yes").await.body;
    assert!(!page.contains("Clearance wanted"));
    // Given, it waits for the next.
    let given = "verdict-0=given&seen=2";
    let given = house.post(&lena, "/clearance/cases/1/visa/0", given).await;
    assert_eq!(given.status, StatusCode::SEE_OTHER);
    assert!(!file(&house, &lena).await.contains("Your visa"));
    assert!(
        file(&house, &sam)
            .await
            .contains("SUMMARY:Your signature: Line to take")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_end_of_a_silence_stands_in_the_calendar_and_is_hidden_with_its_record() {
    let house = House::new().await;
    let eva = house.person("Eva Holm", &[Role::Editor]).await;
    let lena = house.person("Lena Marsh", &[Role::Reader]).await;
    let paul = house.person("Paul Ode", &[Role::Reader]).await;
    let before = [
        house.get(&paul, "/calendar").await.body,
        file(&house, &paul).await,
    ];
    let few = [&eva, &lena].map(|one| Member::Person(one.id.clone()));
    house.write(&eva, Tlp::Red, &few).await;
    let open = format!(
        "record={NOTE}&aim=agree&tlp=RED&silence-until=2031-05-01T15:00&silence-zone=Europe/Paris&silence-of={}",
        lena.id
    );
    let opened = house.post(&eva, "/clearance/open", &open).await;
    assert_eq!(opened.headers["location"], "/clearance/cases/1");
    let mine = file(&house, &lena).await;
    for line in [
        "DTSTART:20310501T130000Z\r\n",
        "SUMMARY:Silence ends: Line to take\r\n",
        "CATEGORIES:TLP:RED\r\n",
    ] {
        assert!(mine.contains(line), "{line}: {mine}");
    }
    let page = house.get(&lena, "/calendar?mine=yes").await.body;
    assert!(
        page.contains("Silence ends: Line to take") && page.contains("1\u{a0}May\u{a0}2031, 15:00")
    );
    assert!(
        house
            .get_in(&eva, "/calendar", "fr")
            .await
            .contains("Fin du silence\u{a0}: Line to take")
    );
    // For somebody whom the record is not for it is as if there were nothing: to the byte.
    let after = [
        house.get(&paul, "/calendar").await.body,
        file(&house, &paul).await,
    ];
    assert_eq!(before, after);
}
