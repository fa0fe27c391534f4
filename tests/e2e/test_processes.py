#!/usr/bin/env python3
"""`ine verify --sandbox` starts a process: it is found, it is waited for, and it is never left behind."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from pathlib import Path

from tool import INE, OK, REFUSED, SANDBOX, STOPPED, Case, environment, main


def is_alive(pid: int) -> bool:
    """Runs, or is a zombie of somebody else's: a state other than gone."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state not in "ZX"


def wait_gone(pid: int) -> bool:
    for _ in range(1000):
        if not is_alive(pid):
            return True
        signal.sigtimedwait([], 0.01)
    return False


class Child(Case):
    def setUp(self) -> None:
        super().setUp()
        self.ine = str(self.folder / "ine")
        shutil.copy(INE, self.ine)
        self.pid_file = self.folder / "pid"

    def script(self, text: str) -> None:
        """What stands next to this copy of ine in place of ine-sandbox; it writes down its pid."""
        path = self.folder / "ine-sandbox"
        path.write_text(f"#!/bin/sh\necho $$ > '{self.pid_file}'\n{text}\n", encoding="utf-8")
        path.chmod(0o755)

    def real(self, *words: str) -> None:
        self.script(f"exec '{SANDBOX}' \"$@\" {' '.join(words)}")

    def pid(self) -> int:
        return int(self.pid_file.read_text(encoding="utf-8"))

    def start(self, *words: str, **env: str) -> subprocess.Popen[str]:
        pipe = subprocess.PIPE
        command = [self.ine, "verify", "--sandbox", *words]
        process = subprocess.Popen(command, stdout=pipe, stderr=pipe, env=environment(**env), text=True)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        return process

    def run_it(self, *words: str, **env: str) -> tuple[int, str, str]:
        process = self.start(*words, **env)
        out, err = process.communicate(timeout=60)
        return process.returncode, out, err

    def read_until(self, process: subprocess.Popen[str], word: str) -> None:
        assert process.stderr
        for line in process.stderr:
            if word in line:
                return
        self.fail(f"{word} was not said")

    def test_it_ends_with_the_command(self) -> None:
        self.real()
        for words in ((), ("--scenario", "selfie_mismatch"), ("--scenario", "nonsense"), ("--cic", "1")):
            self.run_it(*words)
            self.assertFalse(is_alive(self.pid()))

    def test_it_ends_when_the_command_is_killed(self) -> None:
        self.real("--decision-delay-ms", "600000")
        process = self.start()
        self.read_until(process, "Session ")
        self.assertTrue(is_alive(self.pid()))
        process.kill()
        process.communicate(timeout=30)
        self.assertTrue(wait_gone(self.pid()))

    def test_it_ends_when_the_command_is_interrupted(self) -> None:
        self.real("--decision-delay-ms", "600000")
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            process = self.start()
            self.read_until(process, "Session ")
            process.send_signal(number)
            process.communicate(timeout=30)
            self.assertEqual(process.returncode, STOPPED)
            self.assertFalse(is_alive(self.pid()))

    def test_ctrl_c_at_a_terminal_is_for_the_command(self) -> None:
        """It reaches the whole foreground group; the sandbox lives until it is told to end."""
        hit = self.folder / "hit"
        real = f"'{SANDBOX}' \"$@\" --decision-delay-ms 600000 <&3 &"
        self.script(f"trap 'echo hit > {hit}' INT\nexec 3<&0\n{real}\nwait\nwait")
        pipe = subprocess.PIPE
        command = [self.ine, "verify", "--sandbox"]
        process = subprocess.Popen(
            command, stdout=pipe, stderr=pipe, env=environment(), text=True, start_new_session=True
        )
        self.read_until(process, "Session ")
        os.killpg(process.pid, signal.SIGINT)
        process.communicate(timeout=30)
        self.assertEqual(process.returncode, STOPPED)
        self.assertFalse(hit.exists())
        self.assertFalse(is_alive(self.pid()))

    def test_an_interrupt_while_it_starts(self) -> None:
        self.script("echo started >&2\nexec sleep 600")
        process = self.start()
        self.read_until(process, "started")
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=30)
        self.assertEqual(process.returncode, STOPPED)
        self.assertFalse(is_alive(self.pid()))

    def test_it_dies_at_once_or_says_nonsense(self) -> None:
        wrong_port = 'echo \'{"port":1,"base_url":"x"}\'; cat'
        for text in ("exit 4", "echo nonsense", "echo '{}'", wrong_port, "echo '[]'; cat"):
            with self.subTest(text):
                self.script(text)
                code, out, err = self.run_it()
                self.assertEqual((code, out), (REFUSED, ""), err)
                self.assertIn("the sandbox", err)
                self.assertFalse(is_alive(self.pid()))

    def test_it_does_not_want_to_end(self) -> None:
        self.script("trap '' TERM INT HUP\necho nonsense\nwhile :; do sleep 1; done")
        self.assertEqual(self.run_it()[0], REFUSED)
        self.assertTrue(wait_gone(self.pid()))

    def test_it_is_not_there(self) -> None:
        code, _, err = self.run_it(PATH=str(self.folder))
        self.assertEqual(code, REFUSED)
        self.assertIn("ine-sandbox was not found", err)

    def test_it_is_found_on_path(self) -> None:
        folder = self.folder / "elsewhere"
        folder.mkdir()
        os.symlink(SANDBOX, folder / "ine-sandbox")
        self.assertEqual(self.run_it(PATH=f"{folder}:{os.environ['PATH']}")[0], OK)


if __name__ == "__main__":
    main()
