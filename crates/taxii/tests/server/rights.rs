//! Rule 47 and the table of rights: what each access sees of each collection.

use http::StatusCode;
use node::NewAccess;

use crate::stage::{SITUATION, Stage, basic, envelope, is, tool};

#[tokio::test]
async fn r47_collections_say_what_an_access_may_do() {
    let stage = Stage::new().await;
    let (situation, norms) = (stage.id_of("situation"), stage.id_of("norms"));
    for (who, expected) in [
        ("both", vec![(&norms, true, true), (&situation, true, true)]),
        ("reader", vec![(&situation, true, false)]),
        ("writer", vec![(&situation, false, true)]),
        ("stranger", vec![(&norms, true, false)]),
    ] {
        let listing = stage.get(who, "/taxii2/root/collections/").await.json();
        let found: Vec<_> = listing["collections"]
            .as_array()
            .unwrap()
            .iter()
            .map(|one| {
                assert_eq!(one["media_types"][0], "application/stix+json;version=2.1");
                let id = one["id"].as_str().unwrap().to_owned();
                (
                    id,
                    one["can_read"].as_bool().unwrap(),
                    one["can_write"].as_bool().unwrap(),
                )
            })
            .collect();
        let expected: Vec<_> = expected
            .into_iter()
            .map(|(id, r, w)| (id.clone(), r, w))
            .collect();
        assert_eq!(found, expected, "{who}");
        for (id, ..) in &expected {
            let one = stage
                .get(who, &format!("/taxii2/root/collections/{id}/"))
                .await
                .json();
            assert_eq!(one["id"], **id);
            let alias = one["alias"].as_str().unwrap();
            let same = stage
                .get(who, &format!("/taxii2/root/collections/{alias}/"))
                .await
                .json();
            assert_eq!(same, one);
        }
    }
}

#[tokio::test]
async fn r47_each_right_opens_what_it_says_and_nothing_else() {
    let stage = Stage::new().await;
    stage.put(&[1, 2, 3, 4], &[tool(1)]).await;
    let objects = format!("{SITUATION}objects/");
    let body = envelope(&[tool(2)]);
    for (who, get, post) in [
        ("both", 200, 202),
        ("reader", 200, 403),
        ("writer", 403, 202),
        ("stranger", 404, 404),
    ] {
        for path in [&objects, &format!("{SITUATION}manifest/")] {
            assert_eq!(stage.get(who, path).await.status, get, "{who} {path}");
        }
        let one = format!("{objects}{}/", crate::stage::tool_id(1));
        assert_eq!(stage.get(who, &one).await.status, get, "{who}");
        assert_eq!(
            stage.get(who, &format!("{one}versions/")).await.status,
            get,
            "{who}"
        );
        assert_eq!(stage.post(who, &objects, &body).await.status, post, "{who}");
    }
    // What a program added, it reads back where it may read.
    is(
        &stage
            .get("both", &format!("{objects}{}/", crate::stage::tool_id(2)))
            .await,
        StatusCode::OK,
    );
}

#[tokio::test]
async fn discovery_names_the_one_root() {
    let stage = Stage::new().await;
    let discovery = stage.get("stranger", "/taxii2/").await.json();
    assert_eq!(discovery["title"], "Ministry of Valmora");
    assert_eq!(discovery["default"], discovery["api_roots"][0]);
    let root = stage
        .get("stranger", discovery["default"].as_str().unwrap())
        .await
        .json();
    assert_eq!(root["versions"][0], "application/taxii+json;version=2.1");
    assert_eq!(root["max_content_length"], 10_485_760);
}

#[tokio::test]
async fn a_page_that_was_just_read_is_not_given_when_something_has_changed() {
    let stage = Stage::new().await;
    stage.put(&[1], &[tool(1)]).await;
    let page = format!("{SITUATION}objects/");
    let first = stage.get("both", &page).await.json();
    assert_eq!(stage.get("both", &page).await.json(), first);
    stage.put(&[1], &[tool(2)]).await;
    let count = |page: &serde_json::Value| page["objects"].as_array().unwrap().len();
    assert_eq!(count(&first), 1);
    assert_eq!(count(&stage.get("both", &page).await.json()), 2);
    assert_eq!(
        stage.get("stranger", &page).await.status,
        StatusCode::NOT_FOUND
    );
}

#[tokio::test]
async fn what_is_read_by_name_counts_as_taken_and_nothing_beside_it() {
    let stage = Stage::new().await;
    stage.put(&[2], &[tool(1), tool(2), tool(3), tool(4)]).await;
    let objects = format!("{SITUATION}objects/");
    let named = |n| crate::stage::tool_id(n);
    // Twice, so that the second is a page remembered, and is noted like the first.
    for _ in 0..3 {
        is(
            &stage
                .get("reader", &format!("{objects}{}/", named(3)))
                .await,
            StatusCode::OK,
        );
    }
    let two = format!("{objects}?match[id]={},{}", named(2), named(4));
    is(&stage.get("reader", &two).await, StatusCode::OK);
    let node = &stage.host.node;
    if let Some(written) = node.write_ledger() {
        written.await.unwrap();
    }
    let times = |n| {
        let id = stix::ObjectId::parse(&named(n)).unwrap();
        let lines = node.takers(&id).unwrap();
        lines.iter().map(|line| line.records).sum::<i64>()
    };
    assert_eq!([1, 2, 3, 4].map(times), [0, 2, 3, 2]);
}

#[tokio::test]
async fn whoever_guesses_is_told_to_come_later_and_others_come_in_meanwhile() {
    let stage = Stage::new().await;
    let ask = async |name: &str, secret: &str| {
        let credentials = basic(name, secret);
        let shown = [("authorization", &*credentials)];
        stage.ask("GET", "", "/taxii2/", &shown, "").await
    };
    // A name that there is, and one that there is not: the same answers.
    for name in ["both", "nobody"] {
        for wrong in 0..10 {
            let answer = ask(name, &format!("guess {wrong}")).await;
            let status = match wrong < 6 {
                true => StatusCode::UNAUTHORIZED,
                false => StatusCode::TOO_MANY_REQUESTS,
            };
            is(&answer, status);
            let after = answer.header("retry-after");
            assert_eq!(after.is_empty(), wrong < 6, "{name} {wrong}: {after}");
        }
    }
    is(&ask("both", stage.secret("both")).await, StatusCode::OK);
}

#[tokio::test]
async fn a_name_that_is_nobodys_takes_as_long_as_one_that_is_somebodys() {
    let stage = Stage::new().await;
    let time = |name: &str| {
        let name = name.to_owned();
        let shown = node::Credentials::Basic {
            name,
            secret: "wrong horse".to_owned(),
        };
        let begun = std::time::Instant::now();
        assert!(stage.host.node.authenticate(&shown).unwrap().is_none());
        begun.elapsed()
    };
    let chosen = NewAccess {
        name: "chosen".to_owned(),
        participant: crate::stage::organ(1).to_string(),
        read: vec!["situation".to_owned()],
        secret: Some("correct horse".to_owned()),
        ..NewAccess::default()
    };
    let by = stage.host.node.at_terminal("tests");
    let granted = stage.host.node.add_access(chosen, &by).unwrap();
    drop(granted.await.unwrap());
    let slow = (0..3).map(|_| time("chosen")).min().unwrap();
    for name in ["nobody", "both"] {
        let took = (0..3).map(|_| time(name)).min().unwrap();
        assert!(took * 4 > slow, "{name}: {took:?} against {slow:?}");
    }
}
