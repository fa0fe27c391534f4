/* Differential: our reader and jansson agree on what is JSON, but for what we refuse on purpose. */
#include "fuzz.h"

#include "json/reader.h"
#include "json/restyle.h"

#include <jansson.h>

/* jansson limits numbers to what an int64_t or a double can hold and takes no NUL in a name; we
 * keep their text. */
static bool beyond_jansson(ine_str text)
{
    size_t digits = 0, longest = 0;
    for (size_t i = 0; i < text.len; i++) {
        digits = ine__is_digit(text.ptr[i]) ? digits + 1 : 0;
        longest = digits > longest ? digits : longest;
    }
    return ine__str_contains(text, "e") || ine__str_contains(text, "E") ||
           ine__str_contains(text, "\\u0000") || longest >= 19;
}

/* We stop at depth 64, and a NUL byte ends no text of ours (jansson takes one behind the value). */
static bool beyond_ours(ine_str text)
{
    size_t brackets = 0;
    for (size_t i = 0; i < text.len; i++)
        brackets += text.ptr[i] == '[' || text.ptr[i] == '{';
    return brackets > INE__JSON_DEPTH || ine__has_nul(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const ine_str text = {(const char *)data, size};
    ine__json_fault fault;
    json_error_t error;
    const bool ours = ine__json_read(NULL, text, NULL, 0, &fault) == INE_OK;
    json_t *theirs = json_loadb((const char *)data, size, JSON_DECODE_ANY | JSON_ALLOW_NUL, &error);
    MUST(ours || !theirs || beyond_ours(text));
    MUST(!ours || theirs || beyond_jansson(text));
    MUST(ours || fault.offset <= size);
    if (ours) {
        ine__buf out;
        ine__buf_init(&out, size * 40 + 1024);
        ine__json_restyle(&out, text, (ine__json_style){2, false, INE__CHARS_ASCII});
        MUST(out.failed || ine__json_read(NULL, ine__buf_view(&out), NULL, 0, &fault) == INE_OK);
        json_t *again =
            out.failed ? NULL
                       : json_loadb(out.ptr, out.len, JSON_DECODE_ANY | JSON_ALLOW_NUL, &error);
        MUST(!theirs || out.failed || json_equal(theirs, again));
        json_decref(again);
        ine__buf_free(&out);
    }
    json_decref(theirs);
    return 0;
}
