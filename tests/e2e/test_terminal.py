#!/usr/bin/env python3
"""On a terminal: progress and colour, and neither where they are not wanted; Ctrl-C says where things stand."""

from __future__ import annotations

import contextlib
import os
import pty
import signal
import subprocess
from collections.abc import Iterator

from server import SESSION, Answer, Request, Server, Stall, created, submitted, uploaded
from tool import INE, NO, OK, PAYLOADS, PERSON, PRIVATE, STOPPED, Case, environment, main, run, sandbox


def on_terminal(words: list[str], **env: str) -> tuple[int, str]:
    """Runs with standard output and error on a terminal; all that was written."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen([INE, *words], stdin=theirs, stdout=theirs, stderr=theirs, env=environment(**env))
    os.close(theirs)
    written = b""
    with contextlib.suppress(OSError):  # the other end is closed
        while chunk := os.read(ours, 65536):
            written += chunk
    os.close(ours)
    return process.wait(30), written.decode()


class Looks(Case):
    mismatch = str(PAYLOADS / "decision_selfie_mismatch.json")

    def test_colour_on_a_terminal_only(self) -> None:
        words = ["explain", self.mismatch]
        code, text = on_terminal(words, TERM="xterm")
        self.assertEqual(code, NO)
        self.assertIn("\x1b[1;31m", text)
        for env in ({"NO_COLOR": "1"}, {"TERM": "dumb"}, {"NO_COLOR": "x", "TERM": "xterm-256color"}):
            self.assertNotIn("\x1b", on_terminal(words, **env)[1])
        self.assertNotIn("\x1b", on_terminal([*words, "--color", "never"], TERM="xterm")[1])
        self.assertIn("\x1b", on_terminal([*words, "--color=always"], NO_COLOR="1")[1])
        self.assertIn("\x1b", on_terminal(words, TERM="xterm", NO_COLOR="")[1])

    def test_words_say_it_without_colour(self) -> None:
        _, plain = on_terminal(["explain", self.mismatch], NO_COLOR="1")
        self.assertEqual(plain.replace("\r\n", "\n"), run("explain", self.mismatch).out)

    def test_json_has_no_colour(self) -> None:
        _, text = on_terminal(["explain", self.mismatch, "--json"], TERM="xterm")
        self.assertNotIn("\x1b", text)
        self.assertEqual(text.count("\n"), 1)

    def test_progress(self) -> None:
        code, text = on_terminal(["verify", "--sandbox"], NO_COLOR="1")
        self.assertEqual(code, OK)
        self.assertNotIn("\x1b", text)
        for step in ("Creating the session", "Uploading the selfie", "Submitting", "Waiting for the decision"):
            self.assertIn(f"✓ {step}", text)
        self.assertEqual(text.count("✓ Creating the session"), 1)
        self.assertLess(text.index("Session "), text.index("Uploading"))
        code, text = on_terminal(["verify", "--sandbox", "--lang", "es"], NO_COLOR="1")
        self.assertIn("✓ Esperando la decisión", text)
        self.assertTrue(on_terminal(["verify", "--sandbox"], NO_COLOR="1", LC_ALL="C")[1].isascii())

    def test_a_bar_for_the_upload(self) -> None:
        def answers(request: Request, before: int) -> Answer:
            return created() if request.path.endswith("/sessions") else Stall()

        with Server(answers) as server:
            ours, theirs = pty.openpty()
            process = subprocess.Popen(
                [INE, "verify", *PERSON, "--selfie", self.selfie],
                stdout=subprocess.DEVNULL,
                stderr=theirs,
                env=environment(**server.env),
            )
            os.close(theirs)
            said = b""
            while "█ 100 %".encode() not in said:
                said += os.read(ours, 4096)
            process.send_signal(signal.SIGINT)
            with contextlib.suppress(OSError):
                while chunk := os.read(ours, 4096):
                    said += chunk
            os.close(ours)
            self.assertEqual(process.wait(30), STOPPED)
            self.assertIn("✗ Uploading the selfie", said.decode())

    def test_no_progress_without_a_terminal(self) -> None:
        result = run("verify", "--sandbox", "--json")
        self.assertNotIn("Uploading", result.err)
        self.assertNotIn("\r", result.err)
        self.assertEqual(result.out.count("\n"), 1)


class Interrupted(Case):
    """SIGINT and SIGTERM: cancelled, said where the session stands, exit code 130."""

    def start(self, *words: str, **env: str) -> subprocess.Popen[str]:
        command = [INE, "verify", *PERSON, "--selfie", self.selfie, *words]
        pipe = subprocess.PIPE
        process = subprocess.Popen(command, stdout=pipe, stderr=pipe, env=environment(**env), text=True)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        return process

    def end(self, process: subprocess.Popen[str], number: int = signal.SIGINT) -> tuple[str, str]:
        process.send_signal(number)
        out, err = process.communicate(timeout=30)
        self.assertEqual(process.returncode, STOPPED, (out, err))
        for value in PRIVATE:
            self.assertNotIn(value, out + err)
        return out, err

    @contextlib.contextmanager
    def stalled(self, method: str, end: str) -> Iterator[Server]:
        """A server that answers until such a request comes, and then no more."""

        def answers(request: Request, before: int) -> Answer:
            if request.method == method and request.path.endswith(end):
                return Stall()
            if request.path.endswith("/sessions"):
                return created()
            return uploaded() if request.path.endswith("/media") else submitted()

        with Server(answers) as server:
            yield server

    def stopped_at(self, method: str, end: str, *words: str, number: int = signal.SIGINT) -> tuple[str, str]:
        with self.stalled(method, end) as server:
            process = self.start(*words, **server.env)
            server.wait_for(method, end)
            said = self.end(process, number)
            self.assertEqual(server.count("POST", "/sessions"), 1)
            return said

    def test_while_the_session_is_made(self) -> None:
        out, err = self.stopped_at("POST", "/sessions")
        self.assertEqual(out, "")
        self.assertIn("a session may have been made: it is found by its vendorData", err)
        self.assertNotIn("ine resume", err)

    def test_while_the_selfie_is_sent(self) -> None:
        _, err = self.stopped_at("POST", "/media")
        self.assertIn("the session exists; its selfie may be missing", err)
        self.assertIn(f"ine resume {SESSION}", err)

    def test_while_it_is_submitted(self) -> None:
        _, err = self.stopped_at("PATCH", SESSION)
        self.assertIn("it may have been submitted", err)
        self.assertIn(SESSION, err)

    def test_while_the_decision_is_awaited(self) -> None:
        for number in (signal.SIGINT, signal.SIGTERM):
            _, err = self.stopped_at("GET", "/decision", "--lang", "es", number=number)
            self.assertIn("la decisión está pendiente", err)
            self.assertIn(SESSION, err)

    def test_json(self) -> None:
        out, err = self.stopped_at("GET", "/decision", "--json")
        self.assertEqual(out.count("\n"), 1)
        self.assertIn('"code":"CANCELLED"', out)
        self.assertIn(f'"session":"{SESSION}"', out)
        self.assertIn(SESSION, err)

    def test_then_resumed(self) -> None:
        """What was interrupted before the upload goes on with the selfie."""
        with sandbox("--decision-delay-ms", "600000") as server:
            process = self.start(**server.env)
            assert process.stderr
            session = next(line for line in process.stderr if line.startswith("Session ")).split()[-1]
            out, err = self.end(process)
            self.assertEqual(out, "")
            self.assertIn(session, err)
            result = run("resume", session, "--selfie", self.selfie, "--json", "--timeout", "2", env=server.env)
            self.assertEqual(result.json["error"]["step"], "wait", result)

    def test_twice_does_not_wait(self) -> None:
        with self.stalled("POST", "/media") as server:
            process = self.start(**server.env)
            server.wait_for("POST", "/media")
            process.send_signal(signal.SIGINT)
            self.end(process)


if __name__ == "__main__":
    main()
