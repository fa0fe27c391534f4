#include "proto/media.h"

#include "crypto/base64.h"
#include "schema/call.h"

#define HEAD_CEILING 512
#define SCRATCH      4096
#define PEEK         64

enum { PART_HEAD = 0, PART_MEDIA, PART_CHECK, PART_TAIL, PART_END };

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

int32_t ine__stream_init(ine__stream *stream, ine__media media, const ine_credentials *credentials,
                         ine_error **err)
{
    *stream = (ine__stream){.credentials = credentials, .media = media};
    ine__buf_init(&stream->head, HEAD_CEILING);
    ine__buf_init(&stream->tail, HEAD_CEILING);
    if (media.from != INE__MEDIA_SOURCE)
        return INE_OK;
    stream->window = ine__alloc(INE__MEDIA_WINDOW);
    return stream->window ? INE_OK : ine__fail_memory(err);
}

void ine__stream_free(ine__stream *stream)
{
    if (stream->mac_open)
        ine__hmac_drop(&stream->mac);
    ine__buf_free(&stream->head);
    ine__buf_free(&stream->tail);
    ine__free_wiped(stream->window, INE__MEDIA_WINDOW);
    ine__wipe(stream, sizeof *stream);
}

ine_str ine__stream_peek(const ine__stream *stream)
{
    const size_t enough = stream->media.size < PEEK ? (size_t)stream->media.size : PEEK;
    if (stream->media.from == INE__MEDIA_MEMORY)
        return ine__str(stream->media.data, enough);
    if (stream->window_len < enough)
        return INE__NONE;
    return ine__str((const char *)stream->window, enough);
}

int32_t ine__stream_frame(ine__stream *stream, ine_str context, ine_str mime, ine_str timestamp,
                          ine_error **err)
{
    size_t encoded;
    uint64_t frame;
    ine__buf_clear(&stream->head);
    ine__buf_clear(&stream->tail);
    int32_t code = ine__write_media_head(&stream->head, context, mime, err);
    if (!code)
        code = ine__write_media_tail(&stream->tail, timestamp, err);
    if (code)
        return code;
    if (stream->head.failed || stream->tail.failed)
        return ine__fail_memory(err);
    frame = stream->head.len + stream->tail.len;
    if (stream->media.size > SIZE_MAX || !ine__base64_size((size_t)stream->media.size, &encoded) ||
        __builtin_add_overflow(frame, encoded, &stream->total))
        return ine__fail(err, INE_E_LIMIT, "the image is larger than memory can address");
    return INE_OK;
}

int32_t ine__stream_begin(ine__stream *stream, ine_error **err)
{
    if (stream->mac_open)
        ine__hmac_drop(&stream->mac);
    stream->mac_open = false;
    const int32_t code = ine__credentials_mac(stream->credentials, &stream->mac, err);
    if (code)
        return code;
    stream->mac_open = true;
    /* bytes of the window are from the media's beginning only before the first pass */
    if (stream->is_signed || stream->at)
        stream->window_len = 0;
    stream->window_at = 0;
    stream->at = 0;
    stream->head_at = stream->tail_at = stream->spill_at = stream->spill_len = 0;
    stream->part = PART_HEAD;
    stream->ended = false;
    ine__hmac_add(&stream->mac, stream->head.ptr, stream->head.len);
    return INE_OK;
}

void ine__stream_want(const ine__stream *stream, uint64_t *offset, size_t *most)
{
    const size_t held = stream->window_len - stream->window_at;
    const size_t room = INE__MEDIA_WINDOW - held;
    *offset = stream->at + held;
    const uint64_t left = stream->media.size - *offset;
    *most = left < room ? (size_t)left : room;
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

/* The media bytes that can be encoded now. */
static ine_str at_hand(const ine__stream *stream)
{
    if (stream->media.from == INE__MEDIA_SOURCE)
        return ine__str((const char *)stream->window + stream->window_at,
                        stream->window_len - stream->window_at);
    return ine__str((const char *)stream->media.data + stream->at,
                    (size_t)(stream->media.size - stream->at));
}

/* Encodes as many whole groups as are at hand and fit; the last group of the media may be short. */
static size_t encode(ine__stream *stream, char *out, size_t cap)
{
    const ine_str raw = at_hand(stream);
    const bool last = raw.len == stream->media.size - stream->at;
    size_t take = least(raw.len / 3, cap / 4) * 3;
    if (last && take + 3 > raw.len && raw.len > take && cap / 4 > take / 3)
        take = raw.len;
    if (take == 0)
        return 0;
    const size_t written = ine__base64_encode(out, raw.ptr, take);
    stream->at += take;
    if (stream->media.from == INE__MEDIA_SOURCE)
        stream->window_at += take;
    ine__hmac_add(&stream->mac, out, written);
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
    if (cap - done >= 4)
        done += encode(stream, out + done, cap - done);
    while (done < cap && stream->spill_at == stream->spill_len) {
        stream->spill_at = 0;
        stream->spill_len = encode(stream, stream->spill, sizeof stream->spill);
        if (stream->spill_len == 0)
            break;
        done +=
            copy_out(out + done, cap - done, stream->spill, stream->spill_len, &stream->spill_at);
    }
    return done;
}

static bool media_done(const ine__stream *stream)
{
    return stream->at == stream->media.size && stream->spill_at == stream->spill_len;
}

/* Ends the MAC; after the second pass it must be the first one's. */
static bool end_mac(ine__stream *stream)
{
    unsigned char mac[INE__SHA256_SIZE];
    ine__hmac_add(&stream->mac, stream->tail.ptr, stream->tail.len);
    ine__hmac_end(&stream->mac, mac);
    stream->mac_open = false;
    if (stream->is_signed)
        return ine__same_bytes(mac, stream->first, sizeof mac);
    memcpy(stream->first, mac, sizeof mac);
    stream->is_signed = true;
    return true;
}

const unsigned char *ine__stream_mac(const ine__stream *stream)
{
    return stream->first;
}

int32_t ine__stream_sign(ine__stream *stream)
{
    char scratch[SCRATCH];
    while (read_media(stream, scratch, sizeof scratch))
        ;
    ine__wipe(scratch, sizeof scratch);
    if (!media_done(stream))
        return stream->ended ? INE__STREAM_EARLY : INE__STREAM_FEED;
    end_mac(stream);
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
        if (!end_mac(stream))
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
