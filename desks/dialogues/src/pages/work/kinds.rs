//! The fields of each kind of work between sessions, and how they are read. What a form does not ask for stays as it was.

use site::parts::form::{Choice, Field, Input};
use site::{shorten, shown};
use stix::{ObjectId, Timestamp};

use super::entered::{Entered, Entry, Opened, date, line, sides};
use crate::names;
use crate::pages::view::{Eyes, path};
use crate::records::{Activity, Arrangement, Demarche, Event, Indicator, Progress, Strand};
use crate::rules::dates;

fn topics(eyes: &Eyes<'_>, chosen: &[String]) -> Field {
    let all = names::TOPICS
        .iter()
        .map(|code| Choice::new(*code, names::topic(eyes.words, code)));
    Field::new(
        "topics",
        eyes.words.t("dialogues-topics"),
        Input::Any(all.collect()),
    )
    .with_all(chosen.to_vec())
    .optional()
}

fn lines(eyes: &Eyes<'_>, name: &str, key: &str, value: Option<&String>) -> Field {
    Field::new(name, eyes.words.t(key), Input::Lines(4))
        .with(value.cloned().unwrap_or_default())
        .optional()
}

impl Entered for Arrangement {
    const ROOM: &'static str = "arrangements";
    const NEW: &'static str = "work-new-arrangement";
    const EDIT: &'static str = "work-edit-arrangement";
    const KIND: &'static str = "work-arrangement";

    fn called(&self, _: &Eyes<'_>) -> String {
        shorten(&shown(&self.name))
    }

    fn opened(&self) -> Opened {
        Opened {
            dialogue: self.dialogue_ref.clone(),
            serves: self.serves_refs.clone(),
            ..Opened::default()
        }
    }

    fn fields(eyes: &Eyes<'_>, known: Option<&Self>, _: &Opened) -> Vec<Field> {
        let parties = known.map(|known| known.parties.clone()).unwrap_or_default();
        let also = known.map(|known| known.also_called.join("\n"));
        vec![
            line(
                eyes,
                "name",
                "dialogues-name",
                known.map(|known| known.name.clone()),
            ),
            sides(eyes, "parties", "work-between", &parties),
            date(
                eyes,
                "signed",
                "work-signed",
                known.and_then(|known| known.signed.clone()),
            )
            .optional(),
            date(
                eyes,
                "until",
                "work-until",
                known.and_then(|known| known.until.clone()),
            )
            .optional(),
            lines(
                eyes,
                "description",
                "work-for",
                known.and_then(|known| known.description.as_ref()),
            ),
            lines(eyes, "also_called", "work-also-called", also.as_ref())
                .hint(eyes.words.t("work-a-line-each")),
        ]
    }

    fn entered(entry: &mut Entry<'_>, _: Option<&Self>, opened: Opened) -> Self {
        entry.form.need("parties");
        Self {
            name: entry.form.need("name"),
            parties: entry.sides("parties"),
            dialogue_ref: opened.dialogue,
            signed: entry.date("signed"),
            until: entry.date("until"),
            description: entry.text("description"),
            also_called: entry.lines("also_called"),
            serves_refs: opened.serves,
        }
    }
}

impl Entered for Strand {
    const ROOM: &'static str = "strands";
    const NEW: &'static str = "work-new-strand";
    const EDIT: &'static str = "work-edit-strand";
    const KIND: &'static str = "work-strand";
    const BELONGS: bool = true;

    fn called(&self, _: &Eyes<'_>) -> String {
        shorten(&shown(&self.name))
    }

    fn opened(&self) -> Opened {
        Opened {
            part_of: Some(self.arrangement_ref.clone()),
            serves: self.serves_refs.clone(),
            ..Opened::default()
        }
    }

    fn fields(eyes: &Eyes<'_>, known: Option<&Self>, _: &Opened) -> Vec<Field> {
        let leads = known.map(|known| known.leads.clone()).unwrap_or_default();
        let own = known.map(|known| known.topics.clone()).unwrap_or_default();
        let number = known.and_then(|known| known.number);
        vec![
            line(
                eyes,
                "name",
                "work-about",
                known.map(|known| known.name.clone()),
            ),
            Field::new("number", eyes.words.t("dialogues-number"), Input::Number)
                .with(number.map(|n| n.to_string()).unwrap_or_default())
                .optional(),
            sides(eyes, "leads", "work-leads", &leads).optional(),
            topics(eyes, &own),
        ]
    }

    fn entered(entry: &mut Entry<'_>, known: Option<&Self>, opened: Opened) -> Self {
        if opened.part_of.is_none() && known.is_none() {
            let wrong = entry.visitor.words.t("work-arrangement-none");
            entry.form.wrong("above", wrong);
        }
        Self {
            arrangement_ref: opened.part_of.unwrap_or_default(),
            name: entry.form.need("name"),
            number: entry.form.text("number").parse().ok(),
            leads: entry.sides("leads"),
            topics: entry
                .form
                .chosen("topics")
                .iter()
                .take(5)
                .cloned()
                .collect(),
            serves_refs: opened.serves,
        }
    }

    fn seen(&self, id: &ObjectId) -> String {
        let above = ObjectId::parse(&self.arrangement_ref);
        above.map_or_else(|_| path(id), |above| path(&above))
    }
}

impl Entered for Activity {
    const ROOM: &'static str = "activities";
    const NEW: &'static str = "work-new-activity";
    const EDIT: &'static str = "work-edit-activity";
    const KIND: &'static str = "work-activity";
    const BELONGS: bool = true;

    fn called(&self, _: &Eyes<'_>) -> String {
        shorten(&shown(&self.name))
    }

    fn opened(&self) -> Opened {
        Opened {
            part_of: Some(self.part_of_ref.clone()),
            serves: self.serves_refs.clone(),
            ..Opened::default()
        }
    }

    fn fields(eyes: &Eyes<'_>, known: Option<&Self>, _: &Opened) -> Vec<Field> {
        let leads = known.map(|known| known.leads.clone()).unwrap_or_default();
        let progress = Progress::ALL.iter().map(|one| {
            let key = format!("dialogues-progress-{}", one.as_str().replace('_', "-"));
            Choice::new(one.as_str(), eyes.words.t(&key))
        });
        let indicators = known.map(|known| {
            let told = known.indicators.iter().map(|one| {
                let parts = [Some(&one.name), one.target.as_ref(), one.reached.as_ref()];
                let parts = parts.map(|part| part.cloned().unwrap_or_default());
                parts.join(" | ").trim_end_matches([' ', '|']).to_owned()
            });
            told.collect::<Vec<_>>().join("\n")
        });
        let stands = known.map_or(Progress::Planned, |known| known.progress);
        vec![
            line(
                eyes,
                "name",
                "work-what",
                known.map(|known| known.name.clone()),
            ),
            Field::new(
                "progress",
                eyes.words.t("work-progress"),
                Input::One(progress.collect()),
            )
            .with(stands.as_str()),
            sides(eyes, "leads", "work-leads", &leads).optional(),
            date(
                eyes,
                "due",
                "dialogues-due",
                known.and_then(|known| known.due.clone()),
            )
            .optional(),
            lines(eyes, "indicators", "work-indicators", indicators.as_ref())
                .hint(eyes.words.t("work-indicators-hint")),
            lines(
                eyes,
                "account",
                "work-account",
                known.and_then(|known| known.account.as_ref()),
            ),
        ]
    }

    fn entered(entry: &mut Entry<'_>, known: Option<&Self>, opened: Opened) -> Self {
        if opened.part_of.is_none() && known.is_none() {
            let wrong = entry.visitor.words.t("work-arrangement-none");
            entry.form.wrong("above", wrong);
        }
        let indicators = entry.lines("indicators").into_iter().map(|line| {
            let mut parts = line.split('|').map(|part| part.trim().to_owned());
            let mut next = || parts.next().filter(|part| !part.is_empty());
            Indicator {
                name: next().unwrap_or_else(|| "-".to_owned()),
                target: next(),
                reached: next(),
            }
        });
        let indicators = indicators.collect();
        let due = entry.date("due");
        Self {
            part_of_ref: opened.part_of.unwrap_or_default(),
            name: entry.form.need("name"),
            progress: Progress::named(&entry.form.need("progress")).unwrap_or(Progress::Planned),
            leads: entry.sides("leads"),
            due_by: due.as_deref().and_then(dates::by),
            due,
            indicators,
            serves_refs: opened.serves,
            account: entry.text("account"),
        }
    }
}

impl Entered for Event {
    const ROOM: &'static str = "events";
    const NEW: &'static str = "work-new-event";
    const EDIT: &'static str = "work-edit-event";
    const KIND: &'static str = "work-event";

    fn called(&self, _: &Eyes<'_>) -> String {
        shorten(&shown(&self.name))
    }

    fn opened(&self) -> Opened {
        Opened {
            dialogue: self.dialogue_ref.clone(),
            serves: self.serves_refs.clone(),
            ..Opened::default()
        }
    }

    fn fields(eyes: &Eyes<'_>, known: Option<&Self>, _: &Opened) -> Vec<Field> {
        let hosts = known.map(|known| known.hosts.clone()).unwrap_or_default();
        let invited = known.map(|known| known.invited.clone()).unwrap_or_default();
        vec![
            line(
                eyes,
                "name",
                "dialogues-name",
                known.map(|known| known.name.clone()),
            ),
            date(
                eyes,
                "start",
                "dialogues-from",
                known.and_then(|known| known.start.clone()),
            ),
            date(
                eyes,
                "end",
                "dialogues-to",
                known.and_then(|known| known.end.clone()),
            )
            .optional(),
            line(
                eyes,
                "place",
                "dialogues-place",
                known.and_then(|known| known.place.clone()),
            )
            .optional(),
            sides(eyes, "hosts", "work-hosts", &hosts).optional(),
            sides(eyes, "invited", "work-invited", &invited).optional(),
            lines(
                eyes,
                "description",
                "work-event-about",
                known.and_then(|known| known.description.as_ref()),
            ),
        ]
    }

    fn entered(entry: &mut Entry<'_>, known: Option<&Self>, opened: Opened) -> Self {
        entry.form.need("start");
        let start = entry.date("start");
        let begins = start.as_deref().and_then(dates::from);
        Self {
            name: entry.form.need("name"),
            starts: begins
                .or_else(|| known.map(|known| known.starts.clone()))
                .unwrap_or_default(),
            start,
            end: entry.date("end"),
            place: entry.text("place"),
            hosts: entry.sides("hosts"),
            invited: entry.sides("invited"),
            dialogue_ref: opened.dialogue,
            serves_refs: opened.serves,
            description: entry.text("description"),
        }
    }
}

impl Entered for Demarche {
    const ROOM: &'static str = "demarches";
    const NEW: &'static str = "work-new-demarche";
    const EDIT: &'static str = "work-edit-demarche";
    const KIND: &'static str = "work-demarche";

    fn called(&self, _: &Eyes<'_>) -> String {
        shorten(&shown(&self.subject))
    }

    fn opened(&self) -> Opened {
        Opened {
            dialogue: self.dialogue_ref.clone(),
            serves: self.serves_refs.clone(),
            ..Opened::default()
        }
    }

    fn fields(eyes: &Eyes<'_>, known: Option<&Self>, _: &Opened) -> Vec<Field> {
        let by = match known {
            Some(known) => known.by.clone(),
            // Each side makes its own; ours is what is entered here.
            None => eyes.ours.iter().take(1).cloned().collect(),
        };
        let day = known.map(|known| known.at.get(..10).unwrap_or(&known.at).to_owned());
        vec![
            line(
                eyes,
                "subject",
                "work-subject",
                known.map(|known| known.subject.clone()),
            ),
            line(
                eyes,
                "towards",
                "work-towards",
                known.map(|known| eyes.side(&known.towards)),
            )
            .hint(eyes.words.t("work-towards-hint")),
            sides(eyes, "by", "work-by", &by),
            Field::new("at", eyes.words.t("work-at"), Input::Day).with(day.unwrap_or_default()),
            lines(
                eyes,
                "message",
                "work-message",
                known.and_then(|known| known.message.as_ref()),
            ),
        ]
    }

    fn entered(entry: &mut Entry<'_>, known: Option<&Self>, opened: Opened) -> Self {
        for name in ["by", "towards", "at"] {
            entry.form.need(name);
        }
        let at = entry.date("at").as_deref().and_then(dates::from);
        let now = Timestamp::from_micros(entry.visitor.now);
        Self {
            towards: entry
                .sides("towards")
                .into_iter()
                .next()
                .unwrap_or_default(),
            by: entry.sides("by"),
            subject: entry.form.need("subject"),
            at: at.unwrap_or_else(|| now.as_str().to_owned()),
            dialogue_ref: opened.dialogue,
            serves_refs: opened.serves,
            message: entry.text("message"),
            answers: known.map(|known| known.answers.clone()).unwrap_or_default(),
        }
    }
}
