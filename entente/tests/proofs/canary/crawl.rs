//! Everything that can be asked of a node over HTTP, asked once.

use crate::wire::{Answer, Caller, SITUATION, TAXII};

/// The questions.
pub(super) struct Crawl {
    ids: Vec<String>,
}

/// A question and its answer.
pub(super) struct Heard {
    pub(super) question: String,
    address: String,
    answer: Answer,
}

/// Addresses that are not TAXII's: what is open to everyone, what only people or peers may ask for, and what is nowhere.
const PAGES: [&str; 20] = [
    "/",
    "/health",
    "/metrics",
    "/setup",
    "/sign-in",
    "/nowhere",
    "/.well-known/security.txt",
    "/public",
    "/public/feed.atom",
    "/public/feed.json",
    "/records",
    "/search?q=plain",
    "/search.atom?q=plain",
    "/calendar.ics",
    "/needs.atom",
    "/api/v1/openapi.json",
    "/api/v1/collections",
    "/api/v1/search?q=plain",
    "/api/v1/log/checkpoint",
    "/entente/checkpoint",
];

/// The same about one object.
const PAGES_ABOUT: [&str; 4] = [
    "/public/records/{}",
    "/records/{}",
    "/records/{}/history.atom",
    "/api/v1/records/{}",
];

/// Headers that say when, not what.
const MOMENTS: [&str; 1] = ["date"];

impl Crawl {
    /// Asks for these objects by id, besides all else.
    pub(super) fn new(ids: &[String]) -> Self {
        Self { ids: ids.to_vec() }
    }

    /// Asks all of it.
    pub(super) fn run(&self, caller: &Caller) -> Vec<Heard> {
        let mut heard = Vec::new();
        for page in PAGES {
            heard.push(ask(caller, "GET", page, "text/html"));
        }
        for path in [
            "/taxii2/",
            "/taxii2/root/",
            "/taxii2/root/collections/",
            SITUATION,
            "/taxii2/root/collections/norms/",
            "/taxii2/root/collections/none/",
        ] {
            for method in ["GET", "HEAD", "OPTIONS"] {
                heard.push(ask(caller, method, path, TAXII));
            }
        }
        for kind in ["objects", "manifest"] {
            for filter in self.filters() {
                pages(caller, &format!("{SITUATION}{kind}/?{filter}"), &mut heard);
            }
            pages(
                caller,
                &format!("/taxii2/root/collections/norms/{kind}/?limit=100"),
                &mut heard,
            );
        }
        for id in &self.ids {
            for rest in [
                "",
                "versions/",
                "?match[version]=all",
                "?match[version]=first",
                "versions/?limit=1",
                "?match[spec_version]=2.1",
            ] {
                for method in ["GET", "HEAD"] {
                    heard.push(ask(
                        caller,
                        method,
                        &format!("{SITUATION}objects/{id}/{rest}"),
                        TAXII,
                    ));
                }
            }
            heard.push(ask(
                caller,
                "GET",
                &format!("/taxii2/root/collections/norms/objects/{id}/"),
                TAXII,
            ));
            for page in PAGES_ABOUT {
                heard.push(ask(caller, "GET", &page.replace("{}", id), "text/html"));
            }
            heard.push(ask(
                caller,
                "GET",
                &format!("/taxii2/root/status/{}/", &id[6..]),
                TAXII,
            ));
        }
        // What a program may not see it does not take away either; what it may see stays for the next viewer.
        for id in self.ids.iter().filter(|id| id.contains("00c00")) {
            if caller
                .get(&format!("{SITUATION}objects/{id}/"))
                .is_ok_and(|answer| answer.status != 200)
            {
                heard.push(ask(
                    caller,
                    "DELETE",
                    &format!("{SITUATION}objects/{id}/"),
                    TAXII,
                ));
            }
        }
        heard
    }

    fn filters(&self) -> Vec<String> {
        let mut filters: Vec<String> = [
            "",
            "limit=1",
            "limit=3",
            "limit=1000",
            "match[version]=all&limit=4",
            "match[version]=first",
            "match[version]=2020-01-01T00:00:00.000Z",
            "match[type]=tool",
            "match[type]=tool,report&limit=5",
            "match[type]=report",
            "match[spec_version]=2.1&limit=2",
            "match[spec_version]=2.0",
            "added_after=2000-01-01T00:00:00Z",
            "added_after=2100-01-01T00:00:00Z",
        ]
        .map(str::to_owned)
        .to_vec();
        filters.extend(self.ids.iter().map(|id| format!("match[id]={id}")));
        filters.push(format!("match[id]={}&limit=1", self.ids.join(",")));
        filters
    }
}

/// A page and those after it.
fn pages(caller: &Caller, path: &str, heard: &mut Vec<Heard>) {
    let mut next = String::new();
    for _ in 0..100 {
        let one = ask(caller, "GET", &format!("{path}{next}"), TAXII);
        let body: serde_json::Value = serde_json::from_slice(&one.answer.body).unwrap_or_default();
        heard.push(Heard {
            question: format!("GET {path} and on"),
            ..one
        });
        match body["next"].as_str() {
            Some(token) if body["more"] == true => next = format!("&next={token}"),
            _ => return,
        }
    }
    panic!("{path} has no end");
}

fn ask(caller: &Caller, method: &str, path: &str, accept: &str) -> Heard {
    let answer = caller.ask(method, path, &[("Accept", accept)], b"");
    // An answer to HEAD announces a body that does not come.
    let answer = answer.unwrap_or_else(|error| Answer {
        status: 0,
        headers: Vec::new(),
        body: error.to_string().into_bytes(),
    });
    assert!(
        answer.status != 0 || method == "HEAD",
        "{method} {path}: {}",
        answer.text()
    );
    Heard {
        question: format!("{method} {path}"),
        address: caller.address.clone(),
        answer,
    }
}

impl Heard {
    /// All that came back, as text.
    pub(super) fn said(&self) -> String {
        let headers: String = self
            .answer
            .headers
            .iter()
            .map(|(name, value)| format!("{name}: {value}\n"))
            .collect();
        format!("{}\n{headers}\n{}", self.answer.status, self.answer.text())
    }

    /// What has to be the same for any object: what the question itself says of it is left out.
    pub(super) fn of_any(&self, id: &str) -> String {
        let spelled = id.replace('-', "%2D");
        let said = self.comparable(false);
        said.replace(id, "ID").replace(&spelled, "ID")
    }

    /// What has to be the same: all but the moment of the answer and, if wanted, moments and places at which records came.
    pub(super) fn comparable(&self, without_moments: bool) -> String {
        // Figures of the process are its own; words in them are looked for like everywhere.
        if self.question == "GET /metrics" {
            return self.answer.status.to_string();
        }
        // The room on the disk is what others leave at that moment: all but the figure has to be the same.
        if self.question == "GET /health" {
            let mut body = self.answer.text();
            body.retain(|c| !c.is_ascii_digit());
            return format!("{}\n{body}", self.answer.status);
        }
        let kept = |name: &str| {
            !(MOMENTS.contains(&name) || without_moments && name.starts_with("x-taxii-date-added"))
        };
        let headers: String = self
            .answer
            .headers
            .iter()
            .filter(|(name, _)| kept(name))
            .map(|(name, value)| format!("{name}: {value}\n"))
            .collect();
        // A feed says where it is.
        let mut body = self.answer.text().replace(&self.address, "HERE");
        if without_moments {
            for key in ["\"date_added\":\"", "\"next\":\""] {
                let parts: Vec<String> = body
                    .split(key)
                    .enumerate()
                    .map(|(n, part)| {
                        if n == 0 {
                            part.to_owned()
                        } else {
                            part.split_once('"')
                                .map_or(String::new(), |(_, rest)| rest.to_owned())
                        }
                    })
                    .collect();
                body = parts.join(key);
            }
        }
        format!("{}\n{headers}\n{body}", self.answer.status)
    }
}

/// Answers to the same question about two objects.
pub(super) fn pairs<'a>(heard: &'a [Heard], one: &str, other: &str) -> Vec<(&'a Heard, &'a Heard)> {
    let about: Vec<&Heard> = heard
        .iter()
        .filter(|heard| heard.question.contains(one) && !heard.question.contains(other))
        .collect();
    about
        .into_iter()
        .map(|heard_one| {
            let question = heard_one.question.replace(one, other);
            let other = heard.iter().find(|heard| heard.question == question);
            (
                heard_one,
                other.unwrap_or_else(|| panic!("nobody asked {question}")),
            )
        })
        .collect()
}
