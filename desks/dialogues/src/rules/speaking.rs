//! Who speaks for which side. Invariant: a side's word is what its own participant wrote, or what this node entered of it; what anybody else
//! writes in its name stands as theirs, and counts for nothing.

use stix::ObjectId;

/// Whether what an author wrote counts as a side's word. `home` is this node's own participant: what it entered of others - from a paper,
/// a file, a sample - stays as it entered it. `called` are the participants that this node knows by the side's name: itself and its
/// organs. A side that names a participant by its id is spoken for by that one, known here or not; for a side whose participant is not
/// known here nobody else speaks until it is.
pub fn speaks(author: &ObjectId, home: &ObjectId, side: &str, called: &[ObjectId]) -> bool {
    author == home || author.as_str() == side || called.contains(author)
}
