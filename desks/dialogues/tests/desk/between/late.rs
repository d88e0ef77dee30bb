//! What comes late to what others have already: a text read into a session that was shared, and a silence that waits for its release.

use dialogues::records::{Session, Text};
use dialogues::register::Register;

use super::{Three, last, signed_for};
use crate::entered::{TEXT, entered};
use stage::{Pages, address, form};

const EU: usize = 0;
const JAPAN: usize = 1;
const LABEL: (&str, &str) = ("tlp", "AMBER+STRICT");
/// The same label with nobody named: for our own side alone.
const OURS: (&str, &str) = LABEL;

/// The read-out of one side, of the same session.
const READ_OUT: &str = "EU-Japan: read-out of the 4th Cyber Dialogue\n\nBrussels, 12/06/2019\n\n\
The European Union and Japan held the fourth meeting of their Cyber Dialogue in Brussels on 11 June 2019.\n\
The EU will invite Japan to its exercise Quelltopf3355 by 30 June 2027.\n";

#[tokio::test(flavor = "multi_thread")]
async fn a_text_read_into_a_shared_session_goes_to_nobody_by_itself() {
    let three = Three::called(["European Union", "Japan", "Canada"]).await;
    let (eu, japan) = (&three.all[EU], &three.all[JAPAN]);
    let session = entered(eu, TEXT).await;
    let to_japan = three.id(JAPAN);
    let share = format!("{session}/share");
    eu.bench.later(1);
    Three::taken(&eu.post(&share, &[LABEL, ("for", &to_japan)]).await);
    three.exchange().await;
    let session_id = format!("session--{}", last(&session));
    let versions = |at: usize| {
        let node = &three.all[at].bench.node;
        let register = Register::at_home(node);
        let all = register.versions::<Session>(&session_id.parse().unwrap());
        all.unwrap().map(|all| all.len()).into_inner()
    };
    let before = versions(EU);

    // The read-out belongs to the series and the session that are there, and is ours alone.
    eu.bench.later(60);
    let read = eu
        .post("/dialogues/readings/new", &[("text", READ_OUT)])
        .await;
    Three::taken(&read);
    let way = format!("{}/confirm", read.to);
    let form = eu.get(&way).await.body;
    let series = address(&eu.get(&session).await.body, "/dialogues/series/");
    let series_id = format!("dialogue--{}", last(&series));
    for id in [&series_id, &session_id] {
        assert!(form.contains(&format!("value=\"{id}\" selected")), "{form}");
    }
    let fields = [
        ("standing", "read_out"),
        ("revision", "0"),
        ("reported_by", "EU"),
        ("dialogue", series_id.as_str()),
        ("session", &session_id),
        ("others", "yes"),
    ];
    let done = eu.post(&way, &fields).await;
    Three::taken(&done);
    assert_eq!(done.to, session);
    let page = eu.get(&session).await.body;
    assert!(
        page.contains("Quelltopf3355") && page.contains("read-out of the 4th"),
        "{page}"
    );
    // What Japan has is not written anew: it would learn of the text by it.
    assert_eq!(versions(EU), before);
    three.exchange().await;
    let text = address(
        &page[page.find("read-out of the 4th").unwrap() - 120..],
        "/dialogues/texts/",
    );
    let about = [last(&session), last(&series), last(&text)];
    let about: Vec<&str> = about.iter().map(String::as_str).collect();
    assert!(!three.knows(JAPAN, "Quelltopf3355", &about).await);
    assert_eq!(japan.get(&text).await.status, 404);
    // Shared again, it goes with the rest, as reported by the one side.
    eu.bench.later(1);
    Three::taken(&eu.post(&share, &[LABEL, ("for", &to_japan)]).await);
    three.exchange().await;
    let page = japan.get(&session).await.body;
    assert!(page.contains("Quelltopf3355"), "{page}");
    assert!(page.contains("Reported by European Union alone"), "{page}");
    let register = Register::at_home(&three.all[JAPAN].bench.node);
    let texts = register.having::<Text>("text.session", &session_id, 9);
    assert_eq!(texts.unwrap().map(|all| all.len()).into_inner(), 2);
}

/// Drafts in a session that others have, begun for them.
pub(super) async fn begun<const N: usize>(
    pages: &Pages,
    to: &[(&str, &str)],
    titles: [&str; N],
) -> [String; N] {
    let session = entered(pages, TEXT).await;
    pages.bench.later(1);
    Three::taken(&pages.post(&format!("{session}/share"), to).await);
    let new = format!("{session}/drafts/new");
    let mut begun = [const { String::new() }; N];
    for (title, draft) in titles.into_iter().zip(&mut begun) {
        let words = "Both sides will exchange contact points by 30 June 2027.";
        let fields = [("title", title), ("language", "en"), ("text", words)];
        pages.bench.later(1);
        let answer = pages.post(&new, &[&fields, to].concat()).await;
        Three::taken(&answer);
        *draft = answer.to;
    }
    begun
}

/// What begins a silence until a time of that day.
pub(super) fn start<'f>(time: &'f str, to: &[(&'f str, &'f str)]) -> Vec<(&'f str, &'f str)> {
    let times = [
        ("act", "start"),
        ("day", "2026-11-18"),
        ("time", time),
        ("zone", "+00:00"),
    ];
    [&times, to].concat()
}

#[tokio::test(flavor = "multi_thread")]
async fn silence_that_waits_for_its_release_agrees_to_nothing() {
    let three = Three::called(["European Union", "Japan", "Canada"]).await;
    let (eu, japan) = (&three.all[EU], &three.all[JAPAN]);
    let to_japan = three.id(JAPAN);
    let for_japan = [LABEL, ("for", to_japan.as_str())];
    let [free, held] = begun(eu, &for_japan, ["Free", "Held"]).await;
    let start = start("14:00", &for_japan);
    Three::taken(&eu.post(&format!("{free}/silence"), &start).await);
    // From now on what leaves this desk takes somebody's signature.
    let signatory = signed_for(eu).await;
    Three::taken(&eu.post(&format!("{held}/silence"), &start).await);
    three.exchange().await;
    let waits = "Waits for its release, and counts for nothing until then";
    let page = eu.get(&held).await.body;
    assert!(page.contains(waits), "{page}");
    assert!(!page.contains("put this round under silence"), "{page}");
    assert!(!eu.get("/dialogues").await.body.contains("Held"));
    assert!(eu.get("/dialogues").await.body.contains("Free"));
    // While it runs, the text is not there yet.
    let early = eu.post(&format!("{free}/text"), &[]).await;
    assert_eq!(early.status, 409);
    assert!(
        early.body.contains("Silence runs on this round"),
        "{}",
        early.body
    );
    // The time passes: what the other side could answer is agreed, what it never got is not.
    for pages in &three.all {
        pages.bench.later(4 * 3_600);
    }
    let agreed = "Nobody broke the silence";
    for pages in [eu, japan] {
        assert!(pages.get(&free).await.body.contains(agreed));
        assert!(!pages.get(&held).await.body.contains(agreed));
    }
    assert!(eu.get(&held).await.body.contains(waits));
    // Agreement gives nothing another label: the round stays with those who had it.
    assert_eq!(three.all[2].get(&free).await.status, 404);
    let reading = eu.post(&format!("{free}/text"), &[]).await;
    Three::taken(&reading);
    assert_eq!(japan.get(&reading.to).await.status, 404);
    // Released after its end, nobody could have answered it: on neither side it is agreement, and it can be begun anew.
    let cookie = eu.enter(&signatory).await;
    let node = eu.bench.node.clone();
    let open = tokio::task::spawn_blocking(move || node.clearance().open_cases());
    let case = open.await.unwrap().unwrap().remove(0);
    let sign = format!("/clearance/cases/{}/sign/0", case.number);
    let seen = case.count().to_string();
    let given = form(&[("verdict-0", "given"), ("seen", &seen)]);
    Three::taken(&eu.ask("POST", &sign, &cookie, given).await);
    three.exchange().await;
    let unheard = "before every side could know of it. It agrees to nothing";
    for pages in [eu, japan] {
        let page = pages.get(&held).await.body;
        assert!(page.contains(unheard) && !page.contains(waits), "{page}");
        assert!(!page.contains(agreed), "{page}");
        let french = pages.get(&format!("{held}?lang=fr")).await.body;
        assert!(french.contains("Il ne vaut pas accord"), "{french}");
        // Nothing of it counts, and the other is agreed as before.
        assert!(
            pages
                .get(&format!("{free}?lang=en"))
                .await
                .body
                .contains(agreed)
        );
    }
    let anew = [
        ("act", "start"),
        ("day", "2026-11-30"),
        ("time", "14:00"),
        ("zone", "+00:00"),
        ("alone", "yes"),
        OURS,
    ];
    eu.bench.later(1);
    Three::taken(&eu.post(&format!("{held}/silence"), &anew).await);
    // Where the other side cannot see that it runs, it is said before it ends.
    let page = eu.get(&held).await.body;
    assert!(
        page.contains("Not every side can see that it runs"),
        "{page}"
    );
}

/// Carries what one may have of another: once.
pub(super) async fn carried(from: &Pages, to: &Pages) {
    let (from, to) = (from.bench.node.clone(), to.bench.node.clone());
    let carry = move || {
        let mut bundle = Vec::new();
        from.seal_bundle(&to.home().id, &mut bundle).unwrap();
        to.open_bundle(&bundle[..], false).unwrap();
    };
    tokio::task::spawn_blocking(carry).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn both_sides_read_one_word_on_a_silence_or_that_one_does_not_know() {
    let three = Three::called(["European Union", "Japan", "Canada"]).await;
    let (eu, japan) = (&three.all[EU], &three.all[JAPAN]);
    let to_japan = three.id(JAPAN);
    let for_japan = [LABEL, ("for", to_japan.as_str())];
    let [soon, late] = begun(eu, &for_japan, ["Soon", "Late"]).await;
    three.exchange().await;
    let start = |time| start(time, &for_japan);
    let later = |seconds| three.all.iter().for_each(|one| one.bench.later(seconds));
    let agreed = "Nobody broke the silence";
    let unsure = "This node does not know whether every side had it in time";
    let unheard = "before every side could know of it. It agrees to nothing";

    // Fetched in time; that it was, the sender learns after the end.
    Three::taken(&eu.post(&format!("{soon}/silence"), &start("14:00")).await);
    later(1);
    carried(eu, japan).await;
    later(5 * 3_600);
    let page = japan.get(&soon).await.body;
    assert!(page.contains(agreed) && !page.contains(unsure), "{page}");
    let page = eu.get(&soon).await.body;
    assert!(page.contains(unsure), "{page}");
    assert!(page.contains("is not known to have done so"), "{page}");
    carried(japan, eu).await;
    for pages in [eu, japan] {
        let page = pages.get(&soon).await.body;
        assert!(page.contains(agreed) && !page.contains(unsure), "{page}");
        let known = "As far as this node knows, Japan had it by 18 November 2026";
        assert!(page.contains(known), "{page}");
    }

    // Released in time, and fetched after the end.
    Three::taken(&eu.post(&format!("{late}/silence"), &start("20:00")).await);
    later(5 * 3_600);
    assert!(eu.get(&late).await.body.contains(unsure));
    three.exchange().await;
    for pages in [eu, japan] {
        let page = pages.get(&late).await.body;
        assert!(page.contains(unheard), "{page}");
        assert!(!page.contains(agreed), "{page}");
    }
}

const FRENCH: &str = "Éléments communs du 4e dialogue UE-Japon sur le cyberespace\n\nBruxelles, 01/07/2019\n\n\
L’Union européenne et le Japon ont tenu la quatrième réunion de leur dialogue sur le cyberespace à Bruxelles le 11 juin 2019.\n\
Les deux parties ont condamné toute tentative d’utiliser les technologies de l’information et des communications à des fins malveillantes.\n\
L’UE et le Japon échangeront des points de contact pour les incidents de cybersécurité avant le 31 décembre 2025.\n\
Le cinquième dialogue UE-Japon sur le cyberespace se tiendra à Tokyo en juin 2020.\n";

#[tokio::test(flavor = "multi_thread")]
async fn the_words_of_another_language_go_along_once() {
    let three = Three::called(["European Union", "Japan", "Canada"]).await;
    let (eu, japan) = (&three.all[EU], &three.all[JAPAN]);
    let session = entered(eu, TEXT).await;
    let page = eu.get(&session).await.body;
    let text = format!("report--{}", last(&address(&page, "/dialogues/texts/")));
    let series = format!("dialogue--{}", last(&address(&page, "/dialogues/series/")));
    let row = page[..page.find("exchange contact points").unwrap()]
        .rfind("href=\"/dialogues/commitments/")
        .unwrap();
    let one = address(&page[row..], "/dialogues/commitments/");
    let read = eu
        .post("/dialogues/readings/new", &[("text", FRENCH)])
        .await;
    Three::taken(&read);
    let session_id = format!("session--{}", last(&session));
    let fields = [
        ("standing", "joint"),
        ("revision", "0"),
        ("dialogue", series.as_str()),
        ("session", &session_id),
        ("version_of", &text),
        ("weight", "authentic"),
        ("others", "yes"),
    ];
    Three::taken(&eu.post(&format!("{}/confirm", read.to), &fields).await);
    let words = "échangeront des points de contact";
    assert!(eu.get(&one).await.body.contains(words));
    let to_japan = three.id(JAPAN);
    // Twice, and it stands there once.
    for _ in 0..2 {
        eu.bench.later(1);
        let share = [LABEL, ("for", to_japan.as_str())];
        Three::taken(&eu.post(&format!("{session}/share"), &share).await);
        three.exchange().await;
    }
    for pages in [eu, japan] {
        let page = pages.get(&one).await.body;
        assert_eq!(page.matches(words).count(), 1, "{page}");
        assert!(page.contains("Authentic"), "{page}");
    }
}
