//! The tables, as migrations. Invariant: one text serves both engines, and a migration that was released is never edited.

use crate::dialect::{Dialect, speak};

/// The migrations in order; the schema's number is how many were applied.
pub(crate) const MIGRATIONS: &[&str] = &[
    FIRST,
    LOCAL,
    PEOPLE,
    PAST,
    BY_KIND,
    SHEETS,
    VOUCHED,
    PAST_TIMES,
    FOR_A_PERSON,
    NAMED_BEHIND,
    WAITING,
];

/// The statements of all migrations, in one engine's words.
pub(crate) fn spoken(dialect: Dialect, from: usize) -> Vec<String> {
    let texts = MIGRATIONS
        .iter()
        .skip(from)
        .flat_map(|text| text.split(";\n"));
    texts
        .map(|text| speak(dialect, text.trim()))
        .filter(|text| !text.is_empty())
        .collect()
}

/// What a desk keeps on this node only: no record, so that no read of records, export or exchange can reach it.
const LOCAL: &str = "
CREATE TABLE local (
    room TEXT NOT NULL, kind TEXT NOT NULL, name TEXT NOT NULL, changed BIGINT NOT NULL, value {bytes} NOT NULL,
    PRIMARY KEY (room, kind, name)) {clustered};
";

/// A place that was left keeps its times. Of those that were left before, it is not known any more; they had those of their records.
const PAST_TIMES: &str = "
ALTER TABLE position_past ADD COLUMN embargo BIGINT;
ALTER TABLE position_past ADD COLUMN expires BIGINT;
UPDATE position_past SET
    embargo = (SELECT r.embargo FROM record r WHERE r.recno = position_past.recno),
    expires = (SELECT r.expires FROM record r WHERE r.recno = position_past.recno);
";

/// A program that is bound to a person takes what is for that person alone: the ledger knows whom it read for.
const FOR_A_PERSON: &str = "
ALTER TABLE ledger ADD COLUMN person TEXT NOT NULL DEFAULT '';
";

/// Of what is in quarantine only the beginning is kept: also what it names itself behind that, so that it is found when its object has to go.
const NAMED_BEHIND: &str = "
ALTER TABLE quarantine ADD COLUMN names TEXT NOT NULL DEFAULT '';
";

/// What a source has waiting is counted, and looked at again, without reading what others have.
const WAITING: &str = "
CREATE INDEX pending_channel ON pending (channel, id);
CREATE INDEX pending_submitter ON pending (object, version, submitter);
";

/// Nothing of the schema: an older program would not vouch in the audit trail for what it changes.
const VOUCHED: &str = "";

/// What has left a stretch of a collection is sought in order. Some of the earliest databases have this already.
const PAST: &str = "
CREATE INDEX IF NOT EXISTS position_past_order ON position_past (collection, added);
";

/// Records of a type, or of few classes, are sought in the order in which they came, in each class that the viewer reaches.
const BY_KIND: &str = "
CREATE INDEX record_kind ON record (class, kind, recno, embargo, expires);
";

/// Who took what from a place is sought by sheets of lines rather than by lines, which stand anywhere: an index of these touched a page for
/// each line that was written. A sheet is 64 lines that follow each other, with the stretch that they cover in a collection.
const SHEETS: &str = "
CREATE TABLE ledger_sheet (
    collection BIGINT NOT NULL, sheet BIGINT NOT NULL, low BIGINT NOT NULL, high BIGINT NOT NULL,
    PRIMARY KEY (collection, sheet)) {clustered};
INSERT INTO ledger_sheet (collection, sheet, low, high)
    SELECT collection, id / 64, min(low), max(high) FROM ledger GROUP BY collection, id / 64;
DROP INDEX ledger_interval;
";

/// Integers stand for what repeats: `kind`, `author` and `channel` are words, `object` is the recno of an object's first version.
///
/// - `object_key` finds an object by 48 bits of a hash of its id. Such keys fall anywhere in the tree, so inserting one by one
///   would touch a page each; new keys gather in the small `object_key_new` and are merged in order, many to a page.
/// - `position` is clustered by what a viewer seeks: collection, class, kind, rank, added. Ranks: 1 the newest version of an
///   object within its only class; 0 an older one; 2 an object of several classes or specifications, or with times, to be resolved for each viewer.
/// - `position_record` holds whole rows, so that finding an object's places reads one page less.
/// - `body` and `salt` come last in `record`, so that headers are read without them; both are NULL once erased.
const FIRST: &str = "
CREATE TABLE meta (name TEXT NOT NULL PRIMARY KEY, value {bytes} NOT NULL);
CREATE TABLE word (id {key}, text TEXT NOT NULL);
CREATE UNIQUE INDEX word_text ON word (text);
CREATE TABLE class (id {key}, label TEXT NOT NULL);
CREATE UNIQUE INDEX class_label ON class (label);
CREATE TABLE record (
    recno {key}, object BIGINT NOT NULL, id TEXT NOT NULL, version TEXT NOT NULL, kind BIGINT NOT NULL, spec SMALLINT NOT NULL,
    author BIGINT, channel BIGINT NOT NULL, revoked SMALLINT NOT NULL, sealed SMALLINT NOT NULL, class BIGINT NOT NULL,
    embargo BIGINT, expires BIGINT, accepted BIGINT NOT NULL, hash {bytes} NOT NULL, salt {bytes}, body {bytes});
CREATE UNIQUE INDEX record_version ON record (object, version);
CREATE TABLE object_key (hash BIGINT NOT NULL, object BIGINT NOT NULL, PRIMARY KEY (hash, object)) {clustered};
CREATE TABLE object_key_new (hash BIGINT NOT NULL, object BIGINT NOT NULL, PRIMARY KEY (hash, object)) {clustered};
CREATE TABLE collection (
    id {key}, uuid TEXT NOT NULL, alias TEXT, title TEXT NOT NULL, description TEXT, desk TEXT, terms TEXT,
    open SMALLINT NOT NULL, last BIGINT NOT NULL);
CREATE UNIQUE INDEX collection_uuid ON collection (uuid);
CREATE UNIQUE INDEX collection_alias ON collection (alias);
CREATE TABLE position (
    collection BIGINT NOT NULL, class BIGINT NOT NULL, kind BIGINT NOT NULL, rank SMALLINT NOT NULL, added BIGINT NOT NULL,
    recno BIGINT NOT NULL, spec SMALLINT NOT NULL, embargo BIGINT, expires BIGINT,
    PRIMARY KEY (collection, class, kind, rank, added)) {clustered};
CREATE UNIQUE INDEX position_order ON position (collection, added);
CREATE INDEX position_record ON position (recno, collection, class, spec, embargo, expires);
CREATE INDEX position_embargo ON position (embargo, recno) WHERE embargo IS NOT NULL;
CREATE TABLE position_past (
    recno BIGINT NOT NULL, collection BIGINT NOT NULL, added BIGINT NOT NULL, class BIGINT NOT NULL, removed BIGINT NOT NULL,
    PRIMARY KEY (recno, collection, added)) {clustered};
CREATE TABLE tile (level SMALLINT NOT NULL, number BIGINT NOT NULL, hashes {bytes} NOT NULL, PRIMARY KEY (level, number));
CREATE TABLE checkpoint (
    origin TEXT NOT NULL, size BIGINT NOT NULL, note {bytes} NOT NULL, at BIGINT NOT NULL, PRIMARY KEY (origin, size));
CREATE TABLE counter (name TEXT NOT NULL PRIMARY KEY, last BIGINT NOT NULL);
CREATE TABLE facet_text (
    name BIGINT NOT NULL, class BIGINT NOT NULL, value TEXT NOT NULL, recno BIGINT NOT NULL,
    PRIMARY KEY (name, class, value, recno)) {clustered};
CREATE INDEX facet_text_record ON facet_text (recno);
CREATE TABLE facet_number (
    name BIGINT NOT NULL, class BIGINT NOT NULL, value BIGINT NOT NULL, recno BIGINT NOT NULL,
    PRIMARY KEY (name, class, value, recno)) {clustered};
CREATE INDEX facet_number_record ON facet_number (recno);
CREATE TABLE pending (
    id {key}, object TEXT NOT NULL, version TEXT NOT NULL, channel TEXT NOT NULL, submitter TEXT NOT NULL,
    reason TEXT NOT NULL, context {bytes} NOT NULL, hash {bytes} NOT NULL, body {bytes} NOT NULL, arrived BIGINT NOT NULL);
CREATE UNIQUE INDEX pending_version ON pending (object, version, hash);
CREATE TABLE quarantine (
    id {key}, channel TEXT NOT NULL, reason TEXT NOT NULL, pointer TEXT NOT NULL, hash {bytes} NOT NULL, size BIGINT NOT NULL,
    head {bytes} NOT NULL, arrived BIGINT NOT NULL);
CREATE INDEX quarantine_channel ON quarantine (channel, id);
CREATE TABLE quarantine_use (
    channel TEXT NOT NULL PRIMARY KEY, items BIGINT NOT NULL, bytes BIGINT NOT NULL, beyond BIGINT NOT NULL, last BIGINT NOT NULL);
CREATE TABLE job (
    id {key}, kind TEXT NOT NULL, name TEXT NOT NULL, payload {bytes} NOT NULL, due BIGINT NOT NULL, attempts BIGINT NOT NULL,
    trouble TEXT);
CREATE UNIQUE INDEX job_name ON job (kind, name);
CREATE INDEX job_due ON job (due);
CREATE TABLE ledger (
    id {key}, viewer TEXT NOT NULL, collection BIGINT NOT NULL, purpose TEXT NOT NULL, filter TEXT NOT NULL,
    outcome TEXT NOT NULL, low BIGINT NOT NULL, high BIGINT NOT NULL, records BIGINT NOT NULL,
    first_at BIGINT NOT NULL, last_at BIGINT NOT NULL);
CREATE INDEX ledger_viewer ON ledger (viewer, collection, id);
CREATE INDEX ledger_of ON ledger (viewer, id);
CREATE INDEX ledger_interval ON ledger (collection, high);
CREATE TABLE peer (
    participant TEXT NOT NULL PRIMARY KEY, state TEXT NOT NULL, profile TEXT NOT NULL, cursor TEXT, failures BIGINT NOT NULL,
    next_try BIGINT NOT NULL, trouble TEXT, changed BIGINT NOT NULL);
CREATE TABLE circle (id TEXT NOT NULL PRIMARY KEY, name TEXT NOT NULL, owner TEXT NOT NULL, epoch BIGINT NOT NULL, profile TEXT NOT NULL);
CREATE UNIQUE INDEX circle_name ON circle (owner, name);
CREATE TABLE roster (
    circle TEXT NOT NULL, member TEXT NOT NULL, since BIGINT NOT NULL, until BIGINT, PRIMARY KEY (circle, member, since));
CREATE INDEX roster_member ON roster (member);
CREATE TABLE access (
    name TEXT NOT NULL PRIMARY KEY, participant TEXT NOT NULL, person TEXT, secret TEXT NOT NULL, rights TEXT NOT NULL,
    created BIGINT NOT NULL, revoked BIGINT);
CREATE TABLE status (id TEXT NOT NULL PRIMARY KEY, access TEXT NOT NULL, at BIGINT NOT NULL, body {bytes} NOT NULL);
CREATE INDEX status_at ON status (at);
CREATE TABLE person (
    id TEXT NOT NULL PRIMARY KEY, organ TEXT NOT NULL, name TEXT NOT NULL, role TEXT NOT NULL, profile TEXT NOT NULL,
    secret TEXT, created BIGINT NOT NULL, closed BIGINT);
CREATE UNIQUE INDEX person_name ON person (name);
CREATE TABLE binding (
    identity TEXT NOT NULL, key {bytes} NOT NULL, state TEXT NOT NULL, since BIGINT NOT NULL, until BIGINT, profile TEXT NOT NULL,
    PRIMARY KEY (identity, since));
CREATE INDEX binding_key ON binding (key);
CREATE TABLE withdrawal (
    id {key}, object TEXT NOT NULL, version TEXT, recipient TEXT NOT NULL, note {bytes} NOT NULL, made BIGINT NOT NULL,
    delivered BIGINT);
CREATE INDEX withdrawal_recipient ON withdrawal (recipient, id);
CREATE INDEX withdrawal_object ON withdrawal (object);
CREATE TABLE unresolved (marking TEXT NOT NULL, recno BIGINT NOT NULL, PRIMARY KEY (marking, recno)) {clustered};
CREATE TABLE search_again (recno BIGINT NOT NULL PRIMARY KEY) {clustered};
CREATE INDEX unresolved_record ON unresolved (recno);
{search table};
";

/// Persons who sign in. Secrets stand here as hashes, or enciphered under a key that is not in the database.
///
/// - `login` says that a person signs in, under which name and with which roles; `credential` with what.
/// - `once` are codes and links that work once; `attempt` slows down whoever guesses, by name and by place.
/// - `trail` says who changed what: each line's hash covers the line before, so that none goes missing unnoticed.
const PEOPLE: &str = "
CREATE TABLE login (
    person TEXT NOT NULL PRIMARY KEY, name TEXT NOT NULL, roles TEXT NOT NULL, state TEXT NOT NULL, language TEXT NOT NULL,
    email TEXT, created BIGINT NOT NULL, changed BIGINT NOT NULL);
CREATE UNIQUE INDEX login_name ON login (name);
CREATE TABLE credential (
    id {key}, person TEXT NOT NULL, kind TEXT NOT NULL, label TEXT NOT NULL, lookup TEXT NOT NULL, secret {bytes} NOT NULL,
    created BIGINT NOT NULL, used BIGINT);
CREATE UNIQUE INDEX credential_lookup ON credential (kind, lookup);
CREATE INDEX credential_person ON credential (person, kind, id);
CREATE TABLE session (
    id {key}, secret {bytes} NOT NULL, person TEXT NOT NULL, method TEXT NOT NULL, origin TEXT NOT NULL, created BIGINT NOT NULL,
    seen BIGINT NOT NULL, expires BIGINT NOT NULL, ended BIGINT);
CREATE UNIQUE INDEX session_secret ON session (secret);
CREATE INDEX session_person ON session (person, id);
CREATE TABLE token (
    id {key}, secret {bytes} NOT NULL, person TEXT NOT NULL, name TEXT NOT NULL, scope TEXT NOT NULL, created BIGINT NOT NULL,
    expires BIGINT NOT NULL, used BIGINT, revoked BIGINT);
CREATE UNIQUE INDEX token_secret ON token (secret);
CREATE INDEX token_person ON token (person, id);
CREATE TABLE once (
    secret {bytes} NOT NULL PRIMARY KEY, kind TEXT NOT NULL, person TEXT, created BIGINT NOT NULL, expires BIGINT NOT NULL,
    used BIGINT);
CREATE TABLE attempt (
    name TEXT NOT NULL, origin TEXT NOT NULL, failures BIGINT NOT NULL, last BIGINT NOT NULL, PRIMARY KEY (name, origin));
CREATE TABLE access_use (name TEXT NOT NULL PRIMARY KEY, used BIGINT NOT NULL);
CREATE TABLE trail (
    number {key}, at BIGINT NOT NULL, person TEXT NOT NULL, name TEXT NOT NULL, through TEXT NOT NULL, action TEXT NOT NULL,
    subject TEXT NOT NULL, detail TEXT NOT NULL, hash {bytes} NOT NULL);
CREATE INDEX trail_subject ON trail (subject, number);
";
