/* The machine readable zone of an INE card: TD1, three lines of 30 [ICAO Doc 9303 part 5], with
 * INE's own letters for the sex. */
#ifndef INE_IDENTITY_MRZ_H
#define INE_IDENTITY_MRZ_H

#include "base/num.h"

#define INE__MRZ_SIZE 90

/* What is wrong. */
enum {
    INE__MRZ_LENGTH = 1,     /* not one, two or three lines of 30 */
    INE__MRZ_CHARACTERS = 2, /* something other than A-Z, 0-9 and '<' */
    INE__MRZ_NOT_INE = 4,    /* does not begin with IDMEX */
    INE__MRZ_CIC = 8,        /* the nine characters after IDMEX are not digits */
    INE__MRZ_CIC_DIGIT = 16,
    INE__MRZ_STRUCTURE = 32, /* a fixed place holds something else */
    INE__MRZ_BIRTH = 64,     /* the birth date does not exist */
    INE__MRZ_BIRTH_DIGIT = 128,
    INE__MRZ_EXPIRY = 256,
    INE__MRZ_EXPIRY_DIGIT = 512,
    INE__MRZ_SEX = 1024, /* neither H, M, X nor '<' */
    INE__MRZ_COMPOSITE_DIGIT = 2048,
    INE__MRZ_EXPIRED = 4096 /* before today */
};

typedef struct ine__mrz {
    uint32_t flags;
    uint32_t lines;           /* that were read: 0..3 */
    char text[INE__MRZ_SIZE]; /* the lines, joined: personal data, to be wiped */
    ine_str cic;              /* 9 digits in `text`; absent with INE__MRZ_CIC */
    ine_str number;           /* the 13 digits at the end of line 1 */
    ine_str emission;         /* the two digits that count the cards issued */
    ine__date birth, expiry;  /* zero when there is none */
    char sex;                 /* H or M as in a CURP, X, or 0 */
    ine_str surnames, given;  /* as printed, with '<' for spaces; cut at 30 characters */
} ine__mrz;

/* Lines may be joined or stand apart by line breaks; spaces around them do not matter. `today` all
 * zero: no EXPIRED, and the century of a birth is chosen as of 2024. */
void ine__mrz_read(ine__mrz *out, ine_str text, ine__date today);
void ine__mrz_wipe(ine__mrz *mrz);

#endif
