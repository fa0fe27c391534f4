/* API key and secrets of one integration, reference-counted: handles that use them share them. */
#ifndef INE_CRYPTO_CREDENTIALS_H
#define INE_CRYPTO_CREDENTIALS_H

#include "base/budget.h"
#include "base/error.h"
#include "crypto/sha256.h"

/* Keys minted by a sandbox begin so; see sandbox/README.md. */
#define INE__SANDBOX_KEY_PREFIX "5a4db0c5-"

/* One more owner; give it back with ine_credentials_free(). */
ine_credentials *ine__credentials_share(const ine_credentials *credentials);
ine_str ine__credentials_api_key(const ine_credentials *credentials);
ine_str ine__credentials_label(const ine_credentials *credentials);
size_t ine__credentials_secrets(const ine_credentials *credentials);
ine_str ine__credentials_secret_label(const ine_credentials *credentials, size_t index);
/* The secret itself, in the vault: for a diagnosis only, never for an error or a log. */
ine_str ine__credentials_secret(const ine_credentials *credentials, size_t index);

/* What all calls under these credentials may repeat, together. */
ine__budget *ine__credentials_budget(const ine_credentials *credentials);

/* Starts a MAC under the newest secret (index 0). INE_E_STATE when there is none. */
int32_t ine__credentials_mac(const ine_credentials *credentials, ine__hmac *mac, ine_error **err);
/* 64 lower-case digits of the MAC of `data` under the newest secret: callers are the request writer
 * and ine_sign() (A4, A5). */
int32_t ine__credentials_sign(const ine_credentials *credentials, ine_str data, char out[64],
                              ine_error **err);
/* Index of the secret under which `signature` is right for `body`, or -1. Always computes all of
 * them (A12). */
int32_t ine__credentials_verify(const ine_credentials *credentials, ine_str body,
                                ine_str signature);

#endif
