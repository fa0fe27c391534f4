#include "proto/media.h"

#include "crypto/base64.h"
#include "schema/call.h"

#define HEAD_CEILING 512
#define SCRATCH      4096

enum { PART_HEAD = 0, PART_MEDIA, PART_CHECK, PART_TAIL, PART_END };

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

int32_t ine__stream_init(ine__stream *stream, ine__media media, const ine_credentials *credentials,
                         const ine_options *options, ine_error **err)
{
    *stream = (ine__stream){.credentials = credentials, .media = media};
    ine__buf_init(&stream->head, HEAD_CEILING);
    ine__buf_init(&stream->tail, HEAD_CEILING);
    ine__inspect_init(&stream->inspect, &stream->media, options);
    if (media.from != INE__MEDIA_SOURCE)
        return INE_OK;
    stream->window = ine__alloc(INE__MEDIA_WINDOW);
    return stream->window ? INE_OK : ine__fail_memory(err);
}

void ine__stream_free(ine__stream *stream)
{
    if (!stream)
        return;
    if (stream->mac_open)
        ine__hmac_drop(&stream->mac);
    ine__buf_free(&stream->head);
    ine__buf_free(&stream->tail);
    ine__free_wiped(stream->window, INE__MEDIA_WINDOW);
    ine__free_wiped(stream, sizeof *stream);
}

static const ine__plan *plan_of(const ine__stream *stream)
{
    return &stream->inspect.walk.plan;
}

int32_t ine__stream_frame(ine__stream *stream, ine_str context, ine_str timestamp, ine_error **err)
{
    size_t encoded;
    const uint64_t size = plan_of(stream)->size;
    const ine_str mime = ine__inspect_mime(&stream->inspect);
    int32_t code = ine__write_media_head(
        &stream->head, context, mime.ptr ? mime : INE__STR("application/octet-stream"), err);
    if (!code)
        code = ine__write_media_tail(&stream->tail, timestamp, err);
    if (code)
        return code;
    if (size > SIZE_MAX || !ine__base64_size((size_t)size, &encoded) ||
        __builtin_add_overflow(stream->head.len + stream->tail.len, encoded, &stream->total))
        return ine__fail(err, INE_E_LIMIT, "the image is larger than memory can address");
    return INE_OK;
}

int32_t ine__stream_begin(ine__stream *stream, ine_error **err)
{
    if (stream->mac_open)
        ine__hmac_drop(&stream->mac);
    stream->mac_open = false;
    if (!stream->is_signed) {
        const int32_t code = ine__credentials_mac(stream->credentials, &stream->mac, err);
        if (code)
            return code;
        stream->mac_open = true;
        ine__hmac_add(&stream->mac, stream->head.ptr, stream->head.len);
    }
    ine__sum_begin(&stream->sum);
    stream->window_len = stream->window_at = stream->group_len = 0;
    stream->head_at = stream->tail_at = stream->spill_at = stream->spill_len = 0;
    stream->at = 0;
    stream->part = PART_HEAD;
    stream->ended = false;
    return INE_OK;
}

/* A source is read along the plan: what the plan leaves out is never asked for. */
void ine__stream_want(const ine__stream *stream, uint64_t *offset, size_t *most)
{
    ine__segment segment;
    const size_t held = stream->window_len - stream->window_at;
    *offset = 0;
    *most = 0;
    if (!ine__plan_at(plan_of(stream), stream->at + held, &segment) ||
        segment.kind != INE__SEGMENT_COPY)
        return;
    *offset = segment.offset;
    *most = least(segment.len, INE__MEDIA_WINDOW - held);
}

bool ine__stream_feed(ine__stream *stream, const void *data, size_t len)
{
    uint64_t offset;
    size_t most;
    ine__stream_want(stream, &offset, &most);
    if (!stream->window || len > most)
        return false;
    if (len == 0) {
        stream->ended = true;
        return true;
    }
    const size_t held = stream->window_len - stream->window_at;
    memmove(stream->window, stream->window + stream->window_at, held);
    memcpy(stream->window + held, data, len);
    stream->window_at = 0;
    stream->window_len = held + len;
    return true;
}

/* The bytes of the plan that can be encoded now, as far as they lie together. */
static ine_str at_hand(const ine__stream *stream)
{
    static const char zeros[256];
    ine__segment segment;
    if (!ine__plan_at(plan_of(stream), stream->at, &segment))
        return INE__NONE;
    if (segment.kind == INE__SEGMENT_ZERO)
        return ine__str(zeros, least(segment.len, sizeof zeros));
    if (segment.kind == INE__SEGMENT_LITERAL)
        return ine__str((const char *)plan_of(stream)->literal + segment.offset, segment.len);
    if (stream->media.from == INE__MEDIA_SOURCE)
        return ine__str((const char *)stream->window + stream->window_at,
                        stream->window_len - stream->window_at);
    return ine__str((const char *)stream->media.data + segment.offset, segment.len);
}

/* Nothing of a source's window is left from another segment: feeds end where a segment does. */
static void take(ine__stream *stream, size_t len)
{
    stream->at += len;
    stream->window_at +=
        len < stream->window_len - stream->window_at ? len : stream->window_len - stream->window_at;
}

static size_t encode_bytes(ine__stream *stream, char *out, const void *data, size_t len)
{
    const size_t written = ine__base64_encode(out, data, len);
    ine__sum_add(&stream->sum, data, len);
    if (stream->mac_open)
        ine__hmac_add(&stream->mac, out, written);
    return written;
}

/* A group whose bytes do not lie together; the last one of all may be short. */
static size_t encode_group(ine__stream *stream, char *out)
{
    while (stream->group_len < sizeof stream->group) {
        const ine_str raw = at_hand(stream);
        const size_t n = least(raw.len, sizeof stream->group - stream->group_len);
        if (n == 0)
            break;
        memcpy(stream->group + stream->group_len, raw.ptr, n);
        stream->group_len += n;
        take(stream, n);
    }
    const bool last = stream->at == plan_of(stream)->size;
    if (stream->group_len == 0 || (stream->group_len < sizeof stream->group && !last))
        return 0;
    const size_t len = stream->group_len;
    stream->group_len = 0;
    return encode_bytes(stream, out, stream->group, len);
}

/* Encodes as many whole groups as lie together and fit, or one that does not. */
static size_t encode(ine__stream *stream, char *out, size_t cap)
{
    const ine_str raw = at_hand(stream);
    const size_t whole = stream->group_len ? 0 : least(raw.len / 3, cap / 4) * 3;
    if (cap < 4)
        return 0;
    if (whole == 0)
        return encode_group(stream, out);
    const size_t written = encode_bytes(stream, out, raw.ptr, whole);
    take(stream, whole);
    return written;
}

static size_t copy_out(char *out, size_t cap, const char *from, size_t len, size_t *at)
{
    const size_t n = least(cap, len - *at);
    if (n)
        memcpy(out, from + *at, n);
    *at += n;
    return n;
}

/* Fills `out` with base64; a group that does not fit whole goes through the spill. */
static size_t read_media(ine__stream *stream, char *out, size_t cap)
{
    size_t done = copy_out(out, cap, stream->spill, stream->spill_len, &stream->spill_at);
    while (done < cap) {
        size_t n = encode(stream, out + done, cap - done);
        if (n == 0 && cap - done < 4) {
            stream->spill_at = 0;
            stream->spill_len = encode(stream, stream->spill, sizeof stream->spill);
            n = copy_out(out + done, cap - done, stream->spill, stream->spill_len,
                         &stream->spill_at);
        }
        if (n == 0)
            break;
        done += n;
    }
    return done;
}

static bool media_done(const ine__stream *stream)
{
    return stream->at == plan_of(stream)->size && stream->group_len == 0 &&
           stream->spill_at == stream->spill_len;
}

static void end_first_pass(ine__stream *stream)
{
    ine__hmac_add(&stream->mac, stream->tail.ptr, stream->tail.len);
    ine__hmac_end(&stream->mac, stream->signed_as);
    stream->mac_open = false;
    stream->is_signed = true;
    stream->first_sum = ine__sum_end(&stream->sum);
}

const unsigned char *ine__stream_mac(const ine__stream *stream)
{
    return stream->signed_as;
}

int32_t ine__stream_sign(ine__stream *stream)
{
    char scratch[SCRATCH];
    while (read_media(stream, scratch, sizeof scratch))
        ;
    ine__wipe(scratch, sizeof scratch);
    if (!media_done(stream))
        return stream->ended ? INE__STREAM_EARLY : INE__STREAM_FEED;
    end_first_pass(stream);
    return INE__STREAM_END;
}

int32_t ine__stream_read(ine__stream *stream, char *out, size_t cap, size_t *written)
{
    *written = 0;
    if (stream->part == PART_HEAD) {
        *written += copy_out(out, cap, stream->head.ptr, stream->head.len, &stream->head_at);
        if (stream->head_at == stream->head.len)
            stream->part = PART_MEDIA;
    }
    if (stream->part == PART_MEDIA) {
        *written += read_media(stream, out + *written, cap - *written);
        if (media_done(stream))
            stream->part = PART_CHECK;
        else if (*written == 0)
            return stream->ended ? INE__STREAM_CHANGED : INE__STREAM_FEED;
    }
    if (stream->part == PART_CHECK) {
        if (ine__sum_end(&stream->sum) != stream->first_sum)
            return INE__STREAM_CHANGED;
        stream->part = PART_TAIL;
    }
    if (stream->part == PART_TAIL) {
        *written += copy_out(out + *written, cap - *written, stream->tail.ptr, stream->tail.len,
                             &stream->tail_at);
        if (stream->tail_at == stream->tail.len)
            stream->part = PART_END;
    }
    return stream->part == PART_END ? INE__STREAM_END : INE__STREAM_MORE;
}
