"""A webhook to a whole verdict: ours beside what a team writes by hand over hmac and a JSON library."""

from __future__ import annotations

import hashlib
import hmac
import importlib.util
import itertools
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import libine as ine
from timing import Rows, interleaved, show

KEY, SECRET = "5a4db0c5-1111-4111-8111-111111111111", b"secret of a benchmark"
CREDS = ine.Credentials(KEY, SECRET)
CORE = [str(check) for check in ine.Check][:4]
CHECKS = [str(check) for check in ine.Check]
Delivery = tuple[dict[str, str], bytes]


@dataclass(frozen=True, slots=True)
class Check:
    result: str
    reason: str | None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the peers make of a body: less than ours, which finds root cause, advice and anomalies besides."""

    verified: bool
    failed: list[str]
    checks: dict[str, Check]
    session: str
    code: int
    reason_code: int | None


def judge(root: dict[str, Any]) -> Verdict:
    verification = root["verification"]
    found = {}
    for one in (verification.get("registryValidations") or {}).values():
        for name, value in (one.get("validations") or {}).items():
            found[name] = Check(value["result"], value.get("reason"))
    failed = [name for name in CHECKS if name in found and found[name].result == "failure"]
    good = verification["status"] == "approved" and all(
        name in found and found[name].result == "success" for name in CORE
    )
    return Verdict(good, failed, found, verification["id"], verification["code"], verification.get("reasonCode"))


def genuine(headers: dict[str, str], body: bytes) -> None:
    if headers["x-auth-client"] != KEY:
        raise ValueError("key")
    good = hmac.digest(SECRET, body, hashlib.sha256).hex()
    if not hmac.compare_digest(good, headers["x-hmac-signature"].lower()):
        raise ValueError("signature")


def by_hand(loads: Callable[[bytes], Any], judge: Callable[[Any], object]) -> Callable[[Delivery], object]:
    def receive(delivery: Delivery) -> object:
        headers, body = delivery
        genuine(headers, body)
        return judge(loads(body))

    return receive


def judge_typed(root: Any) -> Verdict:
    verification, found = root.verification, {}
    for one in (verification.registryValidations or {}).values():
        found |= one.validations or {}
    failed = [name for name in CHECKS if name in found and found[name].result == "failure"]
    good = verification.status == "approved" and all(name in found and found[name].result == "success" for name in CORE)
    return Verdict(good, failed, found, verification.id, verification.code, verification.reasonCode)


def peers() -> dict[str, Callable[[Delivery], object]]:
    rows = {"hmac + json + dataclasses": by_hand(json.loads, judge)}
    if importlib.util.find_spec("orjson"):
        import orjson

        rows["hmac + orjson + dataclasses"] = by_hand(orjson.loads, judge)
    if importlib.util.find_spec("msgspec"):
        import msgspec
        import typed_peer

        rows["hmac + msgspec + dataclasses"] = by_hand(msgspec.json.decode, judge)
        rows["hmac + msgspec Structs"] = by_hand(typed_peer.loads, judge_typed)
    return rows


RECEIVER = ine.Webhooks(CREDS)


def verdict_of(delivery: Delivery) -> object:
    """As the peers' verdict: what decides, and what failed."""
    verdict = RECEIVER.open(*delivery).verdict
    return verdict.verified, verdict.outcome, verdict.root_cause, verdict.advice, verdict.failed


def everything(delivery: Delivery) -> object:
    """Every field that the peers fill, and ours besides: the ten checks, ids, codes."""
    event = RECEIVER.open(*delivery)
    verdict = event.verdict
    told = verdict.verified, verdict.outcome, verdict.root_cause, verdict.advice, verdict.failed, verdict.checks
    return told, event.type, event.vendor_data, verdict.session_id, verdict.session_code, verdict.reason_code


def signed(body: bytes) -> Delivery:
    signature = hmac.digest(SECRET, body, hashlib.sha256).hex()
    return {"content-type": "application/json", "x-auth-client": KEY, "x-hmac-signature": signature}, body


def bodies() -> dict[str, list[Delivery]]:
    approved = ine.testing.signed_webhook("approved", CREDS)[1]
    root = json.loads(approved)
    noise = [{"id": at, "name": f"caf\u00e9 \u00d1 {at}", "tags": ["a", "b\n"], "none": None} for at in range(700)]
    big = {"before": noise[:230], **root, "after": noise[230:]}
    names = sorted(ine.testing.scenarios())
    mixed = [ine.testing.signed_webhook(name, CREDS, vendor_data=f"case-{at}") for at, name in enumerate(names * 8)]
    return {
        "compact": [signed(approved)],
        "pretty": [signed(json.dumps(root, indent=2, ensure_ascii=False).encode())],
        "mixed outcomes": mixed,
        "with 50 KB that nobody asked for": [signed(json.dumps(big, ensure_ascii=False).encode())],
    }


def bench(rounds: int) -> None:
    for title, deliveries in bodies().items():
        rows: Rows = {}
        candidates = {"libine: verified, outcome, cause, advice, failed": verdict_of}
        candidates |= {"libine: that, ten checks, ids and codes": everything} | peers()
        for name, receive in candidates.items():
            if len(deliveries) == 1:
                rows[name] = lambda receive=receive, one=deliveries[0]: receive(one)  # type: ignore[misc]
            else:
                turn = itertools.cycle(deliveries)
                rows[name] = lambda receive=receive, turn=turn: receive(next(turn))  # type: ignore[misc]
        size = sum(len(body) for _, body in deliveries) // len(deliveries)
        show(f"webhook to a whole verdict, {title}, {size} bytes", interleaved(rows, rounds=rounds))
