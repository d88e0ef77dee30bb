//! Whether a file that somebody brings is above the node's ceiling: asked before a byte of it is kept (rule 10).

use node::{Above, Node};
use text::Format;

use crate::drafting::docx::margins;

/// Lets a file through that may be kept. A PDF is unpacked only in a process of its own: what is on its pages is seen there.
///
/// # Errors
/// [`Above`].
pub fn may_hold(node: &Node, bytes: &[u8]) -> Result<(), Above> {
    let format = Format::guess(bytes);
    if format == Format::Pdf {
        return Ok(());
    }
    if let Ok(plain) = text::plain(bytes, Some(format)) {
        node.may_hold(&plain)?;
    }
    if format == Format::Docx {
        for line in margins(bytes) {
            node.may_hold(&line)?;
        }
    }
    Ok(())
}
