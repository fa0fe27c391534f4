#!/usr/bin/env python3
"""`ine explain`: the documented decisions mean what the table of docs/verdict.md says, in every form; the
drawing says it to a person."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from typing import Any

from tool import LATER, NO, OK, REFUSED, UNKNOWN, Case, main, payload, run

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
P, F, S, I, N, A = "PASSED", "FAILED", "SKIPPED", "INCONCLUSIVE", "NO_INPUT", "ABSENT"  # noqa: E741

# name: exit code, outcome, root cause, advice, inputs, states of the ten checks, what blocks, anomalies
EXPECTED: dict[str, tuple[Any, ...]] = {
    "decision_approved_all_checks": (OK, "VERIFIED", None, "NONE", [], (P,) * 10, None, []),
    "decision_approved_optional_not_provided": (
        OK, "VERIFIED", None, "NONE", [], (P, P, P, P, P, N, A, N, A, A), None, ["MIXED_CASE"],
    ),
    "decision_consent_declined": (
        NO, "CONSENT_MISSING", CHECKS[0], "ASK_CONSENT", [], (F, S, S, S, A, A, A, A, A, A), CHECKS[0], [],
    ),
    "decision_person_not_found": (
        NO, "NOT_VERIFIED", CHECKS[1], "CORRECT_INPUT", ["document.number"], (P, F) + (S,) * 8, CHECKS[1], [],
    ),
    "decision_selfie_mismatch": (
        NO, "NOT_VERIFIED", CHECKS[2], "NEW_SELFIE", [], (P, P, F) + (S,) * 7, CHECKS[2], [],
    ),
    "decision_lost_or_stolen": (
        NO, "NOT_VERIFIED", CHECKS[3], "REFUSE_CARD", [], (P, P, I, F) + (S,) * 6, CHECKS[3],
        ["NA_WITHOUT_UPSTREAM_FAILURE"],
    ),
    "decision_registry_unavailable": (
        LATER, "RETRY_LATER", "registry", "RETRY_NEW_SESSION", [], (A,) * 10, None, [],
    ),
    "mx_ine_all_fields_excerpt": (UNKNOWN, "UNKNOWN", None, "MANUAL_REVIEW", [], (P,) * 10, None, None),
    "decision_legacy_biometric_excerpt": (
        UNKNOWN, "UNKNOWN", None, "MANUAL_REVIEW", [], (A, A, P) + (A,) * 7, None, None,
    ),
}  # fmt: skip


def shuffled(value: Any, rng: random.Random) -> Any:
    if isinstance(value, list):
        return [shuffled(item, rng) for item in value]
    if not isinstance(value, dict):
        return value
    keys = list(value)
    rng.shuffle(keys)
    return {key: shuffled(value[key], rng) for key in keys}


def recased(value: Any, change: Callable[[str], str], key: str = "") -> Any:
    """Words of the API in another case; ids, names and times stay."""
    if isinstance(value, dict):
        return {k: recased(v, change, k) for k, v in value.items()}
    return change(value) if isinstance(value, str) and key in ("result", "reason", "status", "code") else value


def validations(decision: Any) -> Any:
    return decision["verification"]["registryValidations"]["MX_INE"]["validations"]


class Documented(Case):
    def explain(self, body: Any, *words: str) -> Any:
        text = body if isinstance(body, str) else json.dumps(body)
        return run("explain", "-", "--json", *words, given=text.encode())

    def agrees(self, name: str, body: Any, anomalies: bool = True) -> None:
        code, outcome, root, advice, inputs, states, blocker, expected = EXPECTED[name]
        result = self.explain(body)
        verdict = result.json
        with self.subTest(name):
            self.assertEqual(result.code, code)
            self.assertEqual(result.err, "")
            self.assertEqual(verdict["verified"], code == OK)
            self.assertEqual(
                [verdict[k] for k in ("outcome", "root_cause", "advice", "inputs")], [outcome, root, advice, inputs]
            )
            self.assertEqual(list(verdict["checks"]), list(CHECKS))
            self.assertEqual(tuple(check["state"] for check in verdict["checks"].values()), states)
            for check in verdict["checks"].values():
                self.assertEqual(check["blocked_by"], blocker if check["state"] == S else None)
            self.assertEqual(verdict["failed"], [c for c, s in zip(CHECKS, states, strict=True) if s == F])
            core = CHECKS[2:3] if "legacy" in name else CHECKS[:4]  # the older form has one check
            self.assertEqual(verdict["unmet"], [c for c in core if verdict["checks"][c]["state"] != P])
            if anomalies and expected is not None:
                self.assertEqual(verdict["anomalies"], expected)

    def test_as_documented(self) -> None:
        for name in EXPECTED:
            self.agrees(name, json.dumps(payload(name), indent=2))

    def test_minified(self) -> None:
        for name in EXPECTED:
            self.agrees(name, json.dumps(payload(name), separators=(",", ":")))

    def test_shuffled(self) -> None:
        for name in EXPECTED:
            for seed in range(8):
                self.agrees(name, shuffled(payload(name), random.Random(seed)))

    def test_upper_and_lower_case(self) -> None:
        for name in EXPECTED:
            for change in (str.upper, str.lower):
                self.agrees(name, recased(payload(name), change), anomalies=False)

    def test_unknown_members_change_nothing(self) -> None:
        for name in EXPECTED:
            body = payload(name)
            body["invented"] = {"result": "failure", "deep": [1, {"a": None}]}
            for part in (body.get("verification"), body.get("registryValidations")):
                if isinstance(part, dict):
                    part["invented"] = [True, "failure"]
            self.agrees(name, body)

    def test_null_and_absent_are_the_same(self) -> None:
        for name in EXPECTED:
            body = payload(name)
            verification = body.get("verification")
            if not isinstance(verification, dict) or "person" not in verification:
                continue
            for member in ("person", "document", "acceptanceTime", "vendorData"):
                verification[member] = None
            self.agrees(name, body)
            for member in ("person", "document", "acceptanceTime", "vendorData"):
                del verification[member]
            self.agrees(name, body)

    def test_an_unknown_check_counts(self) -> None:
        for result, code, outcome in (("success", OK, "VERIFIED"), ("failure", NO, "APPROVED_WITH_EXCEPTIONS")):
            body = payload("decision_approved_all_checks")
            validations(body)["shoe_size_match"] = {"result": result, "reason": None}
            said = self.explain(body)
            self.assertEqual((said.code, said.json["outcome"]), (code, outcome))
            self.assertIn("UNKNOWN_CHECK", said.json["anomalies"])
            self.assertIn("shoe_size_match", said.json["unknown_checks"])

    def test_require(self) -> None:
        body = payload("decision_approved_optional_not_provided")
        self.assertEqual(self.explain(body, "--require", "core").code, OK)
        self.assertEqual(self.explain(body, "--require", "core,first_name_match").code, OK)
        said = self.explain(body, "--require", "all")
        self.assertEqual(said.code, NO)
        self.assertEqual(said.json["outcome"], "VERIFIED")
        self.assertFalse(said.json["verified"])
        self.assertEqual(said.json["unmet"], [CHECKS[i] for i in (5, 6, 7, 8, 9)])
        self.assertEqual(self.error(self.explain(body, "--require", "nonsense"), REFUSED)["field"], "--require")

    def test_texts_are_there_for_all_audiences(self) -> None:
        for name in EXPECTED:
            text = self.explain(payload(name)).json["text"]
            for audience in ("citizen", "agent", "log"):
                for language in ("es-MX", "en"):
                    self.assertTrue(text[audience][language])


class Drawn(Case):
    def drawn(self, name: str, *words: str, **env: str) -> str:
        result = run("explain", "-", *words, given=json.dumps(payload(name)).encode(), env=env)
        self.assertEqual(result.err, "")
        return result.out

    def test_states_are_words_and_signs(self) -> None:
        text = self.drawn("decision_selfie_mismatch")
        self.assertIn("✓  1 Consent obtained", text)
        self.assertIn("✗  3 Selfie matches registry", text)
        self.assertIn("FAILED (SELFIE_MISMATCH)  ◀ root cause", text)
        self.assertEqual(text.count("skipped, because of 3"), 7)
        self.assertIn("NOT VERIFIED", text)
        self.assertIn("take a new selfie", text)
        text = self.drawn("decision_approved_optional_not_provided")
        self.assertEqual(text.count("no input"), 2)
        self.assertEqual(text.count("not enabled"), 3)
        self.assertIn("inconclusive", self.drawn("decision_lost_or_stolen"))

    def test_skipped_ones_hang_below_what_stopped_them(self) -> None:
        lines = self.drawn("decision_consent_declined").splitlines()
        at = next(i for i, line in enumerate(lines) if "✗  1" in line)
        for number, line in enumerate(lines[at + 1 : at + 4], 2):
            self.assertRegex(line, rf"^  │  [├└]─ ↷  {number} ")

    def test_spanish_by_option_and_by_locale(self) -> None:
        for text in (
            self.drawn("decision_selfie_mismatch", "--lang", "es"),
            self.drawn("decision_selfie_mismatch", LC_ALL="es_MX.UTF-8"),
            self.drawn("decision_selfie_mismatch", LC_ALL="", LANG="es.UTF-8"),
        ):
            self.assertIn("NO VERIFICADA", text)
            self.assertIn("no se hizo, por la 3", text)
        self.assertIn("NOT VERIFIED", self.drawn("decision_selfie_mismatch", LC_ALL="estonian.UTF-8"))
        self.assertIn("NOT VERIFIED", self.drawn("decision_selfie_mismatch", "--lang", "en", LC_ALL="es_MX.UTF-8"))

    def test_plain_letters_where_the_locale_has_no_others(self) -> None:
        for language in ("es", "en"):
            for name in EXPECTED:
                self.assertTrue(self.drawn(name, "--lang", language, LC_ALL="C").isascii())

    def test_nothing_from_the_body_moves_the_cursor(self) -> None:
        body = payload("decision_selfie_mismatch")
        evil = "\x1b[31m\r\n\u202e\u0085\u009b1mEVIL" + "x" * 5000
        body["verification"]["status"] = evil
        checks = validations(body)
        checks["selfie_registry_match"]["reason"] = evil
        checks[evil] = {"result": evil, "reason": evil}
        text = run("explain", "-", given=json.dumps(body).encode()).out
        self.assertIn("EVIL", text)
        for sign in "\x1b\r\u202e\u0085\u009b":
            self.assertNotIn(sign, text)
        self.assertLess(max(map(len, text.splitlines())), 600)

    def test_no_person_is_shown(self) -> None:
        for name in EXPECTED:
            text = self.drawn(name)
            for value in ("JUAN", "GARCIA", "GARJ000000HMCRLP00", "000000000", "a1b2c35d"):
                self.assertNotIn(value, text)

    def test_older_forms(self) -> None:
        result = run("explain", "-", given=json.dumps(payload("ine_registry_active")).encode())
        self.assertEqual(result.code, NO)
        self.assertIn("CARD ACTIVE (no face was compared)", result.out)
        result = run("explain", "-", "--json", given=json.dumps(payload("ine_registry_not_found")).encode())
        self.assertEqual((result.code, result.json["outcome"]), (NO, "CARD_NOT_ACTIVE"))


class BadFiles(Case):
    def test_refused(self) -> None:
        cases = {
            "empty": b"",
            "no json": b"approved",
            "cut": b'{"status":"success",',
            "trailing": b"{}x",
            "not utf-8": b'{"status":"\xff"}',
            "deep": b"[" * 65 + b"]" * 65,
            "twice": b'{"verification":null,"verification":null}',
        }
        for name, body in cases.items():
            with self.subTest(name):
                error = self.error(run("explain", "-", "--json", given=body), REFUSED)
                self.assertIn(error["code"], ("JSON", "FORM"))
                self.assertEqual(run("explain", "-", given=body).out, "")

    def test_unreadable(self) -> None:
        for path in (str(self.folder / "none"), str(self.folder), "/proc/self/mem"):
            self.assertEqual(self.error(run("explain", path, "--json"), REFUSED)["field"], "FILE")
        self.assertEqual(run("explain").code, REFUSED)
        self.assertEqual(run("explain", self.selfie, self.selfie).code, REFUSED)


if __name__ == "__main__":
    main()
