/**
 * @file ine_experimental.h
 * What is still taking shape: no promise holds for it, and libine.so does not export it. It is in
 * libine_testing.a, which stands on libine.a and libine_sandbox.a. Conventions as in ine.h.
 */
#ifndef INE_EXPERIMENTAL_H
#define INE_EXPERIMENTAL_H

#include "ine.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * A webhook for a user's own tests: the decision of a scenario of the sandbox (as in
 * "selfie_mismatch"; GET /sandbox/scenarios lists them), signed with the newest secret of
 * `credentials`. The person in it is the vendor's documented placeholder. Send `body` with the
 * headers x-auth-client (the API key) and x-hmac-signature (`signature`, 64 hex digits).
 * `vendor_data` may be NULL. Equal arguments give equal bytes. INE_E_ARGUMENT for a scenario that
 * is unknown or never comes to a decision.
 */
int32_t ine_testing_webhook(ine_text **body, char signature[64], const char *scenario,
                            size_t scenario_len, const char *vendor_data, size_t vendor_data_len,
                            const ine_credentials *credentials, int64_t now_ms, ine_error **err);

#ifdef __cplusplus
}
#endif
#endif
