//! Choosing a label: how far, to whom; and before anything leaves, in words, who will see it, who will not, and why.
//!
//! Invariant: who will see it is what `policy` says of the very label that would be put; nothing is guessed here. A circle that the visitor
//! may not know is neither offered nor told of.

use std::collections::BTreeMap;
use std::str::FromStr as _;

use askama::Template;
use axum::response::Response;
use node::clearance::Step;
use node::submission::Marking;
use node::{Kind, Participant};
use policy::{Candidate, Clause, Desk, Explanation, Label, Member, Purpose, who};
use stix::ObjectId;

use super::form::{Choice, Field, Form, Input, Typed};
use crate::rooms::circles;
use crate::shell::answer::{Page, nothing};
use crate::shell::failure::Failure;
use crate::shell::frame::Frame;
use crate::shell::shown::shown;
use crate::shell::visitor::{Right, Visitor};

/// From the one that everyone sees to the one that only persons do.
const TLPS: [(&str, &str); 5] = [
    ("CLEAR", "clear"),
    ("GREEN", "green"),
    ("AMBER", "amber"),
    ("AMBER+STRICT", "amber-strict"),
    ("RED", "red"),
];

/// Who will see something, who will not, and why: a part that writes itself.
#[derive(Debug, Clone, Template)]
#[template(path = "parts/who.html")]
pub struct WhoSees {
    /// The sentences.
    text: String,
    /// Those who will, by name.
    will: Vec<String>,
    /// Why not, and who.
    will_not: Vec<(String, Vec<String>)>,
    /// What to do where it would go to nobody, against what the label seems to say.
    advice: Option<String>,
    /// What comes before it goes out.
    first: Option<String>,
    title: String,
    names: String,
    /// What a button does that sends something under the label; nothing where none is chosen.
    verb: String,
}

impl askama::filters::HtmlSafe for WhoSees {}

impl WhoSees {
    /// In the visitor's words.
    pub fn of(visitor: &Visitor, told: &Explanation) -> Self {
        let words = &visitor.words;
        let mut will: Vec<String> = told.seen_by.iter().map(|(own, _)| own.clone()).collect();
        words.sort(&mut will, |name| name);
        let will_not = told.by_reason().into_iter().map(|(reason, names)| {
            let names = names.into_iter().map(str::to_owned).collect();
            (words.reason(reason), names)
        });
        Self {
            text: words.explained(told),
            will,
            will_not: will_not.collect(),
            advice: None,
            first: None,
            title: words.t("label-who"),
            names: words.t("label-names"),
            verb: String::new(),
        }
    }

    /// With what comes before it goes out, where the visitor is about to write it.
    #[must_use]
    pub fn to_write(self, visitor: &Visitor, told: &Explanation) -> Self {
        let leaves = told.public || !told.seen_by.is_empty();
        let first = leaves.then(|| first(visitor, told.public)).flatten();
        Self { first, ..self }
    }

    /// The same of a label that somebody is choosing for something new of ours.
    fn of_choice(visitor: &Visitor, marking: Marking) -> Self {
        let marking = visitor.node().meant(marking);
        let community = marking.tlp.is_some_and(policy::Tlp::is_for_community);
        let advice = if marking.misses() {
            Some("label-red-persons")
        } else {
            (community && marking.audience.is_empty()).then_some("label-green-nobody")
        };
        let explained = visitor.told(&marking, None);
        let told = Self::of(visitor, &explained).to_write(visitor, &explained);
        Self {
            advice: advice
                .map(|key| visitor.words.t(key))
                .or_else(|| unheard(visitor, &marking)),
            verb: match explained.public {
                true => visitor.words.t("label-verb-public"),
                false => told.verb(visitor, &marking),
            },
            ..told
        }
    }
}

/// That a State or organization is named which nobody here speaks for: it has no node and no program here and has designated no organ, though
/// organs of it are known.
fn unheard(visitor: &Visitor, marking: &Marking) -> Option<String> {
    let node = visitor.node();
    let (all, home) = (node.participants(), node.home());
    let has_organs_alone = |one: &&Participant| {
        matches!(one.kind, Kind::State | Kind::Organisation)
            && one.designated.is_empty()
            && one.id != home.id
            && home.organ_of.as_ref() != Some(&one.id)
            && all
                .iter()
                .any(|organ| organ.organ_of.as_ref() == Some(&one.id))
            && marking
                .audience
                .contains(&Member::Participant(one.id.clone()))
    };
    let mut named: Vec<&Participant> = all.iter().filter(has_organs_alone).collect();
    if named.is_empty() {
        return None;
    }
    let (peers, programs) = (node.peers().ok()?, node.accesses().ok()?);
    named.retain(|one| {
        let is_heard = peers.iter().any(|peer| peer.participant == one.id);
        let fetches = |program: &store::Access| {
            program.revoked.is_none() && program.participant == one.id.as_str()
        };
        !is_heard && !programs.iter().any(fetches)
    });
    let names = named.into_iter().map(|one| {
        let own = visitor.translated_name(one.id.as_str());
        shown(&own.unwrap_or_else(|| one.name.clone()))
    });
    let names: Vec<String> = names.collect();
    let words = &visitor.words;
    (!names.is_empty()).then(|| words.t1("label-no-organ", "names", words.list(&names)))
}

/// What comes before something of ours goes out that the visitor writes: the steps that the organ has defined, or a signature.
fn first(visitor: &Visitor, public: bool) -> Option<String> {
    let procedure = visitor.node().clearance().procedure();
    // The page of a form begins with its desk; asked from elsewhere, for which desk it is isn't known.
    let desk = visitor.path.split('/').nth(1).unwrap_or_default();
    let governs = procedure.governs(Some(desk));
    let elsewhere = desk == "label" && !governs && !procedure.steps.is_empty();
    let signs = |step: &Step| {
        let named =
            step.who.is_empty() || visitor.person().is_some_and(|own| step.who.contains(own));
        named && visitor.may(Right::Release)
    };
    let only = procedure.only_signature();
    let key = if public {
        "label-first-public"
    } else if elsewhere && visitor.may(Right::Release) {
        "label-first-maybe"
    } else if !governs {
        if visitor.may(Right::Release) {
            return None;
        }
        "label-first-signature"
    } else if let Some(only) = only {
        if signs(only) && !procedure.four_eyes {
            return None;
        }
        "label-first-signature"
    } else {
        "label-first-steps"
    };
    let told = visitor.words.t(key);
    let stays = |own: &ObjectId| {
        let clearance = visitor.node().clearance();
        clearance.would_stay(own, public, Some(desk)).ok()
    };
    Some(match visitor.person().and_then(stays) {
        Some(true) => format!("{told} {}", visitor.words.t("label-first-nobody")),
        _ => told,
    })
}

/// So many names stand on a button; of more it says how many.
const ON_A_BUTTON: usize = 3;

impl WhoSees {
    /// What a button does that sends something under this label, which is not for everybody: with whom it shares, where it does.
    fn verb(&self, visitor: &Visitor, marking: &Marking) -> String {
        let words = &visitor.words;
        let persons = marking.audience.iter();
        let persons = persons.filter(|member| matches!(member, Member::Person(_)));
        match self.will.len() {
            0 if persons.count() > 0 => words.t("label-verb-persons"),
            0 => words.t("label-verb-alone"),
            1..=ON_A_BUTTON => words.t1("label-verb-share", "names", words.list(&self.will)),
            more => words.t1("label-verb-several", "n", more),
        }
    }
}

impl Visitor {
    /// Who of all that this node knows will see something new of ours under this label.
    pub fn told(&self, marking: &Marking, desk: Option<Desk>) -> Explanation {
        let node = self.node();
        let tlp = marking.tlp.unwrap_or(policy::Tlp::AmberStrict);
        let mut clause = Clause::own(tlp, node.home().id.clone());
        clause.audience = marking.audience.iter().cloned().collect();
        clause.desk = desk;
        self.told_of(&Label::always(policy::Class::of(clause)))
    }

    /// The same of a label that there is.
    pub fn told_of(&self, label: &Label) -> Explanation {
        let node = self.node();
        let home = &node.home().id;
        let name = |id: &ObjectId| {
            let called = self.translated_name(id.as_str());
            let called = called.or_else(|| Some(node.participant(id.as_str())?.name));
            shown(&called.unwrap_or_else(|| id.to_string()))
        };
        // Our own State acts through its organs: it is nobody else.
        let state = node.home().organ_of.as_ref();
        let candidates: Vec<Candidate> = node
            .participants()
            .into_iter()
            .filter(|known| known.id != *home && Some(&known.id) != state)
            .map(|known| Candidate {
                name: name(&known.id),
                viewer: node.viewer_of(&known.id, true),
            })
            .collect();
        Explanation {
            brief: true,
            ..who(label, Purpose::Relay, &self.at(), &candidates, &name)
        }
    }

    /// The fields that choose a label, for a form: `tlp`, `for`, and the box that tells who will see it.
    ///
    /// # Errors
    /// When the storage fails.
    pub fn label_fields(&self, marking: &Marking) -> Result<Vec<Field>, Failure> {
        let (words, node) = (&self.words, self.node());
        let green = node.meant(Marking {
            tlp: Some(policy::Tlp::Green),
            audience: Vec::new(),
        });
        let community = green.audience.iter().find_map(|member| match member {
            Member::Circle { id, .. } => circles::known(self).into_iter().find(|own| own.id == *id),
            _ => None,
        });
        let tlps = TLPS.map(|(tlp, key)| {
            let meaning = match &community {
                Some(circle) if key == "green" => {
                    words.t1("label-green-community", "name", shown(&circle.name))
                }
                _ => words.t(&format!("label-{key}")),
            };
            Choice::new(tlp, format!("TLP:{tlp}")).meaning(meaning)
        });
        let mut members: Vec<Choice> = Vec::new();
        for known in node.participants() {
            if known.id != node.home().id {
                let name = self.translated_name(known.id.as_str());
                let name = shown(&name.unwrap_or(known.name));
                members.push(Choice::new(known.id.as_str(), name));
            }
        }
        tell_apart(&mut members);
        words.sort(&mut members, |choice| &choice.name);
        let mut circles: Vec<Choice> = circles::known(self)
            .into_iter()
            .map(|circle| {
                Choice::new(
                    circle.id.as_str(),
                    words.t1("label-circle", "name", shown(&circle.name)),
                )
            })
            .collect();
        words.sort(&mut circles, |choice| &choice.name);
        // One that the label names already stays in it, by what the label itself says of it.
        for member in &marking.audience {
            if let Member::Circle { id, .. } = member
                && !circles.iter().any(|choice| choice.value == id.as_str())
            {
                let name = words.t1("label-circle", "name", id.as_str());
                circles.push(Choice::new(id.as_str(), name));
            }
        }
        let mut persons: Vec<Choice> = node
            .persons()?
            .into_iter()
            .map(|person| {
                Choice::new(
                    &*person.id,
                    words.t1("label-person", "name", shown(&person.name)),
                )
            })
            .collect();
        words.sort(&mut persons, |choice| &choice.name);
        members.extend(circles);
        members.extend(persons);
        let chosen = marking.audience.iter().map(|member| match member {
            Member::Participant(id) | Member::Person(id) => id.to_string(),
            Member::Circle { id, .. } => id.as_str().to_owned(),
        });
        let tlp = marking.tlp.unwrap_or(policy::Tlp::AmberStrict);
        let told = WhoSees::of_choice(self, marking.clone());
        Ok(vec![
            Field::new("tlp", words.t("label-how-far"), Input::One(tlps.to_vec()))
                .hint(words.t("label-how-far-hint"))
                .with(tlp.name()),
            Field::new("for", words.t("label-whom"), Input::Any(members))
                .hint(words.t("label-whom-hint"))
                .with_all(chosen.collect()),
            Field::new(
                "who",
                words.t("label-who"),
                Input::Who(Some(told.to_string())),
            ),
        ])
    }

    /// The label that was chosen in a form, as it is meant here; an error beside the field that can't be understood,
    /// or that names somebody whom it can't reach.
    pub fn label_chosen(&self, form: &mut Form) -> Marking {
        let tlp = policy::Tlp::from_str(form.text("tlp")).ok();
        if tlp.is_none() {
            form.wrong("tlp", self.words.t("label-none"));
        }
        let chosen = self.node().meant(Marking {
            tlp,
            audience: self.offered(form, "for"),
        });
        if chosen.misses() {
            form.wrong("for", self.words.t("label-red-persons"));
        }
        chosen
    }

    /// What was sent is looked up: only somebody whom the visitor may know can be named.
    fn members(&self, ids: &[String]) -> Vec<Member> {
        let known = |id: &String| self.node().member_for(self.viewer(), id).ok();
        ids.iter().filter_map(known).collect()
    }

    /// Of what was sent in a field, what it offered: it may have had a circle that stood in the label already.
    fn offered(&self, form: &Form, field: &str) -> Vec<Member> {
        let offered = form.offers(field);
        let chosen = form.chosen(field).iter();
        let chosen = chosen.filter(|id| offered.iter().any(|choice| choice.value == **id));
        chosen
            .filter_map(|id| self.node().member(id).ok())
            .collect()
    }
}

/// Of several that are called the same, each has its id behind the name.
fn tell_apart(choices: &mut [Choice]) {
    let mut called: BTreeMap<String, usize> = BTreeMap::new();
    for choice in choices.iter() {
        *called.entry(choice.name.to_lowercase()).or_default() += 1;
    }
    for choice in choices {
        if called[&choice.name.to_lowercase()] > 1 {
            choice.name = format!("{} ({})", choice.name, choice.value);
        }
    }
}

#[derive(Template)]
#[template(path = "parts/who-page.html")]
struct Show {
    frame: Frame,
    tlp: String,
    who: WhoSees,
}

/// `GET /label?tlp=&for=`: who would see something of ours under this label. A form's box asks for it, and so may a person.
pub(crate) async fn show(visitor: Visitor) -> Response {
    visitor
        .answer(|visitor| {
            let tlp = visitor.asked("tlp").unwrap_or_default();
            show_for(visitor, &tlp, &visitor.all_asked("for"))
        })
        .await
}

/// `POST /label`: the same for a form that is being filled. What else is typed there is not looked at, and stands in no address.
pub(crate) async fn show_for_form(visitor: Visitor, typed: Typed) -> Response {
    visitor
        .answer(move |visitor| {
            let members: Vec<String> = typed.all("for").map(str::to_owned).collect();
            show_for(visitor, typed.text("tlp"), &members)
        })
        .await
}

fn show_for(visitor: &Visitor, tlp: &str, members: &[String]) -> Result<Page, Failure> {
    let marking = Marking {
        tlp: policy::Tlp::from_str(tlp).ok(),
        audience: visitor.members(members),
    };
    let tlp = marking.tlp.unwrap_or(policy::Tlp::AmberStrict).to_string();
    let who = WhoSees::of_choice(visitor, marking);
    visitor.page("label-who", nothing(), |(), frame| {
        Ok(Show { frame, tlp, who })
    })
}
