//! How much one input may ask of us. Invariant: each limit is met before the memory it protects is spent.

/// Bounds for [`check`](crate::check()), [`split`](crate::split()) and [`stream`](crate::stream()).
///
/// ```
/// let network = stix::Limits::default();
/// let file = stix::Limits { objects: usize::MAX, ..network };
/// assert_eq!(file.object, 4 * 1024 * 1024);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of one object, without the blanks around it. At most 1 GiB is honored.
    pub object: usize,
    /// Levels of objects and lists inside one object, the object itself being level 1. At most 512 is honored.
    pub depth: usize,
    /// References inside one object: strings under a key that ends in `_ref` or `_refs`, at any depth.
    pub references: usize,
    /// Objects of one envelope or bundle.
    pub objects: usize,
}

impl Limits {
    /// The largest honored [`object`](Self::object): offsets inside an object fit 31 bits.
    pub const MAX_OBJECT: usize = 1 << 30;
    /// The deepest honored [`depth`](Self::depth): what a thread's stack carries with room to spare.
    pub const MAX_DEPTH: usize = 512;
}

impl Default for Limits {
    /// What a node takes from the network: 4 MiB, 128 levels, 10,000 references, 5,000 objects.
    fn default() -> Self {
        Self {
            object: 4 << 20,
            depth: 128,
            references: 10_000,
            objects: 5_000,
        }
    }
}
