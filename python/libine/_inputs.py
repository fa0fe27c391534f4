"""Who is to be verified. Personal values pass through here into the library and stay in no frame of
Python: a traceback that captures locals shows none."""

from __future__ import annotations

import io
import os
import stat
import sys
from types import TracebackType
from typing import IO, TYPE_CHECKING, Any, Self, TypedDict, Union

from . import _constants as c
from . import _core
from ._enums import Product

if TYPE_CHECKING:
    import datetime
    import uuid

Image = str | bytes | bytearray | memoryview | os.PathLike[str] | IO[bytes]
Day = Union[str, "datetime.date"]


class Person(TypedDict, total=False):
    """What Client.verify() takes. Only `cic`, `selfie`, `consent` and `vendor_data` are always needed.

    An image is a path, bytes (any kind, lent until the call has ended) or a seekable file in binary mode."""

    cic: str
    """The card's CIC, 9 digits: a str, because a number loses its zeros."""
    selfie: Image
    """The face: JPEG, PNG or what else the vendor takes; sent without its location and serial numbers."""
    consent: bool
    """The person has consented to being compared with the registry. False is refused here."""
    vendor_data: str | int | uuid.UUID
    """Your own id of the case: a lost reply is found again by it. No personal data."""
    curp: str
    first_name: str
    last_name: str
    """The father's last name."""
    second_last_name: str
    """The mother's last name."""
    first_issue: Day
    """YYYY-MM-DD or a date; the year is compared, as with `valid_from`."""
    valid_from: Day
    date_of_birth: Day
    """Compared with the CURP here and not sent, as `gender`."""
    gender: str
    """M or F."""
    end_user_id: str | uuid.UUID
    """Your own UUID of the user."""
    callback: str
    """https URL where the person is sent afterwards, for web flows."""
    document_country: str
    document_type: str
    document_front: Image
    """For the product ine_biometric, as `document_back`."""
    document_back: Image
    consent_time: datetime.datetime
    """With its time zone. Kept for evidence and never sent, as the next two."""
    consent_text_version: str
    consent_channel: str
    product: Product | str


TEXTS = {
    "cic": c.IN_CIC,
    "curp": c.IN_CURP,
    "first_name": c.IN_FIRST_NAME,
    "last_name": c.IN_LAST_NAME,
    "second_last_name": c.IN_SECOND_LAST_NAME,
    "document_country": c.IN_DOCUMENT_COUNTRY,
    "document_type": c.IN_DOCUMENT_TYPE,
    "callback": c.IN_CALLBACK,
    "consent_text_version": c.IN_CONSENT_TEXT_VERSION,
    "consent_channel": c.IN_CONSENT_CHANNEL,
    "gender": c.IN_GENDER,
}
DAYS = {"first_issue": c.IN_FIRST_ISSUE, "valid_from": c.IN_VALID_FROM, "date_of_birth": c.IN_DATE_OF_BIRTH}
IDS = {"vendor_data": c.IN_VENDOR_DATA, "end_user_id": c.IN_END_USER_ID}
IMAGES = {
    "selfie": c.MEDIA_FACE,
    "document_front": c.MEDIA_DOCUMENT_FRONT,
    "document_back": c.MEDIA_DOCUMENT_BACK,
}


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
        elif fed and (size := self.size()) is not None:
            _core.ine_verification_set_media_source(verification, context, size)
        else:
            _core.ine_verification_set_media_path(verification, context, os.fsencode(self.path or ""))

    def size(self) -> int | None:
        """None for what is no file: the library refuses its path, without naming it."""
        try:
            facts = os.stat(self.path or "")
        except (OSError, ValueError):
            return None
        return facts.st_size if stat.S_ISREG(facts.st_mode) else None

    def read(self, offset: int, most: int) -> bytes | memoryview:
        """At most so many bytes from there on; those of a file are a copy."""
        if self.data is not None:
            return self.data[offset : offset + most]
        try:
            if self._open is None:
                self._open = os.open(self.path or "", os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
            return os.pread(self._open, most, offset)
        except OSError:
            return b""  # Its exception would name the path; the library takes it for a file that has changed.

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


def is_uuid(value: object) -> bool:
    """Who has one has loaded its module."""
    module = sys.modules.get("uuid")
    return module is not None and isinstance(value, module.UUID)


def milliseconds(name: str, moment: datetime.datetime) -> int:
    """Since 1970. A time without a zone would be taken for this machine's."""
    if getattr(moment, "tzinfo", None) is None or not hasattr(moment, "timestamp"):
        raise TypeError(f"{name} is a datetime with its time zone")
    return int(moment.timestamp() * 1000)


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
            if product not in c.PRODUCT_NUMBERS:
                raise ValueError(f"products are {', '.join(c.PRODUCT_NUMBERS)}")
            self.verification = _core.ine_verification_new(c.PRODUCT_NUMBERS[product])
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

    @classmethod
    def of_media(cls, media: dict[int, Media]) -> Self:
        """The image of one upload, in the place of a whole verification's inputs."""
        job = cls.__new__(cls)
        job.media, job.verification, job.vendor_data = media, None, None
        return job

    def _set(self, name: str, value: Any, fed: bool) -> None:
        try:
            if name in TEXTS:
                if not isinstance(value, str):
                    kind = type(value).__name__
                    advice = ": a number loses leading zeros" if isinstance(value, int) else ""
                    raise TypeError(f"{name} is str, not {kind}{advice}")
                _core.ine_verification_set_text(self.verification, TEXTS[name], value)
            elif name in DAYS:
                day = value.isoformat()[:10] if hasattr(value, "isoformat") else value
                if not isinstance(day, str):
                    raise TypeError(f"{name} is YYYY-MM-DD or a date")
                _core.ine_verification_set_text(self.verification, DAYS[name], day)
            elif name in IDS:
                if isinstance(value, bool) or not (isinstance(value, (str, int)) or is_uuid(value)):
                    raise TypeError(f"{name} is str, int or UUID")
                value = str(value)
                if name == "vendor_data":
                    self.vendor_data = value
                _core.ine_verification_set_text(self.verification, IDS[name], value)
            elif name == "consent":
                if value is not True and value is not False:  # isinstance() asks a mock what it is
                    raise TypeError("consent is True or False")
                _core.ine_verification_set_number(self.verification, c.IN_CONSENT, int(value))
            elif name == "consent_time":
                _core.ine_verification_set_number(self.verification, c.IN_CONSENT_TIME, milliseconds(name, value))
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
