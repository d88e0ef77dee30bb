//! The site of a node: its desks and rooms, put together and mounted.

use std::sync::Arc;

use axum::http::header::ALLOW;
use axum::http::{HeaderValue, Method, StatusCode};
use axum::response::{IntoResponse as _, Response};
use axum::{Router, middleware};
use include_dir::{Dir, include_dir};
use node::Node;
use tokio::sync::Semaphore;

use super::answer::Move;
use super::assets;
use super::clashes::clashes;
use super::cookies::Cookies;
use super::desk::Desk;
use super::failure::Failure;
use super::headers::secure;
use super::prelude::prelude;
use super::routes::{Kind, Route, Routes};
use super::visitor::Visitor;
use crate::api::{Operation, Problem, document, is_for_programs};
use crate::locale::{Locales, Words};
use crate::rooms;
use crate::signin::{OpenId, SetUp};

/// The texts of this package.
pub(crate) static LOCALES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/locales");

/// What the operator decides about pages.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    /// Whether the shared parts are shown on `/design`, and the pseudo-languages offered.
    pub design: bool,
    /// Whether places are drawn on maps.
    pub maps: bool,
    /// The name of the exercise that this node is in, if it is.
    pub exercise: Option<String>,
}

/// The pages of a node. All clones are one.
#[derive(Clone)]
pub struct Site {
    pub(crate) inner: Arc<Inner>,
}

pub(crate) struct Inner {
    pub(crate) node: Node,
    pub(crate) set_up: Arc<SetUp>,
    pub(crate) openid: Option<Arc<OpenId>>,
    pub(crate) desks: Vec<Box<dyn Desk>>,
    pub(crate) locales: Locales,
    pub(crate) cookies: Cookies,
    pub(crate) settings: Settings,
    pub(crate) list: Vec<Route>,
    pub(crate) operations: Vec<Operation>,
    pub(crate) described: serde_json::Value,
    /// How many answers may be made at once. More would not be ready sooner, and each takes a connection to the store and memory.
    pub(crate) making: Semaphore,
}

/// How many answers are made at once for each processor: some of them wait for the disk.
const AT_ONCE: usize = 4;

fn processors() -> usize {
    std::thread::available_parallelism().map_or(1, std::num::NonZero::get)
}

impl Site {
    /// Puts the rooms of the node and these desks together: the site, and what answers at its addresses.
    ///
    /// # Panics
    /// When two of them have the same name, letter, address, text or schema: it says which. The program is wrong then, not its input.
    pub fn mount(
        node: &Node,
        set_up: &Arc<SetUp>,
        desks: Vec<Box<dyn Desk>>,
        settings: Settings,
    ) -> (Self, Router) {
        let all: Vec<Box<dyn Desk>> = desks.into_iter().chain(rooms::all(&settings)).collect();
        let mut routes = Routes::of_parts()
            .asset("/assets/{*name}", assets::show)
            .asset("/favicon.ico", assets::no_icon);
        let clashes = clashes(&all, &LOCALES, routes.list());
        assert!(clashes.is_empty(), "{}", clashes.join("\n"));
        for desk in &all {
            routes = routes.and(desk.routes());
        }
        let (router, list, operations) = routes.into_parts();
        let mut schemas = serde_json::Map::new();
        for desk in &all {
            if let serde_json::Value::Object(own) = desk.schemas() {
                schemas.extend(own);
            }
        }
        let described = document(&operations, schemas);
        let folders = all.iter().filter_map(|desk| desk.locales());
        let locales = Locales::new([&LOCALES].into_iter().chain(folders), settings.design);
        let site = Self {
            inner: Arc::new(Inner {
                cookies: Cookies::new(node),
                openid: OpenId::of(node),
                node: node.clone(),
                set_up: Arc::clone(set_up),
                desks: all,
                locales,
                settings,
                list,
                operations,
                described,
                making: Semaphore::new(AT_ONCE * processors()),
            }),
        };
        let router = router
            .fallback(absent)
            .method_not_allowed_fallback(not_so)
            .layer(middleware::from_fn_with_state(site.clone(), prelude))
            .layer(middleware::from_fn(secure))
            .with_state(site.clone());
        (site, router)
    }

    /// Every address, with who may come there and what it gives.
    pub fn routes(&self) -> &[Route] {
        &self.inner.list
    }

    /// The OpenAPI document of what is served for programs.
    pub fn described(&self) -> &serde_json::Value {
        &self.inner.described
    }

    /// What is served for programs and stated nowhere, or stated and served nowhere.
    pub fn astray(&self) -> Vec<String> {
        crate::api::astray(&self.inner.operations, &self.inner.list)
    }

    /// The node.
    pub fn node(&self) -> &Node {
        &self.inner.node
    }

    /// The languages.
    pub fn languages(&self) -> impl Iterator<Item = Words> {
        self.inner.locales.all()
    }

    pub(crate) fn desks(&self) -> impl Iterator<Item = &dyn Desk> {
        self.inner.desks.iter().map(AsRef::as_ref)
    }

    /// Whether places are drawn on maps; see [`Map`](crate::parts::figure::Map).
    pub fn maps(&self) -> bool {
        self.inner.settings.maps
    }

    /// Whether a feed or calendar is served at a path; a file to take along is none.
    pub(crate) fn is_feed(&self, path: &str) -> bool {
        let ends = [".atom", ".json", ".ics"];
        if !ends.iter().any(|end| path.ends_with(end)) {
            return false;
        }
        let mut feeds = self
            .inner
            .list
            .iter()
            .filter(|route| route.kind == Kind::Feed);
        feeds.any(|route| fits(route.path, path))
    }

    /// The page at a path, or the nearest one above it.
    pub(crate) fn page_at(&self, path: &str) -> Option<String> {
        // An address that stands among the routes as it is is no other's, whatever pattern it fits.
        let is_page = |path: &str| {
            let exact = self.has(path);
            let mut pages = self
                .inner
                .list
                .iter()
                .filter(|route| route.kind == Kind::Page && route.method == Method::GET);
            pages.any(|route| match exact {
                true => route.path == path,
                false => fits(route.path, path),
            })
        };
        let mut path = path;
        while !is_page(path) {
            path = path.rsplit_once('/')?.0;
        }
        Some(path.to_owned())
    }

    /// The methods that an address has.
    fn methods_at(&self, path: &str) -> Vec<&str> {
        let own = self.inner.list.iter();
        let own = own.filter(|route| fits(route.path, path));
        let mut methods: Vec<&str> = own.map(|route| route.method.as_str()).collect();
        methods.sort_unstable();
        methods.dedup();
        methods
    }

    pub(crate) fn has(&self, path: &str) -> bool {
        self.inner.list.iter().any(|route| route.path == path)
    }
}

/// Whether an address is one of a pattern's.
fn fits(pattern: &str, path: &str) -> bool {
    let (mut own, mut asked) = (pattern.split('/'), path.split('/'));
    loop {
        match (own.next(), asked.next()) {
            (None, None) => return true,
            (Some(own), Some(asked)) if own == asked || own.starts_with('{') => {}
            _ => return false,
        }
    }
}

/// Where something is sent to and nothing is shown: whoever looks there, to read an answer in another language say, comes to the page above it.
async fn not_so(visitor: Visitor, method: Method) -> Response {
    let asks = method == Method::GET && !is_for_programs(&visitor.path);
    let above = visitor.site.page_at(&visitor.path).filter(|_| asks);
    match above {
        Some(path) => {
            let to = match visitor.query.is_empty() {
                true => path,
                false => format!("{path}?{}", visitor.query),
            };
            visitor.answer(move |_| Ok(Move::to(to))).await
        }
        None if asks => visitor.failed(Failure::Absent).await,
        None if is_for_programs(&visitor.path) => {
            let allowed = visitor.site.methods_at(&visitor.path).join(", ");
            let said = format!("This address has {allowed} alone.");
            let problem = Problem::new(StatusCode::METHOD_NOT_ALLOWED, "no-such-method", said);
            let mut response = visitor.failed(problem.into()).await;
            if let Ok(allowed) = HeaderValue::from_str(&allowed) {
                response.headers_mut().insert(ALLOW, allowed);
            }
            response
        }
        None => StatusCode::METHOD_NOT_ALLOWED.into_response(),
    }
}

async fn absent(visitor: Visitor) -> Response {
    visitor.failed(Failure::Absent).await
}
