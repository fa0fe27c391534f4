"""What a decision means: a second reading of the tables in docs/verdict.md, plainly, in Python.

It shares no code with the library, and no shape either: it works on the parsed JSON, one rule after
the other, as a person would read the page. verdict(text, require, sent) gives the verdict object
without its texts.
"""

from __future__ import annotations

import json

CHECKS = [
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
]
CORE = CHECKS[:4]
# the input that each of the checks 5-10 compares, in the order of the inputs' numbers
INPUT_OF = {
    "personal_number_match": "person.idNumber",
    "first_name_match": "person.firstName",
    "father_last_name_match": "person.lastName",
    "mother_last_name_match": "person.secondLastName",
    "registration_year_match": "document.firstIssue",
    "issue_year_match": "document.validFrom",
}
NUMBER_OF_INPUT = {
    "document.number": 1,
    "person.idNumber": 2,
    "person.firstName": 3,
    "person.lastName": 4,
    "person.secondLastName": 5,
    "document.firstIssue": 6,
    "document.validFrom": 7,
}
REASONS = [
    "PERSON_NOT_FOUND",
    "SELFIE_MISMATCH",
    "VALUE_MISMATCH",
    "INPUT_NOT_PROVIDED",
    "REGISTRY_UNAVAILABLE",
    "TECHNICAL_ISSUES",
]
OUTAGES = ["REGISTRY_UNAVAILABLE", "TECHNICAL_ISSUES"]
CODES = {
    "approved": [9001],
    "declined": [9102],
    "resubmission_requested": [9103],
    "expired": [9104],
    "abandoned": [9104, 9121],
    "review": [9121],
    "started": [7001],
    "submitted": [7002],
}
STATUSES = [*CODES, "created"]


def lower(value):
    """ASCII only: other letters stay as they are. None for what is no text."""
    if not isinstance(value, str):
        return None
    return "".join(c.lower() if "A" <= c <= "Z" else c for c in value)


def upper(value):
    if not isinstance(value, str):
        return None
    return "".join(c.upper() if "a" <= c <= "z" else c for c in value)


def is_int(value):
    return type(value) is int and -(2**63) <= value < 2**63


def member(value, *path):
    """What stands at a path; None when it is absent or null, or when the way there is no object."""
    for key in path:
        if not isinstance(value, dict):
            return None
        value = value.get(key)
    return value


def result_of(entry):
    return lower(member(entry, "result"))


def reason_of(entry):
    return upper(member(entry, "reason"))


def state_of(entry, blocked):
    """The table "State of a check"."""
    if entry is None:
        return "ABSENT"
    result, reason = result_of(entry), reason_of(entry)
    if result not in ("success", "failure", "not_applicable"):
        return "UNRECOGNISED"
    if result == "success":
        return "PASSED"
    if result == "failure":
        unknown_text = reason is not None and reason not in REASONS
        return "INCONCLUSIVE" if reason in OUTAGES or unknown_text else "FAILED"
    if blocked:
        return "SKIPPED"
    return "NO_INPUT" if reason == "INPUT_NOT_PROVIDED" else "INCONCLUSIVE"


def as_text(value):
    return value if isinstance(value, str) else None


def cap(text):
    """At most 200 bytes, whole characters, up to a NUL."""
    if text is None:
        return None
    return text.encode()[:200].decode(errors="ignore").split("\0")[0]


def one_check(state, reason, blocked_by):
    return {"state": state, "reason": reason, "blocked_by": blocked_by}


class Reading:
    def __init__(self, body):
        v = body["verification"]
        self.v = v
        self.status = lower(member(v, "status"))
        self.code = member(v, "code")
        self.reason_code = member(v, "reasonCode")
        self.ine = member(v, "registryValidations", "MX_INE")
        self.face = member(v, "additionalVerifiedData", "ineBiometricRegistryValidation")
        self.ine_status = lower(member(self.ine, "status"))
        self.ine_error = member(self.ine, "error")
        self.validations = member(self.ine, "validations")
        entries = self.validations if isinstance(self.validations, dict) else {}
        self.entries = {name: entries.get(name) for name in CHECKS}
        self.others = {name: entry for name, entry in entries.items() if name not in CHECKS}
        self.read_checks()

    def blocked_by(self, name):
        """The first core check before `name` whose result is failure. Unknown checks come last."""
        for core in CORE:
            if core == name:
                return None
            if result_of(self.entries[core]) == "failure":
                return core
        return None

    def read_checks(self):
        self.checks = {}
        self.states = []  # (entry, state, blocked) of everything that is in validations
        for name in CHECKS:
            entry, blocked_by = self.entries[name], self.blocked_by(name)
            state = state_of(entry, blocked_by is not None)
            self.states.append((entry, state, blocked_by is not None))
            self.checks[name] = one_check(
                state, as_text(member(entry, "reason")), blocked_by if state == "SKIPPED" else None
            )
        self.unknown = {}
        for name, entry in self.others.items():
            blocked_by = self.blocked_by(name)
            state = state_of(entry, blocked_by is not None)
            self.states.append((entry, state, blocked_by is not None))
            name = cap(name)
            if name not in self.unknown and len(self.unknown) < 32:
                self.unknown[name] = one_check(
                    state, cap(as_text(member(entry, "reason"))), blocked_by if state == "SKIPPED" else None
                )
        self.face_state = None
        if self.face is not None:
            match = member(self.face, "faceMatch")
            self.face_state = (
                "UNRECOGNISED"
                if not isinstance(self.face, dict)
                else "INCONCLUSIVE"
                if match is None
                else "PASSED"
                if match is True
                else "FAILED"
                if match is False
                else "UNRECOGNISED"
            )
            selfie = self.checks["selfie_registry_match"]
            if self.ine is None:
                selfie["state"] = self.face_state
            elif self.face_state == "FAILED" and selfie["state"] == "ABSENT":
                selfie["state"] = "FAILED"

    def any_state(self, state):
        return any(s == state for _, s, _ in self.states) or any(
            check["state"] == state for check in self.checks.values()
        )

    def failed(self):
        return [name for name in CHECKS if self.checks[name]["state"] == "FAILED"]

    # ---- the table "Outcome" ----

    def outcome(self):
        """Outcome and advice."""
        status, reason_code = self.status, self.reason_code
        state = {name: check["state"] for name, check in self.checks.items()}
        if self.v is None or status in ("created", "started", "submitted"):
            return "PENDING", "WAIT"
        if status == "resubmission_requested":
            return "RESUBMIT", "RESUBMIT"
        if status == "expired":
            return "EXPIRED", "RETRY_NEW_SESSION"
        if status == "abandoned":
            return "ABANDONED", "RETRY_NEW_SESSION"
        if status == "review":
            return "REVIEW", "WAIT"
        if status == "approved":
            code_good = self.code is None or (is_int(self.code) and self.code == 9001)
            results = [self.ine_good() for _ in [0] if self.ine is not None]
            results += [self.face_good() for _ in [0] if self.face is not None]
            if code_good and reason_code is None and results and all(results):
                return "VERIFIED", "NONE"
            return "APPROVED_WITH_EXCEPTIONS", "MANUAL_REVIEW"
        if status != "declined":
            return "UNKNOWN", "MANUAL_REVIEW"
        failed = self.any_state("FAILED")
        if state["consent_obtained"] == "FAILED" or (not failed and self.is_code(640)):
            return "CONSENT_MISSING", "ASK_CONSENT"
        if (
            state["person_registered"] == "FAILED"
            and reason_of(self.entries["person_registered"]) == "INPUT_NOT_PROVIDED"
        ):
            return "INPUT_ERROR", "CORRECT_INPUT"
        if failed:
            return "NOT_VERIFIED", self.advice_by_root()
        if self.outage():
            return "RETRY_LATER", "RETRY_NEW_SESSION"
        return "NOT_VERIFIED", "NEW_SELFIE" if self.is_code(539) else "MANUAL_REVIEW"

    def is_code(self, code):
        return is_int(self.reason_code) and self.reason_code == code

    def ine_good(self):
        if not isinstance(self.ine, dict) or self.ine_status != "success":
            return False
        if self.ine_error is not None:
            return False
        if any(self.checks[name]["state"] != "PASSED" for name in CORE):
            return False
        return all(s in ("PASSED", "NO_INPUT", "ABSENT") for _, s, _ in self.states)

    def face_good(self):
        return member(self.face, "faceMatch") is True and lower(member(self.face, "responseStatus")) != "failure"

    def advice_by_root(self):
        failed = self.failed()
        if not failed:
            return "MANUAL_REVIEW"
        return {2: "CORRECT_INPUT", 3: "NEW_SELFIE", 4: "REFUSE_CARD"}.get(CHECKS.index(failed[0]) + 1, "CORRECT_INPUT")

    def outage(self):
        if self.any_state("UNRECOGNISED"):
            return False
        if self.reason_code is not None and not any(self.is_code(c) for c in (581, 901, 902, 903, 904)):
            return False
        if self.ine_status == "error" or self.is_code(901):
            return True
        inconclusive = [reason_of(e) for e, s, _ in self.states if s == "INCONCLUSIVE"]
        down = any(r in OUTAGES for r in inconclusive)
        down = down or (isinstance(self.face, dict) and self.face.get("faceMatch") is None)
        return down and all(r in OUTAGES for r in inconclusive)

    # ---- what follows from it ----

    def root_cause(self, outcome):
        if self.failed():
            return self.failed()[0]
        if outcome == "RETRY_LATER":
            return "registry"
        for code, name in ((640, CHECKS[0]), (902, CHECKS[1]), (581, CHECKS[2]), (904, CHECKS[3])):
            if self.is_code(code):
                return name
        return None

    def inputs(self, outcome, advice, root):
        if advice != "CORRECT_INPUT":
            return []
        if outcome == "INPUT_ERROR":
            return ["document.number", "person.idNumber"]
        if root == "person_registered":
            return ["document.number"]
        return [name for check, name in INPUT_OF.items() if check in self.failed()]

    def unchecked(self, sent):
        if self.ine_status not in ("success", "failure"):
            return []
        if self.checks["consent_obtained"]["state"] == "FAILED":
            return []
        found = []
        for check, name in INPUT_OF.items():
            known = sent & (1 << NUMBER_OF_INPUT[name])
            if name in ("person.firstName", "person.lastName", "person.idNumber"):
                known = known or member(self.v, *name.split(".")) is not None
            if known and self.checks[check]["state"] == "ABSENT":
                found.append(name)
        return found

    def anomalies(self):
        return [
            name
            for name, when in (
                (
                    "NA_WITHOUT_UPSTREAM_FAILURE",
                    any(result_of(e) == "not_applicable" and s == "INCONCLUSIVE" for e, s, _ in self.states),
                ),
                ("SUCCESS_AFTER_FAILURE", any(s == "PASSED" and b for _, s, b in self.states)),
                ("APPROVED_WITH_FAILED_CORE", self.status == "approved" and any(f in CORE for f in self.failed())),
                (
                    "STATUS_CODE_MISMATCH",
                    self.code is not None
                    and self.status in CODES
                    and not (is_int(self.code) and self.code in CODES[self.status]),
                ),
                ("REASON_CODE_MISMATCH", self.reason_code_mismatch()),
                ("REGISTRY_STATUS_MISMATCH", self.registry_status_mismatch()),
                ("UNKNOWN_CHECK", bool(self.others)),
                ("UNKNOWN_RESULT", self.any_state("UNRECOGNISED")),
                (
                    "UNKNOWN_REASON",
                    any(
                        isinstance(e, dict) and e.get("reason") is not None and reason_of(e) not in REASONS
                        for e, _, _ in self.states
                    ),
                ),
                ("MIXED_CASE", self.mixed_case()),
                (
                    "VALIDATIONS_WITH_ERROR",
                    self.validations is not None and (self.ine_status == "error" or self.ine_error is not None),
                ),
                ("FACE_PERCENT_MISMATCH", self.face_percent_mismatch()),
            )
            if when
        ]

    def reason_code_mismatch(self):
        if self.reason_code is None:
            return False
        if self.status == "approved":
            return True
        if self.is_code(901):
            return self.any_state("FAILED")
        if not self.failed():
            return False
        first = CHECKS.index(self.failed()[0]) + 1
        for code, named in ((640, [1]), (902, [2]), (581, [3]), (904, [4]), (903, [5, 6, 7, 8, 9, 10])):
            if self.is_code(code):
                return first not in named
        return False

    def registry_status_mismatch(self):
        failure = any(result_of(e) == "failure" for e, _, _ in self.states)
        if self.ine_status == "success":
            return failure or self.ine_error is not None
        return self.ine_status == "failure" and not failure

    def mixed_case(self):
        """Only of words that are known."""
        words = [
            (member(self.v, "status"), STATUSES),
            (member(self.ine, "status"), ["success", "failure", "error"]),
            (member(self.face, "responseStatus"), ["success", "failure", "error"]),
        ]
        words += [(member(e, "result"), ["success", "failure", "not_applicable"]) for e, _, _ in self.states]
        if any(lower(w) in known and w not in known for w, known in words if isinstance(w, str)):
            return True
        reasons = [member(e, "reason") for e, _, _ in self.states]
        return any(upper(r) in REASONS and r not in REASONS for r in reasons if isinstance(r, str))

    def face_percent_mismatch(self):
        match, percent = member(self.face, "faceMatch"), member(self.face, "faceMatchPercentage")
        return isinstance(match, bool) and is_int(percent) and match != (percent >= 85)

    def legacy(self):
        if self.face is None:
            return None
        match, percent = member(self.face, "faceMatch"), member(self.face, "faceMatchPercentage")
        return {
            "face_match": match if isinstance(match, bool) else None,
            "face_match_percentage": percent if is_int(percent) else None,
            "response_status": as_text(member(self.face, "responseStatus")),
        }

    def default_required(self):
        older_form = self.face is not None and self.ine is None
        return ["selfie_registry_match"] if older_form else CORE


def whole(r, outcome, advice, required, sent, session, legacy):
    root = r.root_cause(outcome)
    unmet = [n for n in CHECKS if n in required and r.checks[n]["state"] != "PASSED"]
    return {
        "verified": outcome == "VERIFIED" and not unmet,
        "outcome": outcome,
        "root_cause": root,
        "advice": advice,
        "inputs": r.inputs(outcome, advice, root),
        "failed": r.failed(),
        "unmet": unmet,
        "unchecked": r.unchecked(sent),
        "checks": r.checks,
        "unknown_checks": r.unknown,
        "anomalies": r.anomalies(),
        "registry": {
            "status": as_text(member(r.ine, "status")),
            "error": as_text(member(r.ine_error, "message")),
            "timestamp": as_text(member(r.ine, "timestamp")),
        },
        "session": session,
        "legacy": legacy,
    }


def session(identity, status=None, code=None, reason_code=None):
    return {
        "id": as_text(identity),
        "status": as_text(status),
        "code": code if is_int(code) else None,
        "reason_code": reason_code if is_int(reason_code) else None,
    }


def card(active):
    outcomes = {True: ("CARD_ACTIVE", "NONE"), False: ("CARD_NOT_ACTIVE", "MANUAL_REVIEW")}
    return outcomes[active] if isinstance(active, bool) else ("UNKNOWN", "MANUAL_REVIEW")


def verdict(text, require, sent):
    body = json.loads(text)
    nothing = Reading({"verification": None})
    required = [name for i, name in enumerate(CHECKS, 1) if require & (1 << i)]
    if isinstance(body, dict) and "action" in body:
        return whole(
            nothing, "PENDING", "WAIT", required or CORE, sent, session(body.get("id"), code=body.get("code")), None
        )
    if isinstance(body, dict) and ("active" in body or body.get("eventType") == "ine_registry"):
        details = body if "active" in body else member(body, "data", "details")
        active = member(details, "active")
        legacy = {
            "active": active if isinstance(active, bool) else None,
            "document_state": as_text(member(details, "documentState")),
        }
        return whole(nothing, *card(active), required or CORE, sent, session(body.get("sessionId")), legacy)
    if not isinstance(body, dict) or not isinstance(body.get("verification", 0), (dict, type(None))):
        return whole(nothing, "UNKNOWN", "MANUAL_REVIEW", required or CORE, sent, session(None), None)
    r = Reading(body)
    return whole(
        r,
        *r.outcome(),
        required or r.default_required(),
        sent,
        session(*(member(r.v, key) for key in ("id", "status", "code", "reasonCode"))),
        r.legacy(),
    )
