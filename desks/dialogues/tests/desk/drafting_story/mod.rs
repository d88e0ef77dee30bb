//! The story of one text in the making, over the pages: begun, changed, sent out as a file, taken back, agreed, and read as a text.

mod agreed;
pub(crate) mod pages;

use std::io::{Cursor, Read as _};

use axum::http::StatusCode;
use dialogues::compose::{Batch, Label};
use dialogues::drafting::docx;
use dialogues::records::{Draft, NewPiece};
use dialogues::register::Register;
use pages::{Pages, carried, edited};
use serde_json::json;

const OURS: (&str, &str) = ("tlp", "AMBER+STRICT");

/// The field that asks which side an author speaks for.
fn speaks(page: &pages::Answer, author: &str) -> String {
    let text = page.text();
    let at = text.find(&format!("{author} speaks for")).unwrap();
    let rest = text[at..].split("name=\"").nth(1).unwrap();
    rest.split('"').next().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_text_from_its_first_round_to_the_register() {
    let pages = Pages::new().await;
    let session = pages.session().await;

    // The agenda, and what is there before anything is. A version of a record is later than the one before.
    pages.bench.later(1);
    pages
        .sent(
            &format!("{session}/agenda"),
            &[
                ("items", "Contact points (Japan)\nNorms"),
                (
                    "version",
                    &carried(&pages.get(&format!("{session}/agenda")).await, "version"),
                ),
                OURS,
            ],
        )
        .await;
    pages.get(&session).await.has("Contact points; Norms");
    let drafts = format!("{session}/drafts");
    pages
        .get(&drafts)
        .await
        .has("Nothing is being drafted for this session");

    // It begins.
    let new = format!("{drafts}/new");
    pages
        .wrong(
            &new,
            &[("title", ""), ("text", "x"), OURS],
            "Fill in: Title",
        )
        .await;
    pages
        .wrong(
            &new,
            &[("title", "T"), ("text", "[x]"), OURS],
            "Leave out square brackets",
        )
        .await;
    pages
        .wrong(
            &new,
            &[("title", "T"), ("text", "x"), ("tlp", "CLEAR")],
            "is not published",
        )
        .await;
    let title = "Joint elements of the fifth Valmora-Japan Cyber Dialogue";
    let text = "Valmora and Japan held the fifth Cyber Dialogue in Tokyo on 10 December 2026.\n\n\
        Both sides will exchange contact points by 30 June 2027.\n\nThey will publish the results.";
    let draft = pages
        .sent(
            &new,
            &[("title", title), ("language", "en"), ("text", text), OURS],
        )
        .await
        .to;
    pages.get(&drafts).await.has(title);
    let first = pages.get(&draft).await;
    first.has("No brackets are left");
    first.has("Round 1");

    // The next round is prepared; nothing of it is a record yet.
    let work = format!("{draft}/work");
    pages.get(&work).await.has("No round is in preparation");
    pages.sent(&work, &[]).await;
    let page = pages.get(&format!("{work}/1-2")).await;
    page.has("exchange contact points");
    let revision = carried(&page, "revision");
    let own = |words: &'static str| [("words", words), ("revision", "1")];
    assert_eq!(revision, "1");
    pages
        .wrong(&format!("{work}/1-2"), &own("a ["), "is not closed")
        .await;
    pages
        .wrong(
            &format!("{work}/1-2"),
            &[("words", "x"), ("revision", "7")],
            "changed this round meanwhile",
        )
        .await;
    pages
        .wrong(
            &format!("{work}/1-2"),
            &[("words", "x"), ("revision", "1"), ("on", "none")],
            "Write the remark",
        )
        .await;
    pages
        .sent(
            &format!("{work}/1-2"),
            &[
                (
                    "words",
                    "Both sides shall exchange contact points by 30 June 2027.",
                ),
                ("revision", "1"),
                ("remark", "Stronger."),
                ("on", "shall"),
            ],
        )
        .await;
    let found = pages
        .get(&format!("{draft}/add?topic=norms&q=eleven"))
        .await;
    found.has("Both sides reaffirm the eleven norms of 2015.");
    pages
        .get(&format!("{draft}/add?topic=norms&q=twelve"))
        .await
        .has("Nothing was agreed on this");
    let from = carried(&found, "from");
    pages
        .sent(
            &format!("{draft}/add"),
            &[("from", &from), ("after", "1-2"), ("revision", "2")],
        )
        .await;
    let page = pages.get(&work).await;
    page.has("would say “shall” instead of “will”");
    page.has("agreed before");
    // What is in preparation is no record.
    let id = format!("draft--{}", draft.rsplit('/').next().unwrap());
    let rounds = Register::at_home(&pages.bench.node)
        .having::<Draft>("draft.of", &id, 9)
        .unwrap();
    assert_eq!(rounds.map(|all| all.len()).into_inner(), 1);
    pages
        .wrong(
            &format!("{draft}/forward"),
            &[("tlp", "CLEAR")],
            "is not published",
        )
        .await;
    let second = pages.forward(&draft).await;
    pages.get(&second).await.has("Stronger.");
    pages.get(&work).await.has("No round is in preparation");

    // It leaves as a file.
    let file = pages.get(&format!("{second}/round.docx")).await;
    assert_eq!(
        file.kind,
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document; \
         attachment; filename=\"joint-elements-of-the-fifth-valmora-round-2.docx\""
    );
    let read = docx::read(&file.bytes).unwrap();
    assert_eq!(read.notes[0].words, "Stronger.");

    // And returns: one change recorded, one not, what was put forward accepted, a comment.
    let when = "2026-11-23T10:00:00Z";
    let sides = "Ministry of Foreign Affairs of Valmora";
    let mut text = String::new();
    let mut archive = zip::ZipArchive::new(Cursor::new(&file.bytes)).unwrap();
    archive
        .by_name("word/document.xml")
        .unwrap()
        .read_to_string(&mut text)
        .unwrap();
    let shall_at = text.find("<w:t xml:space=\"preserve\">shall").unwrap();
    let ins_at = text[..shall_at].rfind("<w:ins ").unwrap();
    let ins_end = shall_at + text[shall_at..].find("</w:ins>").unwrap() + 8;
    let ins = text[ins_at..ins_end].to_owned();
    assert!(ins.contains(sides));
    let del_at = text[..ins_at].rfind("<w:del ").unwrap();
    let del_end = del_at + text[del_at..].find("</w:del>").unwrap() + 8;
    let del = text[del_at..del_end].to_owned();
    let back = edited(
        &file.bytes,
        "word/document.xml",
        &[
            (&ins, "<w:r><w:t>shall</w:t></w:r>"),
            (&del, ""),
            (
                "They will publish the results.</w:t></w:r>",
                &format!(
                    "They will publish the </w:t></w:r><w:del w:id=\"900\" w:author=\"A. Tanaka\" w:date=\"{when}\"><w:r><w:delText>results</w:delText></w:r></w:del>\
             <w:ins w:id=\"901\" w:author=\"A. Tanaka\" w:date=\"{when}\"><w:r><w:t>conclusions</w:t></w:r></w:ins><w:r><w:t>.</w:t></w:r>"
                ),
            ),
            ("on 10 December 2026", "on 11 December 2026"),
        ],
    );
    let receive = format!("{draft}/receive");
    // Our own brief is no round, whatever has become of its stamp.
    let brief = pages.get(&format!("{session}/brief.docx")).await.bytes;
    let stamp = [("EntentePaper", "Somebodys")];
    let unstamped = edited(&brief, "docProps/custom.xml", &stamp);
    let stampless = edited(
        &back,
        "docProps/custom.xml",
        &[("EntenteDraft", "Draft"), ("EntenteRound", "Round")],
    );
    let taken = pages.upload(&receive, "Ms Tanaka", &stampless).await;
    assert_eq!(taken.status, StatusCode::SEE_OTHER, "{}", taken.text());
    for (bytes, says) in [
        (brief.clone(), "This is a brief or a register"),
        (unstamped, "shares less than a third of its words"),
        (b"%PDF-1.7".to_vec(), "This is no DOCX"),
        (back[..300].to_vec(), "The file is damaged"),
        (
            edited(
                &back,
                "docProps/custom.xml",
                &[("<vt:lpwstr>draft--", "<vt:lpwstr>draft-x")],
            ),
            "is of another text",
        ),
    ] {
        let answer = pages.upload(&receive, "Ms Tanaka", &bytes).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        answer.has(says);
    }
    let received = pages.upload(&receive, "Ms Tanaka", &back).await;
    assert_eq!(
        received.status,
        StatusCode::SEE_OTHER,
        "{}",
        received.text()
    );
    let who = pages.get(&received.to).await;
    who.has("A. Tanaka speaks for");
    who.has("changes: 2; comments: 0");
    let tanaka = speaks(&who, "A. Tanaka");
    let waits = carried(&who, "waits");
    // Somebody else brings in another file while the author of this one is told: what was chosen is no word about another author.
    let other = edited(
        &back,
        "word/document.xml",
        &[("A. Tanaka", "B. Sato"), ("A. Tanaka", "B. Sato")],
    );
    let brought = pages.upload(&receive, "Mr Sato", &other).await;
    assert_eq!(brought.status, StatusCode::SEE_OTHER, "{}", brought.text());
    let fields = [("sender", "JP"), (&*tanaka, "JP"), ("waits", &*waits)];
    let late = pages.post(&received.to, &fields).await;
    assert_eq!(late.status, StatusCode::UNPROCESSABLE_ENTITY);
    late.has("Another file was brought in meanwhile");
    let sato = speaks(&late, "B. Sato");
    let chosen = late.text();
    let chosen = chosen.split(&format!("name=\"{sato}\"")).nth(1).unwrap();
    let chosen = chosen.split("</select>").next().unwrap();
    assert!(!chosen.contains("\"JP\" selected"), "{chosen}");
    pages.upload(&receive, "Ms Tanaka", &back).await;
    let fields = [("sender", "JP"), (&*tanaka, ""), ("waits", &*waits)];
    let waits = carried(&pages.post(&received.to, &fields).await, "waits");
    pages
        .wrong(
            &received.to,
            &[("sender", "JP"), (&tanaka, ""), ("waits", &waits)],
            "Choose the side that this author speaks for",
        )
        .await;
    pages
        .sent(
            &received.to,
            &[("sender", "JP"), (&tanaka, "JP"), ("waits", &waits)],
        )
        .await;
    let came = pages.get(&work).await;
    came.has("as it came from Japan in a file");
    came.has("1 change that was put forward was accepted in the file");
    came.has("In 1 place words were changed without being recorded");
    came.has("changed in the file without a record");
    // Nobody edits what came from the other side.
    let refused = pages
        .post(
            &format!("{draft}/settle/1-3"),
            &[("place", "0"), ("act", "accept"), ("revision", "1")],
        )
        .await;
    assert_eq!(refused.status, StatusCode::CONFLICT);
    let third = pages.forward(&draft).await;
    let page = pages.get(&third).await;
    page.has("received by Ilse Varnholt, on 24 November 2026, from Ms Tanaka");
    page.has("Japan would say “conclusions” instead of “results”");
    let now = pages.get(&draft).await;
    now.has("Japan would say “11” instead of “10”");
    now.has("Both sides shall exchange contact points");
    pages
        .get(&format!("{draft}/compare"))
        .await
        .has("<ins>shall</ins>");

    // Our answer: one accepted, one objected to; the objection is open until somebody gives way.
    pages.sent(&work, &[]).await;
    let settle = |mark: &str| format!("{draft}/settle/{mark}");
    pages
        .sent(
            &settle("1-3"),
            &[("place", "0"), ("act", "accept"), ("revision", "1")],
        )
        .await;
    pages
        .sent(
            &settle("1-1"),
            &[("place", "0"), ("act", "accept"), ("revision", "2")],
        )
        .await;
    let stale = pages
        .post(
            &settle("1-1"),
            &[("place", "0"), ("act", "accept"), ("revision", "2")],
        )
        .await;
    assert_eq!(stale.status, StatusCode::CONFLICT);
    pages.forward(&draft).await;
    // What we put in ourselves, Japan has not agreed to yet.
    let as_text = format!("{draft}/text");
    pages.get(&as_text).await.has("1 paragraph is still open");
    assert_eq!(pages.post(&as_text, &[]).await.status, StatusCode::CONFLICT);
    pages.sent(&work, &[]).await;
    let mark = pages.get(&work).await.text();
    let at = mark.find(&format!("{}/settle/2", draft)).unwrap();
    let way = mark[at..].split('"').next().unwrap().to_owned();
    pages
        .sent(
            &way,
            &[("place", "0"), ("act", "withdraw"), ("revision", "1")],
        )
        .await;
    pages.forward(&draft).await;

    // Silence on it, until it is over.
    let silence = format!("{draft}/silence");
    let step = |day: &'static str, act: &'static str| {
        [
            ("act", act),
            ("day", day),
            ("time", "18:00"),
            ("zone", "+09:00"),
            OURS,
        ]
    };
    pages
        .wrong(
            &silence,
            &step("2026-01-01", "start"),
            "This moment is over",
        )
        .await;
    pages
        .wrong(&silence, &step("soon", "start"), "Give a day")
        .await;
    pages
        .wrong(&silence, &step("2026-12-01", "break"), "No silence runs")
        .await;
    // In ten minutes, told by a clock in Tokyo.
    let there = stix::Timestamp::from_micros(pages.bench.node.now() + (9 * 60 + 10) * 60_000_000);
    let (day, time) = (&there.as_str()[..10], &there.as_str()[11..16]);
    let fields = [
        ("act", "start"),
        ("day", day),
        ("time", time),
        ("zone", "+09:00"),
        OURS,
    ];
    pages.sent(&silence, &fields).await;
    pages
        .get(&draft)
        .await
        .has("put this round under silence until");
    pages.get(&draft).await.has(&format!("{} UTC+09:00", time));
    assert!(
        !pages.get(&draft).await.text().contains("closes no bracket"),
        "nothing is open"
    );
    pages
        .wrong(&silence, &fields, "Silence runs on this round already")
        .await;
    pages.bench.later(700);
    let page = pages.get(&draft).await;
    page.has("Nobody broke the silence");
    page.has("the round is agreed");

    // It becomes a text: read, with its session filled in, and nothing in the register before a person confirms.
    pages.get(&as_text).await.has("No brackets are left");
    let reading = pages.sent(&as_text, &[]).await.to;
    let read = pages.get(&reading).await;
    read.has(title);
    read.has("exchange contact points by 30 June 2027");
    read.has("11 December 2026");
    pages.get(&as_text).await.has("The reading that it became");
    assert!(
        !pages
            .get("/dialogues/register")
            .await
            .text()
            .contains("exchange contact points")
    );
    let done = pages
        .sent(
            &format!("{reading}/confirm"),
            &[("standing", "joint"), ("revision", "1"), ("others", "yes")],
        )
        .await;
    pages.get(&done.to).await.has("exchange contact points");
    let brief = pages.get(&format!("{}/brief.docx", done.to)).await;
    let paper = docx::read(&brief.bytes).unwrap();
    let text: String = paper.letters.iter().map(|seen| seen.letter).collect();
    assert!(
        text.contains("What both sides committed to") || text.contains("exchange contact points"),
        "{text}"
    );
    // Every page of it in French, too.
    for path in [
        &drafts, &draft, &work, &second, &silence, &as_text, &receive,
    ] {
        let page = pages.get(&format!("{path}?lang=fr")).await;
        assert!(!page.text().contains('⟨'), "{path}: {}", page.text());
    }
}

/// Two sides write the same round: both are there, both are told, and the next one takes both up.
#[tokio::test(flavor = "multi_thread")]
async fn two_rounds_of_one_number_stand_beside_each_other() {
    let pages = Pages::new().await;
    let session = pages.session().await;
    let draft = pages
        .sent(
            &format!("{session}/drafts/new"),
            &[
                ("title", "Elements"),
                ("language", "en"),
                ("text", "Both sides will meet in Tokyo."),
                OURS,
            ],
        )
        .await
        .to;
    let work = format!("{draft}/work");
    pages.sent(&work, &[]).await;
    pages
        .sent(
            &format!("{work}/1-1"),
            &[
                ("words", "Both sides shall meet in Tokyo."),
                ("revision", "1"),
            ],
        )
        .await;
    // Meanwhile the other side's round comes in, as its node would send it.
    let node = pages.bench.node.clone();
    let id = format!("draft--{}", draft.rsplit('/').next().unwrap());
    tokio::task::spawn_blocking(move || {
        let mut batch = Batch::new(&node, None, Label::Ours);
        let what: Draft = serde_json::from_value(json!({
            "title": "Elements", "round": 2, "side": "JP", "parties": [node.home().id.as_str(), "JP"], "draft_ref": id, "follows_ref": id,
            "passages": [{ "words": "Both sides will meet in Kyoto.", "state": "open", "mark": "1-1", "runs": [
                { "words": "Both sides will meet in " }, { "words": "Tokyo", "out_by": "JP" }, { "words": "Kyoto", "in_by": "JP" }, { "words": "." }] }],
        }))
        .unwrap();
        batch.add(NewPiece::of(what)).unwrap();
        batch.send().unwrap();
    })
    .await
    .unwrap();
    pages
        .get(&work)
        .await
        .has("Came in meanwhile and is not taken up here");
    pages.forward(&draft).await;
    let page = pages.get(&draft).await;
    page.has("none takes up the other");
    page.has("Prepare a round that takes up both");
    assert_eq!(
        pages.post(&format!("{draft}/text"), &[]).await.status,
        StatusCode::CONFLICT
    );
    pages.sent(&work, &[]).await;
    let both = pages.get(&work).await;
    both.has("would say “shall” instead of “will”");
    both.has("would say “Kyoto” instead of “Tokyo”");
    pages.forward(&draft).await;
    let page = pages.get(&draft).await;
    page.has("Round 3");
    assert!(!page.text().contains("none takes up the other"));

    // Silence agrees to a round as it stands, with what is open in it.
    let silence = format!("{draft}/silence");
    pages
        .get(&silence)
        .await
        .has("Silence agrees to the round as it stands, and closes no bracket in it");
    let there = stix::Timestamp::from_micros(pages.bench.node.now() + 10 * 60_000_000);
    let (day, time) = (&there.as_str()[..10], &there.as_str()[11..16]);
    let fields = [
        ("act", "start"),
        ("day", day),
        ("time", time),
        ("zone", "+00:00"),
        OURS,
    ];
    pages.sent(&silence, &fields).await;
    pages.bench.later(700);
    let page = pages.get(&draft).await;
    page.has("the round is agreed with what is open in it");
    page.has("Paragraphs that are open: 1 of 1.");

    // What is in the making for a session that is called off goes on, and says so.
    let edit = format!("{session}/edit");
    let form = pages.get(&edit).await;
    let (version, dialogue) = (carried(&form, "version"), carried(&form, "dialogue"));
    let fields = [
        ("version", &*version),
        ("dialogue", &*dialogue),
        ("state", "cancelled"),
        ("start", "2026-12-10"),
        OURS,
    ];
    pages.sent(&edit, &fields).await;
    pages
        .get(&draft)
        .await
        .has("The session for which it is in the making is called off");
}
