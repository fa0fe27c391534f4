"""A reply or a webhook's body: the person and the exact bytes. Do not log it, do not pass it on."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NoReturn

from . import _constants as c
from . import _core
from ._enums import Check, require_bits
from ._verdict import Verdict

Bytes = bytes | bytearray | memoryview


class Decision(_core.Decision):
    """Any body of the API, read strictly (RFC 8259, no member twice).

    A field is None when it is absent, null or not of the documented type. It prints as ids and status only, and refuses
    to be pickled: it holds personal data. Shareable by threads."""

    __slots__ = ()

    @classmethod
    def read(cls, body: Bytes) -> Decision:
        """Reads any body of the API; ReplyError when it is not one. It says nothing about a signature."""
        try:
            decision: Decision = _core.ine_decision_read(need_bytes(body), 0)
            return decision
        finally:
            del body

    def find(self, pointer: str) -> bytes | None:
        """Any value by JSON Pointer (RFC 6901), as its exact slice of the bytes; members that we do not know too."""
        return _core.ine_decision_find(self, pointer)

    def items(self, name: str) -> tuple[dict[str, Any], ...]:
        """A list inside the body: unknown_checks, registries, attempts, images or videos."""
        if name not in c.LIST_NUMBERS:
            raise ValueError(f"lists are {', '.join(c.LIST_NUMBERS)}")
        rows = self._list(c.LIST_NUMBERS[name])
        return tuple({k: v for k, v in zip(c.ITEM_NAMES, row) if v is not None} for row in rows)

    def verdict(self, require: Iterable[Check | str] = ()) -> Verdict:
        """What it means. `require`: the checks that must have passed, in place of the four core ones."""
        verdict: Verdict = _core.verdict_of(self, require_bits(require), 0)
        return verdict

    def supersedes(self, other: Decision) -> bool:
        """Whether this one counts in place of the other, of the same session: a decision before an event, a conclusive
        one before one that is not, then the later."""
        return bool(_core.ine_decision_supersedes(self, other))

    def redacted(self) -> str:
        """The body for a ticket: ids, states, codes, times and checks; everything else as "[redacted]"."""
        return str(_core.ine_text_view(_core.ine_redact(self.bytes)))

    def __repr__(self) -> str:
        return f"<Decision {self.kind} session={self.session_id} status={self.session_status} code={self.code}>"

    def __reduce_ex__(self, protocol: object) -> NoReturn:
        raise TypeError("a Decision holds personal data and does not pickle; pass on .decision_id and .verdict()")


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


_core.lend("Decision", Decision)
_core.lend("need_bytes", need_bytes)
