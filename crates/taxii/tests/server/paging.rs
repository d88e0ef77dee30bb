//! Rules 22 to 32: dates, order, pages, tokens, and that what is hidden leaves no trace.

use http::StatusCode;

use crate::stage::{Answer, SITUATION, Stage, envelope, is, tool, tool_at, tool_id};

const OBJECTS: &str = "/taxii2/root/collections/situation/objects/";
const LAST: &str = "x-taxii-date-added-last";
const FIRST: &str = "x-taxii-date-added-first";

/// Follows `next` to the end.
async fn follow(stage: &Stage, who: &str, path: &str) -> Vec<Answer> {
    let mut pages = vec![stage.get(who, path).await];
    loop {
        assert!(pages.len() <= 1_000, "{path} has no end");
        let last = pages.last().unwrap();
        is(last, StatusCode::OK);
        let json = last.json();
        let more = json["more"].as_bool().unwrap_or(false);
        assert_eq!(more, json["next"].is_string(), "next goes with more");
        let Some(next) = json["next"].as_str() else {
            return pages;
        };
        let page = stage.get(who, &format!("{path}&next={next}")).await;
        pages.push(page);
    }
}

#[tokio::test]
async fn r23_r24_dates_are_unique_increasing_and_have_six_digits_whatever_the_clock_does() {
    let stage = Stage::new().await;
    for (n, step) in [
        0,
        0,
        -86_400_000_000,
        1,
        -1,
        315_360_000_000_000,
        -315_360_000_000_000,
    ]
    .into_iter()
    .enumerate()
    {
        stage.clock.advance(step);
        stage.put(&[1], &[tool(2 * n), tool(2 * n + 1)]).await;
    }
    let manifest = stage.get("both", &format!("{SITUATION}manifest/")).await;
    let dates = manifest.each("date_added");
    assert_eq!(dates.len(), 14);
    assert!(dates.is_sorted_by(|a, b| a < b), "{dates:#?}");
    for date in dates
        .iter()
        .chain([&manifest.headers[LAST], &manifest.headers[FIRST]])
    {
        assert_eq!((date.len(), &date[26..]), (27, "Z"), "{date}");
    }
}

#[tokio::test]
async fn r23_one_envelope_is_paged_by_date_without_loss() {
    let stage = Stage::new().await;
    let objects: Vec<_> = (0..50).map(tool).collect();
    let answer = stage.post("both", OBJECTS, &envelope(&objects)).await;
    is(&answer, StatusCode::ACCEPTED);
    let (mut after, mut names) = (String::new(), Vec::new());
    loop {
        let page = stage
            .get("both", &format!("{OBJECTS}?limit=7{after}"))
            .await;
        if page.body == "{}" {
            break;
        }
        names.extend(page.names());
        assert!(names.len() <= 50, "more than there are: {names:?}");
        after = format!("&added_after={}", page.header(LAST));
    }
    let expected: Vec<_> = (0..50).map(|n| format!("t{n}")).collect();
    assert_eq!(names, expected);
}

#[tokio::test]
async fn r25_pages_say_where_they_begin_and_end_and_empty_ones_say_nothing() {
    let stage = Stage::new().await;
    stage.put(&[1], &[tool(1), tool(2), tool(3)]).await;
    let manifest = stage.get("both", &format!("{SITUATION}manifest/")).await;
    let dates = manifest.each("date_added");
    for path in ["objects/", "manifest/", "objects/?match[type]=tool"] {
        let page = stage.get("both", &format!("{SITUATION}{path}")).await;
        assert_eq!(
            (page.header(FIRST), page.header(LAST)),
            (&*dates[0], &*dates[2]),
            "{path}"
        );
    }
    for path in [
        format!("objects/{}/", tool_id(2)),
        format!("objects/{}/versions/", tool_id(2)),
    ] {
        let page = stage.get("both", &format!("{SITUATION}{path}")).await;
        assert_eq!(
            (page.header(FIRST), page.header(LAST)),
            (&*dates[1], &*dates[1]),
            "{path}"
        );
    }
    let empty = stage
        .get("both", &format!("{OBJECTS}?added_after={}", dates[2]))
        .await;
    assert_eq!((empty.body.as_str(), empty.header(LAST)), ("{}", ""));
}

#[tokio::test]
async fn r26_r27_r28_every_walk_by_next_gives_each_object_once_in_order() {
    let stage = Stage::new().await;
    let objects: Vec<_> = (0..23).map(tool).collect();
    stage.put(&[1], &objects).await;
    let expected: Vec<_> = (0..23).map(|n| format!("t{n}")).collect();
    for limit in [1, 2, 7, 22, 23, 24, 1_000] {
        let pages = follow(&stage, "both", &format!("{OBJECTS}?limit={limit}")).await;
        let names: Vec<_> = pages.iter().flat_map(Answer::names).collect();
        assert_eq!(names, expected, "limit {limit}");
        assert_eq!(
            pages.len(),
            23_usize.div_ceil(limit),
            "more is true only when there is more"
        );
        for page in &pages {
            assert!(page.names().len() <= limit);
        }
        let manifest = follow(
            &stage,
            "both",
            &format!("{SITUATION}manifest/?limit={limit}"),
        )
        .await;
        assert_eq!(manifest.iter().flat_map(|page| page.each("id")).count(), 23);
    }
}

#[tokio::test]
async fn r28_a_token_can_be_used_again_and_only_where_it_came_from() {
    let stage = Stage::new().await;
    stage.put(&[1, 2], &[tool(1), tool(2), tool(3)]).await;
    let first = stage
        .get("both", &format!("{OBJECTS}?limit=1&match[type]=tool"))
        .await
        .json();
    let next = first["next"].as_str().unwrap();
    let second = stage
        .get(
            "both",
            &format!("{OBJECTS}?limit=1&match[type]=tool&next={next}"),
        )
        .await;
    assert_eq!(second.names(), ["t2"]);
    let again = stage
        .get(
            "both",
            &format!("{OBJECTS}?limit=1&match[type]=tool&next={next}"),
        )
        .await;
    assert_eq!(again.body, second.body);
    let wider = stage
        .get(
            "both",
            &format!("{OBJECTS}?limit=9&match[type]=tool&next={next}"),
        )
        .await;
    assert_eq!(wider.names(), ["t2", "t3"], "the page size may change");
    let other = stage
        .get(
            "reader",
            &format!("{OBJECTS}?limit=1&match[type]=tool&next={next}"),
        )
        .await;
    assert_eq!(
        other.names(),
        ["t2"],
        "a token gives no right and takes none"
    );
    let mut broken = next.to_owned().into_bytes();
    broken[3] = if broken[3] == b'A' { b'B' } else { b'A' };
    let broken = String::from_utf8(broken).unwrap();
    for path in [
        format!("{OBJECTS}?next={next}"),
        format!("{OBJECTS}?match[type]=malware&next={next}"),
        format!("{SITUATION}manifest/?match[type]=tool&next={next}"),
        format!("/taxii2/root/collections/norms/objects/?match[type]=tool&next={next}"),
        format!("{OBJECTS}?match[type]=tool&next={broken}"),
        format!("{OBJECTS}?match[type]=tool&next={next}A"),
        format!("{OBJECTS}?match[type]=tool&next="),
        format!("{OBJECTS}?match[type]=tool&next=%00"),
    ] {
        is(&stage.get("both", &path).await, StatusCode::BAD_REQUEST);
    }
}

#[tokio::test]
async fn r29_a_date_beside_a_token_changes_nothing_and_excludes_itself() {
    let stage = Stage::new().await;
    stage.put(&[1], &(0..6).map(tool).collect::<Vec<_>>()).await;
    let dates = stage
        .get("both", &format!("{SITUATION}manifest/"))
        .await
        .each("date_added");
    let path = format!("{OBJECTS}?limit=2&added_after={}", dates[1]);
    let pages = follow(&stage, "both", &path).await;
    let names: Vec<_> = pages.iter().flat_map(Answer::names).collect();
    assert_eq!(names, ["t2", "t3", "t4", "t5"]);
    // A tenth of a microsecond before an object's date it is still to come.
    let just_before = format!("{}9Z", dates[2].trim_end_matches('Z').to_owned());
    let at = stage
        .get(
            "both",
            &format!("{OBJECTS}?limit=1&added_after={just_before}"),
        )
        .await;
    assert_eq!(at.names(), ["t3"], "after {just_before}");
}

#[tokio::test]
async fn r22_a_poller_beside_four_writers_loses_nothing() {
    let stage = std::sync::Arc::new(Stage::new().await);
    let writers: Vec<_> = (0..4)
        .map(|writer| {
            let stage = std::sync::Arc::clone(&stage);
            tokio::spawn(async move {
                for batch in 0..10 {
                    let objects: Vec<_> = (0..5)
                        .map(|n| tool(writer * 1_000 + batch * 10 + n))
                        .collect();
                    let answer = stage.post("both", OBJECTS, &envelope(&objects)).await;
                    is(&answer, StatusCode::ACCEPTED);
                }
            })
        })
        .collect();
    let mut writing = Box::pin(async move {
        for writer in writers {
            writer.await.unwrap();
        }
    });
    let (mut after, mut names, mut done) =
        (String::new(), std::collections::BTreeSet::new(), false);
    let mut pages = 0;
    loop {
        let page = stage
            .get("second", &format!("{OBJECTS}?limit=9{after}"))
            .await;
        if page.body == "{}" {
            if done {
                break;
            }
            tokio::select! {
                () = &mut writing, if !done => done = true,
                () = tokio::task::yield_now() => {}
            }
            continue;
        }
        pages += 1;
        assert!(pages <= 200, "more pages than there are records");
        names.extend(page.names());
        after = format!("&added_after={}", page.header(LAST));
    }
    assert_eq!(names.len(), 200);
}

#[tokio::test]
async fn r32_what_is_hidden_leaves_no_trace() {
    // Two nodes: one holds records that participant 2 may not see among those it may, the other only the latter.
    let (with, without) = (Stage::new().await, Stage::new().await);
    let clock = |stage: &Stage, n: i64| stage.clock.set(crate::stage::NOW + n * 1_000_000);
    for n in 0..12_usize {
        clock(&with, n as i64);
        clock(&without, n as i64);
        // An older version that only participant 1 may see.
        if n % 4 == 1 {
            let older = tool_at(n, "2019-01-01T00:00:00.000Z");
            with.put(&[1], &[older]).await;
        }
        if n % 3 == 0 {
            with.put(&[1], &[tool(n)]).await;
        } else {
            with.put(&[1, 2], &[tool(n)]).await;
            without.put(&[1, 2], &[tool(n)]).await;
        }
    }
    let hidden = tool_id(0);
    for path in [
        "objects/".to_owned(),
        "objects/?limit=3".to_owned(),
        "objects/?match[type]=tool&limit=2".to_owned(),
        "objects/?match[version]=all".to_owned(),
        "objects/?match[version]=first".to_owned(),
        format!("objects/?match[id]={hidden},{}", tool_id(1)),
        "manifest/".to_owned(),
        format!("objects/{hidden}/"),
        format!("objects/{hidden}/versions/"),
        format!("objects/{}/", tool_id(1)),
        format!("objects/{}/versions/", tool_id(1)),
        format!("objects/{hidden}/?match[version]=all"),
    ] {
        let (one, other) = (
            with.get("reader", &format!("{SITUATION}{path}")).await,
            without.get("reader", &format!("{SITUATION}{path}")).await,
        );
        let shape = |answer: &Answer| {
            let more = answer.status == 200 && answer.json()["more"].as_bool().unwrap_or(false);
            let ids = if answer.status == 200 {
                answer.each("id")
            } else {
                vec![answer.body.clone()]
            };
            let versions = if answer.status == 200 {
                answer.each("modified")
            } else {
                vec![]
            };
            (answer.status, more, ids, versions)
        };
        assert_eq!(shape(&one), shape(&other), "{path}");
    }
    // And to the byte: a hidden object and one that never was.
    let never = with
        .get("reader", &format!("{OBJECTS}{}/", tool_id(999)))
        .await;
    let mut hidden = with.get("reader", &format!("{OBJECTS}{hidden}/")).await;
    hidden
        .headers
        .insert("date".into(), never.headers["date"].clone());
    assert_eq!(hidden, never);
    // A collection that is not for this access and one that never was.
    let never = with
        .get("stranger", "/taxii2/root/collections/x/objects/")
        .await;
    let mut other = with.get("stranger", OBJECTS).await;
    other
        .headers
        .insert("date".into(), never.headers["date"].clone());
    assert_eq!(other, never);
}

#[tokio::test]
async fn a_page_of_large_records_ends_before_it_is_too_large_to_hold() {
    let stage = Stage::new().await;
    let large = |n: usize| {
        tool(n).replace(
            "\"x_odd\"",
            &format!("\"x_large\":\"{}\",\"x_odd\"", "x".repeat(1_500_000)),
        )
    };
    for n in 0..8 {
        stage.put(&[1], &[large(n)]).await;
    }
    let pages = follow(&stage, "both", &format!("{OBJECTS}?limit=1000")).await;
    let names: Vec<_> = pages.iter().map(Answer::names).collect();
    assert_eq!(names.concat().len(), 8);
    for page in &pages {
        assert!(page.body.len() < 7 << 20, "{}", page.body.len());
    }
    assert_eq!(names.iter().map(Vec::len).collect::<Vec<_>>(), [3, 3, 2]);
}
