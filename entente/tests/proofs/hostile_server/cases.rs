//! The misbehaviors by name, and what each comes to.

use super::Outcome::{Awaiting, Harmless, Marked, Quarantined, Refused, Stopped};
use super::Way::{Answers, Brings, Lists, Shows};
use super::answers::*;
use super::heads;
use super::objects::*;
use super::{Case, Outcome, Way};

#[rustfmt::skip]
pub(super) fn all() -> Vec<Case> {
    let rows: Vec<(&'static str, Way, Outcome)> = vec![
        // What belongs to others.
        ("a version of what another peer brought", Brings(bump), Awaiting("another channel")),
        ("what another peer brought, revoked", Brings(revoke), Awaiting("another channel")),
        ("a held version with other words", Brings(other_content), Quarantined("another content")),
        ("another's name without its seal", Brings(unsealed), Awaiting("no seal of the author")),
        ("another's record with a word edited", Brings(edited), Awaiting("seal does not fit")),
        ("another's record with a looser label", Brings(relabelled), Awaiting("looser label")),
        ("another author's object, sealed by itself", Brings(takeover), Awaiting("another author")),
        ("the node's own name", Brings(in_our_name), Awaiting("own name")),
        ("a withdrawal of what is another's", Brings(withdrawal_of_anothers), Harmless),
        ("a withdrawal in another's name", Brings(withdrawal_in_anothers_name), Awaiting("seal does not fit")),
        ("a roster of another's circle", Brings(roster_of_anothers_circle), Awaiting("another participant's")),
        ("a roster in another's name", Brings(roster_in_anothers_name), Awaiting("seal does not fit")),
        ("a roster for a circle that is not here yet", Brings(roster_of_an_unknown_circle), Awaiting("another participant's")),
        ("a roster of epoch 2^63", Brings(roster_of_no_epoch), Awaiting("not a roster as it is written")),
        ("200 labels for another's record", Brings(labels_without_number), Harmless),
        ("20 altered copies of another's record", Brings(altered_without_number), Awaiting("no seal of the author")),
        ("a new key in another's name", Brings(rotation_of_anothers_key), Awaiting("no seal of the author")),
        ("a look-alike of another's name", Brings(look_alike), Harmless),
        // What parsers differ about.
        ("a version of the year 9999", Brings(year_9999), Quarantined("24 hours")),
        ("a key twice", Brings(duplicate_keys), Quarantined("duplicate-key")),
        ("depth 300,000", Brings(deep), Quarantined("[depth]")),
        ("an object of 5 MiB", Brings(oversize), Quarantined("[size]")),
        ("what is classified above the ceiling", Brings(classified), Refused),
        // Pages.
        ("the same page under ever new tokens", Answers(same_page_new_tokens), Stopped("nothing new")),
        ("the same page under the same token", Answers(same_page_same_token), Stopped("stands still")),
        ("the same page and no token", Answers(same_page_no_token), Stopped("stands still")),
        ("nothing, and more of it", Answers(nothing_and_more), Stopped("neither next nor a date")),
        ("empty pages without end", Answers(nothing_and_more_with_tokens), Stopped("brings nothing new")),
        ("broken objects without end", Answers(broken_objects_without_end), Stopped("nothing new")),
        ("a cursor that goes back", Answers(cursor_that_goes_back), Stopped("nothing new")),
        ("dates of the year 9999", Answers(dates_of_the_year_9999), Stopped("in the future")),
        ("no dates", Answers(no_dates), Stopped("does not say when")),
        ("19 times what was asked for", Answers(more_than_asked), Stopped("were asked for")),
        ("30,000 objects in a page", Answers(more_than_may_be), Stopped("were asked for")),
        // Bodies.
        ("a page torn in an object", Answers(torn), Stopped("ends inside an object")),
        ("a body longer than announced", Answers(longer_than_announced), Stopped("could not be read")),
        ("a connection cut in the body", Answers(cut_in_the_body), Stopped("could not be reached")),
        ("a connection cut in the head", Answers(cut_in_the_head), Stopped("could not be reached")),
        ("8 EiB announced", Answers(exabytes_announced), Stopped("larger than")),
        ("chunks without end", Answers(chunks_without_end), Stopped("larger than")),
        ("a head without end", Answers(head_without_end), Stopped("could not be reached")),
        ("a compressed body", Answers(gzip_bomb), Stopped("compressed")),
        ("a page for people", Answers(html), Stopped("not TAXII but text/html")),
        ("another protocol", Answers(no_http), Stopped("could not be reached")),
        ("no answer at all", Answers(no_bytes), Stopped("could not be reached")),
        ("a list of collections 200,000 deep", Lists(deep_listing), Stopped("not JSON")),
        ("8,000 collections, each time others", Lists(collections_without_number), Stopped("8000 collections")),
        ("names of collections that climb", Lists(names_that_climb), Stopped("nothing there")),
        // Statuses.
        ("redirects in a circle", Answers(redirect_in_a_circle), Stopped("redirects")),
        ("a redirect to a file", Answers(redirect_to_a_file), Stopped("outside the configured server")),
        ("500 for ever", Answers(fails), Stopped("500 \"No way\"")),
        ("503, and to come back in three billion years", Answers(busy_for_ever), Stopped("busy")),
        ("401 for everything", Answers(lets_nobody_in), Stopped("does not let us in")),
        ("a refusal of a mebibyte", Answers(long_refusal), Stopped("refused the request")),
        // Heads of the log.
        ("a head by another key", Shows(heads::by_another_key), Stopped("not signed by its log key")),
        ("a head of another log", Shows(heads::of_another_log), Stopped("not signed by its log key")),
        ("a head that is no note", Shows(heads::no_note), Stopped("not signed by its log key")),
        ("a head that is no JSON", Shows(heads::no_json), Stopped("no head of a log")),
        ("a wrong proof of consistency", Shows(heads::wrong_proof), Stopped("does not prove")),
        ("no proof of consistency", Shows(heads::no_proof), Stopped("does not prove")),
        ("a proof of no hashes", Shows(heads::proof_of_no_hashes), Stopped("no proof of a log")),
        ("a proof of 20,000 hashes", Shows(heads::proof_without_end), Stopped("larger than")),
        ("a log larger than any", Shows(heads::size_beyond_logs), Stopped("does not prove")),
        ("yesterday's head", Shows(heads::yesterdays), Stopped("does not prove")),
        ("two logs of one size", Shows(heads::fork), Marked),
    ];
    rows.into_iter().map(|(name, way, comes_to)| Case { name, way, comes_to }).collect()
}
