//! The addresses of the pages. Invariant: none is served that isn't listed here, with who may come there and what it gives.

use axum::Router;
use axum::extract::Request;
use axum::handler::Handler;
use axum::http::Method;
use axum::middleware::{self, Next};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{MethodFilter, MethodRouter, on};

use super::failure::Failure;
use super::site::Site;
use super::visitor::{Role, Visitor};

/// Who may come to an address. What is shown there is decided once more, for each record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Who {
    /// Everyone, without signing in.
    Everyone,
    /// Whoever signed in.
    SignedIn,
    /// Who has this role.
    Role(Role),
}

/// What an address gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A page for people.
    Page,
    /// It takes what was typed, changes something, and leads on to a page.
    Form,
    /// A feed, a calendar, an export.
    Feed,
    /// For programs.
    Api,
    /// Style, script, font.
    Asset,
}

/// One address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Route {
    /// The method.
    pub method: Method,
    /// The path, with its parameters in braces.
    pub path: &'static str,
    /// Who may come there.
    pub who: Who,
    /// What it gives.
    pub kind: Kind,
}

/// Addresses and what answers there.
#[derive(Default)]
pub struct Routes {
    router: Router<Site>,
    list: Vec<Route>,
}

impl Routes {
    /// None yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// A page, by GET.
    pub fn page<H, T>(self, path: &'static str, who: Who, handler: H) -> Self
    where
        H: Handler<T, Site>,
        T: 'static,
    {
        self.add(Method::GET, path, who, Kind::Page, handler)
    }

    /// Where a form is sent to, by POST.
    pub fn form<H, T>(self, path: &'static str, who: Who, handler: H) -> Self
    where
        H: Handler<T, Site>,
        T: 'static,
    {
        self.add(Method::POST, path, who, Kind::Form, handler)
    }

    /// A feed, calendar or export, by GET.
    pub fn feed<H, T>(self, path: &'static str, who: Who, handler: H) -> Self
    where
        H: Handler<T, Site>,
        T: 'static,
    {
        self.add(Method::GET, path, who, Kind::Feed, handler)
    }

    /// For programs.
    pub fn api<H, T>(self, method: Method, path: &'static str, who: Who, handler: H) -> Self
    where
        H: Handler<T, Site>,
        T: 'static,
    {
        self.add(method, path, who, Kind::Api, handler)
    }

    /// Style, script or font, for everyone.
    pub fn asset<H, T>(self, path: &'static str, handler: H) -> Self
    where
        H: Handler<T, Site>,
        T: 'static,
    {
        self.add(Method::GET, path, Who::Everyone, Kind::Asset, handler)
    }

    /// Those of another as well.
    #[must_use]
    pub fn and(mut self, other: Self) -> Self {
        self.list.extend(other.list);
        self.router = self.router.merge(other.router);
        self
    }

    /// All of them.
    pub fn list(&self) -> &[Route] {
        &self.list
    }

    fn add<H, T>(
        mut self,
        method: Method,
        path: &'static str,
        who: Who,
        kind: Kind,
        handler: H,
    ) -> Self
    where
        H: Handler<T, Site>,
        T: 'static,
    {
        // A method that axum has no filter for can't be asked for either: this list is written in code.
        let filter = MethodFilter::try_from(method.clone()).unwrap_or(MethodFilter::GET);
        let guarded: MethodRouter<Site> =
            on(filter, handler).layer(middleware::from_fn(move |request: Request, next: Next| {
                guard(who, request, next)
            }));
        self.router = self.router.route(path, guarded);
        self.list.push(Route {
            method,
            path,
            who,
            kind,
        });
        self
    }

    pub(crate) fn into_parts(self) -> (Router<Site>, Vec<Route>) {
        (self.router, self.list)
    }
}

/// Lets those pass who may come here.
async fn guard(who: Who, request: Request, next: Next) -> Response {
    let Some(visitor) = request.extensions().get::<Visitor>() else {
        return axum::http::StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    let refused = match (who, &visitor.actor) {
        (Who::Everyone, _) | (Who::SignedIn, Some(_)) => None,
        (Who::SignedIn | Who::Role(_), None) => Some(Failure::SignIn),
        (Who::Role(role), Some(actor)) => {
            (!actor.roles.contains(&role)).then_some(Failure::NotYours(role))
        }
    };
    match refused {
        None => next.run(request).await,
        Some(failure) => visitor.clone().failed(failure).await,
    }
}
