//! Translations are found by the pointer of what they translate.

use stix::language::{LanguageContent, Standing};
use stix::{Limits, check};

fn read(rest: &str) -> Result<LanguageContent, String> {
    let text = format!(
        r#"{{"type":"language-content","id":"language-content--8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f",{rest}}}"#
    );
    LanguageContent::read(&check(text.as_bytes(), &Limits::default()).unwrap())
        .map_err(|problem| problem.to_string())
}

#[test]
fn translations_are_read() {
    let found = read(
        r#""object_ref":"report--8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f","object_modified":"2024-01-01T00:00:00.5Z",
        "contents":{"fr":{"name":"Été","aliases":["","deux"],"x":{"a/b":"c","n":5}},"de-CH":{"name":"Sommer"}},
        "extensions":{"extension-definition--7f3d2b90-1c58-4e6a-8b1e-52d96f0a4c73":{"extension_type":"property-extension","standing":"courtesy"}}"#,
    )
    .unwrap();
    assert_eq!(found.object_ref.type_name(), "report");
    assert_eq!(
        found.object_modified.as_ref().unwrap().as_str(),
        "2024-01-01T00:00:00.5Z"
    );
    assert_eq!(found.standing, Some(Standing::Courtesy));
    let french = found.language("fr-CA").unwrap();
    assert_eq!(french.text("/name"), Some("Été"));
    assert_eq!(french.text("/aliases/1"), Some("deux"));
    assert_eq!(french.text("/x/a~1b"), Some("c"));
    assert_eq!(french.texts.len(), 3);
    assert!(found.language("de-ch").is_some());
    assert!(found.language("de").is_none());
}

#[test]
fn what_cannot_be_used_is_refused() {
    for (rest, expected) in [
        (r#""contents":{}"#, "/object_ref: missing [required]"),
        (
            r#""object_ref":"x","contents":{}"#,
            "/object_ref: an identifier has the form type--uuid [identifier]",
        ),
        (
            r#""object_ref":"tool--8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f","contents":[]"#,
            "/contents: must be an object [required]",
        ),
    ] {
        assert_eq!(read(rest).unwrap_err(), expected);
    }
}
