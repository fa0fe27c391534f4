#!/usr/bin/env python3
"""A verification with Python's standard library alone: no library of ours at all.

    examples/foreign/verify.py CIC SELFIE.jpg             asks for the decision until it is there
    examples/foreign/verify.py CIC SELFIE.jpg --webhook   waits for it to come (sandbox only: it says where to)

INE_BASE_URL, INE_API_KEY and INE_SECRET say where and who; ine-sandbox prints all three.
Exit code: 0 approved, 1 any other outcome, 2 trouble.
"""

import base64
import hashlib
import hmac
import http.server
import json
import os
import sys
import time
import urllib.error
import urllib.request

SECRET = os.environ.get("INE_SECRET", "").encode()
KEY, BASE = os.environ.get("INE_API_KEY", ""), os.environ.get("INE_BASE_URL", "")


class Trouble(Exception):
    pass


def sign(data):
    return hmac.new(SECRET, data, hashlib.sha256).hexdigest()


def is_genuine(headers, body):
    """Over the bytes as they came: whatever parses and writes them again breaks it."""
    given = headers.get_all("X-HMAC-SIGNATURE") or []
    return len(given) == 1 and hmac.compare_digest(given[0].strip().lower().encode(), sign(body).encode())


def call(method, path, body=None, signed=None):
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(BASE + path, data=data, method=method)
    request.add_header("X-AUTH-CLIENT", KEY)
    request.add_header("X-HMAC-SIGNATURE", sign(data if data is not None else signed.encode()))
    if data is not None:
        request.add_header("Content-Type", "application/json")
    try:
        with urllib.request.urlopen(request, timeout=30) as reply:
            headers, answer = reply.headers, reply.read()
    except urllib.error.HTTPError as error:
        raise Trouble(f"{error.code}: {error.read().decode(errors='replace')}") from error
    if not is_genuine(headers, answer):
        raise Trouble("the reply's signature is not right")
    return json.loads(answer)


def start(cic, selfie):
    session = call(
        "POST",
        "/v1/sessions",
        {
            "verification": {
                "vendorData": "python",
                "document": {"number": cic, "country": "MX", "type": "ID_CARD"},
                "consents": [{"type": "ine", "approved": True}],
            }
        },
    )["verification"]["id"]
    content = "data:image/jpeg;base64," + base64.b64encode(selfie).decode()
    call("POST", f"/v1/sessions/{session}/media", {"image": {"context": "face", "content": content}})
    call("PATCH", f"/v1/sessions/{session}", {"verification": {"status": "submitted"}})
    return session


def ask(session):
    for _ in range(60):
        decision = call("GET", f"/v1/sessions/{session}/decision", signed=session)["verification"]
        if decision:
            return decision
        time.sleep(0.2)
    raise Trouble(f"no decision yet: {session}")


class Receiver(http.server.BaseHTTPRequestHandler):
    decisions = {}

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        ok = self.headers.get("X-AUTH-CLIENT") == KEY and is_genuine(self.headers, body)
        if ok:
            decision = json.loads(body)["verification"]
            self.decisions[decision["id"]] = decision
        self.send_response(200 if ok else 401)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


def receive(cic, selfie):
    with http.server.HTTPServer(("127.0.0.1", 0), Receiver) as server:
        url = f"http://127.0.0.1:{server.server_port}/"
        # The vendor's customer portal is where this is said otherwise.
        tell(url)
        session = start(cic, selfie)
        server.timeout = 1
        for _ in range(30):
            server.handle_request()
            if session in Receiver.decisions:
                return Receiver.decisions[session]
    raise Trouble(f"no webhook came: {session}")


def tell(url):
    request = urllib.request.Request(
        f"{BASE}/sandbox/integrations/{KEY}",
        data=json.dumps({"decision_url": url}).encode(),
        method="PATCH",
        headers={"Content-Type": "application/json"},
    )
    urllib.request.urlopen(request, timeout=30).close()


def main(arguments):
    if len(arguments) not in (2, 3) or not (SECRET and KEY and BASE):
        print(__doc__, file=sys.stderr)
        return 2
    try:
        with open(arguments[1], "rb") as file:
            selfie = file.read()
        decision = receive(arguments[0], selfie) if len(arguments) == 3 else ask(start(arguments[0], selfie))
    except (Trouble, OSError) as error:
        print(error, file=sys.stderr)
        return 2
    print(decision["id"], decision["status"], decision["reasonCode"])
    return 0 if decision["status"] == "approved" else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
