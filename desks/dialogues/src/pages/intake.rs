//! `/dialogues/readings/files` and `/dialogues/intakes/{id}`: many texts at once. They are brought, tried, and read by the node, which goes
//! on whether or not somebody looks.

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use site::parts::form::{Field, Form, Input};
use site::parts::steps::{Action, Progress, Trial, Tried};
use site::parts::upload::Upload;
use site::{Failure, Frame, Link, Move, Page, Reply, Visitor, nothing, shown};

use super::follow_up::Ask;
use crate::import::intake::{
    Entry, Fate, Intake, Phase, Step, begin, bring, decide, entries, intake, throw_away,
};

/// How many files a page lists.
const LISTED: usize = 1_000;

#[derive(Template)]
#[template(path = "dialogues/intake.html")]
struct Show {
    frame: Frame,
    told: String,
    sentences: Vec<String>,
    progress: Option<Progress>,
    go_on: Option<Action>,
    trial: Option<Trial>,
    failed: Vec<(String, String)>,
    taken: Vec<Link>,
    throw: Vec<Action>,
    thrown: String,
}

fn address(intake: &Intake) -> String {
    format!("/dialogues/intakes/{}", intake.id)
}

fn form(visitor: &Visitor) -> Result<Form, Failure> {
    let words = &visitor.words;
    let form = Form::new(
        visitor,
        "dialogues-files",
        "/dialogues/readings/files",
        words.t("intake-bring"),
    )?;
    let form = form.long().unkept().fields([
        Field::carried("begun", ""),
        Field::new(
            "files",
            words.t("intake-files"),
            Input::Files { folder: false },
        )
        .hint(words.t("intake-files-hint"))
        .optional(),
        Field::new(
            "folder",
            words.t("intake-folder"),
            Input::Files { folder: true },
        )
        .hint(words.t("intake-folder-hint"))
        .optional(),
    ]);
    Ok(form.in_portions(words.t2("intake-portions", "n", "#", "all", "##")))
}

fn page(visitor: &Visitor, form: Form) -> Result<Page, Failure> {
    visitor.page("intake-title", nothing(), |(), frame| {
        let (name, all) = (frame.t("dialogues-title"), frame.t("dialogues-readings"));
        Ok(Ask {
            lead: frame.t("intake-lead"),
            frame: frame
                .under("/dialogues", name)
                .under("/dialogues/readings", all),
            form,
        })
    })
}

/// `GET /dialogues/readings/files`.
pub(super) async fn ask(visitor: Visitor) -> Response {
    visitor
        .answer(|visitor| page(visitor, form(visitor)?))
        .await
}

/// `POST /dialogues/readings/files`: files, or a portion of them; the last one has no `more`.
pub(super) async fn send(visitor: Visitor, upload: Upload) -> Response {
    visitor
        .answer(move |visitor| -> Result<Reply, Failure> {
            let node = visitor.node();
            let (begun, more) = (upload.typed.text("begun"), upload.typed.text("more"));
            if upload.files.is_empty() {
                let mut form = form(visitor)?;
                form.wrong("files", visitor.words.t("intake-none"));
                return Ok(page(visitor, form)?
                    .with_status(StatusCode::UNPROCESSABLE_ENTITY)
                    .into());
            }
            let open = match begun {
                "" => None,
                id => intake(node, id)?.filter(|open| open.phase == Phase::Bringing),
            };
            let mut open = match open {
                Some(open) => open,
                None => begin(node, visitor.person())?,
            };
            let files = upload.files.into_iter();
            bring(
                node,
                &mut open,
                files.map(|file| (file.name, file.bytes)).collect(),
            )?;
            if more.is_empty() {
                decide(node, &mut open, Step::Try)?;
            }
            Ok(Move::to(address(&open)).into())
        })
        .await
}

/// `GET /dialogues/intakes/{id}`.
pub(super) async fn show(visitor: Visitor, Path(id): Path<String>) -> Response {
    visitor
        .answer(move |visitor| {
            let intake = intake(visitor.node(), &id)?.ok_or(Failure::Absent)?;
            let files = entries(visitor.node(), &id)?;
            visitor.page("intake-one", nothing(), |(), frame| {
                Ok(made(visitor, &intake, &files, frame))
            })
        })
        .await
}

/// How many files met which fate, as a sentence each.
fn sentences(visitor: &Visitor, files: &[Entry]) -> Vec<String> {
    let count = |fits: fn(&Fate) -> bool| files.iter().filter(|file| fits(&file.fate)).count();
    let all = [
        (
            "intake-say-new",
            count(|fate| matches!(fate, Fate::New { .. })),
        ),
        (
            "intake-say-taken",
            count(|fate| matches!(fate, Fate::Taken { .. })),
        ),
        (
            "intake-say-known",
            count(|fate| {
                matches!(
                    fate,
                    Fate::Known { .. } | Fate::Registered { .. } | Fate::Twice { .. }
                )
            }),
        ),
        (
            "intake-say-failed",
            count(|fate| matches!(fate, Fate::Failed { .. })),
        ),
    ];
    let told = all.into_iter().filter(|(_, n)| *n > 0);
    told.map(|(key, n)| visitor.words.t1(key, "n", whole(n)))
        .collect()
}

#[expect(clippy::cast_precision_loss, reason = "files are few")]
fn whole(n: usize) -> f64 {
    n as f64
}

/// What became of a file: sign and word, and why.
fn told(visitor: &Visitor, fate: &Fate) -> ((&'static str, String), String) {
    let words = &visitor.words;
    let (sign, key, why) = match fate {
        Fate::Waiting => ("wait", "intake-waiting", String::new()),
        Fate::New {
            title,
            language,
            clauses,
        } => (
            "good",
            "intake-new",
            words.t3(
                "intake-found",
                "title",
                shown(title),
                "language",
                words.t(if language == "fr" {
                    "intake-french"
                } else {
                    "intake-english"
                }),
                "n",
                whole(*clauses),
            ),
        ),
        Fate::Known { .. } => ("off", "intake-known", words.t("intake-known-why")),
        Fate::Registered { .. } => ("off", "intake-known", words.t("dialogues-same-words")),
        Fate::Twice { file } => (
            "off",
            "intake-known",
            words.t1("intake-twice-why", "file", shown(file)),
        ),
        Fate::Failed { why } => (
            "bad",
            "dialogues-stage-unread",
            words.t(&format!("intake-failed-{}", why.as_str())),
        ),
        Fate::Taken { .. } => ("good", "intake-taken", String::new()),
    };
    ((sign, words.t(key)), why)
}

fn made(visitor: &Visitor, intake: &Intake, files: &[Entry], mut frame: Frame) -> Show {
    let words = &visitor.words;
    if files.len() > LISTED {
        visitor.ends_after(LISTED);
        frame.ended = visitor.ended();
    }
    let path = address(intake);
    let done = files.iter().filter(|file| match intake.phase {
        Phase::Bringing => false,
        Phase::Trying | Phase::Tried => file.fate != Fate::Waiting,
        Phase::Taking | Phase::Taken => !matches!(file.fate, Fate::New { .. }),
    });
    let done = u64::try_from(done.count()).unwrap_or_default();
    let all = u64::try_from(intake.files).ok();
    let name = words.t(match intake.phase {
        Phase::Bringing => "intake-bringing",
        Phase::Trying | Phase::Tried => "intake-trying",
        Phase::Taking | Phase::Taken => "intake-taking",
    });
    let progress = Progress::of(words, name, done, all, words.moment(intake.begun));
    let running = matches!(intake.phase, Phase::Trying | Phase::Taking) && !intake.stopped;
    let progress = match intake.phase {
        Phase::Trying | Phase::Taking if running => Some(progress.stopped_by(Action::other(
            format!("{path}/stop"),
            words.t("intake-stop"),
        ))),
        // A page that looks again by itself finds here that it is over.
        Phase::Tried => Some(progress.ended(Link::new(
            format!("{path}?tried#trial"),
            words.t("intake-look"),
        ))),
        Phase::Taken => Some(progress.ended(Link::new(
            "/dialogues/readings",
            words.t("dialogues-readings"),
        ))),
        _ => None,
    };
    let go_on = match intake.phase {
        Phase::Bringing => Some(Action::main(format!("{path}/try"), words.t("intake-try"))),
        _ if intake.stopped => Some(Action::main(
            format!("{path}/go-on"),
            words.t("intake-go-on"),
        )),
        _ => None,
    };
    let trial = (intake.phase == Phase::Tried).then(|| {
        let rows = files.iter().take(LISTED).map(|file| {
            let (state, mut why) = told(visitor, &file.fate);
            if file.macros {
                why = format!("{why} {}", words.t("intake-macros"));
            }
            Tried {
                name: shown(&file.name),
                state,
                why,
            }
        });
        let new = files
            .iter()
            .filter(|file| matches!(file.fate, Fate::New { .. }))
            .count();
        let trial = Trial::of(
            words,
            words.t1("intake-say-new", "n", whole(new)),
            rows.collect(),
        );
        if new == 0 {
            return trial;
        }
        trial.action(Action::main(
            format!("{path}/take"),
            words.t1("intake-take", "n", whole(new)),
        ))
    });
    let failed = files
        .iter()
        .filter(|file| matches!(file.fate, Fate::Failed { .. }));
    let failed = failed.map(|file| (shown(&file.name), told(visitor, &file.fate).1));
    let taken = files.iter().filter_map(|file| match &file.fate {
        Fate::Taken { reading } => Some(Link::new(
            format!("/dialogues/readings/{reading}"),
            shown(&file.name),
        )),
        _ => None,
    });
    let (desk, readings) = (frame.t("dialogues-title"), frame.t("dialogues-readings"));
    Show {
        told: words.t2(
            "intake-told",
            "n",
            whole(intake.files),
            "date",
            words.moment(intake.begun),
        ),
        sentences: sentences(visitor, files),
        progress,
        go_on,
        trial,
        failed: failed.collect(),
        taken: taken.take(LISTED).collect(),
        throw: vec![Action::other(
            format!("{path}/throw-away"),
            words.t("intake-throw-away"),
        )],
        thrown: words.t("intake-throw-hint"),
        frame: frame
            .under("/dialogues", desk)
            .under("/dialogues/readings", readings),
    }
}

/// `POST /dialogues/intakes/{id}/{step}`.
pub(super) async fn step(visitor: Visitor, Path((id, step)): Path<(String, String)>) -> Response {
    visitor
        .answer(move |visitor| -> Result<Reply, Failure> {
            let mut intake = intake(visitor.node(), &id)?.ok_or(Failure::Absent)?;
            if step == "throw-away" {
                throw_away(visitor.node(), &intake)?;
                let said = visitor.words.t("intake-thrown-away");
                return Ok(Move::to("/dialogues/readings").saying(said).into());
            }
            let step = Step::named(&step).ok_or(Failure::Absent)?;
            decide(visitor.node(), &mut intake, step)?;
            Ok(Move::to(address(&intake)).into())
        })
        .await
}
