"""Webhooks: forms of headers, hostile ones, and every framework with a body that frameworks like to change."""

from __future__ import annotations

import asyncio
import base64
import importlib.util
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import libine as ine
import pytest
from conftest import KEY, ODD, SECRET, sign

EXAMPLES = Path(__file__).resolve().parents[2] / "examples" / "python"

Odd = tuple[dict[str, str], bytes]


def test_headers_in_every_form(webhooks: ine.Webhooks, odd: Odd) -> None:
    from django.http import HttpHeaders
    from httpx import Headers as HttpxHeaders
    from starlette.datastructures import Headers
    from werkzeug.datastructures import Headers as WerkzeugHeaders

    headers, body = odd
    pairs = list(headers.items())
    environ = {"REQUEST_METHOD": "POST"} | {"HTTP_" + n.upper().replace("-", "_"): v for n, v in pairs}
    raw = [(n.lower().encode(), v.encode()) for n, v in pairs]
    forms: list[Any] = [headers, pairs, tuple(pairs), [list(p) for p in pairs], environ, HttpHeaders(environ)]
    forms += [Headers(headers), Headers(raw=raw), raw, WerkzeugHeaders(pairs), HttpxHeaders(headers), iter(pairs)]
    for form in forms:
        event = webhooks.open(form, body)
        assert (event.type, event.vendor_data, event.integration) == ("decision", "case-17", "shop")
    for view in (bytearray(body), memoryview(body)):
        assert webhooks.open(headers, view).decision.bytes == body


@pytest.mark.parametrize(
    "signature",
    [
        "",
        "ñ" * 64,
        "0" * 64,
        "0" * 63,
        "z" * 64,
        "a" * (1 << 20),
        None,
        7,
        ["0" * 64],
        b"\xff" * 64,
        "\udcff",
        {"a": 1},
        object(),
        "a,b",
    ],
)
def test_hostile_signatures_are_the_one_refusal(signature: Any, creds: ine.Credentials) -> None:
    reasons: list[str] = []
    webhooks = ine.Webhooks(creds, on_refused=reasons.append)
    texts = set()
    for headers in (
        {"x-auth-client": KEY, "x-hmac-signature": signature},
        [("x-auth-client", KEY), ("x-hmac-signature", signature)],
        [("x-auth-client", signature), ("x-hmac-signature", sign(ODD))],
        [("x-auth-client", KEY), ("x-hmac-signature", sign(ODD)), ("x-hmac-signature", signature)],
    ):
        with pytest.raises(ine.WebhookRefused) as caught:
            webhooks.open(headers, ODD)
        texts.add(str(caught.value))
    assert len(texts) == 1 and len(reasons) == 4


def test_many_headers_and_strange_names(webhooks: ine.Webhooks, odd: Odd) -> None:
    headers, body = odd
    many: list[Any] = [(f"x-{i}", None) for i in range(500)] + [(None, 3), (b"\xff", b"\xff")]
    assert webhooks.open(many + list(headers.items()), body).type == "decision"
    for wrong in (None, 7, "x-hmac-signature", [1, 2], [("a",)]):
        with pytest.raises(TypeError, match="headers"):
            webhooks.open(wrong, body)
    with pytest.raises(ine.WebhookRefused):
        webhooks.open({}, body)


def test_a_body_that_is_not_bytes_says_what_to_do(webhooks: ine.Webhooks, odd: Odd) -> None:
    headers, body = odd
    with pytest.raises(TypeError, match="request.get_data"):
        webhooks.open(headers, json.loads(body))
    with pytest.raises(TypeError, match="do not decode"):
        webhooks.open(headers, body.decode())  # type: ignore[arg-type]


def test_every_byte_counts(webhooks: ine.Webhooks, odd: Odd) -> None:
    headers, body = odd
    for changed in (body[:-1], body + b"\n", body.replace(b"0.10", b"0.1"), body.replace("Ñ".encode(), b"\\u00d1")):
        with pytest.raises(ine.WebhookRefused):
            webhooks.open(headers, changed)
    found = webhooks.diagnose(headers, body[:-1])
    assert found.reason == "MISSING_NEWLINE" and found.hint


def test_secrets_rotate_and_integrations_are_told_apart(odd: Odd) -> None:
    headers, body = odd
    other = ine.Credentials("5a4db0c5-2222-4222-8222-222222222222", "x", label="other")
    both = ine.Webhooks([other, ine.Credentials(KEY, "new one", b"secret of a test", label="shop")])
    event = both.open(headers, body)
    assert (event.integration, event.secret) == ("shop", "1")
    with pytest.raises(ine.WebhookRefused):
        event.expect(vendor_data="another")
    assert event.expect(vendor_data="case-17") is event


def test_genuine_but_unreadable_is_no_refusal(webhooks: ine.Webhooks) -> None:
    body = b'{"status":}'
    with pytest.raises(ine.ReplyError):
        webhooks.open({"x-auth-client": KEY, "x-hmac-signature": sign(body)}, body)


Example = Callable[[str], tuple[Any, list[Any]]]


@pytest.fixture
def example(monkeypatch: pytest.MonkeyPatch) -> Example:
    """A file of examples/python as a module, whose finish() is ours: the second call of it fails."""

    def load(name: str) -> tuple[Any, list[Any]]:
        monkeypatch.setenv("INE_API_KEY", KEY)
        monkeypatch.setenv("INE_SECRET", SECRET.decode())
        spec = importlib.util.spec_from_file_location(name, EXAMPLES / f"{name}.py")
        assert spec is not None and spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        seen: list[Any] = []

        def finish(decision_id: str, vendor_data: str, verdict: dict[str, Any]) -> None:
            assert verdict["session"]["id"] and decision_id.startswith(verdict["session"]["id"])
            seen.append(vendor_data)
            if len(seen) == 2:
                raise RuntimeError("the second one fails")

        monkeypatch.setattr(module, "finish", finish)
        return module, seen

    return load


def check_statuses(post: Any, odd: Odd, seen: list[Any]) -> None:
    """200, 401 for a changed body, 500 when the handler fails, 500 for a genuine body that can not be read."""
    headers, body = odd
    assert post(headers, body) == 200 and seen == ["case-17"]
    assert post(headers, body + b" ") == 401
    assert post({}, body) == 401
    assert post(headers, body + b" " * (1 << 20)) == 401
    assert post(headers, body + b" " * (4 << 20)) == 401
    assert post(headers, body) == 500 and len(seen) == 2
    assert post(headers | {"X-HMAC-Signature": sign(b"{")}, b"{") == 500
    other = b'{"eventType":"something_new"}'
    assert post(headers | {"X-HMAC-Signature": sign(other)}, other) == 200 and len(seen) == 2
    assert post(headers, body) == 200


def asgi_post(app: Any) -> Any:
    """Posts to an ASGI application; what it raises becomes a 500, as servers do."""

    def post(headers: dict[str, str], body: bytes) -> int:
        async def run() -> int:
            transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
            async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
                return (await client.post("/webhooks/veriff", headers=headers, content=body)).status_code

        return asyncio.run(run())

    return post


@pytest.mark.parametrize("name", ["fastapi_app", "asgi_app"])
def test_fastapi_and_asgi(example: Example, odd: Odd, name: str) -> None:
    module, seen = example(name)
    check_statuses(asgi_post(module.app), odd, seen)


def test_asgi_with_a_plain_function(webhooks: ine.Webhooks, odd: Odd) -> None:
    assert asgi_post(webhooks.asgi(lambda event: None))(*odd) == 200


def test_flask(example: Example, odd: Odd) -> None:
    module, seen = example("flask_app")
    client = module.app.test_client()
    check_statuses(lambda h, b: client.post("/webhooks/veriff", headers=h, data=b).status_code, odd, seen)


def test_django(example: Example, odd: Odd, webhooks: ine.Webhooks) -> None:
    import django
    from django.conf import settings
    from django.test import AsyncRequestFactory, RequestFactory

    if not settings.configured:
        settings.configure(ALLOWED_HOSTS=["*"], SECRET_KEY="x", DEFAULT_CHARSET="utf-8")
        django.setup()
    module, seen = example("django_urls")
    assert module.veriff.csrf_exempt

    def post(headers: dict[str, str], body: bytes) -> int:
        request = RequestFactory().post("/", data=body, content_type="application/json", headers=headers)
        return int(module.urlpatterns[0].callback(request).status_code)

    check_statuses(post, odd, seen)

    async def coroutine(event: ine.Event) -> None:
        assert event.type == "decision"

    request = AsyncRequestFactory().post("/", data=odd[1], content_type="application/json", headers=odd[0])
    assert asyncio.run(webhooks.django(coroutine)(request)).status_code == 200


def test_wsgi(example: Example, odd: Odd) -> None:
    from werkzeug.test import Client

    module, seen = example("wsgi_app")
    client = Client(module.app)
    check_statuses(lambda h, b: client.post("/", headers=h, data=b).status_code, odd, seen)
    assert module.app({"REQUEST_METHOD": "POST", "wsgi.input": io.BytesIO()}, lambda *a: None) == [b""]


@pytest.mark.parametrize("form", ["v1", "v2", "base64"])
def test_aws_lambda(example: Example, odd: Odd, form: str) -> None:
    module, seen = example("lambda_function")

    def post(headers: dict[str, str], body: bytes) -> int:
        event: dict[str, Any] = {"headers": headers, "body": body.decode(), "isBase64Encoded": False}
        if form == "v1":
            event["multiValueHeaders"] = {n: [v] for n, v in headers.items()}
        if form == "base64":
            event |= {"body": base64.b64encode(body).decode(), "isBase64Encoded": True}
        return int(module.lambda_handler(event, None)["statusCode"])

    check_statuses(post, odd, seen)
    with pytest.raises(TypeError, match="parsed"):
        module.lambda_handler({"headers": {}, "body": {"a": 1}})


def test_a_view_of_any_kind_is_read_once(webhooks: ine.Webhooks, odd: Odd) -> None:
    """What is not bytes is copied before it is verified: a view of shared memory can change meanwhile."""
    headers, body = odd
    apart = bytearray(2 * len(body))
    apart[::2] = body
    assert webhooks.open(headers, memoryview(apart)[::2]).decision.bytes == body


def test_any_number_of_headers_is_no_other_exception(webhooks: ine.Webhooks, odd: Odd) -> None:
    headers, body = odd
    many = {f"x-{i}": "v" for i in range(5000)}
    assert webhooks.open(many | headers, body).vendor_data == "case-17"
    for form in (many, list(many.items())):
        with pytest.raises(ine.WebhookRefused):
            webhooks.open(form, body)
    assert webhooks.answer(many, body, lambda event: None) == 401


def test_a_hook_that_fails_does_not_change_the_answer(
    creds: ine.Credentials, odd: Odd, caplog: pytest.LogCaptureFixture
) -> None:
    def fails(reason: str) -> None:
        raise LookupError("the metrics are gone")

    webhooks = ine.Webhooks(creds, on_refused=fails)
    with pytest.raises(ine.WebhookRefused):
        webhooks.open({}, odd[1])
    assert webhooks.answer({}, odd[1], lambda event: None) == 401
    assert "on_refused failed" in caplog.text


def test_flask_reads_no_more_than_the_limit_of_a_body_in_chunks(webhooks: ine.Webhooks, odd: Odd) -> None:
    from werkzeug.test import EnvironBuilder
    from werkzeug.wrappers import Request

    headers, body = odd

    def read(sent: bytes) -> tuple[bytes, io.BytesIO]:
        stream = io.BytesIO(sent)
        environ = EnvironBuilder(method="POST").get_environ()
        environ.pop("CONTENT_LENGTH", None)
        environ |= {"wsgi.input": stream, "wsgi.input_terminated": True, "HTTP_TRANSFER_ENCODING": "chunked"}
        return webhooks._flask_body(Request(environ)), stream

    assert webhooks.open(headers, read(body)[0]).vendor_data == "case-17"
    taken, stream = read(b" " * (4 * webhooks.limit))
    assert len(taken) == webhooks.limit + 1 == stream.tell()


def test_lambda_takes_the_headers_that_there_are(webhooks: ine.Webhooks, odd: Odd) -> None:
    headers, body = odd
    event = {"headers": headers, "multiValueHeaders": {}, "body": body.decode()}
    assert webhooks.aws_lambda(lambda event: None)(event)["statusCode"] == 200
