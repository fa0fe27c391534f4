"""The libcurl driver under both clients, and what happens to it at a fork and at the interpreter's end."""

from __future__ import annotations

import atexit
import logging
import os
import time
import weakref
from collections.abc import Callable
from typing import Any, NamedTuple

from . import _core
from ._credentials import Credentials, Settings, make_options
from ._decision import Decision, make_decision
from ._errors import Error, deadline_from, local_error, make_error
from ._inputs import Job
from ._verdict import Verdict, make_verdict

logger = logging.getLogger("libine")
DONE, CREATED, PROGRESS, CLOSED = 1, 2, 3, 4
START, WAIT, VERIFY, RESUME = 1, 2, 3, 4
MODES = {START: "start", WAIT: "wait", VERIFY: "verify", RESUME: "resume"}
CANCELLED = -702
E_FORKED = -109
DEFAULT_TIMEOUT = 600.0
CLOSE_MS = 5000

_drivers: weakref.WeakSet[Driver] = weakref.WeakSet()


class Session(NamedTuple):
    """A session that was made. `url` is a bearer link for SDK and web flows: do not log it."""

    id: str
    url: str | None
    vendor_data: str | None

    def __repr__(self) -> str:
        return f"<Session {self.id}>"


class Progress(NamedTuple):
    """Where a verification stands."""

    session_id: str | None
    step: int
    bytes: int
    total: int
    polls: int
    wait: float
    attempt: int


class Result(NamedTuple):
    verdict: Verdict | None
    decision: Decision | None


OnCreated = Callable[[Session], object]
OnProgress = Callable[[Progress], object]


class Call:
    """One submission: what it lends to the library until its end."""

    __slots__ = ("cancelled_late", "id", "job", "name", "on_created", "on_progress", "pid", "started", "token")

    def __init__(self, name: str, job: Job | None, on_created: Any = None, on_progress: Any = None) -> None:
        self.name = name
        self.job = job
        self.on_created = on_created
        self.on_progress = on_progress
        self.started = time.monotonic()
        self.token = 0
        self.id = 0
        self.pid = os.getpid()
        self.cancelled_late = False

    def check_process(self) -> None:
        """A call belongs to the process that made it: a hook may have forked."""
        if self.pid != os.getpid():
            raise local_error(E_FORKED, "FORKED", 14, "the call belongs to the process that this one was forked from")

    @property
    def vendor_data(self) -> str | None:
        return None if self.job is None else self.job.vendor_data

    def session(self, event: tuple[Any, ...]) -> Session:
        return Session(event[2], event[3], self.vendor_data)

    def progress(self, event: tuple[Any, ...]) -> Progress:
        return Progress(event[2], event[4], event[5], event[6], event[7], event[8] / 1000, event[9])

    def result(self, event: tuple[Any, ...]) -> Result:
        """The end of a call: its result, or its exception."""
        seconds = time.monotonic() - self.started
        if event[10] is not None:
            late = self.cancelled_late and event[10][0] == CANCELLED
            error = (deadline_from if late else make_error)(event[10], self.vendor_data)
            logger.info("%s failed: %s session=%s %.3f s", self.name, error.code, error.session_id, seconds)
            raise error
        verdict = None if event[11] is None else make_verdict(event[12], event[11])
        decision = None if event[13] is None else make_decision(event[13])
        if logger.isEnabledFor(logging.INFO):
            outcome = "-" if verdict is None else verdict.outcome
            session = event[2] or (None if verdict is None else verdict.session_id)
            logger.info("%s: outcome=%s session=%s %.3f s", self.name, outcome, session, seconds)
        return Result(verdict, decision)

    def close(self) -> None:
        if self.job is not None:
            self.job.close()

    def __repr__(self) -> str:
        return f"<Call {self.name}>"


class Driver:
    """Settings, and the ine_client of this process: made on first use, made anew in a forked child."""

    def __init__(self, credentials: Credentials, settings: Settings) -> None:
        self.credentials = credentials
        self.settings = settings
        self.timeout = DEFAULT_TIMEOUT if settings.timeout is None else float(settings.timeout)
        self.options = make_options(settings)
        _core.ine_options_set_number(self.options, 20, 1)
        self._client: Any = None
        self._pid = 0
        self.closed = False
        self.calls: dict[int, Call] = {}
        if settings.base_url is None:
            raise ValueError("base_url is needed; the customer portal shows it")
        self.client()
        _drivers.add(self)

    def client(self) -> Any:
        if self.closed:
            raise RuntimeError("the client is closed")
        if self._pid != os.getpid():
            self._client = _core.ine_client_new(self.credentials._handle, self.options)
            self._pid = os.getpid()
            self.calls = {}
        return self._client

    def limit(self, timeout: float | None) -> float:
        """When a call must be over, on the monotonic clock."""
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

    def go_on(self, call: Call) -> None:
        call.check_process()
        _core.ine_client_continue(self.client(), call.id)

    def cancel(self, call: Call) -> None:
        if call.pid == self._pid == os.getpid() and call.id in self.calls:
            _core.ine_client_cancel(self._client, call.id)

    def ended(self, call: Call) -> None:
        self.calls.pop(call.id, None)
        call.close()

    def close(self, wait_ms: int = CLOSE_MS) -> None:
        """Cancels what is in flight and waits for the driver's end, within a limit."""
        if self.closed:
            return
        self.closed = True
        if self._client is None or self._pid != os.getpid():
            return
        queue = _core.ine_queue_new()
        _core.ine_client_close(self._client, queue, 0)
        end = time.monotonic() + wait_ms / 1000
        while (left := end - time.monotonic()) > 0:
            if any(event[1] == CLOSED for event in _core.drain(queue, int(left * 1000))):
                break
        else:
            _core.keep_for_ever([call.job for call in self.calls.values()])
        self._client = None

    def __del__(self) -> None:
        if getattr(self, "calls", None) and not self.closed and self._pid == os.getpid():
            self.close()


@atexit.register
def _close_all() -> None:
    for driver in list(_drivers):
        try:
            driver.close()
        except (Error, KeyboardInterrupt):
            pass
