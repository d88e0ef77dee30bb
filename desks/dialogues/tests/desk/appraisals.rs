//! Appraisals: when one may go out, by a table; and the tables of third parties that come in as appraisals and go out again.

use crate::entered::{TEXT, entered};
use axum::http::StatusCode;
use dialogues::Dialogues;
use dialogues::records::Appraisal;
use dialogues::rules::appraisals::{Wait, Wanted, may_go};
use dialogues::rules::scores::{Unread, folded, read, score};
use stage::{Answer, Pages, address};

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

#[test]
fn tables_are_read_in_both_forms_and_averages_never() {
    let member = |name: &str| ["Japan", "EU", "France"].contains(&name);
    let wide = "#,Commitment,Japan,EU,Average\r\n1,\"Share, by 2025\",+1,\u{2212}1,0.00\r\n2,Other things,n/a,0,\r\nAverage,,0.5,,\r\n";
    let found = read(wide.as_bytes(), &member).unwrap();
    let cells: Vec<(usize, &str, &str, &str)> = found
        .lines
        .iter()
        .map(|line| (line.number, &*line.commitment, &*line.member, &*line.score))
        .collect();
    assert_eq!(
        cells,
        [
            (2, "Share, by 2025", "Japan", "+1"),
            (2, "Share, by 2025", "EU", "\u{2212}1"),
            (3, "Other things", "EU", "0"),
            (4, "", "Japan", "0.5"),
        ]
    );
    assert_eq!(
        (found.left_out, found.blank),
        (vec!["Average".to_owned()], 2)
    );
    let long = "commitment;member;score;text\n\"two\nlines\";EU;-1;\"said \"\"no\"\"\"\n\nx;Japan;'+1;'=1+1\n";
    let found = read(long.as_bytes(), &member).unwrap().lines;
    assert_eq!((found[0].number, found[1].number), (2, 5));
    assert_eq!(found[0].text.as_deref(), Some("said \"no\""));
    assert_eq!(
        (&*found[1].score, found[1].text.as_deref()),
        ("+1", Some("=1+1"))
    );
    for (bytes, why) in [
        (&b"\xff,member,score\n"[..], Unread::Encoding),
        (b"a,member,score\n\"x,y,1\n", Unread::Quote(2)),
        (b"a,b,c\nx,1,0\n", Unread::Head),
        (b"commitment,member,score\n", Unread::Empty),
        (b"", Unread::Empty),
    ] {
        assert_eq!(read(bytes, &member), Err(why));
    }
    for (text, is) in [
        ("+1", Some(1)),
        ("1", Some(1)),
        ("0", Some(0)),
        ("-1", Some(-1)),
        ("\u{2212}1", Some(-1)),
        ("2", None),
        ("0.5", None),
        ("yes", None),
    ] {
        assert_eq!(score(text), is, "{text}");
    }
    assert_eq!(
        folded("L\u{2019}UE\u{a0}\u{2013} a  Promis."),
        "l'ue - a promis"
    );
}

pub(crate) async fn brought(pages: &Pages, path: &str, table: &str) -> Answer {
    let mut body = String::new();
    for (name, value) in [
        ("coder", "G7 Research Group"),
        ("basis", "Compliance report"),
        ("period", "2025-2026"),
        ("url", "https://example.org/report"),
    ] {
        body += &format!(
            "--entente\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n"
        );
    }
    body += &format!(
        "--entente\r\nContent-Disposition: form-data; name=\"file\"; filename=\"t.csv\"\r\n\r\n{table}\r\n--entente--\r\n"
    );
    pages.ask("POST", path, &pages.cookie, body).await
}

pub(crate) fn key(answer: &Answer) -> String {
    let at = answer.body.find("name=\"brought\" value=\"").unwrap();
    answer.body[at + 22..].split('"').next().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn scores_come_in_whole_or_not_and_go_out_the_same() {
    let pages = Pages::new(Dialogues).await;
    let session = entered(&pages, TEXT).await;
    let series = address(&pages.get(&session).await.body, "/dialogues/series/");
    let scores = format!("{series}/scores");
    assert!(
        pages
            .get(&scores)
            .await
            .body
            .contains("the G7 Research Group publishes")
    );
    let words =
        "The EU and Japan will exchange contact points for cyber incidents by 31 December 2025";
    // One line of four is wrong, each in its way: nothing is taken.
    let wrong = format!(
        "commitment,member,score,text\n\"{words}\",Japan,+1,a\n\"{words}\",Japan,0,b\n\"{words}\",EU,2,c\n\"Nobody ever promised this\",EU,1,d\n\"{words}\",Canada,1,e\n\"{words}\",Atlantis,1,f\n"
    );
    let tried = brought(&pages, &scores, &wrong).await;
    assert_eq!(tried.status, StatusCode::OK, "{}", tried.body);
    for sentence in [
        "To be taken: 1; wrong: 5",
        "line 3 · Japan",
        "Another line scores the same member",
        "none of -1, 0 and +1",
        "no commitment in these words",
        "none of those who committed themselves",
        "No State or organization is called so",
        "Nothing is taken while a line is wrong",
    ] {
        assert!(tried.body.contains(sentence), "{sentence}: {}", tried.body);
    }
    assert!(!tried.body.contains("name=\"brought\""));
    let empty = brought(&pages, &scores, "x").await;
    assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);

    // The table as it is published: its average is left out, and said to be.
    let table =
        format!("#,Commitment,Japan,European Union,Average\n1,\"{words}\",+1,\u{2212}1,0.00\n");
    let tried = brought(&pages, &scores, &table).await;
    assert!(
        tried
            .body
            .contains("Left out, since scores are never averaged: Average"),
        "{}",
        tried.body
    );
    let csv = pages.get(&format!("{scores}.csv")).await;
    assert!(
        !csv.body.contains("G7 Research Group"),
        "trying takes nothing"
    );
    let taken = pages
        .post(&format!("{scores}/take"), &[("brought", &key(&tried))])
        .await;
    assert_eq!(taken.status, StatusCode::SEE_OTHER, "{}", taken.body);
    let page = pages.get(&session).await.body;
    let row = page[..page.find("exchange contact points").unwrap()]
        .rfind("href=\"/dialogues/commitments/")
        .unwrap();
    let commitment = address(&page[row..], "/dialogues/commitments/");
    let page = pages.get(&commitment).await.body;
    for sentence in [
        "G7 Research Group",
        "On the part of Japan",
        "Full compliance (+1)",
        "No compliance (−1)",
        "https://example.org/report",
        "2025-2026",
    ] {
        assert!(page.contains(sentence), "{sentence}: {page}");
    }

    // What goes out comes in again, and is here already.
    let csv = pages.get(&format!("{scores}.csv")).await;
    assert_eq!(csv.body.lines().count(), 3, "{}", csv.body);
    assert!(csv.body.contains("TLP:AMBER+STRICT"));
    let again = brought(&pages, &scores, &csv.body).await;
    assert!(
        again.body.contains("To be taken: 0; wrong: 0"),
        "{}",
        again.body
    );
    assert_eq!(again.body.matches("here already").count(), 2);
    // A score that was changed where it comes from is the next version of the same.
    let changed = csv.body.replace("\"-1\"", "\"0\"");
    let tried = brought(&pages, &scores, &changed).await;
    assert!(
        tried.body.contains("Before: No compliance (−1)"),
        "{}",
        tried.body
    );
    pages.bench.later(1);
    pages
        .post(&format!("{scores}/take"), &[("brought", &key(&tried))])
        .await;
    let csv = pages.get(&format!("{scores}.csv")).await;
    assert_eq!(csv.body.lines().count(), 3, "{}", csv.body);
    assert!(csv.body.contains("\"0\"") && !csv.body.contains("\"-1\""));
    // What a participant says comes from its own node.
    let ours = csv.body.replace(
        "G7 Research Group",
        "Ministry of Foreign Affairs of Valmora",
    );
    let tried = brought(&pages, &scores, &ours).await;
    assert!(
        tried.body.contains("comes from its own node"),
        "{}",
        tried.body
    );
}
