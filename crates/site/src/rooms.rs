//! The rooms of the node itself: its home page, and what running it needs. A room is built as a desk is, and added here.

mod audit;
mod awaiting;
mod bundles;
mod calendar;
mod changes;
pub(crate) mod circles;
mod clearance;
mod design;
pub(crate) mod health;
mod home;
mod log;
mod participants;
mod peers;
mod portal;
mod properties;
mod quarantine;
pub(crate) mod records;
mod settings;
mod texts;
pub(crate) mod wording;

use crate::shell::desk::Desk;
use crate::shell::site::Settings as Chosen;
use crate::signin;

/// All rooms; within each section, in the order of the navigation.
pub(crate) fn all(settings: &Chosen) -> Vec<Box<dyn Desk>> {
    let mut rooms: Vec<Box<dyn Desk>> = vec![
        Box::new(home::Home),
        Box::new(calendar::Calendar),
        Box::new(awaiting::Awaiting),
        Box::new(clearance::Clearance),
        Box::new(participants::Participants),
        Box::new(circles::Circles),
        Box::new(peers::Peers),
        Box::new(bundles::Bundles),
        Box::new(quarantine::Quarantine),
        Box::new(records::Records),
        Box::new(log::Log),
        Box::new(audit::Audit),
        Box::new(signin::SignIn),
        Box::new(settings::Settings),
        Box::new(health::Health),
        Box::new(portal::Portal),
        Box::new(changes::Changes),
        Box::new(crate::api::Api),
        Box::new(crate::feeds::Feeds),
    ];
    if settings.design {
        rooms.push(Box::new(design::Design));
    }
    rooms
}
