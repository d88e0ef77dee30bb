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
