//! What people read before something leaves (rule 9), in both languages.

use std::collections::{BTreeMap, BTreeSet};

use policy::{
    Candidate, Class, Clause, Desk, Desks, Explanation, Ground, Label, Member, Name, Onward, Pap,
    Patron, Purpose, Reason, Standing, Tlp, Viewer, who,
};
use stix::ObjectId;

fn id(number: u32) -> ObjectId {
    format!("identity--00000000-0000-4000-8000-{number:012}")
        .parse()
        .unwrap()
}

fn name(english: &str, french: &str) -> Name {
    Name {
        english: english.to_owned(),
        french: french.to_owned(),
    }
}

const HOME: u32 = 1;
const ARVENIA: u32 = 10;
const CERT_ARVENIA: u32 = 11;
const BELMAR: u32 = 20;
const UTILITY: u32 = 21;
const CORVIA: u32 = 30;
const DUTY_OFFICER: u32 = 31;

fn names(id: &ObjectId) -> Name {
    let number: u32 = id.as_str().rsplit('-').next().unwrap().parse().unwrap();
    match number {
        ARVENIA => name("Arvenia", "l’Arvénie"),
        CERT_ARVENIA => name("CERT-Arvenia", "le CERT-Arvénie"),
        BELMAR => name("the Belmar Islands", "les îles Belmar"),
        UTILITY => name("Belmar Water", "Belmar Eaux"),
        CORVIA => name("Corvia", "la Corvie"),
        DUTY_OFFICER => name("Mr Tamas Rell", "M. Tamas Rell"),
        other => panic!("who is {other}?"),
    }
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

#[track_caller]
fn check(told: &Explanation, english: &str, french: &str) {
    let marked = french.replace('~', "\u{a0}").replace('^', "\u{202f}");
    assert_eq!(told.in_english(), english);
    assert_eq!(told.in_french(), marked);
}

#[test]
fn an_audience_with_a_state_and_a_participant() {
    check(
        &explain(Tlp::AmberStrict, to(&[ARVENIA, BELMAR]), Purpose::Show),
        "TLP:AMBER+STRICT. This record will be seen by CERT-Arvenia and the Belmar Islands. It will not be seen by Belmar Water, \
         Corvia or Mr Tamas Rell, because only those named in the audience may see it. For Arvenia, the organ designated for \
         incidents is CERT-Arvenia. Receivers may pass it on to nobody.",
        "TLP:AMBER+STRICT. Cette pièce pourra être consultée par le CERT-Arvénie et les îles Belmar. Elle ne pourra être \
         consultée ni par Belmar Eaux ni par la Corvie ni par M. Tamas Rell~: seuls y ont accès les destinataires désignés. Pour \
         l’Arvénie, l’organe désigné au titre du volet «~Incidents~» est le CERT-Arvénie. Quiconque la reçoit ne peut la \
         transmettre à personne.",
    );
}

#[test]
fn of_many_who_will_not_see_it_the_sentence_says_how_many() {
    let told = explain(Tlp::AmberStrict, to(&[BELMAR]), Purpose::Show);
    assert_eq!(told.not_seen_by.len(), 4);
    assert!(told.in_english().contains("Belmar Water"));
    let told = Explanation {
        brief: true,
        ..told
    };
    check(
        &told,
        "TLP:AMBER+STRICT. This record will be seen by the Belmar Islands. It will not be seen by 4 others, because only those \
         named in the audience may see it. Receivers may pass it on to nobody.",
        "TLP:AMBER+STRICT. Cette pièce pourra être consultée par les îles Belmar. Elle ne pourra pas être consultée par \
         4 autres destinataires possibles~: seuls y ont accès les destinataires désignés. Quiconque la reçoit ne peut la \
         transmettre à personne.",
    );
}

#[test]
fn clients_see_amber() {
    let told = explain(Tlp::Amber, to(&[BELMAR]), Purpose::Show);
    assert_eq!(told.seen_by[1], (names(&id(UTILITY)), Ground::Client));
    check(
        &told,
        "TLP:AMBER. This record will be seen by the Belmar Islands and Belmar Water. It will not be seen by CERT-Arvenia, Corvia \
         or Mr Tamas Rell, because only those named in the audience may see it. Receivers may pass it on to those of their own \
         clients who need to know, and to nobody else.",
        "TLP:AMBER. Cette pièce pourra être consultée par les îles Belmar et Belmar Eaux. Elle ne pourra être consultée ni par le \
         CERT-Arvénie ni par la Corvie ni par M. Tamas Rell~: seuls y ont accès les destinataires désignés. Quiconque la reçoit \
         peut la transmettre à ceux de ses propres bénéficiaires qui ont besoin d’en connaître, et à nul autre.",
    );
}

#[test]
fn nobody_is_named() {
    let told = explain(Tlp::Green, |_| {}, Purpose::Show);
    assert!(
        told.seen_by.is_empty()
            && told
                .not_seen_by
                .iter()
                .all(|(_, reason)| *reason == Reason::NobodyNamed)
    );
    check(
        &told,
        "TLP:GREEN. Nobody outside your organ will see it.",
        "TLP:GREEN. Nul, hors de votre organe, ne pourra la consulter.",
    );
    // Of a copy that came from elsewhere, the author's organ is another.
    let came = |clause: &mut Clause| clause.origin.author = Some(id(99));
    let told = explain(Tlp::AmberStrict, came, Purpose::Relay);
    let told = told.in_english();
    assert!(
        told.starts_with(
            "TLP:AMBER+STRICT. Beyond the author’s organ and the organ that holds the copy, nobody"
        ),
        "{told}"
    );
}

#[test]
fn red_for_one_person() {
    let person = |clause: &mut Clause| {
        clause.audience.insert(Member::Person(id(DUTY_OFFICER)));
    };
    let mut told = explain(Tlp::Red, person, Purpose::Show);
    told.not_seen_by.truncate(1);
    check(
        &told,
        "TLP:RED. This record will be seen by Mr Tamas Rell. It will not be seen by CERT-Arvenia, because under TLP:RED only the \
         persons named may see it. Receivers may pass it on to nobody.",
        "TLP:RED. Cette pièce pourra être consultée par M. Tamas Rell. Elle ne pourra pas être consultée par le CERT-Arvénie~: \
         sous TLP:RED, seules y ont accès les personnes nommément désignées. Quiconque la reçoit ne peut la transmettre à personne.",
    );
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
    check(
        &told,
        "TLP:CLEAR. Everyone will see this record, without signing in. It will be seen by CERT-Arvenia without who spoke and for \
         whom. Receivers may pass it on to anybody. From 1 August 2027, 09:30 UTC on, it is released to nobody. PAP:RED: no \
         look-up, no enrichment. Chatham House Rule: the content may be used; who spoke and for whom never leaves.",
        "TLP:CLEAR. Cette pièce pourra être consultée par tous, sans authentification. Elle pourra être consultée par le \
         CERT-Arvénie, sans mention de l’identité ni de l’appartenance des intervenants. Quiconque la reçoit peut la transmettre \
         librement. À compter du 1er~août 2027 à 9~h~30 (UTC), elle n’est plus communiquée. PAP:RED~: ni interrogation de \
         services extérieurs ni enrichissement. Règle de Chatham House~: le contenu peut être utilisé^; l’identité et \
         l’appartenance des intervenants ne sont jamais divulguées.",
    );
}

#[test]
fn an_embargo_is_said_while_it_runs() {
    let mut label = Label::always(Class::of(Clause::own(Tlp::Clear, id(HOME))));
    label.embargo = Some("2027-01-01T00:00:00Z".parse().unwrap());
    let candidates = &candidates()[3..4];
    let before = who(
        &label,
        Purpose::Show,
        &"2026-12-31T23:59:59Z".parse().unwrap(),
        candidates,
        &names,
    );
    check(
        &before,
        "TLP:CLEAR. Nobody outside your organ will see it. It will not be seen by Corvia, because its embargo is not over. Until \
         1 January 2027, 00:00 UTC it stays on the author’s node.",
        "TLP:CLEAR. Nul, hors de votre organe, ne pourra la consulter. Elle ne pourra pas être consultée par la Corvie~: \
         l’embargo n’est pas levé. Jusqu’au 1er~janvier 2027 à 0~h~00 (UTC), elle reste sur le nœud de l’auteur.",
    );
    let after = who(
        &label,
        Purpose::Show,
        &"2027-01-01T00:00:00Z".parse().unwrap(),
        candidates,
        &names,
    );
    assert!(after.public && after.embargo.is_none() && after.not_seen_by.is_empty());
}

/// Everything that this crate can say in French keeps to French typography.
#[test]
fn french_is_set_as_french() {
    let mut texts: Vec<String> = Reason::ALL
        .iter()
        .map(|reason| reason.in_french().to_owned())
        .collect();
    let grounds = [
        Ground::Everyone,
        Ground::Origin,
        Ground::Wrote,
        Ground::Named,
        Ground::Audience,
        Ground::Client,
    ];
    texts.extend(grounds.iter().map(|ground| ground.in_french().to_owned()));
    let onward = [
        Onward::Anybody,
        Onward::Community,
        Onward::OwnClients,
        Onward::WithConsent,
        Onward::Nobody,
    ];
    texts.extend(onward.iter().map(|onward| onward.in_french().to_owned()));
    for tlp in Tlp::ALL {
        let everything = |clause: &mut Clause| {
            to(&[ARVENIA, BELMAR])(clause);
            clause.caveats.pap = Pap::Red;
            clause.caveats.chatham_house = true;
        };
        for purpose in Purpose::ALL {
            texts.push(explain(tlp, everything, purpose).in_french());
        }
    }
    for text in texts {
        let plain = text.replace("TLP:", "").replace("PAP:", "");
        assert!(!plain.contains(['\'', '"']), "{text}");
        for (at, sign) in plain
            .char_indices()
            .filter(|(_, sign)| ";:?!»".contains(*sign))
        {
            assert!(
                plain[..at].ends_with(['\u{a0}', '\u{202f}']),
                "{sign} in {text}"
            );
        }
        for (at, _) in plain.match_indices('«') {
            assert!(plain[at + '«'.len_utf8()..].starts_with('\u{a0}'), "{text}");
        }
    }
}

#[test]
fn each_is_listed_once_and_under_a_name_of_its_own() {
    let at = "2026-11-21T12:00:00Z".parse().unwrap();
    let told = |candidates: &[Candidate]| {
        let mut clause = Clause::own(Tlp::AmberStrict, id(HOME));
        to(&[CORVIA, BELMAR])(&mut clause);
        let label = Label::always(Class::of(clause));
        let told = who(&label, Purpose::Relay, &at, candidates, &|_| {
            name("Corvia", "la Corvie")
        });
        told.in_english()
    };
    let called = |viewer: Viewer, english: &str| Candidate {
        name: name(english, english),
        viewer,
    };
    // Noted by hand under a name, and the node that came under the same: the one is for the other.
    let noted = called(Viewer::organ(id(CORVIA)), "Corvia");
    let mut stands = Viewer::organ(id(ARVENIA));
    let every = BTreeMap::from([(id(CORVIA), Desks::Every)]);
    stands.standing.stands_for = every;
    let came = called(stands, "corvia ");
    let one = told(&[noted.clone(), came.clone()]);
    assert!(one.contains("will be seen by corvia . Receivers"), "{one}");
    // Two that only have the same name.
    let other = called(Viewer::organ(id(BELMAR)), "CORVIA");
    let two = told(&[noted.clone(), other]);
    let (first, second) = (id(CORVIA), id(BELMAR));
    assert!(
        two.contains(&format!("seen by Corvia ({first}) and CORVIA ({second}).")),
        "{two}"
    );
    // A person is nobody's namesake's stand-in.
    let person = called(Viewer::person(id(DUTY_OFFICER), id(CORVIA)), "Corvia");
    let both = told(&[person, came]);
    assert!(both.contains(id(DUTY_OFFICER).as_str()), "{both}");
}
