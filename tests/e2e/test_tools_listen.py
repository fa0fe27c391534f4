#!/usr/bin/env python3
"""`ine listen`: what it acknowledges it has, whatever happens to it; and it takes nothing that is not genuine."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import random
import signal
import socket
import sqlite3
import ssl
import stat
import subprocess
import threading
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from delivery import ENV, SESSION, decision, event, raw, signed
from tool import FATHER, FIRST, INE, KEY, OK, REFUSED, SECRET, TROUBLE, Case, environment, main, run

PATH = "/webhooks/veriff"
BODY = raw("decision_selfie_mismatch")
PERSON = {"firstName": FIRST, "lastName": FATHER}


class Listener:
    """`ine listen` on a free port; its lines are read by a thread."""

    def __init__(self, *words: str, env: dict[str, str] | None = None) -> None:
        self.process = subprocess.Popen(
            [INE, "listen", *words], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            env=environment(**(ENV | (env or {}))),
        )  # fmt: skip
        assert self.process.stdout
        self.first = self.process.stdout.readline().decode()
        self.port = (
            int(self.first.split(":")[-1].split("/")[0]) if "{" not in self.first else json.loads(self.first)["port"]
        )
        self.lines: list[str] = []
        self.taken = 0
        self.came = threading.Condition()
        self.reader = threading.Thread(target=self.read, daemon=True)
        self.reader.start()

    def read(self) -> None:
        assert self.process.stdout
        for line in self.process.stdout:
            with self.came:
                self.lines.append(line.decode())
                self.came.notify_all()

    def line(self, number: int) -> Any:
        with self.came:
            assert self.came.wait_for(lambda: len(self.lines) > number, 30), f"no line {number}"
        return json.loads(self.lines[number])

    def next(self) -> Any:
        """The line that follows the one that was taken last."""
        self.taken += 1
        return self.line(self.taken - 1)

    def stop(self, how: signal.Signals = signal.SIGTERM) -> int:
        if self.process.poll() is None:
            self.process.send_signal(how)
        code = self.process.wait(30)
        self.reader.join(30)
        assert self.process.stdout and self.process.stderr
        self.said = "".join(self.lines) + self.process.stderr.read().decode()
        self.process.stdout.close()
        self.process.stderr.close()
        return code

    def end(self) -> None:
        """For a test that did not come to its end."""
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait(30)

    def post(self, body: bytes, headers: dict[str, str] | None = None, path: str = PATH, method: str = "POST",
             context: ssl.SSLContext | None = None) -> int:  # fmt: skip
        connection: http.client.HTTPConnection
        if context:
            connection = http.client.HTTPSConnection("127.0.0.1", self.port, timeout=30, context=context)
        else:
            connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        with contextlib.closing(connection):
            connection.request(method, path, body, signed(body) if headers is None else headers)
            answer = connection.getresponse()
            said = answer.read()
            assert said == b"" or answer.status >= 400, "nothing is said to the sender"
            return answer.status


@contextlib.contextmanager
def listening(*words: str, env: dict[str, str] | None = None) -> Iterator[Listener]:
    listener = Listener(*words, env=env)
    try:
        yield listener
    finally:
        listener.stop()
    assert "Sanitizer" not in listener.said, listener.said
    assert SECRET not in listener.said


def rows(path: str) -> list[tuple[Any, ...]]:
    with contextlib.closing(sqlite3.connect(path)) as db:
        return db.execute("SELECT dedupe_key, decision_id FROM deliveries").fetchall()


class Deliveries(Case):
    def test_genuine(self) -> None:
        with listening("--json") as listener:
            self.assertEqual(json.loads(listener.first)["url"], f"http://127.0.0.1:{listener.port}{PATH}")
            for body, kind in ((event(), "EVENT"), (BODY, "DECISION"), (b'{"of":"tomorrow"}', "UNKNOWN")):
                self.assertEqual(listener.post(body), 200)
                line = listener.next()
                self.assertEqual((line["result"], line["kind"]), ("new", kind))
            self.assertEqual(listener.line(1)["verdict"]["outcome"], "NOT_VERIFIED")
            self.assertIsNone(listener.line(0)["verdict"])
        self.assertNotIn("case-4711", listener.said)

    def test_in_words(self) -> None:
        with listening() as listener:
            self.assertIn(PATH, listener.first)
            self.assertEqual(listener.post(BODY), 200)
            self.assertEqual(listener.post(BODY, {}), 401)
        self.assertIn("new", listener.said)
        self.assertIn("NOT_VERIFIED  selfie_registry_match  NEW_SELFIE", listener.said)
        self.assertIn("NO_SIGNATURE", listener.said)

    def test_refused(self) -> None:
        bad: tuple[tuple[bytes, dict[str, str]], ...] = (
            (BODY, {}),
            (BODY, signed(BODY, "another")),
            (BODY + b" ", signed(BODY)),
            (BODY, signed(BODY, key=SESSION)),
            (BODY, signed(BODY) | {"vrf-hmac-signature": "0" * 64}),
            (BODY, signed(BODY) | {"content-encoding": "gzip"}),
            (BODY, signed(BODY) | {f"x-{i}": "1" for i in range(80)}),
        )
        db = str(self.folder / "db")
        with listening("--json", "--db", db) as listener:
            for body, headers in bad:
                self.assertEqual(listener.post(body, headers), 401)
            self.assertEqual(listener.post(BODY, path="/other"), 404)
            self.assertEqual(listener.post(BODY, path=PATH + "/"), 404)
            for method in ("GET", "PUT", "DELETE", "PATCH", "OPTIONS"):
                self.assertEqual(listener.post(BODY, method=method), 405)
            self.too_large(listener)
            self.assertEqual(listener.post(BODY), 200)
            for number in range(len(bad) - 1):
                self.assertEqual(listener.line(number)["result"], "refused")
        self.assertEqual(len(rows(db)), 1)
        self.assertNotIn(SESSION, listener.said.split('"result":"new"')[0])

    def test_f71_a_body_in_chunks_is_taken_as_it_is(self) -> None:
        headers = signed(BODY) | {"transfer-encoding": "chunked"}
        with listening("--json") as listener:
            for size in (1, 100, len(BODY)):
                pieces = [BODY[at : at + size] for at in range(0, len(BODY), size)]
                connection = http.client.HTTPConnection("127.0.0.1", listener.port, timeout=30)
                with contextlib.closing(connection):
                    connection.request("POST", PATH, iter(pieces), headers, encode_chunked=True)
                    self.assertEqual(connection.getresponse().status, 200)
            self.assertEqual([listener.line(n)["result"] for n in range(3)], ["new", "duplicate", "duplicate"])

    def too_large(self, listener: Listener) -> None:
        """Said by its length, or only seen as it comes: refused before it is read."""
        head = f"POST {PATH} HTTP/1.1\r\nHost: a\r\n".encode()
        with socket.create_connection(("127.0.0.1", listener.port), timeout=30) as sent:
            sent.sendall(head + b"Content-Length: 1048577\r\n\r\n")
            self.assertIn(b" 413 ", sent.recv(100))
        with socket.create_connection(("127.0.0.1", listener.port), timeout=30) as sent:
            with contextlib.suppress(OSError):
                sent.sendall(head + b"Transfer-Encoding: chunked\r\n\r\n" + b"10000\r\n" + b"x" * 65536 + b"\r\n")
                for _ in range(200):
                    sent.sendall(b"10000\r\n" + b"x" * 65536 + b"\r\n")
                self.fail("it took 13 MB")

    def test_genuine_but_unreadable(self) -> None:
        with listening("--json") as listener:
            for body in (b"{", b"\xff", b"", b'{"status":1,"status":2}'):
                self.assertEqual(listener.post(body), 500)
            self.assertEqual(listener.line(0)["result"], "unreadable")

    def test_hostile_bytes(self) -> None:
        with listening("--json") as listener:
            for data in (
                b"", b"\x00" * 100, b"\x16\x03\x01\x02\x00\x01\x00", b"GET\r\n\r\n", b"POST / HTTP/9.9\r\n\r\n",
                b"POST " + PATH.encode() + b" HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
                b"POST " + PATH.encode() + b" HTTP/1.1\r\nContent-Length: 99999999999999999999\r\n\r\n",
                b"POST " + PATH.encode() + b" HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\n",
                b"POST " + PATH.encode() + b" HTTP/1.1\r\n" + b"a: " + b"b" * 100_000 + b"\r\n\r\n",
                b"POST " + b"/" * 100_000,
            ):  # fmt: skip
                with socket.create_connection(("127.0.0.1", listener.port), timeout=30) as sent:
                    with contextlib.suppress(OSError):
                        sent.sendall(data)
                        sent.shutdown(socket.SHUT_WR)
                        sent.recv(65536)
            self.assertEqual(listener.post(BODY), 200)
        self.assertEqual(len([line for line in listener.lines if '"new"' in line]), 1)

    def test_the_old_secret(self) -> None:
        with listening("--json", "--old-secret-file", self.file("old", b"last year's")) as listener:
            self.assertEqual(listener.post(BODY, signed(BODY, "last year's")), 200)
            self.assertEqual(listener.line(0)["secret"], "old")


class Duplicates(Case):
    def test_again_and_after_a_restart(self) -> None:
        db = str(self.folder / "db")
        with listening("--json", "--db", db) as listener:
            self.assertEqual([listener.post(BODY) for _ in range(3)], [200] * 3)
            other = json.dumps(json.loads(BODY), indent=1).encode()
            self.assertEqual(listener.post(other), 200)
            self.assertEqual([listener.line(i)["result"] for i in range(4)], ["new"] + ["duplicate"] * 3)
            self.assertEqual(listener.line(3)["earlier"], listener.line(0)["decision_id"])
        with listening("--json", "--db", db) as listener:
            self.assertEqual(listener.post(BODY), 200)
            self.assertEqual(listener.line(0)["result"], "duplicate")
        self.assertEqual(len(rows(db)), 1)

    def test_things_without_ids_are_told_apart(self) -> None:
        with listening("--json") as listener:
            for number in range(3):
                self.assertEqual(listener.post(b'{"number":%d}' % number), 200)
                self.assertEqual(listener.next()["result"], "new")

    def test_eight_at_once(self) -> None:
        db = str(self.folder / "db")
        with listening("--json", "--db", db) as listener:
            with ThreadPoolExecutor(8) as pool:
                answers = list(pool.map(lambda _: listener.post(BODY), range(8)))
            self.assertEqual(answers, [200] * 8)
            results = sorted(listener.line(i)["result"] for i in range(8))
            self.assertEqual(results, ["duplicate"] * 7 + ["new"])
        self.assertEqual(len(rows(db)), 1)

    def test_two_processes_one_database(self) -> None:
        db = str(self.folder / "db")
        with listening("--json", "--db", db) as one, listening("--json", "--db", db) as two:
            with ThreadPoolExecutor(8) as pool:
                answers = list(pool.map(lambda i: (one, two)[i % 2].post(BODY), range(8)))
            self.assertEqual(answers, [200] * 8)
        results = [json.loads(line)["result"] for line in one.lines + two.lines]
        self.assertEqual(sorted(results), ["duplicate"] * 7 + ["new"])

    def test_older_ones_are_superseded(self) -> None:
        later = decision(code=9102, time="2026-04-01T12:00:00.000Z")
        with listening("--json", "--db", str(self.folder / "db")) as listener:
            for body, result in (
                (decision(code=9103, time="2026-04-01T11:00:00.000Z"), "new"),
                (later, "new"),
                (decision(code=9102, time="2026-04-01T10:00:00.000Z"), "superseded"),
                (decision(code=9103, time="2026-04-01T13:00:00.000Z"), "superseded"),
                (event(), "superseded"),
                (decision(code=9001, time="2026-04-01T13:00:00.000Z"), "new"),
                (decision(SESSION[::-1].replace("-", "0")[:36], 9103, "2026-04-01T09:00:00.000Z"), "new"),
                (later, "duplicate"),
            ):
                self.assertEqual(listener.post(body), 200)
                line = listener.next()
                self.assertEqual(line["result"], result, line)
            self.assertIn("/9102/2026-04-01T12:00:00.000Z", listener.line(2)["earlier"])


class Storage(Case):
    def test_modes_and_what_is_in_it(self) -> None:
        db, bodies = self.folder / "db", self.folder / "bodies"
        body = decision(vendorData="case-4711", person=PERSON)  # type: ignore[arg-type]
        before = os.umask(0)
        try:
            listener = Listener("--json", "--db", str(db), "--keep-bodies", str(bodies))
        finally:
            os.umask(before)
        self.addCleanup(listener.end)
        self.assertEqual(listener.post(body), 200)
        key = listener.line(0)["dedupe_key"]
        for path in [db, *self.folder.glob("db-*")]:
            self.assertEqual(stat.S_IMODE(path.stat().st_mode), 0o600, path)
        self.assertEqual(stat.S_IMODE(bodies.stat().st_mode), 0o700)
        kept = list(bodies.iterdir())
        self.assertEqual([path.name for path in kept], [f"{key}.json"])
        self.assertEqual(kept[0].read_bytes(), body)
        self.assertEqual(stat.S_IMODE(kept[0].stat().st_mode), 0o600)
        self.assertEqual(listener.stop(), OK)
        stored = b"".join(path.read_bytes() for path in self.folder.glob("db*"))
        for value in (FIRST, FATHER, "case-4711", SECRET, KEY):
            self.assertNotIn(value.encode(), stored)
            self.assertNotIn(value, listener.said)

    def test_an_open_database_is_closed(self) -> None:
        db = self.folder / "db"
        db.touch(0o666)
        db.chmod(0o666)
        with listening("--json", "--db", str(db)):
            self.assertEqual(stat.S_IMODE(db.stat().st_mode), 0o600)

    def test_500_while_it_can_not_store(self) -> None:
        db = str(self.folder / "db")
        with listening("--json", "--db", db) as listener:
            with contextlib.closing(sqlite3.connect(db, isolation_level=None)) as lock:
                lock.execute("BEGIN EXCLUSIVE")
                self.assertEqual(listener.post(BODY), 500)
                self.assertEqual(listener.line(0)["result"], "not_stored")
                lock.execute("ROLLBACK")
            self.assertEqual(listener.post(BODY), 200)
            self.assertEqual(listener.line(1)["result"], "new")
        bodies = self.folder / "bodies"
        with listening("--json", "--keep-bodies", str(bodies)) as listener:
            bodies.rmdir()
            self.assertEqual(listener.post(BODY), 500)

    def test_nobody_reads_the_lines(self) -> None:
        db = str(self.folder / "db")
        process = subprocess.Popen([INE, "listen", "--json", "--db", db], stdout=subprocess.PIPE,
                                   stderr=subprocess.DEVNULL, env=environment(**ENV))  # fmt: skip
        assert process.stdout
        self.addCleanup(process.kill)
        port = json.loads(process.stdout.readline())["port"]
        process.stdout.close()
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        with contextlib.closing(connection):
            connection.request("POST", PATH, BODY, signed(BODY))
            self.assertEqual(connection.getresponse().status, 500)
        self.assertEqual(process.wait(30), TROUBLE)
        self.assertEqual(rows(db), [])
        with open("/dev/full", "wb") as full:
            done = subprocess.run([INE, "listen"], stdout=full, stderr=subprocess.DEVNULL, env=environment(**ENV),
                                  timeout=60, check=False)  # fmt: skip
        self.assertEqual(done.returncode, TROUBLE)


class Killed(Case):
    def test_what_was_acknowledged_is_there(self) -> None:
        db, bodies = str(self.folder / "db"), self.folder / "bodies"
        pick = random.Random(4711)
        acknowledged: dict[str, bytes] = {}
        pending: list[tuple[str, bytes]] = []
        for turn in range(12):
            listener = Listener("--json", "--db", db, "--keep-bodies", str(bodies))
            self.addCleanup(listener.end)
            enough = threading.Semaphore(0)
            fresh = [(str(uuid.UUID(int=turn * 100 + i + 1)), b"") for i in range(20)]
            work = pending + [(session, decision(session)) for session, _ in fresh]
            pending = []

            def deliver(item: tuple[str, bytes], to: Listener = listener, done: threading.Semaphore = enough) -> bool:
                session, body = item
                try:
                    if to.post(body) == 200:
                        acknowledged[session] = body
                        return True
                except (OSError, http.client.HTTPException):
                    return False
                finally:
                    done.release()
                return False

            with ThreadPoolExecutor(4) as pool:
                answers = [(item, pool.submit(deliver, item)) for item in work]
                for _ in range(pick.randrange(1, 15)):
                    enough.acquire(timeout=30)
                listener.process.kill()
                pending = [item for item, answer in answers if not answer.result()]
            self.assertEqual(listener.stop(), -signal.SIGKILL)
            ids = {row[1].split("/")[0] for row in rows(db)}
            self.assertLessEqual(set(acknowledged), ids, f"turn {turn}")
            kept = {path.read_bytes() for path in bodies.glob("*.json")}
            self.assertLessEqual(set(acknowledged.values()), kept)
        self.assertGreater(len(acknowledged), 12)
        with listening("--json", "--db", db, "--keep-bodies", str(bodies)) as listener:
            for session, body in list(acknowledged.items())[:5]:
                self.assertEqual(listener.post(body), 200)
                self.assertEqual(listener.next()["result"], "duplicate", session)
            for _, body in pending:
                self.assertEqual(listener.post(body), 200)
            self.assertEqual([path for path in bodies.iterdir() if path.name.startswith(".")], [])
        with contextlib.closing(sqlite3.connect(db)) as file:
            self.assertEqual(file.execute("PRAGMA integrity_check").fetchone(), ("ok",))

    def test_a_line_before_the_200(self) -> None:
        """Every acknowledged delivery was said, so that a program that reads the lines misses none."""
        with listening("--json", "--db", str(self.folder / "db")) as listener:
            for number in range(5):
                self.assertEqual(listener.post(decision(str(uuid.UUID(int=number + 1)))), 200)
            listener.process.kill()
        self.assertEqual(len(listener.lines), 5)

    def test_stops_cleanly(self) -> None:
        for how in (signal.SIGTERM, signal.SIGINT):
            listener = Listener("--json", "--db", str(self.folder / f"db{how}"))
            self.addCleanup(listener.end)
            with socket.create_connection(("127.0.0.1", listener.port), timeout=30) as idle:
                idle.sendall(b"POST /webhooks/veriff HTTP/1.1\r\nContent-Length: 10\r\n\r\n1")
                self.assertEqual(listener.post(BODY), 200)
                self.assertEqual(listener.stop(how), OK)
            self.assertNotIn("Sanitizer", listener.said)


class Tls(Case):
    def certificate(self, name: str, *more: str) -> tuple[str, str]:
        cert, key = str(self.folder / f"{name}.pem"), str(self.folder / f"{name}.key")
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-days", "2",
             "-subj", "/CN=ine-listen-test", "-addext", "subjectAltName=IP:127.0.0.1", "-out", cert, "-keyout", key,
             *(more or ("-nodes",))],
            check=True, capture_output=True, stdin=subprocess.DEVNULL,
        )  # fmt: skip
        return cert, key

    def test_https(self) -> None:
        cert, key = self.certificate("one")
        context = ssl.create_default_context(cafile=cert)
        db = str(self.folder / "db")
        with listening("--json", "--tls-cert", cert, "--tls-key", key, "--db", db) as listener:
            self.assertTrue(json.loads(listener.first)["url"].startswith("https://"))
            self.assertEqual(listener.post(BODY, context=context), 200)
            self.assertEqual(listener.post(BODY, {}, context=context), 401)
            with self.assertRaises((OSError, http.client.HTTPException)):
                listener.post(BODY)
            with self.assertRaises(ssl.SSLError):
                listener.post(BODY, context=ssl.create_default_context())
            with ThreadPoolExecutor(8) as pool:
                answers = list(pool.map(lambda _: listener.post(BODY, context=context), range(8)))
            self.assertEqual(answers, [200] * 8)
        self.assertEqual(len(rows(db)), 1)

    def test_pairs_that_do_not_work(self) -> None:
        cert, key = self.certificate("one")
        other = self.certificate("two")[1]
        locked = self.certificate("three", "-passout", "pass:xyz")
        for words in (
            ("--tls-cert", cert),
            ("--tls-key", key),
            ("--tls-cert", cert, "--tls-key", other),
            ("--tls-cert", key, "--tls-key", key),
            ("--tls-cert", locked[0], "--tls-key", locked[1]),
            ("--tls-cert", "/nowhere", "--tls-key", key),
        ):
            with self.subTest(words):
                self.error(run("listen", *words, "--json", env=ENV), REFUSED)

    def test_no_password_is_asked_for(self) -> None:
        """On a terminal OpenSSL would ask for it, and the receiver would wait for an answer."""
        cert, key = self.certificate("locked", "-passout", "pass:xyz")
        main_end, terminal = os.openpty()
        self.addCleanup(os.close, main_end)
        done = subprocess.run(
            ["setsid", "--ctty", "--wait", INE, "listen", "--json", "--tls-cert", cert, "--tls-key", key],
            stdin=terminal, stdout=subprocess.PIPE, stderr=terminal, env=environment(**ENV), timeout=60, check=False,
        )  # fmt: skip
        os.close(terminal)
        self.assertEqual((done.returncode, json.loads(done.stdout)["error"]["code"]), (REFUSED, "INPUT"))


class Usage(Case):
    def test_refused(self) -> None:
        other = self.folder / "other.db"
        with contextlib.closing(sqlite3.connect(other)) as db:
            db.execute("CREATE TABLE mine(a)")
            db.commit()
        content = other.read_bytes()
        shared = self.folder / "shared"
        shared.mkdir(0o755)
        with socket.create_server(("127.0.0.1", 0)) as taken:
            for words in (
                ("--address", "0.0.0.0"),
                ("--address", "::"),
                ("--address", "192.0.2.1"),
                ("--address", "192.0.2.1", "--allow-remote"),
                ("--address", "localhost"),
                ("--port", "65536"),
                ("--port", "-1"),
                ("--port", "http"),
                ("--port", str(taken.getsockname()[1])),
                ("--path", "relative"),
                ("--path", "/a?b"),
                ("--path", "/a b"),
                ("--db", str(other)),
                ("--db", str(self.folder)),
                ("--db", "/dev/null"),
                ("--db", self.file("text", "this is no database at all" * 100)),
                ("--keep-bodies", str(shared)),
                ("--keep-bodies", self.file("plain", "x")),
                ("--keep-bodies", str(self.folder / "no" / "where")),
            ):
                with self.subTest(words):
                    self.error(run("listen", *words, "--json", env=ENV), REFUSED)
        self.assertEqual(other.read_bytes(), content)
        self.error(run("listen", "--json"), REFUSED)

    def test_remote_is_said_aloud(self) -> None:
        with listening("--address", "0.0.0.0", "--allow-remote") as listener:
            self.assertEqual(listener.post(BODY), 200)
        self.assertIn("TLS", listener.said)

    def test_ipv6_loopback(self) -> None:
        try:
            socket.create_server(("::1", 0), family=socket.AF_INET6).close()
        except OSError:
            self.skipTest("this machine has no IPv6")
        with listening("--address", "::1", "--json") as listener:
            self.assertIn("[::1]", listener.first)

    def test_another_path(self) -> None:
        with listening("--path", "/a/b", "--json") as listener:
            self.assertEqual(listener.post(BODY, path="/a/b?c=d"), 200)
            self.assertEqual(listener.post(BODY), 404)


if __name__ == "__main__":
    assert Path(INE).exists()
    main()
