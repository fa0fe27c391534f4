"""Which process this is, without asking the system at every call."""

from __future__ import annotations

import _thread
import os

pid = os.getpid()
# Held while something is made anew in a forked child, by whichever of its threads comes first.
lock = _thread.allocate_lock()


def _forked() -> None:
    global pid, lock
    lock = _thread.allocate_lock()
    pid = os.getpid()


os.register_at_fork(after_in_child=_forked)
