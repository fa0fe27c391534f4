/* Ids, tokens and times. Everything that looks random comes from the seed and a count. */
#include "internal.h"

#include "crypto/base64.h"
#include "crypto/hex.h"

static void number_bytes(unsigned char out[8], uint64_t number)
{
    for (int i = 0; i < 8; i++)
        out[i] = (unsigned char)(number >> (56 - 8 * i));
}

static void derive(const ine_sandbox *sandbox, int32_t what, int64_t a, int64_t b,
                   unsigned char out[INE__SHA256_SIZE])
{
    const uint64_t parts[4] = {sandbox->seed, (uint64_t)what, (uint64_t)a, (uint64_t)b};
    ine__sha256 hash;
    ine__sha256_begin(&hash);
    for (int i = 0; i < 4; i++) {
        unsigned char bytes[8];
        number_bytes(bytes, parts[i]);
        ine__sha256_add(&hash, bytes, sizeof bytes);
    }
    ine__sha256_end(&hash, out);
}

void ine__sb_uuid(const ine_sandbox *sandbox, int32_t what, int64_t a, int64_t b, char out[36])
{
    static const unsigned char group[5] = {4, 2, 2, 2, 6};
    unsigned char hash[INE__SHA256_SIZE], *from = hash;
    derive(sandbox, what, a, b, hash);
    hash[6] = (unsigned char)((hash[6] & 0x0f) | 0x40);
    hash[8] = (unsigned char)((hash[8] & 0x3f) | 0x80);
    char *to = out;
    for (int i = 0; i < 5; i++) {
        ine__hex_encode(to, from, group[i]);
        to += 2 * group[i];
        from += group[i];
        if (i < 4)
            *to++ = '-';
    }
    if (what == INE__SB_ID_KEY)
        memcpy(out, INE_SANDBOX_KEY_PREFIX, sizeof INE_SANDBOX_KEY_PREFIX - 1);
}

void ine__sb_number(int64_t number, char out[12])
{
    for (int i = 11; i >= 0; i--) {
        out[i] = (char)('0' + number % 10);
        number /= 10;
    }
}

/* Base64 for URLs, without padding [RFC 4648 section 5]. */
static void add_base64url(ine__buf *out, ine_str data)
{
    size_t size;
    if (!ine__base64_size(data.len, &size))
        return;
    char *room = ine__buf_room(out, size);
    if (!room)
        return;
    size = ine__base64_encode(room, data.ptr, data.len);
    while (size && room[size - 1] == '=')
        size--;
    for (size_t i = 0; i < size; i++)
        room[i] = room[i] == '+' ? '-' : room[i] == '/' ? '_' : room[i];
    out->len += size;
}

/* Looks like the JWT that the vendor hands out; nothing reads it. */
ine_str ine__sb_token(ine_sandbox *sandbox, const ine__sb_session *session)
{
    unsigned char end[INE__SHA256_SIZE];
    ine__buf claims, token;
    ine__buf_init(&claims, 256);
    ine__buf_text(&claims, "{\"session_id\":\"");
    ine__buf_str(&claims, session->id);
    ine__buf_text(&claims, "\",\"iat\":");
    ine__buf_int(&claims, session->created_ms / 1000);
    ine__buf_char(&claims, '}');
    ine__buf_init(&token, 1024);
    add_base64url(&token, INE__STR("{\"alg\":\"HS256\",\"typ\":\"JWT\"}"));
    ine__buf_char(&token, '.');
    add_base64url(&token, ine__buf_view(&claims));
    ine__buf_char(&token, '.');
    derive(sandbox, INE__SB_ID_TOKEN, session->seq, 0, end);
    add_base64url(&token, ine__str((const char *)end, sizeof end));
    const ine_str view = ine__sb_arena_copy(&sandbox->arena, ine__buf_view(&token));
    if (claims.failed || token.failed)
        sandbox->arena.failed = true;
    ine__buf_free(&claims);
    ine__buf_free(&token);
    return view;
}

static void digits(char *out, int64_t number, int count)
{
    while (count-- > 0) {
        out[count] = (char)('0' + number % 10);
        number /= 10;
    }
}

void ine__sb_time(int64_t ms, char out[24])
{
    const int64_t day = 86400000, limit = INT64_C(253402300799999);
    if (ms < 0 || ms > limit)
        ms = ms < 0 ? 0 : limit;
    const ine__date date = ine__date_from_days(ms / day);
    const int64_t rest = ms % day;
    memcpy(out, "0000-00-00T00:00:00.000Z", 24);
    digits(out, date.year, 4);
    digits(out + 5, date.month, 2);
    digits(out + 8, date.day, 2);
    digits(out + 11, rest / 3600000, 2);
    digits(out + 14, rest / 60000 % 60, 2);
    digits(out + 17, rest / 1000 % 60, 2);
    digits(out + 20, rest % 1000, 3);
}

static bool two(ine_str text, size_t at, char before, int64_t max, int64_t *out)
{
    return at + 2 <= text.len && (!before || text.ptr[at - 1] == before) &&
           ine__parse_uint(ine__str(text.ptr + at, 2), max, out);
}

/* Z, +hh:mm, +hhmm or " UTC" as minutes. */
static bool zone(ine_str text, int64_t *minutes)
{
    int64_t h, m;
    *minutes = 0;
    if (ine__str_is(text, "Z") || ine__str_is(text, "UTC") || ine__str_is(text, " UTC"))
        return true;
    const size_t colon = text.len == 6 ? 1 : 0;
    if (text.len != 5 + colon || (text.ptr[0] != '+' && text.ptr[0] != '-') ||
        !two(text, 1, 0, 23, &h) || !two(text, 3 + colon, colon ? ':' : 0, 59, &m))
        return false;
    *minutes = (text.ptr[0] == '-' ? -1 : 1) * (h * 60 + m);
    return true;
}

/* Code 1202: YYYY-MM-DDTHH:MM:SS, 0 to 9 digits of a second, and a zone. */
bool ine__sb_time_parse(ine_str text, int64_t *ms)
{
    ine__date date;
    int64_t hour, minute, second, offset, fraction = 0;
    *ms = 0;
    if (text.len < 20 || !ine__date_parse(ine__str(text.ptr, 10), &date) ||
        !two(text, 11, 'T', 23, &hour) || !two(text, 14, ':', 59, &minute) ||
        !two(text, 17, ':', 60, &second))
        return false;
    size_t at = 19;
    if (text.ptr[at] == '.') {
        const size_t start = ++at;
        for (int64_t unit = 100; at < text.len && ine__is_digit(text.ptr[at]); at++, unit /= 10)
            fraction += unit * (text.ptr[at] - '0');
        if (at == start || at - start > 9)
            return false;
    }
    if (!zone(ine__str(text.ptr + at, text.len - at), &offset))
        return false;
    *ms = ((ine__date_days(date) * 24 + hour) * 60 + minute - offset) * 60000 + second * 1000 +
          fraction;
    return true;
}
