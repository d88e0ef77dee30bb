//! Subjects have words in each language, also in one that is only a folder of texts.

use dialogues::Dialogues;
use dialogues::names::{TOPICS, topic};
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
