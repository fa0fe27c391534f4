/* Any body of the API, read into slots. */
#ifndef INE_SCHEMA_DECISION_H
#define INE_SCHEMA_DECISION_H

#include "base/error.h"
#include "json/reader.h"

/* Slots: fields 1..58 stand at their own number, the checks behind them. */
#define INE__SLOT_RESULT           60 /* + check */
#define INE__SLOT_REASON           71 /* + check */
#define INE__SLOT_ENTRY            82 /* + check */
#define INE__SLOT_OTHER_CHECKS     93
#define INE__SLOT_OTHER_REGISTRIES 94
#define INE__SLOT_REGISTRIES       95
#define INE__SLOT_IMAGES           96
#define INE__SLOT_VIDEOS           97
#define INE__SLOT_ATTEMPTS         98
#define INE__SLOT_ITEM             99 /* members of list items: refused when doubled or with NUL */
/* The same thing at another place: taken over by the kind of the body. */
#define INE__SLOT_ROOT_ID      100 /* id */
#define INE__SLOT_ROOT_SESSION 101 /* sessionId */
#define INE__SLOT_ROOT_ATTEMPT 102 /* attemptId */
#define INE__SLOT_ROOT_VENDOR  103 /* vendorData */
#define INE__SLOT_ROOT_USER    104 /* endUserId */
#define INE__SLOT_ROOT_TYPE    105 /* type */
#define INE__SLOT_INNER_IP     106 /* verification.technicalData.ip (C-11) */
#define INE__SLOT_IMAGE        107 /* image */
#define INE__SLOT_IMAGE_OWNER  108 /* image.sessionId */
#define INE__SLOT_DATA_SESSION 109 /* data.verification.id */
#define INE__SLOT_DATA_ATTEMPT 110 /* data.attemptId */
#define INE__SLOT_DATA_ACTIVE  111 /* data.details.active */
#define INE__SLOT_DATA_STATE   112 /* data.details.documentState */
#define INE__SLOT_PERSON       113 /* verification.person */
#define INE__SLOT_DOCUMENT     114 /* verification.document */
#define INE__SLOT_ADDITIONAL   115 /* verification.additionalVerifiedData */
#define INE__SLOTS             116

/* Slot of a public field id, or 0. */
uint32_t ine__field_slot(int32_t field);
/* Is a field a number (or 0/1)? */
bool ine__field_is_number(int32_t field);

/* Of a slot: INE_FIELD_*, with the decoded text or the number. */
int32_t ine__decision_get(const ine_decision *decision, int32_t field, ine_str *text,
                          int64_t *number);
/* The raw slot, for the cascade. */
ine__slot ine__decision_slot(const ine_decision *decision, uint32_t slot);
/* All of them, INE__SLOTS in number. */
const ine__slot *ine__decision_slots(const ine_decision *decision);
/* One more owner, or a copy of a decision that borrows its bytes: what is kept must not hang on a
 * caller's buffer. Give it back with ine_decision_free(). NULL for NULL and without memory. */
ine_decision *ine__decision_share(const ine_decision *decision);
/* A decision of kind BINARY that holds bytes as they are (media download). Copies. */
int32_t ine__decision_binary(ine_decision **out, ine_str bytes, ine_error **err);

#endif
