/* Formats of Mexican identity inputs, as flags: a policy decides which are errors (facts in
 * docs/identity.md). */
#ifndef INE_IDENTITY_FORMATS_H
#define INE_IDENTITY_FORMATS_H

#include "base/num.h"

/* 0 for a right CIC, or the INE_PROBLEM_* that says best what it is instead. */
int32_t ine__cic_problem(ine_str cic);

/* Flags of a CURP. */
enum {
    INE__CURP_LENGTH = 1,     /* not 18 bytes */
    INE__CURP_CHARACTERS = 2, /* something other than A-Z and 0-9 */
    INE__CURP_STRUCTURE = 4,  /* a class is wrong at some position */
    INE__CURP_MASK = 8,       /* outside the vendor's printed mask: a letter at position 17 (C-8) */
    INE__CURP_DATE = 16,      /* the date does not exist */
    INE__CURP_STATE = 32,     /* the state code is unknown */
    INE__CURP_DIGIT = 64,     /* the check digit does not agree */
    INE__CURP_FUTURE = 128,   /* born after today */
    INE__CURP_UNDER_AGE = 256, /* younger than 18 today */
    INE__CURP_WORD = 512,      /* an inconvenient word; real ones exist */
    INE__CURP_PLACEHOLDER = 1024,
    INE__CURP_HOMONYM = 2048 /* K-Z at position 17 */
};

typedef struct ine__curp {
    uint32_t flags;
    ine__date birth; /* zero when it does not exist */
    char sex;        /* H, M, X or 0 */
} ine__curp;

/* `today` all zero: no FUTURE, no UNDER_AGE. */
ine__curp ine__curp_read(ine_str curp, ine__date today);
/* The digit of the first 17 characters, or -1. */
int32_t ine__curp_digit(ine_str curp);

#endif
