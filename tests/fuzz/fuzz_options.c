/* Settings and credentials from anywhere. */
#include "fuzz.h"

#include "base/options.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fuzz_input in = {data, size};
    ine_options *options;
    ine_credentials *credentials = NULL;
    MUST(ine_options_new(&options, NULL) == INE_OK);
    const int32_t option = fuzz_byte(&in) % 30;
    int64_t number = 0;
    for (int i = 0; i < 8; i++)
        number = (int64_t)((uint64_t)number << 8 | fuzz_byte(&in));
    ine_options_set_number(options, option, number, NULL);
    const ine_str key = fuzz_text(&in, 40), secret = fuzz_text(&in, 2000), text = fuzz_rest(&in);
    if (ine_options_set_text(options, INE_OPT_BASE_URL, text.ptr, text.len, NULL) == INE_OK) {
        ine__url url;
        MUST(ine__url_parse(text, &url) && url.host.len > 0 && ine__is_printable(text));
        MUST(!ine__str_contains(text, "@") && !ine__str_contains(text, "?"));
    }
    for (int32_t i = 0; i < 30; i++)
        ine_options_set_text(options, i, text.ptr, text.len, NULL);
    if (ine_credentials_new(&credentials, NULL, 0, key.ptr, key.len, NULL) == INE_OK)
        ine_credentials_add_secret(credentials, NULL, 0, secret.ptr, secret.len, NULL);
    ine_credentials_free(credentials);
    ine_options_free(options);
    return 0;
}
