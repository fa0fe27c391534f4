"""The client for scripts, workers and threads. Waiting releases the GIL; Ctrl-C cancels the call."""

from __future__ import annotations

import time
from collections.abc import Callable
from types import TracebackType
from typing import Any, Self, Unpack

from . import _constants as c
from . import _core, _process
from ._base import Base
from ._calls import Request
from ._credentials import Credentials
from ._decision import Decision
from ._driver import MODES, Call, Driver, OnCreated, OnProgress, Result, no_awaitable
from ._endpoints import Endpoints
from ._inputs import Job
from ._settings import Settings
from ._transport import Steps, Transport, run, sync_transport

CANCEL_MS = 5000


class Client(Base, Endpoints):
    """One integration, for scripts, workers and threads: make one and share it.

    `base_url`: the customer portal shows it. `transport`: an httpx.Client, "stdlib" or a callable in libcurl's place. The
    other settings are those of `Settings`. Threads may share it; it works in forked children too, where only a call that
    was in flight at the fork fails (ForkedError). A context manager; it does not pickle."""

    def __init__(
        self,
        credentials: Credentials,
        base_url: str | None = None,
        *,
        transport: Transport = None,
        **settings: Unpack[Settings],
    ) -> None:
        self._label = credentials.label
        self._driver = Driver(credentials, base_url, settings, threaded=False)
        self._send = None if transport is None else sync_transport(transport, self._driver)
        self._queues: list[Any] = []
        self._waiting: set[Any] = set()
        self._pid = _process.pid

    def close(self) -> None:
        """Cancels what is in flight and waits for its end. A closed client can not be used again."""
        self._driver.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _flow(
        self,
        mode: int,
        job: Job | None,
        session_id: str | None,
        timeout: float | None,
        on_created: OnCreated | None = None,
        on_progress: OnProgress | None = None,
    ) -> Result:
        call = Call(self._driver, MODES[mode], job, on_created, on_progress)
        if self._send is not None:
            return run(Steps(call, self._send, time.sleep, timeout).flow(mode, session_id))
        return self._await(call, timeout, lambda queue: self._driver.run(mode, call, session_id, queue, 1))

    def _call(self, request: Request, timeout: float | None) -> Decision:
        call = Call(self._driver, request.name, request.job)
        if self._send is not None:
            return run(Steps(call, self._send, time.sleep, timeout).request(request.handle)).decision
        submit = self._driver.submit
        return self._await(call, timeout, lambda queue: submit(request.handle, call, queue, 1)).decision

    def _await(self, call: Call, timeout: float | None, submit: Callable[[Any], None]) -> Result:
        """Submits on a queue of this thread's own and waits for the end."""
        if self._pid != _process.pid:
            with _process.lock:
                if self._pid != _process.pid:
                    self._queues, self._waiting = [], set()
                    self._pid = _process.pid
        try:
            limit = self._driver.limit(timeout)
            queue = self._queues.pop() if self._queues else _core.ine_queue_new()
            submit(queue)
        except BaseException:
            call.close()
            raise
        self._waiting.add(queue)
        try:
            done = self._wait_for(call, queue, limit)
            self._driver.ended(call)
            self._queues.append(queue)
        except BaseException:
            self._driver.cancel(call)
            self._settle(call, queue)
            raise
        finally:
            self._waiting.discard(queue)
            self._hand_over(queue)
        return call.end(*done)

    def _hand_over(self, queue: Any) -> None:
        """This thread does no work for a while: one of those who wait for their own calls takes over."""
        for other in tuple(self._waiting):
            if other is not queue:
                _core.ine_queue_wake(other)
                return

    def _wait_for(self, call: Call, queue: Any, limit: float) -> tuple[Any, Any, Any]:
        while True:
            left = max(0.0, limit - time.monotonic())
            events = self._driver.take(queue, CANCEL_MS if call.late else int(left * 1000) + 1)
            if not events and not call.late:
                call.late = True
                self._driver.cancel(call)
            for kind, _, facts in events:
                if kind == c.EVENT_DONE:
                    error, verdict, decision = facts
                    return error, verdict, decision
                self._hand_over(queue)
                if kind == c.EVENT_CREATED:
                    no_awaitable(call.created(*facts))
                    self._driver.go_on(call)
                else:
                    call.told(kind, facts)

    def _settle(self, call: Call, queue: Any) -> None:
        """The end of a call that nobody waits for any more: what it was lent is free again."""
        if call.pid != _process.pid:
            call.close()
            return
        end = time.monotonic() + CANCEL_MS / 1000
        while (left := end - time.monotonic()) > 0:
            if any(kind == c.EVENT_DONE for kind, _, _ in self._driver.take(queue, int(left * 1000))):
                self._driver.ended(call)
                self._queues.append(queue)
                return
        _core.keep_for_ever((call.job, queue))
