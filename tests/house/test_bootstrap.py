#!/usr/bin/env python3
"""tools/bootstrap.sh in a simulated world: dpkg-query, apt-get, id and sudo are scripts in a PATH of their own."""

from __future__ import annotations

import subprocess
import tempfile
import time
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = ROOT / "tools" / "bootstrap.sh"
DEBIAN = 'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nVERSION_ID="12"\nID=debian\n'
# What the script itself needs of a system.
COREUTILS = ("sh", "sed", "awk", "grep", "tr", "cat", "env")


class World(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = Path(folder.name)
        self.bin = self.root / "bin"
        self.bin.mkdir()
        for name in COREUTILS:
            found = next(p / name for p in (Path("/usr/bin"), Path("/bin")) if (p / name).exists())
            (self.bin / name).symlink_to(found)
        self.system(DEBIAN)
        self.root_user(True)
        self.packages_installed("*")
        self.fake("apt-get", f'echo "$*" >>{self.root}/apt.log')

    def fake(self, name: str, text: str) -> None:
        path = self.bin / name
        path.write_text(f"#!/bin/sh\n{text}\n", encoding="utf-8")
        path.chmod(0o755)

    def system(self, os_release: str) -> None:
        (self.root / "os-release").write_text(os_release, encoding="utf-8")

    def root_user(self, yes: bool) -> None:
        self.fake("id", f"echo {0 if yes else 1000}")

    def packages_installed(self, *but: str) -> None:
        """All are there, except those named (removed, its configuration left behind)."""
        states = "".join(f'{name}) echo "$p config-files"; continue;; ' for name in but if name != "*")
        self.fake(
            "dpkg-query",
            f'echo asked >>{self.root}/dpkg.log; shift 3; bad=0; for p in "$@"; do case $p in {states}'
            f'unknown) bad=1; continue;; esac; echo "$p installed"; done; exit $bad',
        )

    def bootstrap(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        environment = {"PATH": str(self.bin), "INE_OS_RELEASE": str(self.root / "os-release")}
        return subprocess.run(
            [SCRIPT, *arguments], env=environment, capture_output=True, text=True, timeout=60, check=False
        )

    def log(self, name: str) -> list[str]:
        path = self.root / f"{name}.log"
        return path.read_text(encoding="utf-8").splitlines() if path.exists() else []

    def test_silent_and_idle_when_nothing_is_missing(self) -> None:
        for profile in ("demo", "test"):
            done = self.bootstrap(profile)
            self.assertEqual((done.returncode, done.stdout, done.stderr), (0, "", ""))
        self.assertEqual(self.log("apt"), [])
        self.assertEqual(len(self.log("dpkg")), 2, "one question for each run")

    def test_is_fast(self) -> None:
        best = 9.0
        for _ in range(5):
            start = time.monotonic()
            self.bootstrap("test")
            best = min(best, time.monotonic() - start)
        self.assertLess(best, 2.0, "generous: a shared machine; alone it takes some 20 ms")

    def test_installs_exactly_what_is_missing(self) -> None:
        self.packages_installed("libcurl4-openssl-dev", "ninja-build")
        done = self.bootstrap("demo")
        self.assertEqual(done.returncode, 0, done.stderr)
        update, install = self.log("apt")
        self.assertTrue(update.startswith("update"), update)
        self.assertTrue(install.endswith(" ninja-build libcurl4-openssl-dev"), install)
        self.assertIn(" -y ", install)

    def test_profiles(self) -> None:
        self.packages_installed("valgrind", "abigail-tools")
        self.assertEqual(self.bootstrap("demo").returncode, 0)
        self.assertEqual(self.log("apt"), [])
        self.assertEqual(self.bootstrap("test").returncode, 0)
        self.assertIn("abigail-tools", self.log("apt")[1])

    def test_failures_of_apt_are_failures(self) -> None:
        self.packages_installed("cmake")
        for failing in ("update", "install"):
            self.fake("apt-get", f'[ "$1" != {failing} ]')
            done = self.bootstrap("demo")
            self.assertEqual(done.returncode, 1)
            self.assertIn(failing, done.stderr)

    def test_sudo_only_when_not_root(self) -> None:
        self.packages_installed("cmake")
        self.root_user(False)
        done = self.bootstrap("demo")
        self.assertEqual(done.returncode, 1)
        self.assertIn("apt-get install cmake", done.stderr)
        self.assertEqual(self.log("apt"), [])
        self.fake("sudo", f'echo "$1" >>{self.root}/sudo.log; exec "$@"')
        self.assertEqual(self.bootstrap("demo").returncode, 0)
        self.assertEqual(self.log("sudo"), ["apt-get", "env"])
        self.assertEqual(len(self.log("apt")), 2)

    def test_other_systems_are_told_and_left_alone(self) -> None:
        for text in ('ID=debian\nVERSION_ID="13"\n', 'ID="fedora"\nVERSION_ID=42\n', ""):
            self.system(text)
            done = self.bootstrap("demo")
            self.assertEqual(done.returncode, 1)
            for words in ("libcurl", "apt-get install", "dnf install", "brew install", "OpenSSL 3"):
                self.assertIn(words, done.stderr)
        self.assertEqual(self.log("apt") + self.log("dpkg"), [])

    def test_other_systems_with_everything_are_silent(self) -> None:
        self.system("ID=fedora\nVERSION_ID=42\n")
        for name in ("gcc", "make", "cmake", "ninja", "pkg-config"):
            self.fake(name, "exit 0")
        done = self.bootstrap("demo")
        self.assertEqual((done.returncode, done.stdout, done.stderr), (0, "", ""))
        self.fake("pkg-config", '[ "$2" != sqlite3 ]')
        done = self.bootstrap("demo")
        self.assertEqual(done.returncode, 1)
        self.assertIn("Missing: sqlite3\n", done.stderr)
        self.assertIn("dnf install sqlite-devel\n", done.stderr)

    def test_usage(self) -> None:
        for arguments in ((), ("all",)):
            done = self.bootstrap(*arguments)
            self.assertEqual(done.returncode, 1)
            self.assertIn("demo|test", done.stderr)


if __name__ == "__main__":
    unittest.main()
