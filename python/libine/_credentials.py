"""Credentials of an integration, and the settings of a client."""

from __future__ import annotations

import datetime
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NoReturn

from . import _core
from ._enums import Check

STRICT = {
    "curp-mask": 1,
    "curp-digit": 2,
    "curp-date": 4,
    "curp-state": 8,
    "age": 16,
    "image": 32,
    "consistency": 64,
    "all": 127,
}
REPLY_SIGNATURES = {"default": 0, "require": 1, "off": 2}


class Credentials:
    """API key and secrets of one integration. Several secrets: the first is the newest and signs, all
    verify. A secret is used byte for byte. Prints its label only."""

    __slots__ = ("_handle", "_key", "label")

    def __init__(self, api_key: str, secret: str | bytes, *older: str | bytes, label: str = "") -> None:
        one: str | bytes | None = None
        raw: bytes | None = None
        try:
            self._handle = _core.ine_credentials_new(label, api_key)
            self._key = api_key
            self.label = label
            for at, one in enumerate((secret, *older)):
                raw = one.encode() if isinstance(one, str) else one
                if not isinstance(raw, (bytes, bytearray, memoryview)):
                    raise TypeError("a secret is str or bytes")
                _core.ine_credentials_add_secret(self._handle, str(at), raw)
        finally:
            del api_key, secret, older, one, raw

    @classmethod
    def from_env(cls, environ: Mapping[str, str] | None = None) -> Credentials:
        """From INE_API_KEY and INE_SECRET."""
        source = os.environ if environ is None else environ
        missing = [name for name in ("INE_API_KEY", "INE_SECRET") if name not in source]
        if missing:
            raise KeyError(f"not set: {', '.join(missing)}")
        return cls(source["INE_API_KEY"], source["INE_SECRET"])

    @property
    def is_sandbox(self) -> bool:
        return bool(_core.ine_credentials_is_sandbox(self._handle))

    def __repr__(self) -> str:
        return f"<Credentials {self.label!r}>"

    def __reduce_ex__(self, protocol: object) -> NoReturn:
        raise TypeError("credentials hold secrets and do not pickle; make them where they are used")


@dataclass(slots=True)
class Settings:
    """Settings of a client; times in seconds. None: the library's default (ine.h, INE_OPT_*)."""

    base_url: str | None = None
    integration_id: str | None = None
    proxy: str | None = None
    ca_file: str | os.PathLike[str] | None = None
    ca_pem: str | None = None
    client_cert: str | os.PathLike[str] | None = None
    client_key: str | os.PathLike[str] | None = None
    connect_timeout: float | None = None
    call_timeout: float | None = None
    timeout: float | None = None
    user_agent_suffix: str | None = None
    retries: int | None = None
    reply_signatures: str | None = None
    sign_sessions: bool | None = None
    require: Iterable[Check | str] = ()
    strict: Iterable[str] = ()
    poll_first: float | None = None
    poll_max: float | None = None
    max_reply: int | None = None
    progress: bool | None = None
    keep_metadata: bool | None = None
    seed: int | None = None
    today: datetime.date | None = None
    retry_later: int | None = None
    local_checks: bool | None = None
    breaker: int | None = None


TEXTS = {
    "base_url": 1,
    "integration_id": 2,
    "proxy": 3,
    "ca_file": 4,
    "ca_pem": 5,
    "client_cert": 6,
    "client_key": 7,
    "user_agent_suffix": 11,
}
SECONDS = {"connect_timeout": 8, "call_timeout": 9, "timeout": 10, "poll_first": 17, "poll_max": 18}
NUMBERS = {
    "retries": 12,
    "sign_sessions": 14,
    "max_reply": 19,
    "progress": 21,
    "keep_metadata": 22,
    "seed": 23,
    "retry_later": 25,
    "local_checks": 26,
    "breaker": 27,
}


# Where distributions keep their certificates. A self-contained wheel was built on one of them and runs on all.
BUNDLES = (
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/ca-bundle.pem",
    "/etc/ssl/cert.pem",
)


def system_bundle() -> str | None:
    """The system's certificates for a wheel with an OpenSSL of its own; None: libcurl knows its own place."""
    _core.ine_init()
    if "openssl_link=static" not in (_core.ine_build_info() or "") or os.path.isfile(BUNDLES[0]):
        return None
    return next((path for path in BUNDLES if os.path.isfile(path)), None)


def require_bits(checks: Iterable[Check | str]) -> int:
    """A set of checks as the bits of ine.h; unknown names are a ValueError."""
    if isinstance(checks, str):
        checks = (checks,)
    known = {str(check): 1 << at for at, check in enumerate(Check, 1)}
    bits = 0
    for check in checks:
        if str(check) not in known:
            raise ValueError(f"no such check: {check}")
        bits |= known[str(check)]
    return bits


def make_options(settings: Settings) -> Any:
    options = _core.ine_options_new()
    if settings.base_url is not None and settings.ca_file is None and settings.ca_pem is None:
        bundle = system_bundle()
        if bundle is not None:
            _core.ine_options_set_text(options, TEXTS["ca_file"], bundle)
    for name, option in TEXTS.items():
        text = getattr(settings, name)
        if text is not None:
            _core.ine_options_set_text(options, option, os.fspath(text))
    for name, option in SECONDS.items():
        seconds = getattr(settings, name)
        if seconds is not None:
            _core.ine_options_set_number(options, option, int(seconds * 1000))
    for name, option in NUMBERS.items():
        number = getattr(settings, name)
        if number is not None:
            _core.ine_options_set_number(options, option, int(number))
    if settings.reply_signatures is not None:
        _core.ine_options_set_number(options, 13, REPLY_SIGNATURES[settings.reply_signatures])
    if settings.require:
        _core.ine_options_set_number(options, 15, require_bits(settings.require))
    if settings.strict:
        names = (settings.strict,) if isinstance(settings.strict, str) else settings.strict
        bits = 0
        for name in names:
            if name not in STRICT:
                raise ValueError(f"no such strictness: {name}; there are {', '.join(STRICT)}")
            bits |= STRICT[name]
        _core.ine_options_set_number(options, 16, bits)
    if settings.today is not None:
        day = settings.today
        _core.ine_options_set_number(options, 24, day.year * 10000 + day.month * 100 + day.day)
    return options
