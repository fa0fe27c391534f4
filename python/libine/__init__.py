"""Identity verification against the Mexican electoral registry (INE) through Veriff's API.

    client = libine.Client.from_env()
    verdict = client.verify(cic="...", selfie="selfie.jpg", consent=True, vendor_data=case_id)

Not affiliated with Veriff, INE or FIMPE."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from . import _core
from ._async import AsyncClient
from ._client import Client
from ._credentials import Credentials
from ._decision import Decision
from ._driver import Progress, Session
from ._enums import Advice, Check, Outcome, Product, State
from ._errors import (
    AuthError,
    CancelledError,
    ConflictError,
    DeadlineError,
    Error,
    ForkedError,
    InputError,
    NotFoundError,
    OutcomeUnknownError,
    Problem,
    RateLimitError,
    ReplyError,
    ServerError,
    TransportError,
    WebhookRefused,
)
from ._functions import (
    Curp,
    Mrz,
    Report,
    check,
    curp,
    evidence,
    evidence_check,
    interpret,
    media_digest,
    mrz,
    pseudonym,
    registration,
)
from ._inputs import Person
from ._settings import Attempt, Settings
from ._transport import TransportFailure, TransportReply, TransportRequest
from ._verdict import CheckResult, Registry, Texts, Verdict
from ._webhooks import Diagnosis, Event, Webhooks

if TYPE_CHECKING:
    from . import testing

__version__: str = _core.ine_version()

__all__ = [
    "Advice",
    "AsyncClient",
    "Attempt",
    "AuthError",
    "CancelledError",
    "Check",
    "CheckResult",
    "Client",
    "ConflictError",
    "Credentials",
    "Curp",
    "DeadlineError",
    "Decision",
    "Diagnosis",
    "Error",
    "Event",
    "ForkedError",
    "InputError",
    "Mrz",
    "NotFoundError",
    "Outcome",
    "OutcomeUnknownError",
    "Person",
    "Problem",
    "Product",
    "Progress",
    "RateLimitError",
    "Registry",
    "ReplyError",
    "Report",
    "ServerError",
    "Session",
    "Settings",
    "State",
    "Texts",
    "TransportError",
    "TransportFailure",
    "TransportReply",
    "TransportRequest",
    "Verdict",
    "WebhookRefused",
    "Webhooks",
    "build_info",
    "check",
    "curp",
    "evidence",
    "evidence_check",
    "interpret",
    "media_digest",
    "mrz",
    "pseudonym",
    "registration",
    "testing",
]


def build_info() -> dict[str, str]:
    """Versions of the library, of OpenSSL and of libcurl, as seen at run time."""
    _core.ine_init()
    return dict(line.split("=", 1) for line in (_core.ine_build_info() or "").splitlines() if "=" in line)


def __getattr__(name: str) -> Any:
    if name == "testing":
        return importlib.import_module(".testing", __name__)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
