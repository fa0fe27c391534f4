"""Candidates timed in turn, round after round, in one process, by this thread's CPU time: noise strikes all alike, and
what else the machine does takes no time of it."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable

Rows = dict[str, Callable[[], object]]


def interleaved(rows: Rows, *, rounds: int = 31, batch: float = 0.004) -> dict[str, float]:
    """Median CPU seconds of one call of each, over rounds of about `batch` seconds each."""
    numbers: dict[str, int] = {}
    for name, call in rows.items():
        begun = time.thread_time()
        call()
        call()
        numbers[name] = max(1, int(batch / ((time.thread_time() - begun) / 2 + 1e-9)))
    seen: dict[str, list[float]] = {name: [] for name in rows}
    for _ in range(rounds):
        for name, call in rows.items():
            begun = time.thread_time()
            for _ in range(numbers[name]):
                call()
            seen[name].append((time.thread_time() - begun) / numbers[name])
    return {name: statistics.median(times) for name, times in seen.items()}


def show(title: str, times: dict[str, float], unit: str = "us", first: str | None = None) -> None:
    """A table whose last column says how many times the first row each takes."""
    scale = {"us": 1e6, "ms": 1e3}[unit]
    ours = times[first or next(iter(times))]
    print(title)
    for name, seconds in times.items():
        print(f"  {name:<46} {seconds * scale:9.2f} {unit} {seconds / ours:7.2f} x")
