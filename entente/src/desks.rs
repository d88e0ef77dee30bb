//! The desks of this program. A desk is added here, and nowhere else outside its folder.

use node::Node;
use site::Desk;

/// All of them, in the order of the navigation.
pub(crate) fn all() -> Vec<Box<dyn Desk>> {
    vec![Box::new(dialogues::Dialogues)]
}

/// Makes what they declare known to a node, right after it was opened.
pub(crate) fn declare(node: &Node) {
    for desk in all() {
        desk.declare(node);
    }
}

/// Starts what they do by themselves while the node serves; it ends when this is dropped.
pub(crate) fn work(node: &Node) -> anyhow::Result<dialogues::import::Worker> {
    dialogues::import::Worker::start(node, crate::commands::unpacked)
}
