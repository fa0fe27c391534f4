"""Webhook receivers for frameworks. Each answers 200 when the handler returned, 401 when the delivery was
refused, 500 when the handler failed or a genuine body could not be read, and nothing else. No framework is
imported before it is asked for."""

from __future__ import annotations

import functools
from collections.abc import Awaitable, Callable, Iterable
from typing import TYPE_CHECKING, Any

from . import _log
from ._body import Body
from ._errors import Error, WebhookRefused

if TYPE_CHECKING:
    from ._webhooks import Event

Handler = Callable[..., Any]
REASONS = {200: "200 OK", 401: "401 Unauthorized", 500: "500 Internal Server Error"}


class Frameworks:
    """What Webhooks offers to frameworks."""

    __slots__ = ()
    limit: int

    def open(self, headers: Any, body: bytes | bytearray | memoryview) -> Event:
        raise NotImplementedError

    def answer(self, headers: Any, body: bytes, handler: Handler, *rest: Any) -> int:
        """Opens a delivery, calls handler(event) and says what to answer."""
        event, status = self._try_open(headers, body)
        del body
        if event is None:
            return status
        try:
            out = handler(event, *rest)
            if hasattr(out, "__await__"):
                raise TypeError("an async handler needs an async framework: asgi or fastapi")
            return 200
        except Exception:
            _log.exception("webhook handler failed")
            return 500

    async def answer_async(self, headers: Any, body: bytes, handler: Handler, *rest: Any) -> int:
        """answer() for coroutine functions, and for plain ones."""
        event, status = self._try_open(headers, body)
        del body
        if event is None:
            return status
        try:
            out = handler(event, *rest)
            if hasattr(out, "__await__"):
                await out
            return 200
        except Exception:
            _log.exception("webhook handler failed")
            return 500

    def _try_open(self, headers: Any, body: bytes) -> tuple[Event | None, int]:
        try:
            return self.open(headers, body), 200
        except WebhookRefused:
            return None, 401
        except Error as error:
            _log.error("a genuine webhook could not be read: %s", error.code)
            return None, 500
        finally:
            del headers, body

    @property
    def fastapi(self) -> Callable[..., Awaitable[Event]]:
        """A dependency for FastAPI: `event: Annotated[ine.Event, Depends(webhooks.fastapi)]`."""
        from starlette.exceptions import HTTPException
        from starlette.requests import Request

        async def libine_event(request):  # type: ignore[no-untyped-def]
            body = Body(self.limit)
            async for part in request.stream():
                full = body.is_full(part)
                del part
                if full:
                    break
            event, status = self._try_open(request.headers, body.whole())
            if event is None:
                raise HTTPException(status)
            return event

        libine_event.__annotations__ = {"request": Request}
        return libine_event

    starlette = fastapi

    def flask(self, handler: Handler) -> Callable[..., Any]:
        """Decorates a Flask view: `@app.post(...)` above `@webhooks.flask`, then `def view(event)`."""

        @functools.wraps(handler)
        def view(*args: Any, **kwargs: Any) -> Any:
            from flask import request

            call = functools.partial(handler, *args, **kwargs)
            return "", self.answer(request.headers, self._flask_body(request), call)

        return view

    def _flask_body(self, request: Any) -> bytes:
        """What is larger than our limit or the application's own is not read, and refused as an empty body."""
        from werkzeug.exceptions import RequestEntityTooLarge

        if (request.content_length or 0) > self.limit:
            return b""
        try:
            body: bytes
            if request.content_length is None and getattr(request, "_cached_data", None) is None:
                body = request.stream.read(self.limit + 1)  # in chunks, without an end that is known
            else:
                body = request.get_data(cache=False, parse_form_data=False)
            return body
        except RequestEntityTooLarge:
            return b""

    def django(self, handler: Handler) -> Callable[..., Any]:
        """Decorates a Django view: `path("...", view)` with `@webhooks.django` above `def view(event)`."""
        import inspect

        from django.http import HttpResponse  # type: ignore[import-untyped,unused-ignore]

        if inspect.iscoroutinefunction(handler):

            async def async_view(request: Any, *args: Any, **kwargs: Any) -> Any:
                call = functools.partial(handler, *args, **kwargs)
                return HttpResponse(status=await self.answer_async(request.headers, django_body(request), call))

            async_view.csrf_exempt = True  # type: ignore[attr-defined]
            return functools.update_wrapper(async_view, handler)

        def view(request: Any, *args: Any, **kwargs: Any) -> Any:
            call = functools.partial(handler, *args, **kwargs)
            return HttpResponse(status=self.answer(request.headers, django_body(request), call))

        view.csrf_exempt = True  # type: ignore[attr-defined]
        return functools.update_wrapper(view, handler)

    def asgi(self, handler: Handler) -> Callable[..., Awaitable[None]]:
        """A plain ASGI application; the handler may be a coroutine function."""

        async def application(scope: Any, receive: Any, send: Any) -> None:
            if scope["type"] != "http":
                raise RuntimeError("a webhook receiver speaks http only")
            body, more = Body(self.limit), True
            while more:
                message = await receive()
                full = body.is_full(message.get("body", b""))
                more = message.get("more_body", False) and not full
                del message
            status = await self.answer_async(scope["headers"], body.whole(), handler)
            await send({"type": "http.response.start", "status": status, "headers": [(b"content-length", b"0")]})
            await send({"type": "http.response.body", "body": b""})

        return application

    def wsgi(self, handler: Handler) -> Callable[[Any, Any], Iterable[bytes]]:
        """A plain WSGI application."""

        def application(environ: Any, start_response: Any) -> Iterable[bytes]:
            size = environ.get("CONTENT_LENGTH") or "0"
            most = min(int(size) if size.isdecimal() else 0, self.limit + 1)
            if environ.get("wsgi.input_terminated") and "CONTENT_LENGTH" not in environ:
                most = self.limit + 1  # in chunks, of which the server knows the end
            status = self.answer(environ, environ["wsgi.input"].read(most), handler)
            start_response(REASONS[status], [("Content-Length", "0")])
            return [b""]

        return application

    def aws_lambda(self, handler: Handler) -> Callable[..., dict[str, Any]]:
        """An AWS Lambda handler for API Gateway (v1, v2), function URLs and load balancers."""

        def lambda_handler(request: Any, context: Any = None) -> dict[str, Any]:
            pairs, body = lambda_request(request)
            try:
                return {"statusCode": self.answer(pairs, body, handler), "body": ""}
            finally:
                del body, request

        return functools.update_wrapper(lambda_handler, handler)


def django_body(request: Any) -> bytes:
    """What is over Django's own limit is refused as an empty body."""
    from django.core.exceptions import RequestDataTooBig  # type: ignore[import-untyped,unused-ignore]

    try:
        body: bytes = request.body
        return body
    except RequestDataTooBig:
        return b""


def lambda_request(request: dict[str, Any]) -> tuple[list[tuple[Any, Any]], bytes]:
    """Headers and exact bytes of a Lambda event."""
    body: Any = None
    try:
        several = request.get("multiValueHeaders")
        if isinstance(several, dict) and several:
            pairs = [
                (n, v) for n, values in several.items() for v in (values if isinstance(values, list) else [values])
            ]
        else:
            pairs = list((request.get("headers") or {}).items())
        body = request.get("body") or ""
        if not isinstance(body, str):
            raise TypeError("the Lambda event's body was parsed: hand over the event as AWS gave it")
        if request.get("isBase64Encoded"):
            import base64

            try:
                return pairs, base64.b64decode(body, validate=True)
            except ValueError:
                return pairs, b""
        return pairs, body.encode("utf-8", "surrogatepass")
    finally:
        del request, body
