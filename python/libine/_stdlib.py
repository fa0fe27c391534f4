"""The interpreter's own HTTP and TLS as a transport. No variable of the environment is followed."""

from __future__ import annotations

import http.client
import io
import os
import socket
import ssl
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from ._settings import Kept
from ._transport import MAX_REPLY, TransportFailure, TransportReply, TransportRequest


def make_context(settings: Kept) -> ssl.SSLContext:
    """Checks names and chains against the system's certificates, or the caller's. Made by hand: what
    ssl.create_default_context() returns writes keys to a file that a variable names."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    if "ca_file" in settings or "ca_pem" in settings:
        context.load_verify_locations(cafile=settings.get("ca_file"), cadata=settings.get("ca_pem"))
    else:
        paths = ssl.get_default_verify_paths()
        context.load_verify_locations(cafile=_existing(paths.openssl_cafile), capath=paths.openssl_capath)
    if "client_cert" in settings:
        context.load_cert_chain(settings["client_cert"], settings.get("client_key"))
    return context


def _existing(path: str) -> str | None:
    return path if os.path.isfile(path) else None


class _Reads(io.RawIOBase):
    """A socket's bytes up to a moment. The socket's own time is that of one read: a reply that drips would never end."""

    def __init__(self, sock: socket.socket, end: float) -> None:
        self._sock = sock
        self._end = end

    def readable(self) -> bool:
        return True

    def readinto(self, room: Any) -> int:
        try:
            left = self._end - time.monotonic()
            if left <= 0:
                raise TimeoutError
            self._sock.settimeout(left)
            return self._sock.recv_into(room)
        finally:
            del room


class _Reply(http.client.HTTPResponse):
    """A reply that comes from _Reads."""

    end = 0.0

    def __init__(self, sock: socket.socket, *rest: Any, **named: Any) -> None:
        super().__init__(sock, *rest, **named)
        self.fp.close()
        self.fp = io.BufferedReader(_Reads(sock, self.end))


def make_send(settings: Kept) -> Callable[[TransportRequest], TransportReply]:
    if "proxy" in settings:
        raise ValueError('transport="stdlib" has no proxy; use an httpx.Client with one')
    contexts: list[ssl.SSLContext] = []

    def send(request: TransportRequest) -> TransportReply:
        parts = urlsplit(request.url)
        connection: http.client.HTTPConnection
        if parts.scheme == "https":
            if not contexts:
                contexts.append(make_context(settings))
            connection = http.client.HTTPSConnection(parts.netloc, timeout=request.timeout, context=contexts[0])
        else:
            connection = http.client.HTTPConnection(parts.netloc, timeout=request.timeout)
        try:
            _connect(connection)
            return _talk(connection, request, parts.path + (f"?{parts.query}" if parts.query else ""))
        finally:
            connection.close()

    return send


def _connect(connection: http.client.HTTPConnection) -> None:
    try:
        connection.connect()
    except ssl.SSLError:
        raise TransportFailure("tls") from None
    except socket.gaierror as error:
        raise TransportFailure("resolve", error.errno or 0) from None
    except TimeoutError:
        raise TransportFailure("timeout_not_sent") from None
    except OSError as error:
        raise TransportFailure("connect", error.errno or 0) from None


def _talk(connection: http.client.HTTPConnection, request: TransportRequest, target: str) -> TransportReply:
    end = time.monotonic() + request.timeout
    try:
        connection.response_class = type("Reply", (_Reply,), {"end": end})
        connection.putrequest(request.method, target, skip_accept_encoding=True)
        for name, value in request.headers:
            connection.putheader(name, value)
        if request.size or request.method in ("POST", "PATCH"):
            connection.putheader("Content-Length", str(request.size))
        connection.endheaders()
        for _ in map(connection.send, request.chunks):
            connection.sock.settimeout(max(0.001, end - time.monotonic()))
        reply = connection.getresponse()
        whole = TransportReply(reply.status, reply.getheaders(), reply.read(MAX_REPLY))
        if reply.length and len(whole.body) < MAX_REPLY:
            # read() with a size does not say that the reply ended early.
            raise TransportFailure("broken")
        return whole
    except TimeoutError:
        raise TransportFailure("timeout") from None
    except (http.client.IncompleteRead, http.client.RemoteDisconnected):
        raise TransportFailure("broken") from None
    except http.client.HTTPException:
        raise TransportFailure("protocol") from None
    except OSError as error:
        raise TransportFailure("broken", error.errno or 0) from None
