"""Webhooks: what is sent, how it is signed, tried again and resent; and what can be wrong with one."""

import hashlib
import http.server
import json
import threading
import unittest

from harness import Sandbox
from test_registry import Admin


class Receiver:
    """Takes webhooks on loopback and answers as told."""

    def __init__(self, statuses=()):
        self.arrived, self.statuses, self.some = [], list(statuses), threading.Condition()
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                with outer.some:
                    outer.arrived.append((self.path, self.headers, body))
                    status = outer.statuses.pop(0) if outer.statuses else 200
                    outer.some.notify_all()
                self.send_response(status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server.server_port}"

    def wait(self, count):
        with self.some:
            if not self.some.wait_for(lambda: len(self.arrived) >= count, timeout=60):
                raise AssertionError(f"{len(self.arrived)} webhooks of {count}")
            return self.arrived[:count]

    def close(self):
        self.server.shutdown()
        self.server.server_close()


class Webhooks(Admin):
    def setUp(self):
        super().setUp()
        self.receiver = Receiver()
        self.addCleanup(self.receiver.close)
        self.addCleanup(self.admin, "POST", "/settings", {"clock_ms": 0, "retry_ms": 3600000})
        self.url = self.receiver.url + "/hooks?x=1"

    def listed(self, number):
        return next(d for d in self.admin("GET", "/webhooks") if d["seq"] == number)

    def settled(self, number, done=1):
        """The record of a delivery once it is settled; asked again a bounded number of times."""
        for _ in range(3000):
            record = self.listed(number)
            if record.get("done") == done:
                return record
        raise AssertionError(record)

    def check(self, hook):
        path, headers, body = hook
        self.assertEqual(path, "/hooks?x=1")
        self.assertEqual(headers["Content-Type"], "application/json")
        self.assertEqual(headers["X-Ine-Sandbox"], "1")
        self.assertEqual(headers["X-AUTH-CLIENT"], self.client.api_key)
        self.assertEqual(headers["X-HMAC-SIGNATURE"], self.client.sign(body))
        return json.loads(body)

    def test_decision_is_what_get_decision_says(self):
        self.change(decision_url=self.url)
        decision = self.client.verify(cic="581000001")
        self.assertEqual(self.check(self.receiver.wait(1)[0]), decision)
        session = decision["verification"]["id"]
        number = next(d["seq"] for d in self.admin("GET", "/webhooks") if d["session"] == session and d["kind"] == 1)
        record = self.settled(number)
        self.assertEqual((record["tries"], record["status"]), (1, 200))
        self.assertEqual(json.loads(record["body"]), decision)

    def test_events(self):
        self.change(event_url=self.url)
        session = self.client.create()
        self.client.upload(session)
        self.client.upload(session)
        self.client.submit(session)
        events = sorted((self.check(hook) for hook in self.receiver.wait(2)), key=lambda event: event["code"])
        attempt = self.client.decision(session).json["verification"]["attemptId"]
        common = {
            "id": session,
            "attemptId": attempt,
            "feature": "selfid",
            "vendorData": "12345678",
            "endUserId": "a1b2c35d-e8f7-6d5e-3cd2-a1b2c35db3d4",
        }
        self.assertEqual(
            events, [{**common, "code": 7001, "action": "started"}, {**common, "code": 7002, "action": "submitted"}]
        )

    def test_tried_again_until_200_with_the_same_bytes(self):
        self.receiver.statuses = [500, 202, 200]
        self.admin("POST", "/settings", {"retry_ms": 30})
        self.change(decision_url=self.url)
        self.client.verify()
        hooks = self.receiver.wait(3)
        self.assertEqual(len({body for _, _, body in hooks}), 1)
        number = self.admin("GET", "/webhooks")[0]["seq"]
        for d in self.admin("GET", "/webhooks"):
            if d["kind"] == 1:
                number = d["seq"]
                break
        record = self.settled(number)
        self.assertEqual((record["tries"], record["status"]), (3, 200))

    def test_the_schedule_runs_with_the_clock(self):
        self.receiver.statuses = [500]
        self.change(decision_url=self.url)
        self.client.verify()
        self.receiver.wait(1)
        self.admin("POST", "/settings", {"advance_ms": 3600000})
        self.receiver.wait(2)

    def test_expired_and_abandoned(self):
        minted = self.admin("POST", "/integrations", {"product": "mx_ine", "decision_url": self.url}, 201)
        client = self.sandbox.client(api_key=minted["api_key"], secret=minted["secret"].encode())
        self.addCleanup(client.connection.close)
        created, started = client.create(), client.create()
        client.upload(started)
        self.admin("POST", "/settings", {"advance_ms": 7 * 86400 * 1000})
        found = {}
        for _, headers, body in self.receiver.wait(2):
            self.assertEqual(headers["X-HMAC-SIGNATURE"], client.sign(body))
            verification = json.loads(body)["verification"]
            found[verification["id"]] = (verification["status"], verification["code"])
        self.assertEqual(found, {created: ("expired", 9104), started: ("abandoned", 9104)})

    def test_delete(self):
        self.change(decision_url=self.url)
        session = self.client.create()
        self.assertEqual(self.client.call("DELETE", f"/v1/sessions/{session}", signed=session).status, 200)
        verification = self.check(self.receiver.wait(1)[0])["verification"]
        self.assertEqual((verification["id"], verification["status"]), (session, "expired"))

    def test_resend(self):
        self.change(decision_url=self.url)
        self.client.verify()
        first = self.receiver.wait(1)[0]
        number = next(d["seq"] for d in self.admin("GET", "/webhooks") if d["kind"] == 1)
        self.settled(number)
        self.admin("POST", f"/webhooks/{number}/resend", {})
        second = self.receiver.wait(2)[1]
        self.assertEqual(first[2], second[2])
        for bad in ("0", "x", "99999999"):
            self.admin("POST", f"/webhooks/{bad}/resend", {}, 404)

    def one(self, **switches):
        self.change(decision_url=self.url, **switches)
        self.client.verify()
        return self.receiver.wait(1)[0]

    def test_faults(self):
        _, headers, body = self.one(webhook_fault="wrong_signature")
        self.assertNotEqual(headers["X-HMAC-SIGNATURE"], self.client.sign(body))
        self.receiver.arrived.clear()
        _, headers, body = self.one(webhook_fault="other_tenant")
        self.assertNotEqual(headers["X-AUTH-CLIENT"], self.client.api_key)
        self.receiver.arrived.clear()
        _, headers, body = self.one(webhook_fault="reindented")
        self.assertNotEqual(headers["X-HMAC-SIGNATURE"], self.client.sign(body))
        self.assertEqual(json.loads(body)["verification"]["status"], "approved")
        self.receiver.arrived.clear()
        _, headers, body = self.one(webhook_fault="unsigned")
        self.assertIsNone(headers["X-HMAC-SIGNATURE"])
        self.receiver.arrived.clear()
        _, headers, body = self.one(webhook_fault="x_signature")
        self.assertIsNone(headers["X-HMAC-SIGNATURE"])
        self.assertEqual(headers["X-SIGNATURE"], hashlib.sha256(body + self.client.secret).hexdigest())
        self.receiver.arrived.clear()
        self.one(webhook_fault="duplicate")
        first, second = self.receiver.wait(2)
        self.assertEqual(first[2], second[2])
        self.receiver.arrived.clear()
        _, headers, body = self.one(webhook_fault="none", headers="both")
        self.assertEqual(headers["VRF-HMAC-SIGNATURE"], headers["X-HMAC-SIGNATURE"])

    def test_old_secret(self):
        minted = self.admin("POST", "/integrations", {"product": "mx_ine"}, 201)
        changes = {"rotate": True, "decision_url": self.url, "webhook_fault": "old_secret"}
        rotated = self.admin("PATCH", "/integrations/" + minted["api_key"], changes)
        client = self.sandbox.client(api_key=minted["api_key"], secret=rotated["secret"].encode())
        self.addCleanup(client.connection.close)
        client.verify()
        _, headers, body = self.receiver.wait(1)[0]
        old = self.sandbox.client(secret=minted["secret"].encode())
        self.assertEqual(headers["X-HMAC-SIGNATURE"], old.sign(body))
        self.assertNotEqual(headers["X-HMAC-SIGNATURE"], client.sign(body))

    def test_legacy_registry(self):
        minted = self.admin("POST", "/integrations", {"product": "ine_registry", "ine_url": self.url}, 201)
        client = self.sandbox.client(api_key=minted["api_key"], secret=minted["secret"].encode())
        self.addCleanup(client.connection.close)
        session = client.create()
        client.submit(session)
        _, headers, body = self.receiver.wait(1)[0]
        self.assertEqual(headers["X-HMAC-SIGNATURE"], client.sign(body))
        hook = json.loads(body)
        self.assertEqual(
            list(hook), ["eventType", "sessionId", "attemptId", "vendorData", "endUserId", "version", "time", "data"]
        )
        self.assertEqual((hook["eventType"], hook["sessionId"], hook["version"]), ("ine_registry", session, "1.0.0"))
        self.assertEqual(
            hook["data"],
            {
                "status": "La credencial es válida",
                "code": 200,
                "details": {"active": True, "documentState": "El documento es válido."},
            },
        )

    def test_addresses_that_are_not_loopback_are_not_gone_to(self):
        for url in ("http://192.0.2.1/", "https://127.0.0.1/", "http://example.com/", "ftp://127.0.0.1/", "nonsense"):
            self.change(decision_url=url)
            self.client.verify()
            number = next(d["seq"] for d in self.admin("GET", "/webhooks") if d["kind"] == 1)
            for _ in range(3000):
                record = self.listed(number)
                if record.get("tries"):
                    break
            self.assertEqual((record["tries"], record.get("status", 0), record.get("done", 0)), (1, 0, 0))

    def test_what_was_waiting_is_sent_after_a_restart(self):
        from harness import temp_file

        path = temp_file()
        self.receiver.statuses = [500]
        first = Sandbox("--db", path, "--decision-delay-ms", "0", "--decision-url", self.url)
        client = first.client()
        client.verify()
        self.receiver.wait(1)
        client.connection.close()
        self.assertEqual(first.stop(), 0)
        second = Sandbox("--db", path)
        self.addCleanup(second.stop)
        client = second.client()
        client.raw("POST", "/sandbox/settings", b'{"advance_ms":3600001}', [("Content-Type", "application/json")])
        hooks = self.receiver.wait(2)
        self.assertEqual(hooks[0][2], hooks[1][2])
        client.connection.close()


del Admin

if __name__ == "__main__":
    unittest.main()
