"""Who is to be verified. Personal values pass through here into the library and stay in no frame of
Python: a traceback that captures locals shows none."""

from __future__ import annotations

import datetime
import io
import os
import uuid
from types import TracebackType
from typing import IO, Any, Self, TypedDict

from . import _core
from ._enums import Product

Image = str | bytes | bytearray | memoryview | os.PathLike[str] | IO[bytes]
Day = str | datetime.date


class Person(TypedDict, total=False):
    """What Client.verify() takes. Only `cic`, `selfie`, `consent` and `vendor_data` are always needed."""

    cic: str
    selfie: Image
    consent: bool
    vendor_data: str | int | uuid.UUID
    curp: str
    first_name: str
    last_name: str
    second_last_name: str
    first_issue: Day
    valid_from: Day
    date_of_birth: Day
    gender: str
    end_user_id: str | uuid.UUID
    callback: str
    document_country: str
    document_type: str
    document_front: Image
    document_back: Image
    consent_time: datetime.datetime
    consent_text_version: str
    consent_channel: str
    product: Product | str


TEXTS = {
    "cic": 1,
    "curp": 2,
    "first_name": 3,
    "last_name": 4,
    "second_last_name": 5,
    "document_country": 8,
    "document_type": 9,
    "callback": 12,
    "consent_text_version": 15,
    "consent_channel": 16,
    "gender": 27,
}
DAYS = {"first_issue": 6, "valid_from": 7, "date_of_birth": 26}
IDS = {"vendor_data": 10, "end_user_id": 11}
IMAGES = {"selfie": 1, "document_front": 2, "document_back": 3}
PRODUCTS = {"mx_ine": 1, "ine_biometric": 2, "ine_registry": 3}
CONSENT, CONSENT_TIME = 13, 14


class Media:
    """An image that is read when it is needed: from memory that is lent, or from a file."""

    __slots__ = ("_file", "_open", "data", "path")

    def __init__(self, image: Image) -> None:
        self.data: memoryview | None = None
        self.path: str | bytes | None = None
        self._file: int | None = None
        self._open: int | None = None
        try:
            if isinstance(image, (bytes, bytearray, memoryview)):
                self.data = memoryview(image).cast("B")
            elif isinstance(image, (str, os.PathLike)):
                self.path = os.fspath(image)
            elif isinstance(image, io.BytesIO):
                self.data = image.getbuffer()[image.tell() :]
            elif hasattr(image, "seekable") and hasattr(image, "read"):
                self._from_file(image)
            else:
                raise TypeError(f"an image is bytes, a path or a seekable file, not {type(image).__name__}")
        finally:
            del image

    def _from_file(self, image: IO[bytes]) -> None:
        """A file of the system is read through its descriptor, in constant memory; what has none, or has
        been read from already, is read here."""
        if isinstance(image, io.TextIOBase):
            raise TypeError("an image file is opened in binary mode")
        try:
            number = image.fileno() if image.seekable() and image.tell() == 0 else -1
        except (OSError, AttributeError):
            number = -1
        if number < 0:
            self.data = memoryview(image.read())
            return
        self._file = os.dup(number)
        self.path = f"/proc/self/fd/{self._file}"

    def attach(self, verification: Any, context: int, fed: bool) -> None:
        if self.data is not None:
            _core.ine_verification_set_media(verification, context, self.data)
        elif not fed:
            _core.ine_verification_set_media_path(verification, context, os.fsencode(self.path or ""))
        else:
            size = os.stat(self.path or "").st_size
            _core.ine_verification_set_media_source(verification, context, size)

    def read(self, offset: int, most: int) -> bytes:
        if self.data is not None:
            return bytes(self.data[offset : offset + most])
        if self._open is None:
            self._open = os.open(self.path or "", os.O_RDONLY | os.O_CLOEXEC)
        return os.pread(self._open, most, offset)

    def close(self) -> None:
        for number in (self._file, self._open):
            if number is not None:
                os.close(number)
        self._file = self._open = None
        if self.data is not None:
            self.data.release()
            self.data = None

    def __repr__(self) -> str:
        return "<Media>"


class Job:
    """One verification's inputs inside the library, and the images that it was lent. Takes the dict over
    and empties it."""

    __slots__ = ("media", "vendor_data", "verification")

    def __init__(self, who: Any, *, fed: bool = False) -> None:
        self.media: dict[int, Media] = {}
        self.vendor_data: str | None = None
        value: Any = None
        try:
            product = str(who.pop("product", "mx_ine"))
            if product not in PRODUCTS:
                raise ValueError(f"products are {', '.join(PRODUCTS)}")
            self.verification = _core.ine_verification_new(PRODUCTS[product])
            for name in tuple(who):
                value = who.pop(name)
                if value is not None:
                    self._set(name, value, fed)
        except BaseException:
            self.close()
            raise
        finally:
            who.clear()
            del who, value

    def _set(self, name: str, value: Any, fed: bool) -> None:
        try:
            if name in TEXTS:
                if not isinstance(value, str):
                    kind = type(value).__name__
                    advice = ": a number loses leading zeros" if isinstance(value, int) else ""
                    raise TypeError(f"{name} is str, not {kind}{advice}")
                _core.ine_verification_set_text(self.verification, TEXTS[name], value)
            elif name in DAYS:
                day = value.isoformat()[:10] if isinstance(value, datetime.date) else value
                if not isinstance(day, str):
                    raise TypeError(f"{name} is YYYY-MM-DD or a date")
                _core.ine_verification_set_text(self.verification, DAYS[name], day)
            elif name in IDS:
                if isinstance(value, bool) or not isinstance(value, (str, int, uuid.UUID)):
                    raise TypeError(f"{name} is str, int or UUID")
                value = str(value)
                if name == "vendor_data":
                    self.vendor_data = value
                _core.ine_verification_set_text(self.verification, IDS[name], value)
            elif name == "consent":
                if not isinstance(value, bool):
                    raise TypeError("consent is True or False")
                _core.ine_verification_set_number(self.verification, CONSENT, int(value))
            elif name == "consent_time":
                _core.ine_verification_set_number(self.verification, CONSENT_TIME, int(value.timestamp() * 1000))
            elif name in IMAGES:
                media = self.media[IMAGES[name]] = Media(value)
                media.attach(self.verification, IMAGES[name], fed)
            else:
                raise TypeError(f"no such input: {name}")
        finally:
            value = day = None

    def close(self) -> None:
        for media in self.media.values():
            media.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return "<Job>"
