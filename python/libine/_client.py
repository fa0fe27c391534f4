"""The client for scripts, workers and threads. Waiting releases the GIL; Ctrl-C cancels the call."""

from __future__ import annotations

import os
import time
from collections.abc import Mapping
from types import TracebackType
from typing import Any, Self, Unpack

from . import _calls, _core
from ._calls import Request
from ._credentials import Credentials, Settings
from ._decision import Decision
from ._driver import (
    CREATED,
    DONE,
    MODES,
    PROGRESS,
    RESUME,
    START,
    VERIFY,
    WAIT,
    Call,
    Driver,
    OnCreated,
    OnProgress,
    Result,
    Session,
)
from ._inputs import Image, Job, Person
from ._transport import Transport, drive_sync, sync_transport
from ._verdict import Verdict
from ._webhooks import Event

CANCEL_MS = 5000


def env_settings(settings: dict[str, Any], environ: Mapping[str, str] | None) -> Credentials:
    """INE_BASE_URL, INE_PROXY and INE_CA_FILE fill what was not given."""
    source = os.environ if environ is None else environ
    for name, variable in (("base_url", "INE_BASE_URL"), ("proxy", "INE_PROXY"), ("ca_file", "INE_CA_FILE")):
        if settings.get(name) is None and source.get(variable):
            settings[name] = source[variable]
    return Credentials.from_env(source)


class Client:
    """One integration. Share it between threads; it works in forked children too. Settings are the
    fields of `Settings`; `transport` takes an httpx.Client, "stdlib" or a callable in libcurl's place."""

    def __init__(
        self, credentials: Credentials, base_url: str | None = None, *, transport: Transport = None, **settings: Any
    ) -> None:
        self._driver = Driver(credentials, Settings(base_url=base_url, **settings))
        self._send = None if transport is None else sync_transport(transport, self._driver)
        self._queues: list[Any] = []
        self._pid = os.getpid()

    @classmethod
    def from_env(cls, environ: Mapping[str, str] | None = None, **settings: Any) -> Self:
        """From INE_API_KEY, INE_SECRET, INE_BASE_URL, INE_PROXY and INE_CA_FILE."""
        credentials = env_settings(settings, environ)
        return cls(credentials, **settings)

    def start(
        self,
        *,
        on_created: OnCreated | None = None,
        on_progress: OnProgress | None = None,
        timeout: float | None = None,
        **who: Unpack[Person],
    ) -> Session:
        """Checks, makes the session, uploads, submits. `on_created(session)` is called before anything
        else happens to the session: store its id there."""
        made: list[Session] = []

        def created(session: Session) -> None:
            made.append(session)
            if on_created is not None:
                on_created(session)

        try:
            job = Job(who, fed=self._send is not None)
        finally:
            who.clear()  # type: ignore[attr-defined]
        self._flow(START, job, None, timeout, created, on_progress)
        return made[-1]

    def verify(
        self,
        *,
        on_created: OnCreated | None = None,
        on_progress: OnProgress | None = None,
        timeout: float | None = None,
        **who: Unpack[Person],
    ) -> Verdict:
        """start() and wait()."""
        try:
            job = Job(who, fed=self._send is not None)
        finally:
            who.clear()  # type: ignore[attr-defined]
        return both(self._flow(VERIFY, job, None, timeout, on_created, on_progress))[0]

    def verify_decision(
        self,
        *,
        on_created: OnCreated | None = None,
        on_progress: OnProgress | None = None,
        timeout: float | None = None,
        **who: Unpack[Person],
    ) -> tuple[Verdict, Decision]:
        """verify(), with the decision for evidence()."""
        try:
            job = Job(who, fed=self._send is not None)
        finally:
            who.clear()  # type: ignore[attr-defined]
        return both(self._flow(VERIFY, job, None, timeout, on_created, on_progress))

    def wait(self, session_id: str, *, on_progress: OnProgress | None = None, timeout: float | None = None) -> Verdict:
        """The decision of a session, by polling, or by a webhook that feed() brings."""
        return both(self._flow(WAIT, None, session_id, timeout, None, on_progress))[0]

    def resume(
        self,
        session_id: str,
        *,
        on_progress: OnProgress | None = None,
        timeout: float | None = None,
        **who: Unpack[Person],
    ) -> Verdict:
        """Finds out where a session stands, and goes on. The person is needed when the selfie has not
        arrived."""
        try:
            job = Job(who, fed=self._send is not None) if who else None
        finally:
            who.clear()  # type: ignore[attr-defined]
        return both(self._flow(RESUME, job, session_id, timeout, None, on_progress))[0]

    def feed(self, event: Event) -> None:
        """A webhook's decision ends every wait for its session."""
        _core.ine_client_feed_decision(self._driver.client(), event.decision._handle)

    def create_session(self, *, timeout: float | None = None, **who: Unpack[Person]) -> Decision:
        try:
            job = Job(who, fed=True)
        finally:
            who.clear()  # type: ignore[attr-defined]
        return self._call(_calls.create(job), timeout)

    def upload_media(
        self,
        session_id: str,
        image: Image,
        *,
        context: str = "face",
        timestamp: str | None = None,
        timeout: float | None = None,
    ) -> Decision:
        try:
            request = _calls.upload(session_id, image, context, timestamp, self._send is not None)
        finally:
            del image
        return self._call(request, timeout)

    def submit(self, session_id: str, *, timeout: float | None = None) -> Decision:
        return self._call(_calls.by_session("submit", session_id), timeout)

    def decision(self, session_id: str, *, timeout: float | None = None) -> Decision:
        return self._call(_calls.by_session("decision", session_id), timeout)

    def ine_registry(self, session_id: str, *, version: str | None = None, timeout: float | None = None) -> Decision:
        return self._call(_calls.by_session("ine_registry", session_id, version), timeout)

    def curp_registry(self, session_id: str, *, version: str | None = None, timeout: float | None = None) -> Decision:
        return self._call(_calls.by_session("curp_registry", session_id, version), timeout)

    def ine_curp_registry(
        self, session_id: str, *, version: str | None = None, timeout: float | None = None
    ) -> Decision:
        return self._call(_calls.by_session("ine_curp_registry", session_id, version), timeout)

    def media_list(self, session_id: str, *, timeout: float | None = None) -> Decision:
        return self._call(_calls.by_session("media_list", session_id), timeout)

    def attempts(self, session_id: str, *, timeout: float | None = None) -> Decision:
        return self._call(_calls.by_session("attempts", session_id), timeout)

    def attempt_media(self, attempt_id: str, *, timeout: float | None = None) -> Decision:
        return self._call(_calls.by_id("attempt_media", _calls.ATTEMPT_ID, attempt_id), timeout)

    def person(self, session_id: str, *, timeout: float | None = None) -> Decision:
        return self._call(_calls.by_session("person", session_id), timeout)

    def watchlist(self, session_id: str, *, timeout: float | None = None) -> Decision:
        return self._call(_calls.by_session("watchlist", session_id), timeout)

    def collected_data(self, session_id: str, body: str | bytes, *, timeout: float | None = None) -> Decision:
        try:
            request = _calls.by_session("collected_data", session_id).text(_calls.BODY, body)
        finally:
            del body
        return self._call(request, timeout)

    def download_media(self, media_id: str, *, timeout: float | None = None) -> Decision:
        return self._call(_calls.by_id("download_media", _calls.MEDIA_ID, media_id), timeout)

    def delete_session(self, session_id: str, *, timeout: float | None = None) -> Decision:
        return self._call(_calls.by_session("delete_session", session_id), timeout)

    def raw(
        self,
        method: str,
        path: str,
        *,
        id: str | None = None,
        query: str | None = None,
        body: str | bytes | None = None,
        timeout: float | None = None,
    ) -> Decision:
        """A signed call of an endpoint without a typed form: path template as in /v1/sessions/{id}/person."""
        try:
            request = _calls.raw(method, path, id, query, body)
        finally:
            del body
        return self._call(request, timeout)

    def close(self) -> None:
        """Cancels what is in flight. A closed client can not be used again."""
        self._driver.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self._driver.credentials.label!r}>"

    def _flow(
        self,
        mode: int,
        job: Job | None,
        session_id: str | None,
        timeout: float | None,
        on_created: OnCreated | None,
        on_progress: OnProgress | None,
    ) -> Result:
        call = Call(MODES[mode], job, on_created, on_progress)
        if self._send is not None:
            return drive_sync(self._send, self._driver, call, timeout, mode=mode, session_id=session_id)
        return self._await(call, timeout, lambda queue: self._driver.run(mode, call, session_id, queue, 1))

    def _call(self, request: Request, timeout: float | None) -> Decision:
        call = Call(request.name, request.job)
        if self._send is not None:
            result = drive_sync(self._send, self._driver, call, timeout, request=request.handle)
        else:
            result = self._await(call, timeout, lambda queue: self._driver.submit(request.handle, call, queue, 1))
        assert result.decision is not None
        return result.decision

    def _await(self, call: Call, timeout: float | None, submit: Any) -> Result:
        """Submits on a queue of this thread's own and waits for the end."""
        if self._pid != os.getpid():
            self._pid, self._queues = os.getpid(), []
        try:
            limit = self._driver.limit(timeout)
            queue = self._queues.pop() if self._queues else _core.ine_queue_new()
            submit(queue)
        except BaseException:
            call.close()
            raise
        try:
            event = self._wait_for(call, queue, limit)
        except BaseException:
            self._driver.cancel(call)
            self._settle(call, queue)
            raise
        self._driver.ended(call)
        self._queues.append(queue)
        return call.result(event)

    def _wait_for(self, call: Call, queue: Any, limit: float) -> tuple[Any, ...]:
        while True:
            left = max(0.0, limit - time.monotonic())
            events = _core.drain(queue, int(left * 1000) + 1 if not call.cancelled_late else CANCEL_MS)
            if not events and not call.cancelled_late:
                call.cancelled_late = True
                self._driver.cancel(call)
            for event in events:
                if event[1] == DONE:
                    return tuple(event)
                if event[1] == CREATED:
                    if call.on_created is not None:
                        call.on_created(call.session(event))
                    self._driver.go_on(call)
                elif event[1] == PROGRESS and call.on_progress is not None:
                    call.on_progress(call.progress(event))

    def _settle(self, call: Call, queue: Any) -> None:
        """The end of a call that nobody waits for any more: what it was lent is free again."""
        if call.pid != os.getpid():
            call.close()
            return
        end = time.monotonic() + CANCEL_MS / 1000
        while (left := end - time.monotonic()) > 0:
            if any(event[1] == DONE for event in _core.drain(queue, int(left * 1000))):
                self._driver.ended(call)
                self._queues.append(queue)
                return
        _core.keep_for_ever((call.job, queue))


def both(result: Result) -> tuple[Verdict, Decision]:
    assert result.verdict is not None and result.decision is not None
    return result.verdict, result.decision
