#include "net/config.h"

#include "crypto/credentials.h"

#include <limits.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

static int32_t refuse(ine_error **err, int32_t option, const char *text)
{
    const int32_t code = ine__fail(err, INE_E_CONFIG, text);
    if (err)
        ine__error_field(*err, ine_name(INE_NAMES_OPTION, option), INE__NONE);
    return code;
}

/* A file for reading; NULL when it can not be opened. */
static BIO *open_file(ine_str path)
{
    char *name = ine__alloc(path.len + 1);
    if (!name)
        return NULL;
    memcpy(name, path.ptr, path.len);
    BIO *bio = BIO_new_file(name, "r");
    ine__free(name);
    ERR_clear_error();
    return bio;
}

/* Takes `bio`. */
static bool holds_certificate(BIO *bio)
{
    X509 *certificate = bio ? PEM_read_bio_X509_AUX(bio, NULL, NULL, NULL) : NULL;
    const bool found = certificate != NULL;
    X509_free(certificate);
    BIO_free(bio);
    ERR_clear_error();
    return found;
}

static bool can_be_read(ine_str path)
{
    BIO *bio = open_file(path);
    BIO_free(bio);
    return bio != NULL;
}

static int32_t check_trust(const ine_options *options, ine_error **err)
{
    const ine_str file = ine__option_text(options, INE_OPT_CA_FILE);
    const ine_str pem = ine__option_text(options, INE_OPT_CA_PEM);
    /* F52: libcurl would say so at the first call only. */
    if (file.ptr && !holds_certificate(open_file(file)))
        return refuse(err, INE_OPT_CA_FILE, "the CA file is missing, or holds no certificate");
    if (pem.ptr &&
        (pem.len > INT_MAX || !holds_certificate(BIO_new_mem_buf(pem.ptr, (int)pem.len))))
        return refuse(err, INE_OPT_CA_PEM, "the CA text holds no certificate");
    return INE_OK;
}

static int32_t check_client_certificate(const ine_options *options, ine_error **err)
{
    const ine_str cert = ine__option_text(options, INE_OPT_CLIENT_CERT);
    const ine_str key = ine__option_text(options, INE_OPT_CLIENT_KEY);
    if (cert.ptr && !holds_certificate(open_file(cert)))
        return refuse(err, INE_OPT_CLIENT_CERT,
                      "the client certificate's file is missing, or holds no certificate");
    if (key.ptr && (!cert.ptr || !can_be_read(key)))
        return refuse(err, INE_OPT_CLIENT_KEY,
                      "the client key can not be read, or has no certificate beside it");
    return INE_OK;
}

int32_t ine__config_check(const ine_options *options, const ine_credentials *credentials,
                          ine_error **err)
{
    ine__url url;
    const ine_str base = ine__option_text(options, INE_OPT_BASE_URL);
    if (!base.ptr || !ine__url_parse(base, &url))
        return refuse(err, INE_OPT_BASE_URL, "the base URL is not set");
    if (!url.https && !url.loopback && !ine_credentials_is_sandbox(credentials))
        return refuse(err, INE_OPT_BASE_URL,
                      "the base URL must begin with https:// unless it leads to this machine");
    if (ine__option(options, INE_OPT_REPLY_SIGNATURES) == INE_REPLY_SIGNATURES_OFF &&
        !ine_credentials_is_sandbox(credentials))
        return refuse(err, INE_OPT_REPLY_SIGNATURES,
                      "only with a sandbox key may signatures be ignored");
    if (ine__credentials_secrets(credentials) == 0)
        return ine__fail(err, INE_E_STATE, "the credentials hold no secret");
    const int32_t code = check_trust(options, err);
    return code == INE_OK ? check_client_certificate(options, err) : code;
}
