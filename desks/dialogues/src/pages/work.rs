//! Sessions, and what runs between them, entered and shown: arrangements with strands, activities and what shows them; events; démarches with their
//! answers. Each can be opened from a commitment, which then shows what came of it.
//! Invariant: only its author changes a record; what is opened from a commitment names it.

mod by_program;
mod demarche;
mod entered;
mod kinds;
mod of_series;
mod serving;
mod session;
mod show;
mod sought;

use site::{Role, Routes, Who};

use crate::records::{Activity, Arrangement, Demarche, Event, Session, Strand};
use entered::{ask, ask_again, send, send_again};

pub(crate) use by_program::{Says, change, enter, own_session};
pub(super) use serving::Serving;

/// The pages.
pub(super) fn routes() -> Routes {
    let (seen, written) = (Who::SignedIn, Who::Role(Role::Editor));
    Routes::new()
        .page("/dialogues/arrangements/new", written, ask::<Arrangement>)
        .form("/dialogues/arrangements/new", written, send::<Arrangement>)
        .page("/dialogues/arrangements/{id}", seen, show::arrangement)
        .page(
            "/dialogues/arrangements/{id}/edit",
            written,
            ask_again::<Arrangement>,
        )
        .form(
            "/dialogues/arrangements/{id}/edit",
            written,
            send_again::<Arrangement>,
        )
        .page("/dialogues/strands/new", written, ask::<Strand>)
        .form("/dialogues/strands/new", written, send::<Strand>)
        .page("/dialogues/strands/{id}/edit", written, ask_again::<Strand>)
        .form(
            "/dialogues/strands/{id}/edit",
            written,
            send_again::<Strand>,
        )
        .page("/dialogues/activities/new", written, ask::<Activity>)
        .form("/dialogues/activities/new", written, send::<Activity>)
        .page("/dialogues/activities/{id}", seen, show::activity)
        .page(
            "/dialogues/activities/{id}/edit",
            written,
            ask_again::<Activity>,
        )
        .form(
            "/dialogues/activities/{id}/edit",
            written,
            send_again::<Activity>,
        )
        .page("/dialogues/events/new", written, ask::<Event>)
        .form("/dialogues/events/new", written, send::<Event>)
        .page("/dialogues/events/{id}", seen, show::event)
        .page("/dialogues/events/{id}/edit", written, ask_again::<Event>)
        .form("/dialogues/events/{id}/edit", written, send_again::<Event>)
        .page("/dialogues/sessions/new", written, ask::<Session>)
        .form("/dialogues/sessions/new", written, send::<Session>)
        .page(
            "/dialogues/sessions/{id}/edit",
            written,
            ask_again::<Session>,
        )
        .form(
            "/dialogues/sessions/{id}/edit",
            written,
            send_again::<Session>,
        )
        .page("/dialogues/demarches/new", written, ask::<Demarche>)
        .form("/dialogues/demarches/new", written, send::<Demarche>)
        .page("/dialogues/demarches/{id}", seen, demarche::show)
        .page(
            "/dialogues/demarches/{id}/edit",
            written,
            ask_again::<Demarche>,
        )
        .form(
            "/dialogues/demarches/{id}/edit",
            written,
            send_again::<Demarche>,
        )
        .form(
            "/dialogues/demarches/{id}/answer",
            written,
            demarche::answered,
        )
}
