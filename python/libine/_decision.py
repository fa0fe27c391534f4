"""A reply or a webhook's body: the person and the exact bytes. Do not log it, do not pass it on."""

from __future__ import annotations

from typing import Any, Generic, NoReturn, TypeVar, overload

from . import _core
from ._verdict import Verdict, make_verdict

T = TypeVar("T")
Exact = bytes
LISTS = {"unknown_checks": 1, "registries": 2, "attempts": 3, "images": 4, "videos": 5}
COLUMNS = ("name", "result", "reason", "status", "id", "time", "context", "size", "mimetype", "url")


class _Field(Generic[T]):
    """One field of the body; None when it is absent, null or not of the documented type."""

    __slots__ = ("_at",)

    def __init__(self, field: int) -> None:
        self._at = field - 1

    @overload
    def __get__(self, decision: None, owner: type) -> _Field[T]: ...
    @overload
    def __get__(self, decision: Decision, owner: type) -> T | None: ...
    def __get__(self, decision: Decision | None, owner: type) -> _Field[T] | T | None:
        if decision is None:
            return self
        value: T | None = decision._read()[self._at]
        return value


class Decision:
    """Any body of the API, read strictly. It prints as ids and status only, and refuses to be pickled."""

    __slots__ = ("_facts", "_handle")
    _facts: tuple[Any, ...] | None
    _handle: Any

    status = _Field[str](1)
    session_id = _Field[str](2)
    attempt_id = _Field[str](3)
    vendor_data = _Field[str](4)
    end_user_id = _Field[str](5)
    session_status = _Field[str](6)
    code = _Field[int](7)
    reason = _Field[str](8)
    reason_code = _Field[int](9)
    decision_time = _Field[str](10)
    acceptance_time = _Field[str](11)
    submission_time = _Field[str](12)
    first_name = _Field[str](13)
    last_name = _Field[str](14)
    date_of_birth = _Field[str](15)
    gender = _Field[str](16)
    nationality = _Field[str](17)
    id_number = _Field[str](18)
    year_of_birth = _Field[str](19)
    place_of_birth = _Field[str](20)
    document_number = _Field[str](21)
    document_type = _Field[str](22)
    document_country = _Field[str](23)
    document_state = _Field[str](24)
    face_match = _Field[int](30)
    face_match_percentage = _Field[int](31)
    active = _Field[int](33)
    document_state_text = _Field[str](34)
    session_url = _Field[str](35)
    media_id = _Field[str](38)
    media_context = _Field[str](40)
    media_size = _Field[int](41)
    event_type = _Field[str](46)
    action = _Field[str](47)
    feature = _Field[str](48)

    def __init__(self) -> None:
        raise TypeError("a Decision comes from a client, a webhook or Decision.read()")

    @classmethod
    def read(cls, body: Exact | bytearray | memoryview) -> Decision:
        """Reads any body of the API. It says nothing about a signature."""
        try:
            return make_decision(_core.ine_decision_read(need_bytes(body), 0))
        finally:
            del body

    def _read(self) -> tuple[Any, ...]:
        if self._facts is None:
            self._facts = _core.decision_facts(self._handle)
        return self._facts

    @property
    def kind(self) -> str:
        """As in "decision", "session", "event"."""
        return kind_name(_core.ine_decision_kind(self._handle))

    @property
    def bytes(self) -> Exact:
        """The body, byte for byte."""
        return _core.ine_decision_bytes(self._handle)

    @property
    def decision_id(self) -> str:
        """Equal for webhook and poll: put it under a unique index."""
        return str(_core.decision_id(self._handle))

    def find(self, pointer: str) -> Exact | None:
        """Any value by JSON Pointer, as its exact slice of the bytes; members that we do not know too."""
        return _core.ine_decision_find(self._handle, pointer)

    def items(self, name: str) -> tuple[dict[str, Any], ...]:
        """A list inside the body: unknown_checks, registries, attempts, images or videos."""
        if name not in LISTS:
            raise ValueError(f"lists are {', '.join(LISTS)}")
        rows = _core.decision_list(self._handle, LISTS[name])
        return tuple({k: v for k, v in zip(COLUMNS, row) if v is not None} for row in rows)

    def verdict(self, require: int = 0, sent: int = 0) -> Verdict:
        handle, facts = _core.verdict_of(self._handle, require, sent)
        return make_verdict(facts, handle)

    def supersedes(self, other: Decision) -> bool:
        """Whether this one counts in place of the other, of the same session."""
        return bool(_core.ine_decision_supersedes(self._handle, other._handle))

    def redacted(self) -> str:
        """The body for a ticket: ids, states, codes, times and checks; the rest as "[redacted]"."""
        text = _core.ine_redact(_core.ine_decision_bytes(self._handle))
        return str(_core.ine_text_view(text))

    def __repr__(self) -> str:
        facts = self._read()
        return f"<Decision {self.kind} session={facts[1]} status={facts[5]} code={facts[6]}>"

    def __reduce_ex__(self, protocol: object) -> NoReturn:
        raise TypeError("a Decision holds personal data and does not pickle; pass on .decision_id and .verdict()")


def kind_name(kind: int) -> str:
    return (_core.ine_name(13, kind) or "UNKNOWN").lower()


def make_decision(handle: object) -> Decision:
    decision = object.__new__(Decision)
    decision._handle = handle
    decision._facts = None
    return decision


def need_bytes(body: object) -> Any:
    """Bodies are bytes: text that was decoded, or JSON that was parsed, is not what was signed."""
    if isinstance(body, (bytes, bytearray, memoryview)):
        return body
    kind = type(body)
    del body
    if issubclass(kind, str):
        raise TypeError("the body must be the bytes as received, not str: do not decode it")
    if issubclass(kind, (dict, list)):
        raise TypeError(
            "the body must be the bytes as received, not parsed JSON: take it from the request before parsing "
            "(FastAPI: await request.body(); Flask: request.get_data(); Django: request.body)"
        )
    raise TypeError(f"the body must be bytes, not {kind.__name__}")
