//! Appraisals: when one may go out, by a table.

use dialogues::records::Appraisal;
use dialogues::rules::appraisals::{Wait, Wanted, may_go};

#[test]
fn an_appraisal_goes_to_the_side_judged_before_anybody_else() {
    let made = |reply_by: Option<&str>| -> Appraisal {
        let mut what =
            serde_json::json!({ "about_ref": "x", "of": "JP", "by": "EU", "basis": "y" });
        if let Some(by) = reply_by {
            what["reply_by"] = by.into();
        }
        serde_json::from_value(what).unwrap()
    };
    let to = |side, others| Wanted { side, others };
    let until = 1_767_225_599_000_000;
    let (inside, out) = (made(None), made(Some("2025-12-31T23:59:59Z")));
    for (what, reached, replied, wanted, by, now, wait) in [
        (
            &inside,
            false,
            false,
            to(false, false),
            Some(9),
            1,
            Some(Wait::Nobody),
        ),
        (
            &inside,
            false,
            false,
            to(false, true),
            Some(9),
            1,
            Some(Wait::SideFirst),
        ),
        (
            &inside,
            false,
            false,
            to(true, true),
            Some(9),
            1,
            Some(Wait::SideFirst),
        ),
        (
            &inside,
            false,
            false,
            to(true, false),
            None,
            1,
            Some(Wait::NoTime),
        ),
        (
            &inside,
            false,
            false,
            to(true, false),
            Some(9),
            9,
            Some(Wait::NoTime),
        ),
        (&inside, false, false, to(true, false), Some(9), 1, None),
        // It was asked for once, and never got there: nothing has begun.
        (
            &out,
            false,
            false,
            to(true, true),
            Some(9),
            until,
            Some(Wait::SideFirst),
        ),
        (
            &out,
            true,
            false,
            to(true, true),
            None,
            until - 1,
            Some(Wait::Until(until)),
        ),
        (&out, true, false, to(true, false), None, until - 1, None),
        (&out, true, false, to(true, true), None, until, None),
        (&out, true, true, to(true, true), None, 1, None),
        (
            &out,
            true,
            true,
            to(false, true),
            None,
            1,
            Some(Wait::SideLeftOut),
        ),
        (
            &inside,
            true,
            false,
            to(true, true),
            None,
            until,
            Some(Wait::SideFirst),
        ),
    ] {
        assert_eq!(
            may_go(what, reached, replied, wanted, by, now).err(),
            wait,
            "{wanted:?} {reached} {replied} {by:?} {now}"
        );
    }
}
