//! A provider of identities that misbehaves, one way after another: nobody comes in who should not, and whoever is kept out reads why.

use std::collections::HashMap;

use axum::http::StatusCode;
use node::config::{Config, OpenId};
use serde_json::{Value, json};
use site::Settings;

use crate::provider::{Manner, Shared, serving};
use crate::stage::{Answer, Stage};

mod binding;
mod signatures;

/// A node and its provider.
struct House {
    stage: Stage,
    provider: Shared,
}

impl House {
    async fn new(decided: OpenId) -> Self {
        let (provider, at) = serving().await;
        let secret = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(secret.path(), "s&cret\n").unwrap();
        let config = Config {
            openid: Some(OpenId {
                issuer: at,
                client_id: "node".to_owned(),
                client_secret_file: Some(secret.path().display().to_string()),
                names: [("en".to_owned(), "House <ID>".to_owned())].into(),
                ..decided
            }),
            ..Config::default()
        };
        let stage = Stage::decided(Settings::default(), Some(config));
        stage.node.complete_set_up().await.unwrap();
        Self { stage, provider }
    }

    fn behave(&self, manner: Manner) {
        let mut provider = self.provider.lock().unwrap();
        provider.manner = manner;
        provider.asked_for_keys = 0;
    }

    /// Out to the provider: the question in its address, and the browser's cookie.
    async fn go(
        &self,
        path: &str,
        cookies: &str,
    ) -> Result<(HashMap<String, String>, String), Answer> {
        let headers = [
            ("host", "node.test"),
            ("cookie", cookies),
            ("sec-fetch-site", "same-origin"),
            ("content-type", "application/x-www-form-urlencoded"),
        ];
        let gone = self
            .stage
            .send("POST", path, &headers, "next=%2Faccount")
            .await;
        let Some(refresh) = gone.headers.get("refresh") else {
            return Err(gone);
        };
        let to = refresh.to_str().unwrap().strip_prefix("0; url=").unwrap();
        let address: url::Url = to.parse().unwrap();
        let question: HashMap<String, String> = address.query_pairs().into_owned().collect();
        let set = gone.headers["set-cookie"].to_str().unwrap();
        assert!(set.contains("HttpOnly; SameSite=Lax"), "{set}");
        let cookie = set.split(';').next().unwrap();
        self.provider.lock().unwrap().question = question.clone();
        Ok((question, format!("{cookie}; {cookies}")))
    }

    async fn back(&self, query: &str, cookies: &str) -> Answer {
        let headers = [("host", "node.test"), ("cookie", cookies)];
        self.stage
            .get(&format!("/sign-in/openid/back?{query}"), &headers)
            .await
    }

    /// There and back.
    async fn round(&self) -> Answer {
        match self.go("/sign-in/openid", "").await {
            Ok((question, cookies)) => {
                let query = format!("code=c&state={}", question["state"]);
                self.back(&query, &cookies).await
            }
            Err(answer) => answer,
        }
    }

    /// Binds the only person to a subject, by an administrator.
    async fn bind(&self, subject: &str) -> Answer {
        let admin = self.stage.enter(None).await;
        let operator = self.stage.node.at_terminal("tests");
        let person = self.stage.node.users(&operator).unwrap()[0]
            .person
            .uuid()
            .to_string();
        let path = format!("/users/{person}/openid");
        self.stage
            .post(&path, &admin, &format!("subject={subject}"))
            .await
    }
}

const TOKEN: &str = "does not hold";
const DOWN: &str = "does not answer";
const USELESS: &str = "is of no use to this node";

#[tokio::test(flavor = "multi_thread")]
async fn a_provider_that_misbehaves_lets_nobody_in() {
    let house = House::new(OpenId::default()).await;
    let said = house.round().await;
    assert_eq!(said.status, StatusCode::FORBIDDEN);
    assert!(said.body.contains("nobody at this node is bound") && said.body.contains("berthe-7"));
    let bound = house.bind("berthe-7").await;
    assert_eq!(bound.status, StatusCode::SEE_OTHER, "{}", bound.body);
    let claims = |claims: Value| Manner {
        claims,
        ..Manner::default()
    };
    let header = |header: Value| Manner {
        header,
        ..Manner::default()
    };
    let at = |door, status, body| Manner {
        door: Some((door, status, body)),
        ..Manner::default()
    };
    let cases: Vec<(&str, Manner, &str)> = vec![
        ("as it should be", Manner::default(), ""),
        ("another nonce", claims(json!({ "nonce": "other" })), TOKEN),
        ("no nonce", claims(json!({ "nonce": null })), TOKEN),
        ("another audience", claims(json!({ "aud": "other" })), TOKEN),
        ("no audience", claims(json!({ "aud": null })), TOKEN),
        (
            "two audiences, for nobody",
            claims(json!({ "aud": ["node", "other"] })),
            TOKEN,
        ),
        (
            "two audiences, made for us",
            claims(json!({ "aud": ["node", "other"], "azp": "node" })),
            "",
        ),
        ("made for another", claims(json!({ "azp": "other" })), TOKEN),
        (
            "another issuer",
            claims(json!({ "iss": "https://id.evil.test" })),
            TOKEN,
        ),
        ("over", claims(json!({ "exp": -61 })), "clock"),
        ("over, within the skew", claims(json!({ "exp": -30 })), ""),
        ("never over", claims(json!({ "exp": null })), "clock"),
        ("of no day", claims(json!({ "iat": null })), "clock"),
        (
            "of tomorrow",
            claims(json!({ "iat": 86_400, "exp": 90_000 })),
            "clock",
        ),
        ("of a moment ahead", claims(json!({ "iat": 30 })), ""),
        ("not yet", claims(json!({ "nbf": 3_600 })), "clock"),
        ("of nobody", claims(json!({ "sub": null })), TOKEN),
        ("of an empty name", claims(json!({ "sub": "  " })), TOKEN),
        ("of a number", claims(json!({ "sub": 7 })), TOKEN),
        (
            "of somebody else",
            claims(json!({ "sub": "berthe-8" })),
            "nobody at this node",
        ),
        ("unsigned", header(json!({ "alg": "none" })), TOKEN),
        (
            "signed with what everyone knows",
            header(json!({ "alg": "HS256" })),
            TOKEN,
        ),
        (
            "by another algorithm than the key's",
            header(json!({ "alg": "ES256" })),
            TOKEN,
        ),
        (
            "by RSA with no such key",
            header(json!({ "alg": "RS256" })),
            TOKEN,
        ),
        (
            "with what has to be understood",
            header(json!({ "crit": ["x"] })),
            TOKEN,
        ),
        (
            "by a key that says it is another",
            Manner {
                key: 1,
                header: json!({ "kid": "0" }),
                ..Manner::default()
            },
            TOKEN,
        ),
        (
            "by a key that nobody shows",
            header(json!({ "kid": "9" })),
            TOKEN,
        ),
        (
            "no token",
            Manner {
                token: Some("a.b"),
                ..Manner::default()
            },
            TOKEN,
        ),
        (
            "a token of nothing",
            Manner {
                token: Some(".."),
                ..Manner::default()
            },
            TOKEN,
        ),
        (
            "no code of ours",
            at("token", 400, r#"{"error":"invalid_grant"}"#),
            "does not stand by",
        ),
        (
            "it does not know us",
            at("token", 401, r#"{"error":"invalid_client"}"#),
            USELESS,
        ),
        ("it broke", at("token", 500, ""), DOWN),
        ("it sends us elsewhere", at("token", 302, ""), USELESS),
        ("it gives no JSON", at("token", 200, "<html>"), USELESS),
        ("it does not end", at("token", 200, "endless"), USELESS),
        ("it gives no token", at("token", 200, "{}"), USELESS),
    ];
    let mut count = 0;
    for (name, manner, said) in cases {
        house.behave(manner);
        let answer = house.round().await;
        if said.is_empty() {
            assert_eq!(
                answer.status,
                StatusCode::SEE_OTHER,
                "{name}: {}",
                answer.body
            );
            assert_eq!(answer.headers["location"], "/account", "{name}");
        } else {
            assert!(answer.status.as_u16() >= 400, "{name}: {}", answer.status);
            assert!(answer.body.contains(said), "{name}: {}", answer.body);
            assert!(answer.body.contains("House &#60;ID&#62;"), "{name}");
            assert!(!answer.headers.contains_key("set-cookie"), "{name}");
        }
        count += 1;
    }
    println!("{count} manners of a provider");
    // What went wrong last stands on the health page, until it went right.
    house.behave(Manner {
        door: Some(("token", 500, "")),
        ..Manner::default()
    });
    house.round().await;
    let admin = house.stage.enter(None).await;
    let health = house.stage.get("/status", &[("cookie", &admin)]).await;
    assert!(
        health.body.contains("the provider does not answer"),
        "{}",
        health.body
    );
    house.behave(Manner::default());
    house.round().await;
    let health = house.stage.get("/status", &[("cookie", &admin)]).await;
    assert!(!health.body.contains("the provider does not answer"));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_it_says_of_itself_has_to_fit() {
    for (name, manner, status) in [
        (
            "another name",
            Manner {
                says: json!({ "issuer": "https://id.evil.test" }),
                ..Manner::default()
            },
            502,
        ),
        (
            "a door without TLS",
            Manner {
                says: json!({ "token_endpoint": "http://id.evil.test/token" }),
                ..Manner::default()
            },
            502,
        ),
        (
            "no keys",
            Manner {
                says: json!({ "jwks_uri": null }),
                ..Manner::default()
            },
            502,
        ),
        (
            "no JSON",
            Manner {
                door: Some(("discovery", 200, "<html>")),
                ..Manner::default()
            },
            502,
        ),
        (
            "nothing there",
            Manner {
                door: Some(("discovery", 404, "")),
                ..Manner::default()
            },
            502,
        ),
        (
            "broken",
            Manner {
                door: Some(("discovery", 503, "")),
                ..Manner::default()
            },
            503,
        ),
        (
            "keys are broken",
            Manner {
                door: Some(("keys", 500, "")),
                ..Manner::default()
            },
            503,
        ),
        (
            "it promises to name itself, and does not",
            Manner {
                says: json!({ "authorization_response_iss_parameter_supported": true }),
                ..Manner::default()
            },
            403,
        ),
    ] {
        let house = House::new(OpenId::default()).await;
        house.behave(manner);
        assert_eq!(house.round().await.status.as_u16(), status, "{name}");
        // The rest of the way in is open.
        assert_eq!(
            house.stage.get("/sign-in", &[]).await.status,
            StatusCode::OK
        );
    }
    let gone = OpenId {
        issuer: "http://127.0.0.1:9".to_owned(),
        client_id: "node".to_owned(),
        ..OpenId::default()
    };
    let config = Config {
        openid: Some(gone),
        ..Config::default()
    };
    let stage = Stage::decided(Settings::default(), Some(config));
    stage.node.complete_set_up().await.unwrap();
    let page = stage.get("/sign-in", &[("accept-language", "fr")]).await;
    assert!(
        page.body
            .contains("Se connecter par «\u{a0}127.0.0.1\u{a0}»"),
        "{}",
        page.body
    );
    let down = stage.post("/sign-in/openid", "", "").await;
    assert_eq!(down.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(down.body.contains(DOWN));
    let plain = Stage::new();
    plain.node.complete_set_up().await.unwrap();
    let absent = plain.post("/sign-in/openid", "", "").await;
    assert_eq!(absent.status, StatusCode::NOT_FOUND, "no provider, no door");
}
