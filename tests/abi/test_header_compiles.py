#!/usr/bin/env python3
"""ine.h compiles alone, without a warning, as C99, C11, C17 and C++17, with gcc and with clang."""

from __future__ import annotations

import subprocess
import tempfile
import unittest
from pathlib import Path

INCLUDE = Path(__file__).resolve().parents[2] / "abi" / "include"
WARNINGS = ("-Wall", "-Wextra", "-Wpedantic", "-Wundef", "-Werror", "-fsyntax-only")
STANDARDS = (("c", "c99"), ("c", "c11"), ("c", "c17"), ("c++", "c++17"))
COMPILERS = ("gcc", "clang-14")


class Header(unittest.TestCase):
    def compile(self, compiler: str, language: str, standard: str, text: str) -> subprocess.CompletedProcess[str]:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "include.c"
            path.write_text(text, encoding="utf-8")
            command = [compiler, f"-std={standard}", "-x", language, *WARNINGS, f"-I{INCLUDE}", str(path)]
            return subprocess.run(command, capture_output=True, text=True, check=False)

    def test_compiles(self) -> None:
        # Twice, so that the guard is seen to work; -DINE_STATIC is what users of libine.a set.
        for define in ("", "#define INE_STATIC\n"):
            text = define + '#include "ine.h"\n#include "ine.h"\nint main(void);\n'
            for compiler in COMPILERS:
                for language, standard in STANDARDS:
                    with self.subTest(compiler=compiler, standard=standard, define=define):
                        done = self.compile(compiler, language, standard, text)
                        self.assertEqual(done.returncode, 0, done.stderr)

    def test_a_warning_would_be_seen(self) -> None:
        for compiler in COMPILERS:
            for language, standard in STANDARDS:
                done = self.compile(
                    compiler, language, standard, '#include "ine.h"\nint f(int a);\nint f(int a) { return 0; }\n'
                )
                self.assertNotEqual(done.returncode, 0, (compiler, standard))


if __name__ == "__main__":
    unittest.main()
