//! The three nodes come to know each other, as they would between capitals, except that a program compares the words.

use anyhow::{Context, Result, ensure};
use node::Node;

/// A node and the address under which the others reach it.
pub(crate) struct Reachable<'n> {
    pub(crate) node: &'n Node,
    pub(crate) address: String,
}

/// Two nodes that compared their words.
pub(crate) struct Compared {
    pub(crate) one: String,
    pub(crate) other: String,
    /// What the first read aloud.
    pub(crate) words: String,
}

/// Introduces each node to each other one, and confirms by the words; those that are peers already are introduced anew.
pub(crate) fn introduce(nodes: &[Reachable<'_>]) -> Result<Vec<Compared>> {
    let mut files = Vec::new();
    for reachable in nodes {
        let made = reachable
            .node
            .introduce(
                vec![reachable.address.clone()],
                &reachable.node.at_terminal("demo"),
            )
            .wait()?;
        files.push(made.file());
    }
    let mut compared = Vec::new();
    for (place, one) in nodes.iter().enumerate() {
        for (offset, other) in nodes.iter().skip(place + 1).enumerate() {
            let heard = meet(one, other, &files[place + 1 + offset])?;
            let read = meet(other, one, &files[place])?;
            tracing::debug!(words = heard, "words compared");
            compared.push(Compared {
                one: one.node.home().name.clone(),
                other: other.node.home().name.clone(),
                words: read,
            });
        }
    }
    Ok(compared)
}

/// `one` takes the file of `other` and hears its words.
fn meet(one: &Reachable<'_>, other: &Reachable<'_>, file: &str) -> Result<String> {
    let id = &other.node.home().id;
    let known = one.node.peer(id)?;
    if known.is_some_and(|known| known.state == node::peers::State::Confirmed) {
        one.node
            .suspend_peer(id, &one.node.at_terminal("demo"))
            .wait()?;
    }
    let introduced = one
        .node
        .add_peer(file.as_bytes(), &one.node.at_terminal("demo"))?;
    // What the other side reads from its own screen.
    let read = other
        .node
        .own_words()?
        .context("a node that introduced itself has no words")?
        .in_english();
    ensure!(
        introduced.theirs.are(&read),
        "the words of {} do not match",
        introduced.name
    );
    one.node
        .confirm_peer(id, &read, &one.node.at_terminal("demo"))?;
    Ok(read)
}
