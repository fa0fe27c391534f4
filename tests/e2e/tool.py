"""What the tests of the command line share: running it, a sandbox, pictures, payloads.

Every run is held to the rules that hold for all of them: no terminal codes when nothing is a terminal, one
line of valid JSON with --json, and nothing of what was given in what is said when it failed.
"""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import json
import os
import struct
import subprocess
import tempfile
import unittest
import urllib.request
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).resolve().parents[2]
BUILD = Path(os.environ.get("INE_BUILD", ROOT / "build"))
INE = str(BUILD / "ine")
SANDBOX = str(BUILD / "ine-sandbox")
PAYLOADS = ROOT / "tests" / "payloads"

OK, NO, REFUSED, LATER, TROUBLE, UNKNOWN, STOPPED = 0, 1, 2, 3, 4, 5, 130

# The documented placeholders; what must not come back in an error.
CIC = "904000001"
CURP = "GARJ000000HMCRLP00"
FIRST, FATHER, MOTHER = "Zenaida", "Quetzalli", "Xochimilco"
KEY = "5a4db0c5-8e4f-4f5a-849e-2c9c74b37c83"
SECRET = "a-secret-that-nobody-must-see"
PRIVATE = (CIC, CURP, FIRST, FATHER, MOTHER, KEY, SECRET, "case-4711")
PERSON = ("--cic", CIC, "--curp", CURP, "--first-name", FIRST, "--last-name", FATHER, "--second-last-name", MOTHER,
          "--vendor-data", "case-4711", "--consent")  # fmt: skip


class Result(NamedTuple):
    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


def environment(**more: str) -> dict[str, str]:
    """A plain one: nothing of the machine's INE_*, locale or colours."""
    kept = {k: v for k, v in os.environ.items() if k in ("PATH", "HOME", "TMPDIR") or k.endswith("SAN_OPTIONS")}
    return kept | {"LC_ALL": "C.UTF-8"} | more


def run(*words: str, given: bytes = b"", env: dict[str, str] | None = None, timeout: float = 60) -> Result:
    """`ine` with these words; checks what holds for every run."""
    done = subprocess.run(
        [INE, *words], input=given, capture_output=True, env=environment(**(env or {})), timeout=timeout, check=False
    )
    result = Result(done.returncode, done.stdout.decode(), done.stderr.decode())
    hold(words, result)
    return result


def hold(words: tuple[str, ...], result: Result) -> None:
    """The rules that every run keeps."""
    said = result.out + result.err
    assert result.code >= 0, f"ended by signal {-result.code}: {result.err}"
    assert "Sanitizer" not in said and "runtime error" not in said, said
    assert "\x1b" not in said, "a terminal code, but there is no terminal"
    if "--json" in words:
        assert result.out.count("\n") == 1 and result.out.endswith("\n"), f"not one line: {result.out!r}"
        json.loads(result.out)
    if result.code not in (OK, NO, LATER) and words and words[0] != "explain":
        for value in PRIVATE:
            assert value.lower() not in said.lower(), f"{value} was said: {said}"


def payload(name: str) -> Any:
    return json.loads((PAYLOADS / f"{name}.json").read_text(encoding="utf-8"))


def jpeg() -> bytes:
    """What a JPEG looks like at its beginning and end."""
    return (
        b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00"
        b"\xff\xdb\x00\x43\x00" + b"\x08" * 64 + b"\xff\xc0\x00\x0b\x08\x00\x08\x00\x08\x01\x01\x11\x00"
        b"\xff\xc4\x00\x14\x00\x01" + bytes(15) + b"\x00"
        b"\xff\xc4\x00\x14\x10\x01" + bytes(15) + b"\x00"
        b"\xff\xda\x00\x08\x01\x01\x00\x00\x3f\x00\x3f\xff\xd9"
    )


def png(size: int = 8) -> bytes:
    """A grey square."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = b"".join(b"\x00" + b"\x80" * size for _ in range(size))
    head = struct.pack(">IIBBBBB", size, size, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


class Sandbox:
    """ine-sandbox on a free port; its keys as options of `ine`."""

    def __init__(self, *words: str) -> None:
        self.process = subprocess.Popen(
            [SANDBOX, "--json", "--exit-with-stdin", *words],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=environment(),
        )
        assert self.process.stdout
        self.ready = json.loads(self.process.stdout.readline())
        self.env = {
            "INE_BASE_URL": self.ready["base_url"],
            "INE_API_KEY": self.ready["api_key"],
            "INE_SECRET": self.ready["secret"],
        }

    def stop(self) -> None:
        if self.process.stdin:
            self.process.stdin.close()
        self.process.wait(20)
        if self.process.stdout:
            self.process.stdout.close()

    def api(self, method: str, path: str, body: Any = None) -> Any:
        """One signed call without any code of ours; the reply's JSON."""
        data = None if body is None else json.dumps(body).encode()
        signed = path.split("/")[3].encode() if data is None else data
        signature = hmac.new(self.ready["secret"].encode(), signed, hashlib.sha256).hexdigest()
        headers = {"X-AUTH-CLIENT": self.ready["api_key"], "X-HMAC-SIGNATURE": signature}
        headers |= {"Content-Type": "application/json"}
        request = urllib.request.Request(self.ready["base_url"] + path, data, headers, method=method)
        with urllib.request.urlopen(request, timeout=20) as answer:
            return json.load(answer)

    def session(self, cic: str) -> str:
        """A session without a selfie; its id."""
        document = {"number": cic, "country": "MX", "type": "ID_CARD"}
        consents = [{"type": "ine", "approved": True}]
        asked = {"verification": {"vendorData": "case-1", "document": document, "consents": consents}}
        return str(self.api("POST", "/v1/sessions", asked)["verification"]["id"])


@contextlib.contextmanager
def sandbox(*words: str) -> Iterator[Sandbox]:
    server = Sandbox(*words)
    try:
        yield server
    finally:
        server.stop()


class Case(unittest.TestCase):
    """With a folder for files."""

    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.selfie = self.file("selfie.jpg", jpeg())

    def file(self, name: str, data: bytes | str) -> str:
        path = self.folder / name
        path.write_bytes(data.encode() if isinstance(data, str) else data)
        return str(path)

    def error(self, result: Result, exit_code: int, /, **members: Any) -> dict[str, Any]:
        """The error of a run with --json, after a look at its exit code and members."""
        self.assertEqual(result.code, exit_code, result)
        error = result.json["error"]
        for key, value in members.items():
            self.assertEqual(error[key], value, error)
        return error


def main() -> None:
    unittest.main(verbosity=1)
