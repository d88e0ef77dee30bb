//! What every part needs to know about one object. Invariant: a field is what the bytes say; nothing is filled in.

use std::borrow::Cow;
use std::ops::Range;

use crate::id::ObjectId;
use crate::limits::Limits;
use crate::problem::{Problem, Rule, excerpt};
use crate::scan::Scanner;
use crate::timestamp::Timestamp;
use crate::view::{Kind, View};

/// Longest [`Header::name`], in bytes.
const NAME: usize = 512;

/// What every part needs to know about one object, taken from its bytes in one pass.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Header {
    /// `id`. Its [`type_name`](ObjectId::type_name) is the object's `type`.
    pub id: ObjectId,
    /// `spec_version` as written; STIX 2.0 objects have none.
    pub spec_version: Option<Box<str>>,
    /// `created`.
    pub created: Option<Timestamp>,
    /// `modified`; absent from markings, cyber-observables and `language-content` of some producers.
    pub modified: Option<Timestamp>,
    /// `created_by_ref`.
    pub created_by_ref: Option<ObjectId>,
    /// `revoked`; `false` when absent.
    pub revoked: bool,
    /// `object_marking_refs`, in their order.
    pub object_marking_refs: Vec<ObjectId>,
    /// Whether `granular_markings` has an entry.
    pub has_granular_markings: bool,
    /// Every `marking_ref` inside `granular_markings`, once.
    pub granular_marking_refs: Vec<ObjectId>,
    /// Every `lang` inside `granular_markings`, once.
    pub granular_langs: Vec<Box<str>>,
    /// The keys of `extensions`: extension definition ids, or names such as `ntfs-ext`.
    pub extensions: Vec<Box<str>>,
    /// `name`, for lists; cut after 512 bytes.
    pub name: Option<Box<str>>,
    /// `lang` (RFC 5646).
    pub lang: Option<Box<str>>,
    /// How many references the object holds, at any depth.
    pub references: usize,
}

/// The version of STIX that an object follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum SpecVersion {
    /// No `spec_version`, and not a cyber-observable: STIX 2.0.
    V20,
    /// `"2.1"`, or a cyber-observable without `spec_version` (STIX 2.1 §3.2: optional there).
    V21,
    /// Something else: [`Header::spec_version`] has it.
    Other,
}

impl SpecVersion {
    /// `2.0`, `2.1`, or nothing.
    #[must_use]
    pub fn as_str(self) -> Option<&'static str> {
        match self {
            Self::V20 => Some("2.0"),
            Self::V21 => Some("2.1"),
            Self::Other => None,
        }
    }
}

impl Header {
    /// The object's `type`.
    #[must_use]
    pub fn type_name(&self) -> &str {
        self.id.type_name()
    }

    /// The version of the object: `modified`, else `created` (TAXII 2.1 §5.3); a cyber-observable may have neither.
    #[must_use]
    pub fn version(&self) -> Option<&Timestamp> {
        self.modified.as_ref().or(self.created.as_ref())
    }

    /// The version of STIX that the object follows.
    #[must_use]
    pub fn spec(&self) -> SpecVersion {
        match self.spec_version.as_deref() {
            Some("2.1") => SpecVersion::V21,
            Some("2.0") => SpecVersion::V20,
            Some(_) => SpecVersion::Other,
            None if crate::sco::is_observable(self.type_name()) => SpecVersion::V21,
            None => SpecVersion::V20,
        }
    }
}

/// Where the values that a header needs lie.
#[derive(Default)]
struct Places {
    id: Option<Range<usize>>,
    kind: Option<Range<usize>>,
    spec_version: Option<Range<usize>>,
    created: Option<Range<usize>>,
    modified: Option<Range<usize>>,
    created_by_ref: Option<Range<usize>>,
    revoked: Option<Range<usize>>,
    object_marking_refs: Option<Range<usize>>,
    granular_markings: Option<Range<usize>>,
    extensions: Option<Range<usize>>,
    name: Option<Range<usize>>,
    lang: Option<Range<usize>>,
}

/// Checks `text` as JSON and takes its header.
pub(crate) fn read(text: &str, limits: &Limits) -> Result<Header, Vec<Problem>> {
    let mut places = Places::default();
    let mut scanner = Scanner::new(text, limits);
    let scanned = scanner.document(|key, place| {
        let slot = match key {
            "id" => &mut places.id,
            "type" => &mut places.kind,
            "spec_version" => &mut places.spec_version,
            "created" => &mut places.created,
            "modified" => &mut places.modified,
            "created_by_ref" => &mut places.created_by_ref,
            "revoked" => &mut places.revoked,
            "object_marking_refs" => &mut places.object_marking_refs,
            "granular_markings" => &mut places.granular_markings,
            "extensions" => &mut places.extensions,
            "name" => &mut places.name,
            "lang" => &mut places.lang,
            _ => return,
        };
        *slot = Some(place);
    });
    scanned.map_err(|fault| vec![fault.into_problem()])?;
    Reader {
        text,
        problems: Vec::new(),
    }
    .header(places, scanner.references())
}

/// Reads the values and collects what is wrong with them.
struct Reader<'a> {
    text: &'a str,
    problems: Vec<Problem>,
}

impl<'a> Reader<'a> {
    fn header(mut self, at: Places, references: usize) -> Result<Header, Vec<Problem>> {
        let type_name = self.required("/type", at.kind);
        let id = self
            .required("/id", at.id)
            .and_then(|text| self.id("/id", &text));
        if let (Some(id), Some(type_name)) = (&id, &type_name) {
            if type_name == "bundle" {
                self.problem(
                    "",
                    Rule::Container,
                    "a bundle is a container, not an object: send what is in it".into(),
                );
            } else if id.type_name() != type_name {
                let message = format!(
                    "the type is \"{}\", but the identifier says \"{}\"",
                    excerpt(type_name),
                    excerpt(id.type_name())
                );
                self.problem("/id", Rule::TypeMismatch, message);
            }
        }
        let spec_version = self.string("/spec_version", at.spec_version).map(boxed);
        let created = self.timestamp("/created", at.created);
        let modified = self.timestamp("/modified", at.modified);
        let created_by_ref = self
            .string("/created_by_ref", at.created_by_ref)
            .and_then(|text| self.id("/created_by_ref", &text));
        let revoked = at
            .revoked
            .is_some_and(|place| match self.view(place).kind() {
                Kind::True => true,
                Kind::False => false,
                _ => {
                    self.problem("/revoked", Rule::Type, "must be true or false".into());
                    false
                }
            });
        let object_marking_refs = at
            .object_marking_refs
            .map(|place| self.marking_refs(place))
            .unwrap_or_default();
        let granular = at
            .granular_markings
            .map(|place| self.granular(place))
            .unwrap_or_default();
        let extensions = at
            .extensions
            .map(|place| self.extensions(place))
            .unwrap_or_default();
        let name = at
            .name
            .and_then(|place| self.view(place).string())
            .map(|name| boxed(cut(name)));
        let lang = at
            .lang
            .and_then(|place| self.view(place).string())
            .map(boxed);
        let Some(id) = id.filter(|_| self.problems.is_empty()) else {
            return Err(self.problems);
        };
        Ok(Header {
            id,
            spec_version,
            created,
            modified,
            created_by_ref,
            revoked,
            object_marking_refs,
            has_granular_markings: granular.any,
            granular_marking_refs: granular.refs,
            granular_langs: granular.langs,
            extensions,
            name,
            lang,
            references,
        })
    }

    fn view(&self, place: Range<usize>) -> View<'a> {
        View::trusted(&self.text[place])
    }

    fn problem(&mut self, pointer: &str, rule: Rule, message: String) {
        self.problems.push(Problem::new(pointer, rule, message));
    }

    fn required(&mut self, pointer: &str, place: Option<Range<usize>>) -> Option<Cow<'a, str>> {
        if place.is_none() {
            self.problem(pointer, Rule::Required, "missing".into());
        }
        self.string(pointer, place)
    }

    fn string(&mut self, pointer: &str, place: Option<Range<usize>>) -> Option<Cow<'a, str>> {
        let text = self.view(place?).string();
        if text.is_none() {
            self.problem(pointer, Rule::Type, "must be a string".into());
        }
        text
    }

    fn id(&mut self, pointer: &str, text: &str) -> Option<ObjectId> {
        match ObjectId::parse(text) {
            Ok(id) => Some(id),
            Err(error) => {
                self.problem(
                    pointer,
                    Rule::Identifier,
                    format!("\"{}\": {error}", excerpt(text)),
                );
                None
            }
        }
    }

    fn timestamp(&mut self, pointer: &str, place: Option<Range<usize>>) -> Option<Timestamp> {
        let text = self.string(pointer, place)?;
        match Timestamp::parse(&text) {
            Ok(timestamp) => Some(timestamp),
            Err(error) => {
                self.problem(
                    pointer,
                    Rule::Timestamp,
                    format!("\"{}\": {error}", excerpt(&text)),
                );
                None
            }
        }
    }

    fn marking_refs(&mut self, place: Range<usize>) -> Vec<ObjectId> {
        let view = self.view(place);
        if view.kind() != Kind::List {
            self.problem(
                "/object_marking_refs",
                Rule::Type,
                "must be a list of identifiers".into(),
            );
        }
        let mut refs = Vec::new();
        for (index, item) in view.items().enumerate() {
            refs.extend(self.item_id(item, || format!("/object_marking_refs/{index}")));
        }
        refs
    }

    fn item_id(&mut self, item: View<'a>, pointer: impl Fn() -> String) -> Option<ObjectId> {
        match item
            .string()
            .map(|text| ObjectId::parse(&text).map_err(|error| (error, excerpt(&text))))
        {
            Some(Ok(id)) => return Some(id),
            Some(Err((error, text))) => {
                self.problem(&pointer(), Rule::Identifier, format!("\"{text}\": {error}"))
            }
            None => self.problem(&pointer(), Rule::Type, "must be an identifier".into()),
        }
        None
    }

    fn granular(&mut self, place: Range<usize>) -> Granular {
        let view = self.view(place);
        if view.kind() != Kind::List {
            self.problem(
                "/granular_markings",
                Rule::Type,
                "must be a list of objects".into(),
            );
        }
        let mut found = Granular::default();
        for (index, entry) in view.items().enumerate() {
            let pointer = || format!("/granular_markings/{index}");
            if entry.kind() != Kind::Object {
                self.problem(&pointer(), Rule::Type, "must be an object".into());
            }
            found.any = true;
            let mut says = false;
            for (key, value) in entry.members() {
                match &*key {
                    "marking_ref" => {
                        says = true;
                        if let Some(id) = self.item_id(value, || pointer() + "/marking_ref") {
                            found.refs.push(id);
                        }
                    }
                    "lang" => match value.string() {
                        Some(lang) => {
                            says = true;
                            found.langs.push(boxed(lang));
                        }
                        None => self.problem(
                            &(pointer() + "/lang"),
                            Rule::Type,
                            "must be a string".into(),
                        ),
                    },
                    "selectors" if value.kind() != Kind::List => self.problem(
                        &(pointer() + "/selectors"),
                        Rule::Type,
                        "must be a list".into(),
                    ),
                    _ => {}
                }
            }
            if entry.kind() == Kind::Object && !says {
                self.problem(
                    &pointer(),
                    Rule::Required,
                    "a granular marking needs marking_ref or lang".into(),
                );
            }
        }
        found.refs.sort_unstable();
        found.refs.dedup();
        found.langs.sort_unstable();
        found.langs.dedup();
        found
    }

    fn extensions(&mut self, place: Range<usize>) -> Vec<Box<str>> {
        let view = self.view(place);
        if view.kind() != Kind::Object {
            self.problem("/extensions", Rule::Type, "must be an object".into());
        }
        view.members().map(|(key, _)| boxed(key)).collect()
    }
}

#[derive(Default)]
struct Granular {
    any: bool,
    refs: Vec<ObjectId>,
    langs: Vec<Box<str>>,
}

fn boxed(text: Cow<'_, str>) -> Box<str> {
    text.into_owned().into_boxed_str()
}

fn cut(name: Cow<'_, str>) -> Cow<'_, str> {
    let end = name.floor_char_boundary(NAME);
    match name {
        Cow::Borrowed(name) => Cow::Borrowed(&name[..end]),
        Cow::Owned(mut name) => {
            name.truncate(end);
            Cow::Owned(name)
        }
    }
}
