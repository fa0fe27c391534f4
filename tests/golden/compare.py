#!/usr/bin/env python3
"""10,000 random decisions through the library and through oracle.py: they agree in all but the texts.

compare.py VERDICT_LINES [COUNT [SEED]]
"""

from __future__ import annotations

import collections
import json
import subprocess
import sys

import oracle
from random_decisions import decisions

OUTCOMES = [
    "PENDING",
    "RESUBMIT",
    "EXPIRED",
    "ABANDONED",
    "REVIEW",
    "VERIFIED",
    "APPROVED_WITH_EXCEPTIONS",
    "CONSENT_MISSING",
    "INPUT_ERROR",
    "NOT_VERIFIED",
    "RETRY_LATER",
    "UNKNOWN",
    "CARD_ACTIVE",
    "CARD_NOT_ACTIVE",
]
ADVICES = [
    "NONE",
    "WAIT",
    "RESUBMIT",
    "RETRY_NEW_SESSION",
    "MANUAL_REVIEW",
    "ASK_CONSENT",
    "CORRECT_INPUT",
    "NEW_SELFIE",
    "REFUSE_CARD",
]
STATES = ["ABSENT", "UNRECOGNISED", "PASSED", "INCONCLUSIVE", "FAILED", "SKIPPED", "NO_INPUT"]
ANOMALIES = [
    "NA_WITHOUT_UPSTREAM_FAILURE",
    "SUCCESS_AFTER_FAILURE",
    "APPROVED_WITH_FAILED_CORE",
    "STATUS_CODE_MISMATCH",
    "REASON_CODE_MISMATCH",
    "REGISTRY_STATUS_MISMATCH",
    "UNKNOWN_CHECK",
    "UNKNOWN_RESULT",
    "UNKNOWN_REASON",
    "MIXED_CASE",
    "VALIDATIONS_WITH_ERROR",
    "FACE_PERCENT_MISMATCH",
]
LEAST = 10  # in 10,000; otherwise the random decisions have lost their point


def count_values(seen, made):
    seen[made["outcome"]] += 1
    seen[made["advice"]] += 1
    seen["verified"] += made["verified"]
    for name in made["anomalies"]:
        seen[name] += 1
    for check in made["checks"].values():
        seen[check["state"]] += 1


def differences(expected, found):
    for key in expected | found:
        if json.dumps(expected.get(key)) != json.dumps(found.get(key)):
            yield f"  {key}\n    page: {json.dumps(expected.get(key))}\n    ine:  {json.dumps(found.get(key))}"


def main(arguments):
    tool, count, seed = arguments[0], int((arguments[1:] or [10000])[0]), int((arguments[2:] or [1])[0])
    cases = list(decisions(seed, count))
    lines = "".join(f"{require},{sent},{text}\n" for require, sent, text in cases)
    run = subprocess.run([tool], input=lines.encode(), stdout=subprocess.PIPE, check=True)
    replies = run.stdout.decode().split("\n")[:-1]
    if len(replies) != len(cases):
        print(f"{len(cases)} decisions, {len(replies)} verdicts")
        return 1
    seen, wrong = collections.Counter(), 0
    for number, ((require, sent, text), reply) in enumerate(zip(cases, replies)):
        expected, found = oracle.verdict(text, require, sent), json.loads(reply)
        texts = found.pop("text", None)
        count_values(seen, expected)
        if json.dumps(expected) == json.dumps(found) and texts:
            continue
        wrong += 1
        if wrong <= 5:
            print(f"decision {number} of seed {seed}, require {require}, sent {sent}: {text}")
            print("\n".join(differences(expected, found)) or "  the order of the members, or no texts")
    print(f"{count} random decisions (seed {seed}), {wrong} differ;", dict(sorted(seen.items())))
    rare = [n for n in [*OUTCOMES, *ADVICES, *STATES, *ANOMALIES] if seen[n] * 10000 < LEAST * count]
    if rare:
        print("too rare to be a test:", *rare)
    return 1 if wrong or rare else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
