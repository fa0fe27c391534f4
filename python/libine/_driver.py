"""The libcurl driver under both clients, and what happens to it at a fork and at the interpreter's end."""

from __future__ import annotations

import atexit
import time
import weakref
from collections.abc import Awaitable, Callable
from typing import Any, NamedTuple

from . import _constants as c
from . import _core, _log, _process
from ._credentials import Credentials
from ._decision import Decision
from ._errors import Error, deadline_from, forked, make_error
from ._inputs import Job
from ._record import Record
from ._settings import Attempt, Kept, make_options
from ._verdict import Verdict

DEFAULT_TIMEOUT = 600.0
CLOSE_MS = 5000
MODES = {c.FLOW_START: "start", c.FLOW_WAIT: "wait", c.FLOW_VERIFY: "verify", c.FLOW_RESUME: "resume"}
STEPS = {number: name for name, number in c.STEP_NUMBERS.items()}
FAILURES = {number: name for name, number in c.FAILURE_NUMBERS.items()} | {-1: "cancelled"}

_drivers: weakref.WeakSet[Driver] = weakref.WeakSet()


class Session(Record):
    """A session that was made. Prints its id only."""

    __slots__ = ("id", "url", "vendor_data")

    id: str
    url: str | None
    """Where a person goes on in SDK and web flows: a bearer link, never to be logged."""
    vendor_data: str | None

    def __init__(self, id: str, url: str | None, vendor_data: str | None) -> None:
        try:
            self._fill(id, url, vendor_data)
        finally:
            del url

    def __repr__(self) -> str:
        return f"<Session {self.id}>"


class Progress(NamedTuple):
    """Where a verification stands."""

    session_id: str | None
    step: str
    """check, create, media, submit or wait."""
    bytes: int
    """Sent of the current request's body, of `total`."""
    total: int
    polls: int
    """Times that the decision was asked for."""
    wait: float
    """Seconds until the next try."""
    attempt: int
    """Of the current request."""


class Result(NamedTuple):
    """What a call has brought. What its kind of call does not bring is None, and nobody asks for it."""

    verdict: Verdict
    decision: Decision
    session: Session


OnCreated = Callable[[Session], object]
OnCreatedAsync = Callable[[Session], object] | Callable[[Session], Awaitable[object]]
OnProgress = Callable[[Progress], object]


def no_awaitable(out: object) -> None:
    """A hook or a transport of a Client that is a coroutine function would never run."""
    if hasattr(out, "__await__"):
        if hasattr(out, "close"):
            out.close()
        raise TypeError("a Client awaits nothing: give a plain function, or use AsyncClient")


class Call:
    """One submission: what it lends to the library until its end, and whom it tells what happens to it."""

    __slots__ = ("driver", "id", "job", "late", "made", "name", "on_created", "on_progress", "pid", "started", "token")

    def __init__(
        self,
        driver: Driver,
        name: str,
        job: Job | None,
        on_created: Any = None,
        on_progress: OnProgress | None = None,
    ) -> None:
        self.driver = driver
        self.name = name
        self.job = job
        self.on_created = on_created
        self.on_progress = on_progress
        self.started = time.monotonic()
        self.made: Session | None = None
        self.token = 0
        self.id = 0
        self.pid = _process.pid
        self.late = False

    @property
    def vendor_data(self) -> str | None:
        return None if self.job is None else self.job.vendor_data

    def created(self, session_id: str, url: str | None) -> Any:
        """What the caller's hook gives back: an awaitable when it is a coroutine function."""
        self.made = Session(session_id, url, self.vendor_data)
        return None if self.on_created is None else self.on_created(self.made)

    def told(self, kind: int, facts: tuple[Any, ...]) -> None:
        """An event on the way."""
        if kind == c.EVENT_ATTEMPT:
            self.attempted(*facts)
        elif kind == c.EVENT_PROGRESS and self.on_progress is not None:
            session_id, step, sent, total, polls, wait, attempt = facts
            self.on_progress(Progress(session_id, STEPS.get(step, "none"), sent, total, polls, wait / 1000, attempt))

    def attempted(
        self,
        session_id: str | None,
        method: str,
        template: str,
        attempt: int,
        status: int,
        failure: int,
        milliseconds: int,
        sent: int,
        received: int,
    ) -> None:
        hook = self.driver.settings.get("on_attempt")
        if hook is None:
            return
        failed = FAILURES.get(failure)
        seconds = milliseconds / 1000
        try:
            hook(Attempt(session_id, method, template, attempt, status or None, failed, seconds, sent, received))
        except Exception:
            _log.exception("on_attempt failed")

    def end(self, error: tuple[Any, ...] | None, verdict: Any, decision: Any) -> Result:
        """The end of a call: its result, or its exception."""
        if error is not None:
            raise self.failed(error)
        if _log.listening():
            known = self.made.id if self.made is not None else None
            session_id = known or (decision if verdict is None else verdict).session_id
            outcome = "-" if verdict is None else verdict.outcome
            _log.info("%s: outcome=%s session=%s %.3f s", self.name, outcome, session_id, self.seconds())
        return Result(verdict, decision, self.made)  # type: ignore[arg-type]

    def failed(self, facts: tuple[Any, ...]) -> Error:
        late = self.late and facts[0] == c.E_CANCELLED
        error = (deadline_from if late else make_error)(facts, self.vendor_data)
        _log.info("%s failed: %s session=%s %.3f s", self.name, error.code, error.session_id, self.seconds())
        return error

    def seconds(self) -> float:
        return time.monotonic() - self.started

    def close(self) -> None:
        if self.job is not None:
            self.job.close()

    def __repr__(self) -> str:
        return f"<Call {self.name}>"


class Driver:
    """Settings, and the ine_client of this process: made on first use, made anew in a forked child.

    `threaded`: with a thread of the library's, for event loops. Without one, whoever waits for a call does the work of
    all; there is one who does, and the others wait for their own events."""

    def __init__(self, credentials: Credentials, base_url: str | None, settings: Any, *, threaded: bool) -> None:
        self.credentials = credentials
        self.settings = Kept(settings)
        if base_url is None:
            raise ValueError("base_url is needed; the customer portal shows it")
        self.settings["base_url"] = base_url
        self.timeout = float(self.settings.get("timeout", DEFAULT_TIMEOUT))
        self.options = make_options(self.settings)
        _core.ine_options_set_number(self.options, c.OPT_PAUSE_CREATED, 1)
        _core.ine_options_set_number(self.options, c.OPT_THREAD, int(threaded))
        self.threaded = threaded
        self._client: Any = None
        self._pid = 0
        self.closed = False
        self.calls: dict[int, Call] = {}
        self.client()
        _drivers.add(self)

    def client(self) -> Any:
        if self.closed:
            raise RuntimeError("the client is closed")
        if self._pid != _process.pid:
            with _process.lock:
                if self._pid != _process.pid:
                    self._client = _core.ine_client_new(self.credentials._handle, self.options)
                    self.calls = {}
                    self._pid = _process.pid
        return self._client

    def limit(self, timeout: float | None) -> float:
        """When a call must be over, on the monotonic clock."""
        if self.closed:
            raise RuntimeError("the client is closed")
        if timeout is None:
            timeout = self.timeout
        elif timeout > self.timeout:
            raise ValueError(f"timeout is over the client's own of {self.timeout:g} s; give Client(timeout=)")
        return time.monotonic() + timeout

    def run(self, mode: int, call: Call, session_id: str | None, queue: Any, token: int) -> None:
        call.token = token
        verification = None if call.job is None else call.job.verification
        call.id = _core.ine_client_run(self.client(), mode, verification, session_id, queue, token)
        self.calls[call.id] = call

    def submit(self, request: Any, call: Call, queue: Any, token: int) -> None:
        call.token = token
        call.id = _core.ine_client_submit(self.client(), request, queue, token)
        self.calls[call.id] = call

    def take(self, queue: Any, wait_ms: int) -> list[Any]:
        """Events of a queue; without a thread, the client's work is done meanwhile."""
        if self.threaded or self._client is None or self._pid != _process.pid:
            return _core.drain(queue, wait_ms)
        return _core.drive(self._client, queue, wait_ms)

    def go_on(self, call: Call) -> None:
        """A call belongs to the process that made it: its hook may have forked."""
        if call.pid != _process.pid:
            raise forked()
        if not self.closed:  # by its hook: the call is cancelled, and its end says so
            _core.ine_client_continue(self.client(), call.id)

    def cancel(self, call: Call) -> None:
        client = self._client
        if client is not None and call.pid == self._pid == _process.pid and call.id in self.calls:
            _core.ine_client_cancel(client, call.id)

    def ended(self, call: Call) -> None:
        self.calls.pop(call.id, None)
        call.close()

    def feed(self, decision: Decision) -> None:
        _core.ine_client_feed_decision(self.client(), decision)

    def close(self, wait_ms: int = CLOSE_MS) -> None:
        """Cancels what is in flight and waits for the driver's end, within a limit."""
        if self.closed:
            return
        self.closed = True
        if self._client is None or self._pid != _process.pid:
            return
        queue = _core.ine_queue_new()
        _core.ine_client_close(self._client, queue, 0)
        end = time.monotonic() + wait_ms / 1000
        while (left := end - time.monotonic()) > 0:
            if any(kind == c.EVENT_CLOSED for kind, _, _ in self.take(queue, int(left * 1000))):
                break
        else:
            # Its thread may still read what it was lent.
            _core.keep_for_ever([call.job for call in self.calls.values()])
        self._client = None

    def __del__(self) -> None:
        if getattr(self, "calls", None) and not self.closed and self._pid == _process.pid:
            self.close()


@atexit.register
def _close_all() -> None:
    for driver in list(_drivers):
        try:
            driver.close()
        except (Error, KeyboardInterrupt):
            pass
