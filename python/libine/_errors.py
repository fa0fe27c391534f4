"""The tree of errors: the same names in every language. No text here holds a personal value."""

from __future__ import annotations

from typing import Any, NamedTuple

from . import _constants as c
from . import _core


class Problem(NamedTuple):
    """What is wrong with an input; never the value itself."""

    field: str
    """Its API path, as in document.number."""
    code: str
    """As in LENGTH: the INE_PROBLEM_* of ine.h."""
    severity: str
    """error, or warning: that does not stop a verification."""
    hint: str | None
    """What to do about it, in English."""


def problems(items: tuple[Any, ...]) -> tuple[Problem, ...]:
    return tuple(Problem(path, code, "error" if bad else "warning", hint) for _, path, code, bad, hint in items)


class Error(Exception):
    """Base of all errors of libine. Pickles; its text holds no personal data, no secret and nothing of a reply."""

    code: str
    """As in RATE_LIMIT: the INE_E_* of ine.h."""
    number: int
    """The same as a number."""
    http_status: int | None
    api_code: int | None
    """Veriff's troubleshooting code, as in 1802."""
    offset: int | None
    """The byte at which a body stops being right."""
    retry_after: float | None
    """Seconds that the server asked for."""
    step: str | None
    """Of a verification: check, create, media, submit, wait."""
    sent: str | None
    """May the server have acted? "no", "yes" or "unknown"."""
    retryable: bool
    """The same call may be made again."""
    transport_code: int | None
    """The transport's own code: a CURLcode, an errno."""
    attempts: int | None
    """Requests that were made."""
    session_id: str | None
    field: str | None
    """The API path of the input that was refused."""
    hint: str | None
    """What to do about it."""
    problems: tuple[Problem, ...]
    """Everything that was refused locally."""
    vendor_data: str | None
    """What the call was made with: a lost reply is reconciled by it."""

    def __init__(self, facts: tuple[Any, ...], vendor_data: str | None = None) -> None:
        super().__init__(facts[3])
        self._facts = facts
        self.vendor_data = vendor_data
        self.number, self.code = facts[0], facts[1]
        self.http_status, self.api_code, self.offset, after = (_known(n) for n in facts[4:8])
        self.retry_after = None if after is None else after / 1000
        self.step, self.sent, self.retryable = facts[8], facts[9], facts[10]
        self.transport_code, self.attempts = _known(facts[11]), _known(facts[12])
        self.session_id, self.field, self.hint = facts[13], facts[14], facts[15]
        self.problems = problems(facts[16])

    def __str__(self) -> str:
        text = str(self._facts[3])
        for problem in self.problems:
            text += f"; {problem.field}: {problem.code}"
        return text

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self._facts, self.vendor_data)

    def to_json(self) -> str:
        """The object {"error":{...}} of docs/output.md."""
        return str(self._facts[17])


class InputError(Error):
    """Refused here, before anything was sent. `problems` lists all of it."""


class AuthError(Error):
    """401 or 403."""


class NotFoundError(Error):
    """404."""


class ConflictError(Error):
    """The session is in another state."""


class RateLimitError(Error):
    """429; see `retry_after`."""


class ServerError(Error):
    """5xx."""


class TransportError(Error):
    """No connection, no trusted TLS, or a broken one."""


class DeadlineError(Error):
    """The time given to the whole operation is over."""


class CancelledError(Error):
    """The caller cancelled."""


class ReplyError(Error):
    """A reply whose signature, id or form is not right."""


class WebhookRefused(Error):
    """Not a genuine webhook. One text whatever the reason: it goes to `Webhooks(on_refused=)` only."""


class OutcomeUnknownError(Error):
    """A session may or may not have been made: find it by `vendor_data`."""


class ForkedError(Error):
    """The call belongs to the process that this one was forked from."""


_CLASSES: dict[int, type[Error]] = {
    c.CLASS_INPUT: InputError,
    c.CLASS_AUTH: AuthError,
    c.CLASS_NOT_FOUND: NotFoundError,
    c.CLASS_CONFLICT: ConflictError,
    c.CLASS_RATE_LIMIT: RateLimitError,
    c.CLASS_SERVER: ServerError,
    c.CLASS_TRANSPORT: TransportError,
    c.CLASS_DEADLINE: DeadlineError,
    c.CLASS_CANCELLED: CancelledError,
    c.CLASS_REPLY: ReplyError,
    c.CLASS_WEBHOOK_REFUSED: WebhookRefused,
    c.CLASS_OUTCOME_UNKNOWN: OutcomeUnknownError,
    c.CLASS_FORKED: ForkedError,
}


def _known(number: int) -> int | None:
    return None if number == -1 else number


def make_error(facts: tuple[Any, ...], vendor_data: str | None = None) -> Error:
    return _CLASSES.get(facts[2], Error)(facts, vendor_data)


def deadline_from(facts: tuple[Any, ...], vendor_data: str | None = None) -> Error:
    """A call that was cancelled because its own time was over."""
    late = (c.E_DEADLINE, "DEADLINE", c.CLASS_DEADLINE, "the operation's deadline has passed")
    body = facts[17].replace('"CANCELLED"', '"DEADLINE"').replace('"CancelledError"', '"DeadlineError"')
    return DeadlineError(late + facts[4:17] + (body,), vendor_data)


def local_error(number: int, name: str, kind: int, text: str) -> Error:
    """An error of this side: nothing was sent."""
    body = (
        f'{{"error":{{"code":"{name}","field":null,"http_status":null,"retryable":false,"sent":"no","session":null}}}}'
    )
    return make_error((number, name, kind, text, -1, -1, -1, -1, None, "no", False, -1, -1, None, None, None, (), body))


def refused() -> Error:
    return local_error(c.E_WEBHOOK_REFUSED, "WEBHOOK_REFUSED", c.CLASS_WEBHOOK_REFUSED, "the webhook is not genuine")


def forked() -> Error:
    text = "the call belongs to the process that this one was forked from"
    return local_error(c.E_FORKED, "FORKED", c.CLASS_FORKED, text)


_core.lend("error", make_error)
