"""Webhooks: the signature first, then the body. What is not genuine is one refusal, whatever the reason."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple, NoReturn

from . import _core, _frameworks
from ._credentials import Credentials, require_bits
from ._decision import Decision, make_decision, need_bytes
from ._enums import Check
from ._errors import refused
from ._verdict import Verdict, make_verdict

logger = logging.getLogger("libine")
NAMES_REASON = 22
DEDUPE_KEY, INTEGRATION, SECRET = 2, 4, 5
SESSION_ID, VENDOR_DATA, END_USER_ID = 2, 4, 5
LIMIT = 1 << 20


class Event:
    """A genuine delivery. It holds personal data: it prints as ids and verdict, and refuses to be pickled.
    Pass on `decision_id`, `vendor_data` and `verdict.to_dict()`."""

    __slots__ = ("_decision", "_opened", "_verdict")
    _opened: tuple[Any, ...]
    _verdict: Verdict
    _decision: Decision | None

    def __init__(self) -> None:
        raise TypeError("an Event comes from Webhooks.open()")

    @property
    def type(self) -> str:
        """ "decision" is the one to act on; others as in "event", "user_status"; "unknown"."""
        return str(self._opened[1]).lower()

    @property
    def verdict(self) -> Verdict:
        return self._verdict

    @property
    def decision(self) -> Decision:
        """The body: the person and the exact bytes."""
        if self._decision is None:
            self._decision = make_decision(self._opened[2])
        return self._decision

    @property
    def decision_id(self) -> str:
        """Equal for webhook and poll: put it under a unique index."""
        return self.decision.decision_id

    @property
    def dedupe_key(self) -> str:
        """64 hex digits, equal for the same bytes."""
        return str(_core.webhook_field(self._opened[0], DEDUPE_KEY))

    @property
    def integration(self) -> str | None:
        """Label of the credentials that it came for."""
        label: str | None = _core.webhook_field(self._opened[0], INTEGRATION)
        return label

    @property
    def secret(self) -> str | None:
        """Label of the secret that fitted: "0" is the newest."""
        label: str | None = _core.webhook_field(self._opened[0], SECRET)
        return label

    @property
    def session_id(self) -> str | None:
        return self.decision.session_id

    @property
    def attempt_id(self) -> str | None:
        return self.decision.attempt_id

    @property
    def vendor_data(self) -> str | None:
        return self.decision.vendor_data

    @property
    def end_user_id(self) -> str | None:
        return self.decision.end_user_id

    @property
    def action(self) -> str | None:
        return self.decision.action

    def expect(
        self, *, session_id: str | None = None, vendor_data: str | None = None, end_user_id: str | None = None
    ) -> Event:
        """Refuses a genuine delivery of another session, case or user."""
        for field, text in ((SESSION_ID, session_id), (VENDOR_DATA, vendor_data), (END_USER_ID, end_user_id)):
            if text is not None:
                _core.ine_webhook_expect(self._opened[0], field, text)
        return self

    def __repr__(self) -> str:
        verdict = self.verdict
        return f"<Event {self.type} session={self.session_id} outcome={verdict.outcome}>"

    def __reduce_ex__(self, protocol: object) -> NoReturn:
        raise TypeError("an Event holds personal data and does not pickle; pass on .decision_id and .verdict")


_new = object.__new__


class Diagnosis(NamedTuple):
    """Why a delivery is refused. For your own eyes: never for a reply."""

    reason: str
    hint: str | None


class Webhooks(_frameworks.Frameworks):
    """A receiver for 1..16 integrations; x-auth-client picks one. Share it between threads and processes.
    `on_refused(reason)` hears why something was refused."""

    __slots__ = ("_handle", "_on_refused", "_require", "limit")

    def __init__(
        self,
        credentials: Credentials | Iterable[Credentials],
        *,
        require: Iterable[Check | str] = (),
        limit: int = LIMIT,
        on_refused: Callable[[str], object] | None = None,
    ) -> None:
        self._handle = _core.ine_webhooks_new()
        self._require = require_bits(require) if require else 0
        self._on_refused = on_refused
        self.limit = limit
        for one in (credentials,) if isinstance(credentials, Credentials) else credentials:
            if not isinstance(one, Credentials):
                raise TypeError("Webhooks takes Credentials")
            _core.ine_webhooks_add(self._handle, one._handle)
        _core.ine_webhooks_set_limit(self._handle, limit)

    def open(self, headers: Any, body: bytes | bytearray | memoryview) -> Event:
        """Verifies, reads and interprets a delivery; WebhookRefused when it is not genuine. `headers`: a
        mapping, pairs, a framework's headers or a WSGI environ. `body`: the bytes as received."""
        try:
            if type(body) is not bytes:
                need_bytes(body)
            if type(headers) is not dict or "REQUEST_METHOD" in headers:
                headers = plain_headers(headers)
            opened = _core.webhook_open(self._handle, headers, body, self._require)
        finally:
            del headers, body
        if type(opened) is int:
            self._refuse(opened)
        event = _new(Event)
        event._opened = opened
        event._verdict = make_verdict(opened[4], opened[3])
        event._decision = None
        return event

    def _refuse(self, number: int) -> NoReturn:
        reason = _core.ine_name(NAMES_REASON, number) or "UNKNOWN"
        logger.warning("webhook refused: %s", reason)
        if self._on_refused is not None:
            self._on_refused(reason)
        raise refused()

    def diagnose(self, headers: Any, body: bytes | bytearray | memoryview) -> Diagnosis:
        """Tries what usually goes wrong: a reformatted body, a trimmed secret, the other integration's secret."""
        try:
            number = _core.webhook_diagnose(self._handle, plain_headers(headers), need_bytes(body))
        finally:
            del headers, body
        return Diagnosis(_core.ine_name(NAMES_REASON, number) or "NONE", _core.ine_reason_hint(number, 2))

    def __repr__(self) -> str:
        return "<Webhooks>"

    def __reduce_ex__(self, protocol: object) -> NoReturn:
        raise TypeError("Webhooks hold secrets and do not pickle; make them where they are used")


def plain_headers(headers: Any) -> list[Any] | dict[Any, Any]:
    """Headers as a dict or a list of pairs, repeated ones repeated."""
    try:
        if isinstance(headers, Mapping) and "REQUEST_METHOD" in headers:
            return [(n[5:].replace("_", "-"), v) for n, v in headers.items() if n.startswith("HTTP_")]
        if type(headers) is dict:
            return headers
        raw = getattr(headers, "raw", None)
        if isinstance(raw, list):
            return raw
        items = getattr(headers, "items", None)
        pairs = headers if items is None else items()
        return [tuple(pair) if not isinstance(pair, (tuple, list)) else pair for pair in pairs]
    except TypeError:
        raise TypeError("headers are a mapping, or pairs of a name and a value") from None
    finally:
        del headers
