"""The client for asyncio and uvloop. No thread enters the interpreter: the loop watches the descriptor of a
queue. A client may be used from one asyncio.run() after another, and from loops in several threads."""

from __future__ import annotations

import asyncio
import inspect
import itertools
import os
import time
import weakref
from collections.abc import Awaitable, Callable, Mapping
from types import TracebackType
from typing import Any, Self, Unpack

from . import _calls, _core
from ._calls import Request
from ._client import both, env_settings
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
    OnProgress,
    Result,
    Session,
)
from ._inputs import Image, Job, Person
from ._transport import AsyncTransport, async_transport, drive_async
from ._verdict import Verdict
from ._webhooks import Event

OnCreated = Callable[[Session], object] | Callable[[Session], Awaitable[object]]


class _Waiting:
    __slots__ = ("call", "done", "task")

    def __init__(self, call: Call, done: asyncio.Future[Any]) -> None:
        self.call = call
        self.done = done
        self.task: asyncio.Task[None] | None = None


class _Port:
    """The queue of one event loop, watched while something is under way."""

    def __init__(self, driver: Driver, loop: asyncio.AbstractEventLoop) -> None:
        self.driver = driver
        self.loop = weakref.ref(loop)
        self.queue = _core.ine_queue_new()
        self.pid = os.getpid()
        self.waiting: dict[int, _Waiting] = {}
        self.tokens = itertools.count(1)

    def add(self, call: Call, submit: Callable[[Any, int], None]) -> _Waiting:
        loop = self.loop()
        assert loop is not None
        token = next(self.tokens)
        submit(self.queue, token)
        waiting = self.waiting[token] = _Waiting(call, loop.create_future())
        if len(self.waiting) == 1:
            loop.add_reader(_core.ine_queue_fd(self.queue), self.ready)
        return waiting

    def ready(self) -> None:
        for event in _core.drain(self.queue, 0):
            waiting = self.waiting.get(event[0])
            if waiting is None:
                continue
            if event[1] == DONE:
                self.end(waiting, event)
            elif event[1] == CREATED:
                self.created(waiting, event)
            elif event[1] == PROGRESS and waiting.call.on_progress is not None and not waiting.done.done():
                self.hook(waiting, waiting.call.on_progress, waiting.call.progress(event))

    def end(self, waiting: _Waiting, event: tuple[Any, ...]) -> None:
        del self.waiting[waiting.call.token]
        self.driver.ended(waiting.call)
        loop = self.loop()
        if not self.waiting and loop is not None and not loop.is_closed():
            loop.remove_reader(_core.ine_queue_fd(self.queue))
        if not waiting.done.done():
            waiting.done.set_result(event)

    def created(self, waiting: _Waiting, event: tuple[Any, ...]) -> None:
        call = waiting.call
        if call.on_created is not None and not waiting.done.done():
            out = self.hook(waiting, call.on_created, call.session(event))
            if inspect.isawaitable(out):
                waiting.task = asyncio.ensure_future(self.created_later(waiting, out))
                return
        self.driver.go_on(call)

    async def created_later(self, waiting: _Waiting, out: Awaitable[object]) -> None:
        try:
            await out
        except BaseException as error:
            self.fail(waiting, error)
        else:
            self.driver.go_on(waiting.call)

    def hook(self, waiting: _Waiting, function: Any, argument: object) -> object:
        try:
            return function(argument)
        except Exception as error:
            self.fail(waiting, error)
            return None

    def fail(self, waiting: _Waiting, error: BaseException) -> None:
        """A hook of the caller's failed: the call is cancelled and the caller gets the hook's exception."""
        self.driver.cancel(waiting.call)
        if waiting.done.done():
            return
        if isinstance(error, asyncio.CancelledError):
            waiting.done.cancel()
        else:
            waiting.done.set_exception(error)


class AsyncClient:
    """One integration, for coroutines. Arguments as for Client; `transport` takes an httpx.AsyncClient,
    "stdlib" or an async callable. Cancelling the task cancels the call."""

    def __init__(
        self,
        credentials: Credentials,
        base_url: str | None = None,
        *,
        transport: AsyncTransport = None,
        **settings: Any,
    ) -> None:
        self._driver = Driver(credentials, Settings(base_url=base_url, **settings))
        self._send = None if transport is None else async_transport(transport, self._driver)
        self._ports: weakref.WeakKeyDictionary[asyncio.AbstractEventLoop, _Port] = weakref.WeakKeyDictionary()

    @classmethod
    def from_env(cls, environ: Mapping[str, str] | None = None, **settings: Any) -> Self:
        """From INE_API_KEY, INE_SECRET, INE_BASE_URL, INE_PROXY and INE_CA_FILE."""
        credentials = env_settings(settings, environ)
        return cls(credentials, **settings)

    async def start(
        self,
        *,
        on_created: OnCreated | None = None,
        on_progress: OnProgress | None = None,
        timeout: float | None = None,
        **who: Unpack[Person],
    ) -> Session:
        """Checks, makes the session, uploads, submits. `on_created(session)`, a function or a coroutine
        function, is called before anything else happens to the session: store its id there."""
        made: list[Session] = []

        def created(session: Session) -> object:
            made.append(session)
            return None if on_created is None else on_created(session)

        try:
            job = Job(who, fed=self._send is not None)
        finally:
            who.clear()  # type: ignore[attr-defined]
        await self._flow(START, job, None, timeout, created, on_progress)
        return made[-1]

    async def verify(
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
        return both(await self._flow(VERIFY, job, None, timeout, on_created, on_progress))[0]

    async def verify_decision(
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
        return both(await self._flow(VERIFY, job, None, timeout, on_created, on_progress))

    async def wait(
        self, session_id: str, *, on_progress: OnProgress | None = None, timeout: float | None = None
    ) -> Verdict:
        """The decision of a session, by polling, or by a webhook that feed() brings."""
        return both(await self._flow(WAIT, None, session_id, timeout, None, on_progress))[0]

    async def resume(
        self,
        session_id: str,
        *,
        on_progress: OnProgress | None = None,
        timeout: float | None = None,
        **who: Unpack[Person],
    ) -> Verdict:
        """Finds out where a session stands, and goes on."""
        try:
            job = Job(who, fed=self._send is not None) if who else None
        finally:
            who.clear()  # type: ignore[attr-defined]
        return both(await self._flow(RESUME, job, session_id, timeout, None, on_progress))[0]

    def feed(self, event: Event) -> None:
        """A webhook's decision ends every wait for its session."""
        _core.ine_client_feed_decision(self._driver.client(), event.decision._handle)

    async def create_session(self, *, timeout: float | None = None, **who: Unpack[Person]) -> Decision:
        try:
            job = Job(who, fed=True)
        finally:
            who.clear()  # type: ignore[attr-defined]
        return await self._call(_calls.create(job), timeout)

    async def upload_media(
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
        return await self._call(request, timeout)

    async def submit(self, session_id: str, *, timeout: float | None = None) -> Decision:
        return await self._call(_calls.by_session("submit", session_id), timeout)

    async def decision(self, session_id: str, *, timeout: float | None = None) -> Decision:
        return await self._call(_calls.by_session("decision", session_id), timeout)

    async def ine_registry(
        self, session_id: str, *, version: str | None = None, timeout: float | None = None
    ) -> Decision:
        return await self._call(_calls.by_session("ine_registry", session_id, version), timeout)

    async def curp_registry(
        self, session_id: str, *, version: str | None = None, timeout: float | None = None
    ) -> Decision:
        return await self._call(_calls.by_session("curp_registry", session_id, version), timeout)

    async def ine_curp_registry(
        self, session_id: str, *, version: str | None = None, timeout: float | None = None
    ) -> Decision:
        return await self._call(_calls.by_session("ine_curp_registry", session_id, version), timeout)

    async def media_list(self, session_id: str, *, timeout: float | None = None) -> Decision:
        return await self._call(_calls.by_session("media_list", session_id), timeout)

    async def attempts(self, session_id: str, *, timeout: float | None = None) -> Decision:
        return await self._call(_calls.by_session("attempts", session_id), timeout)

    async def attempt_media(self, attempt_id: str, *, timeout: float | None = None) -> Decision:
        return await self._call(_calls.by_id("attempt_media", _calls.ATTEMPT_ID, attempt_id), timeout)

    async def person(self, session_id: str, *, timeout: float | None = None) -> Decision:
        return await self._call(_calls.by_session("person", session_id), timeout)

    async def watchlist(self, session_id: str, *, timeout: float | None = None) -> Decision:
        return await self._call(_calls.by_session("watchlist", session_id), timeout)

    async def collected_data(self, session_id: str, body: str | bytes, *, timeout: float | None = None) -> Decision:
        try:
            request = _calls.by_session("collected_data", session_id).text(_calls.BODY, body)
        finally:
            del body
        return await self._call(request, timeout)

    async def download_media(self, media_id: str, *, timeout: float | None = None) -> Decision:
        return await self._call(_calls.by_id("download_media", _calls.MEDIA_ID, media_id), timeout)

    async def delete_session(self, session_id: str, *, timeout: float | None = None) -> Decision:
        return await self._call(_calls.by_session("delete_session", session_id), timeout)

    async def raw(
        self,
        method: str,
        path: str,
        *,
        id: str | None = None,
        query: str | None = None,
        body: str | bytes | None = None,
        timeout: float | None = None,
    ) -> Decision:
        """A signed call of an endpoint without a typed form."""
        try:
            request = _calls.raw(method, path, id, query, body)
        finally:
            del body
        return await self._call(request, timeout)

    async def aclose(self) -> None:
        """Cancels what is in flight. A closed client can not be used again."""
        port = self._ports.get(asyncio.get_running_loop())
        waiting = [] if port is None or port.pid != os.getpid() else list(port.waiting.values())
        for one in waiting:
            self._driver.cancel(one.call)
        if waiting:
            await asyncio.wait([one.done for one in waiting], timeout=5)
        self._driver.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self._driver.credentials.label!r}>"

    async def _flow(
        self,
        mode: int,
        job: Job | None,
        session_id: str | None,
        timeout: float | None,
        on_created: Any,
        on_progress: OnProgress | None,
    ) -> Result:
        call = Call(MODES[mode], job, on_created, on_progress)
        if self._send is not None:
            return await drive_async(self._send, self._driver, call, timeout, mode=mode, session_id=session_id)
        return await self._await(call, timeout, lambda q, t: self._driver.run(mode, call, session_id, q, t))

    async def _call(self, request: Request, timeout: float | None) -> Decision:
        call = Call(request.name, request.job)
        if self._send is not None:
            result = await drive_async(self._send, self._driver, call, timeout, request=request.handle)
        else:
            result = await self._await(call, timeout, lambda q, t: self._driver.submit(request.handle, call, q, t))
        assert result.decision is not None
        return result.decision

    def _port(self, loop: asyncio.AbstractEventLoop) -> _Port:
        port = self._ports.get(loop)
        if port is None or port.pid != os.getpid():
            port = self._ports[loop] = _Port(self._driver, loop)
        return port

    async def _await(self, call: Call, timeout: float | None, submit: Callable[[Any, int], None]) -> Result:
        loop = asyncio.get_running_loop()
        try:
            limit = self._driver.limit(timeout)
            waiting = self._port(loop).add(call, submit)
        except BaseException:
            call.close()
            raise
        late = loop.call_later(max(0.0, limit - time.monotonic()), self._late, call)
        try:
            event = await waiting.done
        except asyncio.CancelledError:
            self._driver.cancel(call)
            raise
        finally:
            late.cancel()
        return call.result(event)

    def _late(self, call: Call) -> None:
        call.cancelled_late = True
        self._driver.cancel(call)
