//! Publishing an agreed or joint text takes the consent of every party. Invariant: silence is no consent, and one that was taken back
//! is none.

use crate::records::{Consent, Piece, Purpose, Standing, Text};

/// What was given for a purpose and stands, of each side the newest.
pub fn given(consents: &[Piece<Consent>], purpose: Purpose) -> Vec<&Piece<Consent>> {
    let mut newest = newest(consents, purpose);
    newest.retain(|one| !one.what.withdrawn);
    newest
}

/// What was given for a purpose, and taken back since: of each side the newest.
pub fn taken_back(consents: &[Piece<Consent>], purpose: Purpose) -> Vec<&Piece<Consent>> {
    let mut newest = newest(consents, purpose);
    newest.retain(|one| one.what.withdrawn);
    newest
}

fn newest(consents: &[Piece<Consent>], purpose: Purpose) -> Vec<&Piece<Consent>> {
    let mut newest: Vec<&Piece<Consent>> = Vec::new();
    for consent in consents.iter().filter(|one| one.what.purpose == purpose) {
        match newest
            .iter_mut()
            .find(|known| known.what.side == consent.what.side)
        {
            Some(known) if known.modified < consent.modified => *known = consent,
            Some(_) => {}
            None => newest.push(consent),
        }
    }
    newest
}

/// The parties whose consent is still missing before a text may be published. A text of one side needs its own alone.
pub fn missing<'a>(text: &'a Text, consents: &[Piece<Consent>], ours: &[String]) -> Vec<&'a str> {
    if !matches!(text.standing, Standing::Agreed | Standing::Joint) {
        return Vec::new();
    }
    text.parties
        .iter()
        .filter(|party| !ours.contains(party))
        .filter(|party| {
            let newest = consents
                .iter()
                .filter(|consent| {
                    consent.what.side == **party && consent.what.purpose == Purpose::Publish
                })
                .max_by(|a, b| a.modified.cmp(&b.modified));
            newest.is_none_or(|consent| consent.what.withdrawn)
        })
        .map(String::as_str)
        .collect()
}
