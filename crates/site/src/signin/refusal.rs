//! What was refused, in the visitor's words: one sentence for each reason.

use axum::http::StatusCode;
use node::users::Weak;
use node::{Above, Meanwhile, NotTaken, Refused};

use crate::shell::failure::Failure;
use crate::shell::visitor::Visitor;

/// The sentence for something that was refused; what is none of that is an error.
pub(crate) fn sentence(visitor: &Visitor, error: anyhow::Error) -> Result<String, Failure> {
    let words = &visitor.words;
    if let Some(weak) = error.downcast_ref::<Weak>() {
        return Ok(match weak {
            Weak::Short => words.t("refused-short"),
            Weak::Long => words.t("refused-long"),
            Weak::Guessable => words.t("refused-guessable"),
        });
    }
    let Some(refused) = error.downcast_ref::<Refused>() else {
        return Err(Failure::Broken(error));
    };
    Ok(match refused {
        Refused::SignedOut => words.t("refused-signed-out"),
        Refused::Wrong => words.t("refused-wrong"),
        Refused::Slow(seconds) => words.t1("refused-slow", "seconds", *seconds),
        Refused::SamePerson(_) => words.t("refused-same-person"),
        Refused::LastAdministrator => words.t("refused-last-administrator"),
        Refused::Stale => words.t("refused-stale"),
        Refused::LastMeans => words.t("refused-last-means"),
        Refused::NoSuchCode => words.t("refused-code"),
        Refused::BoundAlready => words.t("user-openid-taken"),
        _ => words.t("refused-not-allowed"),
    })
}

/// The page for it, where there is no form to say it beside.
pub(crate) fn page(error: anyhow::Error) -> Failure {
    if error.is::<Meanwhile>() {
        return Failure::Said(StatusCode::CONFLICT, "meanwhile-title", "meanwhile-text");
    }
    if error.is::<Above>() {
        return Failure::Said(
            StatusCode::UNPROCESSABLE_ENTITY,
            "refused-title",
            "form-above",
        );
    }
    if let Some(not) = error.downcast_ref::<NotTaken>() {
        return Failure::NotTaken(not.clone());
    }
    match error.downcast_ref::<Refused>() {
        Some(Refused::SignedOut) => Failure::SignIn,
        Some(Refused::Stale) => Failure::Said(
            StatusCode::FORBIDDEN,
            "refused-stale-title",
            "refused-stale-text",
        ),
        Some(Refused::LastMeans) => {
            Failure::Said(StatusCode::CONFLICT, "refused-title", "refused-last-means")
        }
        Some(Refused::LastAdministrator) => Failure::Said(
            StatusCode::CONFLICT,
            "refused-title",
            "refused-last-administrator",
        ),
        Some(Refused::NoSuchCode) => {
            Failure::Said(StatusCode::FORBIDDEN, "link-used-title", "link-used-text")
        }
        Some(_) => Failure::Said(
            StatusCode::FORBIDDEN,
            "refused-title",
            "refused-not-allowed",
        ),
        None => Failure::Broken(error),
    }
}
