#include "proto/inspect.h"

static size_t head_size(const ine__inspect *inspect)
{
    return inspect->media->size < INE__INSPECT_HEAD ? (size_t)inspect->media->size
                                                    : INE__INSPECT_HEAD;
}

static int32_t kind_of(const ine__inspect *inspect)
{
    return ine__image_sniff(ine__str(inspect->head, inspect->head_len));
}

/* With the head at hand: what it is, and then its structure. */
static void begin_walk(ine__inspect *inspect)
{
    ine__walk_init(&inspect->walk, kind_of(inspect), inspect->media->size);
    inspect->walking = true;
    if (inspect->keep)
        ine__walk_keep_all(&inspect->walk);
    else
        ine__walk_feed_block(&inspect->walk, 0, inspect->head, inspect->head_len);
}

void ine__inspect_init(ine__inspect *inspect, const ine__media *media, const ine_options *options)
{
    *inspect = (ine__inspect){
        .media = media,
        .keep = ine__option(options, INE_OPT_KEEP_METADATA) != 0,
    };
    if (media->from != INE__MEDIA_MEMORY)
        return;
    inspect->head_len = head_size(inspect);
    if (inspect->head_len)
        memcpy(inspect->head, media->data, inspect->head_len);
    begin_walk(inspect);
    if (!inspect->keep)
        ine__walk_feed_block(&inspect->walk, 0, media->data, (size_t)media->size);
}

bool ine__inspect_want(const ine__inspect *inspect, uint64_t *offset, size_t *most)
{
    *offset = inspect->head_len;
    *most = 0;
    if (inspect->early || (inspect->walking && inspect->keep))
        return false;
    if (inspect->walking ? !ine__walk_next(&inspect->walk, offset, most)
                         : inspect->head_len == head_size(inspect))
        return false;
    /* more than is needed now: the next steps are likely to lie in it too */
    const uint64_t left = inspect->media->size - *offset;
    *most = left < INE__INSPECT_BLOCK ? (size_t)left : INE__INSPECT_BLOCK;
    return true;
}

void ine__inspect_feed(ine__inspect *inspect, const void *data, size_t len)
{
    uint64_t offset;
    size_t most;
    if (!ine__inspect_want(inspect, &offset, &most))
        return;
    if (len == 0) {
        inspect->early = true;
        return;
    }
    if (!inspect->walking) {
        const size_t missing = head_size(inspect) - inspect->head_len;
        const size_t n = len < missing ? len : missing;
        memcpy(inspect->head + inspect->head_len, data, n);
        inspect->head_len += n;
        if (n < missing)
            return;
        begin_walk(inspect);
    }
    if (!inspect->keep)
        ine__walk_feed_block(&inspect->walk, offset, data, len);
}

bool ine__inspect_report(const ine__inspect *inspect, int32_t context, const ine_options *options,
                         ine_report *report)
{
    const int32_t kind = kind_of(inspect);
    const uint64_t size = inspect->media->size;
    if (!ine__report_image(report, context, ine__str(inspect->head, inspect->head_len), size,
                           options))
        return false;
    if (inspect->keep || kind == INE__IMAGE_UNKNOWN || !ine__image_fits(kind, size))
        return true;
    return ine__report_image_walk(report, &inspect->walk, options);
}

ine_str ine__inspect_mime(const ine__inspect *inspect)
{
    return ine__image_mime(kind_of(inspect));
}
