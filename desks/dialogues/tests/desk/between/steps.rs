//! Steps of a silence procedure: whose they are to take, whom they have to reach, and what the node of who takes one says of it.

use dialogues::records::{Silence, SilenceAct};
use node::users::Role;

use super::late::{begun, start};
use super::{Three, last, signed_for};
use stage::form;

const EU: usize = 0;
const JAPAN: usize = 1;
const CANADA: usize = 2;
const LABEL: (&str, &str) = ("tlp", "AMBER+STRICT");
const BROKEN: &str = "until 18 November 2026, 20:00 UTC was broken.";
const BROKEN_AT_TWO: &str = "until 18 November 2026, 14:00 UTC was broken.";

fn step(draft: &str, side: &str, act: SilenceAct) -> Silence {
    let id = format!("draft--{}", last(draft));
    Silence {
        draft_ref: id.clone(),
        round_ref: id,
        side: side.to_owned(),
        act,
        until: None,
        zone: None,
        words: Some("No".to_owned()),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn only_a_party_breaks_or_reserves_and_only_in_its_own_name() {
    let three = Three::called(["European Union", "Japan", "Canada"]).await;
    let eu = &three.all[EU];
    let (japan, canada) = (three.id(JAPAN), three.id(CANADA));
    let all = [LABEL, ("for", &*japan), ("for", &*canada)];
    let [own, named] = begun(eu, &all, ["Own", "Named"]).await;
    for draft in [&own, &named] {
        eu.bench.later(1);
        let way = format!("{draft}/silence");
        Three::taken(&eu.post(&way, &start("20:00", &all)).await);
    }
    three.exchange().await;
    // Whoever is no party is told so on its own page, and by whatever door it comes, it changes nothing.
    let (for_eu, for_japan) = (three.id(EU), three.id(JAPAN));
    let breaks = [
        ("act", "break"),
        ("words", "No"),
        ("zone", "+00:00"),
        LABEL,
        ("for", &*for_eu),
        ("for", &*for_japan),
    ];
    let way = format!("{own}/silence");
    Three::refused(
        &three.all[CANADA].post(&way, &breaks).await,
        "is no party to this text",
    );
    three
        .writes(CANADA, step(&own, &canada, SilenceAct::Break))
        .await;
    three
        .writes(CANADA, step(&named, "JP", SilenceAct::Break))
        .await;
    for at in [EU, JAPAN, CANADA] {
        // What a node enters itself is there as it entered it: it deceives nobody but itself.
        let seen = if at == CANADA {
            &[&own][..]
        } else {
            &[&own, &named]
        };
        for draft in seen {
            let page = three.all[at].get(draft).await.body;
            assert!(page.contains("put this round under silence"), "{at} {page}");
            assert!(!page.contains("was broken"), "{at} {page}");
        }
        if at == CANADA {
            continue;
        }
        let page = three.all[at].get(&named).await.body;
        let whose = "Said by Canada in the name of Japan: it counts for nothing";
        assert!(page.contains(whose), "{at} {page}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_breaks_a_silence_tells_every_other_party() {
    let three = Three::called(["European Union", "Japan", "Canada"]).await;
    let (eu, japan) = (&three.all[EU], &three.all[JAPAN]);
    let (to_eu, to_japan) = (three.id(EU), three.id(JAPAN));
    let for_japan = [LABEL, ("for", &*to_japan)];
    let [draft] = begun(eu, &for_japan, ["Draft"]).await;
    let way = format!("{draft}/silence");
    Three::taken(&eu.post(&way, &start("20:00", &for_japan)).await);
    three.exchange().await;
    // The form begins with those who have to hear of it.
    let page = japan.get(&way).await.body;
    assert!(
        page.contains(&format!("value=\"{to_eu}\" checked")),
        "{page}"
    );
    japan.bench.later(60);
    let fields = [("act", "break"), ("words", "No"), ("zone", "+00:00"), LABEL];
    let nobody = "European Union would not hear of it";
    Three::refused(&japan.post(&way, &fields).await, nobody);
    let reserve = [("act", "reserve"), ("words", "But"), fields[2], LABEL];
    Three::refused(&japan.post(&way, &reserve).await, nobody);
    let for_eu = [&fields[..], &[("for", &*to_eu)]].concat();
    Three::taken(&japan.post(&way, &for_eu).await);
    three.exchange().await;
    for pages in [eu, japan] {
        let page = pages.get(&draft).await.body;
        assert!(page.contains(BROKEN), "{page}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_had_not_left_when_the_time_was_over_broke_nothing_for_sure() {
    let three = Three::called(["European Union", "Japan", "Canada"]).await;
    let (eu, japan) = (&three.all[EU], &three.all[JAPAN]);
    let (to_eu, to_japan) = (three.id(EU), three.id(JAPAN));
    let for_japan = [LABEL, ("for", &*to_japan)];
    let [slow, held] = begun(eu, &for_japan, ["Slow", "Held"]).await;
    for draft in [&slow, &held] {
        let way = format!("{draft}/silence");
        eu.bench.later(1);
        Three::taken(&eu.post(&way, &start("14:00", &for_japan)).await);
    }
    three.exchange().await;
    let breaks = [
        ("act", "break"),
        ("words", "No"),
        ("zone", "+00:00"),
        LABEL,
        ("for", &*to_eu),
    ];
    // Open to the other before the end, and fetched after it.
    japan.bench.later(60);
    Three::taken(&japan.post(&format!("{slow}/silence"), &breaks).await);
    assert!(japan.get(&slow).await.body.contains(BROKEN_AT_TWO));
    // Where steps are defined, whoever may not release asks for it.
    let editor = japan
        .somebody("Eva Holm", &[Role::Reader, Role::Editor])
        .await;
    let way = format!("{held}/silence");
    let signatory = signed_for(japan).await;
    Three::taken(&japan.ask("POST", &way, &editor, form(&breaks)).await);
    let waits = "Waits for its release, and counts for nothing until then";
    assert!(japan.get(&held).await.body.contains(waits));
    for pages in &three.all {
        pages.bench.later(4 * 3_600);
    }
    let unsure = "does not know whether every side had that in time";
    let page = japan.get(&slow).await.body;
    assert!(
        page.contains(unsure) && !page.contains(BROKEN_AT_TWO),
        "{page}"
    );
    // Signed after the end: the same word on both sides.
    let cookie = japan.enter(&signatory).await;
    let node = japan.bench.node.clone();
    let open = tokio::task::spawn_blocking(move || node.clearance().open_cases());
    let case = open.await.unwrap().unwrap().remove(0);
    let sign = format!("/clearance/cases/{}/sign/0", case.number);
    let seen = case.count().to_string();
    let given = form(&[("verdict-0", "given"), ("seen", &seen)]);
    Three::taken(&japan.ask("POST", &sign, &cookie, given).await);
    three.exchange().await;
    three.exchange().await;
    for pages in [eu, japan] {
        for draft in [&slow, &held] {
            let page = pages.get(draft).await.body;
            assert!(
                page.contains(unsure) && !page.contains(BROKEN_AT_TWO),
                "{page}"
            );
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_bears_a_time_before_the_silence_began_is_told() {
    let three = Three::called(["European Union", "Japan", "Canada"]).await;
    let eu = &three.all[EU];
    let (japan, canada) = (three.id(JAPAN), three.id(CANADA));
    let all = [LABEL, ("for", &*japan), ("for", &*canada)];
    let [draft] = begun(eu, &all, ["Early"]).await;
    three.exchange().await;
    three
        .writes(JAPAN, step(&draft, "JP", SilenceAct::Break))
        .await;
    eu.bench.later(60);
    Three::taken(
        &eu.post(&format!("{draft}/silence"), &start("20:00", &all))
            .await,
    );
    let page = eu.get(&draft).await.body;
    let early = "Japan: “Break the silence”, at a time before this silence began";
    assert!(page.contains(early), "{page}");
    assert!(!page.contains("was broken"), "{page}");
}
