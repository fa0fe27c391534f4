"""What needs no client: checks, interpretation, documents, evidence."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import Any, NamedTuple, NoReturn, Unpack

from . import _constants as c
from . import _core
from ._decision import Bytes, Decision, need_bytes
from ._enums import Check, require_bits
from ._errors import Problem, problems
from ._inputs import Job, Person, milliseconds
from ._record import Record
from ._settings import make_options
from ._verdict import Verdict


def _options(**settings: Any) -> Any:
    return make_options({name: value for name, value in settings.items() if value is not None})


class Report(NamedTuple):
    """Every problem at once."""

    ok: bool
    """Nothing of it stops a verification: there may be warnings."""
    problems: tuple[Problem, ...]

    def __bool__(self) -> NoReturn:
        raise TypeError("a Report is neither true nor false; ask .ok")

    def to_json(self) -> str:
        """{"ok":bool,"problems":[{"field","code","severity","hint"}]}"""
        import json

        items = [{"field": p.field, "code": p.code, "severity": p.severity, "hint": p.hint} for p in self.problems]
        return json.dumps({"ok": self.ok, "problems": items}, separators=(",", ":"))


def _report(handle: object) -> Report:
    return Report(_core.ine_report_errors(handle) == 0, problems(_core.report_problems(handle)))


def check(*, strict: Iterable[str] = (), today: datetime.date | None = None, **who: Unpack[Person]) -> Report:
    """Finds every problem of an input, and sends nothing. Arguments as for Client.verify()."""
    try:
        options = _options(strict=strict, today=today)
        with Job(who) as job:
            return _report(_core.ine_verification_check(job.verification, options))
    finally:
        who.clear()  # type: ignore[attr-defined]


def interpret(body: Bytes, *, require: Iterable[Check | str] = ()) -> Verdict:
    """What a body means: the bytes of a decision, a webhook or a reply. ReplyError when it can not be read.

    `require`: the checks that must have passed for `verified`. It says nothing about a signature."""
    try:
        verdict: Verdict = _core.interpret(body, require_bits(require))
        return verdict
    finally:
        del body


class Curp(Record):
    """A CURP that was looked at. Personal data: it prints without what it says, and does not pickle."""

    __slots__ = ("birth", "report", "sex")

    report: Report
    """What is wrong with it; its field is person.idNumber."""
    birth: datetime.date | None
    """None when there is no such day."""
    sex: str | None
    """H, M or X."""

    def __init__(self, report: Report, birth: datetime.date | None, sex: str | None) -> None:
        try:
            self._fill(birth, report, sex)
        finally:
            del birth, sex

    def __repr__(self) -> str:
        return f"<Curp ok={self.report.ok}>"

    def __reduce_ex__(self, protocol: object) -> Any:
        raise TypeError("a Curp holds personal data and does not pickle; take the fields that you need")


def _date(number: int | None) -> datetime.date | None:
    if not number:
        return None
    return datetime.date(number // 10000, number // 100 % 100, number % 100)


def curp(text: str, *, strict: Iterable[str] = (), today: datetime.date | None = None) -> Curp:
    """Checks a CURP by itself: form, date, state, check digit. `strict`: warnings that are to be errors."""
    try:
        handle, birth, sex = _core.curp_check(text, _options(strict=strict, today=today))
        return Curp(_report(handle), _date(birth), chr(sex) if sex else None)
    finally:
        del text


class Mrz(Record):
    """The back of an INE card. Personal data: do not log it. What could not be read is None."""

    __slots__ = (
        "report",
        "cic",
        "number",
        "citizen_id",
        "emission",
        "birth",
        "expiry",
        "sex",
        "surnames",
        "given",
    )

    report: Report
    """What is wrong with it."""
    cic: str | None
    """9 digits."""
    number: str | None
    """The 13 digits at the end of the first line."""
    citizen_id: str | None
    """Identificador del ciudadano: the last 9 of them."""
    emission: str | None
    """Two digits that count the cards issued."""
    birth: datetime.date | None
    expiry: datetime.date | None
    sex: str | None
    """H or M as INE prints it, or X."""
    surnames: str | None
    """As printed, cut at 30 characters."""
    given: str | None

    def __init__(self, *values: Any) -> None:
        try:
            self._fill(*values)
        finally:
            del values

    def __repr__(self) -> str:
        return f"<Mrz ok={self.report.ok}>"

    def __reduce_ex__(self, protocol: object) -> Any:
        raise TypeError("an Mrz holds personal data and does not pickle; take the fields that you need")


def mrz(text: str, *, today: datetime.date | None = None) -> Mrz:
    """Reads the back of a card: one to three lines of 30 characters, joined or not [ICAO 9303-5]."""
    facts: tuple[Any, ...] = ()
    try:
        facts = _core.mrz_facts(_core.ine_mrz_read(text, _options(today=today)))
        found = problems(facts[0])
        report = Report(not any(p.severity == "error" for p in found), found)
        birth, expiry = _date(facts[6]), _date(facts[7])
        cic, number, citizen, emission = facts[2:6]
        return Mrz(report, cic, number, citizen, emission, birth, expiry, *facts[8:11])
    finally:
        del text, facts


def registration(record: Bytes) -> Report:
    """Checks the record that an institution gives to the vendor once, so that it can reach INE: a JSON object."""
    return _report(_core.ine_registration_check(need_bytes(record)))


def pseudonym(value: str, pepper: bytes) -> str:
    """32 hex digits that stand for a CIC or CURP in logs, under a pepper of your own of 32..64 bytes.

    Personal data all the same: with the pepper every value can be tried out. Never take the API secret for it."""
    try:
        if isinstance(pepper, str):
            raise TypeError("the pepper is bytes")
        return str(_core.ine_pseudonym(pepper, value))
    finally:
        del value, pepper


def media_digest(image: Bytes, *, keep_metadata: bool = False) -> tuple[str, str]:
    """SHA-256 of an image as given and as it would be sent, without its location and serial numbers: for evidence()."""
    try:
        return _core.media_digest(need_bytes(image), _options(keep_metadata=keep_metadata))
    finally:
        del image


def evidence(
    decision: Decision,
    verdict: Verdict | None = None,
    *,
    received_at: datetime.datetime | None = None,
    source: str | None = None,
    integration: str | None = None,
    secret: str | None = None,
    selfie_given: str | None = None,
    selfie_sent: str | None = None,
    consent_time: datetime.datetime | None = None,
    consent_version: str | None = None,
    consent_channel: str | None = None,
) -> str:
    """An auditor's record of a decision as JSON, without personal data (docs/output.md).

    `source`: poll, webhook or file; `selfie_given` and `selfie_sent`: of media_digest(); times with their zone."""
    given = locals()
    record = _new_evidence(decision, verdict)
    for name, item in c.EVIDENCE_NUMBERS.items():
        value = given[name]
        if isinstance(value, datetime.datetime):
            _core.ine_evidence_set_number(record, item, milliseconds(name, value))
        elif value is not None:
            _core.ine_evidence_set_text(record, item, value)
    return str(_core.ine_text_view(_core.ine_evidence_json(record)))


def _new_evidence(decision: Decision, verdict: Verdict | None) -> Any:
    """Of the verdict that was given, and of the decision's own when that was unpickled."""
    try:
        return _core.ine_evidence_new(decision, decision.verdict() if verdict is None else verdict)
    except TypeError:
        return _core.ine_evidence_new(decision, decision.verdict(require=verdict.required if verdict else ()))


def evidence_check(record: Bytes | str, body: Bytes) -> None:
    """Does a record belong to a body, and does its verdict follow from it?

    Nothing when both hold; ReplyError with the code MISMATCH when not, FORM when it is not a record."""
    try:
        _core.ine_evidence_check(record.encode() if isinstance(record, str) else record, need_bytes(body))
    finally:
        del record, body
