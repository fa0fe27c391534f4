"""A server that answers each request with the same signed decision: its own work counts for nobody.

python canned.py    prints its port, and serves until its standard input ends"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import sys

KEY, SECRET = "5a4db0c5-1111-4111-8111-111111111111", b"secret of a benchmark"
SESSION = "12df6045-3846-3e45-946a-14fa6136d78b"


def reply() -> bytes:
    passed = {"result": "success", "reason": None}
    names = (
        "consent_obtained person_registered selfie_registry_match not_reported_lost_or_stolen first_name_match "
        "father_last_name_match mother_last_name_match personal_number_match registration_year_match issue_year_match"
    )
    registry = {"mx_ine": {"status": "success", "error": None, "validations": dict.fromkeys(names.split(), passed)}}
    verification = {"id": SESSION, "code": 9001, "status": "approved", "registryValidations": registry}
    body = json.dumps({"status": "success", "verification": verification}, separators=(",", ":")).encode()
    signature = hmac.new(SECRET, body, hashlib.sha256).hexdigest()
    head = f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nX-HMAC-SIGNATURE: {signature}\r\n"
    return f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body


class Canned(asyncio.Protocol):
    whole = reply()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        for _ in range(data.count(b"\r\n\r\n")):
            self.transport.write(self.whole)


async def main() -> None:
    loop = asyncio.get_running_loop()
    server = await loop.create_server(Canned, "127.0.0.1", 0, backlog=1024)
    print(server.sockets[0].getsockname()[1], flush=True)
    await loop.run_in_executor(None, sys.stdin.read)
    server.close()


if __name__ == "__main__":
    asyncio.run(main())
