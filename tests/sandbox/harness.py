"""A sandbox process and a client of the vendor's API made of the standard library only: nothing of libine is used here, so
that the sandbox is held against the vendor's pages and not against our own reading of them."""

import atexit
import base64
import hashlib
import hmac
import http.client
import json
import os
import pathlib
import subprocess
import tempfile
import time
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
PAYLOADS = ROOT / "tests" / "payloads"
BINARY = os.environ.get("INE_SANDBOX", str(ROOT / "build" / "ine-sandbox"))
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00\xff\xd9"
UUID = r"^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$"
TIME = r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$"


def payload(name):
    return json.loads((PAYLOADS / (name + ".json")).read_text("utf-8"))


def temp_file(content=b"", name="file"):
    folder = tempfile.mkdtemp(prefix="ine-sandbox-test-")
    path = os.path.join(folder, name)
    with open(path, "wb") as out:
        out.write(content)
    atexit.register(lambda: subprocess.run(["rm", "-rf", folder], check=False))
    return path


class Sandbox:
    """One ine-sandbox process. It goes when this process goes, whatever happens."""

    def __init__(self, *options):
        self.process = subprocess.Popen(
            [BINARY, "--json", "--exit-with-stdin", *options], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        line = self.process.stdout.readline()
        if not line:
            raise AssertionError(f"the sandbox did not start: exit {self.process.wait(10)}")
        self.ready = json.loads(line)
        self.base_url, self.port = self.ready["base_url"], self.ready["port"]
        self.api_key, self.secret = self.ready["api_key"], self.ready["secret"].encode()

    def stop(self):
        self.process.stdin.close()
        code = self.process.wait(20)
        self.process.stdout.close()
        return code

    def client(self, **changes):
        return Client(self, **changes)


class Reply:
    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body
        self.lower = {}
        for name, value in headers:
            self.lower.setdefault(name.lower(), []).append(value)

    def header(self, name):
        values = self.lower.get(name.lower(), [])
        assert len(values) <= 1, (name, values)
        return values[0] if values else None

    @property
    def json(self):
        return json.loads(self.body)

    @property
    def code(self):
        return self.json.get("code")


class Client:
    """Signs as the vendor documents it, checks each reply's signature, and counts the calls."""

    def __init__(self, sandbox, api_key=None, secret=None):
        self.sandbox = sandbox
        self.api_key = sandbox.api_key if api_key is None else api_key
        self.secret = sandbox.secret if secret is None else secret
        self.connection = http.client.HTTPConnection("127.0.0.1", sandbox.port, timeout=30)

    def sign(self, data):
        return hmac.new(self.secret, data, hashlib.sha256).hexdigest()

    def raw(self, method, target, body=None, headers=()):
        """A request as given. Only what every reply must hold is checked."""
        for attempt in (1, 2):
            try:
                self.connection.putrequest(method, target, skip_accept_encoding=True)
                for name, value in headers:
                    self.connection.putheader(name, value)
                if body is not None and not any(name.lower() == "content-length" for name, _ in headers):
                    self.connection.putheader("Content-Length", str(len(body)))
                self.connection.endheaders(body)
                answer = self.connection.getresponse()
                break
            except (http.client.RemoteDisconnected, ConnectionError):
                self.connection.close()
                if attempt == 2:
                    raise
        reply = Reply(answer.status, answer.getheaders(), answer.read())
        if answer.will_close:
            self.connection.close()
        assert reply.header("X-Ine-Sandbox") == "1", reply.headers
        assert reply.header("Content-Length") == str(len(reply.body))
        return reply

    def call(self, method, target, body=None, signed=None, headers=(), signature=True, content_type="application/json"):
        """A signed call: over the body, or over `signed` (the id in the path)."""
        data = body if isinstance(body, (bytes, type(None))) else json.dumps(body).encode()
        all_headers = [("X-AUTH-CLIENT", self.api_key)]
        if data is not None and content_type is not None:
            all_headers.append(("Content-Type", content_type))
        if signature is True:
            text = data if data is not None else signed.encode()
            all_headers.append(("X-HMAC-SIGNATURE", self.sign(text)))
        elif signature is not None:
            all_headers.append(("X-HMAC-SIGNATURE", signature))
        reply = self.raw(method, target, data, [*all_headers, *headers])
        self.check(reply)
        return reply

    def check(self, reply):
        given = reply.header("X-HMAC-SIGNATURE")
        if reply.status == 401:
            assert given is None, "a 401 is not signed"
        else:
            assert given is not None, ("not signed", reply.status, reply.body[:200])
            assert hmac.compare_digest(given, self.sign(reply.body)), "wrong signature"
        if reply.status >= 400:
            body = reply.json
            assert set(body) == {"status", "code", "message"}, body
            assert isinstance(body["code"], str) and body["message"]
        return reply

    # --- the steps of a verification ---

    def create(self, body=None, **changes):
        reply = self.call("POST", "/v1/sessions", body or self.request(**changes))
        assert reply.status == 201, (reply.status, reply.body)
        return reply.json["verification"]["id"]

    @staticmethod
    def request(cic="000000000", person="sample", consent=True, **document):
        body = payload("request_create_session")
        verification = body["verification"]
        verification["document"]["number"] = cic
        verification["document"].update(document)
        if person != "sample":
            verification["person"] = person
        if consent is None:
            del verification["consents"]
        else:
            verification["consents"][0]["approved"] = consent
        return body

    def upload(self, session, image=JPEG, context="face", uri="data:image/jpeg;base64,"):
        content = uri + base64.b64encode(image).decode()
        return self.call("POST", f"/v1/sessions/{session}/media", {"image": {"context": context, "content": content}})

    def submit(self, session):
        return self.call("PATCH", f"/v1/sessions/{session}", payload("request_submit"))

    def get(self, target, signed):
        return self.call("GET", target, signed=signed)

    def decision(self, session, wait=True):
        """Polls, with a bound on the number of polls and not on the time of one."""
        for _ in range(600):
            reply = self.get(f"/v1/sessions/{session}/decision", session)
            assert reply.status == 200, (reply.status, reply.body)
            if reply.json["verification"] is not None or not wait:
                return reply
            time.sleep(0.02)
        raise AssertionError("no decision")

    def verify(self, body=None, image=JPEG, **changes):
        session = self.create(body, **changes)
        assert self.upload(session, image).status == 200
        assert self.submit(session).status == 200
        return self.decision(session).json


class SandboxTest(unittest.TestCase):
    """Tests that share one sandbox, whose decisions come at once."""

    options = ("--seed", "7", "--decision-delay-ms", "0")

    @classmethod
    def setUpClass(cls):
        cls.sandbox = Sandbox(*cls.options)
        cls.addClassCleanup(cls.sandbox.process.stdout.close)

    @classmethod
    def tearDownClass(cls):
        code = cls.sandbox.stop()
        assert code == 0, f"the sandbox ended with {code}"

    def setUp(self):
        self.client = self.sandbox.client()
        self.addCleanup(self.client.connection.close)

    def refused(self, reply, status, code):
        self.assertEqual((reply.status, reply.code), (status, str(code)), reply.body)
