#!/usr/bin/env python3
"""README.md tells the truth: its code is the example, its drawing is what `ine explain` draws, its commands exist."""

from __future__ import annotations

import os
import re
import subprocess
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
INE = os.environ.get("INE", str(ROOT / "build" / "ine"))


def ine(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([INE, *arguments], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)


class Readme(unittest.TestCase):
    def setUp(self) -> None:
        self.text = (ROOT / "README.md").read_text(encoding="utf-8")
        self.blocks = re.findall(r"^```(\w*)\n(.*?)^```$", self.text, re.MULTILINE | re.DOTALL)

    def test_code_is_the_examples(self) -> None:
        """Each of which is run by the tests of its language."""
        examples = {"c": "c/verify.c", "python": "python/verify.py", "js": "node/verify.mjs", "go": "go/verify/main.go"}
        for language, path in examples.items():
            with self.subTest(language=language):
                code = [block for name, block in self.blocks if name == language]
                self.assertEqual(len(code), 1)
                self.assertIn(code[0], (ROOT / "examples" / path).read_text(encoding="utf-8"))

    def test_drawing_is_what_is_drawn(self) -> None:
        drawn = [block for _, block in self.blocks if "Root cause" in block]
        self.assertEqual(len(drawn), 1)
        done = ine("explain", "--lang", "en", "--color", "never", "tests/payloads/decision_selfie_mismatch.json")
        self.assertEqual((done.returncode, done.stdout), (1, drawn[0]))

    def test_commands_and_options_exist(self) -> None:
        lines = [line for _, block in self.blocks for line in block.splitlines() if line.startswith("build/ine ")]
        self.assertGreaterEqual(len(lines), 3)
        for line in lines:
            command, *rest = line.split()[1:]
            text = ine("help", command).stdout
            self.assertTrue(text, line)
            for option in (word for word in rest if word.startswith("--")):
                self.assertRegex(text, rf"(?m)^  {option}\b", line)
        targets = re.findall(r"^([a-z-]+):.*##", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
        for target in re.findall(r"\bmake ([a-z-]+)\b", self.text):
            self.assertIn(target, targets)

    def test_links_lead_somewhere(self) -> None:
        for path in [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]:
            for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", path.read_text(encoding="utf-8")):
                with self.subTest(path=path.name, target=target):
                    self.assertTrue((path.parent / target).exists(), f"{path.name} links to {target}")


if __name__ == "__main__":
    unittest.main()
