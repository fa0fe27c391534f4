/* Retry-After and HTTP dates. */
#include "fuzz.h"

#include "proto/retryafter.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fuzz_input in = {data, size};
    const ine_str date = fuzz_text(&in, 60), value = fuzz_rest(&in);
    int64_t seconds;
    ine__http_date(value, 1775037665, &seconds);
    MUST(ine__retry_after_ms(value, date, 1775037665) >= -1);
    MUST(ine__retry_after_ms(value, INE__NONE, 0) >= -1);
    return 0;
}
