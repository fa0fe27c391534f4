/* TLS for the sandbox: a certificate made at start, right or wrong (F47-F49). */
#ifndef INE_SANDBOX_TLS_H
#define INE_SANDBOX_TLS_H

#include <openssl/ssl.h>
#include <stdbool.h>

/* What --tls-fault knows. From TLS_PLAIN on no handshake takes place. */
typedef enum {
    TLS_RIGHT,
    TLS_SELF_SIGNED,
    TLS_WRONG_HOST,
    TLS_EXPIRED,
    TLS_ONLY_11,
    TLS_PLAIN,
    TLS_CLOSE,
    TLS_RESET,
    TLS_HANG,
    TLS_FAULTS
} tls_fault;

/* TLS_FAULTS for a name that is none; NULL is TLS_RIGHT. */
tls_fault tls_fault_of(const char *name);
/* A certificate for localhost and `address`, from an authority that exists for this start only.
 * Its own certificate goes to `ca_file`, unless that is NULL. NULL with a text in *why. */
SSL_CTX *tls_server(tls_fault fault, const char *address, const char *ca_file, const char **why);
/* For webhooks: trusts `ca_file`, or the system's authorities when NULL. */
SSL_CTX *tls_client(const char *ca_file);

#endif
