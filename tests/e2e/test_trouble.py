#!/usr/bin/env python3
"""What goes wrong at the other side: typed errors, exit code 4, the session's id when there is one."""

from __future__ import annotations

import os
import pty
import signal
import socket
import subprocess

from server import SESSION, Answer, Close, Request, Server, created, reply, submitted, uploaded
from tool import INE, KEY, PERSON, REFUSED, TROUBLE, Case, Result, environment, main, run, sandbox

OTHER = "5a4db0c5-0000-4000-8000-000000000000"


class Refused(Case):
    def verify(self, env: dict[str, str], *words: str, **members: object) -> dict[str, object]:
        result = run("verify", *PERSON, "--selfie", self.selfie, "--json", *words, env=env)
        return self.error(result, TROUBLE, **members)

    def test_wrong_secret_and_wrong_key(self) -> None:
        with sandbox() as server:
            for change in ({"INE_SECRET": "wrong"}, {"INE_API_KEY": OTHER}):
                env = server.env | change
                error = self.verify(env, code="AUTH", http_status=401, step="create", session=None)
                self.assertEqual(error["class"], "AuthError")
                text = run("verify", *PERSON, "--selfie", self.selfie, env=env)
                self.assertIn("AUTH", text.err)
                self.assertNotIn("wrong", text.err)

    def test_unknown_session(self) -> None:
        with sandbox() as server:
            for command in ("status", "resume"):
                result = run(command, SESSION, "--json", env=server.env)
                self.error(result, TROUBLE, code="NOT_FOUND", http_status=404)
            for bad in ("x", "../" + SESSION, SESSION + "/", SESSION[:-1]):
                self.error(run("status", bad, "--json", env=server.env), REFUSED)

    def test_nobody_listens(self) -> None:
        with socket.create_server(("127.0.0.1", 0)) as listener:
            port = listener.getsockname()[1]
        env = {"INE_BASE_URL": f"http://127.0.0.1:{port}", "INE_API_KEY": KEY, "INE_SECRET": "x"}
        self.verify(env, code="CONNECT", sent="no", step="create")

    def test_the_server_is_killed_during_the_wait(self) -> None:
        with sandbox("--decision-delay-ms", "600000") as server:
            words = [INE, "verify", *PERSON, "--selfie", self.selfie, "--json", "--timeout", "60"]
            ours, theirs = pty.openpty()  # on a terminal it says when it waits
            process = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=theirs, env=environment(**server.env))
            os.close(theirs)
            said = b""
            while b"Waiting for the decision" not in said:
                said += os.read(ours, 4096)
            server.process.send_signal(signal.SIGKILL)
            out, _ = process.communicate(timeout=60)
            os.close(ours)
            result = Result(process.returncode, out.decode(), "")
            error = self.error(result, TROUBLE, step="wait")
            self.assertEqual(error["class"], "TransportError")
            self.assertIn(error["session"].encode(), said)


class Statuses(Case):
    """One call answered badly, all others well."""

    def verify(self, method: str, end: str, answer: Answer) -> tuple[dict[str, object], Server]:
        def answers(request: Request, before: int) -> Answer:
            if request.method == method and request.path.endswith(end):
                return answer
            if request.path.endswith("/sessions"):
                return created()
            return uploaded() if request.path.endswith("/media") else submitted()

        with Server(answers) as server:
            words = ("verify", *PERSON, "--selfie", self.selfie, "--json", "--timeout", "20")
            return self.error(run(*words, env=server.env), TROUBLE), server

    def test_conflict(self) -> None:
        fail = {"status": "fail", "code": "1304", "message": "not in this state"}
        error, server = self.verify("POST", "/media", reply(409, fail))
        self.assertEqual((error["code"], error["http_status"], error["session"]), ("CONFLICT", 409, SESSION))
        self.assertEqual(error["class"], "ConflictError")
        self.assertEqual(server.count("POST", "/media"), 1)

    def test_classes(self) -> None:
        for status, code in ((403, "AUTH"), (404, "NOT_FOUND"), (418, "REJECTED"), (302, "REDIRECT")):
            with self.subTest(status):
                body = {"status": "fail", "code": "1", "message": "m"}
                error, server = self.verify("POST", "/sessions", reply(status, body, Location="http://127.0.0.1:1/"))
                self.assertEqual(error["code"], code)
                self.assertEqual((len(server.seen), error["session"]), (1, None))

    def test_signatures_of_replies(self) -> None:
        decided = {"status": "success", "verification": {"id": SESSION, "status": "approved", "code": 9001}}
        other = {"status": "success", "verification": {"id": OTHER, "status": "approved", "code": 9001}}
        for answer, code in (
            (reply(200, decided, signed=False), "UNSIGNED"),
            (reply(200, decided, secret="other"), "SIGNATURE"),
            (reply(200, other), "MISMATCH"),
        ):
            error, _ = self.verify("GET", "/decision", answer)
            self.assertEqual((error["code"], error["class"], error["session"]), (code, "ReplyError", SESSION))
        error, _ = self.verify("POST", "/sessions", reply(201, {"status": "success"}, secret="other"))
        self.assertEqual(error["code"], "SIGNATURE")

    def test_broken_replies(self) -> None:
        for body in (b'{"status":"success","verification":{', b"<html>", b"", b"[]"):
            error, _ = self.verify("GET", "/decision", reply(200, body))
            self.assertEqual(error["class"], "ReplyError", (body, error))

    def test_an_error_text_of_the_server_is_not_repeated(self) -> None:
        body = {"status": "fail", "code": "1", "message": "EVIL\x1b[0m"}
        error, _ = self.verify("POST", "/sessions", reply(400, body))
        self.assertNotIn("EVIL", str(error))

    def test_nothing_but_garbage(self) -> None:
        error, server = self.verify("GET", "/decision", Close(b"SSH-2.0-OpenSSH_9.2\r\n"))
        self.assertEqual(error["step"], "wait")
        self.assertEqual((server.count("POST", "/sessions"), server.count("PATCH")), (1, 1))


if __name__ == "__main__":
    main()
