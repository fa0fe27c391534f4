#!/usr/bin/env python3
"""The last line of `make test` counts right, and its exit code follows."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def case(name: str, status: str, output: str = "") -> str:
    why = {"notrun": '<skipped message="SKIP_RETURN_CODE=77"/>', "absent": '<skipped message="Unable to find it"/>'}
    real = "notrun" if status == "absent" else status
    inside = f"{why.get(status, '')}<system-out>{output}</system-out>"
    return f'<testcase name="{name}" status="{real}">{inside}</testcase>'


CMOCKA = """[==========] 3 test(s) run.
[ RUN      ] one
[       OK ] one
[ RUN      ] two
skipped: vectors are not here
[  SKIPPED ] two
[ RUN      ] three
[  FAILED  ] three
[  FAILED  ] 1 test(s), listed below:
[  FAILED  ] three
"""


class Summary(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def run_of(self, name: str, *statuses: str) -> None:
        cases = "".join(case(f"test_{i}", status) for i, status in enumerate(statuses))
        (self.folder / f"{name}.xml").write_text(f"<testsuite>{cases}</testsuite>", encoding="utf-8")

    def run_of_one(self, status: str, output: str) -> tuple[int, str]:
        (self.folder / "one.xml").write_text(f"<testsuite>{case('t', status, output)}</testsuite>", encoding="utf-8")
        code, lines = self.summary()
        return code, lines[-1]

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

    def test_a_test_that_was_not_built_has_failed(self) -> None:
        self.run_of("release", "run", "absent")
        self.assertEqual(self.summary(), (1, ["failed: release/test_1", "1 passed, 1 failed, 0 skipped"]))

    def test_a_failed_step_fails(self) -> None:
        self.run_of("release", "run")
        (self.folder / "steps.tsv").write_text("lint\tfailed\n", encoding="utf-8")
        self.assertEqual(self.summary(), (1, ["failed: lint", "1 passed, 1 failed, 0 skipped"]))

    def test_a_status_that_is_not_known_fails(self) -> None:
        self.run_of("release", "run", "exploded")
        self.assertEqual(self.summary()[0], 1)

    def test_a_program_counts_as_the_tests_inside(self) -> None:
        self.assertEqual(self.run_of_one("fail", CMOCKA), (1, "1 passed, 1 failed, 1 skipped"))
        good = CMOCKA.split("[ RUN      ] three")[0]
        self.assertEqual(self.run_of_one("run", good), (0, "1 passed, 0 failed, 1 skipped"))
        # It said nothing of a failure and yet it failed: a sanitizer, a crash.
        self.assertEqual(self.run_of_one("fail", good), (1, "1 passed, 1 failed, 1 skipped"))
        for output, line in (
            ("Ran 25 tests in 2.780s\n\nOK\n", (0, "25 passed, 0 failed, 0 skipped")),
            ("Ran 1 test in 0.1s\n\nOK (skipped=1)", (1, "0 passed, 0 failed, 1 skipped")),
            ("Ran 4 tests in 0.1s\n\nOK (skipped=1)", (0, "3 passed, 0 failed, 1 skipped")),
        ):
            self.assertEqual(self.run_of_one("run", output), line)
        output = "Ran 7 tests in 0.1s\n\nFAILED (failures=1, errors=1, skipped=2)\n"
        self.assertEqual(self.run_of_one("fail", output), (1, "3 passed, 2 failed, 2 skipped"))
        self.assertEqual(self.run_of_one("fail", "Killed"), (1, "0 passed, 1 failed, 0 skipped"))

    def test_other_runners(self) -> None:
        cases = (
            '<testcase name="a" classname="x" time="0.1"/>'
            '<testcase name="b"><skipped message="no newer Node"/></testcase>'
            '<testsuite name="inside"><testcase name="c"><failure>no</failure></testcase></testsuite>'
            '<testcase name="d"><error>no</error></testcase>'
        )
        (self.folder / "node.xml").write_text(f"<testsuites>{cases}</testsuites>", encoding="utf-8")
        code, lines = self.summary()
        self.assertEqual((code, lines[-1]), (1, "1 passed, 2 failed, 1 skipped"))
        self.assertIn("failed: node/c", lines)

    def test_a_file_that_ends_early_fails(self) -> None:
        self.run_of("release", "run")
        (self.folder / "go.xml").write_text('<testsuites><testcase name="a"/>', encoding="utf-8")
        self.assertEqual(self.summary(), (1, ["failed: go", "1 passed, 1 failed, 0 skipped"]))

    def test_nothing_at_all_fails(self) -> None:
        self.assertEqual(self.summary(), (1, ["0 passed, 0 failed, 0 skipped"]))


if __name__ == "__main__":
    unittest.main()
