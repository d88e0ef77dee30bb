//! One text: whole, with the words of each statement marked and linked to it; its languages, and how it differs from the one before.

use std::collections::{BTreeMap, BTreeSet};

use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use site::{Frame, Link, Role, Tlp, Visitor, shown, shown_words};

use super::consent::back::own as given_by_us;
use super::consent::to_confirm;
use super::stands::Stands;
use super::view::{Eyes, path};
use super::{mistaken, object, register_of};
use crate::records::{Commitment, Consent, Piece, Purpose, Standing, Text};
use crate::rules::consent::{given as standing, taken_back};
use crate::rules::wording::{Change, changes};

pub(super) mod edit;

/// A stretch of the text; with the way to the statement that it is.
pub(super) struct Stretch {
    pub(super) text: String,
    pub(super) to: Option<String>,
    pub(super) anchor: String,
}

/// Cuts a text where statements begin and end. `places` are pairs of code points with where they lead and their anchor.
pub(super) fn cut(text: &str, mut places: Vec<(usize, usize, String, String)>) -> Vec<Stretch> {
    places.sort();
    let letters: Vec<char> = text.chars().collect();
    let mut at = 0;
    let mut all = Vec::new();
    let plain = |from: usize, to: usize| Stretch {
        text: shown_words(&letters[from..to].iter().collect::<String>()),
        to: None,
        anchor: String::new(),
    };
    for (start, end, to, anchor) in places {
        if start < at || end > letters.len() || start >= end {
            continue;
        }
        if start > at {
            all.push(plain(at, start));
        }
        all.push(Stretch {
            to: Some(to),
            anchor,
            ..plain(start, end)
        });
        at = end;
    }
    if at < letters.len() {
        all.push(plain(at, letters.len()));
    }
    all
}

fn titled(text: &Piece<Text>) -> Link {
    Link::new(path(&text.id), shown(&text.what.title))
}

#[derive(Template)]
#[template(path = "dialogues/text.html")]
struct Show {
    frame: Frame,
    stands: Option<Stands>,
    lang: String,
    facts: Vec<(String, String)>,
    remarks: Vec<String>,
    stretches: Vec<Stretch>,
    versions: Vec<Link>,
    same: Vec<Link>,
    newer: Vec<Link>,
    older: Vec<Link>,
    changed: Vec<Change>,
    consents: String,
    in_name: Vec<(String, Option<String>)>,
    consent: Option<String>,
    /// Where all of it that another side says of ours is confirmed at once.
    confirm: Option<String>,
    /// Where our consent, and our confirmation of what it says, are taken back.
    consent_back: Option<String>,
    confirm_back: Option<String>,
    /// Who took a consent to its publication back, since when and why.
    taken_back: Vec<String>,
    /// Who confirmed statements of it, since when, and how many.
    confirmed: Vec<String>,
    /// That its author asked us to withdraw it.
    asked_back: Option<String>,
    /// Where our own is said anew, and taken back.
    edit: Option<String>,
    withdraw: Option<String>,
}

/// Who confirmed statements of a text, each side once.
fn by_side(eyes: &Eyes<'_>, consents: &[Piece<Consent>]) -> Vec<String> {
    let mut sides: BTreeMap<&str, Vec<&Piece<Consent>>> = BTreeMap::new();
    for one in consents {
        let stands = one.what.purpose == Purpose::Confirm && !one.what.withdrawn;
        if stands {
            sides.entry(&one.what.side).or_default().push(one);
        }
    }
    let told = |all: &Vec<&Piece<Consent>>| {
        let last = all.iter().max_by(|a, b| a.modified.cmp(&b.modified))?;
        let about: BTreeSet<&str> = all.iter().map(|one| &*one.what.about_ref).collect();
        let (who, n) = (eyes.given(last), about.len());
        Some(eyes.words.t2("consent-confirmed-some", "who", who, "n", n))
    };
    sides.values().filter_map(told).collect()
}

/// `GET /dialogues/texts/{id}`.
pub(super) async fn show(visitor: Visitor, Path(uuid): Path<String>) -> Response {
    visitor
        .answer(move |visitor| {
            let id = object("report", &uuid)?;
            let register = register_of(visitor);
            let Some(text) = register.one::<Text>(&id)? else {
                return mistaken::gone::gone::<Text>(visitor, &id, |text| text.reason.as_ref());
            };
            let (title, refs) = text
                .as_ref()
                .map(|text| {
                    let of = [&text.what.version_of_ref, &text.what.replaces_ref];
                    (
                        shown(&text.what.title),
                        of.map(|one| one.as_deref().and_then(|one| one.parse().ok())),
                    )
                })
                .into_inner();
            let other = |id: &Option<stix::ObjectId>| match id {
                Some(id) => register.one::<Text>(id),
                None => Ok(None),
            };
            let mut others = register.having::<Text>("text.version_of", id.as_str(), 50)?;
            if let Some(first) = other(&refs[0])? {
                others = others.zip(first).map(|(mut all, one)| {
                    all.push(one);
                    all
                });
            }
            let before: policy::Released<Vec<_>> = other(&refs[1])?.into_iter().collect();
            let statements =
                register.having::<Commitment>("commitment.text", id.as_str(), 2_000)?;
            let given = register.having::<Consent>("consent.about", id.as_str(), 50)?;
            let given = given.map(|all| register.parted(all));
            let ids = statements.as_ref().map(|all| {
                let one_sided = all.iter().filter(|one| one.what.standing.is_one_sided());
                one_sided
                    .map(|one| one.id.to_string())
                    .collect::<BTreeSet<_>>()
            });
            let confirmed = register.any::<Consent>("consent.about", &ids.into_inner(), 2_000)?;
            let confirmed = confirmed.map(|all| register.parted(all).0);
            let same = register.same_text(&id)?;
            let own = BTreeSet::from([id.to_string()]);
            let same = same.zip(register.replacing(&own)?);
            let all = text
                .zip(others)
                .zip(before)
                .zip(statements)
                .zip(given)
                .zip(confirmed)
                .zip(same);
            visitor.page_called(
                &title,
                all,
                |(
                    (((((text, others), before), statements), (given, in_name)), confirmed),
                    (same, newer),
                ),
                 frame| {
                    let (eyes, words) = (Eyes::new(visitor), &visitor.words);
                    let labels: Vec<_> = statements
                        .iter()
                        .filter_map(|piece| piece.label.as_ref())
                        .chain(text.label.as_ref())
                        .chain(same.iter().filter_map(|other| other.label.as_ref()))
                        .chain(newer.iter().filter_map(|other| other.label.as_ref()))
                        .chain(before.iter().filter_map(|other| other.label.as_ref()))
                        .chain(in_name.iter().filter_map(|one| one.label.as_ref()))
                        .chain(confirmed.iter().filter_map(|one| one.label.as_ref()))
                        .chain(given.iter().filter_map(|one| one.label.as_ref()))
                        .chain(others.iter().filter_map(|one| one.label.as_ref()))
                        .collect();
                    let places = statements.iter().filter_map(|piece| {
                        let place = piece.what.place.as_ref()?;
                        let end = usize::try_from(place.end).ok()?;
                        Some((
                            usize::try_from(place.start).ok()?,
                            end,
                            path(&piece.id),
                            piece.id.uuid().to_owned(),
                        ))
                    });
                    let what = &text.what;
                    let mine = visitor.has(Role::Editor) && text.author == visitor.node().home().id;
                    let stands = words.t(&format!(
                        "dialogues-standing-{}",
                        what.standing.as_str().replace('_', "-")
                    ));
                    let mut facts = vec![
                        (words.t("dialogues-standing"), stands),
                        (words.t("dialogues-parties"), eyes.sides(&what.parties)),
                    ];
                    if let Some(date) = &what.dateline {
                        facts.push((words.t("dialogues-dateline"), eyes.date(date)));
                    }
                    if let Some(tag) = text.lang.as_deref().filter(|tag| !tag.is_empty()) {
                        facts.push((words.t("drafting-language"), eyes.language(tag)));
                    }
                    if let Some(weight) = what.weight {
                        facts.push((
                            words.t("dialogues-weight"),
                            words.t(&format!("dialogues-weight-{}", weight.as_str())),
                        ));
                    }
                    facts.push((words.t("dialogues-text-hash"), shown(&what.normal)));
                    let name = words.t("dialogues-title");
                    let mut frame = frame.under("/dialogues", name);
                    if let Some(session) = what
                        .session_ref
                        .as_deref()
                        .and_then(|id| stix::ObjectId::parse(id).ok())
                    {
                        frame = frame.under(path(&session), words.t("dialogues-session-one"));
                    }
                    Ok(Show {
                        stands: Stands::of(visitor, &text)?,
                        frame: frame.label(Tlp::strictest(labels)),
                        lang: text.lang.clone().unwrap_or_default(),
                        facts,
                        remarks: what.remarks.iter().map(|one| eyes.remark(one)).collect(),
                        stretches: cut(&what.content, places.collect()),
                        newer: newer.iter().map(titled).collect(),
                        older: before.iter().map(titled).collect(),
                        same: same
                            .iter()
                            .map(|other| {
                                Link::new(path(&other.id), eyes.side(other.author.as_str()))
                            })
                            .collect(),
                        versions: others
                            .iter()
                            .map(|other| {
                                Link::new(
                                    path(&other.id),
                                    format!(
                                        "{} ({})",
                                        shown(&other.what.title),
                                        eyes.language(other.lang.as_deref().unwrap_or(""))
                                    ),
                                )
                            })
                            .collect(),
                        asked_back: mistaken::gone::asked_back(visitor, &text)?,
                        edit: mine.then(|| format!("{}/edit", path(&text.id))),
                        withdraw: mine.then(|| format!("{}/withdraw", path(&text.id))),
                        in_name: in_name.iter().map(|one| eyes.in_name(one)).collect(),
                        consents: {
                            let all = standing(&given, Purpose::Publish).into_iter();
                            words.list(&all.map(|one| eyes.given(one)).collect::<Vec<_>>())
                        },
                        consent: (visitor.has(Role::Releaser)
                            && matches!(what.standing, Standing::Agreed | Standing::Joint)
                            && what.parties.iter().any(|party| eyes.ours.contains(party))
                            && !standing(&given, Purpose::Publish)
                                .iter()
                                .any(|one| eyes.ours.contains(&one.what.side)))
                        .then(|| format!("{}/consent", path(&text.id))),
                        confirm: (visitor.has(Role::Releaser)
                            && statements
                                .iter()
                                .any(|one| to_confirm(one, &confirmed, &eyes.ours)))
                        .then(|| format!("{}/confirm", path(&text.id))),
                        consent_back: (visitor.has(Role::Releaser)
                            && !given_by_us(visitor, &given, Purpose::Publish).is_empty())
                        .then(|| format!("{}/consent/back", path(&text.id))),
                        confirm_back: (visitor.has(Role::Releaser)
                            && !given_by_us(visitor, &confirmed, Purpose::Confirm).is_empty())
                        .then(|| format!("{}/confirm/back", path(&text.id))),
                        taken_back: taken_back(&given, Purpose::Publish)
                            .into_iter()
                            .map(|one| eyes.given_back(one))
                            .collect(),
                        confirmed: by_side(&eyes, &confirmed),
                        changed: before
                            .first()
                            .map(|before| {
                                changes(
                                    &shown_words(&before.what.content),
                                    &shown_words(&what.content),
                                )
                            })
                            .unwrap_or_default(),
                    })
                },
            )
        })
        .await
}
