"""A caller's httpx client as a transport: its connections, proxies and TLS; our request and nothing of its own
headers, cookies, authentication or redirects."""

from __future__ import annotations

import ssl
from collections.abc import Awaitable, Callable
from typing import Any

import httpx

from ._transport import TransportFailure, TransportReply, TransportRequest

MAX_REPLY = 33 << 20


def _request(request: TransportRequest, content: Any) -> httpx.Request:
    headers = list(request.headers)
    body = None
    if request.size or request.method in ("POST", "PATCH"):
        headers.append(("Content-Length", str(request.size)))
        body = content if request.size else b""
    seconds = dict.fromkeys(("connect", "read", "write", "pool"), request.timeout)
    return httpx.Request(request.method, request.url, headers=headers, content=body, extensions={"timeout": seconds})


def _failure(error: Exception) -> TransportFailure:
    cause: BaseException | None = error
    while cause is not None:
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
        try:
            reply = client.send(_request(request, request.chunks), stream=True, auth=None, follow_redirects=False)
            try:
                body = bytearray()
                for chunk in reply.iter_raw():
                    body += chunk
                    if len(body) > MAX_REPLY:
                        break
                return TransportReply(reply.status_code, reply.headers.raw, bytes(body))
            finally:
                reply.close()
        except httpx.HTTPError as error:
            raise _failure(error) from None

    return send


def make_async_send(client: httpx.AsyncClient) -> Callable[[TransportRequest], Awaitable[TransportReply]]:
    async def send(request: TransportRequest) -> TransportReply:
        try:
            reply = await client.send(
                _request(request, request.achunks()), stream=True, auth=None, follow_redirects=False
            )
            try:
                body = bytearray()
                async for chunk in reply.aiter_raw():
                    body += chunk
                    if len(body) > MAX_REPLY:
                        break
                return TransportReply(reply.status_code, reply.headers.raw, bytes(body))
            finally:
                await reply.aclose()
        except httpx.HTTPError as error:
            raise _failure(error) from None

    return send
