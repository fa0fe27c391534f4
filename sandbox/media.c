/* POST and GET of media. */
#include "internal.h"

#include "crypto/base64.h"
#include "crypto/hex.h"

#define BASE64_LIMIT 24000000u /* "below 24 MB of base64" [docs: v1sessionsidmedia-3] */
#define PDF_LIMIT    20000000u
#define PER_ATTEMPT  999

/* [docs: context-types-image-video-1]; "selfie" is not one of them (C-23). */
static const char *const contexts[] = {
    "face",
    "face-pre",
    "face-nfc",
    "face-cropped",
    "face-reference",
    "registry-face",
    "document-front",
    "document-front-pre",
    "document-front-qrcode",
    "document-front-qrcode-pre",
    "document-front-face-cropped",
    "document-front-with-signature",
    "document-front-with-signature-pre",
    "document-back",
    "document-back-pre",
    "document-back-barcode",
    "document-back-barcode-pre",
    "document-back-qrcode",
    "document-back-qrcode-pre",
    "document-and-face",
    "document-and-face-pre",
    "address-front",
    "generic-document-front",
};

enum { S_NONE, S_IMAGE, S_CONTEXT, S_CONTENT, S_TIMESTAMP, S_COUNT };
static const ine__member image_members[] = {
    INE__MEMBER("context", S_CONTEXT, NULL),
    INE__MEMBER("content", S_CONTENT, NULL),
    INE__MEMBER("timestamp", S_TIMESTAMP, NULL),
};
static const ine__object image_object = {.members = image_members, .count = 3};
static const ine__member root_members[] = {INE__MEMBER("image", S_IMAGE, &image_object)};
static const ine__object root_object = {.members = root_members, .count = 1};

static void media_id(const ine__sb_call *call, int64_t index, char out[36])
{
    const ine__sb_session *s = &call->session;
    ine__sb_uuid(call->sandbox, INE__SB_ID_MEDIA, s->seq, s->attempts * 1000 + index, out);
}

static void write_image(const ine__sb_call *call, ine__writer *w, const ine__sb_media *m)
{
    static const char path[] = "/v1/media/";
    ine__buf url;
    ine__buf_init(&url, 4096);
    ine__buf_str(&url, call->sandbox->base_url);
    ine__buf_text(&url, path);
    ine__buf_str(&url, m->id);
    ine__write_object(w);
    ine__write_key(w, "id");
    ine__write_str(w, m->id);
    ine__write_key(w, "name");
    ine__write_str(w, m->context);
    ine__write_key(w, "context");
    ine__write_str(w, m->context);
    ine__write_key(w, "timestamp");
    ine__write_null(w); /* deprecated, always null */
    ine__write_key(w, "size");
    ine__write_int(w, m->size);
    ine__write_key(w, "mimetype");
    ine__write_str(w, m->mime);
    ine__write_key(w, "url");
    ine__write_str(w, ine__buf_view(&url));
    ine__write_key(w, "sessionId");
    ine__write_str(w, m->session);
    ine__write_end_object(w);
    if (url.failed)
        call->sandbox->body.failed = true;
    ine__buf_free(&url);
}

/* --- Upload --------------------------------------------------------------------------------------
 */

/* Behind "data:<type>/<subtype>[;...];base64,"; bare base64 is taken as well (C-22). */
static ine_str without_data_uri(ine_str content)
{
    if (!ine__str_starts(content, "data:"))
        return content;
    const char *comma = memchr(content.ptr, ',', content.len);
    if (!comma)
        return INE__NONE;
    const ine_str head = ine__str(content.ptr, (size_t)(comma - content.ptr));
    const size_t n = sizeof ";base64" - 1;
    if (head.len < n || memcmp(comma - n, ";base64", n) != 0 || !memchr(head.ptr, '/', head.len))
        return INE__NONE;
    return ine__str(comma + 1, content.len - head.len - 1);
}

static bool is_context(ine_str text)
{
    for (size_t i = 0; i < sizeof contexts / sizeof *contexts; i++) {
        if (ine__str_is(text, contexts[i]))
            return true;
    }
    return false;
}

/* The image's bytes in the arena; absent when it was answered. */
static ine_str take_image(ine__sb_call *call, const ine__slot *slots, ine_str *context)
{
    const ine_str body = call->request->body;
    int64_t at;
    if (slots[S_IMAGE].type != INE__J_OBJECT)
        return ine__sb_fail(call, 1400), INE__NONE;
    if (slots[S_CONTEXT].type != INE__J_STRING || slots[S_CONTENT].type != INE__J_STRING)
        return ine__sb_fail(call, 1403), INE__NONE;
    *context = ine__sb_slot_text(call, body, slots[S_CONTEXT]);
    if (!is_context(*context))
        return ine__sb_fail(call, 1402), INE__NONE;
    if (slots[S_TIMESTAMP].type != INE__J_ABSENT && slots[S_TIMESTAMP].type != INE__J_NULL &&
        !ine__sb_time_parse(ine__sb_slot_text(call, body, slots[S_TIMESTAMP]), &at))
        return ine__sb_fail(call, 1202), INE__NONE;
    const ine_str base64 = without_data_uri(ine__sb_slot_text(call, body, slots[S_CONTENT]));
    if (base64.len >= BASE64_LIMIT)
        return ine__sb_fail_as(call, 413, 1104, "The image is too large."), INE__NONE;
    char *bytes = ine__sb_arena_take(&call->sandbox->arena, base64.len / 4 * 3 + 3);
    size_t len = 0;
    if (!bytes)
        return INE__NONE;
    if (!base64.ptr || !ine__base64_decode(bytes, &len, base64))
        return ine__sb_fail(call, 1401), INE__NONE;
    if (len == 0)
        return ine__sb_fail(call, 1400), INE__NONE;
    return ine__str(bytes, len);
}

static ine_str sha256_of(ine__sb_call *call, ine_str bytes)
{
    unsigned char digest[INE__SHA256_SIZE];
    ine__sha256 hash;
    char *digits = ine__sb_arena_take(&call->sandbox->arena, 2 * sizeof digest);
    if (!digits)
        return INE__NONE;
    ine__sha256_begin(&hash);
    ine__sha256_add(&hash, bytes.ptr, bytes.len);
    ine__sha256_end(&hash, digest);
    ine__hex_encode(digits, digest, sizeof digest);
    return ine__str(digits, 2 * sizeof digest);
}

/* What the newest face says about itself goes into the session. */
static void note_face(ine__sb_call *call, ine_str bytes)
{
    ine__sb_session *s = &call->session;
    ine_str value;
    int64_t score;
    s->faces++;
    s->face_sha = sha256_of(call, bytes);
    s->score = 0;
    if (ine__sb_read_marker(bytes, "ine-sandbox-score=", &value) &&
        ine__parse_uint(value, 100, &score))
        s->score = 1 + score;
    s->face = INE__NONE;
    if (ine__sb_read_marker(bytes, "ine-sandbox-face=", &value))
        s->face = value;
}

static bool store_image(ine__sb_call *call, ine__sb_media *media, ine_str bytes)
{
    ine_sandbox *sandbox = call->sandbox;
    ine__sb_session *s = &call->session;
    media->seq = ++sandbox->media;
    media->size = (int64_t)bytes.len;
    media->session = s->id;
    s->media++;
    if (s->status == INE__SB_CREATED && !ine__sb_hook(call, INE__SB_HOOK_STARTED, call->now))
        return false;
    s->status = INE__SB_STARTED;
    if (ine__str_is(media->context, "face"))
        note_face(call, bytes);
    return ine__sb_keep_bytes(sandbox, media, bytes) &&
           ine__sb_save(sandbox, INE_SANDBOX_MEDIA, media->id, ine__sb_media_fields,
                        ine__sb_media_field_count, media) &&
           ine__sb_save_session(sandbox, s) && ine__sb_save_counters(sandbox);
}

void ine__sb_upload(ine__sb_call *call)
{
    ine__slot slots[S_COUNT] = {0};
    ine__sb_media media = {0};
    char id[36];
    if (!ine__sb_open_session(call, 409))
        return;
    if (!ine__sb_json_body(call, &root_object, slots, S_COUNT))
        return;
    const ine_str bytes = take_image(call, slots, &media.context);
    if (!bytes.ptr)
        return;
    media.mime = ine__sb_sniff(bytes);
    const bool pdf = ine__str_is(media.mime, "application/pdf");
    if (!media.mime.ptr) {
        ine__sb_fail_as(call, 0, 1104, "The image is of a kind that is not supported.");
        return;
    }
    if (pdf && bytes.len >= PDF_LIMIT) {
        ine__sb_fail_as(call, 413, 1104, "The image is too large.");
        return;
    }
    if (call->session.media >= PER_ATTEMPT) {
        ine__sb_fail_as(call, 0, 1104, "Too many images.");
        return;
    }
    media_id(call, call->session.media + 1, id);
    media.id = ine__str(id, sizeof id);
    if (!store_image(call, &media, bytes)) {
        ine__sb_broken(call);
        return;
    }
    ine__writer w = ine__sb_begin(call, 200);
    ine__write_object(&w);
    ine__write_key(&w, "status");
    ine__write_text(&w, "success");
    ine__write_key(&w, "image");
    write_image(call, &w, &media);
    ine__write_end_object(&w);
}

/* --- Reading -------------------------------------------------------------------------------------
 */

/* Only the newest attempt's [docs: v1sessionsidmedia-2]. */
void ine__sb_media_list(ine__sb_call *call)
{
    ine__writer w = ine__sb_begin(call, 200);
    ine__write_object(&w);
    ine__write_key(&w, "status");
    ine__write_text(&w, "success");
    ine__write_key(&w, "images");
    ine__write_array(&w);
    for (int64_t i = 1; i <= call->session.media; i++) {
        ine__sb_media media;
        char id[36];
        media_id(call, i, id);
        const int32_t found = ine__sb_load_media(call->sandbox, ine__str(id, sizeof id), &media);
        if (found < 0) {
            ine__sb_broken(call);
            return;
        }
        if (found)
            write_image(call, &w, &media);
    }
    ine__write_end_array(&w);
    ine__write_key(&w, "videos");
    ine__write_array(&w);
    ine__write_end_array(&w);
    ine__write_end_object(&w);
}

/* Loads the session `id` of the caller; false when it was answered. */
static bool own_session(ine__sb_call *call, ine_str id)
{
    const int32_t found = ine__sb_load_session(call->sandbox, id, &call->session);
    if (found < 0)
        return ine__sb_broken(call), false;
    if (!found || !ine__str_eq(call->session.integration, call->who->api_key))
        return ine__sb_not_found(call), false;
    return true;
}

void ine__sb_attempt_media(ine__sb_call *call)
{
    ine__sb_attempt attempt;
    const ine_str id = ine__str(call->lower_id, sizeof call->lower_id);
    const int32_t found = ine__sb_load_attempt(call->sandbox, id, &attempt);
    if (found <= 0) {
        (found ? ine__sb_broken : ine__sb_not_found)(call);
        return;
    }
    if (!own_session(call, attempt.session))
        return;
    if (attempt.number != call->session.attempts) {
        call->session.attempts = attempt.number;
        call->session.media = attempt.media;
    }
    ine__sb_media_list(call);
}

void ine__sb_download(ine__sb_call *call)
{
    ine_sandbox *sandbox = call->sandbox;
    const ine_str id = ine__str(call->lower_id, sizeof call->lower_id);
    ine__sb_media media;
    ine_str bytes;
    int32_t found = ine__sb_load_media(sandbox, id, &media);
    if (found <= 0) {
        (found ? ine__sb_broken : ine__sb_not_found)(call);
        return;
    }
    if (!own_session(call, media.session))
        return;
    found = ine__sb_load(sandbox, INE_SANDBOX_BYTES, id, &bytes);
    if (found <= 0) {
        (found ? ine__sb_broken : ine__sb_not_found)(call);
        return;
    }
    ine__sb_begin(call, 200);
    sandbox->headers[0].value = media.mime;
    ine__buf_str(&sandbox->body, bytes);
}
