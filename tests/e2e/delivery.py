"""Deliveries as Veriff signs them, for the tests of the tools that receive or examine them."""

from __future__ import annotations

import hashlib
import hmac
import json

from tool import KEY, PAYLOADS, SECRET

ENV = {"INE_API_KEY": KEY, "INE_SECRET": SECRET}
SESSION = "12df6045-3846-3e45-946a-14fa6136d78b"


def raw(name: str) -> bytes:
    return (PAYLOADS / f"{name}.json").read_bytes()


def sign(body: bytes, secret: bytes | str = SECRET) -> str:
    key = secret.encode() if isinstance(secret, str) else secret
    return hmac.new(key, body, hashlib.sha256).hexdigest()


def signed(body: bytes, secret: bytes | str = SECRET, key: str = KEY) -> dict[str, str]:
    return {"x-hmac-signature": sign(body, secret), "x-auth-client": key}


def options(headers: dict[str, str]) -> list[str]:
    words = []
    for name, value in headers.items():
        words += ["--header", f"{name}: {value}"]
    return words


def decision(session: str = SESSION, code: int = 9001, time: str = "2026-04-01T10:01:05.916Z", **more: str) -> bytes:
    """A decision of that session; `more` becomes part of it."""
    status = {9001: "approved", 9102: "declined", 9103: "resubmission_requested"}.get(code, "review")
    part = {"id": session, "attemptId": None, "status": status, "code": code, "decisionTime": time} | more
    return json.dumps({"status": "success", "verification": part}).encode()


def event(session: str = SESSION, code: int = 7002, action: str = "submitted") -> bytes:
    return json.dumps({"id": session, "attemptId": "00bca969-b53a-4fad-b065-874d41a7b2b8", "feature": "selfid",
                       "code": code, "action": action, "vendorData": "case-4711"}).encode()  # fmt: skip
