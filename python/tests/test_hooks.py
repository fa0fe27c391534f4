"""What a program hears of its requests, what is logged, and what neither the log nor a traceback holds."""

from __future__ import annotations

import asyncio
import logging
import socketserver
import threading
from collections.abc import Iterator
from typing import Any

import httpx
import libine as ine
import pytest
from conftest import frames_of_ours
from libine.testing import Sandbox

PERSONAL = ("JUAN", "GARCIA", "GARJ000000HMCRLP00", "900100001", "case-1")
TEMPLATES = ["/v1/sessions", "/v1/sessions/{id}/media", "/v1/sessions/{id}", "/v1/sessions/{id}/decision"]


def transport_of(kind: str) -> Any:
    return {"libcurl": None, "stdlib": "stdlib", "httpx": httpx.Client(trust_env=False)}[kind]


@pytest.mark.parametrize("kind", ["libcurl", "httpx", "stdlib"])
def test_every_request_is_told(ine_sandbox: Sandbox, kind: str) -> None:
    ine_sandbox.set("decision_delay", 0)
    seen: list[ine.Attempt] = []
    client = ine_sandbox.client(transport=transport_of(kind), on_attempt=seen.append)
    verdict = client.verify(**ine_sandbox.person())
    assert [a.template for a in seen] == TEMPLATES
    assert [a.method for a in seen] == ["POST", "POST", "PATCH", "GET"]
    assert [a.status for a in seen] == [201, 200, 200, 200] or all(a.status in (200, 201) for a in seen)
    assert {a.session_id for a in seen[1:]} == {verdict.session_id}
    assert all(a.attempt == 1 and a.failure is None and a.seconds >= 0 and a.received > 0 for a in seen)
    assert seen[1].sent > len(ine_sandbox.person()["selfie"]) and seen[3].sent == 0
    assert seen[3].attributes() == {
        "http.request.method": "GET",
        "url.template": "/v1/sessions/{id}/decision",
        "http.response.status_code": 200,
    }
    assert not any(value in repr(seen) for value in PERSONAL)


@pytest.mark.parametrize("kind", ["libcurl", "httpx", "stdlib"])
def test_failed_and_repeated_requests_are_told(ine_sandbox: Sandbox, kind: str) -> None:
    seen: list[ine.Attempt] = []
    transport = transport_of(kind)
    with ine.Client(
        ine_sandbox.credentials, "http://127.0.0.1:9", transport=transport, retries=1, on_attempt=seen.append
    ) as client:
        with pytest.raises(ine.TransportError):
            client.decision("00000000-0000-4000-8000-000000000000")
    assert [(a.attempt, a.status, a.failure) for a in seen] == [(1, None, "connect"), (2, None, "connect")]
    assert seen[1].attributes()["http.request.resend_count"] == 1
    assert seen[1].attributes()["error.type"] == "connect"


def test_requests_of_coroutines_are_told(ine_sandbox: Sandbox) -> None:
    ine_sandbox.set("decision_delay", 0)
    seen: list[ine.Attempt] = []

    async def main() -> None:
        async with ine_sandbox.async_client(on_attempt=seen.append) as client:
            await client.verify(**ine_sandbox.person())

    asyncio.run(main())
    assert [a.template for a in seen] == TEMPLATES


def test_a_hook_that_fails_changes_nothing(ine_sandbox: Sandbox, caplog: pytest.LogCaptureFixture) -> None:
    def fails(attempt: ine.Attempt) -> None:
        raise LookupError("the metrics are gone")

    assert ine_sandbox.client(on_attempt=fails).verify(**ine_sandbox.person()).verified
    assert "on_attempt failed" in caplog.text and not any(value in caplog.text for value in PERSONAL)


def test_settings_that_do_not_exist_or_do_not_print(ine_sandbox: Sandbox) -> None:
    with pytest.raises(TypeError, match="no such setting: retrys"):
        ine_sandbox.client(retrys=1)
    for wrong in ({"strict": "nonsense"}, {"reply_signatures": "never"}, {"require": ["nonsense"]}):
        with pytest.raises(ValueError):
            ine_sandbox.client(**wrong)
    with pytest.raises(ine.Error) as caught:
        ine_sandbox.client(proxy="ftp://user:hush@127.0.0.1:1")
    assert "hush" not in str(caught.value) + frames_of_ours(caught.value)


class Breaks(socketserver.StreamRequestHandler):
    """Answers with the beginning of a person, and no more."""

    def handle(self) -> None:
        while self.rfile.readline() not in (b"\r\n", b""):
            pass
        self.wfile.write(b'HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{"verification":{"person":{"firstName":"JUAN"')


@pytest.fixture
def broken() -> Iterator[str]:
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Breaks) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()
        thread.join()


@pytest.mark.parametrize("kind", ["libcurl", "httpx", "stdlib", "callable"])
def test_no_frame_keeps_a_part_of_a_reply(ine_sandbox: Sandbox, broken: str, kind: str) -> None:
    def forged(request: ine.TransportRequest) -> ine.TransportReply:
        return ine.TransportReply(200, [("x-hmac-signature", "0" * 64)], b'{"person":"JUAN"}')

    transport = forged if kind == "callable" else transport_of(kind)
    client = ine.Client(ine_sandbox.credentials, broken, transport=transport, retries=0, timeout=10)
    with pytest.raises(ine.Error) as caught:
        client.decision("12df6045-3846-3e45-946a-14fa6136d78b")
    assert caught.value.code in ("TRANSPORT", "SIGNATURE")
    assert "JUAN" not in frames_of_ours(caught.value) + str(caught.value)


@pytest.mark.parametrize("kind", ["libcurl", "httpx", "stdlib", "callable"])
def test_no_frame_keeps_a_part_of_a_request(ine_sandbox: Sandbox, broken: str, kind: str) -> None:
    def fails(request: ine.TransportRequest) -> ine.TransportReply:
        next(iter(request.chunks))
        raise ine.TransportFailure("broken")

    transport = fails if kind == "callable" else transport_of(kind)
    client = ine.Client(ine_sandbox.credentials, broken, transport=transport, retries=0, timeout=10)
    with pytest.raises(ine.Error) as caught:
        client.verify(**ine_sandbox.person(vendor_data="case-1"))
    seen = frames_of_ours(caught.value) + str(caught.value)
    assert seen and not any(value in seen for value in PERSONAL)
    assert caught.value.vendor_data == "case-1"


@pytest.mark.parametrize("kind", ["asgi", "fastapi"])
def test_no_frame_keeps_a_part_of_a_delivery(kind: str, webhooks: ine.Webhooks) -> None:
    """The connection breaks after the first part of a body."""
    from starlette.requests import Request

    parts = [{"type": "http.request", "body": b'{"person":"JUAN"', "more_body": True}]

    async def receive() -> Any:
        if not parts:
            raise ConnectionError("gone")
        return parts.pop(0)

    async def send(message: Any) -> None:
        raise AssertionError("nothing is answered")

    scope: dict[str, Any] = {"type": "http", "method": "POST", "headers": []}

    async def main() -> None:
        if kind == "asgi":
            await webhooks.asgi(lambda event: None)(scope, receive, send)
        else:
            await webhooks.fastapi(Request(scope, receive))

    with pytest.raises(ConnectionError) as caught:
        asyncio.run(main())
    seen = frames_of_ours(caught.value)
    assert "<16 bytes>" in seen and "JUAN" not in seen


def test_the_log_names_ids_and_outcomes_only(ine_sandbox: Sandbox, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, "libine")
    client = ine_sandbox.client()
    verdict = client.verify(**ine_sandbox.person("lost_or_stolen"))
    with pytest.raises(ine.NotFoundError):
        client.decision("00000000-0000-4000-8000-000000000000")
    assert client.wait(verdict.session_id or "") == verdict and client.resume(verdict.session_id or "") == verdict
    assert client.decision(verdict.session_id or "").session_id == verdict.session_id
    text = caplog.text
    assert f"wait: outcome=NOT_VERIFIED session={verdict.session_id}" in text
    assert f"decision: outcome=- session={verdict.session_id}" in text
    assert f"outcome=NOT_VERIFIED session={verdict.session_id}" in text and "decision failed: NOT_FOUND" in text
    assert not any(value in text for value in (*PERSONAL, "lost_or_stolen"))
