#include "when.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

static bool digits(const char *text, size_t count, int *out)
{
    *out = 0;
    for (size_t i = 0; i < count; i++) {
        if (text[i] < '0' || text[i] > '9')
            return false;
        *out = *out * 10 + (text[i] - '0');
    }
    return true;
}

static bool milliseconds(const char *text, int64_t *ms)
{
    const size_t len = strlen(text);
    *ms = 0;
    for (size_t i = 0; i < len; i++) {
        if (text[i] < '0' || text[i] > '9' || len > 15)
            return false;
        *ms = *ms * 10 + (text[i] - '0');
    }
    return len > 0;
}

/* ".123Z" or "Z": the fraction in milliseconds. */
static bool fraction(const char *text, int *ms)
{
    int scale = 100;
    *ms = 0;
    if (*text == '.') {
        const char *first = ++text;
        for (; *text >= '0' && *text <= '9'; text++, scale /= 10)
            *ms += (*text - '0') * scale;
        if (text == first || text - first > 9)
            return false;
    }
    return strcmp(text, "Z") == 0;
}

bool cli_when(const char *text, int64_t *ms)
{
    static const char shape[] = "dddd-dd-ddTdd:dd:dd";
    struct tm tm = {0}, again;
    int part;
    if (milliseconds(text, ms))
        return true;
    if (strlen(text) < sizeof shape)
        return false;
    for (size_t i = 0; i < sizeof shape - 1; i++) {
        if (shape[i] != 'd' && text[i] != shape[i])
            return false;
    }
    if (!digits(text, 4, &tm.tm_year) || !digits(text + 5, 2, &tm.tm_mon) ||
        !digits(text + 8, 2, &tm.tm_mday) || !digits(text + 11, 2, &tm.tm_hour) ||
        !digits(text + 14, 2, &tm.tm_min) || !digits(text + 17, 2, &tm.tm_sec) ||
        !fraction(text + sizeof shape - 1, &part))
        return false;
    tm.tm_year -= 1900;
    tm.tm_mon -= 1;
    again = tm;
    const time_t seconds = timegm(&again);
    /* timegm() carries 31 February over into March, and 24:00 into the next day */
    if (seconds < 0 || again.tm_mon != tm.tm_mon || again.tm_hour != tm.tm_hour ||
        again.tm_min != tm.tm_min)
        return false;
    *ms = (int64_t)seconds * 1000 + part;
    return true;
}

int64_t cli_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

void cli_when_text(char out[25], int64_t ms)
{
    struct tm tm;
    char text[64];
    const time_t seconds = (time_t)(ms / 1000);
    gmtime_r(&seconds, &tm);
    snprintf(text, sizeof text, "%04d-%02d-%02dT%02d:%02d:%02d.%03dZ", tm.tm_year + 1900,
             tm.tm_mon + 1, tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec, (int)(ms % 1000));
    memcpy(out, text, 24);
    out[24] = '\0';
}
