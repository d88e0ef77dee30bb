//! Subjects, States and bodies have words in each language, also in one that is only a folder of texts.

use dialogues::Dialogues;
use dialogues::names::{TOPICS, code_of, topic, touched};
use site::Desk as _;
use site::locale::Locales;

#[test]
fn each_subject_is_called_something_in_each_language() {
    let locales = Locales::new([Dialogues.locales().unwrap()], true);
    let words = ["en", "fr", "en-XA"].map(|tag| locales.choose(Some(tag), None, None));
    for code in TOPICS {
        let [english, french, accented] = words.each_ref().map(|words| topic(words, code));
        assert!(
            ![&english, &french].iter().any(|name| name.contains('⟨')),
            "{code}"
        );
        assert_ne!(english, accented, "{code}");
    }
    assert_eq!(topic(&words[0], "unheard_of"), "unheard_of");
}

/// Ids of `bodies.txt` under which things of no common name are found.
const NAMELESS: [&str; 1] = ["LONDON-DECLARATION"];

/// Agencies that speak for their State and have a name of their own.
const AGENCIES: [&str; 5] = ["VIGINUM", "BSSN", "NUKIB", "NCSC-UK", "AGESIC"];

#[test]
fn an_agency_is_called_by_its_name() {
    let locales = Locales::of_the_site(false);
    for tag in ["en", "fr"] {
        let words = locales.choose(Some(tag), None, None);
        for code in ["VIGINUM", "AGENCE-ANSSI", "BSSN"] {
            let name = touched(&words, code).unwrap();
            let short = code.trim_start_matches("AGENCE-");
            // The sign by which it is known stands behind its name.
            assert!(name.ends_with(&format!(" ({short})")), "{tag}: {name}");
        }
    }
}

#[test]
fn each_state_and_body_that_the_reader_of_texts_knows_is_called_something_in_each_language() {
    let locales = Locales::of_the_site(true);
    let words = ["en", "fr", "en-XA"].map(|tag| locales.choose(Some(tag), None, None));
    for code in text::state_codes() {
        let [english, french, accented] = words.each_ref().map(|words| words.state(code).unwrap());
        assert_ne!(english, accented, "{code}");
        for name in [english, french] {
            // What a page calls a State is read again where somebody types or writes it.
            assert_eq!(
                text::state_named(&name.replace('’', "'")),
                Some(code),
                "{name}"
            );
            assert_eq!(code_of(&name).as_deref(), Some(code), "{name}");
        }
    }
    let bodies = include_str!("../../../../crates/text/data/names/bodies.txt").lines();
    let lines = bodies.filter(|line| !line.starts_with('#'));
    let ids = lines.filter_map(|line| {
        let mut cells = line.split('|').map(str::trim);
        let (id, kind) = (cells.next()?, cells.next()?);
        // A ministry speaks for its State. What comes after them does so as well, and is known by a name of its own.
        let is_office = kind.starts_with("ministry") && !AGENCIES.contains(&id);
        (!is_office && !NAMELESS.contains(&id)).then_some(id)
    });
    for id in ids {
        let names = words.each_ref().map(|words| touched(words, id));
        assert!(names.iter().all(Option::is_some), "{id} has no name");
        let plain = |name: &String| name.contains(|letter| "aeiouAEIOU".contains(letter));
        let [english, _, accented] = names.map(Option::unwrap_or_default);
        assert!(english != accented || !plain(&english), "{id}");
    }
    assert_eq!(code_of(" japon "), Some("JP".to_owned()));
    assert_eq!(code_of("Union européenne"), Some("EU".to_owned()));
    // As the French form's own example has it.
    assert_eq!(code_of("UE"), Some("EU".to_owned()));
    assert_eq!(code_of("Unheard-of"), None);
}
