"""The logger "libine": ids, outcomes and codes, nothing else. A program that does not log does not load logging."""

from __future__ import annotations

import sys
from typing import Any


def info(text: str, *values: Any) -> None:
    """For those who listen: when nobody has loaded logging, nobody does."""
    logging = sys.modules.get("logging")
    if logging is not None:
        logging.getLogger("libine").info(text, *values)


def listening() -> bool:
    logging = sys.modules.get("logging")
    return logging is not None and bool(logging.getLogger("libine").isEnabledFor(logging.INFO))


def error(text: str, *values: Any) -> None:
    import logging

    logging.getLogger("libine").error(text, *values)


def exception(text: str) -> None:
    """With the traceback of the exception at hand: it is of a function of the caller's."""
    import logging

    logging.getLogger("libine").exception(text)
