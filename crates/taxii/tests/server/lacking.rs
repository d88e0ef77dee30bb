//! Rule 12, and how it is kept from the clock: what says that something asked for by name is not there is marked, so that whoever
//! serves gives it no sooner than any other such answer.

use http::{Request, StatusCode, header};
use hyper::service::Service as _;
use hyper_util::service::TowerToHyperService;
use taxii::server::{Bounds, NothingHere, router};

use crate::stage::{SITUATION, Stage, TAXII, tool, tool_id};

#[tokio::test]
async fn r12_an_answer_that_lacks_what_was_asked_for_by_name_is_marked() {
    let stage = Stage::new().await;
    stage.put(&[1], &[tool(1), tool(2)]).await;
    stage.put(&[2], &[tool(3)]).await;
    let (one, two, hidden, absent) = (tool_id(1), tool_id(2), tool_id(3), tool_id(4));
    let routes = TowerToHyperService::new(router(stage.host.clone(), Bounds::default()));
    for place in ["objects", "manifest"] {
        for (ids, lacks) in [
            (one.clone(), false),
            (format!("{one},{two}"), false),
            (hidden.clone(), true),
            (absent.clone(), true),
            (format!("{one},{hidden}"), true),
            (format!("{one},{absent}"), true),
            // Which of them has how many versions is not known.
            (format!("{one},{two}&match[version]=all"), true),
        ] {
            // What was read a moment ago is marked as it was then.
            for _ in 0..3 {
                let request = Request::get(format!("{SITUATION}{place}/?match[id]={ids}"))
                    .header(header::ACCEPT, TAXII)
                    .header(header::AUTHORIZATION, stage.basic("both"))
                    .body(axum::body::Body::empty());
                let answer = routes.call(request.unwrap()).await.unwrap();
                assert_eq!(answer.status(), StatusCode::OK, "{place} {ids}");
                let marked = answer.extensions().get::<NothingHere>().is_some();
                assert_eq!(marked, lacks, "{place} {ids}");
            }
        }
    }
}
