/* What is encoded decodes to itself; what decodes is the one encoding of it. */
#include "fuzz.h"

#include "crypto/base64.h"
#include "crypto/hex.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    size_t room, len;
    MUST(ine__base64_size(size, &room));
    char *text = malloc(room + 1);
    unsigned char *back = malloc(size + 3);
    MUST(ine__base64_encode(text, data, size) == room);
    MUST(ine__base64_decode(back, &len, ine__str(text, room)) && len == size);
    MUST(size == 0 || memcmp(back, data, size) == 0);
    free(text);
    free(back);
    back = malloc(size + 1);
    if (ine__base64_decode(back, &len, ine__str((const char *)data, size))) {
        text = malloc(size + 4);
        MUST(ine__base64_encode(text, back, len) == size);
        MUST(size == 0 || memcmp(text, data, size) == 0);
        free(text);
    }
    ine__hex_decode(back, size / 2, ine__str((const char *)data, size / 2 * 2));
    free(back);
    return 0;
}
