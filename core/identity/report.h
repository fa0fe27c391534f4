/* Reports: every problem of an input at once, made of constants only, so that no value can leak
 * into one (D3). */
#ifndef INE_IDENTITY_REPORT_H
#define INE_IDENTITY_REPORT_H

#include "base/error.h"
#include "base/options.h"

ine_report *ine__report_new(void);
/* Appends a problem; `hint` is a literal. False without memory. */
bool ine__report_add(ine_report *report, int32_t input, int32_t problem, bool is_error,
                     const char *hint);
/* As ine__report_add() for a field that is no INE_IN_*; `field` is a literal. */
bool ine__report_add_field(ine_report *report, const char *field, int32_t problem, bool is_error,
                           const char *hint);
/* INE_E_INPUT with the report inside (moves it). NULL: no memory. */
int32_t ine__report_fail(ine_error **err, ine_report *report);
/* Adds what is wrong with an image, from its first bytes (64 are enough; absent: not known yet) and
 * its size. False without memory. */
bool ine__report_image(ine_report *report, int32_t context, ine_str head, uint64_t size,
                       const ine_options *options);

#endif
