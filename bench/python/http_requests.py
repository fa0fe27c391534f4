"""CPU of one signed GET over keep-alive on the loopback address: ours beside pycurl, in turn."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import importlib.util
import json
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import libine as ine
from canned import KEY, SECRET, SESSION
from timing import show

IN_FLIGHT = 64
Work = Callable[[int], None]


def sign() -> list[str]:
    signature = hmac.digest(SECRET, SESSION.encode(), hashlib.sha256).hex()
    return [f"X-AUTH-CLIENT: {KEY}", f"X-HMAC-SIGNATURE: {signature}", "Accept-Encoding: identity"]


def ours(url: str) -> tuple[Work, Work]:
    creds = ine.Credentials(KEY, SECRET)
    client, loop = ine.Client(creds, url), asyncio.new_event_loop()
    parallel = ine.AsyncClient(creds, url)

    def sequential(count: int) -> None:
        for _ in range(count):
            client.decision(SESSION)

    def many(count: int) -> None:
        async def worker() -> None:
            for _ in range(count // IN_FLIGHT):
                await parallel.decision(SESSION)

        async def main() -> None:
            await asyncio.gather(*(worker() for _ in range(IN_FLIGHT)))

        loop.run_until_complete(main())

    return sequential, many


def pycurls(url: str, signed: bool) -> tuple[Work, Work]:
    """Transport alone; or signed, checked and parsed, as ours is."""
    import pycurl

    target = f"{url}/v1/sessions/{SESSION}/decision"

    def ready() -> pycurl.Curl:
        curl = pycurl.Curl()
        curl.body, curl.head = bytearray(), {}
        curl.setopt(pycurl.URL, target)
        curl.setopt(pycurl.WRITEFUNCTION, curl.body.extend)
        if signed:

            def header(line: bytes) -> None:
                name, _, value = line.partition(b":")
                curl.head[name.lower()] = value.strip()

            curl.setopt(pycurl.HEADERFUNCTION, header)
        curl.setopt(pycurl.HTTPHEADER, sign())
        return curl

    def begin(curl: pycurl.Curl) -> None:
        curl.body.clear()
        if signed:
            curl.setopt(pycurl.HTTPHEADER, sign())

    def end(curl: pycurl.Curl) -> None:
        if curl.getinfo(pycurl.RESPONSE_CODE) != 200:
            raise ValueError("status")
        if signed:
            good = hmac.digest(SECRET, curl.body, hashlib.sha256).hex()
            if not hmac.compare_digest(good.encode(), curl.head[b"x-hmac-signature"]):
                raise ValueError("signature")
            json.loads(curl.body)

    one = ready()

    def sequential(count: int) -> None:
        for _ in range(count):
            begin(one)
            one.perform()
            end(one)

    multi, handles = pycurl.CurlMulti(), [ready() for _ in range(IN_FLIGHT)]

    def many(count: int) -> None:
        left, running = count - IN_FLIGHT, IN_FLIGHT
        for curl in handles:
            begin(curl)
            multi.add_handle(curl)
        while running:
            multi.perform()
            _, good, bad = multi.info_read()
            assert not bad
            for curl in good:
                end(curl)
                multi.remove_handle(curl)
                if left > 0:
                    left -= 1
                    begin(curl)
                    multi.add_handle(curl)
                else:
                    running -= 1
            if running and not good:
                multi.select(1.0)

    return sequential, many


def cpu(rows: dict[str, Work], count: int, rounds: int) -> dict[str, float]:
    """CPU seconds of this process for one request: the median of rounds in turn."""
    seen: dict[str, list[float]] = {name: [] for name in rows}
    for work in rows.values():
        work(count)
    for _ in range(rounds):
        for name, work in rows.items():
            begun = time.process_time()
            work(count)
            seen[name].append((time.process_time() - begun) / count)
    return {name: sorted(times)[len(times) // 2] for name, times in seen.items()}


def bench(rounds: int) -> None:
    if not importlib.util.find_spec("pycurl"):
        print("pycurl is not installed: no requests")
        return
    server = subprocess.Popen(
        [sys.executable, str(Path(__file__).with_name("canned.py"))],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert server.stdout is not None
        url = f"http://127.0.0.1:{server.stdout.readline().strip()}"
        all_rows = {
            "libine": ours(url),
            "pycurl, transport alone": pycurls(url, False),
            "pycurl, signed, checked, parsed": pycurls(url, True),
        }
        for at, title in enumerate(("one after another", f"{IN_FLIGHT} in flight")):
            rows = {name: both[at] for name, both in all_rows.items()}
            show(f"HTTP, CPU of a request, {title}", cpu(rows, IN_FLIGHT * 20, rounds))
    finally:
        server.communicate()
