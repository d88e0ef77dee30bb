//! The only way out. Invariant: a [`Released`] is made in this crate alone, after the rule has said yes.

use std::collections::BTreeMap;
use std::fmt;

use stix::Timestamp;

use crate::decide::admits;
use crate::label::{Class, closed};
use crate::viewer::{Purpose, Viewer};

/// Something that its viewer may have. What is written to a response, a file or a mail must be one of these.
///
/// It comes from [`Decision::release`](crate::Decision::release) or [`Reach::release`], and from nothing else:
///
/// ```
/// fn write_out(page: policy::Released<String>) -> String { page.into_inner() }
/// ```
/// ```compile_fail
/// let page = policy::Released("secret".to_owned()); // the field is private
/// ```
/// ```compile_fail
/// let page = policy::Released { 0: "secret".to_owned() };
/// ```
/// ```compile_fail
/// let page = policy::Released::new("secret".to_owned()); // and so is the constructor
/// ```
/// ```compile_fail
/// let page: policy::Released<String> = "secret".to_owned().into();
/// ```
/// ```compile_fail
/// let page = policy::Released::<String>::default();
/// ```
/// ```compile_fail
/// fn overwrite(page: &mut policy::Released<String>) { *page.as_mut() = "secret".to_owned(); }
/// ```
/// ```compile_fail
/// let decision = policy::Decision { verdict: policy::Verdict::Granted, grounds: vec![], reasons: vec![] };
/// ```
///
/// [`map`](Self::map) is for changing the form of what was released; a closure that brings in something else defeats it, and is
/// what to look for in review.
#[must_use]
#[derive(Clone, PartialEq, Eq)]
pub struct Released<T>(T);

impl<T> Released<T> {
    pub(crate) fn new(value: T) -> Self {
        Self(value)
    }

    /// The value, at the last moment before it is written out.
    pub fn into_inner(self) -> T {
        self.0
    }

    /// The same in another form.
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Released<U> {
        Released(change(self.0))
    }

    /// Two released values as one.
    pub fn zip<U>(self, other: Released<U>) -> Released<(T, U)> {
        Released((self.0, other.0))
    }

    /// A place to add to what is released: what is added has to be released itself, see [`zip`](Self::zip).
    pub fn as_mut(&mut self) -> Released<&mut T> {
        Released(&mut self.0)
    }

    /// A view of it that is released as well.
    pub fn as_ref(&self) -> Released<&T> {
        Released(&self.0)
    }
}

impl<T, C: FromIterator<T>> FromIterator<Released<T>> for Released<C> {
    /// Many released values as one collection; of none, the empty collection, which tells nothing.
    fn from_iter<I: IntoIterator<Item = Released<T>>>(values: I) -> Self {
        Self(values.into_iter().map(Released::into_inner).collect())
    }
}

impl<T> IntoIterator for Released<Vec<T>> {
    type Item = Released<T>;
    type IntoIter = std::iter::Map<std::vec::IntoIter<T>, fn(T) -> Released<T>>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter().map(Released)
    }
}

impl<T> fmt::Debug for Released<T> {
    /// Never the content: logs are no way out.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Released(..)")
    }
}

/// The classes that a viewer reaches for a purpose, under the names the store has for them. The store seeks in these alone.
#[derive(Clone, Debug)]
pub struct Reach<K> {
    /// Per class whether its records are kept inside outside their times: shown to where they come from, and to nobody else.
    classes: BTreeMap<K, bool>,
}

impl<K: Ord> Reach<K> {
    /// Asks the rule once per class.
    pub fn compile<'a>(
        viewer: &Viewer,
        purpose: Purpose,
        classes: impl IntoIterator<Item = (K, &'a Class)>,
    ) -> Self {
        let reached = classes
            .into_iter()
            .filter(|(_, class)| admits(viewer, class, purpose));
        let classes = reached
            .map(|(key, class)| (key, purpose.stays_inside() && class.originates_with(viewer)));
        Self {
            classes: classes.collect(),
        }
    }

    /// The classes, in order; with `true` where records under embargo or expired are reached as well.
    pub fn classes(&self) -> impl Iterator<Item = (&K, bool)> {
        self.classes
            .iter()
            .map(|(key, kept_inside)| (key, *kept_inside))
    }

    /// Whether it reaches a class, times left out.
    #[must_use]
    pub fn reaches(&self, key: &K) -> bool {
        self.classes.contains_key(key)
    }

    /// Whether it reaches no class at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.classes.is_empty()
    }

    /// The value of a record of class `key`, if that class is reached and `at` lies between `embargo` and `expiry`.
    pub fn release<T>(
        &self,
        key: &K,
        (embargo, expiry): (Option<&Timestamp>, Option<&Timestamp>),
        at: &Timestamp,
        value: T,
    ) -> Option<Released<T>> {
        let kept_inside = *self.classes.get(key)?;
        let open = closed(embargo, expiry, at).is_none();
        (open || kept_inside).then_some(Released(value))
    }
}
