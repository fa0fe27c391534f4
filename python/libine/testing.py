"""For your own tests: signed webhooks, and the vendor's API in process, offline, on a port of the loopback
address. The sandbox takes its knowledge from the vendor's pages; docs/sandbox.md says what it answers."""

from __future__ import annotations

import asyncio
import json
import ssl
import struct
import threading
import time
import zlib
from collections.abc import Mapping
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit

from . import _constants as c
from . import _core
from ._async import AsyncClient
from ._client import Client
from ._credentials import Credentials
from ._enums import Product

SETTINGS = {"decision_delay": 0, "keep_bytes": 1, "unlisted": 2, "clock": 3, "retry": 4, "give_up": 5}
REASONS = {200: "OK", 201: "Created", 400: "Bad Request", 401: "Unauthorized", 404: "Not Found"}
BODY_MAX = 27 << 20
DELIVERY_SECONDS = 5.0


def signed_webhook(
    scenario: str, credentials: Credentials, *, vendor_data: str | None = None, now: float | None = None
) -> tuple[dict[str, str], bytes]:
    """Headers and body of a webhook: the decision of a scenario of the sandbox, signed with your newest
    secret. The person in it is the vendor's documented placeholder."""
    moment = int((time.time() if now is None else now) * 1000)
    body, signature = _core.testing_webhook(scenario, vendor_data, credentials._handle, moment)
    headers = {
        "content-type": "application/json",
        "x-auth-client": credentials._key,
        "x-hmac-signature": signature,
    }
    return headers, body


def scenarios() -> dict[str, str]:
    """Names of the scenarios, and what happens in each."""
    return {name: about for name, _, about in _core.sandbox_scenarios()}


def picture(width: int = 480, height: int = 640) -> bytes:
    """A grey PNG: what a selfie looks like to a sandbox."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = b"".join(b"\0" + bytes((x + y) & 0xFF for x in range(width)) for y in range(height))
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows, 1)) + chunk(b"IEND", b"")


class Sandbox:
    """The vendor's API on a port of 127.0.0.1; https with `tls`, a server's context.

    A context manager; close() ends its thread. Equal seeds and equal calls give equal replies. `decision_delay`: seconds
    from submission to decision. What it answers, and the CICs that pick it: docs/sandbox.md."""

    def __init__(
        self,
        *,
        seed: int = 1,
        decision_delay: float | None = None,
        port: int = 0,
        tls: ssl.SSLContext | None = None,
        quiet: bool = True,
    ) -> None:
        self._sandbox = _core.sandbox_new(seed)
        self._lock = threading.Lock()
        self._ended = threading.Event()
        self._picture: bytes | None = None
        self._cases = 0
        self._clients: list[Client] = []
        self._quiet = quiet
        self._loop = asyncio.new_event_loop()
        self._deliveries: asyncio.Task[None] | None = None
        if decision_delay is not None:
            self.set("decision_delay", decision_delay)
        server = asyncio.start_server(self._serve, "127.0.0.1", port, backlog=1024, ssl=tls)
        self._server = self._loop.run_until_complete(server)
        self.port: int = self._server.sockets[0].getsockname()[1]
        self.base_url = f"{'https' if tls else 'http'}://127.0.0.1:{self.port}"
        with self._lock:
            _core.sandbox_base_url(self._sandbox, self.base_url)
        self._thread = threading.Thread(target=self._loop.run_forever, name="libine-sandbox", daemon=True)
        self._thread.start()

    def set(self, name: str, value: float) -> None:
        """decision_delay, clock, retry, give_up in seconds; keep_bytes; unlisted (1: a CIC that is not known
        is a person who matches)."""
        number = int(value if name in ("keep_bytes", "unlisted") else value * 1000)
        with self._lock:
            if not _core.sandbox_set(self._sandbox, SETTINGS[name], number):
                raise ValueError(f"{name} can not be {value}")

    def credentials_for(self, product: Product | str = Product.MX_INE, label: str = "sandbox") -> Credentials:
        """Those of this sandbox's integration for a product."""
        with self._lock:
            key, secret = _core.sandbox_integration(self._sandbox, c.PRODUCT_NUMBERS[str(product)] - 1)
        return Credentials(key, secret, label=label)

    def keys(self, product: Product | str = Product.MX_INE) -> tuple[str, str]:
        """API key and secret of an integration of this sandbox."""
        with self._lock:
            key, secret = _core.sandbox_integration(self._sandbox, c.PRODUCT_NUMBERS[str(product)] - 1)
        return key, secret.decode()

    def join(self) -> None:
        """Waits until the sandbox is closed; Ctrl-C ends the wait."""
        while not self._ended.wait(0.2):
            pass

    @property
    def credentials(self) -> Credentials:
        """Those of its integration for the current product, mx_ine."""
        return self.credentials_for()

    def client(self, **settings: Any) -> Client:
        """A Client of this sandbox; closed with it."""
        try:
            client = Client(self.credentials, self.base_url, **settings)
        finally:
            settings.clear()
        self._clients.append(client)
        return client

    def async_client(self, **settings: Any) -> AsyncClient:
        """An AsyncClient of this sandbox; close it by aclose()."""
        try:
            return AsyncClient(self.credentials, self.base_url, **settings)
        finally:
            settings.clear()

    def person(self, scenario: str = "approved", **changes: Any) -> dict[str, Any]:
        """What to give to verify() for a scenario: the vendor's placeholder and the scenario's CIC."""
        cic = {name: cic for name, cic, _ in _core.sandbox_scenarios()}.get(scenario)
        if cic is None:
            raise ValueError(f"scenarios are {', '.join(scenarios())}")
        if self._picture is None:
            self._picture = picture()
        self._cases += 1
        person = {
            "cic": cic,
            "selfie": self._picture,
            "consent": True,
            "vendor_data": f"case-{self._cases}",
            "first_name": "JUAN",
            "last_name": "GARCIA",
            "second_last_name": "LOPEZ",
            "curp": "GARJ000000HMCRLP00",
            "first_issue": "2018-06-15",
            "valid_from": "2020-03-10",
        }
        return person | changes

    @property
    def scenarios(self) -> list[dict[str, Any]]:
        """GET /sandbox/scenarios."""
        reply: list[dict[str, Any]] = json.loads(self.request("GET", "/sandbox/scenarios")[2])
        return reply

    def request(
        self, method: str, target: str, headers: Mapping[str, str] | None = None, body: bytes = b""
    ) -> tuple[int, list[tuple[str, str]], bytes]:
        """One request without a network: status, headers, body."""
        return self._handle(method, target, list((headers or {}).items()), body)

    def deliver_to(self, url: str, *, kind: str = "decision", product: Product | str = Product.MX_INE) -> None:
        """Sends webhooks (decision, event or ine) of an integration to a URL of yours, http only."""
        with self._lock:
            key, _ = _core.sandbox_integration(self._sandbox, c.PRODUCT_NUMBERS[str(product)] - 1)
            if not _core.sandbox_webhook_url(self._sandbox, key, kind + "\0", url):
                raise ValueError("the sandbox does not take this URL")
        asyncio.run_coroutine_threadsafe(self._start_deliveries(), self._loop).result()

    def close(self) -> None:
        """Closes its clients, its connections and its port."""
        if self._loop.is_closed():
            return
        for client in self._clients:
            client.close()
        asyncio.run_coroutine_threadsafe(self._stop(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()
        self._ended.set()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"<Sandbox {self.base_url}>"

    def _handle(
        self, method: str, target: str, headers: list[tuple[str, str]], body: bytes
    ) -> tuple[int, list[tuple[str, str]], bytes]:
        with self._lock:
            reply: tuple[int, list[tuple[str, str]], bytes] = _core.sandbox_handle(
                self._sandbox, method, target, headers, body, int(time.time() * 1000)
            )
        return reply

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """HTTP/1.1 with keep-alive, as much of it as an API client needs."""
        try:
            while await self._serve_one(reader, writer):
                pass
        except (OSError, ValueError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            pass
        except asyncio.CancelledError:
            # The sandbox closes. A task of start_server() that ends cancelled would be logged as an error.
            pass
        finally:
            writer.close()

    async def _serve_one(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        method, target, version = head[0].split(" ")
        headers = [(n.strip(), v.strip()) for n, _, v in (line.partition(":") for line in head[1:] if line)]
        given = {name.lower(): value for name, value in headers}
        size = int(given.get("content-length", "0"))
        if not 0 <= size <= BODY_MAX or "transfer-encoding" in given or version != "HTTP/1.1":
            return False
        if given.get("expect", "").lower() == "100-continue":
            writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        body = await reader.readexactly(size) if size else b""
        status, out, reply = self._handle(method, target, headers, body)
        if not self._quiet:
            print(f"{method} {urlsplit(target).path} {status}", flush=True)
        last = given.get("connection", "").lower() == "close"
        lines = [f"HTTP/1.1 {status} {REASONS.get(status, 'Status')}", *(f"{n}: {v}" for n, v in out)]
        lines += [f"Content-Length: {len(reply)}", "Connection: close" if last else "Connection: keep-alive", "", ""]
        writer.write("\r\n".join(lines).encode() + reply)
        await writer.drain()
        return not last

    async def _start_deliveries(self) -> None:
        if self._deliveries is None:
            self._deliveries = asyncio.get_running_loop().create_task(self._deliver())

    async def _deliver(self) -> None:
        while True:
            with self._lock:
                due = _core.sandbox_due(self._sandbox, int(time.time() * 1000))
            if due is None:
                await asyncio.sleep(0.02)
                continue
            number, url, headers, body = due
            status = await self._post(url, headers, body)
            with self._lock:
                _core.sandbox_delivered(self._sandbox, number, status)

    async def _post(self, url: str, headers: list[tuple[str, str]], body: bytes) -> int:
        parts = urlsplit(url)
        lines = [f"POST {parts.path or '/'} HTTP/1.1", f"Host: {parts.netloc}", *(f"{n}: {v}" for n, v in headers)]
        lines += [f"Content-Length: {len(body)}", "Connection: close", "", ""]
        try:
            async with asyncio.timeout(DELIVERY_SECONDS):
                reader, writer = await asyncio.open_connection(parts.hostname, parts.port or 80)
                writer.write("\r\n".join(lines).encode() + body)
                status = int((await reader.readline()).split()[1])
                writer.close()
                return status
        except (OSError, ValueError, IndexError, TimeoutError):
            return 0

    async def _stop(self) -> None:
        self._server.close()
        tasks = asyncio.all_tasks() - {asyncio.current_task()}
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
