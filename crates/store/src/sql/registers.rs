//! Statements over collections, facets, search and what else a node registers.

statements! {
    ADD_COLLECTION = "INSERT INTO collection (id, uuid, alias, title, description, desk, terms, open, last) VALUES ($1, $2, $3, $4, $5, $6, $7, 1, 0)";
    LAST_COLLECTION = "SELECT coalesce(max(id), 0) FROM collection";
    COLLECTIONS = "SELECT id, uuid, alias, title, description, desk, terms, open, last FROM collection ORDER BY id";
    COLLECTION_NAMED = "SELECT id, uuid, alias, title, description, desk, terms, open, last FROM collection WHERE uuid = $1 OR alias = $1";
    CHANGE_COLLECTION = "UPDATE collection SET alias = $1, title = $2, description = $3, desk = $4, terms = $5, open = $6 WHERE id = $7";
    COLLECTION_LAST = "SELECT last FROM collection WHERE id = $1";
    SET_COLLECTION_LAST = "UPDATE collection SET last = $1 WHERE id = $2";

    DROP_FACETS = "DELETE FROM facet WHERE recno = $1";

    SEARCH_AGAIN = "INSERT INTO search_again (recno) VALUES ($1) ON CONFLICT (recno) DO NOTHING";
    DROP_SEARCH_AGAIN = "DELETE FROM search_again WHERE recno = $1";
    DROP_UNRESOLVED = "DELETE FROM unresolved WHERE recno = $1";
}
