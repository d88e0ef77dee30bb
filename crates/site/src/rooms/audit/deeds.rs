//! What stands on the audit trail in the node's words, said in the reader's. Invariant: what has no words yet stands as it was written.

use crate::locale::Words;
use crate::shell::shown::shown;

/// What is done on a node and noted.
pub(super) const ALL: [&str; 58] = [
    "access.add",
    "access.note",
    "access.revoke",
    "awaiting.admit",
    "awaiting.discard",
    "bundle.open",
    "bundle.seal",
    "circle.add",
    "circle.join",
    "circle.leave",
    "circle.settle",
    "clearance.authorize",
    "clearance.break",
    "clearance.corrected",
    "clearance.define",
    "clearance.delegate",
    "clearance.end-delegation",
    "clearance.end-standing",
    "clearance.extend",
    "clearance.open",
    "clearance.own-signature",
    "clearance.refuse",
    "clearance.release",
    "clearance.reserve",
    "clearance.sign",
    "clearance.silence",
    "clearance.silence-passed",
    "clearance.standing",
    "clearance.take-back",
    "clearance.visa",
    "clearance.wanted",
    "clearance.withdraw",
    "collection.add",
    "credential.add",
    "credential.drop",
    "erasure.agree",
    "erasure.ask",
    "erasure.cancel",
    "participant.add",
    "participant.rename",
    "peer.add",
    "peer.confirm",
    "peer.forget",
    "peer.introduce",
    "peer.resume",
    "peer.suspend",
    "person.add",
    "quarantine.discard",
    "session.end",
    "session.open",
    "spill",
    "token.add",
    "token.revoke",
    "user.admit",
    "user.change",
    "user.code",
    "user.invite",
    "user.note",
];

/// What was done.
pub(super) fn said(words: &Words, deed: &str) -> String {
    match ALL.contains(&deed) {
        true => words.t(&format!("audit-did-{}", deed.replace('.', "-"))),
        false => shown(deed),
    }
}

/// Through what: a session, a token, the terminal, the clock.
pub(super) fn through(words: &Words, through: &str) -> String {
    match through.split_once(' ') {
        Some(("session", number)) => words.t1("audit-through-session", "n", number.to_owned()),
        Some(("token", number)) => words.t1("audit-through-token", "n", number.to_owned()),
        None if through == "terminal" => words.t("audit-through-terminal"),
        None if through == "entrance" => words.t("audit-through-entrance"),
        None if through == "clock" => words.t("clearance-clock"),
        _ => shown(through),
    }
}
