#include "options.h"

#include "num.h"

enum { NONE = 0, TEXT, NUMBER };

/* form: what a text must look like. */
enum { ANY = 0, BASE_URL, PROXY_URL, PRINTABLE, SUFFIX, PEM };

static const struct {
    int32_t type, form;
    int64_t fallback, min, max;
} table[INE__OPTIONS] = {
    [INE_OPT_BASE_URL] = {TEXT, BASE_URL, 0, 0, 0},
    [INE_OPT_INTEGRATION_ID] = {TEXT, PRINTABLE, 0, 0, 0},
    [INE_OPT_PROXY] = {TEXT, PROXY_URL, 0, 0, 0},
    [INE_OPT_CA_FILE] = {TEXT, ANY, 0, 0, 0},
    [INE_OPT_CA_PEM] = {TEXT, PEM, 0, 0, 0},
    [INE_OPT_CLIENT_CERT] = {TEXT, ANY, 0, 0, 0},
    [INE_OPT_CLIENT_KEY] = {TEXT, ANY, 0, 0, 0},
    [INE_OPT_CONNECT_TIMEOUT_MS] = {NUMBER, 0, 5000, 1, 600000},
    [INE_OPT_CALL_TIMEOUT_MS] = {NUMBER, 0, 15000, 1, 3600000},
    [INE_OPT_DEADLINE_MS] = {NUMBER, 0, 600000, 1, 604800000},
    [INE_OPT_USER_AGENT_SUFFIX] = {TEXT, SUFFIX, 0, 0, 0},
    [INE_OPT_RETRIES] = {NUMBER, 0, 2, 0, 5},
    [INE_OPT_REPLY_SIGNATURES] = {NUMBER, 0, 0, 0, 2},
    [INE_OPT_SIGN_SESSIONS] = {NUMBER, 0, 1, 0, 1},
    [INE_OPT_REQUIRE] = {NUMBER, 0, 0, 0, 0x7fe},
    [INE_OPT_STRICT] = {NUMBER, 0, 0, 0, 127},
    [INE_OPT_POLL_FIRST_MS] = {NUMBER, 0, 2000, 1, 3600000},
    [INE_OPT_POLL_MAX_MS] = {NUMBER, 0, 30000, 1, 3600000},
    [INE_OPT_MAX_REPLY] = {NUMBER, 0, 1048576, 1024, 1073741824},
    [INE_OPT_PAUSE_CREATED] = {NUMBER, 0, 0, 0, 1},
    [INE_OPT_PROGRESS] = {NUMBER, 0, 0, 0, 1},
    [INE_OPT_KEEP_METADATA] = {NUMBER, 0, 0, 0, 1},
    [INE_OPT_SEED] = {NUMBER, 0, 0, 0, INT64_MAX},
    [INE_OPT_TODAY] = {NUMBER, 0, 0, 0, 99991231},
    [INE_OPT_RETRY_LATER] = {NUMBER, 0, 0, 0, 10},
    [INE_OPT_BREAKER] = {NUMBER, 0, 0, 0, 1000},
    [INE_OPT_ATTEMPTS] = {NUMBER, 0, 0, 0, 1},
    [INE_OPT_THREAD] = {NUMBER, 0, 1, 0, 1},
    [INE_OPT_LOCAL_CHECKS] = {NUMBER, 0, 1, 0, 1},
};

static bool known(int32_t option, int32_t type)
{
    return option > 0 && option < INE__OPTIONS && table[option].type == type;
}

static void set_defaults(ine_options *options)
{
    for (int32_t i = 0; i < INE__OPTIONS; i++)
        options->number[i] = table[i].fallback;
}

int32_t ine_options_new(ine_options **out, ine_error **err)
{
    ine__error_clear(err);
    if (!out)
        return ine__fail(err, INE_E_ARGUMENT, "no place for the options");
    *out = ine__options_copy(NULL);
    if (!*out)
        return ine__fail_memory(err);
    atomic_init(&(*out)->owners, 0);
    return INE_OK;
}

ine_options *ine__options_copy(const ine_options *options)
{
    if (options && atomic_load(&options->owners)) {
        ine_options *shared = (ine_options *)(uintptr_t)options;
        atomic_fetch_add(&shared->owners, 1);
        return shared;
    }
    ine_options *copy = ine__alloc(sizeof *copy);
    if (!copy)
        return NULL;
    atomic_init(&copy->owners, 1);
    set_defaults(copy);
    if (!options)
        return copy;
    for (size_t i = 0; i < INE__OPTIONS; i++) {
        copy->number[i] = options->number[i];
        if (!ine__text_copy(&copy->text[i], options->text[i])) {
            ine_options_free(copy);
            return NULL;
        }
    }
    return copy;
}

void ine_options_free(ine_options *options)
{
    if (!options || (atomic_load(&options->owners) && atomic_fetch_sub(&options->owners, 1) > 1))
        return;
    for (size_t i = 0; i < INE__OPTIONS; i++)
        ine__text_free(&options->text[i]);
    ine__free(options);
}

int64_t ine__option(const ine_options *options, int32_t option)
{
    return options ? options->number[option] : table[option].fallback;
}

ine_str ine__option_text(const ine_options *options, int32_t option)
{
    return options ? options->text[option] : INE__NONE;
}

static bool host_char(char c)
{
    return ine__is_digit(c) || ine__is_alpha(c) || c == '-' || c == '.' || c == '_';
}

static bool is_loopback(ine_str host)
{
    return ine__str_ieq(host, INE__STR("localhost")) || ine__str_is(host, "::1") ||
           (ine__str_starts(host, "127.") && host.len <= 15);
}

/* Cuts the host off `rest`: a name, an IPv4 address, or an IPv6 address in brackets. */
static bool take_host(ine_str *rest, ine_str *host)
{
    size_t n = 0;
    if (rest->len && rest->ptr[0] == '[') {
        for (n = 1; n < rest->len && rest->ptr[n] != ']'; n++) {
            if (!ine__is_digit(rest->ptr[n]) && !ine__is_alpha(rest->ptr[n]) &&
                rest->ptr[n] != ':' && rest->ptr[n] != '.')
                return false;
        }
        if (n >= rest->len || n < 3)
            return false;
        *host = ine__str(rest->ptr + 1, n - 1);
        *rest = ine__str(rest->ptr + n + 1, rest->len - n - 1);
        return true;
    }
    while (n < rest->len && host_char(rest->ptr[n]))
        n++;
    *host = ine__str(rest->ptr, n);
    *rest = ine__str(rest->ptr + n, rest->len - n);
    return n > 0 && n <= 253;
}

static bool take_port(ine_str *rest, int32_t *port)
{
    int64_t number;
    size_t n = 1;
    *port = 0;
    if (rest->len == 0 || rest->ptr[0] != ':')
        return true;
    while (n < rest->len && ine__is_digit(rest->ptr[n]))
        n++;
    if (n > 6 || !ine__parse_uint(ine__str(rest->ptr + 1, n - 1), 65535, &number) || number == 0)
        return false;
    *port = (int32_t)number;
    *rest = ine__str(rest->ptr + n, rest->len - n);
    return true;
}

static bool path_char(char c)
{
    return ine__is_digit(c) || ine__is_alpha(c) || (c && strchr("/-._~%", c) != NULL);
}

bool ine__url_parse(ine_str text, ine__url *out)
{
    *out = (ine__url){.host = INE__NONE};
    out->https = ine__str_starts(text, "https://");
    if (text.len > 2048 || (!out->https && !ine__str_starts(text, "http://")))
        return false;
    const size_t skip = out->https ? 8 : 7;
    ine_str rest = ine__str(text.ptr + skip, text.len - skip);
    out->scheme = ine__str(text.ptr, skip - 3);
    if (!take_host(&rest, &out->host) || !take_port(&rest, &out->port))
        return false;
    for (size_t i = 0; i < rest.len; i++) {
        if (!path_char(rest.ptr[i]) || (i == 0 && rest.ptr[i] != '/'))
            return false;
    }
    if (ine__str_contains(rest, "/.") || ine__str_contains(rest, "//"))
        return false;
    while (rest.len && rest.ptr[rest.len - 1] == '/')
        rest.len--;
    out->path = rest;
    out->loopback = is_loopback(out->host);
    return true;
}

static const char *refusal(int32_t form, ine_str text)
{
    ine__url url;
    switch (form) {
    case BASE_URL:
        return ine__url_parse(text, &url)
                   ? NULL
                   : "the base URL must look like https://host, without user, query or fragment";
    case PROXY_URL:
        return ine__url_parse(text, &url) && url.path.len == 0
                   ? NULL
                   : "the proxy must look like http://host:port";
    case PRINTABLE:
        return text.len >= 1 && text.len <= 256 && ine__is_printable(text)
                   ? NULL
                   : "the integration id must be 1 to 256 printable ASCII characters";
    case SUFFIX:
        return text.len >= 1 && text.len <= 120 && ine__is_printable(text)
                   ? NULL
                   : "the user-agent suffix must be 1 to 120 printable ASCII characters";
    case PEM:
        return ine__str_contains(text, "-----BEGIN CERTIFICATE-----")
                   ? NULL
                   : "the CA text holds no PEM certificate";
    default:
        return text.len ? NULL : "an empty path";
    }
}

int32_t ine_options_set_text(ine_options *options, int32_t option, const char *text,
                             size_t text_len, ine_error **err)
{
    ine__error_clear(err);
    const ine_str value = ine__str(text, text_len);
    ine_str copy;
    if (!options || !known(option, TEXT))
        return ine__fail(err, INE_E_ARGUMENT, "no such text option in this version");
    if (value.ptr && (!ine__is_utf8(value) || ine__has_nul(value)))
        return ine__fail(err, INE_E_CONFIG, "an option is not UTF-8 text, or holds a NUL");
    const char *wrong = value.ptr ? refusal(table[option].form, value) : NULL;
    if (wrong) {
        const int32_t code = ine__fail(err, INE_E_CONFIG, wrong);
        if (err)
            ine__error_field(*err, ine_name(INE_NAMES_OPTION, option), INE__NONE);
        return code;
    }
    if (!ine__text_copy(&copy, value))
        return ine__fail_memory(err);
    ine__text_free(&options->text[option]);
    options->text[option] = copy;
    return INE_OK;
}

int32_t ine_options_set_number(ine_options *options, int32_t option, int64_t number,
                               ine_error **err)
{
    ine__date date;
    ine__error_clear(err);
    if (!options || !known(option, NUMBER))
        return ine__fail(err, INE_E_ARGUMENT, "no such number option in this version");
    if (number < table[option].min || number > table[option].max ||
        (option == INE_OPT_REQUIRE && (number & 1)) ||
        (option == INE_OPT_TODAY && number != 0 && !ine__date_from_number(number, &date))) {
        const int32_t code = ine__fail(err, INE_E_CONFIG, "an option's number is out of its range");
        if (err)
            ine__error_field(*err, ine_name(INE_NAMES_OPTION, option), INE__NONE);
        return code;
    }
    options->number[option] = number;
    return INE_OK;
}
