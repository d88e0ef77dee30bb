//! Under the name of each record on its page of the desk: its label, where it waits, who has it, and the way to its history.

use axum::http::StatusCode;
use node::users::Role;
use stage::{address, hidden};

use crate::between::Three;
use crate::entered::{TEXT, entered};
use crate::in_force::id;

const EU: usize = 0;
const JAPAN: usize = 1;
const LABEL: (&str, &str) = ("tlp", "AMBER+STRICT");

/// What stands under the name of a record.
fn told(page: &str) -> String {
    let (_, rest) = page.split_once("<div class=\"stands\">").unwrap();
    rest.split("</div>").next().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn each_page_says_who_has_its_record() {
    let three = Three::called(["European Union", "Japan", "Canada"]).await;
    let (eu, japan) = (&three.all[EU], three.id(JAPAN));
    let session = entered(eu, TEXT).await;
    let page = eu.get(&session).await.body;
    let series = address(&page, "/dialogues/series/");
    let text = address(&page, "/dialogues/texts/");
    let commitment = address(&page, "/dialogues/commitments/");
    let kinds = [
        (&session, "session"),
        (&series, "dialogue"),
        (&text, "report"),
        (&commitment, "commitment"),
    ];
    for (path, kind) in kinds {
        let told = told(&eu.get(path).await.body);
        assert!(told.contains("for our side alone"), "{path}: {told}");
        let record = format!("href=\"/records/{}\"", id(kind, path));
        assert!(told.contains(&record), "{path}: {told}");
        assert_eq!(
            eu.get(&format!("/records/{}", id(kind, path))).await.status,
            StatusCode::OK
        );
    }
    eu.bench.later(60);
    let share = format!("{session}/share");
    Three::taken(&eu.post(&share, &[LABEL, ("for", &*japan)]).await);
    for (path, _) in kinds {
        let told = told(&eu.get(path).await.body);
        assert!(told.contains("Not taken yet: Japan"), "{path}: {told}");
    }
    // The page on which it is shared tells the same of each, by the ledger.
    let form = eu.get(&share).await.body;
    assert_eq!(form.matches("Not taken yet: Japan").count(), 4, "{form}");
    three.exchange().await;
    let form = eu.get(&share).await.body;
    assert!(!form.contains("Not taken yet"), "{form}");
    let taken = form.matches("Taken: Japan, 18 November 2026").count();
    assert_eq!(taken, 4, "{form}");
    for (path, _) in kinds {
        let ours = told(&eu.get(path).await.body);
        assert!(
            ours.contains("Taken: Japan, 18 November 2026"),
            "{path}: {ours}"
        );
        // There it is said whose it is, and nothing of who else has it.
        let theirs = told(&three.all[JAPAN].get(path).await.body);
        assert!(
            theirs.contains("TLP:AMBER+STRICT, entered by European Union"),
            "{theirs}"
        );
        assert!(!theirs.contains("Taken"), "{theirs}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_waits_says_in_which_case() {
    let three = Three::called(["European Union", "Japan", "Canada"]).await;
    let (eu, japan) = (&three.all[EU], three.id(JAPAN));
    crate::between::signed_for(eu).await;
    let new = "/dialogues/demarches/new";
    let fields = [
        ("subject", "Naming a contact point"),
        ("towards", "Canada"),
        ("by", "EU"),
        ("at", "2026-10-05"),
        ("message", "Both ask for it."),
        LABEL,
        ("for", &*japan),
    ];
    let made = eu.post(new, &fields).await;
    assert_eq!(made.status, StatusCode::SEE_OTHER, "{}", made.body);
    let told = told(&eu.get(&made.to).await.body);
    assert!(
        told.contains("Waits to be released as TLP:AMBER+STRICT to Japan")
            && told.contains("href=\"/clearance/cases/1\""),
        "{told}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_earlier_account_that_everybody_has_is_public() {
    let three = Three::called(["European Union", "Japan", "Canada"]).await;
    let eu = &three.all[EU];
    let session = entered(eu, TEXT).await;
    let commitment = address(&eu.get(&session).await.body, "/dialogues/commitments/");
    let way = format!("{commitment}/follow-up");
    let said = async |cookie: &str, more: &[(&str, &str)]| {
        eu.bench.later(60);
        let form = eu.ask("GET", &way, cookie, String::new()).await.body;
        let version = hidden(&form, "version");
        let mut all = vec![("version", &*version)];
        all.extend_from_slice(more);
        let sent = stage::form(&all);
        Three::taken(&eu.ask("POST", &way, cookie, sent).await);
    };
    // Everybody may have it once a second person has agreed.
    said(&eu.cookie, &[("state", "under_way"), ("tlp", "CLEAR")]).await;
    let node = eu.bench.node.clone();
    let open = tokio::task::spawn_blocking(move || node.clearance().open_cases());
    let open = open.await.unwrap().unwrap();
    let sam = eu.somebody("Sam Rook", &[Role::Releaser]).await;
    let seen = open[0].happened().to_string();
    let given = stage::form(&[("verdict-0", "given"), ("seen", &seen)]);
    let signed = eu
        .ask("POST", "/clearance/cases/1/sign/0", &sam, given)
        .await;
    assert_eq!(signed.status, StatusCode::SEE_OTHER, "{}", signed.body);
    eu.bench.later(100_000);
    let node = eu.bench.node.clone();
    let out = tokio::task::spawn_blocking(move || node.carry_out().wait());
    out.await.unwrap().unwrap();
    // Days later nobody is signed in any more.
    let ina = eu.somebody("Ina Moor", &Role::ALL).await;
    let page = async || eu.ask("GET", &commitment, &ina, String::new()).await.body;
    let stands = page().await;
    assert!(stands.contains("TLP:CLEAR: for everybody"), "{stands}");

    // Said anew for everybody it waits, and what was said before stays public.
    said(&ina, &[("state", "implemented"), ("tlp", "CLEAR")]).await;
    let stands = page().await;
    assert!(
        stands.contains("Waits to be released as TLP:CLEAR to everybody")
            && stands.contains("An earlier account is public"),
        "{stands}"
    );
}
