"""F47 to F51: what stands between the client and a trusted connection. Nothing is sent through any of it. F01 to F04 and F52
need no server; they are here because they belong to the same moment."""

import os
import socket
import tempfile
import unittest

import faults


class Tls(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.ca = os.path.join(self.folder.name, "ca.pem")

    def bench(self, *options):
        bench = faults.Bench("--tls", "--ca-file", self.ca, *options)
        self.addCleanup(bench.stop)
        return bench

    def one(self, bench, **options):
        return bench.driver("create", **options)[0]

    def test_a_trusted_certificate(self):
        bench = self.bench()
        self.assertTrue(bench.sandbox.base_url.startswith("https://127.0.0.1:"))
        self.assertEqual(self.one(bench, ca=self.ca)["name"], "INE_OK")
        by_name = bench.sandbox.base_url.replace("127.0.0.1", "localhost")
        self.assertEqual(self.one(bench, ca=self.ca, base_url=by_name)["name"], "INE_OK")
        flow = bench.driver("verify", ca=self.ca)[0]
        self.assertEqual((flow["name"], flow["outcome"]), ("INE_OK", "VERIFIED"))

    def test_f47_f48_f49_not_trusted(self):
        rows = []
        for fault, name, ca in (
            ("F47 unknown authority", None, None),
            ("F47 self-signed", "self_signed", self.ca),
            ("F48 wrong host", "wrong_host", self.ca),
            ("F48 expired", "expired", self.ca),
            ("F49 TLS 1.1", "tls11", self.ca),
        ):
            bench = self.bench(*(["--tls-fault", name] if name else []))
            result = self.one(bench, ca=ca)
            rows.append((fault, result["name"], result["sent"], result["attempts"], result["transport"]))
        faults.show("TLS", [("fault", "error", "sent", "attempts", "libcurl"), *rows])
        for row in rows:
            with self.subTest(case=row[0]):
                self.assertEqual(row[1:4], ("TLS", "no", 1))

    def test_f50_f51_no_handshake(self):
        rows = []
        for fault, name in (
            ("F50 plain", "plain"),
            ("F50 close", "close"),
            ("F50 reset", "reset"),
            ("F51 hang", "hang"),
        ):
            bench = self.bench("--tls-fault", name)
            result = self.one(bench, ca=self.ca, connect_ms=600 if name == "hang" else 5000, call_ms=5000)
            rows.append((fault, result["name"], result["sent"], result["attempts"], result["transport"]))
        faults.show("TLS handshake", [("fault", "error", "sent", "attempts", "libcurl"), *rows])
        self.assertEqual(
            [row[1:4] for row in rows],
            [("TLS", "no", 1), ("CONNECT", "no", 3), ("CONNECT", "no", 3), ("TIMEOUT", "no", 3)],
        )

    def test_f22_no_close_notify(self):
        """A reply without a length that TLS does not end properly is cut off, whatever its bytes say."""
        bench = self.bench()
        # the admin endpoints speak https too; the fault is set by the driver's own route through a rule made before
        import ssl
        import urllib.request

        context = ssl.create_default_context(cafile=self.ca)
        request = urllib.request.Request(
            bench.sandbox.base_url + "/sandbox/faults",
            data=b'{"fault":"F22","route":"create","times":-1}',
            headers={"Content-Type": "application/json"},
            method="POST",
        )
        with urllib.request.urlopen(request, context=context, timeout=30) as reply:
            self.assertEqual(reply.status, 201)
        result = self.one(bench, ca=self.ca)
        self.assertIn(result["name"], ("SIGNATURE", "OUTCOME_UNKNOWN"))
        self.assertEqual((result["attempts"], result["document"]), (1, 0))

    def test_f01_f03_no_server(self):
        bench = faults.Bench()
        self.addCleanup(bench.stop)
        with socket.socket() as closed:
            closed.bind(("127.0.0.1", 0))
            refused = self.one(bench, base_url=f"http://127.0.0.1:{closed.getsockname()[1]}")
        self.assertEqual((refused["name"], refused["sent"], refused["attempts"]), ("CONNECT", "no", 3))
        lost = self.one(bench, base_url="http://no-such-host.invalid", connect_ms=1000)
        self.assertIn(lost["name"], ("RESOLVE", "TIMEOUT"))
        self.assertEqual((lost["sent"], lost["attempts"]), ("no", 3))

    def test_f04_nobody_answers(self):
        """A full backlog lets SYNs wait: the nearest thing to a black hole on loopback."""
        bench = faults.Bench()
        self.addCleanup(bench.stop)
        with socket.socket() as full:
            full.bind(("127.0.0.1", 0))
            full.listen(0)
            waiting = []
            for _ in range(8):
                other = socket.socket()
                other.setblocking(False)
                other.connect_ex(full.getsockname())
                waiting.append(other)
            result = self.one(
                bench, base_url=f"http://127.0.0.1:{full.getsockname()[1]}", connect_ms=500, call_ms=700, retries=0
            )
            for other in waiting:
                other.close()
        self.assertEqual((result["name"], result["sent"]), ("TIMEOUT", "no"), result)

    def test_f52_no_authorities(self):
        bench = faults.Bench()
        self.addCleanup(bench.stop)
        empty = os.path.join(self.folder.name, "empty.pem")
        open(empty, "w", encoding="ascii").close()
        for path in (empty, os.path.join(self.folder.name, "missing.pem")):
            with self.assertRaises(AssertionError) as refused:
                self.one(bench, ca=path)
            self.assertIn('"setup":"client","name":"CONFIG"', str(refused.exception).replace("\\", ""))


if __name__ == "__main__":
    unittest.main()
