//! `/design/record`: what the page of one thing is made of, without tabs: facts, versions with what changed, comments, its address.

use askama::Template;
use axum::response::Response;

use crate::parts::difference::Difference;
use crate::parts::history::{Comment, Comments, History, Version};
use crate::parts::steps::Permalink;
use crate::shell::answer::nothing;
use crate::shell::frame::Frame;
use crate::shell::label::Tlp;
use crate::shell::visitor::Visitor;

#[derive(Template)]
#[template(path = "rooms/design/record.html")]
struct Show {
    frame: Frame,
    permalink: Permalink,
    history: History,
    comments: Comments,
}

/// `GET /design/record`.
pub(super) async fn show(visitor: Visitor) -> Response {
    visitor
        .answer(|visitor| {
            let words = visitor.words.clone();
            let tag = words.tag().to_owned();
            let version = |day: &str, side: &str, changes| Version {
                when: words.date_of(day).unwrap_or_default(),
                who: words.t(&format!("design-{side}")),
                path: None,
                state: None,
                changes,
            };
            let changed = Difference::of(
                &words.t("design-text-was"),
                &words.t("design-text-is"),
                &tag,
            );
            let history = History::of(
                &words,
                vec![
                    version(
                        "2026-11-22",
                        "valmora",
                        vec![(words.t("design-field-text"), changed)],
                    ),
                    version("2026-03-04", "kestria", Vec::new()),
                    version("2025-06-11", "valmora", Vec::new()),
                ],
            );
            let comment = |side: &str, key: &str, stance: Option<&str>| Comment {
                who: words.t(&format!("design-{side}")),
                when: words.date_of("2026-11-22").unwrap_or_default(),
                text: words.t(key),
                lang: tag.clone(),
                label: Tlp::of(policy::Tlp::Amber),
                path: None,
                on: None,
                stance: stance.map(|key| words.t(key)),
            };
            let comments = Comments::of(
                &words,
                vec![
                    comment("kestria", "design-says-one", Some("design-agrees")),
                    comment("valmora", "design-says-other", None),
                ],
            );
            visitor.page("design-record", nothing(), |(), frame| {
                let step = frame.t("design-title");
                Ok(Show {
                    permalink: Permalink::to(&words, "/design/record"),
                    history,
                    comments,
                    frame: frame
                        .under("/design", step)
                        .label(Tlp::of(policy::Tlp::Amber)),
                })
            })
        })
        .await
}
