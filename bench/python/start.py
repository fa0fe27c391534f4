"""What starting costs: the import beside a bare interpreter, and a client."""

from __future__ import annotations

import subprocess
import sys
import time

import libine as ine
from timing import interleaved, show

CREDS = ine.Credentials("5a4db0c5-1111-4111-8111-111111111111", "secret of a benchmark")


def interpreter(code: str) -> float:
    begun = time.perf_counter()
    subprocess.run([sys.executable, "-c", code], check=True)
    return time.perf_counter() - begun


def client() -> None:
    ine.Client(CREDS, "https://veriff.example").close()


def bench(rounds: int) -> None:
    rows = {"bare interpreter": "pass", "import libine": "import libine", "import asyncio": "import asyncio"}
    times = {name: sorted(interpreter(code) for _ in range(rounds))[rounds // 2] for name, code in rows.items()}
    print("start")
    for name, seconds in times.items():
        print(f"  {name:<46} {seconds * 1e3:9.2f} ms   +{(seconds - times['bare interpreter']) * 1e3:.2f} ms")
    show("a client made and closed", interleaved({"libine.Client": client}, rounds=rounds))
