"""Identity verification against the Mexican electoral registry (INE) through Veriff's API.

    client = libine.Client.from_env()
    verdict = client.verify(cic="...", selfie="selfie.jpg", consent=True, vendor_data=case_id)

Not affiliated with Veriff, INE or FIMPE."""

from __future__ import annotations

# typing's own would load typing, and that takes longer than all of this.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from . import testing
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

    __version__: str

# Where each name is. A module is loaded when the first of its names is asked for: importing libine costs next to
# nothing, a program without coroutines never loads asyncio, and one without a client no HTTP.
_NAMES = {
    "_async": "AsyncClient",
    "_client": "Client",
    "_credentials": "Credentials",
    "_decision": "Decision",
    "_driver": "Progress Session",
    "_enums": "Advice Check Outcome Product State",
    "_errors": (
        "AuthError CancelledError ConflictError DeadlineError Error ForkedError InputError NotFoundError "
        "OutcomeUnknownError Problem RateLimitError ReplyError ServerError TransportError WebhookRefused"
    ),
    "_functions": "Curp Mrz Report check curp evidence evidence_check interpret media_digest mrz pseudonym registration",
    "_inputs": "Person",
    "_settings": "Attempt Settings",
    "_transport": "TransportFailure TransportReply TransportRequest",
    "_verdict": "CheckResult Registry Texts Verdict",
    "_webhooks": "Diagnosis Event Webhooks",
}
_HOME = {name: module for module, names in _NAMES.items() for name in names.split()}

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
    from . import _core

    _core.ine_init()
    return dict(line.split("=", 1) for line in (_core.ine_build_info() or "").splitlines() if "=" in line)


def __getattr__(name: str) -> Any:
    import importlib

    if name == "__version__":
        value: Any = importlib.import_module("._core", __name__).ine_version()
    elif name == "testing":
        value = importlib.import_module(".testing", __name__)
    elif name in _HOME:
        value = getattr(importlib.import_module("." + _HOME[name], __name__), name)
    else:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__, "__version__"})
