//! Acts and topics of single clauses: tables of wordings, each read within a short text of its genre.
//!
//! A row stands for a way of saying, not for a text.

use serde_json::Value;

/// Where a sentence stands: a title and what comes before it.
const PLACES: &[(&str, &str, &str)] = &[
    (
        "joint",
        "EU-Japan Cyber Dialogue\n\nThe European Union and Japan held their fifth Cyber Dialogue in Tokyo on 3 May 2023.\n\nThe two sides discussed a range of cyber issues.",
        "Dialogue UE-Japon sur le cyberespace\n\nL'Union européenne et le Japon ont tenu leur cinquième dialogue sur le cyberespace à Tokyo le 3 mai 2023.\n\nLes deux parties ont évoqué plusieurs sujets.",
    ),
    (
        "we",
        "Joint Declaration on Digital Security\n\nWe, the ministers of Australia, Canada, Japan and the United Kingdom, met in Paris on 3 May 2022.\n\nWe reaffirm our partnership. We share common values.",
        "Déclaration conjointe sur la sécurité numérique\n\nNous, ministres de la France, du Canada, du Japon et de la Belgique, nous sommes réunis à Paris le 3 mai 2022.\n\nNous réaffirmons notre partenariat. Nous partageons des valeurs communes.",
    ),
    (
        "news",
        "UK and Estonia strengthen cyber ties\n\nOfficials from the UK and Estonia met in London on 3 May 2023.\n\nThe meeting was opened by Ambassador John Smith.",
        "La France et l'Estonie renforcent leur coopération\n\nDes représentants de la France et de l'Estonie se sont réunis à Paris le 3 mai 2023.\n\nLa réunion a été ouverte par l'ambassadeur Jean Dupont.",
    ),
    (
        "blamed",
        "Statement on malicious cyber activity against Moldova\n\nCanada condemns the malicious cyber activity against the Parliament of Moldova.",
        "Déclaration sur les actes de cybermalveillance visant la Moldavie\n\nLe Canada condamne les actes de cybermalveillance qui ont visé le Parlement de la Moldavie.",
    ),
    (
        "played",
        "Exercise Amber Tide concludes in Riga\n\nOn 3 May 2023, Latvia conducted a scenario-based exercise on cyber crises with Estonia and Lithuania.",
        "Exercice Marée d'ambre à Riga\n\nLe 3 mai 2023, la Lettonie a conduit un exercice fondé sur un scénario de crise cyber avec l'Estonie et la Lituanie.",
    ),
];

fn rows(table: &'static str) -> Vec<(&'static str, &'static str)> {
    table
        .lines()
        .filter(|l| !l.trim().is_empty() && !l.starts_with('#'))
        .map(|l| l.split_once(" => ").expect("a row has an arrow"))
        .collect()
}

/// The clauses that are read from a sentence in its place.
fn clauses(place: &str, french: bool, sentence: &str) -> Vec<Value> {
    let (_, en, fr) = PLACES
        .iter()
        .find(|p| p.0 == place)
        .unwrap_or_else(|| panic!("no place {place:?}: {sentence}"));
    let before = if french { fr } else { en };
    let text = format!("{before}\n\n{sentence}\n");
    let from = before.chars().count();
    let reading = text::read(text.as_bytes(), &text::Options::named("row")).expect("a reading");
    reading
        .statement
        .statements
        .iter()
        .filter(|c| c.start >= from)
        .map(|c| serde_json::to_value(c).expect("JSON"))
        .collect()
}

fn none(wrong: &[String], rows: usize, least: usize) {
    assert!(rows > least, "only {rows} rows");
    assert!(
        wrong.is_empty(),
        "{} of {rows} rows:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

fn acts(table: &'static str, french: bool) {
    let rows = rows(table);
    let mut wrong = Vec::new();
    for (row, expected) in &rows {
        let (place, sentence) = row.split_once(": ").expect("a row names its place");
        let found: Vec<String> = clauses(place, french, sentence)
            .iter()
            .map(|c| format!("{} {}", c["act"].as_str().unwrap_or("-"), c["strength"]))
            .collect();
        let found = found.join(" + ");
        if found != *expected {
            wrong.push(format!("{sentence}\n  {expected}\n  {found}"));
        }
    }
    none(&wrong, rows.len(), 50);
}

fn topics(table: &'static str, french: bool) {
    let rows = rows(table);
    let mut wrong = Vec::new();
    for (row, expected) in &rows {
        // A row may name its place.
        let (place, sentence) = row
            .split_once(": ")
            .filter(|(place, _)| PLACES.iter().any(|p| p.0 == *place))
            .unwrap_or(("joint", row));
        let mut found: Vec<String> = clauses(place, french, sentence)
            .iter()
            .flat_map(|c| c["topics"].as_array().cloned().unwrap_or_default())
            .filter_map(|t| t.as_str().map(str::to_owned))
            .collect();
        found.sort();
        found.dedup();
        if found.join(" ") != *expected {
            wrong.push(format!("{sentence}\n  {expected}\n  {}", found.join(" ")));
        }
    }
    none(&wrong, rows.len(), 50);
}

/// Who acts in a sentence, reports aside.
fn actors(table: &'static str, french: bool) {
    let rows = rows(table);
    let mut wrong = Vec::new();
    for (row, expected) in &rows {
        let (place, sentence) = row.split_once(": ").expect("a row names its place");
        let mut found: Vec<String> = clauses(place, french, sentence)
            .iter()
            .filter(|c| c["act"] != "report")
            .flat_map(|c| c["actors"].as_array().cloned().unwrap_or_default())
            .filter_map(|a| a.as_str().map(str::to_owned))
            .collect();
        found.sort();
        found.dedup();
        if found.join(" ") != *expected {
            wrong.push(format!("{sentence}\n  {expected}\n  {}", found.join(" ")));
        }
    }
    none(&wrong, rows.len(), 8);
}

#[test]
fn actors_in_english() {
    actors(include_str!("tables/actors-en.txt"), false);
}

#[test]
fn actors_in_french() {
    actors(include_str!("tables/actors-fr.txt"), true);
}

#[test]
fn acts_in_english() {
    acts(include_str!("tables/acts-en.txt"), false);
}

#[test]
fn acts_in_french() {
    acts(include_str!("tables/acts-fr.txt"), true);
}

#[test]
fn topics_in_english() {
    topics(include_str!("tables/topics-en.txt"), false);
}

#[test]
fn topics_in_french() {
    topics(include_str!("tables/topics-fr.txt"), true);
}

/// What a heading announces is done by bare nouns under it, until another heading.
#[test]
fn decisions_without_a_verb() {
    let text = "Consultations entre la Suisse et la Tunisie sur la cybersécurité\n\nLa Suisse et la Tunisie ont tenu leurs premières consultations à Berne le 2 octobre 2023. Les deux parties ont évoqué le droit international.\n\nDécisions\n\n1. Création d'un groupe d'experts conjoint\n2. Échange de stagiaires dès 2024\n\nÉchanges\n\n1. Présentation des stratégies nationales.\n";
    let reading = text::read(text.as_bytes(), &text::Options::named("decisions")).expect("read");
    let acts: Vec<text::Act> = reading.statement.statements.iter().map(|s| s.act).collect();
    assert_eq!(
        acts[2..],
        [
            text::Act::Commitment,
            text::Act::Commitment,
            text::Act::Report
        ],
        "{acts:?}"
    );
}

/// Headings that run in, and the mark under a text, are no clauses.
#[test]
fn headings_that_run_in() {
    let text = "EU-UK Cyber Dialogue: third meeting\n\nThe European Union and the United Kingdom held their third Cyber Dialogue in Brussels on 9 December 2025.\n\nDeterrence. The two sides condemned these activities.\n\nCybercrime and ransomware. The two sides commended the results of the initiative.\n\nCapacity building. They acknowledged that needs exceed the means. /END/\n";
    let reading = text::read(text.as_bytes(), &text::Options::named("headings")).expect("read");
    let clauses: Vec<&str> = reading
        .statement
        .statements
        .iter()
        .map(|s| s.text.as_str())
        .collect();
    assert_eq!(
        clauses[1..],
        [
            "The two sides condemned these activities.",
            "The two sides commended the results of the initiative.",
            "They acknowledged that needs exceed the means."
        ]
    );
}

fn texts(text: &str) -> Vec<String> {
    let reading = text::read(text.as_bytes(), &text::Options::named("columns")).expect("read");
    let one_line = |t: &str| t.split_whitespace().collect::<Vec<_>>().join(" ");
    reading
        .statement
        .statements
        .iter()
        .map(|s| one_line(&s.text))
        .collect()
}

/// Among paragraphs of one line each, an item and a quotation that were cut at some width are whole.
#[test]
fn what_is_set_in_goes_on() {
    let text = "Joint Statement on the Second India-Singapore Cyber Dialogue\n\n6 August 2026\n\n1.   The second India-Singapore Cyber Dialogue was held on 5 August 2026 in New Delhi, and it brought officials of many ministries of both countries together.\n\n2.   Both sides exchanged views on ransomware and online scams, protection of\n     CII, and capacity building in ASEAN.\n\nSpeaking after the meeting, Mr. Amit Rao, Joint Secretary, said:\n\n    Threats do not stop at the border of anyone, and it is only right that\n    the people who respond when things go wrong know and trust one another.\n    This Dialogue puts that trust on a firm footing.\n\nThe two sides agreed to meet again in 2027.\n";
    let read = texts(text);
    assert_eq!(read.len(), 4, "{read:#?}");
    assert!(read[1].ends_with("protection of CII, and capacity building in ASEAN."));
    assert!(read[2].starts_with("Speaking after") && read[2].ends_with("on a firm footing."));
}

/// The foot of a page, and the head of the next, part no sentence.
#[test]
fn a_sentence_goes_on_over_the_head_of_a_page() {
    let head = "                    Ministry of External Affairs\n                        Government of India\n";
    let text = format!(
        "{head}\nJoint Statement: Inaugural India-Australia Cyber Framework Dialogue\n\n                       February 12, 2022\n\n1. The Ministers of India and Australia met in Melbourne on 12 February\n   2022 for the inaugural India-Australia Cyber Framework Dialogue.\n\n2. Both sides stressed that the work of the Ad Hoc Committee should be\n   open, inclusive and transparent, and should build upon existing\n   international\n\n                                                       Page 1 of 2\n\n{head}\n   instruments. The Australian side explained the benefits that it has\n   drawn from its accession to the Budapest Convention.\n"
    );
    let read = texts(&text);
    assert_eq!(read.len(), 3, "{read:#?}");
    assert!(read[1].starts_with("Both sides stressed") && read[1].ends_with("instruments."));
}

/// A table that is set in blanks: subjects on the left, what was said of them on the right.
#[test]
fn a_table_set_in_blanks() {
    let text = "COMPTE RENDU\n\nObjet : 4e dialogue cyber franco-belge (Bruxelles, 26-27 septembre 2024)\n\nLe quatrième dialogue cyber franco-belge s'est tenu à Bruxelles les 26 et 27 septembre 2024, sous la présidence de M. Henri Verdon, ambassadeur pour le numérique, et en présence de représentants de plusieurs ministères.\n\nTHÈME                 CONCLUSIONS DES DEUX PARTIES\n\nÉtat de la menace     Échange de vues sur la menace, marquée par les rançongiciels,\n                      par le prépositionnement dans les infrastructures critiques et\n                      par le retour d'expérience des Jeux de Paris. Les deux pays ont\n                      condamné les campagnes conduites contre eux.\n\nNations unies         Les deux délégations ont rappelé que le droit international\net normes             s'applique pleinement au cyberespace. Elles soutiennent\n                      l'établissement du programme d'action.\n\nLa cinquième session du dialogue aura lieu à Paris à l'automne 2025.\n";
    let read = texts(text);
    assert_eq!(read.len(), 6, "{read:#?}");
    assert!(read[1].starts_with("Échange de vues") && read[1].ends_with("Jeux de Paris."));
    assert!(read[2].starts_with("Les deux pays") && read[2].ends_with("contre eux."));
    assert!(read[3].starts_with("Les deux délégations") && read[3].ends_with("au cyberespace."));
    assert!(read[4].starts_with("Elles soutiennent") && read[4].ends_with("programme d'action."));
}

/// Rows that no blank line parts, in a text of long lines and in one that was cut at some width: no label is among what was said.
#[test]
fn a_table_without_blank_lines() {
    let table = "THÈME                 CONCLUSIONS DES DEUX PARTIES\nÉtat de la menace     Échange de vues sur la menace, marquée par les rançongiciels,\n                      par le prépositionnement dans les infrastructures critiques et\n                      par le retour d'expérience des Jeux de Paris.\nNations unies         Les deux délégations ont rappelé que le droit international\n                      s'applique pleinement au cyberespace. Elles soutiennent\n                      l'établissement du programme d'action.\nCapacités             Les deux pays ont salué le travail du centre régional.\n";
    let head = "Le quatrième dialogue cyber franco-belge s'est tenu à Bruxelles les 26 et 27 septembre 2024, sous la présidence de M. Henri Verdon, et en présence de représentants de plusieurs ministères.";
    let cut = head
        .replace("Bruxelles les", "Bruxelles\nles")
        .replace("présidence de", "présidence\nde")
        .replace("de plusieurs", "de\nplusieurs");
    for head in [head, &cut] {
        let text = format!(
            "COMPTE RENDU\n\nObjet : 4e dialogue cyber franco-belge (Bruxelles, 26-27 septembre 2024)\n\n{head}\n\n{table}\nLa cinquième session du dialogue aura lieu à Paris à l'automne 2025.\n"
        );
        assert_eq!(
            texts(&text)[1..],
            [
                "Échange de vues sur la menace, marquée par les rançongiciels, par le prépositionnement dans les infrastructures critiques et par le retour d'expérience des Jeux de Paris.",
                "Les deux délégations ont rappelé que le droit international s'applique pleinement au cyberespace.",
                "Elles soutiennent l'établissement du programme d'action.",
                "Les deux pays ont salué le travail du centre régional.",
                "La cinquième session du dialogue aura lieu à Paris à l'automne 2025.",
            ],
            "{text}"
        );
    }
}

/// What an instrument asks of States, item by item: each is asked, and each is a norm.
#[test]
fn norms_that_others_are_called_on_to_respect() {
    let english = "Declaration on Responsible Behaviour\n\nDinard, 6 April 2019\n\nWe, the Foreign Ministers of Canada and France, met in Dinard on 6 April 2019.\n\nWe call on all States to respect the following norms in peacetime:\n\n1. States should not knowingly allow their territory to be used for wrongful acts;\n2. States should take reasonable steps to ensure the integrity of the supply chain.\n";
    let french = "Déclaration sur le comportement responsable des États\n\nLucques, 11 avril 2017\n\nNous réaffirmons notre attachement à un cyberespace ouvert.\n\nNous appelons tous les États à respecter, en temps de paix, les normes volontaires suivantes :\n\n1. Les États ne devraient pas permettre que leur territoire soit utilisé pour commettre des faits illicites ;\n2. Les États devraient prendre des mesures pour garantir l'intégrité de la chaîne d'approvisionnement.\n";
    for text in [english, french] {
        let reading = text::read(text.as_bytes(), &text::Options::named("norms")).expect("read");
        let items = &reading.statement.statements[1..];
        assert_eq!(items.len(), 2, "{items:#?}");
        for item in items {
            assert_eq!(item.act, text::Act::Invitation, "{}", item.text);
            assert!(item.topics.iter().any(|t| t == "norms"), "{}", item.text);
        }
    }
}

/// "We, the Ministers, on the occasion of ...;" before recitals says who speaks, "X and Y to work together." above a text what is to come.
#[test]
fn who_speaks_and_what_is_to_come_are_no_clauses() {
    let recitals = "ASEAN-EU STATEMENT ON CYBERSECURITY\n\nBangkok, 1 August 2019\n\nWE, the Foreign Ministers of the Member States of the Association of Southeast Asian Nations and the High Representative of the European Union, on the occasion of the Conference held on 1 August 2019 in Bangkok, Thailand;\n\nRECALLING the Joint Statement of 21 January 2019;\n\nDO HEREBY DECLARE as follows:\n\n1. We reaffirm our partnership.\n";
    let read = texts(recitals);
    assert!(read[0].starts_with("RECALLING"), "{read:#?}");
    let news = "UK and India sign memorandum on cyber security\n\nPublished 24 May 2016\n\nCERT-UK and CERT-In to work together to tackle cyber-attacks.\n\nThe United Kingdom and India signed a memorandum of understanding on 20 May 2016 in New Delhi.\n\nThe two sides will exchange information on threats.\n";
    let read = texts(news);
    assert!(read[0].starts_with("The United Kingdom"), "{read:#?}");
}

/// What agreed minutes open with is what was agreed: only one line alone, above a text that tells it at length, sums that up.
#[test]
fn what_is_agreed_above_the_first_full_sentence_is_kept() {
    let hotline = "Both sides to establish a hotline between their CERTs";
    let joint = "CERT-UK and CERT-In to work together against ransomware.";
    let next = "The next meeting will be held in London.";
    let long = "The two sides discussed threats to critical infrastructure, the protection of elections, and capacity building in the region.";
    let dated = format!("{hotline} by June 2027.");
    let plain = format!("{hotline}.");
    for agreed in [
        vec![&*dated, "India to host a joint exercise in 2027.", next],
        vec![&*plain, joint, long],
        vec![&*plain, long, joint],
        vec![&*plain, next],
        vec![&*dated, long, next],
    ] {
        let text = format!(
            "Outcomes of the third India-United Kingdom Cyber Dialogue\n\n{}\n",
            agreed.join("\n\n")
        );
        assert_eq!(texts(&text), agreed);
    }
}
