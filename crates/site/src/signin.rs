//! How people come in, and what is theirs: set-up, signing in and out, one's own account, those who sign in, the programs.
//!
//! Invariant: a page here holds no record. Whether somebody may change something is decided where it is changed, in `node::users`.

mod account;
mod caller;
mod choose;
mod code;
mod enter;
mod openid;
mod people;
mod programs;
mod qr;
pub(crate) mod refusal;
mod set_up;

use axum::http::Method;
use axum::http::header::SET_COOKIE;
use node::users::Opened;

use crate::shell::answer::{Move, Page};
use crate::shell::desk::{Desk, Nav, Section};
use crate::shell::routes::{Routes, Who};
use crate::shell::visitor::{Role, Visitor};

pub(crate) use caller::Caller;
pub use caller::OverTls;
pub(crate) use openid::OpenId;
pub use set_up::SetUp;

pub(crate) struct SignIn;

impl Desk for SignIn {
    fn name(&self) -> &'static str {
        "signin"
    }

    fn nav(&self) -> Vec<Nav> {
        let entry = |path, key, letter, role| Nav {
            section: Section::Access,
            path,
            key,
            letter,
            role,
        };
        vec![
            entry("/account", "account-title", 'm', None),
            entry("/users", "users-title", 'w', Some(Role::Administrator)),
            entry(
                "/programs",
                "programs-title",
                'o',
                Some(Role::Administrator),
            ),
        ]
    }

    fn routes(&self) -> Routes {
        let admin = Who::Role(Role::Administrator);
        Routes::new()
            .page("/setup", Who::Everyone, set_up::show)
            .form("/setup", Who::Everyone, set_up::begin)
            .page("/setup/participant", admin, set_up::participant)
            .form("/setup/participant", admin, set_up::name_organs)
            .page("/setup/languages", admin, set_up::languages)
            .form("/setup/languages", admin, set_up::finish)
            .page("/sign-in", Who::Everyone, enter::show)
            .form("/sign-in", Who::Everyone, enter::sign_in)
            .api(
                Method::POST,
                "/sign-in/passkey/begin",
                Who::Everyone,
                enter::begin_passkey,
            )
            .form("/sign-in/passkey", Who::Everyone, enter::passkey)
            .form("/sign-in/openid", Who::Everyone, openid::sign_in)
            .page(openid::BACK, Who::Everyone, openid::come_back)
            .form("/account/openid", Who::Choosing, openid::bind)
            .form("/sign-out", Who::Choosing, enter::sign_out)
            .page("/enter", Who::Everyone, enter::by_link)
            .form("/enter", Who::Everyone, enter::use_link)
            .page("/welcome", Who::Everyone, enter::welcome)
            .form("/welcome", Who::Everyone, enter::redeem)
            .page("/account/choose", Who::Choosing, choose::show)
            .form("/account/choose", Who::Choosing, choose::password)
            .api(
                Method::POST,
                "/account/passkeys/begin",
                Who::Choosing,
                choose::begin_passkey,
            )
            .form("/account/passkeys", Who::Choosing, choose::passkey)
            .page("/account", Who::SignedIn, account::show)
            .form("/account/language", Who::SignedIn, account::language)
            .form("/account/codes", Who::SignedIn, account::codes)
            .form("/account/means/drop", Who::SignedIn, account::drop_means)
            .form("/account/sessions/end", Who::SignedIn, account::end_session)
            .form("/account/tokens", Who::SignedIn, account::add_token)
            .form("/account/tokens/revoke", Who::SignedIn, account::revoke)
            .page("/users", admin, people::list)
            .page("/users/new", admin, people::new)
            .form("/users/new", admin, people::invite)
            .page("/users/{id}", admin, people::show)
            .form("/users/{id}", admin, people::change)
            .form("/users/{id}/suspend", admin, people::suspend)
            .form("/users/{id}/recover", admin, people::recover)
            .form("/users/{id}/end", admin, people::end)
            .form("/users/{id}/openid", admin, people::bind)
            .form("/users/{id}/openid/drop", admin, people::unbind)
            .page("/programs", admin, programs::list)
            .page("/programs/new", admin, programs::new)
            .form("/programs/new", admin, programs::add)
            .form("/programs/revoke", admin, programs::revoke)
    }
}

/// Something that can carry the cookie of a new or renewed session.
pub(super) trait Carries: Sized {
    /// With the session's cookie.
    fn opened(self, visitor: &Visitor, opened: &Opened) -> Self;
}

impl Carries for Move {
    fn opened(self, visitor: &Visitor, opened: &Opened) -> Self {
        let cookies = &visitor.site.inner.cookies;
        match cookies.session(&opened.secret, visitor.caller.secure) {
            Some(cookie) => self.with_header(SET_COOKIE, cookie),
            None => self,
        }
    }
}

impl Carries for Page {
    fn opened(self, visitor: &Visitor, opened: &Opened) -> Self {
        let cookies = &visitor.site.inner.cookies;
        match cookies.session(&opened.secret, visitor.caller.secure) {
            Some(cookie) => self.with_header(SET_COOKIE, cookie),
            None => self,
        }
    }
}

/// An address of this site to go on to; nothing else is one.
pub(super) fn next_of(text: &str) -> String {
    let own = text.starts_with('/') && !text.starts_with("//") && !text.contains('\\');
    let plain = text.len() <= 500 && !text.contains(char::is_control);
    if own && plain {
        text.to_owned()
    } else {
        "/".to_owned()
    }
}
