"""Fixtures for all tests: payloads that hold what frameworks like to change."""

from __future__ import annotations

import hashlib
import hmac
import logging
import os
import traceback
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


def frames_of_ours(error: BaseException) -> str:
    """Every local of every frame of the package, as a tracker of exceptions would collect them."""
    out, seen = [], set[int]()
    chain: list[BaseException | None] = [error]
    while chain:
        one = chain.pop()
        if one is None or id(one) in seen:
            continue
        seen.add(id(one))
        chain += [one.__cause__, one.__context__]
        for frame, _ in traceback.walk_tb(one.__traceback__):
            if os.path.dirname(frame.f_code.co_filename) == os.path.dirname(ine.__file__):
                out.append(f"{frame.f_code.co_name}: " + "; ".join(f"{k}={v!r}" for k, v in frame.f_locals.items()))
    return "\n".join(out)
