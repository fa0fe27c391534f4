/* The process, once: libcurl made ready and looked at, and what we run on as text. */
#include "base/buf.h"
#include "base/error.h"

#ifndef INE_NO_CURL
#include <curl/curl.h>
#endif
#include <dlfcn.h>
#include <openssl/crypto.h>
#include <pthread.h>
#include <stdio.h>

#define TEXT(number)  #number
#define NUMBER(macro) TEXT(macro)
#define VERSION \
    NUMBER(INE_VERSION_MAJOR) "." NUMBER(INE_VERSION_MINOR) "." NUMBER(INE_VERSION_PATCH)

static pthread_once_t once = PTHREAD_ONCE_INIT;
static const char *trouble; /* a literal; NULL when all is well */
static char build_info[512];

#ifdef INE_NO_CURL

static const char *start(void)
{
    return NULL;
}

static const char *curl_text(void)
{
    return "none";
}

#else

static const char *start(void)
{
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != 0)
        return "libcurl could not be initialised";
    const curl_version_info_data *info = curl_version_info(CURLVERSION_NOW);
    /* Without these a client in a thread is not safe in a host with signals or threads (B16). */
    if (!(info->features & CURL_VERSION_ASYNCHDNS))
        return "this libcurl resolves names with signals";
    if (!(info->features & CURL_VERSION_THREADSAFE))
        return "this libcurl is not thread-safe";
    /* Older ones write to a TLS connection without MSG_NOSIGNAL, on a caller's thread too. */
    if (info->version_num < 0x075800)
        return "this libcurl is older than 7.88";
    if (!(info->features & CURL_VERSION_SSL) || !strstr(info->ssl_version, "OpenSSL"))
        return "this libcurl does not use OpenSSL";
    return NULL;
}

static const char *curl_text(void)
{
    return curl_version();
}

#endif

/* In the same file as a function of ours: linked statically. */
static const char *link_of(const void *theirs)
{
    Dl_info ours, other;
    const union {
        const void *data;
        ine_str (*function)(void);
    } here = {.function = ine_version};
    if (!dladdr(here.data, &ours) || !dladdr(theirs, &other))
        return "unknown";
    return ours.dli_fbase == other.dli_fbase ? "static" : "shared";
}

static void init(void)
{
    const union {
        const void *data;
        const char *(*function)(int);
    } crypto = {.function = OpenSSL_version};
    trouble = start();
    snprintf(build_info, sizeof build_info,
             "libine=" VERSION "\nopenssl=%s\nopenssl_link=%s\nlibcurl=%s\n",
             OpenSSL_version(OPENSSL_VERSION), link_of(crypto.data), curl_text());
}

int32_t ine_init(ine_error **err)
{
    ine__error_clear(err);
    pthread_once(&once, init);
    return trouble ? ine__fail(err, INE_E_UNSUPPORTED, trouble) : INE_OK;
}

ine_str ine_build_info(void)
{
    pthread_once(&once, init);
    return ine__str_of(build_info);
}
