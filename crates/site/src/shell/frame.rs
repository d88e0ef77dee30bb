//! The frame around every page: where I am, who I am, desks, what needs me, the label at head and foot.

use std::ops::Deref;

use super::assets;
use super::desk::{Need, Section};
use super::label::Tlp;
use super::shown::shown;
use super::visitor::{Theme, Visitor};
use crate::locale::Words;

/// A name that leads somewhere.
#[derive(Debug, Clone)]
pub struct Link {
    /// Where it leads.
    pub path: String,
    /// Its name, in the visitor's language.
    pub name: String,
}

impl Link {
    /// A link.
    pub fn new(path: impl Into<String>, name: impl Into<String>) -> Self {
        Self {
            path: path.into(),
            name: name.into(),
        }
    }
}

/// An entry of the navigation, as this page has it.
#[derive(Debug, Clone)]
pub struct Entry {
    /// Where it leads.
    pub path: &'static str,
    /// Its name.
    pub name: String,
    /// The letter that leads there after `g`, or nothing.
    pub letter: String,
    /// Whether this page belongs to it.
    pub current: bool,
}

/// Entries of the navigation that belong together.
#[derive(Debug, Clone)]
pub struct Group {
    /// Its heading.
    pub name: String,
    /// What stands under it.
    pub entries: Vec<Entry>,
}

/// A language or a theme to choose.
#[derive(Debug, Clone)]
pub struct Choice {
    /// The query that chooses it.
    pub query: String,
    /// Its name, a language's in that language.
    pub name: String,
    /// The tag of the language, or the name of the theme.
    pub tag: String,
    /// Whether this page has it.
    pub current: bool,
}

/// What stands around a page. Templates call its words directly: `frame.t("key")`.
#[derive(Debug, Clone)]
pub struct Frame {
    /// The words of the visitor's language.
    pub words: Words,
    /// The page's title.
    pub title: String,
    /// The name of the node's participant.
    pub node: String,
    /// The way from the home page to here.
    pub trail: Vec<Link>,
    /// The desks and the rooms of the node, as far as the visitor has them.
    pub groups: Vec<Group>,
    /// What needs the visitor.
    pub needs: Vec<Need>,
    /// Whether somebody signed in.
    pub signed_in: bool,
    /// That somebody's name.
    pub person: Option<String>,
    /// The languages.
    pub languages: Vec<Choice>,
    /// The themes.
    pub themes: Vec<Choice>,
    /// The theme of this page.
    pub theme: Theme,
    /// Whether there is a search to go to.
    pub search: bool,
    /// What is looked for at the moment.
    pub asked: String,
    /// The strictest label of what is shown; none on pages that show no record.
    pub labeled: Option<Tlp>,
    /// The name of the exercise that this node is in, if it is.
    pub exercise: Option<String>,
    /// What the last form left to say.
    pub said: Option<String>,
    /// That a list of the page is not whole, and after how many it ends.
    pub ended: Option<String>,
    /// Who printed the page, from where, and when.
    pub printed: String,
    /// The address of the style sheet.
    pub style: &'static str,
    /// The address of the script.
    pub script: Option<&'static str>,
}

impl Frame {
    /// The frame of a notice: the ways on, and no room that it stands in, so that it tells nothing of what was asked for.
    pub(crate) fn notice(visitor: &Visitor, title: &str, needs: Vec<Need>) -> Self {
        let mut frame = Self::around(visitor, &visitor.words.t(title), needs);
        for group in &mut frame.groups {
            for entry in &mut group.entries {
                entry.current = false;
            }
        }
        frame.said = None;
        frame
    }

    pub(crate) fn around(visitor: &Visitor, title: &str, needs: Vec<Need>) -> Self {
        let (words, site) = (&visitor.words, &visitor.site);
        let signed_in = visitor.actor.is_some();
        // Whoever still has to choose how they sign in has nowhere else to go.
        let settled = visitor.actor.as_ref().is_some_and(|actor| !actor.enrolling);
        // Who runs the node is for those who signed in, and for what it publishes.
        let node = match signed_in {
            true => visitor.home_name(),
            false => String::new(),
        };
        let entries = |section: Section| -> Vec<Entry> {
            let entries = site.desks().flat_map(|desk| desk.nav());
            entries
                .filter(|nav| nav.section == section && settled)
                .filter(|nav| nav.role.is_none_or(|role| visitor.has(role)))
                .map(|nav| Entry {
                    path: nav.path,
                    name: words.t(nav.key),
                    letter: nav.letter.to_string().trim().to_owned(),
                    current: is_under(&visitor.path, nav.path),
                })
                .collect()
        };
        let groups = Section::ALL.map(|section| Group {
            name: words.t(section.key()),
            entries: entries(section),
        });
        let languages = site.languages().map(|language| Choice {
            query: visitor.query_with("lang", language.tag()),
            name: language.t("language-name"),
            tag: language.tag().to_owned(),
            current: language.tag() == words.tag(),
        });
        let themes = Theme::ALL.into_iter().map(|theme| Choice {
            query: visitor.query_with("theme", theme.name()),
            name: words.t(&format!("theme-{}", theme.name())),
            tag: theme.name().to_owned(),
            current: theme == visitor.theme,
        });
        Self {
            title: title.to_owned(),
            trail: Vec::new(),
            groups: groups
                .into_iter()
                .filter(|group| !group.entries.is_empty())
                .collect(),
            needs,
            signed_in,
            person: visitor.actor.as_ref().map(|actor| shown(&actor.name)),
            languages: languages.collect(),
            themes: themes.collect(),
            theme: visitor.theme,
            search: settled && site.has("/search"),
            asked: String::new(),
            labeled: None,
            exercise: site.inner.settings.exercise.clone(),
            said: visitor.said.as_deref().map(shown),
            ended: visitor.ended(),
            printed: match &visitor.actor {
                Some(actor) => {
                    let (date, name) = (words.moment(visitor.now), shown(&actor.name));
                    match name.is_empty() {
                        true => words.t2("frame-printed", "date", date, "node", &node),
                        false => words.t3(
                            "frame-printed-by",
                            "date",
                            date,
                            "name",
                            name,
                            "node",
                            &node,
                        ),
                    }
                }
                None => String::new(),
            },
            node,
            style: assets::style(),
            script: assets::script(),
            words: words.clone(),
        }
    }

    /// With the label that holds for the whole page: the strictest of what it shows.
    #[must_use]
    pub fn label(mut self, label: Tlp) -> Self {
        self.labeled = Some(label);
        self
    }

    /// With one more step on the way to this page. A name that stands in a record or that somebody typed is made fit to be shown before:
    /// see [`shown`]. Words of our own may isolate what they name, which is not to be seen.
    #[must_use]
    pub fn under(mut self, path: impl Into<String>, name: impl Into<String>) -> Self {
        self.trail.push(Link::new(path, name));
        self
    }

    /// With what is looked for, in the field of the search.
    #[must_use]
    pub fn asking(mut self, asked: impl Into<String>) -> Self {
        self.asked = asked.into();
        self
    }
}

impl Deref for Frame {
    type Target = Words;

    fn deref(&self) -> &Words {
        &self.words
    }
}

/// Whether a page belongs to an entry of the navigation.
fn is_under(path: &str, entry: &str) -> bool {
    match path.strip_prefix(entry) {
        Some(rest) => rest.is_empty() || (rest.starts_with('/') && entry != "/"),
        None => false,
    }
}

impl Visitor {
    /// The query of this page with one parameter set: a link to the same page, seen otherwise.
    pub fn query_with(&self, name: &str, value: &str) -> String {
        let mut query = String::from("?");
        for pair in self.query.split('&').filter(|pair| !pair.is_empty()) {
            let own = pair.split('=').next().unwrap_or_default();
            if own != name && own != "lang" && own != "theme" {
                query.push_str(pair);
                query.push('&');
            }
        }
        query.push_str(name);
        query.push('=');
        query.extend(percent_encoding::utf8_percent_encode(
            value,
            percent_encoding::NON_ALPHANUMERIC,
        ));
        query
    }
}

#[cfg(test)]
mod tests {
    use super::is_under;

    #[test]
    fn a_page_belongs_to_the_entry_that_it_stands_under() {
        for (path, entry, belongs) in [
            ("/", "/", true),
            ("/peers", "/", false),
            ("/peers", "/peers", true),
            ("/peers/kestria", "/peers", true),
            ("/peersons", "/peers", false),
        ] {
            assert_eq!(is_under(path, entry), belongs, "{path} {entry}");
        }
    }
}
