//! The addresses of the pages. Invariant: none is served that isn't listed here, with who may come there and what it gives.

use axum::Router;
use axum::extract::Request;
use axum::handler::Handler;
use axum::http::{Method, StatusCode};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{MethodFilter, MethodRouter, on};
use node::users::Scope;

use super::failure::Failure;
use super::site::Site;
use super::visitor::{Right, Role, Visitor};
use crate::api::Operation;
use crate::parts::form::{Typed, draft};
use crate::parts::{label, views};

/// Who may come to an address. What is shown there is decided once more, for each record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Who {
    /// Everyone, without signing in.
    Everyone,
    /// Whoever signed in, also while they still have to choose how they will.
    Choosing,
    /// Whoever signed in.
    SignedIn,
    /// Who has this role.
    Role(Role),
    /// Whose roles allow this.
    May(Right),
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
    /// A file to take along.
    File,
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
    operations: Vec<Operation>,
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

    /// A page with a form that is sent to the page's own address.
    pub fn asked<H, T, S, U>(self, path: &'static str, who: Who, ask: H, send: S) -> Self
    where
        H: Handler<T, Site>,
        T: 'static,
        S: Handler<U, Site>,
        U: 'static,
    {
        self.page(path, who, ask).form(path, who, send)
    }

    /// A feed, calendar or export, by GET.
    pub fn feed<H, T>(self, path: &'static str, who: Who, handler: H) -> Self
    where
        H: Handler<T, Site>,
        T: 'static,
    {
        self.add(Method::GET, path, who, Kind::Feed, handler)
    }

    /// A file to take along, by GET: for whoever signed in, and for no token.
    pub fn file<H, T>(self, path: &'static str, who: Who, handler: H) -> Self
    where
        H: Handler<T, Site>,
        T: 'static,
    {
        self.add(Method::GET, path, who, Kind::File, handler)
    }

    /// For programs.
    pub fn api<H, T>(self, method: Method, path: &'static str, who: Who, handler: H) -> Self
    where
        H: Handler<T, Site>,
        T: 'static,
    {
        self.add(method, path, who, Kind::Api, handler)
    }

    /// An operation of the interface for programs, which its description stands in the document for.
    pub fn operation<H, T>(mut self, operation: Operation, handler: H) -> Self
    where
        H: Handler<T, Site>,
        T: 'static,
    {
        let (method, path, who) = (operation.method.clone(), operation.path, operation.who);
        self.operations.push(operation.complete());
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
        self.operations.extend(other.operations);
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
        let guarded: MethodRouter<Site> = on(filter, handler).route_layer(middleware::from_fn(
            move |request: Request, next: Next| guard(who, kind, request, next),
        ));
        self.router = self.router.route(path, guarded);
        self.list.push(Route {
            method,
            path,
            who,
            kind,
        });
        self
    }

    /// Where parts send what they keep. Drafts are open to whoever shows the proof that came with a form.
    pub(crate) fn of_parts() -> Self {
        Self::new()
            .form("/drafts", Who::Everyone, draft::save)
            .form("/drafts/drop", Who::SignedIn, draft::throw_away)
            .asked("/label", Who::SignedIn, label::show, label::show_for_form)
            .form("/views", Who::SignedIn, views::save)
            .form("/views/drop", Who::SignedIn, views::forget)
    }

    pub(crate) fn into_parts(self) -> (Router<Site>, Vec<Route>, Vec<Operation>) {
        (self.router, self.list, self.operations)
    }
}

/// Lets those pass who may come here.
async fn guard(who: Who, kind: Kind, request: Request, next: Next) -> Response {
    let Some(visitor) = request.extensions().get::<Visitor>() else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    // A token for feeds opens feeds, any other the interface for programs; neither opens a page.
    let scope = visitor.actor.as_ref().and_then(|actor| actor.scope());
    let elsewhere = scope.is_some_and(|scope| match kind {
        Kind::Feed => scope != Scope::Feed,
        Kind::Api => scope == Scope::Feed,
        Kind::Page | Kind::File | Kind::Form | Kind::Asset => true,
    });
    let refused = match (who, &visitor.actor) {
        _ if elsewhere => Some(Failure::SignIn),
        (Who::Everyone, _) | (Who::Choosing, Some(_)) => None,
        (Who::Choosing | Who::SignedIn | Who::Role(_) | Who::May(_), None) => Some(Failure::SignIn),
        (_, Some(actor)) if actor.enrolling => Some(Failure::Choose),
        (Who::SignedIn, Some(_)) => None,
        (Who::Role(role), Some(actor)) => {
            (!actor.roles.has(role)).then_some(Failure::NotYours(role))
        }
        (Who::May(right), Some(actor)) => {
            let of = |role: &Role| role.rights().contains(&right);
            let role = Role::ALL
                .into_iter()
                .find(of)
                .unwrap_or(Role::Administrator);
            (!actor.may(right)).then_some(Failure::NotYours(role))
        }
    };
    let Some(failure) = refused else {
        return next.run(request).await;
    };
    let visitor = visitor.clone();
    let typed = request.method() == Method::POST && kind == Kind::Form;
    if matches!(failure, Failure::SignIn) && typed {
        return visitor.keep_and_ask(request).await;
    }
    visitor.failed(failure).await
}

impl Visitor {
    /// Keeps what was typed when the session has ended meanwhile, and asks to sign in.
    async fn keep_and_ask(self, request: Request) -> Response {
        let typed = Typed::read(request.into_body()).await.unwrap_or_default();
        let node = self.node().clone();
        let back = typed.text("draft-back").to_owned();
        let kept = tokio::task::spawn_blocking(move || draft::keep_proved(&node, &typed)).await;
        let kept = matches!(kept, Ok(Ok(StatusCode::NO_CONTENT)));
        // What a form is sent to is no page to come back to.
        let mut visitor = self;
        visitor.path = if kept { back } else { "/".to_owned() };
        visitor.query.clear();
        let failure = if kept { Failure::Kept } else { Failure::SignIn };
        visitor.failed(failure).await
    }
}
