"""Deliveries to a receiver of webhooks."""

from __future__ import annotations

from typing import Any

from parts import ATTEMPT, CREDENTIALS, KEY, OLD_SECRET, OTHER_KEY, SECRET, SESSION, compact, decision, sign

RECEIVER = [
    {"label": "shop", "api_key": KEY, "secrets": [SECRET, OLD_SECRET]},
    {"label": "bank", "api_key": OTHER_KEY, "secrets": ["the bank's secret"]},
]
BODY = decision("declined", "selfie_registry_match")
# What breaks a receiver that parses and writes again before it verifies.
ODD = (
    '{ "status":"success","verification":\r\n{"id":"'
    + SESSION
    + '","code":9001, "status":"approved",'
    + ('"person":{"firstName":"IGNACIO \\u00d1","lastName":"NUÑEZ"},"x":0.10,"reasonCode":null} }\n')
)
EVENT = compact(
    {
        "id": SESSION,
        "attemptId": ATTEMPT,
        "feature": "selfid",
        "code": 7002,
        "action": "submitted",
        "vendorData": "case-1",
        "endUserId": None,
    }
)
CARD = compact(
    {
        "eventType": "ine_registry",
        "sessionId": SESSION,
        "attemptId": ATTEMPT,
        "vendorData": "case-1",
        "endUserId": None,
        "version": "1.0.0",
        "time": "2021-06-02T11:04:00.287Z",
        "data": {"status": "La credencial es válida", "code": 200, "details": {"active": True, "documentState": "x"}},
    }
)


def delivery(name: str, body: str = BODY, *headers: tuple[str, str], **over: Any) -> dict[str, Any]:
    given = headers or (("X-AUTH-CLIENT", KEY), ("X-HMAC-SIGNATURE", sign(body)))
    return {"name": name, "credentials": RECEIVER, "headers": [list(pair) for pair in given], "body": body} | over


def scenarios() -> list[dict[str, Any]]:
    key, right = ("x-auth-client", KEY), ("x-hmac-signature", sign(BODY))
    return [
        delivery("decision"),
        delivery("odd_bytes", ODD),
        delivery("event", EVENT),
        delivery("ine_registry", CARD),
        delivery("unknown_type", '{"eventType":"something.new","sessionId":null}'),
        delivery("older_secret", BODY, key, ("x-hmac-signature", sign(BODY, OLD_SECRET))),
        delivery("other_integration", BODY, ("x-auth-client", OTHER_KEY),
                 ("x-hmac-signature", sign(BODY, "the bank's secret"))),
        delivery("upper_case_digits", BODY, key, ("X-Hmac-Signature", sign(BODY).upper())),
        delivery("vrf_headers", BODY, ("vrf-auth-client", KEY), ("vrf-hmac-signature", sign(BODY))),
        delivery("both_families", BODY, key, right, ("VRF-AUTH-CLIENT", KEY), ("VRF-HMAC-SIGNATURE", sign(BODY))),
        delivery("one_key", EVENT, ("x-auth-client", KEY), ("x-hmac-signature", sign(EVENT)))
        | {"credentials": [CREDENTIALS | {"label": "only"}]},
        delivery("families_differ", BODY, key, right, ("vrf-hmac-signature", sign(BODY, OLD_SECRET))),
        delivery("no_signature", BODY, key),
        delivery("no_headers", BODY, ("content-type", "application/json")),
        delivery("no_key", BODY, right),
        delivery("unknown_key", BODY, ("x-auth-client", SESSION), right),
        delivery("key_of_the_other", BODY, ("x-auth-client", OTHER_KEY), right),
        delivery("repeated_signature", BODY, key, right, right),
        delivery("joined_signature", BODY, key, ("x-hmac-signature", f"{sign(BODY)}, {sign(BODY)}")),
        delivery("legacy_signature", BODY, key, ("x-signature", sign(BODY))),
        delivery("short_signature", BODY, key, ("x-hmac-signature", sign(BODY)[:-1])),
        delivery("empty_signature", BODY, key, ("x-hmac-signature", "")),
        delivery("signature_with_a_prefix", BODY, key, ("x-hmac-signature", "sha256=" + sign(BODY))),
        delivery("wrong_signature", BODY, key, ("x-hmac-signature", sign(BODY + " "))),
        delivery("encoded", BODY, key, right, ("content-encoding", "gzip")),
        delivery("genuine_but_not_json", "{" + BODY),
        delivery("genuine_but_repeated_member", '{"verification":null,"verification":null}'),
        delivery("genuine_but_empty", ""),
    ]  # fmt: skip
