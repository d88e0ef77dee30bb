//! The rooms of the node: what is hidden is absent on every page of a record, names are changed, participants noted, bundles refused with
//! their reason.

use axum::http::StatusCode;
use node::users::Role;
use node::{Channel, Kind, NewAccess, Participant, Submission};
use policy::Member;
use stix::ObjectId;

use crate::stage::Stage;

fn note(number: u8) -> String {
    format!("note--00000000-0000-4000-8000-0000000000{number:02x}")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hidden_record_is_an_absent_one_on_each_of_its_pages() {
    let stage = Stage::new();
    stage.node.complete_set_up().await.unwrap();
    let cookie = stage.enter(None).await;
    let elsewhere = ObjectId::parse("identity--00000000-0000-4000-8000-0000000000ee").unwrap();
    stage.note(1, "seen by us", "AMBER", Vec::new());
    stage.note(
        2,
        "a canary for one person",
        "RED",
        vec![Member::Person(elsewhere)],
    );
    let headers = [("cookie", cookie.as_str()), ("accept-language", "en")];
    let said = |number: u8, page: String| page.replace(&note(number), "ID");
    for path in ["", "/versions", "/versions?from=x&to=y", "/remark"] {
        let of = async |number: u8| {
            let answer = stage
                .get(&format!("/records/{}{path}", note(number)), &headers)
                .await;
            (answer.status, said(number, answer.body))
        };
        let (hidden, absent) = (of(2).await, of(9).await);
        assert_eq!(hidden.0, StatusCode::NOT_FOUND, "{path}");
        assert_eq!(hidden, absent, "{path}");
        if !path.contains('?') {
            assert_eq!(of(1).await.0, StatusCode::OK, "{path}");
        }
    }
    let way = format!("/records/{}/versions", note(1));
    let only = stage.get(&way, &headers).await.body;
    assert!(only.contains("There is one version"), "{only}");
    assert!(!only.contains(">Compare</button>"), "{only}");
    for (path, body) in [
        ("/versions", "version=x&newest=y"),
        ("/remark", "text=hello&stance=none&tlp=AMBER"),
    ] {
        let of = async |number: u8| {
            let path = format!("/records/{}{path}", note(number));
            let answer = stage.post(&path, &cookie, body).await;
            (answer.status, said(number, answer.body))
        };
        let hidden = of(2).await;
        assert_eq!(hidden.0, StatusCode::NOT_FOUND, "{path}");
        assert_eq!(hidden, of(9).await, "{path}");
    }
    for list in [
        "/records",
        "/records?sort=accepted",
        "/records?kind=note",
        "/records?in=dialogues",
        "/records?in=dialogues&sort=accepted",
        "/records?in=dialogues&kind=note",
    ] {
        let page = stage.get(list, &headers).await.body;
        assert!(page.contains("seen by us"), "{list}");
        assert!(
            !page.contains("canary") && !page.contains("rel=\"next\""),
            "{list}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_participant_is_renamed_and_others_are_noted() {
    let stage = Stage::new();
    stage.node.complete_set_up().await.unwrap();
    let cookie = stage.enter(None).await;
    let headers = [("cookie", cookie.as_str()), ("accept-language", "en")];
    let taken = stage
        .post("/settings/participant", &cookie, "name=Belmark&country=")
        .await;
    assert_eq!(
        taken.status,
        StatusCode::UNPROCESSABLE_ENTITY,
        "it is the State’s"
    );
    let done = stage
        .post(
            "/settings/participant",
            &cookie,
            "name=Agency+of+Belmark&country=be",
        )
        .await;
    assert_eq!(done.status, StatusCode::SEE_OTHER);
    let home = stage.node.home();
    assert_eq!(
        (home.name.as_str(), home.country.as_deref()),
        ("Agency of Belmark", Some("BE"))
    );
    let page = stage.get("/settings", &headers).await.body;
    assert!(page.contains("Agency of Belmark") && page.contains("publication_delay_hours"));
    // Nobody said anything in the file of this node: what it holds is the program’s own.
    assert!(page.contains("default") && !page.contains("until the next start;"));
    let belmark = stage.node.participant("Belmark").unwrap().id;
    for (body, status) in [
        (
            "name=CSIRT&kind=organ&of=",
            StatusCode::UNPROCESSABLE_ENTITY,
        ),
        ("name=&kind=state", StatusCode::UNPROCESSABLE_ENTITY),
        (
            "name=Cordia&kind=state&country=Cordia",
            StatusCode::UNPROCESSABLE_ENTITY,
        ),
        ("name=Cordia&kind=state&country=CO", StatusCode::SEE_OTHER),
        ("name=Cordia&kind=state", StatusCode::UNPROCESSABLE_ENTITY),
    ] {
        let answer = stage.post("/participants/new", &cookie, body).await;
        assert_eq!(answer.status, status, "{body}");
    }
    let body = format!("name=CSIRT+of+Belmark&kind=organ&of={belmark}");
    let answer = stage.post("/participants/new", &cookie, &body).await;
    let place = answer.headers["location"].to_str().unwrap();
    let page = stage.get(place, &headers).await.body;
    assert!(
        page.contains("CSIRT of Belmark") && page.contains(&format!("/participants/{belmark}"))
    );
    let own = format!("/participants/{}", stage.node.home().id);
    let page = stage.get(&own, &headers).await.body;
    assert!(
        page.contains("seal:") && page.contains("in use"),
        "its key is shown"
    );
    let collection = stage
        .post(
            "/settings/collections/new",
            &cookie,
            "title=Ports&alias=ports&tlp=AMBER",
        )
        .await;
    assert_eq!(collection.status, StatusCode::SEE_OTHER);
    assert!(stage.node.collection("ports").unwrap().is_some());
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_is_called_what_a_page_cannot_show_on_one_line() {
    let stage = Stage::new();
    stage.node.complete_set_up().await.unwrap();
    let cookie = stage.enter(None).await;
    let before = stage.node.home().name.clone();
    let long = "a".repeat(201);
    for (name, says) in [
        (long.as_str(), "at most 200 characters; this one has 201"),
        ("Ar%E2%80%AEland", "no characters that are not seen"),
        ("Ar%0Aland", "stands on one line"),
        ("%07Arland", "stands on one line"),
    ] {
        for (path, field, more) in [
            ("/settings/participant", "name", "&country="),
            ("/setup/participant", "name", "&organs="),
            ("/participants/new", "name", "&kind=state"),
            ("/circles/new", "name", ""),
            ("/users/new", "name", "&roles=reader"),
        ] {
            let body = format!("name={name}{more}");
            let answer = stage.post(path, &cookie, &body).await;
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{path}");
            let beside = answer
                .body
                .split(&format!("id=\"f-{field}-error\">"))
                .nth(1);
            let beside = beside.unwrap_or_else(|| panic!("{path}: nothing beside the field"));
            let error = beside.split("</p>").next().unwrap();
            assert!(error.contains(says), "{path}: {error}");
        }
        if name != "Ar%0Aland" {
            let body = format!("name=Belmark&organs=Customs%0A{name}");
            let answer = stage.post("/setup/participant", &cookie, &body).await;
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{name}");
        }
    }
    assert_eq!(stage.node.home().name, before);
    assert!(stage.node.participant("Customs").is_none());
    let fits = format!("name={}&country=", "é".repeat(200));
    let answer = stage.post("/settings/participant", &cookie, &fits).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_state_that_nobody_speaks_for_is_said_to_get_nothing() {
    let stage = Stage::new();
    stage.node.complete_set_up().await.unwrap();
    let cookie = stage.enter(None).await;
    let operator = stage.node.at_terminal("operator");
    let state = ObjectId::parse("identity--00000000-0000-4000-8000-0000000000ed").unwrap();
    let kestria = Participant::new(state, "Kestria", Kind::State);
    stage
        .node
        .add_participant(kestria.clone(), &operator)
        .await
        .unwrap();
    let headers = [("cookie", cookie.as_str()), ("accept-language", "en")];
    let says = "No organ of Kestria is designated, and no node or program of it is known";
    let of = async |id: &ObjectId| {
        let told = format!("/label?tlp=AMBER&for={id}");
        stage.get(&told, &headers).await.body.contains(says)
    };
    assert!(!of(&kestria.id).await, "its own word counts");
    let organ = ObjectId::parse("identity--00000000-0000-4000-8000-0000000000ef").unwrap();
    let ministry = Participant {
        organ_of: Some(kestria.id.clone()),
        ..Participant::new(organ.clone(), "Kestria Ministry", Kind::Organ)
    };
    stage
        .node
        .add_participant(ministry, &operator)
        .await
        .unwrap();
    assert!(
        of(&kestria.id).await,
        "an organ is known, and not designated"
    );
    assert!(!of(&organ).await);
    let program = NewAccess {
        name: "kestria-feed".to_owned(),
        participant: kestria.id.to_string(),
        ..NewAccess::default()
    };
    let granted = stage.node.add_access(program, &operator).unwrap();
    granted.await.unwrap();
    assert!(!of(&kestria.id).await, "a program of its own fetches it");
    stage
        .node
        .revoke_access("kestria-feed", &operator)
        .await
        .unwrap();
    assert!(of(&kestria.id).await);
    let named = Participant {
        designated: [(String::new(), organ)].into_iter().collect(),
        ..kestria.clone()
    };
    stage.node.add_participant(named, &operator).await.unwrap();
    assert!(!of(&kestria.id).await, "its organ is designated");
}

#[tokio::test(flavor = "multi_thread")]
async fn red_is_chosen_for_persons_alone() {
    let stage = Stage::new();
    stage.node.complete_set_up().await.unwrap();
    let cookie = stage.enter(None).await;
    let belmark = stage.node.participant("Belmark").unwrap().id;
    let person = stage
        .node
        .add_person(
            "Ilse Maren",
            "ambassador",
            &stage.node.at_terminal("operator"),
        )
        .await
        .unwrap();
    let headers = [("cookie", cookie.as_str()), ("accept-language", "en")];
    let tells = "TLP:RED reaches named persons only";
    let told = format!("/label?tlp=RED&for={belmark}");
    assert!(stage.get(&told, &headers).await.body.contains(tells));
    let told = format!("/label?tlp=RED&for={}", person.id);
    assert!(!stage.get(&told, &headers).await.body.contains(tells));
    for (tlp, to, status) in [
        (
            "RED",
            format!("&for={belmark}"),
            StatusCode::UNPROCESSABLE_ENTITY,
        ),
        (
            "RED",
            format!("&for={belmark}&for={}", person.id),
            StatusCode::UNPROCESSABLE_ENTITY,
        ),
        (
            "AMBER%2BSTRICT",
            format!("&for={belmark}"),
            StatusCode::SEE_OTHER,
        ),
        ("RED", format!("&for={}", person.id), StatusCode::SEE_OTHER),
        ("RED", String::new(), StatusCode::SEE_OTHER),
    ] {
        let alias = format!("c{}", stage.node.collections().unwrap().len());
        let body = format!("title=Ports&alias={alias}&tlp={tlp}{to}");
        let answer = stage
            .post("/settings/collections/new", &cookie, &body)
            .await;
        assert_eq!(answer.status, status, "{body}");
        let refused = status == StatusCode::UNPROCESSABLE_ENTITY;
        assert_eq!(answer.body.contains(tells), refused, "{body}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_is_no_bundle_is_refused_and_listed_with_its_reason() {
    let stage = Stage::new();
    stage.node.complete_set_up().await.unwrap();
    let cookie = stage.enter(None).await;
    let form = "--xYz\r\nContent-Disposition: form-data; name=\"file\"; filename=\"from <b>.bundle\"\r\n\r\nnothing of the kind\r\n--xYz--\r\n";
    let headers = [
        ("cookie", cookie.as_str()),
        ("sec-fetch-site", "same-origin"),
        ("content-type", "multipart/form-data; boundary=xYz"),
    ];
    let answer = stage.send("POST", "/bundles/try", &headers, form).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    for (language, reason) in [("en", "This is no bundle"), ("fr", "Ce n’est pas un pli")] {
        let headers = [("cookie", cookie.as_str()), ("accept-language", language)];
        let page = stage.get("/bundles", &headers).await.body;
        assert!(
            page.contains(reason) && page.contains("Tester"),
            "{language}"
        );
        assert!(!page.contains("<b>.bundle"), "a file’s name is a text");
        let brought = stage.get("/bundles/brought", &headers).await;
        assert_eq!(brought.status, StatusCode::SEE_OTHER, "nothing was kept");
        let changes = stage.get("/changes", &headers).await;
        assert_eq!(changes.status, StatusCode::OK);
        // Of what is long, the beginning stands open, and each other part under its heading; none is listed a second time above.
        let changes = changes.body;
        let folded = changes.matches("<details class=\"whole\"").count();
        assert_eq!(changes.matches("<details class=\"whole\" open>").count(), 1);
        // What is folded has its heading all the same.
        let headed = ["<summary><h2>", "<summary><h3>"].map(|head| changes.matches(head).count());
        assert!(
            folded > 5 && headed.iter().sum::<usize>() == folded,
            "{headed:?}"
        );
        assert!(!changes.contains("href=\"#v"), "{changes}");
        // An address that names a part opens it.
        let places: Vec<&str> = changes
            .split("<ul id=\"")
            .skip(1)
            .filter_map(|rest| rest.split('"').next())
            .collect();
        assert!(places.len() > 5, "{places:?}");
        for place in places {
            assert_eq!(changes.matches(&format!(" id=\"{place}\"")).count(), 1);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn rooms_stand_under_headings_by_what_one_comes_for() {
    let stage = Stage::new();
    stage.node.complete_set_up().await.unwrap();
    let cookie = stage.enter(None).await;
    for (lang, all) in [
        (
            "en",
            [
                ("Day to day", "/calendar"),
                ("Exchange", "/peers"),
                ("Records and logs", "/records"),
                ("People and access", "/users"),
                ("This node", "/settings"),
            ],
        ),
        (
            "fr",
            [
                ("Au quotidien", "/clearance"),
                ("Échanges", "/quarantine"),
                ("Pièces et journaux", "/log"),
                ("Personnes et accès", "/account"),
                ("Ce nœud", "/status"),
            ],
        ),
    ] {
        let page = stage
            .get("/", &[("cookie", &cookie), ("accept-language", lang)])
            .await
            .body;
        let nav = page.split_once("id=\"desks\"").unwrap().1;
        let nav = nav.split_once("</nav>").unwrap().0;
        let groups: Vec<&str> = nav.split("<h2>").skip(1).collect();
        let mut found = groups.iter();
        for (heading, path) in all {
            let begins = format!("{heading}</h2>");
            let group = found.find(|group| group.starts_with(&begins));
            let group = group.unwrap_or_else(|| panic!("{heading} in {nav}"));
            assert!(
                group.contains(&format!("href=\"{path}\"")),
                "{path} in {group}"
            );
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_two_rooms_have_one_letter() {
    let stage = Stage::design().await;
    let cookie = stage.enter(None).await;
    let page = stage.get("/", &[("cookie", cookie.as_str())]).await.body;
    let mut letters: Vec<&str> = page
        .split("data-letter=\"")
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
        .collect();
    let all = letters.len();
    letters.sort_unstable();
    letters.dedup();
    assert!(all > 12 && letters.len() == all, "{letters:?} of {all}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_client_needs_to_know_is_chosen_in_the_order_of_the_reader() {
    let stage = Stage::design().await;
    let cookie = stage.enter(None).await;
    for (language, names) in [
        ("en", ["capacity", "contacts", "dialogues", "exercises"]),
        ("fr", ["Capacités", "Contacts", "Dialogues", "Exercices"]),
    ] {
        let path = format!("/participants/new?lang={language}");
        let page = stage.get(&path, &[("cookie", &cookie)]).await.body;
        let lower = page.to_lowercase();
        let places = names.map(|name| lower.find(&format!(">{}</label>", name.to_lowercase())));
        assert!(places.is_sorted() && places[0].is_some(), "{places:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_third_language_has_words_for_what_the_program_names() {
    let stage = Stage::design().await;
    let cookie = stage.enter(None).await;
    let read = async |path: &str| {
        let path = format!("{path}?lang=en-XA");
        stage.get(&path, &[("cookie", &cookie)]).await.body
    };
    // The accented language is made of all texts: what stands in plain English on its pages is in no file.
    let page = read("/participants/new").await;
    assert!(
        !page.contains(">Exercises</label>") && !page.contains(">exercises</label>"),
        "{page}"
    );
    let page = read("/records").await;
    assert!(!page.contains("Norms and measures"), "{page}");
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_decides_sees_whose_a_record_is_said_to_be_and_discards_in_two_steps() {
    let stage = Stage::new();
    stage.node.complete_set_up().await.unwrap();
    let cookie = stage.enter(None).await;
    let stranger = "identity--00000000-0000-4000-8000-0000000000f1";
    let home = stage.node.home().id.clone();
    let waits = format!(
        r#"{{"type":"note","spec_version":"2.1","id":"{}","created":"2026-11-01T00:00:00.000Z","modified":"2026-11-01T00:00:00.000Z","created_by_ref":"{home}","content":"a canary","object_refs":["{stranger}"]}}"#,
        note(7)
    );
    let broken = r#"{"type":"note","id":"note--1"}"#;
    let bytes = format!("{waits}\n{broken}");
    let receipt = stage.node.accept(Submission {
        objects: vec![0..waits.len(), waits.len() + 1..bytes.len()],
        bytes: bytes.into(),
        channel: Channel::Access("feed".to_owned()),
        submitter: stranger.parse().unwrap(),
        person: None,
        collection: "situation".to_owned(),
        marking: node::submission::Marking::default(),
    });
    let receipt = receipt.unwrap().await.unwrap();
    assert_eq!((receipt.awaiting(), receipt.refusals()), (1, 1));
    let of = async |path: &str, cookie: &str| {
        let headers = [("cookie", cookie), ("accept-language", "en")];
        stage.get(path, &headers).await.body
    };
    let page = of("/awaiting", &cookie).await;
    assert!(page.contains("Said to be by"), "{page}");
    let cell = page.split_once("data-name=\"Said to be by\"").unwrap().1;
    let cell = cell.split("</td>").next().unwrap();
    assert!(cell.contains("Belmark"), "{cell}");
    assert!(!page.contains("a canary"), "{page}");
    let discard = page.find("value=\"discard\"").unwrap();
    assert!(
        page[..discard]
            .rfind("<details")
            .is_some_and(|at| !page[at..discard].contains("</details>")),
        "{page}"
    );
    let reader = stage
        .node
        .admit(
            node::users::NewUser {
                name: "Reader".to_owned(),
                roles: std::iter::once(Role::Reader).collect(),
                ..node::users::NewUser::default()
            },
            &stage.node.at_terminal("tests"),
        )
        .await
        .unwrap();
    let code = stage
        .node
        .one_time(
            &reader,
            node::users::Once::Link,
            &stage.node.at_terminal("tests"),
        )
        .await
        .unwrap();
    let other = stage.enter_by(&code.path()).await;
    let page = of("/awaiting", &other).await;
    assert!(!page.contains("Said to be by"), "{page}");
    // It is not theirs to decide, and it says whose it is.
    assert!(
        page.contains("awaits the decision of an editor or releaser")
            && !page.contains("your decision")
            && !page.contains("you decide"),
        "{page}"
    );

    // What is malformed says why in the reader's words, also in English, with the node's own behind a click.
    let page = of("/quarantine", &cookie).await;
    assert!(page.contains("In the program’s words"), "{page}");
    // How it begins is read by who decides, as text, and by nobody else.
    let head = "{&#34;type&#34;:&#34;note&#34;,&#34;id&#34;:&#34;note--1&#34;}";
    assert!(
        page.contains("How no. 1 begins") && page.contains(head),
        "{page}"
    );
    let label = "<strong class=\"tlp red\">TLP:RED</strong>";
    assert!(
        page.matches(label).count() > 1,
        "at head and foot, also on paper: {page}"
    );
    // What a rule of the node's own refused says why in the reader's language, too.
    let ahead = waits.replace("2026-11-01", "2099-11-01");
    let (objects, bytes) = (std::iter::once(0..ahead.len()).collect(), ahead.into());
    let receipt = stage.node.accept(Submission {
        objects,
        bytes,
        channel: Channel::Access("feed".to_owned()),
        submitter: stranger.parse().unwrap(),
        person: None,
        collection: "situation".to_owned(),
        marking: node::submission::Marking::default(),
    });
    assert_eq!(receipt.unwrap().await.unwrap().refusals(), 1);
    let headers = [("cookie", &*cookie), ("accept-language", "fr")];
    let french = stage.get("/quarantine", &headers).await.body;
    let french = french.replace('\u{a0}', " ");
    assert!(
        french.contains("sa version est datée de plus de 24 heures"),
        "{french}"
    );
    let page = of("/quarantine", &other).await;
    assert!(page.contains("Why") && !page.contains("begins"), "{page}");
    assert!(!page.contains(label), "{page}");
}

#[tokio::test(flavor = "multi_thread")]
async fn on_ones_own_page_nobody_suspends_themselves() {
    let stage = Stage::new();
    stage.node.complete_set_up().await.unwrap();
    let cookie = stage.enter(None).await;
    let operator = stage.node.at_terminal("tests");
    let other = stage
        .node
        .admit(
            node::users::NewUser {
                name: "Other".to_owned(),
                ..node::users::NewUser::default()
            },
            &operator,
        )
        .await
        .unwrap();
    let users = stage.node.users(&operator).unwrap();
    let own = users
        .into_iter()
        .find(|user| user.name == "Tester")
        .unwrap();
    let of = async |person: &ObjectId| {
        let headers = [("cookie", cookie.as_str()), ("accept-language", "en")];
        let path = format!("/users/{}", person.uuid());
        stage.get(&path, &headers).await.body
    };
    let page = of(&own.person).await;
    assert!(page.contains("Where I am signed in") && !page.contains("/suspend\""));
    let page = of(&other).await;
    assert!(page.contains("Where they are signed in") && page.contains("/suspend\""));
}
