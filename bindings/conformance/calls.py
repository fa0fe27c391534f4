"""Calls and flows of a client: what must be sent, what comes back."""

from __future__ import annotations

from typing import Any

from parts import (
    ATTEMPT,
    CREDENTIALS,
    MEDIA,
    OLD_SECRET,
    OTHER_KEY,
    OTHER_SESSION,
    PNG,
    SECRET,
    SESSION,
    SETTINGS,
    compact,
    decision,
    media_reply,
    reply,
    request,
    session_reply,
    sign,
    submit_reply,
)

WHO = {"cic": "123456789", "selfie": {"base64": PNG}, "consent": True, "vendor_data": "case-1"}
CREATE_BODY = (
    '{"verification":{"vendorData":"case-1","document":{"type":"ID_CARD","number":"123456789","country":"MX"},'
    '"consents":[{"type":"ine","approved":true}]}}'
)
MEDIA_BODY = '{"image":{"context":"face","content":"data:image/png;base64,' + PNG + '"}}'
SUBMIT_BODY = '{"verification":{"status":"submitted"}}'
PENDING = '{"status":"success","verification":null}'
AT = f"/v1/sessions/{SESSION}"


def step(sent: dict[str, Any], back: dict[str, Any] | str) -> dict[str, Any]:
    return {"request": sent, **({"failure": back} if isinstance(back, str) else {"reply": back})}


def get(target: str, back: dict[str, Any] | str, signed: str = SESSION) -> dict[str, Any]:
    return step(request("GET", target, signed=signed), back)


def created(body: str = CREATE_BODY, vendor_data: str = "case-1") -> dict[str, Any]:
    return step(request("POST", "/v1/sessions", body), reply(201, session_reply(vendor_data=vendor_data)))


UPLOADED = step(request("POST", f"{AT}/media", MEDIA_BODY), reply(201, media_reply()))
SUBMITTED = step(request("PATCH", AT, SUBMIT_BODY), reply(200, submit_reply()))


def decided(body: str) -> dict[str, Any]:
    return get(f"{AT}/decision", reply(200, body))


def scenario(name: str, call: dict[str, Any], *exchange: dict[str, Any], **settings: Any) -> dict[str, Any]:
    return {
        "name": name,
        "credentials": CREDENTIALS,
        "settings": SETTINGS | settings,
        "call": call,
        "exchange": list(exchange),
    }


def flows() -> list[dict[str, Any]]:
    verify = {"do": "verify", "who": WHO}
    everything = WHO | {
        "curp": "GARJ000000HMCRLP00",
        "first_name": "JUAN ÑANDÚ",
        "last_name": "GARCÍA",
        "second_last_name": "LÓPEZ",
        "first_issue": "2018-06-15",
        "valid_from": "2020-03-10",
        "end_user_id": OTHER_SESSION,
        "callback": "https://example.com/back?a=1&b=2",
        "vendor_data": 'case "2"\\\n\u2028/',
    }
    everything_body = (
        '{"verification":{"callback":"https://example.com/back?a=1&b=2","vendorData":"case \\"2\\"\\\\\\n\u2028/",'
        f'"endUserId":"{OTHER_SESSION}",'
        '"person":{"idNumber":"GARJ000000HMCRLP00","firstName":"JUAN ÑANDÚ","lastName":"GARCÍA",'
        '"secondLastName":"LÓPEZ"},"document":{"type":"ID_CARD","number":"123456789","country":"MX",'
        '"validFrom":"2020-03-10","firstIssue":"2018-06-15"},"consents":[{"type":"ine","approved":true}]}}'
    )
    outage = {"code": "REGISTRY_UNAVAILABLE", "message": "The registry can not be reached"}
    attempts = compact({"status": "success", "verifications": [{"id": ATTEMPT, "status": "created"}]})
    no_media = compact({"status": "success", "images": [], "videos": []})
    return [
        scenario("verify_approved", verify, created(), UPLOADED, SUBMITTED, decided(PENDING), decided(decision())),
        scenario(
            "verify_selfie_mismatch",
            verify,
            created(),
            UPLOADED,
            SUBMITTED,
            decided(decision("declined", "selfie_registry_match")),
        ),
        scenario(
            "verify_registry_unavailable",
            verify,
            created(),
            UPLOADED,
            SUBMITTED,
            decided(decision("declined", error=outage)),
        ),
        scenario(
            "verify_every_input",
            {"do": "verify", "who": everything},
            created(everything_body, 'case "2"\\\n\u2028/'),
            UPLOADED,
            SUBMITTED,
            decided(decision(absent=("mother_last_name_match",), vendor_data='case "2"\\\n\u2028/')),
        ),
        scenario("start", {"do": "start", "who": WHO}, created(), UPLOADED, SUBMITTED),
        scenario("wait", {"do": "wait", "session_id": SESSION}, decided(PENDING), decided(decision())),
        scenario(
            "require_more_than_the_default",
            verify,
            created(),
            UPLOADED,
            SUBMITTED,
            decided(decision(absent=("personal_number_match",))),
            require=(1 << 1) | (1 << 8),
        ),
        scenario(
            "resume_uploads_what_is_missing",
            {"do": "resume", "session_id": SESSION, "who": WHO},
            get(f"{AT}/decision", reply(200, PENDING)),
            get(f"{AT}/attempts", reply(200, attempts)),
            get(f"{AT}/media", reply(200, no_media)),
            UPLOADED,
            SUBMITTED,
            decided(decision()),
        ),
        scenario(
            "resume_without_the_selfie_says_so",
            {"do": "resume", "session_id": SESSION},
            get(f"{AT}/decision", reply(200, PENDING)),
            get(f"{AT}/attempts", reply(200, attempts)),
            get(f"{AT}/media", reply(200, no_media)),
        ),
        scenario("resume_of_a_decided_session", {"do": "resume", "session_id": SESSION}, decided(decision())),
        scenario("refused_before_sending", {"do": "verify", "who": WHO | {"cic": "12345678", "consent": False}}),
        scenario("cic_that_is_a_curp", {"do": "verify", "who": WHO | {"cic": "GARJ000000HMCRLP00"}}),
    ]


def lost_and_refused() -> list[dict[str, Any]]:
    verify = {"do": "verify", "who": WHO}
    create = request("POST", "/v1/sessions", CREATE_BODY)
    upload = request("POST", f"{AT}/media", MEDIA_BODY)
    submit = request("PATCH", AT, SUBMIT_BODY)
    error = compact({"status": "fail", "code": "1802", "message": "Provided X-AUTH-CLIENT value is not valid"})
    invalid = compact({"status": "fail", "code": "1101", "message": "Validation failed"})
    one_image = compact({"status": "success", "images": [{"id": MEDIA, "context": "face", "size": 70}], "videos": []})
    return [
        scenario("create_reply_lost", verify, step(create, "broken")),
        scenario("create_timed_out", verify, step(create, "timeout")),
        scenario("create_is_repeated_when_not_sent", verify, step(create, "connect"), created(), UPLOADED, SUBMITTED,
                 decided(decision())),
        scenario("create_without_trusted_tls", verify, step(create, "tls")),
        scenario("create_refused_key", verify, step(create, reply(401, error, signature=None))),
        scenario("create_refused_input", verify, step(create, reply(400, invalid, signature=None))),
        scenario("create_throttled_then_taken", verify,
                 step(create, reply(429, "{}", signature=None, more=(("retry-after", "0"),))),
                 created(), UPLOADED, SUBMITTED, decided(decision())),
        scenario("create_server_error_is_not_repeated", verify, step(create, reply(503, "", signature=None))),
        scenario("create_signed_but_unreadable", verify, step(create, reply(201, '{"status":'))),
        scenario("create_wrong_signature", verify,
                 step(create, reply(201, session_reply(), signature=sign("another body")))),
        scenario("create_unsigned_reply_is_taken", {"do": "start", "who": WHO},
                 step(create, reply(201, session_reply(), signature=None)), UPLOADED, SUBMITTED),
        scenario("media_reply_lost_and_found", {"do": "start", "who": WHO}, created(), step(upload, "broken"),
                 get(f"{AT}/media", reply(200, one_image)), SUBMITTED),
        scenario("submit_reply_lost_and_repeated", {"do": "start", "who": WHO}, created(), UPLOADED,
                 step(submit, "broken"), SUBMITTED),
        scenario("decision_of_another_session", verify, created(), UPLOADED, SUBMITTED,
                 decided(decision(session=OTHER_SESSION))),
    ]  # fmt: skip


def single_calls() -> list[dict[str, Any]]:
    def call(name: str, **arguments: Any) -> dict[str, Any]:
        return {"do": name, "session_id": SESSION, **arguments}

    ok = compact({"status": "success", "verification": {"id": SESSION}})
    card = compact({"active": True, "documentState": "La credencial esta vigente"})
    network = {"ip": {"addressV4": "203.0.113.7"}}
    collected = compact({"providerName": "example", "network": network, "device": {"fingerprint": "abc"}})
    collected_reply = compact({"status": "success", "sessionId": SESSION, "attemptId": ATTEMPT})
    image = "not an image, but what came"
    binary = {"status": 200, "headers": [["content-type", "image/jpeg"], ["x-hmac-signature", sign(image)]]}
    wrong = sign(decision(), OLD_SECRET)
    return [
        scenario("decision", call("decision"), decided(decision())),
        scenario("decision_unsigned", call("decision"), get(f"{AT}/decision", reply(200, decision(), signature=None)), retries=0),
        scenario("decision_wrong_signature", call("decision"),
                 get(f"{AT}/decision", reply(200, decision(), signature=wrong)), retries=0),
        scenario("decision_older_secret_verifies", call("decision"),
                 get(f"{AT}/decision", reply(200, decision(), signature=wrong)))
        | {"credentials": CREDENTIALS | {"secrets": [SECRET, OLD_SECRET]}},
        scenario("decision_upper_case_signature", call("decision"),
                 get(f"{AT}/decision", reply(200, decision(), signature=sign(decision()).upper()))),
        scenario("decision_old_signature_header", call("decision"),
                 get(f"{AT}/decision",
                     reply(200, decision(), signature=None, more=(("x-signature", sign(decision())),))), retries=0),
        scenario("decision_two_signatures", call("decision"),
                 get(f"{AT}/decision", reply(200, decision(), more=(("x-hmac-signature", wrong),))), retries=0),
        scenario("decision_of_another_key", call("decision"),
                 get(f"{AT}/decision", reply(200, decision(), more=(("x-auth-client", OTHER_KEY),)))),
        scenario("decision_of_another_session_alone", call("decision"), decided(decision(session=OTHER_SESSION))),
        scenario("decision_not_json", call("decision"), decided("<html>busy</html>"), retries=0),
        scenario("decision_in_an_encoding", call("decision"),
                 get(f"{AT}/decision", reply(200, decision(), more=(("content-encoding", "gzip"),))), retries=0),
        scenario("decision_redirected", call("decision"),
                 get(f"{AT}/decision", reply(302, "", signature=None, more=(("location", "/v1/sessions"),)))),
        scenario("decision_not_found", call("decision"),
                 get(f"{AT}/decision", reply(404, compact({"status": "fail", "code": 1303}), signature=None))),
        scenario("decision_server_error_is_repeated", call("decision"),
                 get(f"{AT}/decision", reply(500, "", signature=None)), decided(decision())),
        scenario("decision_unsigned_is_asked_again", call("decision"),
                 get(f"{AT}/decision", reply(200, decision(), signature=None)), decided(decision())),
        scenario("decision_lost_three_times", call("decision"),
                 *[get(f"{AT}/decision", "broken")] * 3),
        scenario("decision_broken_http", call("decision"), get(f"{AT}/decision", "protocol"), retries=0),
        scenario("id_that_is_a_path", {"do": "decision", "session_id": "../../v1/sessions"}),
        scenario("submit", call("submit"), SUBMITTED),
        scenario("media_list", call("media_list"), get(f"{AT}/media", reply(200, '{"status":"success","images":[]}'))),
        scenario("attempts", call("attempts"), get(f"{AT}/attempts", reply(200, '{"verifications":[]}'))),
        scenario("person", call("person"), get(f"{AT}/person", reply(200, '{"person":{}}'))),
        scenario("watchlist", call("watchlist"), get(f"{AT}/watchlist-screening", reply(200, "{}"))),
        scenario("ine_registry", call("ine_registry"),
                 get(f"{AT}/decision/ine-registry?version=1.0.0", reply(200, card))),
        scenario("curp_registry_version", call("curp_registry", version="v1"),
                 get(f"{AT}/decision/curp-registry?version=v1", reply(200, "{}"))),
        scenario("ine_curp_registry", call("ine_curp_registry"),
                 get(f"{AT}/decision/combined-ine-curp-registry?version=1.0.0", reply(200, "{}"))),
        scenario("collected_data", call("collected_data", body=collected),
                 step(request("POST", f"{AT}/collected-data", collected), reply(200, collected_reply))),
        scenario("delete_session", call("delete_session"),
                 step(request("DELETE", AT, signed=SESSION), reply(200, ok))),
        scenario("attempt_media", {"do": "attempt_media", "attempt_id": ATTEMPT},
                 get(f"/v1/attempts/{ATTEMPT}/media", reply(200, '{"images":[]}'), ATTEMPT)),
        scenario("download_media", {"do": "download_media", "media_id": MEDIA},
                 step(request("GET", f"/v1/media/{MEDIA}", signed=MEDIA, accept="*/*"), binary | {"body": image})),
        scenario("upload_media", call("upload_media", context="face", timestamp="2026-04-01T10:00:00.000Z",
                                      image={"base64": PNG}),
                 step(request("POST", f"{AT}/media",
                              MEDIA_BODY[:-2] + ',"timestamp":"2026-04-01T10:00:00.000Z"}}'),
                      reply(201, media_reply()))),
        scenario("create_session", {"do": "create_session", "who": WHO}, created()),
        scenario("raw_get", call("raw_get", path="/v1/sessions/{id}/person", query="a=1"),
                 get(f"{AT}/person?a=1", reply(200, "{}"))),
        scenario("raw_post", {"do": "raw_post", "path": "/v1/things", "body": '{"ñ": 0.10}'},
                 step(request("POST", "/v1/things", '{"ñ": 0.10}'), reply(200, "{}"))),
        scenario("raw_patch", call("raw_patch", path="/v1/sessions/{id}", body='{ "a" : 1 }'),
                 step(request("PATCH", AT, '{ "a" : 1 }'), reply(200, "{}"))),
        scenario("raw_delete", call("raw_delete", path="/v1/sessions/{id}/x"),
                 step(request("DELETE", f"{AT}/x", signed=SESSION), reply(200, "{}"))),
        scenario("raw_post_is_not_repeated", {"do": "raw_post", "path": "/v1/things", "body": "{}"},
                 step(request("POST", "/v1/things", "{}"), "broken")),
        scenario("raw_path_that_climbs", call("raw_get", path="/v1/../{id}")),
        scenario("raw_body_that_is_no_object", {"do": "raw_post", "path": "/v1/things", "body": "[1]"}),
    ]  # fmt: skip


def settings() -> list[dict[str, Any]]:
    create = {"do": "create_session", "who": WHO}
    sent = request("POST", "/v1/sessions", CREATE_BODY, more={"vrf-integration-id": OTHER_SESSION},
                   agent="libine/0.1.0 shop/1.0")  # fmt: skip
    unsigned = request("POST", "/v1/sessions", CREATE_BODY, signed="")
    unsigned["headers"]["content-type"] = "application/json"
    return [
        scenario("integration_id_and_agent", create, step(sent, reply(201, session_reply())),
                 integration_id=OTHER_SESSION, user_agent_suffix="shop/1.0"),
        scenario("sessions_unsigned", create, step(unsigned, reply(201, session_reply())), sign_sessions=0),
        scenario("base_url_with_a_path", {"do": "submit", "session_id": SESSION},
                 step(request("PATCH", f"/veriff{AT}", SUBMIT_BODY), reply(200, submit_reply())),
                 base_url="http://127.0.0.1:9/veriff/"),
        scenario("signatures_required_everywhere", create,
                 step(request("POST", "/v1/sessions", CREATE_BODY), reply(201, session_reply(), signature=None)),
                 reply_signatures=1),
        scenario("signatures_off_with_a_sandbox_key", {"do": "decision", "session_id": SESSION},
                 get(f"{AT}/decision", reply(200, decision(), signature=None)), reply_signatures=2),
        scenario("without_local_checks", {"do": "create_session", "who": {"vendor_data": "case-1"}},
                 step(request("POST", "/v1/sessions", '{"verification":{"vendorData":"case-1","document":{"type":"ID_CARD","country":"MX"}}}'),
                      reply(400, '{"status":"fail","code":"1101"}', signature=None)), local_checks=0),
    ]  # fmt: skip


def scenarios() -> list[dict[str, Any]]:
    return [*flows(), *lost_and_refused(), *single_calls(), *settings()]
