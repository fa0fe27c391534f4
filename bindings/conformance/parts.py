"""What the scenarios are made of: placeholders of the vendor's documentation, requests and replies with signatures."""

from __future__ import annotations

import hashlib
import hmac
import json
from typing import Any

KEY = "5a4db0c5-0000-4000-8000-000000000001"
OTHER_KEY = "5a4db0c5-0000-4000-8000-000000000002"
SECRET = "a secret of the tests, 36 bytes long"
OLD_SECRET = "an older secret"
SESSION = "12df6045-3846-3e45-946a-14fa6136d78b"
OTHER_SESSION = "a1b2c35d-e8f7-6d5e-3cd2-a1b2c35db3d4"
MEDIA = "aea9ba6d-1b47-47fc-a4fc-f72b6d3584a7"
ATTEMPT = "3c1a1b9f-3f5e-4c1d-9a5e-1b6f0a2f7c11"
BASE = "http://127.0.0.1:9"
CREDENTIALS = {"api_key": KEY, "secrets": [SECRET]}
# A PNG of one pixel: small enough to stand in a request that a person reads.
PNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="
SETTINGS = {"base_url": BASE, "seed": 7, "poll_first_ms": 1, "poll_max_ms": 2, "today": 20261129}


def sign(data: str, secret: str = SECRET) -> str:
    return hmac.new(secret.encode(), data.encode(), hashlib.sha256).hexdigest()


def compact(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def request(
    method: str,
    target: str,
    body: str | None = None,
    *,
    signed: str | None = None,
    accept: str = "application/json",
    more: dict[str, str] | None = None,
    agent: str = "libine/0.1.0",
) -> dict[str, Any]:
    """`signed`: what the signature is over when there is no body; an empty text: no signature."""
    data = body if signed is None else signed
    headers = {
        "accept": accept,
        "accept-encoding": "identity",
        "user-agent": agent,
        "x-auth-client": KEY,
        **({"x-hmac-signature": sign(data)} if data else {}),
        **({"content-type": "application/json"} if body is not None else {}),
        **(more or {}),
    }
    return {"method": method, "target": target, "headers": dict(sorted(headers.items())), "body": body}


def reply(status: int, body: str, *, signature: str | None = "", more: tuple[tuple[str, str], ...] = ()) -> dict:
    """`signature`: empty: the right one; None: none."""
    headers = [["content-type", "application/json"], *map(list, more)]
    if signature is not None:
        headers.append(["x-hmac-signature", signature or sign(body)])
    return {"status": status, "headers": headers, "body": body}


def session_reply(status: str = "created", vendor_data: str = "case-1") -> str:
    return compact(
        {
            "status": "success",
            "verification": {
                "id": SESSION,
                "url": "https://alchemy.veriff.example/v/token",
                "vendorData": vendor_data,
                "host": "https://alchemy.veriff.example",
                "status": status,
                "sessionToken": "token",
            },
        }
    )


def media_reply() -> str:
    image = {"context": "face", "id": MEDIA, "name": "face", "timestamp": None, "size": 70, "mimetype": "image/png"}
    return compact({"status": "success", "image": image | {"url": f"https://example.com/v1/media/{MEDIA}"}})


def submit_reply() -> str:
    return compact({"status": "success", "verification": {"id": SESSION, "status": "submitted"}})


CHECKS = (
    "consent_obtained",
    "person_registered",
    "selfie_registry_match",
    "not_reported_lost_or_stolen",
    "first_name_match",
    "father_last_name_match",
    "mother_last_name_match",
    "personal_number_match",
    "registration_year_match",
    "issue_year_match",
)


def decision(
    status: str = "approved",
    failed: str | None = None,
    *,
    session: str = SESSION,
    absent: tuple[str, ...] = (),
    error: dict[str, Any] | None = None,
    vendor_data: str | None = "case-1",
) -> str:
    """A decision in the vendor's form: the checks before `failed` passed, those after it were not made."""
    validations: dict[str, Any] = {}
    for check in CHECKS:
        if error or check in absent:
            continue
        if failed is None or CHECKS.index(check) < CHECKS.index(failed):
            validations[check] = {"result": "success", "reason": None}
        elif check == failed:
            reason = "SELFIE_MISMATCH" if failed == CHECKS[2] else "VALUE_MISMATCH"
            validations[check] = {"result": "failure", "reason": reason}
        else:
            validations[check] = {"result": "not_applicable", "reason": "SELFIE_MISMATCH"}
    registry = {
        "status": "error" if error else "success" if failed is None else "failure",
        "data": None,
        "validations": validations or None,
        "error": error,
        "timestamp": "2026-04-01T10:01:05.000Z",
    }
    verification = {
        "id": session,
        "attemptId": ATTEMPT,
        "vendorData": vendor_data,
        "endUserId": None,
        "status": status,
        "code": 9001 if status == "approved" else 9102,
        "reason": None if status == "approved" else "INE validation failed",
        "reasonCode": {None: None, CHECKS[2]: 581, CHECKS[3]: 904}.get(failed) if not error else 901,
        "decisionTime": "2026-04-01T10:01:06.000Z",
        "acceptanceTime": "2026-04-01T10:00:30.000Z",
        "person": {"firstName": "JUAN", "lastName": "GARCIA", "idNumber": None},
        "document": {"number": "123456789", "type": "ID_CARD", "country": "MX"},
        "additionalVerifiedData": {},
        "registryValidations": {"MX_INE": registry},
    }
    return compact({"status": "success", "verification": verification, "technicalData": {"ip": None}})
