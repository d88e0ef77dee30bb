//! All that serves a commitment, on its page: arrangements, strands, activities, events, démarches, each with how far it has come.

use policy::Released;
use site::{Failure, Link, shown};
use stix::ObjectId;

use super::entered::Entered;
use super::show::MOST;
use crate::pages::mistaken::gone::all_asked_back;
use crate::pages::view::{Eyes, path};
use crate::records::{Activity, Arrangement, Demarche, Event, Piece, Progress, Strand};
use crate::register::Register;

/// What serves a commitment: found by the commitment's id.
pub(in crate::pages) struct Serving {
    arrangements: Vec<Piece<Arrangement>>,
    strands: Vec<Piece<Strand>>,
    activities: Vec<Piece<Activity>>,
    events: Vec<Piece<Event>>,
    demarches: Vec<Piece<Demarche>>,
}

impl Serving {
    /// All of it that the viewer may see.
    pub(in crate::pages) fn of(
        register: &Register<'_>,
        id: &ObjectId,
    ) -> Result<Released<Self>, Failure> {
        let id = id.as_str();
        let all = register
            .having::<Arrangement>("arrangement.serves", id, MOST)?
            .zip(register.having::<Strand>("strand.serves", id, MOST)?)
            .zip(register.having::<Activity>("activity.serves", id, MOST)?)
            .zip(register.having::<Event>("event.serves", id, MOST)?)
            .zip(register.having::<Demarche>("demarche.serves", id, MOST)?);
        Ok(all.map(
            |((((arrangements, strands), activities), events), demarches)| Self {
                arrangements,
                strands,
                activities,
                events,
                demarches,
            },
        ))
    }

    /// Its labels.
    pub(in crate::pages) fn labels(&self) -> Vec<&policy::Label> {
        fn of<T>(all: &[Piece<T>]) -> impl Iterator<Item = &policy::Label> {
            all.iter().filter_map(|piece| piece.label.as_ref())
        }
        of(&self.arrangements)
            .chain(of(&self.strands))
            .chain(of(&self.activities))
            .chain(of(&self.events))
            .chain(of(&self.demarches))
            .collect()
    }

    /// A line for each: what it is, how far it has come, and that its author asked to withdraw it.
    pub(in crate::pages) fn lines(&self, eyes: &Eyes<'_>) -> Result<Vec<(Link, String)>, Failure> {
        fn of<T>(all: &[Piece<T>]) -> impl Iterator<Item = (&ObjectId, &ObjectId)> {
            all.iter().map(|piece| (&piece.id, &piece.author))
        }
        let all = of(&self.arrangements)
            .chain(of(&self.strands))
            .chain(of(&self.activities))
            .chain(of(&self.events))
            .chain(of(&self.demarches));
        let asked = all_asked_back(eyes.visitor, all)?;
        let lines = self.each(eyes).into_iter();
        Ok(lines
            .map(|(id, link, told)| match asked.get(id) {
                Some(asked) if told.is_empty() => (link, asked.clone()),
                Some(asked) => (link, format!("{told} · {asked}")),
                None => (link, told),
            })
            .collect())
    }

    fn each(&self, eyes: &Eyes<'_>) -> Vec<(&ObjectId, Link, String)> {
        let words = eyes.words;
        let day = |date: &str| eyes.date(date.get(..10).unwrap_or(date));
        let mut lines = Vec::new();
        for piece in &self.arrangements {
            let signed = piece.what.signed.as_deref();
            let told = signed.map(|date| words.t1("dialogues-signed", "date", eyes.date(date)));
            lines.push((
                &piece.id,
                Link::new(path(&piece.id), shown(&piece.what.name)),
                told.unwrap_or_default(),
            ));
        }
        for piece in &self.strands {
            lines.push((
                &piece.id,
                Link::new(piece.what.seen(&piece.id), shown(&piece.what.name)),
                eyes.sides(&piece.what.leads),
            ));
        }
        for piece in &self.activities {
            lines.push((
                &piece.id,
                Link::new(path(&piece.id), shown(&piece.what.name)),
                progress(eyes, &piece.what),
            ));
        }
        for piece in &self.events {
            let start = piece.what.start.as_deref().unwrap_or(&piece.what.starts);
            let place = piece.what.place.as_deref().map(|place| eyes.place(place));
            let told: Vec<String> = [Some(day(start)), place].into_iter().flatten().collect();
            lines.push((
                &piece.id,
                Link::new(path(&piece.id), shown(&piece.what.name)),
                told.join(" · "),
            ));
        }
        for piece in &self.demarches {
            let mut told = words.t2(
                "dialogues-demarche-to",
                "side",
                eyes.side(&piece.what.towards),
                "date",
                day(&piece.what.at),
            );
            match piece.what.answers.last() {
                Some(answer) => {
                    told = format!(
                        "{told} · {}",
                        words.t1("dialogues-answered", "gist", shown(&answer.gist))
                    );
                }
                None => told = format!("{told} · {}", words.t("work-no-answer")),
            }
            let link = Link::new(path(&piece.id), shown(&piece.what.subject));
            lines.push((&piece.id, link, told));
        }
        lines
    }

    /// Whether something of it is done.
    pub(in crate::pages) fn is_done(&self) -> bool {
        let mut done = self.activities.iter();
        done.any(|piece| piece.what.progress == Progress::Done)
    }
}

/// How far an activity has come.
pub(super) fn progress(eyes: &Eyes<'_>, what: &Activity) -> String {
    let key = format!(
        "dialogues-progress-{}",
        what.progress.as_str().replace('_', "-")
    );
    let due = what
        .due
        .as_deref()
        .map(|due| eyes.words.t1("dialogues-by", "date", eyes.date(due)));
    let parts = [Some(eyes.words.t(&key)), due];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
}
