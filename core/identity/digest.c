/* An image's hashes for an auditor's record: as given, and as it is sent. */
#include "crypto/hex.h"
#include "crypto/sha256.h"
#include "identity/image.h"
#include "identity/imagewalk.h"

static bool finish(ine__sha256 *hash, char *out)
{
    unsigned char digest[INE__SHA256_SIZE];
    const bool ok = ine__sha256_end(hash, digest);
    if (out)
        ine__hex_encode(out, digest, sizeof digest);
    return ok;
}

static bool hash_given(ine_str image, char *out)
{
    ine__sha256 hash;
    ine__sha256_begin(&hash);
    ine__sha256_add(&hash, image.ptr, image.len);
    return finish(&hash, out);
}

static void add_segment(ine__sha256 *hash, const ine__plan *plan, ine_str image,
                        const ine__segment *segment)
{
    static const unsigned char zeros[256];
    if (segment->kind == INE__SEGMENT_COPY)
        ine__sha256_add(hash, image.ptr + segment->offset, segment->len);
    else if (segment->kind == INE__SEGMENT_LITERAL)
        ine__sha256_add(hash, plan->literal + segment->offset, segment->len);
    else
        for (size_t left = segment->len; left;) {
            const size_t n = left < sizeof zeros ? left : sizeof zeros;
            ine__sha256_add(hash, zeros, n);
            left -= n;
        }
}

static bool hash_sent(ine__walk *walk, ine_str image, const ine_options *options, char *out)
{
    ine__sha256 hash;
    ine__segment segment;
    uint64_t offset;
    size_t len;
    ine__walk_init(walk, ine__image_sniff(image), image.len);
    while (ine__walk_next(walk, &offset, &len))
        ine__walk_feed_block(walk, 0, image.ptr, image.len);
    if (ine__option(options, INE_OPT_KEEP_METADATA))
        ine__walk_keep_all(walk);
    ine__sha256_begin(&hash);
    for (uint64_t at = 0; ine__plan_at(&walk->plan, at, &segment); at += segment.len)
        add_segment(&hash, &walk->plan, image, &segment);
    return finish(&hash, out);
}

int32_t ine_media_digest(const void *data, size_t data_len, const ine_options *options,
                         char given[64], char sent[64], ine_error **err)
{
    ine__error_clear(err);
    if (given)
        memset(given, 0, 64);
    if (sent)
        memset(sent, 0, 64);
    if (!data || data_len == 0)
        return ine__fail(err, INE_E_ARGUMENT, "no image");
    const ine_str image = ine__str(data, data_len);
    ine__walk *walk = ine__alloc(sizeof *walk);
    if (!walk)
        return ine__fail_memory(err);
    const bool ok = hash_given(image, given) && hash_sent(walk, image, options, sent);
    ine__free(walk);
    return ok ? INE_OK : ine__fail(err, INE_E_INTERNAL, "the image could not be hashed");
}
