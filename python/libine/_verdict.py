"""What a decision means. A verdict holds no personal data: pass it on, store it, log it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, NamedTuple, NoReturn

from . import _core
from ._enums import Advice, Check, Outcome, State

CHECKS = tuple(Check)
# Positions in the second tuple of _core; bindings/swig/results.c has the same order.
STATES, REASONS, BLOCKED = 0, 10, 20
# What is made when it is first asked for.
HANDLE, CHECKS_MADE, JSON_MADE = range(3)
LANGUAGES = {"es-MX": 1, "es": 1, "en": 2}
NAMES_INPUT, NAMES_ANOMALY = 9, 18


class CheckResult(NamedTuple):
    state: State
    reason: str | None
    blocked_by: Check | None


class Texts(NamedTuple):
    """One sentence for each who reads it."""

    citizen: str
    agent: str
    log: str


class Registry(NamedTuple):
    status: str | None
    error: str | None
    timestamp: str | None


def checks_of(bits: int) -> tuple[Check, ...]:
    return tuple(check for at, check in enumerate(CHECKS, 1) if bits >> at & 1)


def names_of(group: int, bits: int) -> tuple[str, ...]:
    return tuple(_core.ine_name(group, at) or str(at) for at in range(bits.bit_length()) if bits >> at & 1)


class Verdict:
    """Decide by `verified`. Immutable, comparable, hashable; pickles, and prints without personal data."""

    __slots__ = ("_facts", "_later")
    _facts: tuple[Any, ...]
    _later: list[Any]

    def __init__(self) -> None:
        raise TypeError("a Verdict comes from a client, a webhook or interpret()")

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise AttributeError("a Verdict does not change")

    def __delattr__(self, name: str) -> NoReturn:
        raise AttributeError("a Verdict does not change")

    def __bool__(self) -> NoReturn:
        raise TypeError("a Verdict is neither true nor false; ask .verified")

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Verdict):
            return NotImplemented
        return self._facts == other._facts and self._ten() == other._ten()

    def __hash__(self) -> int:
        return hash(self._facts)

    def __repr__(self) -> str:
        cause = f" root_cause={self.root_cause}" if self.root_cause else ""
        return f"<Verdict {self.outcome}{cause} session={self.session_id}>"

    def __reduce__(self) -> tuple[Any, ...]:
        return _restore, (self._facts, self._ten(), self.to_json())

    def _ten(self) -> tuple[Any, ...]:
        later = self._later
        if later[CHECKS_MADE] is None:
            later[CHECKS_MADE] = _core.verdict_checks(later[HANDLE])
        out: tuple[Any, ...] = later[CHECKS_MADE]
        return out

    def __copy__(self) -> Verdict:
        return self

    def __deepcopy__(self, memo: object) -> Verdict:
        return self

    @property
    def verified(self) -> bool:
        """True only when the outcome is VERIFIED and each required check passed."""
        return bool(self._facts[0])

    @property
    def outcome(self) -> Outcome:
        return Outcome(self._facts[1])

    @property
    def root_cause(self) -> str | None:
        """The first failed check; "registry" when the registry could not be asked; else None."""
        cause: str | None = self._facts[2]
        return cause

    @property
    def advice(self) -> Advice:
        return Advice(self._facts[3])

    @property
    def failed(self) -> tuple[Check, ...]:
        return checks_of(self._facts[4])

    @property
    def unmet(self) -> tuple[Check, ...]:
        """Required checks that did not pass."""
        return checks_of(self._facts[5])

    @property
    def unchecked(self) -> tuple[str, ...]:
        """Inputs that were sent and that no check compared."""
        return names_of(NAMES_INPUT, self._facts[6])

    @property
    def inputs(self) -> tuple[str, ...]:
        """What to correct, as API paths."""
        return names_of(NAMES_INPUT, self._facts[7])

    @property
    def anomalies(self) -> tuple[str, ...]:
        return names_of(NAMES_ANOMALY, self._facts[8])

    @property
    def required(self) -> tuple[Check, ...]:
        return checks_of(self._facts[9])

    @property
    def registry(self) -> Registry:
        return Registry(*self._facts[10:13])

    @property
    def session_id(self) -> str | None:
        value: str | None = self._facts[13]
        return value

    @property
    def session_status(self) -> str | None:
        value: str | None = self._facts[14]
        return value

    @property
    def session_code(self) -> int | None:
        value: int | None = self._facts[15]
        return value

    @property
    def reason_code(self) -> int | None:
        value: int | None = self._facts[16]
        return value

    @property
    def no_ine_result(self) -> bool:
        """Approved, but without any INE result: is the INE step configured?"""
        return bool(self._facts[17])

    @property
    def checks(self) -> Mapping[Check, CheckResult]:
        """All ten checks in cascade order."""
        facts = self._ten()
        return MappingProxyType(
            {
                check: CheckResult(
                    State(facts[STATES + at]),
                    facts[REASONS + at],
                    None if facts[BLOCKED + at] is None else Check(facts[BLOCKED + at]),
                )
                for at, check in enumerate(CHECKS)
            }
        )

    def text(self, language: str = "es-MX") -> Texts:
        """What to tell the citizen, the support agent and the log: "es-MX" or "en"."""
        number = LANGUAGES.get(language)
        if number is None:
            raise ValueError('texts are in "es-MX" and "en"')
        handle = self._later[HANDLE]
        if handle is not None:
            return Texts(*(_core.ine_verdict_text(handle, who, number) or "" for who in (1, 2, 3)))
        texts = json.loads(self.to_json())["text"]
        name = "es-MX" if number == 1 else "en"
        return Texts(*(texts[who][name] for who in ("citizen", "agent", "log")))

    def to_json(self) -> str:
        """The JSON object of docs/output.md, the same in every language."""
        later = self._later
        if later[JSON_MADE] is None:
            later[JSON_MADE] = _core.ine_verdict_json(later[HANDLE])
        return str(later[JSON_MADE])

    def to_dict(self) -> dict[str, Any]:
        """The same as a dict of plain values, for a task queue or a database."""
        out: dict[str, Any] = json.loads(self.to_json())
        return out


_set_facts = Verdict.__dict__["_facts"].__set__
_set_later = Verdict.__dict__["_later"].__set__
_new = object.__new__


def make_verdict(facts: tuple[Any, ...], handle: object) -> Verdict:
    verdict = _new(Verdict)
    _set_facts(verdict, facts)
    _set_later(verdict, [handle, None, None])
    return verdict


def _restore(facts: tuple[Any, ...], checks: tuple[Any, ...], text: str) -> Verdict:
    verdict = _new(Verdict)
    _set_facts(verdict, facts)
    _set_later(verdict, [None, checks, text])
    return verdict
