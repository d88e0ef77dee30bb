//! The desk on a real node: texts come in, are corrected and confirmed, and the register answers.

use dialogues::Dialogues;
use dialogues::compose::{Batch, Label};
use dialogues::import::{
    Correction, Decision, Stage, Where, confirm, correct, load, readings, save, suggest, take_in,
    without_contacts,
};
use dialogues::records::{
    Act, Commitment, Consent, Dialogue, FollowUp, NewPiece, Session, Standing, State, Text, Weight,
};
use dialogues::register::{ALWAYS, Register};
use policy::{Purpose, Viewer};
use stage::Bench;

const ENGLISH: &str = "Joint elements of the 4th EU-Japan Cyber Dialogue

Brussels, 01/07/2019

The European Union and Japan held the fourth meeting of their Cyber Dialogue in Brussels on 11 June 2019.
Both sides condemned any attempt to misuse information and communication technologies.
The EU and Japan will exchange contact points for cyber incidents by 31 December 2019.
They agreed to strengthen their cooperation on capacity building in third countries.
The fifth EU-Japan Cyber Dialogue will be held in Tokyo in June 2020.

Ann Press: +32 460 00 00 00 - ann.press@example.org
";

const FRENCH: &str = "Éléments communs du 4e dialogue UE-Japon sur le cyberespace

Bruxelles, 01/07/2019

L’Union européenne et le Japon ont tenu la quatrième réunion de leur dialogue sur le cyberespace à Bruxelles le 11 juin 2019.
Les deux parties ont condamné toute tentative d’utiliser les technologies de l’information et des communications à des fins malveillantes.
L’UE et le Japon échangeront des points de contact pour les incidents de cybersécurité avant le 31 décembre 2019.
Ils sont convenus de renforcer leur coopération en matière de renforcement des capacités dans les pays tiers.
Le cinquième dialogue UE-Japon sur le cyberespace se tiendra à Tokyo en juin 2020.
";

fn decision(standing: Standing) -> Decision {
    Decision {
        standing,
        reported_by: None,
        dialogue: Where::New,
        name: None,
        session: Where::New,
        version_of: None,
        weight: None,
        replaces: None,
        acts: vec![Act::Position, Act::Reaffirmation],
        label: Label::Ours,
        by: desk::By::Door(None),
    }
}

#[test]
fn a_text_comes_in_is_corrected_and_confirmed() {
    let bench = Bench::new(&Dialogues);
    let node = &bench.node;
    let mut reading = take_in(node, "eu-jp-4.txt", ENGLISH.as_bytes(), None).unwrap();
    assert!(!reading.text.contains("example.org") && !reading.text.contains("Ann Press"));
    assert_eq!(reading.machine.parties, ["EU", "JP"]);
    assert_eq!(reading.machine.event.start.as_deref(), Some("2019-06-11"));
    let register = Register::at_home(&bench.node);
    // Nothing enters the register before a person confirms.
    assert_eq!(
        register
            .all::<Commitment>("commitment.act", 100)
            .unwrap()
            .into_inner(),
        []
    );

    let machine = reading.machine.clone();
    let exchange = machine
        .statements
        .iter()
        .find(|said| said.text.contains("contact points"))
        .unwrap();
    assert_eq!(exchange.act, "commitment");
    let at = exchange.start + exchange.text.chars().position(|c| c == 'f').unwrap();
    let id = exchange.id.clone();
    correct(&mut reading, Correction::Split(id.clone(), at), None).unwrap();
    assert_eq!(
        reading.corrected.statements.len(),
        machine.statements.len() + 1
    );
    correct(&mut reading, Correction::Merge(id.clone()), None).unwrap();
    assert_eq!(reading.corrected.statements, machine.statements);
    for wrong in [
        Correction::Split(id.clone(), 0),
        Correction::Merge("s99".into()),
        Correction::Split("x".into(), 3),
    ] {
        assert!(correct(&mut reading, wrong, None).is_err());
    }
    let mut new = reading
        .corrected
        .statements
        .iter()
        .find(|said| said.id == id)
        .unwrap()
        .clone();
    new.strength = 2;
    correct(&mut reading, Correction::Clause(new), None).unwrap();
    assert_eq!(reading.machine, machine);
    for said in &reading.corrected.statements {
        let words: String = reading
            .text
            .chars()
            .skip(said.start)
            .take(said.end - said.start)
            .collect();
        assert_eq!(words, said.text);
    }
    let example: serde_json::Value =
        serde_json::from_str(&reading.corrected.annotation().unwrap()).unwrap();
    assert_eq!(example["schema"], "entente-statement/1");

    let was = load(node, &reading.id).unwrap();
    save(node, was.as_ref(), &reading).unwrap();
    let done = confirm(node, &mut reading, decision(Standing::Joint)).unwrap();
    assert!(done.statements >= 4, "{done:?}");
    assert_eq!(
        load(node, &reading.id).unwrap().unwrap().stage,
        Stage::Confirmed
    );
    assert!(confirm(node, &mut reading, decision(Standing::Joint)).is_err());
    let sessions = register
        .having::<Session>("session.dialogue", done.dialogue.as_str(), 9)
        .unwrap()
        .into_inner();
    assert_eq!(sessions.len(), 1);
    assert_eq!(sessions[0].what.place.as_deref(), Some("Brussels"));
    let next = sessions[0].what.next.as_ref().unwrap();
    assert_eq!(
        (next.ordinal, next.place.as_deref(), next.date.as_deref()),
        (Some(5), Some("Tokyo"), Some("2020-06"))
    );
    let dated = register
        .between::<Commitment>("commitment.due", ALWAYS, 9)
        .unwrap()
        .into_inner();
    assert!(
        dated
            .iter()
            .any(|piece| piece.what.due.as_deref() == Some("2019-12-31")),
        "{dated:?}"
    );
    // To whom it was not given, nothing of it is there.
    let public = Register::new(node, Viewer::public(), Purpose::Show);
    assert_eq!(
        public
            .all::<Commitment>("commitment.act", 100)
            .unwrap()
            .into_inner(),
        []
    );
    assert_eq!(
        public
            .one::<Text>(&done.text)
            .unwrap()
            .map(|text| text.into_inner()),
        None
    );
}

#[test]
fn a_second_language_adds_words_and_not_commitments() {
    let bench = Bench::new(&Dialogues);
    let node = &bench.node;
    let mut first = take_in(node, "en.txt", ENGLISH.as_bytes(), None).unwrap();
    let done = confirm(node, &mut first, decision(Standing::Joint)).unwrap();
    let mut second = take_in(node, "fr.txt", FRENCH.as_bytes(), None).unwrap();
    let register = Register::at_home(&bench.node);
    let found = suggest(&register, &second).unwrap().into_inner();
    assert_eq!(found.dialogues.len(), 1);
    assert_eq!(
        found.sessions.first().map(|session| session.id.clone()),
        Some(done.session.clone())
    );
    assert_eq!(found.texts.len(), 1);
    let more = confirm(
        node,
        &mut second,
        Decision {
            dialogue: Where::There(done.dialogue.clone()),
            session: Where::There(done.session.clone()),
            version_of: Some(done.text.clone()),
            weight: Some(Weight::Authentic),
            ..decision(Standing::Joint)
        },
    )
    .unwrap();
    assert!(more.translated >= 4 && more.statements == 0, "{more:?}");
    let dated = register
        .between::<Commitment>("commitment.due", ALWAYS, 9)
        .unwrap()
        .into_inner();
    let exchange = dated
        .iter()
        .find(|piece| piece.what.words.contains("contact points"))
        .unwrap();
    let words = register
        .translations(&exchange.id, "words")
        .unwrap()
        .into_inner();
    assert_eq!(words.len(), 1);
    assert!(
        words[0].words.contains("points de contact") && words[0].weight == Some(Weight::Authentic),
        "{words:?}"
    );
}

#[test]
fn the_same_words_in_another_layout_are_known_and_a_changed_text_is_not_the_same() {
    let bench = Bench::new(&Dialogues);
    let node = &bench.node;
    let mut first = take_in(node, "en.txt", ENGLISH.as_bytes(), None).unwrap();
    assert_eq!(
        take_in(node, "again.txt", ENGLISH.as_bytes(), None)
            .unwrap()
            .name,
        "en.txt"
    );
    confirm(node, &mut first, decision(Standing::Joint)).unwrap();
    let other = ENGLISH.replace("Brussels, 01/07/2019\n\n", "Brussels, 01/07/2019\n\n\n");
    let mut same = take_in(node, "copy.txt", other.as_bytes(), None).unwrap();
    assert_eq!(same.normal, first.normal);
    let found = suggest(&Register::at_home(&bench.node), &same)
        .unwrap()
        .into_inner();
    assert!(found.same.is_some());
    let error = confirm(node, &mut same, decision(Standing::Joint)).unwrap_err();
    assert!(error.to_string().contains("the same words"), "{error}");
    let changed = take_in(
        node,
        "new.txt",
        ENGLISH.replace("31 December", "30 June").as_bytes(),
        None,
    )
    .unwrap();
    assert_ne!(changed.normal, first.normal);
    assert_eq!(readings(node).unwrap().len(), 3);
}

#[test]
fn bad_input_is_told_in_words_and_costs_nothing() {
    let bench = Bench::new(&Dialogues);
    for (text, expected) in [
        ("", "no text"),
        ("   \n ", "no text"),
        (
            "Die Europäische Union und Japan haben am 11. Juni 2019 in Brüssel ihren Dialog über den Cyberraum abgehalten und vereinbart, die Zusammenarbeit zu verstärken.",
            "only English and French",
        ),
    ] {
        let error = take_in(&bench.node, "bad.txt", text.as_bytes(), None).unwrap_err();
        assert!(error.to_string().contains(expected), "{error}");
    }
    assert_eq!(readings(&bench.node).unwrap().len(), 0);
    // What has no sentence is not the same as anything else that has none.
    let none = ["12345", "67 - 89"];
    let none = none.map(|text| take_in(&bench.node, "none.txt", text.as_bytes(), None).unwrap());
    assert_ne!(none[0].normal, none[1].normal);
    for (text, expected) in [
        ("Call us: +32 498 96 99 21\nkept", "\nkept"),
        ("mail to a@b.example please\r\nkept", "\r\nkept"),
        (
            "The @EU account of 27+ States in 2014",
            "The @EU account of 27+ States in 2014",
        ),
    ] {
        assert_eq!(without_contacts(text), expected);
    }
}

#[test]
fn a_follow_up_is_found_with_its_series() {
    let bench = Bench::new(&Dialogues);
    let mut batch = Batch::new(&bench.node, None, Label::Ours);
    let dialogue: Dialogue =
        serde_json::from_value(serde_json::json!({ "name": "A-B", "parties": ["EU", "JP"] }))
            .unwrap();
    let dialogue = batch.add(NewPiece::of(dialogue)).unwrap();
    let follow_up = FollowUp {
        about_ref: "commitment--00000000-0000-4000-8000-000000000001".into(),
        side: "EU".into(),
        state: State::UnderWay,
        dialogue_ref: Some(dialogue.id.to_string()),
        account: Some("It goes on.".into()),
        as_of: None,
        evidence: Vec::new(),
        superseded_by_ref: None,
    };
    let first = batch.add(NewPiece::of(follow_up.clone())).unwrap();
    batch.send().unwrap();
    bench.later(86_400);
    let mut batch = Batch::new(&bench.node, None, Label::Ours);
    batch
        .add(first.revised(FollowUp {
            state: State::Implemented,
            ..follow_up
        }))
        .unwrap();
    batch.send().unwrap();
    let register = Register::at_home(&bench.node);
    let found = register
        .having::<FollowUp>("follow_up.dialogue", dialogue.id.as_str(), 9)
        .unwrap()
        .into_inner();
    assert_eq!(
        found
            .iter()
            .map(|piece| piece.what.state)
            .collect::<Vec<_>>(),
        [State::Implemented]
    );
    assert_eq!(
        register
            .versions::<FollowUp>(&first.id)
            .unwrap()
            .into_inner()
            .len(),
        2
    );
    assert_eq!(
        register
            .one::<Consent>(&first.id)
            .unwrap()
            .map(|one| one.into_inner()),
        None
    );
}

#[test]
fn the_sample_loads_once_and_answers() {
    let bench = Bench::new(&Dialogues);
    let loaded = dialogues::sample::load(&bench.node).unwrap();
    assert!(
        matches!(loaded, dialogues::sample::Loaded::New(n) if n > 15),
        "{loaded:?}"
    );
    assert_eq!(
        dialogues::sample::load(&bench.node).unwrap(),
        dialogues::sample::Loaded::Already
    );
    let register = Register::at_home(&bench.node);
    let series = register
        .having::<Dialogue>("dialogue.key", "EU-JP:cyber-dialogue", 9)
        .unwrap()
        .into_inner();
    let known = register
        .series(&series[0].id)
        .unwrap()
        .unwrap()
        .into_inner();
    let missing = dialogues::rules::announced::not_held(&known.sessions, bench.node.now());
    // Announced for Tokyo, about June 2020; no fifth session is recorded.
    assert_eq!(
        missing
            .iter()
            .map(|session| session.what.ordinal)
            .collect::<Vec<_>>(),
        [Some(4)]
    );
    let washington = register
        .having::<Dialogue>("dialogue.key", "EU-US:cyber-dialogue", 9)
        .unwrap()
        .into_inner();
    let known = register
        .series(&washington[0].id)
        .unwrap()
        .unwrap()
        .into_inner();
    assert_eq!(
        dialogues::rules::announced::not_held(&known.sessions, bench.node.now()).len(),
        0
    );
    let home = register.home(bench.node.now()).unwrap().into_inner();
    assert_eq!(home.not_held.len(), 1);
}

#[test]
fn the_texts_of_the_pages_are_whole() {
    let package = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    assert_eq!(
        site::locale::problems(package, Some(std::path::Path::new("../../crates/site"))),
        Vec::<String>::new()
    );
}

/// A text of the fifth session, said otherwise.
fn fifth(from: &str, to: &str) -> String {
    ENGLISH
        .replace("4th EU-Japan", "5th EU-Japan")
        .replace("fourth meeting", "fifth meeting")
        .replace(
            "The fifth EU-Japan Cyber Dialogue will be held in Tokyo in June 2020.\n",
            "",
        )
        .replace(from, to)
}

#[test]
fn two_sessions_on_one_day_are_two_and_the_person_says_which() {
    let bench = Bench::new(&Dialogues);
    let node = &bench.node;
    let mut first = take_in(node, "one.txt", ENGLISH.as_bytes(), None).unwrap();
    let one = confirm(node, &mut first, decision(Standing::Joint)).unwrap();
    bench.later(60);
    let other = fifth("condemned", "strongly condemned");
    let mut second = take_in(node, "two.txt", other.as_bytes(), None).unwrap();
    let two = Decision {
        dialogue: Where::There(one.dialogue.clone()),
        ..decision(Standing::Joint)
    };
    let two = confirm(node, &mut second, two).unwrap();
    assert_ne!(one.session, two.session);
    let register = Register::at_home(&bench.node);
    let day = |id| {
        let session = register.one::<Session>(id).unwrap().unwrap().into_inner();
        (session.what.start.unwrap(), session.what.ordinal)
    };
    assert_eq!(day(&one.session), ("2019-06-11".to_owned(), Some(4)));
    assert_eq!(day(&two.session), ("2019-06-11".to_owned(), Some(5)));
    // A third text without a number is offered both.
    let third = ENGLISH
        .replace("4th ", "")
        .replace("fourth meeting", "meeting");
    let third = take_in(node, "three.txt", third.as_bytes(), None).unwrap();
    let found = suggest(&register, &third).unwrap().into_inner();
    assert_eq!(found.sessions.len(), 2, "{:?}", third.machine.series);
}

#[test]
fn a_text_that_dates_its_session_otherwise_leaves_both_dates() {
    let bench = Bench::new(&Dialogues);
    let node = &bench.node;
    let mut first = take_in(node, "one.txt", ENGLISH.as_bytes(), None).unwrap();
    let one = confirm(node, &mut first, decision(Standing::Joint)).unwrap();
    bench.later(60);
    let other = ENGLISH.replace("on 11 June 2019", "on 12 June 2019");
    let mut second = take_in(node, "two.txt", other.as_bytes(), None).unwrap();
    let there = Decision {
        dialogue: Where::There(one.dialogue.clone()),
        session: Where::There(one.session.clone()),
        ..decision(Standing::Joint)
    };
    let two = confirm(node, &mut second, there).unwrap();
    let register = Register::at_home(&bench.node);
    let session = register.one::<Session>(&one.session).unwrap().unwrap();
    let session = session.into_inner().what;
    assert_eq!(session.start.as_deref(), Some("2019-06-11"));
    let told = dialogues::rules::announced::conflicts(&session);
    let dates: Vec<(&str, Option<&str>)> = told
        .iter()
        .map(|claim| (&*claim.date, claim.text_ref.as_deref()))
        .collect();
    let by = [Some(one.text.as_str()), Some(two.text.as_str())];
    let expected = [("2019-06-11", by[0]), ("2019-06-12", by[1])];
    assert_eq!(dates, expected, "{told:?}");
    let text = register.one::<Text>(&two.text).unwrap().unwrap();
    assert_eq!(
        text.into_inner().what.remarks,
        ["dated 2019-06-12 here, 2019-06-11 in the session"]
    );
}

#[test]
fn a_party_joins_a_series_that_keeps_its_id_unless_others_have_it() {
    let bench = Bench::new(&Dialogues);
    let node = &bench.node;
    let mut first = take_in(node, "one.txt", ENGLISH.as_bytes(), None).unwrap();
    let one = confirm(node, &mut first, decision(Standing::Joint)).unwrap();
    bench.later(60);
    let mut second = take_in(node, "two.txt", fifth("x", "x").as_bytes(), None).unwrap();
    second.corrected.parties = vec!["EU".into(), "JP".into(), "KR".into()];
    second.corrected.series.id = Some("EU-JP-KR:cyber-dialogue".into());
    let was = load(node, &second.id).unwrap();
    save(node, was.as_ref(), &second).unwrap();
    let found = suggest(&Register::at_home(&bench.node), &second)
        .unwrap()
        .into_inner();
    assert_eq!(found.dialogues, []);
    assert_eq!(
        found.joined.iter().map(|one| &one.id).collect::<Vec<_>>(),
        [&one.dialogue]
    );
    let there = Decision {
        dialogue: Where::There(one.dialogue.clone()),
        ..decision(Standing::Joint)
    };
    confirm(node, &mut second, there).unwrap();
    let register = Register::at_home(&bench.node);
    let versions = register.versions::<Dialogue>(&one.dialogue).unwrap();
    let parties: Vec<Vec<String>> = versions
        .into_inner()
        .into_iter()
        .map(|piece| piece.what.parties)
        .collect();
    assert_eq!(parties, [vec!["EU", "JP"], vec!["EU", "JP", "KR"]]);

    // What somebody else has is not written anew beside a text that they don't have.
    bench.later(60);
    let series = register.one::<Dialogue>(&one.dialogue).unwrap().unwrap();
    let theirs = vec![stix::marking::Audience::Identity(
        "identity--00000000-0000-4000-8000-00000000000a"
            .parse()
            .unwrap(),
    )];
    let mut batch = Batch::new(node, None, Label::To(stix::marking::TlpName::Amber, theirs));
    let series = series.into_inner();
    batch.add(series.revised(series.what.clone())).unwrap();
    batch.send().unwrap();
    bench.later(60);
    let mut third = take_in(
        node,
        "three.txt",
        fifth("condemned", "deplored").as_bytes(),
        None,
    )
    .unwrap();
    let was = third.clone();
    third.corrected.parties.push("US".into());
    save(node, Some(&was), &third).unwrap();
    let there = Decision {
        dialogue: Where::There(one.dialogue.clone()),
        ..decision(Standing::Joint)
    };
    confirm(node, &mut third, there).unwrap();
    let now = Register::at_home(&bench.node)
        .one::<Dialogue>(&one.dialogue)
        .unwrap()
        .unwrap();
    assert_eq!(now.into_inner().what.parties, ["EU", "JP", "KR"]);
}
