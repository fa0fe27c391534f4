#!/usr/bin/env python3
"""A reply that is lost: nothing that makes something is sent twice (B2, finding 1 of the reliability notes:
libcurl repeats a POST by itself), and the exit code says that nobody knows what happened."""

from __future__ import annotations

from pathlib import Path

from server import SESSION, Answer, Close, Request, Server, Stall, created, reply, submitted, uploaded
from tool import PERSON, TROUBLE, UNKNOWN, Case, Result, main, run

HALF = created()[:60]
BLANK = created().split(b"\r\n\r\n")[0] + b"\r\n"
SHORT = created()[:-20]


class Lost(Case):
    def verify(self, server: Server, *words: str) -> Result:
        return run("verify", *PERSON, "--selfie", self.selfie, "--json", *words, env=server.env)

    def test_create_session_is_sent_once(self) -> None:
        """F06, F07, F20-F23 on POST /sessions."""
        answers: dict[str, Answer] = {
            "read, FIN": Close(),
            "read, RST": Close(reset=True),
            "half a status line": Close(b"HTTP/1.1 20"),
            "cut in the headers": Close(HALF),
            "no blank line": Close(BLANK),
            "short body": Close(SHORT),
            "not HTTP": Close(b"\x16\x03\x01\x00\x05hello"),
            "interim reply only": Close(b"HTTP/1.1 100 Continue\r\n\r\n"),
        }
        for name, answer in answers.items():
            with self.subTest(name), Server(lambda request, before, a=answer: a) as server:
                error = self.error(self.verify(server), UNKNOWN, code="OUTCOME_UNKNOWN", sent="unknown", step="create")
                self.assertEqual((error["class"], error["retryable"]), ("OutcomeUnknownError", False))
                self.assertEqual((server.count("POST"), len(server.seen)), (1, 1))
                self.assertTrue(server.seen[0].path.endswith("/v1/sessions"))
                text = run("verify", *PERSON, "--selfie", self.selfie, env=server.env)
                self.assertEqual((text.code, text.out), (UNKNOWN, ""))
                self.assertIn("look for the session by its vendorData", text.err)
                self.assertEqual(len(server.seen), 2)

    def test_no_reply_to_create_session(self) -> None:
        with Server(lambda request, before: Stall()) as server:
            self.error(self.verify(server, "--timeout", "1"), UNKNOWN, code="OUTCOME_UNKNOWN")
            self.assertEqual(len(server.seen), 1)

    def test_an_unreadable_reply_to_create_session(self) -> None:
        """The session exists, and nobody knows its id."""
        for body in (b"{", b"<html>", b'{"status":"success","verification":{"id":"no-uuid"}}'):
            with Server(lambda request, before, b=body: reply(201, b)) as server:
                result = self.verify(server)
                self.assertIn(result.code, (TROUBLE, UNKNOWN))
                self.assertEqual(len(server.seen), 1)

    def lost_at(self, method: str, end: str) -> tuple[Result, Server]:
        """All is well until this call, on the kept connection; then the connection dies, and later ones too (F08)."""

        def answers(request: Request, before: int) -> Answer:
            lost = any(r.method == method and r.path.endswith(end) for r in server.seen)
            if lost:
                return Close()
            return created() if request.path.endswith("/sessions") else uploaded()

        with Server(answers) as server:
            return self.verify(server, "--timeout", "20"), server

    def test_an_upload_is_not_repeated_blindly(self) -> None:
        result, server = self.lost_at("POST", "/media")
        self.assertIn(result.code, (TROUBLE, UNKNOWN), result)
        self.assertEqual((server.count("POST", "/sessions"), server.count("POST", "/media")), (1, 1))
        self.assertEqual(server.count("PATCH"), 0)
        self.assertEqual(result.json["error"]["session"], SESSION)

    def test_a_lost_upload_is_looked_for(self) -> None:
        """The list says that the image is there: it is not sent again."""
        image = {"id": SESSION, "name": "face", "context": "face", "size": 0, "mimetype": "image/jpeg",
                 "timestamp": None, "url": "https://example.test/1"}  # fmt: skip

        def answers(request: Request, before: int) -> Answer:
            if request.method == "POST" and request.path.endswith("/sessions"):
                return created()
            if request.method == "POST":
                image["size"] = len(self.data)
                return Close()
            if request.path.endswith("/media"):
                return reply(200, {"status": "success", "images": [image], "videos": []})
            if request.method == "PATCH":
                return submitted()
            return reply(200, {"status": "success", "verification": {"id": SESSION, "status": "expired", "code": 9104}})

        self.data = Path(self.selfie).read_bytes()
        with Server(answers) as server:
            result = self.verify(server, "--timeout", "20")
            uploads = server.count("POST", "/media")
            self.assertGreaterEqual(server.count("GET", "/media"), 1)
            self.assertEqual(uploads, 1, result)
            self.assertEqual(server.count("PATCH"), 1)
            self.assertEqual((result.code, result.json["outcome"]), (1, "EXPIRED"))

    def test_submit_is_not_lost_silently(self) -> None:
        result, server = self.lost_at("PATCH", SESSION)
        self.assertIn(result.code, (TROUBLE, UNKNOWN), result)
        self.assertEqual((server.count("POST", "/sessions"), server.count("POST", "/media")), (1, 1))

    def test_the_cut_header_of_a_submit_is_no_success(self) -> None:
        """Finding 2: with the connection closed inside the headers libcurl reports success."""
        whole = submitted()

        def answers(request: Request, before: int) -> Answer:
            if request.path.endswith("/sessions"):
                return created()
            if request.path.endswith("/media"):
                return uploaded()
            return Close(whole[:30])

        with Server(answers) as server:
            result = self.verify(server, "--timeout", "20")
            self.assertIn(result.code, (TROUBLE, UNKNOWN), result)
            self.assertEqual(server.count("POST"), 2)


if __name__ == "__main__":
    main()
