//! Statements of verification: whole tables, row by row, and what does not fit together.

statements! {
    EVERY_RECORD = "SELECT recno, object, id, version, kind, spec, author, channel, revoked, sealed, class, embargo, expires, accepted, hash, salt, body FROM record WHERE recno >= $1 ORDER BY recno";
    EVERY_CHECKPOINT = "SELECT origin, size, note, at FROM checkpoint ORDER BY origin, size";
    EVERY_PLACE = "SELECT p.collection, p.added, p.recno, r.accepted FROM position p JOIN record r ON r.recno = p.recno UNION ALL SELECT o.collection, o.added, o.recno, r.accepted FROM position_past o JOIN record r ON r.recno = o.recno ORDER BY 1, 2";
    METAS = "SELECT name, value FROM meta WHERE name >= $1 AND name < $2 ORDER BY name";

    UNPLACED = "SELECT r.recno, r.kind FROM record r WHERE r.body IS NOT NULL AND NOT EXISTS (SELECT 1 FROM position p WHERE p.recno = r.recno) AND NOT EXISTS (SELECT 1 FROM position_past o WHERE o.recno = r.recno) ORDER BY r.recno";
    PLACED_OTHERWISE = "SELECT p.recno, p.kind FROM position p LEFT JOIN record r ON r.recno = p.recno WHERE r.recno IS NULL OR r.body IS NULL OR p.kind <> r.kind OR p.spec <> r.spec ORDER BY p.recno";
    PLACED_APART = "SELECT p.recno, p.class, p.embargo, p.expires, coalesce(p.embargo, -1) <> coalesce(r.embargo, -1) OR coalesce(p.expires, -1) <> coalesce(r.expires, -1) FROM position p JOIN record r ON r.recno = p.recno WHERE p.class <> r.class OR coalesce(p.embargo, -1) <> coalesce(r.embargo, -1) OR coalesce(p.expires, -1) <> coalesce(r.expires, -1) ORDER BY p.recno";
    PLACED_NOWHERE = "SELECT p.recno, p.kind FROM position p WHERE NOT EXISTS (SELECT 1 FROM collection c WHERE c.id = p.collection AND c.last >= p.added) OR NOT EXISTS (SELECT 1 FROM class l WHERE l.id = p.class) ORDER BY p.recno";
    RANKED_WRONG = "SELECT p.recno, p.kind FROM position p JOIN record r ON r.recno = p.recno WHERE p.rank NOT IN (0, 1, 2) OR (p.rank = 1) = EXISTS (SELECT 1 FROM record n JOIN position q ON q.recno = n.recno WHERE n.object = r.object AND n.version > r.version AND q.collection = p.collection) AND p.rank <> 2 ORDER BY p.recno";
    OF_OTHER_OBJECT = "SELECT r.recno, r.kind FROM record r LEFT JOIN record f ON f.recno = r.object WHERE f.recno IS NULL OR f.id <> r.id OR f.object <> f.recno OR f.recno > r.recno ORDER BY r.recno";
}
