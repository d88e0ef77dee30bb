//! Introductions, and the words by which people compare them.

use super::*;

fn introduction(seed: u64) -> Introduction {
    let log = tlog::Origin::new("node.example/log").unwrap();
    let addresses = vec!["https://node.example:7117/".to_owned()];
    introduction_after(seed, &[], addresses, &log)
}

fn introduction_after(
    seed: u64,
    former: &[ed25519_dalek::VerifyingKey],
    addresses: Vec<String>,
    log: &tlog::Origin,
) -> Introduction {
    Introduction::make(
        &object(&identity()),
        &keys(seed),
        log,
        addresses,
        former,
        MADE,
    )
    .unwrap()
}

#[test]
fn an_introduction_vouches_for_the_keys_that_went_before() {
    let log = tlog::Origin::new("node.example/log").unwrap();
    let former: Vec<_> = (10..30).map(|seed| keys(seed).public().seal).collect();
    let made = introduction_after(1, &former, Vec::new(), &log);
    assert_eq!(made.former(), &former[4..], "the last ones");
    let file = made.file();
    let read = Introduction::read(file.as_bytes()).unwrap();
    assert_eq!((read.former(), read.file()), (made.former(), file.clone()));
    assert_ne!(Words::of(&made), Words::of(&introduction(1)));
    // None can be taken away, added or exchanged on the way.
    let digits = hex::encode(former[9].as_bytes());
    let other = hex::encode(keys(40).public().seal.as_bytes());
    for changed in [
        file.replace(&format!("\"{digits}\","), ""),
        file.replace(&digits, &other),
        introduction(1)
            .file()
            .replacen('{', &format!("{{\"former_seal_keys\": [\"{other}\"],"), 1),
    ] {
        assert!(changed != file, "{changed}");
        assert!(
            matches!(
                Introduction::read(changed.as_bytes()),
                Err(IntroductionError::Changed)
            ),
            "{changed}"
        );
    }
    // The present key is no former one.
    let own = keys(1).public().seal;
    let keys = keys(1);
    let made = Introduction::make(&object(&identity()), &keys, &log, Vec::new(), &[own], MADE);
    assert!(made.is_err());
}

#[test]
fn an_introduction_is_of_one_piece() {
    let introduction = introduction(1);
    let file = introduction.file();
    let read = Introduction::read(file.as_bytes()).unwrap();
    assert_eq!(read.keys(), introduction.keys());
    assert_eq!(read.addresses(), introduction.addresses());
    assert_eq!(read.identity().raw(), identity());
    assert_eq!(read.file(), file);
    assert_eq!(read.digest().unwrap(), introduction.digest().unwrap());
    // Mail may turn line ends, and editors add a mark of their own; nothing else may change.
    assert!(Introduction::read(file.replace('\n', "\r\n").as_bytes()).is_ok());
    let digest = introduction.digest().unwrap();
    for at in 0..file.len() {
        let mut changed = file.clone().into_bytes();
        changed[at] ^= 1;
        if let Ok(read) = Introduction::read(&changed) {
            assert_eq!(read.digest().unwrap(), digest, "byte {at}");
        }
    }
    let more = file.replacen('{', "{\"note\": \"trust me\",", 1);
    assert!(matches!(
        Introduction::read(more.as_bytes()),
        Err(IntroductionError::Malformed(_))
    ));
    let twice = file.replacen('{', "{\"tls_pin\": \"x\",", 1);
    assert!(Introduction::read(twice.as_bytes()).is_err());
    let log = tlog::Origin::new("node.example/log").unwrap();
    for address in [
        "node.example",
        "https://",
        "https://a b",
        "https://a\nb",
        "javascript:x",
    ] {
        let result = Introduction::make(
            &object(&identity()),
            &keys(1),
            &log,
            vec![address.into()],
            &[],
            MADE,
        );
        assert!(
            matches!(result, Err(IntroductionError::Address(_))),
            "{address}"
        );
    }
}

#[test]
fn words_are_the_same_in_both_languages_and_differ_for_any_other_introduction() {
    let introduced = introduction(1);
    let words = Words::of(&introduced).unwrap();
    let read = Introduction::read(introduced.file().as_bytes()).unwrap();
    assert_eq!(Words::of(&read), Some(words));
    assert_ne!(Words::of(&introduction(2)), Some(words));
    let (english, french) = (words.in_english(), words.in_french());
    assert_eq!(
        (english.split(' ').count(), french.split(' ').count()),
        (6, 6)
    );
    assert!(!french.contains('\u{301}') && !french.contains('\u{300}'));
    assert!(words.are(&english) && words.are(&french));
    assert!(words.are(&english.to_uppercase().replace(' ', ", ")));
    assert!(words.are(&french.replace(['é', 'è'], "e")));
    let (first, rest) = english.split_once(' ').unwrap();
    assert!(!words.are(rest) && !words.are("") && !words.are(&format!("{rest} {first}")));
}
