//! By which values records are found. Invariant: every list is one seek by one of these, then a filter over what was found.

pub use node::facets::Declared;
use node::facets::Form;

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
