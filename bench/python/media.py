"""The body of an upload made and signed from a file of 3 MB: ours beside the usual way, and the memory of both."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
import struct
import subprocess
import sys
import tempfile
import zlib
from collections.abc import Callable

import libine as ine
from timing import interleaved, show

KEY, SECRET = "5a4db0c5-1111-4111-8111-111111111111", b"secret of a benchmark"
SESSION = "12df6045-3846-3e45-946a-14fa6136d78b"
SIZE = 3 << 20


def noise() -> bytes:
    """A PNG of grey noise, which does not compress."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = b"".join(b"\0" + os.urandom(1023) for _ in range(SIZE // 1024))
    head = struct.pack(">IIBBBBB", 1023, SIZE // 1024, 8, 0, 0, 0, 0)
    parts = chunk(b"IHDR", head), chunk(b"IDAT", zlib.compress(rows, 0)), chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def swallow(request: ine.TransportRequest) -> ine.TransportReply:
    """A transport that reads the body and throws it away."""
    for _ in request.chunks:
        pass
    return ine.TransportReply(404, [], b"")


def ours(path: str) -> Callable[[], None]:
    client = ine.Client(ine.Credentials(KEY, SECRET), "http://127.0.0.1:9", transport=swallow, retries=0)

    def upload() -> None:
        try:
            client.upload_media(SESSION, path)
        except ine.NotFoundError:
            pass

    return upload


def usual(path: str) -> Callable[[], None]:
    def upload() -> None:
        with open(path, "rb") as image:
            content = base64.b64encode(image.read()).decode()
        body = json.dumps({"image": {"context": "face", "content": "data:image/png;base64," + content}}).encode()
        hmac.new(SECRET, body, hashlib.sha256).hexdigest()

    return upload


def peak() -> int:
    """KB of this process at its peak; ru_maxrss would be its parent's."""
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmHWM"))


ROWS = {"libine, read twice by parts": ours, "base64 + json + hmac": usual}
GROWTH = """
import sys
import media
call = media.ROWS[sys.argv[1]](sys.argv[2])
before = media.peak()
call()
print(media.peak() - before)
"""


def bench(rounds: int) -> None:
    with tempfile.NamedTemporaryFile(suffix=".png") as file:
        file.write(noise())
        file.flush()
        rows = {name: make(file.name) for name, make in ROWS.items()}
        show("media, 3 MB from a file, made and signed", interleaved(rows, rounds=rounds, batch=0.02), "ms")
        for name in ROWS:
            command = [sys.executable, "-c", GROWTH, name, file.name]
            folder = os.path.dirname(os.path.abspath(__file__))
            out = subprocess.run(command, cwd=folder, stdout=subprocess.PIPE, check=True).stdout
            print(f"  {name:<46} {int(out) / 1024:9.2f} MB of memory more at its peak")
