/* The rules of a verification's inputs, each a function that adds what it finds to the report. */
#ifndef INE_IDENTITY_RULES_H
#define INE_IDENTITY_RULES_H

#include "base/num.h"
#include "identity/verification.h"

typedef struct ine__check {
    const ine_verification *verification;
    const ine__product *product;
    const ine_options *options;
    ine_report *report;
    int64_t strict; /* INE_STRICT_* */
    ine__date today;
    int32_t input; /* the one that is being checked */
    ine_str text;  /* its text: UTF-8 without NUL, not empty */
    bool failed;   /* no memory */
} ine__check;

/* What day it is: INE_OPT_TODAY, or the system's date in UTC. */
ine__date ine__today(const ine_options *options);

void ine__found(ine__check *check, int32_t problem, bool is_error, const char *hint);

void ine__rule_cic(ine__check *check);
void ine__rule_curp(ine__check *check);
/* The CURP against names, birth date and gender. */
void ine__rule_consistency(ine__check *check);
void ine__rule_name(ine__check *check);
void ine__rule_date(ine__check *check);
void ine__rule_country(ine__check *check);
void ine__rule_type(ine__check *check);
void ine__rule_gender(ine__check *check);
void ine__rule_vendor_data(ine__check *check);
void ine__rule_uuid(ine__check *check);
void ine__rule_callback(ine__check *check);
void ine__rule_note(ine__check *check);
void ine__rule_timestamp(ine__check *check);
void ine__rule_version(ine__check *check);

#endif
