/* Does a CURP agree with the names and dates that came with it? [Instructivo Normativo 2006] */
#ifndef INE_IDENTITY_PERSON_H
#define INE_IDENTITY_PERSON_H

#include "base/str.h"

typedef struct ine__person {
    ine_str first_name, last_name, second_last_name; /* UTF-8; absent or empty: not compared */
    ine_str date_of_birth;                           /* YYYY-MM-DD */
    ine_str gender;                                  /* M or F, not the letter of a CURP */
} ine__person;

/* What does not agree. */
enum {
    INE__PERSON_FIRST_NAME = 1,
    INE__PERSON_LAST_NAME = 2,
    INE__PERSON_SECOND_LAST_NAME = 4,
    INE__PERSON_BIRTH = 8,
    INE__PERSON_GENDER = 16
};

/* For a CURP of right structure. Letters outside the Spanish alphabet agree with anything. */
uint32_t ine__person_disagrees(ine_str curp, const ine__person *person);

#endif
