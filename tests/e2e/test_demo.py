#!/usr/bin/env python3
"""`make demo`: both trees, exit code 0; and not 0 when a person did not come out as expected."""

from __future__ import annotations

import subprocess

from tool import INE, ROOT, Case, environment, main

DEMO = str(ROOT / "examples" / "demo.sh")


class Demo(Case):
    def test_both_trees(self) -> None:
        done = subprocess.run(
            [DEMO, INE], capture_output=True, text=True, env=environment(), cwd=self.folder, timeout=60, check=False
        )
        self.assertEqual(done.returncode, 0, done)
        self.assertEqual(done.stdout.count("===="), 2)
        self.assertIn("✓ VERIFIED", done.stdout)
        self.assertIn("✗ NOT VERIFIED", done.stdout)
        self.assertIn("✗  3 Selfie matches registry", done.stdout)

    def test_a_wrong_outcome_is_no_success(self) -> None:
        for text in ("exit 0", "exit 1", "exit 4"):
            fake = self.folder / "ine"
            fake.write_text(f"#!/bin/sh\n{text}\n", encoding="utf-8")
            fake.chmod(0o755)
            done = subprocess.run([DEMO, str(fake)], capture_output=True, env=environment(), check=False)
            self.assertEqual(done.returncode, 1)


if __name__ == "__main__":
    main()
