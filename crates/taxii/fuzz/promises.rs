//! What each reader promises for any bytes; fuzz targets and a plain test hold it to that.
#![allow(dead_code, unreachable_pub, reason = "each target uses one promise")]

use taxii::media;
use taxii::query::{Filters, Scope, Tokens};

/// The key of the corpora.
pub const KEY: [u8; 32] = [7; 32];

const SCOPES: [Scope; 3] = [Scope::Collection, Scope::Object, Scope::Versions];

/// Filters that are read can be written into a token and found again; no address makes them panic.
pub fn query(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return;
    };
    let tokens = Tokens::new(KEY);
    for scope in SCOPES {
        if let Ok(filters) = Filters::parse(text, scope) {
            let token = tokens.seal(&filters, "a place", 12);
            assert_eq!(tokens.open(&filters, "a place", &token), Ok(12));
            assert!(tokens.open(&filters, "another place", &token).is_err());
        }
    }
}

/// A token opens only if it is, sign by sign, the one that we would make.
pub fn token(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return;
    };
    let (tokens, filters) = (Tokens::new(KEY), Filters::default());
    if let Ok(position) = tokens.open(&filters, "a place", text) {
        assert_eq!(tokens.seal(&filters, "a place", position), text);
    }
}

/// A media type is TAXII's or it is not; what a client accepts is decided for any header.
pub fn media(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return;
    };
    if media::is_taxii(text) {
        assert!(text.to_ascii_lowercase().contains("application/taxii+json"));
    }
    let _ = media::is_json(text);
    let _ = media::accepts([text].into_iter());
    let _ = media::accepts([text, text].into_iter());
}
