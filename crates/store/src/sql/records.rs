//! Statements over records, objects, classes, words and tiles.

statements! {
    OBJECTS_OF_HASH = "SELECT object FROM object_key WHERE hash = $1 UNION ALL SELECT object FROM object_key_new WHERE hash = $1";
    ADD_OBJECT_KEY = "INSERT INTO object_key_new (hash, object) VALUES ($1, $2)";
    NEW_KEYS = "SELECT hash FROM object_key_new";
    KEYS_FROM = "SELECT hash FROM object_key WHERE hash >= $1 ORDER BY hash LIMIT $2";
    COUNT_NEW_KEYS = "SELECT count(*) FROM object_key_new";
    MERGE_KEYS = "INSERT INTO object_key (hash, object) SELECT hash, object FROM object_key_new ORDER BY hash, object";
    CLEAR_NEW_KEYS = "DELETE FROM object_key_new";
    NAMES_FROM = "SELECT recno, object, id, version FROM record WHERE recno >= $1 AND recno < $2 ORDER BY recno";
    ID_OF_OBJECT = "SELECT id FROM record WHERE recno = $1";

    ADD_RECORD = "INSERT INTO record (recno, object, id, version, kind, spec, author, channel, revoked, sealed, class, embargo, expires, accepted, hash, salt, body) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)";
    RECORD = "SELECT id, version, spec, body FROM record WHERE recno = $1";
    RECORDS = "SELECT id, version, spec, body FROM record WHERE recno >= $1 AND recno <= $2 ORDER BY recno";
    CONTENT = "SELECT body FROM record WHERE recno = $1";
    CONTENTS = "SELECT body FROM record WHERE recno >= $1 AND recno <= $2 ORDER BY recno";
    MENTION = "SELECT id, version, spec FROM record WHERE recno = $1";
    MENTIONS = "SELECT id, version, spec FROM record WHERE recno >= $1 AND recno <= $2 ORDER BY recno";
    HELD = "SELECT recno, object, id, version, kind, spec, author, channel, revoked, sealed, class, embargo, expires, accepted, hash, body IS NULL FROM record WHERE recno = $1";
    HELD_VERSION = "SELECT recno, object, id, version, kind, spec, author, channel, revoked, sealed, class, embargo, expires, accepted, hash, body IS NULL FROM record WHERE object = $1 AND version = $2";
    HELD_LATEST = "SELECT recno, object, id, version, kind, spec, author, channel, revoked, sealed, class, embargo, expires, accepted, hash, body IS NULL FROM record WHERE object = $1 ORDER BY version DESC LIMIT 1";
    HELD_VERSIONS = "SELECT recno, object, id, version, kind, spec, author, channel, revoked, sealed, class, embargo, expires, accepted, hash, body IS NULL FROM record WHERE object = $1 ORDER BY version";
    HELD_OLDER = "SELECT recno, object, id, version, kind, spec, author, channel, revoked, sealed, class, embargo, expires, accepted, hash, body IS NULL FROM record WHERE object = $1 AND version < $2 ORDER BY version";
    LABELS_BETWEEN = "SELECT class, embargo, expires FROM record WHERE object = $1 AND version > $2 AND version <= $3 AND body IS NOT NULL ORDER BY version";
    CAME_FROM = "SELECT recno, kind, channel, accepted FROM record WHERE recno >= $1 ORDER BY recno DESC";
    KEPT_FROM = "SELECT recno, object, id, version, kind, spec, author, channel, revoked, sealed, class, embargo, expires, accepted, hash, body IS NULL, salt, body FROM record WHERE recno >= $1 ORDER BY recno LIMIT $2";
    SET_LABEL = "UPDATE record SET class = $1, embargo = $2, expires = $3 WHERE recno = $4";
    ERASE_RECORD = "UPDATE record SET salt = NULL, body = NULL WHERE recno = $1";
    PASSING_DOWN = "SELECT recno, class, kind, embargo, expires FROM record WHERE recno < $1 ORDER BY recno DESC LIMIT $2";
    PASSING_UP = "SELECT recno, class, kind, embargo, expires FROM record WHERE recno > $1 ORDER BY recno LIMIT $2";
    OF_KIND_DOWN = "SELECT recno, class, kind, embargo, expires FROM record WHERE class = $1 AND kind = $2 AND recno < $3 ORDER BY recno DESC LIMIT $4";
    OF_KIND_UP = "SELECT recno, class, kind, embargo, expires FROM record WHERE class = $1 AND kind = $2 AND recno > $3 ORDER BY recno LIMIT $4";
    NEXT_KIND = "SELECT kind FROM record WHERE class = $1 AND kind > $2 ORDER BY kind LIMIT 1";
    COUNT_RECORDS = "SELECT coalesce(max(recno) + 1, 0) FROM record";

    CLASS_OF_LABEL = "SELECT id FROM class WHERE label = $1";
    LABEL_OF_CLASS = "SELECT label FROM class WHERE id = $1";
    CLASSES_AFTER = "SELECT id, label FROM class WHERE id > $1 ORDER BY id";
    LAST_CLASS = "SELECT coalesce(max(id), 0) FROM class";
    ADD_CLASS = "INSERT INTO class (id, label) VALUES ($1, $2)";

    WORD_OF_TEXT = "SELECT id FROM word WHERE text = $1";
    TEXT_OF_WORD = "SELECT text FROM word WHERE id = $1";
    LAST_WORD = "SELECT coalesce(max(id), 0) FROM word";
    ADD_WORD = "INSERT INTO word (id, text) VALUES ($1, $2)";

    PUT_TILE = "INSERT INTO tile (level, number, hashes) VALUES ($1, $2, $3) ON CONFLICT (level, number) DO UPDATE SET hashes = excluded.hashes";
    TILE = "SELECT hashes FROM tile WHERE level = $1 AND number = $2";
    PUT_CHECKPOINT = "INSERT INTO checkpoint (origin, size, note, at) VALUES ($1, $2, $3, $4) ON CONFLICT (origin, size) DO UPDATE SET note = excluded.note, at = excluded.at";
    LAST_CHECKPOINT = "SELECT origin, size, note, at FROM checkpoint WHERE origin = $1 ORDER BY size DESC LIMIT 1";
    CHECKPOINT_AT = "SELECT origin, size, note, at FROM checkpoint WHERE origin = $1 AND size = $2";

    META = "SELECT value FROM meta WHERE name = $1";
    PUT_META = "INSERT INTO meta (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value";
    REMOVE_META = "DELETE FROM meta WHERE name = $1";
}
