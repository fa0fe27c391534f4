/* The settings of a libcurl handle: facts in docs/security.md, threats B1 to B16. */
#include "net/transfer.h"

#include <openssl/ssl.h>

#define STALL_S 15 /* B12 */

static const struct {
    CURLoption option;
    long value;
} numbers[] = {
    {CURLOPT_FOLLOWLOCATION, 0}, /* B1 */
    {CURLOPT_UNRESTRICTED_AUTH, 0},
    {CURLOPT_AUTOREFERER, 0},
    {CURLOPT_NETRC, CURL_NETRC_IGNORED},
    {CURLOPT_HTTP09_ALLOWED, 0},
    {CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_1_1}, /* so that F41-F46 can not arise */
    {CURLOPT_SSL_VERIFYPEER, 1},                   /* B4 */
    {CURLOPT_SSL_VERIFYHOST, 2},
    {CURLOPT_SSLVERSION, CURL_SSLVERSION_TLSv1_2},
    {CURLOPT_NOSIGNAL, 1},                 /* B16 */
    {CURLOPT_PATH_AS_IS, 1},               /* B8 */
    {CURLOPT_DISALLOW_USERNAME_IN_URL, 1}, /* B7 */
    {CURLOPT_SUPPRESS_CONNECT_HEADERS, 1},
    {CURLOPT_HTTP_CONTENT_DECODING, 0}, /* B10 */
    {CURLOPT_LOW_SPEED_LIMIT, 1},
    {CURLOPT_NOPROGRESS, 1},
};

/* The environment is never followed: "" stands for "none" (B6). */
static const struct {
    CURLoption option;
    int32_t setting;
    const char *otherwise; /* NULL: left alone */
} texts[] = {
    {CURLOPT_PROXY, INE_OPT_PROXY, ""},
    {CURLOPT_NOPROXY, 0, ""},
    {CURLOPT_CAINFO, INE_OPT_CA_FILE, NULL},
    {CURLOPT_SSLCERT, INE_OPT_CLIENT_CERT, NULL},
    {CURLOPT_SSLKEY, INE_OPT_CLIENT_KEY, NULL},
    /* An encrypted key must not make OpenSSL ask at the terminal. */
    {CURLOPT_KEYPASSWD, 0, ""},
};

/* SSLKEYLOGFILE makes libcurl write the keys of every connection to a file; taking its callback
 * away leaves the file empty (B5). */
static CURLcode no_key_log(CURL *easy, void *ssl_ctx, void *data)
{
    (void)easy, (void)data;
    SSL_CTX_set_keylog_callback(ssl_ctx, NULL);
    return CURLE_OK;
}

/* libcurl wants texts that end in a zero byte, and copies them. */
static CURLcode set_text(CURL *easy, CURLoption option, ine_str text)
{
    char *copy = ine__alloc(text.len + 1);
    if (!copy)
        return CURLE_OUT_OF_MEMORY;
    if (text.len)
        memcpy(copy, text.ptr, text.len);
    const CURLcode code = curl_easy_setopt(easy, option, copy);
    ine__free_wiped(copy, text.len + 1);
    return code;
}

static CURLcode set_trust(CURL *easy, const ine_options *options)
{
    const ine_str file = ine__option_text(options, INE_OPT_CA_FILE);
    const ine_str pem = ine__option_text(options, INE_OPT_CA_PEM);
    /* What the caller trusts is all that is trusted. */
    if (file.ptr || pem.ptr)
        curl_easy_setopt(easy, CURLOPT_CAPATH, NULL);
    if (!pem.ptr)
        return CURLE_OK;
    struct curl_blob blob = {(void *)(uintptr_t)pem.ptr, pem.len, CURL_BLOB_COPY};
    if (!file.ptr)
        curl_easy_setopt(easy, CURLOPT_CAINFO, NULL);
    return curl_easy_setopt(easy, CURLOPT_CAINFO_BLOB, &blob);
}

static CURLcode set_callbacks(ine__transfer *transfer)
{
    CURL *easy = transfer->easy;
    const CURLcode codes[] = {
        curl_easy_setopt(easy, CURLOPT_PRIVATE, transfer),
        curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, transfer->text),
        curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, ine__on_header),
        curl_easy_setopt(easy, CURLOPT_HEADERDATA, transfer),
        curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, ine__on_body),
        curl_easy_setopt(easy, CURLOPT_WRITEDATA, transfer),
        curl_easy_setopt(easy, CURLOPT_READFUNCTION, ine__on_read),
        curl_easy_setopt(easy, CURLOPT_READDATA, transfer),
        curl_easy_setopt(easy, CURLOPT_PREREQFUNCTION, ine__on_request),
        curl_easy_setopt(easy, CURLOPT_PREREQDATA, transfer),
        curl_easy_setopt(easy, CURLOPT_SSL_CTX_FUNCTION, no_key_log),
    };
    CURLcode first = CURLE_OK;
    for (size_t i = 0; i < sizeof codes / sizeof codes[0] && first == CURLE_OK; i++)
        first = codes[i];
    return first;
}

bool ine__setup_client(ine__transfer *transfer, const ine_options *options)
{
    CURL *easy = transfer->easy;
    ine__url base;
    CURLcode code = set_callbacks(transfer);
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0] && code == CURLE_OK; i++)
        code = curl_easy_setopt(easy, numbers[i].option, numbers[i].value);
    for (size_t i = 0; i < sizeof texts / sizeof texts[0] && code == CURLE_OK; i++) {
        const ine_str set =
            texts[i].setting ? ine__option_text(options, texts[i].setting) : INE__NONE;
        if (set.ptr || texts[i].otherwise)
            code = set_text(easy, texts[i].option, set.ptr ? set : ine__str_of(texts[i].otherwise));
    }
    if (code == CURLE_OK)
        code = set_trust(easy, options);
    /* B7: http for loopback and sandbox keys only, which ine__config_check() has seen to. */
    const bool https =
        ine__url_parse(ine__option_text(options, INE_OPT_BASE_URL), &base) && base.https;
    const char *protocol = https ? "https" : "http";
    if (code == CURLE_OK)
        code = curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, protocol);
    if (code == CURLE_OK)
        code = curl_easy_setopt(easy, CURLOPT_REDIR_PROTOCOLS_STR, protocol);
    return code == CURLE_OK;
}

static bool add_header(ine__transfer *transfer, ine_str name, ine_str value)
{
    /* For libcurl "Name:" removes a header and "Name;" sends an empty one. */
    const ine_str between = ine__str_of(value.len ? ": " : value.ptr ? ";" : ":");
    const size_t len = name.len + between.len + value.len + 1;
    const size_t count = transfer->line_count;
    char *line = transfer->lines + transfer->lines_len;
    if (count == INE__LINES || len > sizeof transfer->lines - transfer->lines_len)
        return false;
    memcpy(line, name.ptr, name.len);
    memcpy(line + name.len, between.ptr, between.len);
    if (value.len)
        memcpy(line + name.len + between.len, value.ptr, value.len);
    line[len - 1] = 0;
    transfer->line[count] = (struct curl_slist){.data = line};
    if (count)
        transfer->line[count - 1].next = &transfer->line[count];
    transfer->line_count = count + 1;
    transfer->lines_len += len;
    return true;
}

/* The exchange's headers and no others: what libcurl adds by itself is taken out. */
static bool set_headers(ine__transfer *transfer)
{
    static const ine_str own[] = {
        {"Expect", 6}, {"Accept", 6}, {"Content-Type", 12}, {"User-Agent", 10}};
    bool given[sizeof own / sizeof own[0]] = {false};
    ine_str name, value;
    for (size_t i = 0; ine_exchange_header(transfer->exchange, i, &name, &value) == INE_OK; i++) {
        for (size_t k = 0; k < sizeof own / sizeof own[0]; k++)
            given[k] = given[k] || ine__str_ieq(name, own[k]);
        if (!add_header(transfer, name, ine__str(value.ptr ? value.ptr : "", value.len)))
            return false;
    }
    for (size_t k = 0; k < sizeof own / sizeof own[0]; k++) {
        if (!given[k] && !add_header(transfer, own[k], INE__NONE))
            return false;
    }
    return curl_easy_setopt(transfer->easy, CURLOPT_HTTPHEADER, transfer->line) == CURLE_OK;
}

static CURLcode set_method(ine__transfer *transfer)
{
    CURL *easy = transfer->easy;
    const ine_str method = ine_exchange_get(transfer->exchange, INE_X_METHOD);
    const bool get = ine__str_is(method, "GET"), post = ine__str_is(method, "POST");
    const bool body = post || ine__str_is(method, "PATCH");
    CURLcode code = curl_easy_setopt(easy, body ? CURLOPT_POST : CURLOPT_HTTPGET, 1L);
    if (code == CURLE_OK && body)
        code = curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)transfer->size);
    if (code == CURLE_OK && (get || post))
        code = curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, NULL);
    else if (code == CURLE_OK)
        code = set_text(easy, CURLOPT_CUSTOMREQUEST, method);
    return code;
}

static long at_least(int64_t value, int64_t least)
{
    return (long)(value < least ? least : value);
}

static CURLcode set_times(ine__transfer *transfer, const ine_options *options)
{
    CURL *easy = transfer->easy;
    const int64_t whole = ine_exchange_attempt_timeout(transfer->exchange);
    const int64_t call = ine__option(options, INE_OPT_CALL_TIMEOUT_MS);
    const int64_t connect = ine__option(options, INE_OPT_CONNECT_TIMEOUT_MS);
    const int64_t least = whole < connect ? whole : connect;
    /* 0 would mean "for ever" to libcurl. */
    CURLcode code = curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, at_least(whole, 1));
    if (code == CURLE_OK)
        code = curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, at_least(least, 1));
    if (code == CURLE_OK)
        code =
            curl_easy_setopt(easy, CURLOPT_LOW_SPEED_TIME, at_least((call + 999) / 1000, STALL_S));
    return code;
}

bool ine__setup_request(ine__transfer *transfer, const ine_options *options)
{
    return set_text(transfer->easy, CURLOPT_URL, ine_exchange_get(transfer->exchange, INE_X_URL)) ==
               CURLE_OK &&
           set_method(transfer) == CURLE_OK && set_times(transfer, options) == CURLE_OK &&
           set_headers(transfer);
}
