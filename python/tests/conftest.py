"""Fixtures for all tests: payloads that hold what frameworks like to change."""

from __future__ import annotations

import hashlib
import hmac
import logging
from collections.abc import Iterator

import libine as ine
import pytest

KEY = "5a4db0c5-1111-4111-8111-111111111111"
SECRET = b"secret of a test"
ODD = (
    '{"status" :"success",\n\t"verification":{"id":"12df6045-3846-3e45-946a-14fa6136d78b","code":9001,'
    '"status":"approved", "person":{"firstName":"MU\\u00d1OZ","lastName":"PEÑA"},"vendorData":"case-17",'
    '"amount":0.10 , "attemptId":"00bca969-b53a-4fad-b065-874d41a7b2b8"}}\n'
).encode()


def sign(body: bytes, secret: bytes = SECRET) -> str:
    return hmac.new(secret, body, hashlib.sha256).hexdigest()


@pytest.fixture
def creds() -> ine.Credentials:
    return ine.Credentials(KEY, SECRET, label="shop")


@pytest.fixture
def webhooks(creds: ine.Credentials) -> ine.Webhooks:
    return ine.Webhooks([creds])


@pytest.fixture
def odd() -> tuple[dict[str, str], bytes]:
    """Ñ as itself and escaped, 0.10, odd spacing, a last line end: any change of it breaks the signature."""
    headers = {"Content-Type": "application/json", "X-Auth-Client": KEY, "X-HMAC-Signature": sign(ODD)}
    return headers, ODD


@pytest.fixture(autouse=True)
def quiet_log() -> Iterator[None]:
    level = logging.getLogger("libine").level
    yield
    logging.getLogger("libine").setLevel(level)
