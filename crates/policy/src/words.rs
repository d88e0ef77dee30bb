//! The sentences, in English and in French. Names stand where neither language has to bend them or what is around them.

use crate::dates;
use crate::decide::{Ground, Reason};
use crate::explain::{Explanation, Name, Onward};
use crate::member::Desk;
use crate::tlp::Tlp;

/// No-break space: before a colon and inside guillemets.
const NBSP: &str = "\u{a0}";
/// How many of those who will not see it a brief sentence names.
const NAMED: usize = 3;
/// Narrow no-break space: before a semicolon.
const NNBSP: &str = "\u{202f}";

impl Reason {
    /// Why not, as the end of a sentence: "because …".
    #[must_use]
    pub fn in_english(self) -> &'static str {
        match self {
            Self::NobodyNamed => "its label names nobody",
            Self::NotInAudience => "only those named in the audience may see it",
            Self::OutsideCommunity => "it stays within the community that its author named",
            Self::JoinedLater => "it was given to the circle before they joined",
            Self::OtherDesk => "the State that is named designated another organ for this desk",
            Self::NoNeedToKnow => "clients see it only where they need to know",
            Self::NotNamed => "under TLP:RED only the persons named may see it",
            Self::MachineUnbound => {
                "TLP:RED goes to persons named, and this program or node acts for none of them"
            }
            Self::NotPassedOn => "this node received it and may not pass it on to them",
            Self::NoConsent => "its originator has not agreed to passing it on",
            Self::OutsideExercise => "it belongs to an exercise and never leaves it",
            Self::LiveInExercise => "it is not part of the exercise",
            Self::PapRed => "PAP:RED forbids look-ups and enrichment",
            Self::ChathamHouse => {
                "under the Chatham House Rule nothing leaves that says who spoke or for whom"
            }
            Self::Embargo => "its embargo is not over",
            Self::Expired => "it has expired",
        }
    }

    /// Why not, as the end of a French sentence, after a colon.
    #[must_use]
    pub fn in_french(self) -> &'static str {
        match self {
            Self::NobodyNamed => "le marquage ne désigne aucun destinataire",
            Self::NotInAudience => "seuls y ont accès les destinataires désignés",
            Self::OutsideCommunity => {
                "sa diffusion se limite à la communauté désignée par l’auteur"
            }
            Self::JoinedLater => "sa diffusion au cercle est antérieure à cette adhésion",
            Self::OtherDesk => "l’État destinataire a désigné un autre organe pour ce volet",
            Self::NoNeedToKnow => {
                "les bénéficiaires n’y ont accès que s’ils ont besoin d’en connaître"
            }
            Self::NotNamed => "sous TLP:RED, seules y ont accès les personnes nommément désignées",
            Self::MachineUnbound => {
                "sous TLP:RED, seules y ont accès les personnes nommément désignées, et ce programme ou ce nœud n’agit pour aucune d’elles"
            }
            Self::NotPassedOn => {
                "le présent nœud l’a reçue sans être autorisé à la transmettre plus loin"
            }
            Self::NoConsent => "l’auteur n’a pas consenti à sa transmission",
            Self::OutsideExercise => "elle relève d’un exercice, dont elle ne sort jamais",
            Self::LiveInExercise => "elle ne fait pas partie de l’exercice",
            Self::PapRed => {
                "PAP:RED interdit toute interrogation de services extérieurs et tout enrichissement"
            }
            Self::ChathamHouse => {
                "selon la règle de Chatham House, rien ne sort qui révèle l’identité ou l’appartenance des intervenants"
            }
            Self::Embargo => "l’embargo n’est pas levé",
            Self::Expired => "sa durée de validité est écoulée",
        }
    }
}

impl Ground {
    /// Why, in English.
    #[must_use]
    pub fn in_english(self) -> &'static str {
        match self {
            Self::Everyone => "everyone may see it",
            Self::Origin => "the author’s organ, or one that holds or brought this copy",
            Self::Wrote => "the person who wrote it",
            Self::Named => "named in person",
            Self::Audience => "in the audience",
            Self::Client => "a client, with need to know, of a participant in the audience",
            Self::Granted => "let in by the author",
        }
    }

    /// Why, in French.
    #[must_use]
    pub fn in_french(self) -> &'static str {
        match self {
            Self::Everyone => "accès ouvert à tous",
            Self::Origin => {
                "organe auteur, organe détenteur de la copie ou organe qui l’a introduite"
            }
            Self::Wrote => "personne qui l’a rédigée",
            Self::Named => "personne nommément désignée",
            Self::Audience => "destinataire désigné",
            Self::Client => "bénéficiaire d’un destinataire, au titre du besoin d’en connaître",
            Self::Granted => "accès accordé par l’auteur",
        }
    }
}

impl Desk {
    /// The desk's name in an English sentence.
    #[must_use]
    pub fn in_english(self) -> &'static str {
        self.as_str()
    }

    /// The desk's name in French, inside guillemets.
    #[must_use]
    pub fn in_french(self) -> &'static str {
        match self {
            Self::Dialogues => "Dialogues",
            Self::Norms => "Normes",
            Self::Contacts => "Contacts",
            Self::Situation => "Situation",
            Self::Incidents => "Incidents",
            Self::Exercises => "Exercices",
            Self::Capacity => "Capacités",
        }
    }
}

impl Explanation {
    /// The sentences in English: who will see it, who will not and why, what receivers may do, what else limits it.
    #[must_use]
    pub fn in_english(&self) -> String {
        let mut text = vec![format!("{}.", self.tlp)];
        let seen: Vec<&str> = self
            .seen_by
            .iter()
            .map(|(name, _)| name.english.as_str())
            .collect();
        let beyond = if self.tlp == Tlp::Red {
            "those named and the person who wrote it"
        } else {
            "the author’s organ and the organ that holds the copy"
        };
        let expired = self
            .not_seen_by
            .iter()
            .any(|(_, reason)| *reason == Reason::Expired);
        text.push(match () {
            () if self.public => "Everyone will see this record, without signing in.".to_owned(),
            () if !seen.is_empty() => {
                format!("This record will be seen by {}.", list(&seen, "and"))
            }
            () if expired => "This record has expired: nobody else will see it.".to_owned(),
            () if self.own && self.tlp != Tlp::Red => {
                "Nobody outside your organ will see it.".to_owned()
            }
            () => format!("Beyond {beyond}, nobody will see this record."),
        });
        if !self.without_speakers.is_empty() {
            let names = list(&english(&self.without_speakers), "and");
            text.push(format!(
                "It will be seen by {names} without who spoke and for whom."
            ));
        }
        for (reason, names) in self.refused() {
            let names: Vec<&str> = names.iter().map(|name| name.english.as_str()).collect();
            let names = match names.len() {
                more if self.brief && more > NAMED => format!("{more} others"),
                _ => list(&names, "or"),
            };
            text.push(format!(
                "It will not be seen by {names}, because {}.",
                reason.in_english()
            ));
        }
        for designated in &self.designated {
            let (state, organ) = (&designated.state.english, &designated.organ.english);
            text.push(match designated.desk {
                Some(desk) => format!(
                    "For {state}, the organ designated for {} is {organ}.",
                    desk.in_english()
                ),
                None => format!("For {state}, the organ designated is {organ}."),
            });
        }
        text.extend(
            self.is_received()
                .then(|| self.onward.in_english().to_owned()),
        );
        if let Some(embargo) = &self.embargo {
            text.push(format!(
                "Until {} it stays on the author’s node.",
                dates::in_english(embargo)
            ));
        }
        if let Some(expiry) = &self.expiry {
            text.push(format!(
                "From {} on, it is released to nobody.",
                dates::in_english(expiry)
            ));
        }
        let limits = [
            (
                self.exercise,
                "EXERCISE: it never leaves the exercise that it belongs to.",
            ),
            (self.pap_red, "PAP:RED: no look-up, no enrichment."),
            (
                self.chatham_house,
                "Chatham House Rule: the content may be used; who spoke and for whom never leaves.",
            ),
        ];
        text.extend(
            limits
                .into_iter()
                .filter(|(holds, _)| *holds)
                .map(|(_, limit)| limit.to_owned()),
        );
        text.join(" ")
    }

    /// The sentences in French.
    #[must_use]
    pub fn in_french(&self) -> String {
        let mut text = vec![format!("{}.", self.tlp)];
        let seen: Vec<&str> = self
            .seen_by
            .iter()
            .map(|(name, _)| name.french.as_str())
            .collect();
        let beyond = if self.tlp == Tlp::Red {
            "les personnes désignées et celle qui l’a rédigée"
        } else {
            "l’organe auteur et l’organe détenteur de la copie"
        };
        let expired = self
            .not_seen_by
            .iter()
            .any(|(_, reason)| *reason == Reason::Expired);
        text.push(match () {
            () if self.public => {
                "Cette pièce pourra être consultée par tous, sans authentification.".to_owned()
            }
            () if !seen.is_empty() => format!(
                "Cette pièce pourra être consultée par {}.",
                list(&seen, "et")
            ),
            () if expired => {
                format!("La durée de validité de cette pièce est écoulée{NBSP}: nul autre ne pourra la consulter.")
            }
            () if self.own && self.tlp != Tlp::Red => {
                "Nul, hors de votre organe, ne pourra la consulter.".to_owned()
            }
            () => format!("Hormis {beyond}, nul ne pourra consulter cette pièce."),
        });
        if !self.without_speakers.is_empty() {
            let names = list(&french(&self.without_speakers), "et");
            text.push(format!(
                "Elle pourra être consultée par {names}, sans mention de l’identité ni de l’appartenance des intervenants."
            ));
        }
        for (reason, names) in self.refused() {
            let names: Vec<&str> = names.iter().map(|name| name.french.as_str()).collect();
            let none = match names.as_slice() {
                many if self.brief && many.len() > NAMED => format!(
                    "Elle ne pourra pas être consultée par {} autres destinataires possibles",
                    many.len()
                ),
                [one] => format!("Elle ne pourra pas être consultée par {one}"),
                several => format!(
                    "Elle ne pourra être consultée ni par {}",
                    several.join(" ni par ")
                ),
            };
            text.push(format!("{none}{NBSP}: {}.", reason.in_french()));
        }
        for designated in &self.designated {
            let (state, organ) = (&designated.state.french, &designated.organ.french);
            text.push(match designated.desk {
                Some(desk) => {
                    let desk = desk.in_french();
                    format!("Pour {state}, l’organe désigné au titre du volet «{NBSP}{desk}{NBSP}» est {organ}.")
                }
                None => format!("Pour {state}, l’organe désigné est {organ}."),
            });
        }
        text.extend(
            self.is_received()
                .then(|| self.onward.in_french().to_owned()),
        );
        if let Some(embargo) = &self.embargo {
            text.push(format!(
                "Jusqu’au {}, elle reste sur le nœud de l’auteur.",
                dates::in_french(embargo)
            ));
        }
        if let Some(expiry) = &self.expiry {
            text.push(format!(
                "À compter du {}, elle n’est plus communiquée.",
                dates::in_french(expiry)
            ));
        }
        if self.exercise {
            text.push(format!(
                "EXERCICE{NBSP}: cette pièce ne sort jamais de l’exercice dont elle relève."
            ));
        }
        if self.pap_red {
            text.push(format!(
                "PAP:RED{NBSP}: ni interrogation de services extérieurs ni enrichissement."
            ));
        }
        if self.chatham_house {
            text.push(format!(
                "Règle de Chatham House{NBSP}: le contenu peut être utilisé{NNBSP}; l’identité et l’appartenance des \
                 intervenants ne sont jamais divulguées."
            ));
        }
        text.join(" ")
    }
}

impl Explanation {
    /// Of those who will not see it, whom the sentences speak of: that a label that names nobody reaches nobody is said already.
    fn refused(&self) -> impl Iterator<Item = (Reason, Vec<&Name>)> {
        let said = self.seen_by.is_empty() && self.without_speakers.is_empty() && !self.public;
        self.by_reason()
            .into_iter()
            .filter(move |(reason, _)| !(said && *reason == Reason::NobodyNamed))
    }

    /// Whether there is anybody who might pass it on.
    fn is_received(&self) -> bool {
        self.public || !self.seen_by.is_empty() || !self.without_speakers.is_empty()
    }
}

impl Onward {
    /// What receivers may do, as a sentence.
    #[must_use]
    pub fn in_english(self) -> &'static str {
        match self {
            Self::Anybody => "Receivers may pass it on to anybody.",
            Self::Community => "Receivers may pass it on within the community and no further.",
            Self::OwnClients => {
                "Receivers may pass it on to those of their own clients who need to know, and to nobody else."
            }
            Self::WithConsent => {
                "Receivers may pass it on to nobody without the originator’s consent."
            }
            Self::Nobody => "Receivers may pass it on to nobody.",
        }
    }

    /// The same in French.
    #[must_use]
    pub fn in_french(self) -> &'static str {
        match self {
            Self::Anybody => "Quiconque la reçoit peut la transmettre librement.",
            Self::Community => {
                "Quiconque la reçoit peut la transmettre au sein de la communauté, mais pas au-delà."
            }
            Self::OwnClients => {
                "Quiconque la reçoit peut la transmettre à ceux de ses propres bénéficiaires qui ont besoin d’en connaître, \
                 et à nul autre."
            }
            Self::WithConsent => {
                "Quiconque la reçoit ne peut la transmettre sans le consentement de l’auteur."
            }
            Self::Nobody => "Quiconque la reçoit ne peut la transmettre à personne.",
        }
    }
}

fn english(names: &[Name]) -> Vec<&str> {
    names.iter().map(|name| name.english.as_str()).collect()
}

fn french(names: &[Name]) -> Vec<&str> {
    names.iter().map(|name| name.french.as_str()).collect()
}

/// "A", "A and B", "A, B and C".
fn list(names: &[&str], and: &str) -> String {
    match names {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [first @ .., last] => format!("{} {and} {last}", first.join(", ")),
    }
}
