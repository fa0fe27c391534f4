"""Webhooks: the signature first, then the body. What is not genuine is one refusal, whatever the reason."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple, NoReturn

from . import _constants as c
from . import _core, _log
from ._credentials import Credentials
from ._decision import Bytes
from ._enums import Check, require_bits
from ._errors import refused
from ._frameworks import Frameworks

LIMIT = 1 << 20


class Event(_core.Event):
    """A genuine delivery. It holds personal data: it prints as ids and verdict, and refuses to be pickled.
    Pass on `decision_id`, `vendor_data` and `verdict.to_dict()`."""

    __slots__ = ()

    def expect(
        self, *, session_id: str | None = None, vendor_data: str | None = None, end_user_id: str | None = None
    ) -> Event:
        """Refuses (WebhookRefused) a genuine delivery of another session, case or user; otherwise the event."""
        expected = ((c.D_SESSION_ID, session_id), (c.D_VENDOR_DATA, vendor_data), (c.D_END_USER_ID, end_user_id))
        for field, text in expected:
            if text is not None:
                self._expect(field, text)
        return self

    def __repr__(self) -> str:
        return f"<Event {self.type} session={self.session_id} outcome={self.verdict.outcome}>"

    def __reduce_ex__(self, protocol: object) -> NoReturn:
        raise TypeError("an Event holds personal data and does not pickle; pass on .decision_id and .verdict")


class Diagnosis(NamedTuple):
    """Why a delivery is refused, and what to do about it. For your own eyes: never for a reply."""

    reason: str
    hint: str | None


class Webhooks(_core.Receiver, Frameworks):
    """A receiver for 1..16 integrations, of which the header x-auth-client picks one.

    `require`: the checks that must have passed for `verified`, in place of the four core ones. `limit`: the largest body
    in bytes. `on_refused(reason)`: hears why something was refused; nobody else does. What it raises is logged. Share it between threads; it works
    in forked children."""

    __slots__ = ("_on_refused", "limit")

    def __init__(
        self,
        credentials: Credentials | Iterable[Credentials],
        *,
        require: Iterable[Check | str] = (),
        limit: int = LIMIT,
        on_refused: Callable[[str], object] | None = None,
    ) -> None:
        self._on_refused = on_refused
        self.limit = limit
        for one in (credentials,) if isinstance(credentials, Credentials) else credentials:
            if not isinstance(one, Credentials):
                raise TypeError("Webhooks takes Credentials")
            self._add(one._handle)
        self._settle(require_bits(require), limit)

    def _refuse(self, number: int) -> NoReturn:
        reason = _core.ine_name(c.NAMES_REASON, number) or "UNKNOWN"
        _log.info("webhook refused: %s", reason)
        if self._on_refused is not None:
            try:
                self._on_refused(reason)
            except Exception:
                # Anybody can send what is refused: a hook that fails must not change the answer.
                _log.exception("on_refused failed")
        raise refused()

    def diagnose(self, headers: Any, body: Bytes) -> Diagnosis:
        """Why a delivery is refused: tries what usually goes wrong, as a body that was written anew, a secret with its
        white space trimmed, another integration's secret. NONE: it is genuine."""
        try:
            number = self._diagnose(headers, body)
        finally:
            del headers, body
        return Diagnosis(_core.ine_name(c.NAMES_REASON, number) or "NONE", _core.ine_reason_hint(number, c.LANG_EN))

    def __repr__(self) -> str:
        return "<Webhooks>"

    def __reduce_ex__(self, protocol: object) -> NoReturn:
        raise TypeError("Webhooks hold secrets and do not pickle; make them where they are used")


def plain_headers(headers: Any) -> list[Any]:
    """Headers of a framework, a WSGI environ or any pairs as a list of pairs, repeated ones repeated."""
    try:
        if isinstance(headers, Mapping) and "REQUEST_METHOD" in headers:
            return [(n[5:].replace("_", "-"), v) for n, v in headers.items() if str(n).startswith("HTTP_")]
        raw = getattr(headers, "raw", None)
        if isinstance(raw, list):
            return list(raw)
        items = getattr(headers, "items", None)
        pairs = headers if items is None else items()
        return [tuple(pair) if not isinstance(pair, (tuple, list)) else pair for pair in pairs]
    except TypeError:
        raise TypeError("headers are a mapping, or pairs of a name and a value") from None
    finally:
        del headers


_core.lend("Event", Event)
_core.lend("plain_headers", plain_headers)
