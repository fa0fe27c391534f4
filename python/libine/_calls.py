"""API calls one by one: requests filled from arguments, the same for both clients."""

from __future__ import annotations

import os
from typing import Any

from . import _constants as c
from . import _core
from ._inputs import Image, Job, Media

RAW = {"GET": c.CALL_RAW_GET, "POST": c.CALL_RAW_POST, "PATCH": c.CALL_RAW_PATCH, "DELETE": c.CALL_RAW_DELETE}


class Request:
    """One API call, and the image that it was lent."""

    __slots__ = ("handle", "job", "name")

    def __init__(self, name: str, call: int) -> None:
        self.name = name
        self.handle = _core.ine_request_new(call)
        self.job: Job | None = None

    def text(self, field: int, value: str | bytes | None) -> Request:
        try:
            if value is not None:
                _core.ine_request_set_text(self.handle, field, value)
            return self
        finally:
            del value

    def __repr__(self) -> str:
        return f"<Request {self.name}>"


def by_session(name: str, session_id: str, version: str | None = None) -> Request:
    return by_id(name, c.IN_SESSION_ID, session_id).text(c.IN_VERSION, version)


def by_id(name: str, field: int, value: str) -> Request:
    return Request(name, c.CALL_NUMBERS[name]).text(field, value)


def create(job: Job) -> Request:
    request = Request("create_session", c.CALL_CREATE_SESSION)
    _core.ine_request_set_verification(request.handle, job.verification)
    request.job = job
    return request


def upload(session_id: str, image: Image, context: str, timestamp: str | None, fed: bool) -> Request:
    """An image from memory is lent as it is; one from a file is read by parts when it is sent."""
    try:
        request = by_session("upload_media", session_id).text(c.IN_MEDIA_TIMESTAMP, timestamp)
        number = c.MEDIA_NUMBERS.get(context, c.MEDIA_FACE)
        if context not in c.MEDIA_NUMBERS:
            request.text(c.IN_MEDIA_CONTEXT, context)
        media = Media(image)
        request.job = Job.of_media({number: media})
        if media.data is not None:
            _core.ine_request_set_media(request.handle, number, media.data)
        elif fed and (size := media.size()) is not None:
            _core.ine_request_set_media_source(request.handle, number, size)
        else:
            _core.ine_request_set_media_path(request.handle, number, os.fsencode(media.path or ""))
        return request
    finally:
        del image


def raw(method: str, path: str, session_id: str | None, query: str | None, body: Any) -> Request:
    try:
        if method.upper() not in RAW:
            raise ValueError(f"methods are {', '.join(RAW)}")
        if isinstance(body, (dict, list)):
            raise TypeError("the body is sent as it is: give JSON as str or bytes, not a dict")
        request = Request("raw", RAW[method.upper()])
        return (
            request.text(c.IN_PATH, path)
            .text(c.IN_SESSION_ID, session_id)
            .text(c.IN_QUERY, query)
            .text(c.IN_BODY, body)
        )
    finally:
        del body
