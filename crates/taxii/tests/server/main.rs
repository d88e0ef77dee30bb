//! The server over a node, rule by rule. A test's name begins with the number of its rule in the list that
//! `docs/taxii.md` keeps.

mod adding;
mod deleting;
mod filters;
mod lacking;
mod later;
mod negotiation;
mod paging;
mod placing;
mod refusals;
mod rights;
mod stage;
mod story;
