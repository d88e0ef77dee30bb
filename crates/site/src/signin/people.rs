//! `/users`: who signs in here. Administrators invite, give roles, suspend, help back in.

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use node::Actor;
use node::users::{NewUser, Once, OneTime, Roles, State, User, UserChange};
use stix::ObjectId;

use super::account::{Place, places};
use super::refusal;
use crate::parts::form::{Choice, Field, Form, Input, Typed};
use crate::shell::answer::{Move, Page, Reply, nothing};
use crate::shell::failure::Failure;
use crate::shell::frame::Frame;
use crate::shell::shown::shown;
use crate::shell::visitor::{Role, Visitor};

#[derive(Template)]
#[template(path = "signin/users.html")]
struct Users {
    frame: Frame,
    count: String,
    users: Vec<Row>,
}

struct Row {
    path: String,
    name: String,
    function: String,
    login: String,
    roles: String,
    sign: &'static str,
    state: String,
    means: String,
}

#[derive(Template)]
#[template(path = "signin/user.html")]
struct Show {
    frame: Frame,
    user: User,
    path: String,
    name: String,
    sign: &'static str,
    state: String,
    means: String,
    form: Form,
    openid: Option<Form>,
    sessions: Vec<Place>,
    suspended: bool,
    /// Whether it is the page of the one who reads it.
    own: bool,
}

#[derive(Template)]
#[template(path = "signin/form.html")]
struct New {
    frame: Frame,
    lead: String,
    more: Vec<String>,
    form: Form,
}

#[derive(Template)]
#[template(path = "signin/link.html")]
struct Link {
    frame: Frame,
    lead: String,
    link: String,
    until: String,
    back: String,
}

fn me(visitor: &Visitor) -> Result<&Actor, Failure> {
    visitor.actor.as_ref().ok_or(Failure::SignIn)
}

fn state(visitor: &Visitor, state: State) -> (&'static str, String) {
    let sign = match state {
        State::Active => "good",
        State::Invited => "wait",
        State::Suspended => "off",
    };
    (sign, visitor.words.t(&format!("user-{}", state.as_str())))
}

fn means(visitor: &Visitor, user: &User) -> String {
    let words = &visitor.words;
    let mut all = Vec::new();
    let passkeys = user.means.passkeys.len();
    if passkeys > 0 {
        all.push(words.t1("user-passkeys", "n", i64::try_from(passkeys).unwrap_or(0)));
    }
    if user.means.password && user.means.totp {
        all.push(words.t("user-password"));
    }
    for (_, issuer) in &user.means.openid {
        all.push(shown(issuer));
    }
    if all.is_empty() {
        words.t("user-nothing")
    } else {
        words.list(&all)
    }
}

fn named(visitor: &Visitor, roles: &Roles) -> String {
    let all: Vec<String> = roles
        .iter()
        .map(|role| visitor.words.t(&format!("role-{role}")))
        .collect();
    visitor.words.list(&all)
}

/// `GET /users`.
pub(super) async fn list(visitor: Visitor) -> Response {
    visitor
        .answer(|visitor| {
            let mut users = visitor.node().users(me(visitor)?)?;
            visitor.words.sort(&mut users, |user| &user.name);
            let n = i64::try_from(users.len()).unwrap_or(0);
            let count = visitor.words.t1("users-count", "n", n);
            let users = users.iter().map(|user| {
                let (sign, state) = state(visitor, user.state);
                Row {
                    path: format!("/users/{}", user.person.uuid()),
                    name: shown(&user.name),
                    function: shown(&user.function),
                    login: shown(&user.login),
                    roles: named(visitor, &user.roles),
                    sign,
                    state,
                    means: means(visitor, user),
                }
            });
            let users = users.collect();
            visitor.page("users-title", nothing(), |(), frame| {
                Ok(Users {
                    frame,
                    count,
                    users,
                })
            })
        })
        .await
}

fn roles(visitor: &Visitor) -> Field {
    let words = &visitor.words;
    let choices = Role::ALL.map(|role| {
        Choice::new(role.as_str(), words.t(&format!("role-{role}")))
            .meaning(words.t(&format!("role-means-{role}")))
    });
    Field::new("roles", words.t("user-roles"), Input::Any(choices.to_vec()))
}

fn new_form(visitor: &Visitor) -> Result<Form, Failure> {
    let words = &visitor.words;
    let form = Form::new(visitor, "user-new", "/users/new", words.t("user-invite"))?;
    Ok(form.long().fields([
        Field::new("name", words.t("user-name"), Input::Line),
        Field::new("function", words.t("user-function"), Input::Line).optional(),
        Field::new("login", words.t("user-login"), Input::Line)
            .hint(words.t("user-login-hint"))
            .optional(),
        Field::new("email", words.t("user-email"), Input::Mail)
            .hint(words.t("user-email-hint"))
            .optional(),
        roles(visitor).with("reader"),
    ]))
}

fn new_page(visitor: &Visitor, form: Form) -> Result<Page, Failure> {
    let lead = visitor.words.t("user-new-lead");
    visitor.page("user-new-title", nothing(), |(), frame| {
        let name = frame.t("users-title");
        Ok(New {
            frame: frame.under("/users", name),
            lead,
            more: Vec::new(),
            form,
        })
    })
}

/// `GET /users/new`.
pub(super) async fn new(visitor: Visitor) -> Response {
    visitor
        .answer(|visitor| new_page(visitor, new_form(visitor)?.resumed(visitor)?))
        .await
}

fn chosen(form: &Form) -> Result<Roles, Failure> {
    Ok(Roles::parse(&form.chosen("roles").join(","))?)
}

/// `POST /users/new`: the answer shows the link, this once.
pub(super) async fn invite(visitor: Visitor, typed: Typed) -> Response {
    visitor
        .answer(move |visitor| -> Result<Reply, Failure> {
            let mut form = new_form(visitor)?.filled(&typed);
            let name = form.need_name("name");
            if form.chosen("roles").is_empty() {
                form.wrong("roles", visitor.words.t("user-no-role"));
            }
            if !form.is_wrong() {
                let new = NewUser {
                    name: name.clone(),
                    function: form.text("function").to_owned(),
                    login: form.text("login").to_owned(),
                    roles: chosen(&form)?,
                    language: None,
                    email: Some(form.text("email").to_owned()),
                };
                match visitor.node().invite(new, me(visitor)?).wait() {
                    Ok((person, code)) => {
                        form.done(visitor)?;
                        return Ok(link(visitor, &person, &name, &code)?.into());
                    }
                    Err(error) if error.is::<node::Refused>() => return Err(refusal::page(error)),
                    Err(error) => {
                        tracing::info!(error = format!("{error:#}"), "user.refused");
                        form.wrong("login", visitor.words.t("user-taken"));
                    }
                }
            }
            form.keep(visitor)?;
            Ok(new_page(visitor, form)?
                .with_status(StatusCode::UNPROCESSABLE_ENTITY)
                .into())
        })
        .await
}

/// A link to hand over, shown this once.
fn link(visitor: &Visitor, person: &ObjectId, name: &str, code: &OneTime) -> Result<Page, Failure> {
    let words = &visitor.words;
    let scheme = if visitor.caller.secure {
        "https"
    } else {
        "http"
    };
    let lead = words.t1("user-link-lead", "name", shown(name));
    let link = format!("{scheme}://{}{}", visitor.caller.host, code.path());
    let until = words.t1("user-link-until", "date", words.moment(code.expires));
    let back = format!("/users/{}", person.uuid());
    visitor.page("user-link-title", nothing(), |(), frame| {
        let name = frame.t("users-title");
        Ok(Link {
            frame: frame.under("/users", name),
            lead,
            link,
            until,
            back,
        })
    })
}

fn found(visitor: &Visitor, id: &str) -> Result<(ObjectId, User), Failure> {
    let person = ObjectId::parse(&format!("identity--{id}")).map_err(|_| Failure::Absent)?;
    let user = visitor.node().user(&person, me(visitor)?)?;
    Ok((person, user.ok_or(Failure::Absent)?))
}

fn change_form(visitor: &Visitor, user: &User) -> Result<Form, Failure> {
    let words = &visitor.words;
    let id = user.person.uuid();
    let form = Form::new(
        visitor,
        format!("user-edit {id}"),
        format!("/users/{id}"),
        words.t("user-save"),
    )?;
    let now = user.roles.iter().map(|role| role.as_str().to_owned());
    Ok(form.long().fields([
        Field::new("function", words.t("user-function"), Input::Line)
            .with(user.function.clone())
            .optional(),
        Field::new("email", words.t("user-email"), Input::Mail)
            .with(user.email.clone().unwrap_or_default())
            .optional(),
        roles(visitor).with_all(now.collect()),
    ]))
}

/// Who somebody is at the provider of identities, where there is one and they are not bound yet.
fn openid_form(visitor: &Visitor, user: &User) -> Result<Option<Form>, Failure> {
    let Some(name) = visitor.openid_name() else {
        return Ok(None);
    };
    let (words, id) = (&visitor.words, user.person.uuid());
    let form = Form::new(
        visitor,
        format!("user-openid {id}"),
        format!("/users/{id}/openid"),
        words.t("user-openid-verb"),
    )?;
    let label = words.t1("user-openid-subject", "name", name);
    let field = Field::new("subject", label, Input::Line).hint(words.t("user-openid-hint"));
    Ok(Some(form.field(field)))
}

fn show_page(visitor: &Visitor, user: User, form: Form) -> Result<Page, Failure> {
    let openid = openid_form(visitor, &user)?;
    show_with(visitor, user, form, openid)
}

fn show_with(
    visitor: &Visitor,
    user: User,
    form: Form,
    openid: Option<Form>,
) -> Result<Page, Failure> {
    let sessions = places(visitor, &user.person, me(visitor)?)?;
    let own = me(visitor)?.person == user.person;
    let (sign, state) = state(visitor, user.state);
    let means = means(visitor, &user);
    let name = shown(&user.name);
    visitor.page_called(&name.clone(), nothing(), |(), frame| {
        let above = frame.t("users-title");
        Ok(Show {
            frame: frame.under("/users", above),
            path: format!("/users/{}", user.person.uuid()),
            name,
            sign,
            state,
            means,
            form,
            openid,
            sessions,
            suspended: user.state == State::Suspended,
            own,
            user,
        })
    })
}

/// `GET /users/{id}`.
pub(super) async fn show(visitor: Visitor, Path(id): Path<String>) -> Response {
    visitor
        .answer(move |visitor| {
            let (_, user) = found(visitor, &id)?;
            let form = change_form(visitor, &user)?;
            show_page(visitor, user, form)
        })
        .await
}

/// `POST /users/{id}`: function, address, roles; nothing else of a person can be written here.
pub(super) async fn change(visitor: Visitor, Path(id): Path<String>, typed: Typed) -> Response {
    visitor
        .answer(move |visitor| -> Result<Reply, Failure> {
            let (person, user) = found(visitor, &id)?;
            let mut form = change_form(visitor, &user)?.filled(&typed);
            let new = UserChange {
                roles: Some(chosen(&form)?),
                function: Some(form.text("function").to_owned()),
                email: Some(form.text("email").to_owned()),
                ..UserChange::default()
            };
            match visitor
                .node()
                .change_user(&person, new, me(visitor)?)
                .wait()
            {
                Ok(()) => {
                    let said = visitor.words.t("user-saved");
                    Ok(Move::to(format!("/users/{id}")).saying(said).into())
                }
                Err(error) if error.is::<node::Refused>() => {
                    form.wrong("roles", refusal::sentence(visitor, error)?);
                    Ok(show_page(visitor, user, form)?
                        .with_status(StatusCode::CONFLICT)
                        .into())
                }
                Err(_) => {
                    form.wrong("email", visitor.words.t("user-email-wrong"));
                    Ok(show_page(visitor, user, form)?
                        .with_status(StatusCode::UNPROCESSABLE_ENTITY)
                        .into())
                }
            }
        })
        .await
}

/// `POST /users/{id}/openid`: they sign in as this subject of the provider from now on.
pub(super) async fn bind(visitor: Visitor, Path(id): Path<String>, typed: Typed) -> Response {
    visitor
        .answer(move |visitor| -> Result<Reply, Failure> {
            let (person, user) = found(visitor, &id)?;
            let issuer = visitor.site.inner.openid.as_ref().ok_or(Failure::Absent)?;
            let form = openid_form(visitor, &user)?.ok_or(Failure::Absent)?;
            let mut form = form.filled(&typed);
            let subject = form.need("subject");
            if !form.is_wrong() {
                let done =
                    visitor
                        .node()
                        .bind_openid(&person, issuer.issuer(), &subject, me(visitor)?);
                match done.wait() {
                    Ok(()) => {
                        form.done(visitor)?;
                        let said = visitor.words.t("user-openid-bound");
                        return Ok(Move::to(format!("/users/{id}")).saying(said).into());
                    }
                    Err(error) => form.wrong("subject", refusal::sentence(visitor, error)?),
                }
            }
            let change = change_form(visitor, &user)?;
            Ok(show_with(visitor, user, change, Some(form))?
                .with_status(StatusCode::UNPROCESSABLE_ENTITY)
                .into())
        })
        .await
}

/// `POST /users/{id}/openid/drop`: that is over; so are their sessions.
pub(super) async fn unbind(visitor: Visitor, Path(id): Path<String>, typed: Typed) -> Response {
    visitor
        .answer(move |visitor| -> Result<Reply, Failure> {
            let (person, user) = found(visitor, &id)?;
            let number = typed.text("number").parse().map_err(|_| Failure::Absent)?;
            if !user.means.openid.iter().any(|(own, _)| *own == number) {
                return Err(Failure::Absent);
            }
            let done = visitor.node().unbind_openid(&person, number, me(visitor)?);
            done.wait().map_err(refusal::page)?;
            let said = visitor.words.t("user-openid-dropped");
            Ok(Move::to(format!("/users/{id}")).saying(said).into())
        })
        .await
}

/// `POST /users/{id}/suspend`: or let in again.
pub(super) async fn suspend(visitor: Visitor, Path(id): Path<String>) -> Response {
    visitor
        .answer(move |visitor| -> Result<Reply, Failure> {
            let (person, user) = found(visitor, &id)?;
            let suspended = user.state != State::Suspended;
            let new = UserChange {
                suspended: Some(suspended),
                ..UserChange::default()
            };
            let done = visitor
                .node()
                .change_user(&person, new, me(visitor)?)
                .wait();
            done.map_err(refusal::page)?;
            let said = if suspended {
                visitor.words.t("user-suspended-said")
            } else {
                visitor.words.t("user-let-in-said")
            };
            Ok(Move::to(format!("/users/{id}")).saying(said).into())
        })
        .await
}

/// `POST /users/{id}/recover`: the answer shows the link, this once.
pub(super) async fn recover(visitor: Visitor, Path(id): Path<String>) -> Response {
    visitor
        .answer(move |visitor| {
            let (person, user) = found(visitor, &id)?;
            let kind = match user.state {
                State::Invited => Once::Invitation,
                _ => Once::Recovery,
            };
            let code = visitor.node().one_time(&person, kind, me(visitor)?).wait();
            link(visitor, &person, &user.name, &code.map_err(refusal::page)?)
        })
        .await
}

/// `POST /users/{id}/end`: everywhere, or one place by its number.
pub(super) async fn end(visitor: Visitor, Path(id): Path<String>, typed: Typed) -> Response {
    visitor
        .answer(move |visitor| -> Result<Reply, Failure> {
            let (person, _) = found(visitor, &id)?;
            let (node, actor) = (visitor.node(), me(visitor)?);
            let ended = match typed.text("number") {
                "" => node.end_sessions(&person, actor).wait().map(drop),
                number => {
                    let number = number.parse().map_err(|_| Failure::Absent)?;
                    let theirs = node.sessions(&person, actor)?;
                    if !theirs.iter().any(|one| one.number == number) {
                        return Err(Failure::Absent);
                    }
                    node.end_session(number, actor).wait()
                }
            };
            ended.map_err(refusal::page)?;
            let said = visitor.words.t("user-ended");
            Ok(Move::to(format!("/users/{id}")).saying(said).into())
        })
        .await
}
