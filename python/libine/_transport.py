"""Transports of the caller's in libcurl's place: the library says what to send and judges what comes back, with the
same refusals; the transport only carries it.

The steps of a call are one generator for both clients. It yields what is to be done as (function, argument), and is
sent what came of it; run() does that, and run_async() awaits what is to be awaited."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Awaitable, Callable, Generator, Iterable, Iterator
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, Union

from . import _constants as c
from . import _core
from ._driver import Call, Driver, Result, no_awaitable
from ._errors import Error, local_error

if TYPE_CHECKING:
    import httpx

CHUNK = 1 << 16
# What is read of a reply: the library's own limit is lower, and what is longer is refused.
MAX_REPLY = 33 << 20


class TransportFailure(Exception):
    """What a transport raises when no reply came.

    `kind`: resolve, connect, tls, timeout_not_sent (nothing was sent); broken, timeout, protocol (it may have been
    processed). `code`: the transport's own."""

    def __init__(self, kind: str, code: int = 0) -> None:
        super().__init__(kind)
        self.number = c.FAILURE_NUMBERS[kind]
        self.code = code


class TransportRequest:
    """What to send: `method`, `url`, `headers` as pairs, `size` bytes of body in `chunks`, within `timeout` seconds.

    Redirects are not to be followed, and nothing is to be added but Host and framing. Prints without the body."""

    __slots__ = ("chunks", "headers", "method", "size", "template", "timeout", "url")

    def __init__(self, exchange: Any, chunks: Iterator[bytes], left: float) -> None:
        self.method = _core.ine_exchange_get(exchange, c.X_METHOD).decode()
        self.url = _core.ine_exchange_get(exchange, c.X_URL).decode()
        self.template = _core.ine_exchange_get(exchange, c.X_TEMPLATE).decode()
        self.headers: list[tuple[str, str]] = _core.exchange_headers(exchange)
        self.size: int = _core.ine_exchange_body_size(exchange)
        self.timeout: float = min(left, _core.ine_exchange_attempt_timeout(exchange) / 1000)
        self.chunks = chunks

    def body(self) -> bytes:
        """The whole body at once; an image is then in memory."""
        return b"".join(self.chunks)

    async def achunks(self) -> AsyncIterator[bytes]:
        """`chunks` for an async client."""
        for chunk in self.chunks:
            yield chunk

    def __repr__(self) -> str:
        return f"<TransportRequest {self.method} {self.template}>"


class TransportReply:
    """What came back: the status of the final header block, headers as pairs, the body as received."""

    __slots__ = ("body", "headers", "status")

    def __init__(self, status: int, headers: Iterable[tuple[str | bytes, str | bytes]], body: bytes = b"") -> None:
        self.status = status
        self.headers = headers
        self.body = body

    def __repr__(self) -> str:
        return f"<TransportReply {self.status}>"


Send = Callable[[TransportRequest], TransportReply]
AsyncSend = Callable[[TransportRequest], Awaitable[TransportReply]]
Transport: TypeAlias = Union["httpx.Client", Literal["stdlib"], Send, None]
AsyncTransport: TypeAlias = Union["httpx.AsyncClient", Literal["stdlib"], AsyncSend, None]
Wish = tuple[Callable[[Any], Any], Any]


def now_ms() -> int:
    return time.monotonic_ns() // 1_000_000


def run(steps: Generator[Wish, Any, Result]) -> Result:
    """The steps of a call, over a transport that blocks."""
    step: Callable[[Any], Wish] = steps.send
    answer: Any = None
    while True:
        try:
            function, argument = step(answer)
        except StopIteration as end:
            result: Result = end.value
            return result
        try:
            step, answer = steps.send, function(argument)
            no_awaitable(answer)
        except TransportFailure as failure:
            step, answer = steps.throw, failure


async def run_async(steps: Generator[Wish, Any, Result]) -> Result:
    """The steps of a call, over a transport that is awaited."""
    step: Callable[[Any], Wish] = steps.send
    answer: Any = None
    while True:
        try:
            function, argument = step(answer)
        except StopIteration as end:
            result: Result = end.value
            return result
        try:
            step, answer = steps.send, function(argument)
            if hasattr(answer, "__await__"):
                answer = await answer
        except TransportFailure as failure:
            step, answer = steps.throw, failure


class Steps:
    """One call without libcurl: its steps, and its end when its time is over."""

    def __init__(self, call: Call, send: Callable[[Any], Any], sleep: Callable[[float], Any], timeout: float | None):
        self.call = call
        self.send = send
        self.sleep = sleep
        self.timeout = timeout
        self.limit = 0.0
        self.handle: Any = None
        self.sent = 0
        self.attempts = 0
        self.again: tuple[str, str] | None = None

    def left(self) -> float:
        return max(0.001, self.limit - time.monotonic())

    def flow(self, mode: int, session_id: str | None) -> Generator[Wish, Any, Result]:
        driver, verification = self.call.driver, None if self.call.job is None else self.call.job.verification

        def begin() -> Any:
            credentials = driver.credentials._handle
            return _core.ine_flow_new(mode, verification, session_id, credentials, driver.options, now_ms())

        return self.steps(begin, self.flow_steps, _core.ine_flow_cancel, _core.flow_take)

    def request(self, request: Any) -> Generator[Wish, Any, Result]:
        driver = self.call.driver

        def begin() -> Any:
            return _core.ine_exchange_new(request, driver.credentials._handle, driver.options, now_ms())

        return self.steps(begin, self.request_steps, _core.ine_exchange_cancel, _core.exchange_take)

    def steps(self, begin: Any, steps: Any, cancel: Any, take: Any) -> Generator[Wish, Any, Result]:
        """From the first step to the call's result or exception, whatever happens in between."""
        try:
            self.limit = self.call.driver.limit(self.timeout)
            self.handle = begin()
            try:
                done = yield from steps()
            except _Ended:
                cancel(self.handle)
                self.call.late = not self.call.driver.closed
                take(self.handle)
                raise local_error(c.E_DEADLINE, "DEADLINE", c.CLASS_DEADLINE, "the deadline has passed") from None
            return self.call.end(None, *done)
        except Error as error:
            raise self.call.failed(error._facts) from None
        finally:
            self.call.close()

    def request_steps(self) -> Generator[Wish, Any, tuple[Any, Any]]:
        while True:
            want, a, b = _core.exchange_next(self.handle, now_ms())
            if want == c.WANT_SEND:
                yield from self.attempt(self.handle)
            elif want == c.WANT_MEDIA:
                self.feed_media(self.handle, a, b)
            elif want == c.WANT_WAIT:
                yield from self.pause(a / 1000)
            else:
                return None, _core.exchange_take(self.handle)

    def flow_steps(self) -> Generator[Wish, Any, tuple[Any, Any]]:
        while True:
            want, a, b = _core.flow_next(self.handle, now_ms())
            if want == c.WANT_SEND:
                yield from self.attempt(_core.flow_exchange(self.handle))
            elif want == c.WANT_MEDIA:
                _core.ine_flow_feed_media(self.handle, self.image(_core.ine_flow_media(self.handle)).read(a, b))
            elif want == c.WANT_WAIT:
                yield from self.pause(a / 1000)
            elif want == c.WANT_STORE:
                yield self.store, (_core.ine_flow_session_id(self.handle), _core.ine_flow_session_url(self.handle))
            else:
                verdict, decision = _core.flow_take(self.handle)
                return verdict, decision

    def store(self, session: tuple[str, str | None]) -> Any:
        return self.call.created(*session)

    def pause(self, seconds: float) -> Generator[Wish, Any, None]:
        late = time.monotonic() + seconds > self.limit
        yield self.sleep, max(0.0, self.limit - time.monotonic()) if late else seconds
        if late or self.call.driver.closed:
            raise _Ended

    def attempt(self, exchange: Any) -> Generator[Wish, Any, None]:
        """One request: a TransportRequest out, a TransportReply or a TransportFailure in."""
        if time.monotonic() > self.limit or self.call.driver.closed:
            raise _Ended
        failed: list[BaseException] = []
        self.sent = 0
        begun = time.monotonic()
        request = TransportRequest(exchange, self.chunks(exchange, failed), self.left())
        try:
            reply = yield self.send, request
        except TransportFailure as failure:
            number = c.FAIL_MEDIA if failed else failure.number
            _core.ine_exchange_feed_failure(exchange, number, failure.code, now_ms())
            self.ended(request, begun, 0, number, 0)
            return
        for _ in request.chunks:
            pass
        number = feed_reply(exchange, reply)
        self.ended(request, begun, reply.status, number, len(reply.body))

    def ended(self, request: TransportRequest, begun: float, status: int, failure: int, received: int) -> None:
        call = self.call
        what = request.method, request.template
        # Only what failed so is repeated; the next question for a decision is a call of its own.
        self.attempts = self.attempts + 1 if self.again == what else 1
        self.again = what if failure or status == 429 or status >= 500 else None
        milliseconds = int((time.monotonic() - begun) * 1000)
        session_id = None if call.made is None else call.made.id
        call.attempted(session_id, *what, self.attempts, status, failure, milliseconds, self.sent, received)

    def chunks(self, exchange: Any, failed: list[BaseException]) -> Iterator[bytes]:
        """The body, with the image read when the library asks for it."""
        room = bytearray(CHUNK)
        try:
            while True:
                written, want, offset, most = _core.exchange_read(exchange, room)
                if written:
                    self.sent += written
                    yield bytes(memoryview(room)[:written])
                elif want == c.WANT_MEDIA:
                    self.feed_media(exchange, offset, most)
                else:
                    return
        except (Error, OSError) as error:
            failed.append(error)
            raise TransportFailure("broken") from None
        finally:
            room.clear()

    def feed_media(self, exchange: Any, offset: int, most: int) -> None:
        context = _core.ine_exchange_get(exchange, c.X_MEDIA_CONTEXT)
        number = _core.ine_value(c.NAMES_MEDIA, context) if context else c.MEDIA_FACE
        _core.ine_exchange_feed_media(exchange, self.image(number).read(offset, most))

    def image(self, number: int) -> Any:
        media = {} if self.call.job is None else self.call.job.media
        return media.get(number) or next(iter(media.values()))


class _Ended(Exception):
    """The time given to a call is over, or its client has been closed."""


def feed_reply(exchange: Any, reply: TransportReply) -> int:
    """0, or INE_FAIL_* for a reply that the library does not take."""
    try:
        _core.ine_exchange_feed_status(exchange, reply.status)
        for name, value in reply.headers:
            _core.ine_exchange_feed_header(exchange, name, value)
        _core.ine_exchange_feed_body(exchange, reply.body)
    except Error as error:
        number = c.FAIL_LIMIT if error.number == c.E_LIMIT else c.FAIL_PROTOCOL
        _core.ine_exchange_feed_failure(exchange, number, 0, now_ms())
        return number
    _core.ine_exchange_feed_end(exchange, now_ms())
    return 0


def chosen(transport: Any, driver: Driver, kind: str, like: str) -> Any:
    """The function that sends, by what the caller gave."""
    if transport == "stdlib":
        from ._stdlib import make_send as over_stdlib

        return over_stdlib(driver.settings)
    if hasattr(transport, "send") and hasattr(transport, "build_request"):
        from . import _httpx

        return _httpx.send_over(transport, kind)
    if callable(transport):
        return transport
    raise TypeError(f'transport is an httpx.{kind}, "stdlib" or {like}')


def sync_transport(transport: Any, driver: Driver) -> Send:
    send: Send = chosen(transport, driver, "Client", "a callable")
    return send


def async_transport(transport: Any, driver: Driver) -> AsyncSend:
    send = chosen(transport, driver, "AsyncClient", "an async callable")
    if transport != "stdlib":
        checked: AsyncSend = send
        return checked

    import asyncio

    async def in_thread(request: TransportRequest) -> TransportReply:
        reply: TransportReply = await asyncio.to_thread(send, request)
        return reply

    return in_thread
