"""Whole verifications on a line that breaks by chance: any route, any byte. Whatever happens, one session is made, no image is
taken twice, and no result is ever another than the one that was meant. A seed names a run: the same one replays it."""

import os
import unittest

import faults

SEEDS = 400 if os.environ.get("INE_LONG") else 60
# fault, the rest of its rule, in turn
RULES = [
    ("F05", {}), ("F06", {}), ("F07", {}), ("F09", {}), ("F17", {}), ("F18", {}), ("F19", {}), ("F21", {}), ("F22", {}),
    ("F24", {}), ("F26", {}), ("F30", {}), ("F34", {}), ("F53", {"variant": "wrong"}), ("F53", {"variant": "missing"}),
    ("F55", {"variant": "none"}), ("F56", {"variant": "502"}), ("F58", {"variant": "html"}),
]  # fmt: skip
ERRORS = {
    "INE_OK", "OUTCOME_UNKNOWN", "TRANSPORT", "PROTOCOL", "SIGNATURE", "UNSIGNED", "SERVER", "RATE_LIMIT", "JSON", "DEADLINE",
    "TIMEOUT", "CONFLICT", "REJECTED",
}  # fmt: skip


class Seeds(unittest.TestCase):
    def test_random_faults(self):
        def work(bench, seed):
            bench.clear()
            bench.admin("DELETE", "/sandbox/log")
            for n in range(2):
                fault, more = RULES[(seed * 7 + n * 5) % len(RULES)]
                rule = {"fault": fault, "times": -1, "chance": 30, "seed": seed * 10 + n + 1, **more}
                bench.admin("POST", "/sandbox/faults", rule)
            result = bench.driver("verify", call_ms=3000, deadline_ms=60000)[-1]
            bench.clear()
            return seed, result, bench.log()

        ends = {}
        for seed, result, log in faults.run_all(range(1, SEEDS + 1), work):
            with self.subTest(seed=seed):
                end = result["name"] if result["name"] != "INE_OK" else result["outcome"]
                ends[end] = ends.get(end, 0) + 1
                self.assertIn(result["name"], ERRORS, result)
                if result["name"] == "INE_OK":
                    self.assertEqual(result["outcome"], "VERIFIED")
                made = [line for line in log if line["route"] == "create" and line["status"] == 201]
                again = [line for line in log if line["route"] == "create" and line["status"] != 429]
                taken = [line for line in log if line["route"] == "media" and line["status"] == 200]
                self.assertLessEqual(len(made), 1)
                self.assertLessEqual(len(again), 1)
                self.assertLessEqual(len(taken), 1, [(line["route"], line["fault"], line["status"]) for line in log])
                if not made:
                    self.assertNotEqual(result["name"], "INE_OK")
        faults.show(f"random faults: {SEEDS} cases", [("end", "times"), *sorted(ends.items())])
        self.assertGreater(ends.get("VERIFIED", 0), 0)
        self.assertGreater(len(ends), 2)


if __name__ == "__main__":
    unittest.main()
