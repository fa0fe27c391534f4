/* What an institution gives to the vendor once, so that the vendor can reach INE through FIMPE
 * [V-2026-06 "How to register with INE?"]. It is never sent by the API. */
#ifndef INE_IDENTITY_REGISTRATION_H
#define INE_IDENTITY_REGISTRATION_H

#include "identity/report.h"

/*
 * Checks a record: a JSON object with encryptionKey, endpointUrl, institutionId, stationId,
 * latitude, longitude, postalCode, city and state. Every problem at once, in a report whose fields
 * are those names. INE_E_JSON or INE_E_FORM when it is not a JSON object.
 */
int32_t ine__registration_check(ine_str json, ine_report **out, ine_error **err);

#endif
