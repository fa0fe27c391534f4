"""What a decision means. A verdict holds no personal data: pass it on, store it, log it."""

from __future__ import annotations

from typing import Any, NamedTuple, NoReturn

from . import _constants as c
from . import _core
from ._enums import Advice, Check, Outcome, State

LANGUAGES = {"es-MX": c.LANG_ES_MX, "es": c.LANG_ES_MX, "en": c.LANG_EN}
AUDIENCES = (c.TEXT_CITIZEN, c.TEXT_AGENT, c.TEXT_LOG)


class CheckResult(NamedTuple):
    """One of the ten checks."""

    state: State
    reason: str | None
    """As received; None when there is none."""
    blocked_by: Check | None
    """The failed check because of which this one was not made."""


class Texts(NamedTuple):
    """One sentence for each who reads it, without personal data."""

    citizen: str
    agent: str
    log: str


class Registry(NamedTuple):
    """What the registry itself said: its status, its error's message, its time (ISO 8601)."""

    status: str | None
    error: str | None
    timestamp: str | None


class Verdict(_core.Verdict):
    """What a decision means. Decide by `verified`.

    Immutable, comparable, hashable; pickles, and prints without personal data. Shareable by threads."""

    __slots__ = ()

    def __bool__(self) -> NoReturn:
        raise TypeError("a Verdict is neither true nor false; ask .verified")

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Verdict):
            return NotImplemented
        return self._facts == other._facts and self.checks == other.checks

    def __hash__(self) -> int:
        return hash(self._facts)

    def __repr__(self) -> str:
        cause = f" root_cause={self.root_cause}" if self.root_cause else ""
        return f"<Verdict {self.outcome}{cause} session={self.session_id}>"

    def __reduce__(self) -> tuple[Any, ...]:
        return restore, (self._facts, dict(self.checks), self.to_json())

    def __copy__(self) -> Verdict:
        return self

    def __deepcopy__(self, memo: object) -> Verdict:
        return self

    def text(self, language: str = "es-MX") -> Texts:
        """What to tell the citizen, the support agent and the log, in "es-MX" or "en"."""
        number = LANGUAGES.get(language)
        if number is None:
            raise ValueError('texts are in "es-MX" and "en"')
        texts = [self._text(audience, number) for audience in AUDIENCES]
        if None not in texts:
            return Texts(*(text or "" for text in texts))
        kept = self.to_dict()["text"]
        name = "es-MX" if number == c.LANG_ES_MX else "en"
        return Texts(*(kept[who][name] for who in Texts._fields))

    def to_dict(self) -> dict[str, Any]:
        """to_json() as a dict of plain values, for a task queue or a database."""
        import json

        out: dict[str, Any] = json.loads(self.to_json())
        return out


def restore(facts: tuple[Any, ...], checks: dict[Check, CheckResult], text: str) -> Verdict:
    """A verdict out of a pickle."""
    verdict: Verdict = _core.verdict_restored(facts, checks, text)
    return verdict


_core.lend("Verdict", Verdict)
_core.lend("CheckResult", CheckResult)
_core.lend("Registry", Registry)
_core.lend("outcomes", tuple(map(Outcome, c.OUTCOME_NAMES)))
_core.lend("advices", tuple(map(Advice, c.ADVICE_NAMES)))
_core.lend("states", tuple(map(State, c.STATE_NAMES)))
_core.lend("checks", tuple(map(Check, c.CHECK_NAMES)))
