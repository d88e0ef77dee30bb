//! What is answered when there is no page to give: what happened, what was kept, what to do.
//!
//! Invariant: what is hidden and what is absent are one and the same answer.

use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use node::NotTaken;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use policy::Released;

use super::answer::{Page, Reply};
use super::desk::Need;
use super::frame::{Frame, Link};
use super::visitor::{Role, Visitor};
use crate::api::{is_for_programs, problem};
use crate::rooms::wording::why_not;

/// Why there is no page.
#[derive(Debug)]
pub enum Failure {
    /// It isn't there, or the visitor may not see it.
    Absent,
    /// Somebody has to sign in first.
    SignIn,
    /// The same, after what was typed into a form was kept.
    Kept,
    /// Somebody was let in to choose how they will sign in, and has to do that first.
    Choose,
    /// Somebody signed in, who has not this role.
    NotYours(Role),
    /// A form was sent from another site's page.
    CrossSite,
    /// What was sent is not what a form sends.
    Unreadable,
    /// What was sent is more than is taken: so many bytes.
    TooLarge(usize),
    /// The node did not take a piece of what was to be written: nothing of it was, and it is said why.
    NotTaken(NotTaken),
    /// A page in one sentence, by the keys of its title and its text.
    Said(StatusCode, &'static str, &'static str),
    /// What only a program is told.
    Problem(crate::api::Problem),
    /// Something broke here. The cause is logged and not shown.
    Broken(anyhow::Error),
}

impl<E: Into<anyhow::Error>> From<E> for Failure {
    /// What was refused to whoever asks is said as such, wherever it was found out: above all inside a transaction.
    fn from(error: E) -> Self {
        crate::signin::refusal::page(error.into())
    }
}

/// A page in one sentence, with what else there is to know, and the ways on.
#[derive(Template)]
#[template(path = "notice.html")]
struct Notice {
    frame: Frame,
    text: String,
    facts: Vec<(String, String)>,
    more: Option<String>,
    again: Option<Again>,
    links: Vec<Link>,
}

/// What was typed and could not be kept on the node: it stands on the page itself, to be sent again from there.
struct Again {
    action: String,
    pairs: Vec<(String, String)>,
}

/// What a notice says.
struct Told {
    status: StatusCode,
    title: &'static str,
    text: String,
    facts: Vec<(String, String)>,
    more: Option<String>,
    links: Vec<Link>,
}

impl Visitor {
    /// What this visitor is told.
    pub(crate) async fn failed(self, failure: Failure) -> Response {
        let (site, words) = (self.site.clone(), self.words.clone());
        if is_for_programs(&self.path) {
            return Reply::Page(problem(&self, failure)).into_response(&site, &words);
        }
        let made = tokio::task::spawn_blocking(move || self.notice(failure)).await;
        match made {
            Ok(Ok(page)) => Reply::Page(page).into_response(&site, &words),
            Ok(Err(error)) => {
                tracing::error!(error = format!("{error:#}"), "page.failed");
                StatusCode::INTERNAL_SERVER_ERROR.into_response()
            }
            Err(error) => {
                tracing::error!(error = error.to_string(), "page.failed");
                StatusCode::INTERNAL_SERVER_ERROR.into_response()
            }
        }
    }

    /// Where one signs in, and goes on from there to where one was.
    pub(crate) fn sign_in_path(&self) -> String {
        let next = if self.query.is_empty() {
            self.path.clone()
        } else {
            format!("{}?{}", self.path, self.query)
        };
        format!(
            "/sign-in?next={}",
            utf8_percent_encode(&next, NON_ALPHANUMERIC)
        )
    }

    fn notice(&self, failure: Failure) -> anyhow::Result<Page> {
        let broken = matches!(failure, Failure::Broken(_));
        let again = broken.then(|| self.again()).flatten();
        let told = self.said_of(failure)?;
        // What needs somebody is asked of the store: not where that has just failed.
        let needs = match broken {
            true => None,
            false => self.needs().ok(),
        };
        let needs = needs.unwrap_or_else(|| std::iter::empty::<Released<Need>>().collect());
        let mut failed = None;
        let html = needs.map(|needs| {
            let notice = Notice {
                frame: Frame::notice(self, told.title, needs),
                text: told.text,
                facts: told.facts,
                more: told.more,
                again,
                links: told.links,
            };
            notice.render().unwrap_or_else(|error| {
                failed = Some(error);
                String::new()
            })
        });
        match failed {
            Some(error) => Err(error.into()),
            None => Ok(Page::html(html).with_status(told.status)),
        }
    }

    fn said_of(&self, failure: Failure) -> anyhow::Result<Told> {
        let words = &self.words;
        let said = |status, title, text: &str, links| Told {
            status,
            title,
            text: words.t(text),
            facts: Vec::new(),
            more: None,
            links,
        };
        let link = |path: &str, key: &str| Link::new(path, words.t(key));
        let sign_in = || vec![Link::new(self.sign_in_path(), words.t("sign-in-link"))];
        let home = || vec![link("/", "absent-link")];
        Ok(match failure {
            // The same for what is hidden and what is absent: nothing of it goes by the address.
            Failure::Absent => said(StatusCode::NOT_FOUND, "absent-title", "absent-text", home()),
            Failure::SignIn if !self.node().is_set_up()? && !self.node().has_users()? => {
                let links = vec![link("/setup", "unset-link")];
                said(StatusCode::OK, "unset-title", "unset-text", links)
            }
            Failure::SignIn => said(
                StatusCode::UNAUTHORIZED,
                "sign-in-title",
                "sign-in-text",
                sign_in(),
            ),
            Failure::Kept => said(
                StatusCode::UNAUTHORIZED,
                "sign-in-title",
                "sign-in-kept",
                sign_in(),
            ),
            Failure::Choose => {
                let links = vec![link("/account/choose", "invited-verb")];
                said(StatusCode::FORBIDDEN, "choose-title", "choose-lead", links)
            }
            Failure::NotYours(role) => self.not_yours(role),
            Failure::CrossSite => said(
                StatusCode::FORBIDDEN,
                "cross-site-title",
                "cross-site-text",
                self.back(),
            ),
            Failure::Unreadable => said(
                StatusCode::BAD_REQUEST,
                "unreadable-title",
                "unreadable-text",
                self.back(),
            ),
            Failure::TooLarge(most) => Told {
                text: words.t1("too-large-text", "n", most >> 20),
                ..said(
                    StatusCode::PAYLOAD_TOO_LARGE,
                    "too-large-title",
                    "too-large-text",
                    self.back(),
                )
            },
            Failure::NotTaken(not) => Told {
                text: words.t1("form-not-taken", "reason", why_not(words, &not)),
                ..said(
                    StatusCode::UNPROCESSABLE_ENTITY,
                    "refused-title",
                    "form-not-taken",
                    self.back(),
                )
            },
            Failure::Said(status, title, text) => said(status, title, text, self.back()),
            Failure::Problem(problem) => Told {
                status: problem.status,
                title: "refused-title",
                text: problem.detail,
                facts: Vec::new(),
                more: None,
                links: self.back(),
            },
            Failure::Broken(error) if node::is_unwritten(&error) => {
                tracing::error!(error = format!("{error:#}"), "page.unwritten");
                let unavailable = StatusCode::SERVICE_UNAVAILABLE;
                said(
                    unavailable,
                    "unwritten-title",
                    "unwritten-text",
                    self.back(),
                )
            }
            Failure::Broken(error) => {
                tracing::error!(error = format!("{error:#}"), "page.failed");
                let broken = StatusCode::INTERNAL_SERVER_ERROR;
                said(broken, "broken-title", "broken-text", self.back())
            }
        })
    }

    /// What is missing, what it would allow, what the visitor has instead, and who could give it.
    fn not_yours(&self, role: Role) -> Told {
        let words = &self.words;
        let named = |role: Role| words.t(&format!("role-{}", role.as_str()));
        let mut own: Vec<String> = Vec::new();
        if let Some(actor) = &self.actor {
            own.extend(actor.roles.iter().map(named));
        }
        let has = match own.is_empty() {
            true => words.t("not-yours-none"),
            false => words.list(&own),
        };
        let means = words.t(&format!("role-means-{}", role.as_str()));
        let mut more = Some(words.t("not-yours-give"));
        let mut links = vec![
            Link::new("/", words.t("absent-link")),
            Link::new("/account", words.t("not-yours-account")),
        ];
        if self.has(Role::Administrator) {
            more = None;
            links.push(Link::new("/users", words.t("not-yours-users")));
        }
        Told {
            status: StatusCode::FORBIDDEN,
            title: "not-yours-title",
            text: words.t1("not-yours-text", "role", named(role)),
            facts: vec![(named(role), means), (words.t("not-yours-has"), has)],
            more,
            links,
        }
    }

    /// What was sent with a form, as far as a page may give it back: no secret, and no file.
    fn again(&self) -> Option<Again> {
        let sent = self.sent.get()?;
        let pairs = || sent.typed.pairs();
        let secret = |(name, _): (&str, &str)| name.starts_with("secret");
        if sent.files || pairs().next().is_none() || pairs().any(secret) {
            return None;
        }
        let owned = |(name, value): (&str, &str)| (name.to_owned(), value.to_owned());
        Some(Again {
            action: match self.query.as_str() {
                "" => self.path.clone(),
                query => format!("{}?{query}", self.path),
            },
            pairs: pairs().map(owned).collect(),
        })
    }

    /// Back to the page that something was sent from, as far as its address tells, and home.
    fn back(&self) -> Vec<Link> {
        let words = &self.words;
        let page = self.site.page_at(&self.path);
        let page = page.filter(|path| path != "/");
        let back = page.map(|path| Link::new(path, words.t("notice-back")));
        back.into_iter()
            .chain([Link::new("/", words.t("absent-link"))])
            .collect()
    }
}
