/* Replies that are wrong on the wire (F06-F40), as bytes and a way to end. No I/O. */
#ifndef INE_SANDBOX_FAULT_WIRE_H
#define INE_SANDBOX_FAULT_WIRE_H

#include "sandbox.h"

#include <event2/buffer.h>

typedef enum {
    END_NORMAL, /* as if nothing had been wrong */
    END_FIN,    /* closed when the bytes are out */
    END_RST,    /* reset when the bytes are out */
    END_HANG,   /* silence, until the peer goes */
    END_DRIP,   /* one byte every `drip_ms`, then closed */
    END_REPEAT  /* the bytes again and again, every `drip_ms` */
} fault_end;

typedef struct fault_plan {
    fault_end end;
    int drip_ms;
} fault_plan;

/* Faults that come before the body has been read. */
bool fault_is_early(const ine_sandbox_fault *fault);
/* Faults that this file makes once the request has been read. */
bool fault_is_of_the_wire(const ine_sandbox_fault *fault);
/* Writes what is sent in place of `reply`. `date` is a whole header line. */
fault_plan fault_write(struct evbuffer *out, const ine_sandbox_reply *reply, const char *date,
                       const ine_sandbox_fault *fault);
/* The same for a fault that is early, after fault_is_early(); for F10 and F11 when the body has
 * come as far as fault_body_limit() says. */
fault_plan fault_write_early(struct evbuffer *out, const ine_sandbox_fault *fault);
size_t fault_body_limit(const ine_sandbox_fault *fault, size_t length);

#endif
