/* Brings the sandbox's webhooks to their addresses. */
#ifndef INE_SANDBOX_COURIER_H
#define INE_SANDBOX_COURIER_H

#include "sandbox.h"

#include <event2/event.h>

typedef struct courier courier;

/* Goes to loopback only, unless `allow_remote`. By https it trusts the authorities in `ca_file`, or
 * the system's. NULL without memory. Borrows both. */
courier *courier_new(struct event_base *base, ine_sandbox *sandbox, bool allow_remote,
                     const char *ca_file);
void courier_free(courier *c);

#endif
