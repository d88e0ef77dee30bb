//! The misbehaviors by name, and what each comes to.

use super::Outcome::{Awaiting, Harmless, HungUp, Quarantined, Refused, Unseen};
use super::Sends::{Object, Request};
use super::deliveries::*;
use super::requests::*;
use super::{Case, Outcome, Sends};

#[rustfmt::skip]
pub(super) fn all() -> Vec<Case> {
    let rows: Vec<(&'static str, Sends, Outcome)> = vec![
        // What belongs to others.
        ("a version of what another channel brought", Object(bump), Unseen("another channel")),
        ("an older version of what another channel brought", Object(older_version), Unseen("another channel")),
        ("a version a millisecond later", Object(other_spelling_of_the_date), Unseen("another channel")),
        ("another's object revoked", Object(revoke), Unseen("another channel")),
        ("the node's own name", Object(in_our_name), Awaiting("own name")),
        ("the node's own object, by somebody else", Object(takeover), Unseen("another author")),
        ("a seal that nobody made", Object(forged_seal), Awaiting("seal")),
        ("a held version with other words", Object(other_content), Unseen("another content")),
        ("a held version with a looser label", Object(loosened), Unseen("another content")),
        ("a version of the year 9999", Object(year_9999), Quarantined("24 hours")),
        ("a withdrawal in the node's name", Object(forged_withdrawal), Awaiting("not a withdrawal")),
        ("TLP:RED defined anew", Object(red_redefined), Harmless),
        ("an unknown marking defined to let the sender in", Object(unknown_marking_defined), Harmless),
        // What parsers differ about.
        ("a key twice", Object(duplicate_keys), Quarantined("duplicate-key")),
        ("a key twice, once escaped", Object(duplicate_keys_escaped), Quarantined("duplicate-key")),
        ("depth 200", Object(deep), Quarantined("[depth]")),
        ("depth 300,000", Object(bottomless), Quarantined("[depth]")),
        ("an object of 5 MiB", Object(oversize), Quarantined("[size]")),
        ("bytes that are no UTF-8", Object(bad_utf8), Quarantined("[encoding]")),
        ("half a surrogate pair", Object(lone_surrogate), Quarantined("[encoding]")),
        ("NaN", Object(not_a_number), Quarantined("[number]")),
        ("1e999", Object(beyond_numbers), Quarantined("[number]")),
        ("10,001 references", Object(references), Quarantined("[references]")),
        ("an id of another type", Object(other_type), Quarantined("[type-mismatch]")),
        ("an id that is a number", Object(id_is_a_number), Quarantined("[type]")),
        ("an id that is a path", Object(path_for_an_id), Quarantined("[identifier]")),
        ("a date that is none", Object(date_is_no_date), Quarantined("[timestamp]")),
        ("a list for an object", Object(no_object), Quarantined("[container]")),
        ("a look-alike of the participant's name", Object(homoglyphs), Harmless),
        ("SQL in keys and texts", Object(sql), Harmless),
        // Bodies.
        ("no body", Request(empty_body), Refused(&[400, 422])),
        ("torn JSON", Request(torn_json), Refused(&[400])),
        ("two envelopes in one body", Request(tail), Refused(&[400])),
        ("two lists of objects", Request(two_lists), Refused(&[400])),
        ("nested arrays for an envelope", Request(bare_array), Refused(&[400, 422])),
        ("5,001 objects", Request(too_many), Refused(&[413])),
        ("11 MiB", Request(too_large), Refused(&[413])),
        ("8 EiB announced", Request(too_large_as_announced), Refused(&[400, 413])),
        ("12 MiB in chunks", Request(too_large_in_chunks), Refused(&[413])),
        ("a length and chunks, and a second request inside", Request(two_lengths), Refused(&[400, 422])),
        ("a negative length", Request(negative_length), Refused(&[400])),
        ("half a body, then nothing", Request(half_a_body), Refused(&[400, 408])),
        ("a body whose answer nobody reads", Request(answer_unread), HungUp),
        ("HTML", Request(wrong_media_type), Refused(&[415])),
        ("two media types", Request(two_media_types), Refused(&[415])),
        ("a compressed body", Request(compressed), Refused(&[415])),
        // Requests.
        ("a forged page token", Request(forged_next), Refused(&[400])),
        ("a number for a page token", Request(bare_next), Refused(&[400])),
        ("another program's page token", Request(borrowed_next), Harmless),
        ("a limit beyond numbers", Request(endless_limit), Harmless),
        ("a negative limit", Request(negative_limit), Refused(&[400])),
        ("a cursor that is no date", Request(cursor_of_no_date), Refused(&[400])),
        ("20,000 ids in one filter", Request(many_filters), Refused(&[400, 414, 431])),
        ("a header of 2 MiB", Request(long_header), Refused(&[431])),
        ("5,000 headers", Request(many_headers), Refused(&[431])),
        ("a way out of the collection", Request(traversal), Refused(&[404])),
        ("NUL in a name", Request(nul_in_path), Refused(&[404])),
        ("another's collection", Request(others_collection), Refused(&[404])),
        ("another's status", Request(others_status), Refused(&[404])),
        ("a hidden object deleted", Request(delete_others), Refused(&[404])),
        ("an object deleted that others brought", Request(delete_what_it_was_given), Refused(&[403])),
        ("TRACE", Request(trace), Refused(&[405])),
        ("PROPFIND", Request(unknown_method), Refused(&[404, 405])),
        ("metrics through a proxy", Request(metrics_as_if_local), Refused(&[404])),
        ("adding without credentials", Request(nobody_adds), Refused(&[401])),
        ("30 guessed secrets", Request(guessed_secrets), Refused(&[429])),
        ("credentials of 6,000 signs", Request(strange_credentials), Refused(&[401])),
        ("a peer's token that nobody signed", Request(peer_token_of_nobody), Refused(&[401])),
        ("TLS to a plain port", Request(not_http), HungUp),
        ("200 silent connections", Request(many_connections), Harmless),
        ("100 who leave before the answer", Request(early_leavers), Harmless),
    ];
    rows.into_iter().map(|(name, sends, comes_to)| Case { name, sends, comes_to }).collect()
}
