"""Names of the library. Each accepts values that this version does not know: they become members of
their own, equal to their text, and never equal to a known one."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import Self


class OpenEnum(StrEnum):
    """A StrEnum for which a new value is not an error."""

    @classmethod
    def _missing_(cls, value: object) -> Self | None:
        if not isinstance(value, str):
            return None
        member = str.__new__(cls, value)
        member._name_ = value
        member._value_ = value
        return member


class Check(OpenEnum):
    """The ten checks in cascade order; the first four are core: the others are not made when one of them fails."""

    CONSENT_OBTAINED = "consent_obtained"
    PERSON_REGISTERED = "person_registered"
    SELFIE_REGISTRY_MATCH = "selfie_registry_match"
    NOT_REPORTED_LOST_OR_STOLEN = "not_reported_lost_or_stolen"
    FIRST_NAME_MATCH = "first_name_match"
    FATHER_LAST_NAME_MATCH = "father_last_name_match"
    MOTHER_LAST_NAME_MATCH = "mother_last_name_match"
    PERSONAL_NUMBER_MATCH = "personal_number_match"
    REGISTRATION_YEAR_MATCH = "registration_year_match"
    ISSUE_YEAR_MATCH = "issue_year_match"


class State(OpenEnum):
    """What became of a check. Only PASSED counts as passed; ABSENT: not enabled or not run; SKIPPED: an earlier core
    check failed; NO_INPUT: the input was not sent."""

    ABSENT = "ABSENT"
    UNRECOGNISED = "UNRECOGNISED"
    PASSED = "PASSED"
    INCONCLUSIVE = "INCONCLUSIVE"
    FAILED = "FAILED"
    SKIPPED = "SKIPPED"
    NO_INPUT = "NO_INPUT"


class Outcome(OpenEnum):
    """What a decision means (docs/verdict.md). CARD_ACTIVE and CARD_NOT_ACTIVE are of the legacy registry, which compares
    no face: never verified."""

    UNKNOWN = "UNKNOWN"
    PENDING = "PENDING"
    RESUBMIT = "RESUBMIT"
    EXPIRED = "EXPIRED"
    ABANDONED = "ABANDONED"
    REVIEW = "REVIEW"
    VERIFIED = "VERIFIED"
    APPROVED_WITH_EXCEPTIONS = "APPROVED_WITH_EXCEPTIONS"
    CONSENT_MISSING = "CONSENT_MISSING"
    INPUT_ERROR = "INPUT_ERROR"
    NOT_VERIFIED = "NOT_VERIFIED"
    RETRY_LATER = "RETRY_LATER"
    CARD_ACTIVE = "CARD_ACTIVE"
    CARD_NOT_ACTIVE = "CARD_NOT_ACTIVE"


class Advice(OpenEnum):
    """What to do next."""

    NONE = "NONE"
    WAIT = "WAIT"
    RESUBMIT = "RESUBMIT"
    RETRY_NEW_SESSION = "RETRY_NEW_SESSION"
    MANUAL_REVIEW = "MANUAL_REVIEW"
    ASK_CONSENT = "ASK_CONSENT"
    CORRECT_INPUT = "CORRECT_INPUT"
    NEW_SELFIE = "NEW_SELFIE"
    REFUSE_CARD = "REFUSE_CARD"


class Product(OpenEnum):
    """What the vendor is asked for: mx_ine is the current one; ine_biometric (document images and selfie) and
    ine_registry (state of the card, no face) are older."""

    MX_INE = "mx_ine"
    INE_BIOMETRIC = "ine_biometric"
    INE_REGISTRY = "ine_registry"


BITS = {str(check): 1 << at for at, check in enumerate(Check, 1)}


def require_bits(checks: Iterable[Check | str]) -> int:
    """A set of checks as the bits of ine.h; unknown names are a ValueError."""
    bits = 0
    for check in (checks,) if isinstance(checks, str) else checks:
        if str(check) not in BITS:
            raise ValueError(f"no such check: {check}")
        bits |= BITS[str(check)]
    return bits
