//! What people read before something leaves (rule 9), in each language that there is.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use policy::{
    Candidate, Class, Clause, Desk, Desks, Explanation, Ground, Label, Member, Onward, Pap, Patron,
    Purpose, Reason, Standing, Tlp, Viewer, who,
};
use site::locale::{Locales, Words};
use stix::ObjectId;

fn id(number: u32) -> ObjectId {
    format!("identity--00000000-0000-4000-8000-{number:012}")
        .parse()
        .unwrap()
}

fn words(tag: &str) -> Words {
    Locales::of_the_site(false).choose(Some(tag), None, None)
}

const HOME: u32 = 1;
const ARVENIA: u32 = 10;
const CERT_ARVENIA: u32 = 11;
const BELMAR: u32 = 20;
const UTILITY: u32 = 21;
const CORVIA: u32 = 30;
const DUTY_OFFICER: u32 = 31;

fn names(id: &ObjectId, french: bool) -> String {
    let number: u32 = id.as_str().rsplit('-').next().unwrap().parse().unwrap();
    let (english, in_french) = match number {
        ARVENIA => ("Arvenia", "l’Arvénie"),
        CERT_ARVENIA => ("CERT-Arvenia", "le CERT-Arvénie"),
        BELMAR => ("the Belmar Islands", "les îles Belmar"),
        UTILITY => ("Belmar Water", "Belmar Eaux"),
        CORVIA => ("Corvia", "la Corvie"),
        DUTY_OFFICER => ("Mr Tamas Rell", "M. Tamas Rell"),
        other => panic!("who is {other}?"),
    };
    if french { in_french } else { english }.to_owned()
}

fn candidates(french: bool) -> Vec<Candidate> {
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
            name: names(&id(called), french),
            viewer,
        })
        .collect()
}

/// The same for who reads English and for who reads French.
fn explain(tlp: Tlp, change: impl FnOnce(&mut Clause), purpose: Purpose) -> [Explanation; 2] {
    let mut clause = Clause::own(tlp, id(HOME));
    clause.desk = Some(Desk::Incidents);
    change(&mut clause);
    told(
        &Label::always(Class::of(clause)),
        purpose,
        "2026-11-21T12:00:00Z",
        0..5,
    )
}

fn told(label: &Label, purpose: Purpose, at: &str, of: Range<usize>) -> [Explanation; 2] {
    let at = at.parse().unwrap();
    [false, true].map(|french| {
        let candidates = &candidates(french)[of.clone()];
        who(label, purpose, &at, candidates, &|id| names(id, french))
    })
}

fn to(numbers: &[u32]) -> impl FnOnce(&mut Clause) {
    let members: BTreeSet<Member> = numbers
        .iter()
        .map(|number| Member::Participant(id(*number)))
        .collect();
    |clause| clause.audience = members
}

#[track_caller]
fn check(told: &[Explanation; 2], english: &str, french: &str) {
    let marked = french.replace('~', "\u{a0}").replace('^', "\u{202f}");
    let [one, other] = told;
    assert_eq!(words("en").explained(one), english);
    assert_eq!(words("fr").explained(other), marked);
}

#[test]
fn an_audience_with_a_state_and_a_participant() {
    check(
        &explain(Tlp::AmberStrict, to(&[ARVENIA, BELMAR]), Purpose::Show),
        "TLP:AMBER+STRICT. This record will be seen by CERT-Arvenia and the Belmar Islands. It will not be seen by Belmar Water, \
         Corvia or Mr Tamas Rell, because only those named in the audience may see it. For Arvenia, the organ designated for the \
         desk “Incidents” is CERT-Arvenia. Receivers may pass it on to nobody.",
        "TLP:AMBER+STRICT. Cette pièce pourra être consultée par le CERT-Arvénie et les îles Belmar. Elle ne pourra être \
         consultée ni par Belmar Eaux ni par la Corvie ni par M. Tamas Rell~: seuls y ont accès les destinataires désignés. Pour \
         l’Arvénie, l’organe désigné au titre du volet «~Incidents~» est le CERT-Arvénie. Quiconque la reçoit ne peut la \
         transmettre à personne.",
    );
}

#[test]
fn of_many_who_will_not_see_it_the_sentence_says_how_many() {
    let told = explain(Tlp::AmberStrict, to(&[BELMAR]), Purpose::Show);
    assert_eq!(told[0].not_seen_by.len(), 4);
    assert!(words("en").explained(&told[0]).contains("Belmar Water"));
    let told = told.map(|told| Explanation {
        brief: true,
        ..told
    });
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
    assert_eq!(
        told[0].seen_by[1],
        ("Belmar Water".to_owned(), Ground::Client)
    );
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
        told[0].seen_by.is_empty()
            && told[0]
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
    let told = words("en").explained(&told[0]);
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
    told.iter_mut()
        .for_each(|told| told.not_seen_by.truncate(1));
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
    for told in &mut told {
        told.without_speakers.truncate(1);
        told.expiry = Some("2027-08-01T09:30:00Z".parse().unwrap());
    }
    check(
        &told,
        "TLP:CLEAR. Everyone will see this record, without signing in. It will be seen by CERT-Arvenia without who spoke and for \
         whom. Receivers may pass it on to anybody. From 1\u{a0}August\u{a0}2027, 09:30\u{a0}UTC on, it is released to nobody. PAP:RED: no \
         look-up, no enrichment. Chatham House Rule: the content may be used; who spoke and for whom never leaves.",
        "TLP:CLEAR. Cette pièce pourra être consultée par tous, sans authentification. Elle pourra être consultée par le \
         CERT-Arvénie, sans mention de l’identité ni de l’appartenance des intervenants. Quiconque la reçoit peut la transmettre \
         librement. À compter du 1er~août 2027, 9~h~30 (UTC), elle n’est plus communiquée. PAP:RED~: ni interrogation de \
         services extérieurs ni enrichissement. Règle de Chatham House~: le contenu peut être utilisé^; l’identité et \
         l’appartenance des intervenants ne sont jamais divulguées.",
    );
}

#[test]
fn an_embargo_is_said_while_it_runs() {
    let mut label = Label::always(Class::of(Clause::own(Tlp::Clear, id(HOME))));
    label.embargo = Some("2027-01-01T00:00:00Z".parse().unwrap());
    let before = told(&label, Purpose::Show, "2026-12-31T23:59:59Z", 3..4);
    check(
        &before,
        "TLP:CLEAR. Nobody outside your organ will see it. It will not be seen by Corvia, because its embargo is not over. Until \
         1\u{a0}January\u{a0}2027, 00:00\u{a0}UTC it stays on the author’s node.",
        "TLP:CLEAR. Nul, hors de votre organe, ne pourra la consulter. Elle ne pourra pas être consultée par la Corvie~: \
         l’embargo n’est pas levé. Jusqu’au 1er~janvier 2027, 0~h~00 (UTC), elle reste sur le nœud de l’auteur.",
    );
    let [after, _] = told(&label, Purpose::Show, "2027-01-01T00:00:00Z", 3..4);
    assert!(after.public && after.embargo.is_none() && after.not_seen_by.is_empty());
}

/// What has words in no language is shown in marks.
#[test]
fn nothing_that_policy_says_is_without_words() {
    for tag in ["en", "fr"] {
        let words = words(tag);
        let mut all: Vec<String> = Reason::ALL.map(|reason| words.reason(reason)).into();
        all.extend(Ground::ALL.map(|ground| words.ground(ground)));
        all.extend(Desk::ALL.map(|desk| words.desk(desk)));
        for tlp in Tlp::ALL {
            for purpose in Purpose::ALL {
                let everything = |clause: &mut Clause| {
                    to(&[ARVENIA, BELMAR])(clause);
                    clause.caveats.pap = Pap::Red;
                    clause.caveats.chatham_house = true;
                };
                for told in explain(tlp, everything, purpose) {
                    let onward = Onward::ALL.map(|onward| Explanation {
                        onward,
                        exercise: true,
                        ..told.clone()
                    });
                    all.extend(onward.iter().map(|told| words.explained(told)));
                }
            }
        }
        for text in all {
            assert!(!text.contains(['⟨', '\'', '"']), "{tag}: {text}");
        }
    }
}

/// A third language is a folder of texts: of the sentences, nothing stays as English has it but names and labels.
#[test]
fn the_sentences_turn_with_the_language() {
    let [told, _] = explain(Tlp::AmberStrict, to(&[ARVENIA, BELMAR]), Purpose::Show);
    let pages = Locales::of_the_site(true);
    let accented = pages.choose(Some("en-XA"), None, None).explained(&told);
    for plain in [
        "record",
        "will",
        "because",
        "audience",
        "incidents",
        "Receivers",
    ] {
        assert!(!accented.contains(plain), "{plain} in {accented}");
    }
    assert!(accented.contains("CERT-Arvenia"), "{accented}");
    let turned = pages.choose(Some("ar-XB"), None, None).explained(&told);
    let mut deep = 0_u32;
    for letter in turned.chars() {
        match letter {
            // Between an override and its end all is turned; a name is isolated from what is around it.
            '\u{202e}' | '\u{2068}' => deep += 1,
            '\u{202c}' | '\u{2069}' => deep -= 1,
            _ => assert!(deep > 0 || letter == ' ', "{letter} in {turned}"),
        }
    }
}
