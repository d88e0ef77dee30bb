//! `/design/steps`: what takes more than one step: a second person, work that takes its time, a file that is tried first, and nothing yet.

use askama::Template;
use axum::response::Response;

use crate::parts::form::{Form, Typed};
use crate::parts::steps::{Action, Nothing, Progress, SecondPerson, Trial, Tried, file_form};
use crate::parts::upload::Upload;
use crate::shell::answer::{Move, Page, nothing};
use crate::shell::failure::Failure;
use crate::shell::frame::{Frame, Link};
use crate::shell::shown::shown;
use crate::shell::visitor::Visitor;

#[derive(Template)]
#[template(path = "rooms/design/steps.html")]
struct Show {
    frame: Frame,
    second: SecondPerson,
    progress: Progress,
    file: Form,
    trial: Option<Trial>,
    empty: Nothing,
}

/// `GET /design/steps`.
pub(super) async fn show(visitor: Visitor) -> Response {
    visitor.answer(|visitor| page(visitor, None)).await
}

/// `POST /design/steps/try`: tells how many bytes each file has, and keeps none.
pub(super) async fn try_file(visitor: Visitor, upload: Upload) -> Response {
    visitor
        .answer(move |visitor| {
            let words = &visitor.words;
            let tried = upload.files.iter().map(|file| Tried {
                name: shown(&file.name),
                state: ("good", words.t("design-would-add")),
                why: words.t1("design-bytes", "n", file.bytes.len()),
            });
            let told = words.t1("design-tried", "n", upload.files.len());
            let trial = Trial::of(words, told, tried.collect())
                .action(Action::main("/design/steps", words.t("design-take")));
            page(visitor, Some(trial))
        })
        .await
}

/// `POST /design/steps`: nothing is done.
pub(super) async fn act(visitor: Visitor, _: Typed) -> Response {
    visitor
        .answer(|visitor| Ok(Move::to("/design/steps").saying(visitor.words.t("design-sent"))))
        .await
}

fn page(visitor: &Visitor, trial: Option<Trial>) -> Result<Page, Failure> {
    let words = &visitor.words;
    let second = SecondPerson::of(words.t("design-second"), words.t("design-second-told"))
        .fact(words.t("design-asked-by"), words.t("design-valmora"))
        .fact(words.t("design-asked-on"), words.moment(visitor.now))
        .action(Action::main("/design/steps", words.t("design-agree")).with("decision", "agree"))
        .action(
            Action::other("/design/steps", words.t("design-refuse")).with("decision", "refuse"),
        );
    let progress = Progress::of(
        words,
        words.t("design-work"),
        1_204,
        Some(16_208),
        words.moment(visitor.now),
    )
    .stopped_by(Action::other("/design/steps", words.t("design-stop")));
    let file = file_form(
        visitor,
        "design-file",
        "/design/steps/try",
        &words.t("design-file"),
        &words.t("design-file-hint"),
    )?;
    let way = Link::new("/design/form", words.t("design-add"));
    visitor.page("design-steps", nothing(), |(), frame| {
        let step = frame.t("design-title");
        Ok(Show {
            empty: Nothing::yet(frame.t("design-nothing"), Some(way)),
            frame: frame.under("/design", step),
            second,
            progress,
            file,
            trial,
        })
    })
}
