//! Statements over what waits or was noted: decisions, quarantine, jobs, the ledger, withdrawals, markings that are not here yet.

statements! {
    NEXT_NUMBER = "INSERT INTO counter (name, last) VALUES ($1, 1) ON CONFLICT (name) DO UPDATE SET last = counter.last + 1 RETURNING last";

    ADD_PENDING = "INSERT INTO pending (id, object, version, channel, submitter, reason, context, hash, body, arrived) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
    SAME_PENDING = "SELECT id FROM pending WHERE object = $1 AND version = $2 AND hash = $3";
    PENDINGS = "SELECT id, object, version, channel, submitter, reason, context, hash, body, arrived FROM pending WHERE id > $1 ORDER BY id LIMIT $2";
    PENDING = "SELECT id, object, version, channel, submitter, reason, context, hash, body, arrived FROM pending WHERE id = $1";
    PENDING_OF_OBJECT = "SELECT id, hash FROM pending WHERE object = $1 ORDER BY version, hash";
    PENDING_FROM = "SELECT id FROM pending WHERE object = $1 AND version = $2 AND submitter = $3 LIMIT 1";
    PENDING_BY = "SELECT id, object, reason FROM pending WHERE channel = $1 AND id > $2 ORDER BY id LIMIT $3";
    COUNT_PENDING_BY = "SELECT count(*), coalesce(sum(length(body)), 0) FROM pending WHERE channel = $1 AND reason LIKE $2";
    COUNT_PENDING = "SELECT count(*) FROM pending";
    DROP_PENDING = "DELETE FROM pending WHERE id = $1";

    ADD_QUARANTINE = "INSERT INTO quarantine (id, channel, reason, pointer, hash, size, head, arrived, names) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    QUARANTINES = "SELECT id, channel, reason, pointer, hash, size, head, arrived, names FROM quarantine WHERE id > $1 ORDER BY id LIMIT $2";
    QUARANTINE = "SELECT id, channel, reason, pointer, hash, size, head, arrived, names FROM quarantine WHERE id = $1";
    DROP_QUARANTINE = "DELETE FROM quarantine WHERE id = $1";
    QUARANTINE_USE = "SELECT items, bytes FROM quarantine_use WHERE channel = $1";
    QUARANTINE_USES = "SELECT channel, items, bytes, beyond, last FROM quarantine_use ORDER BY channel";
    USE_QUARANTINE = "INSERT INTO quarantine_use (channel, items, bytes, beyond, last) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (channel) DO UPDATE SET items = quarantine_use.items + excluded.items, bytes = quarantine_use.bytes + excluded.bytes, beyond = quarantine_use.beyond + excluded.beyond, last = excluded.last";

    PUT_JOB = "INSERT INTO job (id, kind, name, payload, due, attempts, trouble) VALUES ($1, $2, $3, $4, $5, 0, NULL) ON CONFLICT (kind, name) DO UPDATE SET payload = excluded.payload, due = CASE WHEN excluded.due < job.due THEN excluded.due ELSE job.due END";
    JOBS_DUE = "SELECT id, kind, name, payload, due, attempts, trouble FROM job WHERE due <= $1 ORDER BY due LIMIT $2";
    NEXT_DUE = "SELECT min(due) FROM job";
    POSTPONE_JOB = "UPDATE job SET due = $1, attempts = attempts + 1, trouble = $2 WHERE id = $3";
    DROP_JOB = "DELETE FROM job WHERE id = $1";
    JOBS_IN_TROUBLE = "SELECT id, kind, name, payload, due, attempts, trouble FROM job WHERE trouble IS NOT NULL ORDER BY id LIMIT $1";

    ADD_LEDGER = "INSERT INTO ledger (id, viewer, collection, purpose, filter, outcome, low, high, records, first_at, last_at, person) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)";
    LAST_LEDGER = "SELECT coalesce(max(id), 0) FROM ledger";
    LEDGER_BEFORE = "SELECT id, viewer, collection, purpose, filter, outcome, low, high, records, first_at, last_at, person FROM ledger WHERE viewer = $1 AND collection = $2 ORDER BY id DESC LIMIT 1";
    EXTEND_LEDGER = "UPDATE ledger SET high = $1, records = $2, first_at = $3, last_at = $4 WHERE id = $5";
    WIDEN_SHEET = "INSERT INTO ledger_sheet (collection, sheet, low, high) VALUES ($1, $2, $3, $4) ON CONFLICT (collection, sheet) DO UPDATE SET low = CASE WHEN excluded.low < ledger_sheet.low THEN excluded.low ELSE ledger_sheet.low END, high = CASE WHEN excluded.high > ledger_sheet.high THEN excluded.high ELSE ledger_sheet.high END";
    LEDGER_OF = "SELECT id, viewer, collection, purpose, filter, outcome, low, high, records, first_at, last_at, person FROM ledger WHERE viewer = $1 AND id < $2 ORDER BY id DESC LIMIT $3";
    LEDGER = "SELECT id, viewer, collection, purpose, filter, outcome, low, high, records, first_at, last_at, person FROM ledger WHERE id < $1 ORDER BY id DESC LIMIT $2";
    LEDGER_AFTER = "SELECT id, viewer, collection, purpose, filter, outcome, low, high, records, first_at, last_at, person FROM ledger WHERE id > $1 ORDER BY id LIMIT $2";
    LEDGER_SHEETS = "SELECT collection, sheet, low, high FROM ledger_sheet ORDER BY collection, sheet";
    TAKERS = "SELECT l.id, l.viewer, l.collection, l.purpose, l.filter, l.outcome, l.low, l.high, l.records, l.first_at, l.last_at, l.person FROM ledger_sheet s JOIN ledger l ON l.id >= s.sheet * 64 AND l.id < s.sheet * 64 + 64 WHERE s.collection = $1 AND s.high >= $2 AND s.low < $2 AND l.collection = $1 AND l.high >= $2 AND l.low < $2";

    ADD_WITHDRAWAL = "INSERT INTO withdrawal (id, object, version, recipient, note, made, delivered) VALUES ($1, $2, $3, $4, $5, $6, NULL)";
    LAST_WITHDRAWAL = "SELECT coalesce(max(id), 0) FROM withdrawal";
    WITHDRAWALS_FOR = "SELECT id, object, version, recipient, note, made, delivered FROM withdrawal WHERE recipient = $1 AND id > $2 ORDER BY id LIMIT $3";
    LATEST_WITHDRAWALS_FOR = "SELECT id, object, version, recipient, note, made, delivered FROM withdrawal WHERE recipient = $1 AND id < $2 ORDER BY id DESC LIMIT $3";
    WITHDRAWALS_OF = "SELECT id, object, version, recipient, note, made, delivered FROM withdrawal WHERE object = $1 ORDER BY id";
    DELIVER_WITHDRAWAL = "UPDATE withdrawal SET delivered = $1 WHERE id = $2 AND delivered IS NULL";

    ADD_UNRESOLVED = "INSERT INTO unresolved (marking, recno) VALUES ($1, $2) ON CONFLICT (marking, recno) DO NOTHING";
    UNRESOLVED_BY = "SELECT recno FROM unresolved WHERE marking = $1 AND recno > $2 ORDER BY recno LIMIT $3";
    UNRESOLVED_OF = "SELECT marking FROM unresolved WHERE recno = $1";
    RESOLVED = "DELETE FROM unresolved WHERE marking = $1 AND recno = $2";
    DROP_UNRESOLVED = "DELETE FROM unresolved WHERE recno = $1";
}
