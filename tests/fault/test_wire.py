"""F05 to F40: connection, stream and framing. Each meets a call that may be repeated (the decision) and one that may not
(a new session, an upload); what counts is the class of the error, and how many requests the server saw."""

import subprocess
import time
import unittest

import faults

# fault, variant, at: what a call that may be repeated ends with when the fault stays. The reply of what may not be
# repeated is lost then, except where the third column says otherwise.
LOST = "OUTCOME_UNKNOWN"
TABLE = [
    ("F05", None, None, "TRANSPORT", LOST),
    ("F06", None, None, "TRANSPORT", LOST),
    ("F07", None, None, "TRANSPORT", LOST),
    ("F12", "request", None, "TIMEOUT", LOST),
    ("F12", "headers", None, "TIMEOUT", LOST),
    ("F12", "body", None, "TIMEOUT", LOST),
    ("F13", None, None, "TIMEOUT", LOST),
    *[("F16", None, at, "TRANSPORT", LOST) for at in (0, 1, 4, 5, 9, 12)],
    ("F17", None, None, "PROTOCOL", LOST),
    ("F17", None, 40, "PROTOCOL", LOST),
    ("F17", None, 200, "PROTOCOL", LOST),
    ("F18", None, 0, "TRANSPORT", LOST),
    ("F18", None, 1, "TRANSPORT", LOST),
    ("F18", None, None, "TRANSPORT", LOST),
    *[("F19", None, at, "TRANSPORT", LOST) for at in (1, 16, 60, 300, 400)],
    ("F20", None, None, "TRANSPORT", LOST),  # the same bytes as F18
    ("F21", None, None, "SIGNATURE", "SIGNATURE"),
    ("F22", None, None, "SIGNATURE", "SIGNATURE"),
    ("F23", "negative", None, "PROTOCOL", LOST),
    ("F23", "huge", None, "PROTOCOL", LOST),
    ("F24", None, None, "PROTOCOL", LOST),
    ("F25", None, None, "PROTOCOL", LOST),
    ("F26", None, None, "TRANSPORT", LOST),
    ("F27", "hex", None, "PROTOCOL", LOST),
    ("F27", "wide", None, "PROTOCOL", LOST),
    ("F28", "garbage", None, "PROTOCOL", LOST),
    ("F28", "http09", None, "PROTOCOL", LOST),
    ("F28", "two_digits", None, "PROTOCOL", LOST),
    ("F29", "600", None, "PROTOCOL", LOST),
    ("F29", "999", None, "PROTOCOL", LOST),
    ("F29", "199", None, "PROTOCOL", LOST),
    ("F30", None, None, "PROTOCOL", LOST),
    ("F31", None, None, "LIMIT", LOST),
    ("F32", None, None, "LIMIT", LOST),
    ("F33", "100", None, "TIMEOUT", LOST),
    ("F33", "103", None, "TIMEOUT", LOST),
    ("F35", "204", None, "PROTOCOL", LOST),
    ("F35", "304", None, "PROTOCOL", LOST),
    ("F37", None, None, "PROTOCOL", LOST),
    ("F38", None, None, "PROTOCOL", LOST),
    ("F39", None, None, "PROTOCOL", LOST),
    ("F40", "unknown", None, "PROTOCOL", LOST),
    ("F40", "stacked", None, "PROTOCOL", LOST),
]
# What the server says is final: one request, whatever the call.
FINAL = [
    ("F15", None, "REJECTED", 400),
    ("F36", "self", "REDIRECT", 302),
    ("F36", "port", "REDIRECT", 307),
    ("F36", "host", "REDIRECT", 308),
    ("F36", "http", "REDIRECT", 301),
]
CALL_MS = 1500


class Wire(unittest.TestCase):
    maxDiff = None

    def check(self, wanted, rows):
        for want, row in zip(wanted, rows):
            with self.subTest(case=row[0]):
                self.assertEqual(row[1:], want)

    def sweep(self, title, cases):
        """cases: (label, keywords of Bench.case, wanted). wanted: (name, sent, requests)."""

        def work(bench, case):
            results, requests = bench.case(**case[1])
            last = results[-1]
            self.assertFalse(any("setup" in result for result in results), results)
            return (case[0], last["name"], last["sent"], len(requests))

        rows = faults.run_all(cases, work)
        faults.show(f"{title}: {len(rows)} cases", [("fault", "error", "sent", "requests"), *rows])
        self.check([case[2] for case in cases], rows)

    @staticmethod
    def label(fault, variant, at, call):
        return " ".join(str(part) for part in (fault, variant, at, call) if part is not None)

    def test_what_may_be_repeated_is_repeated_twice_and_no_more(self):
        sent = {
            "F21": "yes",
            "F22": "yes",
            "F24": "yes",
            "F25": "yes",
            "F35": "yes",
            "F37": "yes",
            "F38": "yes",
            "F39": "yes",
            "F40": "yes",
            ("F23", "huge"): "yes",
        }
        self.sweep(
            "a call that may be repeated, the fault stays",
            [
                (
                    self.label(fault, variant, at, "decision"),
                    {"fault": fault, "variant": variant, "at": at, "call": "decision", "call_ms": CALL_MS},
                    (name, sent.get(fault, sent.get((fault, variant), "unknown")), 3),
                )
                for fault, variant, at, name, _ in TABLE
            ],
        )

    def test_one_fault_is_survived_with_one_more_request(self):
        self.sweep(
            "a call that may be repeated, the fault comes once",
            [
                (
                    self.label(fault, variant, at, call),
                    {"fault": fault, "variant": variant, "at": at, "call": call, "times": 1, "call_ms": CALL_MS},
                    ("INE_OK", "", 2),
                )
                for fault, variant, at, _, _ in TABLE
                for call in ("decision", "submit")
            ],
        )

    def test_what_may_not_be_repeated_is_sent_once(self):
        self.sweep(
            "a call that may not be repeated",
            [
                (
                    self.label(fault, variant, at, call),
                    {"fault": fault, "variant": variant, "at": at, "call": call, "call_ms": CALL_MS},
                    (name, "yes" if name == "SIGNATURE" else "unknown", 1),
                )
                for fault, variant, at, _, name in TABLE
                for call in ("create", "media")
                if not (call == "media" and name == LOST and fault in ("F12", "F13", "F33"))  # uploads have 30 s
            ],
        )

    def test_final_answers(self):
        def work(bench, case):
            fault, variant, call = case
            results, requests = bench.case(fault, call, variant=variant)
            return (self.label(fault, variant, None, call), results[0]["name"], results[0]["http"], len(requests))

        cases = [(fault, variant, call) for fault, variant, _, _ in FINAL for call in ("decision", "create", "submit")]
        rows = faults.run_all(cases, work)
        faults.show(f"final answers: {len(rows)} cases", [("fault", "error", "status", "requests"), *rows])
        self.check([(name, http, 1) for _, _, name, http in FINAL for _ in range(3)], rows)

    def test_f34_only_the_final_head_counts(self):
        bench = faults.Bench()
        self.addCleanup(bench.stop)
        for call in ("decision", "create", "media", "submit"):
            results, requests = bench.case("F34", call)
            self.assertEqual((results[0]["name"], len(requests)), ("INE_OK", 1), call)

    def test_f08_a_lost_reply_on_a_kept_connection(self):
        """libcurl would repeat it by itself and say nothing."""
        bench = faults.Bench()
        self.addCleanup(bench.stop)
        for variant in ("fin", "rst"):
            for call in ("create", "media"):
                results, requests = bench.case("F08", call, variant=variant, after=1, repeat=2)
                self.assertEqual([result["name"] for result in results], ["INE_OK", LOST], (variant, call))
                self.assertEqual(len(requests), 2, (variant, call))
            results, requests = bench.case("F08", "decision", variant=variant, after=1, times=1, repeat=2)
            self.assertEqual([result["name"] for result in results], ["INE_OK", "INE_OK"])
            self.assertEqual(len(requests), 3)  # the third is ours, and counted as an attempt

    def test_f09_closed_while_idle(self):
        bench = faults.Bench()
        self.addCleanup(bench.stop)
        s = bench.sandbox
        bench.admin("POST", "/sandbox/faults", {"fault": "F09", "route": "create", "times": -1})
        with subprocess.Popen(
            [faults.DRIVER, s.base_url, s.api_key, s.secret.decode(), "create", "repeat=3", "keep=1"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        ) as driver:
            for _ in range(2):
                self.assertIn('"INE_OK"', driver.stdout.readline())
                time.sleep(0.2)  # the connection closes meanwhile; the result must not depend on it
                driver.stdin.write("\n")
                driver.stdin.flush()
            self.assertIn('"INE_OK"', driver.stdout.readline())
            self.assertEqual(driver.wait(30), 0)
        self.assertEqual(len(bench.log()), 3)

    def test_uploads_that_are_cut_off(self):
        """24 MB are on their way when the server goes, refuses, or stops reading."""
        bench = faults.Bench()
        self.addCleanup(bench.stop)
        size = 17_000_000
        for fault, variant, name, sent, http in (
            ("F10", "rst", LOST, "unknown", -1),
            ("F10", "fin", LOST, "unknown", -1),
            ("F11", None, "REJECTED", "yes", 413),
        ):
            with self.subTest(fault=fault, variant=variant):
                results, requests = bench.case(fault, "media", variant=variant, bytes=size)
                result = results[0]
                self.assertEqual((result["name"], result["sent"], result["http"], len(requests)), (name, sent, http, 1))

    def test_f14_a_server_that_stops_reading(self):
        bench = faults.Bench()
        self.addCleanup(bench.stop)
        results, requests = bench.case("F14", "media", bytes=17_000_000, deadline_ms=2500, retries=0)
        self.assertEqual((results[0]["sent"], len(requests)), ("no", 1), results)
        self.assertIn(results[0]["name"], ("TIMEOUT", "DEADLINE"))

    def test_equal_seeds_give_equal_logs(self):
        def run():
            bench = faults.Bench()
            rule = {"fault": "F19", "route": "decision", "times": -1, "chance": 50, "seed": 99}
            session = bench.session("decision")
            bench.admin("DELETE", "/sandbox/log")
            bench.admin("POST", "/sandbox/faults", rule)
            bench.driver("decision", session=session, repeat=6)
            bench.clear()
            seen = [(line["route"], line["fault"], line["status"], line["sha256"]) for line in bench.log()]
            bench.stop()
            return seen

        first, second = run(), run()
        self.assertEqual(first, second)
        self.assertTrue(any(fault for _, fault, _, _ in first) and not all(fault for _, fault, _, _ in first))


if __name__ == "__main__":
    unittest.main()
