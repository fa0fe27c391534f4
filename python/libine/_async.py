"""The client for asyncio and uvloop. No thread enters the interpreter: the loop watches the descriptor of a
queue. A client may be used from one asyncio.run() after another, and from loops in several threads."""

from __future__ import annotations

import asyncio
import inspect
import itertools
import time
import weakref
from collections.abc import Awaitable, Callable
from types import TracebackType
from typing import Any, Self, Unpack

from . import _constants as c
from . import _core, _process
from ._base import Base
from ._calls import Request
from ._credentials import Credentials
from ._decision import Decision
from ._driver import MODES, Call, Driver, OnCreatedAsync, OnProgress, Result
from ._endpoints_async import AsyncEndpoints
from ._inputs import Job
from ._settings import Settings
from ._transport import AsyncTransport, Steps, async_transport, run_async

ACLOSE_SECONDS = 5


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
        self.pid = _process.pid
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
        for kind, token, facts in _core.drain(self.queue, 0):
            waiting = self.waiting.get(token)
            if waiting is None:
                continue
            if kind == c.EVENT_DONE:
                self.end(waiting, facts)
            elif waiting.done.done():
                if kind == c.EVENT_CREATED:
                    self.driver.go_on(waiting.call)
            elif kind == c.EVENT_CREATED:
                self.created(waiting, facts)
            else:
                self.hook(waiting, waiting.call.told, kind, facts)

    def sweep(self) -> None:
        """Nobody waits for the calls of a loop that was closed under them: what they were lent is free at their end."""
        loop = self.loop()
        if self.pid != _process.pid or (loop is not None and not loop.is_closed()):
            return
        for waiting in self.waiting.values():
            self.driver.cancel(waiting.call)
        for kind, token, _ in _core.drain(self.queue, 0):
            if kind == c.EVENT_DONE and token in self.waiting:
                self.driver.ended(self.waiting.pop(token).call)

    def end(self, waiting: _Waiting, facts: tuple[Any, ...]) -> None:
        del self.waiting[waiting.call.token]
        self.driver.ended(waiting.call)
        loop = self.loop()
        if not self.waiting and loop is not None and not loop.is_closed():
            loop.remove_reader(_core.ine_queue_fd(self.queue))
        if not waiting.done.done():
            waiting.done.set_result(facts)

    def created(self, waiting: _Waiting, facts: tuple[Any, ...]) -> None:
        out = self.hook(waiting, waiting.call.created, *facts)
        if inspect.isawaitable(out):
            waiting.task = asyncio.ensure_future(self.created_later(waiting, out))
        else:
            self.driver.go_on(waiting.call)

    async def created_later(self, waiting: _Waiting, out: Awaitable[object]) -> None:
        try:
            await out
        except BaseException as error:
            self.fail(waiting, error)
        else:
            self.driver.go_on(waiting.call)

    def hook(self, waiting: _Waiting, function: Callable[..., Any], *arguments: object) -> Any:
        try:
            return function(*arguments)
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


class AsyncClient(Base, AsyncEndpoints):
    """One integration, for coroutines on asyncio or uvloop: make one and share it.

    Arguments as for Client; `transport` takes an httpx.AsyncClient, "stdlib" or an async callable. Cancelling the task
    cancels the call. One client may serve several loops, one after another or in several threads, and works in forked
    children. An async context manager; it does not pickle."""

    def __init__(
        self,
        credentials: Credentials,
        base_url: str | None = None,
        *,
        transport: AsyncTransport = None,
        **settings: Unpack[Settings],
    ) -> None:
        self._label = credentials.label
        self._driver = Driver(credentials, base_url, settings, threaded=True)
        self._send = None if transport is None else async_transport(transport, self._driver)
        self._ports: weakref.WeakKeyDictionary[asyncio.AbstractEventLoop, _Port] = weakref.WeakKeyDictionary()

    async def aclose(self) -> None:
        """Cancels what is in flight and waits for its end. A closed client can not be used again."""
        port = self._ports.get(asyncio.get_running_loop())
        waiting = [] if port is None or port.pid != _process.pid else list(port.waiting.values())
        for one in waiting:
            self._driver.cancel(one.call)
        if waiting:
            await asyncio.wait([one.done for one in waiting], timeout=ACLOSE_SECONDS)
        self._driver.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()

    async def _flow(
        self,
        mode: int,
        job: Job | None,
        session_id: str | None,
        timeout: float | None,
        on_created: OnCreatedAsync | None = None,
        on_progress: OnProgress | None = None,
    ) -> Result:
        call = Call(self._driver, MODES[mode], job, on_created, on_progress)
        if self._send is not None:
            return await run_async(Steps(call, self._send, asyncio.sleep, timeout).flow(mode, session_id))
        return await self._await(call, timeout, lambda q, t: self._driver.run(mode, call, session_id, q, t))

    async def _call(self, request: Request, timeout: float | None) -> Decision:
        call = Call(self._driver, request.name, request.job)
        if self._send is not None:
            return (await run_async(Steps(call, self._send, asyncio.sleep, timeout).request(request.handle))).decision
        submit = self._driver.submit
        return (await self._await(call, timeout, lambda q, t: submit(request.handle, call, q, t))).decision

    def _port(self, loop: asyncio.AbstractEventLoop) -> _Port:
        port = self._ports.get(loop)
        if port is None or port.pid != _process.pid:
            for other in list(self._ports.values()):
                other.sweep()
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
        # The client's own time is kept by the library.
        late = None if timeout is None else loop.call_later(limit - time.monotonic(), self._late, call)
        try:
            done = await waiting.done
        except asyncio.CancelledError:
            self._driver.cancel(call)
            raise
        finally:
            if late is not None:
                late.cancel()
        return call.end(*done)

    def _late(self, call: Call) -> None:
        call.late = True
        self._driver.cancel(call)
