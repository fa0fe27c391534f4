/* The receiver of webhooks; shared with its diagnosis. */
#ifndef INE_PROTO_WEBHOOKS_H
#define INE_PROTO_WEBHOOKS_H

#include "crypto/credentials.h"
#include "proto/delivery.h"

#define INE__INTEGRATIONS 16

struct ine_webhooks {
    ine_credentials *integration[INE__INTEGRATIONS]; /* shared */
    size_t count;
    size_t limit;
};

/* The integration that a key names, or NULL. */
const ine_credentials *ine__webhooks_find(const ine_webhooks *webhooks, ine_str key);
/* Is the delivery genuine? INE_REASON_NONE with the integration and the index of its secret. */
int32_t ine__webhooks_judge(const ine_webhooks *webhooks, const ine__delivery *delivery,
                            ine_str body, const ine_credentials **who, int32_t *secret);

#endif
