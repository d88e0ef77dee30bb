//! By which values the desk's records are found. Invariant: every list of the desk is one seek by one of these, then a filter over what
//! was found; `Back` puts the newest first.

use desk::facets::{Awaiting, Declared, back, text, then, time, with};

use crate::rules::announced;

macro_rules! in_text {
    ($field:literal) => {
        concat!(
            "/extensions/extension-definition--7d0c2b64-51a8-4f0e-8a3c-92d6e1b7f450/",
            $field
        )
    };
}

/// Who wrote a record.
const AUTHOR: &str = "/created_by_ref";

/// What the desk declares.
pub const FACETS: &[Declared] = &[
    text("dialogue", "dialogue.name", "/name"),
    text("dialogue", "dialogue.key", "/key"),
    text("dialogue", "dialogue.party", "/parties/*"),
    text("relationship", "same_series.stands", in_text!("stands_ref")),
    text("session", "session.dialogue", "/dialogue_ref"),
    time("session", "session.starts", "/starts"),
    back("session", "session.back", "/starts"),
    then("session", "session.in_series", "/dialogue_ref", "/starts"),
    then("session", "session.in_state", "/state", "/starts"),
    back("session", "session.unmet", "/next/by"),
    time("session", "session.awaited", "/next/by"),
    text("session", "session.party", "/parties/*"),
    text("report", "text.session", in_text!("session_ref")),
    text("report", "text.dialogue", in_text!("dialogue_ref")),
    text("report", "text.normal", in_text!("normal")),
    text("report", "text.published", in_text!("published")),
    with("report", "text.normal_by", in_text!("normal"), AUTHOR),
    with("report", "text.published_by", in_text!("published"), AUTHOR),
    text("report", "text.version_of", in_text!("version_of_ref")),
    text("report", "text.replaces", in_text!("replaces_ref")),
    back("report", "text.back", in_text!("published")),
    text("commitment", "commitment.dialogue", "/dialogue_ref"),
    text("commitment", "commitment.session", "/session_ref"),
    text("commitment", "commitment.text", "/text_ref"),
    text("commitment", "commitment.actor", "/actors/*"),
    text("commitment", "commitment.topic", "/topics/*"),
    with(
        "commitment",
        "commitment.topic_in",
        "/topics/*",
        "/session_ref",
    ),
    with(
        "commitment",
        "commitment.topic_of",
        "/topics/*",
        "/dialogue_ref",
    ),
    with(
        "commitment",
        "commitment.topic_by",
        "/topics/*",
        "/actors/*",
    ),
    text("commitment", "commitment.act", "/act"),
    text("commitment", "commitment.touches", "/touches/*"),
    text("commitment", "commitment.repeats", "/repeats_ref"),
    time("commitment", "commitment.due", "/due_by"),
    back("commitment", "commitment.past", "/due_by"),
    back("commitment", "commitment.back", "/created"),
    text("follow-up", "follow_up.about", "/about_ref"),
    text("follow-up", "follow_up.dialogue", "/dialogue_ref"),
    back("follow-up", "follow_up.back", "/modified"),
    text("appraisal", "appraisal.about", "/about_ref"),
    text("appraisal", "appraisal.by", "/by"),
    text("appraisal-reply", "appraisal_reply.about", "/about_ref"),
    text("consent", "consent.about", "/about_ref"),
    text("arrangement", "arrangement.name", "/name"),
    text("arrangement", "arrangement.dialogue", "/dialogue_ref"),
    text("arrangement", "arrangement.serves", "/serves_refs/*"),
    text("strand", "strand.serves", "/serves_refs/*"),
    text("strand", "strand.arrangement", "/arrangement_ref"),
    text("activity", "activity.part_of", "/part_of_ref"),
    text("activity", "activity.serves", "/serves_refs/*"),
    time("activity", "activity.due", "/due_by"),
    time("event", "event.starts", "/starts"),
    text("event", "event.dialogue", "/dialogue_ref"),
    text("event", "event.serves", "/serves_refs/*"),
    time("demarche", "demarche.at", "/at"),
    text("demarche", "demarche.dialogue", "/dialogue_ref"),
    text("demarche", "demarche.serves", "/serves_refs/*"),
    text("draft", "draft.session", "/session_ref"),
    text("draft", "draft.dialogue", "/dialogue_ref"),
    back("draft", "draft.back", "/created"),
    text("draft", "draft.of", "/draft_ref"),
    text("silence", "silence.draft", "/draft_ref"),
    time("silence", "silence.until", "/until"),
];

/// A session that announced the next one has these facets as long as that one is not recorded; `session.unmet` has the latest first.
pub const AWAITING: &[Awaiting] = &[Awaiting {
    kind: "session",
    facets: &["session.unmet", "session.awaited"],
    among: "session.dialogue",
    answered: announced::answered,
}];
