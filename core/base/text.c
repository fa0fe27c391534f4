#include "base/text.h"

struct ine_text {
    ine__buf buf;
};

int32_t ine__text_give(ine_text **out, ine__buf *buf, ine_error **err)
{
    const bool too_long = buf->too_long;
    ine_text *text = buf->failed ? NULL : ine__alloc(sizeof *text);
    *out = text;
    if (text) {
        text->buf = *buf;
        return INE_OK;
    }
    ine__buf_free(buf);
    return too_long ? ine__fail(err, INE_E_LIMIT, "the text is larger than its limit")
                    : ine__fail_memory(err);
}

ine_str ine_text_view(const ine_text *text)
{
    return text ? ine__buf_view(&text->buf) : INE__NONE;
}

void ine_text_free(ine_text *text)
{
    if (!text)
        return;
    ine__buf_free(&text->buf);
    ine__free(text);
}
