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


async def run(count: int, watched: bool, poll_first: float = POLL_FIRST) -> dict[str, float]:
    """`watched`: how long the loop was blocked is looked at, which costs CPU that is not the client's."""
    blocked = [0.0]
    client = ine.AsyncClient.from_env(poll_first=poll_first, poll_max=poll_first)
    warm = ine.AsyncClient.from_env()
    who: dict[str, Any] = {"cic": "900100001", "selfie": ine.testing.picture(64, 64), "consent": True}
    await asyncio.gather(*(warm.verify(**who, vendor_data=f"warm-{n}") for n in range(20)))
    before, cpu, begun = rss(), time.process_time(), time.monotonic()
    watcher = asyncio.ensure_future(watch(blocked)) if watched else None
    tasks = [asyncio.ensure_future(client.verify(**who, vendor_data=n)) for n in range(count)]
    await asyncio.sleep(poll_first * 0.7)
    memory = rss() - before
    verdicts = await asyncio.gather(*tasks)
    seconds, used = time.monotonic() - begun, time.process_time() - cpu
    if watcher is not None:
        watcher.cancel()
    assert all(verdict.verified for verdict in verdicts)
    await client.aclose()
    await warm.aclose()
    return {"seconds": seconds, "cpu": used / count, "memory": memory / count, "blocked": blocked[0]}


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


def one_run(count: int, watched: bool, environ: dict[str, str]) -> dict[str, float]:
    command = [sys.executable, __file__, str(count), *(["watched"] if watched else [])]
    out = subprocess.run(command, env=os.environ | environ, stdout=subprocess.PIPE, check=True).stdout
    told: dict[str, float] = json.loads(out)
    return told


def bench(counts: tuple[int, ...] = COUNTS) -> None:
    process, environ = server()
    try:
        print(f"verifications in flight on one event loop, each asks for its decision after {POLL_FIRST:g} s")
        first = 0.0
        for count in counts:
            told = one_run(count, False, environ)
            blocked = one_run(count, True, environ)["blocked"]
            first = first or told["cpu"]
            print(
                f"  {count:6} in {told['seconds']:5.1f} s: CPU {told['cpu'] * 1e6:4.0f} us each ({told['cpu'] / first:.2f} x), "
                f"memory {told['memory'] / 1024:5.1f} KB each, longest block of the loop {blocked * 1e3:.0f} ms"
            )
    finally:
        process.terminate()
        process.wait()


def main(count: str, *words: str) -> None:
    poll_first = next((float(word[5:]) for word in words if word.startswith("poll=")), POLL_FIRST)
    print(json.dumps(asyncio.run(run(int(count), "watched" in words, poll_first))))


if __name__ == "__main__":
    main(*sys.argv[1:])
