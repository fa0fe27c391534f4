"""API calls one by one: requests filled from arguments, the same for both clients."""

from __future__ import annotations

import os
from typing import Any

from . import _core
from ._inputs import IMAGES, Image, Job, Media

CALLS = {
    "create_session": 1,
    "upload_media": 2,
    "submit": 3,
    "decision": 4,
    "ine_registry": 5,
    "media_list": 6,
    "attempts": 7,
    "collected_data": 8,
    "delete_session": 9,
    "download_media": 10,
    "attempt_media": 11,
    "person": 12,
    "curp_registry": 13,
    "ine_curp_registry": 14,
    "watchlist": 15,
}
RAW = {"GET": 16, "POST": 17, "PATCH": 18, "DELETE": 19}
SESSION, PATH, QUERY, BODY, CONTEXT, TIMESTAMP, VERSION, MEDIA_ID, ATTEMPT_ID = 17, 18, 19, 20, 21, 22, 23, 24, 25
CONTEXTS = {"face": "selfie", "document-front": "document_front", "document-back": "document_back"}


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


class _Lent(Job):
    """The image of one upload, in the place of a whole verification's inputs."""

    def __init__(self, media: Media, context: int) -> None:
        self.media = {context: media}
        self.vendor_data = None


def by_session(name: str, session_id: str, version: str | None = None) -> Request:
    return Request(name, CALLS[name]).text(SESSION, session_id).text(VERSION, version)


def by_id(name: str, field: int, value: str) -> Request:
    return Request(name, CALLS[name]).text(field, value)


def create(job: Job) -> Request:
    request = Request("create_session", CALLS["create_session"])
    _core.ine_request_set_verification(request.handle, job.verification)
    request.job = job
    return request


def upload(session_id: str, image: Image, context: str, timestamp: str | None, fed: bool) -> Request:
    """An image from memory goes as it is; one from a file is read by parts where the transport can ask for
    them, and mapped into memory otherwise."""
    try:
        request = Request("upload_media", CALLS["upload_media"]).text(SESSION, session_id).text(TIMESTAMP, timestamp)
        if context not in CONTEXTS:
            raise ValueError(f"contexts are {', '.join(CONTEXTS)}")
        number = IMAGES[CONTEXTS[context]]
        media = Media(image)
        request.job = _Lent(media, number)
        if media.data is None and not fed:
            media = _read_whole(media)
            request.job = _Lent(media, number)
        if media.data is not None:
            _core.ine_request_set_media(request.handle, number, media.data)
        else:
            _core.ine_request_set_media_source(request.handle, number, os.stat(media.path or "").st_size)
        return request
    finally:
        del image


def _read_whole(media: Media) -> Media:
    with open(media.path or "", "rb") as file:
        content = file.read()
    media.close()
    return Media(content)


def raw(method: str, path: str, session_id: str | None, query: str | None, body: Any) -> Request:
    try:
        if method.upper() not in RAW:
            raise ValueError(f"methods are {', '.join(RAW)}")
        if isinstance(body, (dict, list)):
            raise TypeError("the body is sent as it is: give JSON as str or bytes, not a dict")
        request = Request("raw", RAW[method.upper()])
        return request.text(PATH, path).text(SESSION, session_id).text(QUERY, query).text(BODY, body)
    finally:
        del body
