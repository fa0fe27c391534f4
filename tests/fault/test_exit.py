"""What `ine verify` ends with when the server has a bad day, and that it asked for one session only."""

import json
import os
import subprocess
import unittest

import faults

INE = os.environ.get("INE", str(faults.harness.ROOT / "build" / "ine"))
# fault, variant, route, times, exit code, error code (None: a verdict), requests of POST /v1/sessions
TABLE = [
    ("none", None, "create", 0, 0, None, 1),
    ("F06", None, "create", -1, 5, "OUTCOME_UNKNOWN", 1),
    ("F17", None, "create", -1, 5, "OUTCOME_UNKNOWN", 1),
    ("F15", None, "create", -1, 4, "REJECTED", 1),
    ("F36", "host", "create", -1, 4, "REDIRECT", 1),
    ("F53", "wrong", "create", -1, 4, "SIGNATURE", 1),
    ("F55", "seconds", "create", 1, 0, None, 2),
    ("F56", "503", "create", -1, 4, "SERVER", 1),
    ("F57", "401", "create", -1, 4, "AUTH", 1),
    ("F58", "html", "create", -1, 5, "OUTCOME_UNKNOWN", 1),
    ("F06", None, "media", 1, 0, None, 1),
    ("F62", "lost", "media", 1, 0, None, 1),
    ("F07", None, "submit", 1, 0, None, 1),
    ("F63", "lost", "submit", 1, 0, None, 1),
    ("F18", None, "decision", 2, 0, None, 1),
    ("F53", "missing", "decision", -1, 4, "UNSIGNED", 1),
    ("F53", "twice", "decision", -1, 4, "SIGNATURE", 1),
    ("F54", None, "decision", -1, 4, "MISMATCH", 1),
    ("F56", "500", "decision", 1, 0, None, 1),
    ("F60", "pending", "decision", 3, 0, None, 1),
    ("F61", "unknown", "decision", -1, 5, None, 1),
]


class Exit(unittest.TestCase):
    def test_exit_codes(self):
        selfie = faults.harness.temp_file(faults.harness.JPEG, "selfie.jpg")

        def work(bench, case):
            fault, variant, route, times, *_ = case
            s = bench.sandbox
            bench.clear()
            bench.admin("DELETE", "/sandbox/log")
            if fault != "none":
                rule = {"fault": fault, "variant": variant, "route": route, "times": times}
                bench.admin("POST", "/sandbox/faults", {k: v for k, v in rule.items() if v is not None})
            done = subprocess.run(
                [INE, "verify", "--json", "--cic", "900100001", "--selfie", selfie, "--consent", "--timeout", "30"],
                env={"PATH": os.environ["PATH"], "INE_BASE_URL": s.base_url, "INE_API_KEY": s.api_key,
                     "INE_SECRET": s.secret.decode(), "LANG": "C.UTF-8"},
                capture_output=True, text=True, timeout=120, check=False,
            )  # fmt: skip
            printed = json.loads(done.stdout.splitlines()[-1]) if done.stdout.strip() else {}
            error = printed.get("error")
            code = error.get("code") if isinstance(error, dict) else None
            created = sum(line["route"] == "create" for line in bench.log())
            return (" ".join(word for word in (fault, variant, route) if word), done.returncode, code, created)

        rows = faults.run_all(TABLE, work)
        faults.show(f"ine verify: {len(rows)} cases", [("fault", "exit", "error", "sessions"), *rows])
        for case, row in zip(TABLE, rows):
            with self.subTest(case=row[0]):
                self.assertEqual(row[1:], case[4:])


if __name__ == "__main__":
    unittest.main()
