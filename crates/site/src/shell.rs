//! The shell: addresses, who visits, the frame around every page, and what is answered when there is no page.

pub(crate) mod anew;
pub(crate) mod answer;
pub(crate) mod assets;
mod clashes;
pub(crate) mod cookies;
pub(crate) mod desk;
pub(crate) mod failure;
mod found;
pub(crate) mod frame;
pub(crate) mod headers;
pub(crate) mod label;
pub(crate) mod once;
pub(crate) mod origin;
pub(crate) mod prelude;
pub(crate) mod routes;
pub(crate) mod shown;
pub(crate) mod site;
pub(crate) mod visitor;
