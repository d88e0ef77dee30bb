//! Statements over positions. Those that read rows for a viewer name the class they seek in.
//!
//! A unary plus keeps the planner of SQLite from taking a column for the start of a key; `CROSS JOIN` keeps its order of tables.

statements! {
    ADD_POSITION = "INSERT INTO position (collection, class, kind, rank, added, recno, spec, embargo, expires) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    REMOVE_POSITION = "DELETE FROM position WHERE collection = $1 AND class = $2 AND kind = $3 AND rank = $4 AND added = $5";
    SET_RANK = "UPDATE position SET rank = $1 WHERE collection = $2 AND class = $3 AND kind = $4 AND rank = $5 AND added = $6";
    KEEP_PAST = "INSERT INTO position_past (recno, collection, added, class, removed, embargo, expires) VALUES ($1, $2, $3, $4, $5, $6, $7)";
    PAST_OF_RECORD = "SELECT collection, class, added, removed, embargo, expires FROM position_past WHERE recno = $1 ORDER BY collection, added";
    LEFT_SINCE = "SELECT recno, collection, class, added, removed, embargo, expires FROM position_past WHERE collection = $1 AND added > $2 AND added <= $3 AND removed >= $4 ORDER BY added";

    LANE = "SELECT added, recno, spec, embargo, expires FROM position WHERE collection = $1 AND class = $2 AND kind = $3 AND rank = $4 AND added > $5 ORDER BY added LIMIT $6";
    LANE_ON = "SELECT added, recno, spec, embargo, expires FROM position WHERE collection = $1 AND class = $2 AND kind = $3 AND rank = $4 AND added > $5 ORDER BY added";
    LANE_DOWN = "SELECT added, recno, spec, embargo, expires FROM position WHERE collection = $1 AND class = $2 AND kind = $3 AND rank = $4 AND added < $5 ORDER BY added DESC LIMIT $6";
    ALONG = "SELECT added, recno, spec, embargo, expires, class, kind, rank FROM position WHERE collection = $1 AND added > $2 ORDER BY added LIMIT $3";
    EVERY = "SELECT collection, class, kind, rank, added, recno, spec, embargo, expires FROM position ORDER BY collection, class, kind, rank, added";
    NEXT_LANE = "SELECT collection, class, kind, rank FROM position WHERE (collection, class, kind, rank) > ($1, $2, $3, $4) ORDER BY collection, class, kind, rank LIMIT 1";
    LANE_TAIL = "SELECT max(added) FROM position WHERE collection = $1 AND class = $2 AND kind = $3 AND rank = $4";

    OF_RECORD = "SELECT collection, class, kind, rank, added, spec, embargo, expires FROM position WHERE recno = $1";
    OF_RECORD_IN = "SELECT class, kind, rank, added, spec, embargo, expires FROM position WHERE recno = $1 AND +collection = $2";
    OF_OBJECT_DOWN = "SELECT r.recno, r.version, p.class, p.kind, p.rank, p.added, p.spec, p.embargo, p.expires FROM record r CROSS JOIN position p WHERE r.object = $1 AND p.recno = r.recno AND +p.collection = $2 ORDER BY r.version DESC";
    OF_NAMED_DOWN = "SELECT r.recno, r.version, p.class, p.kind, p.rank, p.added, p.spec, p.embargo, p.expires FROM record r CROSS JOIN position p WHERE r.object = $1 AND r.id = $2 AND p.recno = r.recno AND +p.collection = $3 ORDER BY r.version DESC";
    OF_OBJECT_UP = "SELECT r.recno, r.version, p.class, p.kind, p.rank, p.added, p.spec, p.embargo, p.expires FROM record r CROSS JOIN position p WHERE r.object = $1 AND p.recno = r.recno AND +p.collection = $2 ORDER BY r.version";
    LABELS_OF_PLACES = "SELECT p.class, p.embargo, p.expires FROM record r CROSS JOIN position p WHERE r.object = $1 AND r.version > $2 AND r.version <= $3 AND p.recno = r.recno";
    ANYWHERE_DOWN = "SELECT r.recno, r.version, r.class, r.kind, 0, r.accepted, r.spec, r.embargo, r.expires FROM record r WHERE r.object = $1 AND r.body IS NOT NULL ORDER BY r.version DESC";
    ANYWHERE = "SELECT r.recno, r.version, r.class, r.kind, 0, r.accepted, r.spec, r.embargo, r.expires FROM record r WHERE r.recno = $1 AND r.body IS NOT NULL";
    POSITION_AT = "SELECT class, kind, rank, recno, embargo, expires FROM position WHERE collection = $1 AND added = $2";
    OBJECT_AND_VERSION = "SELECT object, version FROM record WHERE recno = $1";
    EMBARGO_OVER = "SELECT recno, embargo FROM position WHERE (embargo, recno) > ($1, $2) AND embargo <= $3 ORDER BY embargo, recno LIMIT $4";
}
