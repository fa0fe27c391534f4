#include "tls.h"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <string.h>

#define DAY 86400L

static const char *const names[TLS_FAULTS] = {
    "none", "self_signed", "wrong_host", "expired", "tls11", "plain", "close", "reset", "hang"};

tls_fault tls_fault_of(const char *name)
{
    for (int i = 0; name && i < TLS_FAULTS; i++) {
        if (strcmp(name, names[i]) == 0)
            return (tls_fault)i;
    }
    return name ? TLS_FAULTS : TLS_RIGHT;
}

static bool add_extension(X509 *cert, X509 *issuer, int nid, const char *value)
{
    X509V3_CTX ctx;
    X509V3_set_ctx_nodb(&ctx);
    X509V3_set_ctx(&ctx, issuer, cert, NULL, NULL, 0);
    X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, &ctx, nid, value);
    const bool ok = extension && X509_add_ext(cert, extension, -1) == 1;
    X509_EXTENSION_free(extension);
    return ok;
}

static bool set_name(X509_NAME *name, const char *text)
{
    return X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8, (const unsigned char *)text, -1,
                                      -1, 0) == 1;
}

/* `issuer` NULL: signs itself. */
static X509 *make_cert(EVP_PKEY *key, const char *subject, X509 *issuer, EVP_PKEY *issuer_key,
                       long first_day, long last_day, const char *names_of_host)
{
    unsigned char serial[8];
    X509 *cert = X509_new();
    X509 *by = issuer ? issuer : cert;
    bool ok = cert && RAND_bytes(serial, sizeof serial) == 1;
    if (ok) {
        serial[0] &= 0x7f;
        BIGNUM *number = BN_bin2bn(serial, sizeof serial, NULL);
        ok = number && BN_to_ASN1_INTEGER(number, X509_get_serialNumber(cert)) &&
             X509_set_version(cert, X509_VERSION_3) == 1;
        BN_free(number);
    }
    ok = ok && X509_gmtime_adj(X509_getm_notBefore(cert), first_day * DAY) &&
         X509_gmtime_adj(X509_getm_notAfter(cert), last_day * DAY) &&
         X509_set_pubkey(cert, key) == 1 && set_name(X509_get_subject_name(cert), subject) &&
         X509_set_issuer_name(cert, X509_get_subject_name(by)) == 1 &&
         add_extension(cert, by, NID_basic_constraints,
                       names_of_host ? "critical,CA:FALSE" : "critical,CA:TRUE") &&
         add_extension(cert, by, NID_subject_key_identifier, "hash") &&
         (names_of_host ? add_extension(cert, by, NID_subject_alt_name, names_of_host)
                        : add_extension(cert, by, NID_key_usage, "critical,keyCertSign")) &&
         X509_sign(cert, issuer_key, EVP_sha256()) > 0;
    if (ok)
        return cert;
    X509_free(cert);
    return NULL;
}

static bool write_ca(const char *path, X509 *ca)
{
    FILE *file = fopen(path, "we");
    if (!file)
        return false;
    const bool written = PEM_write_X509(file, ca) == 1;
    return fclose(file) == 0 && written;
}

static bool use(SSL_CTX *ctx, X509 *cert, EVP_PKEY *key, tls_fault fault)
{
    bool ok = SSL_CTX_use_certificate(ctx, cert) == 1 && SSL_CTX_use_PrivateKey(ctx, key) == 1 &&
              SSL_CTX_set_min_proto_version(ctx, TLS1_2_VERSION) == 1;
    if (fault == TLS_ONLY_11) /* which OpenSSL allows at its lowest level only */
        ok = ok && SSL_CTX_set_min_proto_version(ctx, TLS1_1_VERSION) == 1 &&
             SSL_CTX_set_max_proto_version(ctx, TLS1_1_VERSION) == 1 &&
             SSL_CTX_set_cipher_list(ctx, "ALL:@SECLEVEL=0") == 1;
    return ok;
}

SSL_CTX *tls_server(tls_fault fault, const char *address, const char *ca_file, const char **why)
{
    char host[128];
    const bool known = strcmp(address, "0.0.0.0") != 0 && strcmp(address, "::") != 0;
    snprintf(host, sizeof host, "DNS:localhost,IP:127.0.0.1,IP:::1%s%s", known ? ",IP:" : "",
             known ? address : "");
    const long first = fault == TLS_EXPIRED ? -30 : -1, last = fault == TLS_EXPIRED ? -2 : 30;
    EVP_PKEY *ca_key = EVP_EC_gen("P-256"), *key = EVP_EC_gen("P-256");
    X509 *ca =
        ca_key ? make_cert(ca_key, "ine-sandbox, made at its start", NULL, ca_key, -31, 31, NULL)
               : NULL;
    const bool own = fault == TLS_SELF_SIGNED;
    X509 *cert = ca && key
                     ? make_cert(key, "ine-sandbox", own ? NULL : ca, own ? key : ca_key, first,
                                 last, fault == TLS_WRONG_HOST ? "DNS:elsewhere.example" : host)
                     : NULL;
    SSL_CTX *ctx = cert ? SSL_CTX_new(TLS_server_method()) : NULL;
    *why = "no certificate could be made";
    bool ok = ctx && use(ctx, cert, key, fault);
    if (ok && ca_file && !write_ca(ca_file, ca)) {
        *why = "--ca-file can not be written";
        ok = false;
    }
    if (!ok) {
        SSL_CTX_free(ctx);
        ctx = NULL;
    }
    X509_free(cert);
    X509_free(ca);
    EVP_PKEY_free(key);
    EVP_PKEY_free(ca_key);
    return ctx;
}

SSL_CTX *tls_client(const char *ca_file)
{
    SSL_CTX *ctx = SSL_CTX_new(TLS_client_method());
    if (!ctx)
        return NULL;
    SSL_CTX_set_verify(ctx, SSL_VERIFY_PEER, NULL);
    if (SSL_CTX_set_min_proto_version(ctx, TLS1_2_VERSION) == 1 &&
        (ca_file ? SSL_CTX_load_verify_locations(ctx, ca_file, NULL)
                 : SSL_CTX_set_default_verify_paths(ctx)) == 1)
        return ctx;
    SSL_CTX_free(ctx);
    return NULL;
}
