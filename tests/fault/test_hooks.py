"""F64 to F71: webhooks as the sandbox sends them, and what `ine webhook verify` makes of the bytes that arrived."""

import json
import os
import pathlib
import subprocess
import tempfile
import unittest

import faults  # also finds the sandbox's tests
from test_webhooks import Receiver

INE = os.environ.get("INE", str(faults.harness.ROOT / "build" / "ine"))
GENUINE, REFUSED, TOO_LARGE = 0, 4, 2
# switch, exit code of the verification
TABLE = [
    ("none", GENUINE),
    ("duplicate", GENUINE),
    ("reordered", GENUINE),
    ("upper_case", GENUINE),
    ("spaces", GENUINE),
    ("wrong_signature", REFUSED),
    ("other_tenant", REFUSED),
    ("reindented", REFUSED),
    ("crlf", REFUSED),
    ("trailing_newline", REFUSED),
    ("bom", REFUSED),
    ("unsigned", REFUSED),
    ("x_signature", REFUSED),
    ("twice", REFUSED),
    ("no_key", REFUSED),
    ("gzip", REFUSED),
    ("large", TOO_LARGE),
]


class Hooks(unittest.TestCase):
    def setUp(self):
        self.bench = faults.Bench()
        self.addCleanup(self.bench.stop)
        self.receiver = Receiver()
        self.addCleanup(self.receiver.close)
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)

    def change(self, **switches):
        self.bench.admin("PATCH", "/sandbox/integrations/" + self.bench.sandbox.api_key, switches)

    def verify(self, hook, secret=None, old=None):
        _, headers, body = hook
        folder = pathlib.Path(self.folder.name)
        (folder / "headers").write_text("".join(f"{n}: {v}\n" for n, v in headers.raw_items()), "utf-8")
        (folder / "body").write_bytes(body)
        (folder / "secret").write_bytes(secret or self.bench.sandbox.secret)
        words = [
            INE,
            "webhook",
            "verify",
            "--json",
            "--headers",
            folder / "headers",
            "--body",
            folder / "body",
            "--api-key",
            self.bench.sandbox.api_key,
            "--secret-file",
            folder / "secret",
        ]
        if old:
            (folder / "old").write_bytes(old)
            words += ["--old-secret-file", folder / "old"]
        done = subprocess.run(words, capture_output=True, text=True, check=False, timeout=60)
        return done.returncode, done.stdout, done.stderr

    def test_each_is_accepted_or_refused_as_it_must_be(self):
        rows = []
        for fault, code in TABLE:
            before = len(self.receiver.arrived)
            self.change(decision_url=self.receiver.url, webhook_fault=fault)
            self.bench.verify(cic="581000001")
            hook = self.receiver.wait(before + 1)[before]
            got, out, err = self.verify(hook)
            rows.append((fault, "accepted" if got == GENUINE else "refused", len(hook[2])))
            with self.subTest(fault=fault):
                self.assertEqual(got, code, (out[:300], err[:600]))
            if fault == "duplicate":
                self.receiver.wait(before + 2)
        faults.show(f"webhooks: {len(rows)} cases", [("fault", "library", "bytes"), *rows])

    def dedupe_key(self, hook):
        code, out, err = self.verify(hook)
        self.assertEqual(code, GENUINE, err)
        return json.loads(out).get("dedupe_key", hook[2].hex())

    def test_f64_a_hundred_at_once_have_one_dedupe_key(self):
        self.change(decision_url=self.receiver.url, webhook_fault="hundred")
        self.bench.verify()
        hooks = self.receiver.wait(100)
        self.assertEqual(len({hook[2] for hook in hooks}), 1)
        self.assertEqual(len({self.dedupe_key(hook) for hook in hooks[:3]}), 1)

    def test_f65_the_older_comes_later(self):
        self.change(decision_url=self.receiver.url, event_url=self.receiver.url, webhook_fault="reordered")
        self.bench.verify()
        codes = [json.loads(self.receiver.wait(1)[0][2])["verification"]["code"]]
        self.bench.admin("POST", "/sandbox/settings", {"advance_ms": 1000})
        codes.append(json.loads(self.receiver.wait(2)[1][2])["code"])
        self.bench.admin("POST", "/sandbox/settings", {"advance_ms": 1000})
        codes.append(json.loads(self.receiver.wait(3)[2][2])["code"])
        self.assertEqual(codes, [9001, 7002, 7001])
        for hook in self.receiver.arrived:
            self.assertEqual(self.verify(hook)[0], GENUINE)

    def test_f66_last_weeks_comes_again(self):
        self.change(decision_url=self.receiver.url)
        self.bench.verify()
        first = self.receiver.wait(1)[0]
        number = self.bench.admin("GET", "/sandbox/webhooks")[0]["seq"]
        self.bench.admin("POST", "/sandbox/settings", {"advance_ms": 7 * 86400000})
        self.bench.admin("POST", f"/sandbox/webhooks/{number}/resend")
        again = self.receiver.wait(2)[1]
        self.assertEqual(first[2], again[2])
        self.assertEqual(self.dedupe_key(first), self.dedupe_key(again))

    def test_f70_the_old_secret(self):
        old = self.bench.sandbox.secret
        self.change(rotate=True, decision_url=self.receiver.url, webhook_fault="old_secret")
        new = next(
            i for i in self.bench.admin("GET", "/sandbox/integrations") if i["api_key"] == self.bench.sandbox.api_key
        )["secret"].encode()
        self.bench.verify(secret=new)
        hook = self.receiver.wait(1)[0]
        self.assertEqual(self.verify(hook, secret=new, old=old)[0], GENUINE)
        self.assertEqual(self.verify(hook, secret=new)[0], REFUSED)

    def test_delay(self):
        self.change(decision_url=self.receiver.url, webhook_delay_ms=60000)
        self.bench.verify()
        waiting = self.bench.admin("GET", "/sandbox/webhooks")[0]
        self.assertEqual((waiting.get("tries", 0), waiting["next_ms"] - waiting["created_ms"] >= 0), (0, True))
        self.bench.admin("POST", "/sandbox/settings", {"advance_ms": 60000})
        self.receiver.wait(1)


class Https(unittest.TestCase):
    def test_webhooks_go_to_https_when_the_authority_is_trusted(self):
        """A receiver with TLS: another sandbox's certificate serves it."""
        import ssl
        import threading

        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        cert = pathlib.Path(folder.name) / "cert.pem"
        made = subprocess.run(
            [
                "openssl",
                "req",
                "-x509",
                "-newkey",
                "ec",
                "-pkeyopt",
                "ec_paramgen_curve:P-256",
                "-nodes",
                "-days",
                "2",
                "-subj",
                "/CN=receiver",
                "-addext",
                "subjectAltName=IP:127.0.0.1",
                "-keyout",
                cert.with_suffix(".key"),
                "-out",
                cert,
            ],
            capture_output=True,
            check=False,
            timeout=60,
        )
        if made.returncode:
            self.skipTest("no openssl command")
        for trusted in (True, False):
            receiver = Receiver()
            self.addCleanup(receiver.close)
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(cert, cert.with_suffix(".key"))
            receiver.server.socket = context.wrap_socket(receiver.server.socket, server_side=True)
            bench = faults.Bench(*(["--webhook-ca", str(cert)] if trusted else []))
            self.addCleanup(bench.stop)
            url = receiver.url.replace("http:", "https:")
            bench.admin("PATCH", "/sandbox/integrations/" + bench.sandbox.api_key, {"decision_url": url})
            bench.verify()
            if trusted:
                receiver.wait(1)
                continue
            for _ in range(3000):
                record = bench.admin("GET", "/sandbox/webhooks")[0]
                if record.get("tries"):
                    break
            self.assertEqual((record["tries"], record.get("done", 0), receiver.arrived), (1, 0, []))
        self.assertGreaterEqual(threading.active_count(), 1)


if __name__ == "__main__":
    unittest.main()
