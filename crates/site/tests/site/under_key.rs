//! The page of what came under a revoked key: for administrators, each of what they may see; to everybody else, and of a key that was not
//! revoked, it is not there.

use axum::http::StatusCode;
use node::keys::{Use, Why};
use node::users::{NewUser, Once, Role};
use policy::Member;

use crate::stage::Stage;

/// Somebody with one role; the cookie.
async fn with(stage: &Stage, role: Role) -> String {
    let operator = stage.node.at_terminal("tests");
    let new = NewUser {
        name: format!("{role} {}", stage.node.now()),
        roles: [role].into_iter().collect(),
        ..NewUser::default()
    };
    let id = stage.node.admit(new, &operator).await.unwrap();
    let code = stage.node.one_time(&id, Once::Link, &operator).await;
    stage.enter_by(&code.unwrap().path()).await
}

/// A node with a record for its people and one for a person who doesn't sign in, and the address of the page of its seal key.
async fn stolen(since: impl FnOnce(&Stage) -> i64) -> (Stage, String) {
    let stage = Stage::new();
    stage.node.complete_set_up().await.unwrap();
    let somebody = "identity--00000000-0000-4000-8000-0000000000f1";
    let somebody = Member::Person(somebody.parse().unwrap());
    stage.note(1, "in whose hands", "AMBER+STRICT", Vec::new());
    stage.note(2, "a canary for one alone", "RED", vec![somebody]);
    let home = stage.node.home().id.clone();
    let key = stage.node.bindings_of(&home).unwrap()[0].key.clone();
    let path = format!("/participants/{home}/keys/{key}");
    let cookie = with(&stage, Role::Administrator).await;
    let known = stage.get(&path, &[("cookie", &cookie)]).await;
    assert_eq!(known.status, StatusCode::NOT_FOUND, "nobody revoked it");
    let since = since(&stage);
    tokio::task::block_in_place(|| stage.node.revoke_key(Use::Seal, Why::Stolen, since, &[]))
        .unwrap();
    (stage, path)
}

#[tokio::test(flavor = "multi_thread")]
async fn administrators_see_what_they_may_of_what_came_under_it() {
    let (stage, path) = stolen(|_| 0).await;
    for role in Role::ALL {
        let cookie = with(&stage, role).await;
        let page = stage.get(&path, &[("cookie", &cookie)]).await;
        let declared = match role {
            Role::Administrator => StatusCode::OK,
            _ => StatusCode::FORBIDDEN,
        };
        assert_eq!(page.status, declared, "{role}");
        assert!(!page.body.contains("canary"), "{role}: {}", page.body);
        // Administering alone shows no record.
        assert!(!page.body.contains("in whose hands"), "{role}");
    }
    let nobody = stage.get(&path, &[]).await;
    assert_eq!(nobody.status, StatusCode::UNAUTHORIZED);
    // The page says of which key, shows the label, and leads to each record; the key's owner leads there.
    let cookie = stage.enter(None).await;
    let headers = [("cookie", cookie.as_str()), ("accept-language", "fr")];
    let page = stage.get(&path, &headers).await.body;
    let (owner, key) = path.split_once("/keys/").unwrap();
    assert!(
        page.contains(key) && page.contains("in whose hands"),
        "{page}"
    );
    assert!(!page.contains("canary"), "{page}");
    assert!(page.contains("TLP:AMBER+STRICT"), "{page}");
    assert!(
        page.contains("href=\"/records/note--00000000-0000-4000-8000-000000000001\""),
        "{page}"
    );
    let owner = stage.get(owner, &headers).await.body;
    assert!(owner.contains(&format!("href=\"{path}\"")), "{owner}");
    // Another key, another participant, no id at all: not there, and all the same.
    let absent = stage.get("/participants/x/keys/x", &headers).await;
    assert_eq!(absent.status, StatusCode::NOT_FOUND);
    let other = "/participants/identity--00000000-0000-4000-8000-0000000000aa";
    for gone in [
        format!("{path}0"),
        format!("{other}/keys/{key}"),
        format!("{}/keys/x", path.split_once("/keys/").unwrap().0),
    ] {
        let page = stage.get(&gone, &headers).await;
        assert_eq!(
            (page.status, &page.body),
            (absent.status, &absent.body),
            "{gone}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn where_nothing_came_since_it_says_so() {
    let (stage, path) = stolen(|stage| stage.node.now()).await;
    let cookie = stage.enter(None).await;
    let headers = [("cookie", cookie.as_str()), ("accept-language", "en")];
    let page = stage.get(&path, &headers).await.body;
    assert!(page.contains("Nothing here came under it since"), "{page}");
    assert!(!page.contains("in whose hands"), "{page}");
}
