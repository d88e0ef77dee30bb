//! Statements over what a node registers: collections, peers, circles, access, persons, keys.

statements! {
    ADD_COLLECTION = "INSERT INTO collection (id, uuid, alias, title, description, desk, terms, open, last) VALUES ($1, $2, $3, $4, $5, $6, $7, 1, 0)";
    LAST_COLLECTION = "SELECT coalesce(max(id), 0) FROM collection";
    COLLECTIONS = "SELECT id, uuid, alias, title, description, desk, terms, open, last FROM collection ORDER BY id";
    COLLECTION_NAMED = "SELECT id, uuid, alias, title, description, desk, terms, open, last FROM collection WHERE uuid = $1 OR alias = $1";
    CHANGE_COLLECTION = "UPDATE collection SET alias = $1, title = $2, description = $3, desk = $4, terms = $5, open = $6 WHERE id = $7";
    COLLECTION_LAST = "SELECT last FROM collection WHERE id = $1";
    SET_COLLECTION_LAST = "UPDATE collection SET last = $1 WHERE id = $2";

    PUT_PEER = "INSERT INTO peer (participant, state, profile, cursor, failures, next_try, trouble, changed) VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (participant) DO UPDATE SET state = excluded.state, profile = excluded.profile, cursor = excluded.cursor, failures = excluded.failures, next_try = excluded.next_try, trouble = excluded.trouble, changed = excluded.changed";
    PEERS = "SELECT participant, state, profile, cursor, failures, next_try, trouble, changed FROM peer ORDER BY participant";
    PEER = "SELECT participant, state, profile, cursor, failures, next_try, trouble, changed FROM peer WHERE participant = $1";
    DROP_PEER = "DELETE FROM peer WHERE participant = $1";

    PUT_CIRCLE = "INSERT INTO circle (id, name, owner, epoch, profile) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (id) DO UPDATE SET name = excluded.name, owner = excluded.owner, epoch = excluded.epoch, profile = excluded.profile";
    CIRCLES = "SELECT id, name, owner, epoch, profile FROM circle ORDER BY id";
    CIRCLE = "SELECT id, name, owner, epoch, profile FROM circle WHERE id = $1";
    DROP_CIRCLE = "DELETE FROM circle WHERE id = $1";
    JOIN_CIRCLE = "INSERT INTO roster (circle, member, since, until) VALUES ($1, $2, $3, NULL) ON CONFLICT (circle, member, since) DO UPDATE SET until = NULL";
    LEAVE_CIRCLE = "UPDATE roster SET until = $1 WHERE circle = $2 AND member = $3 AND until IS NULL";
    ROSTER = "SELECT circle, member, since, until FROM roster WHERE circle = $1 ORDER BY member, since";
    CIRCLES_OF = "SELECT circle, member, since, until FROM roster WHERE member = $1 AND until IS NULL";
    DROP_ROSTER = "DELETE FROM roster WHERE circle = $1";

    ADD_ACCESS = "INSERT INTO access (name, participant, person, secret, rights, created, revoked) VALUES ($1, $2, $3, $4, $5, $6, NULL)";
    ACCESSES = "SELECT name, participant, person, secret, rights, created, revoked FROM access ORDER BY name";
    ACCESS = "SELECT name, participant, person, secret, rights, created, revoked FROM access WHERE name = $1";
    REVOKE_ACCESS = "UPDATE access SET revoked = $1 WHERE name = $2 AND revoked IS NULL";

    PUT_STATUS = "INSERT INTO status (id, access, at, body) VALUES ($1, $2, $3, $4) ON CONFLICT (id) DO UPDATE SET at = excluded.at, body = excluded.body";
    STATUS = "SELECT body FROM status WHERE id = $1 AND access = $2";
    DROP_STATUSES = "DELETE FROM status WHERE at < $1";

    PUT_PERSON = "INSERT INTO person (id, organ, name, role, profile, secret, created, closed) VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (id) DO UPDATE SET organ = excluded.organ, name = excluded.name, role = excluded.role, profile = excluded.profile, secret = excluded.secret, closed = excluded.closed";
    PERSONS = "SELECT id, organ, name, role, profile, secret, created, closed FROM person ORDER BY name";
    PERSON = "SELECT id, organ, name, role, profile, secret, created, closed FROM person WHERE id = $1 OR name = $1";

    PUT_BINDING = "INSERT INTO binding (identity, key, state, since, until, profile) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (identity, since) DO UPDATE SET key = excluded.key, state = excluded.state, until = excluded.until, profile = excluded.profile";
    BINDINGS_OF = "SELECT identity, key, state, since, until, profile FROM binding WHERE identity = $1 ORDER BY since";
    BINDINGS_OF_KEY = "SELECT identity, key, state, since, until, profile FROM binding WHERE key = $1";
    BINDINGS = "SELECT identity, key, state, since, until, profile FROM binding ORDER BY identity, since";

    PUT_LOCAL = "INSERT INTO local (room, kind, name, changed, value) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (room, kind, name) DO UPDATE SET changed = excluded.changed, value = excluded.value";
    LOCAL = "SELECT room, kind, name, changed, value FROM local WHERE room = $1 AND kind = $2 AND name = $3";
    LOCALS = "SELECT room, kind, name, changed, value FROM local WHERE room = $1 AND kind = $2 AND name > $3 ORDER BY name LIMIT $4";
    DROP_LOCAL = "DELETE FROM local WHERE room = $1 AND kind = $2 AND name = $3";
}
