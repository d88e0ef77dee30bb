//! Who visits, in which language and theme, at what time, where.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};

use axum::extract::FromRequestParts;
use axum::http::StatusCode;
use axum::http::request::Parts;
use node::Node;
use policy::Viewer;
use stix::{ObjectId, Timestamp};

use super::failure::Failure;
use super::once::FormSent;
use super::site::Site;
use crate::locale::Words;
use crate::signin::Caller;

pub use node::{Actor, Right, Role};

/// How the page looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Theme {
    /// As the browser prefers.
    #[default]
    Auto,
    /// Ink on paper.
    Light,
    /// Paper on ink.
    Dark,
    /// Black, white and lines.
    Contrast,
}

impl Theme {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Auto, Self::Light, Self::Dark, Self::Contrast];

    /// Its name in addresses, attributes and locale keys.
    pub fn name(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Light => "light",
            Self::Dark => "dark",
            Self::Contrast => "contrast",
        }
    }

    pub(crate) fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|theme| theme.name() == name)
    }
}

/// Who asks for a page.
#[derive(Clone)]
pub struct Visitor {
    /// The site that is visited.
    pub site: Site,
    /// Who signed in, if anybody.
    pub actor: Option<Actor>,
    /// The words of the visitor's language.
    pub words: Words,
    /// How the page looks.
    pub theme: Theme,
    /// The time of the request, in microseconds.
    pub now: i64,
    /// The path that is asked for.
    pub path: String,
    /// Its query, without the question mark.
    pub query: String,
    /// Where the request comes from.
    pub(crate) caller: Caller,
    /// What the last form left to say.
    pub(crate) said: Option<String>,
    pub(crate) public: Viewer,
    /// After how many a list of this page ended that is to be whole; none did where it is 0.
    pub(crate) ended: Arc<AtomicUsize>,
    /// What came with a form, once it was read.
    pub(crate) sent: Arc<OnceLock<FormSent>>,
}

impl Visitor {
    /// The node.
    pub fn node(&self) -> &Node {
        &self.site.inner.node
    }

    /// What the visitor may see; without signing in, what everyone may.
    pub fn viewer(&self) -> &Viewer {
        self.actor
            .as_ref()
            .map_or(&self.public, |actor| &actor.viewer)
    }

    /// Notes that a list of this page that is to be whole ends after so many: the frame says so.
    pub fn ends_after(&self, most: usize) {
        self.ended.fetch_max(most, Ordering::Relaxed);
    }

    /// The sentence that says so, where a list ended early so far.
    pub fn ended(&self) -> Option<String> {
        let most = self.ended.load(Ordering::Relaxed);
        (most > 0).then(|| self.words.t1("frame-ended", "n", most))
    }

    /// The time of the request.
    pub fn at(&self) -> Timestamp {
        Timestamp::from_micros(self.now)
    }

    /// The person who signed in.
    pub fn person(&self) -> Option<&ObjectId> {
        self.actor.as_ref().map(|actor| &actor.person)
    }

    /// In whose name the visitor acts on the node, which checks it again where the thing is done.
    ///
    /// # Errors
    /// [`Failure::SignIn`] for whoever did not sign in.
    pub fn acting(&self) -> Result<node::Actor, Failure> {
        self.actor.clone().ok_or(Failure::SignIn)
    }

    /// Whether the visitor's roles allow something: good enough to show a button. What is done is checked where it is done.
    pub fn may(&self, right: Right) -> bool {
        self.actor.as_ref().is_some_and(|actor| actor.may(right))
    }

    /// Whether the visitor has a role.
    pub fn has(&self, role: Role) -> bool {
        self.actor
            .as_ref()
            .is_some_and(|actor| actor.roles.has(role))
    }
}

impl<S: Sync> FromRequestParts<S> for Visitor {
    type Rejection = StatusCode;

    /// The prelude has put it there; a route that is mounted past it has no visitor.
    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, StatusCode> {
        let visitor = parts.extensions.get::<Self>().cloned();
        visitor.ok_or(StatusCode::INTERNAL_SERVER_ERROR)
    }
}
