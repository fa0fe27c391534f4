#include "net/failure.h"

/* What a code means before the request was begun, and after. 0: as the rest of the table. */
static const struct {
    CURLcode code;
    int32_t before, after;
} table[] = {
    {CURLE_COULDNT_RESOLVE_PROXY, INE_FAIL_RESOLVE, INE_FAIL_RESOLVE},
    {CURLE_COULDNT_RESOLVE_HOST, INE_FAIL_RESOLVE, INE_FAIL_RESOLVE},
    {CURLE_UNSUPPORTED_PROTOCOL, INE_FAIL_CONNECT, INE_FAIL_PROTOCOL},
    {CURLE_WEIRD_SERVER_REPLY, INE_FAIL_CONNECT, INE_FAIL_PROTOCOL},
    {CURLE_BAD_CONTENT_ENCODING, INE_FAIL_PROTOCOL, INE_FAIL_PROTOCOL},
    /* Never evidence of low memory: a header line over 100 KB ends so (F32, B11). */
    {CURLE_OUT_OF_MEMORY, INE_FAIL_CONNECT, INE_FAIL_LIMIT},
    {CURLE_FILESIZE_EXCEEDED, INE_FAIL_LIMIT, INE_FAIL_LIMIT},
    {CURLE_SSL_CONNECT_ERROR, INE_FAIL_TLS, INE_FAIL_BROKEN},
    {CURLE_SSL_ENGINE_NOTFOUND, INE_FAIL_TLS, INE_FAIL_TLS},
    {CURLE_SSL_ENGINE_SETFAILED, INE_FAIL_TLS, INE_FAIL_TLS},
    {CURLE_SSL_CERTPROBLEM, INE_FAIL_TLS, INE_FAIL_TLS},
    {CURLE_SSL_CIPHER, INE_FAIL_TLS, INE_FAIL_TLS},
    {CURLE_PEER_FAILED_VERIFICATION, INE_FAIL_TLS, INE_FAIL_TLS},
    {CURLE_USE_SSL_FAILED, INE_FAIL_TLS, INE_FAIL_TLS},
    {CURLE_SSL_CACERT_BADFILE, INE_FAIL_TLS, INE_FAIL_TLS},
    {CURLE_SSL_CRL_BADFILE, INE_FAIL_TLS, INE_FAIL_TLS},
    {CURLE_SSL_ISSUER_ERROR, INE_FAIL_TLS, INE_FAIL_TLS},
    {CURLE_SSL_PINNEDPUBKEYNOTMATCH, INE_FAIL_TLS, INE_FAIL_TLS},
    {CURLE_SSL_INVALIDCERTSTATUS, INE_FAIL_TLS, INE_FAIL_TLS},
    {CURLE_SSL_CLIENTCERT, INE_FAIL_TLS, INE_FAIL_TLS},
};

/* F50: a server that goes away at the ClientHello has refused a connection, not shown a wrong
 * certificate. libcurl has one code for both; a text that we do not know stays TLS. */
static bool went_away(const char *text)
{
    static const char *const signs[] = {"SSL_ERROR_SYSCALL", "onnection reset", "unexpected eof"};
    for (size_t i = 0; i < sizeof signs / sizeof signs[0]; i++) {
        if (strstr(text, signs[i]))
            return true;
    }
    return false;
}

int32_t ine__failure_of(CURLcode code, bool requested, bool body_read, const char *text)
{
    /* What was not sent completely can not have been processed (F14, F51). */
    if (code == CURLE_OPERATION_TIMEDOUT)
        return requested && body_read ? INE_FAIL_TIMEOUT : INE_FAIL_TIMEOUT_NOT_SENT;
    if (code == CURLE_SSL_CONNECT_ERROR && !requested && went_away(text))
        return INE_FAIL_CONNECT;
    /* F27: a chunk's size that is no number ends as "receive error". */
    if (code == CURLE_RECV_ERROR && strstr(text, "chunk"))
        return INE_FAIL_PROTOCOL;
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        if (table[i].code == code)
            return requested ? table[i].after : table[i].before;
    }
    return requested ? INE_FAIL_BROKEN : INE_FAIL_CONNECT;
}
