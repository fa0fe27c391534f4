"""The client for scripts, workers and threads. Waiting releases the GIL; Ctrl-C cancels the call."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping
from types import TracebackType
from typing import Any, Self, Unpack

from . import _constants as c
from . import _core
from ._calls import Request
from ._credentials import Credentials
from ._decision import Decision
from ._driver import MODES, Call, Lane, LaneDriver, OnCreated, OnProgress, Result
from ._endpoints import Endpoints
from ._inputs import Job
from ._settings import Settings
from ._transport import Steps, Transport, run, sync_transport
from ._webhooks import Event

CANCEL_MS = 5000


def env_settings(settings: Any, environ: Mapping[str, str] | None) -> Credentials:
    """INE_BASE_URL, INE_PROXY and INE_CA_FILE fill what was not given."""
    source = os.environ if environ is None else environ
    for name, variable in (("base_url", "INE_BASE_URL"), ("proxy", "INE_PROXY"), ("ca_file", "INE_CA_FILE")):
        if settings.get(name) is None and source.get(variable):
            settings[name] = source[variable]
    return Credentials.from_env(source)


class Client(Endpoints):
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
        self._driver = LaneDriver(credentials, base_url, settings)
        self._send = None if transport is None else sync_transport(transport, self._driver)

    @classmethod
    def from_env(cls, environ: Mapping[str, str] | None = None, **settings: Any) -> Self:
        """From INE_API_KEY, INE_SECRET, INE_BASE_URL, INE_PROXY and INE_CA_FILE; what is given here goes first."""
        credentials = env_settings(settings, environ)
        try:
            return cls(credentials, **settings)
        finally:
            settings.clear()

    def feed(self, event: Event) -> None:
        """A webhook's decision ends every wait() of this client for its session."""
        self._driver.feed(event.decision)

    def close(self) -> None:
        """Cancels what is in flight and waits for its end. A closed client can not be used again."""
        self._driver.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self._label!r}>"

    def __reduce_ex__(self, protocol: object) -> Any:
        raise TypeError("clients hold secrets and do not pickle; make them where they are used")

    @property
    def _fed(self) -> bool:
        return self._send is not None

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
        start = self._driver.run
        return self._await(call, timeout, lambda lane: start(lane.client, mode, call, session_id, lane.queue, 1))

    def _call(self, request: Request, timeout: float | None) -> Decision:
        call = Call(self._driver, request.name, request.job)
        if self._send is not None:
            return run(Steps(call, self._send, time.sleep, timeout).request(request.handle)).decision
        submit = self._driver.submit
        result = self._await(call, timeout, lambda lane: submit(lane.client, request.handle, call, lane.queue, 1))
        return result.decision

    def _await(self, call: Call, timeout: float | None, submit: Callable[[Lane], None]) -> Result:
        """Submits, and does the work of the call until its end."""
        try:
            limit = self._driver.limit(timeout)
            lane = self._driver.take()
            submit(lane)
        except BaseException:
            call.close()
            raise
        try:
            done = self._wait_for(call, lane, limit)
        except BaseException:
            self._driver.cancel(call)
            self._settle(call, lane)
            raise
        self._driver.ended(call)
        self._driver.give_back(lane)
        return call.end(*done)

    def _wait_for(self, call: Call, lane: Lane, limit: float) -> tuple[Any, Any, Any]:
        while True:
            left = max(0.0, limit - time.monotonic())
            events = lane.wait(CANCEL_MS if call.late else int(left * 1000) + 1)
            if not events and not call.late:
                call.late = True
                self._driver.cancel(call)
            for kind, _, facts in events:
                if kind == c.EVENT_DONE:
                    error, verdict, decision = facts
                    return error, verdict, decision
                if kind == c.EVENT_CREATED:
                    call.created(*facts)
                    self._driver.go_on(call)
                else:
                    call.told(kind, facts)

    def _settle(self, call: Call, lane: Lane) -> None:
        """The end of a call that nobody waits for any more: what it was lent is free again."""
        if call.pid != os.getpid():
            call.close()
            return
        end = time.monotonic() + CANCEL_MS / 1000
        while (left := end - time.monotonic()) > 0:
            if any(kind == c.EVENT_DONE for kind, _, _ in lane.wait(int(left * 1000))):
                self._driver.ended(call)
                self._driver.give_back(lane)
                return
        _core.keep_for_ever((call.job, lane))
