/* The 32 states: their codes in a CURP, of INEGI, of ISO 3166-2, and their postal codes. */
#ifndef INE_IDENTITY_STATES_H
#define INE_IDENTITY_STATES_H

#include "base/str.h"

typedef struct ine__state {
    const char *inegi; /* "01" to "32" */
    const char *curp;
    const char *iso;
    const char *name;
    int32_t postal_first, postal_last; /* first two digits of its postal codes */
} ine__state;

/* NULL when there is none. Born abroad (NE) is no state. */
const ine__state *ine__state_by_curp(ine_str code);
const ine__state *ine__state_by_inegi(ine_str code);
/* By five digits of a postal code. */
const ine__state *ine__state_by_postal(ine_str postal_code);
/* Is it a code that a CURP may hold at positions 12 and 13? */
bool ine__curp_state(ine_str code);

#endif
