/* GET /portal: one page that shows what the sandbox did, and GET /sandbox/events, which tells it
 * when to look again. The page is in the binary; nothing on it comes from elsewhere. */
#include "portal.h"
#include "internal.h"

#include "crypto/base64.h"

/* The text between the page's only <tag> and </tag>. */
static ine_str between(ine_str page, const char *open, const char *close)
{
    const char *from = memmem(page.ptr, page.len, open, strlen(open));
    if (!from)
        return INE__NONE;
    from += strlen(open);
    const char *to = memmem(from, (size_t)(page.ptr + page.len - from), close, strlen(close));
    return to ? ine__str(from, (size_t)(to - from)) : INE__NONE;
}

static void add_hash(ine__buf *out, const char *directive, ine_str text)
{
    unsigned char digest[INE__SHA256_SIZE];
    char encoded[4 * ((INE__SHA256_SIZE + 2) / 3)];
    ine__sha256 hash;
    ine__sha256_begin(&hash);
    ine__sha256_add(&hash, text.ptr, text.len);
    ine__sha256_end(&hash, digest);
    ine__buf_text(out, directive);
    ine__buf_text(out, " 'sha256-");
    ine__buf_str(out, ine__str(encoded, ine__base64_encode(encoded, digest, sizeof digest)));
    ine__buf_text(out, "'; ");
}

/* The page's own style and script, by their hashes, and its own address; nothing else. */
static ine_str policy(ine_sandbox *sandbox, ine_str page)
{
    ine__buf text;
    ine__buf_init(&text, 1024);
    ine__buf_text(&text, "default-src 'none'; ");
    add_hash(&text, "script-src", between(page, "<script>", "</script>"));
    add_hash(&text, "style-src", between(page, "<style>", "</style>"));
    ine__buf_text(&text, "connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; "
                         "frame-ancestors 'none'");
    const ine_str copy = ine__sb_arena_copy(&sandbox->arena, ine__buf_view(&text));
    if (text.failed)
        sandbox->arena.failed = true;
    ine__buf_free(&text);
    return copy;
}

void ine__sb_portal(ine__sb_call *call)
{
    ine_sandbox *sandbox = call->sandbox;
    const ine_str page = ine__str((const char *)ine__sb_portal_page, ine__sb_portal_page_len);
    if (!ine__str_is(call->request->method, "GET") && !ine__str_is(call->request->method, "HEAD")) {
        ine__sb_not_found(call);
        return;
    }
    ine__sb_begin(call, 200);
    sandbox->reply.header_count = 0;
    ine__sb_header(sandbox, INE__STR("Content-Type"), INE__STR("text/html; charset=utf-8"));
    ine__sb_header(sandbox, INE__STR("Content-Security-Policy"), policy(sandbox, page));
    ine__sb_header(sandbox, INE__STR("X-Content-Type-Options"), INE__STR("nosniff"));
    ine__sb_header(sandbox, INE__STR("Referrer-Policy"), INE__STR("no-referrer"));
    ine__sb_header(sandbox, INE__STR("Cross-Origin-Opener-Policy"), INE__STR("same-origin"));
    ine__sb_header(sandbox, INE__STR("Cache-Control"), INE__STR("no-store"));
    ine__buf_str(&sandbox->body, page);
}

/* The head of a stream that a host goes on with: ine_sandbox_watch(). */
void ine__sb_admin_events(ine__sb_call *call)
{
    ine_sandbox *sandbox = call->sandbox;
    ine__sb_begin(call, 200);
    sandbox->reply.header_count = 0;
    ine__sb_header(sandbox, INE__STR("Content-Type"), INE__STR(INE_SANDBOX_EVENT_STREAM));
    ine__sb_header(sandbox, INE__STR("Cache-Control"), INE__STR("no-store"));
    ine__sb_header(sandbox, INE__STR("X-Content-Type-Options"), INE__STR("nosniff"));
    ine__buf_text(&sandbox->body, "retry: 1000\nevent: reset\ndata: {}\n\n");
}
