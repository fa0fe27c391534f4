#include "ledger.h"

#include "received.h"
#include "when.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define APPLICATION 1768842572 /* "ineL": another program's database is left alone */
#define PART_MAX    80

struct cli_ledger {
    sqlite3 *db;
    sqlite3_stmt *add, *same, *session;
};

static const char schema[] =
    "CREATE TABLE IF NOT EXISTS deliveries("
    " dedupe_key TEXT PRIMARY KEY NOT NULL,"
    " decision_id TEXT," /* NULL: the body names no decision */
    " kind INTEGER NOT NULL, session TEXT, code INTEGER, decision_time TEXT,"
    " received_at INTEGER NOT NULL) WITHOUT ROWID;"
    "CREATE UNIQUE INDEX IF NOT EXISTS one_decision ON deliveries(kind, decision_id);"
    "CREATE INDEX IF NOT EXISTS by_session ON deliveries(session);";

static bool run(cli_ledger *ledger, const char *sql)
{
    return sqlite3_exec(ledger->db, sql, NULL, NULL, NULL) == SQLITE_OK;
}

static int64_t pragma(cli_ledger *ledger, const char *sql)
{
    sqlite3_stmt *statement = NULL;
    int64_t value = -1;
    if (sqlite3_prepare_v2(ledger->db, sql, -1, &statement, NULL) == SQLITE_OK &&
        sqlite3_step(statement) == SQLITE_ROW)
        value = sqlite3_column_int64(statement, 0);
    sqlite3_finalize(statement);
    return value;
}

/* A new file, or one that is ours. */
static bool is_ours(cli_ledger *ledger)
{
    const int64_t application = pragma(ledger, "PRAGMA application_id");
    return application == APPLICATION ||
           (application == 0 && pragma(ledger, "SELECT count(*) FROM sqlite_schema") == 0);
}

static bool prepare(cli_ledger *ledger, sqlite3_stmt **out, const char *sql)
{
    return sqlite3_prepare_v3(ledger->db, sql, -1, SQLITE_PREPARE_PERSISTENT, out, NULL) ==
           SQLITE_OK;
}

/* FULL: a commit is on the disk when it returns, so that 200 is never a lie. */
static bool set_up(cli_ledger *ledger)
{
    char sql[48];
    snprintf(sql, sizeof sql, "PRAGMA application_id=%d", APPLICATION);
    return run(ledger, "PRAGMA busy_timeout=2000") && is_ours(ledger) &&
           run(ledger, "PRAGMA journal_mode=WAL") && run(ledger, "PRAGMA synchronous=FULL") &&
           run(ledger, "BEGIN IMMEDIATE") && run(ledger, sql) && run(ledger, schema) &&
           run(ledger, "COMMIT") &&
           prepare(ledger, &ledger->add,
                   "INSERT OR IGNORE INTO deliveries(dedupe_key,decision_id,kind,session,code,"
                   "decision_time,received_at) VALUES(?1,?2,?3,?4,?5,?6,?7)") &&
           prepare(ledger, &ledger->same,
                   "SELECT coalesce(decision_id,dedupe_key) FROM deliveries WHERE dedupe_key=?1 OR "
                   "(kind=?3 AND decision_id=?2)") &&
           prepare(ledger, &ledger->session,
                   "SELECT decision_id,kind,session,code,decision_time FROM deliveries WHERE "
                   "session=?1 AND dedupe_key<>?2 ORDER BY received_at DESC LIMIT 64");
}

/* SQLite would make it with the umask's mode, and gives the same mode to the files beside it. */
static const char *make_file(const char *path)
{
    struct stat status;
    const int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOCTTY | O_NONBLOCK, 0600);
    if (fd < 0)
        return "the file can not be opened or made";
    const bool plain = fstat(fd, &status) == 0 && S_ISREG(status.st_mode);
    const bool ok = plain && ((status.st_mode & 077) == 0 || fchmod(fd, 0600) == 0);
    close(fd);
    if (!plain)
        return "this is not a plain file";
    return ok ? NULL : "others can read the file, and its mode can not be changed";
}

const char *cli_ledger_open(cli_ledger **out, const char *path)
{
    const char *wrong = path ? make_file(path) : NULL;
    *out = NULL;
    if (wrong)
        return wrong;
    cli_ledger *ledger = calloc(1, sizeof *ledger);
    if (!ledger)
        return "there is not enough memory";
    const int flags = SQLITE_OPEN_READWRITE | (path ? 0 : SQLITE_OPEN_MEMORY | SQLITE_OPEN_CREATE);
    if (sqlite3_open_v2(path ? path : ":memory:", &ledger->db, flags, NULL) != SQLITE_OK ||
        !set_up(ledger)) {
        cli_ledger_close(ledger);
        return "this is not a database of ine listen, or it can not be written";
    }
    *out = ledger;
    return NULL;
}

void cli_ledger_close(cli_ledger *ledger)
{
    if (!ledger)
        return;
    sqlite3_finalize(ledger->add);
    sqlite3_finalize(ledger->same);
    sqlite3_finalize(ledger->session);
    sqlite3_close(ledger->db);
    free(ledger);
}

/* ---- One delivery */

typedef struct entry {
    ine_str key, id, session, time;
    int64_t kind, code; /* code -1: none */
} entry;

/* Ids and times, as we know them: nothing else gets into the file. */
static ine_str plain(ine_str text)
{
    for (size_t i = 0; i < text.len; i++) {
        const char c = text.ptr[i];
        if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
              strchr("-:.+_/", c)))
            return (ine_str){NULL, 0};
    }
    return text.len && text.len <= 192 ? text : (ine_str){NULL, 0};
}

static ine_str short_plain(ine_str text)
{
    return text.len < PART_MAX ? plain(text) : (ine_str){NULL, 0};
}

static void read_entry(entry *e, const ine_webhook *webhook)
{
    const ine_decision *decision = ine_webhook_decision(webhook);
    ine_str type;
    e->key = cli_received_text(webhook, INE_W_DEDUPE_KEY);
    e->id = plain(cli_received_text(webhook, INE_W_DECISION_ID));
    e->kind = cli_received_number(webhook, INE_W_KIND);
    ine_decision_field(decision, INE_D_SESSION_ID, &e->session, NULL);
    ine_decision_field(decision, INE_D_DECISION_TIME, &e->time, NULL);
    ine_decision_field(decision, INE_D_EVENT_TYPE, &type, NULL);
    e->session = short_plain(e->session);
    e->time = short_plain(e->time);
    if (ine_decision_field(decision, INE_D_CODE, NULL, &e->code) != INE_FIELD_PRESENT)
        e->code = -1;
    /* without a session, or without a code and a type, the id says too little to tell two apart */
    if (!e->session.len || (e->code < 0 && !type.len))
        e->id = (ine_str){NULL, 0};
}

static bool bind_text(sqlite3_stmt *statement, int at, ine_str text)
{
    if (!text.ptr)
        return sqlite3_bind_null(statement, at) == SQLITE_OK;
    return sqlite3_bind_text(statement, at, text.ptr, (int)text.len, SQLITE_STATIC) == SQLITE_OK;
}

static void copy_text(char *out, size_t cap, sqlite3_stmt *statement, int column)
{
    const unsigned char *text = sqlite3_column_text(statement, column);
    snprintf(out, cap, "%s", text ? (const char *)text : "");
}

/* 1 added, 0 there already, -1 failed. */
static int add(cli_ledger *ledger, const entry *e)
{
    sqlite3_stmt *s = ledger->add;
    const bool bound =
        bind_text(s, 1, e->key) && bind_text(s, 2, e->id) &&
        sqlite3_bind_int64(s, 3, e->kind) == SQLITE_OK && bind_text(s, 4, e->session) &&
        (e->code < 0 ? sqlite3_bind_null(s, 5) : sqlite3_bind_int64(s, 5, e->code)) == SQLITE_OK &&
        bind_text(s, 6, e->time) && sqlite3_bind_int64(s, 7, cli_now()) == SQLITE_OK;
    const bool done = bound && sqlite3_step(s) == SQLITE_DONE;
    sqlite3_reset(s);
    return done ? sqlite3_changes(ledger->db) : -1;
}

static bool find_same(cli_ledger *ledger, const entry *e, char earlier[200])
{
    sqlite3_stmt *s = ledger->same;
    const bool found = bind_text(s, 1, e->key) && bind_text(s, 2, e->id) &&
                       sqlite3_bind_int64(s, 3, e->kind) == SQLITE_OK &&
                       sqlite3_step(s) == SQLITE_ROW;
    if (found)
        copy_text(earlier, 200, s, 0);
    sqlite3_reset(s);
    return found;
}

/* What the ledger knows of an earlier delivery, as a body that the library can order. */
static ine_decision *skeleton(sqlite3_stmt *row)
{
    char session[PART_MAX], time[PART_MAX], code[24] = "null", json[400];
    ine_decision *decision = NULL;
    copy_text(session, sizeof session, row, 2);
    copy_text(time, sizeof time, row, 4);
    if (sqlite3_column_type(row, 3) != SQLITE_NULL)
        snprintf(code, sizeof code, "%lld", (long long)sqlite3_column_int64(row, 3));
    const int len =
        sqlite3_column_int64(row, 1) == INE_KIND_DECISION
            ? snprintf(json, sizeof json,
                       "{\"status\":\"success\",\"verification\":{\"id\":\"%s\",\"attemptId\":null,"
                       "\"code\":%s,\"decisionTime\":\"%s\"}}",
                       session, code, time)
            : snprintf(json, sizeof json, "{\"id\":\"%s\",\"action\":\"-\",\"code\":%s}", session,
                       code);
    if (len < 0 || (size_t)len >= sizeof json)
        return NULL;
    ine_decision_read(&decision, json, (size_t)len, INE_READ_COPY, NULL);
    return decision;
}

/* Does an earlier delivery of the session count in place of this one? */
static bool find_superseding(cli_ledger *ledger, const entry *e, const ine_decision *decision,
                             char earlier[200])
{
    sqlite3_stmt *s = ledger->session;
    bool found = false;
    if (e->session.ptr && bind_text(s, 1, e->session) && bind_text(s, 2, e->key)) {
        while (!found && sqlite3_step(s) == SQLITE_ROW) {
            ine_decision *other = skeleton(s);
            found = other && ine_decision_supersedes(other, decision) == 1;
            if (found)
                copy_text(earlier, 200, s, 0);
            ine_decision_free(other);
        }
    }
    sqlite3_reset(s);
    return found;
}

int32_t cli_ledger_add(cli_ledger *ledger, const ine_webhook *webhook, char earlier[200])
{
    entry e;
    *earlier = '\0';
    read_entry(&e, webhook);
    if (!e.key.len || !run(ledger, "BEGIN IMMEDIATE"))
        return LEDGER_FAILED;
    const int added = add(ledger, &e);
    if (added == 0 && find_same(ledger, &e, earlier))
        return LEDGER_DUPLICATE;
    if (added != 1) {
        cli_ledger_rollback(ledger);
        return LEDGER_FAILED;
    }
    return find_superseding(ledger, &e, ine_webhook_decision(webhook), earlier) ? LEDGER_SUPERSEDED
                                                                                : LEDGER_NEW;
}

bool cli_ledger_commit(cli_ledger *ledger)
{
    if (run(ledger, "COMMIT"))
        return true;
    cli_ledger_rollback(ledger);
    return false;
}

void cli_ledger_rollback(cli_ledger *ledger)
{
    if (!sqlite3_get_autocommit(ledger->db))
        run(ledger, "ROLLBACK");
}
