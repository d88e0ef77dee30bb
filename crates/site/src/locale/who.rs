//! Who will see a record, who will not, and why, in a language's words: `policy` says what there is to say, `who.ftl` how.

use node::ledger::Fate;
use policy::{Desk, Explanation, Ground, Reason, Sentence};

use super::words::Words;

impl Words {
    /// The sentences of an explanation (rule 9).
    pub fn explained(&self, told: &Explanation) -> String {
        let said = told.sentences().into_iter();
        let said: Vec<String> = said.map(|sentence| self.sentence(&sentence)).collect();
        said.join(" ")
    }

    /// The same of a record, with what became of it: one whose content is gone is for nobody, whatever its label says.
    pub fn explained_of(&self, told: &Explanation, fate: Fate) -> String {
        match fate {
            Fate { erased: true, .. } => self.t("who-erased"),
            Fate { revoked: true, .. } => {
                format!("{} {}", self.t("who-revoked"), self.explained(told))
            }
            Fate { .. } => self.explained(told),
        }
    }

    /// That its author took it back.
    pub fn revoked(&self) -> String {
        self.t("who-revoked")
    }

    /// Why nobody gets what is gone, as the end of a sentence.
    pub fn erased(&self) -> String {
        self.t("who-reason-erased-here")
    }

    /// Why not, as the end of a sentence.
    pub fn reason(&self, reason: Reason) -> String {
        self.t(&format!("who-reason-{}", reason.code()))
    }

    /// Why, as the end of a sentence.
    pub fn ground(&self, ground: Ground) -> String {
        self.t(&format!("who-ground-{}", ground.code()))
    }

    /// What a desk is called.
    pub fn desk(&self, desk: Desk) -> String {
        self.t(&format!("clearance-desk-{}", desk.as_str()))
    }

    fn sentence(&self, sentence: &Sentence<'_>) -> String {
        let own = |names: &[&str]| {
            names
                .iter()
                .map(|name| (*name).to_owned())
                .collect::<Vec<_>>()
        };
        let all = |names: &[&str]| self.list(&own(names));
        match sentence {
            Sentence::Label(tlp) => self.t1("who-label", "tlp", tlp.to_string()),
            Sentence::Everyone => self.t("who-everyone"),
            Sentence::SeenBy(names) => self.t1("who-seen", "names", all(names)),
            Sentence::HasExpired => self.t("who-expired"),
            Sentence::NobodyOutside => self.t("who-nobody-outside"),
            Sentence::NobodyBeyond => self.t("who-nobody-beyond"),
            Sentence::NobodyBeyondNamed => self.t("who-nobody-beyond-named"),
            Sentence::WithoutSpeakers(names) => {
                self.t1("who-without-speakers", "names", all(names))
            }
            Sentence::NotSeenBy(names, why) => {
                let key = match names.len() {
                    1 => "who-not-one",
                    _ => "who-not",
                };
                let names = self.neither(&own(names));
                self.t2(key, "names", names, "reason", self.reason(*why))
            }
            Sentence::ManyNot(many, why) => {
                self.t2("who-not-many", "n", *many, "reason", self.reason(*why))
            }
            Sentence::Designated(one) => {
                let (state, organ) = (&one.state, &one.organ);
                match one.desk {
                    Some(desk) => self.t3(
                        "who-designated-desk",
                        "state",
                        state,
                        "organ",
                        organ,
                        "desk",
                        self.desk(desk),
                    ),
                    None => self.t2("who-designated", "state", state, "organ", organ),
                }
            }
            Sentence::Onward(onward) => self.t(&format!("who-onward-{}", onward.code())),
            Sentence::Embargo(until) => self.t1("who-embargo", "date", self.moment_of(until)),
            Sentence::Expiry(from) => self.t1("who-expiry", "date", self.moment_of(from)),
            Sentence::Exercise => self.t("who-exercise"),
            Sentence::PapRed => self.t("who-pap-red"),
            Sentence::ChathamHouse => self.t("who-chatham-house"),
        }
    }
}
