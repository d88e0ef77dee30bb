//! The rooms of the node itself: its home page, and what running it needs. A room is built as a desk is, and added here.

mod design;
mod home;

use crate::shell::desk::Desk;
use crate::shell::site::Settings;

/// All rooms, in the order of the navigation.
pub(crate) fn all(settings: &Settings) -> Vec<Box<dyn Desk>> {
    let mut rooms: Vec<Box<dyn Desk>> = vec![Box::new(home::Home)];
    if settings.design {
        rooms.push(Box::new(design::Design));
    }
    rooms
}
