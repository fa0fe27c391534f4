"""Python rows of the speed targets, beside what a team would write without libine, in one run.

    python bench/python/bench.py [--flows 1000]

Peers are used when they are installed: msgspec, orjson. Times are the best of several repeats, in microseconds."""

from __future__ import annotations

import argparse
import asyncio
import base64
import hashlib
import hmac
import json
import os
import resource
import struct
import subprocess
import sys
import tempfile
import time
import timeit
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import libine as ine

KEY, SECRET = "5a4db0c5-1111-4111-8111-111111111111", b"secret of a benchmark"
CHECKS = [str(check) for check in ine.Check]
SELFIE = 3 << 20


@dataclass(frozen=True, slots=True)
class Check:
    result: str
    reason: str | None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the peers make of a body: less than ours, which also finds causes, anomalies and advice."""

    verified: bool
    failed: list[str]
    checks: dict[str, Check]
    session: str
    code: int
    reason_code: int | None


def judge(root: dict[str, Any]) -> Verdict:
    verification = root["verification"]
    found = {}
    for one in (verification.get("registryValidations") or {}).values():
        for name, value in (one.get("validations") or {}).items():
            found[name] = Check(value["result"], value.get("reason"))
    failed = [name for name in CHECKS if name in found and found[name].result == "failure"]
    good = verification["status"] == "approved" and all(
        name in found and found[name].result == "success" for name in CHECKS[:4]
    )
    return Verdict(good, failed, found, verification["id"], verification["code"], verification.get("reasonCode"))


def by_hand(loads: Callable[[bytes], Any]) -> Callable[[dict[str, str], bytes], Verdict]:
    def receive(headers: dict[str, str], body: bytes) -> Verdict:
        if headers["x-auth-client"] != KEY:
            raise ValueError("key")
        good = hmac.new(SECRET, body, hashlib.sha256).hexdigest()
        if not hmac.compare_digest(good, headers["x-hmac-signature"].lower()):
            raise ValueError("signature")
        return judge(loads(body))

    return receive


def best(call: Callable[[], object], number: int = 2000, repeat: int = 9) -> float:
    return min(timeit.repeat(call, number=number, repeat=repeat)) / number * 1e6


def webhooks() -> None:
    creds = ine.Credentials(KEY, SECRET)
    receiver = ine.Webhooks([creds])
    headers, body = ine.testing.signed_webhook("selfie_mismatch", creds)
    rows: dict[str, Callable[[], object]] = {
        "libine Webhooks.open": lambda: receiver.open(headers, body).verdict,
        "hmac + json + dataclasses": lambda: stdlib(headers, body),
    }
    stdlib = by_hand(json.loads)
    for name in ("orjson", "msgspec"):
        try:
            module = __import__(name + ".json" if name == "msgspec" else name, fromlist=["x"])
        except ImportError:
            print(f"{name} is not installed: no row")
            continue
        loads = module.decode if name == "msgspec" else module.loads
        receive = by_hand(loads)
        rows[f"hmac + {name} + dataclasses"] = lambda receive=receive: receive(headers, body)  # type: ignore[misc]
    print(f"webhook to a whole verdict, {len(body)} bytes")
    times = {name: best(call) for name, call in rows.items()}
    ours = times["libine Webhooks.open"]
    for name, value in times.items():
        print(f"  {name:<34} {value:8.2f} us  {value / ours:5.1f} x")


def noise() -> bytes:
    """A PNG of 3 MB: grey noise, which does not compress."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = b"".join(b"\0" + os.urandom(1023) for _ in range(SELFIE // 1024))
    head = struct.pack(">IIBBBBB", 1023, SELFIE // 1024, 8, 0, 0, 0, 0)
    parts = chunk(b"IHDR", head), chunk(b"IDAT", zlib.compress(rows, 0)), chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def media() -> None:
    """An upload's body made and signed: ours is driven over sans-IO and thrown away."""
    creds = ine.Credentials(KEY, SECRET)
    session = "12df6045-3846-3e45-946a-14fa6136d78b"
    with tempfile.NamedTemporaryFile(suffix=".png") as file:
        file.write(noise())
        file.flush()

        def swallow(request: ine.TransportRequest) -> ine.TransportReply:
            for _ in request.chunks:
                pass
            return ine.TransportReply(404, [], b"")

        client = ine.Client(creds, "http://127.0.0.1:9", transport=swallow, retries=0)

        def ours() -> None:
            try:
                client.upload_media(session, file.name)
            except ine.NotFoundError:
                pass

        def usual() -> None:
            with open(file.name, "rb") as image:
                content = base64.b64encode(image.read()).decode()
            body = json.dumps({"image": {"context": "face", "content": "data:image/png;base64," + content}}).encode()
            hmac.new(SECRET, body, hashlib.sha256).hexdigest()

        times = {"libine": best(ours, 5, 5), "base64 + json + hmac": best(usual, 5, 5)}
        print("media, 3 MB from a file, made and signed")
        for name, value in times.items():
            print(f"  {name:<34} {value / 1000:8.2f} ms  {value / times['libine']:5.1f} x")
        client.close()


def many(flows: int) -> None:
    """Verifications in flight on one event loop, against a sandbox in another process."""
    server = subprocess.Popen([sys.executable, "-m", "libine", "sandbox"], stdout=subprocess.PIPE, text=True)
    try:
        assert server.stdout is not None
        environ = dict(server.stdout.readline().strip().split("=", 1) for _ in range(3))
        drain = subprocess.Popen(["cat"], stdin=server.stdout, stdout=subprocess.DEVNULL)
        asyncio.run(_many(flows, environ))
    finally:
        server.terminate()
        server.wait()
        drain.wait()


async def _many(flows: int, environ: dict[str, str]) -> None:
    blocked = [0.0]

    async def watch() -> None:
        loop = asyncio.get_running_loop()
        while True:
            begun = loop.time()
            await asyncio.sleep(0.001)
            blocked[0] = max(blocked[0], loop.time() - begun - 0.001)

    client = ine.AsyncClient.from_env(environ)
    image = ine.testing.picture(64, 64)
    who: dict[str, Any] = {"cic": "900100001", "selfie": image, "consent": True}
    await client.verify(**who, vendor_data="first")
    before, cpu, begun = resource.getrusage(resource.RUSAGE_SELF), time.process_time(), time.monotonic()
    watcher = asyncio.ensure_future(watch())
    verdicts = await asyncio.gather(*(client.verify(**who, vendor_data=n) for n in range(flows)))
    seconds, used = time.monotonic() - begun, time.process_time() - cpu
    watcher.cancel()
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before.ru_maxrss
    assert all(v.verified for v in verdicts)
    print(
        f"{flows} verifications on one event loop: {seconds:.2f} s, peak memory +{grown / 1024:.1f} MB ({grown / flows:.1f} KB each)"
    )
    print(
        f"  CPU of the process {used / flows * 1e3:.2f} ms each; longest time the loop was blocked {blocked[0] * 1e3:.1f} ms"
    )
    await client.aclose()


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--flows", type=int, default=1000)
    flows = arguments.parse_args().flows
    print(f"libine {ine.__version__}, Python {sys.version.split()[0]}, load {os.getloadavg()[0]:.1f}")
    webhooks()
    media()
    many(flows)


if __name__ == "__main__":
    main()
