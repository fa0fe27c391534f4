"""Bodies and what they mean: the documented samples, and some that are odd."""

from __future__ import annotations

from typing import Any

from parts import CHECKS, decision

SAMPLES = (
    "decision_approved_all_checks",
    "decision_approved_optional_not_provided",
    "decision_consent_declined",
    "decision_person_not_found",
    "decision_selfie_mismatch",
    "decision_lost_or_stolen",
    "decision_registry_unavailable",
    "decision_legacy_biometric_excerpt",
    "mx_ine_all_fields_excerpt",
    "ine_registry_active",
    "ine_registry_not_found",
    "error_401",
)


def scenarios() -> list[dict[str, Any]]:
    return [
        *({"name": name, "file": f"tests/payloads/{name}.json"} for name in SAMPLES),
        *({"name": f"declined_{check}", "body": decision("declined", check)} for check in CHECKS),
        {"name": "required_check_is_absent", "body": decision(absent=("issue_year_match",)),
         "require": ["issue_year_match", "person_registered"]},
        {"name": "required_checks_passed", "body": decision(), "require": list(CHECKS)},
        {"name": "pending", "body": '{"status":"success","verification":null}'},
        {"name": "upper_case_results", "body": decision().replace('"success","reason"', '"SUCCESS","reason"')},
        {"name": "unknown_check", "body": decision().replace("first_name_match", "iris_match")},
        {"name": "unknown_result", "body": decision().replace('"success","reason"', '"perhaps","reason"', 1)},
        {"name": "empty_object", "body": "{}"},
        {"name": "not_json", "body": "{'status':1}"},
        {"name": "not_utf8_escape", "body": '{"status":"\\ud800"}'},
        {"name": "repeated_member", "body": '{"status":"a","status":"b"}'},
        {"name": "nothing", "body": ""},
    ]  # fmt: skip
