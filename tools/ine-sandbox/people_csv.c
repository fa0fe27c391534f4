#include "people_csv.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define FILE_MAX (256l * 1024 * 1024)
#define COLUMNS  16

typedef struct cursor {
    char *p, *end;
    long line;
} cursor;

static char *read_file(const char *path, size_t *len)
{
    struct stat about;
    const int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    char *bytes = NULL;
    *len = 0;
    if (fd >= 0 && fstat(fd, &about) == 0 && S_ISREG(about.st_mode) && about.st_size < FILE_MAX)
        bytes = malloc((size_t)about.st_size + 1);
    while (bytes && *len < (size_t)about.st_size) {
        const ssize_t got = read(fd, bytes + *len, (size_t)about.st_size - *len);
        if (got <= 0)
            break;
        *len += (size_t)got;
    }
    if (fd >= 0)
        close(fd);
    return bytes;
}

/* A quoted field, its doubled quotes made single in place; false when it does not end. */
static bool quoted(cursor *c, ine_str *out)
{
    char *to = ++c->p;
    out->ptr = to;
    for (; c->p < c->end; c->p++) {
        if (*c->p == '\n')
            c->line++;
        if (*c->p == '"' && (c->p + 1 == c->end || c->p[1] != '"')) {
            out->len = (size_t)(to - out->ptr);
            c->p++;
            return c->p == c->end || *c->p == ',' || *c->p == '\n' || *c->p == '\r';
        }
        c->p += *c->p == '"';
        *to++ = *c->p;
    }
    return false;
}

static void plain(cursor *c, ine_str *out)
{
    out->ptr = c->p;
    while (c->p < c->end && *c->p != ',' && *c->p != '\n')
        c->p++;
    out->len = (size_t)(c->p - out->ptr);
    if (out->len && (c->p == c->end || *c->p == '\n') && out->ptr[out->len - 1] == '\r')
        out->len--;
}

/* One record; the number of its fields, or 0 for one that is not right. */
static size_t record(cursor *c, ine_str fields[COLUMNS])
{
    size_t count = 0;
    while (count < COLUMNS) {
        ine_str *field = &fields[count++];
        if (c->p < c->end && *c->p == '"') {
            if (!quoted(c, field))
                return 0;
        } else {
            plain(c, field);
        }
        if (c->p < c->end && *c->p == ',') {
            c->p++;
            continue;
        }
        if (c->p < c->end && *c->p == '\r')
            c->p++;
        if (c->p < c->end && *c->p++ != '\n')
            return 0;
        return count;
    }
    return 0;
}

static long import_all(ine_sandbox *sandbox, cursor *c, const char **why)
{
    ine_str names[COLUMNS], values[COLUMNS];
    long added = 0;
    *why = "the first line must name the columns";
    const size_t columns = record(c, names);
    if (!columns || !names[0].len)
        return -1;
    while (c->p < c->end) {
        c->line++;
        const size_t count = record(c, values);
        if (count == 1 && values[0].len == 0)
            continue;
        *why = "not as many fields as columns";
        if (count != columns)
            return -1;
        *why = "an unknown column, a CIC without 9 digits, or a number out of its range";
        if (!ine_sandbox_person(sandbox, names, values, count))
            return -1;
        added++;
    }
    return added;
}

long people_csv_import(ine_sandbox *sandbox, const char *path, long *line, const char **why)
{
    size_t len;
    char *bytes = read_file(path, &len);
    *line = 1;
    *why = "the file can not be read, or is too large";
    if (!bytes)
        return -1;
    const size_t mark = len >= 3 && memcmp(bytes, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
    cursor c = {bytes + mark, bytes + len, 1};
    const long added = import_all(sandbox, &c, why);
    *line = c.line;
    explicit_bzero(bytes, len);
    free(bytes);
    return added;
}
