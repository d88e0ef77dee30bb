//! Rule 31: what may be seen later than it came has a place of its own then, behind whoever has polled past the first one.

use std::time::Duration;

use http::StatusCode;
use stix::marking::EXTENSION_ID;

use crate::stage::{NOW, SITUATION, Stage, is, organ, tool, tool_id};

const LAST: &str = "x-taxii-date-added-last";
const AMBER: &str = "marking-definition--55d920b0-5e8b-4f79-9ee9-91f868d9b421";
const EMBARGOED: &str = "marking-definition--00000000-0000-4000-8000-0000000000e1";
const HOUR: i64 = 3_600_000_000;

#[tokio::test]
async fn r31_what_was_under_embargo_reaches_a_poller_that_is_past_its_first_place() {
    let stage = Stage::new().await;
    let until = stix::Timestamp::from_micros(NOW + HOUR);
    let home = &stage.host.node.home().id;
    let marking = format!(
        r#"{{"type":"marking-definition","spec_version":"2.1","id":"{EMBARGOED}","created_by_ref":"{home}","created":"2020-01-01T00:00:00Z","extensions":{{"{EXTENSION_ID}":{{"extension_type":"property-extension","embargo":"{until}","audience":["{}"]}}}}}}"#,
        organ(2)
    );
    let marked = format!(
        r#""created_by_ref":"{home}","object_marking_refs":["{AMBER}","{EMBARGOED}"],"name""#
    );
    stage
        .put(&[2], &[marking, tool(1).replacen(r#""name""#, &marked, 1)])
        .await;
    stage.put(&[2], &[tool(2)]).await;
    let poll = async |after: &str| {
        let path = format!("{SITUATION}objects/?match[type]=tool{after}");
        let page = stage.get("reader", &path).await;
        is(&page, StatusCode::OK);
        page
    };
    let first = poll("").await;
    assert_eq!(first.names(), ["t2"]);
    let after = format!("&added_after={}", first.header(LAST));
    let by_id = format!("{SITUATION}objects/{}/", tool_id(1));
    is(&stage.get("reader", &by_id).await, StatusCode::NOT_FOUND);
    let _jobs = stage.host.node.start_jobs().unwrap();
    stage.clock.advance(HOUR / 2);
    assert_eq!(poll(&after).await.body, "{}");
    stage.clock.advance(HOUR);
    let mut late = poll(&after).await;
    for _ in 0..400 {
        if late.body != "{}" {
            break;
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
        late = poll(&after).await;
    }
    assert_eq!(late.names(), ["t1"]);
    assert!(late.header(LAST) > first.header(LAST));
    assert_eq!(poll("").await.names(), ["t2", "t1"], "once, and behind");
}
