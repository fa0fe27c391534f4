/* A signed webhook for any scenario: one verification, run through the sandbox in memory. */
#include "ine_experimental.h"

#include "sandbox.h"

#include "base/text.h"
#include "crypto/hex.h"
#include "crypto/sha256.h"
#include "json/writer.h"

#include <stdio.h>

#define SEED  1
#define PATHS 80

/* The vendor's own sample [V-2026-06 "Session creation example"], but for the CIC. */
static bool write_create(ine__buf *out, ine_str cic, ine_str vendor_data)
{
    ine__writer w;
    ine__write_init(&w, out);
    ine__write_raw(&w, INE__STR("{\"verification\":{\"endUserId\":"
                                "\"a1b2c35d-e8f7-6d5e-3cd2-a1b2c35db3d4\",\"person\":{"
                                "\"idNumber\":\"GARJ000000HMCRLP00\",\"firstName\":\"JUAN\","
                                "\"lastName\":\"GARCIA\",\"secondLastName\":\"LOPEZ\"},"
                                "\"document\":{\"type\":\"ID_CARD\",\"country\":\"MX\","
                                "\"validFrom\":\"2020-03-10\",\"firstIssue\":\"2018-06-15\","
                                "\"number\":\""));
    ine__buf_str(out, cic);
    ine__buf_text(out, "\"},\"consents\":[{\"type\":\"ine\",\"approved\":true}],\"vendorData\":");
    ine__write_init(&w, out);
    ine__write_str(&w, vendor_data);
    ine__buf_text(out, "}}");
    return !out->failed;
}

typedef struct run {
    ine_sandbox *sandbox;
    ine_str key, secret;
    int64_t now;
} run;

static const ine_sandbox_reply *ask(const run *r, const char *method, const char *path,
                                    ine_str body, ine_str is_signed)
{
    unsigned char mac[INE__SHA256_SIZE];
    char digits[2 * INE__SHA256_SIZE];
    ine__hmac_key key;
    if (!ine__hmac_key_init(&key, r->secret.ptr, r->secret.len) ||
        !ine__hmac_whole(&key, is_signed.ptr, is_signed.len, mac))
        return NULL;
    ine__hex_encode(digits, mac, sizeof mac);
    const ine_sandbox_header headers[] = {
        {INE__STR("X-AUTH-CLIENT"), r->key},
        {INE__STR("X-HMAC-SIGNATURE"), {digits, sizeof digits}},
        {INE__STR("Content-Type"), INE__STR("application/json")},
    };
    const ine_sandbox_request request = {.method = ine__str_of(method),
                                         .target = ine__str_of(path),
                                         .headers = headers,
                                         .header_count = body.len ? 3 : 2,
                                         .body = body};
    return ine_sandbox_handle(r->sandbox, &request, r->now);
}

static bool is_success(const ine_sandbox_reply *reply)
{
    return reply && reply->status >= 200 && reply->status < 300;
}

/* Create, upload, submit, and the decision's bytes into `out`. */
static bool decide(run *r, ine_str create, ine__buf *out)
{
    static const char image[] = "{\"image\":{\"context\":\"face\",\"content\":"
                                "\"data:image/jpeg;base64,/9j/4AAQSkZJRgABAQAAAQABAAD/2Q==\"}}";
    static const char submit[] = "{\"verification\":{\"status\":\"submitted\"}}";
    char id[36], path[PATHS];
    ine_decision *session = NULL;
    ine_str found = INE__NONE;
    const ine_sandbox_reply *reply = ask(r, "POST", "/v1/sessions", create, create);
    if (!is_success(reply) || ine_decision_read(&session, reply->body.ptr, reply->body.len,
                                                INE_READ_COPY, NULL) != INE_OK)
        return false;
    ine_decision_field(session, INE_D_SESSION_ID, &found, NULL);
    const bool known = found.len == sizeof id;
    if (known)
        memcpy(id, found.ptr, sizeof id);
    ine_decision_free(session);
    if (!known)
        return false;
    snprintf(path, sizeof path, "/v1/sessions/%.36s/media", id);
    if (!is_success(ask(r, "POST", path, ine__str_of(image), ine__str_of(image))))
        return false;
    snprintf(path, sizeof path, "/v1/sessions/%.36s", id);
    if (!is_success(ask(r, "PATCH", path, ine__str_of(submit), ine__str_of(submit))))
        return false;
    r->now += ine_sandbox_get(r->sandbox, INE_SANDBOX_DECISION_DELAY_MS) + 1;
    snprintf(path, sizeof path, "/v1/sessions/%.36s/decision", id);
    reply = ask(r, "GET", path, INE__NONE, ine__str(id, sizeof id));
    if (!is_success(reply))
        return false;
    ine__buf_str(out, reply->body);
    return !out->failed;
}

static ine_str cic_of(ine_str scenario)
{
    ine_str name, cic, about;
    for (size_t i = 0; ine_sandbox_scenario(i, &name, &cic, &about); i++) {
        if (ine__str_eq(name, scenario))
            return cic;
    }
    return INE__NONE;
}

static bool is_decided(ine_str body)
{
    ine_decision *decision = NULL;
    int64_t code = 0;
    if (ine_decision_read(&decision, body.ptr, body.len, INE_READ_BORROW, NULL) == INE_OK)
        ine_decision_field(decision, INE_D_CODE, NULL, &code);
    ine_decision_free(decision);
    return code != 0;
}

int32_t ine_testing_webhook(ine_text **body, char signature[64], const char *scenario,
                            size_t scenario_len, const char *vendor_data, size_t vendor_data_len,
                            const ine_credentials *credentials, int64_t now_ms, ine_error **err)
{
    ine_sandbox_store store;
    run r = {.now = now_ms};
    ine__buf create, made;
    ine__error_clear(err);
    if (body)
        *body = NULL;
    if (!body || !signature || !credentials)
        return ine__fail(err, INE_E_ARGUMENT, "no credentials, or no place for the webhook");
    const ine_str cic = cic_of(ine__str(scenario, scenario_len));
    if (!cic.ptr)
        return ine__fail(err, INE_E_ARGUMENT, "the sandbox knows no such scenario");
    ine__buf_init(&create, 16384);
    ine__buf_init(&made, 65536);
    bool ok = ine_sandbox_memory_store(&store) &&
              (r.sandbox = ine_sandbox_new(&store, SEED)) != NULL &&
              ine_sandbox_integration(r.sandbox, INE_SANDBOX_MX_INE, &r.key, &r.secret) &&
              write_create(&create, cic, ine__str(vendor_data, vendor_data_len)) &&
              decide(&r, ine__buf_view(&create), &made);
    ine_sandbox_free(r.sandbox);
    ine__buf_free(&create);
    int32_t code = ok ? INE_OK : ine__fail(err, INE_E_INTERNAL, "the sandbox made no decision");
    if (ok && !is_decided(ine__buf_view(&made)))
        code = ine__fail(err, INE_E_ARGUMENT, "this scenario comes to no decision");
    if (code == INE_OK)
        code = ine_sign(credentials, INE_CALL_SUBMIT, made.ptr, made.len, signature, err);
    if (code == INE_OK)
        return ine__text_give(body, &made, err);
    ine__buf_free(&made);
    return code;
}
