"""Settings of a client, as options of the library. Nothing comes from the environment."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, TypedDict

from . import _constants as c
from . import _core
from ._enums import Check, require_bits

if TYPE_CHECKING:
    import datetime

Path = str | os.PathLike[str]
STRICT = {name.lower().replace("_", "-"): bit for name, bit in c.STRICT_NUMBERS.items()}
STRICT["all"] = sum(STRICT.values())


class Attempt(NamedTuple):
    """One request that has ended, whatever came of it. For logs and metrics: it holds no personal data."""

    session_id: str | None
    method: str
    template: str
    """As in /v1/sessions/{id}/decision: no id is in it."""
    attempt: int
    """1 for the first; more when it was repeated."""
    status: int | None
    """Of the reply; None when none came."""
    failure: str | None
    """Why none came: resolve, connect, tls, broken, timeout, timeout_not_sent, protocol, limit, media, cancelled."""
    seconds: float
    sent: int
    """Bytes of the body that were sent, and of the reply's that came."""
    received: int

    def attributes(self) -> dict[str, str | int]:
        """By the names of OpenTelemetry's HTTP conventions."""
        out: dict[str, str | int] = {"http.request.method": self.method, "url.template": self.template}
        if self.attempt > 1:
            out["http.request.resend_count"] = self.attempt - 1
        if self.status is not None:
            out["http.response.status_code"] = self.status
        if self.failure is not None or (self.status is not None and self.status >= 400):
            out["error.type"] = self.failure or str(self.status)
        return out


class Settings(TypedDict, total=False):
    """What Client and AsyncClient take. Times are in seconds; what is not given, or None, is the default.

    A value that can not work is refused when the client is made: Error with the code CONFIG or ARGUMENT."""

    integration_id: str | None
    """Sent as VRF-INTEGRATION-ID: with the vendor's "flexible API keys" only."""
    proxy: str | None
    """http://host:port. No variable of the environment is followed."""
    ca_file: Path | None
    """A PEM bundle, or `ca_pem` its text, in place of the system's certificates."""
    ca_pem: str | None
    client_cert: Path | None
    """A PEM certificate of this side, and `client_key` its key."""
    client_key: Path | None
    connect_timeout: float | None
    """[5]"""
    call_timeout: float | None
    """[15] of one attempt; images get 30 and 1 more for each 256 KB."""
    timeout: float | None
    """[600] of a whole verification or call; `timeout=` of a method may be shorter."""
    user_agent_suffix: str | None
    """Printable ASCII, at most 120."""
    retries: int | None
    """[2] 0..5 repeats of what is provably safe to repeat."""
    reply_signatures: Literal["default", "require", "off"] | None
    """default: what the vendor signs must be signed; require: everything; off: sandbox keys only."""
    sign_sessions: bool | None
    """[True] sign POST /sessions too."""
    require: Iterable[Check | str]
    """The checks that must have passed for `verified` [the four core ones]."""
    strict: Iterable[str]
    """Warnings of check() that refuse: curp-mask, curp-digit, curp-date, curp-state, age, image, consistency, all."""
    poll_first: float | None
    """[2] the first pause between two questions for the decision, `poll_max` [30] the longest."""
    poll_max: float | None
    max_reply: int | None
    """[1 MiB] largest reply in bytes; downloads 32 MB."""
    progress: bool | None
    """[False] call `on_progress` while bytes are sent."""
    keep_metadata: bool | None
    """[False] send images with their location and serial numbers."""
    seed: int | None
    """Of the jitter, for tests."""
    today: datetime.date | None
    """For the checks of dates [the day in UTC]."""
    retry_later: int | None
    """[0] new sessions that a verification may make when the registry was down."""
    local_checks: bool | None
    """[True]; False: the vendor refuses what is wrong."""
    breaker: int | None
    """[0] failed calls in a row after which nothing is sent for 5 seconds; 0: never."""
    on_attempt: Callable[[Attempt], object] | None
    """Called after each request, in the thread or loop of its call. What it raises is logged and changes nothing."""


TEXTS = {
    "base_url": c.OPT_BASE_URL,
    "integration_id": c.OPT_INTEGRATION_ID,
    "proxy": c.OPT_PROXY,
    "ca_file": c.OPT_CA_FILE,
    "ca_pem": c.OPT_CA_PEM,
    "client_cert": c.OPT_CLIENT_CERT,
    "client_key": c.OPT_CLIENT_KEY,
    "user_agent_suffix": c.OPT_USER_AGENT_SUFFIX,
}
SECONDS = {
    "connect_timeout": c.OPT_CONNECT_TIMEOUT_MS,
    "call_timeout": c.OPT_CALL_TIMEOUT_MS,
    "timeout": c.OPT_DEADLINE_MS,
    "poll_first": c.OPT_POLL_FIRST_MS,
    "poll_max": c.OPT_POLL_MAX_MS,
}
NUMBERS = {
    "retries": c.OPT_RETRIES,
    "sign_sessions": c.OPT_SIGN_SESSIONS,
    "max_reply": c.OPT_MAX_REPLY,
    "progress": c.OPT_PROGRESS,
    "keep_metadata": c.OPT_KEEP_METADATA,
    "seed": c.OPT_SEED,
    "retry_later": c.OPT_RETRY_LATER,
    "local_checks": c.OPT_LOCAL_CHECKS,
    "breaker": c.OPT_BREAKER,
}

# Where distributions keep their certificates. A self-contained wheel was built on one of them and runs on all.
BUNDLES = (
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/ca-bundle.pem",
    "/etc/ssl/cert.pem",
)


class Kept(dict[str, Any]):
    """Settings inside a client. A proxy's URL may hold a password: it does not print."""

    def __init__(self, settings: Any) -> None:
        super().__init__((name, value) for name, value in settings.items() if value is not None)
        settings.clear()
        unknown = self.keys() - Settings.__annotations__.keys() - {"base_url"}
        if unknown:
            raise TypeError(f"no such setting: {', '.join(sorted(unknown))}")

    def __repr__(self) -> str:
        return f"<settings {', '.join(sorted(self))}>"


def system_bundle() -> str | None:
    """The system's certificates for a wheel with an OpenSSL of its own; None: libcurl knows its own place."""
    _core.ine_init()
    if "openssl_link=static" not in (_core.ine_build_info() or "") or os.path.isfile(BUNDLES[0]):
        return None
    return next((path for path in BUNDLES if os.path.isfile(path)), None)


def strict_bits(names: Iterable[str]) -> int:
    bits = 0
    for name in (names,) if isinstance(names, str) else names:
        if name not in STRICT:
            raise ValueError(f"no such strictness: {name}; there are {', '.join(STRICT)}")
        bits |= STRICT[name]
    return bits


def reply_signatures(policy: str) -> int:
    number = c.REPLY_SIGNATURES_NUMBERS.get(policy.upper())
    if number is None:
        raise ValueError("reply_signatures is default, require or off")
    return number


def day(date: datetime.date) -> int:
    return date.year * 10000 + date.month * 100 + date.day


# Settings that are neither a text, a time nor a plain number.
OTHERS: dict[str, tuple[int, Callable[[Any], int]]] = {
    "reply_signatures": (c.OPT_REPLY_SIGNATURES, reply_signatures),
    "require": (c.OPT_REQUIRE, require_bits),
    "strict": (c.OPT_STRICT, strict_bits),
    "today": (c.OPT_TODAY, day),
    "on_attempt": (c.OPT_ATTEMPTS, bool),
}


def set_option(options: Any, name: str, settings: dict[str, Any]) -> None:
    """No value is kept in a name: a proxy's URL may hold a password."""
    if name in TEXTS:
        _core.ine_options_set_text(options, TEXTS[name], os.fspath(settings[name]))
    elif name in SECONDS:
        _core.ine_options_set_number(options, SECONDS[name], int(settings[name] * 1000))
    elif name in NUMBERS:
        _core.ine_options_set_number(options, NUMBERS[name], int(settings[name]))
    else:
        option, number_of = OTHERS[name]
        _core.ine_options_set_number(options, option, int(number_of(settings[name])))


def make_options(settings: dict[str, Any]) -> Any:
    """The library's options; each value is checked as it is set."""
    options = _core.ine_options_new()
    if "base_url" in settings and "ca_file" not in settings and "ca_pem" not in settings:
        bundle = system_bundle()
        if bundle is not None:
            _core.ine_options_set_text(options, c.OPT_CA_FILE, bundle)
    for name in settings:
        set_option(options, name, settings)
    return options
