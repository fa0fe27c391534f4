/* The schema of every body, in the order in which the vendor sends the members. */
#include "schema/body.h"

#define COUNT(table) (uint16_t)(sizeof(table) / sizeof((table)[0]))

/* validations.<check> */
#define CHECK(name)                                                         \
    static const ine__member check_##name##_members[] = {                   \
        INE__MEMBER("result", (INE__SLOT_RESULT + INE_CHECK_##name), NULL), \
        INE__MEMBER("reason", (INE__SLOT_REASON + INE_CHECK_##name), NULL), \
    };                                                                      \
    static const ine__object check_##name = {check_##name##_members, 2, 0, NULL}

CHECK(CONSENT_OBTAINED);
CHECK(PERSON_REGISTERED);
CHECK(SELFIE_REGISTRY_MATCH);
CHECK(NOT_REPORTED_LOST_OR_STOLEN);
CHECK(FIRST_NAME_MATCH);
CHECK(FATHER_LAST_NAME_MATCH);
CHECK(MOTHER_LAST_NAME_MATCH);
CHECK(PERSONAL_NUMBER_MATCH);
CHECK(REGISTRATION_YEAR_MATCH);
CHECK(ISSUE_YEAR_MATCH);

/* An unknown check: INE_LIST_UNKNOWN_CHECKS reads it. */
static const ine__member other_check_members[] = {
    INE__MEMBER("result", INE__SLOT_ITEM, NULL),
    INE__MEMBER("reason", INE__SLOT_ITEM, NULL),
};
static const ine__object other_check = {other_check_members, COUNT(other_check_members), 0, NULL};

#define ENTRY(key, name) INE__MEMBER(key, INE__SLOT_ENTRY + INE_CHECK_##name, &check_##name)
static const ine__member validations_members[] = {
    ENTRY("consent_obtained", CONSENT_OBTAINED),
    ENTRY("person_registered", PERSON_REGISTERED),
    ENTRY("selfie_registry_match", SELFIE_REGISTRY_MATCH),
    ENTRY("not_reported_lost_or_stolen", NOT_REPORTED_LOST_OR_STOLEN),
    ENTRY("first_name_match", FIRST_NAME_MATCH),
    ENTRY("father_last_name_match", FATHER_LAST_NAME_MATCH),
    ENTRY("mother_last_name_match", MOTHER_LAST_NAME_MATCH),
    ENTRY("personal_number_match", PERSONAL_NUMBER_MATCH),
    ENTRY("registration_year_match", REGISTRATION_YEAR_MATCH),
    ENTRY("issue_year_match", ISSUE_YEAR_MATCH),
};
static const ine__object validations = {validations_members, COUNT(validations_members),
                                        INE__SLOT_OTHER_CHECKS, &other_check};

static const ine__member error_members[] = {
    INE__MEMBER("code", INE_D_INE_ERROR_CODE, NULL),
    INE__MEMBER("message", INE_D_INE_ERROR_MESSAGE, NULL),
};
static const ine__object error = {error_members, COUNT(error_members), 0, NULL};

static const ine__member mx_ine_members[] = {
    INE__MEMBER("status", INE_D_INE_STATUS, NULL),
    INE__MEMBER("data", 0, NULL),
    INE__MEMBER("validations", INE_D_VALIDATIONS, &validations),
    INE__MEMBER("error", INE_D_INE_ERROR, &error),
    INE__MEMBER("timestamp", INE_D_INE_TIMESTAMP, NULL),
};
static const ine__object mx_ine = {mx_ine_members, COUNT(mx_ine_members), 0, NULL};

/* Another registry: INE_LIST_REGISTRIES reads its status. */
static const ine__member other_registry_members[] = {
    INE__MEMBER("status", INE__SLOT_ITEM, NULL),
};
static const ine__object other_registry = {other_registry_members, COUNT(other_registry_members), 0,
                                           NULL};

static const ine__member registries_members[] = {
    INE__MEMBER("MX_INE", INE_D_MX_INE, &mx_ine),
};
static const ine__object registries = {registries_members, COUNT(registries_members),
                                       INE__SLOT_OTHER_REGISTRIES, &other_registry};

static const ine__member face_members[] = {
    INE__MEMBER("faceMatch", INE_D_FACE_MATCH, NULL),
    INE__MEMBER("faceMatchPercentage", INE_D_FACE_MATCH_PERCENTAGE, NULL),
    INE__MEMBER("responseStatus", INE_D_FACE_RESPONSE_STATUS, NULL),
};
static const ine__object face = {face_members, COUNT(face_members), 0, NULL};

static const ine__member additional_members[] = {
    INE__MEMBER("ineBiometricRegistryValidation", INE_D_FACE_RESULT, &face),
};
static const ine__object additional = {additional_members, COUNT(additional_members), 0, NULL};

static const ine__member person_members[] = {
    INE__MEMBER("firstName", INE_D_FIRST_NAME, NULL),
    INE__MEMBER("lastName", INE_D_LAST_NAME, NULL),
    INE__MEMBER("dateOfBirth", INE_D_DATE_OF_BIRTH, NULL),
    INE__MEMBER("gender", INE_D_GENDER, NULL),
    INE__MEMBER("nationality", INE_D_NATIONALITY, NULL),
    INE__MEMBER("idNumber", INE_D_ID_NUMBER, NULL),
    INE__MEMBER("yearOfBirth", INE_D_YEAR_OF_BIRTH, NULL),
    INE__MEMBER("placeOfBirth", INE_D_PLACE_OF_BIRTH, NULL),
};
static const ine__object person = {person_members, COUNT(person_members), 0, NULL};

static const ine__member document_members[] = {
    INE__MEMBER("number", INE_D_DOCUMENT_NUMBER, NULL),
    INE__MEMBER("type", INE_D_DOCUMENT_TYPE, NULL),
    INE__MEMBER("country", INE_D_DOCUMENT_COUNTRY, NULL),
    INE__MEMBER("state", INE_D_DOCUMENT_STATE, NULL),
};
static const ine__object document = {document_members, COUNT(document_members), 0, NULL};

static const ine__member inner_technical_members[] = {
    INE__MEMBER("ip", INE__SLOT_INNER_IP, NULL),
};
static const ine__object inner_technical = {inner_technical_members, 1, 0, NULL};

static const ine__member verification_members[] = {
    INE__MEMBER("id", INE_D_SESSION_ID, NULL),
    INE__MEMBER("attemptId", INE_D_ATTEMPT_ID, NULL),
    INE__MEMBER("vendorData", INE_D_VENDOR_DATA, NULL),
    INE__MEMBER("endUserId", INE_D_END_USER_ID, NULL),
    INE__MEMBER("status", INE_D_SESSION_STATUS, NULL),
    INE__MEMBER("code", INE_D_CODE, NULL),
    INE__MEMBER("reason", INE_D_REASON, NULL),
    INE__MEMBER("reasonCode", INE_D_REASON_CODE, NULL),
    INE__MEMBER("decisionTime", INE_D_DECISION_TIME, NULL),
    INE__MEMBER("acceptanceTime", INE_D_ACCEPTANCE_TIME, NULL),
    INE__MEMBER("submissionTime", INE_D_SUBMISSION_TIME, NULL),
    INE__MEMBER("person", INE__SLOT_PERSON, &person),
    INE__MEMBER("document", INE__SLOT_DOCUMENT, &document),
    INE__MEMBER("registryValidations", INE__SLOT_REGISTRIES, &registries),
    INE__MEMBER("additionalVerifiedData", INE__SLOT_ADDITIONAL, &additional),
    INE__MEMBER("technicalData", 0, &inner_technical),
    INE__MEMBER("comments", INE_D_COMMENTS, NULL),
    INE__MEMBER("url", INE_D_SESSION_URL, NULL),
    INE__MEMBER("host", INE_D_SESSION_HOST, NULL),
    INE__MEMBER("sessionToken", INE_D_SESSION_TOKEN, NULL),
};
static const ine__object verification = {verification_members, COUNT(verification_members), 0,
                                         NULL};

static const ine__member technical_members[] = {
    INE__MEMBER("ip", INE_D_IP, NULL),
};
static const ine__object technical = {technical_members, COUNT(technical_members), 0, NULL};

static const ine__member image_members[] = {
    INE__MEMBER("id", INE_D_MEDIA_ID, NULL),
    INE__MEMBER("name", INE_D_MEDIA_NAME, NULL),
    INE__MEMBER("context", INE_D_MEDIA_CONTEXT, NULL),
    INE__MEMBER("size", INE_D_MEDIA_SIZE, NULL),
    INE__MEMBER("mimetype", INE_D_MEDIA_MIMETYPE, NULL),
    INE__MEMBER("url", INE_D_MEDIA_URL, NULL),
    INE__MEMBER("sessionId", INE__SLOT_IMAGE_OWNER, NULL),
};
static const ine__object image = {image_members, COUNT(image_members), 0, NULL};

static const ine__member media_item_members[] = {
    INE__MEMBER("id", INE__SLOT_ITEM, NULL),       INE__MEMBER("name", INE__SLOT_ITEM, NULL),
    INE__MEMBER("context", INE__SLOT_ITEM, NULL),  INE__MEMBER("size", INE__SLOT_ITEM, NULL),
    INE__MEMBER("mimetype", INE__SLOT_ITEM, NULL), INE__MEMBER("url", INE__SLOT_ITEM, NULL),
};
static const ine__object media_item = {media_item_members, COUNT(media_item_members), 0, NULL};
static const ine__object media_list = {NULL, 0, 0, &media_item};

static const ine__member attempt_members[] = {
    INE__MEMBER("id", INE__SLOT_ITEM, NULL),
    INE__MEMBER("status", INE__SLOT_ITEM, NULL),
    INE__MEMBER("createdTime", INE__SLOT_ITEM, NULL),
};
static const ine__object attempt = {attempt_members, COUNT(attempt_members), 0, NULL};
static const ine__object attempt_list = {NULL, 0, 0, &attempt};

/* Legacy webhooks: everything of interest is under `data`. */
static const ine__member details_members[] = {
    INE__MEMBER("active", INE__SLOT_DATA_ACTIVE, NULL),
    INE__MEMBER("documentState", INE__SLOT_DATA_STATE, NULL),
};
static const ine__object details = {details_members, COUNT(details_members), 0, NULL};

static const ine__member data_session_members[] = {
    INE__MEMBER("id", INE__SLOT_DATA_SESSION, NULL),
};
static const ine__object data_session = {data_session_members, 1, 0, NULL};

static const ine__member data_members[] = {
    INE__MEMBER("attemptId", INE__SLOT_DATA_ATTEMPT, NULL),
    INE__MEMBER("status", INE_D_DATA_STATUS, NULL),
    INE__MEMBER("code", INE_D_DATA_CODE, NULL),
    INE__MEMBER("details", 0, &details),
    INE__MEMBER("verification", 0, &data_session),
};
static const ine__object data = {data_members, COUNT(data_members), 0, NULL};

static const ine__member body_members[] = {
    INE__MEMBER("status", INE_D_STATUS, NULL),
    INE__MEMBER("verification", INE_D_VERIFICATION, &verification),
    INE__MEMBER("technicalData", 0, &technical),
    INE__MEMBER("code", INE_D_API_CODE, NULL),
    INE__MEMBER("message", INE_D_API_MESSAGE, NULL),
    INE__MEMBER("active", INE_D_ACTIVE, NULL),
    INE__MEMBER("documentState", INE_D_DOCUMENT_STATE_TEXT, NULL),
    INE__MEMBER("image", INE__SLOT_IMAGE, &image),
    INE__MEMBER("images", INE__SLOT_IMAGES, &media_list),
    INE__MEMBER("videos", INE__SLOT_VIDEOS, &media_list),
    INE__MEMBER("verifications", INE__SLOT_ATTEMPTS, &attempt_list),
    INE__MEMBER("eventType", INE_D_EVENT_TYPE, NULL),
    INE__MEMBER("type", INE__SLOT_ROOT_TYPE, NULL),
    INE__MEMBER("id", INE__SLOT_ROOT_ID, NULL),
    INE__MEMBER("sessionId", INE__SLOT_ROOT_SESSION, NULL),
    INE__MEMBER("attemptId", INE__SLOT_ROOT_ATTEMPT, NULL),
    INE__MEMBER("vendorData", INE__SLOT_ROOT_VENDOR, NULL),
    INE__MEMBER("endUserId", INE__SLOT_ROOT_USER, NULL),
    INE__MEMBER("feature", INE_D_FEATURE, NULL),
    INE__MEMBER("action", INE_D_ACTION, NULL),
    INE__MEMBER("version", INE_D_VERSION, NULL),
    INE__MEMBER("time", INE_D_TIME, NULL),
    INE__MEMBER("data", 0, &data),
};
const ine__object ine__body = {body_members, COUNT(body_members), 0, NULL};
