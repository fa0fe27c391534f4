"""A server that does what it is told, request by request: what HTTP libraries are too polite to do."""

from __future__ import annotations

import hashlib
import hmac
import json
import socket
import struct
import threading
from collections.abc import Callable
from typing import Any, NamedTuple

from tool import KEY, SECRET

SESSION = "12df6045-3846-3e45-946a-14fa6136d78b"


class Request(NamedTuple):
    method: str
    path: str
    headers: dict[str, str]
    body: bytes


class Close(NamedTuple):
    """Sends these bytes, then closes: with RST in place of FIN when asked."""

    data: bytes = b""
    reset: bool = False


class Stall(NamedTuple):
    """Sends nothing and waits until the other side goes."""


Answer = bytes | Close | Stall


def reply(status: int, body: Any, signed: bool = True, secret: str = SECRET, **headers: str) -> bytes:
    """A whole reply with a JSON body."""
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    lines = [f"HTTP/1.1 {status} Whatever", "Content-Type: application/json", f"Content-Length: {len(data)}"]
    if signed:
        lines += [f"X-HMAC-SIGNATURE: {hmac.new(secret.encode(), data, hashlib.sha256).hexdigest()}"]
        lines += [f"X-AUTH-CLIENT: {KEY}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + data


def created() -> bytes:
    return reply(
        201,
        {
            "status": "success",
            "verification": {
                "id": SESSION,
                "url": "https://example.test/v/token",
                "vendorData": "case-4711",
                "host": "https://example.test",
                "status": "created",
                "sessionToken": "token",
            },
        },
    )


def uploaded() -> bytes:
    image = {"context": "face", "id": SESSION, "name": "face", "timestamp": None, "size": 1, "mimetype": "image/jpeg",
             "url": f"https://example.test/v1/media/{SESSION}"}  # fmt: skip
    return reply(200, {"status": "success", "image": image})


def submitted() -> bytes:
    return reply(200, {"status": "success", "verification": {"id": SESSION, "status": "submitted"}})


class Server:
    """Answers on loopback by `answer(request, how many came before it)`; keeps what came."""

    def __init__(self, answer: Callable[[Request, int], Answer]) -> None:
        self.answer = answer
        self.seen: list[Request] = []
        self.connections = 0
        self.arrived = threading.Condition()
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.open: list[socket.socket] = []
        self.thread = threading.Thread(target=self.accept, daemon=True)
        self.thread.start()

    @property
    def env(self) -> dict[str, str]:
        return {"INE_BASE_URL": f"http://127.0.0.1:{self.port}", "INE_API_KEY": KEY, "INE_SECRET": SECRET}

    def count(self, method: str, end: str = "") -> int:
        return sum(request.method == method and request.path.endswith(end) for request in self.seen)

    def wait_for(self, method: str, end: str = "") -> None:
        """Until such a request has come."""
        with self.arrived:
            assert self.arrived.wait_for(lambda: self.count(method, end) > 0, 30), f"no {method} {end} came"

    def accept(self) -> None:
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            self.connections += 1
            self.open.append(client)
            threading.Thread(target=self.serve, args=(client,), daemon=True).start()

    def serve(self, client: socket.socket) -> None:
        try:
            stream = client.makefile("rb")
            while (request := self.read(stream)) is not None:
                with self.arrived:
                    before = len(self.seen)
                    self.seen.append(request)
                    self.arrived.notify_all()
                answer = self.answer(request, before)
                if isinstance(answer, Stall):
                    stream.read(1)
                    break
                if isinstance(answer, Close):
                    client.sendall(answer.data)
                    if answer.reset:
                        client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                    break
                client.sendall(answer)
            stream.close()
        except OSError:
            pass
        client.close()

    @staticmethod
    def read(stream: Any) -> Request | None:
        first = stream.readline().decode("latin-1").split()
        if len(first) != 3:
            return None
        headers = {}
        while (line := stream.readline().decode("latin-1").strip()) != "":
            name, _, value = line.partition(":")
            headers[name.lower()] = value.strip()
        body = stream.read(int(headers.get("content-length", "0")))
        return Request(first[0], first[1], headers, body)

    def close(self) -> None:
        self.listener.close()
        for client in self.open:
            client.close()

    def __enter__(self) -> Server:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
