//! What a node says of itself before anybody asks: what to do first, what its administrators should look at, what auditors come for.

use axum::http::StatusCode;
use node::config::Config;
use node::health::{Found, Part};
use node::users::{NewUser, Once, Role};
use site::Settings;

use crate::stage::Stage;

/// The cookie of somebody with these roles.
async fn somebody(stage: &Stage, name: &str, roles: &[Role]) -> String {
    let operator = stage.node.at_terminal("tests");
    let new = NewUser {
        name: name.to_owned(),
        roles: roles.iter().copied().collect(),
        ..NewUser::default()
    };
    let id = stage.node.admit(new, &operator).await.unwrap();
    let code = stage.node.one_time(&id, Once::Link, &operator).await;
    stage.enter_by(&code.unwrap().path()).await
}

async fn page(stage: &Stage, cookie: &str, path: &str, lang: &str) -> String {
    let headers = [("cookie", cookie), ("accept-language", lang)];
    let answer = stage.get(path, &headers).await;
    assert_eq!(answer.status, StatusCode::OK, "{path}");
    answer.body.replace('\u{a0}', " ")
}

/// The part of a page between its head and its foot.
fn middle(page: &str) -> &str {
    page.split("<main").nth(1).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_administrator_alone_is_led_to_invite_a_second_person() {
    let stage = Stage::new();
    stage.node.complete_set_up().await.unwrap();
    let alone = somebody(&stage, "Ada", &[Role::Administrator]).await;
    for (lang, asked) in [
        ("en", "Invite a second person"),
        ("fr", "Inviter une deuxième personne"),
    ] {
        let home = page(&stage, &alone, "/", lang).await;
        let step = format!("<a href=\"/users/new\">{asked}</a>");
        assert!(middle(&home).contains(&step), "{home}");
    }
    let editor = somebody(&stage, "Edda", &[Role::Reader, Role::Editor]).await;
    for cookie in [&alone, &editor] {
        let home = page(&stage, cookie, "/", "en").await;
        assert!(!middle(&home).contains("/users/new"), "{home}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_auditor_is_led_to_the_trail_whether_there_are_records_or_none() {
    let stage = Stage::new();
    stage.node.complete_set_up().await.unwrap();
    let auditor = somebody(&stage, "Otto", &[Role::Auditor]).await;
    let reader = somebody(&stage, "Rhea", &[Role::Reader]).await;
    for records in [false, true] {
        if records {
            stage.note(1, "kingfisher", "AMBER", Vec::new());
        }
        for (lang, said) in [
            ("en", "lines were added to the audit trail since yesterday."),
            ("fr", "lignes ajoutées à la piste d’audit depuis hier."),
        ] {
            let home = page(&stage, &auditor, "/", lang).await;
            let home = middle(&home);
            assert!(
                home.contains("<a href=\"/audit\">") && home.contains(said),
                "{home}"
            );
            let home = page(&stage, &reader, "/", lang).await;
            assert!(!middle(&home).contains("/audit"), "{home}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn little_room_is_said_to_administrators_on_every_page() {
    // What others take and free on this disk meanwhile is nothing to judge the pages by: then it is measured anew.
    for _ in 0..20 {
        if little_room().await {
            return;
        }
    }
    panic!("this disk does not stand still for as long as a page takes");
}

fn room(stage: &Stage) -> Found {
    let mut found = stage.node.health().into_iter();
    found.find(|one| one.part == Part::Room).unwrap().found
}

/// Pages while there is little room, by a reserve that makes it little; whether there was little, before and after.
async fn little_room() -> bool {
    let free = match room(&Stage::new()) {
        Found::Enough(free) | Found::Little(free) | Found::NoRoom(free) => free,
        other => panic!("{other:?}"),
    };
    let mut config = Config::default();
    config.limits.reserve_bytes = free / 2;
    let stage = Stage::decided(Settings::default(), Some(config));
    let is_little = || matches!(room(&stage), Found::Little(_));
    if !is_little() {
        return false;
    }
    stage.node.complete_set_up().await.unwrap();
    let ada = somebody(&stage, "Ada", &[Role::Administrator]).await;
    let rhea = somebody(&stage, "Rhea", &[Role::Reader]).await;
    for (lang, said, little, units) in [
        (
            "en",
            "Look at this node: Room on the disk",
            "Little: ",
            ["MiB", "GiB"],
        ),
        (
            "fr",
            "Ce nœud appelle votre attention : Place sur le disque",
            "Peu : ",
            ["Mio", "Gio"],
        ),
    ] {
        let home = page(&stage, &ada, "/", lang).await;
        let peers = page(&stage, &ada, "/peers", lang).await;
        let health = page(&stage, &ada, "/status", lang).await;
        if !is_little() {
            return false;
        }
        assert!(
            home.matches(said).count() > 1,
            "both on home and in what needs them: {home}"
        );
        assert!(peers.contains(said), "{peers}");
        let told = health.split(little).nth(1).unwrap();
        let told = told.split("</span>").next().unwrap();
        assert!(units.iter().any(|unit| told.contains(unit)), "{told}");
        for path in ["/", "/peers"] {
            let other = page(&stage, &rhea, path, lang).await;
            assert!(!other.contains(said), "{other}");
        }
    }
    true
}
