"""Decisions by chance, from a seed: likely ones, and with every oddity that JSON allows.

decisions(seed, count) yields (require, sent, text), one text a line, without line feeds.
"""

from __future__ import annotations

import json
import random

from oracle import CHECKS, REASONS, STATUSES

# Known words come in their usual case, in the other one, and mixed.
RESULTS = ["success", "failure", "not_applicable"]
ODD = [
    None,
    "",
    "passed",
    "éxito",
    0,
    1,
    1.5,
    True,
    False,
    [],
    {},
    ["success"],
    {"result": "success"},
    "success ",
    "SUCCES",
]
CODES = [9001, 9102, 9103, 9104, 9121, 7001, 7002, 9151, None, "9001", 9001.0, -1, 2**63, True, {}]
REASON_CODES = [None, 102, 539, 581, 640, 901, 902, 903, 904, 0, -581, "581", 581.0, 2**70, [], True]


class Chance(random.Random):
    plain = False  # nothing odd in this decision

    def likely(self, share):
        return self.random() < share

    def rare(self, share):
        return not self.plain and self.likely(share)

    def word(self, word):
        if not self.rare(0.1):
            return word
        return self.choice([word.upper(), word.lower(), word.title(), word.swapcase()])

    def odd(self, value, share=0.04):
        return self.choice(ODD) if self.rare(share) else value

    def pick(self, usual, others, share=0.1):
        return self.choice(others) if self.rare(share) else usual


def reason(rng, result):
    if result == "success":
        return rng.pick(None, [*REASONS, "NEW_REASON", 7, "", {}], 0.05)
    return (
        rng.word(rng.choice([*REASONS, *REASONS, *REASONS]))
        if rng.likely(0.85)
        else rng.choice([None, "NEW_REASON", "", 7, [], True, "Ü" * 90, "x" * 300])
    )


def entry(rng, result):
    if rng.rare(0.02):
        return rng.choice([None, "success", 1, True, [], {}, [{"result": "success"}]])
    made = {"result": rng.word(result), "reason": reason(rng, result)}
    if rng.rare(0.05):
        made["result"] = rng.choice(ODD)
    for key in ("result", "reason"):
        if rng.rare(0.03):
            del made[key]
    if rng.rare(0.05):
        made["extra"] = rng.choice(ODD)
    return made


def names(rng):
    if rng.likely(0.1):
        return ["n" * 195 + "é" * 4 + str(i) for i in range(3)]
    if rng.likely(0.1):
        return [f"check_{i}" for i in range(rng.randrange(30, 36))]
    return rng.sample(
        [
            "face_liveness",
            "",
            "Consent_obtained",
            'é"\\/\t',
            "nul\0name",
            "nul",
            "consent_obtained ",
            "\U0001f600" * 60,
            "x" * 500,
        ],
        rng.randrange(1, 4),
    )


def validations(rng):
    # one thing happens, or several, or each check by itself
    made, mood = {}, rng.random()
    fails_at = rng.randrange(12)
    for number, name in enumerate(CHECKS):
        if mood < 0.3:
            result = "success"
        elif mood < 0.6:
            if number == fails_at:
                result = "failure"
            else:
                result = "success" if number < fails_at or fails_at > 3 else "not_applicable"
        else:
            result = rng.choice(["success", "success", "success", *RESULTS])
        if number > 3 and rng.likely(0.2):
            continue
        if rng.rare(0.02):
            continue
        made[name] = entry(rng, result)
        if result == "not_applicable" and mood < 0.3:
            made[name] = {"result": result, "reason": "INPUT_NOT_PROVIDED"}
    if rng.rare(0.15):
        for name in names(rng):
            made[name] = entry(rng, rng.choice(["success", "success", *RESULTS]))
    return made


def outage(rng):
    """A registry that was down, as an error or as checks that could not be made."""
    if rng.likely(0.5):
        return {
            "status": "error",
            "data": None,
            "validations": rng.pick(None, [{}, []], 0.1),
            "error": {"code": "registry_error", "message": rng.choice(REASONS[4:])},
            "timestamp": None,
        }
    made = {name: {"result": "success", "reason": None} for name in CHECKS[:4]}
    for name in rng.sample(CHECKS, rng.randrange(1, 4)):
        made[name] = {"result": rng.choice(RESULTS[1:]), "reason": rng.word(rng.choice(REASONS[4:]))}
    return {
        "status": rng.choice(["failure", "success"]),
        "data": None,
        "validations": made,
        "error": None,
        "timestamp": None,
    }


def mx_ine(rng):
    if rng.rare(0.03):
        return rng.choice(ODD)
    if rng.likely(0.15):
        return outage(rng)
    made = {
        "status": rng.odd(rng.word(rng.choice(["success", "success", "failure", "error"]))),
        "data": None,
        "validations": validations(rng),
        "error": None,
        "timestamp": rng.odd("2026-04-01T10:01:05.000Z"),
    }
    if rng.rare(0.05):
        made["validations"] = rng.choice(ODD)
    if rng.rare(0.08):
        made["error"] = rng.choice(
            [{"code": "registry_error", "message": "TECHNICAL_ISSUES"}, {}, {"message": 5}, "down", [], False]
        )
    for key in list(made):
        if rng.rare(0.02):
            del made[key]
    return made


def face(rng):
    if rng.rare(0.05):
        return rng.choice(ODD)
    match = rng.choice([True, True, False, None, rng.odd(True, 0.9)])
    made = {
        "faceMatch": match,
        "faceMatchPercentage": rng.pick(89 if match else 20, [84, 85, None, 100, -1, 85.0, "89", 2**64], 0.3),
        "responseStatus": rng.odd(rng.word(rng.choice(["success", "success", "success", "failure", "error"]))),
    }
    for key in list(made):
        if rng.rare(0.05):
            del made[key]
    return made


def verification(rng):
    status = rng.choice(["approved"] * 5 + ["declined"] * 10 + STATUSES + ["inflow_completed"])
    usual = {"approved": 9001, "declined": 9102}.get(status)
    rng.plain = rng.likely(0.3)
    if status == "declined" and rng.likely(0.7):
        reason_code = rng.choice(REASON_CODES)
    else:
        reason_code = rng.pick(None, REASON_CODES)
    made = {
        "id": rng.odd("12df6045-3846-3e45-946a-14fa6136d78b", 0.02),
        "attemptId": "00bca969-b53a-4fad-b065-874d41a7b2b8",
        "status": rng.odd(rng.word(status), 0.02),
        "code": rng.pick(usual, CODES, 0.15),
        "reasonCode": reason_code,
        "reason": rng.pick(None, ["Value mismatch", 5]),
        "person": {
            key: rng.pick(None, ["JUAN", "", 5], 0.4) for key in ("firstName", "lastName", "idNumber", "gender")
        },
        "registryValidations": {"MX_INE": mx_ine(rng)}
        if rng.likely(0.85)
        else rng.choice([{}, None, [], {"MX_INE": None}, {"MX_CURP": {"status": "failure"}}]),
        "additionalVerifiedData": {} if rng.likely(0.75) else {"ineBiometricRegistryValidation": face(rng)},
    }
    if rng.rare(0.03):
        made["additionalVerifiedData"] = rng.choice(ODD)
    if rng.likely(0.1):
        made["registryValidations"] = {
            "MX_CURP": {"status": "error"},
            **(made["registryValidations"] if isinstance(made["registryValidations"], dict) else {}),
        }
    for key in list(made):
        if rng.rare(0.02) and key != "attemptId":
            del made[key]
    if rng.likely(0.1):
        made["extra"] = {"deep": [1, {"result": "failure", "reasonCode": 902}]}
    return made


def body(rng):
    rng.plain = False
    if rng.likely(0.95):
        return {
            "status": "success",
            "verification": None if rng.likely(0.01) else verification(rng),
            "technicalData": {"ip": None},
        }
    active = rng.choice([True, True, False, False, None, "true"])
    return rng.choice(
        [
            {"active": active, "documentState": rng.pick("La credencial está vigente", ODD, 0.2)},
            {
                "eventType": "ine_registry",
                "sessionId": "s",
                "attemptId": "a",
                "version": "1.0.0",
                "data": {"status": "x", "code": 200, "details": {"active": active, "documentState": "é"}},
            },
            {
                "id": "i",
                "attemptId": "a",
                "feature": "selfid",
                "code": rng.choice([7001, 7002, None]),
                "action": rng.choice(["started", "submitted"]),
                "vendorData": None,
            },
            {"status": "fail", "code": "1101", "message": "Validation failed"},
            {"verification": rng.choice([5, "x", [], True])},
            {},
            [],
            5,
            "x",
            None,
        ]
    )


def string(rng, text):
    if rng.likely(0.95):
        return json.dumps(text, ensure_ascii=rng.likely(0.5))
    return (
        '"'
        + "".join(
            "".join(f"\\u{unit:04x}" for unit in utf16(c)) if rng.likely(0.3) else json.dumps(c)[1:-1] for c in text
        )
        + '"'
    )


def utf16(c):
    raw = c.encode("utf-16-be")
    return [int.from_bytes(raw[i : i + 2], "big") for i in range(0, len(raw), 2)]


def write(rng, value, space):
    gap = (lambda: rng.choice(["", " ", "\t", "\r", "    "])) if space else (lambda: "")
    if isinstance(value, str):
        return string(rng, value)
    if isinstance(value, dict):
        items = list(value.items())
        if rng.likely(0.5):
            rng.shuffle(items)
        inner = ",".join(gap() + string(rng, k) + gap() + ":" + gap() + write(rng, v, space) + gap() for k, v in items)
        return "{" + inner + "}"
    if isinstance(value, list):
        return "[" + ",".join(gap() + write(rng, v, space) + gap() for v in value) + "]"
    return json.dumps(value)


def decisions(seed, count):
    rng = Chance(seed)
    for _ in range(count):
        require = 0 if rng.likely(0.6) else rng.randrange(1 << 10) << 1
        sent = 0 if rng.likely(0.5) else rng.randrange(1 << 29)
        yield require, sent, write(rng, body(rng), rng.likely(0.5))
