#!/usr/bin/env python3
"""What was linked, as readelf and nm see it: hardening, manners, dependencies and size.

test_binary.py BUILD_FOLDER      the folder with libine.so.1, ine and ine-sandbox
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

BUILD = Path(sys.argv[1]) if len(sys.argv) > 1 else Path("build")
MAX_STRIPPED = 400 * 1024


def tool(*command: str | Path) -> str:
    return subprocess.run([str(part) for part in command], capture_output=True, text=True, check=True).stdout


class Elf(unittest.TestCase):
    def hardened(self, path: Path) -> None:
        dynamic, segments = tool("readelf", "-dW", path), tool("readelf", "-lW", path)
        self.assertIn("GNU_RELRO", segments)
        self.assertRegex(dynamic, r"BIND_NOW|FLAGS.*NOW")
        stack = re.search(r"GNU_STACK.* (\w+) +0x[0-9a-f]+$", segments, re.MULTILINE)
        self.assertIsNotNone(stack)
        self.assertEqual(stack.group(1), "RW", "an executable stack")
        self.assertNotRegex(segments, r"LOAD.* RWE ")
        self.assertNotIn("TEXTREL", dynamic)
        imported = tool("nm", "-D", "--undefined-only", path)
        self.assertIn("__stack_chk_fail", imported)
        self.assertRegex(imported, r"__\w+_chk\b", "no function of _FORTIFY_SOURCE")

    def needed(self, path: Path) -> set[str]:
        return {re.sub(r"\.so.*", "", name) for name in re.findall(r"NEEDED.*\[(.*)\]", tool("readelf", "-dW", path))}


class Library(Elf):
    path = BUILD / "libine.so.1"

    def test_hardened(self) -> None:
        self.hardened(self.path)

    def test_never_unloaded(self) -> None:
        self.assertIn("NODELETE", tool("readelf", "-dW", self.path))

    def test_needs_nothing_but_openssl_curl_and_libc(self) -> None:
        self.assertLessEqual(self.needed(self.path), {"libcrypto", "libssl", "libcurl", "libc", "ld-linux-x86-64"})
        self.assertNotRegex(tool("readelf", "-dW", self.path), "RPATH|RUNPATH")

    def test_runs_nothing_when_loaded_or_unloaded(self) -> None:
        """No constructor, no destructor but those that the compiler puts into every library."""
        sizes = {}
        for line in tool("readelf", "-SW", self.path).splitlines():
            found = re.match(r"\s*\[ *\d+\] (\.\S+) +\S+ +\S+ +\S+ +([0-9a-f]+)", line)
            if found:
                sizes[found.group(1)] = int(found.group(2), 16)
        self.assertEqual(sizes.get(".init_array"), 8)
        self.assertEqual(sizes.get(".fini_array"), 8)
        self.assertNotIn(".ctors", sizes)

    def test_takes_nothing_of_the_process(self) -> None:
        imported = set(re.findall(r"U (\w+)", tool("nm", "-D", "--undefined-only", self.path)))
        handlers = {"signal", "sigaction", "atexit", "on_exit", "__cxa_atexit", "pthread_atfork", "setenv", "putenv"}
        output = {"printf", "puts", "putchar", "__printf_chk", "__fprintf_chk", "fprintf", "perror", "stdout", "stderr"}
        ends = {"exit", "_exit", "quick_exit"}
        self.assertEqual(imported & (handlers | output | ends), set())

    def test_size(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            copy = Path(folder) / "libine.so.1"
            shutil.copy(self.path, copy)
            tool("strip", "--strip-unneeded", copy)
            size = copy.stat().st_size
        print(f"libine.so.1 stripped: {size} bytes", file=sys.stderr)
        self.assertLess(size, MAX_STRIPPED)


class Tools(Elf):
    def test_hardened(self) -> None:
        for name in ("ine", "ine-sandbox"):
            with self.subTest(name):
                self.hardened(BUILD / name)
                self.assertIn("DYN (Position-Independent Executable", tool("readelf", "-hW", BUILD / name))


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
