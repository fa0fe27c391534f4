"""The clients against the sandbox in process: verdicts, errors, hooks, own transports."""

from __future__ import annotations

import asyncio
import io
import logging
import threading
from pathlib import Path
from typing import Any

import httpx
import libine as ine
import pytest
from libine.testing import Sandbox

SCENARIOS = sorted(ine.testing.scenarios())


def test_selfie_mismatch(ine_sandbox: Sandbox) -> None:
    v = ine_sandbox.client().verify(**ine_sandbox.person("selfie_mismatch"))
    assert (v.outcome, v.root_cause) == ("NOT_VERIFIED", "selfie_registry_match")
    assert v.text("es-MX").citizen and v.advice == "NEW_SELFIE"


def test_every_scenario_comes_out_as_listed(ine_sandbox: Sandbox) -> None:
    client = ine_sandbox.client()
    listed = {s["name"]: s["outcome"] for s in ine_sandbox.scenarios}
    assert set(listed) == set(SCENARIOS)
    for name, outcome in listed.items():
        assert client.verify(**ine_sandbox.person(name), timeout=30).outcome == outcome


@pytest.mark.parametrize("form", ["path", "file", "bytesio", "memoryview"])
def test_images(ine_sandbox: Sandbox, form: str, tmp_path: Path) -> None:
    image = ine.testing.picture()
    path = tmp_path / "selfie.png"
    path.write_bytes(image)
    with path.open("rb") as file:
        forms: dict[str, Any] = {
            "path": str(path),
            "file": file,
            "bytesio": io.BytesIO(image),
            "memoryview": memoryview(image),
        }
        assert ine_sandbox.client().verify(**ine_sandbox.person(selfie=forms[form])).verified


def test_start_store_wait(ine_sandbox: Sandbox) -> None:
    client, stored = ine_sandbox.client(), list[str]()
    session = client.start(**ine_sandbox.person("lost_or_stolen"), on_created=lambda s: stored.append(s.id))
    assert stored == [session.id] and session.url and session.vendor_data == "case-1"
    assert session.url not in repr(session)
    assert client.wait(session.id).root_cause == "not_reported_lost_or_stolen"
    assert client.resume(session.id).outcome == "NOT_VERIFIED"
    assert client.decision(session.id).session_id == session.id


def test_a_failing_on_created_cancels_and_is_what_is_raised(ine_sandbox: Sandbox) -> None:
    def on_created(session: ine.Session) -> None:
        raise LookupError("no database")

    client = ine_sandbox.client()
    with pytest.raises(LookupError, match="no database"):
        client.start(**ine_sandbox.person(), on_created=on_created)
    with pytest.raises(LookupError, match="no database"):
        asyncio.run(ine_sandbox.async_client().verify(**ine_sandbox.person(), on_created=on_created))
    assert client.verify(**ine_sandbox.person()).verified


def test_typed_endpoints(ine_sandbox: Sandbox) -> None:
    client = ine_sandbox.client()
    made = client.create_session(**ine_sandbox.person())
    assert made.kind == "session" and made.session_id
    sent = client.upload_media(made.session_id, ine.testing.picture())
    assert sent.kind == "media" and sent.media_id
    client.submit(made.session_id)
    assert client.wait(made.session_id).verified
    assert client.attempts(made.session_id).kind == "attempts"
    assert len(client.media_list(made.session_id).items("images")) == 1
    assert client.download_media(sent.media_id).bytes == ine.testing.picture()
    raw = client.raw("GET", "/v1/sessions/{id}/decision", id=made.session_id)
    assert raw.decision_id == client.decision(made.session_id).decision_id
    with pytest.raises(TypeError, match="JSON as str or bytes"):
        client.raw("POST", "/v1/sessions/{id}/collected-data", id=made.session_id, body={})
    client.delete_session(made.session_id)


def test_errors_of_the_server_are_typed(ine_sandbox: Sandbox) -> None:
    client = ine_sandbox.client()
    with pytest.raises(ine.NotFoundError) as caught:
        client.decision("00000000-0000-4000-8000-000000000000")
    assert caught.value.http_status == 404 and caught.value.sent == "yes" and not caught.value.retryable
    key, _ = ine_sandbox.keys()
    with ine.Client(ine.Credentials(key, "another secret"), ine_sandbox.base_url) as wrong:
        with pytest.raises(ine.AuthError):
            wrong.decision("00000000-0000-4000-8000-000000000000")
    with ine.Client(ine_sandbox.credentials, "http://127.0.0.1:9", retries=0) as nobody:
        with pytest.raises(ine.TransportError) as refused:
            nobody.verify(**ine_sandbox.person())
        assert refused.value.sent == "no" and refused.value.retryable and refused.value.vendor_data == "case-1"


def test_input_errors_send_nothing(ine_sandbox: Sandbox) -> None:
    with pytest.raises(ine.InputError) as caught:
        ine_sandbox.client().verify(cic="123", consent=False)
    assert {p.field for p in caught.value.problems} >= {"document.number", "vendorData", "consents"}
    assert all(p.hint for p in caught.value.problems)


def test_a_timeout_is_a_deadline(ine_sandbox: Sandbox) -> None:
    ine_sandbox.set("decision_delay", 60)
    with pytest.raises(ine.DeadlineError) as caught:
        ine_sandbox.client().verify(**ine_sandbox.person(), timeout=0.7)
    assert caught.value.session_id
    with pytest.raises(ine.DeadlineError):
        asyncio.run(ine_sandbox.async_client().verify(**ine_sandbox.person(), timeout=0.7))
    for transport in ("stdlib", httpx.Client()):
        with pytest.raises(ine.DeadlineError) as own:
            ine_sandbox.client(transport=transport).verify(**ine_sandbox.person(), timeout=0.7)
        assert own.value.session_id
    with pytest.raises(ValueError, match="Client"):
        ine_sandbox.client(timeout=5).verify(**ine_sandbox.person(), timeout=6)


def test_a_webhook_ends_a_wait(ine_sandbox: Sandbox) -> None:
    client = ine_sandbox.client(poll_first=30, poll_max=30)
    webhooks = ine.Webhooks([ine_sandbox.credentials])
    session = client.start(**ine_sandbox.person())
    decided = ine_sandbox.client().wait(session.id)
    body = ine_sandbox.client().decision(session.id).bytes
    import hashlib
    import hmac

    key, secret = ine_sandbox.keys()
    signature = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    event = webhooks.open({"x-auth-client": key, "x-hmac-signature": signature}, body)
    timer = threading.Timer(0.3, client.feed, [event])
    timer.start()
    assert client.wait(session.id, timeout=20) == decided
    timer.join()


def test_threads_share_a_client(ine_sandbox: Sandbox) -> None:
    client, outcomes = ine_sandbox.client(), list[str]()

    def work(name: str) -> None:
        outcomes.append(client.verify(**ine_sandbox.person(name)).outcome)

    threads = [threading.Thread(target=work, args=[name]) for name in SCENARIOS]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(outcomes) == sorted(s["outcome"] for s in ine_sandbox.scenarios)


def test_progress_and_log_hold_nothing_personal(ine_sandbox: Sandbox, caplog: pytest.LogCaptureFixture) -> None:
    seen: list[ine.Progress] = []
    caplog.set_level(logging.DEBUG, "libine")
    client = ine_sandbox.client(progress=True)
    client.verify(**ine_sandbox.person(), on_progress=seen.append)
    assert seen and any(p.total for p in seen)
    assert "outcome=VERIFIED" in caplog.text and "JUAN" not in caplog.text and "900100001" not in caplog.text


def test_from_env(ine_sandbox: Sandbox) -> None:
    key, secret = ine_sandbox.keys()
    environ = {"INE_API_KEY": key, "INE_SECRET": secret, "INE_BASE_URL": ine_sandbox.base_url}
    with ine.Client.from_env(environ) as client:
        assert client.verify(**ine_sandbox.person()).verified
    with pytest.raises(KeyError, match="INE_SECRET"):
        ine.Client.from_env({"INE_API_KEY": key})
    with pytest.raises(ValueError, match="base_url"):
        ine.Client(ine_sandbox.credentials)


def test_a_closed_client_says_so(ine_sandbox: Sandbox) -> None:
    client = ine_sandbox.client()
    client.close()
    client.close()
    with pytest.raises(RuntimeError, match="closed"):
        client.verify(**ine_sandbox.person())


def test_the_sandbox_delivers_webhooks(ine_sandbox: Sandbox) -> None:
    import wsgiref.simple_server

    seen: list[str] = []
    got = threading.Event()

    def handler(event: ine.Event) -> None:
        seen.append(event.verdict.outcome)
        got.set()

    app = ine.Webhooks([ine_sandbox.credentials]).wsgi(handler)

    class Quiet(wsgiref.simple_server.WSGIRequestHandler):
        def log_message(self, format: str, *args: Any) -> None:
            pass

    with wsgiref.simple_server.make_server("127.0.0.1", 0, app, handler_class=Quiet) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        ine_sandbox.deliver_to(f"http://127.0.0.1:{server.server_port}/webhooks")
        ine_sandbox.client().start(**ine_sandbox.person("lost_or_stolen"))
        assert got.wait(20) and seen == ["NOT_VERIFIED"]
        server.shutdown()
        thread.join()


def own(ine_sandbox: Sandbox) -> Any:
    """A callable transport: the sandbox itself, without a network."""

    def send(request: ine.TransportRequest) -> ine.TransportReply:
        target = request.url.removeprefix(ine_sandbox.base_url)
        return ine.TransportReply(*ine_sandbox.request(request.method, target, dict(request.headers), request.body()))

    return send


@pytest.mark.parametrize("kind", ["httpx", "stdlib", "callable"])
def test_own_transports(ine_sandbox: Sandbox, kind: str, tmp_path: Path) -> None:
    path = tmp_path / "selfie.png"
    path.write_bytes(ine.testing.picture())
    transport: Any = {"httpx": httpx.Client(), "stdlib": "stdlib", "callable": own(ine_sandbox)}[kind]
    client = ine_sandbox.client(transport=transport)
    for name in ("approved", "selfie_mismatch", "registry_unavailable"):
        here = client.verify(**ine_sandbox.person(name, selfie=path))
        there = ine_sandbox.client().verify(**ine_sandbox.person(name))
        assert (here.outcome, here.root_cause, here.checks) == (there.outcome, there.root_cause, there.checks)
    stored: list[str] = []
    session = client.start(**ine_sandbox.person(), on_created=lambda s: stored.append(s.id))
    assert stored == [session.id]
    assert client.wait(session.id).verified and client.decision(session.id).session_id == session.id
    with pytest.raises(ine.NotFoundError):
        client.decision("00000000-0000-4000-8000-000000000000")


@pytest.mark.parametrize("kind", ["httpx", "callable"])
def test_own_transports_refuse_what_libcurl_refuses(ine_sandbox: Sandbox, kind: str) -> None:
    """A forged decision, a redirect, a broken connection: the same errors whoever carried them."""
    inner = own(ine_sandbox)
    mode = "forge"

    def forging(request: ine.TransportRequest) -> ine.TransportReply:
        reply = inner(request)
        if mode == "broken":
            raise ine.TransportFailure("broken")
        if request.method == "GET" and mode == "forge":
            return ine.TransportReply(reply.status, reply.headers, reply.body.replace(b"declined", b"approved"))
        if request.method == "GET" and mode == "redirect":
            return ine.TransportReply(302, [("Location", "https://elsewhere.example/")], b"")
        if request.method == "GET" and mode == "large":
            return ine.TransportReply(200, [], b" " * (2 << 20))
        return ine.TransportReply(reply.status, list(reply.headers), reply.body)

    def handle(request: httpx.Request) -> httpx.Response:
        class Like:
            method, url, headers = request.method, str(request.url), list(request.headers.items())

            def body(self) -> bytes:
                return request.read()

        try:
            reply = forging(Like())  # type: ignore[arg-type]
        except ine.TransportFailure:
            raise httpx.ReadError("broken") from None
        return httpx.Response(reply.status, headers=list(reply.headers), stream=httpx.ByteStream(reply.body))  # type: ignore[arg-type]

    transport: Any = forging if kind == "callable" else httpx.Client(transport=httpx.MockTransport(handle))
    client = ine_sandbox.client(transport=transport, retries=0)
    session = ine_sandbox.client().start(**ine_sandbox.person("selfie_mismatch"))
    ine_sandbox.client().wait(session.id)
    with pytest.raises(ine.ReplyError) as caught:
        client.decision(session.id)
    assert caught.value.code == "SIGNATURE"
    mode = "redirect"
    with pytest.raises(ine.Error) as moved:
        client.decision(session.id)
    assert moved.value.code == "REDIRECT"
    mode = "large"
    with pytest.raises(ine.Error) as large:
        client.decision(session.id)
    assert large.value.code in ("LIMIT", "UNSIGNED")
    mode = "broken"
    with pytest.raises(ine.OutcomeUnknownError) as lost:
        client.verify(**ine_sandbox.person(vendor_data="mine"))
    assert lost.value.vendor_data == "mine"


@pytest.mark.parametrize("kind", ["httpx", "stdlib", "callable"])
def test_own_async_transports(ine_sandbox: Sandbox, kind: str, tmp_path: Path) -> None:
    path = tmp_path / "selfie.png"
    path.write_bytes(ine.testing.picture())
    plain = own(ine_sandbox)

    async def call(request: ine.TransportRequest) -> ine.TransportReply:
        reply: ine.TransportReply = plain(request)
        return reply

    async def main() -> None:
        async with httpx.AsyncClient() as http:
            transport: Any = {"httpx": http, "stdlib": "stdlib", "callable": call}[kind]
            client = ine_sandbox.async_client(transport=transport)
            verdict = await client.verify(**ine_sandbox.person("selfie_mismatch", selfie=path))
            assert verdict.root_cause == "selfie_registry_match"
            with pytest.raises(ine.NotFoundError):
                await client.decision("00000000-0000-4000-8000-000000000000")

    asyncio.run(main())


def test_transports_of_no_kind(ine_sandbox: Sandbox) -> None:
    for wrong in ("requests", 7):
        with pytest.raises(TypeError, match="transport"):
            ine_sandbox.client(transport=wrong)
