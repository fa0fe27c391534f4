"""The process: how it starts, stops, keeps its state, and what it makes of input that is not HTTP as it speaks it."""

import http.client
import json
import os
import pathlib
import random
import re
import signal
import socket
import sqlite3
import stat
import subprocess
import unittest

from harness import BINARY, JPEG, Sandbox, SandboxTest, payload, temp_file


def run(*options, **more):
    return subprocess.run([BINARY, *options], capture_output=True, timeout=30, text=True, **more)


class CommandLine(unittest.TestCase):
    def test_help_and_version(self):
        out = run("--help")
        self.assertEqual(out.returncode, 0)
        for word in ("--json", "--listen", "--db", "--seed", "--exit-with-stdin", "ine verify --sandbox", "scenarios"):
            self.assertIn(word, out.stdout)
        self.assertTrue(all(len(line) <= 80 for line in out.stdout.splitlines()))
        self.assertRegex(run("--version").stdout, r"^ine-sandbox \d+\.\d+\.\d+\n$")

    def test_refusals(self):
        secret = temp_file(b"s")
        cases = [
            ["--nothing"],
            ["x"],
            ["--port"],
            ["--port", "65536"],
            ["--port", "-1"],
            ["--port", "1x"],
            ["--seed="],
            ["--json=1"],
            ["--listen", "0.0.0.0"],
            ["--listen", "192.0.2.1"],
            ["--listen", "::"],
            ["--listen", "example.com"],
            ["--api-key", "5a4db0c5-0000-4000-8000-000000000000"],
            ["--secret-file", secret],
            ["--product", "other"],
            ["--api-key", "00000000-0000-4000-8000-000000000000", "--secret-file", secret],
            ["--api-key", "5a4db0c5", "--secret-file", secret],
            ["--api-key", "5a4db0c5-0000-4000-8000-000000000000", "--secret-file", temp_file(b"\n")],
            ["--api-key", "5a4db0c5-0000-4000-8000-000000000000", "--secret-file", temp_file(b"s" * 1025)],
            ["--api-key", "5a4db0c5-0000-4000-8000-000000000000", "--secret-file", temp_file(b"\xff")],
            ["--api-key", "5a4db0c5-0000-4000-8000-000000000000", "--secret-file", "/nonexistent"],
        ]
        for options in cases:
            with self.subTest(options):
                out = run(*options)
                self.assertEqual((out.returncode, out.stdout), (2, ""))
                self.assertTrue(out.stderr.startswith("ine-sandbox: "))

    def test_what_can_not_run(self):
        taken = socket.create_server(("127.0.0.1", 0))
        self.addCleanup(taken.close)
        for options in (
            ["--port", str(taken.getsockname()[1])],
            ["--db", "/nonexistent/dir/file"],
            ["--db", temp_file(b"this is not a database, but long enough to be read as one" * 20)],
        ):
            with self.subTest(options):
                self.assertEqual(run(*options).returncode, 4)

    def test_stdout_closed(self):
        out = subprocess.run(["sh", "-c", f"'{BINARY}' --json >&-"], capture_output=True, timeout=30)
        self.assertEqual(out.returncode, 4)

    def test_text_for_people(self):
        out = run("--exit-with-stdin", "--seed", "1", stdin=subprocess.DEVNULL)
        self.assertEqual(out.returncode, 0)
        for word in (
            "export INE_BASE_URL=http://127.0.0.1:",
            "export INE_API_KEY=5a4db0c5-",
            "export INE_SECRET=",
            "900100001  approved",
            "581000001  selfie_mismatch",
            "curl",
        ):
            self.assertIn(word, out.stdout)


class Life(unittest.TestCase):
    def start(self, *options):
        sandbox = Sandbox(*options)
        self.addCleanup(sandbox.stop)
        return sandbox

    def test_ready_line(self):
        sandbox = self.start()
        self.assertEqual(set(sandbox.ready), {"base_url", "api_key", "secret", "port", "pid"})
        self.assertEqual(sandbox.ready["pid"], sandbox.process.pid)
        self.assertEqual(sandbox.base_url, f"http://127.0.0.1:{sandbox.port}")
        self.assertTrue(sandbox.api_key.startswith("5a4db0c5-"))
        self.assertEqual(len(sandbox.ready["secret"]), 36)

    def test_stops_on_signals_and_with_its_parent(self):
        for number in (signal.SIGTERM, signal.SIGINT):
            sandbox = self.start()
            client = sandbox.client()
            client.create()
            sandbox.process.send_signal(number)
            self.assertEqual(sandbox.process.wait(20), 0)
            client.connection.close()
        self.assertEqual(self.start().stop(), 0)
        parent = subprocess.Popen(["sleep", "600"])
        sandbox = self.start("--parent-pid", str(parent.pid))
        parent.kill()
        parent.wait()
        self.assertEqual(sandbox.process.wait(20), 0)

    def test_a_seed_makes_everything_repeat(self):
        def script():
            sandbox = self.start("--seed", "42")
            client = sandbox.client()
            session = client.create()
            image = client.upload(session).json["image"]["id"]
            client.connection.close()
            return sandbox.api_key, sandbox.secret, session, image

        first, second = script(), script()
        self.assertEqual(first, second)
        self.assertEqual(len(set(first)), 4)
        self.assertNotEqual(self.start().api_key, self.start().api_key)
        self.assertNotEqual(self.start("--seed", "43").secret, first[1])

    def test_ipv6_loopback(self):
        if not socket.has_ipv6 or not os.path.exists("/proc/net/if_inet6"):
            self.skipTest("no IPv6 here")
        try:
            sandbox = self.start("--listen", "::1")
        except AssertionError:
            self.skipTest("no IPv6 loopback here")
        self.assertEqual(sandbox.base_url, f"http://[::1]:{sandbox.port}")
        connection = http.client.HTTPConnection("::1", sandbox.port, timeout=30)
        connection.request("GET", "/sandbox/scenarios")
        self.assertEqual(connection.getresponse().status, 200)
        connection.close()

    def test_state_in_a_file(self):
        path = temp_file(name="state.db")
        os.remove(path)
        sandbox = self.start("--db", path)
        client = sandbox.client()
        session = client.create()
        image = client.upload(session).json["image"]["id"]
        client.connection.close()
        sandbox.stop()
        self.assertEqual(stat.S_IMODE(os.stat(path).st_mode), 0o600)
        again = self.start("--db", path, "--decision-delay-ms", "0")
        self.assertEqual((again.api_key, again.secret), (sandbox.api_key, sandbox.secret))
        client = again.client()
        self.assertEqual(client.get(f"/v1/media/{image}", image).body, JPEG)
        other = client.create()
        self.assertNotEqual(other, session)
        client.submit(session)
        self.assertEqual(client.decision(session).json["verification"]["status"], "approved")
        client.connection.close()
        again.stop()
        database = sqlite3.connect(path)
        rows = database.execute("select json_extract(value,'$.cic') from sessions").fetchall()
        self.assertEqual(rows, [("000000000",), ("000000000",)])
        database.close()

    def test_a_second_sandbox_on_the_same_file_is_refused(self):
        path = temp_file()
        self.start("--db", path)
        self.assertEqual(run("--db", path, "--exit-with-stdin", stdin=subprocess.DEVNULL).returncode, 4)

    def test_killed_and_opened_again(self):
        path = temp_file()
        sandbox = self.start("--db", path)
        client = sandbox.client()
        for _ in range(50):
            client.create()
        sandbox.process.kill()
        sandbox.process.wait()
        client.connection.close()
        again = self.start("--db", path)
        client = again.client()
        session = client.create()
        self.assertEqual(client.get(f"/v1/sessions/{session}/decision", session).status, 200)
        client.connection.close()

    def test_images_are_forgotten_beyond_the_limit(self):
        sandbox = self.start("--keep-mb", "1")
        client = sandbox.client()
        session = client.create()
        image = JPEG + b"\0" * 400_000
        ids = [client.upload(session, image).json["image"]["id"] for _ in range(4)]
        statuses = [client.get(f"/v1/media/{id_}", id_).status for id_ in ids]
        self.assertEqual(statuses, [404, 404, 200, 200])
        self.assertEqual(len(client.get(f"/v1/sessions/{session}/media", session).json["images"]), 4)
        client.connection.close()


class Wire(SandboxTest):
    def exchange(self, data, pieces=1, shut=True):
        """All that the sandbox answers to these bytes."""
        with socket.create_connection(("127.0.0.1", self.sandbox.port), timeout=30) as s:
            s.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            size = max(1, len(data) // pieces)
            try:
                for at in range(0, len(data), size):
                    s.sendall(data[at : at + size])
                if shut:
                    s.shutdown(socket.SHUT_WR)
            except (BrokenPipeError, ConnectionResetError):
                pass
            out = b""
            try:
                while part := s.recv(65536):
                    out += part
            except ConnectionResetError:
                pass
            return out

    def status(self, data, **more):
        out = self.exchange(data, **more)
        if not out:
            return None
        self.assertIn(b"X-Ine-Sandbox: 1", out)
        return int(out.split(b" ", 2)[1])

    GOOD = b"GET /sandbox/scenarios HTTP/1.1\r\nHost: localhost\r\n\r\n"

    def test_good_ones(self):
        for data in (
            self.GOOD,
            b"GET /sandbox/scenarios HTTP/1.0\r\n\r\n",
            self.GOOD.replace(b"\r\n\r\n", b"\r\na:b\r\n\r\n"),
        ):
            for pieces in (1, 7, len(data)):
                self.assertEqual(self.status(data, pieces=pieces), 200)

    def test_refused(self):
        def get(*lines, first=b"GET /sandbox/scenarios HTTP/1.1"):
            return b"\r\n".join([first, *lines]) + b"\r\n\r\n"

        host = b"Host: x"
        cases = [
            (get(), 400),
            (get(host, host), 400),
            (get(host, b"a b: c"), 400),
            (get(host, b": c"), 400),
            (get(host, b"nothing"), 400),
            (get(host, b" folded: x"), 400),
            (get(host, b"a: b\0c"), 400),
            (get(host, b"a : b"), 400),
            (get(host, b"Content-Length: -1"), 400),
            (get(host, b"Content-Length: 1", b"Content-Length: 1"), 400),
            (get(host, b"Content-Length: 1 "), None),
            (get(host, b"Content-Length: 0x1"), 400),
            (get(host, b"Content-Length: 99999999999999999999"), 400),
            (get(host, b"Content-Length: 999999999"), 413),
            (get(host, b"Transfer-Encoding: gzip"), 501),
            (get(host, b"Transfer-Encoding: chunked", b"Content-Length: 5"), 400),
            (get(host, b"Expect: x"), 417),
            (get(host, first=b"GET  / HTTP/1.1"), 400),
            (get(host, first=b"GET / HTTP/2.0"), 505),
            (get(host, first=b"GET / http/1.1"), 400),
            (get(host, first=b"GET /\x01 HTTP/1.1"), 400),
            (get(host, first=b"G@T / HTTP/1.1"), 400),
            (get(host, first=b"GET /"), 400),
            (get(host, first=b""), 400),
            (get(host, first=b"/ HTTP/1.1"), 400),
            (b"GET / HTTP/1.1\nHost: x\n\n", None),
            (get(host, *[b"a: b"] * 100), 431),
            (get(host, b"a: " + b"b" * 70000), 431),
            (b"x" * 70000, 431),
            (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\0" * 100, 400),
            (get(host, first=b"GET http://x/ HTTP/1.1"), 400),
            (get(host, first=b"OPTIONS * HTTP/1.1"), 400),
        ]
        for data, status in cases:
            with self.subTest(data[:60]):
                self.assertEqual(self.status(data), status)

    def post(self, chunks, trailer=b""):
        head = (
            f"POST /v1/sessions HTTP/1.1\r\nHost: x\r\nX-AUTH-CLIENT: {self.client.api_key}\r\n"
            "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
        ).encode()
        return head + b"".join(b"%x\r\n%s\r\n" % (len(c), c) for c in chunks) + b"0\r\n" + trailer + b"\r\n"

    def test_only_loopback_s_names_reach_what_is_not_the_vendor_s(self):
        for host, status in (
            (b"localhost", 200),
            (b"LOCALHOST:80", 200),
            (b"127.0.0.1:1", 200),
            (b"[::1]:80", 200),
            (b"example.com", 403),
            (b"localhost.example.com", 403),
            (b"", 403),
        ):
            self.assertEqual(self.status(self.GOOD.replace(b"localhost", host)), status, host)

    def test_chunked(self):
        body = json.dumps(payload("request_create_session")).encode()
        for size in (1, 10, 1000):
            data = self.post([body[i : i + size] for i in range(0, len(body), size)])
            self.assertEqual(self.status(data, pieces=9), 201)
        self.assertEqual(self.status(self.post([body], trailer=b"a: b\r\n")), 201)
        for bad in (b"zz\r\n", b"-1\r\n", b"\r\n", b"5\r\nabcdefgh\r\n", b"ffffffffffffffffff\r\n", b"x" * 9000):
            data = self.post([]).replace(b"0\r\n\r\n", bad)
            self.assertEqual(self.status(data), 400, bad[:20])
        self.assertEqual(self.status(self.post([b" " * 1_000_000] * 28)), 413)

    def test_one_connection_many_requests(self):
        out = self.exchange(self.GOOD * 50)
        self.assertEqual(out.count(b"HTTP/1.1 200 OK"), 50)
        self.client.create()
        first = self.client.connection.sock
        for _ in range(20):
            self.client.create()
        self.assertIs(self.client.connection.sock, first)

    def test_connection_close(self):
        out = self.exchange(self.GOOD.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n"), shut=False)
        self.assertIn(b"\r\nConnection: close\r\n", out)

    def test_expect_continue(self):
        body = json.dumps(payload("request_create_session")).encode()
        with socket.create_connection(("127.0.0.1", self.sandbox.port), timeout=30) as s:
            s.sendall(
                (
                    f"POST /v1/sessions HTTP/1.1\r\nHost: x\r\nX-AUTH-CLIENT: {self.client.api_key}\r\nContent-Type: "
                    f"application/json\r\nExpect: 100-continue\r\nContent-Length: {len(body)}\r\n\r\n"
                ).encode()
            )
            self.assertEqual(s.recv(100), b"HTTP/1.1 100 Continue\r\n\r\n")
            s.sendall(body)
            self.assertTrue(s.recv(100).startswith(b"HTTP/1.1 201 Created\r\n"))

    def test_too_large_is_said_even_while_the_peer_still_sends(self):
        data = b"POST /v1/sessions HTTP/1.1\r\nHost: x\r\nContent-Length: 40000000\r\n\r\n" + b"x" * 40_000_000
        self.assertEqual(self.status(data), 413)

    def test_head_has_no_body(self):
        out = self.exchange(self.GOOD.replace(b"GET", b"HEAD"))
        self.assertTrue(out.endswith(b"\r\n\r\n"))
        self.assertTrue(out.startswith(b"HTTP/1.1 4"))

    def test_hostile_bytes(self):
        """Good requests with bytes changed, cut and doubled: some answer or none, never the end of the process; and no
        200 without a signature under /v1."""
        rng = random.Random(20)
        session = self.client.create()
        sign = self.client.sign
        body = json.dumps(payload("request_create_session")).encode()
        seeds = [
            self.GOOD,
            self.post([body[:100], body[100:]]),
            f"GET /v1/sessions/{session}/decision HTTP/1.1\r\nHost: x\r\nX-AUTH-CLIENT: {self.client.api_key}\r\n"
            f"X-HMAC-SIGNATURE: {sign(session.encode())}\r\n\r\n".encode(),
            f"POST /v1/sessions HTTP/1.1\r\nHost: x\r\nX-AUTH-CLIENT: {self.client.api_key}\r\nX-HMAC-SIGNATURE: "
            f"{sign(body)}\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n".encode()
            + body,
        ]
        for _ in range(1500):
            data = bytearray(rng.choice(seeds))
            for _ in range(rng.randint(1, 4)):
                at = rng.randrange(len(data))
                what = rng.randrange(5)
                if what == 0:
                    data[at] = rng.randrange(256)
                elif what == 1:
                    del data[at : at + rng.randint(1, 20)]
                elif what == 2:
                    data[at:at] = data[at : at + 20]
                elif what == 3:
                    del data[at:]
                else:
                    data[at:at] = bytes(rng.randrange(256) for _ in range(rng.randint(1, 8)))
                if not data:
                    break
            out = self.exchange(bytes(data))
            for part in re.split(rb"HTTP/1\.1 (?=\d{3} )", out)[1:]:
                status = int(part[:3])
                self.assertIn(status, (100, 200, 201, 400, 401, 403, 404, 413, 417, 431, 501, 505))
                if status in (200, 201) and b'"name":"approved"' not in part:
                    self.assertIn(b"X-HMAC-SIGNATURE: ", part)
        self.assertIsNone(self.sandbox.process.poll())

    def test_many_connections(self):
        sockets = [socket.create_connection(("127.0.0.1", self.sandbox.port), timeout=30) for _ in range(300)]
        for s in sockets:
            s.sendall(self.GOOD[:20])
        self.client.create()
        for s in sockets:
            s.sendall(self.GOOD[20:])
        for s in sockets:
            self.assertTrue(s.recv(100).startswith(b"HTTP/1.1 200 OK"))
            s.close()


class Secrets(unittest.TestCase):
    def test_the_sandbox_says_nothing_on_stderr_and_keeps_no_secret_in_its_arguments(self):
        sandbox = Sandbox()
        command = pathlib.Path(f"/proc/{sandbox.process.pid}/cmdline")
        if command.exists():
            self.assertNotIn(sandbox.secret, command.read_bytes())
        sandbox.stop()


if __name__ == "__main__":
    unittest.main()
