"""Verifications in flight at once on one event loop: time, CPU and memory of each, and how long the loop was blocked.

python flows.py COUNT    one run in this process, against INE_BASE_URL; bench.py calls it for 100, 1,000 and 10,000"""

from __future__ import annotations

import asyncio
import json
import os
import resource
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import libine as ine

ROOT = Path(__file__).resolve().parents[2]
COUNTS = (100, 1000, 10_000)
# All are submitted before the first of them asks for its decision.
POLL_FIRST = 8.0


async def watch(blocked: list[float]) -> None:
    loop = asyncio.get_running_loop()
    while True:
        begun = loop.time()
        await asyncio.sleep(0.001)
        blocked[0] = max(blocked[0], loop.time() - begun - 0.001)


def rss() -> int:
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * resource.getpagesize()


async def run(count: int) -> dict[str, float]:
    blocked = [0.0]
    client = ine.AsyncClient.from_env(poll_first=POLL_FIRST, poll_max=POLL_FIRST)
    warm = ine.AsyncClient.from_env()
    who: dict[str, Any] = {"cic": "900100001", "selfie": ine.testing.picture(64, 64), "consent": True}
    await asyncio.gather(*(warm.verify(**who, vendor_data=f"warm-{n}") for n in range(20)))
    before, cpu, begun = rss(), time.process_time(), time.monotonic()
    watcher = asyncio.ensure_future(watch(blocked))
    tasks = [asyncio.ensure_future(client.verify(**who, vendor_data=n)) for n in range(count)]
    most = 0
    while not all(task.done() for task in tasks):
        most = max(most, rss())
        await asyncio.sleep(0.2)
    verdicts = [task.result() for task in tasks]
    seconds, used = time.monotonic() - begun, time.process_time() - cpu
    watcher.cancel()
    assert all(verdict.verified for verdict in verdicts)
    await client.aclose()
    await warm.aclose()
    return {"seconds": seconds, "cpu": used / count, "memory": (most - before) / count, "blocked": blocked[0]}


def server() -> tuple[subprocess.Popen[str], dict[str, str]]:
    """ine-sandbox when it has been built, else the same code in Python."""
    built = ROOT / "build" / "ine-sandbox"
    if built.exists():
        command = [str(built), "--json", "--decision-delay-ms", "0", "--keep-mb", "1"]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert process.stdout is not None
        told = json.loads(process.stdout.readline())
        return process, {f"INE_{n.upper()}": told[n] for n in ("base_url", "api_key", "secret")}
    process = subprocess.Popen([sys.executable, "-m", "libine", "sandbox"], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    environ = dict(process.stdout.readline().strip().split("=", 1) for _ in range(3))
    subprocess.Popen(["cat"], stdin=process.stdout, stdout=subprocess.DEVNULL)
    return process, environ


def bench(counts: tuple[int, ...] = COUNTS) -> None:
    process, environ = server()
    try:
        print(f"verifications in flight on one event loop, the first question for a decision after {POLL_FIRST:g} s")
        first = 0.0
        for count in counts:
            command = [sys.executable, __file__, str(count)]
            told = json.loads(
                subprocess.run(command, env=os.environ | environ, stdout=subprocess.PIPE, check=True).stdout
            )
            first = first or told["cpu"]
            print(
                f"  {count:6} in {told['seconds']:5.1f} s: CPU {told['cpu'] * 1e6:5.0f} us each ({told['cpu'] / first:.2f} x), "
                f"memory {told['memory'] / 1024:5.1f} KB each, longest block of the loop {told['blocked'] * 1e3:.0f} ms"
            )
    finally:
        process.terminate()
        process.wait()


if __name__ == "__main__":
    print(json.dumps(asyncio.run(run(int(sys.argv[1])))))
