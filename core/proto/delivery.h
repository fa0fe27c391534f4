/* Who says to have sent a body: the headers of a webhook, as they came (A6, A7, A8, F68, F69). */
#ifndef INE_PROTO_DELIVERY_H
#define INE_PROTO_DELIVERY_H

#include "base/error.h"

/* One header: its value without white space around it, and how often it came. */
typedef struct ine__once {
    ine_str value;
    size_t count;
} ine__once;

typedef struct ine__delivery {
    ine__once signature, signature_vrf; /* x-hmac-signature, vrf-hmac-signature */
    ine__once key, key_vrf;             /* x-auth-client, vrf-auth-client */
    ine__once legacy;                   /* x-signature */
    ine__once encoding;                 /* content-encoding */
} ine__delivery;

/* Sorts the headers. Views into `names` and `values`. */
void ine__delivery_read(ine__delivery *delivery, const ine_str *names, const ine_str *values,
                        size_t count);
/* The one signature and the one key, or INE_REASON_* that says why there is none. */
int32_t ine__delivery_who(const ine__delivery *delivery, ine_str *signature, ine_str *key);

#endif
