//! One request and its answer: what servers send that is too much, too slow, not TAXII, or from elsewhere.

use std::time::Duration;

use taxii::client::{Client, Credentials, Error, Retry, Settings, SettingsError};
use tokio::io::AsyncWriteExt;

use crate::peer::{Peer, object, status, taxii};

#[tokio::test]
async fn resources_are_read_leniently() {
    let peer = Peer::answering(|asked| match asked.path.as_str() {
        "/taxii2/" => taxii(r#"{"title":"T","default":"/taxii2/root/","api_roots":["/taxii2/root/"]}"#),
        "/taxii2/root/" => taxii(r#"{"title":"R","versions":["application/taxii+json;version=2.1"],"max_content_length":"1000"}"#),
        "/taxii2/root/collections/" => taxii(r#"{"collections":[{"id":"a b/..","title":"C","can_read":"true","can_write":false},{"title":"nameless"},{"id":".."}]}"#),
        "/taxii2/root/collections/a%20b%2F../" => taxii(r#"{"id":"c","can_read":true,"can_write":true,"alias":"x"}"#),
        "/taxii2/root/collections/c/objects/o/versions/" => taxii(r#"{"versions":["1","2"]}"#),
        _ => status(404, r#"{"title":"none"}"#),
    })
    .await;
    let client = peer.client();
    let discovery = client.discovery().await.unwrap();
    assert_eq!(discovery.first_root(), Some("/taxii2/root/"));
    let root = client
        .api_root(discovery.first_root().unwrap())
        .await
        .unwrap();
    assert_eq!(root.max_content_length, Some(1_000));
    let collections = client.collections(&root).await.unwrap();
    assert_eq!(collections.len(), 1, "what cannot be named is left out");
    assert!(collections[0].can_read && !collections[0].can_write);
    let again = client.collection(&root, "a b/..").await.unwrap();
    assert_eq!(again.alias.as_deref(), Some("x"));
    assert_eq!(again.url, collections[0].url);
    let versions = client.versions(&peer.places().1, "o").await.unwrap();
    assert_eq!(versions, ["1", "2"]);
    assert!(client.collection(&root, "..").await.is_err());
    let accept = peer.asked.lock().unwrap()[0].headers["accept"].clone();
    assert_eq!(accept, "application/taxii+json;version=2.1");
    assert!(
        peer.asked.lock().unwrap()[0]
            .headers
            .contains_key("user-agent")
    );
}

#[tokio::test]
async fn each_refusal_is_told_apart() {
    type Check = fn(&Error) -> bool;
    let denied: Check = |error| matches!(error, Error::Denied(_));
    let absent: Check = |error| matches!(error, Error::Absent(_));
    let refused: Check = |error| matches!(error, Error::Refused(_));
    let failed: Check = |error| matches!(error, Error::Failed(_));
    let busy: Check = |error| matches!(error, Error::Busy { .. });
    for (code, check) in [
        (401, denied),
        (403, denied),
        (404, absent),
        (400, refused),
        (406, refused),
        (422, refused),
        (429, busy),
        (503, busy),
        (500, failed),
        (502, failed),
    ] {
        let peer = Peer::answering(move |_| {
            status(
                code,
                r#"{"title":"No\u202e\n","description":"because","error_id":"e1","http_status":"x"}"#,
            )
        })
        .await;
        let error = peer.client().discovery().await.unwrap_err();
        assert!(check(&error), "{code}: {error:?}");
        let text = error.to_string();
        assert!(
            text.contains(&format!("{code} \"No\" (because) [error id e1]")),
            "{text}"
        );
    }
    // A refusal in whatever language is a refusal all the same.
    let peer = Peer::answering(|_| {
        let mut response = status(401, &"<html>".repeat(100_000));
        response
            .headers_mut()
            .insert("content-type", "text/html".parse().unwrap());
        response
    })
    .await;
    assert!(matches!(
        peer.client().discovery().await,
        Err(Error::Denied(_))
    ));
    let peer = Peer::answering(|_| {
        let mut response = status(503, "{}");
        response
            .headers_mut()
            .insert("retry-after", "7".parse().unwrap());
        response
    })
    .await;
    let error = peer.client().discovery().await.unwrap_err();
    assert_eq!(error.retry(), Retry::Later(Some(Duration::from_secs(7))));
}

#[tokio::test]
async fn what_is_not_taxii_is_said_to_be_something_else() {
    for (media, coding) in [
        ("text/html; charset=utf-8", None),
        ("application/taxii+json;version=2.0", None),
        ("application/json", Some("gzip")),
    ] {
        let peer = Peer::answering(move |_| {
            let mut response = taxii("{}");
            let headers = response.headers_mut();
            headers.insert("content-type", media.parse().unwrap());
            if let Some(coding) = coding {
                headers.insert("content-encoding", coding.parse().unwrap());
            }
            response
        })
        .await;
        let found = peer.client().discovery().await;
        assert!(
            matches!(found, Err(Error::NotTaxii { .. })),
            "{media}: {found:?}"
        );
    }
    let peer = Peer::answering(|_| taxii(r#"{"title":"old","versions":["taxii-2.0"]}"#)).await;
    let found = peer.client().api_root("/taxii2/root/").await;
    assert!(matches!(found, Err(Error::NotTaxii { .. })), "{found:?}");
    let deep = format!("{}1{}", "{\"a\":".repeat(100_000), "}".repeat(100_000));
    let peer = Peer::answering(move |_| taxii(deep.clone())).await;
    assert!(matches!(
        peer.client().discovery().await,
        Err(Error::Unreadable(_))
    ));
}

#[tokio::test]
async fn an_answer_is_counted_while_it_is_read() {
    // Announced too large; without an announcement; an announcement that is not kept.
    let object = object(1);
    for (head, chunked) in [
        ("content-length: 3000000\r\n", false),
        ("transfer-encoding: chunked\r\n", true),
        ("connection: close\r\n", false),
    ] {
        let object = object.clone();
        let peer = Peer::writing(move |mut stream| {
            let object = object.clone();
            async move {
                let head = format!(
                    "HTTP/1.1 200 OK\r\ncontent-type: application/taxii+json;version=2.1\r\n{head}\r\n"
                );
                stream.write_all(head.as_bytes()).await.unwrap();
                let piece = format!("{object},").repeat(10);
                for n in 0..100_000 {
                    let data = if n == 0 { "{\"objects\":[".to_owned() } else { piece.clone() };
                    let data = if chunked {
                        format!("{:x}\r\n{data}\r\n", data.len())
                    } else {
                        data
                    };
                    if stream.write_all(data.as_bytes()).await.is_err() {
                        break;
                    }
                }
            }
        })
        .await;
        let mut settings = peer.settings();
        settings.limits.page_bytes = 1 << 20;
        let client = Client::new(&settings).unwrap();
        let mut pull = client.pull(&peer.places().1, Default::default(), Default::default());
        assert_eq!(
            pull.next().await,
            Err(Error::TooLarge { limit: 1 << 20 }),
            "{head}"
        );
    }
    let peer = Peer::writing(|mut stream| async move {
        let answer =
            "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{}";
        stream.write_all(answer.as_bytes()).await.unwrap();
    })
    .await;
    assert!(matches!(
        peer.client().discovery().await,
        Err(Error::Unreachable(_))
    ));
}

#[tokio::test]
async fn an_answer_has_to_keep_coming() {
    let head =
        "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 100000\r\n\r\n";
    // Nothing at all; a head and then nothing; a byte now and then.
    for (name, with_head, pause) in [
        ("silence", false, None),
        ("a head", true, None),
        ("a drip", true, Some(Duration::from_millis(20))),
    ] {
        let peer = Peer::writing(move |mut stream| async move {
            if with_head {
                stream.write_all(head.as_bytes()).await.unwrap();
            }
            match pause {
                None => std::future::pending::<()>().await,
                Some(pause) => loop {
                    if stream.write_all(b" ").await.is_err() {
                        break;
                    }
                    tokio::time::sleep(pause).await;
                },
            }
        })
        .await;
        let mut settings = peer.settings();
        settings.limits.head = Duration::from_millis(200);
        settings.limits.idle = Duration::from_millis(200);
        settings.limits.patience = Duration::from_millis(200);
        settings.limits.request = Duration::from_secs(20);
        let client = Client::new(&settings).unwrap();
        let found = client.discovery().await;
        assert!(matches!(found, Err(Error::TooSlow(_))), "{name}: {found:?}");
        // The whole request has its bound as well.
        settings.limits.patience = Duration::from_secs(60);
        settings.limits.request = Duration::from_millis(300);
        settings.limits.head = Duration::from_secs(60);
        settings.limits.idle = Duration::from_secs(60);
        let client = Client::new(&settings).unwrap();
        let found = client.discovery().await;
        assert!(matches!(found, Err(Error::TooSlow(_))), "{name}: {found:?}");
    }
}

#[tokio::test]
async fn a_redirect_is_followed_within_its_origin_only() {
    let elsewhere = Peer::answering(|_| taxii("{}")).await;
    let target = elsewhere.url();
    let peer = Peer::answering(move |asked| {
        let to = match asked.path.as_str() {
            "/taxii2/" => "/moved/",
            "/moved/" => return taxii(r#"{"title":"here"}"#),
            "/taxii2/away/" => target.as_str(),
            "/taxii2/user/" => "http://user@127.0.0.1/",
            "/taxii2/loop/" => "/taxii2/loop/",
            "/taxii2/file/" => "file:///etc/passwd",
            _ => "/taxii2/",
        };
        let mut response = status(302, "");
        let headers = response.headers_mut();
        headers.insert("location", to.parse().unwrap());
        response
    })
    .await;
    let mut settings = peer.settings();
    settings.credentials = Credentials::Bearer("secret".to_owned());
    let client = Client::new(&settings).unwrap();
    let discovery = client.discovery().await.unwrap();
    assert_eq!(discovery.title.as_deref(), Some("here"));
    for path in ["away/", "user/", "loop/", "file/"] {
        let found = client.api_root(path).await;
        assert!(
            matches!(found, Err(Error::Elsewhere { .. })),
            "{path}: {found:?}"
        );
    }
    // What discovery names on another server is not asked.
    for address in [
        elsewhere.url(),
        "//127.0.0.1:1/x/".to_owned(),
        "https://127.0.0.1/".to_owned(),
    ] {
        let found = client.api_root(&address).await;
        assert!(matches!(found, Err(Error::Elsewhere { .. })), "{address}");
    }
    assert_eq!(elsewhere.count(), 0);
    // Nothing but a GET is sent on.
    let (root, collection) = peer.places();
    let delivery = client.add(&root, &collection, [object(1).as_bytes()]).await;
    assert!(matches!(delivery.stopped, Some(Error::Elsewhere { .. })));
    let found = client.delete(&collection, "x", None).await;
    assert!(matches!(found, Err(Error::Elsewhere { .. })));
}

#[tokio::test]
async fn credentials_go_where_they_belong_and_are_never_shown() {
    for (credentials, expected) in [
        (Credentials::None, None),
        (
            Credentials::Basic {
                user: "u".to_owned(),
                password: "p:é".to_owned(),
            },
            Some("Basic dTpwOsOp"),
        ),
        (Credentials::Bearer("t0k".to_owned()), Some("Bearer t0k")),
    ] {
        let peer = Peer::answering(|_| taxii("{}")).await;
        let mut settings = peer.settings();
        settings.credentials = credentials;
        let client = Client::new(&settings).unwrap();
        client.discovery().await.unwrap();
        let asked = peer.asked.lock().unwrap()[0].clone();
        let found = asked
            .headers
            .get("authorization")
            .map(|value| value.to_str().unwrap());
        assert_eq!(found, expected);
        let shown = format!("{settings:?} {client:?}");
        assert!(!shown.contains("t0k") && !shown.contains("p:é"), "{shown}");
    }
}

#[test]
fn settings_that_cannot_work_are_refused_before_anything_is_sent() {
    let with = |address: &str, credentials: Credentials| {
        let mut settings = Settings::new(address);
        settings.credentials = credentials;
        Client::new(&settings).map(|_| ())
    };
    for address in [
        "",
        "node.example",
        "ftp://x/",
        "http://u:p@127.0.0.1/",
        "file:///x",
        "http://",
    ] {
        let found = with(address, Credentials::None);
        assert!(matches!(found, Err(SettingsError::Address(_))), "{address}");
    }
    let token = || Credentials::Bearer("t".to_owned());
    assert!(matches!(
        with("http://node.example/", token()),
        Err(SettingsError::PlainText(_))
    ));
    for address in [
        "http://127.0.0.1:1/",
        "http://[::1]:1/",
        "http://localhost/",
        "https://node.example/",
    ] {
        assert_eq!(with(address, token()), Ok(()), "{address}");
    }
    for credentials in [
        Credentials::Bearer("a\nb".to_owned()),
        Credentials::Basic {
            user: "a:b".to_owned(),
            password: String::new(),
        },
    ] {
        let found = with("https://node.example/", credentials);
        assert!(matches!(found, Err(SettingsError::Credentials(_))));
    }
}

#[tokio::test]
async fn nobody_there_is_worth_another_try() {
    let free = std::net::TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    let client = Client::new(&Settings::new(format!("http://{free}/taxii2/"))).unwrap();
    let error = client.discovery().await.unwrap_err();
    assert!(matches!(error, Error::Unreachable(_)), "{error:?}");
    assert_eq!(error.retry(), Retry::Later(None));
}
