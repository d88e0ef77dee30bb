//! What comes back from the provider left from here, once; and whom it names is bound here, by themselves or by an administrator.

use axum::http::StatusCode;
use node::config::OpenId;
use serde_json::json;

use super::{DOWN, House, TOKEN, USELESS};
use crate::provider::Manner;

#[tokio::test(flavor = "multi_thread")]
async fn what_comes_back_left_from_here_once() {
    let house = House::new(OpenId::default()).await;
    house.bind("berthe-7").await;
    let (question, cookies) = house.go("/sign-in/openid", "").await.ok().unwrap();
    assert_eq!(question["code_challenge_method"], "S256");
    assert_eq!(
        question["redirect_uri"],
        "http://node.test/sign-in/openid/back"
    );
    let query = format!("code=c&state={}", question["state"]);
    for (query, cookies) in [
        (query.as_str(), ""),
        (query.as_str(), "entente-openid=stolen"),
        ("code=c&state=guessed", cookies.as_str()),
        ("code=c", cookies.as_str()),
        ("", ""),
    ] {
        let lost = house.back(query, cookies).await;
        assert_eq!(lost.status, StatusCode::FORBIDDEN);
        assert!(
            lost.body.contains("in another browser"),
            "{query}: {}",
            lost.body
        );
    }
    let entered = house.back(&query, &cookies).await;
    assert_eq!(entered.status, StatusCode::SEE_OTHER, "{}", entered.body);
    let again = house.back(&query, &cookies).await;
    assert!(again.body.contains("has come back already"), "replayed");
    for (more, said) in [
        ("error=access_denied", "did not let you in"),
        ("error=temporarily_unavailable", DOWN),
        ("error=invalid_scope", USELESS),
        ("code=c&iss=https%3A%2F%2Fid.evil.test", TOKEN),
    ] {
        let (question, cookies) = house.go("/sign-in/openid", "").await.ok().unwrap();
        let query = format!("{more}&state={}", question["state"]);
        let answer = house.back(&query, &cookies).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{more}");
        assert!(answer.body.contains(said), "{more}: {}", answer.body);
        let again = house.back(&query, &cookies).await;
        assert!(again.body.contains("has come back already"), "{more}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_binds_themselves_and_roles_stay_ours() {
    let house = House::new(OpenId {
        by_email: true,
        ..OpenId::default()
    })
    .await;
    let stage = &house.stage;
    let me = stage.enter(None).await;
    let (question, cookies) = house.go("/account/openid", &me).await.ok().unwrap();
    assert_eq!(question["scope"], "openid email");
    let query = format!("code=c&state={}", question["state"]);
    let bound = house.back(&query, &cookies).await;
    assert_eq!(
        bound.status,
        StatusCode::OK,
        "recovery codes come along: {}",
        bound.body
    );
    assert!(bound.body.contains("Recovery codes"));
    // What the token says of roles is nothing to us.
    house.behave(Manner {
        claims: json!({ "roles": ["administrator"], "groups": ["admin"] }),
        ..Manner::default()
    });
    let entered = house.round().await;
    assert_eq!(entered.status, StatusCode::SEE_OTHER);
    let cookie = entered.headers["set-cookie"]
        .to_str()
        .unwrap()
        .split(';')
        .next()
        .unwrap()
        .to_owned();
    let account = stage.get("/account", &[("cookie", &cookie)]).await.body;
    assert!(
        account.contains("Through a provider of identities"),
        "{account}"
    );

    // Somebody else who is known by a verified address; an address that is only said is none.
    let operator = stage.node.at_terminal("tests");
    let other = node::users::NewUser {
        name: "Berthe Ormont".into(),
        email: Some("berthe@arland.example".into()),
        roles: [node::Role::Reader].into_iter().collect(),
        ..node::users::NewUser::default()
    };
    let berthe = stage.node.admit(other, &operator).await.unwrap();
    let mail = |verified: bool| Manner {
        claims: json!({ "sub": "b-9", "email": "Berthe@Arland.example", "email_verified": verified }),
        ..Manner::default()
    };
    house.behave(mail(false));
    assert!(house.round().await.body.contains("b-9"));
    house.behave(mail(true));
    let entered = house.round().await;
    assert_eq!(entered.status, StatusCode::SEE_OTHER);
    let cookie = entered.headers["set-cookie"]
        .to_str()
        .unwrap()
        .split(';')
        .next()
        .unwrap()
        .to_owned();
    let users = stage.get("/users", &[("cookie", &cookie)]).await;
    assert_eq!(
        users.status,
        StatusCode::FORBIDDEN,
        "a reader is no administrator"
    );

    // One subject is one person; what an administrator takes away is over at once.
    let admin = stage.enter(None).await;
    let path = format!("/users/{}", berthe.uuid());
    let taken = stage
        .post(&format!("{path}/openid"), &admin, "subject=berthe-7")
        .await;
    assert_eq!(taken.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(taken.body.contains("bound to somebody here already"));
    let page = stage.get(&path, &[("cookie", &admin)]).await.body;
    let at = page.find("name=\"number\" value=\"").unwrap() + 21;
    let number = page[at..].split('"').next().unwrap();
    let dropped = stage
        .post(
            &format!("{path}/openid/drop"),
            &admin,
            &format!("number={number}"),
        )
        .await;
    assert_eq!(dropped.status, StatusCode::SEE_OTHER, "{}", dropped.body);
    let out = stage.get("/account", &[("cookie", &cookie)]).await;
    assert_eq!(out.status, StatusCode::UNAUTHORIZED);
    // And stays over: the address that bound them first does not do it again.
    let again = house.round().await;
    assert!(again.body.contains("b-9"), "{}", again.body);
}
