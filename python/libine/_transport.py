"""Transports of the caller's in libcurl's place: the library says what to send and judges what comes back,
with the same refusals; the transport only carries it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Generator, Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, Union

from . import _core
from ._decision import make_decision
from ._driver import Call, Driver, Result, Session
from ._errors import Error, deadline_from, local_error
from ._verdict import make_verdict

if TYPE_CHECKING:
    import httpx

SEND, MEDIA, RECV, WAIT, STORE, DONE = 1, 2, 3, 4, 5, 6
METHOD, URL, TEMPLATE, CONTEXT = 1, 2, 4, 6
RESOLVE, CONNECT, TLS, BROKEN, TIMEOUT, TIMEOUT_NOT_SENT, PROTOCOL, LIMIT, MEDIA_FAILED = range(1, 10)
E_LIMIT = -104
CHUNK = 1 << 16


class TransportFailure(Exception):
    """What a transport raises when nothing came back. `kind`: resolve, connect, tls (nothing was sent);
    broken, timeout, protocol (may have been processed); timeout_not_sent."""

    KINDS = {
        "resolve": RESOLVE,
        "connect": CONNECT,
        "tls": TLS,
        "broken": BROKEN,
        "timeout": TIMEOUT,
        "timeout_not_sent": TIMEOUT_NOT_SENT,
        "protocol": PROTOCOL,
    }

    def __init__(self, kind: str, code: int = 0) -> None:
        super().__init__(kind)
        self.number = self.KINDS[kind]
        self.code = code


class TransportRequest:
    """What to send: method, url, headers as pairs, the body in chunks of `size` bytes in all, and the seconds
    that it may take. Redirects are not to be followed and nothing is to be added but Host and framing."""

    __slots__ = ("chunks", "headers", "method", "size", "template", "timeout", "url")

    def __init__(self, exchange: Any, chunks: Iterator[bytes]) -> None:
        self.method = _core.ine_exchange_get(exchange, METHOD).decode()
        self.url = _core.ine_exchange_get(exchange, URL).decode()
        self.template = _core.ine_exchange_get(exchange, TEMPLATE).decode()
        self.headers: list[tuple[str, str]] = _core.exchange_headers(exchange)
        self.size: int = _core.ine_exchange_body_size(exchange)
        self.timeout: float = _core.ine_exchange_attempt_timeout(exchange) / 1000
        self.chunks = chunks

    def body(self) -> bytes:
        return b"".join(self.chunks)

    async def achunks(self) -> AsyncIterator[bytes]:
        for chunk in self.chunks:
            yield chunk

    def __repr__(self) -> str:
        return f"<TransportRequest {self.method} {self.template}>"


@dataclass(slots=True)
class TransportReply:
    """What came back: the status of the final header block, headers as pairs, body chunks as received."""

    status: int
    headers: Iterable[tuple[str | bytes, str | bytes]]
    body: bytes = b""

    def __repr__(self) -> str:
        return f"<TransportReply {self.status}>"


Send = Callable[[TransportRequest], TransportReply]
AsyncSend = Callable[[TransportRequest], Awaitable[TransportReply]]
Transport: TypeAlias = Union["httpx.Client", Literal["stdlib"], Send, None]
AsyncTransport: TypeAlias = Union["httpx.AsyncClient", Literal["stdlib"], AsyncSend, None]


def now_ms() -> int:
    return time.monotonic_ns() // 1_000_000


def _chunks(exchange: Any, call: Call, failed: list[BaseException]) -> Iterator[bytes]:
    """The body, with the image read when the library asks for it."""
    room = bytearray(CHUNK)
    try:
        while True:
            written, want, offset, most = _core.exchange_read(exchange, room)
            if written:
                yield bytes(memoryview(room)[:written])
            elif want == MEDIA:
                _feed_media(call, exchange, offset, most)
            else:
                return
    except (Error, OSError) as error:
        failed.append(error)
        raise TransportFailure("broken") from None


def _context(exchange: Any) -> int:
    text = _core.ine_exchange_get(exchange, CONTEXT)
    number: int = _core.ine_value(10, text) if text else -1
    return number if number > 0 else 1


def _feed_media(call: Call, exchange: Any, offset: int, most: int) -> None:
    media = {} if call.job is None else call.job.media
    one = media.get(_context(exchange)) or next(iter(media.values()))
    data = one.read(offset, most)
    try:
        _core.ine_exchange_feed_media(exchange, data)
    finally:
        del data


Step = Generator[Any, Any, Any]


def _send(exchange: Any, call: Call) -> Step:
    """One attempt: a TransportRequest out, a TransportReply or a TransportFailure in."""
    failed: list[BaseException] = []
    chunks = _chunks(exchange, call, failed)
    try:
        reply = yield TransportRequest(exchange, chunks)
    except TransportFailure as failure:
        number = MEDIA_FAILED if failed else failure.number
        _core.ine_exchange_feed_failure(exchange, number, failure.code, now_ms())
        return
    for _ in chunks:
        pass
    try:
        _core.ine_exchange_feed_status(exchange, reply.status)
        for name, value in reply.headers:
            _core.ine_exchange_feed_header(exchange, name, value)
        _core.ine_exchange_feed_body(exchange, reply.body)
    except Error as error:
        kind = LIMIT if error.number == E_LIMIT else PROTOCOL
        _core.ine_exchange_feed_failure(exchange, kind, 0, now_ms())
        return
    _core.ine_exchange_feed_end(exchange, now_ms())


def _request_steps(exchange: Any, call: Call) -> Step:
    while True:
        want, a, b = _core.exchange_next(exchange, now_ms())
        if want == SEND:
            yield from _send(exchange, call)
        elif want == MEDIA:
            _feed_media(call, exchange, a, b)
        elif want == WAIT:
            yield a / 1000
        else:
            return Result(None, make_decision(_core.exchange_take(exchange)))


def _flow_steps(flow: Any, call: Call) -> Step:
    while True:
        want, a, b = _core.flow_next(flow, now_ms())
        if want == SEND:
            yield from _send(_core.flow_exchange(flow), call)
        elif want == MEDIA:
            assert call.job is not None
            data = call.job.media[_core.ine_flow_media(flow)].read(a, b)
            try:
                _core.ine_flow_feed_media(flow, data)
            finally:
                del data
        elif want == WAIT:
            yield a / 1000
        elif want == STORE:
            yield Session(_core.ine_flow_session_id(flow), _core.ine_flow_session_url(flow), call.vendor_data)
        else:
            handle, facts, decision = _core.flow_take(flow)
            return Result(
                make_verdict(facts, handle) if facts is not None else None,
                make_decision(decision) if decision else None,
            )


class _Drive:
    """One call without libcurl: its steps, and its end when it is cancelled or late."""

    def __init__(
        self, driver: Driver, call: Call, timeout: float | None, mode: int, session_id: str | None, request: Any
    ) -> None:
        self.call = call
        self.limit = driver.limit(timeout)
        credentials, options = driver.credentials._handle, driver.options
        if request is not None:
            self.handle = _core.ine_exchange_new(request, credentials, options, now_ms())
            self.cancel, self.steps = _core.ine_exchange_cancel, _request_steps(self.handle, call)
        else:
            verification = None if call.job is None else call.job.verification
            self.handle = _core.ine_flow_new(mode, verification, session_id, credentials, options, now_ms())
            self.cancel, self.steps = _core.ine_flow_cancel, _flow_steps(self.handle, call)

    def late(self, pause: float) -> bool:
        return time.monotonic() + pause > self.limit

    def end_late(self) -> Error:
        """The error of a call whose time is over: what is known of it stays in it."""
        self.steps.close()
        self.cancel(self.handle)
        take = _core.flow_take if self.cancel is _core.ine_flow_cancel else _core.exchange_take
        try:
            take(self.handle)
        except Error as error:
            if error.code == "CANCELLED":
                return deadline_from(error._facts, self.call.vendor_data)
            error.vendor_data = self.call.vendor_data
            return error
        return local_error(-701, "DEADLINE", 9, "the operation's deadline has passed")


def drive_sync(
    send: Send,
    driver: Driver,
    call: Call,
    timeout: float | None,
    *,
    mode: int = 0,
    session_id: str | None = None,
    request: Any = None,
) -> Result:
    """Runs the steps of a call over a transport that blocks."""
    try:
        drive = _Drive(driver, call, timeout, mode, session_id, request)
        step: Any = drive.steps.send
        answer: Any = None
        try:
            while True:
                wish = step(answer)
                step, answer = drive.steps.send, None
                if isinstance(wish, TransportRequest):
                    if drive.late(0):
                        raise drive.end_late()
                    wish.timeout = min(wish.timeout, max(0.001, drive.limit - time.monotonic()))
                    try:
                        answer = send(wish)
                    except TransportFailure as failure:
                        step, answer = drive.steps.throw, failure
                elif isinstance(wish, Session):
                    if call.on_created is not None:
                        call.on_created(wish)
                elif drive.late(wish):
                    time.sleep(max(0.0, drive.limit - time.monotonic()))
                    raise drive.end_late()
                else:
                    time.sleep(wish)
        except StopIteration as end:
            result: Result = end.value
            return result
    except Error as error:
        error.vendor_data = call.vendor_data
        raise
    finally:
        call.close()


async def drive_async(
    send: AsyncSend,
    driver: Driver,
    call: Call,
    timeout: float | None,
    *,
    mode: int = 0,
    session_id: str | None = None,
    request: Any = None,
) -> Result:
    """Runs the steps of a call over a transport that is awaited."""
    try:
        drive = _Drive(driver, call, timeout, mode, session_id, request)
        step: Any = drive.steps.send
        answer: Any = None
        try:
            while True:
                wish = step(answer)
                step, answer = drive.steps.send, None
                if isinstance(wish, TransportRequest):
                    if drive.late(0):
                        raise drive.end_late()
                    wish.timeout = min(wish.timeout, max(0.001, drive.limit - time.monotonic()))
                    try:
                        answer = await send(wish)
                    except TransportFailure as failure:
                        step, answer = drive.steps.throw, failure
                elif isinstance(wish, Session):
                    out = None if call.on_created is None else call.on_created(wish)
                    if isinstance(out, Awaitable):
                        await out
                elif drive.late(wish):
                    await asyncio.sleep(max(0.0, drive.limit - time.monotonic()))
                    raise drive.end_late()
                else:
                    await asyncio.sleep(wish)
        except StopIteration as end:
            result: Result = end.value
            return result
    except Error as error:
        error.vendor_data = call.vendor_data
        raise
    finally:
        call.close()


def sync_transport(transport: Any, driver: Driver) -> Send:
    if transport == "stdlib":
        from ._stdlib import make_send

        return make_send(driver.settings)
    if hasattr(transport, "send") and hasattr(transport, "build_request"):
        from ._httpx import make_send as over_httpx

        return over_httpx(transport)
    if callable(transport):
        return transport  # type: ignore[no-any-return]
    raise TypeError('transport is an httpx.Client, "stdlib" or a callable')


def async_transport(transport: Any, driver: Driver) -> AsyncSend:
    if transport == "stdlib":
        from ._stdlib import make_send

        send = make_send(driver.settings)

        async def in_thread(request: TransportRequest) -> TransportReply:
            return await asyncio.to_thread(send, request)

        return in_thread
    if hasattr(transport, "send") and hasattr(transport, "build_request"):
        from ._httpx import make_async_send

        return make_async_send(transport)
    if callable(transport):
        return transport  # type: ignore[no-any-return]
    raise TypeError('transport is an httpx.AsyncClient, "stdlib" or an async callable')
