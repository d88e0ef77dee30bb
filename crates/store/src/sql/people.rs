//! Statements over those who sign in: logins, credentials, sessions, tokens, one-time codes, attempts, the audit trail.

statements! {
    PUT_LOGIN = "INSERT INTO login (person, name, roles, state, language, email, created, changed) VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (person) DO UPDATE SET name = excluded.name, roles = excluded.roles, state = excluded.state, language = excluded.language, email = excluded.email, changed = excluded.changed";
    LOGINS = "SELECT person, name, roles, state, language, email, created, changed FROM login ORDER BY name";
    LOGIN = "SELECT person, name, roles, state, language, email, created, changed FROM login WHERE person = $1";
    LOGIN_NAMED = "SELECT person, name, roles, state, language, email, created, changed FROM login WHERE name = $1";

    ADD_CREDENTIAL = "INSERT INTO credential (id, person, kind, label, lookup, secret, created, used) VALUES ($1, $2, $3, $4, $5, $6, $7, NULL)";
    CREDENTIALS_OF = "SELECT id, person, kind, label, lookup, secret, created, used FROM credential WHERE person = $1 ORDER BY kind, id";
    CREDENTIAL_BY = "SELECT id, person, kind, label, lookup, secret, created, used FROM credential WHERE kind = $1 AND lookup = $2";
    USE_CREDENTIAL = "UPDATE credential SET secret = $1, used = $2 WHERE id = $3";
    DROP_CREDENTIAL = "DELETE FROM credential WHERE id = $1 AND person = $2";
    DROP_CREDENTIALS = "DELETE FROM credential WHERE person = $1 AND kind = $2";

    ADD_SESSION = "INSERT INTO session (id, secret, person, method, origin, created, seen, expires, ended) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, NULL)";
    SESSION_BY = "SELECT id, secret, person, method, origin, created, seen, expires, ended FROM session WHERE secret = $1";
    SESSION = "SELECT id, secret, person, method, origin, created, seen, expires, ended FROM session WHERE id = $1";
    SESSIONS_OF = "SELECT id, secret, person, method, origin, created, seen, expires, ended FROM session WHERE person = $1 AND ended IS NULL ORDER BY id";
    SEE_SESSION = "UPDATE session SET seen = $1 WHERE id = $2";
    END_SESSION = "UPDATE session SET ended = $1 WHERE id = $2 AND ended IS NULL";
    END_SESSIONS = "UPDATE session SET ended = $1 WHERE person = $2 AND id <> $3 AND ended IS NULL";
    DROP_SESSIONS = "DELETE FROM session WHERE expires < $1";

    ADD_TOKEN = "INSERT INTO token (id, secret, person, name, scope, created, expires, used, revoked) VALUES ($1, $2, $3, $4, $5, $6, $7, NULL, NULL)";
    TOKEN_BY = "SELECT id, secret, person, name, scope, created, expires, used, revoked FROM token WHERE secret = $1";
    TOKEN = "SELECT id, secret, person, name, scope, created, expires, used, revoked FROM token WHERE id = $1";
    TOKENS_OF = "SELECT id, secret, person, name, scope, created, expires, used, revoked FROM token WHERE person = $1 ORDER BY id";
    USE_TOKEN = "UPDATE token SET used = $1 WHERE id = $2";
    REVOKE_TOKEN = "UPDATE token SET revoked = $1 WHERE id = $2 AND revoked IS NULL";
    REVOKE_TOKENS = "UPDATE token SET revoked = $1 WHERE person = $2 AND revoked IS NULL";

    ADD_ONCE = "INSERT INTO once (secret, kind, person, created, expires, used) VALUES ($1, $2, $3, $4, $5, NULL)";
    ONCE = "SELECT secret, kind, person, created, expires, used FROM once WHERE secret = $1";
    ONCES_OF = "SELECT secret, kind, person, created, expires, used FROM once WHERE person = $1 AND used IS NULL ORDER BY secret";
    USE_ONCE = "UPDATE once SET used = $1 WHERE secret = $2 AND used IS NULL";
    DROP_ONCE_OF = "DELETE FROM once WHERE person = $1 AND kind = $2";
    DROP_ONCE = "DELETE FROM once WHERE expires < $1";

    ATTEMPT = "SELECT failures, last FROM attempt WHERE name = $1 AND origin = $2";
    PUT_ATTEMPT = "INSERT INTO attempt (name, origin, failures, last) VALUES ($1, $2, $3, $4) ON CONFLICT (name, origin) DO UPDATE SET failures = excluded.failures, last = excluded.last";
    DROP_ATTEMPT = "DELETE FROM attempt WHERE name = $1 AND origin = $2";
    DROP_ATTEMPTS = "DELETE FROM attempt WHERE last < $1";

    USE_ACCESS = "INSERT INTO access_use (name, used) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET used = excluded.used";
    ACCESS_USES = "SELECT name, used FROM access_use ORDER BY name";

    ADD_TRAIL = "INSERT INTO trail (number, at, person, name, through, action, subject, detail, hash) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    LAST_TRAIL = "SELECT number, at, person, name, through, action, subject, detail, hash FROM trail ORDER BY number DESC LIMIT 1";
    TRAIL_BEFORE = "SELECT number, at, person, name, through, action, subject, detail, hash FROM trail WHERE number < $1 ORDER BY number DESC LIMIT $2";
    TRAIL_AFTER = "SELECT number, at, person, name, through, action, subject, detail, hash FROM trail WHERE number > $1 ORDER BY number LIMIT $2";
    TRAIL_OF = "SELECT number, at, person, name, through, action, subject, detail, hash FROM trail WHERE subject = $1 AND number < $2 ORDER BY number DESC LIMIT $3";

}
