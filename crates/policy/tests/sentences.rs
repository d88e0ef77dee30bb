//! What there is to say before something leaves (rule 9), and in which order.

use std::collections::{BTreeMap, BTreeSet};

use policy::{
    Candidate, Class, Clause, Desk, Desks, Explanation, Ground, Label, Member, Onward, Pap, Patron,
    Purpose, Reason, Sentence, Standing, Tlp, Viewer, who,
};
use stix::ObjectId;

fn id(number: u32) -> ObjectId {
    format!("identity--00000000-0000-4000-8000-{number:012}")
        .parse()
        .unwrap()
}

const HOME: u32 = 1;
const ARVENIA: u32 = 10;
const CERT_ARVENIA: u32 = 11;
const BELMAR: u32 = 20;
const UTILITY: u32 = 21;
const CORVIA: u32 = 30;
const DUTY_OFFICER: u32 = 31;

fn names(id: &ObjectId) -> String {
    let number: u32 = id.as_str().rsplit('-').next().unwrap().parse().unwrap();
    match number {
        ARVENIA => "Arvenia",
        CERT_ARVENIA => "CERT-Arvenia",
        BELMAR => "the Belmar Islands",
        UTILITY => "Belmar Water",
        CORVIA => "Corvia",
        DUTY_OFFICER => "Mr Tamas Rell",
        other => panic!("who is {other}?"),
    }
    .to_owned()
}

fn candidates() -> Vec<Candidate> {
    let mut cert = Viewer::organ(id(CERT_ARVENIA));
    cert.standing.stands_for = BTreeMap::from([(
        id(ARVENIA),
        Desks::Only(BTreeSet::from([Desk::Incidents, Desk::Situation])),
    )]);
    let client = Viewer {
        patrons: vec![Patron {
            standing: Standing::of(id(BELMAR)),
            need_to_know: Desks::Every,
        }],
        ..Viewer::organ(id(UTILITY))
    };
    let viewers = [
        cert,
        Viewer::organ(id(BELMAR)),
        client,
        Viewer::organ(id(CORVIA)),
        Viewer::person(id(DUTY_OFFICER), id(CORVIA)),
    ];
    let called = [CERT_ARVENIA, BELMAR, UTILITY, CORVIA, DUTY_OFFICER];
    viewers
        .into_iter()
        .zip(called)
        .map(|(viewer, called)| Candidate {
            name: names(&id(called)),
            viewer,
        })
        .collect()
}

fn explain(tlp: Tlp, change: impl FnOnce(&mut Clause), purpose: Purpose) -> Explanation {
    let mut clause = Clause::own(tlp, id(HOME));
    clause.desk = Some(Desk::Incidents);
    change(&mut clause);
    let at = "2026-11-21T12:00:00Z".parse().unwrap();
    who(
        &Label::always(Class::of(clause)),
        purpose,
        &at,
        &candidates(),
        &names,
    )
}

fn to(numbers: &[u32]) -> impl FnOnce(&mut Clause) {
    let members: BTreeSet<Member> = numbers
        .iter()
        .map(|number| Member::Participant(id(*number)))
        .collect();
    |clause| clause.audience = members
}

const ALL_OTHERS: [&str; 3] = ["Belmar Water", "Corvia", "Mr Tamas Rell"];

#[test]
fn an_audience_with_a_state_and_a_participant() {
    let told = explain(Tlp::AmberStrict, to(&[ARVENIA, BELMAR]), Purpose::Show);
    let designated = &told.designated[0];
    let (state, organ) = (designated.state.as_str(), designated.organ.as_str());
    assert_eq!((state, organ), ("Arvenia", "CERT-Arvenia"));
    assert_eq!(designated.desk, Some(Desk::Incidents));
    assert_eq!(
        told.sentences(),
        [
            Sentence::Label(Tlp::AmberStrict),
            Sentence::SeenBy(vec!["CERT-Arvenia", "the Belmar Islands"]),
            Sentence::NotSeenBy(ALL_OTHERS.into(), Reason::NotInAudience),
            Sentence::Designated(designated),
            Sentence::Onward(Onward::Nobody),
        ]
    );
}

#[test]
fn of_many_who_will_not_see_it_a_brief_sentence_says_how_many() {
    let told = explain(Tlp::AmberStrict, to(&[BELMAR]), Purpose::Show);
    let brief = Explanation {
        brief: true,
        ..told.clone()
    };
    let four = Sentence::ManyNot(4, Reason::NotInAudience);
    assert!(brief.sentences().contains(&four));
    assert!(!told.sentences().contains(&four));
}

#[test]
fn clients_see_amber() {
    let told = explain(Tlp::Amber, to(&[BELMAR]), Purpose::Show);
    assert_eq!(told.seen_by[1], (names(&id(UTILITY)), Ground::Client));
    let onward = Sentence::Onward(Onward::OwnClients);
    assert!(told.sentences().contains(&onward));
}

#[test]
fn nobody_is_named() {
    let told = explain(Tlp::Green, |_| {}, Purpose::Show);
    let all = [Sentence::Label(Tlp::Green), Sentence::NobodyOutside];
    assert_eq!(told.sentences(), all);
    // Of a copy that came from elsewhere, the author's organ is another.
    let came = |clause: &mut Clause| clause.origin.author = Some(id(99));
    let told = explain(Tlp::AmberStrict, came, Purpose::Relay);
    assert_eq!(told.sentences()[1], Sentence::NobodyBeyond);
    let told = explain(Tlp::Red, |_| {}, Purpose::Show);
    assert_eq!(told.sentences()[1], Sentence::NobodyBeyondNamed);
}

#[test]
fn red_for_one_person() {
    let person = |clause: &mut Clause| {
        clause.audience.insert(Member::Person(id(DUTY_OFFICER)));
    };
    let told = explain(Tlp::Red, person, Purpose::Show);
    assert_eq!(told.sentences()[1], Sentence::SeenBy(vec!["Mr Tamas Rell"]));
    assert!(matches!(
        &told.sentences()[2],
        Sentence::NotSeenBy(_, Reason::NotNamed)
    ));
}

#[test]
fn everyone_and_everything_else_that_limits_it() {
    let all = |clause: &mut Clause| {
        clause.caveats.pap = Pap::Red;
        clause.caveats.chatham_house = true;
    };
    let mut told = explain(Tlp::Clear, all, Purpose::Mail);
    told.without_speakers.truncate(1);
    told.expiry = Some("2027-08-01T09:30:00Z".parse().unwrap());
    told.exercise = true;
    assert_eq!(
        told.sentences(),
        [
            Sentence::Label(Tlp::Clear),
            Sentence::Everyone,
            Sentence::WithoutSpeakers(vec!["CERT-Arvenia"]),
            Sentence::Onward(Onward::Anybody),
            Sentence::Expiry(&"2027-08-01T09:30:00Z".parse().unwrap()),
            Sentence::Exercise,
            Sentence::PapRed,
            Sentence::ChathamHouse,
        ]
    );
}

#[test]
fn an_embargo_is_said_while_it_runs() {
    let mut label = Label::always(Class::of(Clause::own(Tlp::Clear, id(HOME))));
    let until = "2027-01-01T00:00:00Z".parse().unwrap();
    label.embargo = Some("2027-01-01T00:00:00Z".parse().unwrap());
    let told = |at: &str| {
        let candidates = &candidates()[3..4];
        who(
            &label,
            Purpose::Show,
            &at.parse().unwrap(),
            candidates,
            &names,
        )
    };
    assert_eq!(
        told("2026-12-31T23:59:59Z").sentences()[1..],
        [
            Sentence::NobodyOutside,
            Sentence::NotSeenBy(vec!["Corvia"], Reason::Embargo),
            Sentence::Embargo(&until),
        ]
    );
    let after = told("2027-01-01T00:00:00Z");
    assert!(after.public && after.embargo.is_none() && after.not_seen_by.is_empty());
}

#[test]
fn each_is_listed_once_and_under_a_name_of_its_own() {
    let at = "2026-11-21T12:00:00Z".parse().unwrap();
    let told = |candidates: &[Candidate]| {
        let mut clause = Clause::own(Tlp::AmberStrict, id(HOME));
        to(&[CORVIA, BELMAR])(&mut clause);
        let label = Label::always(Class::of(clause));
        let told = who(&label, Purpose::Relay, &at, candidates, &|_| {
            "Corvia".to_owned()
        });
        let seen = told.seen_by.into_iter();
        seen.map(|(name, _)| name).collect::<Vec<_>>()
    };
    let called = |viewer: Viewer, name: &str| Candidate {
        name: name.to_owned(),
        viewer,
    };
    // Noted by hand under a name, and the node that came under the same: the one is for the other.
    let noted = called(Viewer::organ(id(CORVIA)), "Corvia");
    let mut stands = Viewer::organ(id(ARVENIA));
    let every = BTreeMap::from([(id(CORVIA), Desks::Every)]);
    stands.standing.stands_for = every;
    let came = called(stands, "corvia ");
    let one = told(&[noted.clone(), came.clone()]);
    assert_eq!(one, ["corvia "]);
    // Two that only have the same name.
    let other = called(Viewer::organ(id(BELMAR)), "CORVIA");
    let two = told(&[noted.clone(), other]);
    let (first, second) = (id(CORVIA), id(BELMAR));
    assert_eq!(
        two,
        [format!("Corvia ({first})"), format!("CORVIA ({second})")]
    );
    // A person is nobody's namesake's stand-in.
    let person = called(Viewer::person(id(DUTY_OFFICER), id(CORVIA)), "Corvia");
    let both = told(&[person, came]);
    let person = format!("Corvia ({})", id(DUTY_OFFICER));
    assert!(both.contains(&person), "{both:?}");
}
