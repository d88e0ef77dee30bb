//! What two desks or rooms would both have: a name, a letter, a place in the navigation, an address, a text, a schema.
//! Invariant: nothing is served where there is one: of two, a visitor would reach or read only the first.

use std::collections::BTreeMap;

use include_dir::Dir;

use super::desk::Desk;
use super::routes::Route;

/// What is there once for all of them, and who has it.
#[derive(Default)]
struct Claims(BTreeMap<(&'static str, String), Vec<String>>);

impl Claims {
    fn claim(&mut self, what: &'static str, value: impl Into<String>, by: &str) {
        let claim = self.0.entry((what, value.into())).or_default();
        claim.push(by.to_owned());
    }

    fn told(self) -> Vec<String> {
        let twice = self.0.into_iter().filter(|(_, by)| by.len() > 1);
        twice
            .map(|((what, value), by)| {
                let by = by.join(" and ");
                format!("{by} both have the {what} {value:?}: give one of them another")
            })
            .collect()
    }
}

/// A line for each thing that two of them have. `texts` and `addresses` are those of the site itself.
pub(super) fn clashes(
    all: &[Box<dyn Desk>],
    texts: &Dir<'static>,
    addresses: &[Route],
) -> Vec<String> {
    let mut claims = Claims::default();
    claim_texts(&mut claims, texts, "the site");
    claim_addresses(&mut claims, addresses, "the site");
    for desk in all {
        let name = desk.name();
        let by = format!("{name} ({})", kind_of(&**desk));
        claims.claim("name", name, &by);
        for nav in desk.nav() {
            claims.claim("place in the navigation", nav.path, &by);
            if nav.letter != ' ' {
                claims.claim("letter after g", nav.letter, &by);
            }
        }
        claim_addresses(&mut claims, desk.routes().list(), &by);
        if let Some(folder) = desk.locales() {
            claim_texts(&mut claims, folder, &by);
        }
        if let serde_json::Value::Object(schemas) = desk.schemas() {
            for schema in schemas.keys() {
                claims.claim("schema", schema, &by);
            }
        }
    }
    claims.told()
}

/// What a message calls it: a desk has texts of its own.
fn kind_of(desk: &dyn Desk) -> &'static str {
    if desk.locales().is_some() {
        "desk"
    } else {
        "room"
    }
}

/// Addresses that differ in the names of their parameters alone are one.
fn claim_addresses(claims: &mut Claims, routes: &[Route], by: &str) {
    for route in routes {
        let parts = route.path.split('/').map(|part| match part.chars().next() {
            Some('{') => "{}",
            _ => part,
        });
        let path = parts.collect::<Vec<_>>().join("/");
        claims.claim("address", format!("{} {path}", route.method), by);
    }
}

fn claim_texts(claims: &mut Claims, folder: &Dir<'static>, by: &str) {
    let english = folder
        .dirs()
        .find(|language| language.path().ends_with("en"));
    let files = english.into_iter().flat_map(Dir::files);
    for text in files.filter_map(|file| file.contents_utf8()) {
        let begins = |line: &&str| line.starts_with(|letter: char| letter.is_ascii_alphabetic());
        let keys = text.lines().filter(begins);
        for (key, _) in keys.filter_map(|line| line.split_once('=')) {
            claims.claim("text", key.trim(), by);
        }
    }
}

#[cfg(test)]
mod tests {
    use axum::http::Method;
    use include_dir::{DirEntry, File};

    use super::super::desk::{Nav, Section};
    use super::super::routes::{Routes, Who};
    use super::super::site::{LOCALES, Settings};
    use super::*;

    static TEXTS: Dir<'static> = Dir::new(
        "",
        &[DirEntry::Dir(Dir::new(
            "en",
            &[DirEntry::File(File::new(
                "en/norms.ftl",
                b"# Of norms\nnorms-title = Norms\nfind = Find a norm\n    and what it says\n",
            ))],
        ))],
    );

    struct Toy(&'static str, &'static str, char, &'static str);

    impl Desk for Toy {
        fn name(&self) -> &'static str {
            self.0
        }

        fn nav(&self) -> Vec<Nav> {
            vec![Nav {
                section: Section::Desks,
                path: self.1,
                key: "norms-title",
                letter: self.2,
                role: None,
            }]
        }

        fn routes(&self) -> Routes {
            Routes::new().page(self.3, Who::Everyone, async || "")
        }

        fn locales(&self) -> Option<&'static Dir<'static>> {
            (self.0 == "norms").then_some(&TEXTS)
        }
    }

    #[test]
    fn two_that_would_be_one_to_a_visitor_are_named() {
        let norms = || Toy("norms", "/norms", 'x', "/norms/{id}");
        for (other, said) in [
            (Toy("contacts", "/contacts", 'y', "/contacts"), None),
            (
                Toy("norms", "/b", 'y', "/b"),
                Some("norms (desk) and norms (desk) both have the name \"norms\""),
            ),
            (
                Toy("contacts", "/norms", 'y', "/contacts"),
                Some("both have the place in the navigation \"/norms\""),
            ),
            (
                Toy("contacts", "/contacts", 'x', "/contacts"),
                Some("norms (desk) and contacts (room) both have the letter after g \"x\""),
            ),
            (
                Toy("contacts", "/contacts", 'y', "/norms/{name}"),
                Some("both have the address \"GET /norms/{}\""),
            ),
        ] {
            let all: Vec<Box<dyn Desk>> = vec![Box::new(norms()), Box::new(other)];
            let none = Dir::new("", &[]);
            let told = clashes(&all, &none, &[]);
            let found = said.map(|said| told.iter().any(|line| line.contains(said)));
            assert!(found.unwrap_or(told.is_empty()), "{said:?}: {told:?}");
        }
    }

    #[test]
    fn a_text_or_an_address_of_the_site_is_taken() {
        let all: Vec<Box<dyn Desk>> = vec![Box::new(Toy("norms", "/norms", ' ', "/norms"))];
        let own = [Route {
            method: Method::GET,
            path: "/norms",
            who: Who::Everyone,
            kind: super::super::routes::Kind::Page,
        }];
        let told = clashes(&all, &TEXTS, &own);
        for key in ["norms-title", "find"] {
            let line = format!("the site and norms (desk) both have the text {key:?}");
            assert!(told.iter().any(|told| told.starts_with(&line)), "{told:?}");
        }
        assert_eq!(told.len(), 3, "{told:?}");
    }

    #[test]
    fn the_rooms_leave_each_other_alone() {
        let settings = Settings {
            design: true,
            ..Settings::default()
        };
        let told = clashes(
            &crate::rooms::all(&settings),
            &LOCALES,
            Routes::of_parts().list(),
        );
        assert_eq!(told, Vec::<String>::new());
    }
}
