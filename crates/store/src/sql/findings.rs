//! Statements over facets and full-text search: by what records are found besides their id.

statements! {
    ADD_FACET_TEXT = "INSERT INTO facet_text (name, class, value, recno) VALUES ($1, $2, $3, $4) ON CONFLICT (name, class, value, recno) DO NOTHING";
    ADD_FACET_NUMBER = "INSERT INTO facet_number (name, class, value, recno) VALUES ($1, $2, $3, $4) ON CONFLICT (name, class, value, recno) DO NOTHING";
    DROP_FACET_TEXTS = "DELETE FROM facet_text WHERE recno = $1";
    DROP_FACET_NUMBERS = "DELETE FROM facet_number WHERE recno = $1";
    DROP_FACET_NUMBER = "DELETE FROM facet_number WHERE recno = $1 AND name = $2";
    FACET_TEXTS_OF = "SELECT class, value FROM facet_text WHERE recno = $1 AND name = $2";
    FACET_PEERS = "SELECT recno FROM facet_text WHERE name = $1 AND class = $2 AND value = $3 ORDER BY recno";
    CLASS_FACET_TEXTS = "UPDATE facet_text SET class = $1 WHERE recno = $2";
    CLASS_FACET_NUMBERS = "UPDATE facet_number SET class = $1 WHERE recno = $2";
    FACET_TEXTS = "SELECT value, recno FROM facet_text WHERE name = $1 AND class = $2 AND (value, recno) > ($3, $4) AND value <= $5 ORDER BY value, recno LIMIT $6";
    FACET_NUMBERS = "SELECT value, recno FROM facet_number WHERE name = $1 AND class = $2 AND (value, recno) > ($3, $4) AND value <= $5 ORDER BY value, recno LIMIT $6";

    SEARCH_AGAIN = "INSERT INTO search_again (recno) VALUES ($1) ON CONFLICT (recno) DO NOTHING";
    SEARCHED_AGAIN = "SELECT recno FROM search_again ORDER BY recno LIMIT $1";
    DROP_SEARCH_AGAIN = "DELETE FROM search_again WHERE recno = $1";
    ADD_SEARCH = "INSERT INTO search (rowid, words, class) VALUES ($1, $2, $3)";
    DROP_SEARCH = "DELETE FROM search WHERE rowid = $1";
    PURGE_SEARCH = "{search purge}";
    SEARCH = "SELECT rowid FROM search WHERE {search query} AND rowid < $2 ORDER BY rowid DESC LIMIT $3";
}
