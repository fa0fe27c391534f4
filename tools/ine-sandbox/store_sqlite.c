#include "store_sqlite.h"

#include <fcntl.h>
#include <limits.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static const char *const tables[INE_SANDBOX_KINDS] = {
    "meta", "integrations", "sessions", "attempts", "media", "media_bytes", "people", "deliveries"};

typedef struct database {
    sqlite3 *db;
    sqlite3_stmt *get[INE_SANDBOX_KINDS], *put[INE_SANDBOX_KINDS], *remove[INE_SANDBOX_KINDS];
    bool writing; /* in a transaction */
} database;

static bool run(database *d, const char *sql)
{
    return sqlite3_exec(d->db, sql, NULL, NULL, NULL) == SQLITE_OK;
}

static bool prepare(database *d, sqlite3_stmt **out, const char *before, const char *table,
                    const char *after)
{
    char sql[200];
    snprintf(sql, sizeof sql, "%s%s%s", before, table, after);
    return sqlite3_prepare_v3(d->db, sql, -1, SQLITE_PREPARE_PERSISTENT, out, NULL) == SQLITE_OK;
}

static bool bind_key(sqlite3_stmt *statement, ine_str key)
{
    sqlite3_reset(statement);
    return key.len <= INT_MAX &&
           sqlite3_bind_text(statement, 1, key.ptr, (int)key.len, SQLITE_STATIC) == SQLITE_OK;
}

static int32_t get(void *context, int32_t kind, ine_str key, void (*give)(void *, ine_str),
                   void *to)
{
    database *d = context;
    sqlite3_stmt *statement = d->get[kind];
    if (!bind_key(statement, key))
        return -1;
    const int step = sqlite3_step(statement);
    if (step == SQLITE_ROW) {
        const char *bytes = sqlite3_column_blob(statement, 0);
        const int len = sqlite3_column_bytes(statement, 0);
        give(to, (ine_str){bytes ? bytes : "", bytes ? (size_t)len : 0});
    }
    sqlite3_reset(statement);
    return step == SQLITE_ROW ? 1 : step == SQLITE_DONE ? 0 : -1;
}

/* Writes gather in one transaction until the host flushes. */
static bool begin(database *d)
{
    if (!d->writing)
        d->writing = run(d, "BEGIN");
    return d->writing;
}

static bool finish(sqlite3_stmt *statement)
{
    const bool ok = sqlite3_step(statement) == SQLITE_DONE;
    sqlite3_reset(statement);
    sqlite3_clear_bindings(statement);
    return ok;
}

static bool put(void *context, int32_t kind, ine_str key, ine_str value)
{
    database *d = context;
    sqlite3_stmt *statement = d->put[kind];
    if (value.len > INT_MAX || !begin(d) || !bind_key(statement, key))
        return false;
    const int bound =
        kind == INE_SANDBOX_BYTES
            ? sqlite3_bind_blob(statement, 2, value.ptr, (int)value.len, SQLITE_STATIC)
            : sqlite3_bind_text(statement, 2, value.ptr, (int)value.len, SQLITE_STATIC);
    return bound == SQLITE_OK && finish(statement);
}

static bool remove_key(void *context, int32_t kind, ine_str key)
{
    database *d = context;
    return begin(d) && bind_key(d->remove[kind], key) && finish(d->remove[kind]);
}

static void close_database(void *context)
{
    database *d = context;
    if (d->writing)
        run(d, "COMMIT");
    for (int i = 0; i < INE_SANDBOX_KINDS; i++) {
        sqlite3_finalize(d->get[i]);
        sqlite3_finalize(d->put[i]);
        sqlite3_finalize(d->remove[i]);
    }
    sqlite3_close(d->db);
    free(d);
}

static bool make_tables(database *d)
{
    char sql[200];
    for (int i = 0; i < INE_SANDBOX_KINDS; i++) {
        snprintf(sql, sizeof sql,
                 "CREATE TABLE IF NOT EXISTS %s(key TEXT PRIMARY KEY NOT NULL, value NOT NULL)%s",
                 tables[i], i == INE_SANDBOX_BYTES ? "" : " WITHOUT ROWID");
        if (!run(d, sql) ||
            !prepare(d, &d->get[i], "SELECT value FROM ", tables[i], " WHERE key=?1") ||
            !prepare(d, &d->put[i], "INSERT OR REPLACE INTO ", tables[i],
                     "(key,value) VALUES(?1,?2)") ||
            !prepare(d, &d->remove[i], "DELETE FROM ", tables[i], " WHERE key=?1"))
            return false;
    }
    return true;
}

bool sqlite_store_open(const char *path, ine_sandbox_store *out, const char **why)
{
    database *d = calloc(1, sizeof *d);
    *out = (ine_sandbox_store){0};
    *why = "out of memory";
    if (!d)
        return false;
    /* SQLite would make it with the umask's mode; it holds secrets and people. */
    const int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOCTTY, 0600);
    if (fd < 0) {
        *why = "the database file can not be opened or made";
        free(d);
        return false;
    }
    close(fd);
    const bool opened = sqlite3_open_v2(path, &d->db, SQLITE_OPEN_READWRITE, NULL) == SQLITE_OK;
    if (!opened || !run(d, "PRAGMA busy_timeout=2000") ||
        !run(d, "PRAGMA locking_mode=EXCLUSIVE") || !run(d, "PRAGMA journal_mode=WAL") ||
        !run(d, "PRAGMA synchronous=NORMAL") || !make_tables(d)) {
        *why = "not an SQLite database of the sandbox, or another sandbox has it open";
        close_database(d);
        return false;
    }
    *out = (ine_sandbox_store){d, get, put, remove_key, close_database};
    return true;
}

bool sqlite_store_flush(const ine_sandbox_store *store)
{
    database *d = store->free == close_database ? store->context : NULL;
    if (!d || !d->writing)
        return true;
    d->writing = !run(d, "COMMIT");
    return !d->writing;
}
