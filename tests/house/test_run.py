#!/usr/bin/env python3
"""The last line of `make test` counts right, and its exit code follows."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def case(name: str, status: str) -> str:
    return f'<testcase name="{name}" status="{status}"/>'


class Summary(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def run_of(self, name: str, *statuses: str) -> None:
        cases = "".join(case(f"test_{i}", status) for i, status in enumerate(statuses))
        (self.folder / f"{name}.xml").write_text(f"<testsuite>{cases}</testsuite>", encoding="utf-8")

    def summary(self) -> tuple[int, list[str]]:
        script = ROOT / "tests" / "summary.py"
        done = subprocess.run([sys.executable, script, self.folder], capture_output=True, text=True, check=False)
        return done.returncode, done.stdout.splitlines()

    def test_adds_up(self) -> None:
        self.run_of("release", "run", "run", "notrun")
        self.run_of("asan", "run")
        (self.folder / "steps.tsv").write_text("build\tpassed\nlint\tpassed\n", encoding="utf-8")
        self.assertEqual(self.summary(), (0, ["skipped: release/test_2", "5 passed, 0 failed, 1 skipped"]))

    def test_a_failed_test_fails(self) -> None:
        self.run_of("release", "run", "fail")
        self.assertEqual(self.summary(), (1, ["failed: release/test_1", "1 passed, 1 failed, 0 skipped"]))

    def test_a_failed_step_fails(self) -> None:
        self.run_of("release", "run")
        (self.folder / "steps.tsv").write_text("lint\tfailed\n", encoding="utf-8")
        self.assertEqual(self.summary(), (1, ["failed: lint", "1 passed, 1 failed, 0 skipped"]))

    def test_a_status_that_is_not_known_fails(self) -> None:
        self.run_of("release", "run", "exploded")
        self.assertEqual(self.summary()[0], 1)

    def test_nothing_at_all_fails(self) -> None:
        self.assertEqual(self.summary(), (1, ["0 passed, 0 failed, 0 skipped"]))


if __name__ == "__main__":
    unittest.main()
