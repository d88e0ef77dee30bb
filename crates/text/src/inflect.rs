//! Verbs and their forms, made from the paradigms and irregular lines of a language's `verbs.txt`.
//! Invariant: every form is folded as tokens are, so that a lookup is one hash of the token.

use crate::hash::Table;
use crate::token::fold;

/// Number of a verb in its language's table.
pub(crate) type Lemma = u16;

/// The shapes a form may have; one spelling often has several.
pub(crate) mod shape {
    /// Infinitive or bare stem.
    pub(crate) const INF: u8 = 1;
    /// Present, any person.
    pub(crate) const PRES: u8 = 2;
    /// Simple past.
    pub(crate) const PAST: u8 = 4;
    /// Past participle.
    pub(crate) const PART: u8 = 8;
    /// Gerund or present participle.
    pub(crate) const GER: u8 = 16;
    /// Future.
    pub(crate) const FUT: u8 = 32;
    /// Conditional.
    pub(crate) const COND: u8 = 64;
    /// Third person singular of the present, where it has its own form.
    pub(crate) const THIRD: u8 = 128;
}

/// One paradigm: verbs that end so are inflected so.
struct Paradigm {
    ending: String,
    forms: Vec<(u8, String)>,
}

/// All verbs of a language.
#[derive(Default)]
pub(crate) struct Verbs {
    lemmas: Vec<String>,
    numbers: Table<String, Lemma>,
    forms: Table<String, Vec<(Lemma, u8)>>,
}

fn shape_named(name: &str) -> Option<u8> {
    Some(match name {
        "inf" => shape::INF,
        "base" => shape::INF | shape::PRES,
        "pres" => shape::PRES,
        "third" => shape::THIRD,
        "past" => shape::PAST,
        "part" => shape::PART,
        "ger" => shape::GER,
        "fut" => shape::FUT,
        "cond" => shape::COND,
        _ => return None,
    })
}

impl Verbs {
    /// Reads the table: `paradigm ENDING = shape:ending ...` lines, then one verb a line, irregular forms after it.
    /// A shape given on a verb's line replaces what the paradigm says of it.
    pub(crate) fn read(table: &str) -> Verbs {
        let mut paradigms: Vec<Paradigm> = Vec::new();
        let mut verbs = Verbs::default();
        for line in table.lines() {
            let line = line.split('#').next().unwrap_or_default().trim();
            if line.is_empty() {
                continue;
            }
            if let Some(rest) = line.strip_prefix("paradigm ") {
                let (ending, forms) = rest.split_once('=').unwrap_or((rest, ""));
                let forms = forms
                    .split_whitespace()
                    .filter_map(|f| f.split_once(':'))
                    .filter_map(|(s, e)| {
                        Some((
                            shape_named(s)?,
                            if e == "-" {
                                String::new()
                            } else {
                                e.to_owned()
                            },
                        ))
                    })
                    .collect();
                let ending = ending.trim();
                paradigms.push(Paradigm {
                    ending: if ending == "-" {
                        String::new()
                    } else {
                        ending.to_owned()
                    },
                    forms,
                });
                continue;
            }
            let mut parts = line.split_whitespace();
            let Some(lemma) = parts.next().map(fold) else {
                continue;
            };
            let irregular: Vec<(u8, String)> = parts
                .filter_map(|f| f.split_once(':'))
                .filter_map(|(s, w)| Some((shape_named(s)?, fold(w))))
                .collect();
            let number = verbs.add(&lemma);
            let replaced = irregular.iter().fold(0, |all, (s, _)| all | s);
            if let Some(paradigm) = paradigms.iter().find(|p| lemma.ends_with(&p.ending)) {
                let stem = &lemma[..lemma.len() - paradigm.ending.len()];
                for (s, ending) in &paradigm.forms {
                    if s & replaced == 0 {
                        verbs.put(format!("{stem}{ending}"), number, *s);
                    }
                }
            }
            for (s, form) in irregular {
                if s == shape::FUT && !form.ends_with('a') {
                    for ending in ["a", "ont", "ons", "ai"] {
                        verbs.put(format!("{form}{ending}"), number, shape::FUT);
                    }
                    for ending in ["ait", "aient", "ions"] {
                        verbs.put(format!("{form}{ending}"), number, shape::COND);
                    }
                } else if s == shape::PART && form.ends_with('*') {
                    for ending in ["", "e", "s", "es"] {
                        verbs.put(
                            format!("{}{ending}", form.trim_end_matches('*')),
                            number,
                            shape::PART,
                        );
                    }
                } else {
                    verbs.put(form, number, s);
                }
            }
        }
        verbs
    }

    fn add(&mut self, lemma: &str) -> Lemma {
        if let Some(&n) = self.numbers.get(lemma) {
            return n;
        }
        let n = Lemma::try_from(self.lemmas.len()).unwrap_or(Lemma::MAX);
        self.lemmas.push(lemma.to_owned());
        self.numbers.insert(lemma.to_owned(), n);
        n
    }

    fn put(&mut self, form: String, lemma: Lemma, shape: u8) {
        let entry = self.forms.entry(form).or_default();
        match entry.iter_mut().find(|(l, _)| *l == lemma) {
            Some((_, s)) => *s |= shape,
            None => entry.push((lemma, shape)),
        }
    }

    /// The verbs that a folded word may be a form of.
    pub(crate) fn of(&self, folded: &str) -> &[(Lemma, u8)] {
        self.forms.get(folded).map_or(&[], Vec::as_slice)
    }

    /// All shapes that a folded word may have.
    /// A verb that the table does not know is told by an ending that nothing else has.
    pub(crate) fn shapes(&self, folded: &str) -> u8 {
        let known = self.of(folded).iter().fold(0, |all, (_, s)| all | s);
        if known != 0 || folded.len() < 6 {
            return known;
        }
        let unknown = |lemma: &str| !self.numbers.contains_key(lemma);
        if self.numbers.contains_key("agree") {
            if folded.ends_with("ed")
                && !matches!(
                    folded,
                    "hundred"
                        | "indeed"
                        | "united"
                        | "kindred"
                        | "sacred"
                        | "detailed"
                        | "limited"
                        | "advanced"
                        | "wired"
                )
                && unknown(folded)
            {
                return shape::PAST | shape::PART;
            }
            return 0;
        }
        if ["er", "ir", "oir", "uire", "ndre", "ttre"]
            .iter()
            .any(|e| folded.ends_with(e))
            && !matches!(
                folded,
                "premier"
                    | "dernier"
                    | "papier"
                    | "plaisir"
                    | "avenir"
                    | "desir"
                    | "hier"
                    | "entier"
                    | "particulier"
                    | "regulier"
                    | "dossier"
                    | "chantier"
                    | "officier"
                    | "financier"
                    | "courrier"
                    | "calendrier"
                    | "atelier"
                    | "fevrier"
                    | "janvier"
                    | "cyber"
                    | "pouvoir"
                    | "singulier"
                    | "quartier"
                    | "espoir"
                    | "fichier"
                    | "moindre"
                    | "hiver"
                    | "leader"
            )
        {
            return shape::INF;
        }
        if folded.ends_with("eront") || folded.ends_with("iront") {
            return shape::FUT;
        }
        if folded.ends_with("eraient") || folded.ends_with("iraient") {
            return shape::COND;
        }
        if folded.ends_with("aient") || folded.ends_with("erent") {
            return shape::PAST;
        }
        0
    }

    /// The verb of a number.
    pub(crate) fn lemma(&self, number: Lemma) -> &str {
        self.lemmas
            .get(usize::from(number))
            .map_or("", String::as_str)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lexicon::{ENGLISH, FRENCH};

    #[test]
    fn english() {
        for (form, lemma, shape) in [
            ("reaffirmed", "reaffirm", shape::PAST),
            ("emphasizing", "emphasize", shape::GER),
            ("identified", "identify", shape::PART),
            ("held", "hold", shape::PAST),
            ("underlines", "underline", shape::THIRD),
            ("committed", "commit", shape::PAST),
        ] {
            let verbs = &ENGLISH.verbs;
            assert!(
                verbs
                    .of(form)
                    .iter()
                    .any(|(l, s)| verbs.lemma(*l) == lemma && s & shape != 0),
                "{form}"
            );
        }
    }

    #[test]
    fn french() {
        for (form, lemma, shape) in [
            ("reaffirment", "reaffirmer", shape::PRES),
            ("engageons", "engager", shape::PRES),
            ("convenues", "convenir", shape::PART),
            ("poursuivraient", "poursuivre", shape::COND),
            ("continueront", "continuer", shape::FUT),
            ("reaffirmant", "reaffirmer", shape::GER),
            ("rappellent", "rappeler", shape::PRES),
        ] {
            let verbs = &FRENCH.verbs;
            assert!(
                verbs
                    .of(form)
                    .iter()
                    .any(|(l, s)| verbs.lemma(*l) == lemma && s & shape != 0),
                "{form}"
            );
        }
    }
}
