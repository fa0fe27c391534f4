"""Credentials of an integration."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import NoReturn

from . import _core


def secret_bytes(secret: str | bytes) -> bytes | bytearray | memoryview:
    """A variable of the environment that is not UTF-8 comes as surrogates, and goes as the bytes that it is."""
    try:
        if isinstance(secret, (bytes, bytearray, memoryview)):
            return secret
        if isinstance(secret, str):
            return secret.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        pass  # Its exception would carry the secret.
    finally:
        del secret
    raise TypeError("a secret is bytes, or str of valid Unicode")


class Credentials:
    """API key (a UUID) and secrets of one integration.

    Of several secrets the first is the newest and signs; all verify. A secret is 1..1024 bytes, used as it is: never
    trimmed, never decoded. `label` names the integration in events and evidence. Prints its label only, does not pickle.
    Share it between threads and processes."""

    __slots__ = ("_handle", "_key", "label")

    def __init__(self, api_key: str, secret: str | bytes, *older: str | bytes, label: str = "") -> None:
        one: str | bytes | None = None
        try:
            self._handle = _core.ine_credentials_new(label, api_key)
            self._key = api_key
            self.label = label
            for at, one in enumerate((secret, *older)):
                _core.ine_credentials_add_secret(self._handle, str(at), secret_bytes(one))
        finally:
            del api_key, secret, older, one

    @classmethod
    def from_env(cls, environ: Mapping[str, str] | None = None) -> Credentials:
        """From INE_API_KEY and INE_SECRET; a KeyError names what is not set."""
        source = os.environ if environ is None else environ
        missing = [name for name in ("INE_API_KEY", "INE_SECRET") if name not in source]
        if missing:
            raise KeyError(f"not set: {', '.join(missing)}")
        return cls(source["INE_API_KEY"], source["INE_SECRET"])

    @property
    def is_sandbox(self) -> bool:
        """Whether a libine sandbox has minted this key: only with such a key is plain http spoken to another host."""
        return bool(_core.ine_credentials_is_sandbox(self._handle))

    def __repr__(self) -> str:
        return f"<Credentials {self.label!r}>"

    def __reduce_ex__(self, protocol: object) -> NoReturn:
        raise TypeError("credentials hold secrets and do not pickle; make them where they are used")
