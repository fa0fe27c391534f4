/* Formats of Mexican identity inputs, as flags: a policy decides which are errors (facts in
 * docs/identity.md). */
#ifndef INE_IDENTITY_FORMATS_H
#define INE_IDENTITY_FORMATS_H

#include "base/num.h"

/* 0 for a right CIC, or the INE_PROBLEM_* that says best what it is instead. */
int32_t ine__cic_problem(ine_str cic);
/* The check digit of ICAO Doc 9303 (weights 7, 3, 1; A is 10, '<' is 0) as a character; 0 when a
 * character can not be in an MRZ. */
char ine__icao_digit(ine_str text);
/* 18 characters in the form of a clave de elector, in any case. */
bool ine__is_voter_key(ine_str text);

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

/* `today` all zero: no FUTURE, no UNDER_AGE. A wrong length or character leaves the rest unread. */
ine__curp ine__curp_read(ine_str curp, ine__date today);
/* The digit of the first 17 characters, or -1. */
int32_t ine__curp_digit(ine_str curp);
/* 18 characters with the classes of a CURP at each position, in any case. */
bool ine__is_curp(ine_str text);
/* The four letters are one of the official list of inconvenient words. */
bool ine__curp_word(ine_str four);

#endif
