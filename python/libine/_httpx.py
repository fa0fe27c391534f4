"""A caller's httpx client as a transport: its connections, proxies and TLS; our request and nothing of its own
headers, cookies, authentication or redirects."""

from __future__ import annotations

import asyncio
import ssl
import time
from collections.abc import Awaitable, Callable
from typing import Any

import httpx

from ._body import Body
from ._transport import MAX_REPLY, TransportFailure, TransportReply, TransportRequest

# httpx first: it knows whether something was sent.
GRACE = 0.1


def _request(request: TransportRequest, content: Any) -> httpx.Request:
    headers = list(request.headers)
    body = None
    if request.size or request.method in ("POST", "PATCH"):
        headers.append(("Content-Length", str(request.size)))
        body = content if request.size else b""
    seconds = dict.fromkeys(("connect", "read", "write", "pool"), request.timeout)
    return httpx.Request(request.method, request.url, headers=headers, content=body, extensions={"timeout": seconds})


def _failure(error: Exception) -> TransportFailure:
    cause: BaseException | None = error if isinstance(error, httpx.ConnectError) else None
    while cause is not None:
        # TLS that breaks later is another error of httpx's: the request may have been processed.
        if isinstance(cause, ssl.SSLError):
            return TransportFailure("tls")
        cause = cause.__cause__ or cause.__context__
    if isinstance(error, (httpx.ConnectTimeout, httpx.PoolTimeout)):
        return TransportFailure("timeout_not_sent")
    if isinstance(error, (httpx.ConnectError, httpx.UnsupportedProtocol, httpx.ProxyError)):
        return TransportFailure("connect")
    if isinstance(error, httpx.TimeoutException):
        return TransportFailure("timeout")
    if isinstance(error, httpx.ProtocolError):
        # httpx has one class for a reply that is not HTTP and for one that ends early; only its text differs.
        ended = any(word in str(error) for word in ("disconnected", "closed connection"))
        return TransportFailure("broken" if ended else "protocol")
    return TransportFailure("broken")


def make_send(client: httpx.Client) -> Callable[[TransportRequest], TransportReply]:
    def send(request: TransportRequest) -> TransportReply:
        body = Body(MAX_REPLY)
        # httpx's own times are those of one read each: a reply that drips would never end.
        end = time.monotonic() + request.timeout
        try:
            reply = client.send(_request(request, request.chunks), stream=True, auth=None, follow_redirects=False)
            try:
                for full in map(body.is_full, reply.iter_raw()):
                    if time.monotonic() > end:
                        raise TransportFailure("timeout")
                    if full:
                        break
            finally:
                reply.close()
            return TransportReply(reply.status_code, reply.headers.raw, body.whole())
        except httpx.HTTPError as error:
            raise _failure(error) from None

    return send


def make_async_send(client: httpx.AsyncClient) -> Callable[[TransportRequest], Awaitable[TransportReply]]:
    async def send(request: TransportRequest) -> TransportReply:
        try:
            async with asyncio.timeout(request.timeout + GRACE):
                return await talk(request)
        except TimeoutError:
            raise TransportFailure("timeout") from None
        except httpx.HTTPError as error:
            raise _failure(error) from None

    async def talk(request: TransportRequest) -> TransportReply:
        body = Body(MAX_REPLY)
        reply = await client.send(_request(request, request.achunks()), stream=True, auth=None, follow_redirects=False)
        try:
            async for part in reply.aiter_raw():
                full = body.is_full(part)
                del part
                if full:
                    break
        finally:
            await reply.aclose()
        return TransportReply(reply.status_code, reply.headers.raw, body.whole())

    return send


def send_over(client: Any, kind: str) -> Any:
    """By the kind that is needed here: Client or AsyncClient."""
    if not isinstance(client, getattr(httpx, kind)):
        raise TypeError(f"this client needs an httpx.{kind}")
    return make_send(client) if kind == "Client" else make_async_send(client)
