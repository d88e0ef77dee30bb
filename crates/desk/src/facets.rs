//! By which values records are found. Invariant: every list is one seek by one of these, then a filter over what was found.

use node::facets::Form;
pub use node::facets::{Declared, awaiting::Awaiting, both, within};

/// By words.
#[must_use]
pub const fn text(kind: &'static str, name: &'static str, pointer: &'static str) -> Declared {
    declared(kind, name, pointer, Form::Text)
}

/// By a time, the earliest first.
#[must_use]
pub const fn time(kind: &'static str, name: &'static str, pointer: &'static str) -> Declared {
    declared(kind, name, pointer, Form::Time)
}

/// By a time, the newest first.
#[must_use]
pub const fn back(kind: &'static str, name: &'static str, pointer: &'static str) -> Declared {
    declared(kind, name, pointer, Form::TimeBack)
}

/// By words, then by a time: of what has the same words, the earliest first.
#[must_use]
pub const fn then(
    kind: &'static str,
    name: &'static str,
    pointer: &'static str,
    time: &'static str,
) -> Declared {
    declared(kind, name, pointer, Form::TextThenTime(time))
}

/// By words, each together with those that stand at the other pointer: how to ask which of some others have any of these.
#[must_use]
pub const fn with(
    kind: &'static str,
    name: &'static str,
    pointer: &'static str,
    other: &'static str,
) -> Declared {
    declared(kind, name, pointer, Form::TextWithText(other))
}

const fn declared(
    kind: &'static str,
    name: &'static str,
    pointer: &'static str,
    form: Form,
) -> Declared {
    Declared {
        kind,
        name,
        pointer,
        form,
    }
}
