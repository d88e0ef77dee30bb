//! Who visits, in which language and theme, at what time, where.

use std::collections::BTreeSet;

use axum::extract::FromRequestParts;
use axum::http::StatusCode;
use axum::http::request::Parts;
use node::Node;
use policy::Viewer;
use stix::{ObjectId, Timestamp};

use super::failure::Failure;
use super::site::Site;
use crate::locale::Words;

/// What somebody may do on this node. A role is a right on records, not to see them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// Reads what is released.
    Reader,
    /// Writes drafts and records.
    Editor,
    /// Lets records leave.
    Releaser,
    /// Keeps the node: people, peers, settings. Reads no more than others.
    Administrator,
    /// Reads the trail of what was done.
    Auditor,
}

impl Role {
    /// All of them.
    pub const ALL: [Self; 5] = [
        Self::Reader,
        Self::Editor,
        Self::Releaser,
        Self::Administrator,
        Self::Auditor,
    ];

    /// Its name in addresses and locale keys.
    pub fn name(self) -> &'static str {
        match self {
            Self::Reader => "reader",
            Self::Editor => "editor",
            Self::Releaser => "releaser",
            Self::Administrator => "administrator",
            Self::Auditor => "auditor",
        }
    }
}

/// Somebody who signed in.
#[derive(Debug, Clone)]
pub struct Actor {
    /// The person; `None` for whoever reads the node's terminal, in nobody's name.
    pub person: Option<ObjectId>,
    /// The name to show.
    pub name: Option<String>,
    /// What the person may do.
    pub roles: BTreeSet<Role>,
    /// What the person may see.
    pub viewer: Viewer,
}

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
    /// What the last form left to say.
    pub(crate) said: Option<String>,
    pub(crate) public: Viewer,
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

    /// The time of the request.
    pub fn at(&self) -> Timestamp {
        Timestamp::from_micros(self.now)
    }

    /// The person who signed in, if it was a person.
    pub fn person(&self) -> Option<&ObjectId> {
        self.actor.as_ref()?.person.as_ref()
    }

    /// In whose name the visitor acts on the node, which checks it again where the thing is done.
    ///
    /// # Errors
    /// [`Failure::SignIn`] for whoever did not sign in.
    pub fn acting(&self) -> Result<node::Actor, Failure> {
        let actor = self.actor.as_ref().ok_or(Failure::SignIn)?;
        let name = actor.name.as_deref().unwrap_or("terminal");
        Ok(self.node().at_terminal(name))
    }

    /// Whether the visitor has a role.
    pub fn has(&self, role: Role) -> bool {
        self.actor
            .as_ref()
            .is_some_and(|actor| actor.roles.contains(&role))
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
