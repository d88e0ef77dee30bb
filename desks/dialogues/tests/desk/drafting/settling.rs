//! What sides do to a passage: proposals, brackets, answers; and two rounds written at once.

use dialogues::drafting::ink::{passage, proposed};
use dialogues::drafting::propose::{Wrong, propose, strike, view};
use dialogues::drafting::rounds::joined;
use dialogues::drafting::settle::{Act, changes, settle};
use dialogues::records::PassageState;

use super::{all, edited, parties, told};

#[test]
fn a_side_writes_what_it_would_have_and_the_rest_is_told() {
    for (text, edits, wanted, seen) in [
        (
            "Both sides will meet.",
            vec![("EU", "Both sides shall meet.")],
            "Both sides [-EU:will][+EU:shall] meet.",
            "Both sides shall meet.",
        ),
        // The other side answers in the same words: its own beside the first one's.
        (
            "Both sides will meet.",
            vec![
                ("EU", "Both sides shall meet."),
                ("JP", "Both sides may meet."),
            ],
            "Both sides [-EU:will][EU>JP:shall][+JP:may] meet.",
            "Both sides may meet.",
        ),
        // One's own is changed without a trace.
        (
            "Both sides will meet.",
            vec![
                ("EU", "Both sides shall meet."),
                ("EU", "Both sides must meet."),
            ],
            "Both sides [-EU:will][+EU:must] meet.",
            "Both sides must meet.",
        ),
        // Brackets hold words; only who holds them lets go.
        (
            "They will publish the results.",
            vec![("JP", "They will publish [the results].")],
            "They will publish [=JP:the results].",
            "They will publish [the results].",
        ),
        (
            "They will publish the results.",
            vec![
                ("JP", "They will publish [the results]."),
                ("EU", "They will publish the results."),
            ],
            "They will publish [=JP:the results].",
            "They will publish [the results].",
        ),
        (
            "They will publish the results.",
            vec![
                ("JP", "They will publish [the results]."),
                ("JP", "They will publish the results."),
            ],
            "They will publish the results.",
            "They will publish the results.",
        ),
    ] {
        let made = edited(text, &edits);
        assert_eq!(told(&made), wanted);
        assert_eq!(view(&made), seen);
    }
    assert_eq!(
        propose(&passage("a", "1".to_owned()), "EU", "a ["),
        Err(Wrong::Brackets)
    );
    assert_eq!(
        propose(&passage("a", "1".to_owned()), "EU", "a ] b ["),
        Err(Wrong::Brackets)
    );
    // A whole paragraph: put forward by one, it is gone when that side takes it back, and stays when another objects.
    let new = proposed("A new paragraph.", "2a-1".to_owned(), "EU");
    assert_eq!(
        (new.state, new.by.as_deref()),
        (PassageState::Proposed, Some("EU"))
    );
    assert_eq!(strike(&new, "EU"), None);
    assert_eq!(
        told(&strike(&new, "JP").unwrap()),
        "[EU>JP:A new paragraph.]"
    );
    let gone = strike(&passage("An old one.", "1".to_owned()), "JP").unwrap();
    assert_eq!(
        (gone.state, gone.by.as_deref()),
        (PassageState::Deleted, Some("JP"))
    );
}

#[test]
fn what_is_open_is_settled_by_those_who_may() {
    let base = edited(
        "Both sides will meet.",
        &[
            ("EU", "Both sides shall meet."),
            ("JP", "Both sides shall meet [yearly]."),
        ],
    );
    // What is put in is open without a bracket.
    assert_eq!(
        told(&base),
        "Both sides [-EU:will][+EU:shall] meet[+JP: yearly]."
    );
    let found = changes(&base);
    let short: Vec<(&str, &str, &str, &str)> = found
        .iter()
        .map(|one| {
            (
                one.what.as_str(),
                one.by.as_str(),
                one.gone.as_str(),
                one.words.as_str(),
            )
        })
        .collect();
    assert_eq!(
        short,
        [
            ("instead", "EU", "will", "shall"),
            ("in", "JP", "", " yearly")
        ]
    );
    for (place, act, side, wanted) in [
        (0, Act::Accept, "JP", "Both sides shall meet[+JP: yearly]."),
        (0, Act::Withdraw, "EU", "Both sides will meet[+JP: yearly]."),
        (
            0,
            Act::Refuse,
            "JP",
            "Both sides [-EU=JP:will][EU>JP:shall] meet[+JP: yearly].",
        ),
        (
            1,
            Act::Accept,
            "EU",
            "Both sides [-EU:will][+EU:shall] meet yearly.",
        ),
        // Nobody settles what is not theirs to settle.
        (
            0,
            Act::Accept,
            "EU",
            "Both sides [-EU:will][+EU:shall] meet[+JP: yearly].",
        ),
        (
            0,
            Act::Withdraw,
            "JP",
            "Both sides [-EU:will][+EU:shall] meet[+JP: yearly].",
        ),
        (
            7,
            Act::Accept,
            "JP",
            "Both sides [-EU:will][+EU:shall] meet[+JP: yearly].",
        ),
    ] {
        let after = settle(&base, place, act, side, &parties()).unwrap();
        assert_eq!(told(&after), wanted, "{place} {act:?} {side}");
    }
    // Of three, two have to agree, and one can take it back until then.
    let three: Vec<String> = ["EU", "JP", "US"].map(str::to_owned).to_vec();
    let one = settle(&base, 0, Act::Accept, "JP", &three).unwrap();
    assert_eq!(changes(&one)[0].agreed_by, ["JP"]);
    assert_eq!(settle(&one, 0, Act::Keep, "JP", &three).unwrap(), base);
    let two = settle(&one, 0, Act::Accept, "US", &three).unwrap();
    assert_eq!(told(&two), "Both sides shall meet[+JP: yearly].");
}

#[test]
fn two_rounds_written_at_once_are_both_in_what_takes_them_up() {
    let base = passage("Both sides will meet in Tokyo.", "1-1".to_owned());
    let one = edited(
        "Both sides will meet in Tokyo.",
        &[("EU", "Both sides shall meet in Tokyo.")],
    );
    let other = edited(
        "Both sides will meet in Tokyo.",
        &[("JP", "Both sides will meet in Kyoto.")],
    );
    let new = proposed("One more.", "2b-1".to_owned(), "JP");
    let both = joined(std::slice::from_ref(&one), &[other, new]);
    assert_eq!(
        all(&both),
        [
            "Both sides [-EU:will][+EU:shall] meet in [-JP:Tokyo][+JP:Kyoto].",
            "[+JP:One more.]",
        ]
    );
    assert_eq!(joined(std::slice::from_ref(&one), &[base]), [one]);
}
