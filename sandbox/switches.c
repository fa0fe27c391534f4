/* What can be set for one integration: where the vendor's pages contradict each other (C-n), leave
 * a question open (O-n), or say that Veriff configures it. The first choice is the default. */
#include "internal.h"

static const char *const consent[] = {"declines", "refuses_session", "refuses_submit"};
static const char *const lost_form[] = {"sample", "cascade"};
static const char *const skipped[] = {"not_applicable", "absent"};
static const char *const casing[] = {"lower", "upper", "mixed"};
static const char *const headers[] = {"x", "vrf", "both"};
static const char *const session_reply[] = {"signed", "unsigned", "x_signature"};
static const char *const error_code[] = {"text", "number"};
static const char *const fraction[] = {"3", "6", "none"};
static const char *const country[] = {"MX", "MEX"};
static const char *const technical_data[] = {"root", "verification"};
static const char *const comments[] = {"absent", "empty"};
static const char *const address[] = {"null", "127.0.0.1"};

static const char *const webhook_fault[] = {
    "none",     "duplicate",   "old_secret", "wrong_signature",  "other_tenant", "reindented",
    "unsigned", "x_signature", "hundred",    "reordered",        "upper_case",   "spaces",
    "twice",    "no_key",      "crlf",       "trailing_newline", "bom",          "gzip",
    "large"};

#define AT(member) offsetof(ine__sb_integration, member)
#define CHOICE(member)                                                                    \
    {                                                                                     \
#member, AT(member), INE__SB_CHOICE, sizeof(member) / sizeof *(member), member, 0 \
    }
#define FLAG(name, member)                         \
    {                                              \
        name, AT(member), INE__SB_FLAG, 0, NULL, 0 \
    }
#define COUNT(name, member, max)                      \
    {                                                 \
        name, AT(member), INE__SB_COUNT, 0, NULL, max \
    }
#define WORDS(member)                                  \
    {                                                  \
#member, AT(member), INE__SB_WORDS, 0, NULL, 0 \
    }

const ine__sb_switch ine__sb_switches[] = {
    FLAG("disabled", disabled),
    FLAG("no_delete", no_delete),
    COUNT("threshold", threshold, 100),
    COUNT("selfie_limit", selfie_limit, 999),
    COUNT("malformed_code", malformed_code, 9999),
    CHOICE(consent),
    CHOICE(lost_form),
    CHOICE(skipped),
    CHOICE(casing),
    CHOICE(headers),
    CHOICE(session_reply),
    CHOICE(error_code),
    CHOICE(fraction),
    CHOICE(country),
    CHOICE(technical_data),
    CHOICE(comments),
    CHOICE(address),
    CHOICE(webhook_fault),
    COUNT("webhook_delay_ms", webhook_delay_ms, 86400000),
    WORDS(name),
    WORDS(resubmit),
    WORDS(ignore),
    WORDS(decision_url),
    WORDS(event_url),
    WORDS(ine_url),
};
const size_t ine__sb_switch_count = sizeof ine__sb_switches / sizeof *ine__sb_switches;
