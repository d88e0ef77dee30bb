//! The desks of this program. A desk is added here, and nowhere else outside its folder.

use site::Desk;

/// All of them, in the order of the navigation.
pub(crate) fn all() -> Vec<Box<dyn Desk>> {
    Vec::new()
}
