//! `/account`: what is one's own here: ways to sign in, recovery codes, where one is signed in, tokens, the language of pages.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use node::Actor;
use node::users::{NewToken, Scope, User};

use super::{Carries as _, choose, refusal};
use crate::locale::Words;
use crate::parts::form::{Choice, Field, Form, Input, Typed};
use crate::shell::answer::{Move, Page, Reply, nothing};
use crate::shell::failure::Failure;
use crate::shell::frame::Frame;
use crate::shell::shown::shown;
use crate::shell::visitor::Visitor;

#[derive(Template)]
#[template(path = "signin/account.html")]
struct Account {
    frame: Frame,
    user: User,
    roles: String,
    passkeys: Vec<Means>,
    sessions: Vec<Place>,
    tokens: Vec<Token>,
    language: Form,
    token: Form,
    /// A token that was just made: shown this once.
    made: Option<String>,
    /// Where feeds and calendars are: what each is called, and its address.
    feeds: Vec<(String, String)>,
}

/// A way to sign in.
struct Means {
    number: i64,
    name: String,
    told: String,
}

/// Where somebody is signed in.
pub(super) struct Place {
    pub(super) number: i64,
    pub(super) origin: String,
    pub(super) told: String,
    pub(super) current: bool,
}

struct Token {
    number: i64,
    name: String,
    told: String,
    works: bool,
}

fn me(visitor: &Visitor) -> Result<&Actor, Failure> {
    visitor.actor.as_ref().ok_or(Failure::SignIn)
}

/// Where somebody is signed in, in words.
pub(super) fn places(
    visitor: &Visitor,
    person: &stix::ObjectId,
    by: &Actor,
) -> Result<Vec<Place>, Failure> {
    let words = &visitor.words;
    let all = visitor.node().sessions(person, by)?;
    Ok(all
        .into_iter()
        .map(|one| Place {
            number: one.number,
            origin: shown(&one.origin),
            told: words.t3(
                "account-place",
                "method",
                words.t(&format!("method-{}", one.method)),
                "since",
                words.moment(one.created),
                "seen",
                words.moment(one.seen),
            ),
            current: by.session == Some(one.number),
        })
        .collect())
}

fn used(words: &Words, created: i64, used: Option<i64>) -> String {
    let created = words.moment(created);
    match used {
        Some(used) => words.t2(
            "account-used",
            "created",
            created,
            "used",
            words.moment(used),
        ),
        None => words.t1("account-unused", "created", created),
    }
}

fn language_form(visitor: &Visitor, chosen: Option<&str>) -> Result<Form, Failure> {
    let words = &visitor.words;
    let form = Form::new(
        visitor,
        "account-language",
        "/account/language",
        words.t("account-language-verb"),
    )?;
    let by_browser = Choice::new("", words.t("account-language-auto"));
    let languages = visitor
        .site
        .languages()
        .map(|language| Choice::new(language.tag(), language.t("language-name")));
    Ok(form.field(
        Field::new(
            "language",
            words.t("frame-language"),
            Input::List(std::iter::once(by_browser).chain(languages).collect()),
        )
        .with(chosen.unwrap_or_default()),
    ))
}

fn token_form(visitor: &Visitor) -> Result<Form, Failure> {
    let words = &visitor.words;
    let form = Form::new(
        visitor,
        "account-token",
        "/account/tokens",
        words.t("account-token-verb"),
    )?;
    let scopes = Scope::ALL.map(|scope| {
        let name = words.t(&format!("account-scope-{}", scope.as_str()));
        Choice::new(scope.as_str(), name)
    });
    let scopes = scopes.to_vec();
    Ok(form.fields([
        Field::new("name", words.t("account-token-name"), Input::Line)
            .hint(words.t("account-token-name-hint")),
        Field::new("scope", words.t("account-token-scope"), Input::One(scopes)).with("read"),
        Field::new("days", words.t("account-token-days"), Input::Number).with("90"),
    ]))
}

/// The addresses of what can be followed, with a token for feeds that was just made.
fn followed(visitor: &Visitor, token: Option<&str>) -> Vec<(String, String)> {
    let at = crate::feeds::base(visitor);
    let end = token.map_or_else(String::new, |token| format!("?token={token}"));
    let all = visitor.site.desks().flat_map(|desk| desk.feeds());
    all.map(|(path, key)| (visitor.words.t(key), format!("{at}{path}{end}")))
        .collect()
}

fn page(visitor: &Visitor, token: Form, made: Option<(Scope, String)>) -> Result<Page, Failure> {
    let (actor, node, words) = (me(visitor)?, visitor.node(), &visitor.words);
    let user = node.user(&actor.person, actor)?.ok_or(Failure::SignIn)?;
    let roles: Vec<String> = user
        .roles
        .iter()
        .map(|role| words.t(&format!("role-{role}")))
        .collect();
    let passkeys = user
        .means
        .passkeys
        .iter()
        .map(|(number, name, created, last)| Means {
            number: *number,
            name: if name.is_empty() {
                words.t("account-passkey")
            } else {
                shown(name)
            },
            told: used(words, *created, *last),
        });
    let passkeys = passkeys.collect();
    let sessions = places(visitor, &actor.person, actor)?;
    let tokens = node.tokens(&actor.person, actor)?;
    let tokens = tokens.into_iter().map(|one| {
        let works = one.revoked.is_none() && visitor.now < one.expires;
        let told = match one.revoked {
            Some(at) => words.t1("account-token-revoked", "date", words.moment(at)),
            None => words.t3(
                "account-token-told",
                "scope",
                words.t(&format!("account-scope-{}", one.scope.as_str())),
                "expires",
                words.moment(one.expires),
                "used",
                used(words, one.created, one.used),
            ),
        };
        Token {
            number: one.number,
            name: shown(&one.name),
            told,
            works,
        }
    });
    let tokens = tokens.collect();
    let language = language_form(visitor, user.language.as_deref())?;
    let roles = words.list(&roles);
    let for_feeds = made.as_ref().filter(|(scope, _)| *scope == Scope::Feed);
    let feeds = followed(visitor, for_feeds.map(|(_, secret)| secret.as_str()));
    visitor.page("account-title", nothing(), |(), frame| {
        Ok(Account {
            frame,
            user,
            roles,
            passkeys,
            sessions,
            tokens,
            language,
            token,
            made: made.map(|(_, secret)| secret),
            feeds,
        })
    })
}

/// `GET /account`.
pub(super) async fn show(visitor: Visitor) -> Response {
    visitor
        .answer(|visitor| page(visitor, token_form(visitor)?.resumed(visitor)?, None))
        .await
}

/// `POST /account/language`.
pub(super) async fn language(visitor: Visitor, typed: Typed) -> Response {
    visitor
        .answer(move |visitor| -> Result<Reply, Failure> {
            let form = language_form(visitor, None)?.filled(&typed);
            let chosen = form.text("language");
            let done = visitor.node().choose_language(chosen, me(visitor)?).wait();
            done.map_err(refusal::page)?;
            form.done(visitor)?;
            // The address goes before what was chosen once in this browser.
            let to = if chosen.is_empty() {
                "/account".to_owned()
            } else {
                format!("/account?lang={chosen}")
            };
            Ok(Move::to(to).into())
        })
        .await
}

/// `POST /account/codes`: new recovery codes in place of the old.
pub(super) async fn codes(visitor: Visitor) -> Response {
    visitor
        .answer(|visitor| {
            let made = visitor.node().renew_recovery_codes(me(visitor)?).wait();
            choose::codes_page(visitor, made.map_err(refusal::page)?.to_vec())
        })
        .await
}

/// `POST /account/means/drop`: a passkey, by its number; or password and codes.
pub(super) async fn drop_means(visitor: Visitor, typed: Typed) -> Response {
    visitor
        .answer(move |visitor| -> Result<Reply, Failure> {
            let passkey = match typed.text("number") {
                "" => None,
                number => Some(number.parse().map_err(|_| Failure::Absent)?),
            };
            let done = visitor.node().drop_means(passkey, me(visitor)?).wait();
            let secured = done.map_err(refusal::page)?;
            let said = visitor.words.t("account-means-dropped");
            Ok(Move::to("/account")
                .saying(said)
                .opened(visitor, &secured.opened)
                .into())
        })
        .await
}

/// `POST /account/sessions/end`: one, by its number; or all but this one.
pub(super) async fn end_session(visitor: Visitor, typed: Typed) -> Response {
    visitor
        .answer(move |visitor| -> Result<Reply, Failure> {
            let (node, actor) = (visitor.node(), me(visitor)?);
            let ended = match typed.text("number") {
                "" => node.end_sessions(&actor.person, actor).wait().map(drop),
                number => {
                    let number = number.parse().map_err(|_| Failure::Absent)?;
                    let mine = node.sessions(&actor.person, actor)?;
                    if !mine.iter().any(|one| one.number == number) {
                        return Err(Failure::Absent);
                    }
                    node.end_session(number, actor).wait()
                }
            };
            ended.map_err(refusal::page)?;
            let said = visitor.words.t("account-ended");
            Ok(Move::to("/account").saying(said).into())
        })
        .await
}

/// `POST /account/tokens`: the answer shows the new token, this once.
pub(super) async fn add_token(visitor: Visitor, typed: Typed) -> Response {
    visitor
        .answer(move |visitor| -> Result<Reply, Failure> {
            let mut form = token_form(visitor)?.filled(&typed);
            let name = form.need("name");
            let days = form.need("days").parse().unwrap_or(0);
            if !(1..=366).contains(&days) {
                form.wrong("days", visitor.words.t("account-token-days-wrong"));
            }
            if form.is_wrong() {
                form.keep(visitor)?;
                return Ok(page(visitor, form, None)?
                    .with_status(StatusCode::UNPROCESSABLE_ENTITY)
                    .into());
            }
            let scope = Scope::named(form.text("scope")).unwrap_or(Scope::Feed);
            let new = NewToken { name, scope, days };
            let made = visitor.node().add_token(new, me(visitor)?).wait();
            let made = made.map_err(refusal::page)?;
            form.done(visitor)?;
            Ok(page(
                visitor,
                token_form(visitor)?,
                Some((scope, made.to_string())),
            )?
            .into())
        })
        .await
}

/// `POST /account/tokens/revoke`.
pub(super) async fn revoke(visitor: Visitor, typed: Typed) -> Response {
    visitor
        .answer(move |visitor| -> Result<Reply, Failure> {
            let (node, actor) = (visitor.node(), me(visitor)?);
            let number = typed.text("number").parse().map_err(|_| Failure::Absent)?;
            let mine = node.tokens(&actor.person, actor)?;
            if !mine.iter().any(|one| one.number == number) {
                return Err(Failure::Absent);
            }
            node.revoke_token(number, actor)
                .wait()
                .map_err(refusal::page)?;
            let said = visitor.words.t("account-revoked");
            Ok(Move::to("/account").saying(said).into())
        })
        .await
}
