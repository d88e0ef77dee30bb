//! Rules 1 to 6: media types, methods, and that nothing is listed empty.

use http::StatusCode;

use crate::stage::{SITUATION, Stage, TAXII, envelope, is, tool};

#[tokio::test]
async fn r01_r02_what_http_can_say_is_understood() {
    let stage = Stage::new().await;
    for (accept, status) in [
        (None, 200),
        (Some("application/taxii+json"), 200),
        (Some("application/taxii+json;version=2.1"), 200),
        (Some("application/taxii+json ; version=\"2.1\""), 200),
        (Some("APPLICATION/TAXII+JSON;VERSION=2.1"), 200),
        (Some("text/html, application/*;q=0.2"), 200),
        (Some("*/*"), 200),
        (Some("application/taxii+json;version=9.9"), 406),
        (Some("application/taxii+json;version=2.1;q=0"), 406),
        (Some("text/html"), 406),
        (Some(";;;,,,\"\\"), 406),
        (Some("\u{e9}"), 406),
    ] {
        let headers: Vec<_> = accept.iter().map(|value| ("accept", *value)).collect();
        for path in ["/taxii2/", SITUATION, &format!("{SITUATION}objects/")] {
            let answer = stage.ask("GET", "both", path, &headers, "").await;
            assert_eq!(answer.status, status, "{accept:?} {answer:?}");
        }
    }
    let path = format!("{SITUATION}objects/");
    for (n, (media, status)) in [
        ("application/taxii+json", 202),
        ("application/taxii+json;version=2.1", 202),
        (
            "Application/Taxii+Json ; Version=\"2.1\"; charset=utf-8",
            202,
        ),
        ("application/taxii+json;version=2.0", 415),
        ("application/json", 415),
        ("application/stix+json;version=2.1", 415),
        ("", 415),
    ]
    .into_iter()
    .enumerate()
    {
        let headers = [("content-type", media)];
        let answer = stage
            .ask("POST", "both", &path, &headers, &envelope(&[tool(n)]))
            .await;
        assert_eq!(answer.status, status, "{media}: {answer:?}");
    }
    let answer = stage
        .ask("POST", "both", &path, &[], &envelope(&[tool(99)]))
        .await;
    is(&answer, StatusCode::UNSUPPORTED_MEDIA_TYPE);
    let coded = [("content-type", TAXII), ("content-encoding", "gzip")];
    let answer = stage.ask("POST", "both", &path, &coded, "xx").await;
    is(&answer, StatusCode::UNSUPPORTED_MEDIA_TYPE);
}

#[tokio::test]
async fn r04_every_answer_is_taxii_and_kept_by_nobody() {
    let stage = Stage::new().await;
    let objects = format!("{SITUATION}objects/");
    for (method, who, path) in [
        ("GET", "both", "/taxii2/"),
        ("GET", "both", "/taxii2"),
        ("GET", "both", "/taxii2/root/"),
        ("GET", "both", "/taxii2/root/collections/"),
        ("GET", "both", objects.as_str()),
        ("GET", "", objects.as_str()),
        ("GET", "nobody", objects.as_str()),
        ("GET", "both", "/taxii2/nowhere/"),
        ("GET", "both", "/taxii2/root/collections/x/objects/"),
        (
            "GET",
            "both",
            "/taxii2/root/collections/situation/objects/?limit=0",
        ),
        ("PUT", "both", objects.as_str()),
        ("POST", "both", objects.as_str()),
        ("OPTIONS", "both", objects.as_str()),
    ] {
        let answer = stage.ask(method, who, path, &[], "").await;
        assert_eq!(
            answer.header("content-type"),
            TAXII,
            "{method} {path}: {answer:?}"
        );
        assert_eq!(
            answer.header("cache-control"),
            "no-store",
            "{method} {path}"
        );
        assert_eq!(
            answer.header("x-content-type-options"),
            "nosniff",
            "{method} {path}"
        );
    }
}

#[tokio::test]
async fn r05_head_goes_wherever_get_does_and_other_methods_learn_which_there_are() {
    let stage = Stage::new().await;
    stage.put(&[1], &[tool(1)]).await;
    for (path, allow) in [
        ("/taxii2/", "GET, HEAD, OPTIONS"),
        ("/taxii2/root/", "GET, HEAD, OPTIONS"),
        ("/taxii2/root/collections/", "GET, HEAD, OPTIONS"),
        (SITUATION, "GET, HEAD, OPTIONS"),
        (&format!("{SITUATION}manifest/"), "GET, HEAD, OPTIONS"),
        (&format!("{SITUATION}objects/"), "GET, HEAD, OPTIONS, POST"),
        (
            &format!("{SITUATION}objects/{}/", crate::stage::tool_id(1)),
            "DELETE, GET, HEAD, OPTIONS",
        ),
        (
            &format!("{SITUATION}objects/{}/versions/", crate::stage::tool_id(1)),
            "GET, HEAD, OPTIONS",
        ),
    ] {
        let get = stage.get("both", path).await;
        is(&get, StatusCode::OK);
        let head = stage.ask("HEAD", "both", path, &[], "").await;
        is(&head, StatusCode::OK);
        assert_eq!(
            head.header("content-length"),
            get.body.len().to_string(),
            "{path}"
        );
        let dated = "x-taxii-date-added-last";
        assert_eq!(head.header(dated), get.header(dated), "{path}");
        let options = stage.ask("OPTIONS", "both", path, &[], "").await;
        is(&options, StatusCode::NO_CONTENT);
        assert_eq!(options.header("allow"), allow, "{path}");
        for method in ["PUT", "PATCH", "TRACE", "BREW"] {
            let answer = stage.ask(method, "both", path, &[], "").await;
            is(&answer, StatusCode::METHOD_NOT_ALLOWED);
            assert_eq!(answer.header("allow"), allow, "{method} {path}");
        }
        let bare = stage.get("both", path.trim_end_matches('/')).await;
        assert_eq!((bare.status, bare.body), (200, get.body), "{path}");
    }
}

#[tokio::test]
async fn r06_nothing_is_listed_empty() {
    let stage = Stage::new().await;
    for path in [
        format!("{SITUATION}objects/"),
        format!("{SITUATION}manifest/"),
        format!("{SITUATION}objects/?match[type]=malware"),
        format!("{SITUATION}objects/?match[id]=nonsense"),
        format!("{SITUATION}objects/?match[spec_version]=7"),
    ] {
        let answer = stage.get("both", &path).await;
        assert_eq!((answer.status, answer.body.as_str()), (200, "{}"), "{path}");
    }
}
