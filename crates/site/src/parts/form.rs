//! Forms, short and long: what was typed comes back with an error beside each field that has one, and is kept until it is sent.
//!
//! Invariant: what was typed survives an error, a lost session and a restart; secrets are never kept, nor what is above the ceiling.

pub(crate) mod draft;
mod field;
mod typed;

use askama::Template;
use node::{Banner, LONGEST_NAME, UnfitName, fit_name};

pub use field::{Choice, Field, Input};
pub use typed::Typed;
pub(crate) use typed::is_too_large;

use super::day::{is_day, is_moment};
use super::label::WhoSees;
use crate::locale::Words;
use crate::rooms::wording::why_not;
use crate::shell::failure::Failure;
use crate::shell::shown::shorten;
use crate::shell::visitor::Visitor;

/// From how many characters on an error is shortened where all of them are summed up.
const LONG: usize = 400;

/// A form: where it goes, what it asks, what is wrong with what was typed.
#[derive(Debug, Clone, Template)]
#[template(path = "parts/form.html")]
pub struct Form {
    /// Its name, which a draft is kept under; one that edits something has that thing's id in it.
    name: String,
    action: String,
    verb: String,
    fields: Vec<Field>,
    words: Words,
    /// What proves to the node that this form was given to its visitor.
    proof: String,
    /// What it is known by from every other, also from the same opened again: sent twice, it is done once.
    once: String,
    back: String,
    /// Since when a draft is kept, in words.
    resumed: Option<String>,
    long: bool,
    /// Whether what is typed is kept while it is typed.
    kept: bool,
    said: Vec<String>,
    /// What was typed into fields that it does not have, though it once had.
    strayed: Vec<(String, String)>,
    /// What a script says while it sends files in portions: so many of so many; or nothing, and all go at once.
    portions: Option<String>,
    /// Who will see what is sent, where the form doesn't ask.
    seen: Option<WhoSees>,
    /// Whether its verb says whom the label that is chosen in it lets see what is sent.
    by_label: bool,
    /// By which words text is known that the node may not hold.
    ceiling: Banner,
}

impl askama::filters::HtmlSafe for Form {}

impl Form {
    /// A form that is sent to `action` by a button with this verb, in the visitor's language.
    ///
    /// # Errors
    /// When the storage fails.
    pub fn new(
        visitor: &Visitor,
        name: impl Into<String>,
        action: impl Into<String>,
        verb: impl Into<String>,
    ) -> Result<Self, Failure> {
        let name = name.into();
        Ok(Self {
            proof: draft::proof(visitor.node(), &visitor.owner(), &name)?,
            once: visitor.node().new_id("note")?.uuid().to_string(),
            name,
            action: action.into(),
            verb: verb.into(),
            fields: Vec::new(),
            words: visitor.words.clone(),
            back: visitor.path.clone(),
            resumed: None,
            long: false,
            kept: true,
            said: Vec::new(),
            strayed: Vec::new(),
            portions: None,
            seen: None,
            by_label: false,
            ceiling: visitor.node().ceiling(),
        })
    }

    /// Files are dropped on it, and sent in portions by a script, which says `sentence` with `#` and `##` for how many of how many. Each
    /// portion but the last has a field `more`; the address that the first leads to ends with what later ones send as `begun`.
    #[must_use]
    pub fn in_portions(mut self, sentence: impl Into<String>) -> Self {
        self.portions = Some(sentence.into());
        self
    }

    /// With one more field.
    #[must_use]
    pub fn field(mut self, field: Field) -> Self {
        self.fields.push(field);
        self
    }

    /// With several more.
    #[must_use]
    pub fn fields(mut self, fields: impl IntoIterator<Item = Field>) -> Self {
        self.fields.extend(fields);
        self
    }

    /// Adds fields to a form that was filled.
    pub fn add(&mut self, fields: impl IntoIterator<Item = Field>) {
        self.fields.extend(fields);
    }

    /// On a page of its own: errors are summed up above it, and lead to their fields.
    #[must_use]
    pub fn long(mut self) -> Self {
        self.long = true;
        self
    }

    /// Nothing of it is kept before it is sent: for those who have not signed in.
    #[must_use]
    pub fn unkept(mut self) -> Self {
        self.kept = false;
        self
    }

    /// With a verb that is true of any label; where scripts run, the button says what the label does that is chosen.
    #[must_use]
    pub fn by_label(mut self, verb: impl Into<String>) -> Self {
        self.by_label = true;
        self.verb(verb)
    }

    /// With another verb on its button.
    #[must_use]
    pub fn verb(mut self, verb: impl Into<String>) -> Self {
        self.verb = verb.into();
        self
    }

    /// With who will see what is sent, told above its button: for a form that doesn't ask for a label.
    #[must_use]
    pub fn seen(mut self, seen: WhoSees) -> Self {
        self.seen = Some(seen);
        self
    }

    /// As the visitor left it, if it was begun before.
    ///
    /// # Errors
    /// When the storage fails.
    pub fn resumed(mut self, visitor: &Visitor) -> Result<Self, Failure> {
        if let Some(draft) = draft::of(visitor.node(), &visitor.owner(), &self.name)? {
            self.resumed = Some(self.words.moment(draft.changed));
            self = self.filled(&draft.typed);
        }
        Ok(self)
    }

    /// With what was typed. Only the fields of this form are taken; see [`strayed`](Self::strayed). Beside one that is above the
    /// node's ceiling stands that it is refused.
    #[must_use]
    pub fn filled(mut self, typed: &Typed) -> Self {
        let known = |name: &str| self.fields.iter().any(|field| field.name == name);
        let strayed = typed.kept().filter(|(name, _)| !known(name));
        self.strayed = strayed
            .map(|(name, value)| (name.to_owned(), value.trim().to_owned()))
            .collect();
        for field in &mut self.fields {
            let typed = typed.all(&field.name).map(str::to_owned).collect();
            field.stood = std::mem::replace(&mut field.value, typed);
            if matches!(field.input, Input::Line | Input::Mail) {
                // A browser sends one line; a program may send anything.
                for value in &mut field.value {
                    let ends = |c: char| c.is_control() && c != '\t';
                    field.broken |= value.trim().contains(ends);
                    *value = value.replace(char::is_control, " ");
                }
            }
            let asks = !matches!(field.input, Input::Secret | Input::Carried | Input::Who(_));
            if asks && field.value.iter().any(|value| self.ceiling.marks(value)) {
                field.error = Some(self.words.t("form-above"));
            }
            let written = field.value.iter().map(|value| value.trim());
            let mut written = written.filter(|value| !value.is_empty());
            let wrong = match field.input {
                Input::Day => (!written.all(is_day)).then_some("form-day-wrong"),
                Input::Moment => (!written.all(is_moment)).then_some("form-moment-wrong"),
                _ => None,
            };
            if let Some(wrong) = wrong {
                field.error.get_or_insert_with(|| self.words.t(wrong));
            }
            if let Input::Who(told) = &mut field.input {
                // It was told of another label.
                *told = None;
            }
        }
        self
    }

    /// What was typed into fields that the form does not have any more, as it is made from what stands now: names and values.
    pub fn strayed(&self) -> &[(String, String)] {
        &self.strayed
    }

    /// Says something that is wrong with all of it, and beside no field.
    pub fn say(&mut self, sentence: impl Into<String>) {
        self.said.push(sentence.into());
    }

    /// What stands in a field, without the white space around it.
    pub fn text(&self, name: &str) -> &str {
        let field = self.fields.iter().find(|field| field.name == name);
        field
            .and_then(|field| field.value.first())
            .map_or("", |value| value.trim())
    }

    /// All that was chosen in a field.
    pub fn chosen(&self, name: &str) -> &[String] {
        let field = self.fields.iter().find(|field| field.name == name);
        field.map_or(&[], |field| &field.value)
    }

    /// What a field offers to choose from.
    pub fn offers(&self, name: &str) -> &[Choice] {
        let field = self.fields.iter().find(|field| field.name == name);
        match field.map(|field| &field.input) {
            Some(Input::One(all) | Input::List(all) | Input::Any(all)) => all,
            _ => &[],
        }
    }

    /// What stands in a field that must not be empty; an error beside it if it is.
    pub fn need(&mut self, name: &str) -> String {
        let text = self.text(name).to_owned();
        if text.is_empty() {
            let field = self.fields.iter().find(|field| field.name == name);
            let label = field.map_or("", |field| &field.label).to_owned();
            let sentence = self.words.t1("form-empty", "field", label);
            self.wrong(name, sentence);
        }
        text
    }

    /// What somebody is to be called; an error beside the field where nobody can be.
    pub fn need_name(&mut self, name: &str) -> String {
        let text = self.need(name);
        if text.is_empty() {
            return text;
        }
        let broken = |field: &Field| field.name == name && field.broken;
        let fits = match self.fields.iter().any(broken) {
            true => Err(UnfitName::Unseen('\n')),
            false => fit_name(&text).map(drop),
        };
        if let Err(unfit) = fits {
            let sentence = unfit_name(&self.words, unfit);
            self.wrong(name, sentence);
        }
        text
    }

    /// With nothing in a field: what was typed there is not given back.
    #[must_use]
    pub fn without(mut self, name: &str) -> Self {
        for field in self.fields.iter_mut().filter(|field| field.name == name) {
            field.value.clear();
        }
        self
    }

    /// Puts an error beside a field: what is wrong, and what to do.
    pub fn wrong(&mut self, name: &str, sentence: impl Into<String>) {
        let sentence = sentence.into();
        match self.fields.iter_mut().find(|field| field.name == name) {
            Some(field) => field.error = Some(sentence),
            None => self.said.push(sentence),
        }
    }

    /// Whether a button stands before its verb: then the one that is meant by Enter has to be named.
    fn has_other_buttons(&self) -> bool {
        let own = |field: &Field| field.find.is_some() || matches!(field.input, Input::Who(_));
        self.resumed.is_some() || self.fields.iter().any(own)
    }

    /// Whether something is wrong with what was typed.
    pub fn is_wrong(&self) -> bool {
        !self.said.is_empty() || self.fields.iter().any(|field| field.error.is_some())
    }

    /// The first thing that is wrong with what was typed: beside which field, if beside any, and what.
    pub fn first_wrong(&self) -> Option<(Option<&str>, &str)> {
        let mut fields = self.fields.iter();
        let beside = fields.find_map(|field| Some((Some(&*field.name), field.error.as_deref()?)));
        beside.or_else(|| Some((None, self.said.first()?.as_str())))
    }

    /// Whether what the form was made from was changed since, as a carried field tells by what stands there now. Then `sentence` stands
    /// beside a field, the others say what stands there now where something else was typed, and the form goes on from what stands: sent
    /// again, it is taken. A field that the form did not have yet, for which nothing was sent, has what stands.
    pub fn meanwhile(&mut self, carried: &str, beside: &str, sentence: impl Into<String>) -> bool {
        let at = |field: &&mut Field| field.name == carried;
        let Some(field) = self.fields.iter_mut().find(at) else {
            return false;
        };
        let first = |values: &[String]| values.first().map_or("", |one| one.trim()).to_owned();
        if first(&field.value) == first(&field.stood) {
            return false;
        }
        field.value = field.stood.clone();
        for field in &mut self.fields {
            let asks = !matches!(
                field.input,
                Input::Carried | Input::Who(_) | Input::File | Input::Files { .. } | Input::Secret
            );
            // Of a tick and of any of several nothing is sent where none is chosen.
            if asks && field.value.is_empty() && !matches!(field.input, Input::Tick | Input::Any(_))
            {
                field.value = field.stood.clone();
            }
            let same = |values: &[String]| {
                let told = values
                    .iter()
                    .map(|one| one.replace("\r\n", "\n").trim().to_owned());
                told.filter(|one| !one.is_empty()).collect::<Vec<_>>()
            };
            if asks && !field.fresh && same(&field.value) != same(&field.stood) {
                let stands = match field.input {
                    Input::Tick => None,
                    _ => Some(self.words.list(&field.read())).filter(|all| !all.is_empty()),
                };
                field.error = Some(match (stands, &field.input) {
                    (Some(stands), _) => self.words.t1("form-stands", "value", stands),
                    (None, Input::Tick) if !field.stood.is_empty() => {
                        self.words.t("form-stands-ticked")
                    }
                    (None, Input::Tick) => self.words.t("form-stands-unticked"),
                    (None, _) => self.words.t("form-stands-empty"),
                });
            }
        }
        let sentence = sentence.into();
        let named = self.fields.iter_mut().find(|field| field.name == beside);
        match named {
            Some(field) => {
                let more = field.error.take().map(|more| format!(" {more}"));
                field.error = Some(format!("{sentence}{}", more.unwrap_or_default()));
            }
            None => self.said.push(sentence),
        }
        true
    }

    /// Keeps what was typed, since it can't be taken as it is.
    ///
    /// # Errors
    /// When the storage fails.
    pub fn keep(&self, visitor: &Visitor) -> Result<(), Failure> {
        let pairs = self.fields.iter().flat_map(|field| {
            let values = field.value.iter();
            values.map(|value| (field.name.clone(), value.clone()))
        });
        let typed = Typed::of(pairs);
        draft::keep(visitor.node(), &visitor.owner(), &self.name, &typed).map(drop)
    }

    /// What came of writing what was typed; nothing where the node did not take it, which is said over the form with its reason. What was
    /// typed stays then, unless it is marked above what this node may hold.
    ///
    /// # Errors
    /// What else went wrong.
    pub fn taken<T, E: Into<Failure>>(
        &mut self,
        visitor: &Visitor,
        written: Result<T, E>,
    ) -> Result<Option<T>, Failure> {
        let refused = match written.map_err(Into::into) {
            Ok(written) => return Ok(Some(written)),
            Err(Failure::NotTaken(refused)) => refused,
            Err(failure) => return Err(failure),
        };
        let why = why_not(&visitor.words, &refused);
        self.said
            .push(visitor.words.t1("form-not-taken", "reason", why));
        if !refused.is_above {
            self.keep(visitor)?;
        }
        Ok(None)
    }

    /// Lets go of the draft, since what was typed has been taken.
    ///
    /// # Errors
    /// When the storage fails.
    pub fn done(&self, visitor: &Visitor) -> Result<(), Failure> {
        draft::drop(visitor.node(), &visitor.owner(), &self.name)
    }

    fn errors(&self) -> Vec<(String, String)> {
        let said = self.fields.iter().filter_map(|field| {
            let error = field.error.as_deref()?;
            // What stands in a long text is said beside it.
            let short = match error.chars().nth(LONG) {
                Some(_) => shorten(error),
                None => error.to_owned(),
            };
            Some((field.id(), short))
        });
        said.collect()
    }

    fn takes_files(&self) -> bool {
        let mut fields = self.fields.iter();
        fields.any(|field| matches!(field.input, Input::File | Input::Files { .. }))
    }
}

/// Why nobody can be called so.
pub(crate) fn unfit_name(words: &Words, unfit: UnfitName) -> String {
    match unfit {
        UnfitName::Empty => words.t("form-name-none"),
        UnfitName::TooLong(long) => words.t2("form-name-long", "most", LONGEST_NAME, "n", long),
        UnfitName::Unseen(_) => words.t("form-name-unseen"),
    }
}

impl Visitor {
    /// Whose drafts are the visitor's.
    pub(crate) fn owner(&self) -> String {
        let person = self.person();
        person.map_or_else(|| "terminal".to_owned(), ToString::to_string)
    }

    /// What the visitor has begun and not sent: the names of the forms, with when, the newest first.
    ///
    /// # Errors
    /// When the storage fails.
    pub fn drafts(&self) -> Result<Vec<(String, i64)>, Failure> {
        draft::all(self.node(), &self.owner())
    }
}
