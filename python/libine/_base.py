"""What both clients have in common beside their methods."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any, Self

from ._credentials import Credentials
from ._driver import Driver
from ._webhooks import Event

VARIABLES = {"base_url": "INE_BASE_URL", "proxy": "INE_PROXY", "ca_file": "INE_CA_FILE"}


class Base:
    """A client's driver, and a transport of the caller's in libcurl's place, if there is one."""

    _label = ""
    _driver: Driver
    _send: Any

    def __init__(self, credentials: Credentials, base_url: str | None = None, **settings: Any) -> None:
        raise NotImplementedError

    @classmethod
    def from_env(cls, environ: Mapping[str, str] | None = None, **settings: Any) -> Self:
        """From INE_API_KEY, INE_SECRET, INE_BASE_URL, INE_PROXY and INE_CA_FILE; what is given here goes first.

        A KeyError names what is not set. `environ`: in place of os.environ."""
        source = os.environ if environ is None else environ
        try:
            for name, variable in VARIABLES.items():
                if settings.get(name) is None and source.get(variable):
                    settings[name] = source[variable]
            return cls(Credentials.from_env(source), **settings)
        finally:
            settings.clear()

    def feed(self, event: Event) -> None:
        """A webhook's decision ends every wait() of this client for its session. From any thread."""
        self._driver.feed(event.decision)

    @property
    def _fed(self) -> bool:
        return self._send is not None

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self._label!r}>"

    def __reduce_ex__(self, protocol: object) -> Any:
        raise TypeError("clients hold secrets and do not pickle; make them where they are used")
