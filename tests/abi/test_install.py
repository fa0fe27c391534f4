#!/usr/bin/env python3
"""Installs the library and the tools into a fresh folder, and builds and runs C and C++ programs against that alone.

test_install.py BUILD_FOLDER
"""

from __future__ import annotations

import http.client
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
BUILD = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "build"
EXPECTED = re.compile(r"^\d+\.\d+\.\d+ CONSENT_MISSING$")
COMPILERS = (("gcc", "consumer.c", "-std=c11"), ("clang-14", "consumer.c", "-std=c99"),
             ("g++", "consumer.cpp", "-std=c++17"))  # fmt: skip


def grey_jpeg() -> bytes:
    """The smallest whole JPEG: eight by eight grey pixels."""

    def segment(marker: int, *content: int) -> bytes:
        return bytes((0xFF, marker)) + (len(content) + 2).to_bytes(2, "big") + bytes(content)

    one_code = (1, *[0] * 15, 0)  # one code of one bit: "no more"
    return b"".join(
        (
            b"\xff\xd8",
            segment(0xDB, 0, *[1] * 64),
            segment(0xC0, 8, 0, 8, 0, 8, 1, 1, 0x11, 0),
            segment(0xC4, 0x00, *one_code),
            segment(0xC4, 0x10, *one_code),
            segment(0xDA, 1, 1, 0, 0, 63, 0),
            b"\x3f\xff\xd9",
        )
    )


class Installed(unittest.TestCase):
    @classmethod
    def setUpClass(cls) -> None:
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.folder = Path(folder.name)
        first = cls.folder / "first"
        subprocess.run(["cmake", "--install", BUILD, "--prefix", first], check=True, stdout=subprocess.DEVNULL)
        # Moved after it was installed: neither pkg-config nor CMake may remember where it was.
        cls.prefix = cls.folder / "moved"
        first.rename(cls.prefix)
        cls.lib = next(path for path in cls.prefix.rglob("libine.so.1")).parent
        cls.environment = os.environ | {
            "PKG_CONFIG_PATH": str(cls.lib / "pkgconfig"),
            "CMAKE_PREFIX_PATH": str(cls.prefix),
            "LD_LIBRARY_PATH": str(cls.lib),
        }

    def call(self, *command: str | Path) -> str:
        done = subprocess.run(
            [str(part) for part in command], env=self.environment, capture_output=True, text=True, check=False
        )
        self.assertEqual(done.returncode, 0, f"{command}\n{done.stdout}\n{done.stderr}")
        return done.stdout.strip()

    def links(self, program: Path) -> bool:
        return "libine.so.1" in self.call("readelf", "-dW", program)

    def test_what_lies_where(self) -> None:
        found = {path.relative_to(self.prefix).as_posix() for path in self.prefix.rglob("*") if not path.is_dir()}
        lib = self.lib.relative_to(self.prefix).as_posix()
        for name in (
            "include/ine.h", f"{lib}/libine.so", f"{lib}/libine.so.1", f"{lib}/libine.a", f"{lib}/pkgconfig/libine.pc",
            f"{lib}/cmake/libine/libine-config.cmake", f"{lib}/cmake/libine/libine-config-version.cmake",
            "bin/ine", "bin/ine-sandbox", "share/doc/libine/LICENSE",
        ):  # fmt: skip
            self.assertIn(name, found)
        self.assertEqual(
            sorted(name for name in found if name.startswith("include/")),
            ["include/ine.h", "include/ine_experimental.h"],
        )

    def test_nothing_remembers_the_source_tree(self) -> None:
        for path in self.prefix.rglob("*"):
            if path.suffix in (".pc", ".cmake"):
                text = path.read_text(encoding="utf-8")
                self.assertNotIn(str(ROOT), text, path)
                self.assertNotIn(str(self.folder), text, path)

    def test_pkg_config(self) -> None:
        for static in (False, True):
            flags = self.call("pkg-config", "--cflags", "--libs", *(["--static"] if static else []), "libine").split()
            if static:
                flags = [str(self.lib / "libine.a") if flag == "-line" else flag for flag in flags]
            for compiler, source, standard in COMPILERS:
                with self.subTest(compiler=compiler, static=static):
                    program = self.folder / f"{compiler}-{static}"
                    self.call(compiler, standard, "-Wall", "-Wextra", "-Werror", HERE / "consumer" / source, *flags,
                              "-o", program)  # fmt: skip
                    self.assertRegex(self.call(program), EXPECTED)
                    self.assertEqual(self.links(program), not static)

    def test_pkg_config_hides_what_the_shared_library_needs_itself(self) -> None:
        self.assertNotIn("crypto", self.call("pkg-config", "--libs", "libine"))
        self.assertIn("crypto", self.call("pkg-config", "--libs", "--static", "libine"))

    def test_find_package(self) -> None:
        source = self.folder / "consumer"
        shutil.copytree(HERE / "consumer", source)
        build = self.folder / "consumer-build"
        self.call("cmake", "-S", source, "-B", build, "-G", "Ninja")
        self.call("cmake", "--build", build)
        for language in ("c", "cxx"):
            for library in ("ine", "ine_static"):
                with self.subTest(language=language, library=library):
                    self.assertRegex(self.call(build / f"{language}_{library}"), EXPECTED)
                    self.assertEqual(self.links(build / f"{language}_{library}"), library == "ine")

    def test_a_receiver_is_tested_with_a_signed_webhook(self) -> None:
        """examples/c/webhook_test.c, built and run as its first lines say."""
        program = self.folder / "webhook_test"
        flags = self.call("pkg-config", "--cflags", "--libs", "--static", "libine").split()
        self.call("cc", ROOT / "examples" / "c" / "webhook_test.c", "-o", program, f"-L{self.lib}", "-line_testing",
                  *[str(self.lib / "libine.a") if flag == "-line" else flag for flag in flags])  # fmt: skip
        self.assertTrue(self.call(program, "lost_or_stolen").startswith("NOT_VERIFIED "))
        self.assertTrue(self.call(program, "approved").startswith("VERIFIED "))

    def test_tools_run_where_they_were_installed(self) -> None:
        self.assertIn("ine", self.call(self.prefix / "bin" / "ine", "--help"))
        self.assertIn("ine-sandbox", self.call(self.prefix / "bin" / "ine-sandbox", "--help"))

    def test_the_first_program_verifies_and_refuses(self) -> None:
        """examples/c/verify.c, built and run as its first lines say, against the installed sandbox."""
        program, selfie = self.folder / "verify", self.folder / "selfie.jpg"
        selfie.write_bytes(grey_jpeg())
        flags = self.call("pkg-config", "--cflags", "--libs", "libine").split()
        self.call("cc", ROOT / "examples" / "c" / "verify.c", "-o", program, *flags)
        sandbox = subprocess.Popen(
            [self.prefix / "bin" / "ine-sandbox", "--json", "--exit-with-stdin"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=self.environment,
        )
        self.addCleanup(sandbox.stdout.close)
        self.addCleanup(sandbox.wait, 20)
        self.addCleanup(sandbox.stdin.close)
        ready = json.loads(sandbox.stdout.readline())
        connection = http.client.HTTPConnection(ready["base_url"].split("/")[2])
        connection.request("GET", "/sandbox/scenarios")
        scenarios = {one["name"]: one for one in json.loads(connection.getresponse().read())}
        connection.close()
        account = {f"INE_{name.upper()}": ready[name] for name in ("base_url", "api_key", "secret")}
        for name, code in (("approved", 0), ("selfie_mismatch", 1)):
            done = subprocess.run(
                [program, scenarios[name]["cic"], selfie, f"example-{name}"],
                env=self.environment | account,
                capture_output=True,
                text=True,
                timeout=60,
                check=False,
            )
            self.assertEqual(done.returncode, code, f"{name}: {done.stdout}\n{done.stderr}")
            self.assertIn(scenarios[name]["outcome"], done.stdout)
        done = subprocess.run([program, "not-a-cic", selfie, "example"], env=self.environment | account,
                              capture_output=True, text=True, timeout=60, check=False)  # fmt: skip
        self.assertEqual(done.returncode, 2)
        self.assertIn("document.number", done.stderr)
        self.assertNotIn("not-a-cic", done.stderr)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
