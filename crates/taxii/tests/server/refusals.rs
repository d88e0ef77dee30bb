//! Rules 7 to 12: the error resource, credentials, and what does not exist.

use std::time::{Duration, Instant};

use http::StatusCode;

use crate::stage::{SITUATION, Stage, TAXII, basic, is, tool};

#[tokio::test]
async fn r07_errors_say_what_was_wrong_and_what_to_do() {
    let stage = Stage::new().await;
    for path in [
        "/taxii2/nowhere/".to_owned(),
        format!("{SITUATION}objects/?limit=0"),
        format!("{SITUATION}objects/?next=x"),
    ] {
        let answer = stage.get("both", &path).await;
        let error = answer.json();
        assert_eq!(error["http_status"], answer.status.to_string(), "{path}");
        assert!(!error["title"].as_str().unwrap().is_empty(), "{path}");
        assert!(!error["description"].as_str().unwrap().is_empty(), "{path}");
    }
    *stage.host.broken.lock().unwrap() = true;
    let answer = stage.get("both", &format!("{SITUATION}objects/")).await;
    is(&answer, StatusCode::INTERNAL_SERVER_ERROR);
    let error = answer.json();
    assert!(!error["error_id"].as_str().unwrap().is_empty());
    assert!(
        !answer.body.contains("disk"),
        "causes are logged, not shown: {}",
        answer.body
    );
    let again = stage
        .get("both", &format!("{SITUATION}objects/"))
        .await
        .json();
    assert_ne!(again["error_id"], error["error_id"]);
}

#[tokio::test]
async fn r08_r09_without_good_credentials_everything_is_401_and_says_how_to_come_in() {
    let stage = Stage::new().await;
    let good = stage.basic("both");
    let duplicate = format!(
        "GET {SITUATION} HTTP/1.1\r\nhost: x\r\nconnection: close\r\nauthorization: {good}\r\nauthorization: {good}\r\n\r\n"
    );
    let answer = stage.raw(duplicate.as_bytes()).await;
    is(&answer, StatusCode::UNAUTHORIZED);
    for credentials in [
        "",
        "Basic",
        "Basic !!!",
        "Basic bm90YWNvbG9u",
        "Bearer",
        "Bearer wrong",
        "Digest username=x",
        &basic("both", "wrong horse"),
        &basic("", ""),
        &basic("nobody", stage.secret("both")),
    ] {
        for path in [
            "/taxii2/",
            "/taxii2/nowhere/",
            SITUATION,
            "/taxii2/root/collections/hidden/objects/",
        ] {
            let answer = stage
                .ask("GET", "", path, &[("authorization", credentials)], "")
                .await;
            is(&answer, StatusCode::UNAUTHORIZED);
            let ways = answer.header("www-authenticate");
            assert!(ways.contains("realm=\"entente\""), "{credentials}: {ways}");
            assert!(answer.header("location").is_empty());
            assert!(answer.body.contains("entente access add"));
        }
    }
    let bearer = [(
        "authorization",
        &*format!("bearer {}", stage.secret("both")),
    )];
    is(
        &stage.ask("GET", "", SITUATION, &bearer, "").await,
        StatusCode::OK,
    );
}

#[tokio::test]
async fn r10_credentials_are_verified_once() {
    let stage = Stage::new().await;
    for _ in 0..5 {
        is(&stage.get("both", "/taxii2/").await, StatusCode::OK);
    }
    assert_eq!(*stage.host.verified.lock().unwrap(), 1);
}

#[tokio::test]
async fn r12_what_is_unknown_is_404_whatever_its_form() {
    let stage = Stage::new().await;
    stage.put(&[1], &[tool(1)]).await;
    let long = "x".repeat(5_000);
    let mut bodies = std::collections::BTreeSet::new();
    for path in [
        "/taxii2/nowhere/".to_owned(),
        "/taxii2/root/nowhere/".to_owned(),
        "/taxii2/root/status/x/".to_owned(),
        "/taxii2/root/status/2d086da7-4bdc-4f91-900e-ffffffffffff/".to_owned(),
        "/taxii2/root/collections/x/".to_owned(),
        "/taxii2/root/collections/91a7b528-80eb-42ed-a74d-c6fbd5a26116/objects/".to_owned(),
        "/taxii2/root/collections/%2e%2e/manifest/".to_owned(),
        "/taxii2/root/collections/%00/objects/".to_owned(),
        "/taxii2/root/collections/%ff/objects/".to_owned(),
        "/taxii2/root/collections/'%20or%201=1/objects/".to_owned(),
        format!("/taxii2/root/collections/{long}/objects/"),
        format!("{SITUATION}objects/x/"),
        format!("{SITUATION}objects/tool--x/"),
        format!("{SITUATION}objects/tool--00000000-0000-4000-8000-000000000009/"),
        format!("{SITUATION}objects/tool--00000000-0000-4000-8000-000000000009/versions/"),
        format!(
            "{SITUATION}objects/tool--00000000-0000-4000-8000-000000000009/?match[spec_version]=9"
        ),
        format!("{SITUATION}objects/{long}/versions/"),
        "/taxii2//".to_owned(),
        "/taxii2/root/collections//objects/".to_owned(),
    ] {
        let answer = stage.get("both", &path).await;
        is(&answer, StatusCode::NOT_FOUND);
        bodies.insert(answer.body);
    }
    assert_eq!(bodies.len(), 1, "all the same, to the byte");
}

#[tokio::test]
async fn r18_r19_bodies_are_counted_while_they_come_and_have_to_keep_coming() {
    let bounds = taxii::server::Bounds {
        body_bytes: 20_000,
        body_idle: Duration::from_millis(150),
        body_time: Duration::from_millis(600),
        ..Default::default()
    };
    let stage = Stage::with(bounds).await;
    let head = |more: &str| {
        format!(
            "POST {SITUATION}objects/ HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-type: {TAXII}\r\nauthorization: {}\r\n{more}\r\n",
            stage.basic("both")
        )
    };
    // Announced too large: refused before it is read.
    let answer = stage
        .raw(head("content-length: 20001\r\n").as_bytes())
        .await;
    is(&answer, StatusCode::PAYLOAD_TOO_LARGE);
    assert!(answer.body.contains("20000 bytes"), "{}", answer.body);
    // No announcement: counted.
    let mut chunked = head("transfer-encoding: chunked\r\n").into_bytes();
    for _ in 0..30 {
        chunked.extend_from_slice(format!("400\r\n{}\r\n", " ".repeat(1_024)).as_bytes());
    }
    is(&stage.raw(&chunked).await, StatusCode::PAYLOAD_TOO_LARGE);
    // Exactly as much as is allowed is not too much, chunked or not.
    let body = format!("{:<20000}", crate::stage::envelope(&[tool(1)]));
    let mut whole = head("content-length: 20000\r\n").into_bytes();
    whole.extend_from_slice(body.as_bytes());
    is(&stage.raw(&whole).await, StatusCode::ACCEPTED);
    let mut chunked = head("transfer-encoding: chunked\r\n").into_bytes();
    chunked.extend_from_slice(format!("4e20\r\n{body}\r\n0\r\n\r\n").as_bytes());
    is(&stage.raw(&chunked).await, StatusCode::ACCEPTED);
    // Announced and not sent; sent drop by drop.
    let began = Instant::now();
    let answer = stage.raw(head("content-length: 100\r\n").as_bytes()).await;
    is(&answer, StatusCode::REQUEST_TIMEOUT);
    let mut stream = tokio::net::TcpStream::connect(stage.address).await.unwrap();
    use tokio::io::AsyncWriteExt as _;
    stream
        .write_all(head("content-length: 1000\r\n").as_bytes())
        .await
        .unwrap();
    let (mut reader, mut writer) = stream.into_split();
    let drip = tokio::spawn(async move {
        while writer.write_all(b" ").await.is_ok() {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    });
    let mut answer = Vec::new();
    let _ = tokio::io::AsyncReadExt::read_to_end(&mut reader, &mut answer).await;
    assert!(
        answer.starts_with(b"HTTP/1.1 408"),
        "{}",
        String::from_utf8_lossy(&answer)
    );
    drip.abort();
    assert!(began.elapsed() < Duration::from_secs(5));
}

#[tokio::test]
async fn one_access_cannot_take_all_places_for_bodies() {
    let bounds = taxii::server::Bounds {
        bodies_at_once: 2,
        ..Default::default()
    };
    let stage = Stage::with(bounds).await;
    use tokio::io::AsyncWriteExt as _;
    let head = format!(
        "POST {SITUATION}objects/ HTTP/1.1\r\nhost: x\r\nexpect: 100-continue\r\ncontent-type: {TAXII}\r\nauthorization: {}\r\ncontent-length: 100\r\n\r\n",
        stage.basic("both")
    );
    let mut held = Vec::new();
    for _ in 0..2 {
        let mut stream = tokio::net::TcpStream::connect(stage.address).await.unwrap();
        stream.write_all(head.as_bytes()).await.unwrap();
        // The server asks for the body: it has begun to read.
        let mut line = [0; 12];
        tokio::io::AsyncReadExt::read_exact(&mut stream, &mut line)
            .await
            .unwrap();
        assert_eq!(&line, b"HTTP/1.1 100");
        held.push(stream);
    }
    let path = format!("{SITUATION}objects/");
    let body = crate::stage::envelope(&[tool(1)]);
    is(
        &stage.post("both", &path, &body).await,
        StatusCode::TOO_MANY_REQUESTS,
    );
    is(
        &stage.post("second", &path, &body).await,
        StatusCode::ACCEPTED,
    );
}
