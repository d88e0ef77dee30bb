//! Tables: the address says what is listed, and a file has the same rows.

use axum::http::StatusCode;

use crate::stage::Stage;

async fn table(stage: &Stage, cookie: &str, query: &str) -> String {
    let path = format!("/design/table{query}");
    let answer = stage
        .get(&path, &[("cookie", cookie), ("accept-language", "en")])
        .await;
    assert_eq!(answer.status, StatusCode::OK, "{path}");
    answer.body
}

fn rows(page: &str) -> usize {
    page.matches("<tr data-row>").count()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_listed_is_a_sentence_and_an_address() {
    let stage = Stage::design().await;
    let cookie = stage.enter(None).await;
    for (query, sentence, count) in [
        ("", "Papers</p>", 20),
        ("?side=kestria", "Papers, by Kestria <a", 20),
        (
            "?side=kestria&side=valmora&before=2026-03-01",
            "Papers, by Kestria or Valmora, due before 1\u{a0}March\u{a0}2026 <a",
            10,
        ),
        ("?number=7", "Papers, with 7 in the number <a", 6),
        ("?side=nobody", "Papers</p>", 0),
    ] {
        let page = table(&stage, &cookie, query).await;
        assert!(page.contains(sentence), "{query}: {sentence}");
        if query != "?side=nobody" {
            assert_eq!(rows(&page), count, "{query}");
        }
    }
    // What is no day is not asked for: it stands where it was typed, and what is wrong with it.
    let wrong = table(&stage, &cookie, "?before=01/03/2026").await;
    assert!(wrong.contains("Papers</p>") && wrong.contains("<details class=\"filters\" open>"));
    assert!(wrong.contains("value=\"01/03/2026\"") && wrong.contains("This is no day."));
    let none = table(&stage, &cookie, "?number=999").await;
    assert!(none.contains("Nothing matches.") && rows(&none) == 0);
    let french = table(&stage, &cookie, "?side=kestria&lang=fr").await;
    assert!(french.contains("Documents, par Kestria <a"));
}

#[tokio::test(flavor = "multi_thread")]
async fn it_goes_on_page_by_page_in_its_order() {
    let stage = Stage::design().await;
    let cookie = stage.enter(None).await;
    let mut query = "?sort=-day".to_owned();
    let mut seen = 0;
    let mut days: Vec<String> = Vec::new();
    loop {
        let page = table(&stage, &cookie, &query).await;
        seen += rows(&page);
        assert!(seen <= 60, "it goes on and on: {query}");
        assert!(page.contains("aria-sort=\"descending\""));
        // The file has all rows, whatever page it is asked for from.
        if days.is_empty() {
            assert!(page.contains("<a href=\"?sort=-day&#38;as=csv\" download>"));
            let export = table(&stage, &cookie, &format!("{query}&as=csv")).await;
            days.extend(
                export
                    .lines()
                    .skip(1)
                    .map(|line| line.split("\",\"").nth(2).unwrap().to_owned()),
            );
        }
        let Some(next) = page
            .split("<a href=\"")
            .find(|link| link.contains("rel=\"next\""))
        else {
            assert!(page.contains("First page"));
            break;
        };
        query = next.split('"').next().unwrap().replace("&#38;", "&");
        assert!(query.contains("sort=-day"), "{query}");
    }
    assert_eq!((seen, days.len()), (60, 60));
    assert!(days.is_sorted_by(|one, other| one >= other), "{days:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_carries_its_label() {
    let stage = Stage::design().await;
    let cookie = stage.enter(None).await;
    let csv = stage
        .get("/design/table?side=kestria&as=csv", &[("cookie", &cookie)])
        .await;
    assert_eq!(csv.headers["content-type"], "text/csv; charset=utf-8");
    assert_eq!(
        csv.headers["content-disposition"],
        "attachment; filename=\"design-table.csv\""
    );
    let lines: Vec<&str> = csv.body.lines().collect();
    assert_eq!(
        lines[0],
        "\"title\",\"side\",\"day\",\"state\",\"pages\",\"tlp\",\"label\""
    );
    assert!(
        lines[1..]
            .iter()
            .all(|line| line.ends_with(",\"TLP:GREEN\"") && line.contains("Kestria"))
    );
    let json = stage
        .get("/design/table?as=json", &[("cookie", &cookie)])
        .await
        .body;
    assert!(
        json.starts_with("{\"label\":\"TLP:GREEN\",\"rows\":[\n{\"title\":\"Paper 1\""),
        "{json}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_view_is_kept_under_a_name_for_whoever_keeps_it() {
    let stage = Stage::design().await;
    let cookie = stage.enter(None).await;
    let body = "path=/design/table&query=%3Fside%3Dkestria&name=Ours+%3Cb%3E";
    let kept = stage.post("/views", &cookie, body).await;
    assert_eq!(kept.headers["location"], "/design/table?side=kestria");
    let page = table(&stage, &cookie, "").await;
    let link = "<a href=\"/design/table?side=kestria\"><bdi>Ours &#60;b&#62;</bdi></a>";
    assert!(page.contains(link), "{page}");
    let person = stage
        .node
        .add_person("Ilse", "ambassador", &stage.node.at_terminal("operator"))
        .await
        .unwrap();
    let other = stage.enter(Some(person.id.parse().unwrap())).await;
    assert!(!table(&stage, &other, "").await.contains(link));
    stage
        .post(
            "/views/drop",
            &cookie,
            "path=/design/table&name=Ours+%3Cb%3E",
        )
        .await;
    assert!(!table(&stage, &cookie, "").await.contains(link));
}
