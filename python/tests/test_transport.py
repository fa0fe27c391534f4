"""TLS and replies that are not genuine, for every transport: the same refusals whoever carries the bytes."""

from __future__ import annotations

import asyncio
import os
import socket
import socketserver
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import libine as ine
import pytest
from libine.testing import Sandbox

KINDS = ["libcurl", "httpx", "stdlib"]


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, str]:
    """A certificate of 127.0.0.1 that nobody knows, and its key."""
    where = tmp_path_factory.mktemp("tls")
    made = (str(where / "cert.pem"), str(where / "key.pem"))
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2"]
        + ["-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1", "-out", made[0], "-keyout", made[1]],
        check=True,
        capture_output=True,
    )
    return made


@pytest.fixture
def secure(certificate: tuple[str, str]) -> Iterator[Sandbox]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*certificate)
    with Sandbox(tls=context) as sandbox:
        yield sandbox


def transport_of(kind: str, ca_file: str | None) -> Any:
    if kind == "httpx":
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        if ca_file is not None:
            context.load_verify_locations(ca_file)
        return httpx.Client(verify=context, trust_env=False)
    return None if kind == "libcurl" else kind


@pytest.mark.parametrize("kind", KINDS)
def test_tls_is_checked_and_no_variable_is_followed(
    kind: str, secure: Sandbox, certificate: tuple[str, str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    keys = tmp_path / "keys"
    for name, value in (
        ("SSL_CERT_FILE", certificate[0]),
        ("CURL_CA_BUNDLE", certificate[0]),
        ("SSLKEYLOGFILE", str(keys)),
        ("https_proxy", "http://127.0.0.1:9"),
        ("ALL_PROXY", "http://127.0.0.1:9"),
    ):
        monkeypatch.setenv(name, value)
    stranger = secure.client(transport=transport_of(kind, None), retries=0)
    with pytest.raises(ine.TransportError) as caught:
        stranger.verify(**secure.person())
    assert (caught.value.code, caught.value.sent, caught.value.retryable) == ("TLS", "no", False)
    known = secure.client(transport=transport_of(kind, certificate[0]), ca_file=certificate[0])
    assert known.verify(**secure.person("lost_or_stolen")).root_cause == "not_reported_lost_or_stolen"
    assert not keys.exists() or keys.read_bytes() == b""


class Forger(socketserver.StreamRequestHandler):
    """Answers every request with the same bytes."""

    reply = b""

    def handle(self) -> None:
        size = 0
        while (line := self.rfile.readline()) not in (b"\r\n", b""):
            if line.lower().startswith(b"content-length:"):
                size = int(line.split(b":")[1])
        self.rfile.read(size)
        self.wfile.write(self.reply)


def http_reply(status: str, body: bytes, *headers: str) -> bytes:
    head = "".join(
        f"{h}\r\n" for h in (f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", "Connection: close", *headers)
    )
    return head.encode() + b"\r\n" + body


SESSION = "12df6045-3846-3e45-946a-14fa6136d78b"
APPROVED = b'{"status":"success","verification":{"id":"%s","code":9001,"status":"approved"}}' % SESSION.encode()
FORGERIES = {
    "unsigned": (http_reply("200 OK", APPROVED), "UNSIGNED"),
    "wrong": (http_reply("200 OK", APPROVED, "X-HMAC-SIGNATURE: " + "0" * 64), "SIGNATURE"),
    "redirect": (http_reply("302 Found", b"", "Location: http://127.0.0.1:9/"), "REDIRECT"),
    "cut": (http_reply("200 OK", APPROVED)[:-20], "TRANSPORT"),
    "nonsense": (b"SSH-2.0-OpenSSH\r\n\r\n", "PROTOCOL"),
    "nothing": (b"", "TRANSPORT"),
    "busy": (http_reply("429 Too Many Requests", b"", "Retry-After: 7"), "RATE_LIMIT"),
    "server": (http_reply("503 Service Unavailable", b""), "SERVER"),
}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("forgery", sorted(FORGERIES))
def test_forged_and_broken_replies(kind: str, forgery: str, ine_sandbox: Sandbox) -> None:
    reply, code = FORGERIES[forgery]
    handler = type("Handler", (Forger,), {"reply": reply})
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        url = f"http://127.0.0.1:{server.server_address[1]}"
        client = ine.Client(ine_sandbox.credentials, url, transport=transport_of(kind, None), retries=0)
        with pytest.raises(ine.Error) as caught:
            client.decision(SESSION)
        assert caught.value.code == code
        if forgery == "busy":
            assert caught.value.retry_after == 7
        client.close()
        server.shutdown()


def test_plain_http_goes_to_the_loopback_address_only() -> None:
    real = ine.Credentials("12df6045-3846-4e45-946a-14fa6136d78b", "secret")
    with pytest.raises(ine.Error) as caught:
        ine.Client(real, "http://veriff.example", transport=lambda request: pytest.fail("sent")).decision(SESSION)
    assert caught.value.code == "CONFIG" and caught.value.sent == "no"


def test_a_child_inherits_no_variable_either(ine_sandbox: Sandbox) -> None:
    """The environment of the whole process from its start, as a deployment sets it."""
    code = (
        "import libine as ine, sys\n"
        "client = ine.Client(ine.Credentials(sys.argv[2], sys.argv[3]), sys.argv[1])\n"
        "client.verify(cic='900100001', selfie=ine.testing.picture(), consent=True, vendor_data='x')\n"
    )
    key, secret = ine_sandbox.keys()
    environ = os.environ | {"http_proxy": "http://127.0.0.1:9", "all_proxy": "http://127.0.0.1:9"}
    arguments = [sys.executable, "-c", code, ine_sandbox.base_url, key, secret]
    run = subprocess.run(arguments, env=environ, capture_output=True, text=True, check=False, timeout=60)
    assert run.returncode == 0, run.stderr


def drip(where: str) -> type[socketserver.StreamRequestHandler]:
    """A reply of which a byte comes now and then: each read has its time, the whole never ends by itself."""

    class Drip(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            while self.rfile.readline() not in (b"\r\n", b""):
                pass
            self.wfile.write(b"HTTP/1.1 200 OK\r\n" + (b"Content-Length: 4000\r\n\r\n" if where == "body" else b"X: "))
            for _ in range(4000):
                if self.server._BaseServer__shutdown_request:  # type: ignore[attr-defined]
                    return
                try:
                    self.wfile.write(b"a")
                except OSError:
                    return
                time.sleep(0.02)

    return Drip


@pytest.mark.parametrize(
    ("kind", "where"),
    [("libcurl", "body"), ("libcurl", "head"), ("stdlib", "body"), ("stdlib", "head"), ("httpx", "body")],
)
def test_a_reply_that_drips_ends_with_the_time_of_the_call(kind: str, where: str, ine_sandbox: Sandbox) -> None:
    """Whole, the reply is 4000 bytes without a signature: UNSIGNED or PROTOCOL. In the time of the call: DEADLINE."""
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), drip(where)) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        url = f"http://127.0.0.1:{server.server_address[1]}"
        client = ine.Client(ine_sandbox.credentials, url, transport=transport_of(kind, None), retries=0)
        with pytest.raises(ine.Error) as caught:
            client.decision(SESSION, timeout=1)
        assert caught.value.code in ("DEADLINE", "TIMEOUT", "TRANSPORT")
        server.shutdown()


@pytest.mark.parametrize("where", ["body", "head"])
def test_a_reply_that_drips_ends_for_coroutines_too(where: str, ine_sandbox: Sandbox) -> None:
    async def main(url: str) -> None:
        async with ine.AsyncClient(
            ine_sandbox.credentials, url, transport=httpx.AsyncClient(trust_env=False), retries=0
        ) as client:
            await client.decision(SESSION, timeout=1)

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), drip(where)) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        with pytest.raises(ine.Error) as caught:
            asyncio.run(main(f"http://127.0.0.1:{server.server_address[1]}"))
        assert caught.value.code in ("DEADLINE", "TIMEOUT", "TRANSPORT")
        server.shutdown()


@pytest.mark.parametrize("kind", KINDS)
def test_tls_that_breaks_after_the_request_may_have_been_processed(
    kind: str, certificate: tuple[str, str], ine_sandbox: Sandbox
) -> None:
    """The whole POST has been read when the connection turns to garbage: not "nothing was sent"."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*certificate)
    requests: list[bytes] = []

    class Garbage(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            try:
                secure = context.wrap_socket(self.request, server_side=True)
                file = secure.makefile("rb")
                requests.append(file.readline())
                size = 0
                while (line := file.readline()) not in (b"\r\n", b""):
                    size = int(line.split(b":")[1]) if line.lower().startswith(b"content-length:") else size
                file.read(size)
                file.close()
                with socket.socket(fileno=secure.detach()) as plain:
                    plain.sendall(b"this is no record of TLS, and never was one")
            except OSError:
                pass

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Garbage) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        url = f"https://127.0.0.1:{server.server_address[1]}"
        transport = transport_of(kind, certificate[0])
        client = ine.Client(ine_sandbox.credentials, url, transport=transport, ca_file=certificate[0])
        with pytest.raises(ine.OutcomeUnknownError) as caught:
            client.create_session(**ine_sandbox.person())
        assert caught.value.sent == "unknown" and requests == [b"POST /v1/sessions HTTP/1.1\r\n"]
        client.close()
        server.shutdown()
